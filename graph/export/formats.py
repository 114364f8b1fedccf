"""Every format a subgraph can be written in: its name gives the option, the route and the contract tests."""

from graph.export import cytoscape, gephi_csv, gexf, graphml, node_link
from graph.export.json_ld import JsonLd
from graph.export.nquads import NQuads
from graph.export.port import Format
from graph.export.turtle import Turtle

_JSON = "application/json"
_JSON_LD = "application/ld+json"
_ZIP = "application/zip"
_GRAPHML = "application/graphml+xml"
_GEXF = "application/gexf+xml"
_SHEETS = ("nodes.csv", "edges.csv")

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format(
            "graphml",
            "GraphML（Gephi、Cytoscape、yEd、igraph）",
            "GraphML",
            ("graph.graphml",),
            _GRAPHML,
            graphml.write,
        ),
        Format("gexf", "Gephi 图文件", "GEXF 1.3 with a drawing, for Gephi", ("graph.gexf",), _GEXF, gexf.write),
        Format("gephi-csv", "Gephi 节点与边表", "nodes and edges as CSV, for Gephi", _SHEETS, _ZIP, gephi_csv.write),
        Format("cytoscape", "Cytoscape JSON", "Cytoscape JSON", ("graph.cyjs",), _JSON, cytoscape.write),
        Format("node-link", "NetworkX 节点-连线 JSON", "node-link JSON", ("graph.json",), _JSON, node_link.write),
        Format("turtle", "RDF Turtle", "RDF Turtle", ("graph.ttl",), "text/turtle", Turtle(), True, Turtle),
        Format("json-ld", "RDF JSON-LD", "RDF JSON-LD", ("graph.jsonld",), _JSON_LD, JsonLd(), True, JsonLd),
        Format("nquads", "RDF N-Quads", "RDF N-Quads", ("graph.nq",), "application/n-quads", NQuads(), True, NQuads),
    )
}
