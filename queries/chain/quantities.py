"""Quantities: what the makers in a region can make, and what its users need of it, in tonnes a year.

Both are ranges. Capacity runs from what is surely there once (of one owner group the largest figure, as a group's may
repeat those of its plants; finished projects are not added to enterprises) to all figures added up. Demand runs over
the recipes its makers may use. Who tells no figure is counted, never taken as zero.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.readers.port_types import Amounts, Chain, Figures, Rows, Tally
from graph.readers.ragged import distinct, gather, pairs, rows_of, spans
from queries.chain.presence import Presence, Recipes

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Range:
    """Tonnes a year by product; `telling` entities gave a figure, `of` so many."""

    low: Amounts
    high: Amounts
    telling: Numbers
    of: Numbers


@dataclass(frozen=True, eq=False)
class Quantities:
    """By product. `users`: rows of who here makes something from it by a recipe in use, or consumes it.

    `uncertain`: makers whose figure is left out, as they stand elsewhere too. `at_most` and `at_least` bound the local
    supply ratio, capacity / demand; NaN where nothing can be said. The upper bound needs a figure of every maker and
    some demand; the lower one a figure of every user as well.
    """

    capacity: Range
    demand: Range
    users: Rows
    uncertain: Numbers
    at_most: Amounts
    at_least: Amounts


@dataclass(frozen=True, eq=False)
class _Told:
    """Figures side by side: an entity's tonnes of one product; `low` without those of kinds told beside it."""

    entity: Numbers
    product: Numbers
    low: Amounts
    high: Amounts


def find_quantities(chain: Chain, tally: Tally, presence: Presence) -> Quantities:
    """Capacity, demand and their ratio for every product in the tally's region."""
    told, projects = _told(chain, tally.capacities), _projects(tally)
    capacity = _capacity(chain, tally, told, projects)
    needs = _needs(chain, presence)
    users = _users(chain, tally, needs)
    demand = _demand(chain, tally, presence, told, needs, users, projects)
    products = len(chain.products)
    left_out = ~tally.capacities.inside
    at, above = gather(chain.above, tally.capacities.product[left_out])
    entity, product = tally.capacities.entity[left_out], tally.capacities.product[left_out]
    uncertain = rows_of(np.concatenate([product, above]), np.concatenate([entity, entity[at]]), products).counts()
    with np.errstate(divide="ignore", invalid="ignore"):
        known = (capacity.telling == capacity.of) & (demand.low > 0)
        at_most = np.where(known, capacity.high / demand.low, np.nan)
        at_least = np.where(known & (demand.telling == demand.of), capacity.low / demand.high, np.nan)
    return Quantities(capacity, demand, users, uncertain, at_most, at_least)


def _told(chain: Chain, figures: Figures) -> _Told:
    """One figure for each pair of entity and product: the largest."""
    inside = figures.inside
    packed = figures.entity[inside].astype(np.int64) << 32 | figures.product[inside]
    keys = distinct(packed)
    high = np.zeros(len(keys))
    np.maximum.at(high, np.searchsorted(keys, packed), figures.amount[inside])
    entity, product = keys >> 32, keys & 0xFFFFFFFF
    return _Told(entity, product, _without_kinds(chain, entity, product, high), high)


def _without_kinds(chain: Chain, entity: Numbers, product: Numbers, high: Amounts) -> Amounts:
    """Tonnes of each figure that no kind of the product tells beside it: what is told of a class includes its kinds."""
    low = high.copy()
    at, above = gather(chain.above, product)
    keys, classes = entity << 32 | product, entity[at] << 32 | above
    place = np.searchsorted(keys, classes)
    found = np.flatnonzero(keys[np.minimum(place, len(keys) - 1)] == classes) if len(keys) else np.zeros(0, np.int64)
    kinds: defaultdict[int, list[int]] = defaultdict(list)
    for kind, class_ in zip(at[found].tolist(), place[found].tolist(), strict=True):
        kinds[class_].append(kind)
    below = chain.below.counts()
    done: set[int] = set()
    # Kinds before their classes; of classes in a circle, which are one another's kinds, the first stands for itself.
    for figure in sorted(
        {*kinds, *(kind for row in kinds.values() for kind in row)}, key=lambda f: (below[product[f]], f)
    ):
        low[figure] = max(0.0, high[figure] - sum(low[kind] for kind in kinds[figure] if kind in done))
        done.add(figure)
    return low


def _capacity(chain: Chain, tally: Tally, told: _Told, projects: Numbers) -> Range:
    """Each figure counts for its product and the classes above."""
    at, above = gather(chain.above, told.product)
    product = np.concatenate([told.product, above])
    figure = np.concatenate([np.arange(len(told.product)), at])
    entity = told.entity[figure]
    low = _at_least(tally, projects, product, entity, told.low[figure], len(chain.products))
    high = _sums(product, told.high[figure], len(chain.products))
    telling = rows_of(product, entity, len(chain.products)).counts()
    return Range(low, high, telling, tally.makers.counts())


def _projects(tally: Tally) -> Numbers:
    """The projects among those who tell a figure."""
    telling = distinct(np.concatenate([tally.capacities.entity, tally.consumption.entity]).astype(np.int64))
    return telling[[tally.entities[one].startswith("prj:") for one in telling.tolist()]]


def _at_least(
    tally: Tally, projects: Numbers, product: Numbers, entity: Numbers, amount: Amounts, products: int
) -> Amounts:
    """By product what is surely there once: of enterprises or of finished projects, whichever is more."""
    is_project = np.isin(entity, projects)
    sums = (_once(tally, product[own], entity[own], amount[own], products) for own in (~is_project, is_project))
    return np.maximum(*sums)


def _once(tally: Tally, product: Numbers, entity: Numbers, amount: Amounts, products: int) -> Amounts:
    """By product: of each owner group the entity with most, added up over the groups."""
    pair, by_entity = _added(product, entity, amount)
    by_group = (pair >> 32) << 32 | tally.groups[pair & 0xFFFFFFFF].astype(np.int64)
    groups = distinct(by_group)
    most = np.zeros(len(groups))
    np.maximum.at(most, np.searchsorted(groups, by_group), by_entity)
    return _sums(groups >> 32, most, products)


def _added(product: Numbers, entity: Numbers, amount: Amounts) -> tuple[Numbers, Amounts]:
    """Pairs of product and entity, packed and each once, with the sum of their amounts."""
    packed: Numbers = product.astype(np.int64) << 32 | entity.astype(np.int64)
    pair = distinct(packed)
    return pair, _sums(np.searchsorted(pair, packed), amount, len(pair))


def _sums(where: NDArray[np.integer], amount: Amounts, count: int) -> Amounts:
    return np.bincount(where, amount, count).astype(np.float64)


@dataclass(frozen=True, eq=False)
class _Needs:
    """kg of each input per kg of a product, over its recipes: pairs of product and input, packed; NaN: not told."""

    pair: Numbers
    low: Amounts
    high: Amounts


def _users(chain: Chain, tally: Tally, needs: _Needs) -> Rows:
    """Makers of what takes it, and whoever is told to consume it."""
    at, maker = gather(tally.makers, needs.pair >> 32)
    consumed, consuming = pairs(tally.users)
    taken = (needs.pair & 0xFFFFFFFF)[at]
    return rows_of(np.concatenate([taken, consumed]), np.concatenate([maker, consuming]), len(chain.products))


def _demand(
    chain: Chain, tally: Tally, presence: Presence, told: _Told, needs: _Needs, users: Rows, projects: Numbers
) -> Range:
    products = len(chain.products)
    consumer = _told(chain, tally.consumption)
    inputs = rows_of(needs.pair >> 32, np.arange(len(needs.pair)), products, unique=False)
    figure, need = gather(inputs, _recipe_product(chain, presence, told.product))
    wanted, who = (needs.pair & 0xFFFFFFFF)[need], told.entity[figure]
    low, high = told.low[figure] * needs.low[need], told.high[figure] * needs.high[need]
    # A consumption that is told stands for what the recipes would give.
    direct = consumer.product.astype(np.int64) << 32 | consumer.entity
    worked_out = ~np.isin(wanted << 32 | who, direct) & ~np.isnan(low)
    wanted = np.concatenate([wanted[worked_out], consumer.product])
    who = np.concatenate([who[worked_out], consumer.entity])
    low = np.concatenate([low[worked_out], consumer.low])
    high = np.concatenate([high[worked_out], consumer.high])
    telling = rows_of(wanted[high > 0], who[high > 0], products).counts()
    return Range(
        _at_least(tally, projects, wanted, who, low, products), _sums(wanted, high, products), telling, users.counts()
    )


def _needs(chain: Chain, presence: Presence) -> _Needs:
    """Over the recipes that its makers are taken to use: the least and the most that a kg of each product takes."""
    recipes: Recipes = presence.in_use
    size = len(chain.products)
    process, yielded = pairs(chain.outputs)
    amount = chain.output_amounts[np.searchsorted(process << 32 | yielded, recipes.process << 32 | recipes.product)]
    # One row a recipe and input.
    starts, ends = chain.inputs.starts[recipes.process], chain.inputs.starts[recipes.process + 1]
    owner, flow = np.repeat(np.arange(len(starts)), ends - starts), spans(starts, ends)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = chain.input_amounts[flow] / amount[owner]
    ratio[~np.isfinite(ratio)] = np.nan
    packed: Numbers = recipes.product[owner].astype(np.int64) << 32 | chain.inputs.items[flow].astype(np.int64)
    pair = distinct(packed)
    at = np.searchsorted(pair, packed)
    low, high = np.full(len(pair), np.inf), np.zeros(len(pair))
    with np.errstate(invalid="ignore"):  # one that is not told makes the whole not told
        np.minimum.at(low, at, ratio)
        np.maximum.at(high, at, ratio)
    # A recipe that does without it.
    alternatives = np.bincount(recipes.product, minlength=size)
    low[np.bincount(at, minlength=len(pair)) < alternatives[pair >> 32]] = 0.0
    low[np.isnan(high)] = np.nan
    return _Needs(pair, low, high)


def _recipe_product(chain: Chain, presence: Presence, product: Numbers) -> Numbers:
    """Whose recipes tell what a product takes: its own, else those of the nearest class above that has some."""
    has = presence.has_recipe
    standing = product.copy()
    for at in np.flatnonzero(~has[product]):
        above = [int(one) for one in chain.above.row(int(product[at])) if has[one]]
        if above:
            # The nearest class has the most classes above itself.
            standing[at] = max(above, key=lambda one: (len(chain.above.row(one)), -one))
    return standing
