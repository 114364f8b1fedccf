"""Parquet read back: what may be wrong with a file or a row, and what other programs make of one."""

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graph.model.claims import Claim, Source
from graph.model.errors import UnreadableFile
from loaders.base import Item, Loaded, Reject
from loaders.factsheet import FactsheetLoader
from loaders.parquet import ParquetLoader
from loaders.registry import choose_loader

SAMPLES = Path(__file__).parents[1] / "data" / "parquet"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the good sample, to be changed."""
    return Path(shutil.copytree(SAMPLES / "good", tmp_path / "copied"))


def items(path: Path) -> list[Item]:
    return list(ParquetLoader().read(path, "d"))


def claims(path: Path) -> list[Claim]:
    return [item.claim for item in items(path) if isinstance(item, Loaded)]


def rewrite(file: Path, **columns: Any) -> None:
    """Put other columns in the place of those in a file; None takes one out."""
    table = pq.read_table(file)
    for name, column in columns.items():
        at = table.schema.get_field_index(name)
        table = table.remove_column(at) if column is None else table.set_column(at, name, column)
    pq.write_table(table, file)


def test_the_sample_says_what_the_factsheet_says() -> None:
    """But what is over: the export was made as of the end of time."""
    told = list(FactsheetLoader().read(SAMPLES.parent / "factsheet" / "good", "good"))
    lasting = {one.claim for one in told if isinstance(one, Loaded) and not one.claim.until}
    assert set(claims(SAMPLES / "good")) == lasting
    cited = {claim.source for claim in claims(SAMPLES / "good")}
    sources = {one for one in told if isinstance(one, Source) and one.id in cited}
    assert {one for one in items(SAMPLES / "good") if isinstance(one, Source)} == sources


def test_every_bad_row_is_a_reject_with_its_column() -> None:
    found = [one for one in items(SAMPLES / "bad") if isinstance(one, Reject)]
    assert [(one.file, one.row, one.column) for one in found] == [
        *(("sources.parquet", row, column) for row, column in (
            (3, "source_id"), (4, "date"), (5, "grade"), (6, "source_id"))),
        *(("claims.parquet", row, column) for row, column in enumerate((
            "subject", "subject", "subject", "predicate", "object", "object", "number", "number", "text", "unit",
            "qualifier", "as_of", "until", "flags", "detail", "detail", "detail", "source_id", "confidence",
            "confidence"), start=5)),
    ]  # fmt: skip
    for one in found:
        assert one.reason.endswith(".")
        assert one.remedy.endswith(".")
    assert len(claims(SAMPLES / "bad")) == 4


def test_one_file_stands_for_its_folder() -> None:
    file = SAMPLES / "good" / "claims.parquet"
    assert isinstance(choose_loader(file), ParquetLoader)
    assert items(file) == items(SAMPLES / "good")


def test_a_file_that_was_cut_off(copied: Path) -> None:
    file = copied / "claims.parquet"
    whole = file.read_bytes()
    for length in (len(whole) - 1, len(whole) // 2, 5):
        file.write_bytes(whole[:length])
        with pytest.raises(UnreadableFile, match=r"claims\.parquet is no parquet file .* cut off"):
            items(copied)


def test_bytes_that_were_changed_in_the_middle(copied: Path) -> None:
    file = copied / "claims.parquet"
    whole = bytearray(file.read_bytes())
    for at in range(100, len(whole) // 2, 97):
        spoilt = whole.copy()
        spoilt[at] ^= 0xFF
        file.write_bytes(spoilt)
        try:
            items(copied)  # a byte may lie where nothing is read
        except UnreadableFile:
            continue


def test_another_file_of_this_name(copied: Path) -> None:
    (copied / "claims.parquet").write_text("subject,predicate\n", encoding="utf-8")
    assert not ParquetLoader().recognises(copied)
    with pytest.raises(UnreadableFile, match="no parquet file"):
        items(copied)


def test_a_column_is_missing_or_of_another_type(copied: Path) -> None:
    file = copied / "claims.parquet"
    rows = pq.read_metadata(file).num_rows
    rewrite(file, subject=None)
    with pytest.raises(UnreadableFile, match=r"lacks the column subject\. It needs subject, predicate, source_id"):
        items(copied)
    shutil.copy(SAMPLES / "good" / "claims.parquet", file)
    rewrite(file, number=pa.array(["many"] * rows))
    with pytest.raises(UnreadableFile, match=r"The column number of claims\.parquet holds string; it should hold numb"):
        items(copied)
    shutil.copy(SAMPLES / "good" / "claims.parquet", file)
    rewrite(file, flags=pa.array(["plan"] * rows))
    with pytest.raises(UnreadableFile, match=r"flags .* it should hold lists of texts"):
        items(copied)


def test_optional_columns_and_sources_may_be_missing(copied: Path) -> None:
    rewrite(copied / "claims.parquet", id=None, until=None, note=None, confidence=None)
    (copied / "sources.parquet").unlink()
    told = claims(copied)
    assert {claim._replace(until=None, note="", confidence=1.0) for claim in claims(SAMPLES / "good")} == set(told)


@pytest.mark.parametrize("how", ["pandas", "strings"])
def test_a_frame_that_was_read_and_written(copied: Path, how: str) -> None:
    """As it comes out of pandas, with its own types for texts and nothing."""
    for name in ("claims", "sources"):
        file = copied / f"{name}.parquet"
        frame = pd.read_parquet(file)
        if how == "strings":
            frame = frame.convert_dtypes()
        frame.to_parquet(file)
    assert claims(copied) == claims(SAMPLES / "good")
    assert items(copied) == items(SAMPLES / "good")
