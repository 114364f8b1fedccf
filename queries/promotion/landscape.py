"""What is known of all enterprises wherever they are, as arrays: who makes what how surely, owners, homes, moves.

Worked out once for a reader's ties and kept beside them, as it is the same for every region and product.
"""

from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from graph.model.kinds import DONE_STATUSES
from graph.readers.port import Reader
from graph.readers.port_types import Chain, Rows, Ties
from graph.readers.ragged import distinct, rows_of
from queries.chain.concentration import MIN_CAPACITIES, MIN_COVER
from queries.promotion.making import Made, Making
from queries.promotion.movement import YEAR, Acting, Moves, moves_of
from queries.promotion.neighbours import NeighbourFinder
from queries.promotion.owner_groups import OwnerGroups
from queries.promotion.places import Places, places_of

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]
Flags = NDArray[np.bool_]

PREDICATES = (
    "produces", "project_product", "invests_in", "owns", "located_in", "part_of", "supplies", "partners_with",
    "supports", "bars", "status", "operating_status",
)  # fmt: skip
# How far a statement is to be believed, by the grade of its source: other, press, company, official.
GRADE_TRUST = (0.5, 0.75, 0.9, 1.0)
UNCERTAIN_DATE = 0.8
# Full trust for so many years, then a little less each year, never below the floor; undated ones stand between.
FRESH_YEARS, LOSS_A_YEAR, OLD_FLOOR, UNDATED = 3.0, 0.04, 0.6, 0.8
DROPPED_STATUSES = ("cancelled", "suspended")


class Landscape(OwnerGroups):
    """Enterprises are numbered from 0 in order of id, products as in Chain; projects and regions by `Ties.ids`."""

    def __init__(self, ties: Ties, chain: Chain, day: int, control_share: float) -> None:
        super().__init__(ties, control_share)
        self.chain = chain
        self.day = day
        self.first_product = ties.span("product")[0]
        self._made: dict[tuple[int, bool], Made] = {}
        self._shares: dict[int, tuple[Numbers, Values]] = {}
        self._rows: dict[str, Numbers] = {}
        self._links: dict[str, tuple[Numbers, Numbers]] = {}
        self._moves: dict[float, Moves] = {}

    # Links between enterprises

    @cached_property
    def trades(self) -> Rows:
        """By enterprise who of other groups supplies it or is supplied by it."""
        seller, buyer = (node - self.first for node in self.links("supplies"))
        apart = self.group[seller] != self.group[buyer]
        seller, buyer = seller[apart], buyer[apart]
        return rows_of(np.concatenate([seller, buyer]), np.concatenate([buyer, seller]), self.count)

    def links(self, predicate: str) -> tuple[Numbers, Numbers]:
        """Subject and object of every fact of a predicate, by `Ties.ids`."""
        if predicate not in self._links:
            rows = self.rows(predicate)
            self._links[predicate] = (self.ties.subject[rows].astype(np.int64), self.ties.object[rows].astype(np.int64))
        return self._links[predicate]

    def rows(self, predicate: str) -> Numbers:
        """The rows of Ties of a predicate."""
        if predicate not in self._rows:
            self._rows[predicate] = self.ties.of(predicate)
        return self._rows[predicate]

    def enterprises_among(self, node: NDArray[np.integer]) -> tuple[Flags, Numbers]:
        """Which of these nodes are enterprises, and the number of each (of others meaningless)."""
        return self._is_enterprise(node), self._enterprise(node)

    @cached_property
    def recipes(self) -> NeighbourFinder:
        """What stands one process up and down."""
        return NeighbourFinder(self.chain)

    # What is said of an enterprise or a project in a word

    def _worded(self, predicate: str, words: tuple[str, ...]) -> NDArray[np.int64]:
        """The nodes of which one of these words is told."""
        rows = self.rows(predicate)
        wanted = [at for at, word in enumerate(self.ties.words) if word in words]
        return self.ties.subject[rows[np.isin(self.ties.word[rows], wanted)]].astype(np.int64)

    @cached_property
    def done(self) -> Numbers:
        """Finished projects."""
        return self._worded("status", DONE_STATUSES)

    @cached_property
    def dropped(self) -> Numbers:
        """Projects that are cancelled or stand still."""
        return self._worded("status", DROPPED_STATUSES)

    @cached_property
    def dissolved(self) -> Flags:
        """Enterprises that are told to be no more."""
        flags = np.zeros(self.count, np.bool_)
        flags[self._enterprise(self._worded("operating_status", ("dissolved",)))] = True
        return flags

    @cached_property
    def barred(self) -> Flags:
        """Enterprises that a policy bars."""
        flags = np.zeros(self.count, np.bool_)
        flags[self._enterprise(self.links("bars")[1])] = True
        return flags

    # Who makes what

    @cached_property
    def strength(self) -> Values:
        """How far each statement is to be believed, by `Ties` row."""
        ties = self.ties
        trust = np.array(GRADE_TRUST)[ties.grade] * ties.confidence
        trust = np.where(ties.date_uncertain, trust * UNCERTAIN_DATE, trust)
        day = np.where(ties.day > 0, ties.day, ties.source_day)
        years = (self.day - day) / YEAR
        fresh = np.clip(1 - LOSS_A_YEAR * (years - FRESH_YEARS), OLD_FLOOR, 1.0)
        found: Values = trust * np.where(day > 0, fresh, UNDATED)
        return found

    @cached_property
    def _own(self) -> Making:
        rows = self.rows("produces")
        amount = np.where(self.ties.capacity[rows], self.ties.amount[rows], np.nan)
        return self._making(
            self._enterprise(self.ties.subject[rows]), self.ties.object[rows] - self.first_product,
            self.strength[rows], amount, self.ties.source[rows],
        )  # fmt: skip

    @cached_property
    def _by_projects(self) -> Making:
        """What finished projects make, by the enterprises that invested in them; as sure as the weaker statement."""
        ties = self.ties
        invest = self.rows("invests_in")
        invest = invest[self._is_enterprise(ties.subject[invest]) & np.isin(ties.object[invest], self.done)]
        planned = self.rows("project_product")  # in order of subject
        low = np.searchsorted(ties.subject[planned], ties.object[invest])
        high = np.searchsorted(ties.subject[planned], ties.object[invest], side="right")
        of_whom = np.repeat(invest, high - low)
        ends = np.cumsum(high - low)
        within = np.arange(len(of_whom)) - np.repeat(ends - (high - low), high - low)
        what = planned[np.repeat(low, high - low) + within]
        return self._making(
            self._enterprise(ties.subject[of_whom]), ties.object[what] - self.first_product,
            np.minimum(self.strength[of_whom], self.strength[what]), ties.amount[what], ties.source[what],
        )  # fmt: skip

    def _making(
        self,
        maker: Numbers,
        product: NDArray[np.integer],
        strength: Values,
        amount: Values,
        source: NDArray[np.integer],
    ) -> Making:
        order = np.argsort(product, kind="stable")
        starts = np.searchsorted(product[order], np.arange(len(self.chain.products) + 1))
        return Making(starts, maker[order], strength[order], amount[order], source[order].astype(np.int64))

    def kinds(self, product: int) -> list[int]:
        """A product and the kinds of it."""
        return sorted({product, *self.chain.below.row(product).tolist()})

    def made(self, product: int, *, by_projects: bool = False) -> Made:
        """Who makes a product or a kind of it: by themselves, or by the finished projects they invested in."""
        known = self._made.get((product, by_projects))
        if known is None:
            making = self._by_projects if by_projects else self._own
            known = self._made[product, by_projects] = making.of(self.kinds(product))
        return known

    # Where they are and where they went

    def moves(self, years: float) -> Moves:
        """Who moved in so many years up to the day."""
        if years not in self._moves:
            owner, owned, controls = self.owned
            acting = Acting(self.count, owner[controls], owned[controls])
            self._moves[years] = moves_of(self.ties, self.places, acting, self.dropped, self.first, self.day, years)
        return self._moves[years]

    @cached_property
    def places(self) -> Places:
        """Places, homes and provinces."""
        return places_of(self.ties, self.first, self.last)

    def home_shares(self, about: Numbers, enterprise: Numbers) -> Values:
        """The share of each one's group among the known makers of a product at its home; NaN where none makes it there.

        By capacities where at least five are told and they are half of the makers there, else by heads.
        """
        products = sorted(set(about.tolist()))
        for product in products:
            if product not in self._shares:
                self._shares[product] = self._home_shares(product)
        if not products:
            return np.zeros(0)
        # One key for product, province and group together, ascending as the products are.
        room = len(self.ties.ids) * self.groups
        keys = np.concatenate([at * room + self._shares[one][0] for at, one in enumerate(products)])
        shares = np.concatenate([self._shares[one][1] for one in products])
        home = self.places.home[enterprise]
        wanted = np.searchsorted(products, about) * room + home * self.groups + self.group[enterprise]
        if not len(keys):
            return np.full(len(enterprise), np.nan)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where((keys[at] == wanted) & (home >= 0), shares[at], np.nan)

    def _home_shares(self, product: int) -> tuple[Numbers, Values]:
        made = self.made(product)
        home = self.places.home[made.maker]
        placed = home >= 0
        maker, home, capacity = made.maker[placed], home[placed], made.capacity[placed]
        regions = distinct(home)
        at = np.searchsorted(regions, home)
        makers = np.bincount(at, minlength=len(regions))
        telling = np.bincount(at[~np.isnan(capacity)], minlength=len(regions))
        by_capacity = ((telling >= MIN_CAPACITIES) & (telling >= MIN_COVER * makers))[at]
        size = np.where(by_capacity, np.nan_to_num(capacity), 1.0)
        whole = np.bincount(at, size, len(regions))
        packed: Numbers = home * self.groups + self.group[maker]
        keys: Numbers = distinct(packed)
        share = np.bincount(np.searchsorted(keys, packed), size, len(keys))
        return keys, share / whole[np.searchsorted(regions, keys // max(self.groups, 1))]


_KEPT: WeakKeyDictionary[Ties, dict[tuple[int, float], Landscape]] = WeakKeyDictionary()


def landscape_of(reader: Reader, control_share: float) -> Landscape:
    """The landscape of a reader; kept as long as its ties are."""
    ties, day = reader.ties(PREDICATES), reader.as_of.valid.toordinal()
    kept = _KEPT.setdefault(ties, {})
    if (day, control_share) not in kept:
        kept[day, control_share] = Landscape(ties, reader.chain(), day, control_share)
    return kept[day, control_share]
