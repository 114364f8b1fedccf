"""Through which path a product is lost: from what was removed, over recipes that worked until then; and circles."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from graph.readers.components import components
from graph.readers.port_types import Flags
from graph.readers.ragged import inverse, pairs
from queries.chain.closure import Network, working
from queries.chain.removal import Removal


@dataclass(frozen=True)
class Step:
    """Without `needed` the process no longer works, and with it `product` (numbers of the chain)."""

    needed: int
    process: int
    product: int


class Breaking:
    """The recipes of a region that work today, walked from what they need to what they make."""

    def __init__(self, network: Network, now: Flags) -> None:
        self._network = network
        self._works = working(network, now)
        self._needed_by = inverse(network.needs, len(network.here))
        self._makes = inverse(network.ways, len(network.process))

    def paths(self, removal: Removal) -> Mapping[int, tuple[Step, ...]]:
        """A shortest path to each lost product, by product; of several the one of the lowest numbers.

        A step is taken only where it breaks: what is bought in today anyhow, and is not itself removed, breaks nothing
        of what is here. Every lost product is reached.
        """
        network = self._network
        removed = set(removal.products)
        found: dict[int, tuple[Step, ...]] = dict.fromkeys(removal.products, ())
        frontier = sorted(removed)
        while frontier:
            fresh = []
            for needed in frontier:
                breaks_all = bool(network.here[needed]) or needed in removed
                for way in self._needed_by.row(needed).tolist():
                    if not self._works[way] or not (breaks_all or not network.lenient[way]):
                        continue
                    for product in self._makes.row(way).tolist():
                        if removal.lost[product] and product not in found:
                            found[product] = (*found[needed], Step(needed, int(network.process[way]), product))
                            fresh.append(product)
            frontier = sorted(fresh)
        return {product: path for product, path in found.items() if path}


@dataclass(frozen=True)
class Circle:
    """Products and processes of which each is needed, over any number of steps, for each: a loop of recycling."""

    products: tuple[int, ...]
    processes: tuple[int, ...]


def circles(network: Network, processes: int) -> tuple[Circle, ...]:
    """The strongly connected parts of the recipes that apply in the region, by their first product."""
    products = len(network.here)
    way, needed = pairs(network.needs)
    made, by = pairs(network.ways)
    tail = np.concatenate([needed, products + network.process[by]])
    head = np.concatenate([products + network.process[way], made])
    part = components(products + processes, tail, head, strong=True)
    large = np.flatnonzero(np.bincount(part) > 1)
    members = np.argsort(part, kind="stable")
    starts = np.searchsorted(part[members], large)
    ends = np.searchsorted(part[members], large, side="right")
    found = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        inside = np.sort(members[start:end])
        found.append(
            Circle(tuple(inside[inside < products].tolist()), tuple((inside[inside >= products] - products).tolist()))
        )
    return tuple(sorted(found, key=lambda circle: circle.products))
