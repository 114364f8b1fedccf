"""POST /api/v1/verify: a citation in, whether it holds out."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request

from api.desk import Desk
from api.errors import Problem, TooSlow
from api.routes import PREFIX, PROBLEM_TYPE
from api.settings import Settings
from api.sheets import read_body
from api.texts import Tongue, spoken
from api.verdicts import VerdictFound, verdict_of
from queries.base import Query
from queries.citations import Citation


def verify_router(desk: Desk, settings: Settings, questions: Mapping[str, Query[Any, Any]]) -> APIRouter:
    """The route. The body is read by us and not by the framework, so that a large one is refused while it comes."""
    router = APIRouter(prefix=PREFIX, tags=["citations"])
    most = settings.upload_mb * 1_000_000
    problems: dict[int | str, dict[str, Any]] = {
        status: {"model": Problem, "description": what, "content": {PROBLEM_TYPE: {}}}
        for status, what in (
            (413, "larger than RECHAIN_UPLOAD_MB"),
            (422, "not a citation, or of a question that is not asked here"),
            (503, "the store is away, or the time limit was reached"),
        )
    }
    schema = Citation[dict[str, Any]].model_json_schema(ref_template="#/components/schemas/{model}")
    head = schema.pop("$defs")["CitationHead"]
    schema["properties"]["citation"] = head

    @router.post(
        "/verify",
        operation_id="verify",
        summary="核验引用 · Does a citation hold?",
        responses=problems,
        openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}},
    )
    async def verify(request: Request) -> VerdictFound:
        """Asks the question of a citation again, on its day, and says `same`, `changed` (and what) or `altered`."""
        try:
            async with asyncio.timeout(settings.deadline_s):
                cited, verdict = await desk.verify(await read_body(request, most), questions)
        except TimeoutError:
            raise TooSlow(
                "This took longer than {seconds} seconds. Ask for less, or again later.",
                seconds=f"{settings.deadline_s:g}",
            ) from None
        lang = spoken(request.headers.get("accept-language"), settings.lang)
        return verdict_of(cited, verdict, Tongue(lang, lang))

    return router
