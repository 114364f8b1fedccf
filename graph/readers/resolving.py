"""Which claim of each key is preferred at an AsOf, over arrays. The definition is graph/model/facts.py."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from graph.model.dates import AsOf
from graph.model.facts import OVER_FLAGS
from graph.model.predicates import PREDICATES
from graph.readers.columns import FAR_FUTURE, FLAG_BITS, PREDICATE_NAMES, Columns

_TIMELESS = np.array([PREDICATES[name].timeless for name in PREDICATE_NAMES])
_OVER = np.uint16(sum(FLAG_BITS[name] for name in OVER_FLAGS))


@dataclass(frozen=True, eq=False)
class Resolved:
    """Row numbers of Columns: `candidates` may speak at the AsOf, `facts` are preferred, one a key, in key order.

    `rival_fact` and `rival_row`: pairs of a fact (position in `facts`) and a row of equal date that says another value.
    """

    candidates: NDArray[np.int32]
    facts: NDArray[np.int32]
    rival_fact: NDArray[np.int32]
    rival_row: NDArray[np.int32]


def resolve_columns(columns: Columns, at: AsOf) -> Resolved:
    """The candidates, facts and conflicts at an AsOf."""
    valid = at.valid.toordinal()
    may = (columns.start <= valid) & (columns.stop > valid)
    if at.known_at is not None:
        may &= columns.known <= at.known_at.toordinal()
    may |= _TIMELESS[columns.predicate]
    _end_earlier(columns, may)
    candidates = np.flatnonzero(may).astype(np.int32)
    keys = columns.key[candidates]
    first = np.ones(len(keys), np.bool_)
    first[1:] = keys[1:] != keys[:-1]
    facts = candidates[first]
    # Every candidate beside its key's preferred one.
    fact_of = (np.cumsum(first) - 1).astype(np.int32)
    chosen = facts[fact_of] if len(facts) else candidates
    ours, best = columns.comparable[candidates], columns.comparable[chosen]
    differs = (ours != best) & ~(np.isnan(ours) & np.isnan(best))
    rival = (columns.level[candidates] == columns.level[chosen]) & differs
    return Resolved(candidates, facts, fact_of[rival], candidates[rival])


def _end_earlier(columns: Columns, may: NDArray[np.bool_]) -> None:
    """Strike out claims that a candidate flagged former or ended, and dated later, tells to be over."""
    is_over = (columns.flags & _OVER) != 0
    for over in np.flatnonzero(is_over & may & (columns.as_of > 0)):
        low, high = np.searchsorted(columns.triple, [columns.triple[over], columns.triple[over] + 1])
        rows = slice(int(low), int(high))
        told = (columns.start[rows] < columns.start[over]) & ~is_over[rows]
        if columns.qualifier[over] != 0:
            told &= columns.qualifier[rows] == columns.qualifier[over]
        may[rows] &= ~told


def interval(columns: Columns, at: AsOf) -> tuple[int, int]:
    """Numbers that are equal for AsOfs between which nothing begins, ends or becomes known: they share one view."""
    boundaries = np.unique(np.concatenate([columns.start, columns.stop[columns.stop < FAR_FUTURE]]))
    valid = int(np.searchsorted(boundaries, at.valid.toordinal(), side="right"))
    if at.known_at is None:
        return valid, -1
    return valid, int(np.searchsorted(np.unique(columns.known), at.known_at.toordinal(), side="right"))


def latest() -> AsOf:
    """After every date, so that nothing is still to begin."""
    return AsOf(date.max)
