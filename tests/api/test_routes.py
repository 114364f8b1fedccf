"""Every question has its route, which answers as the question itself does."""

import json
from typing import Any

import pytest
from conftest import TODAY
from starlette.testclient import TestClient

from graph.model.claims import Decision
from graph.readers.opening import open_reader
from graph.stores.port import Store
from queries.registry import QUERIES

ASKED: dict[str, dict[str, Any]] = {
    "gaps": {"region": "甲高新区", "from": "矿石", "all": "true"},
    "pipeline": {"region": "甲高新区", "weight": ["approved=0.4", "signed=0.2"], "delay": "电机厂项目:6"},
    "what-if": {"region": "甲高新区", "attract": ["乙材料:粘结剂:20", "ent:motorco:metal"], "lose": "磁一"},
    "certificate": {"region": "甲高新区", "product": "粘结剂"},
    "critical": {"region": "甲高新区", "tiers": "1"},
    "balance": {"region": "甲高新区", "target": "prd:metal:40"},
    "targets": {"region": "甲高新区", "gap": "true", "weight": ["makes=0.5", "ties=0"]},
    "backtest": {"region": "甲高新区", "cut_off": "2024", "weight": ["ties=0", "makes=1"], "resamples": "100"},
    "producers": {"product": "磁体", "region": "reg:zone"},
    "suppliers": {"enterprise": "SZ300001", "tiers": "2"},
    "customers": {"enterprise": "甲分离"},
    "paths": {"a": "甲矿业", "b": "甲冶炼"},
    "region": {"region": "甲省", "limit": "3"},
    "coverage": {"region": "reg:zone"},
    "show": {"node": "磁一"},
    "fit": {"region": "甲高新区", "sheet": "name: 厂\nproducts: [{product: 粘结剂, capacity: 20, unit: t/yr}]"},
    "policies": {"region": "甲高新区", "product": "磁体"},
    "subgraph": {"seed": ["磁一", "甲分离"], "hops": "2"},
    "contents": {"seed": ["磁一", "甲分离"], "hops": "2"},
    "dossier": {"enterprise": "乙材料", "region": "甲高新区", "product": "粘结剂"},
    "search": {"text": "甲"},
    "check": {},
}


def test_every_question_is_asked_here() -> None:
    assert sorted(ASKED) == sorted(QUERIES)


@pytest.mark.parametrize("name", QUERIES)
def test_a_route_answers_as_the_question_does(name: str, client: TestClient, tiny_store: Store) -> None:
    query = QUERIES[name]
    expected = query.run(open_reader(tiny_store, TODAY), query.params.model_validate(ASKED[name]))
    response = client.get(f"/api/v1/{name}", params=ASKED[name])
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.content == expected.model_dump_json().encode()


def test_a_route_takes_the_day_and_what_was_known_then(client: TestClient) -> None:
    asked = {"region": "reg:zone", "as_of": "2023", "known_at": "2023-06"}
    answer = client.get("/api/v1/region", params=asked).json()
    assert (answer["as_of"], answer["known_at"]) == ("2023-12-31", "2023-06-30")


def test_without_a_day_it_is_today(client: TestClient) -> None:
    assert client.get("/api/v1/check").json()["as_of"] == "2026-11-23"


def test_head_is_get_without_a_body(client: TestClient) -> None:
    for _ in range(2):  # worked out, then kept
        told = client.get("/api/v1/search", params={"text": "甲"})
        short = client.head("/api/v1/search", params={"text": "甲"})
        assert short.status_code == 200
        assert short.content == b""
        assert dict(short.headers) == dict(told.headers)


def test_head_of_what_is_not_there_has_no_body_either(client: TestClient) -> None:
    response = client.head("/api/v1/nothing")
    assert (response.status_code, response.content) == (404, b"")


def test_options_tells_the_methods(client: TestClient) -> None:
    response = client.options("/api/v1/gaps")
    assert (response.status_code, response.headers["allow"], response.content) == (204, "GET, HEAD, OPTIONS", b"")


def test_health_tells_the_revision_and_the_snapshot(client: TestClient, tiny_store: Store) -> None:
    client.get("/api/v1/check")
    ready = {"status": "ok", "revision": 1, "snapshot": "ready", "snapshot_revision": 1}
    assert client.get("/health").json() == ready
    tiny_store.decide([Decision("retract", "src:s5", "", "me", "2026-01-01T00:00:00+00:00", "test")])
    assert client.get("/health").json() == ready | {"revision": 2, "snapshot": "stale"}


def test_every_answer_carries_the_headers_that_keep_browsers_in_check(client: TestClient) -> None:
    for path in ("/api/v1/search?text=x", "/api/v1/search?text=x", "/api/v1/nothing", "/health", "/docs"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers.get_list("content-security-policy")[0].startswith("default-src 'none'")


def test_openapi_describes_every_route_and_answer(client: TestClient) -> None:
    document = json.loads(client.get("/api/v1/openapi.json").content)
    assert document["openapi"].startswith("3.1")
    for query in QUERIES.values():
        operation = document["paths"][f"/api/v1/{query.name}"]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert schema == {"$ref": f"#/components/schemas/{query.answer.__name__}"}
        named = {parameter["name"] for parameter in operation["parameters"]}
        assert named >= {field.alias or name for name, field in query.params.model_fields.items()}
        assert {"404", "410", "422", "503"} <= operation["responses"].keys()


SHEET = {"name": "厂", "products": [{"product": "粘结剂", "capacity": 20, "unit": "t/yr"}], "needs": {"gas": True}}


def test_a_sheet_can_be_posted(client: TestClient) -> None:
    """As data or as text, it is the same question as with GET; and its answer can be verified."""
    given = {"region": "甲高新区", "offers": {"offers": {"gas": False}}}
    posted = client.post("/api/v1/fit", json=given | {"sheet": SHEET})
    assert posted.status_code == 200
    assert posted.json()["verdict"] == "conflicts"
    text = json.dumps(SHEET)
    assert client.post("/api/v1/fit", json=given | {"sheet": text}).json() == posted.json()
    params = {"region": "甲高新区", "sheet": text, "offers": json.dumps(given["offers"])}
    assert client.get("/api/v1/fit", params=params).json() == posted.json()
    citation = client.post("/api/v1/fit", json=given | {"sheet": SHEET, "citation": True})
    assert client.post("/api/v1/verify", content=citation.content).json()["verdict"] == "same"
    assert client.post("/api/v1/policies", json={"region": "甲高新区", "sheet": SHEET}).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"{", 422, "not JSON"),
        (b"[]", 422, "not JSON"),
        (b"[" * 100_000, 422, "not JSON"),
        (b'{"region": "x", "sheet": {"name": "\\ud800"}}', 422, "not JSON"),
        (b'{"\\ud800": 1}', 422, "not JSON"),
        (b'{"sheet": {"name": "x"}}', 422, "products"),
        (json.dumps({"sheet": SHEET}).encode(), 422, "'region' is missing"),
        (
            json.dumps({"region": "甲高新区", "sheet": SHEET, "colour": 1}).encode(),
            422,
            "There is no parameter 'colour'",
        ),
        (json.dumps({"region": "没有", "sheet": SHEET}).encode(), 404, "Nothing here is called"),
    ],
)
def test_a_body_that_cannot_be_used(body: bytes, status: int, says: str, client: TestClient) -> None:
    response = client.post("/api/v1/fit", content=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert says in response.json()["detail"]


def test_only_questions_with_a_sheet_take_a_body(client: TestClient) -> None:
    assert client.post("/api/v1/gaps", json={"region": "甲高新区"}).status_code == 405
