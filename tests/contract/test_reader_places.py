"""What every Reader says of regions and who is in them."""

import tiny
from oracles.readers import ReaderOf
from tiny import claim


def test_around_and_placed(reader_of: ReaderOf) -> None:
    """reg:zone and reg:town lie in reg:province, which lies in reg:land; reg:abroad lies in nothing."""
    reader = reader_of()
    assert reader.around("reg:zone") == ("reg:zone", "reg:province", "reg:land")
    assert reader.around("reg:abroad") == ("reg:abroad",)
    zone = ("ent:mag1", "ent:mag2", "ent:mag3", "ent:mine", "ent:sep", "ent:smelt")
    assert reader.placed("reg:zone", ["enterprise"]) == zone
    assert reader.placed("reg:zone", ["project", "enterprise"]) == (*zone, "prj:motor-plant")
    assert reader.placed("reg:province", ["enterprise"]) == ("ent:far", *zone)
    assert reader.placed("reg:land", ["enterprise"]) == ("ent:far", *zone)
    assert reader.placed("reg:abroad", ["enterprise"]) == ("ent:motorco",)
    assert reader.placed("reg:zone", ["institution"]) == ()
    assert reader.unplaced(["enterprise"]) == ("ent:nowhere",)
    assert reader.unplaced(["project"]) == ()


def test_an_institute_has_a_place_of_its_own(reader_of: ReaderOf) -> None:
    """A laboratory abroad moves neither the motor plant nor an enterprise there, and is no enterprise itself."""
    reader = reader_of([*tiny.CLAIMS, claim("ins:lab", "located_in", "reg:abroad")])
    assert reader.placed("reg:abroad", ["enterprise", "institution", "project"]) == ("ent:motorco", "ins:lab")
    abroad, zone = reader.tally("reg:abroad"), reader.tally("reg:zone")
    assert (abroad.enterprises, abroad.pipeline) == (1, ())
    assert [one.project for one in zone.pipeline] == ["prj:motor-plant"]
    assert reader.unplaced(["enterprise"]) == ("ent:nowhere",)


def test_around_goes_tier_by_tier(reader_of: ReaderOf) -> None:
    """a lies in b and z; b in m and y, z in k and a again. Nearest first, in id order at one distance, a only once."""
    parts = [("a", "z"), ("a", "b"), ("b", "y"), ("b", "m"), ("z", "k"), ("z", "a")]
    reader = reader_of([claim(f"reg:{part}", "part_of", f"reg:{whole}") for part, whole in parts])
    assert reader.around("reg:a") == ("reg:a", "reg:b", "reg:z", "reg:k", "reg:m", "reg:y")


def test_a_region_with_two_parents_lies_in_both(reader_of: ReaderOf) -> None:
    """reg:zone lies in reg:province and in reg:belt; the place of a, flagged coarser, is not used, and b's is over."""
    reader = reader_of([
        *tiny.CLAIMS,
        claim("reg:zone", "part_of", "reg:belt"),
        claim("ent:a", "located_in", "reg:zone", flags=("coarser",)),
        claim("ent:b", "located_in", "reg:zone", as_of="2020", until="2021"),
    ])  # fmt: skip
    zone = reader.placed("reg:zone", ["enterprise"])
    assert len(zone) == 6
    assert reader.placed("reg:belt", ["enterprise"]) == zone
    assert reader.placed("reg:province", ["enterprise"]) == ("ent:far", *zone)
    assert reader.unplaced(["enterprise"]) == ("ent:a", "ent:b", "ent:nowhere")


def test_regions_in_a_circle_are_one_place(reader_of: ReaderOf) -> None:
    """a in b in c in a, d in b: who is in d is in a, b and c, but who is in a is not in d."""
    parts = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "b")]
    reader = reader_of([
        *(claim(f"reg:{part}", "part_of", f"reg:{whole}") for part, whole in parts),
        claim("ent:in-a", "located_in", "reg:a"),
        claim("ent:in-d", "located_in", "reg:d"),
    ])  # fmt: skip
    for region in ("reg:a", "reg:b", "reg:c"):
        assert reader.placed(region, ["enterprise"]) == ("ent:in-a", "ent:in-d")
    assert reader.placed("reg:d", ["enterprise"]) == ("ent:in-d",)


def test_where_a_process_applies(reader_of: ReaderOf) -> None:
    """A pit in the town: its ore is worked in the pit, the town, the zone beside it (one province) and around them.

    Not in a neighbouring province of the same land, nor abroad. A region that is part of nothing shares no province.
    """
    reader = reader_of([
        *tiny.CLAIMS,
        claim("reg:pit", "part_of", "reg:town"),
        claim("reg:neighbour", "part_of", "reg:land"),
        claim("prc:dig", "site", "reg:pit"),
        claim("prc:fish", "site", "reg:abroad"),
    ])  # fmt: skip

    def tied(region: str) -> list[str]:
        names = reader.chain().processes
        applying = [name for name, flag in zip(names, reader.applies(region), strict=True) if flag]
        assert set(names) - set(applying) <= {"prc:dig", "prc:fish"}
        return [name for name in applying if name in ("prc:dig", "prc:fish")]

    for region in ("reg:pit", "reg:town", "reg:zone", "reg:province", "reg:land"):
        assert tied(region) == ["prc:dig"], region
    assert tied("reg:neighbour") == []
    assert tied("reg:abroad") == ["prc:fish"]
