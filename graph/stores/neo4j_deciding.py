"""Keeping what people decide: decisions are checked, kept, and the statuses follow."""

from collections.abc import Sequence
from typing import Any

from graph.model.claims import Decision, Receipt
from graph.model.errors import BadInput
from graph.model.kinds import kind_of
from graph.stores import neo4j_statements as statements
from graph.stores.neo4j_graph import CHUNK, Touched, merges, regrouped
from graph.stores.neo4j_meta import Meta
from graph.stores.neo4j_rows import Transaction, chunks, receipt_of, receipt_text
from graph.stores.neo4j_status import carried_by, restate, settle_batches

VERDICTS = {"accept": "accepted", "reject": "rejected", "retract": "retracted"}
_ABOUT_NODES = ("same_as", "not_same_as")


def earlier_decision(tx: Transaction, call: str) -> Receipt | None:
    """The receipt of a call to decide(), if it was kept."""
    done = tx.run(statements.DECISION_OF_CALL, call=call).single()
    return receipt_of(done["receipt"]) if done else None


def decide(tx: Transaction, decisions: Sequence[Decision], call: str, meta: Meta, touched: Touched) -> Receipt:
    """Keep at least one decision; the caller moves the :Store node to what the receipt says."""
    _see_targets(tx, decisions)
    revision = meta.revision + 1
    numbered = list(enumerate(decisions, start=meta.decisions + 1))
    about_nodes = any(one.action in _ABOUT_NODES for one in decisions)
    before = merges(tx) if about_nodes else {}
    rows = [{**one._asdict(), "number": number, "revision": revision, "call": call} for number, one in numbered]
    for chunk in chunks(rows, CHUNK):
        tx.run(statements.CREATE_DECISIONS, rows=chunk).consume()
    if about_nodes:
        touched.merged = regrouped(before, merges(tx))
    moved = restate(tx, _note_verdicts(tx, numbered), revision, touched)
    receipt = Receipt(None, 0, 0, moved.restored, moved.retracted, revision)
    tx.run(statements.SET_DECISION, number=numbered[0][0], set={"receipt": receipt_text(receipt)}).consume()
    return receipt


def count_about_nodes(decisions: Sequence[Decision]) -> int:
    """How many are about two nodes being one."""
    return sum(one.action in _ABOUT_NODES for one in decisions)


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


def _note_verdicts(tx: Transaction, numbered: Sequence[tuple[int, Decision]]) -> set[str]:
    """Note decisions where they count; the ids of the claims they may change."""
    noted: dict[str, list[dict[str, Any]]] = {"clm": [], "src": [], "bat": []}
    for number, one in numbered:
        if one.action in VERDICTS:
            noted[one.target[:3]].append({"id": one.target, "status": VERDICTS[one.action], "number": number})
    ids: set[str] = {row["id"] for row in noted["clm"]}
    for rows in chunks(noted["clm"], CHUNK):
        tx.run(statements.DECIDE_CLAIMS, rows=rows).consume()
    for rows in chunks(noted["src"], CHUNK):
        tx.run(statements.DECIDE_SOURCES, rows=rows).consume()
        sources = list({row["id"] for row in rows})
        ids |= set(tx.run(statements.CLAIMS_OF_SOURCES, ids=sources).single(strict=True)["ids"])
    datasets = set()
    for row in noted["bat"]:
        undone = row["status"] == "retracted"
        datasets.add(tx.run(statements.UNDO_BATCH, id=row["id"], undone=undone).single(strict=True)["dataset"])
    for dataset in sorted(datasets):
        ids |= carried_by(tx, settle_batches(tx, dataset))
    return ids
