"""Cytoscape JSON (.cyjs): for the desktop program, and as `elements` for Cytoscape.js."""

import json
from collections.abc import Iterable, Iterator, Sequence

from graph.export.node_link import as_json, held
from graph.export.port import Opener
from graph.export.property_graph import Column, Lang, PropertyGraph, Row, about
from graph.export.text import TextFile
from graph.model.subgraph import Subgraph


def write(subgraph: Subgraph, open_file: Opener, lang: Lang) -> int:
    """Nodes by id, edges with the claim id as id: no node has such an id. What is not known is left out.

    `name` and `interaction` are what the desktop program shows at first: the label and the relation.
    """
    graph = PropertyGraph(subgraph, lang)
    told = about(subgraph) | {"name": "rechain", "asked": json.loads(subgraph.asked)}
    with open_file("graph.cyjs") as opened:
        file = TextFile(opened, nul=False)
        file.write('{"format_version":"1.0","generated_by":"rechain","target_cytoscapejs_version":"~3.0",\n')
        file.write(f'"data":{as_json(told)},\n"elements":{{"nodes":[\n')
        file.write_all(_elements(graph.node_columns, graph.nodes(), {"name": "label"}))
        file.write('\n],\n"edges":[\n')
        file.write_all(_elements(graph.edge_columns, graph.edges(), {"name": "label", "interaction": "predicate"}))
        file.write("\n]}}\n")
    return file.removed


def _elements(columns: Sequence[Column], rows: Iterable[Row], also: dict[str, str]) -> Iterator[str]:
    names = [column.name for column in columns]
    comma = ""
    for row in rows:
        data = held(names, row)
        data |= {name: data[as_] for name, as_ in also.items()}
        yield f'{comma}{{"data":{as_json(data)}}}'
        comma = ",\n"
