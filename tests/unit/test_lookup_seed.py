"""The seed's own facts come back: what a news page of 2020-09-25 says of the Baotou zone, as `region` shows it.

Numbers from issue 3, item 10, not from output.
"""

import pytest
from asking import READERS
from oracles.shipped import shipped

from graph.readers.port import Reader
from queries.evidence import Statement
from queries.lookup import region
from queries.lookup.region import RegionAnswer, RegionParams
from queries.lookup.region_projects import ProjectRow

SEED = "https://news.metal.com/newscontent/101277223/"


@pytest.fixture(scope="module", params=list(READERS))
def reader(request: pytest.FixtureRequest) -> Reader:
    claims, sources = shipped()
    return READERS[request.param](claims=claims, sources=sources, as_of="2020-09-30")


@pytest.fixture(scope="module")
def zone(reader: Reader) -> RegionAnswer:
    return region.run(reader, RegionParams(region="包头稀土高新区"))


def from_seed(statement: Statement) -> bool:
    return (statement.source.url or "").startswith(SEED) and statement.source.date == "2020-09-25"


def project(rows: tuple[ProjectRow, ...], id_: str) -> ProjectRow:
    (row,) = [row for row in rows if row.project.id == id_]
    return row


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("key projects over 100 million yuan organised", 80, "projects"),
        ("investment to complete in the year on key projects", 12.3e9, "CNY"),
        ("projects to be completed in the year (more than)", 40, "projects"),
        ("key industrial projects over 100 million yuan planned", 48, "projects"),
        ("investment made in 48 key industrial projects by end July", 3.75e9, "CNY"),
        ("projects signed January-August", 49, "projects"),
        ("total investment of projects signed January-August", 17.246e9, "CNY"),
        ("key rare earth projects planned", 26, "projects"),
        ("total investment of key rare earth projects", 8.113e9, "CNY"),
        ("key aluminium and copper projects", 6, "projects"),
        ("total investment of key aluminium and copper projects", 12.675e9, "CNY"),
        ("key equipment manufacturing projects", 12, "projects"),
        ("total investment of key equipment manufacturing projects", 1.92e9, "CNY"),
        ("days to finish approval of Dongbao Datian fertilizer project (standard 60)", 40, "days"),
    ],
)
def test_the_plan_of_2020(zone: RegionAnswer, name: str, value: float, unit: str) -> None:
    (row,) = [row for row in zone.indicators if row.name == name]
    assert (row.latest.value, row.latest.unit) == (value, unit)
    assert from_seed(row.latest)


def test_the_subsidiary_with_50_million(zone: RegionAnswer) -> None:
    row = project(zone.projects, "prj:jl-mag-baotou-subsidiary")
    (investor,) = row.investors
    assert (investor.investor.name_zh, investor.statement.value, investor.statement.unit) == (
        "江西金力永磁科技股份有限公司", 50e6, "CNY",
    )  # fmt: skip
    assert row.status == "planned"
    assert from_seed(investor.statement)


def test_the_fertiliser_project(zone: RegionAnswer) -> None:
    row = project(zone.projects, "prj:dongbao-organic-fertilizer")
    (made,) = row.products
    assert (made.product.id, made.statement.value, made.statement.unit) == ("prd:organic-fertilizer", 200_000, "t/yr")
    assert from_seed(made.statement)


def test_the_base_that_lies_elsewhere_in_the_city(zone: RegionAnswer) -> None:
    assert "prj:hongnijing-clean-energy" not in {row.project.id for row in zone.projects}
    row = project(zone.nearby_projects, "prj:hongnijing-clean-energy")
    assert [(s.value, s.unit) for s in row.investment] == [(14e9, "CNY")]
    assert [place.region.id for place in row.places] == ["reg:baotou"]
    assert from_seed(row.investment[0])


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("pol:rehtz-eight-leading", "八条"),
        ("pol:rehtz-twenty-sti", "科技创新二十条"),
        ("pol:rehtz-ten-hq", "十条"),
        ("pol:rehtz-twenty-private", "民营经济高质量发展二十条"),
    ],
)
def test_the_8_20_10_20_policies(zone: RegionAnswer, policy: str, words: str) -> None:
    (row,) = [row for row in zone.policies if row.policy.id == policy]
    assert words in (row.policy.name_zh or "")
    assert row.region.id == "reg:baotou-rehtz"
    assert from_seed(row.statement)


def test_nothing_of_later_days_is_told(zone: RegionAnswer) -> None:
    """Figures of 2022 and 2025 are in the data, and not in an answer about September 2020."""
    said = [row.latest.as_of or "" for row in zone.indicators]
    assert max(said) <= "2020-09"
    assert not zone.truncated
