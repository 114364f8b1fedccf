"""claims.csv: every field of a claim in a row; and texts in quotes, here and in sources.csv."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.claims import Claim, Source
from graph.model.quoting import is_plain, quoted, unquoted
from loaders.base import Loaded, Reject
from loaders.factsheet import FactsheetLoader

HEAD = "subject,predicate,object,number,text,unit,qualifier,as_of,until,flags,detail,source_id,note,confidence"


def read(folder: Path, *rows: str, head: str = HEAD) -> list[Claim | Reject | Source]:
    """What claims.csv with these rows says."""
    (folder / "claims.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return [
        item.claim if isinstance(item, Loaded) else item for item in FactsheetLoader().read(folder / "claims.csv", "d")
    ]


def test_all_fields(tmp_path: Path) -> None:
    detail = '"{""is_main"": true, ""basis"": ""per kg"", ""x"": 1}"'.replace(', ""x"": 1', "")
    (claim,) = read(
        tmp_path, f"prd:a,input_to,prc:b,-0.0,,kg/kg,,2021-06,2022,plan;doubtful,{detail},src:s,a note,0.25"
    )
    assert claim == Claim(
        "prd:a", "input_to", "prc:b", -0.0, "kg/kg", "", "2021-06", "2022", ("doubtful", "plan"),
        (("basis", "per kg"), ("is_main", True)), "src:s", "a note", 0.25,
    )  # fmt: skip
    assert isinstance(claim, Claim)
    assert str(claim.value) == "-0.0"


def test_columns_may_be_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, "ent:a,name_zh,甲,src:s", head="subject,predicate,text,source_id") == [
        Claim("ent:a", "name_zh", None, "甲", None, "", None, None, (), (), "src:s", "", 1.0)
    ]


def test_a_number_like_text_is_a_text_where_the_predicate_has_texts(tmp_path: Path) -> None:
    (code,) = read(tmp_path, "prd:a,hs_code,,,2846,,,,,,,src:s,,")
    assert isinstance(code, Claim)
    assert code.value == "2846"


def test_texts_in_quotes(tmp_path: Path) -> None:
    cell = json.dumps(" =1\n\x01\"'").replace('"', '""')
    (claim,) = read(tmp_path, f'ent:a,remark,,,"{cell}",,"{cell}",,,,,src:s,,')
    assert isinstance(claim, Claim)
    assert claim.value == claim.qualifier == " =1\n\x01\"'"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("a,name_zh,,,x,,,,,,,src:s,,", "subject"),
        ("ent:a,called,,,x,,,,,,,src:s,,", "predicate"),
        ("ent:a,name_zh,prd:b,,x,,,,,,,src:s,,", "object"),
        ("ent:a,produces,ent:b,,,,,,,,,src:s,,", "object"),
        ("ent:a,produces,,,,,,,,,,src:s,,", "object"),
        ("prd:a,produces,prd:b,,,,,,,,,src:s,,", "subject"),
        ("ent:a,produces,prd:b,much,,,,,,,,src:s,,", "number"),
        ("ent:a,produces,prd:b,nan,,,,,,,,src:s,,", "number"),
        ("ent:a,operates,prc:b,1,,,,,,,,src:s,,", "number"),
        ("ent:a,produces,prd:b,,5,,,,,,,src:s,,", "text"),
        ("ent:a,name_zh,,,,,,,,,,src:s,,", "text"),
        ("prd:a,stage,,,late,,,,,,,src:s,,", "text"),
        ("ent:a,founded,,,once,,,,,,,src:s,,", "text"),
        ('ent:a,name_zh,,,"""a"" and ""b""",,,,,,,src:s,,', "text"),
        ("ent:a,produces,prd:b,1,,acres,,,,,,src:s,,", "unit"),
        ("ent:a,produces,prd:b,1,,t/yr,some,,,,,src:s,,", "qualifier"),
        ("ent:a,operates,prc:b,,,,some,,,,,src:s,,", "qualifier"),
        ("ent:a,supplies,ent:b,,,,reg:c,,,,,src:s,,", "qualifier"),
        ("ent:a,produces,prd:b,,,,,1/2024,,,,src:s,,", "as_of"),
        ("ent:a,produces,prd:b,,,,,,soon,,,src:s,,", "until"),
        ("ent:a,produces,prd:b,,,,,,,nice,,src:s,,", "flags"),
        ("ent:a,produces,prd:b,,,,,,,,per kg,src:s,,", "detail"),
        ('ent:a,produces,prd:b,,,,,,,,"{""basis"": ""x""}",src:s,,', "detail"),
        ('prd:a,input_to,prc:b,,,,,,,,"{""basis"": null}",src:s,,', "detail"),
        ("ent:a,produces,prd:b,,,,,,,,,s,,", "source_id"),
        ("ent:a,produces,prd:b,,,,,,,,,src:s,,1.5", "confidence"),
        ("ent:a,produces,prd:b,,,,,,,,,src:s,,0", "confidence"),
    ],
)
def test_bad_rows(tmp_path: Path, row: str, column: str) -> None:
    (reject,) = read(tmp_path, row)
    assert isinstance(reject, Reject)
    assert (reject.file, reject.row, reject.column) == ("claims.csv", 2, column)
    assert reject.reason.endswith(".")
    assert reject.remedy.endswith(".")


def test_dangling_ends_stand_in_the_columns_of_this_sheet(tmp_path: Path) -> None:
    (tmp_path / "claims.csv").write_text(f"{HEAD}\nprd:a,input_to,prc:b,,,,,,,,,src:s,,\n", encoding="utf-8")
    loader = FactsheetLoader()
    (item,) = loader.read(tmp_path, "d")
    assert isinstance(item, Loaded)
    assert loader.column(item.claim, "object", item.place) == "object"
    assert loader.column(item.claim, "object", item.place._replace(file="processes.csv")) == "process_id"


def test_sources_with_texts_in_quotes(tmp_path: Path) -> None:
    (tmp_path / "sources.csv").write_text(
        'source_id,url,publisher,date,grade,licence\nsrc:s,"""=1""",,,press,"""\\u0001"""\n', encoding="utf-8"
    )
    assert list(FactsheetLoader().read(tmp_path, "d")) == [Source("src:s", "=1", "", None, "press", "\x01")]


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_quoting_can_be_undone(text: str) -> None:
    cell = quoted(text)
    assert unquoted(cell) == text
    assert cell[:1] not in ("=", "+", "-", "@")
    assert is_plain(text) == (cell == text)
