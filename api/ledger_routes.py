"""Frozen lists and outcomes over HTTP. They do not go by revision, so nothing here is kept, by anybody."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.bodies import body_within, citation_schema, in_time, insist_on_json, json_body, problems
from api.desk import Desk
from api.errors import Closed
from api.ledger import Given, Moment, enter_outcome, freeze_list, list_of, lists_of, outcomes_in
from api.ledger_shown import KeptShown, ListsFound, ListShown, kept_shown, list_shown, list_summary
from api.manual import DESCRIPTION
from api.routes import PREFIX, described_by
from api.settings import Settings
from api.texts import Tongue, spoken
from api.validation import bad_parameters
from graph.model.errors import BadInput, UnreadableFile
from graph.stores.port import Store
from queries.base import Query as Question
from queries.citations import written
from queries.outcomes.entries import LONGEST_NOTE
from queries.outcomes.funnel import OutcomesFound

_LARGEST_OUTCOME = 64_000  # bytes
_NOT_KEPT = "no-store"
_READING = {
    404: "no list of this name",
    422: "a parameter cannot be used",
    503: "the store is away, or the time limit was reached",
}
_WRITING = {
    403: "nothing may be entered over HTTP here",
    413: "larger than is allowed",
    415: "not sent as application/json",
    422: "what was sent cannot be used: not a citation, not on the list, no such stage or day",
}


class Nothing(BaseModel):
    """Nothing may be asked for."""

    model_config = ConfigDict(extra="forbid")


class ListAsked(BaseModel):
    """How a list is wanted."""

    model_config = ConfigDict(extra="forbid")

    citation: bool = Field(
        False, title="引用", description="as a citation, the file of `rechain lists --export`; see POST /api/v1/verify"
    )


class OutcomesAsked(BaseModel):
    """Which outcomes are wanted."""

    model_config = ConfigDict(extra="forbid")

    list: str | None = Field(
        None, min_length=1, max_length=200, title="名单", description="only this list; default all"
    )


class Freezing(BaseModel):
    """What goes with a list that is frozen."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200, title="名称", description="what to call the list")
    who: str = Field("api", min_length=1, max_length=200, title="冻结人", description="who freezes it")


class OutcomeGiven(BaseModel):
    """What came of one on a list."""

    model_config = ConfigDict(extra="forbid", strict=True)

    list: str = Field(min_length=1, max_length=200, title="名单", description="name of the frozen list")
    enterprise: str = Field(min_length=1, max_length=200, title="企业", description="who, by any name; on the list")
    stage: str = Field(
        max_length=40, title="阶段", description="contacted, visited, signed, landed or refused", examples=["visited"]
    )
    on: str | None = Field(
        None, max_length=40, title="日期", description="the day it happened; may be left out with undo"
    )
    note: str = Field("", max_length=LONGEST_NOTE, title="备注", description="in your own words")
    who: str = Field("api", min_length=1, max_length=200, title="录入人", description="who enters it")
    undo: bool = Field(False, title="撤回", description="take back what was entered wrongly")


def ledger_router(
    desk: Desk, settings: Settings, questions: Mapping[str, Question[Any, Any]], now: Callable[[], datetime]
) -> APIRouter:
    """The routes under /api/v1/lists and /api/v1/outcomes."""
    router = APIRouter(prefix=PREFIX, tags=["lists"])
    most = settings.upload_mb * 1_000_000
    reading, writing = problems(_READING), problems(_READING | _WRITING)

    def insist_on_leave(request: Request) -> None:
        if not settings.takes_entries:
            raise Closed("Nothing may be entered over HTTP here. Use rechain outcome, or set RECHAIN_ALLOW_ENTRIES.")
        insist_on_json(request)

    @router.get("/lists", operation_id="lists", summary="冻结的名单 · The frozen lists", responses=reading)
    async def lists(response: Response, given: Annotated[Nothing, Query()]) -> ListsFound:  # noqa: ARG001
        """The frozen lists of targets, oldest first."""
        response.headers["Cache-Control"] = _NOT_KEPT
        return await desk.with_store(lambda store: ListsFound(lists=tuple(map(list_summary, lists_of(store)))))

    @router.get(
        "/lists/{name:path}",
        operation_id="list",
        summary="一份名单 · One list",
        responses=reading,
        response_model=ListShown,
    )
    async def one_list(name: str, response: Response, given: Annotated[ListAsked, Query()]) -> Any:
        """Who is on a list and how far each got; with `citation=true` the file that `POST /api/v1/verify` takes."""

        def look(store: Store) -> Any:
            kept = list_of(store, name)
            if given.citation:
                return Response(
                    written(kept.citation), media_type="application/json", headers={"Cache-Control": _NOT_KEPT}
                )
            return list_shown(kept, outcomes_in(store, name))

        response.headers["Cache-Control"] = _NOT_KEPT
        return await desk.with_store(look)

    @router.post(
        "/lists",
        operation_id="freeze",
        summary="冻结名单 · Freeze a list",
        status_code=201,
        responses=writing,
        openapi_extra=json_body(citation_schema()),
    )
    async def freeze(request: Request, response: Response, given: Annotated[Freezing, Query()]) -> ListShown:
        """Keeps the answer of a citation (`?citation=true` of `targets`) as a list, if it still holds.

        200 instead of 201 when this very list was there.
        """
        insist_on_leave(request)
        async with in_time(settings.deadline_s):
            cited, verdict = await desk.verify(await body_within(request, most), questions)
            if verdict.verdict == "altered":
                raise UnreadableFile("This citation was edited since it was written. Ask for the list anew.")
            if verdict.verdict == "changed":
                raise BadInput("The list is no longer what the data says. Ask for it anew, and freeze that.")
            whole = {"citation": cited.head.model_dump(), "answer": dict(cited.answer)}

            def keep(store: Store) -> tuple[bool, ListShown]:
                is_new = freeze_list(store, given.name, whole, Moment(now(), given.who))
                return is_new, list_shown(list_of(store, given.name), outcomes_in(store, given.name))

            is_new, shown = await desk.with_store(keep)
        response.status_code = 201 if is_new else 200
        response.headers["Cache-Control"] = _NOT_KEPT
        return shown

    @router.get("/outcomes", operation_id="outcomes", summary="名单成效 · What came of it", responses=reading)
    async def outcomes(response: Response, given: Annotated[OutcomesAsked, Query()]) -> OutcomesFound:
        """The funnel of one list or of all, with 95 % intervals, and landings by part of the score and by rank."""
        response.headers["Cache-Control"] = _NOT_KEPT
        return await desk.with_store(lambda store: outcomes_in(store, given.list))

    @router.post(
        "/outcomes",
        operation_id="enter_outcome",
        summary="录入成效 · Enter an outcome",
        status_code=201,
        responses=writing,
        openapi_extra=json_body(OutcomeGiven.model_json_schema()),
    )
    async def enter(request: Request, response: Response) -> KeptShown:
        """Enters what came of one on a list, or takes it back. 200 instead of 201 when it was entered before."""
        insist_on_leave(request)
        async with in_time(settings.deadline_s):
            given = _outcome(await body_within(request, _LARGEST_OUTCOME))
            moment = Moment(now(), given.who)
            wanted = Given(given.list, given.enterprise, given.stage, given.on, given.note, given.undo)
            kept = await desk.with_store(lambda store: enter_outcome(store, wanted, moment))
        response.status_code = 201 if kept.is_new else 200
        response.headers["Cache-Control"] = _NOT_KEPT
        lang = spoken(request.headers.get("accept-language"), settings.lang)
        return kept_shown(kept, Tongue(lang, lang))

    for endpoint, model in ((lists, Nothing), (one_list, ListAsked), (freeze, Freezing), (outcomes, OutcomesAsked)):
        described_by(endpoint, model)
    return router


def _outcome(content: bytes) -> OutcomeGiven:
    try:
        given = OutcomeGiven.model_validate_json(content)
    except ValidationError as error:
        if not error.errors()[0]["loc"]:
            raise UnreadableFile("What was sent is not one JSON object. See {openapi}.", openapi=DESCRIPTION) from None
        raise bad_parameters(OutcomeGiven, error) from error
    if given.on is None and not given.undo:
        raise BadInput("When did it happen? Give the day as 'on', as in 2026-06-30.")
    return given
