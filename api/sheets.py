"""POST /api/v1/NAME for questions that take a sheet: the parameters as one JSON object, the sheet as data within it."""

from codecs import BOM_UTF8
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from api.bodies import body_within, in_time, json_body, problems
from api.desk import Address, Desk
from api.routes import PREFIX, asked_with, question_of
from api.settings import Settings
from api.validation import bad_parameters
from graph.model.errors import BadInput
from queries.base import Query, is_from_file


def sheets_router(desk: Desk, settings: Settings, questions: Mapping[str, Query[Any, Any]]) -> APIRouter:
    """A route for each question with a parameter that is a file on the command line."""
    router = APIRouter(prefix=PREFIX, tags=["questions"])
    for query in questions.values():
        if not takes_sheet(query):
            continue
        model = asked_with(query)
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        inner = schema.pop("$defs", {})
        schema["properties"] |= {name: _spread(one, inner) for name, one in schema["properties"].items()}
        router.add_api_route(
            f"/{query.name}",
            _endpoint(desk, settings, query, model),
            methods=["POST"],
            response_model=query.answer,
            operation_id=f"{query.name}-sheet",
            summary=f"{query.zh} · {query.en}",
            description="The same as GET, with all parameters in one JSON object; a sheet is data or a text.",
            responses=problems(
                {
                    404: "no node of this name",
                    413: "larger than RECHAIN_UPLOAD_MB",
                    422: "a parameter or the sheet cannot be used",
                    503: "the store is away, or the time limit was reached",
                }
            ),
            openapi_extra=json_body(schema),
        )
    return router


def takes_sheet(query: Query[Any, Any]) -> bool:
    """Whether a parameter of a question is a file on the command line."""
    return any(is_from_file(field) for field in query.params.model_fields.values())


def _endpoint(
    desk: Desk, settings: Settings, query: Query[Any, Any], model: type[BaseModel]
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        async with in_time(settings.deadline_s):
            body = await body_within(request, settings.upload_mb * 1_000_000)
            given = _understood(model, body)
            reply = await desk.answer(question_of(query, given), Address(f"POST {request.scope['path']}", body))
        status, headers, content = reply.parts(None)
        response = Response(content, status)
        response.raw_headers = headers
        return response

    return answer


def _understood(model: type[BaseModel], body: bytes) -> BaseModel:
    try:
        # Not json.loads: that lets half a character (\ud800) through, which no answer can be written with.
        data = from_json(body.removeprefix(BOM_UTF8))
    except ValueError:
        raise BadInput("The body is not JSON. Send the parameters as one JSON object.") from None
    if not isinstance(data, dict):
        raise BadInput("The body is not JSON. Send the parameters as one JSON object.")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise bad_parameters(model, error) from error


def _spread(schema: Any, inner: Mapping[str, Any]) -> Any:
    """A schema with the parts it refers to put in their places: the routes of a service share one list of names."""
    if isinstance(schema, dict):
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name in inner:
            return _spread(inner[name], inner)
        return {key: _spread(one, inner) for key, one in schema.items()}
    return [_spread(one, inner) for one in schema] if isinstance(schema, list) else schema
