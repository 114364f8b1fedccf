"""One node as a subgraph of its own: its statements both ways, the names of what they lead to, every claim behind."""

import json
from collections.abc import Sequence

from graph.model.facts import Fact
from graph.model.predicates import NAME_PREDICATES
from graph.readers.port import Reader
from queries.lookup.subgraph_walk import LINKS, LITERALS, Walk, Walked, gathered

# A country has a thousand neighbours; who wants more of them asks for a subgraph.
MOST = 5000


def description_of(reader: Reader, node: str, most: int = MOST) -> "Described":
    """What is said of a node and with it, flagged statements included; raises NodeMissing."""
    (found,) = reader.nodes([node])
    walk = Walk(LINKS, 1, "both", True, 0.0, None, most)
    asked = json.dumps({"node": found.id}, ensure_ascii=False)
    return Described(reader, walk, *gathered(reader, [found.id], walk, _go_on), asked, _go_on)


def _go_on() -> None:
    """One node is done before anybody would stop it."""


class Described(Walked):
    """See Subgraph: of the neighbours nothing but their names, and nothing between them."""

    def _links(self, chunk: Sequence[str]) -> list[Fact]:
        return [fact for fact in super()._links(chunk) if self._is_the_node(fact.subject, fact.object)]

    def _attributes(self, chunk: Sequence[str], predicates: Sequence[str] = LITERALS) -> list[Fact]:
        return [
            fact
            for fact in super()._attributes(chunk, predicates)
            if fact.predicate in NAME_PREDICATES or self._is_the_node(fact.subject)
        ]

    def _is_the_node(self, *ends: str | None) -> bool:
        return any(end is not None and self._hop_of[end] == 0 for end in ends)
