"""Amounts, needs and facts as a sheet states them, each checked against what may be said, with its place."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph.model.asks import AMOUNTS, ASK_FIELDS, WANTED, AskField, fits
from graph.model.dates import parse_date
from graph.model.errors import BadInput
from graph.model.units import unit_of
from queries.fitting.needs import NEEDS, is_told_in

MOST = 1e15
# Not a text that looks like a number, and not yes or no.
Number = Annotated[float, Field(strict=True)]


class SheetPart(BaseModel):
    """A part of a sheet."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class SheetAmount(SheetPart):
    """An amount with its unit."""

    amount: Number = Field(ge=0, le=MOST, title="数量", description="a number in the unit beside it")
    unit: str | None = Field(None, max_length=40, title="单位", description="t/yr, MW, mu, CNY ...")


def check_amount(amount: float | None, unit: str | None, path: tuple[str | int, ...], name: str) -> None:
    """A yearly amount needs a unit a year."""
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
            value=as_shown(unit),
        ) from None


def check_stated(data: Any, path: tuple[str, ...]) -> None:
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


def check_facts(data: Any) -> None:
    """Facts: by the names of ASK_FIELDS, each told as its kind is."""
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
                value=as_shown(told),
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
            value=as_shown(told),
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
            value=as_shown(first.get("input")),
        ) from None


def as_shown(value: Any) -> str:
    """A value as an error shows it."""
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def where(path: Sequence[str | int]) -> str:
    """A place in a sheet as people write it: products[1].unit"""
    told = ""
    for part in path:
        told += f"[{part}]" if isinstance(part, int) else f".{part}" if told else part
    return told or "the sheet"
