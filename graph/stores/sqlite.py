"""A store in one SQLite file: several processes read while one writes. The default.

sqlite_schema   the tables, and whether a file is ours
sqlite_file     connections, transactions, errors
sqlite_recording, sqlite_intake, sqlite_deciding   what comes in
sqlite_ledger   what is entered beside the graph
sqlite_status, sqlite_names   what follows from it, in the same transaction
sqlite_reading, sqlite_search   what goes out
"""

import sqlite3
from collections.abc import Iterator, Sequence

from graph.model.claims import Batch, BatchRecord, Decision, Receipt, Source, StoredClaim
from graph.model.ledger import Book, Entered, Entry, EntryRecord
from graph.model.merging import read_as
from graph.stores import sqlite_ledger, sqlite_reading
from graph.stores.port import ALL_CLAIMS, ClaimFilter, DecisionRecord, NameHit, Progress
from graph.stores.sqlite_deciding import decide
from graph.stores.sqlite_file import SqliteFile
from graph.stores.sqlite_names import add_functions
from graph.stores.sqlite_recording import record
from graph.stores.sqlite_search import search
from graph.stores.sqlite_status import WORK_TABLES, revision_of


class SqliteStore:
    """The Store port over one file. Safe to use from several threads."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._shared = sqlite_reading.Shared()
        self._same: tuple[int, dict[str, str]] = (-1, {})
        with file.reading() as connection:
            (self._identity,) = connection.execute("SELECT identity FROM store").fetchone()

    @classmethod
    def open(cls, path: str, busy_seconds: float = 5.0) -> "SqliteStore":
        """The store in a file, made when there is none. A write waits `busy_seconds` for another one to end."""
        return cls(SqliteFile(path, busy_seconds, sqlite_reading.add_functions, _make_ready))

    @property
    def location(self) -> str:
        """The path as it was given."""
        return self._file.location

    @property
    def identity(self) -> str:
        """See Store."""
        return str(self._identity)

    def record(self, batch: Batch, progress: Progress | None = None) -> Receipt:
        """See Store."""
        with self._file.writing() as connection:
            return record(connection, batch, progress)

    def decide(self, decisions: Sequence[Decision]) -> Receipt:
        """See Store."""
        with self._file.writing() as connection:
            return decide(connection, decisions)

    def claims(self, where: ClaimFilter = ALL_CLAIMS) -> Iterator[StoredClaim]:
        """See Store."""
        with self._file.reading() as connection:
            yield from sqlite_reading.claims(connection, where, self._shared)

    def sources(self, ids: Sequence[str] | None = None) -> Iterator[Source]:
        """See Store."""
        with self._file.reading() as connection:
            yield from sqlite_reading.sources(connection, ids)

    def batches(self) -> list[BatchRecord]:
        """See Store."""
        with self._file.reading() as connection:
            return sqlite_reading.batches(connection)

    def decisions(self) -> list[DecisionRecord]:
        """See Store."""
        with self._file.reading() as connection:
            return sqlite_reading.decisions(connection)

    def enter(self, entries: Sequence[Entry]) -> Entered:
        """See Store."""
        with self._file.writing() as connection:
            return sqlite_ledger.enter(connection, entries)

    def entries(self, book: Book | None = None, name: str | None = None) -> list[EntryRecord]:
        """See Store."""
        with self._file.reading() as connection:
            return sqlite_ledger.entries(connection, book, name)

    def search(self, text: str, kinds: Sequence[str] | None = None, limit: int = 20) -> list[NameHit]:
        """See Store. Names of one length beyond the hundredth past the limit come in the order they were recorded."""
        with self._file.reading() as connection:
            return search(connection, text, kinds, limit, self._merged(connection))

    def revision(self) -> int:
        """See Store."""
        with self._file.reading() as connection:
            return revision_of(connection)

    def close(self) -> None:
        """See Store."""
        self._file.close()

    def _merged(self, connection: sqlite3.Connection) -> dict[str, str]:
        """Which nodes are read as which, worked out once a revision."""
        revision, same = self._same
        now = revision_of(connection)
        if now != revision:
            same = read_as(entry.decision for entry in sqlite_reading.decisions(connection))
            self._same = now, same
        return same


def _make_ready(connection: sqlite3.Connection) -> None:
    add_functions(connection)
    for statement in WORK_TABLES:
        connection.execute(statement)
