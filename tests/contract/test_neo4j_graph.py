"""The plain graph follows the claims: after anything that happens it is the one drawn from all claims at once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import neo4j
import pytest
import tiny
from conftest import NEO4J, only_user, wipe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny import claim

from graph.model.claims import Claim, Decision, Source, claim_id
from graph.model.merging import read_as
from graph.stores.neo4j import Address, Neo4jStore
from graph.stores.neo4j_rows import name_rows
from graph.stores.neo4j_writing import Limits
from graph.stores.port import ClaimFilter
from graph.stores.projection import plain_graph, read_through, triple_of

pytestmark = [pytest.mark.neo4j, pytest.mark.skipif(not NEO4J, reason="RECHAIN_TEST_NEO4J names no server")]

NODES = "MATCH (n:Node) RETURN labels(n) AS labels, properties(n) AS set"
LINKS = """
MATCH (a)-[r]->(b:Node) WHERE NOT a:Batch
RETURN a.id AS subject, type(r) AS type, b.id AS object, properties(r) AS set
"""
FIGURES = "MATCH (a)-[r]->(f:Figure) RETURN a.id AS subject, type(r) AS type, properties(f) AS set"
NAMES = "MATCH (m:Name) RETURN [m.node, m.kind, m.field, m.text, m.normal, m.length, m.whole, m.long] AS row"
LOOSE = "MATCH (f:Figure) WHERE NOT (f)<--() RETURN count(f) AS loose"
DOCUMENT = {"url", "publisher", "date", "grade", "licence", "changed", "decided", "decided_n"}


@dataclass
class World:
    """A store with a clock that tests may move."""

    store: Neo4jStore
    day: date
    session: neo4j.Session

    def drawn(self) -> dict[str, list[str]]:
        """The plain graph as it is."""
        nodes = []
        for row in self.session.run(NODES):
            said = {
                name: value
                for name, value in row["set"].items()
                if "Source" not in row["labels"] or name not in DOCUMENT
            }
            nodes.append({"labels": sorted(row["labels"]), "set": said})
        links = [dict(row) for row in self.session.run(LINKS)]
        figures = [dict(row) for row in self.session.run(FIGURES)]
        names = [row["row"] for row in self.session.run(NAMES)]
        assert self.session.run(LOOSE).single(strict=True)["loose"] == 0
        return _sorted(nodes=nodes, links=links, figures=figures, names=names)

    def expected(self) -> dict[str, list[str]]:
        """The plain graph of all accepted claims, drawn at once."""
        accepted = [(s.id, s.claim) for s in self.store.claims(ClaimFilter(statuses=("accepted",)))]
        same = read_as(one.decision for one in self.store.decisions())
        triples = {triple_of(read_through(claim, same)) for _, claim in accepted}
        sources = {source.id: source for source in self.store.sources()}
        graph = plain_graph(accepted, triples, sources, same, self.day)
        said: dict[str, Any] = {str(row["id"]): row["set"] for row in graph.properties}
        nodes = [
            {"labels": sorted({"Node", label} - {None}), "set": _kept({"id": node} | said.get(node, {}))}  # type: ignore[type-var]
            for node, label in graph.nodes.items()
        ]
        named: dict[str, list[Claim]] = {}
        for _, one in accepted:
            named.setdefault(same.get(one.subject, one.subject), []).append(one)
        return _sorted(
            nodes=nodes,
            links=[row | {"set": _kept(row["set"])} for row in graph.links],
            figures=[row | {"set": _kept(row["set"])} for row in graph.figures],
            names=[row for node, claims in named.items() for row in name_rows(node, claims)],
        )


def _kept(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None and value != []}


def _sorted(**parts: list[Any]) -> dict[str, list[str]]:
    return {
        name: sorted(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows)
        for name, rows in parts.items()
    }


@pytest.fixture(params=["at once", "in pieces"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """An empty store that records at once, or in pieces."""
    limits = Limits() if request.param == "at once" else Limits(at_once=0, piece=3)
    address = Address.parse(str(NEO4J))
    auth = (str(address.user), address.password)
    with (
        only_user(str(NEO4J)),
        neo4j.GraphDatabase.driver(address.uri, auth=auth, notifications_min_severity="OFF") as driver,
        driver.session(database=address.database) as session,
    ):
        wipe(str(NEO4J))
        made: list[World] = []
        store = Neo4jStore(address, lambda: made[0].day, limits)
        made.append(World(store, date(2026, 11, 23), session))
        yield made[0]
        store.close()


def decide(world: World, action: Any, target: str, other: str = "") -> None:
    """Take one decision."""
    world.store.decide([Decision(action, target, other, "Li", "2026-02-03T04:05:06+00:00", "because")])


def test_the_drawing(world: World) -> None:
    world.store.record(tiny.batch())
    drawn = world.drawn()
    assert drawn == world.expected()
    assert len(drawn["nodes"]) == 35
    [owns] = [json.loads(link) for link in drawn["links"] if '"OWNS"' in link]
    assert (owns["subject"], owns["object"], owns["set"]["value"], owns["set"]["unit"]) == (
        "ent:far",
        "ent:mag2",
        60,
        "%",
    )


def test_retracting_a_source_takes_its_facts_and_the_nodes_nobody_else_names(world: World) -> None:
    world.store.record(tiny.batch())
    decide(world, "retract", "src:s5")
    assert world.drawn() == world.expected()
    decide(world, "retract", "src:s1")
    drawn = world.drawn()
    assert drawn == world.expected()
    assert not any("chn:magnet" in node for node in drawn["nodes"])
    decide(world, "accept", "src:s1")
    decide(world, "accept", "src:s5")
    again = world.drawn()
    assert again == world.expected()
    assert len(again["nodes"]) == 35


def test_merging_two_nodes_and_undoing_it(world: World) -> None:
    world.store.record(tiny.batch())
    before = world.drawn()
    decide(world, "same_as", "ent:mag1", "ent:mag2")
    decide(world, "same_as", "prd:magnet", "prd:hot-magnet")
    merged = world.drawn()
    assert merged == world.expected()
    assert not any('"ent:mag2"' in part for rows in merged.values() for part in rows)
    decide(world, "not_same_as", "prd:hot-magnet", "prd:magnet")
    decide(world, "not_same_as", "ent:mag1", "ent:mag2")
    assert world.drawn() == before == world.expected()


def test_what_a_day_brings(world: World) -> None:
    begins = claim("ent:mag1", "produces", "prd:motor", as_of="2026-12-24")
    stops = claim("ent:mag1", "located_in", "reg:town", as_of="2020", until="2026-12")
    world.store.record(tiny.batch((begins, stops), key="1"))
    assert [json.loads(link)["type"] for link in world.drawn()["links"]] == ["LOCATED_IN"]
    world.day = date(2026, 12, 24)
    world.store.record(tiny.batch((claim("ent:x", "name_en", "x"),), key="2"))
    assert [json.loads(link)["type"] for link in world.drawn()["links"]] == ["PRODUCES"]
    assert world.drawn() == world.expected()


def test_a_better_graded_source_changes_the_preferred_claim(world: World) -> None:
    one, other = (
        claim("prj:p", "status", word, as_of="2024", source=src)
        for word, src in (("signed", "src:a"), ("approved", "src:b"))
    )
    world.store.record(
        tiny.batch(
            (one, other),
            key="1",
            sources=(Source("src:a", "u", "p", None, "press"), Source("src:b", "u", "p", None, "other")),
        )
    )
    assert '"status": "signed"' in world.drawn()["nodes"][0]
    world.store.record(tiny.batch((), key="2", sources=(Source("src:b", "u", "p", None, "official"),)))
    assert '"status": "approved"' in world.drawn()["nodes"][0]
    assert world.drawn() == world.expected()


CAPACITY: dict[str, Any] = {"amount": 70.0, "unit": "t/yr", "qualifier": "capacity", "as_of": "2023"}
MORE = (
    claim("ent:mag1", "produces", "prd:magnet", as_of="2025", flags=("ended",), source="src:s2"),
    claim("ent:mag1", "produces", "prd:magnet", **CAPACITY, source="src:s4"),
    claim("ent:mag2", "produces", "prd:magnet", **CAPACITY, source="src:s3"),
    claim("ent:mag1", "located_in", "reg:town", as_of="2027", source="src:s2"),
    claim("ent:mag2", "located_in", "reg:town", until="2026-12-01", source="src:s2"),
    claim("ent:mag2", "name_zh", "磁一", source="src:s2"),
    claim("ent:mag2", "alias", "磁二集团", qualifier="磁二集团", source="src:s3"),
    claim("ent:far", "supplies", "ent:mag2", qualifier="prd:unheard", as_of="2024", source="src:s2"),
    claim("prj:motor-plant", "investment", 3.0, unit="CNY", as_of="2024", source="src:s2"),
    claim("prj:motor-plant", "investment", 2.0, unit="USD", as_of="2025", source="src:s3"),
    claim("reg:zone", "indicator", 14.0, unit="companies", qualifier="makers", as_of="2024", source="src:s3"),
    claim("ent:mag2", "indicator", 4.0, unit="patents", qualifier="patents", as_of="2024", source="src:s3"),
    claim("src:s3", "surveys", "reg:zone", qualifier="prd:magnet", as_of="2024", source="src:s3"),
    claim("src:s3", "surveys", "reg:town", qualifier="chn:magnet", as_of="2024", source="src:s3"),
)  # fmt: skip
POOL = (
    tuple(one for one in tiny.CLAIMS if any(word in str(one) for word in ("ent:mag", "prj:", "reg:zone", "ent:far")))
    + MORE
)
numbers = st.lists(st.integers(0, len(POOL) - 1), max_size=12)
nodes = st.sampled_from(["ent:mag1", "ent:mag2", "ent:far", "ent:mag3"])
events = st.lists(
    st.tuples(st.just("load"), numbers, st.integers(0, 1), st.sampled_from(["proposed", "accepted"]), st.booleans())
    | st.tuples(st.sampled_from(["accept", "reject", "retract"]), st.integers(0, len(POOL) - 1), st.booleans())
    | st.tuples(st.sampled_from(["undo", "redo"]), st.integers(0, 5))
    | st.tuples(st.sampled_from(["same_as", "not_same_as"]), nodes, nodes)
    | st.tuples(st.just("grade"), st.integers(1, 6), st.sampled_from(["official", "other"]))
    | st.tuples(st.just("sleep"), st.integers(1, 20)),
    min_size=2,
    max_size=14,
)
keys = count()


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happened=events)
def test_whatever_happens_the_graph_follows(world: World, happened: list[Any]) -> None:
    wipe(str(NEO4J))
    world.store._make()
    world.day = date(2026, 11, 23)
    world.store.record(tiny.batch(POOL[::2], key=f"{next(keys)}"))
    for event in happened:
        _happen(world, event)
    world.store.record(tiny.batch((claim("ent:end", "name_en", "end"),), key=f"{next(keys)}", dataset="end"))
    drawn, expected = world.drawn(), world.expected()
    for part in expected:
        assert drawn[part] == expected[part]


def _happen(world: World, event: tuple[Any, ...]) -> None:
    known = {stored.id: stored.claim for stored in world.store.claims()}
    named = {node for one in known.values() for node in (one.subject, one.object)}
    match event:
        case ("load", chosen, dataset, declared, replaces):
            claims = tuple(POOL[number] for number in chosen)
            world.store.record(tiny.batch(claims, f"{next(keys)}", f"d{dataset}", replaces, declared))
        case ("accept" | "reject" | "retract" as action, number, of_source):
            one = POOL[number]
            if claim_id(one) in known:
                decide(world, action, one.source if of_source else claim_id(one))
        case ("undo" | "redo" as action, number):
            batches = world.store.batches()
            decide(world, "retract" if action == "undo" else "accept", batches[number % len(batches)].id)
        case ("same_as" | "not_same_as" as action, one, other):
            if one != other and {one, other} <= named:
                decide(world, action, one, other)
        case ("grade", number, grade):
            source = tiny.SOURCES[number]._replace(grade=grade)
            world.store.record(tiny.batch((), f"{next(keys)}", "s", sources=(source,)))
        case ("sleep", days):
            world.day = date.fromordinal(world.day.toordinal() + days)
