"""Candidates of a product in a region, parts, scores and order: what `targets`, the back-test and the dossier share.

desk = open_desk(reader, region, thresholds, years)
ranking = rank(desk, product, weights)
ranking.enterprises, ranking.scores, ranking.parts, ranking.excluded
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from queries.promotion.candidates import REASON_NAMES, RELATION_NAMES, Pool, Reason, Relation, pool_of
from queries.promotion.desk import Desk, open_desk
from queries.promotion.scores import DEFAULT_WEIGHTS, PART_NAMES, contributions, order_of, total

__all__ = ["Desk", "Ranking", "open_desk", "rank"]

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Where nothing is known of the home market, it is taken to be neither crowded nor empty.
NEUTRAL_ROOM = 0.5
# So many digits of a part are kept: enough to rank by, few enough that the order of additions does not show.
_DIGITS = 9


@dataclass(frozen=True, eq=False)
class Ranking:
    """The candidates of a product in order of rank, and those left out in order of reason and id.

    `numbers` as in Landscape; rows of `parts` and `unknown` stand in order of rank, columns as in PARTS; `pool` and
    `at`: the candidate of each rank is at this place of the pool. `left_out` are places of the pool, `reasons` numbers
    of REASON_NAMES beside them.
    """

    desk: Desk
    product: int
    pool: Pool
    at: Numbers
    numbers: Numbers
    parts: Values
    unknown: Flags
    scores: Values
    weights: Mapping[str, float]
    left_out: Numbers
    reasons: Numbers

    @cached_property
    def enterprises(self) -> tuple[str, ...]:
        """The ids in order of rank."""
        return self.names(self.numbers)

    @cached_property
    def excluded(self) -> tuple[tuple[str, Reason], ...]:
        """Who is left out, and why."""
        names = self.names(self.pool.enterprise[self.left_out])
        return tuple((name, REASON_NAMES[why]) for name, why in zip(names, self.reasons.tolist(), strict=True))

    def names(self, numbers: Numbers) -> tuple[str, ...]:
        """The ids of enterprises by number."""
        land = self.desk.land
        return tuple(land.ties.ids[land.first + number] for number in numbers.tolist())

    def relation(self, place: int) -> Relation:
        """How the candidate at a place of the pool stands to the product."""
        return RELATION_NAMES[int(self.pool.relation[place])]

    def rank_of(self, enterprise: str) -> int | None:
        """The rank of an enterprise from 1, None where it is no candidate."""
        found = np.flatnonzero(self.numbers == self.desk.land.ties.number(enterprise) - self.desk.land.first)
        return int(found[0]) + 1 if len(found) else None


def rank(
    desk: Desk,
    product: int,
    weights: Mapping[str, float] = DEFAULT_WEIGHTS,
    excluded: Collection[str] = (),
    only: Sequence[str] | None = None,
) -> Ranking:
    """Rank the candidates of a product (its number in the chain).

    `excluded` are ids the user wants left out; `only` keeps of all candidates these.
    """
    pool = pool_of(desk.land, desk.here, product, desk.demand(product))
    kept = np.ones(len(pool.enterprise), np.bool_)
    if only is not None:
        kept = np.isin(pool.enterprise, _numbers(desk, only))
    why = _reasons(desk, product, pool, _numbers(desk, excluded))
    fit = np.flatnonzero(kept & (why < 0))
    parts, unknown = _parts(desk, product, pool, fit)
    scores = total(contributions(parts, weights))
    order = order_of(scores)
    out = np.flatnonzero(kept & (why >= 0))
    out = out[np.argsort(why[out], kind="stable")]
    return Ranking(
        desk, product, pool, fit[order], pool.enterprise[fit[order]], parts[order], unknown[order], scores[order],
        weights, out, why[out],
    )  # fmt: skip


def _numbers(desk: Desk, enterprises: Collection[str]) -> Numbers:
    return np.array([desk.land.ties.number(one) - desk.land.first for one in enterprises], np.int64)


def _reasons(desk: Desk, product: int, pool: Pool, unwanted: Numbers) -> Numbers:
    """The first reason that fits to leave each of the pool out, -1 for none."""
    who, land = pool.enterprise, desk.land
    making, finished = desk.coming(product)
    flags: dict[Reason, Flags] = {
        "dissolved": land.dissolved[who],
        "export_barred": land.barred[who],
        "already_here": desk.here[who] | np.isin(who, finished),
        "coming": np.isin(who, making),
        "excluded_by_user": np.isin(who, unwanted),
    }
    return np.select([flags[reason] for reason in REASON_NAMES], list(range(len(REASON_NAMES))), -1)


def _parts(desk: Desk, product: int, pool: Pool, fit: Numbers) -> tuple[Values, Flags]:
    """The parts of the candidates at these places of the pool, and which of them nothing is known of."""
    land, who = desk.land, pool.enterprise[fit]
    group = land.group[who]
    parts = np.zeros((len(fit), len(PART_NAMES)))
    unknown = np.zeros(parts.shape, np.bool_)

    def put(name: str, value: Values | float, is_unknown: Flags | bool = False) -> None:
        column = PART_NAMES.index(name)
        parts[:, column] = np.round(value, _DIGITS)
        unknown[:, column] = is_unknown

    put("makes", pool.level[fit])
    alone, together = desk.supply_links
    trading = np.maximum(alone[who] / (alone[who] + 1), 0.5 * together[group] / (together[group] + 1))
    put("pull", 0.5 * _served(desk, product, pool.capacity[fit]) + 0.5 * trading)
    presence = desk.assessment.presence
    has_recipe = bool(presence.has_recipe[product])
    put("push", float(presence.inputs_here[product]) if has_recipe else 0.0, not has_recipe)
    put("ties", desk.ties[who])
    homeless = land.places.home[who] < 0
    put("movement", np.where(homeless, 0.0, desk.moves.value[who]), homeless)
    share = land.home_shares(pool.about[fit], who)
    put("room", np.where(np.isnan(share), NEUTRAL_ROOM, 1 - share), np.isnan(share))
    support = desk.support(product)
    put("policy", support / (support + 1), not desk.policies.here)
    return parts, unknown


def _served(desk: Desk, product: int, capacity: Values) -> Values:
    """How much of the demand here it could serve: by its users, or by tonnes where that is more.

    A told capacity only adds: whoever comes builds anew, and a small plant told is no worse than silence.
    """
    users, demand = desk.users(product), desk.demand(product)
    by_users = np.full(len(capacity), users / (users + 3))
    if demand is None:
        return by_users
    served: Values = np.maximum(by_users, np.minimum(1.0, np.nan_to_num(capacity) / demand))
    return served
