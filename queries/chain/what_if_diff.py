"""The difference between two assessments of one region: what a supposition changes."""

import numpy as np

from graph.readers.port import Reader
from graph.readers.port_types import Flags, PipelineProject
from queries.base import refs
from queries.chain.assessment import KIND_NAMES, Assessment, Kind
from queries.chain.evidence import cited_for, is_overdue
from queries.chain.gap_rows import link_refs
from queries.chain.quantities import Quantities
from queries.chain.selection import LINK_ROLES
from queries.chain.supply import supply_of
from queries.chain.what_if_records import TURNS, BoughtIn, Closing, Moved, SupplyShift, Turn

_CLAIMS = 200


def moved_links(reader: Reader, now: Assessment, then: Assessment, chosen: Flags) -> tuple[Moved, ...]:
    """Links whose state or kind differs: by turn, most users, id."""
    makers, becomes = now.tally.makers.counts(), then.tally.makers.counts()
    differs = (
        (now.kind != then.kind)
        | (now.present != then.present)
        | (now.implied != then.implied)
        | (now.unknown != then.unknown)
    )
    numbers = np.flatnonzero(chosen & differs).tolist()
    found = [
        Moved(
            product=product,
            turn=_turn(now, then, number),
            state=now.state(number),
            kind=_kind(now, number),
            becomes_state=then.state(number),
            becomes_kind=_kind(then, number),
            makers=int(makers[number]),
            becomes_makers=int(becomes[number]),
            users=int(now.users[number]),
            becomes_users=int(then.users[number]),
            claims=_claims(reader, now, number),
        )
        for number, product in zip(numbers, link_refs(reader, now, numbers), strict=True)
    ]
    order = list(TURNS)
    return tuple(
        sorted(found, key=lambda one: (order.index(one.turn), -max(one.users, one.becomes_users), one.product.id))
    )


def _turn(now: Assessment, then: Assessment, number: int) -> Turn:
    before, after = (one.present[number] or one.implied[number] for one in (now, then))
    if before != after:
        return "closed" if after else "opened"
    if not (now.present[number] and then.present[number]):
        return "changed"
    return "eased" if now.kind[number] >= 0 else "thinner"


def _kind(assessment: Assessment, number: int) -> Kind | None:
    return KIND_NAMES[assessment.kind[number]] if assessment.kind[number] >= 0 else None


def _claims(reader: Reader, now: Assessment, number: int) -> tuple[str, ...]:
    return tuple(sorted(set(cited_for(reader, now.tally, now.presence, number)))[:_CLAIMS])


def moved_closings(reader: Reader, now: Assessment, then: Assessment, chosen: Flags) -> tuple[Closing, ...]:
    """Links not made here, now nor then, that projects under way close on another day."""
    before, after = (_closes_on(reader, one) for one in (now, then))
    numbers = [
        number
        for number in sorted(before.keys() | after.keys())
        if chosen[number]
        and before.get(number) != after.get(number)
        and not (now.present[number] or then.present[number])
    ]
    return tuple(
        Closing(product=product, closes_on=before.get(number), becomes=after.get(number))
        for number, product in zip(numbers, link_refs(reader, now, numbers), strict=True)
    )


def _closes_on(reader: Reader, assessment: Assessment) -> dict[int, str]:
    def expected(project: PipelineProject) -> str | None:
        return None if is_overdue(project, reader.as_of.valid) else project.expected

    found: dict[int, str] = {}
    for project in assessment.tally.pipeline:
        day = expected(project)
        if day is not None:
            found[project.product] = min(found.get(project.product, day), day)
    return found


def moved_supply(reader: Reader, now: Assessment, then: Assessment) -> tuple[SupplyShift, ...]:
    """Products of any role whose capacity or demand here differs, by id."""
    before, after = now.quantities, then.quantities
    differs = np.zeros(len(now.chain.products), np.bool_)
    for mine, other in ((before.capacity, after.capacity), (before.demand, after.demand)):
        differs |= (mine.low != other.low) | (mine.high != other.high)
    numbers = [
        number
        for number in np.flatnonzero(differs).tolist()
        if supply_of(before, number) is not None or supply_of(after, number) is not None
    ]
    names = refs(reader, [now.chain.products[number] for number in numbers])
    return tuple(
        SupplyShift(
            product=names[now.chain.products[number]],
            now=supply_of(before, number),
            then=supply_of(after, number),
            claims=_claims(reader, now, number),
        )
        for number in numbers
    )


def bought_in(assessment: Assessment) -> BoughtIn:
    """Demand less capacity over links and services, where every maker here tells a capacity."""
    quantities: Quantities = assessment.quantities
    capacity, demand = quantities.capacity, quantities.demand
    needed = np.isin(assessment.chain.role_words, LINK_ROLES) & (demand.telling > 0)
    counted = needed & (capacity.telling == capacity.of)
    low = np.maximum(demand.low - capacity.high, 0.0)[counted]
    high = np.maximum(demand.high - capacity.low, 0.0)[counted]
    return BoughtIn(
        products=int(counted.sum()),
        low=float(f"{low.sum():.9g}"),
        high=float(f"{high.sum():.9g}"),
        not_counted=int((needed & ~counted).sum()),
    )
