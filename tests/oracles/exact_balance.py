"""A mass balance solved in exact fractions, from the definition: a textbook simplex (Bland's rule) over plain dicts.

Independent of the programme under test: other columns (no surplus: a balance is `made + bought >= used + delivered`),
other arithmetic, stages by an added equation instead of reduced costs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Row = dict[str, Fraction]


@dataclass(frozen=True)
class Recipe:
    """kg of each product per run."""

    inputs: Mapping[str, Fraction]
    outputs: Mapping[str, Fraction]


@dataclass(frozen=True)
class Works:
    """What is there: recipes without circles, made products with their capacity (None: not told), chain products."""

    recipes: tuple[Recipe, ...]
    made: Mapping[str, Fraction | None]
    of_chain: frozenset[str]


def optima(works: Works, wanted: Mapping[str, Fraction], *, buying: bool = True) -> tuple[Fraction, Fraction, Fraction]:
    """Most delivered of all targets together; least weighed purchases of the chain; least of the rest."""
    running = [r for r in works.recipes if any(p in works.made or p in wanted for p in r.outputs)]
    products = sorted({p for r in running for p in (*r.inputs, *r.outputs)} | set(wanted))
    yielded = {p for r in running for p in r.outputs}
    supplied = [p for p in products if p in works.made and p not in yielded]
    rows: list[tuple[Row, Fraction]] = []
    for p in products:
        short: Row = {
            f"run {i}": r.inputs.get(p, Fraction(0)) - r.outputs.get(p, Fraction(0)) for i, r in enumerate(running)
        }
        if p in supplied:
            short[f"own {p}"] = Fraction(-1)
        if p in wanted:
            short[f"out {p}"] = Fraction(1)
        elif buying or p not in works.of_chain:
            short[f"buy {p}"] = Fraction(-1)
        rows.append((short, Fraction(0)))
        capacity = works.made.get(p, Fraction(0) if p in wanted else None)
        made: Row = {f"run {i}": r.outputs[p] for i, r in enumerate(running) if p in r.outputs}
        if p in supplied:
            made[f"own {p}"] = Fraction(1)
        if capacity is not None:
            rows.append((made, capacity))
        if p in wanted:
            rows.append(({f"out {p}": Fraction(1)}, wanted[p]))
            rows.append(({f"out {p}": Fraction(1)} | {name: -amount for name, amount in made.items()}, Fraction(0)))
    weight = _weights(running, products, works.of_chain)
    stages = (
        {f"out {p}": Fraction(-1) for p in wanted},
        {f"buy {p}": weight[p] for p in products if p in works.of_chain},
        {f"buy {p}": Fraction(1) for p in products if p not in works.of_chain},
    )
    found = []
    for stage in stages:
        value = _least(stage, rows)
        found.append(value)
        rows.append((stage, value))
    return -found[0], found[1], found[2]


def _weights(recipes: Sequence[Recipe], products: Sequence[str], of_chain: frozenset[str]) -> dict[str, Fraction]:
    """1, and for what can be made the least that a recipe takes of the chain, shared out by mass; recipes go up."""
    weight: dict[str, Fraction] = {}
    for p in products:
        ways = [
            sum((a * weight[q] for q, a in r.inputs.items() if q in of_chain), Fraction(0)) / sum(r.outputs.values())
            for r in recipes
            if p in r.outputs
        ]
        weight[p] = 1 + min(ways, default=Fraction(0))
    return weight


def _least(cost: Row, rows: Sequence[tuple[Row, Fraction]]) -> Fraction:
    """The least cost over x >= 0 with row x <= bound; the two-phase simplex of the books, as -max(-cost)."""
    names = sorted({name for row, _ in rows for name in row} | set(cost))
    count, size = len(rows), len(names)
    # Columns: names, slacks, one artificial x0 that is taken from every row; start by pivoting it in.
    table = [
        [row.get(name, Fraction(0)) for name in names]
        + [Fraction(int(i == j)) for j in range(count)]
        + [Fraction(-1), bound]
        for i, (row, bound) in enumerate(rows)
    ]
    basis = [size + i for i in range(count)]
    artificial = size + count
    worst = min(range(count), key=lambda i: table[i][-1])
    if table[worst][-1] < 0:
        phase = [Fraction(0)] * artificial + [Fraction(1), Fraction(0)]
        _pivot(table, phase, basis, worst, artificial)
        _run(table, phase, basis, artificial + 1)
        if artificial in basis:
            at = basis.index(artificial)
            enter = next(j for j in range(artificial) if table[at][j] != 0)
            _pivot(table, phase, basis, at, enter)
    goal = [cost.get(name, Fraction(0)) for name in names] + [Fraction(0)] * (count + 2)
    for at, column in enumerate(basis):
        if goal[column] != 0:
            factor = goal[column]
            goal = [g - factor * t for g, t in zip(goal, table[at], strict=True)]
    _run(table, goal, basis, artificial)
    return -goal[-1]


def _run(table: list[list[Fraction]], goal: list[Fraction], basis: list[int], columns: int) -> None:
    while (enter := next((j for j in range(columns) if goal[j] < 0), None)) is not None:
        ratios = [(row[-1] / row[enter], basis[i], i) for i, row in enumerate(table) if row[enter] > 0]
        assert ratios, "unbounded"
        _pivot(table, goal, basis, min(ratios)[2], enter)


def _pivot(table: list[list[Fraction]], goal: list[Fraction], basis: list[int], at: int, enter: int) -> None:
    pivot = table[at][enter]
    table[at] = [value / pivot for value in table[at]]
    for row in (*(row for i, row in enumerate(table) if i != at), goal):
        factor = row[enter]
        if factor:
            row[:] = [value - factor * by for value, by in zip(row, table[at], strict=True)]
    basis[at] = enter
