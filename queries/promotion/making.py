"""Who makes what: statements by product, and out of them each maker with how surely and how much."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.readers.ragged import distinct

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Made:
    """Who makes a product or a kind of it: enterprises (ascending, each once) with how surely, and the capacity told.

    `evidence` in [0, 1]; `capacity` in t/yr, the greatest told, NaN where none is.
    """

    maker: Numbers
    evidence: Values
    capacity: Values


@dataclass(frozen=True, eq=False)
class Making:
    """Statements that somebody makes something, by product: those of product p at `starts[p]:starts[p + 1]`."""

    starts: Numbers
    maker: Numbers
    strength: Values
    amount: Values
    source: Numbers

    def of(self, products: list[int]) -> Made:
        """Who makes one of these. Sources that say it independently add up: one in doubt and another one in doubt."""
        spans = [slice(int(self.starts[one]), int(self.starts[one + 1])) for one in products]
        maker, strength, amount, source = (
            np.concatenate([column[span] for span in spans])
            for column in (self.maker, self.strength, self.amount, self.source)
        )
        packed = maker << 32 | source
        pairs = distinct(packed)
        best = np.zeros(len(pairs))
        np.maximum.at(best, np.searchsorted(pairs, packed), strength)
        makers = distinct(maker)
        doubt = np.ones(len(makers))
        np.multiply.at(doubt, np.searchsorted(makers, pairs >> 32), 1 - best)
        capacity = np.full(len(makers), np.nan)
        told = amount > 0
        np.fmax.at(capacity, np.searchsorted(makers, maker[told]), amount[told])
        return Made(makers, 1 - doubt, capacity)
