"""From stored claims to facts in plain loops, over merged nodes; the rules themselves are graph/model/facts.py."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from graph.model.claims import Claim, Decision, Source
from graph.model.dates import AsOf
from graph.model.facts import Fact, Key, comparable_value, ends, is_candidate, key_of, preference


class SurvivingClaim(NamedTuple):
    """An accepted claim, its ends read as canonical nodes, under the id it was stored with."""

    id: str
    claim: Claim


def canonical_ids(decisions: Iterable[Decision]) -> dict[str, str]:
    """From a node that is read as another to that other. The last word on a pair of nodes, either way round, counts."""
    pairs: dict[frozenset[str], tuple[str, str]] = {}
    for decision in decisions:
        if decision.action in ("same_as", "not_same_as"):
            pair = frozenset((decision.target, decision.other))
            pairs.pop(pair, None)
            if decision.action == "same_as":
                pairs[pair] = (decision.target, decision.other)
    read: dict[str, str] = {}

    def root(node: str) -> str:
        while node in read:
            node = read[node]
        return node

    for target, other in pairs.values():
        if root(target) != root(other):
            read[root(other)] = root(target)
    return {node: root(node) for node in read}


def read_as(claim: Claim, same: Mapping[str, str]) -> Claim:
    """The claim with merged nodes under the id that is kept, in its qualifier as well."""
    return claim._replace(
        subject=same.get(claim.subject, claim.subject),
        object=same.get(claim.object, claim.object) if claim.object is not None else None,
        qualifier=same.get(claim.qualifier, claim.qualifier),
    )


def standing(claims: Iterable[SurvivingClaim], sources: Mapping[str, Source], at: AsOf) -> list[SurvivingClaim]:
    """The claims that may speak at an AsOf and that no later one tells to be over."""
    candidates = [one for one in claims if is_candidate(one.claim, sources.get(one.claim.source), at)]
    by_triple: defaultdict[tuple[str, str, str | None], list[Claim]] = defaultdict(list)
    for _, claim in candidates:
        by_triple[claim[:3]].append(claim)
    return [one for one in candidates if not any(ends(other, one.claim) for other in by_triple[one.claim[:3]])]


def facts_of(claims: Iterable[SurvivingClaim], sources: Mapping[str, Source]) -> list[Fact]:
    """One fact a key, in key order."""
    groups: defaultdict[Key, list[SurvivingClaim]] = defaultdict(list)
    for one in sorted(claims):  # by id: max() keeps the first, so the smaller id wins a tie
        groups[key_of(one.claim)].append(one)
    facts = []
    for key in sorted(groups, key=lambda key: tuple(part or "" for part in key)):
        group = groups[key]
        best = max(group, key=lambda one: preference(one.claim, sources.get(one.claim.source)))
        level = preference(best.claim, None)[:4]
        rivals = tuple(
            one.id
            for one in group
            if preference(one.claim, None)[:4] == level and comparable_value(one.claim) != comparable_value(best.claim)
        )
        facts.append(Fact(*best.claim[:11], best.claim.confidence, best.id, rivals))
    return facts
