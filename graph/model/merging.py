"""Nodes decided to be the same: which id each is read as."""

from collections.abc import Iterable

from graph.model.claims import Decision


def read_as(decisions: Iterable[Decision]) -> dict[str, str]:
    """The kept id of every merged node, from all decisions in the order they were taken.

    `same_as` keeps its target and reads the other as it; chains are followed to the end. `not_same_as` takes back the
    decision on that pair, whichever way round it was said.
    """
    pairs: dict[frozenset[str], tuple[str, str]] = {}
    for decision in decisions:
        pair = frozenset((decision.target, decision.other))
        if decision.action == "same_as":
            pairs.pop(pair, None)
            pairs[pair] = (decision.target, decision.other)
        elif decision.action == "not_same_as":
            pairs.pop(pair, None)
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while node in parent:
            node = parent[node]
        return node

    for kept, other in pairs.values():
        top, below = root(kept), root(other)
        if top != below:
            parent[below] = top
    return {node: root(node) for node in parent}
