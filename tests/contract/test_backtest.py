"""Every reader gives one and the same back-test."""

import tiny
from oracles.readers import TODAY, Given, ReaderOf, plain_of, stored_claims
from tiny import claim

from queries.promotion.backtest import BacktestParams, run

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
