"""Tonnes a year that enterprises and projects are told to make or use, gathered by who is in a region."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.model.units import MASS_A_YEAR
from graph.readers.columns import Columns
from graph.readers.port_types import Figures
from graph.readers.ragged import spans


@dataclass(frozen=True, eq=False)
class YearlyAmounts:
    """Figures of all entities side by side, in t/yr, sorted by entity, product and amount."""

    entity: NDArray[np.int32]
    product: NDArray[np.int32]
    amount: NDArray[np.float64]

    def of(self, here: NDArray[np.int32], whole: NDArray[np.bool_]) -> Figures:
        """Those of some entities; `whole` tells of each entity whether all its places are inside."""
        starts = np.searchsorted(self.entity, here)
        ends = np.searchsorted(self.entity, here, side="right")
        owner, at = np.repeat(np.arange(len(here)), ends - starts), spans(starts, ends)
        return Figures(here[owner], self.product[at], self.amount[at], whole[owner])


def yearly_amounts(
    columns: Columns, rows: NDArray[np.int32], entity: NDArray[np.int32], product: NDArray[np.int32]
) -> YearlyAmounts:
    """Out of facts (as rows) and the entity and product of each; those not in mass a year are left out."""
    amount = columns.value[rows] * columns.unit_factors(MASS_A_YEAR)[columns.unit[rows]]
    kept = np.flatnonzero(amount > 0)
    kept = kept[np.lexsort((amount[kept], product[kept], entity[kept]))]
    return YearlyAmounts(entity[kept], product[kept], amount[kept])
