"""One node in the form that is asked for: by Accept, by ?format=, by HEAD; and what is refused."""

from urllib.parse import quote

import pyoxigraph as ox
import pytest
import tiny
from conftest import TODAY
from starlette.testclient import TestClient

from api.app import create_app
from api.errors import NotAcceptable
from api.negotiation import preferred
from api.nodes import FORMS, context_page
from api.settings import Settings
from graph.export.rdf_terms import VOCABULARY
from graph.model.claims import Decision
from graph.stores.port import Store

MAG1 = "/api/v1/nodes/ent:mag1"
_READ_AS = {
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}
OFFERED = list(FORMS.values())


@pytest.mark.parametrize(
    "accept, form",
    [
        (None, "json"), ("", "json"), ("*/*", "json"), ("application/*", "json"), ("text/*", "turtle"),
        ("application/json", "json"), ("text/turtle", "turtle"), ("TEXT/Turtle; charset=utf-8", "turtle"),
        ("application/ld+json", "json-ld"), ("application/n-quads", "nquads"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "json"),
        ("application/json;q=0.4, text/turtle;q=0.9, */*;q=0.1", "turtle"),
        ("application/ld+json;q=0.5, text/turtle;q=0.5", "json-ld"),
        ("application/json;q=0, */*;q=0.1", "json-ld"),
        ("text/turtle;q=high, application/n-quads;q=0.2", "nquads"),
        ("application/ld+json;profile=x;q=0.7, application/json;q=0.6", "json-ld"),
    ],
)  # fmt: skip
def test_the_form_is_the_one_liked_best(accept: str | None, form: str, client: TestClient) -> None:
    assert preferred(accept or None, OFFERED) == FORMS[form]
    answer = client.get(MAG1, headers={"accept": accept} if accept is not None else {"accept": ""})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == FORMS[form]
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize("accept", ["text/html", "text/turtle;q=0", "image/*", "json", "*/*;q=0", "*/*;q=7"])
def test_a_form_that_is_not_there(accept: str, client: TestClient) -> None:
    with pytest.raises(NotAcceptable):
        preferred(accept, OFFERED)
    answer = client.get(MAG1, headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (406, "application/problem+json")
    assert "text/turtle" in answer.json()["detail"]
    assert client.get(f"{MAG1}?format=turtle", headers={"accept": accept}).status_code == 200


def test_json_is_what_show_gives(client: TestClient) -> None:
    assert client.get(MAG1).content == client.get("/api/v1/show?node=ent:mag1").content
    dated = "as_of=2023&known_at=2024"
    assert client.get(f"{MAG1}?{dated}").content == client.get(f"/api/v1/show?node=ent:mag1&{dated}").content


@pytest.mark.parametrize("form", ["json-ld", "turtle", "nquads"])
def test_rdf_holds_the_node_and_what_is_said_of_it(form: str, client: TestClient) -> None:
    """mag1 is in the zone, makes and plans magnets, has 2 suppliers and 1 customer: 6 links; 2 names, an alias, a code.

    Its 5 neighbours have 2 names each.
    """
    answer = client.get(f"{MAG1}?format={form}")
    told = {
        (str(one.subject), str(one.predicate), str(one.object))
        for one in ox.parse(answer.content, _READ_AS[FORMS[form]])
    }
    node, rc = "<https://rechain.example/nodes/ent:mag1>", f"<{VOCABULARY}"
    assert (node, f"{rc}produces>", "<https://rechain.example/nodes/prd:magnet>") in told
    assert ("<https://rechain.example/nodes/ent:far>", f"{rc}supplies>", node) in told
    assert (
        "<https://rechain.example/nodes/ent:far>",
        "<http://www.w3.org/2004/02/skos/core#prefLabel>",
        '"乙材料"@zh',
    ) in told
    # What far says of others is not part of it.
    assert not any(p == f"{rc}owns>" for _, p, _ in told)
    counts = {p: o for s, p, o in told if "/subgraphs/" in s}
    assert counts[f"{rc}links>"].startswith('"6"')
    assert sum(o == f"{rc}Claim>" for _, p, o in told) == 6 + 4 + 2 * 5


def test_iris_lead_here_when_the_base_is_set(tiny_store: Store) -> None:
    settings = Settings(iri_base="http://testserver/api/v1")
    with TestClient(create_app(tiny_store, settings, today=lambda: TODAY.valid)) as client:
        for quad in ox.parse(client.get(f"{MAG1}?format=nquads").content, ox.RdfFormat.N_QUADS):
            if (
                isinstance(quad.object, ox.NamedNode)
                and "/nodes/" in quad.object.value
                and "/src:" not in quad.object.value
            ):
                assert client.get(quad.object.value).status_code == 200


def test_ids_of_any_letters(client: TestClient, tiny_store: Store) -> None:
    # No percent sign: the test client, unlike a server, decodes twice.
    odd = "ent:包头/稀土#1?<x>"
    tiny_store.record(tiny.batch((tiny.claim(odd, "name_zh", "怪"),), key="odd"))
    answer = client.get(f"/api/v1/nodes/{quote(odd, safe=':')}")
    assert (answer.status_code, answer.json()["node"]["id"]) == (200, odd)
    turtle = client.get(f"/api/v1/nodes/{quote(odd, safe=':')}?format=turtle")
    assert quote(odd, safe=":") in turtle.text
    assert turtle.headers["link"].count(quote(odd, safe=":")) == 3


def test_a_merged_node_is_read_as_the_one_that_stays(client: TestClient, tiny_store: Store) -> None:
    tiny_store.decide([Decision("same_as", "ent:mag1", "ent:mag2", "Li", "2026-01-01", "one")])
    assert client.get("/api/v1/nodes/ent:mag2").json()["node"]["id"] == "ent:mag1"
    assert "/nodes/ent:mag1>" in client.get("/api/v1/nodes/ent:mag2?format=nquads").text


@pytest.mark.parametrize(
    "address, status",
    [
        ("ent:nobody", 404), ("ent:nobody?format=turtle", 404), ("磁一", 404), ("x", 404), ("", 404),
        ("ent:mag1?format=xml", 422), ("ent:mag1?format=json&format=turtle", 422), ("ent:mag1?limit=3", 422),
        ("ent:mag1?as_of=yesterday", 422),
    ],
)  # fmt: skip
def test_what_is_wrong_is_a_problem(address: str, status: int, client: TestClient) -> None:
    answer = client.get(f"/api/v1/nodes/{address}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_each_form_has_an_etag_of_its_own(client: TestClient, tiny_store: Store) -> None:
    etags = {form: client.get(f"{MAG1}?format={form}").headers["etag"] for form in FORMS}
    assert len(set(etags.values())) == len(FORMS)
    for form, etag in etags.items():
        again = client.get(MAG1, headers={"accept": FORMS[form], "if-none-match": etag})
        assert (again.status_code, again.content, again.headers["vary"]) == (304, b"", "Accept")
    tiny_store.record(tiny.batch((tiny.claim("ent:mag1", "name_en", "Magnets One"),), key="more"))
    assert client.get(MAG1, headers={"if-none-match": etags["json"]}).status_code == 200


def test_the_same_address_in_turn_gives_each_what_it_asks(client: TestClient) -> None:
    for _ in range(2):
        for form, media_type in FORMS.items():
            kind = client.get(MAG1, headers={"accept": media_type}).headers["content-type"]
            assert kind.startswith(media_type), form


def test_head(client: TestClient) -> None:
    whole = client.get(MAG1, headers={"accept": "text/turtle"})
    head = client.head(MAG1, headers={"accept": "text/turtle"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))


def test_other_forms_are_named(client: TestClient) -> None:
    links = client.get(MAG1).headers["link"]
    assert '</api/v1/nodes/ent:mag1?format=turtle>; rel="alternate"; type="text/turtle"' in links


def test_the_context_is_served(client: TestClient) -> None:
    answer = client.get("/api/v1/context.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.text == context_page()
    assert "http://" not in answer.text.replace("http://www.w3.org", "").replace("http://qudt.org", "").replace(
        "http://purl.org", ""
    ).replace("http://rdfs.org", "")


def test_a_base_that_is_none() -> None:
    with pytest.raises(ValueError, match="cannot be the base of IRIs"):
        Settings(iri_base="rechain")
