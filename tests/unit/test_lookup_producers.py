"""Who makes what in the drawing: in the zone mag1 (50 t/yr, 90 planned), mag2 and, by hot-magnet, mag3 make magnet."""

import pytest
from asking import ReaderOf, each_reader
from pydantic import ValidationError
from tiny import claim

from graph.model.claims import Claim
from graph.model.errors import AmbiguousName, BadInput, UnknownName
from queries.lookup.producers import ProducersAnswer, ProducersParams, run

pytestmark = each_reader


def who(answer: ProducersAnswer) -> list[tuple[str, str | None]]:
    return [(row.enterprise.id, row.where) for row in answer.makers]


def capacity(enterprise: str, product: str, amount: float, unit: str = "t/yr") -> Claim:
    return claim(enterprise, "produces", product, amount=float(amount), unit=unit, qualifier="capacity", as_of="2024")


def owns(owner: str, owned: str, share: float | None) -> Claim:
    return claim(owner, "owns", owned, amount=share, unit="%" if share else None, as_of="2025")


def test_makers_of_a_product_and_its_kinds(reader_of: ReaderOf) -> None:
    """Three in the zone; the plan of mag1 is apart, and mag1 is a maker by its other statement."""
    answer = run(reader_of(), ProducersParams(product="磁体", region="甲高新区"))
    assert who(answer) == [("ent:mag1", "here"), ("ent:mag2", "here"), ("ent:mag3", "here")]
    assert [kind.id for kind in answer.kinds] == ["prd:hot-magnet"]
    assert (answer.here, answer.elsewhere, answer.unplaced) == (3, 0, 0)
    made = answer.makers[0].makes[0]
    assert (made.statement.value, made.statement.unit, made.statement.as_of) == (50.0, "t/yr", "2023")
    assert (made.statement.source.id, made.statement.source.date, made.statement.source.grade) == (
        "src:s3",
        "2024",
        "company",
    )
    assert answer.makers[2].makes[0].product.id == "prd:hot-magnet"
    assert [(row.enterprise.id, row.why, row.counted_too) for row in answer.not_counted] == [
        ("ent:mag1", ("plan",), True)
    ]
    assert answer.not_counted[0].makes[0].statement.value == 90.0
    assert answer.looked_at == {"products": 2, "makers": 3, "statements": 4}
    assert not answer.truncated


def test_capacity_is_a_floor(reader_of: ReaderOf) -> None:
    """Only mag1 has one: 50 t/yr, the 90 planned are not added, two makers have none."""
    (total,) = run(reader_of(), ProducersParams(product="磁体", region="甲高新区")).capacity
    assert (total.where, total.value, total.unit, total.makers, total.makers_without) == ("here", 50.0, "t/yr", 1, 2)
    assert (total.oldest, total.newest, total.left_out) == ("2023", "2023", ())
    assert len(total.claims) == 1


def test_without_a_region_nothing_is_here(reader_of: ReaderOf) -> None:
    answer = run(reader_of(), ProducersParams(product="prd:magnet"))
    assert who(answer) == [("ent:mag1", None), ("ent:mag2", None), ("ent:mag3", None)]
    assert (answer.here, answer.elsewhere, answer.region) == (None, None, None)
    assert [total.where for total in answer.capacity] == ["anywhere"]


def test_here_then_elsewhere_then_unknown(reader_of: ReaderOf) -> None:
    """far moves copper-wire's makers to three: one in the zone, one in the town, one nowhere."""
    reader = reader_of(
        claim("ent:smelt", "produces", "prd:copper-wire", as_of="2024"),
        claim("ent:nowhere", "produces", "prd:copper-wire", as_of="2024"),
    )
    answer = run(reader, ProducersParams(product="铜线", region="甲高新区"))
    assert who(answer) == [("ent:smelt", "here"), ("ent:far", "elsewhere"), ("ent:nowhere", "unknown")]
    assert (answer.here, answer.elsewhere, answer.unplaced) == (1, 1, 1)
    outside = run(reader, ProducersParams(product="铜线", region="甲高新区", outside=True))
    assert who(outside) == [("ent:far", "elsewhere"), ("ent:nowhere", "unknown")]
    assert (outside.here, outside.unplaced) == (1, 1)


def test_a_kind_has_makers_of_its_class_apart(reader_of: ReaderOf) -> None:
    """Of hot-magnet only mag3 is a maker; mag1 and mag2 make magnets of unknown kind. A plan makes no maker."""
    answer = run(reader_of(), ProducersParams(product="热压磁体"))
    assert who(answer) == [("ent:mag3", None)]
    assert [(row.enterprise.id, len(row.makes)) for row in answer.class_only] == [("ent:mag1", 1), ("ent:mag2", 1)]


def test_a_project_counts_when_it_is_done(reader_of: ReaderOf) -> None:
    """The motor plant is under construction since 2025-03; once in production it is a maker in the zone."""
    before = run(reader_of(), ProducersParams(product="电机", region="甲高新区"))
    assert who(before) == [("ent:motorco", "elsewhere")]
    assert [(row.enterprise.id, row.why) for row in before.not_counted] == [
        ("prj:motor-plant", ("under_construction",))
    ]
    done = claim("prj:motor-plant", "status", "in_production", as_of="2026-01")
    after = run(reader_of(done), ProducersParams(product="电机", region="甲高新区"))
    assert who(after) == [("prj:motor-plant", "here"), ("ent:motorco", "elsewhere")]
    assert after.makers[0].kind == "project"
    assert after.not_counted == ()


def test_a_former_maker_does_not_count(reader_of: ReaderOf) -> None:
    over = claim("ent:mag2", "produces", "prd:magnet", as_of="2025", flags=("former",))
    answer = run(reader_of(over), ProducersParams(product="磁体"))
    assert who(answer) == [("ent:mag1", None), ("ent:mag3", None)]
    assert [(row.enterprise.id, row.why) for row in answer.not_counted] == [
        ("ent:mag1", ("plan",)),
        ("ent:mag2", ("former",)),
    ]


def test_of_owner_and_owned_the_larger_capacity_counts(reader_of: ReaderOf) -> None:
    """far owns 60 % of mag2. far 30, mag2 20: 50 + 30. far 30, mag2 40: 50 + 40. With a 40 % share all count."""
    owner, few, many = (
        capacity("ent:far", "prd:magnet", 30),
        capacity("ent:mag2", "prd:magnet", 20),
        capacity("ent:mag2", "prd:magnet", 40),
    )
    asked = ProducersParams(product="磁体")
    (small,) = run(reader_of(owner, few), asked).capacity
    assert small.value == 80.0
    assert [(out.enterprise, out.why) for out in small.left_out] == [("ent:mag2", "owner_counted")]
    (large,) = run(reader_of(owner, many), asked).capacity
    assert large.value == 90.0
    assert [(out.enterprise, out.why) for out in large.left_out] == [("ent:far", "owned_counted")]
    (loose,) = run(reader_of(owner, few, owns("ent:far", "ent:mag2", 40.0)), asked).capacity
    assert loose.value == 100.0


def test_control_reaches_through_others(reader_of: ReaderOf) -> None:
    """far owns motorco, motorco owns mag1: mag1's 50 is left out beside far's 70; unknown shares control."""
    reader = reader_of(
        capacity("ent:far", "prd:magnet", 70),
        owns("ent:far", "ent:motorco", None),
        owns("ent:motorco", "ent:mag1", 51.0),
    )
    (total,) = run(reader, ProducersParams(product="磁体")).capacity
    assert total.value == 70.0
    assert [(out.enterprise, out.why) for out in total.left_out] == [("ent:mag1", "owner_counted")]


def test_a_kind_is_not_added_to_what_it_is_a_kind_of(reader_of: ReaderOf) -> None:
    """mag3: 10 t/yr of hot-magnet within 25 t/yr of magnet. 50 + 25 = 75."""
    reader = reader_of(capacity("ent:mag3", "prd:magnet", 25), capacity("ent:mag3", "prd:hot-magnet", 10))
    (total,) = run(reader, ProducersParams(product="磁体")).capacity
    assert (total.value, total.makers) == (75.0, 2)
    assert [(out.enterprise, out.why) for out in total.left_out] == [("ent:mag3", "kind_of_counted")]


def test_only_fitting_units_are_added(reader_of: ReaderOf) -> None:
    """50 t/yr + 2000 kg/yr + 3 t/yr = 55 t/yr; pieces stand by themselves."""
    reader = reader_of(
        capacity("ent:mag2", "prd:magnet", 2000, "kg/yr"),
        capacity("ent:mag3", "prd:magnet", 3),
        capacity("ent:smelt", "prd:magnet", 7, "pieces/yr"),
    )
    totals = run(reader, ProducersParams(product="磁体")).capacity
    assert [(total.value, total.unit, total.makers, total.makers_without) for total in totals] == [
        (55.0, "t/yr", 3, 1),
        (7.0, "pieces/yr", 1, 3),
    ]


def test_capacity_of_a_maker_with_another_place_is_not_local(reader_of: ReaderOf) -> None:
    """mag1 has a second place in the town: for the zone its 50 are uncertain, for the province around both not."""
    reader = reader_of(claim("ent:mag1", "located_in", "reg:town", as_of="2024"))
    zone = run(reader, ProducersParams(product="磁体", region="甲高新区"))
    assert [(total.where, total.value) for total in zone.capacity] == [("place_uncertain", 50.0)]
    assert zone.makers[0].place_uncertain
    assert [place.region.id for place in zone.makers[0].places] == ["reg:town", "reg:zone"]
    province = run(reader, ProducersParams(product="磁体", region="甲省"))
    assert [(total.where, total.value) for total in province.capacity] == [("here", 50.0)]


def test_contradicting_values_stand_side_by_side(reader_of: ReaderOf) -> None:
    """Two sources of one grade tell mag1's capacity of 2023 differently."""
    other = claim(
        "ent:mag1",
        "produces",
        "prd:magnet",
        amount=55.0,
        unit="t/yr",
        qualifier="capacity",
        as_of="2023",
        source="src:s2",
    )
    (making,) = run(reader_of(other), ProducersParams(product="磁体")).makers[0].makes
    assert making.statement.value == 50.0  # a company's page before the press
    assert [(rival.value, rival.source.id) for rival in making.statement.conflicts] == [(55.0, "src:s2")]


def test_at_an_earlier_time(reader_of: ReaderOf) -> None:
    """At the end of 2023 neither mag2 (2024) nor mag3 (2025) was known to make magnets, nor was mag1's plan told."""
    answer = run(reader_of(as_of="2023"), ProducersParams(product="磁体"))
    assert who(answer) == [("ent:mag1", None)]
    assert answer.not_counted == ()
    assert answer.as_of == "2023-12-31"


def test_paging(reader_of: ReaderOf) -> None:
    answer = run(reader_of(), ProducersParams(product="磁体", limit=2))
    assert len(answer.makers) == 2
    assert answer.truncated
    assert answer.totals["makers"] == 3
    rest = run(reader_of(), ProducersParams(product="磁体", limit=2, offset=2))
    assert [row.enterprise.id for row in rest.makers] == ["ent:mag3"]
    assert not rest.truncated
    assert rest.capacity == answer.capacity  # over all makers, whatever the page


def test_bad_input(reader_of: ReaderOf) -> None:
    reader = reader_of()
    with pytest.raises(BadInput, match="region"):
        run(reader, ProducersParams(product="磁体", outside=True))
    with pytest.raises(UnknownName):
        run(reader, ProducersParams(product="没有这种东西"))
    with pytest.raises(UnknownName):
        run(reader, ProducersParams(product="prd:none"))
    with pytest.raises(UnknownName):
        run(reader, ProducersParams(product="磁体", region="没有这个地方"))
    with pytest.raises(BadInput):
        run(reader, ProducersParams(product="ent:mag1"))
    with pytest.raises(BadInput):
        run(reader, ProducersParams(product=" "))
    with pytest.raises(AmbiguousName) as caught:
        run(reader, ProducersParams(product="氧化物"))
    assert [candidate.id for candidate in caught.value.candidates] == ["prd:oxide-a", "prd:oxide-b"]
    for wrong in ({"limit": 0}, {"limit": -1}, {"offset": -1}, {"limit": 10_001}, {"colour": "red"}):
        with pytest.raises(ValidationError):
            ProducersParams.model_validate({"product": "磁体"} | wrong)
