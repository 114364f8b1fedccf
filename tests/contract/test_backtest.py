"""Every reader gives one and the same back-test."""

import tiny
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import random_graphs
from oracles.readers import TODAY, Given, ReaderOf, plain_of, stored_claims
from tiny import claim

from graph.model.claims import Claim
from graph.model.dates import AsOf, end_of, start_of
from graph.model.errors import BadInput, UnknownName
from graph.readers.opening import open_reader
from queries.backtest.backtest import BacktestParams, run

PARAMS = BacktestParams(region="reg:zone", cut_off="2024", min_sources=4, resamples=100)
# Somebody comes with binder; and a recipe that nobody dated, so that the strict lists are others.
CAME = [
    claim("prj:binder", "located_in", "reg:zone", as_of="2025-06", source="src:s6"),
    claim("prj:binder", "project_product", "prd:binder", as_of="2025-06", source="src:s6"),
    claim("ent:far", "invests_in", "prj:binder", as_of="2025-06", source="src:s6"),
    claim("prd:binder", "input_to", "prc:reduce", source="src:s7"),
]


def test_one_answer_on_every_reader(reader_of: ReaderOf) -> None:
    claims = [*tiny.CLAIMS, *CAME]
    expected = run(plain_of(Given(stored_claims(claims), tiny.SOURCES, (), TODAY)), PARAMS)
    assert expected.targets.n == 1
    assert expected.strict.dropped == 1
    assert run(reader_of(claims), PARAMS) == expected


def _link(subjects: str, predicate: str, objects: str, dates: tuple[str | None, ...]) -> st.SearchStrategy[Claim]:
    nodes = random_graphs.NODES
    return st.builds(
        lambda subject, object_, as_of, source: claim(subject, predicate, object_, as_of=as_of, source=source),
        st.sampled_from(nodes[subjects]),
        st.sampled_from(nodes[objects]),
        st.sampled_from(dates),
        st.sampled_from(("src:1", "src:2", "src:4", "src:4")),
    )


_WHEN = ("2018", "2020", "2022", "2024", None)
_COMING = st.one_of(
    _link("project", "located_in", "region", ("2022", "2024")),
    _link("project", "project_product", "product", ("2022", "2024")),
    _link("enterprise", "invests_in", "project", ("2022", "2024", "2024-05", None)),
    _link("enterprise", "invests_in", "project", ("2022", "2024")),
    _link("enterprise", "located_in", "region", _WHEN),
    _link("enterprise", "owns", "enterprise", _WHEN),
    _link("enterprise", "produces", "product", _WHEN),
    _link("product", "input_to", "process", (None,)),
    _link("process", "yields", "product", (None,)),
)


@settings(max_examples=60)
@given(
    random_graphs.graphs(),
    st.lists(_COMING, min_size=10, max_size=40),
    st.sampled_from(("2019", "2020-01-01", "2021-06-30")),
    st.sampled_from(random_graphs.NODES["region"]),
)
def test_random_graphs(graph: random_graphs.RandomGraph, coming: list[Claim], cut_off: str, region: str) -> None:
    """Circles, merged nodes, odd dates: plain reader and snapshot agree, and figures fit cases."""
    stored = {one.id: one for one in (*graph.stored, *stored_claims(coming))}
    given_ = Given(list(stored.values()), random_graphs.SOURCES, graph.decisions, AsOf.parse("2026-11-23"))
    plain = plain_of(given_)
    params = BacktestParams(region=region, cut_off=cut_off, resamples=100, min_makers=1, min_sources=0)
    try:
        expected = run(plain, params)
    except (UnknownName, BadInput):  # the region, or any source of the time, is in no claim
        return
    assert run(open_reader(given_.store(), given_.as_of), params) == expected
    targets = expected.targets
    counted = [case for case in targets.cases if case.counted]
    assert targets.n == len(counted) == sum(targets.on_record.values())
    assert targets.on_list == sum(case.candidate for case in counted)
    for case in targets.cases:
        assert start_of(case.date) > end_of(cut_off)
        assert {one.id for one in plain.claims(case.claims)} == set(case.claims)
        assert (case.rank is None) == (case.why_not is not None)
        ranks = (case.rank, case.rank_equal_weights, case.rank_largest, case.rank_connected)
        assert all(rank is None for rank in ranks) or all(rank and rank <= case.candidates for rank in ranks)
    for outcome in expected.gaps.values():
        assert outcome.by_project <= outcome.later <= outcome.named
        assert sum(link.later for link in outcome.links) in (0, outcome.later)
