"""The .cypher files beside the questions: each runs on the real server and says what the Python question says.

They were written from the definition, so they are an oracle of their own. On the drawing, the shipped data and random
graphs; without a server (RECHAIN_TEST_NEO4J) only the page made from them is compared.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import tiny
from conftest import only_user
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import neo4j_held, random_graphs
from oracles.held_store import HeldStore
from oracles.random_graphs import RandomGraph
from oracles.shipped import shipped
from tiny import claim

from graph.model.claims import Claim, Decision, Source, StoredClaim, claim_id
from graph.model.dates import AsOf
from graph.readers.opening import open_reader
from graph.readers.port import Reader
from queries.base import Answer, resolve_name
from queries.cypher_library import CypherText, cypher_page, cypher_texts
from queries.registry import QUERIES

TODAY = AsOf.parse("2026-11-23")
DOCS = Path(__file__).parents[2] / "docs"
TEXTS = {text.name: text for text in cypher_texts()}
on_the_server = pytest.mark.skipif(not neo4j_held.URL, reason="RECHAIN_TEST_NEO4J names no server")
Row = dict[str, Any]


# The files and the page made from them


def test_the_page_is_what_the_files_say() -> None:
    assert (DOCS / "cypher.md").read_text(encoding="utf-8") == cypher_page(), "run `make docs`"


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_each_is_about_a_question_and_names_its_parameters(text: CypherText) -> None:
    assert text.name in QUERIES
    assert all((text.zh, text.en, text.about))
    assert set(re.findall(r"\$(\w+)", text.statement)) == text.parameters.keys()
    assert not re.search(r"\b(CREATE|MERGE|DELETE|SET|REMOVE|apoc)\b", text.statement)


# Against the Python answers


class Both:
    """One graph, for the statements on the server and for the questions in memory."""

    def __init__(
        self, stored: Sequence[StoredClaim], sources: Sequence[Source], decisions: Sequence[Decision], at: AsOf
    ) -> None:
        self.reader: Reader = open_reader(HeldStore(stored, sources, decisions), at)
        neo4j_held.held_in_neo4j(stored, sources, decisions, at.valid)

    def rows(self, name: str, **parameters: Any) -> list[Row]:
        """What a statement gives."""
        assert parameters.keys() == TEXTS[name].parameters.keys()
        return neo4j_held.rows(TEXTS[name].statement, **parameters)

    def answer(self, name: str, **parameters: Any) -> Any:
        """What the question gives."""
        asked = QUERIES[name]
        answer: Answer = asked.run(self.reader, asked.params(**parameters))
        return answer


def _gaps(both: Both, region: str) -> None:
    rows = {row["product"]: row for row in both.rows("gaps", region=region)}
    chain, tally = both.reader.chain(), both.reader.tally(region)
    pipeline: dict[str, list[tuple[str, str, str | None]]] = {product: [] for product in chain.products}
    for one in tally.pipeline:
        pipeline[chain.products[one.product]].append((one.project, one.status, one.expected))
    links = {product: role for product, role in zip(chain.products, chain.roles, strict=True)
             if role in ("link", "service")}  # fmt: skip
    assert {product: row["role"] for product, row in rows.items()} == links
    for product in links:
        row, at = rows[product], chain.index[product]
        here = [tally.entities[number] for number in tally.makers.row(at)]
        assert sorted(row["makers_here"]) == sorted(here), product
        assert row["makers_elsewhere"] == tally.total[at] - len(here), product
        assert sorted(row["users"]) == sorted(tally.entities[number] for number in tally.users.row(at)), product
        assert sorted((one["project"], one["status"], one["expected"]) for one in row["pipeline"]) == sorted(
            pipeline[product]
        )
    answer = both.answer("gaps", region=region, all=True, limit=10_000)
    assert set(answer.present) == {product for product, row in rows.items() if row["makers_here"]}
    makers = {product: set(row["makers_here"]) for product, row in _by_product(both, tally).items()}
    for gap in answer.gaps:
        row = rows[gap.product.id]
        # Which recipe is used is not looked into: it may be needed for fewer.
        may_need = {user for made in row["goes_into"] for user in makers[made]} | set(row["users"])
        assert set(gap.needed_by) <= may_need
        assert [item.project.id for item in gap.pipeline] == [
            one["project"]
            for one in sorted(row["pipeline"], key=lambda one: (one["expected"] or "9999", one["project"]))
        ]


def _by_product(both: Both, tally: Any) -> dict[str, Row]:
    products = both.reader.chain().products
    return {
        product: {"makers_here": [tally.entities[number] for number in tally.makers.row(at)]}
        for at, product in enumerate(products)
    }


def _producers(both: Both, product: str, region: str | None) -> None:
    rows = {row["maker"]: row for row in both.rows("producers", product=product, region=region)}
    answer = both.answer("producers", product=product, region=region, limit=10_000)
    assert rows.keys() == {maker.enterprise.id for maker in answer.makers}
    for maker in answer.makers:
        row = rows[maker.enterprise.id]
        assert row["here"] == (None if region is None else maker.where == "here")
        assert set(row["places"]) == {place.region.id for place in maker.places}
        assert sorted((one["product"], one["claim"]) for one in row["makes"]) == sorted(
            (making.product.id, making.statement.claim) for making in maker.makes
        )


def _tiers(both: Both, name: str, enterprise: str, tiers: int) -> None:
    rows = both.rows(name, enterprise=enterprise, tiers=tiers)
    answer = both.answer(name, enterprise=enterprise, tiers=tiers, limit=10_000)
    assert [(row["tier"], row["enterprise"]) for row in rows] == [
        (member.tier, member.enterprise.id) for member in answer.members
    ]
    for row, member in zip(rows, answer.members, strict=True):
        assert sorted(link["claim"] for link in row["links"]) == sorted(link.statement.claim for link in member.links)


def _paths(both: Both, a: str, b: str) -> None:
    if a == b:
        return
    rows = {tuple(row["path"]): row["links"] for row in both.rows("paths", a=a, b=b)}
    answer = both.answer("paths", a=a, b=b, k=20, hops=8, budget=1_000_000)
    shortest = min((path.hops for path in answer.paths), default=0)
    found = {
        (path.steps[0].start.id, *(step.end.id for step in path.steps)): [
            sorted({link.predicate.upper() for link in step.links}) for step in path.steps
        ]
        for path in answer.paths
        if path.hops == shortest
    }
    told = {path: [sorted(step) for step in steps] for path, steps in rows.items()}
    if len(found) < 20:
        assert told == found
    else:  # the question stops at twenty
        assert found.items() <= told.items()


def _region(both: Both, region: str) -> None:
    (row,) = both.rows("region", region=region)
    answer = both.answer("region", region=region, surroundings=0, limit=10_000)
    assert row["part_of"] == [whole.id for whole in answer.parents]
    assert row["parts"] == [part.region.id for part in answer.parts]
    assert {one["enterprise"]: one["makes"] for one in row["enterprises"]} == {
        one.enterprise.id: sorted({made.product.id for made in one.makes if made.counted}) for one in answer.enterprises
    }
    assert {one["project"]: one["status"] for one in row["projects"]} == {
        one.project.id: one.status for one in answer.projects
    }
    assert row["institutions"] == sorted(one.institution.id for one in answer.institutions)
    assert [one["claim"] for one in row["figures"]] == sorted(one.latest.claim for one in answer.indicators)
    assert [one["claim"] for one in row["offers"]] == sorted(one.statement.claim for one in answer.offers)
    assert row["policies"] == sorted({one.policy.id for one in answer.policies})


def _agree(both: Both, regions: Iterable[str], products: Iterable[str], firms: Sequence[str]) -> None:
    listed = list(regions)
    for region in listed:
        _gaps(both, region)
        _region(both, region)
    for product in products:
        for here in (None, *listed[:2]):
            _producers(both, product, here)
    for firm in firms:
        for tiers in (1, 3):
            _tiers(both, "suppliers", firm, tiers)
            _tiers(both, "customers", firm, tiers)


@pytest.fixture
def server() -> Iterator[None]:
    """The one database there is, for this test alone."""
    with only_user(neo4j_held.URL):
        yield


def _accepted(claims: Iterable[Claim]) -> list[StoredClaim]:
    return [StoredClaim(claim_id(one), one, "accepted", "2026-01-01", 1, 1) for one in dict.fromkeys(claims)]


# Whatever a source may hedge, hedged once; classes, regions and supplies in circles; projects in every state.
HEDGED = (
    *tiny.CLAIMS,
    claim("prd:motor", "subclass_of", "prd:robot", flags=("doubtful",)),
    claim("prd:metal", "subclass_of", "prd:binder"),
    claim("prd:binder", "subclass_of", "prd:metal"),
    claim("prd:ore", "role", "link", flags=("doubtful",), as_of="2026"),
    claim("prd:slag", "role", "resource", flags=("assumed",)),
    claim("prd:slag", "input_to", "prc:press", flags=("doubtful",)),
    claim("prc:mix", "uses", "prd:motor", qualifier="equipment"),
    claim("reg:zone", "part_of", "reg:abroad", flags=("doubtful",)),
    claim("reg:zone", "part_of", "reg:belt"),
    claim("reg:belt", "part_of", "reg:ring"),
    claim("reg:ring", "part_of", "reg:belt"),
    claim("ent:mag2", "consumes", "prd:metal", as_of="2024"),
    claim("ent:mag1", "consumes", "prd:metal", as_of="2024", flags=("plan",)),
    claim("ent:motorco", "consumes", "prd:metal", as_of="2024"),
    claim("ent:near", "consumes", "prd:metal", as_of="2024"),
    claim("ent:near", "located_in", "reg:zone", flags=("coarser",)),
    claim("ent:near", "produces", "prd:robot", as_of="2024"),
    claim("ent:far", "produces", "prd:robot", qualifier="stock", as_of="2024"),
    claim("ent:mine", "produces", "prd:robot", qualifier="plan", as_of="2024"),
    claim("ent:sep", "produces", "prd:robot", as_of="2024", flags=("former",)),
    claim("ent:mag3", "located_in", "reg:abroad", as_of="2020"),
    *(
        one
        for status in ("planned", "signed", "approved", "completed", "in_production", "cancelled")
        for one in (
            claim(f"prj:{status}", "located_in", "reg:zone", as_of="2024"),
            claim(f"prj:{status}", "project_product", "prd:hot-magnet", as_of="2024"),
            claim(f"prj:{status}", "status", status, as_of="2024"),
        )
    ),
    claim("prj:hedged", "located_in", "reg:zone", as_of="2024"),
    claim("prj:hedged", "project_product", "prd:robot", as_of="2024"),
    claim("prj:hedged", "status", "completed", as_of="2024", flags=("doubtful",)),
    claim("prj:rumour", "located_in", "reg:zone", as_of="2024"),
    claim("prj:rumour", "project_product", "prd:motor", as_of="2024"),
    claim("prj:rumour", "status", "signed", as_of="2024", flags=("doubtful",)),
    claim("prj:approved", "completion_date", "2028", as_of="2024", flags=("doubtful",)),
    claim("prj:signed", "located_in", "reg:town", as_of="2024", flags=("doubtful",)),
    claim("prj:completed", "project_product", "prd:plating", as_of="2024", flags=("plan",)),
    claim("prj:signed", "project_product", "prd:plating", as_of="2024", flags=("assumed",)),
    claim("ent:motorco", "supplies", "ent:smelt", qualifier="prd:motor"),
    claim("ent:mag1", "supplies", "ent:smelt", qualifier="prd:metal", flags=("ended",), as_of="2025"),
    claim("ent:far", "supplies", "ent:mag1", qualifier="prd:copper-wire"),
    claim("ent:mag2", "supplies", "ent:mag1"),
    claim("ent:mag1", "supplies", "ent:mag1"),
    claim("ent:nowhere", "supplies", "ent:mag3", flags=("doubtful",)),
    claim("ins:lab", "located_in", "reg:town"),
    claim("ins:lab", "owns", "ent:mag3", flags=("former",)),
    claim("pol:aid", "supports", "reg:zone"),
    claim("reg:zone", "offers", 3.0, unit="CNY/m2", qualifier="land"),
)


@on_the_server
@pytest.mark.neo4j
@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("claims", [tiny.CLAIMS, HEDGED], ids=["drawing", "hedged"])
def test_on_the_drawing(claims: Sequence[Claim]) -> None:
    both = Both(_accepted(claims), tiny.SOURCES, (), TODAY)
    firms = both.reader.ids(["enterprise"])
    _agree(both, both.reader.ids(["region"]), both.reader.ids(["product"]), firms)
    for a in firms:
        for b in ("ent:far", "prd:ore", "prc:wind", "prd:robot"):
            _paths(both, a, b)


@on_the_server
@pytest.mark.neo4j
@pytest.mark.usefixtures("server")
def test_on_the_drawing_by_hand() -> None:
    """Nobody in the zone makes binder; far does, in the town. The zone presses magnets from it."""
    both = Both(_accepted(tiny.CLAIMS), tiny.SOURCES, (), TODAY)
    binder = {row["product"]: row for row in both.rows("gaps", region="reg:zone")}["prd:binder"]
    assert (binder["makers_here"], binder["makers_elsewhere"], binder["goes_into"]) == ([], 1, ["prd:magnet"])
    rows = both.rows("suppliers", enterprise="ent:motorco", tiers=3)
    assert [(row["tier"], row["enterprise"]) for row in rows] == [
        (1, "ent:mag1"), (2, "ent:far"), (2, "ent:smelt"), (3, "ent:sep"),
    ]  # fmt: skip


@on_the_server
@pytest.mark.neo4j
@pytest.mark.usefixtures("server")
def test_on_the_shipped_data() -> None:
    claims, sources = shipped()
    both = Both(_accepted(claims), sources, (), TODAY)
    names = ("包头市", "包头稀土高新区", "赣州市", "宁波市")
    regions = [resolve_name(both.reader, name, ("region",)) for name in names]
    firms = [firm for firm in both.reader.ids(["enterprise"]) if both.reader.facts([firm], ["supplies"], "both")]
    _agree(both, regions, both.reader.ids(["product"])[::12], firms[::5])
    for a, b in pairwise(firms[::15]):
        _paths(both, a, b)
    for firm in firms[::20]:
        _paths(both, firm, "prd:ndfeb-sintered-magnet")


@on_the_server
@pytest.mark.neo4j
@pytest.mark.usefixtures("server")
@settings(max_examples=25, deadline=None, derandomize=True)
@given(graph=random_graphs.graphs(), data=st.data())
def test_on_random_graphs(graph: RandomGraph, data: st.DataObject) -> None:
    both = Both(graph.stored, random_graphs.SOURCES, graph.decisions, AsOf(graph.as_of.valid))
    reader = both.reader
    _agree(both, reader.ids(["region"]), reader.ids(["product"]), reader.ids(["enterprise"]))
    nodes = reader.ids(["enterprise", "product", "process", "project", "institution"])
    for _ in range(3 if len(nodes) > 1 else 0):
        _paths(both, data.draw(st.sampled_from(nodes), "a"), data.draw(st.sampled_from(nodes), "b"))
