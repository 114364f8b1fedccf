"""Which regions the benchmarks ask about: the largest, and those with about 10,000, 1,000, 100 and 10 enterprises."""

from typing import NamedTuple

import numpy as np

from graph.readers.columns import Columns
from graph.readers.snapshot import Snapshot
from graph.readers.view import View

_TARGETS = (10_000, 1_000, 100, 10)


class Region(NamedTuple):
    """A region with how many enterprises and projects are placed in it."""

    id: str
    placed: int


def arrays_of(reader: Snapshot) -> tuple[Columns, View]:
    """What a snapshot reads from; the benchmarks compare with walks over these very arrays."""
    table = reader._table
    return table.columns, table.view


def all_regions(reader: Snapshot) -> list[Region]:
    """Every region with somebody in it, the fullest first."""
    columns, view = arrays_of(reader)
    low = np.searchsorted(view.making.place, view.regions.position)
    high = np.searchsorted(view.making.place, view.regions.end)
    counts: dict[int, int] = {}
    for node, count in zip(view.regions.node.tolist(), (high - low).tolist(), strict=True):
        counts[node] = max(count, counts.get(node, 0))
    found = [Region(columns.nodes[node], count) for node, count in counts.items() if count]
    return sorted(found, key=lambda region: (-region.placed, region.id))


def some_regions(reader: Snapshot) -> list[Region]:
    """The largest, and the nearest to each of the target sizes."""
    regions = all_regions(reader)
    chosen = [regions[0]]
    for target in _TARGETS:
        nearest = min(regions, key=lambda region: abs(region.placed - target))
        if target < regions[0].placed and nearest not in chosen:
            chosen.append(nearest)
    return chosen
