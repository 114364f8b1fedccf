"""Sheets: what is understood, and every way they can be wrong, each told with its place."""

import json
from contextlib import suppress
from typing import Any

import pytest
import yaml
from asking import READERS
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from graph.model.errors import BadInput, RechainError
from queries.fitting.fit import FitParams, run
from queries.fitting.sheet import ProjectSheet, read_offers, read_sheet

GOOD = """
name: 磁体厂
products:
  - {product: 磁体, capacity: 100, unit: t/yr}
  - product: 粘结剂
"""
ONE = "name: x\nproducts: [{product: 磁体"


def test_text_data_json_and_a_sheet_are_the_same() -> None:
    sheet = read_sheet(GOOD)
    assert isinstance(sheet, ProjectSheet)
    assert read_sheet(yaml.safe_load(GOOD)) == sheet
    assert read_sheet(json.dumps(yaml.safe_load(GOOD), indent="\t")) == sheet
    assert read_sheet(sheet.model_dump(mode="json")) == sheet
    assert FitParams(region="甲高新区", sheet=GOOD).sheet == sheet  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "place", "says"),
    [
        ("", "", "fields and their values"),
        ("- a\n- b", "", "fields and their values"),
        ("name: x", "products", "missing"),
        ("name: x\nproducts: []", "products", "cannot be used"),
        (ONE + "}]\ncolour: red", "colour", "is no field"),
        (ONE + ", colour: red}]", "products[0].colour", "There are: product, capacity, unit"),
        (ONE + "}, {product: 磁体, capacity: 3, unit: t/y}]", "products[1].unit", "no unit we know"),
        (ONE + ", capacity: 3}]", "products[0].capacity", "has no unit"),
        (ONE + ", capacity: 3, unit: t}]", "products[0].unit", "an amount a year"),
        (ONE + ", capacity: 3万, unit: t/yr}]", "products[0].capacity", "should be a number"),
        (ONE + ", capacity: true, unit: t/yr}]", "products[0].capacity", "should be a number"),
        (ONE + ", capacity: '3', unit: t/yr}]", "products[0].capacity", "should be a number"),
        (ONE + ", capacity: -3, unit: t/yr}]", "products[0].capacity", "out of range"),
        (ONE + ", capacity: .inf, unit: t/yr}]", "products[0].capacity", ""),
        (ONE + ", capacity: .nan, unit: t/yr}]", "products[0].capacity", ""),
        (ONE + ", capacity: 1.0e+300, unit: t/yr}]", "products[0].capacity", "out of range"),
        ("name: x\nproducts: [{product: 12}]", "products[0].product", "should be a text"),
        (GOOD + "investment: {amount: 3, currency: XYZ}", "investment.currency", "no currency"),
        (GOOD + "investment: {amount: 3, currency: t}", "investment.currency", "no currency"),
        (GOOD + "needs: {tea: true}", "needs.tea", "There are: power, water"),
        (GOOD + "needs: {power: 3}", "needs.power", "an amount with its unit"),
        (GOOD + "needs: {power: {amount: 3}}", "needs.power", "has no unit"),
        (GOOD + "needs: {power: {amount: 3, unit: mu}}", "needs.power.unit", "cannot be told in 'mu'"),
        (GOOD + "needs: {power: {amount: 3, unit: horses}}", "needs.power.unit", "no unit we know"),
        (GOOD + "needs: {power: {amount: many, unit: MW}}", "needs.power.amount", "should be a number"),
        (GOOD + "needs: {power: {unit: MW}}", "needs.power.amount", "missing"),
        (GOOD + "needs: {power: {amount: 3, unit: MW, when: now}}", "needs.power.when", "is no field"),
        (GOOD + "needs: [power]", "needs", "names and values"),
        (GOOD + "zone_offers: {tea: true}", "zone_offers.tea", "There are"),
        (GOOD + "facts: {tea: true}", "facts.tea", "There are"),
        (GOOD + "facts: {new_build: 3}", "facts.new_build", "true, false"),
        (GOOD + "facts: {employees: true}", "facts.employees", "1, 2, 3"),
        (GOOD + "facts: {fixed_investment: 3}", "facts.fixed_investment", "unit: CNY"),
        (GOOD + "facts: {fixed_investment: {amount: 3, unit: t}}", "facts.fixed_investment", "unit: CNY"),
        (GOOD + "facts: {yearly_tax: {amount: 3, unit: CNY}}", "facts.yearly_tax", "CNY/yr"),
        (GOOD + "facts: {registered: soon}", "facts.registered", "2027-06"),
        (GOOD + "by_products: [{amount: 3, unit: t/yr}]", "by_products[0]", "either 'product' or 'words'"),
        (GOOD + "by_products: [{words: slag, amount: 3}]", "by_products[0].amount", "has no unit"),
        (GOOD + "inputs: [{product: 金属, amount: 3, unit: MW}]", "inputs[0].unit", "an amount a year"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(wrong: str, place: str, says: str) -> None:
    with pytest.raises(BadInput) as found:
        read_sheet(wrong)
    assert (f"'{place}'" if place else "") in str(found.value)
    assert says in str(found.value)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("name: x\nproducts:\n  - {product: 磁体\n", "line 4"),
        ("name: x\n\tproducts: 3", "line 2"),
        ("name: [x", "line 1"),
        ("name: x\nname: y\nproducts: [{product: 磁体}]", "'name' in line 2"),
        ("name: &a x\nproducts: [{product: 磁体}]", "alias (& or *) in line 1"),
        ("a: [" * 40 + "]" * 40, "nested"),
        ("[" * 100_000, "nested"),
        ("name: x\n---\nname: y", "line 2"),
        ("name: !!python/object:os.system x", "line 1"),
        ("? [a, b]\n: c", "line 1"),
        ("name: \x07", "cannot be read"),
        ("x" * 300_000, "longer than"),
        ('{"name": "\\ud800", "products": [{"product": "磁体"}]}', "cannot be read"),
        ('{"name": "x", "\\ud800": 1}', "cannot be read"),
        ("facts: [" + "1," * 20_000 + "]", "more than 10000 values"),
        ("name: x\nproducts: [{product: 磁体, capacity: 0x" + "f" * 9_000 + "}]", "more than 19 digits"),
        ("when: 2026-13-45", "cannot be read"),
    ],
)
def test_broken_text(wrong: str, says: str) -> None:
    with pytest.raises(BadInput) as found:
        read_sheet(wrong)
    assert says in str(found.value)


def test_a_bomb_of_aliases_is_refused_before_it_is_built() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{new}: &{new} [*{old}, *{old}, *{old}, *{old}, *{old}, *{old}]"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    with pytest.raises(BadInput, match="alias"):
        read_sheet("\n".join(lines))


WORDS = ("name", "products", "product", "needs", "power", "amount", "unit", "facts", "offers", "x")


@given(st.text(max_size=60) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12))  # fmt: skip
def test_whatever_comes_is_a_sheet_or_a_clear_error(value: Any) -> None:
    for read in (read_sheet, read_offers):
        with suppress(RechainError):
            read(value)


@pytest.mark.parametrize(
    ("sheet", "place"),
    [
        ({"name": "x", "products": [{"product": "磁体"}, {"product": "没有这样的"}]}, "products[1].product"),
        ({"name": "x", "products": [{"product": "磁体"}], "enterprise": "没有这样的"}, "enterprise"),
        ({"name": "x", "products": [{"product": "磁体"}], "inputs": [{"product": "没有"}]}, "inputs[0].product"),
        (
            {"name": "x", "products": [{"product": "磁体"}], "by_products": [{"product": "没有"}]},
            "by_products[0].product",
        ),
    ],
)
def test_an_unknown_name_is_told_with_its_place(sheet: dict[str, Any], place: str) -> None:
    with pytest.raises(BadInput, match="nothing here is called") as found:
        run(READERS["plain"](), FitParams(region="甲高新区", sheet=sheet))  # type: ignore[arg-type]
    assert f"'{place}'" in str(found.value)


@pytest.mark.parametrize("name", ["project.yaml", "zone-offers.yaml"])
def test_the_templates_can_be_read(name: str) -> None:
    text = (ROOT / "data" / "templates" / name).read_text("utf-8")
    assert (read_offers if "offers" in name else read_sheet)(text)
