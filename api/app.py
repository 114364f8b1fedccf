"""The application: `create_app(store)` puts routes, errors and the gate together."""

from asyncio import to_thread
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.desk import Desk
from api.errors import NoRoute, WrongMethod, problem_response
from api.exporting import export_router
from api.gate import Gate
from api.ledger import local_now
from api.ledger_routes import ledger_router
from api.manual import DESCRIPTION, manual_router
from api.nodes import nodes_router
from api.routes import asked_model, questions_router, state_router
from api.settings import Settings
from api.sheets import sheets_router
from api.texts import spoken
from api.validation import BadParameters, complaints
from api.verifying import verify_router
from api.version import version
from graph.readers.opening import Readers
from graph.stores.port import Store
from queries.registry import QUERIES

_ABOUT = """Which links of an industrial chain a region lacks, who makes them, and on what evidence.

Every question is a GET; its answer is the JSON of `rechain QUESTION --json`; errors are `application/problem+json`.
Names, aliases, stock codes and ids are understood wherever a node is asked for."""


def create_app(
    store: Store,
    settings: Settings | None = None,
    readers: Readers | None = None,
    today: Callable[[], date] = date.today,
    now: Callable[[], datetime] = local_now,
) -> FastAPI:
    """The service over one store. `readers` may bring a cache file; `today` is the default of as_of.

    `now`, with the offset of the office, is when something is entered into the ledger.
    """
    settings = settings or Settings.read()
    desk = Desk(store, readers or Readers(store, kind=settings.reader), settings, today)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        desk.warm_up()
        yield
        await to_thread(desk.close)

    app = FastAPI(
        title="rechain",
        version=version(),
        description=_ABOUT,
        # It is in api/manual.py: the framework's own route writes it on the event loop, and keeps everybody waiting.
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=life,
    )
    app.include_router(questions_router(desk, QUERIES))
    app.include_router(state_router(desk))
    app.include_router(nodes_router(desk, settings))
    app.include_router(sheets_router(desk, settings, QUERIES))
    app.include_router(export_router(desk, settings))
    app.include_router(verify_router(desk, settings, QUERIES))
    app.include_router(ledger_router(desk, settings, QUERIES, now))
    app.include_router(manual_router(app))
    _speak_problems(app, settings)
    app.add_middleware(Gate, desk=desk, settings=settings)
    return app


def _speak_problems(app: FastAPI, settings: Settings) -> None:
    """The framework's own errors in our words. Ours come out at the gate."""

    async def bad_parameters(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        raise BadParameters(complaints(asked_model(request.scope["endpoint"]), error.errors()))

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        lang = spoken(request.headers.get("accept-language"), settings.lang)
        if error.status_code == 405:
            allowed = ", ".join([(error.headers or {}).get("Allow", "GET"), "HEAD", "OPTIONS"])
            if request.method == "OPTIONS":
                return Response(status_code=204, headers={"Allow": allowed})
            wrong = WrongMethod("{method} is not possible here. Use {allowed}.", method=request.method, allowed=allowed)
            return problem_response(wrong, lang, {"Allow": allowed})
        missing = NoRoute(
            "There is nothing at '{path}'. What there is: {openapi}",
            path=request.url.path[:200],
            openapi=DESCRIPTION,
        )
        return problem_response(missing, lang)

    app.add_exception_handler(RequestValidationError, bad_parameters)
    app.add_exception_handler(HTTPException, http_error)
