"""POST /api/v1/verify: a citation in, whether it holds out."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request

from api.bodies import body_within, citation_schema, in_time, json_body, problems
from api.desk import Desk
from api.routes import PREFIX
from api.settings import Settings
from api.texts import Tongue, spoken
from api.verdicts import VerdictFound, verdict_of
from queries.base import Query


def verify_router(desk: Desk, settings: Settings, questions: Mapping[str, Query[Any, Any]]) -> APIRouter:
    """The route."""
    router = APIRouter(prefix=PREFIX, tags=["citations"])
    most = settings.upload_mb * 1_000_000
    described = {
        413: "larger than RECHAIN_UPLOAD_MB",
        422: "not a citation, or of a question that is not asked here",
        503: "the store is away, or the time limit was reached",
    }

    @router.post(
        "/verify",
        operation_id="verify",
        summary="核验引用 · Does a citation hold?",
        responses=problems(described),
        openapi_extra=json_body(citation_schema()),
    )
    async def verify(request: Request) -> VerdictFound:
        """Asks the question of a citation again, on its day, and says `same`, `changed` (and what) or `altered`."""
        async with in_time(settings.deadline_s):
            cited, verdict = await desk.verify(await body_within(request, most), questions)
        lang = spoken(request.headers.get("accept-language"), settings.lang)
        return verdict_of(cited, verdict, Tongue(lang, lang))

    return router
