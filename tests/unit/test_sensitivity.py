"""Links told differently with a threshold 50 % lower or higher: by hand on the drawing, and by asking again."""

import tiny
from conftest import TODAY
from oracles.held_store import HeldStore

from graph.model.claims import StoredClaim, claim_id
from graph.readers.opening import open_reader
from queries.chain.gaps import GapsAnswer, GapsParams, run

_STORED = [StoredClaim(claim_id(one), one, "accepted", "", 1, 1) for one in tiny.CLAIMS]
READER = open_reader(HeldStore(_STORED, tiny.SOURCES, ()), TODAY)


def _ask(**thresholds: float) -> GapsAnswer:
    return run(READER, GapsParams.model_validate({"region": "reg:zone", "all": True, **thresholds}))


def _told(answer: GapsAnswer) -> dict[str, tuple[str, str | None]]:
    told: dict[str, tuple[str, str | None]] = {gap.product.id: (gap.state, gap.kind) for gap in answer.gaps}
    told |= {link.product.id: ("unknown", None) for link in answer.unknown}
    told |= dict.fromkeys(answer.implied, ("implied", None))
    return {product: (told.get(product, ("present", None))) for product in (*told, *answer.present)}


def test_fewer_makers_wanted() -> None:
    """Six makers of the chain are known here. With 6 x 1.5 = 9 wanted instead of 6, what is missing would be unknown.

    With 3 nothing changes. Plating is not asked for yet: magnets lack their binder first, so it is only to build.
    """
    ends = {end.tried: end for end in _ask(min_makers=6, min_sources=1).sensitivity if end.threshold == "min_makers"}
    assert set(ends) == {9}
    assert [(s.product, s.state, s.kind, s.becomes_state, s.becomes_kind) for s in ends[9].shifts] == [
        ("prd:binder", "missing", "broken", "unknown", None),
        ("prd:motor", "missing", "extend", "unknown", None),
        ("prd:plating", "missing", "build", "unknown", None),
    ]


def test_each_end_is_what_asking_with_it_gives() -> None:
    for asked in ({}, {"min_makers": 6, "min_sources": 4}, {"inputs_share": 0.7, "weak_ratio": 1.9, "min_sources": 2}):
        now = _ask(**asked)
        for end in now.sensitivity:
            there = _told(_ask(**{**asked, end.threshold: end.tried}))
            shifts = {s.product: ((s.state, s.kind), (s.becomes_state, s.becomes_kind)) for s in end.shifts}
            before = _told(now)
            assert shifts == {
                product: (before[product], there[product]) for product in before if before[product] != there[product]
            }
        assert [end for end in now.sensitivity if not end.shifts] == []


def test_the_ends_are_half_as_much_less_and_more() -> None:
    """5 makers: from 2.5 up to 7.5, so 3 and 7; shares do not go beyond all."""
    found = {(end.threshold, end.tried) for end in _ask(min_sources=1).sensitivity}
    assert {tried for name, tried in found if name == "min_makers"} <= {3, 7}
    assert all(tried <= 1 for name, tried in found if name == "inputs_share")
