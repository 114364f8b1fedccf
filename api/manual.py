"""What explains the API: a description for programs, and a page (Swagger UI) that loads nothing from elsewhere."""

import json
from copy import deepcopy
from threading import Lock
from typing import Any

from fastapi import APIRouter, FastAPI, HTTPException
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from swagger_ui_bundle import swagger_ui_path

from api.routes import PREFIX

# No CDN, no inline script; Swagger UI writes styles into elements and draws its icons from data: addresses.
_POLICY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
}
_PAGE = """<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<title>rechain API</title>
<link rel="icon" href="docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="docs/assets/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
# validatorUrl null: by default Swagger UI sends the address of every public service to validator.swagger.io.
_START = """SwaggerUIBundle({
  url: "docs/openapi-3.0.json", dom_id: "#swagger-ui", validatorUrl: null, deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis], layout: "BaseLayout"
});
"""
# Told in refusals, so that nobody has to guess.
DESCRIPTION = f"{PREFIX}/openapi.json"
_ASSETS = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")


class _Description:
    """The description of the API, written once, when somebody first asks: that takes over a second."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._lock = Lock()
        self._written: dict[bool, bytes] = {}

    def written(self, *, older: bool) -> Response:
        """As JSON, in the form of OpenAPI 3.1 or, `older`, 3.0. To be called in a thread."""
        with self._lock:
            if older not in self._written:
                schema = self._app.openapi()
                schema = as_openapi_3_0(schema) if older else schema
                self._written[older] = json.dumps(schema, ensure_ascii=False, separators=(",", ":")).encode()
        return Response(self._written[older], media_type="application/json")


def manual_router(app: FastAPI) -> APIRouter:
    """GET the description, /docs and what the page loads; / leads to it."""
    router = APIRouter(include_in_schema=False)
    description = _Description(app)

    # No coroutines: the framework calls these two in a thread, so that nobody waits while the description is written.
    @router.get(DESCRIPTION)
    def newer_schema() -> Response:
        return description.written(older=False)

    @router.get("/docs/openapi-3.0.json")
    def older_schema() -> Response:
        return description.written(older=True)

    @router.get("/")
    async def root() -> RedirectResponse:
        return RedirectResponse("docs")

    @router.get("/docs")
    async def page() -> HTMLResponse:
        return HTMLResponse(_PAGE, headers=_POLICY)

    @router.get("/docs/start.js")
    async def start() -> Response:
        return Response(_START, media_type="text/javascript")

    @router.get("/docs/assets/{file}")
    async def asset(file: str) -> FileResponse:
        if file not in _ASSETS:
            raise HTTPException(404)
        return FileResponse(swagger_ui_path / file, headers={"Cache-Control": "private, max-age=86400"})

    return router


def as_openapi_3_0(schema: dict[str, Any]) -> dict[str, Any]:
    """The description for the Swagger UI at hand (4.15), which cannot read OpenAPI 3.1. Programs read the 3.1 one."""
    older = deepcopy(schema)
    older["openapi"] = "3.0.3"
    _lower(older)
    return older


def _lower(part: Any) -> None:
    if isinstance(part, list):
        for one in part:
            _lower(one)
    if not isinstance(part, dict):
        return
    choices = part.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        part["nullable"] = True
        kept = [choice for choice in choices if choice != {"type": "null"}]
        del part["anyOf"]
        # A $ref may have no neighbours in 3.0.
        part.update(kept[0] if len(kept) == 1 and "$ref" not in kept[0] else {"anyOf": kept})
    if isinstance(part.get("examples"), list):
        part["example"] = part.pop("examples")[0]
    if "const" in part:
        part["enum"] = [part.pop("const")]
    if isinstance(part.get("prefixItems"), list):
        part["items"] = {"anyOf": part.pop("prefixItems")}
    for exclusive, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(part.get(exclusive), int | float) and not isinstance(part[exclusive], bool):
            part[limit] = part[exclusive]
            part[exclusive] = True
    for one in part.values():
        _lower(one)
