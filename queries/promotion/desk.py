"""A region's desk: all that is asked of candidates there whatever the product, worked out once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from graph.model.dates import end_of, start_of
from graph.readers.port import Reader
from graph.readers.ragged import distinct, gather
from queries.chain.assessment import Assessment, Thresholds, assess
from queries.promotion.landscape import Landscape, landscape_of
from queries.promotion.movement import Moves

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]
Flags = NDArray[np.bool_]

# How much each kind of tie says that somebody may come; together they add up like independent evidence.
GROUP_HERE, INVESTS_HERE, HOLDS_HERE, PARTNERS_HERE = 0.8, 0.5, 0.5, 0.5


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
        inside = np.zeros(len(flags), np.bool_)
        inside[self._inside] = True
        who, where = self.land.links("located_in")
        flags[who[inside[where]]] = True
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
        ours = np.flatnonzero(self.here)
        at, traders = gather(self.land.trades, ours)
        every = distinct(traders.astype(np.int64) << 32 | ours[at])
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

    @property
    def moves(self) -> Moves:
        """Who moved in the last years."""
        return self.land.moves(self.years)

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
