"""How concentrated capacity is: Herfindahl-Hirschman index, largest share, effective number (1 / HHI) of makers."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from pydantic import Field

from graph.readers.port import Reader
from graph.readers.port_types import Capacity, Chain, Tally
from queries.base import Record

# Told only when this many capacities are known and they cover this share of the makers.
MIN_CAPACITIES, MIN_COVER = 5, 0.5


class Concentration(Record):
    """How concentrated capacity is; told only when enough capacities are known."""

    hhi: float = Field(title="HHI", description="sum of squared shares, 0-1")
    top_share: float = Field(title="最大份额", description="share of the largest, 0-1")
    effective_number: float = Field(
        title="有效家数", description="1 / HHI: as many of one size would be as concentrated"
    )
    capacities: int = Field(title="已知产能家数")
    makers: int = Field(title="生产者家数")
    unit: str = Field(title="单位")


def national_concentration(reader: Reader, product: str, makers: int, country: str | None) -> Concentration | None:
    """Of the capacities of a country's makers, in the dimension that most of them use."""
    if country is None or makers < MIN_CAPACITIES:
        return None
    return concentration_of(reader.capacities(product, country), makers)


def concentration_of(capacities: Iterable[Capacity], makers: int) -> Concentration | None:
    """Of capacities told, of so many makers, in the dimension that most of them use."""
    by_dimension: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for told in capacities:
        amounts = by_dimension[told.dimension]
        # The largest told, not the sum: a kind and its class may be the same tonnes.
        amounts[told.entity] = max(amounts.get(told.entity, 0.0), told.amount)
    if not by_dimension:
        return None
    dimension, amounts = max(by_dimension.items(), key=lambda pair: (len(pair[1]), pair[0]))
    return _of(amounts.values(), makers, dimension)


def local_concentration(chain: Chain, tally: Tally, number: int) -> Concentration | None:
    """Of the capacities here in mass a year, whole enterprises and finished projects."""
    makers = len(tally.makers.row(number))
    if makers < MIN_CAPACITIES:
        return None
    kinds = {number, *chain.below.row(number).tolist()}
    amounts: dict[int, float] = {}
    figures = tally.capacities
    for entity, product, amount, inside in zip(
        figures.entity.tolist(), figures.product.tolist(), figures.amount.tolist(), figures.inside.tolist(), strict=True
    ):
        if inside and product in kinds:
            amounts[entity] = max(amounts.get(entity, 0.0), amount)
    return _of(amounts.values(), makers, "mass/time")


def _of(amounts: Collection[float], makers: int, unit: str) -> Concentration | None:
    if len(amounts) < MIN_CAPACITIES or len(amounts) < MIN_COVER * makers:
        return None
    # In order of size, so that the sums come out the same in whatever order they are told.
    ordered = sorted(amounts)
    total = sum(ordered)
    hhi = sum((amount / total) ** 2 for amount in ordered)
    return Concentration(
        hhi=round(hhi, 4),
        top_share=round(ordered[-1] / total, 4),
        effective_number=round(1 / hhi, 2),
        capacities=len(ordered),
        makers=makers,
        unit=unit,
    )
