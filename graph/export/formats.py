"""Every format a subgraph can be written in: its name gives the option, the route and the contract tests."""

from graph.export import node_link
from graph.export.json_ld import JsonLd
from graph.export.nquads import NQuads
from graph.export.port import Format
from graph.export.turtle import Turtle

_JSON = "application/json"
_JSON_LD = "application/ld+json"

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format("node-link", "NetworkX 节点-连线 JSON", "node-link JSON", ("graph.json",), _JSON, node_link.write),
        Format("turtle", "RDF Turtle", "RDF Turtle", ("graph.ttl",), "text/turtle", Turtle(), True, Turtle),
        Format("json-ld", "RDF JSON-LD", "RDF JSON-LD", ("graph.jsonld",), _JSON_LD, JsonLd(), True, JsonLd),
        Format("nquads", "RDF N-Quads", "RDF N-Quads", ("graph.nq",), "application/n-quads", NQuads(), True, NQuads),
    )
}
