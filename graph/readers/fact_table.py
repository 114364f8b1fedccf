"""Facts and nodes by number, over columns and a view: what the snapshot's answers are read from."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import isnan

import numpy as np
from numpy.typing import NDArray

from graph.model.errors import NodeMissing
from graph.model.facts import Fact
from graph.model.kinds import KIND_OF_PREFIX
from graph.model.predicates import FLAGS, NAME_PREDICATES
from graph.readers.columns import FLAG_BITS, PREDICATE_CODES, PREDICATE_NAMES, Columns
from graph.readers.port import Direction, Node
from graph.readers.view import View

# Looked-up ids kept at once, so that a service that runs for months does not grow.
_KNOWN = 200_000


class FactTable:
    """`same` maps ids of merged nodes to the id they are read as."""

    def __init__(self, columns: Columns, view: View, same: Mapping[str, str]) -> None:
        self.columns = columns
        self.view = view
        self.same = same
        self._known: dict[str, int] = {}

    def index(self, node: str) -> int:
        """The number of a node; raises NodeMissing."""
        at = self._known.get(node)
        if at is None:
            at = self.columns.nodes.position(self.same.get(node, node))
            if at is None:
                raise NodeMissing(node)
            if len(self._known) > _KNOWN:
                self._known.clear()
            self._known[node] = at
        return at

    def indices(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """The numbers of nodes, ascending, each once."""
        return np.array(sorted({self.index(node) for node in ids}), np.int64)

    def node(self, index: int) -> Node:
        """A node with its preferred names."""
        columns = self.columns
        start, end = self.view.out_starts[index], self.view.out_starts[index + 1]
        rows = self.view.resolved.facts[start:end]
        names: dict[str, str] = {}
        for row in rows[predicate_mask(NAME_PREDICATES)[columns.predicate[rows]]]:
            names.setdefault(PREDICATE_NAMES[columns.predicate[row]], columns.texts[int(columns.text[row])])
        id_ = columns.nodes[index]
        return Node(id_, KIND_OF_PREFIX[id_[:3]].name, names.get("name_zh"), names.get("name_en"), not names)

    def used_rows(self, subject: int, *predicates: str) -> NDArray[np.int32]:
        """Rows of the used facts of a subject, in key order."""
        view = self.view
        span = slice(int(view.out_starts[subject]), int(view.out_starts[subject + 1]))
        rows = view.resolved.facts[span][view.used[span]]
        return rows[predicate_mask(predicates)[self.columns.predicate[rows]]]

    def positions(
        self, nodes: NDArray[np.int64], predicates: Sequence[str] | None, direction: Direction
    ) -> NDArray[np.int64]:
        """Positions of facts in key order."""
        view = self.view
        found: list[NDArray[np.int64]] = []
        if direction != "in":
            found.append(spans(view.out_starts[nodes], view.out_starts[nodes + 1]))
        if direction != "out":
            found.append(view.in_facts[spans(view.in_starts[nodes], view.in_starts[nodes + 1])].astype(np.int64))
        positions = np.unique(np.concatenate(found)) if direction == "both" else np.sort(found[0])
        if predicates is not None:
            wanted = predicate_mask(tuple(predicates))
            positions = positions[wanted[self.columns.predicate[view.resolved.facts[positions]]]]
        return positions

    def fact(self, position: int) -> Fact:
        """A fact by its position."""
        c, resolved = self.columns, self.view.resolved
        row = int(resolved.facts[position])
        low, high = np.searchsorted(resolved.rival_fact, [position, position + 1])
        text, value, detail = int(c.text[row]), float(c.value[row]), int(c.detail[row])
        return Fact(
            subject=c.nodes[int(c.subject[row])],
            predicate=PREDICATE_NAMES[c.predicate[row]],
            object=c.nodes[int(c.object[row])] if c.object[row] >= 0 else None,
            value=c.texts[text] if text >= 0 else None if isnan(value) else value,
            unit=c.units[int(c.unit[row])] or None,
            qualifier=c.qualifiers[int(c.qualifier[row])],
            as_of=c.dates[int(c.as_of[row])] or None,
            until=c.dates[int(c.until[row])] or None,
            flags=_flag_names(int(c.flags[row])),
            detail=tuple((name, said) for name, said in json.loads(c.texts[detail])) if detail >= 0 else (),
            source=c.source_ids[int(c.source[row])],
            confidence=float(c.confidence[row]),
            claim=self.claim_id(row),
            conflicts=tuple(sorted(self.claim_id(int(rival)) for rival in resolved.rival_row[low:high])),
        )

    def claim_id(self, row: int) -> str:
        """The claim id of a row."""
        return "clm:" + bytes(self.columns.claim[row].tobytes()).hex()


@lru_cache(maxsize=256)
def predicate_mask(predicates: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which predicate codes are meant, to be indexed by a column of codes."""
    mask = np.zeros(256, np.bool_)
    mask[[PREDICATE_CODES[name] for name in predicates if name in PREDICATE_CODES]] = True
    return mask


def _flag_names(bits: int) -> tuple[str, ...]:
    return tuple(sorted(name for name in FLAGS if bits & FLAG_BITS[name])) if bits else ()


def spans(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """All numbers in many ranges, range by range."""
    counts = ends - starts
    total = np.cumsum(counts)
    within: NDArray[np.int64] = np.arange(int(total[-1]) if len(total) else 0) - np.repeat(total - counts, counts)
    return within + np.repeat(starts, counts)
