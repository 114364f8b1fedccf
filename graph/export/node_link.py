"""Node-link JSON: `networkx.node_link_graph(json.load(file), edges="edges")` reads it as a MultiDiGraph."""

import json
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from graph.export.port import Opener
from graph.export.property_graph import Cell, Column, Lang, PropertyGraph, Row
from graph.model.subgraph import Subgraph


def write(subgraph: Subgraph, open_file: Opener, lang: Lang) -> None:
    """One object: `nodes` by id, `edges` with the claim id as `key`; what is not known is left out."""
    graph = PropertyGraph(subgraph, lang)
    about = {
        "asked": json.loads(subgraph.asked),
        "as_of": subgraph.as_of,
        "known_at": subgraph.known_at,
        "revision": subgraph.revision,
    }
    with open_file("graph.json") as file:
        file.write(f'{{"directed":true,"multigraph":true,"graph":{_json(about)},\n"nodes":[\n'.encode())
        _objects(file, graph.node_columns, graph.nodes())
        file.write(b'\n],\n"edges":[\n')
        keyed = (Column("key", "text", "", ""), *graph.edge_columns[1:])
        _objects(file, keyed, graph.edges())
        file.write(b"\n]}\n")


def _objects(file: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    names = [column.name for column in columns]
    comma = b""
    for row in rows:
        held: dict[str, Cell] = {
            name: cell for name, cell in zip(names, row, strict=True) if cell is not None and cell != ()
        }
        file.write(comma + _json(held).encode())
        comma = b",\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
