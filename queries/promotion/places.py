"""Where enterprises are: every place with its province, and each one's home."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.readers.port_types import Ties

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Places:
    """`row` are the rows of Ties with an enterprise's place, `who` its number, `province` that of the place or -1.

    `home` is each enterprise's home province by number of Ties.ids: that of its undated or else earliest unflagged
    place, or of such a flagged one where it has no other; -1 where none is known.
    """

    row: Numbers
    who: Numbers
    province: Numbers
    home: Numbers
    province_of: "dict[int, int]"
    parts: "dict[int, list[int]]"

    def inside(self, region: int) -> Numbers:
        """A region and all its parts, ascending."""
        found = {region}
        frontier = [region]
        while frontier:
            frontier = [part for one in frontier for part in self.parts.get(one, ()) if part not in found]
            found.update(frontier)
        return np.array(sorted(found), np.int64)


def places_of(ties: Ties, first: int, last: int) -> Places:
    """The places of the enterprises numbered from `first` to before `last`."""
    province_of, parts = _provinces(ties)
    rows = ties.of("located_in")
    subject = ties.subject[rows]
    rows = rows[(subject >= first) & (subject < last)]
    who = ties.subject[rows].astype(np.int64) - first
    of_node = np.full(len(ties.ids), -1, np.int64)
    of_node[list(province_of)] = list(province_of.values())
    province = of_node[ties.object[rows]]
    home = np.full(last - first, -1, np.int64)
    known = np.flatnonzero(province >= 0)
    # The last one written stays: the best place of each comes last.
    order = known[
        np.lexsort((-ties.object[rows][known], -ties.day[rows][known], -ties.flagged[rows][known].astype(int)))
    ]
    home[who[order]] = province[order]
    return Places(rows, who, province, home, province_of, parts)


def _provinces(ties: Ties) -> tuple[dict[int, int], dict[int, list[int]]]:
    """By region its province, and by region its parts.

    A province is a region that is part of a root; of several the one with the smallest id. A root without parts is its
    own; one with parts has none, as it says nothing of where in it somebody is.
    """
    above: defaultdict[int, list[int]] = defaultdict(list)
    parts: defaultdict[int, list[int]] = defaultdict(list)
    rows = ties.of("part_of")
    for part, whole in zip(ties.subject[rows].tolist(), ties.object[rows].tolist(), strict=True):
        above[part].append(whole)
        parts[whole].append(part)
    found: dict[int, int] = {}
    for region in range(*ties.span("region")):
        around = {region}
        frontier = [region]
        while frontier:
            frontier = [whole for one in frontier for whole in above.get(one, ()) if whole not in around]
            around.update(frontier)
        provinces = [one for one in around if any(whole not in above for whole in above.get(one, ()))]
        if provinces:
            found[region] = min(provinces)
        elif region not in above and region not in parts:
            found[region] = region
    return found, dict(parts)
