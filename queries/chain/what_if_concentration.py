"""National concentration of what comes or goes: the capacities that are told, with the supposed ones."""

from collections.abc import Sequence

from graph.readers.port import Reader
from graph.readers.port_types import Capacity
from queries.base import refs
from queries.chain.assessment import Assessment
from queries.chain.concentration import MIN_CAPACITIES, concentration_of
from queries.chain.evidence import country_of
from queries.chain.supposing import PLANT
from queries.chain.suppositions import Suppositions
from queries.chain.what_if_records import ConcentrationShift


def moved_concentration(
    reader: Reader, now: Assessment, then: Assessment, supposed: Suppositions, touched: Sequence[Sequence[int]]
) -> tuple[ConcentrationShift, ...]:
    """Of the products whose makers change; `touched` are those of each attracted plant. Only those that are told."""
    country = country_of(reader, now.region)
    if country is None:
        return ()
    chain, shifts = now.chain, []
    names = now.tally.entities
    lost_makers = [number for number in set(now.tally.makers.items.tolist()) if names[number] in supposed.lost]
    gone = [p for p in range(len(chain.products)) if set(lost_makers) & set(now.tally.makers.row(p).tolist())]
    for product in sorted({*gone, *(one for made in touched for one in made)}):
        if max(now.tally.total[product], then.tally.total[product]) < MIN_CAPACITIES:
            continue
        told = reader.capacities(chain.products[product], country)
        plants = [
            Capacity(f"{PLANT}{at}", chain.products[product], one.capacity, "mass/time", "")
            for at, (one, made) in enumerate(zip(supposed.attracted, touched, strict=True), 1)
            if one.capacity is not None and product in made
        ]
        left = [one for one in told if one.entity not in supposed.lost]
        before = concentration_of(told, int(now.tally.total[product]))
        after = concentration_of([*left, *plants], int(then.tally.total[product]))
        if before != after:
            id_ = chain.products[product]
            shifts.append(ConcentrationShift(product=refs(reader, [id_])[id_], now=before, then=after))
    return tuple(shifts)
