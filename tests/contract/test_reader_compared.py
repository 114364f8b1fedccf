"""Every Reader against the plain one: on the shipped data, on random graphs, on a real store."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import random_graphs
from oracles.comparing import (
    all_nodes,
    makers_shape,
    reach_shape,
    tally_shape,
)
from oracles.plain_reader import PlainReader
from oracles.random_graphs import RandomGraph
from oracles.readers import (
    ON_THE_SERVER,
    OTHERS,
    READERS,
    TODAY,
    Given,
    assert_equal,
    plain_of,
    same_as,
    stored_claims,
)
from oracles.shipped import shipped

from graph.model.dates import AsOf
from graph.model.errors import NodeMissing
from graph.readers.port import Reader
from graph.readers.port_types import Direction
from graph.stores.port import Store

_DIRECTIONS: tuple[Direction, ...] = ("out", "in", "both")


pytestmark = pytest.mark.usefixtures("alone_on_the_server")


def _asked(reader: Reader, id_: str) -> Iterator[object]:
    """What is said of an id that may be unknown, or that of a node read as another."""
    calls: tuple[Callable[[], object], ...] = (
        lambda: reader.nodes([id_]),
        lambda: reader.facts([id_]),
        lambda: reader.cite(None, ["produces", "consumes"], [id_]),
        lambda: reader.around(id_),
        lambda: reader.placed(id_, ["enterprise"]),
        lambda: tally_shape(reader.chain(), reader.tally(id_)),
        lambda: makers_shape(reader.makers(id_, id_)),
        lambda: reader.capacities(id_),
        lambda: reader.applies(id_).tolist(),
        lambda: reach_shape(reader.reach(id_, "supplies", "out", 2, 5)),
    )
    for call in calls:
        try:
            yield call()
        except NodeMissing as error:
            yield str(error)


# A question to the server takes milliseconds, so of it every so many regions and products are asked about.
@pytest.mark.parametrize("name", [*OTHERS, *ON_THE_SERVER[:1]])
@pytest.mark.parametrize(
    "valid, known", [("2026-11-23", None), ("2026-11-23", "2021-12-31"), ("2019", None), ("2012-06", "2012")]
)
def test_the_shipped_data(name: str, valid: str, known: str | None) -> None:
    claims, sources = shipped()
    given_ = Given(stored_claims(claims), sources, (), AsOf.parse(valid, known))
    plain, other = plain_of(given_), READERS[name](given_)
    assert_equal(plain, other, every=25 if name in ON_THE_SERVER else 1)
    ways: tuple[tuple[str, Direction, int], ...] = (
        ("supplies", "out", 1000),
        ("supplies", "both", 12),
        ("owns", "in", 3),
    )
    for start in plain.ids(["enterprise"])[:: 50 if name in ON_THE_SERVER else 7]:
        for predicate, direction, limit in ways:
            assert reach_shape(plain.reach(start, predicate, direction, 3, limit)) == reach_shape(
                other.reach(start, predicate, direction, 3, limit)
            )
        assert plain.cite([start], ["produces", "supplies", "indicator"]) == other.cite(
            [start], ["produces", "supplies", "indicator"]
        )
        assert plain.facts([start], direction="both") == other.facts([start], direction="both")
        assert plain.claims([start]) == other.claims([start])


@pytest.mark.parametrize("name", OTHERS)
@settings(max_examples=120, deadline=None, derandomize=True)
@given(graph=random_graphs.graphs(), data=st.data())
def test_random_graphs(name: str, graph: RandomGraph, data: st.DataObject) -> None:
    _ask_everything(name, graph, data)


# Each example is recorded into the server, so there are fewer of them.
@pytest.mark.parametrize("name", ON_THE_SERVER)
@settings(max_examples=20, deadline=None, derandomize=True)
@given(graph=random_graphs.graphs(), data=st.data())
def test_random_graphs_on_the_server(name: str, graph: RandomGraph, data: st.DataObject) -> None:
    _ask_everything(name, graph, data)


def _ask_everything(name: str, graph: RandomGraph, data: st.DataObject) -> None:
    given_ = Given(graph.stored, random_graphs.SOURCES, graph.decisions, graph.as_of)
    plain, other = plain_of(given_), READERS[name](given_)
    assert_equal(plain, other, data.draw(st.sampled_from((8.0, 2.5, 0.0, 5000.0)), "recent years"))
    nodes = all_nodes(plain)
    ids = data.draw(st.lists(st.sampled_from(nodes), max_size=3) if nodes else st.just([]), "ids")
    for direction in _DIRECTIONS:
        assert plain.facts(ids, None, direction) == other.facts(ids, None, direction)
    assert plain.claims(ids) == other.claims(ids)
    assert plain.conflicts(ids) == other.conflicts(ids)
    ends = data.draw(st.sampled_from(((ids, None), (None, ids), (nodes, ids), (ids, nodes))), "ends")
    for limit in (200, 1):
        over = data.draw(st.lists(st.sampled_from(("produces", "supplies", "indicator", "owns")), min_size=1), "cited")
        assert plain.cite(ends[0], over, ends[1], limit) == other.cite(ends[0], over, ends[1], limit)
    for asked in data.draw(st.lists(st.sampled_from(random_graphs.ALL_NODES), max_size=2), "asked"):
        assert plain.claims([asked]) == other.claims([asked])
        for one, same in zip(_asked(plain, asked), _asked(other, asked), strict=True):
            assert one == same
    for start in ids:
        predicate = data.draw(st.sampled_from(("supplies", "owns", "part_of", "subclass_of", "name_zh")), "over")
        hops, limit = data.draw(st.integers(0, 4), "hops"), data.draw(st.integers(0, 5), "limit")
        for direction in _DIRECTIONS:
            assert reach_shape(plain.reach(start, predicate, direction, hops, limit)) == reach_shape(
                other.reach(start, predicate, direction, hops, limit)
            )
    assert plain.find("x") == other.find("x")
    added = data.draw(st.lists(random_graphs.claims(), max_size=4), "added")
    dropped = data.draw(st.lists(st.sampled_from([s.id for s in graph.stored] or [""]), max_size=4), "dropped")
    assert_equal(plain.with_claims(added, dropped), other.with_claims(added, dropped))


def test_from_a_real_store(tiny_store: Store) -> None:
    """What the store gives is what the drawing says, before and after a decision and another load."""
    from graph.readers.opening import open_reader

    assert_equal(PlainReader.of_store(tiny_store, TODAY), open_reader(tiny_store, TODAY))
    tiny_store.decide([same_as("ent:mag1", "ent:mag2")])
    plain, other = PlainReader.of_store(tiny_store, TODAY), open_reader(tiny_store, TODAY)
    assert_equal(plain, other)
    assert plain.claims(["ent:mag1"]) == other.claims(["ent:mag1"])
    assert plain.find("磁") == other.find("磁")
    assert [match.node.id for match in other.find("磁", ["enterprise"])] == ["ent:mag1", "ent:mag3"]
