"""One node with all its claims, and the standing of each."""

import pytest
from asking import ReaderOf, each_reader, stored
from tiny import claim

from graph.model.claims import Decision
from graph.model.errors import AmbiguousName, UnknownName
from queries.lookup.show import ShowAnswer, ShownClaim, ShowParams, run

pytestmark = each_reader


def group(answer: ShowAnswer, predicate: str, direction: str = "out") -> tuple[ShownClaim, ...]:
    (found,) = [one for one in answer.groups if (one.predicate, one.direction) == (predicate, direction)]
    return found.claims


def test_groups_in_the_order_of_predicates(reader_of: ReaderOf) -> None:
    """mag1: what is said of it (names, products, customers, place), then what says it (its suppliers)."""
    answer = run(reader_of(), ShowParams(node="磁一股份"))
    assert answer.node.id == "ent:mag1"
    assert [(one.predicate, one.direction, one.total) for one in answer.groups] == [
        ("name_zh", "out", 1), ("name_en", "out", 1), ("alias", "out", 1), ("code", "out", 1), ("produces", "out", 2),
        ("supplies", "out", 1), ("located_in", "out", 1), ("supplies", "in", 2),
    ]  # fmt: skip
    assert answer.standings == {"preferred": 10}
    assert [one.other and one.other.id for one in group(answer, "supplies", "in")] == ["ent:far", "ent:smelt"]
    (suppliers,) = [one for one in answer.groups if (one.predicate, one.direction) == ("supplies", "in")]
    assert (suppliers.zh, suppliers.en) == ("供应商", "suppliers")
    assert (answer.kind, answer.dangling, answer.merged, answer.unplaced) == ("enterprise", False, (), 0)


def test_preferred_first_then_what_stands_behind(reader_of: ReaderOf) -> None:
    """Of the plant's two statuses that of 2025-03 holds; at the end of 2024 it is not yet told."""
    now = group(run(reader_of(), ShowParams(node="电机厂项目")), "status")
    assert [(one.value, one.standing) for one in now] == [("under_construction", "preferred"), ("signed", "superseded")]
    then = group(run(reader_of(as_of="2024"), ShowParams(node="电机厂项目")), "status")
    assert [(one.value, one.standing) for one in then] == [
        ("signed", "preferred"),
        ("under_construction", "not_at_this_time"),
    ]


def test_conflicts_side_by_side(reader_of: ReaderOf) -> None:
    """The company says 50, the press 55, both of 2023: the press disputes what is preferred. 40 of 2020 is past."""
    told = {"unit": "t/yr", "qualifier": "capacity"}
    reader = reader_of(
        claim("ent:mag1", "produces", "prd:magnet", amount=55.0, as_of="2023", source="src:s2", **told),  # type: ignore[arg-type]
        claim("ent:mag1", "produces", "prd:magnet", amount=40.0, as_of="2020", source="src:s2", **told),  # type: ignore[arg-type]
    )
    shown = [(one.value, one.standing) for one in group(run(reader, ShowParams(node="磁一")), "produces")]
    assert shown == [(50.0, "preferred"), (55.0, "conflict"), (40.0, "superseded"), (90.0, "preferred")]


def test_what_does_not_count_is_shown_as_such(reader_of: ReaderOf) -> None:
    """Rejected, retracted and proposed products of mag3 stand beside the one that counts, named if known."""
    reader = reader_of(
        stored(claim("ent:mag3", "produces", "prd:motor", as_of="2025"), "rejected"),
        stored(claim("ent:mag3", "produces", "prd:magnet", as_of="2025"), "retracted"),
        stored(claim("ent:mag3", "produces", "prd:unheard", as_of="2025"), "proposed"),
    )
    shown = group(run(reader, ShowParams(node="磁三")), "produces")
    assert [(one.other and one.other.id, one.standing, one.status) for one in shown] == [
        ("prd:hot-magnet", "preferred", "accepted"),
        ("prd:magnet", "retracted", "retracted"),
        ("prd:motor", "rejected", "rejected"),
        ("prd:unheard", "proposed", "proposed"),
    ]
    assert shown[1].other is not None
    assert shown[1].other.name_zh == "磁体"
    assert shown[3].other is not None
    assert shown[3].other.name_zh is None


def test_a_retracted_claim_shows_its_source(reader_of: ReaderOf) -> None:
    """s7 is cited by nothing else, so no claim that counts knows it."""
    lost = stored(claim("ent:mag3", "produces", "prd:motor", as_of="2025", source="src:s7"), "retracted")
    (shown,) = [
        one for one in group(run(reader_of(lost), ShowParams(node="磁三")), "produces") if one.status == "retracted"
    ]
    assert (shown.source.id, shown.source.url, shown.source.grade) == ("src:s7", "https://example.org/7", "other")


def test_what_a_later_word_ended(reader_of: ReaderOf) -> None:
    """2025: mag2 once made magnets. The flagged word is what holds; that of 2024 is over."""
    over = claim("ent:mag2", "produces", "prd:magnet", as_of="2025", flags=("former",), source="src:s5")
    shown = group(run(reader_of(over), ShowParams(node="磁二")), "produces")
    assert [(one.as_of, one.flags, one.standing) for one in shown] == [
        ("2025", ("former",), "preferred"),
        ("2024", (), "ended"),
    ]


def test_merged_nodes_are_one(reader_of: ReaderOf) -> None:
    """mag3 is decided to be mag2: the claims of both stand under mag2, each with the id it was recorded under."""
    same = Decision("same_as", "ent:mag2", "ent:mag3", "test", "2026-01-01", "one firm")
    answer = run(reader_of(decisions=(same,)), ShowParams(node="磁三"))
    assert (answer.node.id, answer.merged) == ("ent:mag2", ("ent:mag3",))
    shown = [(one.other and one.other.id, one.recorded_as) for one in group(answer, "produces")]
    assert shown == [("prd:hot-magnet", "ent:mag3"), ("prd:magnet", None)]


def test_a_product_sees_its_makers_and_recipes(reader_of: ReaderOf) -> None:
    answer = run(reader_of(), ShowParams(node="磁体"))
    incoming = [(one.predicate, one.zh) for one in answer.groups if one.direction == "in"]
    assert incoming == [
        ("produces", "生产企业"), ("yields", "产出工艺"), ("subclass_of", "下位产品"), ("chain_target", "作为目标的链"),
    ]  # fmt: skip
    (recipe,) = group(answer, "yields", "in")
    assert recipe.detail == {"basis": "per kg prd:magnet", "is_main": True}
    assert recipe.source.url == "https://example.org/1"


def test_notes_and_places(reader_of: ReaderOf) -> None:
    noted = claim("ent:nowhere", "remark", "a firm", qualifier="1", note="seen on a sign")
    answer = run(reader_of(noted), ShowParams(node="无处电镀"))
    assert group(answer, "remark")[0].note == "seen on a sign"
    assert answer.unplaced == 1


def test_paging_over_groups(reader_of: ReaderOf) -> None:
    whole = run(reader_of(), ShowParams(node="磁一"))
    pages = [run(reader_of(), ShowParams(node="磁一", limit=3, offset=offset)) for offset in (0, 3, 6, 9)]
    assert [claim for page in pages for claim in page.paged()["claims"]] == list(whole.paged()["claims"])
    assert [page.truncated for page in pages] == [True, True, True, False]
    # A group that is cut still tells how many it has.
    assert [(one.predicate, one.total, len(one.claims)) for one in pages[1].groups] == [
        ("code", 1, 1),
        ("produces", 2, 2),
    ]


def test_bad_input(reader_of: ReaderOf) -> None:
    with pytest.raises(UnknownName):
        run(reader_of(), ShowParams(node="clm:123"))
    with pytest.raises(UnknownName):
        run(reader_of(), ShowParams(node="ent:none"))
    with pytest.raises(AmbiguousName):
        run(reader_of(), ShowParams(node="甲"))
