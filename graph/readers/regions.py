"""Regions numbered so that "inside" is one range test."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.readers.components import components
from graph.readers.ragged import Ints, distinct, rows_of


@dataclass(frozen=True, eq=False)
class Regions:
    """Regions by number of their node: a walk through the tree passes a region's parts at `begin` <= position < `end`.

    A region that is part of several stands at several positions (`node` and `position` list them all, by node).
    Regions that are part of one another in a circle are one place. `province` is the node, at each position, of the
    region just below the root that holds it or is it; -1 at a root.
    """

    node: NDArray[np.int32]
    position: NDArray[np.int32]
    end: NDArray[np.int32]
    province: NDArray[np.int32]

    def range_of(self, region: int) -> tuple[int, int]:
        """The positions inside a region, itself included."""
        at = int(np.searchsorted(self.node, region))
        if at == len(self.node) or self.node[at] != region:
            return (0, 0)
        return int(self.position[at]), int(self.end[at])

    def inside(self, region: int) -> NDArray[np.int32]:
        """The nodes inside a region, itself included, ascending."""
        begin, end = self.range_of(region)
        return distinct(self.node[(self.position >= begin) & (self.position < end)])

    def rows_of_nodes(self, regions: Ints) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of this table about many regions: the index into `regions` beside each row."""
        low = np.searchsorted(self.node, regions)
        counts = np.searchsorted(self.node, regions, side="right") - low
        owner = np.repeat(np.arange(len(regions)), counts)
        ends = np.cumsum(counts)
        within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
        return owner, np.repeat(low, counts) + within

    def related(self, region: int, others: Ints) -> NDArray[np.bool_]:
        """Which of `others` lie in a region, hold it, or share a province with it."""
        _, ours = self.rows_of_nodes(np.array([region]))
        owner, theirs = self.rows_of_nodes(others)
        begin, end = self.range_of(region)
        at = self.position[theirs]
        fits = (at >= begin) & (at < end)
        for row in ours:
            fits |= (self.position[row] >= at) & (self.position[row] < self.end[theirs])
        fits |= np.isin(self.province[theirs], [node for node in self.province[ours] if node >= 0])
        found = np.zeros(len(others), np.bool_)
        found[owner[fits]] = True
        return found

    def positions_of(self, regions: Ints) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """All positions of many regions: the index into `regions` beside each position."""
        owner, row = self.rows_of_nodes(regions)
        return owner, self.position[row]


def number_regions(all_regions: Ints, child: Ints, parent: Ints) -> Regions:
    """Walk the part_of graph from its roots and number the regions on the way."""
    count = len(all_regions)
    local_child = np.searchsorted(all_regions, child)
    local_parent = np.searchsorted(all_regions, parent)
    group = components(count, local_child, local_parent, strong=True)
    members: dict[int, list[int]] = {}
    for index, name in enumerate(group.tolist()):
        members.setdefault(name, []).append(index)
    children = rows_of(group[local_parent], group[local_child], count)
    has_parent = np.zeros(count, np.bool_)
    has_parent[[c for p, c in zip(group[local_parent], group[local_child], strict=True) if p != c]] = True
    smallest = {name: found[0] for name, found in members.items()}
    roots = sorted((name for name in members if not has_parent[name]), key=lambda name: smallest[name])

    # A circle of regions at the top is part of something, so it is no root whose parts are provinces.
    in_circle = {name for name, found in members.items() if len(found) > 1} | set(
        group[local_child[child == parent]].tolist()
    )
    records: list[tuple[int, int, int, int]] = []  # node, position, end, province
    clock = 0
    # A stack of (group, its province, where it began or -1 while unvisited): depth first, children by id.
    stack: list[tuple[int, int, int]] = [(root, -1, -1) for root in reversed(roots)]
    while stack:
        name, province, start = stack.pop()
        if start >= 0:
            records.extend((int(all_regions[member]), start, clock, province) for member in members[name])
            continue
        stack.append((name, province, clock))
        clock += 1
        parts = [int(part) for part in children.row(name) if part != name]
        below_root = not has_parent[name] and name not in in_circle
        stack.extend(
            (part, int(all_regions[smallest[part]]) if below_root else province, -1)
            for part in sorted(parts, key=lambda part: smallest[part], reverse=True)
        )
    table = np.array(sorted(records), np.int32).reshape(-1, 4)
    return Regions(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy(), table[:, 3].copy())
