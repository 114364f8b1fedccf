"""A project's sheet: what it is to make, what it needs of the zone, what it leaves over, and facts that policies ask.

It comes as the text of a YAML or JSON file, as data, or as a sheet read before (from a citation). `rechain template
project` prints one with comments.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from graph.model.asks import AMOUNTS, ASK_FIELDS, WANTED, AskField, fits
from graph.model.dates import parse_date
from graph.model.errors import BadInput
from graph.model.units import is_money, unit_of
from queries.promotion.needs import NEEDS, is_told_in
from queries.promotion.sheet_text import read_text, where

MOST = 1e15


# Not a text that looks like a number, and not yes or no.
Number = Annotated[float, Field(strict=True)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class SheetAmount(_Part):
    """An amount with its unit."""

    amount: Number = Field(ge=0, le=MOST, title="数量", description="a number in the unit beside it")
    unit: str | None = Field(None, max_length=40, title="单位", description="t/yr, MW, mu, CNY ...")


class SheetProduct(_Part):
    """Something the project is to make."""

    product: str = Field(min_length=1, max_length=400, title="产品", description="name, alias, code or id")
    capacity: Number | None = Field(None, gt=0, le=MOST, title="产能", description="a year; null: not told")
    unit: str | None = Field(None, max_length=40, title="单位", description="t/yr, pieces/yr ...")


class SheetInput(_Part):
    """Something the project takes in, told outright instead of by recipes."""

    product: str = Field(min_length=1, max_length=400, title="投入品", description="name, alias, code or id")
    amount: Number | None = Field(None, gt=0, le=MOST, title="年用量", description="a year; null: not told")
    unit: str | None = Field(None, max_length=40, title="单位", description="t/yr ...")


class Investment(_Part):
    """How much is invested in all."""

    amount: Number = Field(gt=0, le=MOST, title="金额", description="in plain units: 300000000 for 3亿")
    currency: str = Field("CNY", max_length=3, title="币种", description="a currency code")


class ByProduct(_Part):
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


class ProjectSheet(_Part):
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


class ZoneOffers(_Part):
    """What a zone offers by the word of the user: an amount with unit, true, or false for what it has not."""

    offers: dict[str, Stated] = Field(title="供给", description="by the names of needs")


def read_sheet(value: Any) -> Any:
    """A sheet from text or data. Raises BadInput with the place in the sheet."""
    if value is None or isinstance(value, ProjectSheet):
        return value
    data = _mapping(value)
    _check_stated(data.get("needs"), ("needs",))
    _check_stated(data.get("zone_offers"), ("zone_offers",))
    _check_facts(data.get("facts"))
    sheet = _validated(ProjectSheet, data)
    for at, product in enumerate(sheet.products):
        _check_amount(product.capacity, product.unit, ("products", at), "capacity")
    for at, taken in enumerate(sheet.inputs):
        _check_amount(taken.amount, taken.unit, ("inputs", at), "amount")
    for at, over in enumerate(sheet.by_products):
        if (over.product is None) == (over.words is None):
            raise BadInput(
                "'{where}' in the sheet needs either 'product' or 'words'.", where=where(("by_products", at))
            )
        _check_amount(over.amount, over.unit, ("by_products", at), "amount")
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
    _check_stated(data.get("offers"), ("offers",))
    return _validated(ZoneOffers, data)


# As parameters of a question: text, data or what was read before.
Sheet = Annotated[ProjectSheet, BeforeValidator(read_sheet)]
Offers = Annotated[ZoneOffers, BeforeValidator(read_offers)]


def _mapping(value: Any) -> dict[str, Any]:
    data = read_text(value) if isinstance(value, str) else value
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
    kind, shown = first["type"], _shown(first.get("input"))
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


def _check_amount(amount: float | None, unit: str | None, path: tuple[str | int, ...], name: str) -> None:
    if amount is not None and unit is None:
        raise BadInput(
            "'{where}' in the sheet has no unit. Write one beside it, such as t/yr.", where=where((*path, name))
        )
    if unit is not None:
        _check_unit(unit, (*path, "unit"))
        if not unit_of(unit).dimension.endswith("/time"):
            raise BadInput(
                "'{where}' in the sheet should be an amount a year, such as t/yr, not '{value}'.",
                where=where((*path, "unit")),
                value=unit,
            )


def _check_unit(unit: Any, path: tuple[str | int, ...]) -> None:
    try:
        unit_of(unit if isinstance(unit, str) else "")
    except BadInput:
        raise BadInput(
            "'{where}' in the sheet is no unit we know: '{value}'. Use t/yr, pieces/yr, MW, mu, m3/yr, CNY, % ...",
            where=where(path),
            value=_shown(unit),
        ) from None


def _check_stated(data: Any, path: tuple[str, ...]) -> None:
    """Needs and offers: by name, an amount in a fitting unit, true, or false."""
    if data is None:
        return
    if not isinstance(data, Mapping):
        raise BadInput("'{where}' in the sheet should hold names and values.", where=where(path))
    for name, told in data.items():
        need = NEEDS.get(str(name))
        place = (*path, str(name)[:60])
        if need is None:
            raise BadInput(
                "'{where}' is no field of the sheet. There are: {known}.", where=where(place), known=", ".join(NEEDS)
            )
        if isinstance(told, bool):
            continue
        amount = _amount(told, place)
        if amount.unit is None:
            raise BadInput(
                "'{where}' in the sheet has no unit. Write one beside it: {wanted}.",
                where=where(place),
                wanted=need.wanted,
            )
        _check_unit(amount.unit, (*place, "unit"))
        if not is_told_in(need, amount.unit):
            raise BadInput(
                "'{where}' in the sheet cannot be told in '{value}'. Use {wanted}.",
                where=where((*place, "unit")),
                value=amount.unit,
                wanted=need.wanted,
            )


def _check_facts(data: Any) -> None:
    if data is None:
        return
    if not isinstance(data, Mapping):
        raise BadInput("'{where}' in the sheet should hold names and values.", where="facts")
    for name, told in data.items():
        field = ASK_FIELDS.get(str(name))
        place = ("facts", str(name)[:60])
        if field is None:
            raise BadInput(
                "'{where}' is no field of the sheet. There are: {known}.",
                where=where(place),
                known=", ".join(ASK_FIELDS),
            )
        if not _is_fact(field, told, place):
            raise BadInput(
                "'{where}' in the sheet should be told as {wanted}, not '{value}'.",
                where=where(place),
                wanted=_told_as(field),
                value=_shown(told),
            )


def _told_as(field: AskField) -> str:
    if field.kind == "yes":
        return "true, false"
    plain = field.kind not in AMOUNTS or field.kind in ("share", "count")
    return WANTED[field.kind] if plain else f"{{amount: 123, unit: {WANTED[field.kind].partition(',')[0]}}}"


def _is_fact(field: AskField, told: Any, place: tuple[str, ...]) -> bool:
    if field.kind == "yes":
        return isinstance(told, bool)
    if field.kind == "text":
        return isinstance(told, str) and 0 < len(told.strip()) <= 400
    if field.kind == "date":
        try:
            return bool(parse_date(str(told)))
        except BadInput:
            return False
    if isinstance(told, bool) or field.kind not in AMOUNTS:
        return False
    if isinstance(told, int | float):
        return field.kind in ("share", "count") and 0 <= told <= MOST
    if not isinstance(told, Mapping):
        return False
    amount = _amount(told, place)
    if amount.unit is not None:
        _check_unit(amount.unit, (*place, "unit"))
    return fits(field, amount.unit)


def _amount(told: Any, path: tuple[str, ...]) -> SheetAmount:
    if not isinstance(told, Mapping):
        raise BadInput(
            "'{where}' in the sheet should be true, false, or an amount with its unit, not '{value}'.",
            where=where(path),
            value=_shown(told),
        )
    try:
        return SheetAmount.model_validate(dict(told))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = where([*path, *(part for part in first["loc"] if isinstance(part, str | int))])
        if first["type"] == "extra_forbidden":
            raise BadInput(
                "'{where}' is no field of the sheet. There are: {known}.",
                where=place,
                known=", ".join(SheetAmount.model_fields),
            ) from None
        if first["type"] == "missing":
            raise BadInput("'{where}' is missing in the sheet. See: rechain template project", where=place) from None
        raise BadInput(
            "'{where}' in the sheet should be a number, not '{value}'. Write digits only: 15000 for 1.5万.",
            where=place,
            value=_shown(first.get("input")),
        ) from None


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
