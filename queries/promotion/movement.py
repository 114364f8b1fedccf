"""Movement: new projects and places outside the home province in the last years, of all enterprises."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.readers.port_types import Ties
from graph.readers.ragged import distinct
from queries.promotion.places import Places

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]

YEAR = 365.25
# A place is dated by when it was seen, not by when it was opened, so it counts half a project.
SITE_WEIGHT = 0.5
_NO_DAY = 10_000_000


@dataclass(frozen=True, eq=False)
class Moves:
    """Who moved (ascending), by which row of Ties (an investment or a place); `value` by enterprise: the part."""

    mover: Numbers
    row: Numbers
    value: Values

    def of(self, enterprise: int) -> list[int]:
        """The rows of one."""
        low, high = np.searchsorted(self.mover, [enterprise, enterprise + 1])
        found: list[int] = self.row[low:high].tolist()
        return found


class Acting:
    """For whom somebody acts: for itself and for those that control it."""

    def __init__(self, count: int, owner: Numbers, owned: Numbers) -> None:
        every = np.arange(count)
        packed = distinct(np.concatenate([every, owned]) << 32 | np.concatenate([every, owner]))
        self._through, self._acting = packed >> 32, packed & 0xFFFFFFFF
        self.count = count

    def of(self, who: Numbers) -> tuple[Numbers, Numbers]:
        """For each of these everybody it acts for, and beside it the place in `who`."""
        low, high = (np.searchsorted(self._through, who, side=side) for side in ("left", "right"))
        counts = high - low
        ends = np.cumsum(counts)
        within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
        return self._acting[np.repeat(low, counts) + within], np.repeat(np.arange(len(who)), counts)


def moves_of(ties: Ties, places: Places, acting: Acting, dropped: Numbers, first: int, day: int, years: float) -> Moves:
    """Investments in projects outside the home province, and places there, of each and of those it controls.

    `dropped`: projects that are cancelled or suspended; `first`: the number of the first enterprise in `Ties.ids`.
    """
    movers, rows, weights = [], [], []
    for row, who, province, told, weight in (
        (*_investments(ties, places, dropped, first, acting.count), 1.0),
        (*_sites(ties, places), SITE_WEIGHT),
    ):
        recent = (told > day - years * YEAR) & (told <= day) & (told > 0) & (province >= 0)
        mover, at = acting.of(who[recent])
        home = places.home[mover]
        counts = (home >= 0) & (province[recent][at] != home)
        movers.append(mover[counts])
        rows.append(row[recent][at][counts])
        weights.append(np.full(int(counts.sum()), weight))
    mover, row = np.concatenate(movers), np.concatenate(rows)
    moved = np.bincount(mover, np.concatenate(weights), acting.count)
    order = np.argsort(mover, kind="stable")
    return Moves(mover[order], row[order], moved / (moved + 2))


def _investments(
    ties: Ties, places: Places, dropped: Numbers, first: int, count: int
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Rows, who invested, the project's province, and the first day that is told of the project."""
    rows = ties.of("invests_in")
    number, project = ties.subject[rows].astype(np.int64) - first, ties.object[rows].astype(np.int64)
    fits = (number >= 0) & (number < count) & ~np.isin(project, dropped)
    rows, number, project = rows[fits], number[fits], project[fits]
    low, high = ties.span("project")
    first_day = np.full(high - low, _NO_DAY, np.int64)
    province = np.full(high - low, -1, np.int64)
    for predicate in ("invests_in", "located_in", "status"):
        told = ties.of(predicate)
        node = (ties.object if predicate == "invests_in" else ties.subject)[told]
        kept = (node >= low) & (node < high)
        told, node = told[kept], node[kept] - low
        dated = ties.day[told] > 0
        np.minimum.at(first_day, node[dated], ties.day[told][dated])
        if predicate == "located_in":
            # Backwards: of several places the first with a province stays.
            for at, where in zip(node[::-1].tolist(), ties.object[told][::-1].tolist(), strict=True):
                province[at] = places.province_of.get(where, province[at])
    # One a project, however many facts tell of the investment.
    kept_rows = np.unique(number << 32 | project, return_index=True)[1]
    project = project[kept_rows] - low
    day = np.where(first_day[project] == _NO_DAY, 0, first_day[project])
    return rows[kept_rows], number[kept_rows], province[project], day


def _sites(ties: Ties, places: Places) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    sure = ~ties.flagged[places.row]
    row = places.row[sure]
    return row, places.who[sure], places.province[sure], ties.day[row].astype(np.int64)
