"""Keeping what people decide: each decision is checked, kept, and the statuses follow."""

import sqlite3
from collections.abc import Sequence

import numpy as np

from graph.model.claims import Decision, Receipt
from graph.model.errors import BadInput
from graph.model.kinds import kind_of
from graph.stores.sqlite_names import update_names
from graph.stores.sqlite_status import bases, last_claim, revision_of, settle

_ABOUT_NODES = ("same_as", "not_same_as")
_ABOUT_CLAIMS = ("accept", "reject", "retract")


def decide(connection: sqlite3.Connection, decisions: Sequence[Decision]) -> Receipt:
    """See Store.decide; inside a transaction."""
    if not decisions:
        return Receipt(None, 0, 0, 0, 0, revision_of(connection))
    revision = revision_of(connection) + 1
    last = last_claim(connection)
    before = bases(connection, last)
    touched = np.zeros(last + 1, np.bool_)
    for decision in decisions:
        check = _check_nodes if decision.action in _ABOUT_NODES else _touch
        check(connection, decision, touched)
        connection.execute(
            "INSERT INTO decisions(action, target, other, who, at, why, revision) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*decision, revision),
        )
    after = bases(connection, last)
    moved = settle(connection, np.flatnonzero(touched | (before != after)), after, revision)
    update_names(connection, last)
    return Receipt(None, 0, 0, moved.restored, moved.retracted, revision)


def _touch(connection: sqlite3.Connection, decision: Decision, touched: "np.typing.NDArray[np.bool_]") -> None:
    """Mark the claims that a decision on a claim or a source is about, or make a batch live or not."""
    if decision.action not in _ABOUT_CLAIMS:
        raise BadInput("'{action}' is no decision. Use {known}.", action=decision.action, known=", ".join(_ACTIONS))
    kind, _, rest = decision.target.partition(":")
    numbers: list[tuple[int]] = []
    if kind == "clm" and len(rest) == 24 and set(rest) <= set("0123456789abcdef"):
        numbers = connection.execute("SELECT n FROM claims WHERE id = ?", (bytes.fromhex(rest),)).fetchall()
        touched[[n for (n,) in numbers]] = True
    elif kind == "src":
        numbers = connection.execute("SELECT n FROM sources WHERE id = ?", (decision.target,)).fetchall()
        for (source,) in numbers:
            touched[[n for (n,) in connection.execute("SELECT n FROM claims WHERE source = ?", (source,))]] = True
    elif kind == "bat":
        if decision.action == "reject":
            raise BadInput(
                "A load is accepted or retracted, not rejected: '{target}'. Retract it.", target=decision.target
            )
        numbers = connection.execute(
            "UPDATE batches SET undone = ? WHERE 'bat:' || n = ? RETURNING n",
            (decision.action == "retract", decision.target),
        ).fetchall()
    if not numbers:
        raise BadInput(
            "There is no '{target}' in this store. Name a claim (clm:), a source (src:) or a load (bat:) it holds.",
            target=decision.target[:60],
        )


def _check_nodes(connection: sqlite3.Connection, decision: Decision, _touched: object) -> None:
    target, other = decision.target, decision.other
    for node in (target, other):
        kind_of(node)
        if not any(connection.execute(statement, (node,)).fetchone() for statement in _NODE_IS_NAMED):
            raise BadInput("There is no node '{node}' in this store. Look it up with: rechain search", node=node)
    if target == other:
        raise BadInput("'{node}' is the same as itself. Name two nodes.", node=target)
    if kind_of(target) != kind_of(other):
        raise BadInput(
            "'{target}' and '{other}' are of different kinds. Name two of one kind.", target=target, other=other
        )


_ACTIONS = (*_ABOUT_CLAIMS, *_ABOUT_NODES)
# A product may be known only as what is supplied; that last look reads all claims, but few ids get so far.
_NODE_IS_NAMED = (
    "SELECT 1 FROM claims WHERE subject = ? LIMIT 1",
    "SELECT 1 FROM claims WHERE object = ? AND object != '' LIMIT 1",
    "SELECT 1 FROM claims WHERE qualifier = ? LIMIT 1",
)
