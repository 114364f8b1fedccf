"""What every Reader says of who makes what: tallies, makers, capacities."""

import pytest
import tiny
from oracles.comparing import (
    makers_shape,
    tally_shape,
)
from oracles.readers import ReaderOf
from tiny import claim

from graph.model.claims import Source, claim_id
from graph.readers.port_types import Capacity, ChainEvidence


def test_tally_of_the_zone(reader_of: ReaderOf) -> None:
    """mag3 makes hot magnets, which are magnets. mag1's plan makes nobody a maker; the motor plant is not finished.

    Nowhere's plating counts in total though it has no place. Owner groups: far owns 60 % of mag2, but is not here.
    """
    reader = reader_of()
    shape = tally_shape(reader.chain(), reader.tally("reg:zone"))
    assert shape["region"] == "reg:zone"
    assert shape["makers"] == {
        "prd:hot-magnet": ["ent:mag3"],
        "prd:magnet": ["ent:mag1", "ent:mag2", "ent:mag3"],
        "prd:metal": ["ent:smelt"],
        "prd:ore": ["ent:mine"],
        "prd:oxide-a": ["ent:sep"],
    }
    assert shape["total"] == {
        "prd:binder": 1, "prd:copper-wire": 1, "prd:hot-magnet": 1, "prd:magnet": 3, "prd:metal": 1, "prd:motor": 1,
        "prd:ore": 1, "prd:oxide-a": 1, "prd:plating": 1,
    }  # fmt: skip
    assert shape["direct"] == ["prd:hot-magnet", "prd:magnet", "prd:metal", "prd:ore", "prd:oxide-a"]
    assert shape["users"] == {}
    assert shape["stated"] == []
    assert (shape["enterprises"], shape["unplaced"]) == (6, 1)
    assert shape["groups"] == [["ent:mag1"], ["ent:mag2"], ["ent:mag3"], ["ent:mine"], ["ent:sep"], ["ent:smelt"]]


def test_tally_of_the_province_and_of_an_empty_region(reader_of: ReaderOf) -> None:
    """The province adds far, and with it the group far-mag2 (60 %)."""
    reader = reader_of([*tiny.CLAIMS, claim("reg:desert", "name_en", "Desert")])
    province = tally_shape(reader.chain(), reader.tally("reg:province"))
    assert province["makers"]["prd:binder"] == province["makers"]["prd:copper-wire"] == ["ent:far"]
    assert province["enterprises"] == 7
    assert ["ent:far", "ent:mag2"] in province["groups"]
    desert = tally_shape(reader.chain(), reader.tally("reg:desert"))
    assert (desert["makers"], desert["direct"], desert["enterprises"], desert["unplaced"]) == ({}, [], 0, 1)
    assert desert["total"] == province["total"]


def test_owner_groups(reader_of: ReaderOf) -> None:
    """a owns 50 % of b, an institute a share not told of b and c; d holds 49 % of c, and e did hold all of it.

    Firms that an institute holds are no group. With control at 40 %, c and d are one too.
    """
    reader = reader_of([
        claim("ent:a", "owns", "ent:b", amount=50.0, unit="%"),
        claim("ins:i", "owns", "ent:b"),
        claim("ins:i", "owns", "ent:c"),
        claim("ent:d", "owns", "ent:c", amount=49.0, unit="%"),
        claim("ent:e", "owns", "ent:c", amount=100.0, unit="%", flags=("former",)),
        *(claim(f"ent:{x}", "located_in", "reg:r") for x in "abcde"),
        *(claim(f"ent:{x}", "produces", "prd:p") for x in "abcde"),
    ])  # fmt: skip
    chain = reader.chain()
    assert tally_shape(chain, reader.tally("reg:r"))["groups"] == [["ent:a", "ent:b"], ["ent:c"], ["ent:d"], ["ent:e"]]
    wide = tally_shape(chain, reader.tally("reg:r", control_share=40.0))
    assert wide["groups"] == [["ent:a", "ent:b"], ["ent:c", "ent:d"], ["ent:e"]]


def test_users(reader_of: ReaderOf) -> None:
    """Who consumes hot magnets is a user of hot magnets, not of magnets; far is not in the zone."""
    reader = reader_of([
        *tiny.CLAIMS,
        claim("ent:mag1", "consumes", "prd:hot-magnet", as_of="2024"),
        claim("ent:far", "consumes", "prd:hot-magnet", as_of="2024"),
        claim("ent:mag2", "consumes", "prd:metal", as_of="2024", flags=("plan",)),
    ])  # fmt: skip
    assert tally_shape(reader.chain(), reader.tally("reg:zone"))["users"] == {"prd:hot-magnet": ["ent:mag1"]}


def test_a_finished_project_makes(reader_of: ReaderOf) -> None:
    """Completed, the plant makes motors here and leaves the pipeline; it is no enterprise."""
    done = claim("prj:motor-plant", "status", "completed", as_of="2026", source="src:s6")
    reader = reader_of([*tiny.CLAIMS, done])
    shape = tally_shape(reader.chain(), reader.tally("reg:zone"))
    assert shape["makers"]["prd:motor"] == ["prj:motor-plant"]
    assert shape["total"]["prd:motor"] == 2
    assert "prd:motor" in shape["direct"]
    assert (shape["pipeline"], shape["enterprises"]) == ([], 6)
    assert shape["evidence"]["magnet"]["makers"] == 7
    abroad = claim("ent:motorco", "produces", "prd:motor", as_of="2024", source="src:s5")
    plant = claim("prj:motor-plant", "project_product", "prd:motor", as_of="2024", source="src:s4")
    assert makers_shape(reader.makers("prd:motor", "reg:zone")) == [
        ("ent:motorco", [claim_id(abroad)], False, True), ("prj:motor-plant", [claim_id(plant)], True, True),
    ]  # fmt: skip


def test_evidence_of_the_zone(reader_of: ReaderOf) -> None:
    """Makers of the magnet chain here, with the sources of all their unflagged claims (who is supplied says nothing):

    mine s1; sep s1 s2; smelt s1 s3 s4; mag1 s1 s3 s5 (s4 tells of a plan); mag2 s1 s4; mag3 s1 s5: 13 mentions of 5
    sources, one maker seen once. Just s5 (2025-01-01) is within two years of 2026-11-23. Nobody makes copper wire here.
    """
    reader = reader_of()
    assert dict(reader.tally("reg:zone").evidence) == {
        "magnet": ChainEvidence(makers=6, sources=5, recent=5, mentions=13, single=1, newest="2025-01-01"),
        "other": ChainEvidence(makers=0, sources=0, recent=0, mentions=0, single=0, newest=None),
    }
    assert reader.tally("reg:zone", 2.0).evidence["magnet"].recent == 1


def test_figures_of_the_drawing(reader_of: ReaderOf) -> None:
    """Of mag1's two the capacity, not the plan; nobody's consumption is told."""
    reader = reader_of()
    shape = tally_shape(reader.chain(), reader.tally("reg:zone"))
    assert shape["capacities"] == [
        ("ent:mag1", "prd:magnet", 50.0, True),
        ("ent:sep", "prd:oxide-a", 100.0, True),
        ("ent:smelt", "prd:metal", 80.0, True),
    ]
    assert shape["consumption"] == []


def test_figures_in_tonnes_a_year_of_who_is_here(reader_of: ReaderOf) -> None:
    """3,000 kg/month are 36 t/yr; pieces, an output, 0, a plan, an unfinished project and a far maker are not told.

    b stands in the town too, so the zone does not hold all of it; that c may stand there is only a guess.
    """
    reader = reader_of([
        claim("reg:zone", "part_of", "reg:province"), claim("reg:town", "part_of", "reg:province"),
        *(claim(f"ent:{name}", "located_in", "reg:zone") for name in "abc"),
        claim("ent:b", "located_in", "reg:town"), claim("ent:c", "located_in", "reg:town", flags=("inferred",)),
        claim("ent:d", "located_in", "reg:town"),
        claim("ent:a", "produces", "prd:x", amount=3000.0, unit="kg/month", qualifier="capacity"),
        claim("ent:a", "produces", "prd:x", amount=7.0, unit="pieces/yr", qualifier="capacity"),
        claim("ent:a", "produces", "prd:y", amount=5.0, unit="t/yr", qualifier="output"),
        claim("ent:a", "produces", "prd:z", amount=0.0, unit="t/yr", qualifier="capacity"),
        claim("ent:b", "produces", "prd:y", amount=9.0, unit="t/yr", qualifier="capacity", flags=("plan",)),
        claim("ent:b", "produces", "prd:x", amount=4.0, unit="t/yr", qualifier="capacity"),
        claim("ent:c", "consumes", "prd:x", amount=2.0, unit="t/yr"),
        claim("ent:d", "produces", "prd:x", amount=8.0, unit="t/yr", qualifier="capacity"),
        *(c for name, status in (("done", "completed"), ("open", "signed")) for c in (
            claim(f"prj:{name}", "located_in", "reg:zone"), claim(f"prj:{name}", "status", status),
            claim(f"prj:{name}", "project_product", "prd:x", amount=6.0, unit="t/yr"))),
    ])  # fmt: skip
    shape = tally_shape(reader.chain(), reader.tally("reg:zone"))
    assert shape["capacities"] == [
        ("ent:a", "prd:x", 36.0, True), ("ent:b", "prd:x", 4.0, False), ("prj:done", "prd:x", 6.0, True),
    ]  # fmt: skip
    assert shape["consumption"] == [("ent:c", "prd:x", 2.0, True)]
    wide = tally_shape(reader.chain(), reader.tally("reg:province"))
    assert [told[3] for told in wide["capacities"]] == [True] * 4


def test_a_kind_of_the_chain_is_evidence_for_it(reader_of: ReaderOf) -> None:
    """Whoever makes hot magnets makes a magnet: hot magnets are put into another chain, but both chains know him."""
    reader = reader_of([
        claim("prd:magnet", "chain", "chn:magnet"),
        claim("prd:hot", "chain", "chn:hot"),
        claim("prd:hot", "subclass_of", "prd:magnet"),
        claim("ent:a", "produces", "prd:hot"),
        claim("ent:a", "located_in", "reg:r"),
    ])  # fmt: skip
    assert {word: one.makers for word, one in reader.tally("reg:r").evidence.items()} == {"hot": 1, "magnet": 1}


@pytest.mark.parametrize(
    "day, recent", [("2018-11-24", 1), ("2018-11-23", 1), ("2018-11-22", 0), ("2018", 0), ("2026-11-24", 0)]
)
def test_the_window_of_recent_sources(reader_of: ReaderOf, day: str, recent: int) -> None:
    """8 years before 2026-11-23 are 8 x 365.25 = 2922 days: 2018-11-23 is the first. A later source is not recent."""
    reader = reader_of(
        [
            claim("prd:p", "chain", "chn:c", source="src:s1"),
            claim("ent:a", "produces", "prd:p", source="src:x"),
            claim("ent:a", "located_in", "reg:r", source="src:x"),
        ],
        sources=[Source("src:x", "", "", day, "other")],
    )
    assert reader.tally("reg:r").evidence["c"] == ChainEvidence(1, 1, recent, 1, 1, day)


def test_pipeline(reader_of: ReaderOf) -> None:
    """The plant will make motors by 2027-06; its status, product, place and date each stand on a claim."""
    reader = reader_of([*tiny.CLAIMS, claim("prd:motor", "subclass_of", "prd:robot")])
    behind = tuple(sorted(
        claim_id(one) for one in tiny.CLAIMS
        if one.subject == "prj:motor-plant" and one.as_of and one.value != "signed"
    ))  # fmt: skip
    assert len(behind) == 4
    assert tally_shape(reader.chain(), reader.tally("reg:zone"))["pipeline"] == [
        ("prd:motor", "prj:motor-plant", "under_construction", "2027-06", behind),
        ("prd:robot", "prj:motor-plant", "under_construction", "2027-06", behind),
    ]
    assert reader.tally("reg:town").pipeline == ()


@pytest.mark.parametrize(
    "region, stated", [("reg:zone", True), ("reg:province", True), ("reg:town", True), ("reg:land", False)]
)
def test_stated_absence_reaches_down(reader_of: ReaderOf, region: str, stated: bool) -> None:
    """What the province lacks, its parts lack; who lacks magnets lacks hot magnets. The land may still have them."""
    lacks = claim("reg:province", "lacks", "prd:magnet", as_of="2024", source="src:s4")
    reader = reader_of([*tiny.CLAIMS, lacks])
    expected = [("prd:hot-magnet", (claim_id(lacks),)), ("prd:magnet", (claim_id(lacks),))] if stated else []
    assert tally_shape(reader.chain(), reader.tally(region))["stated"] == expected


def test_a_survey_covers_a_product_its_kinds_or_a_chain(reader_of: ReaderOf) -> None:
    """One source lists all makers of the chain `other` (copper wire) here, one all of magnets, another is doubtful."""
    chain = claim("src:s6", "surveys", "reg:province", qualifier="chn:other", as_of="2024")
    magnets = claim("src:s6", "surveys", "reg:zone", qualifier="prd:magnet", as_of="2024")
    doubtful = claim("src:s5", "surveys", "reg:zone", qualifier="prd:robot", as_of="2024", flags=("doubtful",))
    blank = claim("src:s4", "surveys", "reg:zone", as_of="2024")
    lacks = claim("reg:zone", "lacks", "prd:hot-magnet", as_of="2024")
    reader = reader_of([*tiny.CLAIMS, chain, magnets, doubtful, blank, lacks])
    assert tally_shape(reader.chain(), reader.tally("reg:zone"))["stated"] == [
        ("prd:copper-wire", (claim_id(chain),)),
        ("prd:hot-magnet", tuple(sorted([claim_id(magnets), claim_id(lacks)]))),
        ("prd:magnet", (claim_id(magnets),)),
    ]


def test_makers(reader_of: ReaderOf) -> None:
    """Magnets are made by mag1 (its capacity counts, its plan does not), mag2, and mag3 through hot magnets."""
    reader = reader_of()
    found = reader.makers("prd:magnet", "reg:zone")
    assert [(one.entity, one.here, one.placed) for one in found] == [
        ("ent:mag1", True, True), ("ent:mag2", True, True), ("ent:mag3", True, True),
    ]  # fmt: skip
    assert [[(fact.object, fact.qualifier) for fact in one.facts] for one in found] == [
        [("prd:magnet", "capacity")], [("prd:magnet", "")], [("prd:hot-magnet", "")],
    ]  # fmt: skip
    assert [one.entity for one in reader.makers("prd:hot-magnet")] == ["ent:mag3"]
    assert [(one.entity, one.here, one.placed) for one in reader.makers("prd:plating", "reg:zone")] == [
        ("ent:nowhere", False, False),
    ]  # fmt: skip
    assert [one.here for one in reader.makers("prd:magnet")] == [False] * 3
    assert [one.here for one in reader.makers("prd:magnet", "reg:town")] == [False] * 3
    assert reader.makers("prd:robot") == ()
    assert reader.makers("ent:mag1") == ()


def test_capacities(reader_of: ReaderOf) -> None:
    """Of magnets and kinds of them, in t/yr: mag1's 50, not its plan of 90, and mag3's hot ones, told as 2,000 kg/yr.

    mag3's 1 piece/yr is another dimension, mag2's output is no capacity, and a finished project is no enterprise.
    """
    hot = claim(
        "ent:mag3", "produces", "prd:hot-magnet", amount=2000.0, unit="kg/yr", qualifier="capacity", as_of="2024"
    )
    pieces = claim(
        "ent:mag3", "produces", "prd:hot-magnet", amount=1.0, unit="pieces/yr", qualifier="capacity", as_of="2024"
    )
    reader = reader_of([
        *tiny.CLAIMS, hot, pieces, claim("ent:mag3", "country", "CN"),
        claim("ent:mag2", "produces", "prd:magnet", amount=5.0, unit="t/yr", qualifier="output", as_of="2024"),
        claim("prj:motor-plant", "status", "completed", as_of="2026"),
        claim("prj:motor-plant", "project_product", "prd:magnet", amount=9.0, unit="t/yr", as_of="2026"),
    ])  # fmt: skip
    told = claim("ent:mag1", "produces", "prd:magnet", amount=50.0, unit="t/yr", qualifier="capacity", as_of="2023",
                 source="src:s3")  # fmt: skip
    mag3 = [
        Capacity("ent:mag3", "prd:hot-magnet", 2.0, "mass/time", claim_id(hot)),
        Capacity("ent:mag3", "prd:hot-magnet", 1.0, "pieces/time", claim_id(pieces)),
    ]
    mag1 = Capacity("ent:mag1", "prd:magnet", 50.0, "mass/time", claim_id(told))
    assert reader.capacities("prd:magnet") == (mag1, *mag3)
    assert reader.capacities("prd:hot-magnet") == reader.capacities("prd:magnet", "CN") == tuple(mag3)
    assert reader.capacities("prd:robot") == ()
