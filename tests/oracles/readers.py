"""Every kind of reader, made from the same claims. A new implementation is one line in READERS."""

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, cast

from graph.model.claims import Claim, Decision, Source, StoredClaim, claim_id
from graph.model.dates import AsOf
from graph.model.facts import Fact
from graph.readers.port import Reader
from oracles.comparing import (
    Shape,
    makers_shape,
    reader_shape,
    region_shape,
)
from oracles.held_store import HeldStore
from oracles.plain_reader import PlainReader

TODAY = AsOf.parse("2026-11-23")


class Given(NamedTuple):
    """What a reader is made from."""

    stored: Sequence[StoredClaim]
    sources: Sequence[Source]
    decisions: Sequence[Decision]
    as_of: AsOf

    def store(self) -> HeldStore:
        """A store that holds it."""
        return HeldStore(self.stored, self.sources, self.decisions)


def plain_of(given_: Given) -> Reader:
    """What the other readers are compared with."""
    return PlainReader.of(given_.stored, given_.sources, given_.as_of, decisions=given_.decisions)


def _snapshot(given_: Given) -> Reader:
    from graph.readers.opening import open_reader

    return open_reader(given_.store(), given_.as_of)


def _cached(given_: Given) -> Reader:
    """A snapshot whose arrays another process has left in a file."""
    from graph.readers.opening import Readers

    with TemporaryDirectory() as folder:
        file = Path(folder) / "cache"
        Readers(given_.store(), file).at(given_.as_of)
        return Readers(given_.store(), file).at(given_.as_of)


def _pushed_down(given_: Given, later: int = 0) -> Reader:
    """Off the server: its plain graph is of the day asked about, or of one so many days later."""
    from oracles.neo4j_held import HeldReader

    return cast(Reader, HeldReader(*given_, given_.as_of.valid + timedelta(days=later)))


READERS: dict[str, Callable[[Given], Reader]] = {
    "plain": plain_of,
    "snapshot": _snapshot,
    "cached": _cached,
}
if os.environ.get("RECHAIN_TEST_NEO4J"):
    READERS |= {"neo4j": _pushed_down, "neo4j-then": lambda given_: _pushed_down(given_, later=5000)}
ON_THE_SERVER = [name for name in READERS if name.startswith("neo4j")]
OTHERS = [name for name in READERS if name != "plain" and name not in ON_THE_SERVER]

ReaderOf = Callable[..., Reader]


def stored_claims(claims: Iterable[Claim], retracted: Sequence[str] = ()) -> list[StoredClaim]:
    """Claims as a store keeps them."""
    by_id = {claim_id(one): one for one in claims}
    return [
        StoredClaim(id_, one, "retracted" if id_ in retracted else "accepted", "2026-01-01", 1, 1)
        for id_, one in by_id.items()
    ]


def same_as(kept: str, other: str, action: str = "same_as") -> Decision:
    """Two nodes decided to be one, or not."""
    return Decision(action, kept, other, "test", "2026-01-01", "one and the same")  # type: ignore[arg-type]


def keys(facts: Iterable[Fact]) -> list[tuple[str, str, str | None, str]]:
    """What facts are about."""
    return [(fact.subject, fact.predicate, fact.object, fact.qualifier) for fact in facts]


def assert_equal(one: Reader, other: Reader, recent_years: float = 8.0, every: int = 1) -> None:
    """Whatever can be asked, both say the same; of regions and products, `every` so many are asked about."""
    _assert_same(reader_shape(one), reader_shape(other))
    regions, products = one.ids(["region"])[::every], one.ids(["product"])[::every]
    for region in regions:
        _assert_same(region_shape(one, region, recent_years), region_shape(other, region, recent_years))
    for product in products:
        for here in (None, *regions[:1]):
            assert makers_shape(one.makers(product, here)) == makers_shape(other.makers(product, here))
        for country in (None, "CN", "x"):
            assert one.capacities(product, country) == other.capacities(product, country)


def _assert_same(one: Shape, other: Shape) -> None:
    for part in one.keys() | other.keys():
        assert one.get(part) == other.get(part), part
