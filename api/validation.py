"""From pydantic's complaints about parameters to sentences of ours, one a parameter. Used by `cli` and `api` alike."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from api.texts import Said
from graph.model.errors import BadInput, RechainError


class Complaint(NamedTuple):
    """What is wrong with one parameter: `name` as the caller wrote it, `path` to it, a template and its values."""

    name: str
    path: tuple[str, ...]
    text: str
    values: Mapping[str, object]


class BadParameters(BadInput):
    """One or more parameters cannot be used."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = tuple(complaints)
        first = self.complaints[0]
        super().__init__(first.text, **first.values)


# By pydantic's type of error. {name} and {value} are always there, the other values come with the error.
_TEXTS: dict[str, Said] = {
    "missing": Said("'{name}' is missing."),
    "extra_forbidden": Said("There is no parameter '{name}' here. There are: {known}."),
    "int_parsing": Said("'{name}' should be a whole number, not '{value}'."),
    "int_type": Said("'{name}' should be a whole number, not '{value}'."),
    "int_from_float": Said("'{name}' should be a whole number, not '{value}'."),
    "int_parsing_size": Said("'{name}' should be a smaller number than '{value}'."),
    "float_parsing": Said("'{name}' should be a number, not '{value}'."),
    "float_type": Said("'{name}' should be a number, not '{value}'."),
    "finite_number": Said("'{name}' should be a finite number, not '{value}'."),
    "bool_parsing": Said("'{name}' should be true or false, not '{value}'."),
    "bool_type": Said("'{name}' should be true or false, not '{value}'."),
    "literal_error": Said("'{name}' should be one of {expected}, not '{value}'."),
    "string_too_long": Said("'{name}' should have at most {max_length} characters."),
    "string_too_short": Said("'{name}' should have at least {min_length} characters."),
    "too_long": Said("'{name}' should have at most {max_length} entries."),
    "repeated": Said("'{name}' was given more than once."),
}
_BETWEEN = Said("'{name}' should be from {low} to {high}, not {value}.")
_ABOVE = Said("'{name}' should be above {low} and at most {high}, not {value}.")
_AT_LEAST = Said("'{name}' should be at least {low}, not {value}.")
_AT_MOST = Said("'{name}' should be at most {high}, not {value}.")
_MORE = Said("'{name}' should be more than {low}, not {value}.")
_LESS = Said("'{name}' should be less than {high}, not {value}.")
_OTHER = Said("'{name}' cannot be used: {reason}")
_RANGE = ("greater_than", "greater_than_equal", "less_than", "less_than_equal")
_OWN = "rechain"


def as_pydantic(error: RechainError) -> PydanticCustomError:
    """One of our errors, raised inside a validator so that it is told with the parameter's name."""
    return PydanticCustomError(_OWN, "{own_text}", {"own_text": error.text, "own_values": dict(error.values)})


def bad_parameters(model: type[BaseModel], error: ValidationError, naming: Callable[[str], str] = str) -> BadParameters:
    """What to raise for a model's error. `naming` says how the caller writes a parameter (`--limit`)."""
    return BadParameters(complaints(model, error.errors(include_url=False), naming))


def complaints(
    model: type[BaseModel],
    errors: Iterable[ErrorDetails | Mapping[str, Any]],
    naming: Callable[[str], str] = str,
) -> list[Complaint]:
    """One complaint an error, in the order of the errors."""
    known = [naming(field.alias or own) for own, field in model.model_fields.items()]
    told = []
    for error in errors:
        path = tuple(str(part) for part in error["loc"])
        own = path[1] if path[:1] == ("query",) and len(path) > 1 else path[0] if path else ""
        name = naming(own)
        text, values = _text_of(model, own, error)
        if error["type"] != _OWN:
            values |= {"name": name, "value": _shown(error.get("input")), "known": ", ".join(known)}
        told.append(Complaint(name, path, text.text, values))
    return told


def _text_of(
    model: type[BaseModel], name: str, error: ErrorDetails | Mapping[str, Any]
) -> tuple[Said, dict[str, object]]:
    kind, context = error["type"], dict(error.get("ctx") or {})
    if kind == _OWN:
        return Said(context["own_text"]), context["own_values"]
    if kind in _RANGE:
        return _range_of(model, name, error["msg"])
    if kind == "literal_error":
        context["expected"] = str(context["expected"]).replace("'", "").replace(" or ", ", ")
    if kind in _TEXTS:
        return _TEXTS[kind], context
    return _OTHER, {"reason": error["msg"]}


def _range_of(model: type[BaseModel], name: str, reason: str) -> tuple[Said, dict[str, object]]:
    low: object = None
    high: object = None
    above = below = False
    for rule in _rules(model, name):
        if isinstance(rule, Ge | Gt):
            low, above = rule.ge if isinstance(rule, Ge) else rule.gt, isinstance(rule, Gt)
        elif isinstance(rule, Le | Lt):
            high, below = rule.le if isinstance(rule, Le) else rule.lt, isinstance(rule, Lt)
    if low is None and high is None:
        return _OTHER, {"reason": reason}
    if low is None:
        text = _LESS if below else _AT_MOST
    elif high is None or below:
        text = _MORE if above else _AT_LEAST
    else:
        text = _ABOVE if above else _BETWEEN
    return text, {"low": low, "high": high}


def _rules(model: type[BaseModel], name: str) -> list[object]:
    return next((field.metadata for own, field in model.model_fields.items() if name in (own, field.alias)), [])


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
