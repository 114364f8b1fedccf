"""Makes the samples beside it anew: `python tests/data/parquet/make.py`. The bytes depend on the version of pyarrow."""

import sys
from pathlib import Path
from shutil import rmtree

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[2]), str(HERE.parents[1])]

import pyarrow as pa  # noqa: E402  # after the path, as this is run as a script
import pyarrow.parquet as pq  # noqa: E402
from exporting import everything, export, held  # noqa: E402

from graph.model.claims import Source  # noqa: E402
from loaders.base import Loaded  # noqa: E402
from loaders.factsheet import FactsheetLoader  # noqa: E402

# One good row, then a row for each thing that may be wrong, and one that dangles.
GOOD = {
    "subject": "ent:a", "predicate": "produces", "object": "prd:b", "number": 5.0, "text": None, "unit": "t/yr",
    "qualifier": "capacity", "as_of": "2024", "until": None, "flags": ["plan"], "detail": None, "source_id": "src:s",
    "note": "n", "confidence": 0.5,
}  # fmt: skip
NAMES = [
    GOOD | {"subject": node, "predicate": "name_en", "object": None, "number": None, "text": node, "unit": None,
            "qualifier": None, "as_of": None, "flags": []}
    for node in ("ent:a", "prd:b")
]  # fmt: skip
BAD = (
    {"subject": "a"}, {"subject": None}, {"subject": "prd:a"}, {"predicate": "makes"}, {"object": "reg:r"},
    {"object": None}, {"number": float("nan")}, {"number": float("inf")}, {"text": "5"}, {"unit": "acres"},
    {"qualifier": "some"}, {"as_of": "1/2/2024"}, {"until": "soon"}, {"flags": ["nice"]}, {"detail": "{"},
    {"detail": "[1]"}, {"detail": '{"x": 1}'}, {"source_id": "s"}, {"confidence": 2.0}, {"confidence": 0.0},
)  # fmt: skip
SOURCES = ({"source_id": "src:s", "date": "2024-05", "grade": "press", "licence": "CC BY 4.0"},
           {"source_id": "s"}, {"source_id": "src:t", "date": "May"}, {"source_id": "src:t", "grade": "good"},
           {"source_id": "src:s", "date": "2023"})  # fmt: skip


def main() -> None:
    """Both folders."""
    for name in ("good", "bad"):
        rmtree(HERE / name, ignore_errors=True)
    items = list(FactsheetLoader().read(HERE.parent / "factsheet" / "good", "good"))
    claims = [item.claim for item in items if isinstance(item, Loaded)]
    export(everything(held(claims, [item for item in items if isinstance(item, Source)])), "parquet", HERE / "good")
    (HERE / "bad").mkdir()
    rows = [*NAMES, GOOD, *(GOOD | spoilt for spoilt in BAD), GOOD | {"object": "prd:nobody"}]
    types = {"number": pa.float64(), "confidence": pa.float64(), "flags": pa.list_(pa.string())}
    schema = pa.schema([(column, types.get(column, pa.string())) for column in GOOD])
    pq.write_table(pa.Table.from_pylist(rows, schema), HERE / "bad" / "claims.parquet")
    columns = ("source_id", "url", "publisher", "date", "grade", "licence")
    table = pa.Table.from_pylist(list(SOURCES), pa.schema([(column, pa.string()) for column in columns]))
    pq.write_table(table, HERE / "bad" / "sources.parquet")


if __name__ == "__main__":
    main()
