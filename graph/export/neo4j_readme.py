"""The script and the notes that lie beside the files of neo4j_admin.py."""

from graph.model.kinds import NODE_KINDS

_LABELS = tuple(kind.label for kind in NODE_KINDS.values())
IMPORT = """\
#!/bin/sh
# Makes a new Neo4j database of the files in this folder; 5.26, Community or Enterprise.
# The server must be stopped (Community), and the database be empty or not there yet.
#
#   sh import.sh                                      database neo4j
#   sh import.sh rareearth                            another name (Enterprise)
#   sh import.sh neo4j --overwrite-destination=true   throw away what is in it
#
# NEO4J_ADMIN names the command when it is not on the path.
set -eu
cd "$(dirname "$0")"
database="${{1:-neo4j}}"
if [ "$#" -gt 0 ]; then shift; fi
# The name comes first: after a list of files it would be taken for one.
exec "${{NEO4J_ADMIN:-neo4j-admin}}" database import full "$database" {options} "$@"
"""
README = f"""\
# 导入 Neo4j / Into Neo4j

## 中文

`sh import.sh` 用本文件夹中的 CSV 新建一个 Neo4j 5.26 数据库（`neo4j-admin database import full`）。
社区版须先停库，库须为空；要覆盖已有内容，加 `--overwrite-destination=true`。导入后启动数据库，再建约束：

    CREATE CONSTRAINT node_id IF NOT EXISTS FOR (n:Node) REQUIRE n.id IS UNIQUE;

要并入正在运行的数据库，请改用 `cypher` 格式。
不提供 LOAD CSV 脚本：它默认把反斜杠当作转义，会改坏含反斜杠的文字。

- 节点：每类一个文件，标签 `Node` 加本类标签（{", ".join(_LABELS)}）；`hop` 为距起点的步数。
- `Source` 是文献，参与图谱的另有标签 `Node`。
- 关系：`relationships.csv`，类型即谓词的大写；`source` 为文献标识，`claim` 为首选陈述的标识。
- 指标、条件、供给与备注是 `Figure` 节点，以 `claim` 识别。
- 列表以 U+001F 分隔。空单元格即没有该属性。日期为 ISO 文字，精度同来源。

## English

`sh import.sh` makes a new Neo4j 5.26 database of the CSV files here (`neo4j-admin database import full`). With
Community the server has to be stopped, and the database be empty; `--overwrite-destination=true` replaces what is in
it. Start it afterwards, and make the constraint above.

For a database that is running take the format `cypher`. There is no LOAD CSV script: by default it takes a backslash
for an escape, and would spoil texts that hold one.

- Nodes: a file for each kind, label `Node` and that of the kind; `hop` is how far from a seed.
- `Source` is a document; one that takes part in the graph is a `Node` too.
- Relationships: `relationships.csv`; the type is the predicate in capitals, `source` the id of the document, `claim`
  that of the preferred claim.
- Indicators, conditions, offers and remarks are nodes `Figure`, known by their `claim`.
- Lists have U+001F between their values. An empty cell is no property. Dates are ISO texts, as precise as the source.
"""
