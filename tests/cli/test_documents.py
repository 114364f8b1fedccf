"""rechain dossier --format: whole documents, or one sentence on what is wrong and no file."""

from pathlib import Path

import pytest

from cli.errors import DONE, INPUT
from cli.main import run
from reports.pdf import chinese_fonts

ASK = ["dossier", "乙材料", "--region", "甲高新区", "--as-of", "2026-11-23", "--lang", "zh"]
pytestmark = pytest.mark.usefixtures("here")


@pytest.mark.parametrize(("form", "begins"), [("docx", b"PK\x03\x04"), ("pdf", b"%PDF"), ("html", b"<!DO")])
def test_a_document_is_written_by_its_ending(form: str, begins: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    if form == "pdf" and not chinese_fonts():
        pytest.skip("no Chinese font here")
    for words in (["-o", f"a.{form}"], ["--format", form, "-o", f"b.{form}"]):
        assert run([*ASK, *words]) == DONE
    assert Path(f"a.{form}").read_bytes()[:4] == begins
    assert Path(f"a.{form}").read_bytes() == Path(f"b.{form}").read_bytes()
    said = capsys.readouterr()
    assert said.out == ""
    assert f"已写入 a.{form}。" in said.err


def test_another_ending_is_a_citation() -> None:
    assert run([*ASK, "-o", "a.json"]) == DONE
    assert run(["verify", "a.json"]) == DONE


def test_the_terminal_shows_the_same_texts(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ASK) == DONE
    out = capsys.readouterr().out
    assert "五、为什么是这里" in out
    assert (
        "· 可补断点“粘结剂”：本地无生产者在录，3家本地企业要用（磁一、磁二、磁三），投入品本地率100%，招商匹配度" in out
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--format", "odt", "-o", "a.odt"], "没有“odt”这种格式"),
        (["--format", "docx", "-o", "a.pdf"], "扩展名不是 .docx"),
        (["--template", "x.docx"], "--template"),
        (["--template", "x.docx", "-o", "a.html"], "只用于 docx"),
        (["--template", "x.docx", "-o", "a.docx"], "x.docx"),
        (["--format", "docx", "--json"], "--json"),
        (["-o", "no/such/folder/a.docx"], "无法写入"),
    ],
)
def test_bad_words_leave_no_file(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ASK, *words]) == INPUT
    said = capsys.readouterr()
    assert told in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""
    assert list(Path().iterdir()) == []


def test_a_broken_template_leaves_the_old_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.docx").write_bytes(b"old")
    Path("mine.docx").write_bytes(b"no document")
    assert run([*ASK, "--template", "mine.docx", "-o", "a.docx"]) == INPUT
    assert "不是 Word 文档" in capsys.readouterr().err
    assert Path("a.docx").read_bytes() == b"old"
