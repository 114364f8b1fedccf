"""Exports read by programs that are not ours: one line a format in READ, each giving nodes and edges as plain mappings.

A value that is missing has no key, a list is a tuple. What a format or its reader cannot tell apart is said beside it
and forgiven on both sides, and nothing else is.
"""

import csv
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import igraph
import networkx as nx
import pyarrow.parquet as pq
from lxml import etree
from python_calamine import CalamineWorkbook

from graph.export.cells import parted, plain
from graph.export.property_graph import Column

Properties = dict[str, Any]


class Read(NamedTuple):
    """Nodes and edges by id, each with all its properties under the names of `graph.export.property_graph`."""

    nodes: dict[str, Properties]
    edges: dict[str, Properties]


class Columns(NamedTuple):
    """What a reader of a format without types may know: the columns of nodes and of edges by name."""

    nodes: Mapping[str, Column]
    edges: Mapping[str, Column]


class Independent(NamedTuple):
    """A reader. `forgive`: a text or list as the format can hold it, None when it then reads as missing; `longest`: how
    many characters a text may have.
    """

    read: Callable[[Path, Columns], Read]
    forgive: Callable[[Any], Any] = lambda value: value
    longest: int = 1_000_000


_SURROGATES = dict.fromkeys(range(0xD800, 0xE000))
_NOT_IN_SHEETS = {0: None, **_SURROGATES}
_NOT_IN_XML = dict.fromkeys({*range(32), 0xFFFE, 0xFFFF} - {9, 10, 13}) | _SURROGATES


def _texts(change: Callable[[str], Any]) -> Callable[[Any], Any]:
    """Forgives texts, also those in lists."""

    def forgive(value: Any) -> Any:
        if isinstance(value, tuple):
            kept = tuple(change(text) or "" for text in value)
            # A list of one text of which nothing is left reads as one that is missing, where an empty text does.
            return kept if kept != ("",) or change("") == "" else None
        return change(value) if isinstance(value, str) else value

    return forgive


def _lists(properties: Properties, columns: Mapping[str, Column]) -> Properties:
    """Joined lists as tuples."""
    return {
        name: parted(value) if columns[name].type == "texts" and isinstance(value, str) else value
        for name, value in properties.items()
    }


def _tuples(properties: Properties) -> Properties:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in properties.items()}


def _graphml_by_networkx(folder: Path, columns: Columns) -> Read:
    drawn = nx.read_graphml(folder / "graph.graphml", force_multigraph=True)
    assert drawn.is_directed()
    edges = {}
    for source, target, key, data in drawn.edges(keys=True, data=True):
        assert data.pop("claim") == key
        edges[key] = _lists({"id": key, "source": source, "target": target} | data, columns.edges)
    return Read({id_: _lists({"id": id_} | data, columns.nodes) for id_, data in drawn.nodes(data=True)}, edges)


def _graphml_by_igraph(folder: Path, columns: Columns) -> Read:
    """igraph has no missing texts and truth values: it gives empty and false ones."""
    drawn = igraph.Graph.Read_GraphML(str(folder / "graph.graphml"))
    assert drawn.is_directed()

    def known(found: Mapping[str, Any], known_columns: Mapping[str, Column]) -> Properties:
        told = {
            name: int(value) if known_columns[name].type == "whole" and not math.isnan(value) else value
            for name, value in found.items()
            if value != "" and value is not False
        }
        told = {name: value for name, value in told.items() if not (isinstance(value, float) and math.isnan(value))}
        return _lists(told, known_columns)

    names = drawn.vs["id"] if len(drawn.vs) else []
    edges = {}
    for edge in drawn.es:
        # igraph 1.0 gives the source as the id.
        ends = {"source": names[edge.source], "target": names[edge.target], "id": edge["claim"]}
        rest = {name: value for name, value in edge.attributes().items() if name not in ("claim", "id")}
        edges[edge["claim"]] = ends | known(rest, columns.edges)
    return Read({vertex["id"]: known(vertex.attributes(), columns.nodes) for vertex in drawn.vs}, edges)


def _gexf_by_networkx(folder: Path, columns: Columns) -> Read:
    drawn = nx.read_gexf(folder / "graph.gexf", version="1.3")
    edges = {}
    for source, target, data in drawn.edges(data=True):
        edges[data["id"]] = _lists({"source": source, "target": target} | data, columns.edges)
    nodes = {}
    for id_, data in drawn.nodes(data=True):
        viz = data.pop("viz")
        assert viz["size"] > 0
        assert len(viz["position"]) == 3
        assert len(viz["color"]) == 4
        nodes[id_] = _lists({"id": id_} | data, columns.nodes)
    return Read(nodes, edges)


_GEXF = "{http://gexf.net/1.3}"


def _gexf_by_lxml(folder: Path, columns: Columns) -> Read:
    """By the letter of the format: ids unique over the file, every attribute declared, values as their types say."""
    root = etree.parse(folder / "graph.gexf").getroot()
    as_type = {"string": str, "double": float, "integer": int, "boolean": {"true": True, "false": False}.__getitem__}
    ids = [one.get("id") for part in ("node", "edge") for one in root.iter(_GEXF + part)]
    assert len(set(ids)) == len(ids)
    spots = [dict(one.attrib) for one in root.iter("{http://gexf.net/1.3/viz}position")]
    assert len({tuple(spot.items()) for spot in spots}) == len(spots) == len(list(root.iter(_GEXF + "node")))

    def rows(of: str, known_columns: Mapping[str, Column]) -> dict[str, Properties]:
        (declared,) = (one for one in root.iter(_GEXF + "attributes") if one.get("class") == of)
        types = {one.get("id"): (one.get("title"), as_type[one.get("type")]) for one in declared}
        found = {}
        for one in root.iter(_GEXF + of):
            told = {name: text for name, text in one.attrib.items() if name != "kind"}
            for value in one.iter(_GEXF + "attvalue"):
                name, convert = types[value.get("for")]
                assert name not in told
                told[name] = convert(value.get("value"))
            if of == "edge":
                assert one.get("kind") == told["predicate"]
            found[one.get("id")] = _lists(told, known_columns)
        return found

    return Read(rows("node", columns.nodes), rows("edge", columns.edges))


def _csv(folder: Path, columns: Columns) -> Read:
    def rows(file: str, known_columns: Mapping[str, Column], names: Mapping[str, str]) -> dict[str, Properties]:
        convert = {
            "number": float,
            "whole": int,
            "truth": {"true": True, "false": False}.__getitem__,
            "text": plain,
            "texts": lambda cell: parted(plain(cell)),
        }
        found = {}
        csv.field_size_limit(10_000_000)
        with (folder / file).open(encoding="utf-8", newline="") as sheet:
            for row in csv.DictReader(sheet, strict=True):
                assert None not in row
                assert None not in row.values()
                told = {names.get(name, name): cell for name, cell in row.items() if cell}
                if file == "edges.csv":
                    assert (told.pop("Type"), told.pop("Weight")) == ("Directed", "1")
                found[told["id"]] = {name: convert[known_columns[name].type](cell) for name, cell in told.items()}
        return found

    heads = {"Id": "id", "Label": "label", "Source": "source", "Target": "target", "Kind": "predicate"}
    return Read(rows("nodes.csv", columns.nodes, heads), rows("edges.csv", columns.edges, heads))


def _cytoscape(folder: Path, columns: Columns) -> Read:
    whole = json.loads((folder / "graph.cyjs").read_text("utf-8"))
    nodes = [_tuples(one["data"]) for one in whole["elements"]["nodes"]]
    edges = [_tuples(one["data"]) for one in whole["elements"]["edges"]]
    ids = [one["id"] for one in (*nodes, *edges)]
    assert len(set(ids)) == len(ids)
    for one in nodes:
        assert one.pop("name") == one["label"]
    for one in edges:
        assert (one.pop("name"), one.pop("interaction")) == (one["label"], one["predicate"])
    return Read({one["id"]: one for one in nodes}, {one["id"]: one for one in edges})


def _node_link(folder: Path, columns: Columns) -> Read:
    drawn = nx.node_link_graph(json.loads((folder / "graph.json").read_text("utf-8")), edges="edges")
    assert isinstance(drawn, nx.MultiDiGraph)
    return Read(
        {id_: _tuples({"id": id_} | data) for id_, data in drawn.nodes(data=True)},
        {
            key: _tuples({"id": key, "source": source, "target": target} | data)
            for source, target, key, data in drawn.edges(keys=True, data=True)
        },
    )


_unicode = _texts(lambda text: text.translate(_SURROGATES))
_xml = _texts(lambda text: text.translate(_NOT_IN_XML))
_sheet = _texts(lambda text: text.translate(_NOT_IN_SHEETS) or None)


_xml_without_empty = _texts(lambda text: text.translate(_NOT_IN_XML) or None)


def _parquet(folder: Path, columns: Columns) -> Read:
    def rows(file: str, known_columns: Mapping[str, Column]) -> dict[str, Properties]:
        found = {}
        for row in pq.read_table(folder / file).to_pylist():
            assert row.keys() == known_columns.keys()
            found[row["id"]] = _tuples({name: cell for name, cell in row.items() if cell is not None and cell != []})
        return found

    return Read(rows("nodes.parquet", columns.nodes), rows("edges.parquet", columns.edges))


def _xlsx(folder: Path, columns: Columns) -> Read:
    workbook = CalamineWorkbook.from_path(folder / "graph.xlsx")
    assert workbook.sheet_names == ["说明", "节点", "关系", "来源"]

    labels: dict[str, Any] = {}

    def rows(sheet: str, known_columns: Mapping[str, Column]) -> dict[str, Properties]:
        head, *told = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        assert len(set(head)) == len(head)
        found = {}
        for cells in told:
            if sheet == "关系":  # the names of both ends stand behind their ids
                assert [labels[cells[1]], labels[cells[2]]] == cells[3:5]
                del cells[3:5]
            else:
                labels[cells[0]] = cells[1]
            row = {
                name: int(cell) if column.type == "whole" else cell
                for (name, column), cell in zip(known_columns.items(), cells, strict=True)
                if cell != "" or cell is False
            }
            found[row["id"]] = _lists(row, known_columns)
        return found

    return Read(rows("节点", columns.nodes), rows("关系", columns.edges))


_NOT_IN_EXCEL = {0xFFFE: None, 0xFFFF: None, **_SURROGATES}
_xlsx_texts = _texts(lambda text: text.translate(_NOT_IN_EXCEL) or None)


def _excel(value: Any) -> Any:
    """Excel counts with 15 digits."""
    return float(f"{value:.15g}") if isinstance(value, float) else _xlsx_texts(value)


def _igraph(value: Any) -> Any:
    return None if value is False else _xml_without_empty(value)


# A format without a line here must carry claims and be read back by a loader; the test says so.
READ: dict[str, tuple[Independent, ...]] = {
    "graphml": (
        Independent(_graphml_by_networkx, _xml_without_empty),
        Independent(_graphml_by_igraph, _igraph),
    ),
    "gexf": (Independent(_gexf_by_networkx, _xml), Independent(_gexf_by_lxml, _xml)),
    "gephi-csv": (Independent(_csv, _sheet),),
    "cytoscape": (Independent(_cytoscape, _unicode),),
    "node-link": (Independent(_node_link, _unicode),),
    "parquet": (Independent(_parquet, _unicode),),
    "xlsx": (Independent(_xlsx, _excel, longest=25_000),),
}
# Read by a real server: tests/contract/test_exports_neo4j.py.
READ_BY_NEO4J = {"neo4j-admin", "cypher"}
