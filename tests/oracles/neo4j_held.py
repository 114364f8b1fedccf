"""What a test is given, recorded into the real Neo4j server that RECHAIN_TEST_NEO4J names; wiped each time."""

import atexit
import os
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from conftest import wipe

from graph.model.claims import Batch, Claim, Decision, Source, StoredClaim, claim_id
from graph.model.dates import AsOf
from graph.readers.opening import open_reader
from graph.readers.port import Reader
from graph.stores import neo4j_statements as statements
from graph.stores.neo4j import Address, Neo4jStore

URL = os.environ.get("RECHAIN_TEST_NEO4J", "")
_today = date.max


@cache
def server() -> Neo4jStore:
    """The store on the server, one for all tests of a run."""
    wipe(URL)  # whatever is there now need not be a store
    store = Neo4jStore(Address.parse(URL), today=lambda: _today)
    atexit.register(store.close)
    return store


def held_in_neo4j(
    stored: Sequence[StoredClaim], sources: Sequence[Source], decisions: Sequence[Decision], today: date
) -> Neo4jStore:
    """A store that holds just this, its plain graph of that day, recorded and decided the way it is in earnest.

    Afterwards revisions and days of recording are set to those given: here they took several steps.
    """
    global _today  # noqa: PLW0603  # the one store asks it
    _today = today
    store = server()
    HeldReader._latest = None
    write("MATCH (n) DETACH DELETE n")
    write(statements.MAKE_STORE, identity=store.identity, schema=statements.SCHEMA_VERSION)
    plain = all(one.status == "accepted" for one in stored)
    # Decisions may be about nodes that no claim names: names that are taken back at once make them nodes for a moment.
    strangers = [_stranger(node) for node in sorted({node for d in decisions for node in (d.target, d.other)})]
    ours = (*(one.claim for one in stored), *(strangers if decisions else ()))
    declared = "accepted" if plain and not decisions else "proposed"
    store.record(Batch("held", "held", declared, False, "2026-01-01", "test", sources, ours))  # type: ignore[arg-type]
    if declared == "proposed":
        words = {"accepted": "accept", "retracted": "retract"}
        said = [_decision(words[one.status], one.id) for one in stored if one.status in words]
        store.decide([*said, *(_decision("retract", claim_id(one)) for one in strangers), *decisions])
    write("MATCH (c:Claim) WHERE c.id IN $ids DETACH DELETE c", ids=[claim_id(one) for one in strangers])
    write("MATCH (c:Claim) SET c.revision = 1, c.changed = 1, c.recorded_at = '2026-01-01'")
    write("MATCH (s:Store) SET s.revision = 1")
    return store


class HeldReader:
    """The reader of what is given. There is one database: asked after another was, it is recorded again.

    `moved`: the days it was asked to turn to since.
    """

    _latest: "HeldReader | None" = None

    def __init__(
        self,
        stored: Sequence[StoredClaim],
        sources: Sequence[Source],
        decisions: Sequence[Decision],
        as_of: AsOf,
        today: date,
        moved: tuple[AsOf, ...] = (),
    ) -> None:
        self._given = (stored, sources, decisions, today)
        self._as_of = as_of
        self._moved = moved
        self._reader: Reader | None = None

    def at(self, as_of: AsOf) -> "HeldReader":
        """See Reader."""
        stored, sources, decisions, today = self._given
        return HeldReader(stored, sources, decisions, self._as_of, today, (*self._moved, as_of))

    def __getattr__(self, name: str) -> Any:
        if HeldReader._latest is not self or self._reader is None:
            self._reader = open_reader(held_in_neo4j(*self._given), self._as_of, "neo4j")
            for as_of in self._moved:
                self._reader = self._reader.at(as_of)
            HeldReader._latest = self
        return getattr(self._reader, name)


def write(statement: str, **parameters: Any) -> None:
    """Run a statement of the tests."""
    server()._write(lambda tx: tx.run(statement, parameters).consume())  # type: ignore[arg-type]


def rows(statement: str, **parameters: Any) -> list[dict[str, Any]]:
    """What a statement gives."""
    return server().read(lambda tx: tx.run(statement, parameters).data())  # type: ignore[arg-type]


def _stranger(node: str) -> Claim:
    return Claim(node, "name_en", None, "-", None, "", None, None, (), (), "src:1", "stranger", 0.123)


def _decision(action: str, target: str) -> Decision:
    return Decision(action, target, "", "test", "2026-01-01", "")  # type: ignore[arg-type]
