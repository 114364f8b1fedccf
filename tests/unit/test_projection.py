"""The plain graph of the drawing in tests/tiny.py, worked out by hand, and the rules that the drawing does not show."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import tiny
from hypothesis import given
from hypothesis import strategies as st
from tiny import claim

from graph.model.claims import Claim, Source, claim_id
from graph.model.dates import AsOf
from graph.model.facts import resolve
from graph.stores.projection import PlainGraph, facts_of, plain_graph, read_through, triple_of, turning_day

TODAY = date(2026, 11, 23)
SOURCES = {source.id: source for source in tiny.SOURCES}


def draw(claims: Sequence[Claim], same: dict[str, str] | None = None, today: date = TODAY) -> PlainGraph:
    """The plain graph of some claims."""
    triples = {triple_of(read_through(one, same or {})) for one in claims}
    return plain_graph([(claim_id(one), one) for one in claims], triples, SOURCES, same or {}, today)


def node(graph: PlainGraph, id_: str) -> dict[str, Any]:
    """What stands on a node."""
    [said] = [row["set"] for row in graph.properties if row["id"] == id_]
    assert isinstance(said, dict)
    return {name: value for name, value in said.items() if value is not None}


def link(graph: PlainGraph, subject: str, type_: str, object_: str) -> list[dict[str, Any]]:
    """What stands on the relationships between two nodes."""
    return [
        {name: value for name, value in row["set"].items() if value is not None}  # type: ignore[attr-defined]
        for row in graph.links
        if (row["subject"], row["type"], row["object"]) == (subject, type_, object_)
    ]


def test_the_nodes_of_the_drawing() -> None:
    labels = list(draw(tiny.CLAIMS).nodes.values())
    counts = {label: labels.count(label) for label in set(labels)}
    assert counts == {"Enterprise": 9, "Product": 13, "Process": 5, "Project": 1, "Region": 5, "Chain": 2}


def test_the_relationships_of_the_drawing() -> None:
    types = [row["type"] for row in draw(tiny.CLAIMS).links]
    assert {type_: types.count(type_) for type_ in set(types)} == {
        "PART_OF": 3, "CHAIN": 13, "SUBCLASS_OF": 1, "CHAIN_TARGET": 2, "INPUT_TO": 9, "YIELDS": 6, "USES": 1,
        "LOCATED_IN": 9, "PRODUCES": 11, "SUPPLIES": 5, "OWNS": 1, "PROJECT_PRODUCT": 1,
    }  # fmt: skip


def test_what_stands_on_a_node() -> None:
    graph = draw(tiny.CLAIMS)
    assert node(graph, "ent:mag1") == {
        "name_zh": "磁一", "name_en": "mag1", "pinyin": ["ciyi", "cy"],
        "aliases": ["磁一股份"], "codes": ["SZSE:300001"],
    }  # fmt: skip
    project = node(graph, "prj:motor-plant")
    assert (project["status"], project["status_as_of"]) == ("under_construction", "2025-03")
    assert node(graph, "prd:ore")["role"] == "resource"


def test_what_stands_on_a_relationship() -> None:
    graph = draw(tiny.CLAIMS)
    [owns] = link(graph, "ent:far", "OWNS", "ent:mag2")
    assert owns == {
        "value": 60.0, "unit": "%", "as_of": "2024", "used": True, "confidence": 1.0, "source": "src:s4",
        "claim": claim_id(claim("ent:far", "owns", "ent:mag2", amount=60.0, unit="%", as_of="2024", source="src:s4")),
    }  # fmt: skip
    capacity, plan = sorted(link(graph, "ent:mag1", "PRODUCES", "prd:magnet"), key=lambda said: said["value"])
    assert (capacity["value"], capacity["qualifier"], capacity["used"]) == (50.0, "capacity", True)
    assert (plan["value"], plan["qualifier"], plan["used"], plan["flags"]) == (90.0, "plan", False, ["plan"])
    [yields] = link(graph, "prc:separate", "YIELDS", "prd:oxide-a")
    assert yields["detail"] == '{"basis": "per kg prd:oxide-a", "is_main": true}'


def test_qualified_literals_are_figures() -> None:
    [figure] = draw(tiny.CLAIMS).figures
    said = figure["set"]
    assert isinstance(said, dict)
    assert (figure["subject"], figure["type"]) == ("reg:zone", "INDICATOR")
    assert (said["name"], said["value"], said["unit"], said["as_of"]) == (
        "rare earth enterprises", 12.0, "companies", "2023",
    )  # fmt: skip


def test_a_condition_is_a_relationship_when_it_names_a_node_and_a_figure_otherwise() -> None:
    bound = claim("pol:p", "condition", "prd:magnet", amount=5.0, unit="CNY", qualifier="subsidy")
    free = claim("pol:p", "condition", 7.0, unit="CNY", qualifier="loan")
    graph = draw([bound, free])
    assert [said["qualifier"] for said in link(graph, "pol:p", "CONDITION", "prd:magnet")] == ["subsidy"]
    assert [row["type"] for row in graph.figures] == ["CONDITION"]


def test_what_has_not_begun_or_is_over_is_not_drawn_but_its_nodes_are() -> None:
    graph = draw([
        claim("ent:a", "produces", "prd:x", as_of="2026-11-24"),
        claim("ent:a", "produces", "prd:y", until="2026-11-23"),
        claim("ent:a", "produces", "prd:z", until="2026-11-24"),
    ])  # fmt: skip
    assert [row["object"] for row in graph.links] == ["prd:z"]
    assert set(graph.nodes) == {"ent:a", "prd:x", "prd:y", "prd:z"}


def test_an_ended_claim_takes_the_earlier_one_with_it() -> None:
    graph = draw([
        claim("ent:a", "produces", "prd:x", amount=5.0, unit="t/yr", qualifier="capacity", as_of="2020"),
        claim("ent:a", "produces", "prd:x", as_of="2024", flags=("ended",)),
    ])  # fmt: skip
    [ended] = link(graph, "ent:a", "PRODUCES", "prd:x")
    assert (ended["flags"], ended["used"]) == (["ended"], False)


def test_a_product_named_only_as_what_is_supplied_is_a_node() -> None:
    graph = draw([claim("ent:a", "supplies", "ent:b", qualifier="prd:x")])
    assert graph.nodes == {"ent:a": "Enterprise", "ent:b": "Enterprise", "prd:x": "Product"}


def test_rivals_stand_beside_the_preferred_value() -> None:
    one = claim("ent:a", "consumes", "prd:x", amount=5.0, unit="t", as_of="2024", source="src:s1")
    other = claim("ent:a", "consumes", "prd:x", amount=6.0, unit="t", as_of="2024", source="src:s2")
    [said] = link(draw([one, other]), "ent:a", "CONSUMES", "prd:x")
    assert (said["claim"], said["conflicts"]) == (claim_id(one), [claim_id(other)])


def test_two_currencies_and_the_property_is_the_later_one() -> None:
    graph = draw([
        claim("prj:p", "investment", 3e8, unit="CNY", as_of="2024"),
        claim("prj:p", "investment", 5e7, unit="USD", as_of="2025"),
    ])  # fmt: skip
    said = node(graph, "prj:p")
    assert (said["investment"], said["investment_unit"], said["investment_as_of"]) == (5e7, "USD", "2025")


def test_what_is_no_longer_said_is_taken_off() -> None:
    graph = plain_graph([], {("ent:a", "name_zh", None), ("ent:a", "alias", None)}, {}, {}, TODAY)
    assert graph.properties == [
        {"id": "ent:a", "set": {"name_zh": None, "name_zh_flags": None, "pinyin": None, "aliases": None}}
    ]
    assert graph.nodes == {}


def test_facts_of_merged_nodes_stand_on_the_one_that_is_kept_under_their_own_claims() -> None:
    one = claim("ent:a", "produces", "prd:x", as_of="2024", source="src:s1")
    other = claim("ent:b", "produces", "prd:x", as_of="2025", source="src:s2")
    graph = draw([one, other], {"ent:b": "ent:a"})
    assert [said["claim"] for said in link(graph, "ent:a", "PRODUCES", "prd:x")] == [claim_id(other)]
    assert set(graph.nodes) == {"ent:a", "prd:x"}


def test_among_equals_after_a_merge_the_smallest_recorded_id_decides() -> None:
    claims = [
        claim(subject, "consumes", "prd:x", amount=amount, unit="t", as_of="2024", source=source)
        for subject in ("ent:a", "ent:b")
        for amount in (5.0, 6.0)
        for source in ("src:x", "src:y")
    ]
    [said] = link(draw(claims, {"ent:b": "ent:a"}), "ent:a", "CONSUMES", "prd:x")
    best = min(claims, key=claim_id)
    assert said["claim"] == claim_id(best)
    assert said["conflicts"] == sorted(claim_id(one) for one in claims if one.value != best.value)


def test_an_id_of_no_known_kind_has_no_label() -> None:
    assert draw([claim("zzz:a", "name_zh", "甲")]).nodes == {"zzz:a": None}


@pytest.mark.parametrize(
    ("as_of", "until", "turns"),
    [
        (None, None, None),
        ("2026-11-23", None, None),
        ("2026-12", None, "2026-12-01"),
        ("2026-12", "2027", "2026-12-01"),
        ("2020", "2027", "2027-01-01"),
    ],
)
def test_the_day_a_claim_begins_or_ends_to_hold(as_of: str | None, until: str | None, turns: str | None) -> None:
    assert turning_day(claim("ent:a", "produces", "prd:x", as_of=as_of, until=until), TODAY) == turns
    assert turning_day(claim("ent:a", "name_zh", "甲", as_of=as_of, until=until), TODAY) is None


claims_of_one_triple = st.lists(
    st.builds(
        lambda amount, as_of, until, flags, source, qualifier: claim(
            "ent:a", "produces", "prd:x", amount=amount, unit="t/yr" if amount else None, as_of=as_of, until=until,
            flags=flags, source=source, qualifier=qualifier,
        ),
        st.sampled_from([None, 5.0, 6.0]),
        st.sampled_from([None, "2023", "2024-05", "2024-05-01", "2027"]),
        st.sampled_from([None, "2025", "2026-11-23", "2027"]),
        st.sampled_from([(), ("ended",), ("plan",)]),
        st.sampled_from(["src:s1", "src:s2", "src:none"]),
        st.sampled_from(["", "capacity"]),
    ),
    max_size=6,
    unique_by=claim_id,
)  # fmt: skip


@given(claims=claims_of_one_triple)
def test_the_facts_of_a_triple_are_those_of_the_definition(claims: list[Claim]) -> None:
    at = AsOf(TODAY)
    assert facts_of([(claim_id(one), one) for one in claims], SOURCES, at) == resolve(claims, SOURCES, at)


def test_a_source_that_surveys_is_a_node() -> None:
    source = Source("src:s9", "https://example.org/9", "example.org", None, "other")
    graph = draw([claim(source.id, "surveys", "reg:zone", qualifier="prd:magnet", source=source.id)])
    assert graph.nodes == {"src:s9": "Source", "reg:zone": "Region", "prd:magnet": "Product"}
