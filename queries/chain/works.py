"""What is there to work with: who makes what, up to which recorded capacity, and which processes apply.

Of a region, or of a set of enterprises wherever they are.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.model.facts import Fact
from graph.model.predicates import NOT_MAKING
from graph.model.units import MASS_A_YEAR, unit_of
from graph.readers.port import Reader
from graph.readers.port_types import Amounts, Chain, Flags, Tally
from queries.chain.evidence import MAKING

Numbers = NDArray[np.int64]
_CONTROL_PCT = 50.0


@dataclass(frozen=True, eq=False)
class Works:
    """By product: `made` here (or a kind of it), `direct`: recorded with this very product, `makers` of it.

    Capacity in t/yr, NaN where nobody tells one: `low` counts an owner group's largest figure once and does not add
    projects to enterprises, `high` adds up all figures; `telling` makers gave one. `applies` by process. For citing:
    `who` told figures, `makers_of` names the makers of a product. `elsewhere` counts makers that are not among those
    here; None: ask product by product.
    """

    made: Flags
    direct: Flags
    makers: Numbers
    telling: Numbers
    low: Amounts
    high: Amounts
    applies: Flags
    who: tuple[str, ...]
    makers_of: Callable[[int], tuple[str, ...]]
    elsewhere: Numbers | None
    enterprises: int
    unplaced: int


def works_of_region(reader: Reader, tally: Tally) -> Works:
    """What stands in the tally's region. Figures of makers that stand elsewhere too are left out."""
    chain, told = reader.chain(), tally.capacities
    figures: dict[str, dict[int, float]] = defaultdict(dict)
    group: dict[str, int] = {}
    for entity, product, amount in zip(
        told.entity[told.inside].tolist(),
        told.product[told.inside].tolist(),
        told.amount[told.inside].tolist(),
        strict=True,
    ):
        name = tally.entities[entity]
        figures[name][product] = max(amount, figures[name].get(product, 0.0))
        group[name] = int(tally.groups[entity])
    makers = tally.makers.counts()
    low, high, telling = _capacity(chain, figures, group)
    return Works(
        made=makers > 0,
        direct=tally.direct,
        makers=makers,
        telling=telling,
        low=low,
        high=high,
        applies=reader.applies(tally.region),
        who=tuple(sorted(figures)),
        makers_of=lambda product: tuple(tally.entities[int(one)] for one in tally.makers.row(product)),
        elsewhere=tally.total - makers,
        enterprises=tally.enterprises,
        unplaced=tally.unplaced,
    )


def works_of_enterprises(reader: Reader, enterprises: Sequence[str]) -> Works:
    """What these enterprises have, taken together. Processes tied to a deposit apply where one of them stands."""
    chain = reader.chain()
    products = len(chain.products)
    direct = np.zeros(products, np.bool_)
    by_product: defaultdict[int, set[str]] = defaultdict(set)
    figures: dict[str, dict[int, float]] = defaultdict(dict)
    for fact in reader.facts(enterprises, ("produces",), "out"):
        if not fact.used or fact.qualifier in NOT_MAKING:
            continue
        product = chain.index[str(fact.object)]
        direct[product] = True
        for one in (product, *chain.above.row(product).tolist()):
            by_product[one].add(fact.subject)
        amount = tonnes_a_year(fact)
        if amount > 0 and fact.qualifier == "capacity":
            figures[fact.subject][product] = max(amount, figures[fact.subject].get(product, 0.0))
    makers = np.zeros(products, np.int64)
    for product, who in by_product.items():
        makers[product] = len(who)
    applies: Flags = np.array([site is None for site in chain.sites], np.bool_)
    for region in sorted({str(f.object) for f in reader.facts(enterprises, ("located_in",), "out") if f.used}):
        applies = applies | reader.applies(region)
    low, high, telling = _capacity(chain, figures, _groups(reader, enterprises))
    return Works(
        made=makers > 0,
        direct=direct,
        makers=makers,
        telling=telling,
        low=low,
        high=high,
        applies=applies,
        who=tuple(sorted(figures)),
        makers_of=lambda product: tuple(sorted(by_product.get(product, ()))),
        elsewhere=None,
        enterprises=len(enterprises),
        unplaced=0,
    )


def tonnes_a_year(fact: Fact) -> float:
    """The amount of a fact in t/yr; 0 where it tells none, or one in another dimension."""
    if not isinstance(fact.value, float) or not fact.unit:
        return 0.0
    unit = unit_of(fact.unit)
    return fact.value * unit.factor if unit.dimension == MASS_A_YEAR else 0.0


def capacity_claims(reader: Reader, works: Works, products: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """By product, the claims that its capacity was counted from: of it and of its kinds."""
    chain = reader.chain()
    told: defaultdict[int, set[str]] = defaultdict(set)
    for fact in reader.facts(works.who, MAKING, "out") if works.who else ():
        is_capacity = fact.predicate == "project_product" or fact.qualifier == "capacity"
        if fact.used and is_capacity and tonnes_a_year(fact) > 0:
            product = chain.index[str(fact.object)]
            for one in (product, *chain.above.row(product).tolist()):
                told[one].add(fact.claim)
    return {product: tuple(sorted(told[product])) for product in products}


def _capacity(
    chain: Chain, figures: Mapping[str, Mapping[int, float]], group: Mapping[str, int]
) -> tuple[Amounts, Amounts, Numbers]:
    size = len(chain.products)
    # By kind of entity, product and owner group: the most that one of the group tells.
    most: tuple[dict[tuple[int, int], float], ...] = ({}, {})
    high, telling = np.zeros(size), np.zeros(size, np.int64)
    for entity in sorted(figures):
        once = most[entity.startswith("prj:")]
        for product, amount in _of_entity(chain, figures[entity]).items():
            key = (product, group[entity])
            once[key] = max(amount, once.get(key, 0.0))
            high[product] += amount
            telling[product] += 1
    sums = np.zeros((2, size))
    for at, once in enumerate(most):
        for (product, _), amount in sorted(once.items()):
            sums[at, product] += amount
    unknown = telling == 0
    return np.where(unknown, np.nan, sums.max(axis=0)), np.where(unknown, np.nan, high), telling


def _of_entity(chain: Chain, told: Mapping[int, float]) -> dict[int, float]:
    """An entity's capacity for what it tells and for the classes above: a class's own figure, or its kinds' sum."""
    above = {product: set(chain.above.row(product).tolist()) for product in told}
    capacity = {}
    for product in sorted({*told, *(one for row in above.values() for one in row)}):
        kinds = [kind for kind in told if product in above[kind]]
        outermost = [kind for kind in kinds if not any(other in above[kind] for other in kinds if other != kind)]
        capacity[product] = max(told.get(product, 0.0), sum(told[kind] for kind in sorted(outermost)))
    return capacity


def _groups(reader: Reader, enterprises: Sequence[str]) -> dict[str, int]:
    """Which of these enterprises own one another, by number."""
    group = {name: at for at, name in enumerate(enterprises)}
    for fact in reader.facts(enterprises, ("owns",), "out"):
        small = isinstance(fact.value, float) and fact.unit == "%" and fact.value < _CONTROL_PCT
        if fact.used and not small and fact.object in group:
            one, other = group[fact.subject], group[fact.object]
            group = {name: one if number == other else number for name, number in group.items()}
    return group
