"""The tables of a SQLite store, and how a file is known to be ours."""

import secrets
import sqlite3

from graph.model.claims import Status
from graph.model.errors import StoreDown, StoreForeign, StoreVersion

APPLICATION_ID = 0x52434831  # "RCH1", in the header of the file
VERSION = 1
MAGIC = b"SQLite format 3\0"

# The numbers of the statuses in the file. The order is used: up to ACCEPTED a claim counts.
STATUSES: tuple[Status, ...] = ("proposed", "accepted", "rejected", "retracted")
PROPOSED, ACCEPTED, REJECTED, RETRACTED = range(4)

_TABLES = """
CREATE TABLE store(
    identity TEXT NOT NULL,
    named INTEGER NOT NULL DEFAULT 0 -- names ever indexed; the next one gets a greater number
);
-- last: the greatest claims.n when it was recorded; claims up to it and beyond the one before were first said by it.
CREATE TABLE batches(
    n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, dataset TEXT NOT NULL, declared INTEGER NOT NULL,
    replaces INTEGER NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, undone INTEGER NOT NULL DEFAULT 0,
    last INTEGER NOT NULL, claims INTEGER NOT NULL, added INTEGER NOT NULL, same INTEGER NOT NULL,
    restored INTEGER NOT NULL, retracted INTEGER NOT NULL, revision INTEGER NOT NULL
);
CREATE INDEX batches_replacing ON batches(dataset, n) WHERE replaces AND NOT undone;
CREATE VIEW live AS SELECT * FROM batches AS b WHERE NOT undone AND NOT EXISTS (
    SELECT 1 FROM batches AS later
    WHERE later.dataset = b.dataset AND later.replaces AND NOT later.undone AND later.n > b.n
);
-- Which claims a batch carried, as ranges of claims.n: a reload of an unchanged file is one row.
CREATE TABLE carried(
    batch INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, PRIMARY KEY (batch, low)
) WITHOUT ROWID;
-- url is NULL while a source is only named by claims.
CREATE TABLE sources(
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, url TEXT, publisher TEXT, date TEXT, grade TEXT, licence TEXT
);
CREATE TABLE decisions(
    n INTEGER PRIMARY KEY, action TEXT NOT NULL, target TEXT NOT NULL, other TEXT NOT NULL, who TEXT NOT NULL,
    at TEXT NOT NULL, why TEXT NOT NULL, revision INTEGER NOT NULL
);
CREATE INDEX decisions_target ON decisions(target);
-- What many claims have in common, kept once. flags are joined by commas.
CREATE TABLE frames(
    n INTEGER PRIMARY KEY, predicate TEXT NOT NULL, unit TEXT NOT NULL, as_of TEXT NOT NULL, until TEXT NOT NULL,
    flags TEXT NOT NULL, UNIQUE (predicate, unit, as_of, until, flags)
);
-- What is absent is '', and 0 for the value (values are REAL or TEXT), because Python's driver binds None and bytes
-- five times slower than the rest. changed is NULL until the status changes. Unique by id: record() sees to it, so
-- that a first load can build the index in one go at its end.
CREATE TABLE claims(
    n INTEGER PRIMARY KEY, id BLOB NOT NULL, subject TEXT NOT NULL, frame INTEGER NOT NULL, object TEXT NOT NULL,
    value NOT NULL, qualifier TEXT NOT NULL, source INTEGER NOT NULL, detail TEXT NOT NULL, note TEXT NOT NULL,
    confidence REAL NOT NULL, status INTEGER NOT NULL, changed INTEGER
);
CREATE INDEX claims_changed ON claims(changed) WHERE changed IS NOT NULL;
-- What people decided last on a claim or on its source, NULL for nothing.
CREATE VIEW verdicts AS SELECT c.n, c.status, (
    SELECT CASE d.action WHEN 'accept' THEN 1 WHEN 'reject' THEN 2 ELSE 3 END FROM decisions AS d
    WHERE d.target IN ('clm:' || lower(hex(c.id)), (SELECT s.id FROM sources AS s WHERE s.n = c.source))
    AND d.action IN ('accept', 'reject', 'retract') ORDER BY d.n DESC LIMIT 1
) AS verdict FROM claims AS c;
-- The names of accepted claims. row is the length of the name << 40 | a serial number: an index that is read in the
-- order of its rows gives the shortest names first, without sorting.
CREATE TABLE names(row INTEGER PRIMARY KEY, claim INTEGER NOT NULL UNIQUE);
-- Pairs of characters, for what a name contains; and beginnings of keys, for what it begins with or is.
CREATE VIRTUAL TABLE pairs USING fts5(
    tokens, tokenize='ascii', prefix='1', detail=none, columnsize=0, content=''
);
CREATE VIRTUAL TABLE starts USING fts5(tokens, tokenize='ascii', detail=none, columnsize=0, content='');
-- Few different words, many rows: gathering 16 MB of them before each write halves the time of a large load.
INSERT INTO pairs(pairs, rank) VALUES ('hashsize', 16777216)
"""

# Dropped before and built again after a load that is large for the store: three times faster than keeping them up.
INDEXES = {
    "claims_id": "CREATE INDEX IF NOT EXISTS claims_id ON claims(id)",
    "claims_subject": "CREATE INDEX IF NOT EXISTS claims_subject ON claims(subject)",
    "claims_object": "CREATE INDEX IF NOT EXISTS claims_object ON claims(object) WHERE object != ''",
    "claims_source": "CREATE INDEX IF NOT EXISTS claims_source ON claims(source)",
}


def prepare(connection: sqlite3.Connection, location: str) -> None:
    """Make the tables in an empty file; raise StoreForeign or StoreVersion for a file that is not this program's."""
    if _is_ours(connection, location):
        return
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise StoreDown(
            "The folder of {location} cannot hold a store: its file system knows no shared memory. Use a local disk.",
            location=location,
        )
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not _is_ours(connection, location):  # another process may have been first
            for statement in _TABLES.split(";\n"):
                connection.execute(statement)
            for index in INDEXES.values():
                connection.execute(index)
            connection.execute("INSERT INTO store(identity) VALUES (?)", (secrets.token_hex(8),))
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _is_ours(connection: sqlite3.Connection, location: str) -> bool:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application == APPLICATION_ID:
        if version != VERSION:
            raise StoreVersion(
                "{location} is a store of version {found}; this program reads version {wanted}. "
                "Use the rechain that wrote it, or load the data into a new file.",
                location=location,
                found=version,
                wanted=VERSION,
            )
        return True
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application or version or tables:
        raise StoreForeign(
            "{location} is a SQLite file of another program. Name a new file, or one that rechain made.",
            location=location,
        )
    return False
