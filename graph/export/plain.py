"""A subgraph as the plain graph that our Neo4j store keeps (graph/stores/projection.py): the same labels, types, names.

Beside that a node has its `hop`, documents are nodes `Source`, and a figure is known by its claim. What is not known
has no property.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple, cast

from graph.model.facts import Fact
from graph.model.kinds import KIND_OF_PREFIX, NODE_KINDS
from graph.model.predicates import PREDICATES
from graph.model.subgraph import Subgraph
from graph.stores.projection import LISTS, figure_row, is_figure, link_row, names_of_properties, properties_of

Value = str | float | int | bool | list[str]
# Labels by the prefixes of ids, which is the order in which nodes come.
LABELS = tuple(KIND_OF_PREFIX[prefix].label for prefix in sorted(KIND_OF_PREFIX))
TYPES = tuple(name.upper() for name in PREDICATES if PREDICATES[name].links or is_figure(name))
SOURCE = NODE_KINDS["source"].label
# For our own search by name, and of no use elsewhere.
_INTERNAL = "pinyin"


class Node(NamedTuple):
    """A node, or a figure. Its first label is its own, the others are said beside it."""

    id: str
    labels: tuple[str, ...]
    properties: dict[str, Value]


class Relationship(NamedTuple):
    """A relationship. That to a figure has no properties."""

    start: str
    type: str
    end: str
    properties: dict[str, Value]


def types_of(label: str) -> dict[str, str]:
    """The properties that nodes of a label may have, with their types in neo4j-admin's words; not the id."""
    if label == SOURCE:
        return {"hop": "int"} | dict.fromkeys(("url", "publisher", "date", "grade", "licence"), "string")
    kind = next(one.name for one in NODE_KINDS.values() if one.label == label)
    types = {"hop": "int", "dangling": "boolean"}
    for name, said in PREDICATES.items():
        if kind in said.subjects and not said.links and not is_figure(name):
            for held in names_of_properties(name):
                is_list = held in LISTS.values() or held.endswith("_flags")
                is_number = held == name and said.value == "number"
                types[held] = "string[]" if is_list else "double" if is_number else "string"
    types.pop(_INTERNAL, None)
    return types


LINK_TYPES = {
    "claim": "string", "value": "double", "unit": "string", "qualifier": "string", "as_of": "string",
    "until": "string", "flags": "string[]", "used": "boolean", "confidence": "double", "source": "string",
    "conflicts": "string[]", "detail": "string",
}  # fmt: skip
FIGURE_TYPES = {"name" if name == "qualifier" else name: type_ for name, type_ in LINK_TYPES.items()}


def nodes(subgraph: Subgraph) -> Iterator[Node]:
    """The nodes by id, sources that are part of the subgraph among them, without what they are as documents."""
    said = groupby(subgraph.attributes(), key=lambda fact: fact.subject)
    waiting = next(said, None)
    for member in subgraph.nodes():
        held: dict[str, object] = {"hop": member.hop, "dangling": member.dangling or None}
        if waiting is not None and waiting[0] == member.id:
            for predicate, facts in groupby(waiting[1], key=lambda fact: fact.predicate):
                if not is_figure(predicate):
                    held |= properties_of(predicate, list(facts))
            waiting = next(said, None)
        held.pop(_INTERNAL, None)
        yield Node(member.id, (NODE_KINDS[member.kind].label, "Node"), _known(held))


def sources(subgraph: Subgraph) -> Iterator[Node]:
    """The documents, by id."""
    for source in subgraph.sources():
        said = source._asdict()
        yield Node(said.pop("id"), (SOURCE,), _known({name: text or None for name, text in said.items()}))


def figures(subgraph: Subgraph) -> Iterator[tuple[Node, Relationship]]:
    """Qualified literals, and what leads to them, in key order; they are known by their claim."""
    for fact in subgraph.attributes():
        if is_figure(fact.predicate):
            row = figure_row(fact)
            yield (
                Node(fact.claim, ("Figure",), _known(cast(dict[str, object], row["set"]))),
                Relationship(fact.subject, str(row["type"]), fact.claim, {}),
            )


def relationships(subgraph: Subgraph) -> Iterator[Relationship]:
    """The links, in key order; each is known by its claim."""
    return map(_relationship, subgraph.links())


def _relationship(fact: Fact) -> Relationship:
    row = link_row(fact)
    held = _known(cast(dict[str, object], row["set"]))
    return Relationship(fact.subject, str(row["type"]), str(fact.object), held)


def _known(said: dict[str, object]) -> dict[str, Value]:
    return {name: cast(Value, value) for name, value in said.items() if value is not None}
