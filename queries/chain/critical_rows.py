"""One row of the question `critical`: who or what goes, what stops with it, who is hit, and what could stand in."""

from collections import Counter
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Literal

import numpy as np
from pydantic import Field

from graph.readers.port import Reader
from graph.readers.port_types import Flags, Tally
from graph.readers.ragged import gather
from queries.base import NodeRef, Record, refs
from queries.chain.bottleneck import Targets
from queries.chain.breaking import Breaking, Step
from queries.chain.closure import Network
from queries.chain.evidence import MAKING
from queries.chain.presence import Presence
from queries.chain.removal import Removal, Scope
from queries.chain.standins import Route, StandIns, Substitute
from queries.chain.supplied import Customer, Supplies

_NAMED = 20
_LISTED = 200
# Of those who make a product in a large region, as many are followed to their customers.
_FOLLOWED = 200
# Routes are told for so many lost products a row: what went, then targets, then what is made here.
_ROUTED = 12
_CLAIMS_SHOWN = 200

Standing = Literal["made", "implied", "class_only", "available", "bought_in"]
STANDINGS: dict[Standing, tuple[str, str]] = {
    "made": ("本地生产", "made here"),
    "implied": ("可推知本地有", "implied here"),
    "class_only": ("本地只知有同类产品", "only its class is known to be made here"),
    "available": ("本地可得", "available here"),
    "bought_in": ("外购", "bought in"),
}


class LostProduct(Record):
    """A product that can no longer be made here, and through which path."""

    product: str = Field(title="产品", description="id")
    target: bool = Field(title="链目标", description="whether it is a target of a chain")
    made_here: bool = Field(title="本地生产", description="somebody here makes it today; false: it only could be made")
    makers: int = Field(
        title="本地生产者数", description="enterprises and finished projects here that make it; downstream: others"
    )
    named: tuple[str, ...] = Field(title="本地生产者", description="their ids, at most 20")
    path: tuple[str, ...] = Field(
        title="路径",
        description="ids of product, process, product ... from what goes to it, a shortest one; empty: it goes itself",
    )
    claims: tuple[str, ...] = Field(title="陈述", description="claim ids of the path and of its being a target")


class Consequence(Record):
    """What a loss breaks. Numbers count the products that were asked about."""

    rank: int = Field(title="名次", description="by targets lost, links lost, enterprises hit, id")
    targets_lost: int = Field(title="断掉的目标产品数", description="targets of chains that can no longer be made here")
    links_lost: int = Field(title="断掉的环节数", description="links and services, targets among them included")
    enterprises_hit: int = Field(
        title="本地受影响企业数", description="others here that make something lost downstream"
    )
    removed: tuple[LostProduct, ...] = Field(
        title="直接失去", description="what goes first; what most of the lost depends on at the head"
    )
    lost: tuple[LostProduct, ...] = Field(
        title="随之断掉", description="downstream: targets first, then what is made here, then by id; at most 200"
    )
    lost_total: int = Field(title="随之断掉总数", description="listed or not")
    customers: tuple[Customer, ...] = Field(
        title="客户", description="over recorded supplies, everywhere; nearest tier first, then by id, at most 50"
    )
    customers_by_tier: tuple[int, ...] = Field(title="各层客户数", description="listed or not")
    customers_cut: bool = Field(title="客户未走完", description="there are more tiers or makers than were followed")
    substitutes: tuple[Substitute, ...] = Field(title="替代来源", description="for each product that goes first")
    routes: tuple[Route, ...] = Field(
        title="其他路线", description="recipes of what is lost that do without what goes first"
    )
    claims: tuple[str, ...] = Field(title="陈述", description="ids of the claims behind this row, at most 200")


class CriticalEnterprise(Consequence):
    """A maker (or an owner group's makers here) without which something is made by nobody here."""

    makers: tuple[NodeRef, ...] = Field(title="生产者", description="one; with group, all makers of the group here")


class CriticalProduct(Consequence):
    """A product that something here cannot do without."""

    product: NodeRef = Field(title="产品")
    standing: Standing = Field(title="来处", description=", ".join(STANDINGS))


class Rows:
    """Makes the rows of one answer; what they share is worked out once."""

    def __init__(
        self, reader: Reader, tally: Tally, presence: Presence, network: Network, now: Flags, targets: Targets,
        scope: Scope, tiers: int,
    ) -> None:  # fmt: skip
        self._reader, self._tally, self._presence, self._network = reader, tally, presence, network
        self._chain, self._scope, self._tiers = reader.chain(), scope, tiers
        self._targets = targets
        self._breaking = Breaking(network, now)
        self._stand_ins = StandIns(reader, tally, network)
        self._supplies = Supplies(reader)

    def enterprise(self, rank: int, removal: Removal) -> CriticalEnterprise:
        """The row of makers that go."""
        makers = [self._tally.entities[one] for one in removal.makers]
        named = refs(self._reader, makers)
        told = self._consequence(rank, removal, makers, None)
        return CriticalEnterprise(**told, makers=tuple(named[one] for one in makers))

    def product(self, rank: int, removal: Removal) -> CriticalProduct:
        """The row of a product that goes: its makers here stop supplying it."""
        number = removal.products[0]
        kinds = [number, *self._chain.below.row(number).tolist()]
        here = [self._tally.entities[one] for one in self._tally.makers.row(number).tolist()]
        told = self._consequence(rank, removal, here, {self._chain.products[kind] for kind in kinds})
        product = self._chain.products[number]
        return CriticalProduct(**told, product=refs(self._reader, [product])[product], standing=self._standing(number))

    def _consequence(
        self, rank: int, removal: Removal, suppliers: Sequence[str], goods: set[str] | None
    ) -> dict[str, object]:
        """The fields all rows share."""
        paths = self._breaking.paths(removal)
        lost = np.flatnonzero(removal.lost & self._scope.chosen)
        order = np.lexsort((lost, ~self._presence.made[lost], ~self._scope.targets[lost]))
        downstream = lost[order].tolist()
        customers = self._supplies.customers(suppliers[:_FOLLOWED], self._tiers, goods)
        # What carries most comes first.
        carried = Counter(paths[number][0].needed for number in downstream)
        gone_first = sorted(
            removal.products, key=lambda number: (-carried[number], not self._scope.chosen[number], number)
        )
        removed = tuple(self._lost(number, ()) for number in gone_first)
        gone = set(removal.makers)
        told = tuple(self._lost(number, paths[number], gone) for number in downstream[:_LISTED])
        routes = [
            route
            for number in [*gone_first, *downstream][:_ROUTED]
            for route in self._stand_ins.routes(number, removal)
        ]
        cited = [*self._made_by(removal, suppliers), *(claim for one in (*removed, *told) for claim in one.claims)]
        return {
            "rank": rank,
            "targets_lost": removal.targets,
            "links_lost": removal.links,
            "enterprises_hit": len(removal.hit),
            "removed": removed,
            "lost": told,
            "lost_total": len(downstream),
            "customers": customers.shown,
            "customers_by_tier": customers.by_tier,
            "customers_cut": customers.cut or len(suppliers) > _FOLLOWED,
            "substitutes": tuple(self._stand_ins.substitute(number) for number in gone_first),
            "routes": tuple(routes),
            "claims": tuple(dict.fromkeys(cited))[:_CLAIMS_SHOWN],
        }

    def _lost(self, number: int, path: Sequence[Step], gone: Collection[int] = ()) -> LostProduct:
        chain, tally = self._chain, self._tally
        every = tally.makers.row(number).tolist()
        here = [one for one in every if one not in gone]
        through = [chain.products[path[0].needed]] if path else []
        for step in path:
            through += [chain.processes[step.process], chain.products[step.product]]
        aims = self._aims.get(number, ())
        return LostProduct(
            product=chain.products[number],
            target=bool(aims),
            made_here=bool(every),
            makers=len(here),
            named=tuple(tally.entities[one] for one in here[:_NAMED]),
            path=tuple(through),
            claims=tuple(dict.fromkeys([*(claim for step in path for claim in self._told(step)), *aims])),
        )

    def _made_by(self, removal: Removal, suppliers: Sequence[str]) -> tuple[str, ...]:
        """Claims by which those that stop make what goes."""
        numbers = np.array(removal.products)
        kinds = {*removal.products, *gather(self._chain.below, numbers)[1].tolist()}
        products = [self._chain.products[one] for one in sorted(kinds)]
        return self._reader.cite(list(suppliers[:_FOLLOWED]), MAKING, products, _CLAIMS_SHOWN // 2) if suppliers else ()

    def _told(self, step: Step) -> tuple[str, ...]:
        """The claims of one step: that the process needs the one and yields the other."""
        chain = self._chain
        process = chain.processes[step.process]
        needed, made = chain.products[step.needed], chain.products[step.product]
        ends = ((needed, "input_to", process), (process, "uses", needed), (process, "yields", made))
        return tuple(claim for end in ends for claim in self._flows.get(end, ()))

    @cached_property
    def _flows(self) -> dict[tuple[str, str, str], tuple[str, ...]]:
        """The claims of all flows of the recipes that apply here, by subject, predicate and object."""
        chain = self._chain
        processes = [chain.processes[one] for one in np.unique(self._network.process).tolist()]
        found: dict[tuple[str, str, str], tuple[str, ...]] = {}
        for fact in self._reader.facts(processes, ("input_to", "uses", "yields"), "both"):
            if fact.used and fact.object is not None:
                end = (fact.subject, fact.predicate, fact.object)
                found[end] = (*found.get(end, ()), fact.claim)
        return found

    @cached_property
    def _aims(self) -> dict[int, tuple[str, ...]]:
        """The claims that make a product a target."""
        found: dict[int, tuple[str, ...]] = {}
        for product, claim in zip(self._targets.product.tolist(), self._targets.claim, strict=True):
            found[product] = (*found.get(product, ()), claim)
        return found

    def _standing(self, number: int) -> Standing:
        if self._presence.made[number]:
            return "made"
        if self._presence.implied[number]:
            return "implied"
        if self._presence.class_known[number]:
            return "class_only"
        return "available" if self._network.here[number] else "bought_in"
