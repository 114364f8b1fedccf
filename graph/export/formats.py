"""Every format a subgraph can be written in: its name gives the option, the route and the contract tests."""

from graph.export import node_link
from graph.export.port import Format

_JSON = "application/json"

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format("node-link", "NetworkX 节点-连线 JSON", "node-link JSON", ("graph.json",), _JSON, node_link.write),
    )
}
