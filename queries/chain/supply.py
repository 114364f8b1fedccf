"""Local supply as a row shows it: capacity here, demand here and their ratio, with how many tell of how many."""

from math import isnan

from pydantic import Field

from queries.base import Record
from queries.chain.quantities import Quantities

UNIT = "t/yr"


class Supply(Record):
    """What is made here against what is needed here. Null: nobody tells; a range where recipes or figures leave one."""

    unit: str = Field(UNIT, title="单位")
    capacity_low: float | None = Field(title="本地产能下限", description="figures of one owner group counted once")
    capacity_high: float | None = Field(title="本地产能上限", description="all figures added up")
    makers: int = Field(title="本地生产者数")
    makers_telling: int = Field(title="公布产能的生产者数")
    place_uncertain: int = Field(title="产地不定", description="makers left out as they stand elsewhere too")
    demand_low: float | None = Field(title="本地需求下限", description="least over the recipes its users may use")
    demand_high: float | None = Field(title="本地需求上限", description="most over these recipes")
    users: int = Field(title="用户数", description="makers here of what takes it by a recipe in use, and consumers")
    users_telling: int = Field(title="可算需求的用户数")
    ratio_at_most: float | None = Field(
        title="供应比上限", description="capacity / demand is at most this; null: not every maker tells, or no demand"
    )
    ratio_at_least: float | None = Field(
        title="供应比下限", description="capacity / demand is at least this; null: not every user tells either"
    )


def supply_of(quantities: Quantities, number: int) -> Supply | None:
    """One product's; None where neither a capacity nor a demand is known."""
    capacity, demand = quantities.capacity, quantities.demand
    makers, users = int(capacity.telling[number]), int(demand.telling[number])
    if not makers and not users:
        return None
    none_here = capacity.of[number] == 0
    return Supply(
        capacity_low=_told(capacity.low[number]) if makers or none_here else None,
        capacity_high=_told(capacity.high[number]) if makers or none_here else None,
        makers=int(capacity.of[number]),
        makers_telling=makers,
        place_uncertain=int(quantities.uncertain[number]),
        demand_low=_told(demand.low[number]) if users else None,
        demand_high=_told(demand.high[number]) if users else None,
        users=int(demand.of[number]),
        users_telling=users,
        ratio_at_most=_told(quantities.at_most[number]),
        ratio_at_least=_told(quantities.at_least[number]),
    )


def _told(amount: float) -> float | None:
    # Nine digits: more would differ with the order of additions.
    return None if isnan(amount) else float(f"{amount:.9g}")
