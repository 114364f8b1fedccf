"""What could stand in for a product that is lost: makers elsewhere, its sister kinds here, other recipes."""

from functools import cache

from pydantic import Field

from graph.readers.port import Reader
from graph.readers.port_types import Chain, Tally
from graph.readers.ragged import gather
from queries.base import Record
from queries.chain.closure import Network
from queries.chain.removal import Removal

_NAMED = 5
_ROUTES = 3


class Substitute(Record):
    """Who else makes a product that goes, and what else of its class is made here."""

    product: str = Field(title="产品", description="id")
    makers_elsewhere: int = Field(title="外地生产者数", description="recorded makers that are not here")
    nearest_in: str | None = Field(
        title="最近地区", description="id of the nearest region around this one with a maker; null: only farther away"
    )
    nearest: int = Field(title="该地区生产者数", description="how many of them are there")
    named: tuple[str, ...] = Field(title="举例", description="ids of makers elsewhere, nearest first, at most 5")
    kinds_here: tuple[str, ...] = Field(title="本地同类产品", description="other kinds of its class that are made here")


class Route(Record):
    """A recipe of a lost product that does without what was removed."""

    product: str = Field(title="产品", description="id")
    process: str = Field(title="工艺", description="id")
    kind: str = Field(title="类别", description="step, recycling or aggregate")
    still_needs: tuple[str, ...] = Field(
        title="尚缺投入", description="ids of inputs and services that would be missing here; empty: nothing is"
    )
    buys: tuple[str, ...] = Field(
        title="需外购", description="ids of inputs and services that are not here and would be bought in"
    )


class StandIns:
    """What could stand in, for one region."""

    def __init__(self, reader: Reader, tally: Tally, network: Network) -> None:
        self._reader = reader
        self._chain: Chain = reader.chain()
        self._tally = tally
        self._network = network
        # The nearest first; a whole country is not near.
        self._rings = [one for one in reader.around(tally.region)[1:] if len(reader.around(one)) > 1]
        self._placed = cache(lambda ring: frozenset(reader.placed(ring, ("enterprise", "project"))))
        self.substitute = cache(self._substitute)

    def _substitute(self, number: int) -> Substitute:
        chain, tally = self._chain, self._tally
        product = chain.products[number]
        here = len(tally.makers.row(number))
        elsewhere = int(tally.total[number]) - here
        makers = [one.entity for one in self._reader.makers(product, tally.region) if not one.here] if elsewhere else []
        nearest_in, near = None, []
        for ring in self._rings if makers else ():
            near = [one for one in makers if one in self._placed(ring)]
            if near:
                nearest_in = ring
                break
        return Substitute(
            product=product,
            makers_elsewhere=elsewhere,
            nearest_in=nearest_in,
            nearest=len(near),
            named=tuple([*near, *(one for one in makers if one not in set(near))][:_NAMED]),
            kinds_here=tuple(chain.products[kind] for kind in self._sisters(number)),
        )

    def _sisters(self, number: int) -> list[int]:
        """Other kinds of its classes with a maker here; neither its own kinds nor its classes."""
        chain = self._chain
        own = {number, *chain.above.row(number).tolist(), *chain.below.row(number).tolist()}
        kinds = set(gather(chain.below, chain.above.row(number))[1].tolist()) - own
        return sorted(kind for kind in kinds if len(self._tally.makers.row(kind)))

    def routes(self, number: int, removal: Removal) -> tuple[Route, ...]:
        """The recipes of a product that do not use what was removed: those that need least first, at most 3."""
        chain, network = self._chain, self._network
        removed = set(removal.products)
        found = []
        for way in network.ways.row(number).tolist():
            needs = network.needs.row(way)
            if removed.isdisjoint(needs.tolist()):
                process = int(network.process[way])
                missing = ~removal.kept[needs]
                bought = missing & ~network.here[needs] & network.lenient[way]
                found.append(
                    Route(
                        product=chain.products[number],
                        process=chain.processes[process],
                        kind=chain.kinds[process],
                        still_needs=tuple(chain.products[one] for one in needs[missing & ~bought].tolist()),
                        buys=tuple(chain.products[one] for one in needs[bought].tolist()),
                    )
                )
        return tuple(
            sorted(found, key=lambda route: (len(route.still_needs), len(route.buys), route.process))[:_ROUTES]
        )
