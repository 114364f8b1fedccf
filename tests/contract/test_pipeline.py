"""The pipeline against its brute-force evaluation on random graphs, and what must hold of any pipeline."""

from datetime import date

import numpy as np
import pytest
from asking import ReaderOf, each_reader
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import random_graphs
from oracles.held_store import HeldStore
from oracles.plain_gaps import PlainGaps
from oracles.plain_pipeline import PlainWaiting, plain_projects, with_done
from oracles.random_graphs import NODES, RandomGraph
from oracles.shipped import shipped
from tiny import claim

from graph.model.claims import Claim, StoredClaim, claim_id
from graph.model.dates import AsOf, end_of, months_later
from graph.model.kinds import PROJECT_STATUSES
from graph.readers.opening import open_reader
from graph.readers.port import Reader
from queries.chain.assessment import assess
from queries.chain.future import Future
from queries.chain.pipeline import PipelineAnswer, PipelineParams, run
from queries.chain.projects_ahead import projects_ahead
from queries.chain.slippage import Plan

TODAY = AsOf.parse("2026-11-23")
# Nothing hangs on how much is known: a project that is done is no new source.
_ALL_KNOWN = {"min_makers": 0, "min_sources": 0, "inputs_share": 0.5}
_DUE = st.sampled_from((None, "2026-10", "2026-11-23", "2027", "2027-03", "2027-06", "2027-06-15", "2028-02", "2031"))
_REGION = st.sampled_from(NODES["region"])
_SEEN = st.sampled_from((None, "2022", "2025-01", "2026", "2026-11"))


@st.composite
def projects(draw: st.DrawFn) -> list[Claim]:
    """Some projects of the random graphs' products, regions and enterprises."""
    found: list[Claim] = []
    for number in range(draw(st.integers(1, 5))):
        id_, seen = f"prj:p{number}", draw(_SEEN)
        found.append(claim(id_, "located_in", draw(st.sampled_from(NODES["region"]))))
        status = draw(st.sampled_from(("under_construction",) * 6 + ("approved", "signed", *PROJECT_STATUSES)))
        found.append(claim(id_, "status", status, as_of=seen, source="src:5"))
        for product in draw(st.lists(st.sampled_from(NODES["product"]), min_size=1, max_size=2, unique=True)):
            amount = draw(st.sampled_from((None, 10.0, 25.0)))
            found.append(
                claim(id_, "project_product", product, amount=amount, unit="t/yr" if amount else None, as_of=seen)
            )
        due = draw(_DUE)
        if due:
            found.append(claim(id_, "completion_date", due, as_of=seen, source="src:5"))
        if draw(st.booleans()):
            found.append(claim(draw(st.sampled_from(NODES["enterprise"])), "invests_in", id_))
    return found


def reader_with(graph: RandomGraph, more: list[Claim]) -> Reader:
    more = [*more, *(claim(region, "name_zh", "某区") for region in NODES["region"])]
    stored = {
        one.id: one for one in (*graph.stored, *(StoredClaim(claim_id(c), c, "accepted", "", 1, 1) for c in more))
    }
    return open_reader(HeldStore(list(stored.values()), random_graphs.SOURCES, ()), TODAY)


def ask(reader: Reader, region: str, **params: object) -> PipelineAnswer:
    return run(reader, PipelineParams.model_validate({"region": region, "limit": 10_000} | params))


@settings(max_examples=16, deadline=None, derandomize=True)
@given(
    graph=random_graphs.recipe_graphs(),
    more=projects(),
    by=st.sampled_from(("2026-11-23", "2027-06", "2029")),
    region=_REGION,
)
def test_the_map_is_the_ordinary_question_asked_again(
    graph: RandomGraph, more: list[Claim], by: str, region: str
) -> None:
    """With the hypothetical claims that the projects are done; thin links apart, where owners' projects are told."""
    reader = reader_with(graph, more)
    answer = ask(reader, region, by=by, **_ALL_KNOWN)
    here = plain_projects(reader, region, end_of(by), 3.0)
    assert {one.project.id: one.standing for one in answer.projects} == {one.id: one.standing for one in here}
    closing = [one for one in here if one.standing == "closes"]
    plain = PlainGaps(with_done(reader, [one.id for one in closing]), region, 0.5, 0, 0)
    told = answer.then
    assert (told.present, told.implied, told.missing, told.unknown) == tuple(
        len(plain.of(state=state)) for state in ("present", "implied", "missing", "unknown")
    )
    assert told.unknown_needed == sum(bool(gap.needed_by) for gap in plain.of(state="unknown"))
    assert {kind: told.kinds[kind] for kind in ("broken", "fill", "extend", "build")} == {
        kind: len(plain.of(kind=kind)) for kind in ("broken", "fill", "extend", "build")
    }
    for gap in answer.gaps:
        same = plain.gaps[gap.product.id]
        assert gap.state_then == same.state
        assert gap.kind_then in (same.kind, "strengthen")
        makers = [one for one in here if gap.product.id in one.products]
        assert {one.project.id for one in gap.projects} == {one.id for one in makers}


@settings(max_examples=16, deadline=None, derandomize=True)
@given(
    graph=random_graphs.recipe_graphs(),
    more=projects(),
    months=st.integers(0, 40),
    which=st.integers(0, 4),
    region=_REGION,
)
def test_slippage_is_what_a_look_at_each_day_shows(
    graph: RandomGraph, more: list[Claim], months: int, which: int, region: str
) -> None:
    reader = reader_with(graph, more)
    here = plain_projects(reader, region, date(2029, 1, 1), 3.0)
    dated = [one for one in here if one.standing in ("closes", "later")]
    if not dated:
        return
    slipping = dated[which % len(dated)]
    told = (
        next(one for one in more if one.subject == slipping.id and one.predicate == "completion_date")
        if (slipping.id.startswith("prj:p"))
        else None
    )
    if told is None:
        return
    late = end_of(months_later(str(told.value), months))
    params = PipelineParams.model_validate({"region": region} | _ALL_KNOWN)
    today = assess(reader, region, params)
    ahead = projects_ahead(reader, [one.id for one in here], date(2029, 1, 1), 3.0, {})
    future = Future(reader, today, params, ahead)
    plan = Plan(today, ahead, {one.id: future.made_by(one.id) for one in ahead}, TODAY.valid)
    slipped = plan.slip({slipping.id: months}, np.flatnonzero(~today.present).tolist())
    for gap in slipped.gaps:
        product = today.chain.products[gap.product]
        makers = [one for one in here if product in one.products and one.standing in ("closes", "later")]
        assert gap.before == min(one.due for one in makers if one.due)
        assert gap.after == min(late if one.id == slipping.id else one.due or date.max for one in makers)
    moved = PlainWaiting(PlainGaps(reader, region, 0.5, 0, 0), here).waiting({slipping.id: late})
    waits = {today.chain.products[one.product]: (one.before, one.after) for one in slipped.waiting}
    assert waits.items() <= moved.items()
    for product in moved.keys() - waits.keys():
        coming = [one for one in here if product in one.products and one.standing in ("closes", "later", "no_date")]
        assert coming, "only what some project makes, and no other that waits, is left out"
        before, after = moved[product]
        assert not any(one.id != slipping.id and (one.due is None or before <= one.due < after) for one in coming)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(graph=random_graphs.recipe_graphs(), more=projects(), months=st.integers(0, 30))
def test_what_holds_of_any_pipeline(graph: RandomGraph, more: list[Claim], months: int) -> None:
    """No project: the map is today's. A delay of 0 changes nothing; a longer one never closes a gap earlier."""
    bare = reader_with(graph, [])
    reader = reader_with(graph, more)
    region = NODES["region"][0]
    none = ask(bare, region)
    if not none.projects:
        assert none.then == none.today == none.if_all
        assert none.changes == ()
    plain = ask(reader, region)
    for one in plain.projects[:2]:
        still = ask(reader, region, delay=[f"{one.project.id}:0"])
        assert (still.gaps, still.then, still.changes, still.crowded) == (
            plain.gaps, plain.then, plain.changes, plain.crowded
        )  # fmt: skip
        less, more_late = (ask(reader, region, delay=[f"{one.project.id}:{by}"]) for by in (months, months + 6))
        assert less.delay is not None
        assert more_late.delay is not None
        for sooner, later in zip(less.delay.gaps, more_late.delay.gaps, strict=True):
            assert (sooner.product, sooner.before) == (later.product, later.before)
            assert sooner.before <= sooner.after <= later.after
        first = {gap.product.id: end_of(gap.closes_on) for gap in less.gaps if gap.closes_on}
        then = {gap.product.id: end_of(gap.closes_on) for gap in more_late.gaps if gap.closes_on}
        assert all(first[product] <= day for product, day in then.items())
        assert more_late.then.present <= less.then.present


@each_reader
def test_a_project_elsewhere_changes_nothing_here(reader_of: ReaderOf) -> None:
    elsewhere = [
        claim("prj:away", "located_in", "reg:town", as_of="2026"),
        claim("prj:away", "status", "under_construction", as_of="2026"),
        claim("prj:away", "completion_date", "2027", as_of="2026"),
        claim("prj:away", "project_product", "prd:binder", amount=9.0, unit="t/yr", as_of="2026"),
    ]
    one, other = ask(reader_of(*elsewhere), "reg:zone"), ask(reader_of(), "reg:zone")
    # The gaps' evidence cites whoever is to make it anywhere.
    assert [row.model_copy(update={"claims": ()}) for row in one.nobody] == [
        row.model_copy(update={"claims": ()}) for row in other.nobody
    ]
    assert one.model_copy(update={"nobody": ()}) == other.model_copy(update={"nobody": ()})


@pytest.mark.parametrize("region", ["reg:baotou-rehtz", "reg:baotou", "reg:ganzhou", "reg:ningbo"])
def test_agreement_on_the_shipped_data(region: str) -> None:
    """Standings as the brute force has them; with the projects done, the ordinary question says the same map."""
    claims, sources = shipped()
    stored = [StoredClaim(claim_id(one), one, "accepted", "", 1, 1) for one in claims]
    reader = open_reader(HeldStore(stored, sources, ()), TODAY)
    answer = ask(reader, region, stale_years=200, **_ALL_KNOWN)
    here = plain_projects(reader, region, date(2029, 11, 23), 200.0)
    assert {one.project.id: one.standing for one in answer.projects} == {one.id: one.standing for one in here}
    live = [one.id for one in here if one.standing in ("closes", "later", "no_date")]
    plain = PlainGaps(with_done(reader, live), region, 0.5, 0, 0)
    assert (answer.if_all.present, answer.if_all.implied, answer.if_all.missing, answer.if_all.unknown) == tuple(
        len(plain.of(state=state)) for state in ("present", "implied", "missing", "unknown")
    )
    assert {kind: answer.if_all.kinds[kind] for kind in ("broken", "fill", "extend", "build")} == {
        kind: len(plain.of(kind=kind)) for kind in ("broken", "fill", "extend", "build")
    }
