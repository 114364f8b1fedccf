"""Every format a subgraph can be written in: its name gives the option, the route and the contract tests."""

from graph.export import cypher, cytoscape, factsheet, gephi_csv, gexf, graphml, neo4j_admin, node_link, parquet, xlsx
from graph.export.port import Format

_JSON = "application/json"
_ZIP = "application/zip"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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
        Format(
            "neo4j-admin",
            "Neo4j 批量导入文件",
            "files for neo4j-admin import",
            neo4j_admin.FILES,
            _ZIP,
            neo4j_admin.write,
        ),
        Format("cypher", "Cypher 脚本", "a Cypher script", cypher.FILES, "application/x-cypher-query", cypher.write),
        Format("xlsx", "Excel 工作簿", "an Excel workbook", xlsx.FILES, _XLSX, xlsx.write),
        Format("parquet", "Parquet 表", "Parquet tables", parquet.FILES, _ZIP, parquet.write, carries_claims=True),
        Format(
            "factsheet", "事实表 CSV，可再载入", "the CSV sheets of data/", factsheet.FILES, _ZIP, factsheet.write, True
        ),
        Format("node-link", "NetworkX 节点-连线 JSON", "node-link JSON", ("graph.json",), _JSON, node_link.write),
    )
}

# What a bundle holds beside a format that was asked for: every claim, to be loaded again.
CLAIMS_OF_A_BUNDLE = "factsheet"


def bundled(name: str | None) -> tuple[Format, ...]:
    """The formats of a bundle: the factsheet, and the one asked for, GraphML where none was."""
    names = dict.fromkeys((CLAIMS_OF_A_BUNDLE, name or "graphml"))
    return tuple(FORMATS[one] for one in names)
