"""Whom to think of for a product: who makes it elsewhere, who makes its neighbours, whose group does; who is out.

Neighbours are one process up or down, by recipes that exist anywhere.
"""

from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.readers.port import Chain
from graph.readers.ragged import pairs
from queries.promotion.landscape import Landscape, Made

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]
Flags = NDArray[np.bool_]
_T = TypeVar("_T", np.int64, np.float64)

Relation = Literal["makes", "makes_input", "makes_from_it", "group_makes", "group_makes_neighbour"]
# How a candidate stands to the product, in words, and how near to making it here that is.
RELATIONS: dict[Relation, tuple[str, str, float]] = {
    "makes": ("自己生产", "makes it", 1.0),
    "makes_input": ("生产其原料", "makes an input of it", 0.3),
    "makes_from_it": ("用其生产下游产品", "makes something from it", 0.3),
    "group_makes": ("同集团企业或所投项目生产", "its group or a project of it makes it", 0.6),
    "group_makes_neighbour": ("同集团企业生产其上下游", "its group makes a neighbour of it", 0.1),
}
RELATION_NAMES: tuple[Relation, ...] = tuple(RELATIONS)
Reason = Literal["dissolved", "export_barred", "already_here", "coming", "excluded_by_user"]
# Why a candidate is out, the first that fits.
REASONS: dict[Reason, tuple[str, str]] = {
    "dissolved": ("已注销", "it is told to be dissolved"),
    "export_barred": ("受出口管制等政策限制", "a policy bars it"),
    "already_here": ("本地已有", "it is here already"),
    "coming": ("已有在途项目", "it is coming: a project of it here will make this"),
    "excluded_by_user": ("用户排除", "left out as asked"),
}
REASON_NAMES: tuple[Reason, ...] = tuple(REASONS)
# Thin evidence lowers, it does not void: whether they make it is the first thing to ask, and one call tells.
_THINNEST = 0.5
# What stands for a told capacity where none is, and how much one that covers all demand adds.
_WITHOUT_CAPACITY = 0.75
# Products whose makers know the trade: not what everybody buys or sells (acids, power, machines, whole industries).
_NEIGHBOUR_ROLES = ("link", "intermediate", "class", "service", "resource", "coproduct")


@dataclass(frozen=True, eq=False)
class Pool:
    """All candidates of a product, excluded ones too, in order of number.

    `relation` numbers RELATION_NAMES; `level` is its value with evidence and capacity; `evidence` alone; `capacity` in
    t/yr of it or its group; `about` the product whose making relates it; `by` who makes that: itself or one of its
    group.
    """

    enterprise: Numbers
    relation: Numbers
    level: Values
    evidence: Values
    capacity: Values
    about: Numbers
    by: Numbers


def neighbours(chain: Chain, product: int) -> tuple[list[int], list[int]]:
    """One process up, what goes into it and the services it takes; one process down, what is made from it.

    Where no recipe yields the product, those of the nearest class above it tell; a recipe that takes a class takes its
    kinds. Aggregates count only where no step yields the product.
    """
    into, inputs = pairs(chain.inputs)
    from_, outputs = pairs(chain.outputs)
    served, services = pairs(chain.services)
    step = chain.kind_words != "aggregate"
    by_step = np.zeros(len(chain.products), np.bool_)
    by_step[outputs[step[from_]]] = True
    counts = step[from_] | ~by_step[outputs]
    from_, outputs = from_[counts], outputs[counts]

    above = sorted(chain.above.row(product).tolist(), key=lambda one: (-len(chain.above.row(one)), one))
    standing = next((one for one in (product, *above) if (outputs == one).any()), product)
    yielding = from_[outputs == standing]
    up = {*inputs[np.isin(into, yielding)].tolist(), *services[np.isin(served, yielding)].tolist()}
    taken = [product, *above]
    taking = np.union1d(into[np.isin(inputs, taken)], served[np.isin(services, taken)])
    down = set(outputs[np.isin(from_, taking)].tolist())
    kinds = {product, *above, *chain.below.row(product).tolist()}
    fits = [one for one in range(len(chain.products)) if chain.roles[one] in _NEIGHBOUR_ROLES and one not in kinds]
    return [one for one in fits if one in up], [one for one in fits if one in down]


def pool_of(land: Landscape, here: Flags, product: int, demand: float | None) -> Pool:
    """Everybody who makes it or a neighbour, and the groups of those who do elsewhere.

    What a member that is `here` makes relates nobody else of its group: the one to talk to has come already.
    """
    scratch = _Scratch(land, here)
    own = land.made(product)
    level = _trust(own) * _bracket(own.capacity, demand)
    scratch.own("makes", product, own.maker, level, own.evidence)
    scratch.grouped("group_makes", product, own, level)
    projects = land.made(product, by_projects=True)
    scratch.grouped("group_makes", product, projects, _trust(projects) * _bracket(projects.capacity, demand))
    up, down = neighbours(land.chain, product)
    ways: tuple[tuple[Relation, list[int]], ...] = (("makes_input", up), ("makes_from_it", down))
    for relation, products in ways:
        for one in products:
            made = land.made(one)
            scratch.own(relation, one, made.maker, _trust(made) * _WITHOUT_CAPACITY, made.evidence)
            scratch.grouped("group_makes_neighbour", one, made, _trust(made) * _WITHOUT_CAPACITY)
            projects = land.made(one, by_projects=True)
            scratch.grouped("group_makes_neighbour", one, projects, _trust(projects) * _WITHOUT_CAPACITY)
    return scratch.pool((own, land.made(product, by_projects=True)))


def _trust(made: Made) -> Values:
    trust: Values = _THINNEST + (1 - _THINNEST) * made.evidence
    return trust


def _bracket(capacity: Values, demand: float | None) -> Values:
    if demand is None:
        return np.full(len(capacity), _WITHOUT_CAPACITY)
    return _WITHOUT_CAPACITY + (1 - _WITHOUT_CAPACITY) * np.minimum(1.0, np.nan_to_num(capacity) / demand)


class _Best:
    """The best so far of each of many, and where it comes from; the first of equal ones stays."""

    def __init__(self, count: int) -> None:
        self.level = np.zeros(count)
        self.evidence = np.zeros(count)
        self.relation = np.full(count, -1, np.int64)
        self.about = np.full(count, -1, np.int64)
        self.by = np.full(count, -1, np.int64)

    def offer(self, who: Numbers, relation: Relation, about: int, by: Numbers, level: Values, evidence: Values) -> None:
        """`who` each once."""
        value = level * RELATIONS[relation][2]
        better = (value > self.level[who]) | (self.relation[who] < 0)
        who = who[better]
        self.level[who], self.evidence[who] = value[better], evidence[better]
        self.relation[who], self.about[who], self.by[who] = (
            RELATION_NAMES.index(relation),
            about,
            by[better],
        )


class _Scratch:
    """By enterprise and by owner group the best relation found so far."""

    def __init__(self, land: Landscape, here: Flags) -> None:
        self._land = land
        self._here = here
        self._own = _Best(land.count)
        self._group = _Best(land.groups)

    def own(self, relation: Relation, about: int, who: Numbers, level: Values, evidence: Values) -> None:
        self._own.offer(who, relation, about, who, level, evidence)

    def grouped(self, relation: Relation, about: int, made: Made, level: Values) -> None:
        """Of each group the member elsewhere whose making counts most, the first of equal ones."""
        order = np.lexsort((made.maker, -level))
        order = order[~self._here[made.maker[order]]]
        groups, first = np.unique(self._land.group[made.maker][order], return_index=True)
        best = order[first]
        self._group.offer(groups, relation, about, made.maker[best], level[best], made.evidence[best])

    def pool(self, making: tuple[Made, ...]) -> Pool:
        """Of all that has been offered."""
        group = self._land.group
        chosen = np.flatnonzero((self._own.relation >= 0) | (self._group.relation[group] >= 0)) if len(group) else group
        of_group = group[chosen]
        alone = self._own.relation[chosen] >= 0
        mine = alone & ((self._own.level[chosen] >= self._group.level[of_group]) | (self._group.relation[of_group] < 0))

        def pick(own: NDArray[_T], grouped: NDArray[_T]) -> NDArray[_T]:
            return np.where(mine, own[chosen], grouped[of_group])

        capacity = np.full(self._land.groups, np.nan)
        for made in making:
            told = ~np.isnan(made.capacity)
            np.fmax.at(capacity, group[made.maker[told]], made.capacity[told])
        return Pool(
            enterprise=chosen,
            relation=pick(self._own.relation, self._group.relation),
            level=pick(self._own.level, self._group.level),
            evidence=pick(self._own.evidence, self._group.evidence),
            capacity=capacity[of_group] if len(chosen) else np.zeros(0),
            about=pick(self._own.about, self._group.about),
            by=pick(self._own.by, self._group.by),
        )
