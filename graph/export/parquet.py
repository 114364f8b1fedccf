"""Parquet for pandas, polars, DuckDB and R: nodes and edges to count with, claims and sources to go back to.

claims.parquet has every field of every claim, so that `loaders/parquet.py` gives the same claims back.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from graph.export.port import Opener
from graph.export.property_graph import Column, Lang, PropertyGraph, Row, about
from graph.model.claims import Claim, Source
from graph.model.subgraph import Subgraph

if TYPE_CHECKING:
    import pyarrow as pa

# The version of these tables: it grows when a reader would have to know of a change.
LAYOUT = "1"
FILES = ("nodes.parquet", "edges.parquet", "claims.parquet", "sources.parquet")
_GROUP = 32_768  # rows that are held at a time, and a row group of the file
CLAIMS: tuple[Column, ...] = (
    Column("id", "text", "标识", "id of the claim, worked out from the other fields but the note"),
    Column("subject", "text", "主体", "id of the node it is said of, as recorded"),
    Column("predicate", "text", "关系", "what is said"),
    Column("object", "text", "客体", "id of the node it leads to, as recorded"),
    Column("number", "number", "数值", "the value, where it is a number, in `unit`"),
    Column("text", "text", "文本", "the value, where it is a text or a date"),
    Column("unit", "text", "单位", "unit of the number"),
    Column("qualifier", "text", "限定", "capacity, output, the product of a supply ..."),
    Column("as_of", "text", "截至", "when it was seen to hold, ISO, as precise as the source"),
    Column("until", "text", "失效日", "the day from which it no longer holds"),
    Column("flags", "texts", "标记", "how the source hedges"),
    Column("detail", "text", "细节", "the extras of its predicate, a JSON object"),
    Column("source_id", "text", "来源标识", "id of the source"),
    Column("note", "text", "说明", "in our own words"),
    Column("confidence", "number", "置信度", "0-1, given by the loader"),
)
SOURCES: tuple[Column, ...] = (
    Column("source_id", "text", "标识", "id of the source"),
    Column("url", "text", "网址", "address"),
    Column("publisher", "text", "发布者", "publisher"),
    Column("date", "text", "日期", "ISO, as precise as known"),
    Column("grade", "text", "等级", "official, company, press or other"),
    Column("licence", "text", "许可", "licence, where known"),
)


def write(subgraph: Subgraph, open_file: Opener, lang: Lang) -> int:
    """The files in FILES, a row group some thousand rows; what is not known is null."""
    graph = PropertyGraph(subgraph, lang)
    tables = (
        (graph.node_columns, graph.nodes()),
        (graph.edge_columns, graph.edges()),
        (CLAIMS, (_claim(id_, claim) for id_, claim in subgraph.claims())),
        (SOURCES, map(source_row, subgraph.sources())),
    )
    told = {f"rechain.{name}": str(value) for name, value in about(subgraph).items()}
    told |= {"rechain.layout": LAYOUT, "rechain.licence": "each source has its own: sources.parquet, column licence"}
    return sum(
        _write_table(open_file, name, columns, rows, told) for name, (columns, rows) in zip(FILES, tables, strict=True)
    )


def _claim(id_: str, claim: Claim) -> Row:
    subject, predicate, object_, value, unit, qualifier, as_of, until, flags, detail, source, note, confidence = claim
    is_text = isinstance(value, str)
    return (
        id_, subject, predicate, object_, None if is_text else value, value if is_text else None, unit,
        qualifier or None, as_of, until, flags, json.dumps(dict(detail), ensure_ascii=False) if detail else None,
        source, note or None, confidence,
    )  # fmt: skip


def source_row(source: Source) -> Row:
    """A row beside SOURCES."""
    return source.id, source.url or None, source.publisher or None, source.date, source.grade, source.licence or None


def _write_table(
    open_file: Opener, name: str, columns: Sequence[Column], rows: Iterable[Row], told: dict[str, str]
) -> int:
    """One file; how many characters were taken out of its texts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types: dict[str, Any] = {
        "text": pa.string(), "number": pa.float64(), "whole": pa.int32(), "truth": pa.bool_(),
        "texts": pa.list_(pa.string()),
    }  # fmt: skip
    fields = [pa.field(one.name, types[one.type], metadata={"zh": one.zh, "en": one.en}) for one in columns]
    schema = pa.schema(fields, metadata=told)
    removed = 0
    with open_file(name) as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(rows):
            batch, lost = _batch(group, schema)
            writer.write_batch(batch, row_group_size=_GROUP)
            removed += lost
    return removed


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while group := list(islice(remaining, _GROUP)):
        yield group


def _batch(group: list[Row], schema: "pa.Schema") -> tuple["pa.RecordBatch", int]:
    """Rows as columns. Surrogates, which have no UTF-8, are taken out and counted."""
    import pyarrow as pa

    columns = list(zip(*group, strict=True))
    try:
        arrays = [pa.array(cells, one.type) for cells, one in zip(columns, schema, strict=True)]
        return pa.record_batch(arrays, schema=schema), 0
    except UnicodeEncodeError:
        clean = [[_clean(cell) for cell in cells] for cells in columns]
        lost = sum(_length(a) - _length(b) for before, after in zip(columns, clean, strict=True)
                   for a, b in zip(before, after, strict=True))  # fmt: skip
        arrays = [pa.array(cells, one.type) for cells, one in zip(clean, schema, strict=True)]
        return pa.record_batch(arrays, schema=schema), lost


def _clean(cell: object) -> object:
    if isinstance(cell, str):
        return cell.encode(errors="ignore").decode()
    return tuple(map(_clean, cell)) if isinstance(cell, tuple) else cell


def _length(cell: object) -> int:
    if isinstance(cell, tuple):
        return sum(map(_length, cell))
    return len(cell) if isinstance(cell, str) else 0
