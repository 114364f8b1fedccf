"""Tiers of the drawing: sep -> smelt -> mag1, mag2; far -> mag1; mag1 -> motorco."""

import pytest
from asking import ReaderOf, each_reader
from pydantic import ValidationError
from tiny import claim

from graph.model.errors import BadInput, UnknownName
from queries.lookup import customers, suppliers
from queries.lookup.suppliers import TiersAnswer, TiersParams

pytestmark = each_reader


def tiers(answer: TiersAnswer) -> list[tuple[int, str]]:
    return [(row.tier, row.enterprise.id) for row in answer.members]


def test_suppliers_tier_by_tier(reader_of: ReaderOf) -> None:
    """Behind motorco: mag1; then far and smelt; then sep."""
    answer = suppliers.run(reader_of(), TiersParams(enterprise="海外电机", tiers=10))
    assert tiers(answer) == [(1, "ent:mag1"), (2, "ent:far"), (2, "ent:smelt"), (3, "ent:sep")]
    assert answer.totals == {"members": 4, "not_counted": 0}
    assert answer.looked_at == {"enterprises": 9, "links": 4}
    (link,) = answer.members[1].links
    assert (link.supplier.id, link.customer.id, link.product and link.product.id) == (
        "ent:far",
        "ent:mag1",
        "prd:binder",
    )
    assert (link.statement.as_of, link.statement.source.url) == ("2024", "https://example.org/4")
    assert [place.region.id for place in answer.members[1].places] == ["reg:town"]
    assert [place.region.id for place in answer.places] == ["reg:abroad"]
    assert (answer.unplaced, answer.truncated) == (0, False)


def test_customers_tier_by_tier(reader_of: ReaderOf) -> None:
    """In front of sep: smelt; then mag1 and mag2; then motorco. One tier is the default."""
    answer = customers.run(reader_of(), TiersParams(enterprise="甲分离", tiers=3))
    assert tiers(answer) == [(1, "ent:smelt"), (2, "ent:mag1"), (2, "ent:mag2"), (3, "ent:motorco")]
    assert tiers(customers.run(reader_of(), TiersParams(enterprise="甲分离"))) == [(1, "ent:smelt")]
    (link,) = answer.members[2].links
    assert (link.supplier.id, link.customer.id) == ("ent:smelt", "ent:mag2")


def test_every_link_from_the_tier_before_is_listed(reader_of: ReaderOf) -> None:
    """sep also supplies mag2 directly: mag2 moves to tier 1, and smelt -> mag2 no longer leads to anybody."""
    both = claim("ent:sep", "supplies", "ent:mag2", qualifier="prd:oxide-b", as_of="2024")
    again = claim("ent:sep", "supplies", "ent:mag2", amount=5.0, unit="t/yr", qualifier="prd:oxide-a", as_of="2024")
    answer = customers.run(reader_of(both, again), TiersParams(enterprise="甲分离", tiers=2))
    assert tiers(answer) == [(1, "ent:mag2"), (1, "ent:smelt"), (2, "ent:mag1")]
    products = [(link.product and link.product.id, link.statement.value) for link in answer.members[0].links]
    assert products == [("prd:oxide-a", 5.0), ("prd:oxide-b", None)]


def test_a_cycle_is_walked_once(reader_of: ReaderOf) -> None:
    """motorco gives scrap back to sep: from sep one comes to motorco, and not to sep again."""
    back = claim("ent:motorco", "supplies", "ent:sep", as_of="2025")
    answer = customers.run(reader_of(back), TiersParams(enterprise="甲分离", tiers=10))
    assert [node for _, node in tiers(answer)] == ["ent:smelt", "ent:mag1", "ent:mag2", "ent:motorco"]
    (first, *_) = suppliers.run(reader_of(back), TiersParams(enterprise="甲分离")).members
    assert first.enterprise.id == "ent:motorco"
    assert (first.links[0].product, first.links[0].what) == (None, None)  # not told what


def test_hedged_links_stand_apart(reader_of: ReaderOf) -> None:
    """nowhere once supplied mag1: no supplier, but shown, with its flag."""
    over = claim("ent:nowhere", "supplies", "ent:mag1", qualifier="prd:plating", as_of="2024", flags=("former",))
    answer = suppliers.run(reader_of(over), TiersParams(enterprise="磁一"))
    assert tiers(answer) == [(1, "ent:far"), (1, "ent:smelt")]
    assert [(link.supplier.id, link.statement.flags) for link in answer.not_counted] == [("ent:nowhere", ("former",))]


def test_places_that_are_not_known_are_counted(reader_of: ReaderOf) -> None:
    service = claim("ent:nowhere", "supplies", "ent:mag1", qualifier="prd:plating", as_of="2024")
    answer = suppliers.run(reader_of(service), TiersParams(enterprise="磁一"))
    assert tiers(answer) == [(1, "ent:far"), (1, "ent:nowhere"), (1, "ent:smelt")]
    assert answer.unplaced == 1
    assert answer.members[1].places == ()


def test_an_enterprise_without_links_has_an_empty_answer(reader_of: ReaderOf) -> None:
    answer = suppliers.run(reader_of(), TiersParams(enterprise="甲矿业", tiers=5))
    assert (answer.members, answer.truncated, answer.totals["members"]) == ((), False, 0)


def test_cut_by_the_limit(reader_of: ReaderOf) -> None:
    """Of four, two at a time; how many there are is not counted before the end."""
    asked = {"enterprise": "海外电机", "tiers": 10, "limit": 2}
    first = suppliers.run(reader_of(), TiersParams.model_validate(asked))
    assert tiers(first) == [(1, "ent:mag1"), (2, "ent:far")]
    assert first.truncated
    assert "members" not in first.totals
    second = suppliers.run(reader_of(), TiersParams.model_validate(asked | {"offset": 2}))
    assert tiers(second) == [(2, "ent:smelt"), (3, "ent:sep")]
    assert second.totals["members"] == 4
    assert not second.truncated


def test_bad_input(reader_of: ReaderOf) -> None:
    with pytest.raises(UnknownName):
        suppliers.run(reader_of(), TiersParams(enterprise="没有这家企业"))
    with pytest.raises(BadInput):
        suppliers.run(reader_of(), TiersParams(enterprise="reg:zone"))
    for wrong in ({"tiers": 0}, {"tiers": 11}, {"limit": -1}, {"enterprise": "x" * 500}):
        with pytest.raises(ValidationError):
            TiersParams.model_validate({"enterprise": "磁一"} | wrong)
