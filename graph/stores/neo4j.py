"""A store in Neo4j 5.26 or newer: claims, and the facts of today as a plain graph for everybody's Cypher.

neo4j_statements   all Cypher, and what is kept
neo4j_rows         claims, sources and names as rows
neo4j_writing      one writer: which transactions a change takes, and recovery
neo4j_recording, neo4j_deciding   what comes in
neo4j_ledger       what is entered beside the graph
neo4j_meta, neo4j_status          the :Store node, which claims count
neo4j_graph, projection           the plain graph that follows from it
This file has the connection: URL, sessions, retries, and the driver's errors in our words.
"""

import logging
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit, urlunsplit

import neo4j
from neo4j import exceptions as faults

from graph.model.claims import Batch, BatchRecord, Decision, Receipt, Source, StoredClaim
from graph.model.errors import BadInput, StoreDown, StoreError, StoreForeign, StoreRefused
from graph.model.kinds import NODE_KINDS
from graph.model.ledger import Book, Entered, Entry, EntryRecord
from graph.model.names import normal
from graph.stores import neo4j_statements as statements
from graph.stores.neo4j_graph import decision_of
from graph.stores.neo4j_ledger import entry_of
from graph.stores.neo4j_meta import Meta, meta_of
from graph.stores.neo4j_reading import find, parameters_of, way_in
from graph.stores.neo4j_recording import Plan, batch_record, earlier_receipt
from graph.stores.neo4j_rows import source_of, stored_claim
from graph.stores.neo4j_writing import Limits, Writer
from graph.stores.port import ALL_CLAIMS, ClaimFilter, DecisionRecord, NameHit, Progress

READ_SECONDS, WRITE_SECONDS = 1.5, 4.0
CONNECT_SECONDS = 2.0
PAGE = 20_000
# Evenly spaced and short: the driver's own (1 s, doubling) would overstep the seconds above by as much again.
_RETRY = {"initial_retry_delay": 0.2, "retry_delay_multiplier": 1.0}
_COMMITS = 5  # how often in a row a connection may be lost during COMMIT
T = TypeVar("T")
# The driver warns at each retry. Without this, a program that sets up no logging would show that to its user.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


class Address(NamedTuple):
    """A store URL taken apart; `location` is what people may see of it."""

    uri: str
    user: str | None
    password: str
    database: str | None
    location: str

    @classmethod
    def parse(cls, url: str, environment: Mapping[str, str] = os.environ) -> "Address":
        """From `bolt://user:password@host:port/database`; user and password may stand in the environment instead."""
        try:
            parts = urlsplit(url)
            known = parts.hostname and (parts.port or True)
        except ValueError:
            known = None
        if not known:
            raise BadInput(
                "The address of the Neo4j store cannot be read. Write bolt://user:password@host:7687/database, with "
                "signs like @, : and / in the password percent-encoded."
            )
        host = parts.netloc.rpartition("@")[2]
        user = unquote(parts.username) if parts.username else environment.get("RECHAIN_NEO4J_USER")
        password = unquote(parts.password or "") or environment.get("RECHAIN_NEO4J_PASSWORD", "")
        database = unquote(parts.path.strip("/")) or None
        if password and not user:
            user = "neo4j"
        place = f"{parts.scheme}://{host}" + (f"/{database}" if database else "")
        return cls(urlunsplit((parts.scheme, host, "", parts.query, "")), user, password, database, place)


@contextmanager
def our_errors(location: str) -> Iterator[None]:
    """Tell the driver's errors in our words; most specific first."""
    try:
        yield
    except faults.DriverError as error:
        raise _of_driver(error, location) from error
    except faults.Neo4jError as error:
        raise _of_server(error, location) from error
    except UnicodeEncodeError as error:
        raise BadInput(
            "A text of the batch holds half a character ({code}). Mend the encoding of the file.",
            code=hex(ord(error.object[error.start])),
        ) from error


def _of_driver(error: faults.DriverError, location: str) -> StoreError | BadInput:
    if isinstance(error, faults.ConfigurationError):
        return BadInput("The address {location} cannot be used: {reason}", location=location, reason=str(error))
    if isinstance(error, faults.IncompleteCommit):
        return StoreDown(
            "The connection to Neo4j at {location} was lost while it kept a change, so it is not known whether it did. "
            "Do it again when the server is back: nothing is kept twice.",
            location=location,
        )
    return StoreDown(
        "Neo4j at {location} cannot be reached ({reason}). See that the server runs and the address is right, "
        "then try again.",
        location=location,
        reason=type(error).__name__,
    )


def _of_server(error: faults.Neo4jError, location: str) -> StoreError | BadInput:
    if error.code.startswith("Neo.ClientError.Security."):
        return StoreRefused(
            "Neo4j at {location} refused the user or the password ({reason}). Put them into the URL, or into "
            "RECHAIN_NEO4J_USER and RECHAIN_NEO4J_PASSWORD.",
            location=location,
            reason=error.title,
        )
    if error.title == "DatabaseNotFound":
        return BadInput(
            "Neo4j has no database of the name in {location}. Make it, or name another after the port.",
            location=location,
        )
    if "OutOfMemory" in error.title:
        return StoreDown(
            "The memory of Neo4j at {location} is too small for this change; nothing of it was kept. Raise "
            "server.memory.heap.max_size, or load smaller data sets.",
            location=location,
        )
    if isinstance(error, faults.TransientError):
        return StoreDown(
            "Neo4j at {location} is not ready ({reason}). Try again soon.", location=location, reason=error.title
        )
    if isinstance(error, faults.ClientError):
        return StoreRefused(
            "Neo4j at {location} refused this ({reason}): {message}",
            location=location,
            reason=error.title,
            message=error.message[:300],
        )
    return StoreDown(
        "Neo4j at {location} failed ({reason}). Nothing of this change was kept. See the server's log.",
        location=location,
        reason=error.title,
    )


def _utc_today() -> date:
    return datetime.now(UTC).date()


class Neo4jStore:
    """The Store port on Neo4j. Safe to use from several threads; finds the server again when it comes back."""

    def __init__(self, address: Address, today: Callable[[], date] = _utc_today, limits: Limits | None = None) -> None:
        """Connect, and make the schema in an empty database. `today` gives the day the plain graph is of (UTC)."""
        self._address = address
        self._closed = False
        auth = (address.user, address.password) if address.user else None
        with our_errors(address.location):
            self._driver = neo4j.GraphDatabase.driver(
                address.uri,
                auth=auth,
                connection_timeout=CONNECT_SECONDS,
                connection_acquisition_timeout=CONNECT_SECONDS * 2,
                notifications_min_severity="OFF",
                telemetry_disabled=True,
            )
        self._writer = Writer(self._write, address.location, today, limits or Limits())
        try:
            self._identity = self._prepared().identity
        except BaseException:
            self._driver.close()
            raise

    @classmethod
    def open(cls, url: str) -> "Neo4jStore":
        """The store in the database that `bolt://user:password@host:port/database` names."""
        return cls(Address.parse(url))

    def __repr__(self) -> str:
        return f"Neo4jStore({self.location!r})"

    @property
    def location(self) -> str:
        """Scheme, host, port and database."""
        return self._address.location

    @property
    def identity(self) -> str:
        """See Store."""
        return self._identity

    # Sessions

    @contextmanager
    def _session(self, mode: str, seconds: float) -> Iterator[neo4j.Session]:
        if self._closed:
            raise StoreDown("The store {location} has been closed. Open it again.", location=self.location)
        with (
            our_errors(self.location),
            self._driver.session(
                database=self._address.database,
                default_access_mode=mode,
                fetch_size=-1,
                max_transaction_retry_time=seconds,
                initial_retry_delay=_RETRY["initial_retry_delay"],
                retry_delay_multiplier=_RETRY["retry_delay_multiplier"],
            ) as session,
        ):
            yield session

    def read(self, body: Callable[[neo4j.ManagedTransaction], T]) -> T:
        """What the body finds in one read transaction; it may be run again. Raises StoreError when it cannot be had."""
        return self._again_if_unsure(lambda: self._once(neo4j.READ_ACCESS, READ_SECONDS, body))

    def _write(self, body: Callable[[neo4j.ManagedTransaction], T]) -> T:
        """Run the body until one run of it is known to be kept. It must find out by itself that it ran before."""
        return self._again_if_unsure(lambda: self._once(neo4j.WRITE_ACCESS, WRITE_SECONDS, body))

    def _once(self, mode: str, seconds: float, body: Callable[[neo4j.ManagedTransaction], T]) -> T:
        with self._session(mode, seconds) as session:
            return session.execute_read(body) if mode == neo4j.READ_ACCESS else session.execute_write(body)

    @staticmethod
    def _again_if_unsure(attempt: Callable[[], T]) -> T:
        """The driver tries again by itself, but not when the connection is lost during COMMIT."""
        for _ in range(_COMMITS - 1):
            try:
                return attempt()
            except StoreDown as error:
                if not isinstance(error.__cause__, faults.IncompleteCommit):
                    raise
        return attempt()

    def _prepared(self) -> Meta:
        """The meta node; made, with the schema, in a database that is empty."""
        found = self.read(lambda tx: tx.run(statements.META).single())
        if found is None:
            labels = self.read(lambda tx: tx.run(statements.ANY_NODE).single())
            if labels is not None:
                raise StoreForeign(
                    "The database at {location} holds other data (a node {labels}), and no rechain store. "
                    "Name an empty database: {location} with another name after the port.",
                    location=self.location,
                    labels=":".join(labels["labels"]) or "without label",
                )
            self._make()
            found = self.read(lambda tx: tx.run(statements.META).single())
        return meta_of(found, self.location)

    def _make(self) -> None:
        # Several programs may do this at once: every statement says IF NOT EXISTS, and the node is unique.
        self._complete_schema()
        made = {"identity": secrets.token_hex(8), "schema": statements.SCHEMA_VERSION}
        self._write(lambda tx: tx.run(statements.MAKE_STORE, made).consume())

    def _complete_schema(self) -> None:
        with self._session(neo4j.WRITE_ACCESS, WRITE_SECONDS) as session:
            there = set(session.run(statements.INDEX_NAMES).single(strict=True)["names"])
            for name in statements.SCHEMA.keys() - there:
                session.run(statements.SCHEMA[name]).consume()
            if statements.SCHEMA.keys() - there:
                session.run(statements.AWAIT_INDEXES).consume()

    # What comes in

    def record(self, batch: Batch, progress: Progress | None = None) -> Receipt:
        """See Store."""
        if not batch.key:
            raise BadInput("A batch needs a key, by which a second try at recording it is known.")
        if earlier := self.read(lambda tx: earlier_receipt(tx, batch.key)):
            if self._meta().behind:
                self._writer.recover()
            return earlier
        return self._writer.record(Plan.of(batch), progress)

    def decide(self, decisions: Sequence[Decision]) -> Receipt:
        """See Store."""
        return self._writer.decide(list(decisions))

    def enter(self, entries: Sequence[Entry]) -> Entered:
        """See Store."""
        # A database made before there was a ledger has no constraint for it yet.
        self._complete_schema()
        return self._writer.enter(list(entries))

    # What goes out

    def claims(self, where: ClaimFilter = ALL_CLAIMS) -> Iterator[StoredClaim]:
        """See Store. Read in pages, each as it was when it was read."""
        if any(given == () for given in where):
            return
        way, keys = way_in(where)
        parameters = parameters_of(where)
        last = self._meta().last_n
        after = 0
        while after < last:
            if way is None:
                upto = min(after + PAGE, last)
                rows = self._page_of_all(parameters | {"after": after, "upto": upto, "limit": PAGE})
                after = upto
            else:
                rows = self._page_by(way, parameters | {"after": after, "upto": last, "keys": keys, "limit": PAGE})
                after = rows[-1][-1] if len(rows) == PAGE else last
            yield from map(stored_claim, rows)

    def _page_of_all(self, parameters: dict[str, Any]) -> list[list[Any]]:
        return self.read(lambda tx: _column(tx.run(statements.CLAIMS_ALL, parameters)))

    def _page_by(self, way: str, parameters: dict[str, Any]) -> list[list[Any]]:
        return self.read(lambda tx: _column(tx.run(statements.CLAIMS_BY[way], parameters)))

    def sources(self, ids: Sequence[str] | None = None) -> Iterator[Source]:
        """See Store."""
        if ids is None:
            found = self.read(lambda tx: list(tx.run(statements.ALL_SOURCES)))
        else:
            wanted = sorted(set(ids))
            found = self.read(lambda tx: list(tx.run(statements.SOURCES, ids=wanted)))
        yield from map(source_of, found)

    def batches(self) -> list[BatchRecord]:
        """See Store."""
        return [batch_record(row["batch"]) for row in self.read(lambda tx: list(tx.run(statements.BATCHES)))]

    def decisions(self) -> list[DecisionRecord]:
        """See Store."""
        rows = [row["decision"] for row in self.read(lambda tx: list(tx.run(statements.DECISIONS)))]
        return [DecisionRecord(row["number"], decision_of(row), row["revision"]) for row in rows]

    def entries(self, book: Book | None = None, name: str | None = None) -> list[EntryRecord]:
        """See Store."""
        return [entry_of(row) for row in self.read(lambda tx: list(tx.run(statements.ENTRIES, book=book, name=name)))]

    def search(self, text: str, kinds: Sequence[str] | None = None, limit: int = 20) -> list[NameHit]:
        """See Store."""
        if limit < 1:
            raise BadInput("A limit of {limit} is out of range. Ask for 1 or more.", limit=limit)
        if unknown := [kind for kind in kinds or () if kind not in NODE_KINDS]:
            raise BadInput(
                "'{kind}' is no kind of node. Use {known}.", kind=unknown[0][:40], known=", ".join(NODE_KINDS)
            )
        wanted = normal(text)
        prefixes = [NODE_KINDS[kind].prefix for kind in kinds or ()] or None
        return self.read(lambda tx: find(tx, wanted, prefixes, limit)) if wanted else []

    def revision(self) -> int:
        """See Store."""
        return self._meta().revision

    def _meta(self) -> Meta:
        return meta_of(self.read(lambda tx: tx.run(statements.META).single()), self.location)

    def close(self) -> None:
        """See Store."""
        self._closed = True
        self._driver.close()


def _column(result: neo4j.Result) -> list[list[Any]]:
    rows: list[list[Any]] = result.single(strict=True)["rows"]
    return rows
