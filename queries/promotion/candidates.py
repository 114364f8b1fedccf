"""Whom to think of for a product: who makes it elsewhere, who makes its neighbours, whose group does; who is out."""

from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.readers.ragged import distinct
from queries.promotion.landscape import Landscape
from queries.promotion.making import Made

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]
Flags = NDArray[np.bool_]
_T = TypeVar("_T", np.int64, np.float64)

Relation = Literal["makes", "makes_input", "makes_from_it", "group_makes", "group_makes_neighbour"]
# How a candidate stands to the product, in words, and how near to making it here that is.
RELATIONS: dict[Relation, tuple[str, str, float]] = {
    "makes": ("自己生产", "makes it", 1.0),
    "makes_input": ("生产其原料", "makes an input of it", 0.2),
    "makes_from_it": ("用其生产下游产品", "makes something from it", 0.2),
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


def pool_of(land: Landscape, here: Flags, product: int, demand: float | None) -> Pool:
    """Everybody who makes it or a neighbour, and the groups of those who do elsewhere.

    What a member that is `here` makes relates nobody else of its group: the one to talk to has come already.
    """
    own, projects = land.made(product), land.made(product, by_projects=True)
    alone, grouped = _Offers(), _Offers()
    alone.add("makes", product, own, _bracket(own.capacity, demand))
    grouped.add("group_makes", product, own, _bracket(own.capacity, demand))
    grouped.add("group_makes", product, projects, _bracket(projects.capacity, demand))
    ways: tuple[tuple[Relation, list[int]], ...] = tuple(
        zip(("makes_input", "makes_from_it"), land.recipes.neighbours(product), strict=True)
    )
    for relation, products in ways:
        for one in products:
            made = land.made(one)
            alone.add(relation, one, made, _WITHOUT_CAPACITY)
            grouped.add("group_makes_neighbour", one, made, _WITHOUT_CAPACITY)
            grouped.add("group_makes_neighbour", one, land.made(one, by_projects=True), _WITHOUT_CAPACITY)
    mine = alone.best()
    theirs = grouped.best(land.group, here)
    who = distinct(np.concatenate([mine.key, land.members_of(theirs.key)]))
    group = land.group[who]
    from_own, has_own = _look_up(mine.key, who)
    from_group, has_group = _look_up(theirs.key, group)
    own_level = np.where(has_own, mine.level[from_own], -1.0) if len(mine.key) else np.full(len(who), -1.0)
    group_level = np.where(has_group, theirs.level[from_group], -1.0) if len(theirs.key) else np.full(len(who), -1.0)
    is_own = own_level >= group_level

    def pick(ours: NDArray[_T], others: NDArray[_T]) -> NDArray[_T]:
        if not len(others):
            return ours[from_own]
        return np.where(is_own, ours[from_own], others[from_group]) if len(ours) else others[from_group]

    return Pool(
        enterprise=who,
        relation=pick(mine.relation, theirs.relation),
        level=np.maximum(own_level, group_level),
        evidence=pick(mine.evidence, theirs.evidence),
        capacity=_capacities(land, (own, projects), group),
        about=pick(mine.about, theirs.about),
        by=pick(mine.by, theirs.by),
    )


def _look_up(keys: Numbers, wanted: Numbers) -> tuple[Numbers, Flags]:
    """Where each wanted one stands among ascending keys, and whether it is there."""
    if not len(keys):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, keys[at] == wanted


def _capacities(land: Landscape, making: tuple[Made, ...], group: Numbers) -> Values:
    """The greatest capacity that is told of anybody in a group."""
    told = np.concatenate([made.maker[~np.isnan(made.capacity)] for made in making])
    amount = np.concatenate([made.capacity[~np.isnan(made.capacity)] for made in making])
    keys = distinct(land.group[told])
    most = np.zeros(len(keys))
    np.maximum.at(most, np.searchsorted(keys, land.group[told]), amount)
    at, known = _look_up(keys, group)
    return np.where(known, most[at], np.nan) if len(keys) else np.full(len(group), np.nan)


def _trust(made: Made) -> Values:
    trust: Values = _THINNEST + (1 - _THINNEST) * made.evidence
    return trust


def _bracket(capacity: Values, demand: float | None) -> Values:
    if demand is None:
        return np.full(len(capacity), _WITHOUT_CAPACITY)
    return _WITHOUT_CAPACITY + (1 - _WITHOUT_CAPACITY) * np.minimum(1.0, np.nan_to_num(capacity) / demand)


@dataclass(frozen=True, eq=False)
class _Chosen:
    """The best offer of each key, keys ascending."""

    key: Numbers
    level: Values
    evidence: Values
    relation: Numbers
    about: Numbers
    by: Numbers


class _Offers:
    """Relations found one after the other; of equal ones the first stands, and of equal makers the first by id."""

    def __init__(self) -> None:
        self._made: list[tuple[Relation, int, Made, Values]] = []

    def add(self, relation: Relation, about: int, made: Made, bracket: Values | float) -> None:
        """What somebody makes, and how much its capacity adds."""
        if len(made.maker):
            self._made.append((relation, about, made, _trust(made) * bracket * RELATIONS[relation][2]))

    def best(self, group: Numbers | None = None, here: Flags | None = None) -> _Chosen:
        """By maker, or by owner group of the makers that are not here."""
        if not self._made:
            none = np.zeros(0, np.int64)
            return _Chosen(none, np.zeros(0), np.zeros(0), none, none, none)
        maker = np.concatenate([made.maker for _, _, made, _ in self._made])
        level = np.concatenate([level for *_, level in self._made])
        evidence = np.concatenate([made.evidence for _, _, made, _ in self._made])
        sizes = [len(made.maker) for _, _, made, _ in self._made]
        relation = np.repeat([RELATION_NAMES.index(name) for name, *_ in self._made], sizes)
        about = np.repeat([product for _, product, *_ in self._made], sizes)
        if group is not None and here is not None:
            elsewhere = ~here[maker]
            maker, level, evidence = maker[elsewhere], level[elsewhere], evidence[elsewhere]
            relation, about = relation[elsewhere], about[elsewhere]
        key = maker if group is None else group[maker]
        # Stable: of equal keys and levels the offer that came first.
        order = np.lexsort((-level, key))
        ordered = key[order]
        first = np.ones(len(order), np.bool_)
        first[1:] = ordered[1:] != ordered[:-1]
        at = order[first]
        return _Chosen(key[at], level[at], evidence[at], relation[at], about[at], maker[at])
