"""Our errors as HTTP answers: the one table of statuses, and `application/problem+json` (RFC 9457) made from it."""

from collections.abc import Mapping
from typing import NamedTuple

from fastapi.responses import Response
from pydantic import BaseModel, Field

from api.texts import Lang, Said, Tongue
from api.validation import BadParameters
from graph.model import errors as ours
from graph.model.errors import RechainError
from queries.base import NodeRef


class NoRoute(RechainError):
    """Nothing is at this address."""


class WrongMethod(RechainError):
    """The address is there, but not for this method."""


class BadHost(RechainError):
    """The request was meant for another host."""


class Closed(RechainError):
    """Nothing may be entered here."""


class StaleCursor(RechainError):
    """A cursor made from data that has changed since."""


class TooSlow(RechainError):
    """The time limit was reached."""


class TooLarge(RechainError):
    """What was sent is larger than is allowed."""


class WrongMedia(RechainError):
    """What was sent is not JSON, or does not say so."""


class Broken(RechainError):
    """A mistake of ours."""


class Shape(NamedTuple):
    """How an error is answered; `retry` in seconds where asking again may help."""

    status: int
    code: str
    title: Said
    retry: int | None = None


# The only such table; the nearest class of an error counts.
STATUS: dict[type[RechainError], Shape] = {
    BadHost: Shape(400, "bad_host", Said("Wrong host")),
    Closed: Shape(403, "closed", Said("Nothing may be entered here")),
    NoRoute: Shape(404, "no_route", Said("No such address")),
    ours.UnknownName: Shape(404, "unknown_name", Said("Unknown name")),
    ours.NodeMissing: Shape(404, "node_missing", Said("No such node")),
    WrongMethod: Shape(405, "wrong_method", Said("Method not allowed")),
    StaleCursor: Shape(410, "stale_cursor", Said("The data has changed")),
    TooLarge: Shape(413, "too_large", Said("Too large")),
    WrongMedia: Shape(415, "wrong_media", Said("Not JSON")),
    # 422 and not 300 or 409: the caller has to choose, and then ask something else.
    ours.AmbiguousName: Shape(422, "ambiguous_name", Said("Ambiguous name")),
    BadParameters: Shape(422, "bad_parameters", Said("Parameters that cannot be used")),
    ours.UnreadableFile: Shape(422, "unreadable_file", Said("Unreadable file")),
    ours.InputError: Shape(422, "bad_input", Said("Bad input")),
    Broken: Shape(500, "internal", Said("Internal error")),
    TooSlow: Shape(503, "too_slow", Said("Time limit reached"), 5),
    ours.StoreDown: Shape(503, "store_down", Said("The store is away"), 5),
    ours.StoreBusy: Shape(503, "store_busy", Said("The store is busy"), 1),
    ours.StoreError: Shape(503, "store_refused", Said("The store cannot be used")),
    RechainError: Shape(500, "internal", Said("Internal error")),
}


class ParameterError(BaseModel):
    """What is wrong with one parameter."""

    pointer: str = Field(description="JSON pointer to it: /query/limit")
    detail: str = Field(description="what is wrong, and what would be right")


class Problem(BaseModel):
    """An error (RFC 9457, application/problem+json)."""

    type: str = Field(description="names the kind of error", examples=["urn:rechain:problem:unknown_name"])
    title: str = Field(description="the kind of error in words")
    status: int = Field(description="the HTTP status")
    detail: str = Field(description="what is wrong here, and what to do")
    code: str = Field(description="the kind of error for programs", examples=["unknown_name"])
    errors: tuple[ParameterError, ...] | None = Field(None, description="one entry a parameter")
    candidates: tuple[NodeRef, ...] | None = Field(None, description="what an ambiguous name may mean")


def shape_of(error: RechainError) -> Shape:
    """How an error is answered."""
    return next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)


def problem_of(error: RechainError, tongue: Tongue) -> Problem:
    """An error in words."""
    shape = shape_of(error)
    wrong = candidates = None
    if isinstance(error, BadParameters):
        wrong = tuple(
            ParameterError(pointer=_pointer(one.path), detail=tongue.sentence(one.text, one.values))
            for one in error.complaints
        )
    if isinstance(error, ours.AmbiguousName):
        candidates = tuple(NodeRef(id=one.id, name_zh=one.name_zh, name_en=one.name_en) for one in error.candidates)
    return Problem(
        type=f"urn:rechain:problem:{shape.code}",
        title=tongue.sentence(shape.title.text, {}),
        status=shape.status,
        detail=tongue.error(error),
        code=shape.code,
        errors=wrong,
        candidates=candidates,
    )


def problem_response(error: RechainError, lang: Lang, headers: Mapping[str, str] | None = None) -> Response:
    """An error as an answer; also an ASGI application of its own."""
    problem = problem_of(error, Tongue(lang, lang))
    retry = shape_of(error).retry
    return Response(
        problem.model_dump_json(exclude_none=True),
        problem.status,
        {
            "Content-Language": lang,
            "Vary": "Accept-Language",
            "Cache-Control": "no-store",
            **({"Retry-After": str(retry)} if retry else {}),
            **(headers or {}),
        },
        media_type="application/problem+json",
    )


def _pointer(path: tuple[str, ...]) -> str:
    return "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in path)
