"""One SQLite file: connections for any number of readers and one writer, and its errors in our words."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from graph.model.errors import BadInput, StoreBusy, StoreDown, StoreError, StoreForeign, StoreRefused
from graph.stores.sqlite_schema import MAGIC, prepare

# By primary result code (www.sqlite.org/rescode.html). The driver's own words name no place and no remedy.
_FAULTS: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: (
        StoreBusy, "Another process is writing to {location}. Try again when it is done, or end it."),
    sqlite3.SQLITE_LOCKED: (
        StoreBusy, "Another process is writing to {location}. Try again when it is done, or end it."),
    sqlite3.SQLITE_NOTADB: (
        StoreForeign, "{location} is not a rechain store. Name a new file, or one that rechain made."),
    sqlite3.SQLITE_READONLY: (
        StoreRefused, "{location} may not be written to. Change the rights of the file and its folder."),
    sqlite3.SQLITE_PERM: (
        StoreRefused, "{location} may not be opened. Change the rights of the file and its folder."),
    sqlite3.SQLITE_CANTOPEN: (
        StoreDown, "{location} cannot be opened. See that the file and its folder are there and may be written to."),
    sqlite3.SQLITE_FULL: (
        StoreDown, "The disk of {location} is full; nothing of this change was kept. Make room and try again."),
    sqlite3.SQLITE_CORRUPT: (
        StoreDown, "{location} is damaged. Take it out of use and load the data into a new file, or restore a copy."),
}  # fmt: skip
_OTHER_FAULT = "{location} failed: {reason}. Nothing of this change was kept. See to the disk and try again."

MakeReady = Callable[[sqlite3.Connection], None]


@contextmanager
def our_errors(location: str) -> Iterator[None]:
    """Tell the driver's errors in our words."""
    try:
        yield
    except UnicodeEncodeError as error:
        raise BadInput(
            "A text holds half a character ({code}) and cannot be kept. Mend the encoding of the file.",
            code=f"U+{ord(error.object[error.start]):04X}",
        ) from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        kind, text = _FAULTS.get((code or 0) & 0xFF, (StoreDown, _OTHER_FAULT))
        raise kind(text, location=location, reason=str(error)) from error


class SqliteFile:
    """Connections to one file, lent out and taken back. Safe to use from several threads."""

    def __init__(self, path: str, busy_seconds: float, on_reader: MakeReady, on_writer: MakeReady) -> None:
        """Open the file, making it when there is none; every new connection is given to `on_reader` or `on_writer`."""
        self.location = path
        self._busy_seconds = busy_seconds
        self._on_reader, self._on_writer = on_reader, on_writer
        self._idle: list[sqlite3.Connection] = []
        self._idle_lock = Lock()
        self._writer: sqlite3.Connection | None = None
        self._write_lock = Lock()
        self._closed = False
        # Absolute, so that a change of the working folder does not lead elsewhere.
        self._uri = _usable(path).as_uri()
        with our_errors(path):
            self._prepare()

    def _prepare(self) -> None:
        deadline = time.monotonic() + self._busy_seconds
        while True:
            connection = self._connect("rwc")
            try:
                prepare(connection, self.location)
            except sqlite3.OperationalError as error:
                # Switching a new file to WAL does not wait for another process that does the same.
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            else:
                return
            finally:
                connection.close()

    def _connect(self, mode: str) -> sqlite3.Connection:
        # Lent to one thread at a time, so the driver need not insist on the thread that opened it.
        connection = sqlite3.connect(
            f"{self._uri}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=self._busy_seconds,
        )
        connection.execute("PRAGMA synchronous = FULL")  # an acknowledged load survives a power cut
        return connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees the store as it is when its first statement begins, whoever writes meanwhile."""
        with our_errors(self.location):
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)

    def _take(self) -> sqlite3.Connection:
        with self._idle_lock:
            self._refuse_closed()
            if self._idle:
                return self._idle.pop()
        connection = self._connect("rw")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA cache_size = -16384")
        self._on_reader(connection)
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._idle_lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is kept, or nothing when the body raises."""
        if not self._write_lock.acquire(timeout=self._busy_seconds):
            raise StoreBusy(_FAULTS[sqlite3.SQLITE_BUSY][1], location=self.location)
        try:
            with our_errors(self.location):
                self._refuse_closed()
                if self._writer is None:
                    self._writer = self._connect("rw")
                    self._writer.execute("PRAGMA cache_size = -131072")
                    self._writer.execute("PRAGMA threads = 2")
                    self._writer.execute("PRAGMA journal_size_limit = 67108864")
                    self._on_writer(self._writer)
                connection = self._writer
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                finally:
                    if connection.in_transaction:
                        with suppress(sqlite3.Error):  # the first error is the one to tell
                            connection.execute("ROLLBACK")
        finally:
            self._write_lock.release()

    def _refuse_closed(self) -> None:
        if self._closed:
            raise StoreDown("The store {location} has been closed. Open it again.", location=self.location)

    def close(self) -> None:
        """Close what is not lent out; the rest when it comes back."""
        with self._idle_lock:
            self._closed = True
            for connection in self._idle:
                connection.close()
            self._idle.clear()
        with self._write_lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None


def _usable(path: str) -> Path:
    """The path, absolute, once nothing speaks against opening it."""
    if path in ("", ":memory:") or "\0" in path:
        raise BadInput("'{path}' names no file. Name one, as in sqlite:rechain.db.", path=path)
    file = Path(path).expanduser().absolute()
    try:
        if file.is_dir():
            raise StoreForeign("{location} is a folder. Name a file in it, as in {location}/rechain.db.", location=path)
        if not file.parent.is_dir():
            raise StoreDown("The folder {folder} is not there. Make it, or name another file.", folder=file.parent)
        if file.exists():
            with file.open("rb") as opened:
                start = opened.read(len(MAGIC))
            # SQLite would take a file of a few bytes for an empty one and write over it.
            if start and start != MAGIC:
                raise StoreForeign(_FAULTS[sqlite3.SQLITE_NOTADB][1], location=path)
    except OSError as error:
        raise StoreRefused(
            "{location} may not be read ({reason}). Change the rights of the file and its folder.",
            location=path,
            reason=error.strerror,
        ) from error
    return file
