"""GET /api/v1/export: a part of the graph as a file, put together on the disk and sent from there piece by piece."""

import re
from asyncio import to_thread
from collections.abc import AsyncIterator
from datetime import date
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event
from typing import Any, BinaryIO, Literal, NamedTuple

from fastapi import APIRouter, Request, Response
from pydantic import Field, create_model
from starlette.types import Receive, Scope, Send

from api.attaching import disposition
from api.desk import Desk
from api.errors import Problem
from api.gate import EXPORT
from api.routes import PROBLEM_TYPE, Dated, refuse_repeated, takes
from api.settings import Settings
from api.shelf import is_held
from api.texts import Lang, spoken
from api.version import version
from graph.export.formats import FORMATS, bundled
from graph.export.outputs import check_cut, check_links, write_into
from graph.export.port import Format
from graph.model.dates import AsOf
from graph.readers.port import Reader
from queries.bundles import bundle_for
from queries.lookup.subgraph import Extent, subgraph_of

_PIECE = 1 << 18
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f"*/:<>?\\|\ud800-\udfff]+')


class _HowExported(Dated):
    """What is said of an export beside what it holds."""

    format: Literal[tuple(FORMATS)] = Field(title="格式", description="what programs are to read it")  # type: ignore[valid-type]
    bundle: bool = Field(
        False,
        title="文件包",
        description="a zip with every claim, citation, licences and checksums, which POST /api/v1/verify can check",
    )
    lang: Literal["zh", "en"] | None = Field(
        None, title="语言", description="language of the labels; default by Accept-Language"
    )


ExportAsked = create_model("ExportAsked", __base__=(Extent, _HowExported))


class _Export(NamedTuple):
    """A file ready to be sent; it has no name on the disk, so it is gone as soon as it is closed."""

    file: BinaryIO
    format: Format
    size: int
    revision: int
    nodes: int
    links: int
    removed: int


class _Stopped(Exception):
    """Nobody waits for it any more."""


def export_router(desk: Desk, settings: Settings) -> APIRouter:
    """The route."""
    router = APIRouter(tags=["exports"])
    problems: dict[int | str, dict[str, Any]] = {
        status: {"model": Problem, "description": what, "content": {PROBLEM_TYPE: {}}}
        for status, what in (
            (404, "no node of this name"),
            (422, "a parameter cannot be used, a name is ambiguous, or the subgraph is larger than is allowed"),
            (503, "the store is away, or RECHAIN_EXPORT_S was reached"),
        )
    }
    media: dict[int | str, dict[str, Any]] = {
        200: {
            "description": "the file, or a zip of several",
            "content": {one.media_type: {"schema": {"type": "string", "format": "binary"}} for one in FORMATS.values()},
        }
    }

    async def export(request: Request, given: Any) -> Response:
        refuse_repeated(request, ExportAsked)
        lang = given.lang or spoken(request.headers.get("accept-language"), settings.lang)
        day, known_at = _when(given)
        how = f"{given.format} {settings.iri_base} {given.bundle} {lang}"
        asked = f"{how} {AsOf(day or desk.today, known_at)} {_params(given).model_dump_json()}"
        tag = _tag(await desk.revision(), asked)
        if is_held(tag.encode(), request.headers.get("if-none-match")):
            return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "private, no-cache"})
        stop = Event()
        try:
            made = await desk.at_length(day, known_at, lambda reader: _made(reader, given, lang, settings, stop))
        finally:
            # Also when the time is up or the client is gone: then the thread ends at its next look.
            stop.set()
        return _Sent(made, _file_name(given, day or desk.today), _tag(made.revision, asked))

    takes(export, ExportAsked)
    router.add_api_route(
        EXPORT,
        export,
        methods=["GET"],
        response_class=Response,
        responses=media | problems,
        operation_id="export",
        summary="导出子图 · A part of the graph as a file",
        description="The file that `rechain export` writes, a zip where a format has several. It begins to come when it"
        " is complete, so that an error is never half a file. `X-Nodes`, `X-Links` say what is in it,"
        " `X-Removed-Characters` how many characters the format cannot hold.",
    )
    return router


def _made(reader: Reader, given: Any, lang: Lang, settings: Settings, stop: Event) -> _Export:
    def between() -> None:
        if stop.is_set():
            raise _Stopped

    params = _params(given)
    subgraph = subgraph_of(reader, params, between)
    check_cut(subgraph, params.most)
    check_links(subgraph, settings.export_links)
    file = TemporaryFile()  # noqa: SIM115  # closed once it is sent
    try:
        format_ = FORMATS[given.format].at(settings.iri_base)
        # A bundle is asked for again wherever it lies: its IRIs are those of everybody.
        if given.bundle:
            format_ = bundle_for(reader, params, bundled(given.format), version())
        removed = write_into(file, subgraph, format_, lang)
        size = file.seek(0, 2)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return _Export(file, format_, size, subgraph.revision, subgraph.size.nodes, subgraph.size.links, removed)


class _Sent(Response):
    """Sends a file from the disk; what is read from it and not yet sent is one piece."""

    def __init__(self, made: _Export, name: str, tag: str) -> None:
        files = made.format.files
        ending = ".zip" if len(files) > 1 else Path(files[0]).suffix
        # A name for old programs; only the date is sure to be one.
        plain = name if name.isascii() else f"rechain{name[-11:]}"
        self._file = made.file
        super().__init__(media_type=made.format.media_type)
        self.headers.update({
            "Content-Length": str(made.size),
            "Content-Disposition": disposition("attachment", f"{plain}{ending}", f"{name}{ending}"),
            "ETag": tag,
            "Cache-Control": "private, no-cache",
            "Vary": "Accept-Language",
            "X-Nodes": str(made.nodes),
            "X-Links": str(made.links),
            "X-Removed-Characters": str(made.removed),
        })  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            async for piece in self._pieces():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._file.close()

    async def _pieces(self) -> AsyncIterator[bytes]:
        while piece := await to_thread(self._file.read, _PIECE):
            yield piece


def _params(given: Any) -> Extent:
    return Extent.model_validate(given.model_dump(include=set(Extent.model_fields), exclude_unset=True))


def _when(given: Any) -> tuple[date | None, date | None]:
    at = AsOf.parse(given.as_of or "2000", given.known_at)
    return (at.valid if given.as_of else None), at.known_at


def _tag(revision: int, asked: str) -> str:
    return f'W/"{revision}-{blake2b(asked.encode(), digest_size=9).hexdigest()}"'


def _file_name(given: Any, day: date) -> str:
    """After what it begins with: 包头市-2024-12-31."""
    begins = next((word for word in (*given.seed, given.region, given.chain, given.product, *given.kind) if word), "")
    return f"{_NOT_IN_NAMES.sub('-', begins)[:60].strip(' .') or 'rechain'}-{day.isoformat()}"
