"""One route a question, derived from the registry; and the state of the service."""

from collections.abc import Awaitable, Callable
from inspect import Parameter, Signature, cleandoc
from typing import Annotated, Any, get_args, get_origin
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, create_model, field_validator

from api.cursors import Cursor, asked
from api.desk import Address, Desk, Question
from api.errors import Problem
from api.validation import BadParameters, as_pydantic, complaints
from graph.model.dates import AsOf
from graph.model.errors import BadInput
from queries.base import PagedParams, Params
from queries.base import Query as QuestionKind

PREFIX = "/api/v1"
PROBLEM_TYPE = "application/problem+json"
_MODELS: WeakKeyDictionary[Callable[..., Any], type[BaseModel]] = WeakKeyDictionary()


class Dated(Params):
    """When: what may be said with everything that is asked of the graph."""

    as_of: str | None = Field(
        None, title="截至", description="the day the answer is about: 2021, 2021-06 or 2021-06-30; default today"
    )
    known_at: str | None = Field(
        None, title="已知至", description="use only sources dated up to this day; default all, undated ones too"
    )

    @field_validator("as_of", "known_at")
    @classmethod
    def _is_date(cls, text: str | None) -> str | None:
        try:
            AsOf.parse(text or "2000")
        except BadInput as error:
            raise as_pydantic(error) from error
        return text


class Asked(Dated):
    """What may be said with every question."""

    citation: bool = Field(
        False,
        title="引用",
        description="answer as a citation, the file that `rechain QUESTION -o FILE` writes; see POST /api/v1/verify",
    )


class AskedPage(Asked):
    """What may be said with every question that has pages."""

    cursor: str | None = Field(
        None, max_length=400, title="游标", description="where the page begins: X-Next-Cursor of the page before"
    )


class Health(BaseModel):
    """The state of the service."""

    status: str = Field(description="ok; when the store is away the answer is a problem with status 503")
    revision: int = Field(description="the store's revision")
    snapshot: str = Field(description="ready, stale (of an older revision) or none (not built yet)")
    snapshot_revision: int | None = Field(description="the revision of the snapshot in memory")


def questions_router(desk: Desk, queries: dict[str, QuestionKind[Any, Any]]) -> APIRouter:
    """GET /api/v1/NAME for every question, parameters by their own names."""
    router = APIRouter(prefix=PREFIX, tags=["questions"])
    problems: dict[int | str, dict[str, Any]] = {
        status: {"model": Problem, "description": what, "content": {PROBLEM_TYPE: {}}}
        for status, what in (
            (404, "no node of this name"),
            (410, "the cursor is of another revision"),
            (422, "a parameter cannot be used, or a name is ambiguous"),
            (503, "the store is away, or the time limit was reached"),
        )
    }
    for query in queries.values():
        router.add_api_route(
            f"/{query.name}",
            _endpoint(desk, query),
            methods=["GET"],
            response_model=query.answer,
            responses=problems,
            operation_id=query.name,
            summary=f"{query.zh} · {query.en}",
            description=cleandoc(query.answer.__doc__ or query.en),
        )
    return router


def state_router(desk: Desk) -> APIRouter:
    """GET /health."""
    router = APIRouter(tags=["service"])

    @router.get(
        "/health", operation_id="health", summary="服务状态 · State of the service", responses={503: {"model": Problem}}
    )
    async def health() -> Health:
        """Whether the store answers, and which revision is served."""
        revision = await desk.revision()
        state = "none" if desk.snapshot is None else "ready" if desk.snapshot == revision else "stale"
        return Health(status="ok", revision=revision, snapshot=state, snapshot_revision=desk.snapshot)

    return router


def _endpoint(desk: Desk, query: QuestionKind[Any, Any]) -> Callable[..., Awaitable[Response]]:
    model = asked_with(query)

    async def answer(request: Request, given: Any) -> Response:
        refuse_repeated(request, model)
        address = Address(request.scope["path"], request.scope["query_string"])
        reply = await desk.answer(question_of(query, given), address)
        status, headers, body = reply.parts(request.headers.get("if-none-match"))
        response = Response(body, status)
        response.raw_headers = headers
        return response

    answer.__name__ = query.name
    takes(answer, model)
    return answer


def takes(endpoint: Callable[..., Any], model: type[BaseModel]) -> None:
    """Say what a route takes: FastAPI reads it from the signature, which here is made."""
    described_by(endpoint, model)
    endpoint.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter("request", Parameter.POSITIONAL_OR_KEYWORD, annotation=Request),
            Parameter("given", Parameter.POSITIONAL_OR_KEYWORD, annotation=Annotated[model, Query()]),
        ]
    )


def described_by(endpoint: Callable[..., Any], model: type[BaseModel]) -> None:
    """Note what a route takes after the question mark, so that faults in it are told in our words."""
    _MODELS[endpoint] = model


def asked_with(query: QuestionKind[Any, Any]) -> type[BaseModel]:
    """The parameters of a question with those that every question takes."""
    is_paged = issubclass(query.params, PagedParams)
    return create_model(f"{query.params.__name__}Query", __base__=(query.params, AskedPage if is_paged else Asked))


def asked_model(endpoint: Callable[..., Any]) -> type[BaseModel]:
    """What a route takes after the question mark."""
    return _MODELS[endpoint]


def question_of(query: QuestionKind[Any, Any], given: Any) -> Question:
    """The question that was asked, from its own and the common parameters."""
    own = given.model_dump(include=set(query.params.model_fields), exclude_unset=True, by_alias=True)
    params = query.params.model_validate(own)
    when = AsOf.parse(given.as_of or "2000", given.known_at)
    day = when.valid if given.as_of else None
    question = Question(query, params, day, when.known_at, as_citation=given.citation)
    cursor = getattr(given, "cursor", None)
    return question if cursor is None else _at_page(question, Cursor.parse(cursor), given)


def _at_page(question: Question, cursor: Cursor, given: Any) -> Question:
    """The question at the page its cursor names. Raises BadInput when the cursor is not of this question."""
    if "offset" in given.model_fields_set:
        raise BadInput("Give 'cursor' or 'offset', not both.")
    if cursor.asked != asked(question.query.name, question.params):
        raise BadInput("This cursor belongs to another question. Give the same parameters as with the page before.")
    at = AsOf.parse(cursor.as_of, cursor.known_at)
    if (question.as_of or at.valid, question.known_at or at.known_at) != at:
        raise BadInput("This cursor belongs to another day. Give the same 'as_of' and 'known_at' as before, or none.")
    params = question.params.model_copy(update={"offset": cursor.offset})
    return Question(question.query, params, at.valid, at.known_at, cursor.revision, question.as_citation)


def refuse_repeated(request: Request, model: type[BaseModel]) -> None:
    """Raises BadParameters for what was given twice and can be said once."""
    names = [name for name, _ in request.query_params.multi_items()]
    single = [field.alias or name for name, field in model.model_fields.items() if not _holds_many(field.annotation)]
    repeated = [
        {"type": "repeated", "loc": ("query", name), "input": None, "msg": ""}
        for name in single
        if names.count(name) > 1
    ]
    if repeated:
        raise BadParameters(complaints(model, repeated))


def _holds_many(annotation: object) -> bool:
    return any(get_origin(one) in (tuple, list, set, frozenset) for one in (annotation, *get_args(annotation)))
