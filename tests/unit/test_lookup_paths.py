"""Ways through the drawing, and the order of the shortest ones against NetworkX."""

import networkx as nx
import pytest
from asking import ReaderOf, each_reader
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tiny import claim

from graph.model.errors import BadInput, UnknownName
from queries.lookup.paths import PathsAnswer, PathsParams, run
from queries.lookup.simple_paths import shortest_paths


def ways(answer: PathsAnswer) -> list[list[str]]:
    return [[path.steps[0].start.id, *(step.end.id for step in path.steps)] for path in answer.paths]


@each_reader
def test_shortest_first_then_by_ids(reader_of: ReaderOf) -> None:
    """From mine to motorco. Seven steps: ore, separation, oxide-a, sep, smelt, mag1. Eight: by reduction and metal
    to smelt, or by oxide-b, mixing and binder to far; prd:oxide-a comes before prd:oxide-b. Nothing is shorter."""
    answer = run(reader_of(), PathsParams(a="甲矿业", b="海外电机", hops=8))
    head = ["ent:mine", "prd:ore", "prc:separate"]
    assert ways(answer) == [
        [*head, "prd:oxide-a", "ent:sep", "ent:smelt", "ent:mag1", "ent:motorco"],
        [*head, "prd:oxide-a", "prc:reduce", "prd:metal", "ent:smelt", "ent:mag1", "ent:motorco"],
        [*head, "prd:oxide-b", "prc:mix", "prd:binder", "ent:far", "ent:mag1", "ent:motorco"],
    ]
    assert [path.hops for path in answer.paths] == [7, 8, 8]
    assert not answer.truncated


@each_reader
def test_the_direction_of_each_step(reader_of: ReaderOf) -> None:
    """mine produces ore, ore goes into separation, which yields oxide-a, which sep produces; sep supplies smelt."""
    (path,) = run(reader_of(), PathsParams(a="甲矿业", b="甲冶炼", k=1)).paths
    said = [(step.links[0].predicate, step.links[0].direction) for step in path.steps]
    assert said == [
        ("produces", "forward"),
        ("input_to", "forward"),
        ("yields", "forward"),
        ("produces", "backward"),
        ("supplies", "forward"),
    ]
    last = path.steps[-1].links[0]
    assert last.product is not None
    assert (last.product.id, last.zh, last.statement.as_of) == ("prd:oxide-a", "供应", "2023")


@each_reader
def test_everything_that_joins_two_nodes_is_listed(reader_of: ReaderOf) -> None:
    """far owns mag2, and supplies it, too: one step, two links."""
    too = claim("ent:far", "supplies", "ent:mag2", qualifier="prd:binder", as_of="2024")
    (path, *_) = run(reader_of(too), PathsParams(a="磁二", b="乙材料")).paths
    assert [(link.predicate, link.direction) for link in path.steps[0].links] == [
        ("owns", "backward"),
        ("supplies", "backward"),
    ]
    assert path.steps[0].links[0].statement.value == 60.0


@each_reader
def test_only_some_links(reader_of: ReaderOf) -> None:
    """far to mag2: by ownership one step; by supply far -> mag1 <- smelt -> mag2; by recipes over binder and magnet."""
    assert ways(run(reader_of(), PathsParams(a="乙材料", b="磁二", along="ownership"))) == [["ent:far", "ent:mag2"]]
    assert ways(run(reader_of(), PathsParams(a="乙材料", b="磁二", along="supply"))) == [
        ["ent:far", "ent:mag1", "ent:smelt", "ent:mag2"]
    ]
    assert ways(run(reader_of(), PathsParams(a="乙材料", b="磁二", along="recipe", k=1))) == [
        ["ent:far", "prd:binder", "prc:press", "prd:magnet", "ent:mag2"]
    ]


@each_reader
def test_a_plan_links_nobody(reader_of: ReaderOf) -> None:
    """robot is made by nobody; that smelt plans to and far once did joins them to nothing."""
    reader = reader_of(
        claim("ent:smelt", "produces", "prd:robot", qualifier="plan", as_of="2024"),
        claim("ent:far", "produces", "prd:robot", as_of="2024", flags=("former",)),
    )
    answer = run(reader, PathsParams(a="机器人", b="甲冶炼"))
    assert (answer.paths, answer.truncated) == ((), False)


@each_reader
def test_no_way_is_an_answer(reader_of: ReaderOf) -> None:
    answer = run(reader_of(), PathsParams(a="甲矿业", b="海外电机", along="supply"))
    assert (answer.paths, answer.truncated) == ((), False)
    # Seven steps are needed, so six find none.
    assert run(reader_of(), PathsParams(a="甲矿业", b="海外电机", hops=6)).paths == ()


@each_reader
def test_an_investor_is_linked_to_what_the_project_makes(reader_of: ReaderOf) -> None:
    invests = claim("ent:far", "invests_in", "prj:motor-plant", as_of="2024")
    answer = run(reader_of(invests), PathsParams(a="乙材料", b="电机", k=1))
    assert ways(answer) == [["ent:far", "prj:motor-plant", "prd:motor"]]


@each_reader
def test_the_budget_is_told(reader_of: ReaderOf) -> None:
    """mine and motorco each supply 90 others that lead nowhere: 100 nodes are used up before the two sides meet."""
    crowd = [
        claim(hub, "supplies", f"ent:z{hub[4:]}{number:03}", as_of="2024")
        for hub in ("ent:mine", "ent:motorco")
        for number in range(90)
    ]
    small = run(reader_of(*crowd), PathsParams(a="甲矿业", b="海外电机", hops=8, budget=100))
    assert small.truncated
    assert small.looked_at["nodes"] == 100
    large = run(reader_of(*crowd), PathsParams(a="甲矿业", b="海外电机", hops=8))
    assert (large.truncated, len(large.paths)) == (False, 3)


@each_reader
def test_bad_input(reader_of: ReaderOf) -> None:
    with pytest.raises(BadInput, match="same node"):
        run(reader_of(), PathsParams(a="磁一", b="ent:mag1"))
    with pytest.raises(UnknownName):
        run(reader_of(), PathsParams(a="磁一", b="没有"))
    for wrong in ({"k": 0}, {"k": 21}, {"hops": 0}, {"hops": 9}, {"budget": 1}, {"along": "air"}):
        with pytest.raises(ValidationError):
            PathsParams.model_validate({"a": "磁一", "b": "磁二"} | wrong)


@given(st.sets(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")), max_size=14), st.integers(1, 6))
def test_the_order_is_by_length_then_ids(links: set[tuple[str, str]], hops: int) -> None:
    """NetworkX finds all simple paths of a small graph; sorted by length, then nodes, they are ours, one by one."""
    graph: nx.Graph[str] = nx.Graph([(tail, head) for tail, head in links if tail != head])
    graph.add_nodes_from("ag")
    near = {node: sorted(graph[node]) for node in graph}
    every = sorted(map(tuple, nx.all_simple_paths(graph, "a", "g", cutoff=hops)), key=lambda path: (len(path), path))
    assert list(shortest_paths(near, "a", "g", hops)) == every
