"""The :Store node: what every writer locks first, and the lease of one that needs several transactions."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from graph.model.errors import StoreBusy, StoreForeign, StoreVersion
from graph.stores import neo4j_statements as statements
from graph.stores.neo4j_rows import Transaction

# How long a writer may be silent before another one takes over; each of its transactions begins the time anew.
LEASE_SECONDS = 60


class Meta(NamedTuple):
    """The :Store node. `facts_as_of` is the day the plain graph is of, `facts_revision` the revision it is of."""

    identity: str
    revision: int
    last_n: int
    batches: int
    decisions: int
    merges: int
    facts_revision: int
    facts_as_of: str | None
    writer: str | None
    staging: bool

    @property
    def behind(self) -> bool:
        """Whether a change is half done, or the plain graph has still to follow one."""
        return self.staging or self.facts_revision != self.revision


class Unfinished(Exception):
    """A writer ended in the midst of a large change: recover() before anything else."""


def meta_of(record: Mapping[str, Any] | None, location: str) -> Meta:
    """The :Store node as read; raises StoreForeign or StoreVersion when it is not there or not ours."""
    if record is None:
        raise StoreForeign(
            "The database at {location} is no longer a rechain store: its :Store node is gone. "
            "Restore a backup, or name an empty database.",
            location=location,
        )
    meta = record["meta"]
    if meta.get("schema") != statements.SCHEMA_VERSION:
        raise StoreVersion(
            "{location} is a store of version {found}; this program reads version {wanted}. "
            "Use the rechain that wrote it, or load the data into a new database.",
            location=location,
            found=meta.get("schema"),
            wanted=statements.SCHEMA_VERSION,
        )
    return Meta(*(meta.get(name) for name in Meta._fields))


def lock(tx: Transaction, writer: str, location: str, takes_over: bool = False) -> Meta:
    """Lock the store until the end of the transaction; raises StoreBusy while another writer has its lease.

    What another one left half done raises Unfinished, unless the caller has come to clear it up (`takes_over`).
    """
    record = tx.run(statements.LOCK).single()
    meta = meta_of(record, location)
    left = (record["meta"].get("lease") or 0) - record["now"]
    if meta.writer not in (None, writer) and left > 0:
        raise StoreBusy(
            "Another process is loading into {location}. Try again when it is done; if it was killed, "
            "in {seconds} seconds.",
            location=location,
            seconds=left // 1000 + 1,
        )
    if meta.behind and not takes_over:
        raise Unfinished
    return meta


def go_on(tx: Transaction, writer: str, location: str) -> Meta:
    """Lock the store for the next transaction of a writer that has the lease, and renew it."""
    record = tx.run(statements.GO_ON, writer=writer, milliseconds=LEASE_SECONDS * 1000).single()
    meta = meta_of(record, location)
    if meta.writer != writer:
        raise StoreBusy(
            "Another process took over {location}, because this one was silent for {seconds} seconds. Try again.",
            location=location,
            seconds=LEASE_SECONDS,
        )
    return meta


def take_lease(tx: Transaction, writer: str, **changed: object) -> None:
    """Keep other writers out until this one is done or silent for too long; the store is locked."""
    tx.run(statements.TAKE_LEASE, writer=writer, milliseconds=LEASE_SECONDS * 1000).consume()
    change(tx, **changed)


def change(tx: Transaction, **changed: object) -> None:
    """Set properties of the :Store node; None takes one away."""
    tx.run(statements.SET_META, meta=changed).consume()
