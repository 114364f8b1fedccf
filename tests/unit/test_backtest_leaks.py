"""No claim known after the cut-off may leak into the lists of the cut-off.

Two proofs. Claims are planted one by one that somebody of that day could not know: nothing moves. And the whole store,
asked at the cut-off, answers as a store that holds nothing but what could be known then.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

import pytest
import tiny
from asking import ReaderOf, each_reader, stored
from oracles.held_store import HeldStore
from oracles.shipped import shipped
from tiny import claim

from graph.model.claims import Claim, Source
from graph.model.dates import AsOf, end_of, start_of
from graph.model.predicates import PREDICATES
from graph.readers.opening import open_reader
from graph.readers.port import Reader
from queries.backtest.backtest import BacktestParams, run
from queries.backtest.timeless import TECHNOLOGY
from queries.chain import gaps
from queries.chain.assessment import Thresholds
from queries.promotion.ranking import open_desk, rank

TODAY = AsOf.parse("2026-11-23")
CUT_OFF = "2024-12-31"
# More makers elsewhere, so that there is a list to be disturbed.
ELSEWHERE = [
    claim("ent:alpha", "produces", "prd:binder", amount=10.0, unit="t/yr", qualifier="capacity", as_of="2023"),
    claim("ent:alpha", "located_in", "reg:abroad", as_of="2023"),
    claim("ent:beta", "produces", "prd:magnet", as_of="2023"),
    claim("ent:beta", "located_in", "reg:abroad", as_of="2023"),
    claim("pol:help", "name_zh", "扶持政策"),
]
# Each of them would change the lists, were it known: from a page of 2025, or from one without a date.
LATER: dict[str, list[Claim]] = {
    "made before, told later": [claim("ent:beta", "produces", "prd:binder", as_of="2022", source="src:s6")],
    "a capacity told later": [
        claim("ent:far", "produces", "prd:binder", amount=900.0, unit="t/yr", qualifier="capacity", as_of="2023",
              source="src:s6")
    ],
    "told by an undated page": [claim("ent:beta", "produces", "prd:binder", as_of="2022", source="src:s7")],
    "undated, told later": [claim("ent:beta", "produces", "prd:binder", source="src:s6")],
    "undated, on an undated page": [claim("ent:beta", "produces", "prd:binder", source="src:s7")],
    "told by a page that nobody described": [
        claim("ent:beta", "produces", "prd:binder", as_of="2022", source="src:nobody-knows")
    ],
    "begun later": [claim("ent:beta", "produces", "prd:binder", as_of="2025", source="src:s5")],
    "an owner": [claim("ent:mag1", "owns", "ent:alpha", amount=80.0, unit="%", as_of="2023", source="src:s6")],
    "a place": [claim("ent:far", "located_in", "reg:zone", as_of="2023", source="src:s6")],
    "a supply": [claim("ent:alpha", "supplies", "ent:mag1", qualifier="prd:binder", as_of="2023", source="src:s6")],
    "a partner": [claim("ent:alpha", "partners_with", "ent:mag1", as_of="2023", source="src:s6")],
    "a policy": [
        claim("pol:help", "supports", "prd:binder", as_of="2023", source="src:s6"),
        claim("pol:help", "supports", "reg:zone", as_of="2023", source="src:s6"),
    ],
    "a bar": [claim("pol:help", "bars", "ent:far", as_of="2023", source="src:s6")],
    "a need": [claim("ent:mag1", "consumes", "prd:robot", as_of="2023", source="src:s6")],
    "an absence": [claim("reg:zone", "lacks", "prd:plating", as_of="2023", source="src:s6")],
    "an end": [claim("ent:far", "operating_status", "dissolved", as_of="2024", source="src:s6")],
    "a former maker": [claim("ent:far", "produces", "prd:binder", as_of="2024-06", flags=("former",), source="src:s6")],
    "a project": [
        claim("prj:binder", "located_in", "reg:zone", as_of="2024", source="src:s6"),
        claim("prj:binder", "project_product", "prd:binder", as_of="2024", source="src:s6"),
        claim("prj:binder", "status", "completed", as_of="2024", source="src:s6"),
        claim("ent:far", "invests_in", "prj:binder", as_of="2024", source="src:s6"),
    ],
}  # fmt: skip


def advice(reader: Reader, region: str, cut_off: str, thresholds: Thresholds) -> dict[str, Any]:
    """All that is advised at the cut-off as known then: the gaps, and every list with its scores and who is out."""
    then = reader.at(AsOf.parse(cut_off, cut_off))
    found = gaps.run(
        then, gaps.GapsParams(region=region, all=True, limit=10_000, **thresholds.model_dump())
    ).model_dump(mode="json")
    found.pop("revision")
    desk = open_desk(then, region, thresholds)
    lists = {}
    for number, product in enumerate(then.chain().products):
        ranking = rank(desk, number)
        lists[product] = (
            ranking.enterprises,
            ranking.excluded,
            ranking.scores.tolist(),
            ranking.parts.tolist(),
            [ranking.relation(int(place)) for place in ranking.at],
        )
    return {"gaps": found, "lists": lists}


@pytest.mark.parametrize("planted", LATER.values(), ids=LATER)
@each_reader
def test_what_was_told_later_moves_nothing(reader_of: ReaderOf, planted: list[Claim]) -> None:
    few = Thresholds(min_sources=4)
    before = advice(reader_of(*ELSEWHERE), "reg:zone", CUT_OFF, few)
    assert before["lists"]["prd:binder"][0]
    assert advice(reader_of(*ELSEWHERE, *planted), "reg:zone", CUT_OFF, few) == before


@pytest.mark.parametrize("planted", LATER.values(), ids=LATER)
def test_each_of_them_would_move_something_were_it_known(planted: list[Claim]) -> None:
    """So that the test above tests something: told in 2023 already, the lists or the gaps are others."""
    few = Thresholds(min_sources=4)

    def told_then(one: Claim) -> Claim:
        as_of = one.as_of if one.as_of and one.as_of < "2025" else "2024"
        return one._replace(source="src:s1", as_of=as_of)

    before = advice(_reader([*tiny.CLAIMS, *ELSEWHERE], tiny.SOURCES), "reg:zone", CUT_OFF, few)
    known = [told_then(one) for one in planted]
    after = advice(_reader([*tiny.CLAIMS, *ELSEWHERE, *known], tiny.SOURCES), "reg:zone", CUT_OFF, few)
    assert after != before


def _reader(claims: Sequence[Claim], sources: Sequence[Source]) -> Reader:
    unique = {one.id: one for one in map(stored, claims)}
    return open_reader(HeldStore(list(unique.values()), sources, ()), TODAY)


@cache
def _whole() -> Reader:
    return _reader(*shipped())


def _could_be_known(last: date, without: Sequence[str] = ()) -> Iterator[Claim]:
    """Begun and told by then; what is timeless is no news, but for what is left out."""
    claims, sources = shipped()
    dates = {source.id: source.date for source in sources}
    for one in claims:
        told = dates.get(one.source)
        known = bool(told) and end_of(str(told)) <= last
        if PREDICATES[one.predicate].timeless:
            if known or one.predicate not in without:
                yield one
        elif known and not (one.as_of and start_of(one.as_of) > last):
            yield one


@pytest.mark.parametrize("cut_off", ["2019-12-31", "2021-12-31"])
@pytest.mark.parametrize("region", ["reg:baotou", "reg:ganzhou", "reg:ningbo"])
def test_the_whole_store_answers_as_one_that_knows_no_more(region: str, cut_off: str) -> None:
    """The strong one: half of all claims are taken out of the store, and not a digit of the advice changes."""
    last = date.fromisoformat(cut_off)
    small = list(_could_be_known(last))
    assert len(small) < len(shipped()[0])
    less = advice(_reader(small, shipped()[1]), region, cut_off, Thresholds())
    assert advice(_whole(), region, cut_off, Thresholds()) == less


def test_strict_is_a_store_that_knows_no_later_recipe_either() -> None:
    """The strict figures of the answer are those of a store without recipes from later or undated pages."""
    cut_off = "2019-12-31"
    params = BacktestParams(region="reg:baotou", cut_off=cut_off, resamples=100)
    strict = run(_whole(), params).strict
    small = _reader(list(_could_be_known(date.fromisoformat(cut_off), TECHNOLOGY)), shipped()[1])
    found = gaps.run(small.at(AsOf.parse(cut_off, cut_off)), gaps.GapsParams(region="reg:baotou", limit=10_000))
    assert found.kinds == strict.named
    lists = advice(small, "reg:baotou", cut_off, Thresholds())["lists"]
    for case in run(_whole(), params).targets.cases:
        names = lists[case.product.id][0]
        assert case.rank_strict == (names.index(case.enterprise.id) + 1 if case.enterprise.id in names else None)
