"""Frozen lists and the funnel, worked out by hand on the twelve candidates of tests/listed.py."""

import json
from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import Any

import listed
import pytest
from asking import READERS
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from graph.model.errors import AmbiguousName, BadInput, UnknownName
from graph.model.ledger import Entry, EntryRecord, entry_id
from queries.citations import cite, read_citation, written
from queries.lookup import search
from queries.outcomes.entries import Remark, Said, outcome_entry, standing, undoing_entry
from queries.outcomes.frozen_lists import FrozenList, freeze, frozen, on_the_list, the_list
from queries.outcomes.funnel import OutcomesFound, lists_in, outcomes_of, share

FROZEN = "2026-03-01T09:00:00+08:00"
TODAY = date(2026, 6, 30)
READER = READERS["plain"]()
ANSWER = listed.run(READER, listed.WhomParams())
LIST = freeze("spring", cite(listed.QUERY, ANSWER), "Li", FROZEN)
SPRING = frozen(LIST)


def recorded(entries: Sequence[Entry]) -> list[EntryRecord]:
    """Entries as a store gives them."""
    return [EntryRecord(n, entry_id(one), one) for n, one in enumerate(entries, 1)]


class Book:
    """Enters outcomes one after the other, as a store would keep them."""

    def __init__(self, frozen_list: FrozenList = SPRING) -> None:
        self.list = frozen_list
        self.entries: list[Entry] = []

    @property
    def records(self) -> list[EntryRecord]:
        return recorded(self.entries)

    def enter(self, n: int, stage: str, on: str, note: str = "") -> tuple[Remark, ...]:
        entry, remarks = outcome_entry(
            self.list, self._row(n), Said(stage, on, note, "Li", FROZEN, TODAY), self.records
        )
        if entry_id(entry) not in {record.id for record in self.records}:
            self.entries.append(entry)
        return remarks

    def undo(self, n: int, stage: str, on: str | None = None) -> None:
        self.entries.append(undoing_entry(self.list, self._row(n), stage, on, "Li", FROZEN, self.records))

    def stages(self, n: int) -> list[tuple[str, str]]:
        return [(one.stage, one.on) for one in standing(self.records) if one.enterprise == f"ent:e{n}"]

    def found(self) -> OutcomesFound:
        return outcomes_of([self.list], self.records)

    def _row(self, n: int) -> Any:
        return self.list.targets[n - 1]


# --- freezing ---


def test_a_frozen_list_keeps_the_citation_whole() -> None:
    assert (SPRING.name, SPRING.day, SPRING.who, SPRING.question) == ("spring", date(2026, 3, 1), "Li", "whom")
    assert SPRING.weights == {"makes": 0.6, "pull": 0.4}
    assert [row.rank for row in SPRING.targets] == list(range(1, 13))
    assert SPRING.targets[8].parts == {"makes": 0.2, "pull": None}
    assert SPRING.targets[11].parts == {"makes": 0.8, "pull": None}
    assert read_citation(written(SPRING.citation).encode(), "list").intact


def test_the_day_is_that_of_the_office() -> None:
    """Half past one in the night in China is still the day before in UTC."""
    assert frozen(LIST._replace(when="2026-03-02T01:30:00+08:00")).day == date(2026, 3, 2)


def test_who_is_on_it_twice_counts_once_with_the_better_rank() -> None:
    """Lists of several products: e2 stands third for one and first for another."""
    answer = cite(listed.QUERY, ANSWER)
    body = json.loads(json.dumps(answer))
    rows = body["answer"]["targets"]
    body["answer"]["targets"] = [
        {**rows[1], "rank": 3},
        {**rows[1], "rank": 1, "score": 0.9},
        {**rows[1], "rank": 1},
        {**rows[0], "rank": 2},
    ]
    kept = frozen(freeze("two", body, "Li", FROZEN))
    assert [(row.enterprise.id, row.rank, row.score) for row in kept.targets] == [
        ("ent:e2", 1, 0.9),
        ("ent:e1", 2, ANSWER.targets[0].score),
    ]


def test_weights_are_read_off_the_parts_where_the_answer_has_none() -> None:
    body = json.loads(json.dumps(cite(listed.QUERY, ANSWER)))
    del body["answer"]["weights"]
    assert frozen(freeze("bare", body, "Li", FROZEN)).weights == {"makes": 0.6, "pull": 0.4}


def test_what_is_no_list_is_refused() -> None:
    answer = search.run(READER, search.SearchParams(text="磁"))
    with pytest.raises(BadInput, match="'search' is no list of targets"):
        freeze("x", cite(search.QUERY, answer), "Li", FROZEN)
    with pytest.raises(BadInput, match="Nobody is on this list"):
        freeze("x", cite(listed.QUERY, listed.run(READER, listed.WhomParams(count=0))), "Li", FROZEN)


def test_an_unknown_list_names_the_known_ones() -> None:
    with pytest.raises(UnknownName, match="nor any other"):
        the_list([], "spring")
    many = recorded([LIST._replace(name=f"list {n}") for n in range(12)] + [LIST])
    assert the_list(many, " spring ").name == "spring"
    with pytest.raises(UnknownName, match=r"'sprung'. There are 13: spring, list 0, .*, …\."):
        the_list(many, "sprung")


@pytest.mark.parametrize("text", ["候选7号公司", "candidate 7 CO.", "ent:e7"])
def test_one_on_the_list_is_found_by_any_name(text: str) -> None:
    assert on_the_list(SPRING, text, [], [], {}).rank == 7


def test_one_on_the_list_is_found_by_what_the_graph_calls_it() -> None:
    assert on_the_list(SPRING, "七号", ["ent:e7", "ent:other"], ["ent:e8"], {}).rank == 7
    assert on_the_list(SPRING, "new name", ["ent:kept"], [], {"ent:e7": "ent:kept"}).rank == 7
    assert on_the_list(SPRING, "seven", [], ["ent:e7", "ent:other"], {}).rank == 7
    assert on_the_list(SPRING, "选12号", [], ["ent:other"], {}).rank == 12
    with pytest.raises(AmbiguousName, match="3 things"):
        on_the_list(SPRING, "1号", [], ["ent:e2"], {})  # e1, e11, and e2 by another name
    with pytest.raises(BadInput, match="On it are 12"):
        on_the_list(SPRING, " ", [], [], {})


def test_one_who_is_not_on_the_list_is_told_who_is() -> None:
    with pytest.raises(BadInput, match=r"Close to it are: .*候选12号公司"):
        on_the_list(SPRING, "候选13号公司", [], [], {})
    with pytest.raises(BadInput, match=r"On it are 12: 候选1号公司, .*, …"):
        on_the_list(SPRING, "zzz", ["ent:far"], ["ent:far"], {})


# --- entering ---


def test_days_before_the_list_and_days_to_come_are_refused() -> None:
    book = Book()
    book.enter(1, "contacted", "2026-03-01")
    book.enter(1, "visited", "2026-06-30")
    for on, wrong in (
        ("2026-02-28", "before the list"),
        ("2026-07-01", "still to come"),
        ("2026-03", "not a day"),
        ("20260301", "not a day"),
        ("2026-02-30", "not a day"),
        ("2026-W10-1", "not a day"),
        ("soon", "not a day"),
    ):
        with pytest.raises(BadInput, match=wrong):
            book.enter(1, "signed", on)
    with pytest.raises(BadInput, match="'won' is no stage"):
        book.enter(1, "won", "2026-03-01")
    with pytest.raises(BadInput, match="more than 2000"):
        book.enter(1, "signed", "2026-03-01", "x" * 2001)


def test_stages_may_be_said_in_chinese() -> None:
    book = Book()
    book.enter(1, "联系", "2026-05-01")
    book.enter(1, "已走访", "2026-05-02")
    assert book.stages(1) == [("contacted", "2026-05-01"), ("visited", "2026-05-02")]
    with pytest.raises(BadInput, match="'已' is no stage"):
        book.enter(1, "已", "2026-05-01")


def test_odd_entries_are_kept_and_remarked_on() -> None:
    book = Book()
    assert book.enter(1, "signed", "2026-05-01") == (Remark("skipped", ("contacted", "visited")),)
    assert book.enter(1, "contacted", "2026-05-02") == ()
    assert book.enter(1, "landed", "2026-05-01") == (
        Remark("skipped", ("visited",)),
        Remark("out_of_order", ("contacted",)),
    )
    assert book.enter(1, "refused", "2026-05-03") == (Remark("ended"),)
    assert book.enter(2, "refused", "2026-05-03") == ()
    assert book.enter(2, "contacted", "2026-05-04") == (Remark("after_refusal"),)
    assert book.enter(2, "contacted", "2026-05-04") == (Remark("known"),)
    assert book.enter(2, "contacted", "2026-05-04", "called again") == (Remark("after_refusal"),)


def test_a_wrong_entry_is_taken_back_and_may_be_made_again() -> None:
    book = Book()
    book.enter(1, "visited", "2026-04-01")
    book.undo(1, "visited", "2026-04-01")
    assert book.stages(1) == []
    with pytest.raises(BadInput, match=r"no such entry to take back.*: –"):
        book.undo(1, "visited")
    for _ in range(3):
        book.enter(1, "visited", "2026-04-01")
        assert book.stages(1) == [("visited", "2026-04-01")]
        book.undo(1, "visited")
        assert book.stages(1) == []
    assert len(book.entries) == 8


def test_taking_back_touches_nothing_else() -> None:
    book = Book()
    for on in ("2026-04-01", "2026-04-09"):
        book.enter(1, "visited", on)
        book.enter(2, "visited", on)
    book.undo(1, "visited", "2026-04-09")
    with pytest.raises(BadInput, match="visited 2026-04-01"):
        book.undo(1, "visited", "2026-04-09")
    assert book.stages(1) == [("visited", "2026-04-01")]
    assert len(book.stages(2)) == 2
    book.undo(2, "visited")
    assert book.stages(2) == []


# --- the funnel ---


@pytest.fixture(scope="module")
def worked() -> OutcomesFound:
    """e1 contacted, visited, signed, landed; e2 contacted, landed (the rest left out); e3 contacted, visited;
    e4 contacted, refused; e5 refused only; e6 refused, then contacted again; e9 contacted, the entry of its
    landing taken back; the other five nothing."""
    book = Book()
    days = (f"2026-04-{n:02}" for n in count(1))
    for n, *stages in (
        (1, "contacted", "visited", "signed", "landed"),
        (2, "contacted", "landed"),
        (3, "contacted", "visited"),
        (4, "contacted", "refused"),
        (5, "refused"),
        (6, "refused", "contacted"),
        (9, "contacted", "landed"),
    ):
        for stage in stages:
            book.enter(n, stage, next(days))
    book.undo(9, "landed")
    return book.found()


def test_the_funnel(worked: OutcomesFound) -> None:
    """Contacted at least: e1-e6 and e9 = 7 of 12 (a refusal answers a contact). Visited: e1, e2 (it landed), e3 = 3.
    Signed: e1, e2. Landed: e1, e2. Refused as the last word: e4, e5 = 2 of 12, 2 of the 7 contacted (e6 came back).
    In progress: contacted and neither landed nor refused: e3, e6, e9 = 3."""
    assert worked.lists == ("spring",)
    assert (worked.on_list, worked.in_progress) == (12, 3)
    assert [(one.stage, one.of_list.count, one.of_list.of, one.of_before.of) for one in worked.stages] == [
        ("contacted", 7, 12, 12),
        ("visited", 3, 12, 7),
        ("signed", 2, 12, 3),
        ("landed", 2, 12, 2),
        ("refused", 2, 12, 7),
    ]
    assert worked.stages[1].of_before.rate == 3 / 7
    assert worked.stages[3].of_before.high == 1.0


def test_landings_by_part_of_the_score(worked: OutcomesFound) -> None:
    """makes high: the even ones e2 e4 e6 e8 e10 e12: 6 on the list, 3 contacted, e2 landed: 1/6, and no rate of three.
    makes low: the odd ones: 6, contacted e1 e3 e5 e9 = 4, e1 landed. pull high: e1-e4: four, too few for any rate.
    pull low: e5-e8: four. pull unknown: e9-e12: four."""
    makes, pull = worked.factors
    assert (makes.part, makes.cut, pull.part) == ("makes", 0.5, "pull")
    told = [(g.group, g.on_list, g.contacted, g.landed, g.of_list and g.of_list.rate, g.reason) for g in makes.groups]
    assert told == [
        ("high", 6, 3, 1, 1 / 6, "fewer_than_5_contacted"),
        ("low", 6, 4, 1, 1 / 6, "fewer_than_5_contacted"),
        ("unknown", 0, 0, 0, None, "fewer_than_5_on_list"),
    ]
    assert [(g.group, g.on_list, g.contacted, g.landed, g.of_list, g.reason) for g in pull.groups] == [
        ("high", 4, 4, 2, None, "fewer_than_5_on_list"),
        ("low", 4, 2, 0, None, "fewer_than_5_on_list"),
        ("unknown", 4, 1, 0, None, "fewer_than_5_on_list"),
    ]


def test_landings_by_rank(worked: OutcomesFound) -> None:
    """Ranks 1-5: e1-e5, all contacted, two landed: 2/5 both ways. 6-10: five, e6 and e9 contacted. 11-20: two."""
    told = [(g.group, g.on_list, g.contacted, g.landed, g.reason) for g in worked.ranks]
    assert told == [
        ("1-5", 5, 5, 2, None),
        ("6-10", 5, 2, 0, "fewer_than_5_contacted"),
        ("11-20", 2, 0, 0, "fewer_than_5_on_list"),
        ("21-", 0, 0, 0, "fewer_than_5_on_list"),
    ]
    best = worked.ranks[0]
    assert best.of_list == best.of_contacted == share(2, 5)


def test_outcomes_are_listed_by_day_with_names_and_ranks(worked: OutcomesFound) -> None:
    assert [(one.on, one.enterprise.id, one.stage, one.rank) for one in worked.outcomes][:2] == [
        ("2026-04-01", "ent:e1", "contacted", 1),
        ("2026-04-02", "ent:e1", "visited", 1),
    ]
    assert len(worked.outcomes) == 4 + 2 + 2 + 2 + 1 + 2 + 1
    assert "ent:e9 landed" not in {f"{one.enterprise.id} {one.stage}" for one in worked.outcomes}


def test_a_list_without_entries() -> None:
    found = Book().found()
    assert [one.of_list.count for one in found.stages] == [0, 0, 0, 0, 0]
    assert found.stages[0].of_list.rate == 0.0
    assert found.stages[1].of_before.rate is None
    assert found.stages[1].of_before.of == 0
    assert "NaN" not in found.model_dump_json()


def test_one_enterprise_on_two_lists_counts_on_each() -> None:
    autumn = LIST._replace(name="autumn")
    book = Book()
    book.enter(1, "landed", "2026-04-01")
    lists = lists_in(recorded([LIST, autumn]))
    both = outcomes_of(lists, book.records)
    assert (both.lists, both.on_list, both.stages[3].of_list.count) == (("spring", "autumn"), 24, 1)
    assert outcomes_of(lists[1:], book.records).stages[0].of_list.count == 0


# --- Wilson ---


@pytest.mark.parametrize(("part", "whole"), [(0, 1), (1, 1), (0, 7), (7, 7), (1, 3), (2, 12), (50, 100), (3, 1000)])
def test_the_interval_is_wilsons(part: int, whole: int) -> None:
    found = share(part, whole)
    interval = binomtest(part, whole).proportion_ci(method="wilson")
    assert found.rate == part / whole
    assert found.low == pytest.approx(interval.low, abs=1e-12)
    assert found.high == pytest.approx(interval.high, abs=1e-12)


@given(st.integers(1, 10_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_the_ends_of_the_interval_solve_wilsons_equation(given: tuple[int, int]) -> None:
    """Both ends p satisfy (rate - p)^2 = z^2 p (1 - p) / n, the quadratic the score test is turned round from."""
    part, whole = given
    found = share(part, whole)
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= part / whole <= found.high <= 1
    for end in (found.low, found.high):
        assert (part / whole - end) ** 2 == pytest.approx(1.959963984540054**2 * end * (1 - end) / whole, abs=1e-9)


# --- whatever is entered ---

_SAID = st.tuples(
    st.integers(1, 12), st.sampled_from(["contacted", "visited", "signed", "landed", "refused"]), st.integers(1, 28),
    st.booleans(),
)  # fmt: skip


@given(st.lists(_SAID, max_size=25))
def test_the_funnel_narrows_and_groups_add_up(said: list[tuple[int, str, int, bool]]) -> None:
    """A second, slow count: by looking at each enterprise's standing entries on their own."""
    book = Book()
    for n, stage, day, undo in said:
        if undo and any(known == stage for known, _ in book.stages(n)):
            book.undo(n, stage)
        else:
            book.enter(n, stage, f"2026-04-{day:02}")
    found = book.found()
    counts = [one.of_list.count for one in found.stages[:4]]
    assert counts == sorted(counts, reverse=True)
    everyone = {n: {stage for stage, _ in book.stages(n)} for n in range(1, 13)}
    assert counts[0] == sum(bool(stages) for stages in everyone.values())
    assert counts[1] == sum(bool(stages & {"visited", "signed", "landed"}) for stages in everyone.values())
    assert counts[3] == sum("landed" in stages for stages in everyone.values())
    refused = found.stages[4].of_list.count
    assert refused == sum(
        bool(stages) and "landed" not in stages and book.stages(n)[-1][0] == "refused" for n, stages in everyone.items()
    )
    assert counts[0] == counts[3] + refused + found.in_progress
    for groups in (*(factor.groups for factor in found.factors), found.ranks):
        assert sum(group.on_list for group in groups) == 12
        assert sum(group.contacted for group in groups) == counts[0]
        assert sum(group.landed for group in groups) == counts[3]
