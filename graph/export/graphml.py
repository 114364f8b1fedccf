"""GraphML: what Gephi, Cytoscape, yEd, igraph and NetworkX all read."""

from collections.abc import Iterable, Iterator, Sequence

from graph.export import xml
from graph.export.port import Opener
from graph.export.property_graph import Cell, Column, Lang, PropertyGraph, Row, about
from graph.export.text import TextFile
from graph.model.subgraph import Subgraph

_OPEN = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
_TYPE_NAMES = {**xml.TYPE_NAMES, "whole": "int"}


def write(subgraph: Subgraph, open_file: Opener, lang: Lang) -> int:
    """Typed keys first, then nodes by id and edges with the claim id as theirs. Lists are joined (see cells.py).

    The claim id is a property as well: igraph 1.0 takes the source of an edge for its id.
    """
    graph = PropertyGraph(subgraph, lang)
    nodes, edges = graph.node_columns[1:], (graph.edge_columns[0]._replace(name="claim"), *graph.edge_columns[3:])
    with open_file("graph.graphml") as opened:
        file = TextFile(opened, xml=True)
        file.write(_OPEN)
        file.write_all(_keys("graph", [Column(name, "text", "", "") for name in about(subgraph)]))
        file.write_all(_keys("node", nodes))
        file.write_all(_keys("edge", edges))
        file.write('<graph id="rechain" edgedefault="directed">\n')
        file.write_all(
            f'<data key="graph-{name}">{xml.content(str(said))}</data>\n' for name, said in about(subgraph).items()
        )
        file.write_all(_nodes(nodes, graph.nodes()))
        file.write_all(_edges(edges, graph.edges()))
        file.write("</graph>\n</graphml>\n")
    return file.removed


def _keys(of: str, columns: Sequence[Column]) -> Iterator[str]:
    for column in columns:
        yield (
            f'<key id="{of}-{column.name}" for="{of}" attr.name="{column.name}"'
            f' attr.type="{_TYPE_NAMES[column.type]}"/>\n'
        )


def _nodes(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[str]:
    begin = [f'<data key="node-{column.name}">' for column in columns]
    escaped = xml.Escaped(xml.content)
    for id_, *cells in rows:
        yield f'<node id="{xml.attribute(str(id_))}">{_data(begin, cells, escaped)}</node>\n'


def _edges(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[str]:
    claim, *begin = [f'<data key="edge-{column.name}">' for column in columns]
    escaped, end = xml.Escaped(xml.content), xml.Escaped(xml.attribute)
    for id_, source, target, *cells in rows:
        yield (
            f'<edge id="{id_}" source="{end[str(source)]}" target="{end[str(target)]}">'
            f"{claim}{id_}</data>{_data(begin, cells, escaped)}</edge>\n"
        )


def _data(begin: Sequence[str], cells: Sequence[Cell], escaped: xml.Escaped) -> str:
    text = ""
    for tag, cell in zip(begin, cells, strict=True):
        if cell is None:
            continue
        # By far the most are texts.
        if cell.__class__ is str:
            text += f"{tag}{escaped[cell]}</data>"
        elif cell != ():
            text += f"{tag}{xml.shown(cell, escaped)}</data>"
    return text
