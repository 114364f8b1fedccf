"""The AND-OR closure and the question `critical` against brute force, on random graphs and on the shipped data."""

from functools import cache

import numpy as np
import pytest
import tiny
from conftest import only_user
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import neo4j_held, random_graphs
from oracles.held_store import HeldStore
from oracles.plain_closure import PlainClosure, PlainCritical, PlainRecipe, PlainRounds
from oracles.plain_reader import PlainReader
from oracles.random_graphs import RandomGraph
from oracles.shipped import shipped

from graph.model.claims import Claim, StoredClaim, claim_id
from graph.model.dates import AsOf
from graph.readers.opening import Readers, open_reader
from graph.readers.port import Reader
from graph.readers.ragged import rows_of
from queries.chain.bottleneck import bottlenecks, targets_of
from queries.chain.closure import Network, keep, kept_now, lost_by, removals_of
from queries.chain.critical import CriticalParams, run
from queries.chain.presence import find_presence

COUNT = 7
NAMES = "abcdefg"
PRODUCTS = st.integers(0, COUNT - 1)
# What the random graphs of the gaps leave out or have too little of.
AIMS = ("chain_target", "chain_target", "chain", "supplies", "input_to", "yields")


@st.composite
def worlds(draw: st.DrawFn) -> tuple[set[int], set[int], list[tuple[frozenset[int], frozenset[int]]]]:
    """What is here, what is always there, and recipes as needs and outputs: circles, several outputs, none needed."""
    some = st.frozensets(PRODUCTS, max_size=3)
    recipes = draw(st.lists(st.tuples(some, st.frozensets(PRODUCTS, min_size=1, max_size=2)), max_size=9))
    here = draw(st.sets(PRODUCTS))
    return here, draw(st.sets(PRODUCTS, max_size=1)) & here, recipes


def network_of_world(
    here: set[int], always: set[int], recipes: list[tuple[frozenset[int], frozenset[int]]]
) -> tuple[Network, PlainClosure]:
    """One world for both sides."""
    yielded = [(at, product) for at, (_, outputs) in enumerate(recipes) for product in sorted(outputs)]
    ways = [(at, product) for at, product in yielded if product in here or recipes[at][0]]
    made = {product for _, product in yielded}
    pairs = [(product, 2 * at + (product in here)) for at, product in ways]
    numbers = sorted({number for _, number in pairs})
    needs = [(at, need) for at, number in enumerate(numbers) for need in recipes[number // 2][0]]
    flags = np.array([product in here for product in range(COUNT)])
    network = Network(
        here=flags,
        given=np.array([p in here and (p not in made or p in always) for p in range(COUNT)]),
        ways=rows_of(*_columns([(product, numbers.index(number)) for product, number in pairs]), COUNT),
        needs=rows_of(*_columns(needs), len(numbers)),
        process=np.array([number // 2 for number in numbers], np.int64),
        lenient=np.array([bool(number % 2) for number in numbers], np.bool_),
    )
    by_product: dict[str, list[PlainRecipe]] = {name: [] for name in NAMES}
    for at, product in yielded:
        by_product[NAMES[product]].append(PlainRecipe(frozenset(NAMES[need] for need in recipes[at][0])))
    return network, PlainClosure({NAMES[p] for p in here}, {NAMES[p] for p in always}, by_product)


def _columns(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


@settings(max_examples=200, derandomize=True)
@given(world=worlds(), removals=st.lists(st.sets(PRODUCTS, max_size=3), min_size=1, max_size=70))
def test_the_closure_is_that_of_all_derivations(
    world: tuple[set[int], set[int], list[tuple[frozenset[int], frozenset[int]]]], removals: list[set[int]]
) -> None:
    """For up to 70 removals at once (more than one machine word of them)."""
    network, plain = network_of_world(*world)
    rows = removals_of([sorted(one) for one in removals])
    kept, lost = keep(network, rows), lost_by(network, rows)
    for at, removed in enumerate(removals):
        names = {NAMES[one] for one in removed}
        assert {NAMES[one] for one in np.flatnonzero(kept[at])} == plain.kept(names)
        assert plain.kept(names) == PlainRounds(plain.here, plain.always, plain.recipes).kept(names)
        assert {NAMES[one] for one in np.flatnonzero(lost[at])} == plain.lost(names)


@settings(max_examples=50, derandomize=True)
@given(world=worlds(), small=st.sets(PRODUCTS), more=st.sets(PRODUCTS))
def test_removing_more_keeps_less_and_nothing_loses_nothing(
    world: tuple[set[int], set[int], list[tuple[frozenset[int], frozenset[int]]]], small: set[int], more: set[int]
) -> None:
    network, _ = network_of_world(*world)
    some, all_, none = keep(network, removals_of([sorted(small), sorted(small | more), []]))
    assert not (all_ & ~some).any()
    assert np.array_equal(none, kept_now(network))
    assert not lost_by(network, removals_of([[]])).any()


def _assert_agreement(reader: Reader, region: str, closure: type[PlainClosure] = PlainClosure) -> None:
    plain = PlainCritical(reader, region, closure)
    answer = run(reader, CriticalParams(region=region, limit=1000, tiers=1))
    told = [(one.targets_lost, one.links_lost, one.enterprises_hit, one.makers[0].id) for one in answer.enterprises]
    assert told == plain.enterprises()
    products = [(one.targets_lost, one.links_lost, one.enterprises_hit, one.product.id) for one in answer.products]
    assert products == (plain.products() if any(plain.makers.values()) else [])
    assert set(answer.targets) == plain.aims & plain.closure.kept()
    for row in answer.enterprises:
        removed = plain.covers()[row.makers[0].id]
        assert {one.product for one in row.removed} == removed
        assert {one.product for one in row.lost} == plain.closure.lost(removed)
    for row in (*answer.enterprises, *answer.products):
        gone = {one.product for one in row.removed}
        for lost in row.lost:
            assert lost.path[0] in gone
            assert lost.path[-1] == lost.product
            assert set(lost.path[2::2]) <= {one.product for one in row.lost}
            assert len(set(lost.path)) == len(lost.path)
    chain = reader.chain()
    found = bottlenecks(chain, find_presence(reader, reader.tally(region)), targets_of(reader, chain))
    assert {chain.products[one] for one in np.flatnonzero(found)} == plain.bottlenecks()


@cache
def _shipped_reader() -> Reader:
    claims, sources = shipped()
    return open_reader(HeldStore([_accepted(one) for one in claims], sources, ()), AsOf.parse("2026-11-23"))


def _accepted(claim: Claim) -> StoredClaim:
    return StoredClaim(claim_id(claim), claim, "accepted", "", 1, 1)


def test_agreement_on_the_shipped_data() -> None:
    """The derivations of so many products are too many to try one by one: by rounds over plain sets."""
    _assert_agreement(_shipped_reader(), "reg:baotou-rehtz", PlainRounds)
    _assert_agreement(_shipped_reader(), "reg:ningbo", PlainRounds)


@settings(max_examples=50, derandomize=True)
@given(graph=random_graphs.recipe_graphs(), more=st.lists(random_graphs.claims(AIMS), min_size=2, max_size=8))
def test_agreement_on_random_graphs(graph: RandomGraph, more: list[Claim]) -> None:
    stored = {one.id: one for one in (*graph.stored, *(_accepted(claim) for claim in more))}
    reader = PlainReader.of_store(HeldStore(list(stored.values()), random_graphs.SOURCES, ()), graph.as_of)
    for region in reader.ids(["region"]):
        _assert_agreement(reader, region)


@pytest.mark.neo4j
def test_the_server_says_the_same() -> None:
    """The drawing asked on Neo4j and over arrays."""
    if not neo4j_held.URL:
        pytest.skip("RECHAIN_TEST_NEO4J names no server")
    at = AsOf.parse("2026-11-23")
    stored = [_accepted(one) for one in dict.fromkeys(tiny.CLAIMS)]
    with only_user(neo4j_held.URL):
        held = neo4j_held.held_in_neo4j(stored, tiny.SOURCES, (), at.valid)
        params = CriticalParams(region="reg:zone", tiers=3)
        pushed = run(Readers(held, kind="neo4j").at(at), params)
        over_arrays = run(open_reader(HeldStore(stored, tiny.SOURCES, ()), at), params)
    assert pushed.model_dump(exclude={"revision"}) == over_arrays.model_dump(exclude={"revision"})
