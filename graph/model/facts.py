"""From the claims of a key to the one that is preferred: what holds at an AsOf, and where claims conflict.

This is the definition, written to be read. The snapshot does the same over arrays (`graph/readers/resolving.py`) and
a test holds the two together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from graph.model.claims import Claim, Detail, Source, claim_id
from graph.model.dates import AsOf, end_of, start_of
from graph.model.predicates import EXCLUDING_FLAGS, PREDICATES
from graph.model.units import dimension_of, unit_of

Key = tuple[str, str, str | None, str, str]
GRADE_RANK = {"official": 3, "company": 2, "press": 1, "other": 0}
OVER_FLAGS = frozenset({"former", "ended"})
_NEVER = date.min


class Fact(NamedTuple):
    """The preferred claim of a key. `claim` is its id; `conflicts` are claims of equal date that say another value."""

    subject: str
    predicate: str
    object: str | None
    value: float | str | None
    unit: str | None
    qualifier: str
    as_of: str | None
    until: str | None
    flags: tuple[str, ...]
    detail: Detail
    source: str
    confidence: float
    claim: str
    conflicts: tuple[str, ...] = ()

    @property
    def used(self) -> bool:
        """Whether it counts among makers and in sums; flagged rows that do not are still shown."""
        return not EXCLUDING_FLAGS.keys() & set(self.flags)


def key_of(claim: Claim) -> Key:
    """What a fact is about: amounts in units of one dimension are values of one key."""
    return (claim.subject, claim.predicate, claim.object, claim.qualifier, dimension_of(claim.unit))


def is_candidate(claim: Claim, source: Source | None, at: AsOf) -> bool:
    """Whether an accepted claim may speak at `at`: begun, not past its `until`, and already known then."""
    if PREDICATES[claim.predicate].timeless:
        return True
    if claim.as_of and start_of(claim.as_of) > at.valid:
        return False
    if claim.until and start_of(claim.until) <= at.valid:
        return False
    if at.known_at is None:
        return True
    return bool(source and source.date and end_of(source.date) <= at.known_at)


def ends(over: Claim, claim: Claim) -> bool:
    """Whether a candidate flagged former or ended tells that an earlier claim of the same statement is over.

    A blank qualifier ends every qualifier of the triple. Only an earlier, dated or undated, claim is ended: a source
    that says again later that it holds is not contradicted by an older one.
    """
    if not OVER_FLAGS & set(over.flags) or not over.as_of or OVER_FLAGS & set(claim.flags):
        return False
    if (over.subject, over.predicate, over.object) != (claim.subject, claim.predicate, claim.object):
        return False
    if over.qualifier not in ("", claim.qualifier):
        return False
    return not claim.as_of or start_of(claim.as_of) < start_of(over.as_of)


def preference(claim: Claim, source: Source | None) -> tuple[bool, bool, date, int, int, date]:
    """Greater is preferred: unflagged, valued, latest start, finer precision, better grade, later source."""
    return (
        not claim.flags,
        claim.value is not None,
        start_of(claim.as_of) if claim.as_of else _NEVER,
        len(claim.as_of or ""),
        GRADE_RANK.get(source.grade, 0) if source else -1,
        start_of(source.date) if source and source.date else _NEVER,
    )


def comparable_value(claim: Claim) -> float | str | None:
    """The value in the base unit of its dimension, so that 1 t/yr and 1000 kg/yr are equal."""
    if isinstance(claim.value, float) and claim.unit:
        return round(claim.value * unit_of(claim.unit).factor, 9)
    return claim.value


def resolve(claims: Iterable[Claim], sources: Mapping[str, Source], at: AsOf) -> list[Fact]:
    """One fact for each key that has a candidate, in key order. `claims` are accepted ones only."""
    candidates = [claim for claim in claims if is_candidate(claim, sources.get(claim.source), at)]
    over = defaultdict(list)
    for claim in candidates:
        if OVER_FLAGS & set(claim.flags):
            over[claim[:3]].append(claim)
    groups: defaultdict[Key, list[tuple[str, Claim]]] = defaultdict(list)
    for claim in candidates:
        if not any(ends(other, claim) for other in over.get(claim[:3], ())):
            groups[key_of(claim)].append((claim_id(claim), claim))
    return [
        _preferred(groups[key], sources) for key in sorted(groups, key=lambda key: tuple(part or "" for part in key))
    ]


def _preferred(group: list[tuple[str, Claim]], sources: Mapping[str, Source]) -> Fact:
    ranked = sorted(group)  # by id, so that the smaller id wins a tie: max() keeps the first
    best_id, best = max(ranked, key=lambda pair: preference(pair[1], sources.get(pair[1].source)))
    level = preference(best, None)[:4]
    rivals = tuple(
        other_id
        for other_id, other in ranked
        if preference(other, None)[:4] == level and comparable_value(other) != comparable_value(best)
    )
    return Fact(*best[:11], best.confidence, best_id, rivals)
