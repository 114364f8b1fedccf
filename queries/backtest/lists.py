"""The lists a region would have been given at a cut-off, and where those that came later stood on them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph.model.errors import NodeMissing
from graph.model.predicates import PREDICATES
from graph.readers.port import Reader
from queries.backtest.cases import Comer
from queries.chain.assessment import Thresholds
from queries.promotion.candidates import RELATIONS
from queries.promotion.ranking import Desk, Ranking, open_desk, rank
from queries.promotion.scores import PARTS

Numbers = NDArray[np.int64]
EQUAL_WEIGHTS = dict.fromkeys(PARTS, 1.0)
# How somebody stood to the product at the cut-off, from the nearest to the farthest.
ON_RECORD: dict[str, tuple[str, str]] = {
    **{name: (zh, en) for name, (zh, en, _) in RELATIONS.items()},
    "makes_other": ("只知生产别的产品", "made something else"),
    "nothing": ("没有任何产品记录", "was not on record as a maker of anything"),
}
LINKS = tuple(sorted(name for name, told in PREDICATES.items() if told.links and not told.timeless))


class Standing(NamedTuple):
    """Where a case stood: ranks from 1 by the weights asked for, by equal ones, by capacity, by connections.

    `candidates`: the length of the list. None: not on it, and `missed` says why.
    """

    on_record: str
    made_here: bool
    candidates: int
    rank: int | None
    equal: int | None
    largest: int | None
    connected: int | None
    missed: str | None


class Lists:
    """The lists of one region at the AsOf of a reader, each ranked once."""

    def __init__(self, reader: Reader, region: str, thresholds: Thresholds, weights: Mapping[str, float]) -> None:
        self._reader = reader
        self.desk: Desk = open_desk(reader, region, thresholds)
        self._weights = weights
        self._ranked: dict[int, tuple[Ranking, Ranking]] = {}

    def standing(self, case: Comer, product: str) -> Standing:
        """Where a case stood on the list of a product (its id)."""
        chain = self._reader.chain()
        if product not in chain.index or not self._known(case.enterprise):
            why = "not_on_list" if product in chain.index else "product_unknown"
            return Standing(self._other(case.enterprise), False, 0, None, None, None, None, why)
        number = chain.index[product]
        ranking, equal = self._ranking(number)
        node = self._number(case.enterprise)
        pool = ranking.pool
        place = np.flatnonzero(pool.enterprise == node)
        candidates = ranking.numbers
        left_out: str | None = dict(ranking.excluded).get(case.enterprise)
        return Standing(
            on_record=ranking.relation(int(place[0])) if len(place) else self._other(case.enterprise),
            made_here=bool(self.desk.assessment.present[number]),
            candidates=len(candidates),
            rank=_place(candidates, node),
            equal=_place(equal.numbers, node),
            largest=_place(_by(candidates, _largest(ranking)), node),
            connected=_place(_by(candidates, -self._degrees[candidates].astype(np.float64)), node),
            missed=left_out or ("not_on_list" if len(candidates) else "no_candidates"),
        )

    def _ranking(self, product: int) -> tuple[Ranking, Ranking]:
        if product not in self._ranked:
            self._ranked[product] = (
                rank(self.desk, product, self._weights),
                rank(self.desk, product, EQUAL_WEIGHTS),
            )
        return self._ranked[product]

    def _number(self, enterprise: str) -> int:
        return self.desk.land.ties.number(enterprise) - self.desk.land.first

    def _known(self, enterprise: str) -> bool:
        try:
            self.desk.land.ties.number(enterprise)
        except KeyError:
            return False
        return True

    def _other(self, enterprise: str) -> str:
        """Of somebody who stood in no relation to the product: whether anything was known of what it makes."""
        try:
            made = self._reader.facts([enterprise], ("produces",))
        except NodeMissing:
            return "nothing"
        return "makes_other" if any(fact.used for fact in made) else "nothing"

    @cached_property
    def _degrees(self) -> Numbers:
        """By enterprise how many used facts join it to another node."""
        ties = self._reader.ties(LINKS)
        first, last = ties.span("enterprise")
        linked = ties.object >= 0
        ends = np.concatenate([ties.subject[linked], ties.object[linked]]).astype(np.int64) - first
        return np.bincount(ends[(ends >= 0) & (ends < last - first)], minlength=last - first)


def _largest(ranking: Ranking) -> NDArray[np.float64]:
    """A sort key: the greatest capacity first, those without one last."""
    capacity = ranking.pool.capacity[ranking.at]
    return np.where(np.isnan(capacity), np.inf, -capacity)


def _by(candidates: Numbers, key: NDArray[np.float64]) -> Numbers:
    """The candidates in order of a key, equal ones by id."""
    ordered: Numbers = candidates[np.lexsort((candidates, key))]
    return ordered


def _place(ordered: Numbers, node: int) -> int | None:
    found = np.flatnonzero(ordered == node)
    return int(found[0]) + 1 if len(found) else None


def counted_on_record(standings: Sequence[Standing]) -> dict[str, int]:
    """How many stood how to the product at the cut-off, all words told."""
    counts: defaultdict[str, int] = defaultdict(int)
    for standing in standings:
        counts[standing.on_record] += 1
    return {name: counts[name] for name in ON_RECORD}
