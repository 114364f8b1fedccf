"""`targets` against the plain second implementation: on the drawing, on the shipped data, on random graphs."""

import os
from collections.abc import Sequence

import pytest
import tiny
from asking import READERS
from conftest import only_user
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracles import random_graphs
from oracles.plain_reader import PlainReader
from oracles.plain_targets import PlainTargets
from oracles.random_graphs import SOURCES, claims
from oracles.readers import ON_THE_SERVER, Given, plain_of, stored_claims
from oracles.readers import READERS as SERVED
from oracles.shipped import shipped

from graph.model.claims import Claim
from graph.model.dates import AsOf
from graph.readers.port import Reader
from queries.chain.assessment import Thresholds, assess
from queries.promotion import targets
from queries.promotion.ranking import open_desk, rank
from queries.promotion.scores import DEFAULT_WEIGHTS, PART_NAMES
from queries.promotion.targets import TargetsParams

WHAT_COUNTS = (
    ("produces", "located_in") * 8
    + ("owns", "invests_in", "project_product", "status", "supplies", "input_to", "yields") * 4
    + ("part_of", "partners_with", "supports", "subclass_of", "role", "consumes", "uses") * 2
    + ("bars", "operating_status", "process_kind", "start_date", "completion_date", "site")
)  # fmt: skip


def assert_same(plain: Reader, other: Reader, region: str, products: Sequence[str]) -> int:
    """Order, parts and who is left out; how many candidates there were."""
    found = assess(plain, region, Thresholds())
    expected = PlainTargets(plain, found)
    desk = open_desk(other, region, Thresholds())
    seen = 0
    for product in products:
        ranking = rank(desk, other.chain().index[product])
        targets, out = expected.rank(product, DEFAULT_WEIGHTS)
        assert dict(ranking.excluded) == out, product
        assert [one.enterprise for one in targets] == list(ranking.enterprises), product
        for at, target in enumerate(targets):
            row = dict(zip(PART_NAMES, ranking.parts[at].tolist(), strict=True))
            assert row == pytest.approx(target.parts, abs=2e-9), (product, target.enterprise)
            unknown = {name for name, flag in zip(PART_NAMES, ranking.unknown[at].tolist(), strict=True) if flag}
            assert unknown == target.unknown, (product, target.enterprise)
            assert ranking.relation(int(ranking.at[at])) == target.relation, (product, target.enterprise)
            assert ranking.scores[at] == pytest.approx(target.score, abs=1e-8)
        seen += len(targets)
    return seen


@pytest.mark.parametrize("region", ["reg:zone", "reg:town", "reg:province", "reg:abroad"])
def test_the_drawing(region: str) -> None:
    plain, other = READERS["plain"](), READERS["snapshot"]()
    assert assert_same(plain, other, region, plain.chain().products)


@pytest.mark.parametrize(
    ("region", "as_of", "known_at"),
    [
        ("reg:baotou-rehtz", "2026-11-23", None),
        ("reg:ganzhou", "2021-12-31", "2021-12-31"),
        ("reg:ningbo", "2026-11-23", None),
    ],
)
def test_the_shipped_data(region: str, as_of: str, known_at: str | None) -> None:
    every, sources = shipped()
    plain, other = (READERS[name](claims=every, sources=sources, as_of=as_of, known_at=known_at) for name in READERS)
    chosen = [one for one, role in zip(plain.chain().products, plain.chain().roles, strict=True) if role == "link"]
    assert assert_same(plain, other, region, chosen[::12]) > 10


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=st.lists(claims(WHAT_COUNTS), min_size=20, max_size=80), at=random_graphs.AS_OFS)
def test_random_graphs(drawn: list[Claim], at: AsOf) -> None:
    # Every node is there, whatever else is drawn.
    named = [tiny.claim(node, "name_zh", node, source="src:1") for node in random_graphs.ALL_NODES if node[:3] != "src"]
    every = [*named, *dict.fromkeys(drawn)]
    plain = PlainReader.of(every, SOURCES, at)
    other = READERS["snapshot"](
        claims=every, sources=SOURCES, as_of=at.valid.isoformat(),
        known_at=at.known_at.isoformat() if at.known_at else None,
    )  # fmt: skip
    for region in plain.ids(["region"]):
        assert_same(plain, other, region, plain.chain().products)


@pytest.mark.parametrize("name", ON_THE_SERVER[:1])
def test_the_answer_on_the_server(name: str) -> None:
    """The whole answer, reasons and claims too."""
    every, sources = shipped()
    given_ = Given(stored_claims(every), sources, (), AsOf.parse("2026-11-23"))
    with only_user(os.environ["RECHAIN_TEST_NEO4J"]):
        other = SERVED[name](given_)
        asked = TargetsParams(region="reg:baotou-rehtz", product="prd:rare-earth-fluoride", limit=3)
        assert targets.run(other, asked) == targets.run(plain_of(given_), asked)
