"""Recording a batch: new claims are added, known ones noted as carried, all in one transaction."""

import sqlite3
from collections.abc import Iterable

import numpy as np

from graph.model.claims import Batch, Receipt, Source
from graph.model.errors import BadInput
from graph.stores.port import Progress
from graph.stores.sqlite_intake import Intake
from graph.stores.sqlite_names import update_names
from graph.stores.sqlite_schema import ACCEPTED, PROPOSED
from graph.stores.sqlite_status import Moved, apply_verdicts, bases, last_claim, next_revision, settle

DECLARED = {"proposed": PROPOSED, "accepted": ACCEPTED}


def record(connection: sqlite3.Connection, batch: Batch, progress: Progress | None) -> Receipt:
    """See Store.record; inside a transaction."""
    if not batch.key:
        raise BadInput("A batch needs a key, by which a second try at recording it is known.")
    known = connection.execute(
        "SELECT n, added, same, restored, retracted, revision FROM batches WHERE key = ?", (batch.key,)
    ).fetchone()
    if known:
        return Receipt(f"bat:{known[0]}", *known[1:])
    top = last_claim(connection)
    intake = Intake(connection, DECLARED[batch.declared], top)
    intake.take(batch.claims, progress)
    renewed = _keep_sources(connection, batch.sources)  # after the claims: a loader may meet its sources as it reads
    revision = next_revision(connection)
    before = bases(connection, top) if intake.revives or batch.replaces else None
    number = _keep_batch(connection, batch, intake)
    moved = Moved(0, 0, 0)
    if before is None:
        connection.execute("DELETE FROM moves")
    else:
        after = bases(connection, top)
        moved = settle(connection, np.flatnonzero(before != after), after, revision)
    if intake.added:
        apply_verdicts(connection, top)
    update_names(connection, top)
    if not (intake.added or moved.all or renewed):
        revision -= 1
    connection.execute(
        "UPDATE batches SET restored = ?, retracted = ?, revision = ? WHERE n = ?",
        (moved.restored, moved.retracted, revision, number),
    )
    return Receipt(f"bat:{number}", intake.added, intake.same, moved.restored, moved.retracted, revision)


def _keep_batch(connection: sqlite3.Connection, batch: Batch, intake: Intake) -> int:
    carried = intake.carried()
    known = sum(high - low + 1 for low, high in carried)
    carried += [(intake.top + 1, intake.last)] if intake.added else []
    number = connection.execute(
        "INSERT INTO batches(key, dataset, declared, replaces, at, who, last, claims, added, same, restored, retracted,"
        " revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)",
        (
            *(batch.key, batch.dataset, DECLARED[batch.declared], batch.replaces, batch.when, batch.who),
            *(max(intake.top, intake.last), known + intake.added, intake.added, intake.same),
        ),
    ).lastrowid
    connection.executemany("INSERT INTO carried VALUES (?, ?, ?)", ((number, low, high) for low, high in carried))
    return int(number or 0)


def _keep_sources(connection: sqlite3.Connection, sources: Iterable[Source]) -> bool:
    """Whether any is new or says something else than before."""
    total = connection.total_changes
    connection.executemany(
        "INSERT INTO sources(id, url, publisher, date, grade, licence) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT(id)"
        " DO UPDATE SET url = excluded.url, publisher = excluded.publisher, date = excluded.date,"
        " grade = excluded.grade, licence = excluded.licence WHERE (url, publisher, date, grade, licence)"
        " IS NOT (excluded.url, excluded.publisher, excluded.date, excluded.grade, excluded.licence)",
        sources,
    )
    return connection.total_changes > total
