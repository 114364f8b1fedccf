"""Capacity, demand and the local supply ratio: worked by hand on the drawing of tests/tiny.py, then by plain loops."""

import numpy as np
import pytest
import tiny
from conftest import TODAY
from hypothesis import given, settings
from oracles import random_graphs
from oracles.held_store import HeldStore
from oracles.plain_quantities import PlainQuantities
from oracles.plain_reader import PlainReader
from oracles.random_graphs import RandomGraph
from tiny import claim

from graph.model.claims import Claim, StoredClaim, claim_id
from graph.readers.opening import open_reader
from graph.readers.port import Reader
from queries.chain.assessment import Thresholds, assess
from queries.chain.gaps import GapsParams, run
from queries.chain.presence import find_presence
from queries.chain.quantities import find_quantities
from queries.chain.supply import Supply, supply_of


def _reader(*more: Claim) -> Reader:
    stored = [StoredClaim(claim_id(one), one, "accepted", "", 1, 1) for one in (*tiny.CLAIMS, *more)]
    return open_reader(HeldStore(stored, tiny.SOURCES, ()), TODAY)


def _supply(product: str, *more: Claim) -> Supply | None:
    reader = _reader(*more)
    tally = reader.tally("reg:zone")
    found = find_quantities(reader.chain(), tally, find_presence(reader, tally))
    return supply_of(found, reader.chain().index[product])


def _capacity(entity: str, product: str, amount: float) -> Claim:
    return claim(entity, "produces", product, amount=amount, unit="t/yr", qualifier="capacity", as_of="2025")


def _ranges(told: Supply | None) -> tuple[object, ...]:
    assert told is not None
    return (
        (told.capacity_low, told.capacity_high, told.makers_telling, told.makers),
        (told.demand_low, told.demand_high, told.users_telling, told.users),
        (told.ratio_at_least, told.ratio_at_most),
    )


def test_an_intermediate_of_one_maker_and_one_user() -> None:
    """sep makes 100 t/yr oxide-a; smelt makes 80 metal, each kg of 1.25 kg oxide-a: 80 x 1.25 = 100; 100 / 100 = 1."""
    assert _ranges(_supply("prd:oxide-a")) == ((100.0, 100.0, 1, 1), (100.0, 100.0, 1, 1), (1.0, 1.0))


def test_users_that_tell_no_capacity_leave_the_lower_bound_open() -> None:
    """Of three magnet makers only mag1 tells 50 t/yr: 50 x 0.8 = 40 metal at least; 80 / 40 = 2 at most."""
    assert _ranges(_supply("prd:metal")) == ((80.0, 80.0, 1, 1), (40.0, 40.0, 1, 3), (None, 2.0))


def test_what_nobody_makes_here_supplies_nothing_of_the_demand() -> None:
    """Binder: 50 x 0.2 = 10 t/yr are needed, no maker here, so 0 of 10."""
    assert _ranges(_supply("prd:binder")) == ((0.0, 0.0, 0, 0), (10.0, 10.0, 1, 3), (None, 0.0))


def test_a_maker_who_tells_nothing_is_not_taken_for_zero() -> None:
    """Ore: sep needs 100 x 2.5 = 250; the mine tells no capacity, so no ratio."""
    assert _ranges(_supply("prd:ore")) == ((None, None, 0, 1), (250.0, 250.0, 1, 1), (None, None))


def test_nothing_known_is_no_row() -> None:
    assert _supply("prd:robot") is None


def test_a_group_and_its_plant_are_counted_once_at_least() -> None:
    """mag2 is owned by mag1 (60 %): of 50 and 30 the group has surely 50, at most 80. mag3 tells 20 of hot magnets:
    magnets 50 + 20 = 70 to 100. Metal: 0.8 x 70 = 56 to 0.8 x 100 = 80, hot magnets by the recipe of magnets."""
    told = (
        claim("ent:mag1", "owns", "ent:mag2", amount=60.0, unit="%"),
        _capacity("ent:mag2", "prd:magnet", 30.0),
        _capacity("ent:mag3", "prd:hot-magnet", 20.0),
    )
    assert _ranges(_supply("prd:magnet", *told))[0] == (70.0, 100.0, 3, 3)
    assert _ranges(_supply("prd:metal", *told)) == ((80.0, 80.0, 1, 1), (56.0, 80.0, 3, 3), (1.0, 1.42857143))


def test_a_kind_told_beside_its_class_is_part_of_it() -> None:
    """mag1 tells 50 of magnets and 20 of hot magnets: 50 magnets, 20 of them hot, or 70 side by side."""
    told = _capacity("ent:mag1", "prd:hot-magnet", 20.0)
    assert _ranges(_supply("prd:magnet", told))[0] == (50.0, 70.0, 1, 3)
    assert _ranges(_supply("prd:hot-magnet", told))[0] == (20.0, 20.0, 1, 2)
    assert _ranges(_supply("prd:metal", told))[1] == (40.0, 56.0, 1, 3)


def test_recipes_that_do_without_it_take_the_lower_end_down() -> None:
    """Magnets may also be made of oxide-a alone: metal 0 to 40; oxide-a 80 x 1.25 = 100 to 100 + 50 x 2 = 200."""
    other = [
        claim("prc:direct", "process_kind", "step"),
        claim("prd:oxide-a", "input_to", "prc:direct", amount=2.0, unit="kg/kg"),
        claim("prd:plating", "input_to", "prc:direct", amount=0.0, unit="kg/kg"),
        claim("prc:direct", "yields", "prd:magnet", amount=1.0, unit="kg/kg"),
    ]
    assert _ranges(_supply("prd:metal", *other))[1] == (0.0, 40.0, 1, 3)
    assert _ranges(_supply("prd:oxide-a", *other))[1] == (100.0, 200.0, 2, 4)


def test_a_consumption_that_is_told_stands_for_the_recipes() -> None:
    """mag1 says it takes 45 t/yr metal, not the 40 of the recipe."""
    told = claim("ent:mag1", "consumes", "prd:metal", amount=45.0, unit="t/yr", as_of="2025")
    assert _ranges(_supply("prd:metal", told))[1] == (45.0, 45.0, 1, 3)


def test_capacity_of_somebody_who_stands_elsewhere_too_is_uncertain() -> None:
    """smelt stands in the town as well: its 80 t/yr are not counted here, and nor is its need of oxide-a."""
    told = claim("ent:smelt", "located_in", "reg:town", as_of="2021")
    supply = _supply("prd:metal", told)
    assert supply is not None
    assert (supply.capacity_low, supply.makers_telling, supply.makers, supply.place_uncertain) == (None, 0, 1, 1)
    assert supply.ratio_at_most is None


def test_a_finished_project_beside_its_enterprise_is_not_added_for_sure() -> None:
    """sep tells 100 of oxide-a and its finished project 150: surely 150, at most 250."""
    told = [
        claim("prj:sep-2", "located_in", "reg:zone", as_of="2024"),
        claim("prj:sep-2", "status", "completed", as_of="2025"),
        claim("prj:sep-2", "project_product", "prd:oxide-a", amount=150.0, unit="t/yr", as_of="2024"),
    ]
    assert _ranges(_supply("prd:oxide-a", *told))[0] == (150.0, 250.0, 2, 2)


@pytest.mark.parametrize(("capacity", "weak"), [(161.0, True), (160.0, False), (80.0, False)])
def test_weak_is_what_surely_covers_less_than_the_threshold(capacity: float, weak: bool) -> None:
    """sep's 100 t/yr against smelt's need of 1.25 x capacity: 100 / (1.25 x 160) = 0.5 is not below 0.5."""
    answer = run(_reader(_capacity("ent:smelt", "prd:metal", capacity)), GapsParams(region="reg:zone"))
    (row,) = [gap for gap in answer.gaps if gap.product.id == "prd:oxide-a"]
    assert (row.kind, "weak" in row.flags) == ("strengthen", weak)


def test_weak_follows_its_threshold() -> None:
    """Two owner groups make oxide-a, together 100 + 50 against 400 x 1.25 = 500: 0.3 < 0.5."""
    more = [
        _capacity("ent:smelt", "prd:metal", 400.0),
        _capacity("ent:mine", "prd:oxide-a", 50.0),
    ]
    answer = run(_reader(*more), GapsParams(region="reg:zone"))
    (row,) = [gap for gap in answer.gaps if gap.product.id == "prd:oxide-a"]
    # Magnets hang on it, too.
    assert (row.kind, row.flags) == ("strengthen", ("weak", "bottleneck"))
    assert row.supply is not None
    assert row.supply.ratio_at_most == 0.3
    kept = run(_reader(*more), GapsParams(region="reg:zone", weak_ratio=0.25))
    assert [gap.flags for gap in kept.gaps if gap.product.id == "prd:oxide-a"] == [("bottleneck",)]


@settings(max_examples=100, derandomize=True)
@given(graph=random_graphs.recipe_graphs())
def test_agreement_with_plain_loops(graph: RandomGraph) -> None:
    reader = PlainReader.of_store(HeldStore(graph.stored, random_graphs.SOURCES, ()), graph.as_of)
    chain = reader.chain()
    for region in reader.ids(["region"]):
        found = assess(reader, region, Thresholds()).quantities
        plain = PlainQuantities(reader, region)
        for at, product in enumerate(chain.products):
            told = plain.of(product)
            for mine, theirs in ((found.capacity, told.capacity), (found.demand, told.demand)):
                assert (mine.low[at], mine.high[at]) == pytest.approx(theirs[:2]), product
                assert (mine.telling[at], mine.of[at]) == theirs[2:], product
            assert found.at_most[at] == pytest.approx(told.at_most, nan_ok=True), product
            assert found.at_least[at] == pytest.approx(told.at_least, nan_ok=True), product
            assert not np.isinf(found.at_most[at])
