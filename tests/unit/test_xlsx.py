"""The workbook beyond its rows: what it says of itself, its looks, and Excel's limits."""

import gc
import tempfile
import zipfile
from contextlib import nullcontext
from errno import ENOSPC
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import tiny
from exporting import everything, export, held
from python_calamine import CalamineWorkbook

from graph.export import xlsx
from graph.model.claims import Source
from graph.model.errors import BadInput
from graph.model.subgraph import Size, Subgraph


def sheet(folder: Path, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(folder / "graph.xlsx").get_sheet_by_name(name).to_python()


def drawing() -> Subgraph:
    odd = [one._replace(licence="CC BY 4.0") if one.id == "src:s1" else one for one in tiny.SOURCES]
    return everything(held(tiny.CLAIMS, odd, "2026-11-23"))


def test_what_it_says_of_itself(tmp_path: Path) -> None:
    """The drawing has 35 nodes and six cited sources, one of them with a licence."""
    whole = drawing()
    told = {row[0]: row[1] for row in sheet(export(whole, "xlsx", tmp_path, "en"), "read me")}
    assert told["facts as of"] == "2026-11-23"
    assert told["to ask it again (JSON)"] == whole.asked
    assert (told["nodes"], told["relations"]) == whole.size[:2] == (35, 62)
    assert (told["sources"], told["sources that state none"], told["sources: CC BY 4.0"]) == (6, 5, 1)
    assert told["statements told as planned, former, doubtful ..."] == 0
    assert told["flagged"] == "True"


def test_both_languages(tmp_path: Path) -> None:
    zh, en = (export(drawing(), "xlsx", tmp_path / lang, lang) for lang in ("zh", "en"))
    rows = sheet(zh, "说明")
    assert [(row[0], row[2]) for row in rows[2:4]] == [("问题", "Question"), ("起点类别", "kind")]
    for words in (
        ["类别：企业", "enterprise", "kind: enterprise"],
        ["阶段：冶炼分离", "separation", "stage: separation"],
    ):
        assert words in rows
    assert sheet(zh, "关系")[0][:5] == ["标识", "起点", "终点", "起点名称", "终点名称"]
    assert sheet(en, "relations")[0][:5] == ["id", "source", "target", "source_label", "target_label"]


def test_heads_stay_in_sight_and_no_text_is_a_formula(tmp_path: Path) -> None:
    claims = [*tiny.CLAIMS, tiny.claim("ent:far", "remark", "=1+1", qualifier="=1+1")]
    folder = export(everything(held(claims, tiny.SOURCES)), "xlsx", tmp_path)
    with zipfile.ZipFile(folder / "graph.xlsx") as parts:
        for number in (2, 3, 4):
            assert 'state="frozen"' in parts.read(f"xl/worksheets/sheet{number}.xml").decode()
        nodes = parts.read("xl/worksheets/sheet2.xml").decode()
        assert "<f>" not in nodes
        assert "=1+1" in nodes
        assert 'quotePrefix="1"' in parts.read("xl/styles.xml").decode()


class Large:
    """As many nodes as Excel has rows."""

    size = Size(xlsx.ROWS, 0, 0)


class Full(BytesIO):
    """A disk with so much room."""

    room = 8_000

    def write(self, content: Any) -> int:
        if self.tell() + len(content) > self.room:
            raise OSError(ENOSPC, "No space left on device")
        return super().write(content)


@pytest.mark.filterwarnings("error")
def test_a_full_disk_leaves_nothing_and_says_one_thing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No draft stays behind, and the zip that is thrown away does not complain of the file that is closed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(OSError, match="No space left"), Full() as file:
        xlsx.write(drawing(), lambda _: nullcontext(file), "en")
    gc.collect()
    assert not list(tmp_path.iterdir())


def test_too_many_rows_are_told_before_a_file_is_begun(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"takes 1,048,575 rows below its head, and there are 1,048,576\. Narrow"):
        xlsx.write(Large(), lambda name: (tmp_path / name).open("wb"), "en")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_a_text_too_long_for_a_cell(tmp_path: Path) -> None:
    """Excel counts halves of surrogate pairs: 16,384 of these are one too many."""
    for text, fits in (("长" * 32_767, True), ("长" * 32_768, False), ("🧲" * 16_383, True), ("🧲" * 16_384, False)):
        whole = everything(held([tiny.claim("ent:a", "name_zh", text)], [Source("src:s1", "", "", None, "other")]))
        folder = tmp_path / f"{len(text)}"
        if fits:
            assert text in sheet(export(whole, "xlsx", folder, "en"), "nodes")[1]
        else:
            with pytest.raises(BadInput, match=r"takes 32,767 characters, and one here would have"):
                export(whole, "xlsx", folder, "en")
