"""A project's sheet: what it is to make, what it needs of the zone, what it leaves over, and facts that policies ask.

It comes as the text of a YAML or JSON file, as data, or as a sheet read before (from a citation). `rechain template
project` prints one with comments.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from graph.model.errors import BadInput
from graph.model.units import is_money
from queries.fitting.sheet_amounts import (
    MOST,
    Number,
    SheetAmount,
    SheetPart,
    as_shown,
    check_amount,
    check_facts,
    check_stated,
    where,
)


class SheetProduct(SheetPart):
    """Something the project is to make."""

    product: str = Field(min_length=1, max_length=400, title="产品", description="name, alias, code or id")
    capacity: Number | None = Field(None, gt=0, le=MOST, title="产能", description="a year; null: not told")
    unit: str | None = Field(None, max_length=40, title="单位", description="t/yr, pieces/yr ...")


class SheetInput(SheetPart):
    """Something the project takes in, told outright instead of by recipes."""

    product: str = Field(min_length=1, max_length=400, title="投入品", description="name, alias, code or id")
    amount: Number | None = Field(None, gt=0, le=MOST, title="年用量", description="a year; null: not told")
    unit: str | None = Field(None, max_length=40, title="单位", description="t/yr ...")


class Investment(SheetPart):
    """How much is invested in all."""

    amount: Number = Field(gt=0, le=MOST, title="金额", description="in plain units: 300000000 for 3亿")
    currency: str = Field("CNY", max_length=3, title="币种", description="a currency code")


class ByProduct(SheetPart):
    """Something that arises beside the products: a product of the graph, or words."""

    product: str | None = Field(None, min_length=1, max_length=400, title="产品", description="name, alias, code or id")
    words: str | None = Field(
        None, min_length=1, max_length=200, title="名称", description="in words, where it is none"
    )
    amount: Number | None = Field(None, ge=0, le=MOST, title="数量", description="a year; null: not told")
    unit: str | None = Field(None, max_length=40, title="单位", description="t/yr, m3/yr ...")
    hazardous: bool | None = Field(None, title="危险废物", description="null: not told")


Stated = SheetAmount | bool
FactValue = SheetAmount | bool | float | str


class ProjectSheet(SheetPart):
    """A proposed project as its sheet tells it. What is not told is not known."""

    name: str = Field(min_length=1, max_length=200, title="项目名称", description="what to call it")
    products: tuple[SheetProduct, ...] = Field(min_length=1, max_length=50, title="产品", description="what it makes")
    investment: Investment | None = Field(None, title="总投资", description="in all")
    enterprise: str | None = Field(None, max_length=400, title="企业", description="who invests: name or id")
    inputs: tuple[SheetInput, ...] = Field((), max_length=100, title="投入品", description="instead of the recipes'")
    by_products: tuple[ByProduct, ...] = Field((), max_length=50, title="副产物", description="what else arises")
    needs: dict[str, Stated] = Field({}, title="需求", description="of the zone: an amount with unit, or true")
    facts: dict[str, FactValue] = Field({}, title="事实", description="what policies ask")
    zone_offers: dict[str, Stated] = Field({}, title="园区供给", description="what the zone offers, by the user's word")


class ZoneOffers(SheetPart):
    """What a zone offers by the word of the user: an amount with unit, true, or false for what it has not."""

    offers: dict[str, Stated] = Field(title="供给", description="by the names of needs")


def read_sheet(value: Any) -> Any:
    """A sheet from text or data. Raises BadInput with the place in the sheet."""
    if value is None or isinstance(value, ProjectSheet):
        return value
    data = _mapping(value)
    check_stated(data.get("needs"), ("needs",))
    check_stated(data.get("zone_offers"), ("zone_offers",))
    check_facts(data.get("facts"))
    sheet = _validated(ProjectSheet, data)
    for at, product in enumerate(sheet.products):
        check_amount(product.capacity, product.unit, ("products", at), "capacity")
    for at, taken in enumerate(sheet.inputs):
        check_amount(taken.amount, taken.unit, ("inputs", at), "amount")
    for at, over in enumerate(sheet.by_products):
        if (over.product is None) == (over.words is None):
            raise BadInput(
                "'{where}' in the sheet needs either 'product' or 'words'.", where=where(("by_products", at))
            )
        check_amount(over.amount, over.unit, ("by_products", at), "amount")
    if sheet.investment and not is_money(sheet.investment.currency):
        raise BadInput(
            "'{where}' in the sheet is no currency we know: '{value}'. Use a code such as CNY or USD.",
            where="investment.currency",
            value=sheet.investment.currency,
        )
    return sheet


def read_offers(value: Any) -> Any:
    """What a zone offers, from text or data. Raises BadInput with the place in the sheet."""
    if value is None or isinstance(value, ZoneOffers):
        return value
    data = _mapping(value)
    check_stated(data.get("offers"), ("offers",))
    return _validated(ZoneOffers, data)


# As parameters of a question: text, data or what was read before.
Sheet = Annotated[ProjectSheet, BeforeValidator(read_sheet)]
Offers = Annotated[ZoneOffers, BeforeValidator(read_offers)]


def _mapping(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        # Here, not above: few questions bring a sheet, and all would load yaml.
        from queries.fitting.sheet_text import read_text

        value = read_text(value)
    data = value
    if not isinstance(data, Mapping):
        raise BadInput("The sheet should hold fields and their values. See: rechain template project")
    return {str(name): one for name, one in data.items()}


def _validated(model: type[Any], data: Mapping[str, Any]) -> Any:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _complaint(model, error) from None


def _complaint(model: type[BaseModel], error: ValidationError) -> BadInput:
    """The first thing that is wrong, with its place."""
    first = error.errors(include_url=False)[0]
    place = where([part for part in first["loc"] if isinstance(part, str | int)])
    kind, shown = first["type"], as_shown(first.get("input"))
    if kind == "missing":
        return BadInput("'{where}' is missing in the sheet. See: rechain template project", where=place)
    if kind == "extra_forbidden":
        return BadInput(
            "'{where}' is no field of the sheet. There are: {known}.",
            where=place,
            known=", ".join(_siblings(model, first["loc"])),
        )
    if kind in ("float_type", "float_parsing", "finite_number"):
        return BadInput(
            "'{where}' in the sheet should be a number, not '{value}'. Write digits only: 15000 for 1.5万.",
            where=place,
            value=shown,
        )
    if kind in ("greater_than", "greater_than_equal", "less_than_equal"):
        return BadInput("'{where}' in the sheet is out of range: '{value}'.", where=place, value=shown)
    if kind in ("bool_type", "bool_parsing"):
        return BadInput("'{where}' in the sheet should be true or false, not '{value}'.", where=place, value=shown)
    if kind == "string_type":
        return BadInput("'{where}' in the sheet should be a text, not '{value}'.", where=place, value=shown)
    return BadInput(
        "'{where}' in the sheet cannot be used: '{value}' ({reason}). See: rechain template project",
        where=place,
        value=shown,
        reason=first["msg"][:120],
    )


def _siblings(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """The fields there are where an unknown one was given."""
    inner: dict[str, type[BaseModel]] = {
        "products": SheetProduct,
        "inputs": SheetInput,
        "by_products": ByProduct,
        "investment": Investment,
    }
    return list((inner.get(str(path[0]), model) if len(path) > 1 else model).model_fields)
