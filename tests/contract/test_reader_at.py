"""What every Reader makes of another AsOf: the same claims and revision, as a reader opened then would see them."""

import tiny
from oracles.readers import ReaderOf, assert_equal
from tiny import claim

from graph.model.claims import claim_id
from graph.model.dates import AsOf

THEN = AsOf.parse("2024", "2024")


def test_another_day_is_what_a_reader_of_that_day_sees(reader_of: ReaderOf) -> None:
    """At the end of 2024 mag3 (2025) is no maker yet, and nobody knows of motorco, told by a source of 2025."""
    now = reader_of()
    then = now.at(THEN)
    assert (then.as_of, then.revision) == (THEN, now.revision)
    assert [one.entity for one in then.makers("prd:magnet")] == ["ent:mag1", "ent:mag2"]
    assert then.makers("prd:motor") == ()
    assert [one.entity for one in now.makers("prd:magnet")] == ["ent:mag1", "ent:mag2", "ent:mag3"]
    assert_equal(reader_of(as_of=THEN), then)


def test_there_and_back_again(reader_of: ReaderOf) -> None:
    now = reader_of()
    assert_equal(now, now.at(THEN).at(now.as_of))
    assert_equal(now, now.at(now.as_of))


def test_what_was_supposed_stays_supposed(reader_of: ReaderOf) -> None:
    """A plater known since 2023 and mag1's capacity never told: on the other day as on this one, then as after."""
    comes = [
        claim("ent:new", "produces", "prd:plating", as_of="2023", source="src:s1"),
        claim("ent:new", "located_in", "reg:zone", as_of="2023", source="src:s1"),
        claim("ent:new", "produces", "prd:robot", as_of="2025", source="src:s6"),
    ]
    goes = claim("ent:mag1", "produces", "prd:magnet", amount=50.0, unit="t/yr", qualifier="capacity", as_of="2023",
                 source="src:s3")  # fmt: skip
    now = reader_of()
    then = now.with_claims(comes, [claim_id(goes)]).at(THEN)
    assert [one.entity for one in then.makers("prd:plating", "reg:zone")] == ["ent:new"]
    assert then.makers("prd:robot") == ()
    assert [one.entity for one in then.makers("prd:magnet")] == ["ent:mag2"]
    changed = reader_of([*(one for one in tiny.CLAIMS if one != goes), *comes], as_of=THEN)
    assert_equal(changed, then)
    assert_equal(changed, now.at(THEN).with_claims(comes, [claim_id(goes)]))
    assert [one.entity for one in now.makers("prd:plating")] == ["ent:nowhere"]
