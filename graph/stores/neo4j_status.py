"""Which batches are live and which claims count, worked out anew for what a change touches (see Store)."""

from collections.abc import Collection
from typing import NamedTuple

from graph.stores import neo4j_statements as statements
from graph.stores.neo4j_graph import CHUNK, Touched
from graph.stores.neo4j_rows import Transaction, chunks

COUNTING = ("accepted", "proposed")


class Moved(NamedTuple):
    """How many claims count again, no longer count, and changed status at all."""

    restored: int
    retracted: int
    all: int


def settle_batches(tx: Transaction, dataset: str) -> set[int]:
    """Make batches of a data set live or not; the numbers of those for which that changed."""
    changed = set()
    swept = False
    for record in reversed(list(tx.run(statements.BATCHES_OF, dataset=dataset))):
        batch = record["batch"]
        live = not batch["undone"] and not swept
        swept = swept or (batch["replaces"] and not batch["undone"])
        if live != batch["live"]:
            changed.add(batch["number"])
            tx.run(statements.SET_BATCH, number=batch["number"], set={"live": live}).consume()
    return changed


def carried_by(tx: Transaction, batches: Collection[int]) -> set[str]:
    """The ids of all claims that these batches carried."""
    return set(tx.run(statements.CARRIED_BY, numbers=sorted(batches)).single(strict=True)["ids"]) if batches else set()


def restate(tx: Transaction, ids: Collection[str], revision: int, touched: Touched) -> Moved:
    """Give claims the status they should have, and note what that touches."""
    restored = retracted = moved = 0
    for chunk in chunks(sorted(ids), CHUNK):
        changes = tx.run(statements.RESTATE, ids=chunk, revision=revision).single(strict=True)["changes"]
        for _, old, new, subject, predicate, object_, through in changes:
            moved += 1
            restored += old not in COUNTING and new in COUNTING
            retracted += old in COUNTING and new not in COUNTING
            touched.change(old, new, (subject, predicate, object_), through)
    return Moved(restored, retracted, moved)
