"""GEXF 1.3, Gephi's own format: with a first drawing, so that it can be looked at as soon as it is open."""

from collections.abc import Iterable, Iterator, Sequence

from graph.export import xml
from graph.export.drawing import COLOURS, Drawing, Spot
from graph.export.node_link import as_json
from graph.export.port import Opener
from graph.export.property_graph import Cell, Column, Lang, PropertyGraph, Row, about
from graph.export.text import TextFile
from graph.model.subgraph import Subgraph

_OPEN = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">
"""
_TYPE_NAMES = {**xml.TYPE_NAMES, "whole": "integer"}


def write(subgraph: Subgraph, open_file: Opener, lang: Lang) -> int:
    """Nodes by id with place, size and colour; edges with the claim id as id and the predicate as `kind`.

    Lists are joined (see cells.py): as `liststring` each program would split them at other places.
    """
    graph = PropertyGraph(subgraph, lang)
    nodes, edges = graph.node_columns[2:], graph.edge_columns[4:]
    with open_file("graph.gexf") as opened:
        file = TextFile(opened, xml=True)
        file.write(_OPEN)
        told = xml.content(as_json(about(subgraph)))
        file.write(f"<meta><creator>rechain</creator><description>{told}</description></meta>\n")
        file.write('<graph defaultedgetype="directed" mode="static">\n')
        file.write_all(_attributes("node", nodes))
        file.write_all(_attributes("edge", edges))
        file.write("<nodes>\n")
        file.write_all(_nodes(nodes, graph.nodes(), Drawing(subgraph).spots()))
        file.write("</nodes>\n<edges>\n")
        file.write_all(_edges(edges, graph.edges()))
        file.write("</edges>\n</graph>\n</gexf>\n")
    return file.removed


def _attributes(of: str, columns: Sequence[Column]) -> Iterator[str]:
    yield f'<attributes class="{of}" mode="static">\n'
    for column in columns:
        yield f'<attribute id="{column.name}" title="{column.name}" type="{_TYPE_NAMES[column.type]}"/>\n'
    yield "</attributes>\n"


def _nodes(columns: Sequence[Column], rows: Iterable[Row], spots: Iterable[Spot]) -> Iterator[str]:
    begin = [f'<attvalue for="{column.name}" value="' for column in columns]
    escaped = xml.Escaped(xml.attribute)
    for (id_, label, *cells), spot in zip(rows, spots, strict=True):
        red, green, blue = COLOURS[str(cells[0])]
        yield (
            f'<node id="{xml.attribute(str(id_))}" label="{xml.attribute(str(label))}">'
            f"<attvalues>{_values(begin, cells, escaped)}</attvalues>"
            f'<viz:position x="{spot.x}" y="{spot.y}" z="0.0"/><viz:size value="{spot.size}"/>'
            f'<viz:color r="{red}" g="{green}" b="{blue}"/></node>\n'
        )


def _edges(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[str]:
    begin = [f'<attvalue for="{column.name}" value="' for column in columns]
    escaped = xml.Escaped(xml.attribute)
    for id_, source, target, label, *cells in rows:
        yield (
            f'<edge id="{id_}" source="{escaped[str(source)]}" target="{escaped[str(target)]}"'
            f' label="{escaped[str(label)]}" kind="{cells[0]}">'
            f"<attvalues>{_values(begin, cells, escaped)}</attvalues></edge>\n"
        )


def _values(begin: Sequence[str], cells: Sequence[Cell], escaped: xml.Escaped) -> str:
    text = ""
    for tag, cell in zip(begin, cells, strict=True):
        if cell is not None and cell != ():
            text += f'{tag}{xml.shown(cell, escaped)}"/>'
    return text
