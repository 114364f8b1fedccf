"""A region's desk: all that is asked of candidates there whatever the product, worked out once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from graph.model.dates import end_of, start_of
from graph.readers.port import Reader
from graph.readers.ragged import distinct
from queries.chain.assessment import Assessment, Thresholds, assess
from queries.promotion.landscape import YEAR, Landscape, landscape_of

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]
Flags = NDArray[np.bool_]

# How much each kind of tie says that somebody may come; together they add up like independent evidence.
GROUP_HERE, INVESTS_HERE, HOLDS_HERE, PARTNERS_HERE = 0.8, 0.5, 0.5, 0.5
# A place is dated by when it was seen, not by when it was opened, so it counts half a project.
SITE_WEIGHT = 0.5


@dataclass(frozen=True, eq=False)
class Desk:
    """Made by `open_desk`. Enterprises are numbered as in Landscape, products as in Chain."""

    reader: Reader
    region: str
    land: Landscape
    assessment: Assessment
    years: float

    @cached_property
    def _inside(self) -> Numbers:
        return self.land.places.inside(self.land.ties.number(self.region))

    @cached_property
    def inside_ids(self) -> tuple[str, ...]:
        """The region and its parts."""
        return tuple(self.land.ties.ids[one] for one in self._inside.tolist())

    @cached_property
    def around(self) -> frozenset[int]:
        """The region and all it is part of, by `Ties.ids`."""
        return frozenset(self.land.ties.number(one) for one in self.reader.around(self.region))

    @cached_property
    def nodes_here(self) -> Flags:
        """Whatever has a used place here, by `Ties.ids`."""
        flags = np.zeros(len(self.land.ties.ids), np.bool_)
        who, where = self.land.links("located_in")
        flags[who[np.isin(where, self._inside)]] = True
        return flags

    @cached_property
    def here(self) -> Flags:
        """Enterprises with a used place here."""
        return self.nodes_here[self.land.first : self.land.last]

    @cached_property
    def group_here(self) -> Flags:
        """By owner group: a member is here."""
        flags = np.zeros(self.land.groups, np.bool_)
        flags[self.land.group[self.here]] = True
        return flags

    def whereabouts(self, enterprise: int) -> tuple[str | None, Literal["maybe_here", "same_province"] | None]:
        """Its home province, else a place that is told, by id; and how near that is."""
        land, places = self.land, self.land.places
        told = [int(land.ties.object[row]) for row in places.row[places.who == enterprise].tolist()]
        home = int(places.home[enterprise])
        seat = home if home >= 0 else min(told, default=-1)
        if told and self.around.issuperset(told):
            return land.ties.ids[seat], "maybe_here"
        ours = places.province_of.get(land.ties.number(self.region), -2)
        return land.ties.ids[seat] if seat >= 0 else None, "same_province" if home == ours else None

    # Demand

    def demand(self, product: int) -> float | None:
        """Tonnes a year that are surely needed here; None where they are not known."""
        low = float(self.assessment.quantities.demand.low[product])
        return low if low > 0 else None

    def users(self, product: int) -> int:
        """How many here need it, or take it by a recipe in use."""
        return max(int(self.assessment.users[product]), int(self.assessment.quantities.demand.of[product]))

    def coming(self, product: int) -> tuple[Numbers, Numbers]:
        """Who invests in a project here that will make the product or a kind of it, and in one that already does."""
        first, kinds = self.land.first_product, self.land.kinds(product)
        project, made = self.land.links("project_product")
        making = project[np.isin(made - first, kinds)]
        who, whereto = self.projects_here
        whose = np.isin(whereto, making)
        finished = whose & np.isin(whereto, self.land.done)
        return who[whose & ~finished], who[finished]

    # Ties

    @cached_property
    def supplies_here(self) -> tuple[Numbers, Numbers]:
        """Who supplies a firm here of another group or is supplied by it, and that firm; each pair once, by both."""
        land = self.land
        seller, buyer = (node - land.first for node in land.links("supplies"))
        pairs = []
        for one, other in ((seller, buyer), (buyer, seller)):
            with_us = self.here[other] & (land.group[one] != land.group[other])
            pairs.append(one[with_us] << 32 | other[with_us])
        every = distinct(np.concatenate(pairs))
        return every >> 32, every & 0xFFFFFFFF

    @cached_property
    def supply_links(self) -> tuple[Numbers, Numbers]:
        """With how many firms here each enterprise, and each owner group, trades."""
        land = self.land
        one, other = self.supplies_here
        alone = np.bincount(one, minlength=land.count)
        together = np.bincount(distinct(land.group[one] << 32 | other) >> 32, minlength=land.groups)
        return alone, together

    @cached_property
    def projects_here(self) -> tuple[Numbers, Numbers]:
        """Investors and projects here (by `Ties.ids`), as pairs; cancelled and suspended ones left out."""
        who, project = self.land.links("invests_in")
        fits, number = self.land.enterprises_among(who)
        fits &= self.nodes_here[project] & ~np.isin(project, self.land.dropped)
        return number[fits], project[fits]

    @cached_property
    def holdings_here(self) -> tuple[Numbers, Numbers]:
        """Who holds a part of a firm here or is held in part by one, without control; and that firm."""
        owner, owned, controls = self.land.owned
        pairs = []
        for one, other in ((owner, owned), (owned, owner)):
            fits = ~controls & self.here[other] & (self.land.group[one] != self.land.group[other])
            pairs.append(one[fits] << 32 | other[fits])
        every = distinct(np.concatenate(pairs))
        return every >> 32, every & 0xFFFFFFFF

    @cached_property
    def partners_here(self) -> tuple[Numbers, Numbers]:
        """Who has a partner here, and the partner by `Ties.ids`: a firm of another group, or an institution."""
        land = self.land
        first, second = land.links("partners_with")
        pairs = []
        for one, other in ((first, second), (second, first)):
            ours, number = land.enterprises_among(one)
            firm, partner = land.enterprises_among(other)
            ours = ours & self.nodes_here[other]
            within = np.zeros(len(ours), np.bool_)
            both = ours & firm
            within[both] = land.group[number[both]] == land.group[partner[both]]
            fits = ours & ~within
            pairs.append(number[fits] << 32 | other[fits])
        every = distinct(np.concatenate(pairs))
        return every >> 32, every & 0xFFFFFFFF

    @cached_property
    def ties(self) -> Values:
        """The part `ties` of every enterprise: independent reasons that somebody may come, added up."""
        land = self.land
        apart = np.ones(land.count)
        apart[self.group_here[land.group]] *= 1 - GROUP_HERE
        for (who, _), weight in (
            (self.projects_here, INVESTS_HERE),
            (self.holdings_here, HOLDS_HERE),
            (self.partners_here, PARTNERS_HERE),
        ):
            tied = np.zeros(land.count, np.bool_)
            tied[who] = True
            apart[tied] *= 1 - weight
        return 1 - apart

    # Movement

    @cached_property
    def moves(self) -> tuple[Numbers, Numbers, Values]:
        """Who moved, by which row of Ties (an investment or a place), and how much it counts: of the last years only.

        Investments in projects outside the home province, and places there, of the enterprise and of those it controls.
        """
        land = self.land
        owner, owned, controls = land.owned
        acting = np.concatenate([np.arange(land.count), owner[controls]])
        through = np.concatenate([np.arange(land.count), owned[controls]])
        pairs = distinct(acting << 32 | through)
        acting, through = pairs >> 32, pairs & 0xFFFFFFFF
        whom = np.argsort(through, kind="stable")
        acting, through = acting[whom], through[whom]
        found = []
        for row, who, province, day, weight in (self._investments(), self._sites()):
            low, high = (np.searchsorted(through, who, side=side) for side in ("left", "right"))
            count = high - low
            ends = np.cumsum(count)
            at = np.repeat(low, count) + np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - count, count)
            mover, of = acting[at], np.repeat(np.arange(len(row)), count)
            home = land.places.home[mover]
            recent = (day[of] > land.day - self.years * YEAR) & (day[of] <= land.day) & (day[of] > 0)
            counts = recent & (home >= 0) & (province[of] >= 0) & (province[of] != home)
            found.append((mover[counts], row[of][counts], np.full(int(counts.sum()), weight)))
        mover, row, weights = (np.concatenate(part) for part in zip(*found, strict=True))
        return mover, row, weights

    def _investments(self) -> tuple[Numbers, Numbers, Numbers, Numbers, float]:
        """Rows, who invested, the project's province, and the first day that is told of the project."""
        land, ties = self.land, self.land.ties
        rows = ties.of("invests_in")
        who, project = ties.subject[rows].astype(np.int64), ties.object[rows].astype(np.int64)
        fits, number = land.enterprises_among(who)
        fits &= ~np.isin(project, land.dropped)
        rows, number, project = rows[fits], number[fits], project[fits]
        first_day = np.full(len(ties.ids), _NO_DAY, np.int64)
        for predicate in ("invests_in", "located_in", "status"):
            told = ties.of(predicate)
            told = told[ties.day[told] > 0]
            node = ties.object[told] if predicate == "invests_in" else ties.subject[told]
            np.minimum.at(first_day, node, ties.day[told])
        placed = ties.of("located_in")
        province = np.full(len(ties.ids), -1, np.int64)
        known = land.places.province_of
        for at in placed[np.isin(ties.subject[placed], project)][::-1].tolist():
            province[ties.subject[at]] = known.get(int(ties.object[at]), province[ties.subject[at]])
        day = np.where(first_day[project] == _NO_DAY, 0, first_day[project])
        # One a project, however many facts tell of the investment.
        kept = np.unique(number << 32 | project, return_index=True)[1]
        return rows[kept], number[kept], province[project[kept]], day[kept], 1.0

    def _sites(self) -> tuple[Numbers, Numbers, Numbers, Numbers, float]:
        land = self.land
        places, ties = land.places, land.ties
        sure = ~ties.flagged[places.row]
        row = places.row[sure]
        return row, places.who[sure], places.province[sure], ties.day[row].astype(np.int64), SITE_WEIGHT

    @cached_property
    def movement(self) -> Values:
        """The part `movement` of every enterprise."""
        mover, _, weight = self.moves
        moved = np.bincount(mover, weight, self.land.count)
        return moved / (moved + 2)

    # Policies

    @cached_property
    def policies(self) -> "Policies":
        """The policies that may support something here."""
        ties = self.land.ties
        products: dict[int, set[int]] = {}
        regions: dict[int, set[int]] = {}
        first, last = ties.span("product")
        for policy, supported in zip(*(one.tolist() for one in self.land.links("supports")), strict=True):
            if first <= supported < last:
                products.setdefault(policy, set()).add(supported - first)
            else:
                regions.setdefault(policy, set()).add(supported)
        every = sorted({*products, *regions})
        over = self._over([ties.ids[one] for one in every])
        live = [one for one in every if ties.ids[one] not in over]
        here = frozenset(one for one in live if regions.get(one, set()) & self.around)
        national = frozenset(one for one in live if one not in regions)
        return Policies(products, here, national)

    def support(self, product: int) -> float:
        """How many policies support making the product here; all that name no product count half a one together.

        A well-documented region has dozens of these: counted one by one they would drown whatever is said of a product.
        """
        whole, half = self.policies.supporting({product, *self.land.chain.above.row(product).tolist()})
        return len(whole) + 0.5 * bool(half)

    def _over(self, policies: list[str]) -> set[str]:
        """Those that have not begun or are past their end."""
        told = self.reader.facts(policies, ("start_date", "completion_date")) if policies else ()
        today = self.reader.as_of.valid
        return {
            fact.subject
            for fact in told
            if fact.used
            and (
                (fact.predicate == "completion_date" and end_of(str(fact.value)) < today)
                or (fact.predicate == "start_date" and start_of(str(fact.value)) > today)
            )
        }


_NO_DAY = 10_000_000


@dataclass(frozen=True, eq=False)
class Policies:
    """`products` a policy supports; `here`: of the region or one around it; `national`: of no region in particular."""

    products: Mapping[int, set[int]]
    here: frozenset[int]
    national: frozenset[int]

    def supporting(self, kinds: set[int]) -> tuple[list[int], list[int]]:
        """Those that support one of these products; and those of here that name none."""
        whole = [one for one in sorted(self.here | self.national) if self.products.get(one, set()) & kinds]
        half = [one for one in sorted(self.here) if one not in self.products]
        return whole, half


def open_desk(
    reader: Reader, region: str, thresholds: Thresholds, years: float = 5.0, assessment: Assessment | None = None
) -> Desk:
    """The desk of a region (its id)."""
    found = assessment or assess(reader, region, thresholds)
    return Desk(reader, found.region, landscape_of(reader, thresholds.control_share), found, years)
