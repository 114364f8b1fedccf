"""Duplication: what is made here, on its way and proposed, against what is needed here and made in the country."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from graph.model.units import MASS_A_YEAR, dimension_of, unit_of
from graph.readers.port import Reader
from queries.base import NodeRef, refs
from queries.chain.assessment import Assessment
from queries.chain.overcapacity import Beyond, demand_of, known_capacity
from queries.chain.projects_ahead import LIVE, ProjectAhead, projects_ahead
from queries.chain.promised import WEIGHTS, double_counts, promised
from queries.fitting.parts import Duplication
from queries.fitting.subjects import Line

STALE_YEARS = 3.0


class Interval(NamedTuple):
    """An amount between two ends; None: that end is not known."""

    low: float | None
    high: float | None


class Balance(NamedTuple):
    """All together, and its ratio to the demand."""

    together: Interval
    ratio: Interval


def balance_of(existing: Interval, pipeline: Interval, proposed: float | None, demand: Interval) -> Balance:
    """Bounds that hold whatever the unknown figures are.

    The low end adds what is surely there; the high end is known only where each part's is. The ratio is at least low
    / the highest demand, and at most high / the lowest.
    """
    low = high = None
    if proposed is not None:
        low = (existing.low or 0.0) + (pipeline.low or 0.0) + proposed
        if existing.high is not None and pipeline.high is not None:
            high = existing.high + pipeline.high + proposed
    at_least = low / demand.high if low is not None and demand.high else None
    at_most = high / demand.low if high is not None and demand.low else None
    return Balance(Interval(nine_digits(low), nine_digits(high)), Interval(nine_digits(at_least), nine_digits(at_most)))


def nine_digits(amount: float | None) -> float | None:
    """An amount as answers show it: more digits would differ with the order of additions."""
    return None if amount is None else float(f"{amount:.9g}")


def live_projects(reader: Reader, region: str, but: str | None) -> tuple[ProjectAhead, ...]:
    """Projects here that are promised and still believed, without one of them."""
    ids = [one for one in reader.placed(region, ("project",)) if one != but]
    every = projects_ahead(reader, ids, date.max, STALE_YEARS, {})
    return tuple(project for project in every if project.standing in LIVE)


def makers_of(reader: Reader, live: Sequence[ProjectAhead], product: int) -> list[ProjectAhead]:
    """Of these projects, those that will make a product or a kind of it."""
    chain = reader.chain()
    wanted = {chain.products[product], *(chain.products[int(kind)] for kind in chain.below.row(product))}
    return [project for project in live if any(str(fact.object) in wanted for fact in project.products)]


def duplication(
    reader: Reader, found: Assessment, line: Line, live: Sequence[ProjectAhead], owners: frozenset[str]
) -> Duplication:
    """One product of the project; `found` is the region without it, `owners` who invests in it."""
    chain, number = found.chain, line.product
    product = chain.products[number]
    dimension = dimension_of(line.unit) if line.unit else MASS_A_YEAR
    unit = line.unit or "t/yr"
    factor = unit_of(unit).factor
    known = known_capacity(reader, found.region, product)
    making = makers_of(reader, live, number)
    told, _ = promised(chain, number, making, double_counts(reader, making), WEIGHTS)
    ahead = next((one for one in told if dimension_of(one.unit) == dimension), None)
    silent = len(making) - (ahead.projects if ahead else 0)
    scale = unit_of(ahead.unit).factor / factor if ahead else 1.0
    pipeline = Interval(ahead.at_least * scale, ahead.added * scale) if ahead else Interval(0.0, 0.0)
    pipeline = Interval(pipeline.low, None if silent else pipeline.high)
    makers = [found.tally.entities[int(one)] for one in found.tally.makers.row(number)]
    here, national = known.of("here", dimension), known.of("anywhere", dimension)
    capacity, demand = found.quantities.capacity, found.quantities.demand
    needed, claims = Interval(None, None), set(line.claims)
    if dimension == MASS_A_YEAR:
        telling = int(capacity.telling[number])
        existing = _existing(float(capacity.low[number]), float(capacity.high[number]), telling, len(makers), factor)
        if demand.telling[number]:
            asked = demand_of(reader, found, number)
            needed = Interval(*(None if end is None else end / factor for end in (asked.low, asked.high)))
            claims.update(asked.claims)
    else:
        telling = here.makers if here else 0
        floor = here.value * unit_of(here.unit).factor if here else 0.0
        existing = Interval(nine_digits(floor / factor) if here or not makers else None, 0.0 if not makers else None)
    claims.update(*(one.claims for one in (here, national, ahead) if one))
    whole = balance_of(existing, pipeline, line.amount, needed)
    in_country = national.value * unit_of(national.unit).factor / factor if national else None
    beyond: list[Beyond] = []
    if whole.together.low is not None and needed.high is not None and whole.together.low > needed.high:
        beyond.append("demand")
    if line.amount is not None and in_country is not None and known.is_measure(national) and line.amount > in_country:
        beyond.append("national")
    names = refs(reader, sorted({product, *(one.id for one in making)}))
    return Duplication(
        product=names[product],
        unit=unit,
        proposed=line.amount,
        existing_low=existing.low,
        existing_high=existing.high,
        makers=len(makers),
        makers_telling=telling,
        pipeline_low=nine_digits(pipeline.low) or 0.0,
        pipeline_high=nine_digits(pipeline.high),
        pipeline_projects=_named(names, [one.id for one in making]),
        pipeline_unknown=silent,
        together_low=whole.together.low,
        together_high=whole.together.high,
        demand_low=nine_digits(needed.low),
        demand_high=nine_digits(needed.high),
        ratio_at_least=whole.ratio.low,
        ratio_at_most=whole.ratio.high,
        national=nine_digits(in_country),
        national_makers=national.makers if national else 0,
        share_at_most=round(line.amount / in_country, 4) if line.amount is not None and in_country else None,
        beyond=tuple(beyond),
        owner_makes_it=bool(owners.intersection(makers)),
        claims=tuple(sorted(claims)),
    )


def _existing(low: float, high: float, telling: int, makers: int, factor: float) -> Interval:
    """What makers here tell: nothing known is not nothing, unless nobody makes it."""
    if not telling:
        return Interval(None, None) if makers else Interval(0.0, 0.0)
    return Interval(nine_digits(low / factor), nine_digits(high / factor) if telling == makers else None)


def _named(names: Mapping[str, NodeRef], ids: Sequence[str]) -> tuple[NodeRef, ...]:
    return tuple(names[one] for one in ids)
