"""CSV files that `neo4j-admin database import full` makes a new database of: the plain graph, as our store keeps it."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from itertools import chain, groupby, islice

from graph.export.neo4j_readme import IMPORT, README
from graph.export.plain import (
    FIGURE_TYPES,
    LABELS,
    LINK_TYPES,
    SOURCE,
    Node,
    Value,
    figures,
    nodes,
    relationships,
    sources,
    types_of,
)
from graph.export.port import Opener
from graph.export.property_graph import Lang
from graph.export.text import TextFile
from graph.model.subgraph import Subgraph

# Between the values of a list, and between labels. The import knows no escape, and no text that a loader lets in has
# this character; should one have it, it is taken out.
DELIMITER = "\x1f"
_NODES = {label: f"nodes-{label}.csv" for label in LABELS}
_FIGURES = {float: "figures-number.csv", str: "figures-text.csv"}
_LINKS = "relationships.csv"
FILES = (*_NODES.values(), *_FIGURES.values(), _LINKS, "import.sh", "README.md")
_GROUP = "Node"
_ROWS = 1000


def write(subgraph: Subgraph, open_file: Opener, lang: Lang) -> int:  # noqa: ARG001  # a plain graph has no labels
    """The files in FILES; those of labels that do not occur hold their header only."""
    removed = 0
    by_label = groupby(nodes(subgraph), key=lambda node: node.labels[0])
    waiting = next(by_label, None)
    for label, name in _NODES.items():
        found: Iterable[Node] = ()
        if waiting is not None and waiting[0] == label:
            found = waiting[1]
        if label == SOURCE:
            found = _documents(subgraph, found)
        types = types_of(label)
        head = [f"id:ID({_GROUP})", *_typed(types), ":LABEL"]
        removed += _write_rows(open_file, name, head, (_node_row(node, types) for node in found))
        if waiting is not None and waiting[0] == label:
            waiting = next(by_label, None)
    for kind, name in _FIGURES.items():
        types = FIGURE_TYPES | {"value": "double" if kind is float else "string"}
        del types["claim"]
        head = [f"claim:ID({_GROUP})", *_typed(types), ":LABEL"]
        found = (
            node for node, _ in figures(subgraph) if isinstance(node.properties.get("value"), str) == (kind is str)
        )
        removed += _write_rows(open_file, name, head, (_node_row(node, types) for node in found))
    head = [f":START_ID({_GROUP})", f":END_ID({_GROUP})", ":TYPE", *_typed(LINK_TYPES)]
    links = chain(relationships(subgraph), (link for _, link in figures(subgraph)))
    rows = ([link.start, link.end, link.type, *_cells(link.properties, LINK_TYPES)] for link in links)
    removed += _write_rows(open_file, _LINKS, head, rows)
    script = IMPORT.format(options=" ".join(options()))
    for name, text in (("import.sh", script), ("README.md", README)):
        with open_file(name) as file:
            file.write(text.encode())
    return removed


def options() -> list[str]:
    """The options of the import."""
    return [
        f"--array-delimiter=U+{ord(DELIMITER):04X}", "--multiline-fields=true",
        "--bad-tolerance=0", *(f"--nodes={name}" for name in (*_NODES.values(), *_FIGURES.values())),
        f"--relationships={_LINKS}",
    ]  # fmt: skip


def _documents(subgraph: Subgraph, members: Iterable[Node]) -> Iterator[Node]:
    """Documents, and sources that are nodes of the subgraph: each once."""
    held = {node.id: node for node in members}
    for document in sources(subgraph):
        member = held.pop(document.id, None)
        yield document if member is None else member._replace(properties=member.properties | document.properties)
    yield from held.values()


def _typed(types: Mapping[str, str]) -> list[str]:
    return [name if type_ == "string" else f"{name}:{type_}" for name, type_ in types.items()]


def _node_row(node: Node, types: Mapping[str, str]) -> list[str]:
    return [node.id, *_cells(node.properties, types), DELIMITER.join(reversed(node.labels))]


def _cells(properties: Mapping[str, Value], types: Mapping[str, str]) -> list[str]:
    return [_cell(properties.get(name)) for name in types]


def _cell(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return DELIMITER.join(text.replace(DELIMITER, "") for text in value)
    return value if isinstance(value, str) else repr(value)


def _write_rows(open_file: Opener, name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    with open_file(name) as opened:
        file = TextFile(opened)
        whole = chain([head], rows)
        while some := list(islice(whole, _ROWS)):
            part = StringIO(newline="")
            csv.writer(part).writerows(some)
            file.write(part.getvalue())
        return file.removed
