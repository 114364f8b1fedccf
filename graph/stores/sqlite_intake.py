"""The claims of a batch on their way into the table: what is known is noted, what is new is added."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Generic, TypeVar

import numpy as np

from graph.model.claims import Claim, claim_digest
from graph.model.errors import BadInput
from graph.stores.port import Progress
from graph.stores.sqlite_schema import ACCEPTED, INDEXES, PROPOSED, RETRACTED
from graph.stores.sqlite_status import last_claim, ranges_of

_CHUNK = 8192  # rows looked up and written at once; below the number of parameters SQLite takes
_LARGE = 200_000  # new claims from which building the indexes again is cheaper than keeping them up
_KEPT = 1_000_000  # numbers of sources and frames held in memory
K = TypeVar("K")


class _Numbers(dict[K, int], Generic[K]):
    """The numbers of things that a table keeps once; what is not there yet is added."""

    def __init__(self, connection: sqlite3.Connection, find: str, add: str, empty: bool) -> None:
        super().__init__()
        self._connection, self._find, self._add, self._empty = connection, find, add, empty

    def __missing__(self, thing: K) -> int:
        words = self.words(thing)
        row = None if self._empty else self._connection.execute(self._find, words).fetchone()
        number = int(row[0] if row else self._connection.execute(self._add, words).lastrowid or 0)
        if len(self) >= _KEPT:
            self.clear()
            self._empty = False
        self[thing] = number
        return number

    def words(self, thing: K) -> tuple[str, ...]:
        """The columns that tell it."""
        return (str(thing),)


Frame = tuple[str, str | None, str | None, str | None, tuple[str, ...]]


class _Frames(_Numbers[Frame]):
    def words(self, thing: Frame) -> tuple[str, ...]:
        predicate, unit, as_of, until, flags = thing
        return (predicate, unit or "", as_of or "", until or "", ",".join(flags))


class Intake:
    """The claims of one batch on their way into the table.

    `added` and `same` count rows as a Receipt does; `revives` says whether a known claim may change its status by being
    carried again. New claims have the numbers after `top`, up to `last`.
    """

    def __init__(self, connection: sqlite3.Connection, declared: int, top: int) -> None:
        self.added = self.same = 0
        self.revives = False
        self.top, self.last = top, top
        self._connection = connection
        self._declared = declared
        self._known = np.zeros(top + 1, np.bool_)
        self._guess: int | None = None
        self._sources: _Numbers[str] = _Numbers(
            connection, "SELECT n FROM sources WHERE id = ?", "INSERT INTO sources(id) VALUES (?)", False
        )
        self._frames = _Frames(
            connection,
            "SELECT n FROM frames WHERE predicate = ? AND unit = ? AND as_of = ? AND until = ? AND flags = ?",
            "INSERT INTO frames(predicate, unit, as_of, until, flags) VALUES (?, ?, ?, ?, ?)",
            not top,
        )

    def carried(self) -> list[tuple[int, int]]:
        """The known claims that came again, as ranges of numbers."""
        return ranges_of(np.flatnonzero(self._known))

    def take(self, claims: Iterable[Claim], progress: Progress | None) -> None:
        """Add what is new, note what is known."""
        stream = iter(claims)
        dropped = () if self.top else tuple(INDEXES)
        _drop(self._connection, dropped)
        rows = 0
        while chunk := list(islice(stream, _CHUNK)):
            rows += len(chunk)
            digests = [claim_digest(claim) for claim in chunk]
            pairs = zip(digests, chunk, strict=True)
            self._write(list(self._unknown(digests, pairs)) if self.top else list(pairs))
            if not dropped and self.added > max(_LARGE, self.top):
                dropped = tuple(name for name in INDEXES if name != "claims_id")
                _drop(self._connection, dropped)
            if progress:
                progress(rows)
        for name in dropped:
            self._connection.execute(INDEXES[name])
        if not self.top:
            self.added -= self._drop_repeated()
        self.same = rows - self.added
        self.last = last_claim(self._connection)

    def _unknown(self, digests: list[bytes], pairs: Iterable[tuple[bytes, Claim]]) -> Iterator[tuple[bytes, Claim]]:
        """The rows of a chunk that the store does not hold, each once."""
        known = self._find(digests)
        fresh = set()
        for digest, claim in pairs:
            if digest not in known and digest not in fresh:
                fresh.add(digest)
                yield digest, claim

    def _find(self, digests: list[bytes]) -> set[bytes]:
        """Those that the store holds."""
        found = []
        if self._guess is not None:
            # A file loaded again mostly says the same in the same order: reading on is faster than looking up.
            found = self._connection.execute(
                "SELECT id, n, status FROM claims WHERE n BETWEEN ? AND ?",
                (self._guess, self._guess + len(digests) - 1),
            ).fetchall()
        wanted = set(digests)
        found = [row for row in found if row[0] in wanted]
        left = wanted.difference(row[0] for row in found)
        if left:
            marks = ",".join("?" * len(left))
            found += self._connection.execute(
                f"SELECT id, n, status FROM claims WHERE id IN ({marks})",  # noqa: S608 - only question marks
                [bytearray(digest) for digest in left],
            ).fetchall()
        numbers = {digest: n for digest, n, _ in found}
        earlier = [n for n in numbers.values() if n <= self.top]
        self._known[earlier] = True
        self.revives = self.revives or any(
            status == RETRACTED or (status == PROPOSED and self._declared == ACCEPTED)
            for _, n, status in found
            if n <= self.top
        )
        last = next((numbers[digest] for digest in reversed(digests) if digest in numbers), None)
        self._guess = last + 1 if last is not None and len(numbers) * 2 > len(digests) else None
        return set(numbers)

    def _write(self, rows: list[tuple[bytes, Claim]]) -> None:
        sources, frames = self._sources, self._frames
        values: list[tuple[Any, ...]] = []
        for digest, claim in rows:
            subject, predicate, object_, value, unit, qualifier, as_of, until, flags, detail, source, note, sure = claim
            values.append((
                bytearray(digest), subject, frames[predicate, unit, as_of, until, flags], object_ or "",
                value if (kind := value.__class__) is float or kind is str else _plain(value),
                qualifier, sources[source], json.dumps(detail, ensure_ascii=False) if detail else "", note, sure,
            ))  # fmt: skip
        try:
            self._connection.executemany(_ADD[self._declared], values)
        except sqlite3.IntegrityError as error:
            raise _not_a_number(claim for _, claim in rows) from error
        self.added += len(rows)

    def _drop_repeated(self) -> int:
        """Remove rows that came twice in a first load; they are found once the index on ids is there."""
        return self._connection.execute(
            "DELETE FROM claims WHERE id IN (SELECT id FROM claims GROUP BY id HAVING count(*) > 1)"
            " AND n NOT IN (SELECT min(n) FROM claims GROUP BY id HAVING count(*) > 1)"
        ).rowcount


_ADD = {
    status: "INSERT INTO claims(id, subject, frame, object, value, qualifier, source, detail, note, confidence, status)"  # noqa: S608
    f" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {status})"
    for status in (PROPOSED, ACCEPTED)
}


def _drop(connection: sqlite3.Connection, indexes: Iterable[str]) -> None:
    for name in indexes:
        connection.execute(f"DROP INDEX IF EXISTS {name}")


def _plain(value: object) -> float | str | int:
    """None as 0, for which see the table; numbers of other kinds as float."""
    return 0 if value is None else str(value) if isinstance(value, str) else float(value)  # type: ignore[arg-type]


def _not_a_number(claims: Iterable[Claim]) -> BadInput:
    about = next(
        (claim for claim in claims if claim.value != claim.value or claim.confidence != claim.confidence), None
    )
    return BadInput(
        "The value or confidence of {subject} {predicate} is not a number. Leave the value blank where it is unknown.",
        subject=about and about.subject,
        predicate=about and about.predicate,
    )
