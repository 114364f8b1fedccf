"""Linear programmes solved in stages: matrices in, one stable vertex out.

minimise costs[0] x, then costs[1] x among the solutions left, and so on
subject to  balance x = 0,  limits x <= most,  0 <= x <= upper

A later stage never gives up what an earlier one reached: columns that the earlier optimum holds at a bound and rows
that it presses against stay there (Isermann 1982, by reduced costs). The last stage orders what is still equal, so
that the same matrices give the same vertex everywhere. scipy is loaded when a programme is solved: it costs most of a
cold start, and few questions need it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.readers.port_types import Amounts

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_GOLDEN = 0.6180339887498949
_ZERO_PRICE = 1e-9
_INFEASIBLE = 2
# Of a bound, by which it is moved to see what that changes.
_STEP = 1e-3


@dataclass(frozen=True, eq=False)
class Programme:
    """What may be chosen: `balance` (rows by columns) is kept equal to 0, `limits` at most `most`."""

    balance: "csr_array"
    limits: "csr_array"
    most: Amounts
    upper: Amounts

    def with_most(self, row: int, more: float) -> "Programme":
        """The same with one limit raised."""
        most = self.most.copy()
        most[row] += more
        return replace(self, most=most)

    def with_upper(self, column: int, upper: float) -> "Programme":
        """The same with another bound of one column."""
        bounds = self.upper.copy()
        bounds[column] = upper
        return replace(self, upper=bounds)


@dataclass(frozen=True, eq=False)
class Solution:
    """A vertex: `values` by column, the optimum of each stage, and of the first stage the prices.

    `limit_prices` and `balance_prices` tell by how much the first cost falls for one more of the right-hand side; at a
    degenerate vertex they are one of several valid sets: `gain` tells what is sure.
    """

    values: Amounts
    optima: tuple[float, ...]
    limit_prices: Amounts
    balance_prices: Amounts


def solve(programme: Programme, costs: Sequence[Amounts], *, ordered: bool = True) -> Solution | None:
    """The vertex that is best by each cost in turn; None where nothing fulfils the constraints.

    Without `ordered` only the optima are sure, not which of several vertices is given.

    Costs must be bounded from below over the programme; RuntimeError where they are not, or the solver gives up.
    """
    from scipy.optimize import linprog
    from scipy.sparse import vstack

    size = programme.balance.shape[1]
    if not size:
        return Solution(np.zeros(0), (0.0,) * len(costs), np.zeros(len(programme.most)), np.zeros(0))
    lower, upper = np.zeros(size), programme.upper.copy()
    pressed = np.zeros(len(programme.most), np.bool_)
    optima: list[float] = []
    prices: tuple[Amounts, Amounts] | None = None
    for cost in (*costs, *((tie_break(size),) if ordered else ())):
        found = linprog(  # type: ignore[call-overload]
            cost,
            A_ub=programme.limits[~pressed] if (~pressed).any() else None,
            b_ub=programme.most[~pressed] if (~pressed).any() else None,
            A_eq=vstack([programme.balance, programme.limits[pressed]], format="csr"),
            b_eq=np.concatenate([np.zeros(programme.balance.shape[0]), programme.most[pressed]]),
            bounds=np.column_stack([lower, upper]),
            method="highs-ds",
        )
        if found.status == _INFEASIBLE and not optima:
            return None
        if found.status != 0:
            raise RuntimeError(f"the linear programme was not solved: {found.message}")
        on_limits = np.zeros(len(programme.most))
        on_limits[~pressed] = found.ineqlin.marginals if (~pressed).any() else []
        if prices is None:
            prices = -on_limits, -np.asarray(found.eqlin.marginals)[: programme.balance.shape[0]]
        optima.append(float(found.fun))
        held = np.asarray(found.lower.marginals) > _ZERO_PRICE
        upper[held] = lower[held]
        held = np.asarray(found.upper.marginals) < -_ZERO_PRICE
        lower[held] = upper[held]
        pressed |= on_limits < -_ZERO_PRICE
    assert prices is not None
    return Solution(np.maximum(found.x, 0.0), tuple(optima[: len(costs)]), *prices)


def gain(before: Solution, changed: Programme, costs: Sequence[Amounts], step: float) -> tuple[float, ...]:
    """How much each optimum falls for one more of what `changed` has `step` more of: true also where prices are not.

    Where a vertex is degenerate, raising one bound alone may bring nothing, whatever its price says.
    """
    after = solve(changed, costs, ordered=False)
    if after is None:
        raise ValueError("a programme without a solution has no prices")
    return tuple((one - other) / step for one, other in zip(before.optima, after.optima, strict=False))


def step_of(bound: float) -> float:
    """By how much to move a bound to see what it is worth: little enough not to meet the next one."""
    return max(abs(bound), 1.0) * _STEP


def tie_break(size: int) -> Amounts:
    """Costs between 1 and 2, all different and in no ratio with one another: few columns, the first ones, are best."""
    places: NDArray[np.int64] = np.arange(1, size + 1)
    costs: Amounts = 1.0 + np.mod(places * _GOLDEN, 1.0)
    return costs
