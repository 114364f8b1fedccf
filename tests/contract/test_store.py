"""What every store must do, whichever it is: it runs on each store that `tests/conftest.py` opens."""

import random
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import pytest
import tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracles.plain_names import scan_names
from oracles.shipped import shipped
from tiny import SOURCES, batch, claim

from graph.model.claims import Batch, Claim, Decision, Receipt, Source, claim_id
from graph.model.errors import BadInput
from graph.model.names import HAN, normal
from graph.model.predicates import NAME_PREDICATES
from graph.stores.port import ClaimFilter, Store

A = claim("ent:a", "name_zh", "甲公司", source="src:s1")
B = claim("ent:b", "name_zh", "乙公司", source="src:s2")
C = claim("ent:a", "produces", "prd:p", amount=5.0, unit="t/yr", qualifier="capacity", as_of="2024", source="src:s1")
D = claim("ent:a", "supplies", "ent:b", qualifier="prd:p", as_of="2024-05", source="src:s3")
FOUR = (A, B, C, D)

# The store of a test is used by all examples of a property: each speaks about nodes, sources and data sets of its own.
thorough = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
examples = count()


def load(store: Store, claims: Sequence[Claim], key: str, dataset: str = "d", **more: Any) -> Receipt:
    """Record claims as one batch."""
    return store.record(batch(tuple(claims), key, dataset, **more))


def decision(action: Any, target: str, other: str = "") -> Decision:
    """A decision of somebody."""
    return Decision(action, target, other, "Li", "2026-02-03T04:05:06+00:00", "because")


def decide(store: Store, action: str, target: str, other: str = "") -> Receipt:
    """Take one decision."""
    return store.decide([decision(action, target, other)])


def statuses(store: Store, **where: Any) -> dict[str, str]:
    """Status by claim id."""
    return {stored.id: stored.status for stored in store.claims(ClaimFilter(**where))}


def status(store: Store, one: Claim) -> str:
    """The status of a claim."""
    return statuses(store, ids=(claim_id(one),))[claim_id(one)]


def said(store: Store, **where: Any) -> list[Claim]:
    """The claims that fit, in the store's order."""
    return [stored.claim for stored in store.claims(ClaimFilter(**where))]


def found(store: Store, text: str, kinds: Sequence[str] | None = None, limit: int = 20) -> list[tuple[str, str]]:
    """What a search finds: node and how."""
    return [(hit.node, hit.how) for hit in store.search(text, kinds, limit)]


def everything(store: Store) -> object:
    """All a store says, but for the number of batches."""
    return list(store.claims()), list(store.sources()), store.decisions(), store.revision()


# --- recording ---


def test_an_empty_store_says_nothing(store: Store) -> None:
    assert everything(store) == ([], [], [], 0)
    assert store.batches() == []
    assert store.search("甲") == []


def test_every_claim_comes_back_as_it_was_said_and_in_order(store: Store) -> None:
    receipt = store.record(tiny.batch())
    different = list(dict.fromkeys(tiny.CLAIMS))
    assert receipt == Receipt(
        store.batches()[0].id, len(different), len(tiny.CLAIMS) - len(different), 0, 0, store.revision()
    )
    stored = list(store.claims())
    assert [one.claim for one in stored] == different
    assert [one.id for one in stored] == [claim_id(one) for one in different]
    assert {(one.status, one.recorded_at, one.revision, one.changed) for one in stored} == {
        ("accepted", "2026-01-01T00:00:00+00:00", 1, 1)
    }
    assert list(store.sources()) == sorted(SOURCES)


def test_every_field_of_a_claim_is_kept(store: Store) -> None:
    full = Claim(
        "prd:ore", "input_to", "prc:separate", 2.5, "kg/kg", "any words", "2021-06", "2022-01-01", ("plan", "coarse"),
        (("basis", "per kg"), ("is_main", False), ("share", 0.25)), "src:s1", "own words", 0.75,
    )  # fmt: skip
    bare = Claim("prd:ore", "name_en", None, "", None, "", None, None, (), (), "src:s1", "", 1.0)
    numbers = [full._replace(value=value) for value in (0.0, -1.5, 1e300, 1e-300, 0.1 + 0.2, 123456789.123456789)]
    texts = [bare._replace(value=value) for value in ("0", "1.50", "2021", "nan", "None", "t")]
    load(store, [full, bare, *numbers, *texts], "1")
    assert said(store) == [full, bare, *numbers, *texts]
    assert [type(one.value) for one in said(store)] == [float, str, *[float] * 6, *[str] * 6]


def test_recording_the_same_claims_again_adds_none_and_moves_no_revision(store: Store) -> None:
    load(store, FOUR, "1")
    before = everything(store)
    receipt = load(store, FOUR, "2")
    assert receipt[1:] == (0, 4, 0, 0, 1)
    assert everything(store) == before
    assert [one.key for one in store.batches()] == ["1", "2"]


def test_a_row_that_comes_twice_is_the_same_claim(store: Store) -> None:
    assert load(store, [A, B, A._replace(note="another note"), A], "1")[1:] == (2, 2, 0, 0, 1)
    assert load(store, [C, B, C, D, C], "2")[1:] == (2, 3, 0, 0, 2)
    assert said(store) == [A, B, C, D]


def test_the_first_note_stays(store: Store) -> None:
    load(store, [A._replace(note="first")], "1")
    load(store, [A._replace(note="second")], "2")
    assert [one.note for one in said(store)] == ["first"]


def test_a_key_is_recorded_once(store: Store) -> None:
    def never() -> Iterator[Claim]:
        raise AssertionError("the claims of a batch that is known were read")
        yield A

    first = load(store, FOUR, "1")
    load(store, [A], "2")
    again = store.record(batch((), "1")._replace(claims=never()))
    assert again == first
    assert len(store.batches()) == 2


def test_a_batch_needs_a_key(store: Store) -> None:
    with pytest.raises(BadInput):
        load(store, FOUR, "")


@pytest.mark.parametrize("earlier", [0, 2])
def test_a_batch_that_fails_half_way_leaves_nothing(store: Store, earlier: int) -> None:
    def broken() -> Iterator[Claim]:
        for number in range(20_000):
            yield claim(f"ent:broken{number}", "name_zh", f"半途{number}", source="src:new")
        raise RuntimeError("half way")

    if earlier:
        load(store, FOUR[:earlier], "1")
    before = (everything(store), store.batches())
    new = (*SOURCES, Source("src:new", "https://new.example/", "new.example", "2025", "press"))
    with pytest.raises(RuntimeError, match="half way"):
        store.record(batch((), "2", sources=new)._replace(claims=broken()))
    assert (everything(store), store.batches()) == before
    assert store.search("半途") == []
    assert load(store, FOUR, "2").added == 4 - earlier


def test_progress_counts_rows(store: Store) -> None:
    rows = [claim(f"ent:e{number}", "country", "CN") for number in range(25_000)]
    seen: list[int] = []
    store.record(batch(tuple(rows), "1"), seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 25_000


def test_an_empty_batch_is_remembered(store: Store) -> None:
    assert load(store, [], "1", sources=())[1:] == (0, 0, 0, 0, 0)
    (one,) = store.batches()
    assert (one.key, one.claims, one.revision, one.live) == ("1", 0, 0, True)


def test_batches_are_remembered_with_what_they_were(store: Store) -> None:
    load(store, FOUR, "k1", "d1")
    store.record(Batch("k2", "d2", "proposed", True, "2026-03-04", "Wang", (), [B, C, C]))
    first, second = store.batches()
    assert first._replace(id="") == ("", "k1", "d1", "accepted", False, "2026-01-01T00:00:00+00:00", "test", True, 1, 4)
    assert second._replace(id="") == ("", "k2", "d2", "proposed", True, "2026-03-04", "Wang", True, 1, 2)
    assert first.id.startswith("bat:")
    assert first.id != second.id


# --- sources ---


def test_sources_come_in_id_order_all_or_by_id(store: Store) -> None:
    load(store, [], "1", sources=SOURCES[::-1])
    assert list(store.sources()) == sorted(SOURCES)
    assert list(store.sources(["src:s3", "src:none", "src:s1"])) == [SOURCES[0], SOURCES[2]]
    assert list(store.sources([])) == []


def test_a_source_that_claims_name_and_nobody_described_is_not_listed(store: Store) -> None:
    load(store, [A], "1", sources=())
    assert list(store.sources()) == []
    load(store, [A], "2")
    assert store.revision() == 2
    assert list(store.sources()) == sorted(SOURCES)


def test_what_is_said_last_of_a_source_counts_and_moves_the_revision(store: Store) -> None:
    load(store, FOUR, "1")
    assert load(store, FOUR, "2").revision == 1
    better = SOURCES[0]._replace(grade="press", date=None, licence="CC BY 4.0")
    assert load(store, FOUR, "3", sources=(better,)).revision == 2
    assert list(store.sources(["src:s1"])) == [better]
    assert load(store, FOUR, "4", sources=(better,)).revision == 2


# --- replacing ---


def test_replacing_sweeps_what_the_data_set_no_longer_says(store: Store) -> None:
    load(store, [A, B, C], "1")
    load(store, [B], "other", "another")
    receipt = load(store, [A, D], "2", replaces=True)
    # D is new, A was known; C no longer counts; B is still said by another data set
    assert receipt[1:] == (1, 1, 0, 1, 2)
    assert [status(store, one) for one in FOUR] == ["accepted", "accepted", "retracted", "accepted"]
    assert [one.live for one in store.batches()] == [False, True, True]


def test_undoing_a_replacement_brings_back_what_it_swept(store: Store) -> None:
    load(store, [A, B], "1")
    second = load(store, [B, C], "2", replaces=True)
    assert second.batch
    assert decide(store, "retract", second.batch) == (None, 0, 0, 1, 1, 3)
    assert [status(store, one) for one in (A, B, C)] == ["accepted", "accepted", "retracted"]
    assert [one.live for one in store.batches()] == [True, False]
    assert decide(store, "accept", second.batch) == (None, 0, 0, 1, 1, 4)
    assert [status(store, one) for one in (A, B, C)] == ["retracted", "accepted", "accepted"]
    assert [one.live for one in store.batches()] == [False, True]


def test_replacing_with_the_same_changes_nothing(store: Store) -> None:
    load(store, FOUR, "1")
    before = everything(store)
    assert load(store, FOUR, "2", replaces=True)[1:] == (0, 4, 0, 0, 1)
    assert everything(store) == before


def test_replacing_with_nothing_sweeps_all(store: Store) -> None:
    load(store, FOUR, "1")
    assert load(store, [], "2", replaces=True)[1:] == (0, 0, 0, 4, 2)
    assert set(statuses(store).values()) == {"retracted"}
    assert load(store, FOUR, "3")[1:] == (0, 4, 4, 0, 3)


# --- undoing ---


def test_undoing_one_of_two_batches_keeps_what_the_other_carries(store: Store) -> None:
    first = load(store, [A, B], "1").batch
    load(store, [B, C], "2", "e")
    assert first
    assert decide(store, "retract", first) == (None, 0, 0, 0, 1, 3)
    assert [status(store, one) for one in (A, B, C)] == ["retracted", "accepted", "accepted"]
    assert decide(store, "accept", first) == (None, 0, 0, 1, 0, 4)


def test_loading_again_what_was_undone_makes_it_count_again(store: Store) -> None:
    first = load(store, FOUR, "1").batch
    assert first
    decide(store, "retract", first)
    assert load(store, [*FOUR, A], "2")[1:] == (0, 5, 4, 0, 3)
    assert set(statuses(store).values()) == {"accepted"}


def test_an_undone_replacement_sweeps_nothing(store: Store) -> None:
    load(store, [A], "1")
    second = load(store, [B], "2", replaces=True).batch
    load(store, [C], "3", replaces=True)
    assert second
    decide(store, "retract", second)
    assert [status(store, one) for one in (A, B, C)] == ["retracted", "retracted", "accepted"]


# --- status ---


def test_accepted_wins_over_proposed_in_either_order(store: Store) -> None:
    load(store, [A, B], "1", declared="proposed")
    assert set(statuses(store).values()) == {"proposed"}
    second = load(store, [A, C], "2", "e")
    assert second[1:] == (1, 1, 0, 0, 2)
    load(store, [C], "3", declared="proposed")
    assert [status(store, one) for one in (A, B, C)] == ["accepted", "proposed", "accepted"]
    assert second.batch
    decide(store, "retract", second.batch)
    assert [status(store, one) for one in (A, B, C)] == ["proposed", "proposed", "proposed"]


@pytest.mark.parametrize("declared", ["proposed", "accepted"])
@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        ([], None),
        (["accept claim"], "accepted"),
        (["reject claim"], "rejected"),
        (["retract claim"], "retracted"),
        (["accept source"], "accepted"),
        (["reject source"], "rejected"),
        (["retract source"], "retracted"),
        (["retract claim", "accept claim"], "accepted"),
        (["retract source", "accept source"], "accepted"),
        # the latest counts, whichever it is about
        (["retract source", "accept claim"], "accepted"),
        (["accept claim", "retract source"], "retracted"),
        (["reject claim", "accept source"], "accepted"),
        # without a live batch nobody says it
        (["retract batch"], "retracted"),
        (["accept claim", "retract batch"], "retracted"),
        (["reject claim", "retract batch"], "retracted"),
        (["retract batch", "accept claim"], "retracted"),
        (["retract batch", "accept claim", "accept batch"], "accepted"),
        (["retract batch", "reject claim", "accept batch"], "rejected"),
        (["retract batch", "accept batch"], None),
        (["accept batch"], None),
    ],
)
def test_the_status_table(store: Store, declared: str, decided: list[str], expected: str | None) -> None:
    made = load(store, [A, B], "1", declared=declared).batch
    targets = {"claim": claim_id(A), "source": A.source, "batch": str(made)}
    for words in decided:
        action, about = words.split()
        decide(store, action, targets[about])
    assert status(store, A) == (expected or declared)
    assert status(store, B) == (
        "retracted" if "retract batch" in decided and "accept batch" not in decided else declared
    )


def test_what_a_person_retracted_is_not_brought_back_by_loading_it(store: Store) -> None:
    load(store, FOUR, "1")
    assert decide(store, "retract", claim_id(C)) == (None, 0, 0, 0, 1, 2)
    assert load(store, FOUR, "2", replaces=True)[1:] == (0, 4, 0, 0, 2)
    assert status(store, C) == "retracted"
    assert decide(store, "accept", claim_id(C)) == (None, 0, 0, 1, 0, 3)
    assert status(store, C) == "accepted"


def test_a_retracted_source_stays_so_for_claims_that_come_later(store: Store) -> None:
    load(store, [A, B], "1")
    decide(store, "retract", "src:s1")
    receipt = load(store, [C, D], "2")
    assert receipt[1:] == (2, 0, 0, 0, 3)
    assert [status(store, one) for one in FOUR] == ["retracted", "accepted", "retracted", "accepted"]
    assert {one.changed for one in store.claims(ClaimFilter(ids=(claim_id(C),)))} == {3}
    assert decide(store, "accept", "src:s1") == (None, 0, 0, 2, 0, 4)
    assert set(statuses(store).values()) == {"accepted"}


def test_changed_tells_when_the_status_last_changed(store: Store) -> None:
    first = load(store, [A, B], "1").batch
    load(store, [B, C], "2", "e")
    assert first
    decide(store, "retract", first)
    assert [(one.revision, one.changed) for one in store.claims()] == [(1, 3), (1, 1), (2, 2)]
    assert said(store, changed_since=0) == [A, B, C]
    assert said(store, changed_since=1) == [A, C]
    assert said(store, changed_since=2) == [A]
    assert said(store, changed_since=3) == []


# --- deciding ---


@pytest.mark.parametrize(
    "bad",
    [
        decision("retract", "clm:000000000000000000000000"),
        decision("retract", "clm:zz"),
        decision("retract", "clm:"),
        decision("retract", "src:none"),
        decision("retract", "bat:99"),
        decision("retract", "bat:x"),
        decision("retract", "ent:a"),
        decision("retract", ""),
        decision("reject", "bat:1"),
        decision("burn", "src:s1"),
        decision("same_as", "ent:a", "ent:none"),
        decision("same_as", "ent:none", "ent:a"),
        decision("same_as", "ent:a", "ent:a"),
        decision("same_as", "ent:a", "prd:p"),
        decision("same_as", "ent:a", ""),
        decision("same_as", "甲公司", "ent:b"),
        decision("not_same_as", "ent:a", "ent:none"),
    ],
)
def test_a_decision_about_what_is_not_there_is_refused_with_all_of_its_company(store: Store, bad: Decision) -> None:
    load(store, FOUR, "1")
    before = everything(store)
    with pytest.raises(BadInput):
        store.decide([decision("retract", "src:s1"), bad])
    assert everything(store) == before


def test_decisions_are_kept_in_order_with_the_revision_they_made(store: Store) -> None:
    load(store, FOUR, "1")
    first = [decision("retract", claim_id(A)), decision("accept", "src:s2")]
    store.decide(first)
    second = decision("same_as", "ent:a", "ent:b")
    store.decide([second])
    assert [(one.decision, one.revision) for one in store.decisions()] == [(first[0], 2), (first[1], 2), (second, 3)]
    numbers = [one.number for one in store.decisions()]
    assert numbers == sorted(set(numbers))


def test_deciding_nothing_changes_nothing(store: Store) -> None:
    load(store, FOUR, "1")
    before = everything(store)
    assert store.decide([]) == (None, 0, 0, 0, 0, 1)
    assert everything(store) == before


def test_every_decision_moves_the_revision_once(store: Store) -> None:
    load(store, FOUR, "1")
    assert decide(store, "accept", claim_id(A)).revision == 2
    assert store.decide([decision("retract", "src:s1"), decision("accept", "src:s1")]) == (None, 0, 0, 0, 0, 3)
    assert decide(store, "not_same_as", "ent:a", "ent:b").revision == 4


# --- filters ---


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({}, FOUR),
        ({"ids": (claim_id(D), claim_id(B))}, (B, D)),
        ({"ids": ("clm:000000000000000000000000", "clm:x", "x", "ent:a")}, ()),
        ({"subjects": ("ent:a",)}, (A, C, D)),
        ({"subjects": ("ent:a", "ent:b", "ent:none")}, FOUR),
        ({"objects": ("ent:b", "prd:p")}, (C, D)),
        ({"objects": ("",)}, ()),
        ({"about": ("ent:b",)}, (B, D)),
        ({"about": ("ent:b", "ent:a")}, FOUR),
        ({"about": ("",)}, ()),
        ({"predicates": ("name_zh", "supplies")}, (A, B, D)),
        ({"predicates": ("none",)}, ()),
        ({"sources": ("src:s2", "src:s3")}, (B, D)),
        ({"sources": ("src:none",)}, ()),
        ({"statuses": ("accepted",)}, (A, B, C)),
        ({"statuses": ("retracted", "rejected", "proposed")}, (D,)),
        ({"batch": "bat:none"}, ()),
        ({"changed_since": 0}, FOUR),
        ({"changed_since": 1}, (C, D)),
        ({"changed_since": 2}, (D,)),
        ({"changed_since": 9}, ()),
        ({"subjects": ("ent:a",), "predicates": ("name_zh", "produces"), "statuses": ("accepted",)}, (A, C)),
        ({"about": ("ent:b",), "sources": ("src:s3",), "changed_since": 1}, (D,)),
        ({"subjects": ("ent:a\x00", "ent:a' OR 1", "ent:a", "\ud800")}, (A, C, D)),
    ],
)
def test_claims_that_fit(store: Store, where: dict[str, Any], expected: Sequence[Claim]) -> None:
    load(store, [A, B], "1")
    load(store, [C, D], "2")
    decide(store, "retract", claim_id(D))
    assert said(store, **where) == list(expected)


def test_the_claims_of_a_batch_are_those_it_carried(store: Store) -> None:
    first = load(store, [A, C, D], "1").batch
    second = load(store, [B, C, A], "2", "e").batch
    assert said(store, batch=first) == [A, C, D]
    assert said(store, batch=second) == [A, C, B]
    assert said(store, batch=second, subjects=("ent:a",)) == [A, C]


@pytest.mark.parametrize("field", ["ids", "subjects", "objects", "about", "predicates", "sources", "statuses"])
def test_an_empty_choice_matches_nothing(store: Store, field: str) -> None:
    load(store, FOUR, "1")
    assert said(store, **{field: ()}) == []


def test_many_ids_are_found_at_once(store: Store) -> None:
    rows = [claim(f"ent:e{number}", "country", "CN") for number in range(12_000)]
    load(store, rows, "1")
    assert len(said(store, ids=tuple(map(claim_id, rows)))) == 12_000
    assert len(said(store, about=tuple(one.subject for one in rows))) == 12_000


def test_reading_sees_one_state_while_others_write(store: Store) -> None:
    load(store, FOUR, "1")
    reading = store.claims()
    assert next(reading).claim == A
    load(store, [A._replace(qualifier=str(number)) for number in range(100)], "2")
    decide(store, "retract", "src:s1")
    rest = list(reading)
    assert [one.claim for one in rest] == [B, C, D]
    assert {one.status for one in rest} == {"accepted"}


# --- search ---

NAMES = (
    claim("reg:zone", "name_zh", "包头稀土高新区"),
    claim("reg:zone", "name_en", "Baotou Rare Earth High-tech Zone"),
    claim("reg:zone", "alias", "稀土高新区", qualifier="稀土高新区"),
    claim("reg:city", "name_zh", "包头市"),
    claim("ent:jl", "name_zh", "江西金力永磁科技股份有限公司"),
    claim("ent:jl", "name_en", "JL MAG Rare-Earth Co., Ltd."),
    claim("ent:jl", "alias", "金力永磁", qualifier="金力永磁"),
    claim("ent:jl", "code", "SZSE:300748", qualifier="SZSE:300748"),
    claim("ent:north", "name_zh", "中国北方稀土（集团）高科技股份有限公司"),
    claim("ent:north", "alias", "北方稀土", qualifier="北方稀土"),
    claim("prd:nd", "name_zh", "金属钕"),
    claim("prd:oxide", "name_zh", "稀土氧化物"),
    claim("chn:re", "name_zh", "稀土"),
)


@pytest.fixture
def named(store: Store) -> Store:
    """A store with a few names."""
    load(store, NAMES, "names")
    return store


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # two characters: exact, then beginnings, then the rest; shorter names first, then by id
        ("稀土", [("chn:re", "exact"), ("prd:oxide", "prefix"), ("reg:zone", "prefix"), ("ent:north", "contains")]),
        ("包头", [("reg:city", "prefix"), ("reg:zone", "prefix")]),
        # one character
        ("钕", [("prd:nd", "contains")]),
        ("金", [("prd:nd", "prefix"), ("ent:jl", "prefix")]),
        ("区", [("reg:zone", "contains")]),
        # traditional characters and full width
        ("包頭稀土高新區", [("reg:zone", "exact")]),
        ("釹", [("prd:nd", "contains")]),
        ("ＪＬ　ＭＡＧ", [("ent:jl", "prefix")]),
        ("(集团)高科技", [("ent:north", "contains")]),
        # what only spelling tells apart
        ("jlmag", [("ent:jl", "prefix")]),
        ("rare earth", [("ent:jl", "contains"), ("reg:zone", "contains")]),
        # pinyin and initials: whole or from the start
        ("xitu", [("chn:re", "exact"), ("prd:oxide", "prefix"), ("reg:zone", "prefix")]),
        ("baotou", [("reg:city", "prefix"), ("reg:zone", "prefix")]),
        ("bāo tóu shì", [("reg:city", "exact")]),
        ("jinliyongci", [("ent:jl", "exact")]),
        ("jlyc", [("ent:jl", "exact")]),
        ("jly", [("ent:jl", "prefix")]),
        ("liyongci", []),
        ("lyc", []),
        ("zhongguobeifangxitujituangaokejigufenyouxiangongsi", [("ent:north", "exact")]),
        ("zhongguobeifangxitujituangaokejigufenyouxian", [("ent:north", "prefix")]),
        ("zhongguobeifangxitujituangaokejigufenwuxian", []),
        # stock codes in all their spellings
        ("SZSE:300748", [("ent:jl", "exact")]),
        ("300748.SZ", [("ent:jl", "exact")]),
        ("sz300748", [("ent:jl", "exact")]),
        ("300748", [("ent:jl", "exact")]),
        ("3007", [("ent:jl", "prefix")]),
        # whole names
        ("江西金力永磁科技股份有限公司", [("ent:jl", "exact")]),
        ("金力永磁科技股份有限公司", [("ent:jl", "contains")]),
        ("科技股份有限公司", [("ent:jl", "contains"), ("ent:north", "contains")]),
        ("有限公司", [("ent:jl", "contains"), ("ent:north", "contains")]),
        ("江西金力永磁科技有限公司", []),
        ("永磁股份有限公司", []),
        # nothing to look for
        ("", []),
        ("  ", []),
        ("\u200b", []),
        ("镧", []),
        ("\"'*:()^ OR NOT NEAR", []),
    ],
)
def test_names_are_found(named: Store, text: str, expected: list[tuple[str, str]]) -> None:
    assert found(named, text) == expected


def test_a_hit_tells_the_name_that_fitted(named: Store) -> None:
    assert [(hit.name, hit.field) for hit in named.search("jlyc")] == [("金力永磁", "alias")]
    assert [(hit.name, hit.field) for hit in named.search("300748.sz")] == [("SZSE:300748", "code")]
    assert [(hit.name, hit.field) for hit in named.search("稀土高新区")] == [("稀土高新区", "alias")]
    assert [(hit.name, hit.field) for hit in named.search("jl mag")] == [("JL MAG Rare-Earth Co., Ltd.", "name_en")]


def test_kinds_and_limit(named: Store) -> None:
    assert found(named, "稀土", ["region"]) == [("reg:zone", "prefix")]
    assert found(named, "xitu", ["region", "chain"]) == [("chn:re", "exact"), ("reg:zone", "prefix")]
    assert found(named, "稀土", ["policy"]) == []
    assert found(named, "稀土", limit=1) == [("chn:re", "exact")]
    assert found(named, "稀土", limit=3) == [("chn:re", "exact"), ("prd:oxide", "prefix"), ("reg:zone", "prefix")]
    for limit in (0, -1):
        with pytest.raises(BadInput):
            named.search("稀土", limit=limit)
    with pytest.raises(BadInput):
        named.search("稀土", ["planet"])


def test_only_names_that_count_are_found(named: Store) -> None:
    load(named, [claim("ent:maybe", "name_zh", "也许稀土")], "2", "e", declared="proposed")
    assert found(named, "也许") == []
    decide(named, "accept", claim_id(claim("ent:maybe", "name_zh", "也许稀土")))
    assert found(named, "也许") == [("ent:maybe", "prefix")]
    decide(named, "retract", claim_id(NAMES[0]))
    assert found(named, "包头") == [("reg:city", "prefix")]
    assert found(named, "稀土高新区") == [("reg:zone", "exact")]
    assert found(named, "btxtgxq") == []
    assert load(named, NAMES[:3], "3", "names", replaces=True).retracted == 0
    first = named.batches()[0].id
    decide(named, "retract", first)
    assert found(named, "北方稀土") == []
    assert found(named, "rare earth") == [("reg:zone", "contains")]
    decide(named, "accept", first)
    assert found(named, "北方稀土") == [("ent:north", "exact")]
    assert found(named, "btxtgxq") == []
    decide(named, "accept", claim_id(NAMES[0]))
    assert found(named, "btxtgxq") == [("reg:zone", "exact")]


def test_ties_are_broken_by_id_in_any_order_of_loading(store: Store) -> None:
    order = [7, 3, 9, 1, 8, 2, 6, 4, 5]
    for number in order:
        load(store, [claim(f"ent:e{number}", "name_zh", f"稀土{number}厂")], str(number))
    assert [node for node, _ in found(store, "稀土")] == [f"ent:e{number}" for number in sorted(order)]
    assert [node for node, _ in found(store, "土", limit=4)] == ["ent:e1", "ent:e2", "ent:e3", "ent:e4"]


def test_merged_nodes_are_found_under_the_id_that_is_kept(named: Store) -> None:
    load(named, [claim("ent:jl2", "name_zh", "金力永磁材料"), claim("ent:jl3", "name_zh", "金力永磁集团")], "2", "e")
    decide(named, "same_as", "ent:jl", "ent:jl2")
    assert found(named, "金力永磁") == [("ent:jl", "exact"), ("ent:jl3", "prefix")]
    assert found(named, "金力永磁材料") == [("ent:jl", "exact")]
    # a chain: what is read as ent:jl is read on as ent:jl3
    decide(named, "same_as", "ent:jl3", "ent:jl")
    assert found(named, "金力永磁") == [("ent:jl3", "exact")]
    # a circle changes nothing more
    decide(named, "same_as", "ent:jl2", "ent:jl3")
    assert len(found(named, "金力永磁")) == 1
    for one, other in (("ent:jl", "ent:jl2"), ("ent:jl", "ent:jl3"), ("ent:jl3", "ent:jl2")):
        decide(named, "not_same_as", one, other)
    assert found(named, "金力永磁") == [("ent:jl", "exact"), ("ent:jl2", "prefix"), ("ent:jl3", "prefix")]


def test_search_finds_just_what_a_plain_scan_finds(store: Store) -> None:
    names = [one for one in shipped()[0] if one.predicate in NAME_PREDICATES]
    load(store, names[1::2], "1")
    load(store, names[::2], "2", "e")
    chance = random.Random(20261123)
    order = ("exact", "prefix", "contains")
    for _ in range(150):
        form = str(chance.choice(names).value)
        start = chance.choice((0, chance.randrange(len(form))))
        text = form[start : start + chance.choice((1, 2, 2, 3, 4, 8, len(form)))]
        kinds = chance.choice((None, None, ["enterprise"], ["product", "region"]))
        wanted = scan_names(names, text, kinds, 10_000)
        if HAN.search(normal(text)):
            assert store.search(text, kinds, 10_000) == wanted, text
            assert store.search(text, kinds, 5) == wanted[:5], text
        else:  # names may be found by pinyin as well, and better
            got = {hit.node: hit.how for hit in store.search(text, kinds, 10_000)}
            assert all(order.index(got[hit.node]) <= order.index(hit.how) for hit in wanted), text


HOSTILE = (
    "'; DROP TABLE claims; --", 'a "quoted" name', "back`tick`s", "a]b[c", "{curly} %s $1 \\", "line\nbreak\ttab\r",
    "nul\x00inside", "😀稀土👩🏽‍🔬", "é́combining", "\u202eright to left", "𠮷野家", "<script>alert(1)</script>", "*",
    "NEAR(a b)", "tokens : x", "a OR b", "稀" * 3_000 + "尾", "long " * 20_000, "=cmd|' /C calc'!A0",
)  # fmt: skip


def test_hostile_names_are_kept_and_found(store: Store) -> None:
    rows = [claim(f"ent:h{number}", "name_zh", name) for number, name in enumerate(HOSTILE)]
    notes = [claim(f"ent:h{number}", "remark", name, qualifier=name) for number, name in enumerate(HOSTILE)]
    load(store, [*rows, *(one._replace(note=str(one.value)) for one in notes)], "1")
    assert [one.value for one in said(store)] == [*HOSTILE, *HOSTILE]
    assert said(store)[-1].note == HOSTILE[-1]
    for number, name in enumerate(HOSTILE):
        assert (f"ent:h{number}", "exact") in found(store, name), name
    decide(store, "retract", "src:s1")
    assert [name for name in HOSTILE if store.search(name)] == []


# --- properties: for any claims and any order ---


class Example:
    """Claims, sources and data sets of one example, told apart from those of all others in the store."""

    def __init__(self) -> None:
        number = next(examples)
        self.tag = f"x{number}"
        self.word = "丙" + "".join("零壹贰叁肆伍陆柒捌玖"[int(digit)] for digit in str(number)) + "丁"

    def claim(self, number: int) -> Claim:
        """One of nine claims: three nodes, three sources, names among them."""
        node, source = f"ent:{self.tag}-{number % 3}", f"src:{self.tag}-{number % 4 % 3}"
        if number < 5:
            field = ("name_zh", "alias", "name_zh")[number % 3]
            return claim(node, field, f"{'甲乙'[number % 2]}{self.word}{'矿' * number}", source=source)
        return claim(node, "supplies", f"ent:{self.tag}-{(number + 1) % 3}", qualifier=f"prd:{number}", source=source)

    def record(self, store: Store, numbers: Sequence[int], dataset: int = 0, **more: Any) -> Receipt:
        """Record some of them as a batch."""
        claims = tuple(self.claim(number) for number in numbers)
        return load(store, claims, f"{self.tag}-{next(examples)}", f"{self.tag}-{dataset}", sources=(), **more)

    def statuses(self, store: Store) -> dict[int, str]:
        """Status by number of the claim."""
        known = {claim_id(self.claim(number)): number for number in range(9)}
        return {known[one]: said for one, said in statuses(store, ids=tuple(known)).items()}

    def counting(self, store: Store) -> set[int]:
        """The numbers of the claims that count."""
        return {number for number, said in self.statuses(store).items() if said in ("accepted", "proposed")}


some = st.lists(st.integers(0, 8), max_size=8)
loads = st.lists(st.tuples(some, st.integers(0, 1), st.sampled_from(["proposed", "accepted"])), min_size=1, max_size=5)


@thorough
@given(drawn=loads, data=st.data())
def test_the_order_of_loads_does_not_matter(store: Store, drawn: list[Any], data: st.DataObject) -> None:
    one, other = Example(), Example()
    for numbers, dataset, declared in drawn:
        one.record(store, numbers, dataset, declared=declared)
    for numbers, dataset, declared in data.draw(st.permutations(drawn)):
        other.record(store, data.draw(st.permutations(numbers)), dataset, declared=declared)
    assert one.statuses(store) == other.statuses(store)


@thorough
@given(drawn=loads)
def test_loading_twice_changes_nothing(store: Store, drawn: list[Any]) -> None:
    example = Example()
    for numbers, dataset, declared in drawn:
        example.record(store, numbers, dataset, declared=declared)
    before = everything(store)
    for numbers, dataset, declared in drawn:
        receipt = example.record(store, numbers, dataset, declared=declared)
        assert receipt[1:5] == (0, len(numbers), 0, 0)
    assert everything(store) == before


@thorough
@given(drawn=loads, source=st.integers(0, 2), first=st.integers(0, 5))
def test_retracting_a_source_equals_never_having_had_it(
    store: Store, drawn: list[Any], source: int, first: int
) -> None:
    had, never = Example(), Example()
    retracted = f"src:{had.tag}-{source}"
    had.record(store, [0, 1, 2])  # all three sources are known
    never.record(store, [number for number in (0, 1, 2) if never.claim(number).source[-1] != str(source)])
    for at, (numbers, dataset, declared) in enumerate(drawn):
        if at == first:
            decide(store, "retract", retracted)
        had.record(store, numbers, dataset, declared=declared)
        rest = [number for number in numbers if never.claim(number).source[-1] != str(source)]
        never.record(store, rest, dataset, declared=declared)
    if first >= len(drawn):
        decide(store, "retract", retracted)
    assert had.counting(store) == never.counting(store)


events = st.lists(
    st.tuples(st.just("load"), some, st.integers(0, 1), st.sampled_from(["proposed", "accepted"]), st.booleans())
    | st.tuples(st.sampled_from(["accept", "reject", "retract"]), st.sampled_from(["clm", "src"]), st.integers(0, 8))
    | st.tuples(st.sampled_from(["accept", "retract"]), st.just("bat"), st.integers(0, 8)),
    max_size=12,
)


class Plain:
    """The rule of the Store docstring, worked out anew from all that happened."""

    def __init__(self, example: Example) -> None:
        self.example = example
        self.batches: list[tuple[str, set[int], int, str, bool]] = []
        self.undone: set[str] = set()
        self.verdicts: list[tuple[str, str]] = []

    def statuses(self) -> dict[int, str]:
        """Status by number of the claim."""
        told: dict[int, str] = {}
        live = [
            (numbers, declared)
            for at, (made, numbers, dataset, declared, _) in enumerate(self.batches)
            if made not in self.undone
            and not any(d == dataset and r and b not in self.undone for b, _, d, _, r in self.batches[at + 1 :])
        ]
        for number in set().union(*(numbers for _, numbers, *_ in self.batches)):
            base = min((declared for numbers, declared in live if number in numbers), default="retracted")
            one = self.example.claim(number)
            verdict = [action for action, target in self.verdicts if target in (claim_id(one), one.source)]
            words = {"accept": "accepted", "reject": "rejected", "retract": "retracted"}
            told[number] = words[verdict[-1]] if verdict and base != "retracted" else base
        return told


@settings(thorough, max_examples=150)
@given(happened=events)
def test_whatever_happens_statuses_receipts_and_names_follow_the_rule(store: Store, happened: list[Any]) -> None:
    example = Example()
    plain = Plain(example)
    counts = ("accepted", "proposed")
    for event in happened:
        before, at = plain.statuses(), store.revision()
        if event[0] == "load":
            _, numbers, dataset, declared, replaces = event
            receipt = example.record(store, numbers, dataset, declared=declared, replaces=replaces)
            plain.batches.append((str(receipt.batch), set(numbers), dataset, declared, replaces))
            assert (receipt.added, receipt.added + receipt.same) == (len(set(numbers) - set(before)), len(numbers))
        else:
            action, kind, number = event
            one = example.claim(number)
            if not before or (kind == "clm" and number not in before):
                continue
            if kind == "src" and one.source not in {example.claim(known).source for known in before}:
                continue
            target = {"clm": claim_id(one), "src": one.source, "bat": plain.batches[number % len(plain.batches)][0]}[
                kind
            ]
            receipt = decide(store, action, target)
            if kind == "bat":
                (plain.undone.add if action == "retract" else plain.undone.discard)(target)
            else:
                plain.verdicts.append((action, target))
        after = plain.statuses()
        assert example.statuses(store) == after
        known = [(before[number], after[number]) for number in before]
        assert receipt.restored == sum(old not in counts and new in counts for old, new in known)
        assert receipt.retracted == sum(old in counts and new not in counts for old, new in known)
        moved = event[0] != "load" or after != before
        assert receipt.revision == store.revision() == at + moved
    accepted = [example.claim(number) for number, said in plain.statuses().items() if said == "accepted"]
    names = [one for one in accepted if one.predicate in NAME_PREDICATES]
    for text in (example.word, "甲" + example.word, example.word + "矿矿"):
        for limit in (1, 2, 9):
            assert store.search(text, limit=limit) == scan_names(names, text, None, limit)
