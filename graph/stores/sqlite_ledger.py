"""The ledger in a SQLite file. Its table comes with the first entry, so that older files are read as they are."""

import sqlite3
from collections.abc import Sequence

from graph.model.ledger import Book, Entered, Entry, EntryRecord, already_frozen, check_entry, entry_id

_TABLE = """
CREATE TABLE IF NOT EXISTS ledger(
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, book TEXT NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL,
    who TEXT NOT NULL, body TEXT NOT NULL
)
"""


def enter(connection: sqlite3.Connection, given: Sequence[Entry]) -> Entered:
    """See Store.enter; inside a transaction."""
    if not given:
        return Entered(0, 0)
    connection.execute(_TABLE)
    same = 0
    for entry in given:
        check_entry(entry)
        own = entry_id(entry)
        known = connection.execute("SELECT body FROM ledger WHERE id = ?", (own,)).fetchone()
        if known is None:
            connection.execute(
                "INSERT INTO ledger(id, book, name, at, who, body) VALUES (?, ?, ?, ?, ?, ?)", (own, *entry)
            )
        elif known[0] != entry.body:
            raise already_frozen(entry.name)
        else:
            same += 1
    return Entered(len(given) - same, same)


def entries(connection: sqlite3.Connection, book: Book | None, name: str | None) -> list[EntryRecord]:
    """See Store.entries."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'ledger'").fetchone() is None:
        return []
    rows = connection.execute(
        "SELECT n, id, book, name, at, who, body FROM ledger"
        " WHERE (?1 IS NULL OR book = ?1) AND (?2 IS NULL OR name = ?2) ORDER BY n",
        (book, name),
    )
    return [EntryRecord(row[0], row[1], Entry(*row[2:])) for row in rows]
