"""What the zone of the drawing has, at different days."""

import pytest
from asking import ReaderOf, each_reader
from pydantic import ValidationError
from tiny import claim

from graph.model.errors import BadInput, UnknownName
from queries.lookup.region import RegionParams, run

pytestmark = each_reader


def test_enterprises_by_chain_and_stage(reader_of: ReaderOf) -> None:
    """mine digs, sep separates, smelt makes metal, the three magnet makers stand at functional materials."""
    answer = run(reader_of(), RegionParams(region="甲高新区"))
    assert [row.enterprise.id for row in answer.enterprises] == [
        "ent:mine", "ent:sep", "ent:smelt", "ent:mag1", "ent:mag2", "ent:mag3",
    ]  # fmt: skip
    counts = [(row.chain and row.chain.id, row.stage, row.enterprises) for row in answer.computed.sectors]
    assert counts == [
        ("chn:magnet", "mining", 1),
        ("chn:magnet", "separation", 1),
        ("chn:magnet", "metal_alloy", 1),
        ("chn:magnet", "functional_material", 3),
    ]
    last = answer.computed.sectors[-1]
    assert (last.members, last.products) == (("ent:mag1", "ent:mag2", "ent:mag3"), ("prd:hot-magnet", "prd:magnet"))
    assert (last.stage_zh, len(last.claims)) == ("功能材料", 3)
    assert (answer.computed.enterprises, answer.computed.makers) == (6, 6)


def test_a_plan_is_shown_and_not_counted(reader_of: ReaderOf) -> None:
    """mag1: 90 t/yr planned in 2024, 50 t/yr of 2023; the newest first."""
    (row,) = [
        row for row in run(reader_of(), RegionParams(region="甲高新区")).enterprises if row.enterprise.id == "ent:mag1"
    ]
    assert [(made.statement.value, made.counted) for made in row.makes] == [(90.0, False), (50.0, True)]
    assert [place.region.id for place in row.places] == ["reg:zone"]


def test_where_it_lies(reader_of: ReaderOf) -> None:
    zone = run(reader_of(), RegionParams(region="甲高新区"))
    assert [parent.id for parent in zone.parents] == ["reg:province", "reg:land"]
    assert zone.parts == ()
    province = run(reader_of(), RegionParams(region="甲省"))
    assert [part.region.id for part in province.parts] == ["reg:town", "reg:zone"]
    # far makes binder (magnet) and copper wire (other): it stands with the magnet chain.
    assert [row.enterprise.id for row in province.enterprises][-4:] == ["ent:far", "ent:mag1", "ent:mag2", "ent:mag3"]
    # nowhere has no place; the plant has one.
    assert province.unplaced == 1


@pytest.mark.parametrize(
    ("day", "status", "overdue"),
    [
        ("2024-12-31", "signed", False),
        ("2026-11-23", "under_construction", False),
        ("2027-07-01", "under_construction", True),
    ],
)
def test_a_project_at_a_day(reader_of: ReaderOf, day: str, status: str, overdue: bool) -> None:
    """Signed in 2024, under construction since 2025-03, to be done by 2027-06."""
    answer = run(reader_of(as_of=day), RegionParams(region="甲高新区"))
    (row,) = answer.projects
    assert (row.project.id, row.status, row.overdue) == ("prj:motor-plant", status, overdue)
    assert [made.product.id for made in row.products] == ["prd:motor"]
    assert [(count.status, count.projects) for count in answer.computed.by_status] == [(status, 1)]
    assert answer.computed.without_status == 0


def test_money_and_investors_of_a_project(reader_of: ReaderOf) -> None:
    reader = reader_of(
        claim("prj:motor-plant", "investment", 5e8, unit="CNY", as_of="2024", source="src:s4"),
        claim(
            "ent:far",
            "invests_in",
            "prj:motor-plant",
            amount=3e8,
            unit="CNY",
            as_of="2024",
            source="src:s4",
            note="lead",
        ),
    )
    (row,) = run(reader, RegionParams(region="甲高新区")).projects
    assert [(s.value, s.unit, s.source.date) for s in row.investment] == [(5e8, "CNY", "2024-02-02")]
    assert [(one.investor.id, one.statement.value, one.statement.note) for one in row.investors] == [
        ("ent:far", 3e8, "lead")
    ]
    assert [s.value for s in row.completion] == ["2027-06"]


def test_projects_around_but_not_here(reader_of: ReaderOf) -> None:
    """One in the town, one known only to be in the province: both near the zone, neither in it."""
    reader = reader_of(
        claim("prj:wire", "name_zh", "线厂"), claim("prj:wire", "located_in", "reg:town", as_of="2024"),
        claim("prj:wide", "name_zh", "省内"),
        claim("prj:wide", "located_in", "reg:province", as_of="2024", flags=("coarse",)),
        claim("prj:wide", "status", "planned", as_of="2024"),
    )  # fmt: skip
    answer = run(reader, RegionParams(region="甲高新区"))
    assert [row.project.id for row in answer.projects] == ["prj:motor-plant"]
    assert [(row.project.id, row.status) for row in answer.nearby_projects] == [
        ("prj:wide", "planned"),
        ("prj:wire", None),
    ]
    assert answer.nearby_projects[0].places[0].flags == ("coarse",)
    assert run(reader, RegionParams(region="甲高新区", surroundings=0)).nearby_projects == ()
    assert run(reader, RegionParams(region="甲省")).computed.without_status == 1


def test_published_figures_with_their_history(reader_of: ReaderOf) -> None:
    """12 in 2023 is the latest; 10 in 2021 stands behind it; 13 of 2025 is not yet told at the end of 2024."""
    reader = [
        claim("reg:zone", "indicator", 10.0, unit="companies", qualifier="rare earth enterprises", as_of="2021"),
        claim("reg:zone", "indicator", 13.0, unit="companies", qualifier="rare earth enterprises", as_of="2025"),
        claim("reg:zone", "indicator", 7.0, unit="km2", qualifier="area", as_of="2024-01", note="built-up"),
    ]
    answer = run(reader_of(*reader, as_of="2024"), RegionParams(region="甲高新区"))
    figures = [
        (row.name, row.latest.value, row.latest.note, [s.value for s in row.earlier]) for row in answer.indicators
    ]
    assert figures == [("area", 7.0, "built-up", []), ("rare earth enterprises", 12.0, None, [10.0])]
    assert answer.indicators[1].latest.source.grade == "official"


def test_policies_and_offers_own_first(reader_of: ReaderOf) -> None:
    reader = reader_of(
        claim("pol:b", "name_zh", "区政策"), claim("pol:b", "supports", "reg:zone", as_of="2024"),
        claim("pol:a", "name_zh", "省政策"), claim("pol:a", "supports", "reg:province", as_of="2024"),
        claim("pol:a", "condition", 100.0, unit="CNY", qualifier="first plant",
              detail=(("applies_to", "makers"), ("benefit", "a grant"), ("condition", "a plant here"))),
        claim("reg:province", "offers", qualifier="power", as_of="2024"),
        claim("reg:zone", "offers", 1000.0, unit="mu", qualifier="land", as_of="2024", note="flat"),
    )  # fmt: skip
    answer = run(reader, RegionParams(region="甲高新区"))
    assert [(row.region.id, row.policy.id) for row in answer.policies] == [
        ("reg:zone", "pol:b"),
        ("reg:province", "pol:a"),
    ]
    (condition,) = answer.policies[1].conditions
    assert (condition.applies_to, condition.condition, condition.benefit) == ("makers", "a plant here", "a grant")
    assert condition.statement.value == 100.0
    offers = [(row.region.id, row.name, row.statement.value, row.statement.note) for row in answer.offers]
    assert offers == [("reg:zone", "land", 1000.0, "flat"), ("reg:province", "power", None, None)]
    alone = run(reader, RegionParams(region="甲高新区", surroundings=0))
    assert [row.policy.id for row in alone.policies] == ["pol:b"]


def test_institutions(reader_of: ReaderOf) -> None:
    reader = reader_of(
        claim("ins:lab", "name_zh", "实验室"), claim("ins:lab", "located_in", "reg:zone", as_of="2021"),
        claim("ins:lab", "develops", "prd:robot", as_of="2022"),
    )  # fmt: skip
    (row,) = run(reader, RegionParams(region="甲高新区")).institutions
    assert (row.institution.id, [product.id for product in row.develops], len(row.claims)) == (
        "ins:lab",
        ["prd:robot"],
        1,
    )
    assert row.place[0].as_of == "2021"


def test_each_list_is_cut_by_itself(reader_of: ReaderOf) -> None:
    answer = run(reader_of(), RegionParams(region="甲高新区", limit=4))
    assert [len(answer.enterprises), len(answer.projects), len(answer.indicators)] == [4, 1, 1]
    assert answer.truncated
    assert answer.totals["enterprises"] == 6
    assert answer.computed.enterprises == 6
    rest = run(reader_of(), RegionParams(region="甲高新区", limit=4, offset=4))
    assert [row.enterprise.id for row in rest.enterprises] == ["ent:mag2", "ent:mag3"]
    assert rest.projects == ()


def test_bad_input(reader_of: ReaderOf) -> None:
    with pytest.raises(UnknownName):
        run(reader_of(), RegionParams(region="没有"))
    with pytest.raises(BadInput):
        run(reader_of(), RegionParams(region="prd:magnet"))
    for wrong in ({"surroundings": -1}, {"surroundings": 11}, {"limit": 0}):
        with pytest.raises(ValidationError):
            RegionParams.model_validate({"region": "甲高新区"} | wrong)
