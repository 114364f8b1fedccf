"""Owner groups: enterprises of which one controls the other, numbered, with the ways that join them."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from graph.readers.components import components
from graph.readers.port_types import Ties
from graph.readers.ragged import spans
from queries.promotion.holdings import holdings_of

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class OwnerGroups:
    """Enterprises are numbered from 0 in order of id."""

    def __init__(self, ties: Ties, control_share: float) -> None:
        self.ties = ties
        self.first, self.last = ties.span("enterprise")
        self.count = self.last - self.first
        self._control_share = control_share

    def id_of(self, enterprise: int) -> str:
        """The id of an enterprise."""
        name: str = self.ties.ids[self.first + int(enterprise)]
        return name

    def _is_enterprise(self, node: NDArray[np.integer]) -> Flags:
        return (node >= self.first) & (node < self.last)

    def _enterprise(self, node: NDArray[np.integer]) -> Numbers:
        return node.astype(np.int64) - self.first

    @cached_property
    def owned(self) -> tuple[Numbers, Numbers, Flags]:
        """Owner and owned of every holding between enterprises, each pair once, and whether it controls."""
        owner, owned, controls = holdings_of(self.ties, self.ties.of("owns"), self._control_share)
        between = self._is_enterprise(owner)
        return owner[between] - self.first, owned[between] - self.first, controls[between]

    @cached_property
    def group(self) -> Numbers:
        """The owner group of each enterprise."""
        owner, owned, controls = self.owned
        return components(self.count, owner[controls], owned[controls]).astype(np.int64)

    @cached_property
    def groups(self) -> int:
        """How many owner groups there are."""
        return int(self.group.max()) + 1 if self.count else 0

    def way(self, start: int, end: int) -> list[tuple[int, int]]:
        """Controlling holdings that join two of one group, owner and owned, over the fewest others."""
        tied: dict[int, list[tuple[int, tuple[int, int]]]] = {}
        for owner, owned in sorted(zip(*(one.tolist() for one in self._controlling(self.group[start])), strict=True)):
            tied.setdefault(owner, []).append((owned, (owner, owned)))
            tied.setdefault(owned, []).append((owner, (owner, owned)))
        before: dict[int, tuple[int, tuple[int, int]]] = {}
        frontier, seen = [start], {start}
        while frontier and end not in seen:
            fresh = []
            for one in frontier:
                for other, pair in tied.get(one, ()):
                    if other not in seen:
                        seen.add(other)
                        before[other] = (one, pair)
                        fresh.append(other)
            frontier = sorted(fresh)
        found = []
        while end in before:
            end, pair = before[end]
            found.append(pair)
        return found[::-1]

    def _controlling(self, group: int) -> tuple[Numbers, Numbers]:
        """Owner and owned of the controlling holdings within a group."""
        owner, owned, order, starts = self._by_group
        span = order[starts[group] : starts[group + 1]]
        return owner[span], owned[span]

    @cached_property
    def _by_group(self) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        owner, owned, controls = self.owned
        owner, owned = owner[controls], owned[controls]
        groups = self.group[owner]
        order = np.argsort(groups, kind="stable")
        return owner, owned, order, np.searchsorted(groups[order], np.arange(self.groups + 1))

    def members(self, group: int) -> Numbers:
        """The enterprises of an owner group, ascending."""
        order, starts = self._members
        return order[starts[group] : starts[group + 1]]

    @cached_property
    def _members(self) -> tuple[Numbers, Numbers]:
        order = np.argsort(self.group, kind="stable")
        return order, np.searchsorted(self.group[order], np.arange(self.groups + 1))

    def members_of(self, groups: Numbers) -> Numbers:
        """The enterprises of several owner groups."""
        order, starts = self._members
        return order[spans(starts[groups], starts[groups + 1])]
