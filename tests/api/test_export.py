"""GET /api/v1/export: the file of `rechain export`, complete before it begins, and nothing left behind."""

import asyncio
import json
import sys
import time
from io import BytesIO
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

import networkx as nx
import pytest
from conftest import TODAY
from fastapi import FastAPI
from starlette.testclient import TestClient

from api import exporting
from api.app import create_app
from api.settings import Settings
from graph.export.formats import FORMATS
from graph.export.outputs import write
from graph.model.claims import Decision
from graph.readers.opening import open_reader
from graph.stores.port import Store
from queries.lookup.subgraph import SubgraphParams, subgraph_of

URL = "/api/v1/export"
MAG1 = {"seed": "磁一", "predicate": "supplies"}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_bytes_as_the_command_writes(name: str, client: TestClient, tiny_store: Store, tmp_path: Path) -> None:
    got = client.get(URL, params=MAG1 | {"format": name, "lang": "zh"})
    assert got.status_code == 200
    assert got.headers["content-type"].partition(";")[0] == FORMATS[name].media_type
    assert int(got.headers["content-length"]) == len(got.content)
    assert (got.headers["x-nodes"], got.headers["x-links"], got.headers["x-removed-characters"]) == ("4", "3", "0")
    subgraph = subgraph_of(open_reader(tiny_store, TODAY), SubgraphParams(seed=("磁一",), predicate=("supplies",)))
    ending = ".zip" if len(FORMATS[name].files) > 1 else Path(FORMATS[name].files[0]).suffix
    written = tmp_path / f"out{ending}"
    write(subgraph, FORMATS[name], str(written), "zh")
    assert got.content == written.read_bytes()


def test_several_files_come_as_a_zip(client: TestClient) -> None:
    got = client.get(URL, params=MAG1 | {"format": "gephi-csv"})
    with ZipFile(BytesIO(got.content)) as archive:
        assert archive.namelist() == ["nodes.csv", "edges.csv"]
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_file_is_named_after_what_it_begins_with(client: TestClient) -> None:
    got = client.get(URL, params={"region": "甲高新区", "format": "gexf", "as_of": "2024-12-31"})
    said = got.headers["content-disposition"]
    assert said.startswith('attachment; filename="rechain-2024-12-31.gexf"; ')
    assert unquote(said.partition("filename*=UTF-8''")[2]) == "甲高新区-2024-12-31.gexf"
    got = client.get(URL, params=[("seed", "ent:mag1"), ("seed", "ent:mag2"), ("format", "gexf")])
    assert 'filename="ent-mag1-2026-11-23.gexf"' in got.headers["content-disposition"]
    assert got.headers["x-content-type-options"] == "nosniff"


def test_the_language_is_that_of_the_caller(client: TestClient) -> None:
    def labels(**more: Any) -> set[str]:
        got = client.get(URL, params=MAG1 | {"format": "node-link"} | more.pop("params", {}), **more)
        drawn = nx.node_link_graph(json.loads(got.content), edges="edges")
        return {data["label"] for *_, data in drawn.edges(data=True)}

    assert labels() == {"supplies"}
    assert labels(headers={"accept-language": "zh-CN,zh;q=0.9"}) == {"供应"}
    assert labels(headers={"accept-language": "zh"}, params={"lang": "en"}) == {"supplies"}


def test_who_has_it_is_not_sent_it_again(client: TestClient, tiny_store: Store) -> None:
    asked = MAG1 | {"format": "graphml"}
    tag = client.get(URL, params=asked).headers["etag"]
    again = client.get(URL, params=asked, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    for other in ({"format": "gexf"}, {"hops": "2"}, {"lang": "zh"}, {"as_of": "2024"}):
        assert client.get(URL, params=asked | other, headers={"if-none-match": tag}).status_code == 200
    tiny_store.decide([Decision("retract", "src:s5", "", "me", "2026-11-23", "test")])
    assert client.get(URL, params=asked, headers={"if-none-match": tag}).status_code == 200


def test_head(client: TestClient) -> None:
    asked = MAG1 | {"format": "graphml"}
    head, got = client.head(URL, params=asked), client.get(URL, params=asked)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == got.headers


@pytest.mark.parametrize(
    "asked, status, told",
    [
        ({"seed": "磁一"}, 422, "'format' is missing."),
        ({"seed": "磁一", "format": "dot"}, 422, "'format' should be one of graphml, gexf, "),
        ({"seed": "Atlantis", "format": "gexf"}, 404, "Nothing here is called 'Atlantis'"),
        ({"format": "gexf"}, 422, "A subgraph begins somewhere"),
        ({"seed": "磁一", "format": "gexf", "hops": "0"}, 422, "'hops' should be from 1 to 10, not 0."),
        ({"seed": "磁一", "format": "gexf", "hops": "99"}, 422, "'hops' should be from 1 to 10, not 99."),
        ({"seed": "磁一", "format": "gexf", "limit": "5"}, 422, "There is no parameter 'limit' here."),
        ({"seed": "磁一", "format": "gexf", "as_of": "2020-13"}, 422, "'2020-13' is not a date."),
        (
            {"seed": "磁一", "format": "gexf", "most": "2"},
            422,
            "This subgraph has 6 nodes at least, and 2 are allowed.",
        ),
    ],
)
def test_bad_input_is_said_before_the_first_byte(
    asked: dict[str, str], status: int, told: str, client: TestClient
) -> None:
    got = client.get(URL, params=asked)
    assert (got.status_code, got.headers["content-type"]) == (status, "application/problem+json")
    assert got.json()["detail"].startswith(told)


def test_repeated_parameters(client: TestClient) -> None:
    got = client.get(URL, params=[("seed", "磁一"), ("format", "gexf"), ("format", "graphml")])
    assert (got.status_code, got.json()["detail"]) == (422, "'format' was given more than once.")


def test_what_is_too_large_says_how_large(tiny_store: Store) -> None:
    with TestClient(create_app(tiny_store, Settings(export_links=2), today=lambda: TODAY.valid)) as client:
        got = client.get(URL, params=MAG1 | {"format": "gexf"})
        assert got.status_code == 422
        assert got.json()["detail"].startswith("This subgraph has 3 links, and 2 may be exported here at a time.")


def _comes_to_rest() -> bool:
    """Whether soon no thread puts an export together any more."""
    for _ in range(200):
        if not any(map(_is_exporting, sys._current_frames().values())):
            return True
        time.sleep(0.05)
    return False


def _is_exporting(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code is exporting._made.__code__:
            return True
        frame = frame.f_back
    return False


def _ask(app: FastAPI, query: str, leave_after: int | None) -> list[dict[str, Any]]:
    """The messages of one request whose client leaves after so many of them (0: at once)."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": URL, "raw_path": URL.encode(), "query_string": query.encode(), "headers": [],
        "client": ("test", 1), "server": ("test", 80), "root_path": "", "state": {},
    }  # fmt: skip

    async def run() -> None:
        left = asyncio.Event()
        if leave_after == 0:
            asyncio.get_running_loop().call_later(0.2, left.set)

        async def receive() -> dict[str, Any]:
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)
            if leave_after is not None and len(sent) >= leave_after:
                left.set()
                # A client that reads no more keeps the sender waiting.
                await asyncio.sleep(30)

        await app(scope, receive, send)

    asyncio.run(run())
    return sent


def test_when_the_time_is_up_the_work_ends(tiny_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Collecting takes for ever here: the client is told, and the thread ends at its next look."""
    collected = exporting.subgraph_of

    def slow(reader: Any, params: Any, between: Any) -> Any:
        while True:
            between()
            time.sleep(0.01)

    monkeypatch.setattr(exporting, "subgraph_of", slow)
    app = create_app(tiny_store, Settings(export_s=0.3), today=lambda: TODAY.valid)
    with TestClient(app) as client:
        got = client.get(URL, params=MAG1 | {"format": "gexf"})
        assert (got.status_code, got.json()["detail"][:38]) == (503, "This took longer than 0.3 seconds. Ask")
        assert _comes_to_rest()
        monkeypatch.setattr(exporting, "subgraph_of", collected)
        assert client.get(URL, params=MAG1 | {"format": "gexf"}).status_code == 200


def test_a_client_that_leaves_while_it_is_made_ends_the_work(
    tiny_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(reader: Any, params: Any, between: Any) -> Any:
        while True:
            between()
            time.sleep(0.01)

    monkeypatch.setattr(exporting, "subgraph_of", slow)
    app = create_app(tiny_store, Settings(), today=lambda: TODAY.valid)
    assert _ask(app, "seed=ent:mag1&format=gexf", leave_after=0) == []
    assert _comes_to_rest()


def test_a_client_that_leaves_while_it_is_sent_leaves_nothing_behind(
    tiny_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is closed, and with that gone: it never had a name."""
    opened: list[Any] = []
    make = exporting.TemporaryFile
    monkeypatch.setattr(exporting, "TemporaryFile", lambda: opened.append(make()) or opened[-1])
    monkeypatch.setattr(exporting, "_PIECE", 100)
    app = create_app(tiny_store, Settings(), today=lambda: TODAY.valid)
    sent = _ask(app, "seed=ent:mag1&format=gexf", leave_after=3)
    assert [message["type"] for message in sent] == ["http.response.start", *["http.response.body"] * 2]
    assert [file.closed for file in opened] == [True]


def test_sending_may_take_longer_than_making(tiny_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time limit is for the beginning: a slow line is nobody's fault."""
    monkeypatch.setattr(exporting, "_PIECE", 1000)
    pieces = exporting._Sent._pieces

    async def slowly(self: Any) -> Any:
        async for piece in pieces(self):
            await asyncio.sleep(0.1)
            yield piece

    monkeypatch.setattr(exporting._Sent, "_pieces", slowly)
    app = create_app(tiny_store, Settings(export_s=0.5), today=lambda: TODAY.valid)
    with TestClient(app) as client:
        client.get("/api/v1/search", params={"text": "磁"})  # builds the snapshot
        got = client.get(URL, params={"region": "甲高新区", "hops": "2", "format": "gexf"})
        assert len(got.content) == int(got.headers["content-length"]) > 10_000


def test_a_bundle_is_verified_where_it_came_from(client: TestClient) -> None:
    """Same; altered once a file in it is another."""
    got = client.get(URL, params=MAG1 | {"format": "graphml", "bundle": "true"})
    assert (got.status_code, got.headers["content-type"]) == (200, "application/zip")
    assert ".zip" in got.headers["content-disposition"]
    assert client.post("/api/v1/verify", content=got.content).json()["verdict"] == "same"
    edited = BytesIO()
    with ZipFile(BytesIO(got.content)) as packed, ZipFile(edited, "w") as file:
        for name in packed.namelist():
            file.writestr(name, packed.read(name) + (b" " if name == "licences.csv" else b""))
    found = client.post("/api/v1/verify", content=edited.getvalue()).json()
    assert (found["verdict"], [one["path"] for one in found["changes"]]) == ("altered", ["licences.csv"])
    refused = client.post("/api/v1/verify", content=got.content[:2000])
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
