"""Node-link JSON: `networkx.node_link_graph(json.load(file), edges="edges")` reads it as a MultiDiGraph."""

import json
from collections.abc import Iterable, Iterator, Sequence

from graph.export.port import Opener
from graph.export.property_graph import Cell, Column, Lang, PropertyGraph, Row, about
from graph.export.text import TextFile
from graph.model.subgraph import Subgraph


def write(subgraph: Subgraph, open_file: Opener, lang: Lang) -> int:
    """One object: `nodes` by id, `edges` with the claim id as `key`; what is not known is left out."""
    graph = PropertyGraph(subgraph, lang)
    told = about(subgraph) | {"asked": json.loads(subgraph.asked)}
    with open_file("graph.json") as opened:
        file = TextFile(opened, nul=False)
        file.write(f'{{"directed":true,"multigraph":true,"graph":{as_json(told)},\n"nodes":[\n')
        file.write_all(_objects(graph.node_columns, graph.nodes()))
        file.write('\n],\n"edges":[\n')
        keyed = (Column("key", "text", "", ""), *graph.edge_columns[1:])
        file.write_all(_objects(keyed, graph.edges()))
        file.write("\n]}\n")
    return file.removed


def _objects(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[str]:
    names = [column.name for column in columns]
    comma = ""
    for row in rows:
        yield comma + as_json(held(names, row))
        comma = ",\n"


def held(names: Sequence[str], row: Row) -> dict[str, Cell]:
    """A row as an object without what is not known."""
    return {name: cell for name, cell in zip(names, row, strict=True) if cell is not None and cell != ()}


# Not `json.dumps` with options: that makes an encoder anew each time.
as_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
