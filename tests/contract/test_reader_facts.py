"""What every Reader says of facts, what they are cited by, and their claims."""

import pytest
import tiny
from oracles.comparing import (
    chain_shape,
)
from oracles.readers import ReaderOf, keys
from tiny import claim

from graph.model.claims import Source, claim_id
from graph.model.dates import AsOf
from graph.model.facts import Fact


def test_facts_of_a_subject_in_key_order(reader_of: ReaderOf) -> None:
    """What flags keep out of sums is shown all the same; a qualifier tells mag1's capacity from its plan."""
    facts = reader_of().facts(["ent:mag1"])
    assert keys(facts) == [
        ("ent:mag1", "alias", None, "磁一股份"),
        ("ent:mag1", "code", None, "SZSE:300001"),
        ("ent:mag1", "located_in", "reg:zone", ""),
        ("ent:mag1", "name_en", None, ""),
        ("ent:mag1", "name_zh", None, ""),
        ("ent:mag1", "produces", "prd:magnet", "capacity"),
        ("ent:mag1", "produces", "prd:magnet", "plan"),
        ("ent:mag1", "supplies", "ent:motorco", "prd:magnet"),
    ]
    assert [(fact.value, fact.unit, fact.flags, fact.used) for fact in facts[5:7]] == [
        (50.0, "t/yr", (), True), (90.0, "t/yr", ("plan",), False),
    ]  # fmt: skip


def test_facts_of_an_object_and_of_either_end(reader_of: ReaderOf) -> None:
    """smelt is supplied by sep (in) and supplies mag1 and mag2 (out); a predicate nobody declared says nothing."""
    reader = reader_of()
    towards = [("ent:sep", "supplies", "ent:smelt", "prd:oxide-a")]
    onwards = [("ent:smelt", "supplies", "ent:mag1", "prd:metal"), ("ent:smelt", "supplies", "ent:mag2", "prd:metal")]
    assert keys(reader.facts(["ent:smelt"], ["supplies"], "in")) == towards
    assert keys(reader.facts(["ent:smelt"], ["supplies"], "out")) == onwards
    assert keys(reader.facts(["ent:smelt", "ent:smelt"], ["supplies"], "both")) == towards + onwards
    assert keys(reader.facts(["ent:smelt", "ent:sep"], ["supplies", "sells"], "both")) == towards + onwards
    assert reader.facts(["ent:smelt"], []) == reader.facts([]) == ()
    assert keys(reader.facts(["prd:motor"], direction="in")) == [
        ("chn:magnet", "chain_target", "prd:motor", ""),
        ("ent:motorco", "produces", "prd:motor", ""),
        ("prc:wind", "yields", "prd:motor", ""),
        ("prj:motor-plant", "project_product", "prd:motor", ""),
    ]


def test_a_fact_holds_all_its_claim_says(reader_of: ReaderOf) -> None:
    said = claim("prc:press", "yields", "prd:magnet", amount=1.0, unit="kg/kg",
                 detail=(("basis", "per kg prd:magnet"), ("is_main", True)))  # fmt: skip
    (fact,) = reader_of().facts(["prc:press"], ["yields"])
    assert fact == Fact(*said[:11], said.confidence, claim_id(said))


@pytest.mark.parametrize(
    "valid, known, status",
    [
        ("2026", None, "under_construction"),
        ("2025-03", None, "under_construction"),
        ("2025-02-28", None, "signed"),
        ("2024-01-01", None, "signed"),
        ("2023-12-31", None, None),
        ("2026", "2025-03-30", "signed"),
        ("2026", "2025-03-31", "under_construction"),
        ("2026", "2024-02-01", None),
    ],
)
def test_status_at_each_time(reader_of: ReaderOf, valid: str, known: str | None, status: str | None) -> None:
    """Signed in 2024 (s4 of 2024-02-02), under construction since 2025-03 (s6 of 2025-03: known at its end)."""
    facts = reader_of(as_of=AsOf.parse(valid, known)).facts(["prj:motor-plant"], ["status"])
    assert [fact.value for fact in facts] == ([status] if status else [])


def test_dates_never_hide_what_is_timeless(reader_of: ReaderOf) -> None:
    """Long before every source, names, recipes and geography stand; nobody is placed and nobody makes anything."""
    early, today = reader_of(as_of=AsOf.parse("1990", "1990")), reader_of()
    assert chain_shape(early.chain()) == chain_shape(today.chain())
    assert early.nodes(["ent:mag1"]) == today.nodes(["ent:mag1"])
    assert early.around("reg:zone") == today.around("reg:zone")
    assert early.counts() == today.counts()
    assert early.placed("reg:land", ["enterprise"]) == ()
    assert early.makers("prd:magnet") == ()


def test_until_and_ended(reader_of: ReaderOf) -> None:
    """`until` is exclusive. A later claim flagged former or ended ends the earlier ones; one without qualifier, all."""
    made = [
        claim("ent:a", "produces", "prd:x", qualifier="capacity", as_of="2020", until="2022"),
        claim("ent:b", "produces", "prd:x", qualifier="capacity", as_of="2020"),
        claim("ent:b", "produces", "prd:x", as_of="2022", flags=("former",)),
        claim("ent:c", "produces", "prd:x", qualifier="capacity", as_of="2023"),
        claim("ent:c", "produces", "prd:x", as_of="2022", flags=("ended",)),
    ]

    def makers(valid: str) -> list[str]:
        return [maker.entity for maker in reader_of(made, as_of=AsOf.parse(valid)).makers("prd:x")]

    assert makers("2021-12-31") == ["ent:a", "ent:b"]
    assert makers("2022-01-01") == []
    assert makers("2023") == ["ent:c"]


def test_conflicts_stand_side_by_side(reader_of: ReaderOf) -> None:
    """Of equal date: 70 and 80 differ; 80,000 kg is 80 t, and pieces are another key. The better grade is shown."""
    official = claim("ent:a", "produces", "prd:x", amount=80.0, unit="t/yr", as_of="2023", source="src:s1")
    press = claim("ent:a", "produces", "prd:x", amount=70.0, unit="t/yr", as_of="2023", source="src:s2")
    agreeing = claim("ent:a", "produces", "prd:x", amount=80_000.0, unit="kg/yr", as_of="2023", source="src:s2")
    older = claim("ent:a", "produces", "prd:x", amount=60.0, unit="t/yr", as_of="2022", source="src:s1")
    pieces = claim("ent:a", "produces", "prd:x", amount=5.0, unit="pieces/yr", as_of="2023", source="src:s2")
    reader = reader_of([press, agreeing, older, pieces, official])
    (fact,) = reader.conflicts()
    assert (fact.claim, fact.conflicts) == (claim_id(official), (claim_id(press),))
    assert reader.conflicts(["ent:a"]) == (fact,)
    assert reader.conflicts(["prd:x"]) == ()
    assert {one.claim for one in reader.facts(["ent:a"])} == {claim_id(official), claim_id(pieces)}


def test_cite(reader_of: ReaderOf) -> None:
    """By subject, by object, or both; mag1's plan makes nobody a maker, but a figure called plan is a figure."""
    figure = claim("ent:mag1", "indicator", 7.0, unit="t/yr", qualifier="plan")
    hedged = claim("ent:mag2", "supplies", "ent:mag1", flags=("doubtful",))
    reader = reader_of([*tiny.CLAIMS, figure, hedged])

    def said(subject: str, predicate: str, object_: str, qualifier: str = "") -> str:
        found = [fact.claim for fact in reader.facts([subject], [predicate])
                 if (fact.object, fact.qualifier) == (object_, qualifier)]  # fmt: skip
        assert len(found) == 1
        return found[0]

    mag1 = said("ent:mag1", "produces", "prd:magnet", "capacity")
    mag2 = said("ent:mag2", "produces", "prd:magnet")
    metal = said("ent:smelt", "supplies", "ent:mag1", "prd:metal")
    assert reader.cite(["ent:mag1"], ["produces"]) == (mag1,)
    assert reader.cite(None, ["produces"], ["prd:magnet"]) == (mag1, mag2)
    assert reader.cite(None, ["produces"], ["prd:magnet"], limit=1) == (mag1,)
    assert reader.cite(["ent:mag2", "ent:smelt"], ["supplies", "produces"], ["ent:mag1", "prd:magnet"]) == (mag2, metal)
    assert reader.cite(["ent:mag1"], ["indicator"]) == (claim_id(figure),)
    assert reader.cite([], ["produces"]) == reader.cite(["ent:mag1"], []) == ()


def test_claims_by_id_and_about_nodes(reader_of: ReaderOf) -> None:
    """In recorded order, each once, whatever their date or status."""
    reader = reader_of(as_of=AsOf.parse("1990"))
    about = [claim_id(one) for one in tiny.CLAIMS if "prj:motor-plant" in (one.subject, one.object)]
    assert [stored.id for stored in reader.claims(["prj:motor-plant"])] == about
    assert [stored.id for stored in reader.claims(about[::-1])] == about
    assert [stored.id for stored in reader.claims([about[-1], "prj:motor-plant"])] == about
    assert reader.claims(about[:1])[0].claim.predicate == "name_zh"
    assert reader.claims([]) == reader.claims(["ent:nobody", "clm:" + "0" * 24]) == ()


def test_claims_at_one_end(reader_of: ReaderOf) -> None:
    """As subject, as object; claims named by their id come either way."""
    reader = reader_of()
    told = [claim_id(one) for one in tiny.CLAIMS if one.subject == "ent:mag1"]
    about = [claim_id(one) for one in tiny.CLAIMS if one.object == "ent:mag1"]
    assert [stored.id for stored in reader.claims(["ent:mag1"], "out")] == told
    assert [stored.id for stored in reader.claims(["ent:mag1"], "in")] == about
    assert {stored.id for stored in reader.claims(["ent:mag1", told[0]], "in")} == {told[0], *about}
    made = [claim_id(one) for one in tiny.CLAIMS if (one.subject, one.predicate) == ("ent:mag1", "produces")]
    assert [stored.id for stored in reader.claims(["ent:mag1"], "out", ("produces", "operates"))] == made
    assert {stored.id for stored in reader.claims([told[0], "ent:mag1"], "both", ("produces",))} == {told[0], *made}


def test_sources(reader_of: ReaderOf) -> None:
    """s7 is cited by nobody."""
    reader = reader_of()
    assert reader.sources() == tiny.SOURCES[:6]
    assert reader.sources(["src:s2", "src:s1", "src:nobody", "src:s2"]) == tiny.SOURCES[:2]
    lost = reader_of([claim("ent:a", "name_en", "A", source="src:lost")])
    assert lost.sources() == lost.sources(["src:lost"]) == (Source("src:lost", "", "", None, "other"),)
