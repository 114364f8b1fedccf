"""How a project's products stand in the region, what goes into them, who here uses them, and what else arises."""

from collections.abc import Mapping, Sequence

import numpy as np

from graph.readers.port import Reader
from queries.base import NodeRef, refs
from queries.chain.assessment import KIND_NAMES, Assessment
from queries.chain.gap_rows import link_refs
from queries.chain.overcapacity import demand_of
from queries.chain.presence import COUNTED_INPUTS
from queries.chain.projects_ahead import ProjectAhead
from queries.chain.routes import counting_for, standing_of
from queries.fitting.duplication import makers_of, nine_digits
from queries.fitting.parts import (
    HAD,
    ByProductFit,
    Effect,
    Fate,
    FitInput,
    FitRoute,
    InputStanding,
    OutputUse,
    ProductFit,
)
from queries.fitting.sheet import ProjectSheet
from queries.fitting.subjects import Line, flows_of

NAMED = 50
ROUTES = 20


class Layout:
    """The region without the project, asked for one of its products after another."""

    def __init__(self, reader: Reader, found: Assessment, live: Sequence[ProjectAhead], own: frozenset[int]) -> None:
        self._reader = reader
        self._found = found
        self._live = live
        self._own = own
        self._chain = found.chain

    def product(self, line: Line) -> ProductFit:
        """How a product stands before the project comes."""
        found, chain, number = self._found, self._chain, line.product
        makers = self._makers(number)
        ahead = makers_of(self._reader, self._live, number)
        word = chain.chains[number]
        evidence = found.tally.evidence.get(word or "")
        told = self._cited(makers, number)
        return ProductFit(
            product=link_refs(self._reader, found, [number])[0],
            capacity=line.amount,
            unit=line.unit,
            state=found.state(number),
            kind=KIND_NAMES[found.kind[number]] if found.kind[number] >= 0 else None,
            effect=self._effect(number),
            makers=self._named(makers),
            makers_total=len(makers),
            chain_makers=(evidence.makers if evidence else 0) if word else None,
            pipeline=self._named([one.id for one in ahead]),
            makers_elsewhere=int(found.tally.total[number]) - len(makers),
            claims=tuple(sorted({*told, *line.claims, *(claim for one in ahead[:NAMED] for claim in one.claims)})),
        )

    def _effect(self, number: int) -> Effect:
        state = self._found.state(number)
        if state == "missing":
            return "closes_gap"
        if state == "present":
            return "strengthens" if self._found.kind[number] >= 0 else "adds"
        return "implied" if state == "implied" else "unknown"

    def routes(self, line: Line) -> tuple[FitRoute, ...]:
        """The ways to make a product that count here; the one with most inputs here first, then the best told."""
        routes = []
        for process in counting_for(self._found, line.product):
            flows = flows_of(self._chain, process, line.product)
            services = self._chain.services.row(process).tolist()
            here = [one for one in services if self._found.presence.made[one]]
            routes.append(
                FitRoute(
                    product=self._one(line.product),
                    process=refs(self._reader, [self._chain.processes[process]])[self._chain.processes[process]],
                    inputs=self._inputs(flows, line, [self._chain.processes[process]]),
                    services=tuple(self._one(one) for one in here),
                    services_lacking=tuple(self._one(one) for one in services if one not in here),
                    share=None,
                )
            )
        shared = [route.model_copy(update={"share": _share(route.inputs)}) for route in routes]
        return tuple(sorted(shared, key=_best_first))

    def told_route(self, sheet: ProjectSheet, line: Line) -> FitRoute:
        """What the sheet says that goes in, for all its products together."""
        tonnes = [(self._chain.index[one.product], Line(0, one.amount, one.unit).tonnes) for one in sheet.inputs]
        inputs = tuple(self._input(number, None, amount, ()) for number, amount in tonnes)
        return FitRoute(
            product=self._one(line.product),
            process=None,
            inputs=inputs,
            services=(),
            services_lacking=(),
            share=_share(inputs),
        )

    def _inputs(self, flows: Mapping[int, float | None], line: Line, processes: Sequence[str]) -> tuple[FitInput, ...]:
        told = []
        for number, ratio in flows.items():
            needed = ratio * line.tonnes if ratio is not None and line.tonnes is not None else None
            claims = self._reader.cite([self._chain.products[number]], ("input_to",), processes)
            told.append(self._input(number, ratio, needed, claims))
        return tuple(told)

    def _input(self, number: int, ratio: float | None, needed: float | None, claims: Sequence[str]) -> FitInput:
        found = self._found
        standing = self._standing(number)
        makers = self._makers(number)
        coming = [one.id for one in makers_of(self._reader, self._live, number)] if standing == "pipeline" else []
        capacity, demand = found.quantities.capacity, found.quantities.demand
        telling, others = int(capacity.telling[number]), int(demand.of[number])
        low = float(capacity.low[number]) if telling or not makers else None
        high = float(capacity.high[number]) if telling == len(makers) else None
        asked_low = float(demand.low[number]) if demand.telling[number] else 0.0 if not others else None
        asked_high = float(demand.high[number]) if demand.telling[number] == others else None
        cited = self._cited([*makers, *coming], number)
        return FitInput(
            product=link_refs(self._reader, found, [number])[0],
            standing=standing,
            counted=self._chain.roles[number] in COUNTED_INPUTS,
            per_unit=ratio,
            needed=nine_digits(needed),
            here_low=nine_digits(low),
            here_high=nine_digits(high),
            demand_low=nine_digits(asked_low),
            enough=enough(low, high, asked_low, asked_high, needed) if standing == "made_here" else None,
            makers=self._named(coming or makers),
            makers_total=len(coming or makers),
            makers_elsewhere=int(found.tally.total[number]) - len(makers),
            claims=tuple(sorted({*claims, *cited})),
        )

    def _standing(self, number: int) -> InputStanding:
        if number in self._own:
            return "own"
        standing = standing_of(self._found, number)
        if standing == "intermediate_in_use" or (
            standing == "not_here" and self._chain.roles[number] == "intermediate"
        ):
            return "in_plant"
        if standing != "not_here":
            return standing
        if makers_of(self._reader, self._live, number):
            return "pipeline"
        return "unknown" if self._found.unknown[number] else "not_here"

    def use(self, line: Line) -> OutputUse:
        """Who here takes a product."""
        found, number = self._found, line.product
        users = [found.tally.entities[int(one)] for one in found.quantities.users.row(number)]
        demand = demand_of(self._reader, found, number)
        return OutputUse(
            product=self._one(number),
            users=self._named(users),
            users_total=len(users),
            users_telling=int(found.quantities.demand.telling[number]),
            demand_low=nine_digits(demand.low),
            demand_high=nine_digits(demand.high),
            claims=demand.claims,
        )

    def by_products(
        self, sheet: ProjectSheet | None, bases: Sequence[tuple[Line, FitRoute]]
    ) -> tuple[ByProductFit, ...]:
        """What the sheet tells, then what arises by the first route of each product beside it."""
        told = []
        seen = set(self._own)
        for one in sheet.by_products if sheet else ():
            number = self._chain.index[one.product] if one.product else None
            if number is not None:
                seen.add(number)
            told.append(self._by_product(number, one.words, one.amount, one.unit, one.hazardous, None))
        for line, route in bases:
            if route.process is None:
                continue
            process = self._chain.processes.index(route.process.id)
            for number, ratio in _beside(self._found, process, line.product).items():
                if number in seen:
                    continue
                seen.add(number)
                amount = ratio * line.tonnes if ratio is not None and line.tonnes is not None else None
                unit = "t/yr" if amount is not None else None
                told.append(self._by_product(number, None, nine_digits(amount), unit, None, route.process))
        return tuple(told)

    def _by_product(
        self,
        number: int | None,
        words: str | None,
        amount: float | None,
        unit: str | None,
        hazardous: bool | None,
        process: NodeRef | None,
    ) -> ByProductFit:
        users: list[str] = []
        if number is not None:
            users = [self._found.tally.entities[int(one)] for one in self._found.quantities.users.row(number)]
        fate: Fate = (
            "used_here" if users else "to_dispose" if hazardous else "unknown" if number is None else "no_user_known"
        )
        return ByProductFit(
            product=self._one(number) if number is not None else None,
            words=words,
            amount=amount,
            unit=unit,
            hazardous=hazardous,
            process=process,
            fate=fate,
            users=self._named(users),
            users_total=len(users),
        )

    def _cited(self, makers: Sequence[str], number: int) -> tuple[str, ...]:
        """What says that they make a product or a kind of it."""
        if not makers:
            return ()
        made = [number, *self._chain.below.row(number).tolist()]
        products = [self._chain.products[one] for one in made]
        return self._reader.cite(makers[:NAMED], ("produces", "project_product"), products)

    def _makers(self, number: int) -> list[str]:
        return [self._found.tally.entities[int(one)] for one in self._found.tally.makers.row(number)]

    def _one(self, number: int) -> NodeRef:
        product = self._chain.products[number]
        return refs(self._reader, [product])[product]

    def _named(self, ids: Sequence[str]) -> tuple[NodeRef, ...]:
        known = refs(self._reader, list(ids[:NAMED]))
        return tuple(known[one] for one in ids[:NAMED])


def enough(
    low: float | None, high: float | None, asked_low: float | None, asked_high: float | None, needed: float | None
) -> bool | None:
    """Whether what is made here covers the others' demand and this one's, whatever the unknown figures are."""
    if needed is None:
        return None
    if low is not None and asked_high is not None and low >= asked_high + needed:
        return True
    if high is not None and high < (asked_low or 0.0) + needed:
        return False
    return None


def _share(inputs: Sequence[FitInput]) -> float | None:
    counted = [one.standing in HAD for one in inputs if one.counted]
    return round(sum(counted) / len(counted), 4) if counted else None


def _best_first(route: FitRoute) -> tuple[float, int, int, str]:
    told = sum(one.per_unit is not None for one in route.inputs)
    inner = sum(one.standing == "in_plant" for one in route.inputs)
    return (
        -(route.share if route.share is not None else -1.0),
        -told,
        inner,
        route.process.id if route.process else "",
    )


def _beside(found: Assessment, process: int, product: int) -> dict[int, float | None]:
    """Kilograms of the other outputs of a process for a kilogram of one of them."""
    chain = found.chain
    first, last = int(chain.outputs.starts[process]), int(chain.outputs.starts[process + 1])
    items = chain.outputs.items[first:last].tolist()
    amounts = dict(zip(items, chain.output_amounts[first:last].tolist(), strict=True))
    own = amounts.pop(product, np.nan)
    return {
        number: float(f"{amount / own:.9g}") if own > 0 and np.isfinite(amount) else None
        for number, amount in amounts.items()
    }
