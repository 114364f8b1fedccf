"""A script for cypher-shell that adds the plain graph to a database: constraints first, then rows as parameters.

A file can carry parameters only as `:param` lines, whose values are literals: `literal` writes those, and nothing else
of a text gets into a statement. Everything is merged by id, so the script may be run again.
"""

from collections.abc import Iterable, Iterator
from math import isfinite

from graph.export.plain import LABELS, SOURCE, TYPES, Node, Relationship, Value, figures, nodes, relationships, sources
from graph.export.port import Opener
from graph.export.property_graph import Lang
from graph.export.text import TextFile
from graph.model.subgraph import Subgraph

FILES = ("graph.cypher",)
_HEAD = """\
// {title}
// cypher-shell -u neo4j -d neo4j -f graph.cypher      (Neo4j 5)
// {again}
// question: {asked}
// as of {as_of}, known at {known_at}, revision {revision}
"""
_WORDS = {
    "zh": ("稀土产业链知识图谱子图：明示属性图，可反复运行。", "节点按 id 合并，关系与指标按 claim 合并。"),
    "en": (
        "A subgraph of the rare-earth chain, as a plain property graph; it may be run again.",
        "Nodes are merged by id, relationships and figures by claim.",
    ),
}
_CONSTRAINT = "CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key} IS UNIQUE;\n"
_MERGE_NODES = "UNWIND $rows AS row MERGE (n:Node {{id: row.id}}) SET n:{label}, n += row.set;\n"
# A document may be there without being a node of the graph.
_MERGE_SOURCE_NODES = "UNWIND $rows AS row MERGE (n:Source {id: row.id}) SET n:Node, n += row.set;\n"
_MERGE_SOURCES = "UNWIND $rows AS row MERGE (n:Source {id: row.id}) SET n += row.set;\n"
_MERGE_FIGURES = (
    "UNWIND $rows AS row MATCH (a:Node {{id: row.start}}) MERGE (f:Figure {{claim: row.set.claim}}) SET f += row.set "
    "MERGE (a)-[:{type}]->(f);\n"
)
_MERGE_LINKS = (
    "UNWIND $rows AS row MATCH (a:Node {{id: row.start}}) MATCH (b:Node {{id: row.end}}) "
    "MERGE (a)-[r:{type} {{claim: row.set.claim}}]->(b) SET r += row.set;\n"
)
_ROWS = 500
# What ends a line for cypher-shell or is no character that people see; and the marks of a literal.
_ESCAPED = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
Row = dict[str, Value | dict[str, Value]]


def write(subgraph: Subgraph, open_file: Opener, lang: Lang) -> int:
    """One file."""
    title, again = _WORDS[lang]
    with open_file(FILES[0]) as opened:
        file = TextFile(opened, nul=False)
        file.write(
            _HEAD.format(
                title=title,
                again=again,
                asked=_in_a_line(subgraph.asked),
                as_of=subgraph.as_of,
                known_at=subgraph.known_at or "-",
                revision=subgraph.revision,
            )
        )
        file.write_all(_CONSTRAINT.format(name=f"{label}_id", label=label, key="id") for label in ("Node", *LABELS))
        file.write(_CONSTRAINT.format(name="Figure_claim", label="Figure", key="claim"))
        file.write_all(_statements(subgraph))
        return file.removed


def _statements(subgraph: Subgraph) -> Iterator[str]:
    yield from _batches((_merge_nodes(node.labels[0]), _node_row(node)) for node in nodes(subgraph))
    yield from _batches((_MERGE_SOURCES, _node_row(node)) for node in sources(subgraph))
    yield from _batches(
        (_typed(_MERGE_FIGURES, link.type), {"start": link.start, "set": node.properties})
        for node, link in figures(subgraph)
    )
    yield from _batches((_typed(_MERGE_LINKS, link.type), _link_row(link)) for link in relationships(subgraph))


def _merge_nodes(label: str) -> str:
    if label not in LABELS:
        raise ValueError(f"not a label: {label}")
    return _MERGE_SOURCE_NODES if label == SOURCE else _MERGE_NODES.format(label=label)


def _typed(template: str, type_: str) -> str:
    if type_ not in TYPES:
        raise ValueError(f"not a type: {type_}")
    return template.format(type=type_)


def _node_row(node: Node) -> Row:
    return {"id": node.id, "set": node.properties}


def _link_row(link: Relationship) -> Row:
    return {"start": link.start, "end": link.end, "set": link.properties}


def _batches(rows: Iterable[tuple[str, Row]]) -> Iterator[str]:
    """Statements with their rows: those of one statement are gathered, however they come."""
    waiting: dict[str, list[Row]] = {}
    for statement, row in rows:
        gathered = waiting.setdefault(statement, [])
        gathered.append(row)
        if len(gathered) >= _ROWS:
            yield _batch(statement, gathered)
            gathered.clear()
    for statement, gathered in waiting.items():
        if gathered:
            yield _batch(statement, gathered)


def _batch(statement: str, rows: list[Row]) -> str:
    return f":param rows => {literal(rows)}\n{statement}"


def literal(value: object) -> str:
    """A value as a Cypher literal in one line, of printable characters only; keys of maps are names of ours."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Not Python's e+16, which Cypher does not know.
        return repr(value).replace("e+", "e") if isfinite(value) else "null"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {literal(held)}" for key, held in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(literal, value)) + "]"
    raise TypeError(f"no literal for {type(value).__name__}")


def _quoted(text: str) -> str:
    if text.isprintable() and "\\" not in text and "'" not in text:
        return f"'{text}'"
    # Some parsers take \\u for the beginning of an escape also after an escaped backslash, so that u is escaped too.
    return "'" + "".join(_escape(char, before) for before, char in zip(f" {text}", text, strict=False)) + "'"


def _escape(char: str, before: str) -> str:
    if char in _ESCAPED:
        return _ESCAPED[char]
    if "\ud800" <= char <= "\udfff":
        return char  # no character: the file takes it out and counts it
    if (char.isprintable() or ord(char) > 0xFFFF) and not (char == "u" and before == "\\"):
        return char
    return f"\\u{ord(char):04x}"


def _in_a_line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
