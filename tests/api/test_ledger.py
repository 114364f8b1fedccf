"""Frozen lists and outcomes over HTTP: what may be entered, what is refused, and that nothing stale comes back."""

import json
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import listed
import pytest
import tiny
from conftest import TODAY
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.stores.port import Store
from queries.registry import QUERIES

JSON = {"content-type": "application/json"}
NOW = datetime.fromisoformat("2026-11-23T16:00:00+08:00")
VISIT = {"list": "spring", "enterprise": "候选3号公司", "stage": "visited", "on": "2026-11-23"}


@pytest.fixture
def asking(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The service with a question whose list is made by hand."""
    monkeypatch.setitem(QUERIES, "whom", listed.QUERY)
    store.record(tiny.batch((*tiny.CLAIMS, *listed.CLAIMS)))
    with TestClient(create_app(store, Settings(), today=lambda: TODAY.valid, now=lambda: NOW)) as client:
        yield client


def citation(client: TestClient, **params: Any) -> bytes:
    """The file that is frozen."""
    return client.get("/api/v1/whom", params={"citation": "true", **params}).content


def freeze(client: TestClient, name: str = "spring", **params: Any) -> Any:
    """Freeze the list."""
    return client.post("/api/v1/lists", params={"name": name}, content=citation(client, **params), headers=JSON)


def test_a_list_is_frozen_and_comes_back_as_a_citation(asking: TestClient) -> None:
    frozen = freeze(asking)
    assert frozen.status_code == 201
    assert frozen.headers["cache-control"] == "no-store"
    zone = {"id": "reg:zone", "name_zh": None, "name_en": None}
    assert frozen.json() | {"rows": []} == {
        "name": "spring", "frozen": "2026-11-23T16:00:00+08:00", "who": "api", "question": "whom",
        "region": zone, "product": None, "as_of": "2026-11-23", "revision": 1, "targets": 12,
        "truncated": False, "weights": {"makes": 0.6, "pull": 0.4}, "rows": [],
    }  # fmt: skip
    assert freeze(asking).status_code == 200
    assert [one["name"] for one in asking.get("/api/v1/lists").json()["lists"]] == ["spring"]
    kept = asking.get("/api/v1/lists/spring?citation=true")
    assert json.loads(kept.content) == json.loads(citation(asking))
    assert asking.post("/api/v1/verify", content=kept.content).json()["verdict"] == "same"


def test_a_name_is_taken_once(asking: TestClient) -> None:
    freeze(asking)
    again = freeze(asking, count=3)
    assert (again.status_code, again.json()["code"]) == (422, "bad_input")
    assert again.json()["detail"].startswith("There is a list 'spring' already")
    assert asking.get("/api/v1/lists/spring").json()["targets"] == 12


def test_what_does_not_hold_is_not_frozen(asking: TestClient, store: Store) -> None:
    """Edited, of a question without targets, or no longer what the data says: refused, and nothing is kept."""
    edited = citation(asking).replace(b'"rank": 1,', b'"rank": 2,', 1)
    gaps = asking.get("/api/v1/gaps?region=reg:zone&citation=true").content
    for content, said in ((edited, "was edited"), (gaps, "is no list of targets"), (b"{}", "is not a citation")):
        answer = asking.post("/api/v1/lists?name=x", content=content, headers=JSON)
        assert answer.status_code == 422
        assert said in answer.json()["detail"]
    whole = json.loads(citation(asking))
    assert whole["answer"]["targets"]
    changed = asking.get("/api/v1/gaps?region=reg:zone&citation=true").content
    store.record(tiny.batch((tiny.claim("ent:far", "produces", "prd:metal", as_of="2025"),), "more", "more"))
    answer = asking.post("/api/v1/lists?name=x", content=changed, headers=JSON)
    assert "no longer what the data says" in answer.json()["detail"]
    assert asking.get("/api/v1/lists").json() == {"lists": []}


@pytest.mark.parametrize("files", [{}, {"a": b"x"}, {"SHA256SUMS": b""}, {"citation.json": b"{}"}])
def test_a_zip_that_is_no_bundle_is_told(asking: TestClient, files: dict[str, bytes]) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as file:
        for name, content in files.items():
            file.writestr(name, content)
    for content in (packed.getvalue(), b"PK\x03\x04"):
        answer = asking.post("/api/v1/lists?name=x", content=content, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_file")


def test_outcomes_are_entered_and_seen_at_once(asking: TestClient) -> None:
    """Nothing of the funnel is kept from before, though the revision stays."""
    freeze(asking)
    before = asking.get("/api/v1/outcomes?list=spring")
    entered = asking.post("/api/v1/outcomes", json=VISIT)
    assert entered.status_code == 201
    told = entered.json()
    assert (told["enterprise"]["id"], told["rank"], told["added"], told["undo"]) == ("ent:e3", 3, True, False)
    assert told["remarks"] == ["Note: no entry for contacted yet; those who got this far count there too."]
    after = asking.get("/api/v1/outcomes?list=spring")
    assert before.headers["cache-control"] == after.headers["cache-control"] == "no-store"
    assert "etag" not in after.headers
    assert [one["of_list"]["count"] for one in before.json()["stages"]] == [0, 0, 0, 0, 0]
    assert [one["of_list"]["count"] for one in after.json()["stages"]] == [1, 1, 0, 0, 0]
    assert asking.get("/api/v1/lists/spring").json()["rows"][2]["stage"] == "visited"
    assert asking.get("/health").json()["revision"] == 1


def test_an_entry_is_made_once_and_taken_back(asking: TestClient) -> None:
    freeze(asking)
    asking.post("/api/v1/outcomes", json=VISIT)
    again = asking.post("/api/v1/outcomes", json=VISIT | {"who": "Wang"})
    assert (again.status_code, again.json()["added"]) == (200, False)
    assert again.json()["remarks"] == ["This was entered before; nothing was added."]
    gone = asking.post("/api/v1/outcomes", json=VISIT | {"undo": True, "on": None})
    assert (gone.status_code, gone.json()["undo"]) == (201, True)
    assert asking.get("/api/v1/outcomes").json()["outcomes"] == []
    assert asking.post("/api/v1/outcomes", json=VISIT | {"undo": True}).status_code == 422
    assert asking.post("/api/v1/outcomes", json=VISIT).status_code == 201


def test_a_form_cannot_post(asking: TestClient) -> None:
    """What a page elsewhere may send without being asked: form types and plain text."""
    freeze(asking)
    for given in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""):
        for path in ("/api/v1/outcomes", "/api/v1/lists?name=x"):
            answer = asking.post(path, content=json.dumps(VISIT), headers={"content-type": given})
            assert (answer.status_code, answer.json()["code"]) == (415, "wrong_media")
            assert answer.headers["content-type"] == "application/problem+json"
    charset = {"content-type": "Application/JSON; charset=utf-8"}
    assert asking.post("/api/v1/outcomes", content=json.dumps(VISIT), headers=charset).status_code == 201


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        (Settings(), 201),
        (Settings(allow_remote=True), 403),
        (Settings(allow_remote=True, allow_entries=True), 201),
        (Settings(allow_entries=False), 403),
    ],
)
def test_nothing_is_entered_where_others_can_reach_it_unless_that_is_meant(
    store: Store, monkeypatch: pytest.MonkeyPatch, settings: Settings, status: int
) -> None:
    monkeypatch.setitem(QUERIES, "whom", listed.QUERY)
    store.record(tiny.batch((*tiny.CLAIMS, *listed.CLAIMS)))
    with TestClient(create_app(store, settings, today=lambda: TODAY.valid, now=lambda: NOW)) as client:
        answer = freeze(client)
        assert answer.status_code == status
        if status == 403:
            assert answer.json()["code"] == "closed"
            assert client.post("/api/v1/outcomes", json=VISIT).status_code == 403
            assert client.get("/api/v1/lists").json() == {"lists": []}


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"stage": "won"}, 422, "'won' is no stage. Use contacted, visited, signed, landed, refused."),
        ({"on": "2026-11-22"}, 422, "2026-11-22 is before the list 'spring' was frozen (2026-11-23). "),
        ({"on": "2026-11-24"}, 422, "2026-11-24 is still to come (today is 2026-11-23). "),
        ({"on": "tomorrow"}, 422, "'tomorrow' is not a day. Write it as 2026-06-30."),
        ({"on": None}, 422, "When did it happen? Give the day as 'on', as in 2026-06-30."),
        ({"list": "autumn"}, 404, "There is no frozen list 'autumn'. There are 1: spring."),
        ({"enterprise": "远方公司"}, 422, "'远方公司' is not on the list 'spring'."),
        ({"enterprise": "候选"}, 422, "'候选' may mean 12 things"),
        ({"note": "x" * 2001}, 422, "'note' should have at most 2000 characters."),
        ({"note": 5}, 422, "'note' cannot be used: "),
        ({"price": 1}, 422, "There is no parameter 'price' here."),
        ({"undo": "yes"}, 422, "'undo' should be true or false, not 'yes'."),
        ({"note": "\ud83d"}, 422, ""),
    ],
)
def test_bad_outcomes_are_told_and_nothing_is_kept(
    asking: TestClient, change: dict[str, Any], status: int, said: str
) -> None:
    freeze(asking)
    answer = asking.post("/api/v1/outcomes", content=json.dumps(VISIT | change), headers=JSON)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(said)
    assert asking.get("/api/v1/outcomes").json()["outcomes"] == []


@pytest.mark.parametrize("content", ["", "[]", "{", "null", "5", "{}", "[" * 10_000, "\xff"])
def test_what_is_no_object_is_told(asking: TestClient, content: str) -> None:
    answer = asking.post("/api/v1/outcomes", content=content.encode("latin-1"), headers=JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_sizes_are_limited(store: Store) -> None:
    with TestClient(create_app(store, Settings(upload_mb=1), today=lambda: TODAY.valid, now=lambda: NOW)) as client:
        for path, size in (("/api/v1/outcomes", 64_001), ("/api/v1/lists?name=x", 1_000_001)):
            answer = client.post(path, content=b" " * size, headers=JSON)
            assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/api/v1/lists/spring", 404, "There is no frozen list 'spring', nor any other."),
        ("/api/v1/outcomes?list=spring", 404, "There is no frozen list 'spring', nor any other."),
        ("/api/v1/lists?all=1", 422, "There is no parameter 'all' here."),
        ("/api/v1/outcomes?liste=x", 422, "There is no parameter 'liste' here."),
        ("/api/v1/lists/x?citation=maybe", 422, "'citation' should be true or false, not 'maybe'."),
        ("/api/v1/lists/%0A", 422, "'' cannot name a list."),
    ],
)
def test_bad_looks_are_told(asking: TestClient, path: str, status: int, said: str) -> None:
    answer = asking.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["detail"].startswith(said)


@pytest.mark.parametrize("name", ["a/b?c#d%", "名单 '26\"`", "👩‍🔬", "../lists", "{x}"])
def test_hostile_names_are_just_names(asking: TestClient, name: str) -> None:
    from urllib.parse import quote

    assert freeze(asking, name).status_code == 201
    assert asking.get(f"/api/v1/lists/{quote(name, safe='')}").json()["name"] == name
    assert asking.get("/api/v1/outcomes", params={"list": name}).json()["on_list"] == 12


def test_it_speaks_chinese(asking: TestClient) -> None:
    freeze(asking)
    told = asking.post("/api/v1/outcomes", json=VISIT, headers={"accept-language": "zh"}).json()
    assert told["said"] == "候选3号公司（名单“spring”第 3 名）：2026-11-23 已走访。"
    assert told["remarks"] == ["注意：“已联系”尚无记录；到了本阶段的，也计入这些阶段。"]


def test_answers_stay_what_they_were(asking: TestClient) -> None:
    """The ledger is no evidence: an answer, its ETag and its revision are the same afterwards."""
    before = asking.get("/api/v1/gaps?region=reg:zone")
    freeze(asking)
    asking.post("/api/v1/outcomes", json=VISIT)
    after = asking.get("/api/v1/gaps?region=reg:zone")
    assert (before.content, before.headers["etag"]) == (after.content, after.headers["etag"])


def test_the_routes_are_documented(asking: TestClient) -> None:
    paths = asking.get("/api/v1/openapi.json").json()["paths"]
    assert set(paths["/api/v1/lists"]) == {"get", "post"}
    assert set(paths["/api/v1/outcomes"]) == {"get", "post"}
    body = paths["/api/v1/outcomes"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(body["properties"]) == {"list", "enterprise", "stage", "on", "note", "who", "undo"}
