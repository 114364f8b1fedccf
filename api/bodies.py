"""Bodies sent to the service. Read by us and not by the framework, so that a large one is refused while it comes."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Request

from api.errors import Problem, TooLarge, TooSlow, WrongMedia
from queries.citations import Citation


@asynccontextmanager
async def in_time(seconds: float) -> AsyncIterator[None]:
    """A time limit for what has a body; raises TooSlow."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise TooSlow(
            "This took longer than {seconds} seconds. Ask for less, or again later.", seconds=f"{seconds:g}"
        ) from None


def insist_on_json(request: Request) -> None:
    """Raises WrongMedia. A form on a page elsewhere can post to this machine, but not under this type."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != "application/json":
        raise WrongMedia(
            "This takes JSON, and the content type is '{given}'. Send it as application/json.", given=given[:60]
        )


async def body_within(request: Request, most: int) -> bytes:
    """The body; raises TooLarge beyond so many bytes."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > most and most < 1_000_000:
            raise TooLarge("This is larger than {most} kB, and nothing that is entered here is.", most=most // 1000)
        if len(content) > most:
            raise TooLarge("This is larger than {most} MB. Set RECHAIN_UPLOAD_MB.", most=most // 1_000_000)
    return bytes(content)


def problems(described: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    """The errors of a route for its documentation, by status."""
    return {
        status: {"model": Problem, "description": what, "content": {"application/problem+json": {}}}
        for status, what in described.items()
    }


def json_body(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a route for its documentation."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def citation_schema() -> dict[str, Any]:
    """The JSON Schema of a citation of any question."""
    schema = Citation[dict[str, Any]].model_json_schema(ref_template="#/components/schemas/{model}")
    schema["properties"]["citation"] = schema.pop("$defs")["CitationHead"]
    return schema
