"""Errors: one body for all, in the caller's language, with a status each. Bodies are pinned whole."""

import asyncio
from collections.abc import AsyncIterator
from threading import Event, Timer
from typing import Any

import pytest
from conftest import TODAY
from fastapi import FastAPI
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient

from api.app import create_app
from api.errors import STATUS, shape_of
from api.settings import Settings
from graph.model import errors
from graph.model.dates import AsOf
from graph.model.errors import RechainError, StoreBusy, StoreDown, StoreRefused
from graph.readers.opening import Readers
from graph.readers.port import Reader
from graph.stores.port import Store
from queries.chain import gaps

ZH = {"accept-language": "zh-CN,zh;q=0.9,en;q=0.5"}


def _problem(client: TestClient, path: str, **headers: str) -> dict[str, Any]:
    response = client.get(path, headers=headers)
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == response.status_code
    return body


def test_an_unknown_name(client: TestClient) -> None:
    assert _problem(client, "/api/v1/gaps?region=Atlantis") == {
        "type": "urn:rechain:problem:unknown_name",
        "title": "Unknown name",
        "status": 404,
        "detail": "Nothing here is called 'Atlantis' among region names. "
        "Try a shorter part of the name with: rechain search",
        "code": "unknown_name",
    }


def test_an_unknown_name_in_chinese(client: TestClient) -> None:
    assert _problem(client, "/api/v1/gaps?region=Atlantis", **ZH) == {
        "type": "urn:rechain:problem:unknown_name",
        "title": "未知名称",
        "status": 404,
        "detail": "没有叫“Atlantis”的对象。可用更短的一段名称查找：rechain search",
        "code": "unknown_name",
    }


def test_an_ambiguous_name_lists_what_it_may_mean(client: TestClient) -> None:
    assert _problem(client, "/api/v1/gaps?region=甲") == {
        "type": "urn:rechain:problem:ambiguous_name",
        "title": "Ambiguous name",
        "status": 422,
        "detail": "'甲' may mean 2 things: reg:province (甲省); reg:zone (甲高新区). "
        "Use the id or the full name of one.",
        "code": "ambiguous_name",
        "candidates": [
            {"id": "reg:province", "name_zh": "甲省", "name_en": "Province"},
            {"id": "reg:zone", "name_zh": "甲高新区", "name_en": "Zone"},
        ],
    }


def test_parameters_that_cannot_be_used_are_all_named(client: TestClient) -> None:
    body = _problem(client, "/api/v1/producers?limit=-5&offset=x&colour=red&outside=perhaps&as_of=2020-13")
    details = {one["pointer"]: one["detail"] for one in body["errors"]}
    known = "as_of, known_at, citation, cursor, limit, offset, product, region, outside"
    assert details == {
        "/query/product": "'product' is missing.",
        "/query/limit": "'limit' should be from 1 to 10000, not -5.",
        "/query/offset": "'offset' should be a whole number, not 'x'.",
        "/query/outside": "'outside' should be true or false, not 'perhaps'.",
        "/query/colour": f"There is no parameter 'colour' here. There are: {known}.",
        "/query/as_of": "'2020-13' is not a date. Write 2021, 2021-06 or 2021-06-30.",
    }
    assert body["detail"] == body["errors"][0]["detail"]
    assert (body["status"], body["code"]) == (422, "bad_parameters")


def test_a_choice_names_its_choices(client: TestClient) -> None:
    body = _problem(client, "/api/v1/paths?a=x&b=y&along=river", **ZH)
    assert body["detail"] == "“along” 应为 all, supply, ownership, recipe 之一，而不是“river”。"


def test_a_parameter_given_twice(client: TestClient) -> None:
    body = _problem(client, "/api/v1/search?text=a&text=b")
    assert body["errors"] == [{"pointer": "/query/text", "detail": "'text' was given more than once."}]


def test_an_id_of_the_wrong_kind_in_chinese(client: TestClient) -> None:
    assert _problem(client, "/api/v1/gaps?region=ent:mag1", **ZH)["detail"] == "“ent:mag1” 是企业，这里要的是地区。"


def test_no_such_address(client: TestClient) -> None:
    for path in ("/api/v1/nothing", "/nothing", "/docs/assets/../../../etc/passwd", "/docs/assets/secret"):
        assert _problem(client, path)["code"] == "no_route"


def test_a_method_that_is_not_there(client: TestClient) -> None:
    response = client.post("/api/v1/gaps?region=reg:zone", json={})
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.json()["detail"] == "POST is not possible here. Use GET, HEAD, OPTIONS."


@pytest.mark.parametrize(
    ("error", "status", "code", "retry"),
    [
        (StoreDown("gone"), 503, "store_down", "5"),
        (StoreBusy("busy"), 503, "store_busy", "1"),
        (StoreRefused("no"), 503, "store_refused", None),
    ],
)
def test_a_store_that_fails(
    error: RechainError, status: int, code: str, retry: str | None,
    client: TestClient, tiny_store: Store, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert client.get("/api/v1/check").status_code == 200

    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr(type(tiny_store), "revision", fail)
    for path in ("/api/v1/check", "/api/v1/search?text=new", "/health"):
        response = client.get(path)
        assert (response.status_code, response.json()["code"]) == (status, code)
        assert response.headers.get("retry-after") == retry


def test_a_mistake_of_ours_tells_nothing_of_the_inside(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(gaps.QUERY, "run", stumble)
    body = _problem(client, "/api/v1/gaps?region=reg:zone")
    assert (body["status"], body["code"]) == (500, "internal")
    assert "secret" not in str(body)
    assert body["detail"].startswith("A mistake of ours, not of yours. Report it with the number ")


def test_a_question_that_takes_too_long(tiny_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    released = asyncio.Event()

    async def wait(*_: object) -> None:
        await released.wait()

    monkeypatch.setattr("api.desk.Desk.answer", wait)
    app = create_app(tiny_store, Settings(deadline_s=0.05), today=lambda: TODAY.valid)
    with TestClient(app) as client:
        body = _problem(client, "/api/v1/check")
        assert (body["status"], body["code"]) == (503, "too_slow")
        assert body["detail"] == "This took longer than 0.05 seconds. Ask for less, or again later."


def test_an_answer_begun_in_time_is_sent_whole(tiny_store: Store) -> None:
    """A busy event loop may come between the head and the body of an answer; half of it is none."""
    app = create_app(tiny_store, Settings(deadline_s=0.5), today=lambda: TODAY.valid)

    @app.get("/begun")
    async def begun() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            await asyncio.sleep(0.6)
            yield b"whole"

        return StreamingResponse(pieces())

    with TestClient(app) as client:
        assert client.get("/begun").content == b"whole"


def test_a_request_meant_for_another_host(tiny_store: Store) -> None:
    app = create_app(tiny_store, Settings(hosts=("127.0.0.1", "::1")))
    for host, status in (("127.0.0.1:8000", 200), ("[::1]:8000", 200), ("evil.example", 400), ("", 400)):
        with TestClient(app) as client:
            assert client.get("/health", headers={"host": host}).status_code == status


def test_an_abandoned_request_stops_waiting(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    cancelled = asyncio.Event()

    async def wait(*_: object) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    monkeypatch.setattr("api.desk.Desk.answer", wait)

    async def leave() -> list[Any]:
        sent: list[Any] = []
        messages = iter([{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}])

        async def receive() -> Any:
            await asyncio.sleep(0.01)
            return next(messages)

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "headers": [],
                 "path": "/api/v1/check", "raw_path": b"/api/v1/check", "query_string": b"", "root_path": "",
                 "scheme": "http", "server": ("test", 80), "client": ("test", 1)}  # fmt: skip
        await app(scope, receive, send)
        return sent

    assert asyncio.run(leave()) == []
    assert cancelled.is_set()


def test_every_error_has_a_status() -> None:
    for cls in (value for value in vars(errors).values() if isinstance(value, type)):
        if issubclass(cls, RechainError):
            error = cls.__new__(cls)
            assert 400 <= shape_of(error).status < 600
    assert len({shape.code for shape in STATUS.values()}) == len(STATUS) - 1  # the base shares `internal`


def test_the_store_may_be_closed_once_the_service_has_ended(tiny_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, ended = Event(), Event(), Event()

    def look_long(readers: Readers, as_of: AsOf) -> Reader:
        begun.set()
        go_on.wait(10)
        ended.set()
        raise StoreDown("Gone.")

    monkeypatch.setattr(Readers, "at", look_long)
    with TestClient(create_app(tiny_store, Settings(), today=lambda: TODAY.valid)):
        assert begun.wait(10)
        Timer(0.05, go_on.set).start()
    assert ended.is_set()
