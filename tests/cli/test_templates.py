"""`rechain template`, and questions that take a sheet from a file."""

import json
from pathlib import Path

import pytest

from cli.main import run
from cli.templates import TEMPLATES

AT = ("--as-of", "2026-11-23")
SHEET = "name: 粘结剂厂\nproducts: [{product: 粘结剂, capacity: 20, unit: t/yr}]\nneeds: {gas: true}\n"


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_printed_with_its_comments(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["template", name]) == 0
    out = capsys.readouterr().out
    assert out.isascii() is False
    assert len(out.splitlines()) >= 4


def test_there_is_no_such_template(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["template", "tea", "--lang", "zh"]) == 2
    assert "没有模板“tea”。可用：project, zone-offers, policy-conditions。" in capsys.readouterr().err


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_sheet_comes_from_a_file(
    encoding: str, drawing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, offers = tmp_path / "sheet.yaml", tmp_path / "offers.yaml"
    file.write_bytes(SHEET.encode(encoding))
    offers.write_text("offers: {gas: false}", "utf-8")
    store = ("--store", drawing)
    assert run(["fit", "甲高新区", "--sheet", str(file), "--offers", str(offers), *AT, *store, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["verdict"], answer["params"]["sheet"]["name"]) == ("conflicts", "粘结剂厂")
    assert run(["fit", "甲高新区", "--sheet", str(file), *AT, *store, "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "粘结剂厂 · 甲高新区 · 项目匹配" in out
    assert "未见供给信息" in out
    assert "…" not in out
    assert "拟建 20吨/年  本地需求至少10吨/年；合计至多为需求的2倍  全国产能不明" in out
    assert run(["policies", "甲高新区", "--sheet", str(file), *AT, *store, "--lang", "en"]) == 0
    assert "no policies speak for" in capsys.readouterr().out.lower()


@pytest.mark.usefixtures("here")
def test_a_citation_of_a_sheet_verifies(drawing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, kept = tmp_path / "sheet.yaml", tmp_path / "fit.json"
    file.write_text(SHEET, "utf-8")
    store = ("--store", drawing)
    assert run(["fit", "甲高新区", "--sheet", str(file), *AT, *store, "-o", str(kept)]) == 0
    file.unlink()
    assert run(["verify", str(kept), *store, "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("same")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: x\nproducts:\n  - {product: 粘结剂, capacity: 20, unit: t/y}", "'products[0].unit'"),
        ("name: x\nproducts: [", "line 2"),
        ("name: x\nproducts: [{product: 没有}]", "'products[0].product'"),
        (None, "cannot be read"),
    ],
)
def test_a_bad_sheet_is_one_clear_sentence(
    text: str | None, says: str, drawing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sheet.yaml"
    if text is not None:
        file.write_text(text, "utf-8")
    assert run(["fit", "甲高新区", "--sheet", str(file), *AT, "--store", drawing, "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert "Traceback" not in err
