"""From accepted claims to the plain graph of today: the nodes and relationships anybody's Cypher expects to find.

Pure: what is touched, the claims that speak of it and the day come in, rows come out. Facts of merged nodes stand on
the node that was kept. A triple is (subject, predicate, object) in kept ids; a literal has no object.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

from graph.model.claims import Claim, Source, claim_id
from graph.model.dates import AsOf, start_of
from graph.model.facts import Fact, comparable_value, ends, is_candidate, key_of, preference, resolve
from graph.model.kinds import KIND_OF_PREFIX
from graph.model.names import pinyin_keys
from graph.model.predicates import PREDICATES

Triple = tuple[str, str, str | None]
Row = dict[str, object]
# Literals of which a node has many by nature: kept as lists on the node.
LISTS = {"alias": "aliases", "code": "codes"}


class PlainGraph(NamedTuple):
    """Rows of the plain graph. `nodes`: id -> label, None for an id of no known kind.

    `properties`: {id, set}, where None takes a property away; `links`: {subject, type, object, set}; `figures`:
    {subject, type, set}, the qualified literals.
    """

    nodes: dict[str, str | None]
    properties: list[Row]
    links: list[Row]
    figures: list[Row]


def read_through(claim: Claim, same: Mapping[str, str]) -> Claim:
    """The claim with merged nodes replaced by those that were kept."""
    if not same:
        return claim
    return claim._replace(
        subject=same.get(claim.subject, claim.subject),
        object=same.get(claim.object, claim.object) if claim.object else claim.object,
        qualifier=same.get(claim.qualifier, claim.qualifier),
    )


def triple_of(claim: Claim) -> Triple:
    """What the claim is about; `claim` is read through the merges already."""
    return claim.subject, claim.predicate, claim.object


def product_between(claim: Claim) -> str | None:
    """The product that a claim names in its qualifier only: what is supplied, what is surveyed."""
    by_qualifier = PREDICATES[claim.predicate].qualifier in ("product", "product_or_chain")
    return claim.qualifier if by_qualifier and claim.qualifier.startswith("prd:") else None


def nodes_of(claim: Claim) -> list[str]:
    """All nodes a claim names."""
    return [node for node in (claim.subject, claim.object, product_between(claim)) if node]


def turning_day(claim: Claim, today: date) -> str | None:
    """The next day after `today` on which the claim begins or ends to hold, as an ISO date."""
    if PREDICATES[claim.predicate].timeless:
        return None
    days = [start_of(text) for text in (claim.as_of, claim.until) if text]
    return min((day.isoformat() for day in days if day > today), default=None)


def plain_graph(
    claims: Iterable[tuple[str, Claim]],
    touched: Collection[Triple],
    sources: Mapping[str, Source],
    same: Mapping[str, str],
    today: date,
) -> PlainGraph:
    """The rows that stand for the touched triples today.

    `claims` are (id, claim): all accepted claims of the touched triples; others may be among them and are passed over.
    """
    groups: defaultdict[Triple, list[tuple[str, Claim]]] = defaultdict(list)
    nodes: dict[str, str | None] = {}
    for id_, claim in claims:
        read = read_through(claim, same)
        if (triple := triple_of(read)) in touched:
            groups[triple].append((id_, read))
            for node in nodes_of(read):
                nodes.setdefault(node, label_of(node))
    properties = _blanks(touched)
    links: list[Row] = []
    figures: list[Row] = []
    at = AsOf(today)
    for triple in groups:
        facts = facts_of(groups[triple], sources, at)
        if triple[2] is not None:
            links += [link_row(fact) for fact in facts]
        elif is_figure(triple[1]):
            figures += [figure_row(fact) for fact in facts]
        elif facts:
            properties[triple[0]] |= properties_of(triple[1], facts)
    return PlainGraph(nodes, [{"id": id_, "set": row} for id_, row in properties.items()], links, figures)


def facts_of(group: list[tuple[str, Claim]], sources: Mapping[str, Source], at: AsOf) -> list[Fact]:
    """The facts of one triple. Equal to `resolve`, but ids are those the claims were recorded under."""
    if len(group) == 1:  # nearly all triples: no rival, nothing to end it
        id_, claim = group[0]
        return [Fact(*claim[:11], claim.confidence, id_)] if is_candidate(claim, sources.get(claim.source), at) else []
    facts = resolve((claim for _, claim in group), sources, at)
    if all(id_ == claim_id(claim) for id_, claim in group):
        return facts
    return [_as_recorded(fact, group, sources, at) for fact in facts]


def _as_recorded(fact: Fact, group: list[tuple[str, Claim]], sources: Mapping[str, Source], at: AsOf) -> Fact:
    """A fact of merged nodes, with the ids its claims were recorded under; the smallest decides among equals."""
    candidates = [(id_, claim) for id_, claim in group if is_candidate(claim, sources.get(claim.source), at)]
    key = next(key_of(claim) for _, claim in group if claim_id(claim) == fact.claim)
    speaking = sorted(
        (id_, claim)
        for id_, claim in candidates
        if key_of(claim) == key and not any(ends(over, claim) for _, over in candidates)
    )
    chosen, best = max(speaking, key=lambda pair: preference(pair[1], sources.get(pair[1].source)))
    level = preference(best, None)[:4]
    rivals = (
        id_
        for id_, claim in speaking
        if preference(claim, None)[:4] == level and comparable_value(claim) != comparable_value(best)
    )
    return Fact(*best[:11], best.confidence, chosen, tuple(rivals))


@cache
def label_of(node: str) -> str | None:
    """The label of a node's kind in Neo4j, from the closed list."""
    kind = KIND_OF_PREFIX.get(node[:3])
    return kind.label if kind else None


def is_figure(predicate: str) -> bool:
    """Whether its literals are nodes of their own, told apart by words."""
    return PREDICATES[predicate].qualifier == "text" and predicate not in LISTS


def names_of_properties(predicate: str) -> tuple[str, ...]:
    """The properties that a predicate's literals have on a node."""
    if predicate in LISTS:
        return (LISTS[predicate],)
    meaning = PREDICATES[predicate]
    names = [predicate, f"{predicate}_flags"]
    names += [f"{predicate}_unit"] if "number" in meaning.value else []
    names += [] if meaning.timeless else [f"{predicate}_as_of"]
    return (*names, "pinyin") if predicate == "name_zh" else tuple(names)


def _blanks(touched: Collection[Triple]) -> dict[str, Row]:
    blanks: defaultdict[str, Row] = defaultdict(dict)
    for subject, predicate, object_ in touched:
        if object_ is None and not is_figure(predicate):
            blanks[subject] |= dict.fromkeys(names_of_properties(predicate))
    return dict(blanks)


def properties_of(predicate: str, facts: list[Fact]) -> Row:
    """What the facts of a predicate put on their node; None for what is not known."""
    if predicate in LISTS:
        return {LISTS[predicate]: list(dict.fromkeys(str(fact.value) for fact in facts))}
    # Several stand side by side only when their units do not add up, as with an investment told in two currencies.
    fact = max(facts, key=lambda fact: (fact.used, start_of(fact.as_of) if fact.as_of else date.min))
    said: Row = {
        predicate: fact.value,
        f"{predicate}_unit": fact.unit,
        f"{predicate}_as_of": fact.as_of,
        f"{predicate}_flags": list(fact.flags) or None,
        "pinyin": list(pinyin_keys(str(fact.value)) or ()) or None,
    }
    return {name: said[name] for name in names_of_properties(predicate)}


def link_row(fact: Fact) -> Row:
    """The relationship of a fact."""
    return {
        "subject": fact.subject,
        "type": fact.predicate.upper(),
        "object": fact.object,
        "set": {
            "value": fact.value,
            "unit": fact.unit,
            "qualifier": fact.qualifier or None,
            "as_of": fact.as_of,
            "until": fact.until,
            "flags": list(fact.flags) or None,
            "used": fact.used,
            "confidence": fact.confidence,
            "source": fact.source,
            "claim": fact.claim,
            "conflicts": list(fact.conflicts) or None,
            "detail": json.dumps(dict(fact.detail), ensure_ascii=False) if fact.detail else None,
        },
    }


def figure_row(fact: Fact) -> Row:
    """The figure of a fact."""
    link = link_row(fact)
    said = link["set"]
    assert isinstance(said, dict)
    said["name"] = said.pop("qualifier")
    return {"subject": fact.subject, "type": link["type"], "set": said}
