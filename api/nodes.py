"""GET /api/v1/nodes/{id}: one node as JSON, JSON-LD, Turtle or N-Quads; where the IRIs of our RDF lead to."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, BinaryIO
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from api.desk import Desk, Rendering
from api.errors import Problem
from api.negotiation import preferred
from api.routes import PREFIX, PROBLEM_TYPE
from api.settings import Settings
from graph.export.formats import FORMATS
from graph.export.json_ld import context
from graph.model.dates import AsOf
from graph.model.errors import BadInput, NodeMissing
from graph.model.kinds import looks_like_id
from graph.readers.port import Reader
from queries.lookup.description import description_of
from queries.lookup.show import ShowAnswer, ShowParams, run

# The first is what somebody gets who does not say.
FORMS: dict[str, str] = {
    "json": "application/json",
    **{name: FORMATS[name].media_type for name in ("json-ld", "turtle", "nquads")},
}
_TEXT = ("text/turtle", "application/n-quads")


def nodes_router(desk: Desk, settings: Settings) -> APIRouter:
    """The route of a node, and the JSON-LD context of all of them."""
    router = APIRouter(prefix=PREFIX, tags=["nodes"])
    problems: dict[int | str, dict[str, Any]] = {
        status: {"model": Problem, "description": what, "content": {PROBLEM_TYPE: {}}}
        for status, what in (
            (404, "no node of this id"),
            (406, "none of these forms is accepted"),
            (422, "a parameter cannot be used"),
            (503, "the store is away, or the time limit was reached"),
        )
    }
    forms: dict[str, Any] = {media_type: {} for media_type in FORMS.values() if media_type != "application/json"}
    parameters = [
        {"name": name, "in": "query", "required": False, "description": what, "schema": {"type": "string", **more}}
        for name, what, more in (
            ("format", "the form, instead of the Accept header", {"enum": list(FORMS)}),
            ("as_of", "the day the answer is about; default today", {}),
            ("known_at", "use only sources dated up to this day; default all", {}),
        )
    ]

    @router.get(
        "/nodes/{node:path}",
        operation_id="node",
        summary="一个对象 · One node",
        responses={**problems, 200: {"model": ShowAnswer, "content": forms}},
        openapi_extra={"parameters": parameters},
        response_class=Response,
    )
    async def node(request: Request, node: str) -> Response:
        """JSON is the answer of `show`; the RDF holds the node, its statements both ways, their claims and sources."""
        asked = _read(request, node, settings.iri_base)
        reply = await desk.rendering(asked)
        status, headers, body = reply.parts(request.headers.get("if-none-match"))
        response = Response(body, status)
        response.raw_headers = headers
        return response

    @router.get("/context.jsonld", operation_id="context", summary="JSON-LD 语境 · JSON-LD context")
    async def ld_context() -> Response:
        """What the keys of our JSON-LD mean. Our files hold it inside and ask for it nowhere."""
        return Response(context_page(), media_type=FORMS["json-ld"], headers={"Cache-Control": "public, max-age=86400"})

    return router


def context_page() -> str:
    """The context as a document of its own."""
    return json.dumps({"@context": context()}, ensure_ascii=False, indent=1) + "\n"


def _read(request: Request, node: str, base: str) -> Rendering:
    """What is asked for. Raises NodeMissing, NotAcceptable and BadInput."""
    given = request.query_params
    for name, _ in given.multi_items():
        if name not in ("format", "as_of", "known_at") or len(given.getlist(name)) > 1:
            raise BadInput(
                "'{name}' is not a parameter here, or is given twice. There are: {known}.",
                name=name[:80],
                known="format, as_of, known_at",
            )
    if not looks_like_id(node):
        raise NodeMissing(node[:200])
    form = given.get("format")
    if form is None:
        wanted = preferred(request.headers.get("accept"), list(FORMS.values()))
        form = next(name for name, media_type in FORMS.items() if media_type == wanted)
    elif form not in FORMS:
        raise BadInput(
            "'{name}' should be one of {expected}, not '{value}'.",
            name="format",
            expected=", ".join(FORMS),
            value=form[:80],
        )
    at = AsOf.parse(given.get("as_of") or "2000", given.get("known_at"))
    media_type = FORMS[form] + ("; charset=utf-8" if FORMS[form] in _TEXT else "")
    address = f"{PREFIX}/nodes/{quote(node, safe=':')}"
    others = ", ".join(
        f'<{address}?format={name}>; rel="alternate"; type="{other}"' for name, other in FORMS.items() if name != form
    )
    return Rendering(
        f"node {form} {base}",
        node,
        media_type,
        _maker(form, node, base),
        at.valid if given.get("as_of") else None,
        at.known_at,
        [(b"vary", b"Accept"), (b"link", others.encode())],
    )


def _shown(reader: Reader, node: str) -> bytes:
    (found,) = reader.nodes([node])
    return run(reader, ShowParams(node=found.id)).model_dump_json().encode()


def _maker(form: str, node: str, base: str) -> Callable[[Reader], bytes]:
    if form == "json":
        return lambda reader: _shown(reader, node)
    write = FORMATS[form].at(base).write

    def make(reader: Reader) -> bytes:
        held = BytesIO()

        @contextmanager
        def open_file(_: str) -> Iterator[BinaryIO]:
            yield held

        write(description_of(reader, node), open_file, "zh")
        return held.getvalue()

    return make
