"""Recording a batch: the bodies of the write transactions. A body may run again, so it keeps nothing outside them.

A batch of usual size is one transaction. Neo4j holds all changes of a transaction in memory, about 10 kB a claim, so a
large one goes in pieces: claims numbered beyond the store's `last_n`, which nobody reads, then one transaction that
moves `last_n`. That is the moment it is recorded, all or nothing. The plain graph follows in pieces of its own.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from graph.model.claims import Batch, BatchRecord, Claim, Receipt, Source, claim_id
from graph.stores import neo4j_statements as statements
from graph.stores.neo4j_graph import CHUNK, Touched
from graph.stores.neo4j_meta import Meta
from graph.stores.neo4j_rows import Known, Transaction, chunks, claim_rows, receipt_of, receipt_text, source_of
from graph.stores.neo4j_status import carried_by, restate, settle_batches


@dataclass(frozen=True)
class Plan:
    """A batch read to its end, so that its transaction may run twice. The first of equal claims is kept."""

    batch: Batch
    claims: dict[str, Claim]
    rows: int
    sources: dict[str, Source]

    @classmethod
    def of(cls, batch: Batch) -> "Plan":
        """Read a batch."""
        claims: dict[str, Claim] = {}
        rows = 0
        for claim in batch.claims:
            rows += 1
            claims.setdefault(claim_id(claim), claim)
        # After the claims: a loader may meet its sources as it reads.
        return cls(batch, claims, rows, {source.id: source for source in batch.sources})


class Carried(NamedTuple):
    """What carrying some claims did: the accepted ones among the `added`; known ones whose status may change."""

    added: int
    accepted: list[tuple[str, Claim]]
    stirred: list[str]


def earlier_receipt(tx: Transaction, key: str) -> Receipt | None:
    """The receipt of a batch with this key, if it is recorded."""
    done = tx.run(statements.BATCH_BY_KEY, key=key).single()
    return receipt_of(done["receipt"]) if done else None


def begin_batch(tx: Transaction, plan: Plan, number: int) -> None:
    """A batch that nobody sees yet: not live, and without an id."""
    batch = plan.batch
    properties = {
        "number": number, "key": batch.key, "dataset": batch.dataset, "declared": batch.declared,
        "replaces": batch.replaces, "when": batch.when, "who": batch.who, "undone": False, "live": False,
        "claims": len(plan.claims),
    }  # fmt: skip
    tx.run(statements.CREATE_BATCH, batch=properties).consume()


def carry(
    tx: Transaction, plan: Plan, meta: Meta, claims: Sequence[tuple[str, Claim]], before: int, today: date
) -> Carried:
    """Add what is new and note what is known as carried by the batch begun; `before`: how many it has added so far."""
    batch, number, first = plan.batch, meta.batches + 1, meta.last_n + before + 1
    known: dict[str, str] = {}
    # In an empty store only a piece whose COMMIT was kept, but not heard of, can be known: its first claim tells.
    asked = claims if meta.last_n else claims[:1] if meta.staging else ()
    if asked and (rows := _known(tx, asked)):
        if any(n > meta.last_n for _, _, n in rows):
            rows = _known(tx, claims)
            accepted = {id_ for id_, status, n in rows if n > meta.last_n and status == "accepted"}
            known = {id_: status for id_, status, n in rows if n <= meta.last_n}
            spoken = [pair for pair in claims if pair[0] in accepted]
            return Carried(len(rows) - len(known), spoken, _stirred(known, batch))
        known = {id_: status for id_, status, _ in rows}
        tx.run(statements.CARRY_KNOWN, batch=number, ids=list(known)).consume()
    new = [pair for pair in claims if pair[0] not in known]
    verdicts = _verdicts(tx, {claim.source for _, claim in new}) if meta.decisions else {}
    stated = [Known(id_, claim, verdicts.get(claim.source, batch.declared)) for id_, claim in new]
    if stated:
        created = claim_rows(stated, first, meta.revision + 1, batch.when, today)
        tx.run(statements.CREATE_CLAIMS, batch=number, rows=created).consume()
    return Carried(
        len(new), [(id_, claim) for id_, claim, status in stated if status == "accepted"], _stirred(known, batch)
    )


def _known(tx: Transaction, claims: Sequence[tuple[str, Claim]]) -> list[tuple[str, str, int]]:
    """Id, status and number of those that the store holds."""
    rows: list[tuple[str, str, int]] = tx.run(statements.KNOWN_CLAIMS, ids=[id_ for id_, _ in claims]).single(
        strict=True
    )["known"]
    return rows


def _stirred(known: dict[str, str], batch: Batch) -> list[str]:
    lifts = ("retracted", "proposed") if batch.declared == "accepted" else ("retracted",)
    return [id_ for id_, status in known.items() if status in lifts]


def _verdicts(tx: Transaction, sources: Collection[str]) -> dict[str, Any]:
    return {row["id"]: row["status"] for row in tx.run(statements.VERDICTS_ON_SOURCES, ids=sorted(sources))}


def settle(tx: Transaction, plan: Plan, meta: Meta, added: int, stirred: Collection[str], touched: Touched) -> Receipt:
    """Make the batch begun a recorded one; the caller moves the :Store node to what the receipt says."""
    batch, number, revision = plan.batch, meta.batches + 1, meta.revision + 1
    renewed = _keep_sources(tx, plan, revision, touched)
    tx.run(statements.SET_BATCH, number=number, set={"id": f"bat:{number}", "live": True}).consume()
    swept = settle_batches(tx, batch.dataset) if batch.replaces else set()
    moved = restate(tx, {*stirred, *carried_by(tx, swept)}, revision, touched)
    if not (added or moved.all or renewed):
        revision = meta.revision
    receipt = Receipt(f"bat:{number}", added, plan.rows - added, moved.restored, moved.retracted, revision)
    tx.run(statements.SET_BATCH, number=number, set={"revision": revision, "receipt": receipt_text(receipt)}).consume()
    return receipt


def _keep_sources(tx: Transaction, plan: Plan, revision: int, touched: Touched) -> bool:
    """Whether any source is new or says something else than before."""
    known: dict[str, Source] = {}
    for ids in chunks(plan.sources, CHUNK):
        known |= {record["id"]: source_of(record) for record in tx.run(statements.SOURCES, ids=ids)}
    other = [source for id_, source in plan.sources.items() if known.get(id_) != source]
    for rows in chunks(({**source._asdict(), "changed": revision} for source in other), CHUNK):
        tx.run(statements.KEEP_SOURCES, rows=rows).consume()
    # A better grade or a later date may make another claim the preferred one.
    for ids in chunks((source.id for source in other) if touched.upto else (), CHUNK):
        touched.old |= triples_of_sources(tx, ids)
    named = {claim.source for claim in plan.claims.values()} - plan.sources.keys()
    for ids in chunks(sorted(named), CHUNK):
        tx.run(statements.NAME_SOURCES, ids=ids).consume()
    return bool(other)


def triples_of_sources(tx: Transaction, ids: Sequence[str]) -> set[tuple[str, str, str | None]]:
    """What the accepted claims of some sources are about."""
    triples = tx.run(statements.TRIPLES_OF_SOURCES, ids=ids).single(strict=True)["triples"]
    return {(subject, predicate, object_) for subject, predicate, object_ in triples}


def batch_record(properties: dict[str, Any]) -> BatchRecord:
    """A batch as BATCHES gives it."""
    return BatchRecord(*(properties[name] for name in BatchRecord._fields))
