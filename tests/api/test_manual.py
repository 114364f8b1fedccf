"""The manual of the API works without any other host."""

import re
from collections.abc import Callable
from threading import current_thread
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.manual import as_openapi_3_0

EXTERNAL = re.compile(r"(?:https?:)?//[a-z0-9]", re.IGNORECASE)


def test_the_page_and_its_script_name_no_other_host(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for text in (page.text, client.get("/docs/start.js").text):
        assert not EXTERNAL.search(text)
    # Whatever the bundle would like to load, the browser is told to stay here.
    allowed = page.headers["content-security-policy"]
    assert "script-src 'self';" in allowed
    assert "connect-src 'self';" in allowed
    assert "http" not in allowed


def test_everything_the_page_names_is_there(client: TestClient) -> None:
    page = client.get("/docs").text
    named = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(named) == 4
    for path in named:
        assert client.get(f"/{path}").status_code == 200
    assert "validatorUrl: null" in client.get("/docs/start.js").text


def test_the_root_leads_to_the_manual(client: TestClient) -> None:
    response = client.get("/", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (307, "docs")


def test_the_older_description_has_nothing_that_only_the_newer_form_knows(client: TestClient) -> None:
    document = client.get("/docs/openapi-3.0.json").json()
    assert document["openapi"] == "3.0.3"
    assert document["paths"].keys() == client.get("/api/v1/openapi.json").json()["paths"].keys()
    for part in _parts(document):
        assert part.get("type") != "null"
        assert not {"const", "prefixItems"} & part.keys()
        assert not isinstance(part.get("examples"), list)
        assert not (isinstance(part.get("exclusiveMinimum"), int | float) and part["exclusiveMinimum"] is not True)


def test_the_description_is_written_once_and_never_on_the_event_loop(
    app: FastAPI, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []
    write: Callable[[], dict[str, Any]] = app.openapi

    def noted() -> dict[str, Any]:
        threads.append(current_thread().name)
        return write()

    monkeypatch.setattr(app, "openapi", noted)
    first = client.get("/api/v1/openapi.json")
    assert first.headers["content-type"] == "application/json"
    assert client.get("/api/v1/openapi.json").content == first.content
    # What anyio calls the threads in which a framework waits.
    assert threads == ["AnyIO worker thread"]


def test_an_optional_number_in_the_older_form() -> None:
    newer = {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "null"}], "examples": [1.5]}
    older = {"type": "number", "minimum": 0, "exclusiveMinimum": True, "nullable": True, "example": 1.5}
    assert as_openapi_3_0({"openapi": "3.1.0", "x": newer})["x"] == older


def _parts(document: Any) -> list[dict[str, Any]]:
    if isinstance(document, list):
        return [part for one in document for part in _parts(one)]
    if isinstance(document, dict):
        return [document, *(part for one in document.values() for part in _parts(one))]
    return []
