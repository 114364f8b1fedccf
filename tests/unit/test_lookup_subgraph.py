"""Subgraphs of the drawing, worked out by hand; and against NetworkX's ego graph on random graphs."""

import json

import networkx as nx
import pytest
from asking import ReaderOf, each_reader, stored
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.plain_reader import PlainReader
from oracles.random_graphs import ALL_NODES, SOURCES, RandomGraph, graphs
from pydantic import ValidationError
from tiny import claim

from graph.model.claims import claim_id
from graph.model.errors import BadInput, UnknownName
from graph.model.subgraph import LeftOut, Subgraph
from queries.lookup.subgraph import SubgraphParams, run, subgraph_of
from queries.lookup.subgraph_walk import LINKS


def ids(whole: Subgraph) -> list[str]:
    return [member.id for member in whole.nodes()]


def links(whole: Subgraph) -> list[tuple[str, str, str | None]]:
    return [(fact.subject, fact.predicate, fact.object) for fact in whole.links()]


@each_reader
def test_one_hop_of_supply(reader_of: ReaderOf) -> None:
    """Magnet maker 1 is supplied by smelt and far, and supplies motorco. Nothing else joins these four by supply."""
    whole = subgraph_of(reader_of(), SubgraphParams(seed=("磁一",), predicate=("supplies",)))
    assert [(member.id, member.hop) for member in whole.nodes()] == [
        ("ent:far", 1), ("ent:mag1", 0), ("ent:motorco", 1), ("ent:smelt", 1)
    ]  # fmt: skip
    assert links(whole) == [
        ("ent:far", "supplies", "ent:mag1"),
        ("ent:mag1", "supplies", "ent:motorco"),
        ("ent:smelt", "supplies", "ent:mag1"),
    ]
    # Names of all four, and of mag1 an alias and a stock code.
    assert len(list(whole.attributes())) == 4 * 2 + 2
    assert len(list(whole.claims())) == 3 + 10
    assert json.loads(whole.asked)["seed"] == ["ent:mag1"]


@each_reader
def test_direction(reader_of: ReaderOf) -> None:
    """Out of smelt: mag1 and mag2; into it: sep. Links among those reached belong to it whichever way."""
    asked = {"seed": ("甲冶炼",), "predicate": ("supplies",)}
    assert ids(subgraph_of(reader_of(), SubgraphParams(**asked, direction="out"))) == [
        "ent:mag1", "ent:mag2", "ent:smelt"
    ]  # fmt: skip
    assert ids(subgraph_of(reader_of(), SubgraphParams(**asked, direction="in"))) == ["ent:sep", "ent:smelt"]


@each_reader
def test_every_claim_behind_a_fact_comes_along(reader_of: ReaderOf) -> None:
    """An older capacity and a rejected one of mag1: the older comes along, the rejected and the later one do not."""
    asked = SubgraphParams(seed=("磁一",), predicate=("produces",))
    older = claim("ent:mag1", "produces", "prd:magnet", amount=9.0, unit="t/yr", qualifier="capacity", as_of="2020")
    wrong = claim("ent:mag1", "produces", "prd:magnet", amount=7.0, unit="t/yr", qualifier="capacity", as_of="2021")
    later = claim("ent:mag1", "produces", "prd:magnet", amount=8.0, unit="t/yr", qualifier="capacity", as_of="2030")
    whole = subgraph_of(reader_of(older, later, stored(wrong, "rejected")), asked)
    behind = dict(whole.claims())
    assert claim_id(older) in behind
    assert not {claim_id(wrong), claim_id(later)} & behind.keys()
    assert {fact.claim for fact in (*whole.links(), *whole.attributes())} <= behind.keys()
    assert {one.source for one in behind.values()} == {source.id for source in whole.sources()}


@each_reader
def test_what_does_not_fit_is_counted(reader_of: ReaderOf) -> None:
    """Of what mag1 produces, the planned 90 t/yr is flagged. The capacity is told by src:s3, a company."""
    asked = {"seed": ("磁一",), "predicate": ("produces",)}
    assert subgraph_of(reader_of(), SubgraphParams(**asked)).left_out == LeftOut(flagged=1)
    assert subgraph_of(reader_of(), SubgraphParams(**asked, flagged=True)).left_out == LeftOut()
    official = subgraph_of(reader_of(), SubgraphParams(**asked, min_grade="official"))
    assert (ids(official), official.left_out) == (["ent:mag1"], LeftOut(flagged=1, low_grade=1))
    doubted = claim("ent:mag2", "consumes", "prd:metal", as_of="2024", confidence=0.4)
    unsure = {"seed": ("磁二",), "predicate": ("consumes",), "min_confidence": 0.5}
    assert subgraph_of(reader_of(doubted), SubgraphParams(**unsure)).left_out == LeftOut(unsure=1)


@each_reader
def test_the_limit_cuts_and_says_so(reader_of: ReaderOf) -> None:
    """Of far, motorco and smelt there is room for one: the smallest id."""
    asked = SubgraphParams(seed=("磁一",), predicate=("supplies",), hops=3, most=2)
    answer = run(reader_of(), asked)
    assert [row.node.id for row in answer.nodes] == ["ent:mag1", "ent:far"]
    assert (answer.truncated, answer.left_out.nodes) == (True, 2)


@each_reader
def test_seeds(reader_of: ReaderOf) -> None:
    """hot-magnet is a kind of magnet, made by mag3; magnets by mag1 and mag2. The town holds far alone."""
    asked = {"predicate": ("surveys",)}
    made = subgraph_of(reader_of(), SubgraphParams(product="磁体", **asked))
    assert ids(made) == ["ent:mag1", "ent:mag2", "ent:mag3", "prd:hot-magnet", "prd:magnet"]
    makers = subgraph_of(reader_of(), SubgraphParams(product="磁体", kind=("enterprise",), **asked))
    assert ids(makers) == ["ent:mag1", "ent:mag2", "ent:mag3"]
    assert ids(subgraph_of(reader_of(), SubgraphParams(region="乙市", **asked))) == ["ent:far", "reg:town"]
    assert ids(subgraph_of(reader_of(), SubgraphParams(kind=("project",), **asked))) == ["prj:motor-plant"]
    assert ids(subgraph_of(reader_of(), SubgraphParams(chain="other", **asked))) == ["chn:other", "prd:copper-wire"]


def test_bad_input() -> None:
    for wrong in ({"hops": 0}, {"hops": 99}, {"direction": "up"}, {"min_confidence": 2}, {"most": 0}):
        with pytest.raises(ValidationError):
            SubgraphParams.model_validate({"seed": "x"} | wrong)


@each_reader
def test_bad_seeds(reader_of: ReaderOf) -> None:
    for error, said, wrong in (
        (UnknownName, "Nothing here is called 'Atlantis'", {"seed": ("Atlantis",)}),
        (BadInput, "A subgraph begins somewhere", {}),
        (BadInput, "Nothing here fits these seeds", {"region": "乙市", "kind": ("policy",)}),
        (BadInput, "'kind' should be one of enterprise, ", {"kind": ("company",)}),
        (BadInput, "'predicate' should be one of .*, not 'sells'", {"seed": ("磁一",), "predicate": ("sells",)}),
    ):
        with pytest.raises(error, match=said):
            subgraph_of(reader_of(), SubgraphParams(**wrong))


@settings(max_examples=50)
@given(graphs(), st.sampled_from(ALL_NODES), st.integers(1, 4), st.sampled_from(("out", "in", "both")))
def test_the_nodes_are_those_of_the_ego_graph(drawn: RandomGraph, seed: str, hops: int, direction: str) -> None:
    reader = PlainReader.of(list(drawn.stored), SOURCES, drawn.as_of, decisions=drawn.decisions)
    every = reader.ids(("enterprise", "product", "process", "project", "region", "institution", "policy", "chain"))
    if seed not in every:
        return
    drawing = nx.MultiDiGraph()
    drawing.add_nodes_from(every)
    subjects = (*every, *reader.ids(("source",)))
    drawing.add_edges_from(
        (fact.subject, fact.object) for fact in reader.facts(subjects, LINKS, "out") if fact.used and fact.object
    )
    base = {"out": drawing, "in": drawing.reverse(), "both": drawing.to_undirected()}[direction]
    whole = subgraph_of(reader, SubgraphParams(seed=(seed,), hops=hops, direction=direction))
    reached = nx.single_source_shortest_path_length(base, seed, hops)
    assert {member.id: member.hop for member in whole.nodes()} == reached
    assert sorted((fact.subject, fact.object) for fact in whole.links()) == sorted(drawing.subgraph(reached).edges())
