"""The pages of documentation that are made from the code: docs/answers.md from the questions, docs/settings.md."""

from collections.abc import Iterator, Mapping
from inspect import cleandoc
from typing import Annotated, Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from api.defaults import PREFIX
from api.errors import STATUS
from api.routes import PREFIX as ROUTES
from api.routes import AskedPage
from api.settings import Settings
from api.texts import Tongue
from queries.base import Answer, Query

_NOTE = "<!-- Made by `make docs` from the code. Do not edit. -->"
_ZH = Tongue("zh", "zh")


def answers_page(queries: Mapping[str, Query[Any, Any]]) -> str:
    """docs/answers.md"""
    return "\n".join(_answers(queries)).rstrip() + "\n"


def settings_page() -> str:
    """docs/settings.md"""
    lines = [
        "# 设置 · Settings",
        "",
        _NOTE,
        "",
        "Read from the environment; options of the command line win.",
        "",
        "| variable | 中文 | default | range | meaning |",
        "|---|---|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = "" if field.default == () else field.default
        row = (f"`{PREFIX}{name.upper()}`", field.title, f"`{default}`" if default != "" else "", _range(field))
        lines.append(_row(*row, field.description))
    lines += ["", f"`{PREFIX}USER` names who decides and loads where `--who` is not given (`rechain` only)."]
    return "\n".join(lines) + "\n"


def _answers(queries: Mapping[str, Query[Any, Any]]) -> Iterator[str]:
    yield from (
        "# 回答 · Answers",
        "",
        _NOTE,
        "",
        "Every question is a command (`rechain NAME ... --json`) and a route (`GET "
        + ROUTES
        + "/NAME?...`) with the same",
        "parameters, and gives the same JSON document. The fields come in the order of the tables.",
        "",
        "## 共有字段 · What every answer begins with",
        "",
    )
    yield from _fields(Answer)
    yield "## 共有参数 · What every question takes"
    yield ""
    yield from _parameters(AskedPage, ())
    shared = _shared(queries)
    for query in queries.values():
        yield from _question(query, shared)
    yield "## 共用部分 · Parts that several answers share"
    yield ""
    for part in shared:
        yield from _part(part)
    yield from _errors()


def _question(query: Query[Any, Any], shared: list[type[BaseModel]]) -> Iterator[str]:
    yield f"## {query.name}: {query.zh} · {query.en}"
    yield ""
    command = " ".join([query.name, *(name.upper() for name in query.positional)])
    route = f"{ROUTES}/{query.name}" + "?" * bool(query.positional)
    route += "&".join(f"{name}=..." for name in query.positional)
    yield f"`rechain {command}` · `GET {route}`"
    yield ""
    yield from _parameters(query.params, query.positional)
    yield cleandoc(query.answer.__doc__ or "")
    yield ""
    yield from _fields(query.answer, set(Answer.model_fields))
    for part in (*_parts(query.params), *_parts(query.answer)):
        if part not in shared:
            yield from _part(part)


def _part(part: type[BaseModel]) -> Iterator[str]:
    yield f"**{part.__name__}**: {cleandoc(part.__doc__ or '')}"
    yield ""
    yield from _fields(part)


def _parameters(model: type[BaseModel], positional: tuple[str, ...]) -> Iterator[str]:
    yield "| parameter | 中文 | type | default | range | meaning |"
    yield "|---|---|---|---|---|---|"
    for name in dict.fromkeys([*positional, *model.model_fields]):
        field = model.model_fields[name]
        default = "" if field.is_required() or field.default is None else f"`{str(field.default).lower()}`"
        needed = "**" if field.is_required() else ""
        shown = f"{needed}`{field.alias or name}`{needed}" + (" (argument)" if name in positional else "")
        yield _row(shown, field.title, _type(field.annotation), default, _range(field), field.description)
    yield ""


def _fields(model: type[BaseModel], but: set[str] = frozenset()) -> Iterator[str]:  # type: ignore[assignment]
    yield "| field | 中文 | type | meaning |"
    yield "|---|---|---|---|"
    for name, field in model.model_fields.items():
        if name not in but:
            yield _row(f"`{name}`", field.title, _type(field.annotation), field.description)
    yield ""


def _errors() -> Iterator[str]:
    yield "## 错误 · Errors"
    yield ""
    yield "`application/problem+json` (RFC 9457): `type`, `title`, `status`, `detail`, `code`; `errors` point at"
    yield "parameters, `candidates` lists what an ambiguous name may mean. The language follows `Accept-Language`."
    yield ""
    yield "| status | code | 中文 | title | retry after |"
    yield "|---|---|---|---|---|"
    for shape in dict.fromkeys(STATUS.values()):
        retry = f"{shape.retry} s" if shape.retry else ""
        yield _row(str(shape.status), f"`{shape.code}`", _ZH.sentence(shape.title.text, {}), shape.title.text, retry)


def _shared(queries: Mapping[str, Query[Any, Any]]) -> list[type[BaseModel]]:
    """The parts that more than one question has, in its parameters or its answer, in the order they first come."""
    seen: dict[type[BaseModel], set[type[BaseModel]]] = {}
    for query in queries.values():
        for part in (*_parts(query.params), *_parts(query.answer)):
            seen.setdefault(part, set()).add(query.answer)
    return [part for part, answers in seen.items() if len(answers) > 1]


def _parts(model: type[BaseModel]) -> list[type[BaseModel]]:
    """The models inside a model, each once, outer ones first."""
    found: dict[type[BaseModel], None] = {}
    waiting = [model]
    while waiting:
        for field in waiting.pop(0).model_fields.values():
            for inner in _models(field.annotation):
                if inner not in found:
                    found[inner] = None
                    waiting.append(inner)
    return list(found)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _type(annotation: Any) -> str:
    """A type as JSON has it."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " or ".join(f"`{choice}`" for choice in inner)
    if origin is Annotated:
        return _type(inner[0])
    if origin in (tuple, list):
        return f"list of {_type(inner[0])}"
    if origin is dict:
        return f"object of {_type(inner[1])}"
    if inner:
        told = [_type(one) for one in inner if one is not type(None)]
        return " or ".join([*told, "null"] if type(None) in inner else told)
    words = {str: "text", int: "integer", float: "number", bool: "boolean", Any: "anything"}
    return words.get(annotation) or str(annotation.__name__)


def _range(field: FieldInfo) -> str:
    words = {Ge: ("≥", "ge"), Gt: (">", "gt"), Le: ("≤", "le"), Lt: ("<", "lt")}
    told = []
    for rule in field.metadata:
        if type(rule) in words:
            sign, name = words[type(rule)]
            told.append(f"{sign} {getattr(rule, name)}")
    return ", ".join(told)


def _row(*cells: str | None) -> str:
    return f"| {' | '.join((cell or '').replace('|', chr(92) + '|') for cell in cells)} |"
