"""Whether a claim counts: what its live batches declare, unless a person decided otherwise (see Store)."""

import sqlite3
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph.stores.sqlite_schema import ACCEPTED, RETRACTED

Bases = NDArray[np.int8]

# Work tables of the connection that writes: claims whose status moves, and names on their way into the index.
WORK_TABLES = (
    "CREATE TEMP TABLE moves(n INTEGER PRIMARY KEY, old INTEGER NOT NULL, new INTEGER NOT NULL)",
    "CREATE TEMP TABLE new_names(row INTEGER PRIMARY KEY, claim INTEGER, form TEXT, code TEXT, prefix TEXT)",
)


class Moved(NamedTuple):
    """How many claims count again, no longer count, and changed status at all."""

    restored: int
    retracted: int
    all: int


def next_revision(connection: sqlite3.Connection) -> int:
    """The revision after the one of now."""
    return revision_of(connection) + 1


def revision_of(connection: sqlite3.Connection) -> int:
    """The revision of now: the last batch or decision has the greatest."""
    (revision,) = connection.execute(
        "SELECT max(coalesce((SELECT revision FROM batches ORDER BY n DESC LIMIT 1), 0),"
        " coalesce((SELECT revision FROM decisions ORDER BY n DESC LIMIT 1), 0))"
    ).fetchone()
    return int(revision)


def last_claim(connection: sqlite3.Connection) -> int:
    """The greatest number of a claim; 0 when there is none."""
    (last,) = connection.execute("SELECT coalesce(max(n), 0) FROM claims").fetchone()
    return int(last)


def bases(connection: sqlite3.Connection, last: int) -> Bases:
    """By number of the claim up to `last`, the status it has while no person decided: one byte a claim, no row read."""
    found = np.full(last + 1, RETRACTED, np.int8)
    # proposed comes first and accepted writes over it
    for declared, low, high in connection.execute(
        "SELECT b.declared, c.low, c.high FROM live AS b JOIN carried AS c ON c.batch = b.n ORDER BY b.declared"
    ):
        found[low : high + 1] = declared
    return found


def ranges_of(numbers: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Ascending numbers as ranges, both ends included."""
    if not len(numbers):
        return []
    breaks = np.flatnonzero(np.diff(numbers) != 1)
    lows = numbers[np.concatenate(([0], breaks + 1))]
    highs = numbers[np.concatenate((breaks, [len(numbers) - 1]))]
    return list(zip(lows.tolist(), highs.tolist(), strict=True))


def settle(connection: sqlite3.Connection, touched: NDArray[np.int64], base: Bases, revision: int) -> Moved:
    """Give the claims of these numbers the status they should have; `moves` holds those that changed."""
    connection.execute("DELETE FROM moves")
    parts = [touched[base[touched] == status] for status in np.unique(base[touched])]
    for part in parts:
        connection.executemany(
            # LIMIT keeps SQLite from working out every verdict twice
            "INSERT INTO moves SELECT n, status, new FROM ("
            " SELECT n, status, CASE :base WHEN 3 THEN 3 ELSE coalesce(verdict, :base) END AS new"
            " FROM verdicts WHERE n BETWEEN :low AND :high LIMIT -1) WHERE new != status",
            ({"base": int(base[part[0]]), "low": low, "high": high} for low, high in ranges_of(part)),
        )
    connection.execute(
        "UPDATE claims SET status = (SELECT new FROM moves WHERE moves.n = claims.n), changed = ?"
        " WHERE n IN (SELECT n FROM moves)",
        (revision,),
    )
    restored, retracted, moved = connection.execute(
        "SELECT coalesce(sum(old > ? AND new <= ?), 0), coalesce(sum(old <= ? AND new > ?), 0), count(*) FROM moves",
        (ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED),
    ).fetchone()
    return Moved(restored, retracted, moved)


def apply_verdicts(connection: sqlite3.Connection, after: int) -> None:
    """Give claims beyond a number, just recorded, what people decided before on their sources."""
    connection.execute(
        "UPDATE claims SET status = (SELECT coalesce(v.verdict, claims.status) FROM verdicts AS v WHERE v.n = claims.n)"
        " WHERE n > ? AND source IN (SELECT s.n FROM decisions AS d JOIN sources AS s ON s.id = d.target"
        " WHERE d.action IN ('accept', 'reject', 'retract'))",
        (after,),
    )
