"""Citations over HTTP: asked for with ?citation=true, checked with POST /api/v1/verify."""

import pytest
from conftest import TODAY
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.stores.port import Store

BINDER = {"region": "reg:zone", "product": "prd:binder"}


def test_an_answer_as_a_citation_verifies(client: TestClient) -> None:
    plain = client.get("/api/v1/certificate", params=BINDER)
    cited = client.get("/api/v1/certificate", params=BINDER | {"citation": "true"})
    assert cited.json()["answer"] == plain.json()
    assert cited.headers["etag"] != plain.headers["etag"]
    verdict = client.post("/api/v1/verify", content=cited.content)
    assert verdict.status_code == 200
    assert verdict.json() == {
        "verdict": "same",
        "question": "certificate",
        "as_of": "2026-11-23",
        "cited_revision": 1,
        "revision": 1,
        "changes": [],
        "truncated": False,
        "reason": None,
    }


def test_an_edited_one_is_altered(client: TestClient) -> None:
    text = client.get("/api/v1/gaps", params={"region": "reg:zone", "citation": "true"}).text
    assert (
        client.post("/api/v1/verify", content=text.replace('"kind": "broken"', '"kind": "fill"', 1)).json()["verdict"]
        == "altered"
    )


@pytest.mark.parametrize("content", ["", "{}", "[" * 100_000, '{"citation": NaN}'])
def test_what_is_no_citation_is_a_problem(client: TestClient, content: str) -> None:
    answer = client.post("/api/v1/verify", content=content)
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_file")
    assert answer.json()["detail"].startswith("'body' is not a citation of rechain")


def test_the_size_is_limited(tiny_store: Store) -> None:
    app: FastAPI = create_app(tiny_store, Settings(upload_mb=1), today=lambda: TODAY.valid)
    with TestClient(app) as client:
        answer = client.post("/api/v1/verify", content=b" " * 1_000_001)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert answer.json()["detail"] == "This is larger than 1 MB. Set RECHAIN_UPLOAD_MB."


def test_it_is_only_posted_to(client: TestClient) -> None:
    assert client.get("/api/v1/verify").status_code == 405
