"""The ledger in Neo4j: nodes of their own, tied to nothing of the graph."""

from collections.abc import Mapping, Sequence
from typing import Any

from graph.model.ledger import Entered, Entry, EntryRecord, already_frozen, check_entry, entry_id
from graph.stores import neo4j_statements as statements
from graph.stores.neo4j_rows import Transaction


def enter(tx: Transaction, given: Sequence[Entry]) -> Entered:
    """See Store.enter; the store is locked. Run again after a lost COMMIT it finds its own entries, and adds none."""
    ids = [entry_id(entry) for entry in given]
    known = {row["id"]: row["body"] for row in tx.run(statements.ENTRIES_OF_IDS, ids=sorted(set(ids)))}
    number = tx.run(statements.LAST_ENTRY).single(strict=True)["number"]
    rows: list[dict[str, Any]] = []
    for own, entry in zip(ids, given, strict=True):
        check_entry(entry)
        if own not in known:
            known[own] = entry.body
            fields = entry._asdict()
            rows.append({"number": number + len(rows) + 1, "id": own, "at": fields.pop("when"), **fields})
        elif known[own] != entry.body:
            raise already_frozen(entry.name)
    tx.run(statements.CREATE_ENTRIES, rows=rows).consume()
    return Entered(len(rows), len(given) - len(rows))


def entry_of(row: Mapping[str, Any]) -> EntryRecord:
    """An entry as read."""
    return EntryRecord(row["number"], row["id"], Entry(row["book"], row["name"], row["at"], row["who"], row["body"]))
