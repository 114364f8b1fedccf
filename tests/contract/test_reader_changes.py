"""What every Reader makes of nodes decided to be one, and of claims that are only supposed."""

import tiny
from oracles.readers import ReaderOf, assert_equal, keys, same_as
from tiny import claim

from graph.model.claims import claim_id

# Merged nodes


def test_two_nodes_decided_to_be_one(reader_of: ReaderOf) -> None:
    """mag2 is read as mag1: its claims are mag1's, its supplier is there once, and the old id still leads to the node.

    In a qualifier too: oxide-a read as oxide-b makes sep a maker, and a supplier, of oxide-b.
    """
    reader = reader_of(decisions=[same_as("ent:mag1", "ent:mag2"), same_as("prd:oxide-b", "prd:oxide-a")])
    assert "ent:mag2" not in reader.ids(["enterprise"])
    assert reader.nodes(["ent:mag2"])[0].id == reader.nodes(["ent:mag1"])[0].id == "ent:mag1"
    assert [one.entity for one in reader.makers("prd:magnet", "reg:zone")] == ["ent:mag1", "ent:mag3"]
    assert keys(reader.facts(["ent:mag2"], ["produces"])) == [
        ("ent:mag1", "produces", "prd:magnet", ""),
        ("ent:mag1", "produces", "prd:magnet", "capacity"),
        ("ent:mag1", "produces", "prd:magnet", "plan"),
    ]
    assert reader.reach("ent:smelt", "supplies", "out", 1, 9).tiers == (("ent:mag1",),)
    (supply,) = reader.facts(["ent:sep"], ["supplies"])
    assert supply.qualifier == "prd:oxide-b"
    assert [one.entity for one in reader.makers("prd:oxide-a")] == ["ent:sep"]
    assert [one.amount for one in reader.capacities("prd:oxide-a")] == [100.0]
    told = claim("ent:sep", "supplies", "ent:smelt", qualifier="prd:oxide-a", as_of="2023", source="src:s2")
    assert supply.claim == claim_id(told)
    about = {stored.claim.subject for stored in reader.claims(["ent:mag1"])}
    assert {"ent:mag1", "ent:mag2"} <= about
    assert reader.claims(["ent:mag2"]) == reader.claims(["ent:mag1"])


def test_merging_is_a_chain_and_can_be_undone(reader_of: ReaderOf) -> None:
    """mag3 -> mag2 -> mag1. Undone, said from either side, only what it was decided for is apart again."""
    merged = [same_as("ent:mag2", "ent:mag3"), same_as("ent:mag1", "ent:mag2")]
    one = reader_of(decisions=merged)
    assert [node.id for node in one.nodes(["ent:mag3", "ent:mag2"])] == ["ent:mag1"] * 2
    assert one.claims(["ent:mag3"]) == one.claims(["ent:mag1"])
    assert {"ent:mag1", "ent:mag2", "ent:mag3"} <= {stored.claim.subject for stored in one.claims(["ent:mag3"])}
    for pair in (("ent:mag1", "ent:mag2"), ("ent:mag2", "ent:mag1")):
        reader = reader_of(decisions=[*merged, same_as(*pair, action="not_same_as")])
        assert [node.id for node in reader.nodes(["ent:mag1", "ent:mag2", "ent:mag3"])] == [
            "ent:mag1",
            "ent:mag2",
            "ent:mag2",
        ]


def test_the_last_word_on_a_pair_counts(reader_of: ReaderOf) -> None:
    """Decided the other way round later, the other id is kept."""
    reader = reader_of(decisions=[same_as("ent:mag1", "ent:mag2"), same_as("ent:mag2", "ent:mag1")])
    assert reader.nodes(["ent:mag1"])[0].id == "ent:mag2"


# What if


def test_with_claims_adds_and_drops(reader_of: ReaderOf) -> None:
    """A robot maker comes to the zone, smelt's capacity was never told: the reader it came from does not change."""
    comes = [claim("ent:new", "produces", "prd:robot", as_of="2026"), claim("ent:new", "located_in", "reg:zone")]
    goes = claim("ent:smelt", "produces", "prd:metal", amount=80.0, unit="t/yr", qualifier="capacity", as_of="2023",
                 source="src:s3")  # fmt: skip
    before = reader_of()
    after = before.with_claims(comes, [claim_id(goes)])
    assert [one.entity for one in after.makers("prd:robot", "reg:zone")] == ["ent:new"]
    assert after.makers("prd:metal") == before.makers("prd:robot") == ()
    assert [one.entity for one in before.makers("prd:metal")] == ["ent:smelt"]
    assert after.nodes(["ent:new"])[0].dangling
    changed = reader_of([*(one for one in tiny.CLAIMS if one != goes), *comes])
    assert_equal(changed, after)
    assert before.with_claims(comes, [claim_id(comes[0])]).makers("prd:robot") == ()
    again = after.with_claims([goes], [claim_id(comes[0])])
    assert again.makers("prd:robot") == ()
    assert [one.entity for one in again.makers("prd:metal")] == ["ent:smelt"]


def test_with_claims_revives_what_was_retracted(reader_of: ReaderOf) -> None:
    made = claim("ent:mine", "produces", "prd:robot")
    reader = reader_of([*tiny.CLAIMS, made], retracted=[claim_id(made)])
    assert reader.makers("prd:robot") == ()
    revived = reader.with_claims([made])
    assert [one.entity for one in revived.makers("prd:robot")] == ["ent:mine"]
    assert [stored.status for stored in revived.claims([claim_id(made)])] == ["accepted"]


def test_with_claims_keeps_merged_nodes_merged(reader_of: ReaderOf) -> None:
    reader = reader_of(decisions=[same_as("ent:mag1", "ent:mag2")])
    after = reader.with_claims([claim("ent:mag2", "produces", "prd:robot")])
    assert [one.entity for one in after.makers("prd:robot")] == ["ent:mag1"]
