"""What is known of the zone in the drawing, counted by hand.

Makers of chain magnet in the zone and the sources of all their unflagged claims (names and places come from s1):
mine s1; sep s1 s2; smelt s1 s3 s4; mag1 s1 s3 s5 (its plan in s4 is flagged); mag2 s1 s4; mag3 s1 s5.
Six makers, 1+2+3+3+2+2 = 13 mentions, one maker (mine) in a single source, sources s1 to s5, the newest of 2025-01-01.
"""

import pytest
from asking import ReaderOf, each_reader
from pydantic import ValidationError
from tiny import claim

from graph.model.errors import UnknownName
from graph.readers.port import Reader
from queries.lookup.coverage import ChainCoverage, CoverageAnswer, CoverageParams, run

pytestmark = each_reader


def chain(answer: CoverageAnswer, id_: str) -> ChainCoverage:
    (row,) = [row for row in answer.chains if row.chain.id == id_]
    return row


def test_numbers_of_a_chain(reader_of: ReaderOf) -> None:
    """1 - 1/13 = 0.9231; six makers and five recent sources are enough."""
    answer = run(reader_of(), CoverageParams(region="甲高新区"))
    row = chain(answer, "chn:magnet")
    assert (row.makers, row.sources, row.recent_sources, row.mentions, row.single) == (6, 5, 5, 13, 1)
    assert (row.newest, row.completeness, row.searched) == ("2025-01-01", 0.9231, True)
    assert row.advice.lacks == ()
    assert [maker.id for maker in row.makers_listed] == [
        f"ent:{name}" for name in ("mag1", "mag2", "mag3", "mine", "sep", "smelt")
    ]
    assert len(row.claims) == 12  # six places, six products
    assert answer.looked_at["enterprises_here"] == 6


def test_other_industries_are_not_judged(reader_of: ReaderOf) -> None:
    """far makes copper wire in the town; one maker, two sources (s1, s4): not enough, and not asked for."""
    row = chain(run(reader_of(), CoverageParams(region="乙市", min_makers=0, min_sources=0)), "chn:other")
    assert (row.makers, row.sources, row.searched, row.advice.lacks) == (1, 2, False, ("not_judged",))


def test_what_to_load_next(reader_of: ReaderOf) -> None:
    """The town: one maker of five, two sources of five, seen in both (completeness 1)."""
    row = chain(run(reader_of(), CoverageParams(region="乙市")), "chn:magnet")
    assert (row.makers, row.recent_sources, row.completeness, row.searched) == (1, 2, 1.0, False)
    assert row.advice.lacks == ("makers", "recent_sources")
    assert "仅知 1 家" in row.advice.zh
    assert "再录入 4 家" in row.advice.zh
    assert "1 maker known here, 5 needed: load at least 4 more" in row.advice.en
    assert "2 sources since 2018, 5 needed: load at least 3 more" in row.advice.en


def test_thresholds_are_parameters(reader_of: ReaderOf) -> None:
    row = chain(run(reader_of(), CoverageParams(region="甲高新区", min_makers=7)), "chn:magnet")
    assert (row.searched, row.advice.lacks) == (False, ("makers",))
    row = chain(run(reader_of(), CoverageParams(region="甲高新区", min_sources=6)), "chn:magnet")
    assert (row.searched, row.advice.lacks) == (False, ("recent_sources",))


def test_sources_grow_old(reader_of: ReaderOf) -> None:
    """Seven years after 2025-01-01 (s5) only the sources within two years count: none."""
    row = chain(run(reader_of(as_of="2032-01-01"), CoverageParams(region="甲高新区", recent_years=2)), "chn:magnet")
    assert (row.sources, row.recent_sources, row.searched, row.newest) == (5, 0, False, "2025-01-01")


def test_makers_seen_once_call_for_a_second_list(reader_of: ReaderOf) -> None:
    """At the end of 2022 only mine is known to make anything, and only from s1: completeness 1 - 1/1 = 0."""
    row = chain(run(reader_of(as_of="2022"), CoverageParams(region="甲高新区")), "chn:magnet")
    assert (row.makers, row.mentions, row.single, row.completeness) == (1, 1, 1, 0.0)
    assert "second_sources" in row.advice.lacks


def test_a_region_without_enterprises(reader_of: ReaderOf) -> None:
    """Nothing lies in the land but the province: an empty region of its own has nought everywhere."""
    empty = claim("reg:empty", "name_zh", "空区")
    answer = run(reader_of(empty), CoverageParams(region="空区"))
    assert [(row.makers, row.completeness, row.searched) for row in answer.chains] == [(0, None, False)] * 2
    assert answer.advice.lacks[0] == "enterprises"


def test_enterprises_without_a_place(reader_of: ReaderOf) -> None:
    """nowhere makes plating somewhere; a second one makes nothing that is known."""
    other = claim("ent:lost", "name_zh", "失落")
    answer = run(reader_of(other), CoverageParams(region="甲高新区"))
    rows = [(row.enterprise.id, [product.id for product in row.makes]) for row in answer.unplaced_enterprises]
    assert rows == [("ent:lost", []), ("ent:nowhere", ["prd:plating"])]
    assert (answer.unplaced, answer.totals["unplaced_enterprises"]) == (1, 2)
    assert "2 enterprises of no known place (1 of them makers)" in answer.advice.en
    page = run(reader_of(other), CoverageParams(region="甲高新区", limit=1))
    assert page.truncated
    assert [row.enterprise.id for row in page.unplaced_enterprises] == ["ent:lost"]


def test_nodes_that_nothing_describes(reader_of: ReaderOf) -> None:
    """sep makes a product that is only an id; one that only far in the town makes is none of the zone's business."""
    mystery = claim("ent:sep", "produces", "prd:mystery", as_of="2024")
    elsewhere = claim("ent:far", "produces", "prd:riddle", as_of="2024")
    answer = run(reader_of(mystery, elsewhere), CoverageParams(region="甲高新区"))
    assert [(row.node.id, row.kind, len(row.claims)) for row in answer.dangling] == [("prd:mystery", "product", 1)]
    assert "descriptions" in answer.advice.lacks


def test_the_gaps_question_can_join_its_unknown_products(reader_of: ReaderOf) -> None:
    def unknown(reader: Reader, region: str) -> dict[str, tuple[str, ...]]:
        assert region == "reg:zone"
        return {"magnet": ("prd:robot",)}

    answer = run(reader_of(), CoverageParams(region="甲高新区"), unknown)
    assert chain(answer, "chn:magnet").unknown == ("prd:robot",)
    assert chain(answer, "chn:other").unknown == ()
    assert chain(run(reader_of(), CoverageParams(region="甲高新区")), "chn:magnet").unknown is None


def test_fewer_makers_may_be_listed(reader_of: ReaderOf) -> None:
    row = chain(run(reader_of(), CoverageParams(region="甲高新区", evidence=1)), "chn:magnet")
    assert ([maker.id for maker in row.makers_listed], row.makers, len(row.claims)) == (["ent:mag1"], 6, 2)


def test_bad_input(reader_of: ReaderOf) -> None:
    with pytest.raises(UnknownName):
        run(reader_of(), CoverageParams(region="没有"))
    for wrong in ({"recent_years": 0}, {"min_makers": -1}, {"limit": -5}):
        with pytest.raises(ValidationError):
            CoverageParams.model_validate({"region": "甲高新区"} | wrong)
