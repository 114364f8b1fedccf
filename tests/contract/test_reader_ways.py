"""How every Reader walks."""

import pytest
import tiny
from oracles.readers import ReaderOf
from tiny import claim


def test_reach_over_supplies(reader_of: ReaderOf) -> None:
    """sep -> smelt -> mag1, mag2; mag1 -> motorco. far supplies mag1, so both ways it is two steps from smelt."""
    reader = reader_of()

    def reached(start: str, direction: str, hops: int, limit: int = 99) -> tuple[object, bool, list[tuple[str, str]]]:
        reach = reader.reach(start, "supplies", direction, hops, limit)  # type: ignore[arg-type]
        return reach.tiers, reach.truncated, [(fact.subject[4:], str(fact.object)[4:]) for fact in reach.links]

    first, second = ("ent:smelt",), ("ent:mag1", "ent:mag2")
    two = [("sep", "smelt"), ("smelt", "mag1"), ("smelt", "mag2")]
    assert reached("ent:sep", "out", 0) == ((), False, [])
    assert reached("ent:sep", "out", 1) == ((first,), False, two[:1])
    assert reached("ent:sep", "out", 2) == ((first, second), False, two)
    assert reached("ent:sep", "out", 9)[0] == (first, second, ("ent:motorco",))
    assert reached("ent:sep", "in", 9) == ((), False, [])
    assert reached("ent:motorco", "in", 2) == (
        (("ent:mag1",), ("ent:far", "ent:smelt")), False, [("far", "mag1"), ("mag1", "motorco"), ("smelt", "mag1")],
    )  # fmt: skip
    assert reached("ent:smelt", "both", 2)[0] == (("ent:mag1", "ent:mag2", "ent:sep"), ("ent:far", "ent:motorco"))


@pytest.mark.parametrize(
    "limit, tiers, truncated, links",
    [
        (4, [["smelt"], ["mag1", "mag2"], ["motorco"]], False, 4),
        (3, [["smelt"], ["mag1", "mag2"]], True, 3),
        (2, [["smelt"], ["mag1"]], True, 2),
        (1, [["smelt"]], True, 1),
        (0, [], True, 0),
    ],
)
def test_reach_is_cut_at_the_limit(
    reader_of: ReaderOf, limit: int, tiers: list[list[str]], truncated: bool, links: int
) -> None:
    """sep reaches four: with room for four nothing is cut; with less the smaller ids of the last tier stay."""
    reach = reader_of().reach("ent:sep", "supplies", "out", 9, limit)
    assert [[node[4:] for node in tier] for tier in reach.tiers] == tiers
    assert (reach.truncated, len(reach.links)) == (truncated, links)


def test_reach_walks_a_circle_once(reader_of: ReaderOf) -> None:
    """a -> b -> c -> a, b -> b: back to the start and to oneself leads nowhere. A doubtful link is not walked."""
    reader = reader_of([
        *(claim(f"ent:{x}", "supplies", f"ent:{y}") for x, y in ("ab", "bc", "ca", "bb")),
        claim("ent:c", "supplies", "ent:d", flags=("doubtful",)),
    ])  # fmt: skip
    reach = reader.reach("ent:a", "supplies", "out", 9, 9)
    assert reach.tiers == (("ent:b",), ("ent:c",))
    assert [(fact.subject, fact.object) for fact in reach.links] == [("ent:a", "ent:b"), ("ent:b", "ent:c")]


def test_each_product_is_a_link_of_its_own(reader_of: ReaderOf) -> None:
    """far supplies mag1 with binder, and with copper wire as well: two links to one node."""
    reader = reader_of([*tiny.CLAIMS, claim("ent:far", "supplies", "ent:mag1", qualifier="prd:copper-wire")])
    reach = reader.reach("ent:far", "supplies", "out", 1, 9)
    assert (reach.tiers, [fact.qualifier for fact in reach.links]) == (
        (("ent:mag1",),), ["prd:binder", "prd:copper-wire"],
    )  # fmt: skip
