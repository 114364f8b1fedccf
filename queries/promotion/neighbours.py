"""Neighbours of a product: what stands one process above or below it, by recipes that exist anywhere."""

import numpy as np

from graph.readers.port_types import Chain
from graph.readers.ragged import pairs, rows_of

# Products whose makers know the trade: not what everybody buys or sells (acids, power, machines, whole industries).
_NEIGHBOUR_ROLES = ("link", "intermediate", "class", "service", "resource", "coproduct")


class NeighbourFinder:
    """Aggregates count only for products that no step yields."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        count = len(chain.products)
        process, product = pairs(chain.outputs)
        step = chain.kind_words != "aggregate"
        by_step = np.zeros(count, np.bool_)
        by_step[product[step[process]]] = True
        counts = step[process] | ~by_step[product]
        self._outputs = rows_of(process[counts], product[counts], len(chain.processes))
        self._ways = rows_of(product[counts], process[counts], count)
        into, taken = pairs(chain.inputs)
        served, service = pairs(chain.services)
        self._takers = rows_of(np.concatenate([taken, service]), np.concatenate([into, served]), count)
        self._known = np.isin(chain.role_words, _NEIGHBOUR_ROLES)

    def neighbours(self, product: int) -> tuple[list[int], list[int]]:
        """One process up, what goes into it and the services it takes; one process down, what is made from it.

        Where no recipe yields the product, those of the nearest class above it tell; a recipe that takes a class takes
        its kinds.
        """
        chain = self._chain
        # The nearest class has the most classes above itself.
        above = sorted(chain.above.row(product).tolist(), key=lambda one: (-len(chain.above.row(one)), one))
        standing = next((one for one in (product, *above) if len(self._ways.row(one))), product)
        up: set[int] = set()
        for way in self._ways.row(standing).tolist():
            up.update(chain.inputs.row(way).tolist(), chain.services.row(way).tolist())
        down: set[int] = set()
        for taken in (product, *above):
            for process in self._takers.row(taken).tolist():
                down.update(self._outputs.row(process).tolist())
        kinds = {product, *above, *chain.below.row(product).tolist()}
        return self._fit(up - kinds), self._fit(down - kinds)

    def _fit(self, products: set[int]) -> list[int]:
        return [one for one in sorted(products) if self._known[one]]
