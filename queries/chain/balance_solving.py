"""From works and targets to solved programmes: the plan itself, its range, what limits it, and what would mend it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from graph.readers.port_types import Amounts, Chain
from queries.chain.balance_flows import Told
from queries.chain.balance_model import Model, Routes, Target, build_model
from queries.chain.programme import Programme, Solution, gain, solve, step_of
from queries.chain.works import Works

# Relative to a bound: nearer to it than this is at it.
_AT = 1e-7
# Each price is a solve of its own: so many of a kind are told, those of the greatest dual price first.
_LIMITS_PRICED = 12


class Pressing(NamedTuple):
    """A bound that is reached; `product` is a number in the chain."""

    programme: Literal["buying", "own_links"]
    kind: Literal["capacity", "not_bought"]
    product: int
    bound: float
    more_output: float
    less_bought: float


class Lacking(NamedTuple):
    """By how much a capacity would have to be larger; `product` is a number in the chain."""

    product: int
    recorded: float
    more: float


@dataclass(frozen=True, eq=False)
class Spread:
    """Amounts by product of the chain: of the plan, and the least and most over the cases where sources disagree."""

    value: Amounts
    low: Amounts
    high: Amounts


@dataclass(frozen=True, eq=False)
class Plan:
    """A solved balance. `own_output` by target; amounts by product of the chain in `reached`, `bought`, `surplus`."""

    model: Model
    solution: Solution
    own_output: Amounts
    reached: Spread
    bought: Spread
    surplus: Spread
    pressing: tuple[Pressing, ...]
    lacking: tuple[Lacking, ...]

    @property
    def cut(self) -> bool:
        """Whether there may be more bounds that press than are told."""
        kinds = [(one.programme, one.kind) for one in self.pressing]
        return any(kinds.count(one) >= _LIMITS_PRICED for one in set(kinds))

    @property
    def runs(self) -> Amounts:
        """t/yr of reference flow, by `model.processes`."""
        return self.solution.values[self.model.runs()]

    @property
    def supply(self) -> Amounts:
        """t/yr, by `model.supplied`."""
        return self.solution.values[self.model.supply()]


def draw_up(chain: Chain, works: Works, routes: Routes, targets: Sequence[Target], told: Told) -> Plan:
    """The plan for these targets, with its range over low and high capacities and quantities."""
    model, solution = _case(chain, works, routes, targets, works.low, None)
    cases = [(model, solution)]
    better = [replace_wanted(target, works.high) for target in targets]
    cases.append(_case(chain, works, routes, better, works.high, (told.low_inputs, told.high_outputs)))
    if told.disputed:
        cases.append(_case(chain, works, routes, targets, works.low, (told.high_inputs, told.low_outputs)))
    amounts = [_amounts(chain, *case) for case in cases]
    spreads = [
        Spread(values[0], np.minimum.reduce(values), np.maximum.reduce(values)) for values in zip(*amounts, strict=True)
    ]
    own = model.without_buying()
    alone = _solved(own, model.costs()[:1])
    return Plan(
        model=model,
        solution=solution,
        own_output=alone.values[model.outputs()],
        reached=spreads[0],
        bought=spreads[1],
        surplus=spreads[2],
        pressing=(
            *_pressing(model, model.programme, solution, "buying"),
            *_pressing(model, own, alone, "own_links"),
        ),
        lacking=_lacking(model, solution),
    )


def replace_wanted(target: Target, capacity: Amounts) -> Target:
    """The same target with another capacity, where capacity is all that is wanted."""
    return target if target.delivered else replace(target, wanted=float(capacity[target.product]))


def _case(
    chain: Chain,
    works: Works,
    routes: Routes,
    targets: Sequence[Target],
    capacity: Amounts,
    flows: tuple[Amounts, Amounts] | None,
) -> tuple[Model, Solution]:
    model = build_model(chain, works, routes, targets, capacity, flows)
    return model, _solved(model.programme, model.costs())


def _solved(programme: Programme, costs: Sequence[Amounts]) -> Solution:
    """Doing nothing always fulfils the constraints, so that there is a solution."""
    found = solve(programme, costs)
    if found is None:
        raise RuntimeError("a balance without lower bounds has no solution")
    return found


def _amounts(chain: Chain, model: Model, solution: Solution) -> tuple[Amounts, Amounts, Amounts]:
    values = solution.values
    tables = np.zeros((3, len(chain.products)))
    tables[0, [target.product for target in model.targets]] = values[model.outputs()]
    tables[1, model.products] = values[model.bought()]
    tables[2, model.products] = values[model.surplus()]
    return tables[0], tables[1], tables[2]


def _pressing(
    model: Model, programme: Programme, solution: Solution, name: Literal["buying", "own_links"]
) -> tuple[Pressing, ...]:
    """Capacities used to the full, and links that would be bought if they could; with what 1 t/yr more brings."""
    costs = model.costs()[: 2 if name == "buying" else 1]
    caps = len(model.capped)
    used = programme.limits @ solution.values
    full = np.flatnonzero(used[:caps] >= programme.most[:caps] * (1 - _AT) - _AT)
    full = full[np.lexsort((full, -np.round(solution.limit_prices[full], 6)))]
    found = []
    for row in full[:_LIMITS_PRICED].tolist():
        bound = float(programme.most[row])
        step = step_of(bound)
        product = int(model.products[model.capped[row]])
        brings = gain(solution, programme.with_most(row, step), costs, step)
        fewer = brings[1] if len(brings) > 1 and len(costs) > 1 else 0.0
        found.append(Pressing(name, "capacity", product, bound, brings[0], fewer))
    if name == "own_links":
        start = model.bought().start
        prices = np.abs(solution.balance_prices)
        wished = np.flatnonzero(model.link & (prices > _AT) & (programme.upper[model.bought()] == 0))
        wished = wished[np.lexsort((wished, -np.round(prices[wished], 6)))]
        for at in wished[:_LIMITS_PRICED].tolist():
            if _is_delivered(model, at):
                continue
            step = step_of(0.0)
            brings = gain(solution, programme.with_upper(start + at, step), costs, step)
            if brings[0] > _AT:
                found.append(Pressing(name, "not_bought", int(model.products[at]), 0.0, brings[0], 0.0))
    return tuple(found)


def _is_delivered(model: Model, at: int) -> bool:
    return any(target.delivered and target.product == model.products[at] for target in model.targets)


def _lacking(model: Model, solution: Solution) -> tuple[Lacking, ...]:
    """The least capacity more, in t/yr over all products, with which every target is reached."""
    from scipy.sparse import csr_array, hstack

    wanted = np.array([target.wanted for target in model.targets])
    if (solution.values[model.outputs()] >= wanted * (1 - _AT) - _AT).all():
        return ()
    programme, caps = model.programme, len(model.capped)
    rows, width = programme.limits.shape
    upper = programme.upper.copy()
    upper[model.outputs()] = wanted
    more = csr_array((-np.ones(caps), (np.arange(caps), np.arange(caps))), (rows, caps))
    elastic = Programme(
        csr_array(hstack([programme.balance, csr_array((programme.balance.shape[0], caps))])),
        csr_array(hstack([programme.limits, more])),
        programme.most,
        np.concatenate([upper, np.full(caps, np.inf)]),
    )
    output, links, rest = (np.concatenate([cost, np.zeros(caps)]) for cost in model.costs())
    extra = np.concatenate([np.zeros(width), np.ones(caps)])
    values = _solved(elastic, (output, extra, links, rest)).values[width:]
    return tuple(
        Lacking(int(model.products[model.capped[at]]), float(programme.most[at]), float(values[at]))
        for at in np.flatnonzero(values > _AT).tolist()
    )
