"""Over-capacity: what several projects promise of one product, against what is needed here and made in the country."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from pydantic import Field

from graph.model.units import MASS_A_YEAR, dimension_of, unit_of
from graph.readers.port import Reader
from queries.base import NodeRef, Record
from queries.chain.assessment import Assessment
from queries.chain.concentration import MIN_CAPACITIES, MIN_COVER
from queries.chain.projects_ahead import LIVE, ProjectAhead
from queries.chain.promised import Promised, double_counts, promised
from queries.lookup.capacity import CapacityTotal, capacity_totals

Beyond = Literal["demand", "national"]
BEYOND: dict[Beyond, tuple[str, str]] = {
    "demand": ("超过本地需求", "beyond the demand here"),
    "national": ("超过已知全国产能", "beyond the national capacity known"),
}


class Demand(NamedTuple):
    """What is needed here of a product, in t/yr, and the claims behind it.

    `low` is a floor, None where no user tells; `high` is told only where every user does.
    """

    low: float | None
    high: float | None
    claims: tuple[str, ...]


def demand_of(reader: Reader, assessment: Assessment, product: int) -> Demand:
    """By the capacities of its users here and their recipes."""
    demand, chain, tally = assessment.quantities.demand, assessment.chain, assessment.tally
    told, of = int(demand.telling[product]), int(demand.of[product])
    if not told:
        return Demand(None, None, ())
    recipes = assessment.presence.in_use
    taking = [product in chain.inputs.row(int(process)) for process in recipes.process]
    makes = np.unique(recipes.product[np.array(taking, np.bool_)])
    users = {int(user) for made in makes for user in tally.makers.row(int(made))}
    users |= {int(user) for user in tally.users.row(product)}
    claims = reader.cite(sorted(tally.entities[user] for user in users), ("produces", "consumes", "project_product"))
    recipe = reader.cite([chain.products[product]], ("input_to",))
    high = float(demand.high[product])
    return Demand(float(demand.low[product]), high if told == of else None, tuple(sorted({*claims, *recipe})))


class CapacityCheck(Record):
    """The promise in one unit beside what is known in that unit. What is not known is null, and flags nothing."""

    promised: Promised = Field(title="承诺产能")
    here: float | None = Field(title="本地已知产能", description="capacities published by enterprises here, a floor")
    demand_low: float | None = Field(title="本地需求下限", description="a floor, by the users' capacities and recipes")
    demand_high: float | None = Field(title="本地需求上限", description="told only where every user tells")
    national: float | None = Field(title="全国已知产能", description="capacities published in the country, a floor")
    national_makers: int = Field(title="全国已知产能家数", description="enterprises whose capacity was added")
    of_national: float | None = Field(title="占全国已知产能", description="promised at least / national")
    over_capacity: tuple[Beyond, ...] = Field(title="过剩提示", description=", ".join(BEYOND))
    claims: tuple[str, ...] = Field(title="陈述", description="behind the capacities and the demand")


class Crowded(Record):
    """A product, a gap or not, that several live projects here are to make."""

    product: NodeRef = Field(title="产品")
    projects: tuple[NodeRef, ...] = Field(title="项目", description="signed, approved or under construction")
    checks: tuple[CapacityCheck, ...] = Field(title="产能核对", description="by unit; none where none is told")
    capacity_unknown: int = Field(title="产能不明的项目数", description="of these projects")
    possible_double_count: tuple[tuple[str, ...], ...] = Field(
        title="可能重复计算", description="projects of one owner at one place, which may be the same thing twice"
    )


def crowded(
    reader: Reader,
    region: str,
    product: int,
    makers: Sequence[ProjectAhead],
    names: Mapping[str, NodeRef],
    weights: Mapping[str, float],
    demand: Demand,
) -> Crowded:
    """The product of several live projects among its `makers`, with the numbers it is judged by."""
    chain = reader.chain()
    live = [project for project in makers if project.standing in LIVE]
    groups = [group for group in double_counts(reader, makers) if any(one.standing in LIVE for one in group)]
    told, unknown = promised(chain, product, live, groups, weights)
    known = known_capacity(reader, region, chain.products[product]) if told else KnownCapacity((), 0)
    return Crowded(
        product=names[chain.products[product]],
        projects=tuple(names[project.id] for project in live),
        checks=tuple(_check(one, known, demand) for one in told),
        capacity_unknown=unknown,
        possible_double_count=tuple(tuple(one.id for one in group) for group in groups),
    )


class KnownCapacity(NamedTuple):
    """Capacities published by enterprises here and in the country, by dimension; `makers` of it there are anywhere."""

    totals: tuple[CapacityTotal, ...]
    makers: int

    def of(self, where: str, dimension: str) -> CapacityTotal | None:
        """What is known `here`, or `anywhere` in the country, in a dimension."""
        fitting = (one for one in self.totals if one.where == where and dimension_of(one.unit) == dimension)
        return next(fitting, None)

    def is_measure(self, national: CapacityTotal | None) -> bool:
        """Few known capacities are no measure of a country: it takes what most of its makers publish, as HHI does."""
        return national is not None and national.makers >= max(MIN_CAPACITIES, MIN_COVER * self.makers)


def known_capacity(reader: Reader, region: str, product: str) -> KnownCapacity:
    """Of a product (its id), in a region and in its country."""
    made = reader.makers(product, region)
    country = next((str(fact.value) for fact in reader.facts([region], ("country",), "out")), None)
    known = {one.entity for one in reader.capacities(product, country)} if country else set()
    totals = capacity_totals(
        reader,
        (("here", [one for one in made if one.here]), ("anywhere", [one for one in made if one.entity in known])),
    )
    return KnownCapacity(totals, len(made))


def _check(told: Promised, known: KnownCapacity, demand: Demand) -> CapacityCheck:
    dimension, factor = dimension_of(told.unit), unit_of(told.unit).factor
    here, national = known.of("here", dimension), known.of("anywhere", dimension)
    amount = {one.where: one.value * unit_of(one.unit).factor / factor for one in (here, national) if one}
    needed = demand if demand.low is not None and dimension == MASS_A_YEAR else None
    beyond: list[Beyond] = []
    low, high = (None if one is None else round(one / factor, 6) for one in (needed[:2] if needed else (None, None)))
    if high is not None and told.at_least > high:
        beyond.append("demand")
    if known.is_measure(national) and told.at_least > amount["anywhere"]:
        beyond.append("national")
    return CapacityCheck(
        promised=told,
        here=round(amount["here"], 6) if here else None,
        demand_low=low,
        demand_high=high,
        national=round(amount["anywhere"], 6) if national else None,
        national_makers=national.makers if national else 0,
        of_national=round(told.at_least / amount["anywhere"], 4) if national else None,
        over_capacity=tuple(beyond),
        claims=tuple(sorted({*told.claims}.union(*(one.claims for one in (here, national, needed) if one)))),
    )
