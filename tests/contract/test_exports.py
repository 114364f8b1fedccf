"""Every format of FORMATS, read back by programs that are not ours: nothing is lost, changed or made up on the way."""

from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import tiny
from asking import READERS
from exporting import everything, export, written
from hypothesis import HealthCheck, Phase, given, settings
from oracles.hostile_graphs import TEXTS, hostile_graphs
from oracles.plain_reader import PlainReader
from oracles.random_graphs import RandomGraph
from oracles.read_exports import READ, READ_BY_NEO4J, Columns, Properties, Read
from oracles.shipped import shipped

from graph.export.formats import FORMATS
from graph.export.property_graph import Column, PropertyGraph, Row
from graph.model.claims import Source
from graph.model.kinds import NODE_KINDS
from graph.model.subgraph import Subgraph
from queries.lookup.subgraph import SubgraphParams, subgraph_of

_each_format = pytest.mark.parametrize("name", FORMATS)
_each_read = pytest.mark.parametrize("name", READ)


@cache
def _drawing() -> Subgraph:
    return everything(READERS["snapshot"]())


@cache
def _jl_mag() -> Subgraph:
    claims, sources = shipped()
    reader = READERS["snapshot"](claims=claims, sources=sources, as_of="2024-12-31")
    return subgraph_of(reader, SubgraphParams(seed=("JL MAG",), hops=2))


@cache
def _baotou() -> Subgraph:
    claims, sources = shipped()
    reader = READERS["snapshot"](claims=claims, sources=sources)
    return subgraph_of(reader, SubgraphParams(region="包头市", hops=2, flagged=True))


_SUBGRAPHS = {"tiny": _drawing, "JL MAG": _jl_mag, "Baotou": _baotou}
_each_subgraph = pytest.mark.parametrize("subgraph", _SUBGRAPHS)


def _columns(graph: PropertyGraph) -> Columns:
    return Columns({one.name: one for one in graph.node_columns}, {one.name: one for one in graph.edge_columns})


def _held(columns: tuple[Column, ...], row: Row) -> Properties:
    return {column.name: cell for column, cell in zip(columns, row, strict=True) if cell is not None and cell != ()}


def _typed(properties: Properties, forgive: Any) -> dict[str, tuple[str, Any]]:
    """True is not 1 here, and 1 is not 1.0."""
    forgiven = {name: forgive(value) for name, value in properties.items()}
    return {name: (type(value).__name__, value) for name, value in forgiven.items() if value is not None}


def _check(name: str, subgraph: Subgraph, folder: Path) -> None:
    export(subgraph, name, folder, "zh")
    graph = PropertyGraph(subgraph, "zh")
    nodes, edges = list(graph.nodes()), list(graph.edges())
    assert [row[0] for row in nodes] == [member.id for member in subgraph.nodes()]
    assert [row[:3] for row in edges] == [(fact.claim, fact.subject, fact.object) for fact in subgraph.links()]
    for reader in READ[name]:
        read: Read = reader.read(folder, _columns(graph))
        for found, columns, rows in (
            (read.nodes, graph.node_columns, nodes),
            (read.edges, graph.edge_columns, edges),
        ):
            expected = {str(row[0]): _typed(_held(columns, row), reader.forgive) for row in rows}
            assert {id_: _typed(told, reader.forgive) for id_, told in found.items()} == expected
        pairs = Counter((told["source"], told["target"]) for told in read.edges.values())
        assert pairs == Counter((fact.subject, fact.object) for fact in subgraph.links())


def test_every_format_is_read_back() -> None:
    """By somebody else's program here; those that carry claims by a loader, which tests of their own see to."""
    assert FORMATS.keys() - READ.keys() - READ_BY_NEO4J <= {one.name for one in FORMATS.values() if one.carries_claims}


@_each_subgraph
@_each_read
def test_nothing_is_lost(name: str, subgraph: str, tmp_path: Path) -> None:
    _check(name, _SUBGRAPHS[subgraph](), tmp_path)


@_each_read
@settings(
    max_examples=30,
    # To make a failing graph small takes minutes, and one text is as telling as another.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(drawn=hostile_graphs())
def test_hostile_texts_come_through(name: str, drawn: tuple[RandomGraph, tuple[Source, ...]]) -> None:
    graph, sources = drawn
    reader = PlainReader.of(list(graph.stored), sources, graph.as_of, decisions=graph.decisions)
    if not reader.ids(tuple(NODE_KINDS)):
        return
    with TemporaryDirectory() as folder:
        _check(name, everything(reader), Path(folder))


@_each_read
def test_each_hostile_text_comes_through(name: str, tmp_path: Path) -> None:
    """As an alias, as a remark, as a name of a node of its own; one text of a million characters, or as fit."""
    said = [
        one
        for number, text in enumerate((*TEXTS, "长" * min(reader.longest for reader in READ[name])))
        for one in (
            tiny.claim("ent:mag1", "alias", "x", qualifier=text)._replace(value=text),
            tiny.claim(f"ent:h{number}", "remark", "x", qualifier=text)._replace(value=text),
            tiny.claim(f"ent:h{number}", "name_en", "x")._replace(value=text),
        )
    ]
    _check(name, everything(READERS["plain"](claims=said)), tmp_path)


@_each_subgraph
@_each_format
def test_two_exports_are_the_same_bytes(name: str, subgraph: str, tmp_path: Path) -> None:
    format_ = FORMATS[name]
    for number in ("1", "2"):
        export(_SUBGRAPHS[subgraph](), name, tmp_path / number)
    for file in format_.files:
        assert (tmp_path / "1" / file).read_bytes() == (tmp_path / "2" / file).read_bytes()


@_each_format
def test_unrelated_parts_of_the_graph_change_nothing(name: str, tmp_path: Path) -> None:
    """A firm far away, described after the export was made, is not in the next one either."""
    asked = SubgraphParams(seed=("ent:mag1",), predicate=("supplies",))
    far = [tiny.claim("ent:far-away", "name_zh", "远方"), tiny.claim("ent:far-away", "code", "x", qualifier="x")]
    for folder, more in (("1", []), ("2", far)):
        export(subgraph_of(READERS["snapshot"](*more), asked), name, tmp_path / folder)
    for file in FORMATS[name].files:
        assert (tmp_path / "1" / file).read_bytes() == (tmp_path / "2" / file).read_bytes()


@pytest.mark.parametrize(
    ("name", "removed"),
    [
        ("graphml", 3),
        ("gexf", 3),
        ("gephi-csv", 2),
        ("cytoscape", 1),
        ("node-link", 1),
        ("parquet", 2),
        ("xlsx", 1),
        ("neo4j-admin", 2),
        ("cypher", 1),
    ],
)
def test_what_was_taken_out_is_counted(name: str, removed: int, tmp_path: Path) -> None:
    """An escape (not in XML), a NUL (nor in CSV) and half a surrogate pair (nowhere) in one remark, which parquet has
    twice: with its node and as a claim.
    """
    text = "a\x1b[1m\0b\ud83d"
    reader = READERS["plain"](tiny.claim("ent:mag1", "remark", text, qualifier="how"))
    asked = SubgraphParams(seed=("ent:mag1",), predicate=("supplies",))
    assert written(subgraph_of(reader, asked), name, tmp_path / "odd") == removed
    assert written(_drawing(), name, tmp_path / "drawing") == 0


@_each_format
def test_names(name: str) -> None:
    format_ = FORMATS[name]
    assert format_.name == name == name.lower()
    assert format_.zh
    assert format_.en
    assert format_.files
    if len(format_.files) > 1:
        assert format_.media_type == "application/zip"
