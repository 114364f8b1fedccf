"""The gaps question against its brute-force evaluation, and that against figures worked out from the shipped data."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import random_graphs
from oracles.held_store import HeldStore
from oracles.plain_gaps import PlainGap, PlainGaps
from oracles.plain_reader import PlainReader
from oracles.random_graphs import RandomGraph
from oracles.shipped import shipped

from graph.model.claims import StoredClaim, claim_id
from graph.model.dates import AsOf
from graph.readers.opening import open_reader
from graph.readers.port import Reader
from queries.chain.gap_rows import Gap
from queries.chain.gaps import GapsParams, run

TODAY = AsOf.parse("2026-11-23")


@cache
def _shipped_reader() -> Reader:
    claims, sources = shipped()
    stored = [StoredClaim(claim_id(one), one, "accepted", "", 1, 1) for one in claims]
    return open_reader(HeldStore(stored, sources, ()), TODAY)


def _users(gaps: list[PlainGap]) -> dict[str, int]:
    return {gap.product.removeprefix("prd:"): len(gap.needed_by) for gap in gaps}


def test_the_brute_force_on_the_shipped_data() -> None:
    """包头市, tried by hand before any of this was written (design section 4, issue 3)."""
    found = PlainGaps(_shipped_reader(), "reg:baotou")
    assert _users(found.of(kind="broken")) == {"rare-earth-fluoride": 10, "wheel-motor": 2, "re-mri": 1}
    assert _users(found.of(kind="fill")) == {"grain-boundary-diffusion": 12, "wind-casting": 4, "wind-flange": 4}
    assert [len(found.of(kind=kind)) for kind in ("extend", "build")] == [11, 4]
    assert [len(found.of(state=state)) for state in ("present", "implied", "unknown")] == [53, 1, 26]
    needed = _users([gap for gap in found.of(state="unknown") if gap.needed_by])
    assert needed == {"zinc-plating": 12, "flat-wire": 7, "phosphor": 1}
    fluoride = found.gaps["prd:rare-earth-fluoride"]
    assert fluoride.evidence is not None
    assert (fluoride.makers_elsewhere, fluoride.evidence.makers, fluoride.inputs_here) == (2, 24, 1.0)


def _assert_agreement(reader: Reader, region: str, makers: int = 5, sources: int = 5, share: float = 0.5) -> None:
    """Each link or service is in one and the same state, for the same reasons."""
    plain = PlainGaps(reader, region, least_inputs=share, least_makers=makers, least_sources=sources)
    params = GapsParams(
        region=region, all=True, limit=10_000, min_makers=makers, min_sources=sources, inputs_share=share
    )
    answer = run(reader, params)
    assert set(answer.present) == {gap.product for gap in plain.of(state="present")}
    assert set(answer.implied) == {gap.product for gap in plain.of(state="implied")}
    assert [(one.product.id, one.why, set(one.needed_by)) for one in answer.unknown] == [
        (gap.product, gap.why, set(gap.needed_by)) for gap in plain.of(state="unknown")
    ]
    kinds = ("broken", "fill", "extend", "build")
    missing = [gap for gap in answer.gaps if gap.state == "missing"]
    assert [_told(gap) for gap in missing] == [_worked_out(gap) for kind in kinds for gap in plain.of(kind=kind)]
    assert answer.build == len(plain.of(kind="build"))
    counts = answer.counts
    assert (counts.present, counts.implied, counts.missing, counts.unknown) == tuple(
        len(plain.of(state=state)) for state in ("present", "implied", "missing", "unknown")
    )
    for gap in answer.gaps:
        assert set(gap.local_makers) == set(plain.gaps[gap.product.id].makers_here)


def _told(gap: Gap) -> tuple[object, ...]:
    return (
        gap.product.id,
        gap.kind,
        gap.absence,
        set(gap.needed_by),
        gap.users,
        gap.inputs_here,
        "no_recipe" in gap.flags,
        {item.project.id for item in gap.pipeline},
        gap.closes_on,
        gap.makers_elsewhere,
        gap.evidence.makers_in_chain,
        gap.evidence.completeness,
    )


def _worked_out(gap: PlainGap) -> tuple[object, ...]:
    return (
        gap.product,
        gap.kind,
        gap.absence,
        set(gap.needed_by),
        len(gap.needed_by),
        pytest.approx(gap.inputs_here, abs=1e-4),
        gap.no_recipe,
        set(gap.pipeline),
        gap.closes_on,
        gap.makers_elsewhere,
        gap.evidence.makers if gap.evidence is not None else 0,
        pytest.approx(gap.completeness, abs=1e-4),
    )


def test_agreement_on_the_shipped_data() -> None:
    reader = _shipped_reader()
    for region in reader.ids(["region"]):
        _assert_agreement(reader, region)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    graph=random_graphs.recipe_graphs(),
    least=st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from((0.0, 0.5, 1.0))),
)
def test_agreement_on_random_graphs(graph: RandomGraph, least: tuple[int, int, float]) -> None:
    reader = PlainReader.of_store(HeldStore(graph.stored, random_graphs.SOURCES, ()), graph.as_of)
    for region in reader.ids(["region"]):
        _assert_agreement(reader, region, *least)
