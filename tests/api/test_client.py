"""The Python client, over the drawing, the shipped data, and a service in a process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import networkx
import pytest
import tiny
from conftest import ROOT, TODAY
from fastapi import FastAPI
from oracles.shipped import shipped
from starlette.testclient import TestClient

from api.app import create_app
from api.client import Rechain, ServiceError
from api.client_subgraph import SubgraphFound
from api.settings import Settings
from graph.model.claims import Claim
from graph.readers.opening import open_reader
from graph.stores.opening import open_store
from graph.stores.port import Store
from queries.lookup import subgraph

ZONE = {"region": "reg:baotou"}
# Questions whose answer has more than fifty rows in the shipped data, so that the client has to turn pages.
LONG: dict[str, dict[str, Any]] = {
    "gaps": ZONE | {"all": True},
    "producers": {"product": "prd:ndfeb-magnet"},
    "region": ZONE,
    "search": {"text": "稀土"},
    "subgraph": {"seed": "ent:jl-mag", "hops": 2},
    "check": {},
}


@pytest.fixture
def rechain(client: TestClient) -> Rechain:
    """The client over the drawing."""
    return Rechain(http=client)


@pytest.fixture(scope="module")
def all_of_it(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service over the shipped data."""
    claims, sources = shipped()
    with closing(open_store(f"sqlite:{tmp_path_factory.mktemp('shipped') / 'store.db'}")) as store:
        store.record(tiny.batch(claims)._replace(sources=sources))
        with TestClient(create_app(store, Settings(deadline_s=60), today=lambda: TODAY.valid)) as client:
            yield client


# --- answers ---


def test_answers_are_those_of_the_service(rechain: Rechain, client: TestClient) -> None:
    assert rechain.gaps("甲高新区") == client.get("/api/v1/gaps?region=甲高新区").json()
    assert rechain.gaps("reg:zone", from_="矿石", all=True, chain=None)["params"]["from_product"] == "矿石"
    early = rechain.ask("region", region="reg:zone", as_of=date(2023, 12, 31), known_at="2023-06")
    assert (early["as_of"], early["known_at"]) == ("2023-12-31", "2023-06-30")
    told = rechain.ask("what-if", region="reg:zone", attract=["ent:far:binder:20", "ent:motorco:metal"])
    assert len(told["params"]["attract"]) == 2


def test_a_limit_is_heeded(rechain: Rechain) -> None:
    page = rechain.ask("subgraph", seed="ent:mag1", hops=2, limit=2)
    assert (len(page["nodes"]), page["truncated"]) == (2, True)


@pytest.mark.parametrize("question", LONG)
@pytest.mark.parametrize("page", [60, 1000])
def test_pages_are_joined(all_of_it: TestClient, question: str, page: int) -> None:
    """As if all rows had been asked for at once; the parameters tell of the first page."""
    joined = Rechain(http=all_of_it, page=page).ask(question, **LONG[question])
    most = 1000 if question == "search" else 10_000
    at_once = all_of_it.get(f"/api/v1/{question}", params=LONG[question] | {"limit": most}).json()
    assert joined.pop("params") | {"limit": most} == at_once.pop("params")
    assert joined == at_once
    assert any(isinstance(rows, list) and len(rows) > 50 for rows in joined.values())


def test_a_change_between_two_pages_begins_anew(store: Store) -> None:
    """Somebody loads something after the first page: what comes is of one revision, the new one."""
    claims = [one for n in range(120) for one in _pair(n)]
    store.record(tiny.batch(claims))
    app = create_app(store, Settings(), today=lambda: TODAY.valid)
    calls = count()

    def load() -> None:
        if next(calls) == 0:
            store.record(tiny.batch(_pair(500), "later", "later"))

    with TestClient(_after(app, load)) as client:
        found = Rechain(http=client, page=60).ask("search", text="厂")
    assert found["revision"] == 2
    assert len({hit["node"]["id"] for hit in found["hits"]}) == 121


def test_who_changes_it_without_end_is_told(store: Store) -> None:
    store.record(tiny.batch([one for n in range(120) for one in _pair(n)]))
    app = create_app(store, Settings(), today=lambda: TODAY.valid)
    numbers = count(500)

    def load() -> None:
        number = next(numbers)
        store.record(tiny.batch(_pair(number), f"later {number}", f"later {number}"))

    with TestClient(_after(app, load)) as client, pytest.raises(ServiceError) as told:
        Rechain(http=client, page=60).ask("search", text="厂")
    assert (told.value.status, told.value.code) == (410, "stale_cursor")


def _pair(n: int) -> list[Claim]:
    return [tiny.claim(f"ent:w{n}", "name_zh", f"{n}厂")]


def _after(app: FastAPI, work: Callable[[], None]) -> Any:
    """The application, with something done after each answer to a question."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)
        if scope["type"] == "http":
            work()

    return wrapped


def test_targets_and_outcomes(rechain: Rechain) -> None:
    """far makes binder elsewhere; nothing is frozen."""
    answer = rechain.targets("甲高新区", "粘结剂")
    assert answer["targets"][0]["enterprise"]["id"] == "ent:far"
    assert len(rechain.targets("reg:zone", "prd:binder", limit=1)["targets"]) == 1
    assert {row["product"]["id"] for row in rechain.targets("reg:zone", gap=True)["targets"]} >= {"prd:binder"}
    assert rechain.outcomes()["on_list"] == 0
    with pytest.raises(ServiceError, match="404 Unknown name: There is no frozen list 'spring'"):
        rechain.outcomes("spring")


def test_a_citation_verifies(rechain: Rechain) -> None:
    citation = rechain.cite("certificate", region="reg:zone", product="prd:binder")
    assert rechain.verify(citation)["verdict"] == "same"
    citation["answer"]["revision"] = 9
    assert rechain.verify(citation)["verdict"] == "altered"


# --- subgraphs ---


def test_a_subgraph_of_the_drawing_as_a_graph(rechain: Rechain, client: TestClient) -> None:
    """sep supplies smelt (oxide-a); smelt supplies mag1 and mag2 (metal); far supplies mag1 (binder) and owns 60 % of
    mag2; mag1 supplies motorco (magnet): two hops from sep along supplies: sep, smelt, mag1, mag2, three links."""
    found = rechain.subgraph(seed="甲分离", predicate="supplies", hops=2, direction="out")
    graph = found.to_networkx()
    assert set(graph) == {"ent:sep", "ent:smelt", "ent:mag1", "ent:mag2"}
    assert sorted((a, b) for a, b, _ in graph.edges(keys=True)) == [
        ("ent:sep", "ent:smelt"),
        ("ent:smelt", "ent:mag1"),
        ("ent:smelt", "ent:mag2"),
    ]
    sep = graph.nodes["ent:sep"]
    assert (sep["kind"], sep["hop"], sep["name_zh"]) == ("enterprise", 0, "甲分离")
    assert graph.nodes["ent:mag1"]["alias"] == ["磁一股份"]
    assert "alias" not in sep
    assert graph.graph["revision"] == 1
    assert graph.graph["params"]["seed"] == ["ent:sep"]
    for _, attributes in (*graph.nodes(data=True), *((None, told) for _, _, told in graph.edges(data=True))):
        assert None not in attributes.values()
    assert repr(found) == "<subgraph of 4 nodes and 3 edges, as of 2026-11-23>"
    assert rechain.verify(found.citation)["verdict"] == "same"


@pytest.mark.parametrize("page", [60, 10_000])
def test_nothing_of_a_subgraph_is_lost(all_of_it: TestClient, page: int) -> None:
    """Against the rows: every node, every link by its claim, with amount, date and source, in both shapes."""
    found = Rechain(http=all_of_it).subgraph(seed="金力永磁", hops=2, as_of="2024-12-31", limit=page)
    graph, (nodes, edges) = found.to_networkx(), found.to_pandas()
    rows = found.edges
    assert graph.number_of_nodes() == len(nodes) == len(found.nodes) == found.answer["totals"]["nodes"] > 60
    assert graph.number_of_edges() == len(edges) == len(rows) == found.answer["totals"]["edges"] > 60
    assert len(found.citations) == (1 if page == 10_000 else -(-max(len(nodes), len(edges)) // page))
    for row in rows:
        said = row["statement"]
        told = graph.edges[row["subject"]["id"], row["object"]["id"], said["claim"]]
        assert told["predicate"] == row["predicate"] == edges.loc[said["claim"], "predicate"]
        assert told["document"] == said["source"]["id"] == edges.loc[said["claim"], "document"]
        for name in ("value", "unit", "as_of", "until"):
            assert told.get(name) == said[name]
        assert told.get("flags", []) == said["flags"]
        assert said["value"] is None or edges.loc[said["claim"], "value"] == said["value"]
    for node in found.nodes:
        told = graph.nodes[node["node"]["id"]]
        assert told.get("claims", []) == [said["statement"]["claim"] for said in node["said"]]
        for said in node["said"]:
            value, kept = said["statement"]["value"], told.get(said["predicate"])
            if isinstance(kept, list):
                number = f"{value:.15g}" if isinstance(value, float) else str(value or "")
                assert any(number in one for one in kept)
            elif said["predicate"] not in ("name_zh", "name_en"):
                assert value == kept


def test_what_is_only_planned_is_told_as_that() -> None:
    """An amount has its flags beside it, one of several texts behind it."""

    def said(predicate: str, value: float, qualifier: str, flags: list[str]) -> dict[str, object]:
        told = {
            "value": value,
            "unit": "CNY",
            "as_of": "2030",
            "qualifier": qualifier,
            "flags": flags,
            "claim": "clm:a",
        }
        return {"predicate": predicate, "statement": told}

    node = {"id": "prj:a", "name_zh": "甲", "name_en": None}
    told = [said("investment", 5.0, "", ["plan"]), said("indicator", 7.0, "output", ["plan", "doubtful"])]
    answer = {"nodes": [{"node": node, "kind": "project", "hop": 0, "said": told}], "edges": []}
    (_, found), *_ = SubgraphFound(answer, ()).node_attributes()
    assert (found["investment"], found["investment_flags"]) == (5.0, ["plan"])
    assert found["indicator"] == ["output: 7 CNY (2030) [plan, doubtful]"]


def test_every_property_is_of_one_type(all_of_it: TestClient) -> None:
    """A property is a list on each node or on none, so that columns can be worked with."""
    graph = Rechain(http=all_of_it).subgraph(region="reg:baotou", hops=1).to_networkx()
    types: dict[str, set[bool]] = {}
    for _, told in graph.nodes(data=True):
        for name, value in told.items():
            types.setdefault(name, set()).add(isinstance(value, list))
    assert {name for name, found in types.items() if len(found) > 1} == set()
    assert networkx.number_weakly_connected_components(graph) >= 1


def test_the_columns_of_an_empty_table_are_there(rechain: Rechain) -> None:
    nodes, edges = rechain.subgraph(seed="prd:robot", predicate="owns").to_pandas()
    assert list(nodes.columns)[:4] == ["kind", "hop", "name_zh", "name_en"]
    assert list(edges.columns)[:5] == ["source", "target", "predicate", "qualifier", "value"]
    assert (len(nodes), len(edges), nodes.index.name, edges.index.name) == (1, 0, "id", "claim")


def test_without_pandas_it_says_so(rechain: Rechain, monkeypatch: pytest.MonkeyPatch) -> None:
    found = rechain.subgraph(seed="ent:mag1")
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="needs pandas, which is not installed"):
        found.to_pandas()
    assert len(found.to_networkx()) == len(found.nodes)


def test_the_graph_is_that_of_the_question(rechain: Rechain, tiny_store: Store) -> None:
    """Attribute for attribute on the drawing, from the facts and not from the JSON."""
    asked = subgraph.SubgraphParams(region="reg:zone", hops=2)
    whole = subgraph.subgraph_of(open_reader(tiny_store, TODAY), asked)
    graph = rechain.subgraph(region="reg:zone", hops=2).to_networkx()
    links = {(fact.subject, fact.object, fact.claim): fact for fact in whole.links()}
    assert set(graph.edges(keys=True)) == set(links)
    for key, fact in links.items():
        assert graph.edges[key].get("value") == fact.value
        assert graph.edges[key].get("qualifier", "") == fact.qualifier
    assert {node: told["hop"] for node, told in graph.nodes(data=True)} == {one.id: one.hop for one in whole.nodes()}


# --- what goes wrong ---


@pytest.mark.parametrize(
    ("question", "params", "status", "code"),
    [
        ("gaps", {"region": "无此地"}, 404, "unknown_name"),
        ("gaps", {"region": "甲"}, 422, "ambiguous_name"),
        ("gaps", {"region": "reg:zone", "hops": 1}, 422, "bad_parameters"),
        ("gaps", {"region": "reg:zone", "as_of": "soon"}, 422, "bad_parameters"),
        ("gaps", {}, 422, "bad_parameters"),
        ("subgraph", {"seed": "磁一", "hops": 99}, 422, "bad_parameters"),
        ("subgraph", {"seed": "磁一", "cursor": "x"}, 422, "bad_input"),
        ("nothing", {}, 404, "no_route"),
        ("../../health", {}, 404, "no_route"),
        ("", {}, 404, "no_route"),
    ],
)
def test_errors_of_the_service_are_raised(
    rechain: Rechain, question: str, params: dict[str, Any], status: int, code: str
) -> None:
    with pytest.raises(ServiceError) as told:
        rechain.ask(question, **params)
    assert (told.value.status, told.value.code) == (status, code)
    assert told.value.title
    assert told.value.detail == told.value.problem["detail"]
    assert str(told.value) == f"{status} {told.value.title}: {told.value.detail}"


def test_candidates_and_parameters_come_with_the_error(rechain: Rechain, client: TestClient) -> None:
    with pytest.raises(ServiceError) as ambiguous:
        rechain.gaps("甲")
    assert {one["id"] for one in ambiguous.value.problem["candidates"]} == {"reg:zone", "reg:province"}
    with pytest.raises(ServiceError, match="“hops”"):
        Rechain(http=client, lang="zh").subgraph(seed="磁一", hops=0)
    with pytest.raises(ServiceError, match="not a citation"):
        rechain.verify({})


def test_where_nobody_listens_it_says_so() -> None:
    with Rechain("http://127.0.0.1:9", timeout=2) as rechain, pytest.raises(ServiceError) as told:
        rechain.gaps("x")
    assert told.value.status is None
    assert "rechain serve" in told.value.detail


@pytest.mark.parametrize("url", ["nonsense", "http://[", "ftp://x", ""])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ServiceError), Rechain(url, timeout=2) as rechain:
        rechain.gaps("x")


@pytest.mark.parametrize(("status", "body"), [(200, "<html>"), (502, "<html>"), (200, "[]"), (200, "null")])
def test_what_is_not_rechain_is_told(status: int, body: str) -> None:
    transport = httpx2.MockTransport(lambda request: httpx2.Response(status, text=body))
    with httpx2.Client(transport=transport, base_url="http://elsewhere") as http, pytest.raises(ServiceError) as told:
        Rechain(http=http).gaps("x")
    assert (told.value.status, told.value.title) == (status, "Not rechain")


def test_too_slow_is_told() -> None:
    def slow(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadTimeout("slow", request=request)

    with httpx2.Client(transport=httpx2.MockTransport(slow), base_url="http://x") as http:
        with pytest.raises(ServiceError, match="took too long"):
            Rechain(http=http).gaps("x")
        Rechain(http=http).close()
        assert not http.is_closed


# --- on its own ---


def test_it_imports_nothing_of_the_house() -> None:
    code = "import sys; from api.client import Rechain; print(*sys.modules)"
    loaded = set(_python("-c", code).split())
    assert not loaded & {"fastapi", "starlette", "pydantic", "numpy", "networkx", "pandas", "graph", "queries", "neo4j"}


def test_against_a_service_in_its_own_process(tmp_path: Path) -> None:
    """`rechain serve` on a free port, asked over a real socket."""
    url = f"sqlite:{tmp_path / 'served.db'}"
    with closing(open_store(url)) as store:
        store.record(tiny.batch())
    with _served(url) as address, Rechain(address) as rechain:
        assert rechain.gaps("甲高新区", as_of="2026-11-23")["params"]["region"] == "reg:zone"
        found = rechain.subgraph(seed="磁一", hops=2, as_of="2026-11-23")
        assert len(found.to_networkx()) == len(found.nodes) > 3
        assert rechain.verify(found.citation)["verdict"] == "same"
        with pytest.raises(ServiceError, match="404 Unknown name"):
            rechain.gaps("无此地")


@contextmanager
def _served(store: str) -> Iterator[str]:
    serve = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "serve", "--store", store, "--port", "0", "--lang", "en"],
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert serve.stdout is not None
        address = re.search(r"http://\S+", serve.stdout.readline())
        assert address
        yield address[0]
    finally:
        serve.terminate()
        serve.wait(20)
        if serve.stdout:
            serve.stdout.close()


def _python(*words: str) -> str:
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=_environment(), capture_output=True, text=True, check=True
    ).stdout


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RECHAIN_")}
    return kept | {"PYTHONPATH": str(ROOT)}
