"""Reading what is kept: claims by filter, sources, batches, decisions."""

import json
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

from graph.model.claims import BatchRecord, Claim, Decision, Detail, Source, StoredClaim
from graph.stores.port import ClaimFilter, DecisionRecord
from graph.stores.sqlite_schema import STATUSES

Frame = tuple[str, str | None, str | None, str | None, tuple[str, ...]]

_COLUMNS = (
    "SELECT c.n, c.id, c.subject, c.frame, c.object, c.value, c.qualifier, c.source, c.detail, c.note, c.confidence,"
    " c.status, c.changed"
)


class Shared:
    """What claims have in common, by its number in the file. Numbers never change, so it is kept between calls."""

    def __init__(self) -> None:
        self.frames: dict[int, Frame] = {}
        self.sources: dict[int, str] = {}

    def frame(self, connection: sqlite3.Connection, number: int) -> Frame:
        """Predicate, unit, as_of, until and flags."""
        predicate, unit, as_of, until, flags = connection.execute(
            "SELECT predicate, unit, as_of, until, flags FROM frames WHERE n = ?", (number,)
        ).fetchone()
        made = (predicate, unit or None, as_of or None, until or None, tuple(flags.split(",")) if flags else ())
        return self.frames.setdefault(number, made)

    def source(self, connection: sqlite3.Connection, number: int) -> str:
        """A source's id."""
        (made,) = connection.execute("SELECT id FROM sources WHERE n = ?", (number,)).fetchone()
        return self.sources.setdefault(number, made)


def claims(connection: sqlite3.Connection, where: ClaimFilter, shared: Shared) -> Iterator[StoredClaim]:
    """See Store.claims. Everything is as it was when the first row was read: the open cursor holds that state."""
    statement, parameters = _selection(connection, where)
    make, frames, sources = tuple.__new__, shared.frames, shared.sources
    batches: list[tuple[int, str, int]] = []
    last, at, revision = 0, "", 0
    with closing(connection.execute(statement, parameters)) as rows:
        for n, digest, subject, frame, object_, value, qualifier, source, detail, note, sure, status, changed in rows:
            if n > last:
                batches = batches or connection.execute(_FIRST_SAID).fetchall()
                last, at, revision = batches[bisect_left(batches, (n,))]
            parts = frames.get(frame) or shared.frame(connection, frame)
            claim = make(Claim, (
                subject, parts[0], object_ or None, None if value.__class__ is int else value, parts[1], qualifier,
                parts[2], parts[3], parts[4], _detail(detail) if detail else (),
                sources.get(source) or shared.source(connection, source), note, sure,
            ))  # fmt: skip
            yield make(StoredClaim, (
                "clm:" + digest.hex(), claim, STATUSES[status], at, revision, revision if changed is None else changed,
            ))  # fmt: skip


_FIRST_SAID = "SELECT last, at, revision FROM batches WHERE added ORDER BY n"


def _detail(text: str) -> Detail:
    return tuple((name, value) for name, value in json.loads(text))


def _selection(connection: sqlite3.Connection, where: ClaimFilter) -> tuple[str, list[Any]]:
    tables, order = " FROM claims AS c", " ORDER BY c.n"
    clauses: list[str] = ["1"]
    parameters: list[Any] = []

    def fit(clause: str, values: object) -> None:
        clauses.append(clause)
        parameters.append(values)

    if where.batch is not None:
        # Ranges of one batch do not overlap, so this order needs no sorting.
        tables, order = (
            " FROM carried AS r CROSS JOIN claims AS c ON c.n BETWEEN r.low AND r.high",
            " ORDER BY r.low, c.n",
        )
        number = where.batch.removeprefix("bat:")
        fit("r.batch = ?", int(number) if number.isascii() and number.isdigit() else 0)
    if where.ids is not None:
        fit("c.id IN (SELECT digest(value) FROM json_each(?))", _json(where.ids))
    if where.subjects is not None:
        fit("c.subject IN (SELECT value FROM json_each(?))", _json(where.subjects))
    if where.objects is not None:
        fit("c.object != '' AND c.object IN (SELECT value FROM json_each(?))", _json(where.objects))
    if where.about is not None:
        fit(_ABOUT, _json(where.about))
        parameters.append(_json(where.about))
    if where.predicates is not None:
        fit(
            "c.frame IN (SELECT n FROM frames WHERE predicate IN (SELECT value FROM json_each(?)))",
            _json(where.predicates),
        )
    if where.sources is not None:
        fit("c.source IN (SELECT n FROM sources WHERE id IN (SELECT value FROM json_each(?)))", _json(where.sources))
    if where.statuses is not None:
        codes = [number for number, status in enumerate(STATUSES) if status in where.statuses]
        fit("c.status IN (SELECT value FROM json_each(?))", json.dumps(codes))
    if where.changed_since is not None:
        # A claim of a later batch has a number beyond the last one known by then.
        (last,) = connection.execute(
            "SELECT coalesce(max(last), 0) FROM batches WHERE revision <= ?", (where.changed_since,)
        ).fetchone()
        if last:
            fit(_CHANGED, where.changed_since)
            parameters += [last, last]
    return _COLUMNS + tables + " WHERE " + " AND ".join(clauses) + order, parameters


_ABOUT = (
    "(c.subject IN (SELECT value FROM json_each(?))"
    " OR (c.object != '' AND c.object IN (SELECT value FROM json_each(?))))"
)
_CHANGED = "c.n IN (SELECT n FROM claims WHERE changed > ? AND n <= ? UNION ALL SELECT n FROM claims WHERE n > ?)"


def _json(values: Iterable[str]) -> str:
    # SQLite 3.40 cuts a text of a JSON list at NUL, and no id holds one.
    return json.dumps([value for value in values if "\0" not in value])


def add_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the SQL function that the selection by id calls."""
    connection.create_function("digest", 1, _digest, deterministic=True)


def _digest(claim: str) -> bytes | None:
    try:
        return bytes.fromhex(claim.removeprefix("clm:")) if claim.startswith("clm:") else None
    except ValueError:
        return None


def sources(connection: sqlite3.Connection, ids: Sequence[str] | None) -> Iterator[Source]:
    """See Store.sources."""
    statement = (
        "SELECT id, url, publisher, date, grade, licence FROM sources"
        " WHERE url IS NOT NULL AND (?1 IS NULL OR id IN (SELECT value FROM json_each(?1))) ORDER BY id"
    )
    with closing(connection.execute(statement, (None if ids is None else _json(ids),))) as rows:
        yield from map(Source._make, rows)


def batches(connection: sqlite3.Connection) -> list[BatchRecord]:
    """See Store.batches."""
    rows = connection.execute(
        "SELECT n, key, dataset, declared, replaces, at, who, n IN (SELECT n FROM live), revision, claims FROM batches"
        " ORDER BY n"
    )
    return [
        BatchRecord(f"bat:{n}", key, dataset, STATUSES[declared], bool(replaces), at, who, bool(live), revision, count)
        for n, key, dataset, declared, replaces, at, who, live, revision, count in rows
    ]


def decisions(connection: sqlite3.Connection) -> list[DecisionRecord]:
    """See Store.decisions."""
    rows = connection.execute("SELECT n, action, target, other, who, at, why, revision FROM decisions ORDER BY n")
    return [DecisionRecord(row[0], Decision(*row[1:7]), row[7]) for row in rows]
