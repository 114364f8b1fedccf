"""Who is supplied by those that stop, tier by tier, everywhere: with the chain of enterprises that leads there."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pydantic import Field

from graph.model.facts import Fact
from graph.readers.port import Reader
from queries.base import Record

_SHOWN = 50
# A hub's customers of customers are the whole country: beyond so many the walk stops and says so.
_WALKED = 2000


class Customer(Record):
    """An enterprise reached over recorded supplies."""

    tier: int = Field(title="层", description="1: a direct customer")
    enterprise: str = Field(title="企业", description="id")
    through: tuple[str, ...] = Field(title="供应路径", description="ids of the enterprises from the one lost to it")
    products: tuple[str, ...] = Field(title="所供产品", description="ids, of each link; '' where it is not told")
    claims: tuple[str, ...] = Field(title="陈述", description="claim ids of each link")


@dataclass(frozen=True)
class Customers:
    """Those reached, nearest first, then by id; `by_tier` counts them all, `cut` when the walk was stopped."""

    shown: tuple[Customer, ...]
    by_tier: tuple[int, ...]
    cut: bool


class Supplies:
    """Recorded supplies by supplier, fetched when first needed."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[str, tuple[Fact, ...]] = {}

    def customers(self, starts: Sequence[str], tiers: int, goods: Collection[str] | None = None) -> Customers:
        """Who is reached from these; in the first tier only by supplies of the `goods`, where given."""
        leading: dict[str, tuple[Fact, ...]] = dict.fromkeys(starts, ())
        frontier = sorted(starts)
        found: list[list[str]] = []
        for tier in range(tiers):
            self._fetch(frontier)
            fresh: list[str] = []
            for supplier in frontier:
                for fact in self._known[supplier]:
                    if tier == 0 and goods is not None and fact.qualifier not in goods:
                        continue
                    customer = str(fact.object)
                    if customer not in leading:
                        leading[customer] = (*leading[supplier], fact)
                        fresh.append(customer)
            if not fresh:
                break
            found.append(sorted(fresh))
            frontier = found[-1]
            if len(leading) > _WALKED:
                break
        listed = [(tier, one) for tier, those in enumerate(found, start=1) for one in those]
        return Customers(
            tuple(_customer(tier, one, leading[one]) for tier, one in listed[:_SHOWN]),
            tuple(len(those) for those in found),
            len(leading) > _WALKED and len(found) < tiers,
        )

    def _fetch(self, suppliers: Sequence[str]) -> None:
        missing = [one for one in suppliers if one not in self._known]
        told: defaultdict[str, list[Fact]] = defaultdict(list)
        for fact in self._reader.facts(missing, ("supplies",), "out") if missing else ():
            if fact.used:
                told[fact.subject].append(fact)
        self._known.update({one: tuple(told[one]) for one in missing})


def _customer(tier: int, enterprise: str, links: Sequence[Fact]) -> Customer:
    return Customer(
        tier=tier,
        enterprise=enterprise,
        through=(links[0].subject, *(str(link.object) for link in links)),
        products=tuple(link.qualifier for link in links),
        claims=tuple(link.claim for link in links),
    )
