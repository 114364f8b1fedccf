"""What is read of conditions: phrases, the structured form, and its loading. All shipped rows: tests/golden."""

from pathlib import Path

import pytest
from conftest import ROOT

from graph.model.asks import ASK_FIELDS, Ask, read_requires, written_requires
from graph.model.claims import Claim
from graph.model.errors import BadInput
from loaders.base import Loaded, Reject
from loaders.factsheet import FactsheetLoader
from queries.fitting.conditions import Read, read_condition

HEADER = (
    "policy,applies_to,condition,benefit,value,unit,valid_from,valid_until,source_id,field,operator,asked,asked_unit\n"
)


def _shown(read: Read) -> list[str]:
    return [
        ("scope: " if part.scope else "")
        + (" or ".join(ask.written() for ask in part.asks) if part.asks else f"words: {part.words}")
        for part in read.parts
    ] + (["buys"] if read.buys else [])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("fixed investment 30 to under 200 million yuan",
         ["fixed_investment >= 30000000 CNY", "fixed_investment < 200000000 CNY"]),
        ("fixed asset investment above 20 million yuan", ["fixed_investment > 20000000 CNY"]),
        ("yearly tax of 50 million yuan or foreign capital 1.5 million USD",
         ["yearly_tax >= 50000000 CNY/yr or foreign_capital >= 1500000 USD"]),
        ("newly built and good looking", ["new_build is yes", "words: and good looking"]),
        ("company buys land and builds its own plant", ["buys_land is yes", "own_plant is yes"]),
        ("projects of a company", []),
        ("投资强度高的项目", ["words: 投资强度高的项目"]),
    ],
)  # fmt: skip
def test_phrases(text: str, parts: list[str]) -> None:
    assert _shown(read_condition("", text, "", True)) == parts


def test_words_of_whom_it_applies_to_are_not_read_where_ids_say_it() -> None:
    assert _shown(read_condition("industrial enterprises", "", "", True)) == []
    assert _shown(read_condition("industrial enterprises", "", "", False)) == ["scope: sector is industrial"]


@pytest.mark.parametrize(
    ("words", "sector"),
    [
        ("工业企业", "industrial"),
        ("稀土新材料及应用企业", "rare_earth_new_material"),
        ("稀土企业", "rare_earth"),
        ("新材料项目", "new_material"),
    ],
)
def test_sectors_in_chinese(words: str, sector: str) -> None:
    assert _shown(read_condition(words, "", "", False)) == [f"scope: sector is {sector}"]


def test_a_structured_condition_that_another_program_broke_stays_words() -> None:
    assert _shown(read_condition("", "", "height is great", True)) == ["words: height is great"]


def test_a_structured_condition_needs_no_rule_for_its_words() -> None:
    read = read_condition("", "whatever is written here", "new_build is yes or upgrade is yes; employees >= 50", True)
    assert _shown(read) == ["new_build is yes or upgrade is yes", "employees >= 50"]


@pytest.mark.parametrize("field", ASK_FIELDS.values(), ids=list(ASK_FIELDS))
def test_every_field_can_be_written_and_read(field: object) -> None:
    name, kind = field.name, field.kind  # type: ignore[attr-defined]
    units = {
        "money": " CNY",
        "money_a_year": " CNY/yr",
        "share": " %",
        "count": "",
        "area": " m2",
        "tonnes_a_year": " t/yr",
    }
    plain = {"yes": "is no", "text": "is 包头市", "date": ">= 2026-01"}
    text = f"{name} {plain[kind]}" if kind in plain else f"{name} >= 12.5{units[kind]}"
    asks = read_requires(text)
    assert written_requires(asks) == text
    assert read_requires(written_requires(asks)) == asks


@pytest.mark.parametrize(
    "text",
    ["fixed_investment", "height >= 3 m2", "fixed_investment is yes", "new_build >= 1", "new_build is maybe",
     "fixed_investment >= much CNY", "fixed_investment >= 3 t", "fixed_investment >= 3", "employees >= 3 CNY",
     "fixed_investment >= 3 furlongs", "registered >= yesterday", "fixed_investment >= nan CNY"],
)  # fmt: skip
def test_a_test_that_is_none(text: str) -> None:
    with pytest.raises(BadInput):
        read_requires(text)


def _load(folder: Path, *rows: str) -> tuple[list[Claim], list[Reject]]:
    file = folder / "policy_conditions.csv"
    file.write_text(HEADER + "\n".join(rows) + "\n", "utf-8")
    items = list(FactsheetLoader().read(file, "mine"))
    return [i.claim for i in items if isinstance(i, Loaded)], [i for i in items if isinstance(i, Reject)]


def test_a_sheet_of_structured_conditions(tmp_path: Path) -> None:
    claims, rejects = _load(
        tmp_path,
        "pol:a,prd:x;prd:y,new,grant,10,%,2026-01,,src:a,fixed_investment;new_build,>=;is,30000000;yes,CNY;",
        "pol:a,words,free,grant,,,2026-01,,src:a,,,,",
    )
    assert not rejects
    assert [dict(one.detail).get("requires") for one in claims] == [
        "fixed_investment >= 30000000 CNY; new_build is yes",
        "fixed_investment >= 30000000 CNY; new_build is yes",
        None,
    ]
    assert read_requires(str(dict(claims[0].detail)["requires"]))[0] == (Ask("fixed_investment", ">=", 3e7, "CNY"),)


@pytest.mark.parametrize(
    "cells",
    [
        "fixed_investment;new_build,>=,3,CNY",
        "fixed_investment,>=,3,",
        "height,>=,3,m2",
        ",>=,3,CNY",
        "new_build,is,maybe,",
    ],
)
def test_a_structured_condition_that_cannot_be_read_is_a_reject(cells: str, tmp_path: Path) -> None:
    claims, rejects = _load(tmp_path, f"pol:a,words,free,grant,,,2026-01,,src:a,{cells}")
    assert not claims
    (reject,) = rejects
    assert (reject.row, reject.column) == (2, "field")
    assert reject.reason
    assert reject.remedy


def test_the_template_loads(tmp_path: Path) -> None:
    text = (ROOT / "data" / "templates" / "policy-conditions.csv").read_text("utf-8")
    (tmp_path / "policy_conditions.csv").write_text(text, "utf-8")
    items = list(FactsheetLoader().read(tmp_path / "policy_conditions.csv", "mine"))
    assert not [item for item in items if isinstance(item, Reject)]
    assert len([item for item in items if isinstance(item, Loaded)]) == 3
