"""Recording batches and decisions: the bodies of the write transactions. A body may run again, so it keeps nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from graph.model.claims import Batch, BatchRecord, Claim, Decision, Receipt, Source, claim_id
from graph.model.errors import BadInput, StoreForeign, StoreVersion
from graph.model.kinds import kind_of
from graph.stores import neo4j_statements as statements
from graph.stores.neo4j_graph import Touched, merges, project, turn
from graph.stores.neo4j_rows import Known, Transaction, chunks, claim_rows, receipt_of, receipt_text, source_of
from graph.stores.port import Progress

CHUNK = 10_000  # rows a statement: measured, see docs/benchmarks.md
VERDICTS = {"accept": "accepted", "reject": "rejected", "retract": "retracted"}
_ABOUT_NODES = ("same_as", "not_same_as")
_COUNT = ("accepted", "proposed")


class Meta(NamedTuple):
    """The :Store node. `facts_as_of` is the day the plain graph is of."""

    identity: str
    revision: int
    last_n: int
    batches: int
    decisions: int
    merges: int
    facts_as_of: str | None


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
            "The store at {location} has schema version {found}, this program needs {wanted}. Use the rechain "
            "that wrote it, or copy it into a new store: rechain copy FROM TO.",
            location=location,
            found=meta.get("schema"),
            wanted=statements.SCHEMA_VERSION,
        )
    return Meta(*(meta.get(name) for name in Meta._fields))


@dataclass(frozen=True)
class Plan:
    """A batch read to its end, so that its transaction may run twice. The first of equal claims is kept."""

    batch: Batch
    claims: dict[str, Claim]
    rows: int
    sources: dict[str, Source]

    @classmethod
    def of(cls, batch: Batch) -> "Plan":
        if not batch.key:
            raise BadInput("A batch needs a key, by which a second try at recording it is known.")
        claims: dict[str, Claim] = {}
        rows = 0
        for claim in batch.claims:
            rows += 1
            claims.setdefault(claim_id(claim), claim)
        # After the claims: a loader may meet its sources as it reads.
        return cls(batch, claims, rows, {source.id: source for source in batch.sources})


def record(tx: Transaction, plan: Plan, location: str, today: date, progress: Progress | None) -> Receipt:
    """All of a batch. Its key makes a second run find what the first one did."""
    meta = meta_of(tx.run(statements.LOCK).single(), location)
    batch = plan.batch
    if done := tx.run(statements.BATCH_BY_KEY, key=batch.key).single():
        return receipt_of(done["receipt"])
    today = max(today, date.fromisoformat(meta.facts_as_of)) if meta.facts_as_of else today
    touched = Touched(upto=meta.last_n)
    number, revision = meta.batches + 1, meta.revision + 1
    fresh, renewed = _keep_sources(tx, plan, touched)
    tx.run(
        statements.CREATE_BATCH,
        batch={
            "id": f"bat:{number}", "number": number, "key": batch.key, "dataset": batch.dataset,
            "declared": batch.declared, "replaces": batch.replaces, "when": batch.when, "who": batch.who,
            "undone": False, "live": True, "claims": len(plan.claims),
        },
    ).consume()  # fmt: skip
    added, stirred = _carry(tx, plan, meta, number, today, touched, progress)
    if batch.replaces:
        stirred |= _carried_by(tx, _settle_liveness(tx, batch.dataset) - {number})
    restored, retracted, moved = _restate(tx, stirred, revision, touched)
    revision = revision if added or moved or fresh or renewed else meta.revision
    receipt = Receipt(f"bat:{number}", added, plan.rows - added, restored, retracted, revision)
    _project(tx, meta, touched, plan.sources, today)
    tx.run(statements.SET_BATCH, number=number, set={"revision": revision, "receipt": receipt_text(receipt)}).consume()
    _set_meta(tx, today, revision=revision, batches=number, last_n=meta.last_n + added)
    return receipt


def _keep_sources(tx: Transaction, plan: Plan, touched: Touched) -> tuple[bool, bool]:
    """Whether any source is new, and whether any now says something else than before."""
    known: dict[str, Source] = {}
    for ids in chunks(plan.sources, CHUNK):
        known |= {record["id"]: source_of(record) for record in tx.run(statements.SOURCES, ids=ids)}
    new = [source for id_, source in plan.sources.items() if id_ not in known]
    other = [source for id_, source in plan.sources.items() if known.get(id_, source) != source]
    for rows in chunks((source._asdict() for source in (*new, *other)), CHUNK):
        tx.run(statements.KEEP_SOURCES, rows=rows).consume()
    # A better grade or a later date may make another claim the preferred one.
    weighed = [source.id for source in (*other, *new)] if touched.upto else []
    for ids in chunks(weighed, CHUNK):
        triples = tx.run(statements.TRIPLES_OF_SOURCES, ids=ids).single(strict=True)["triples"]
        touched.old.update((s, p, o) for s, p, o in triples)
    named = {claim.source for claim in plan.claims.values()} - plan.sources.keys()
    for ids in chunks(sorted(named), CHUNK):
        tx.run(statements.NAME_SOURCES, ids=ids).consume()
    return bool(new), bool(other)


def _carry(
    tx: Transaction, plan: Plan, meta: Meta, number: int, today: date, touched: Touched, progress: Progress | None
) -> tuple[int, set[str]]:
    """Add new claims and note the known ones as carried; how many are new, and the known whose status may change."""
    batch = plan.batch
    verdicts = _verdicts(tx, plan) if meta.decisions else {}
    added, rows = 0, 0
    stirred: set[str] = set()
    for chunk in chunks(plan.claims.items(), CHUNK):
        known = {}
        if meta.last_n:
            known = dict(tx.run(statements.KNOWN_CLAIMS, ids=[id_ for id_, _ in chunk]).single(strict=True)["known"])
            tx.run(statements.CARRY_KNOWN, batch=number, ids=list(known)).consume()
        stirred.update(
            id_
            for id_, status in known.items()
            if status == "retracted" or (status == "proposed" and batch.declared == "accepted")
        )
        new = [
            Known(id_, claim, verdicts.get(claim.source, batch.declared)) for id_, claim in chunk if id_ not in known
        ]
        if new:
            created = claim_rows(new, meta.last_n + added + 1, meta.revision + 1, batch.when, today)
            tx.run(statements.CREATE_CLAIMS, batch=number, rows=created).consume()
        touched.added += [(id_, claim) for id_, claim, status in new if status == "accepted"]
        added += len(new)
        rows += len(chunk)
        if progress:
            progress(min(plan.rows, rows))
    if progress and rows < plan.rows:
        progress(plan.rows)
    return added, stirred


def _verdicts(tx: Transaction, plan: Plan) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for ids in chunks({claim.source for claim in plan.claims.values()}, CHUNK):
        found |= {record["id"]: record["status"] for record in tx.run(statements.VERDICTS_ON_SOURCES, ids=ids)}
    return found


def _settle_liveness(tx: Transaction, dataset: str) -> set[int]:
    """Work out which batches of a data set are live; the numbers of those for which that changed."""
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


def _carried_by(tx: Transaction, numbers: Collection[int]) -> set[str]:
    return set(tx.run(statements.CARRIED_BY, numbers=sorted(numbers)).single(strict=True)["ids"]) if numbers else set()


def _restate(tx: Transaction, ids: Collection[str], revision: int, touched: Touched) -> tuple[int, int, int]:
    """Give claims the status they should have: how many count again, no longer count, and changed at all."""
    restored = retracted = moved = 0
    for chunk in chunks(sorted(ids), CHUNK):
        changes = tx.run(statements.RESTATE, ids=chunk, revision=revision).single(strict=True)["changes"]
        for _, old, new, subject, predicate, object_, through in changes:
            moved += 1
            restored += old not in _COUNT and new in _COUNT
            retracted += old in _COUNT and new not in _COUNT
            touched.change(old, new, (subject, predicate, object_), through)
    return restored, retracted, moved


def _project(tx: Transaction, meta: Meta, touched: Touched, sources: Mapping[str, Source], today: date) -> None:
    if meta.facts_as_of and meta.facts_as_of < today.isoformat():
        turn(tx, touched, today)
    project(tx, touched, merges(tx) if meta.merges or touched.merged else {}, sources, today)


def _set_meta(tx: Transaction, today: date, **changed: int) -> None:
    tx.run(statements.SET_META, meta={**changed, "facts_as_of": today.isoformat()}).consume()


def decide(tx: Transaction, decisions: Sequence[Decision], call: str, location: str, today: date) -> Receipt:
    """All of some decisions. `call` makes a second run find what the first one did."""
    meta = meta_of(tx.run(statements.LOCK).single(), location)
    if done := tx.run(statements.DECISIONS_OF_CALL, call=call).single():
        return receipt_of(done["receipt"])
    if not decisions:
        return Receipt(None, 0, 0, 0, 0, meta.revision)
    today = max(today, date.fromisoformat(meta.facts_as_of)) if meta.facts_as_of else today
    _see_targets(tx, decisions)
    touched = Touched()
    revision = meta.revision + 1
    numbered = list(enumerate(decisions, start=meta.decisions + 1))
    ids, merging = _apply(tx, numbered, touched)
    before = merges(tx) if merging else {}
    rows = [{**one._asdict(), "number": number, "revision": revision, "call": call} for number, one in numbered]
    for chunk in chunks(rows, CHUNK):
        tx.run(statements.CREATE_DECISIONS, rows=chunk).consume()
    if merging:
        touched.merged = _regrouped(before, merges(tx))
    restored, retracted, _ = _restate(tx, ids, revision, touched)
    receipt = Receipt(None, 0, 0, restored, retracted, revision)
    _project(tx, meta, touched, {}, today)
    tx.run(statements.SET_DECISION, number=numbered[0][0], set={"receipt": receipt_text(receipt)}).consume()
    _set_meta(tx, today, revision=revision, decisions=numbered[-1][0], merges=meta.merges + merging)
    return receipt


def _see_targets(tx: Transaction, decisions: Sequence[Decision]) -> None:
    """Raise BadInput for a decision that cannot be, or one about something that is not in the store."""
    targets: dict[str, set[str]] = {"clm": set(), "bat": set(), "src": set(), "node": set()}
    for one in decisions:
        if one.action in _ABOUT_NODES:
            _see_pair(one.target, one.other)
            targets["node"] |= {one.target, one.other}
        elif one.action not in VERDICTS:
            known = ", ".join((*VERDICTS, *_ABOUT_NODES))
            raise BadInput("'{action}' is no decision. Use {known}.", action=one.action, known=known)
        elif one.target.startswith("bat:") and one.action == "reject":
            raise BadInput("A load is accepted or retracted, not rejected: '{target}'. Retract it.", target=one.target)
        else:
            targets.get(one.target[:3], targets["clm"]).add(one.target)
    missing: set[str] = set()
    for ids in chunks(sorted(targets["clm"]), CHUNK):
        missing |= set(ids) - set(tx.run(statements.CLAIM_TARGETS, ids=ids).single(strict=True)["ids"])
    for ids in chunks(sorted(targets["bat"]), CHUNK):
        missing |= set(ids) - set(tx.run(statements.BATCH_TARGETS, ids=ids).single(strict=True)["ids"])
    for ids in chunks(sorted(targets["src"]), CHUNK):
        missing |= set(ids) - set(tx.run(statements.SOURCE_TARGETS, ids=ids).single(strict=True)["ids"])
    if missing:
        raise BadInput(
            "There is no '{target}' in this store. Name a claim (clm:), a source (src:) or a load (bat:) it holds.",
            target=min(missing)[:60],
        )
    for ids in chunks(sorted(targets["node"]), CHUNK):
        missing |= set(ids) - set(tx.run(statements.NODE_TARGETS, ids=ids).single(strict=True)["ids"])
    if missing:
        raise BadInput("There is no node '{node}' in this store. Look it up with: rechain search", node=min(missing))


def _see_pair(target: str, other: str) -> None:
    if target == other:
        raise BadInput("'{node}' is the same as itself. Name two nodes.", node=target)
    if kind_of(target) != kind_of(other):
        raise BadInput(
            "'{target}' and '{other}' are of different kinds. Name two of one kind.", target=target, other=other
        )


def _apply(
    tx: Transaction, numbered: Sequence[tuple[int, Decision]], touched: Touched
) -> tuple[set[str], int]:
    """Note decisions where they count; the claims they may change, and how many of them are about merges."""
    verdicts: dict[str, list[dict[str, Any]]] = {"clm": [], "src": [], "bat": []}
    merging = 0
    for number, one in numbered:
        if one.action in VERDICTS:
            row = {"id": one.target, "status": VERDICTS[one.action], "number": number}
            verdicts[one.target[:3]].append(row)
        else:
            merging += 1
    ids: set[str] = {row["id"] for row in verdicts["clm"]}
    for rows in chunks(verdicts["clm"], CHUNK):
        tx.run(statements.DECIDE_CLAIMS, rows=rows).consume()
    for rows in chunks(verdicts["src"], CHUNK):
        tx.run(statements.DECIDE_SOURCES, rows=rows).consume()
    if verdicts["src"]:
        sources = [row["id"] for row in verdicts["src"]]
        ids |= set(tx.run(statements.CLAIMS_OF_SOURCES, ids=sources).single(strict=True)["ids"])
    datasets = set()
    for row in verdicts["bat"]:
        number = int(row["id"][4:])
        tx.run(statements.SET_BATCH, number=number, set={"undone": row["status"] != "accepted"}).consume()
        datasets.add(tx.run(statements.BATCH, number=number).single(strict=True)["batch"]["dataset"])
    for dataset in sorted(datasets):
        ids |= _carried_by(tx, _settle_liveness(tx, dataset))
    return ids, merging


def _regrouped(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """Nodes of groups that merges or their undoing changed."""
    moved = {node for node in before.keys() | after.keys() if before.get(node) != after.get(node)}
    kept = {mapping[node] for mapping in (before, after) for node in moved if node in mapping}
    return moved | kept


def batch_record(properties: Mapping[str, Any]) -> BatchRecord:
    """A batch as BATCHES gives it."""
    return BatchRecord(*(properties[name] for name in BatchRecord._fields))
