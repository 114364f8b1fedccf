"""Certificates on the drawing in tests/tiny.py. What is expected is worked out in the docstrings."""

from functools import cache
from typing import Any

import pytest
import tiny
from asking import READERS, each_reader
from asking import ReaderOf as MakeReader
from oracles.shipped import shipped

from graph.model.claims import claim_id
from graph.model.errors import BadInput, UnknownName
from graph.readers.port import Reader
from queries.chain.certificate import CertificateParams, run
from queries.chain.certificate_parts import CertificateAnswer

PRODUCTS = sorted({claim.subject for claim in tiny.CLAIMS if claim.subject.startswith("prd:")})
NAMES = [claim for claim in tiny.CLAIMS if claim.predicate in ("name_zh", "name_en", "alias", "code")]
# A gap that has everything: an owner group, a statement of absence, an aggregate beside its steps, a deposit elsewhere.
RICH = (
    tiny.claim("reg:province", "lacks", "prd:robot", as_of="2025", source="src:s6"),
    tiny.claim("ent:mag1", "consumes", "prd:robot", as_of="2025", source="src:s6"),
    tiny.claim("ent:mag2", "produces", "prd:metal", as_of="2025", source="src:s6"),
    tiny.claim("ent:far", "owns", "ent:smelt", amount=80.0, unit="%", as_of="2025", source="src:s6"),
    tiny.claim("prc:short", "name_zh", "一步法"),
    tiny.claim("prc:short", "process_kind", "aggregate"),
    tiny.claim("prd:ore", "input_to", "prc:short"),
    tiny.claim("prc:short", "yields", "prd:binder"),
    tiny.claim("prc:foreign", "name_zh", "海外法"),
    tiny.claim("prc:foreign", "site", "reg:abroad"),
    tiny.claim("prd:acid", "input_to", "prc:foreign"),
    tiny.claim("prc:foreign", "yields", "prd:binder"),
)


def ask(reader: Reader, product: str = "prd:binder", **params: Any) -> CertificateAnswer:
    return run(reader, CertificateParams(region="reg:zone", product=product, **params))


@cache
def rich() -> Reader:
    return READERS["snapshot"](*RICH)


@each_reader
def test_binder_is_missing_and_why(reader_of: MakeReader) -> None:
    """binder in the zone: no maker; chain magnet with 6 makers and 5 recent sources here: searched.

    Its route prc:mix takes oxide-b (implied beside oxide-a; a link: counted) and resin (auxiliary: not counted):
    share 1/1. The makers of magnet mag1, mag2, mag3 need it for magnet by prc:press, which lacks only binder. far in
    reg:town makes it. Coverage as worked out in test_gaps: 13 mentions, one maker seen once.
    """
    answer = ask(reader_of())
    assert (answer.state, answer.kind, answer.absence, answer.flags) == ("missing", "broken", "searched", ())
    assert answer.rule.name == "missing_searched"
    (route,) = answer.routes
    assert (route.process.id, route.applies, route.why_not, route.share) == ("prc:mix", True, None, 1.0)
    assert [(one.product.id, one.standing, one.counted, one.quantity.value) for one in route.inputs] == [
        ("prd:oxide-b", "implied", True, 0.5),
        ("prd:resin", "auxiliary", False, 0.5),
    ]
    assert answer.totals == {"local_makers": 0, "makers_elsewhere": 1, "users": 3}
    (far,) = answer.makers_elsewhere
    assert (far.enterprise.id, far.places[0].region.id, far.makes[0].statement.as_of) == ("ent:far", "reg:town", "2024")
    assert [one.enterprise.id for one in answer.users] == ["ent:mag1", "ent:mag2", "ent:mag3"]
    for user in answer.users:
        (need,) = user.needs
        assert need.product is not None
        assert (need.product.id, [way.id for way in need.processes]) == ("prd:magnet", ["prc:press"])
        assert user.places[0].region.id == "reg:zone"
    coverage = answer.coverage
    assert (coverage.makers, coverage.recent, coverage.mentions, coverage.single) == (6, 5, 13, 1)
    assert (coverage.completeness, coverage.enough_makers, coverage.enough_sources) == (0.9231, True, True)
    assert answer.said.zh == (
        "甲高新区尚无企业生产粘结剂，已知的6家磁材链企业和5个近年来源里都没有，本地有3家需要它：磁一、磁二、磁三，"
        "原料本地齐备，外地有1家生产：乙材料。"
    )
    assert answer.said.en == (
        "Nobody in Zone is recorded to make binder, though 6 makers of the magnets chain and 5 recent sources there "
        "are known; 3 makers there need it: mag1, mag2 and mag3; all its inputs are there; "
        "1 elsewhere makes it: far."
    )


@pytest.mark.parametrize(
    ("product", "state", "kind", "rule"),
    [
        ("prd:magnet", "present", None, "present"),
        ("prd:metal", "present", "strengthen", "present"),
        ("prd:oxide-b", "implied", None, "implied"),
        ("prd:motor", "missing", "extend", "missing_searched"),
        ("prd:plating", "missing", "build", "missing_searched"),
        ("prd:robot", "unknown", None, "unknown_nobody_recorded_anywhere"),
        ("prd:copper-wire", "unknown", None, "unknown_few_makers_known"),
        ("prd:ore", "present", "strengthen", "present"),
    ],
)
def test_every_state_has_its_rule(product: str, state: str, kind: str | None, rule: str) -> None:
    """The states are those of test_gaps; ore, a resource, is made by one owner group, mine."""
    answer = ask(READERS["snapshot"](), product)
    assert (answer.state, answer.kind, answer.rule.name) == (state, kind, rule)
    assert answer.said.zh.endswith("。")
    assert answer.said.en.endswith(".")


def test_routes_that_do_not_apply_say_why() -> None:
    """prc:short is an aggregate beside the step prc:mix; prc:foreign is tied to a deposit in reg:abroad."""
    assert [(one.process.id, one.applies, one.why_not) for one in ask(rich()).routes] == [
        ("prc:mix", True, None),
        ("prc:foreign", False, "deposit_elsewhere"),
        ("prc:short", False, "aggregate_beside_step"),
    ]


def test_a_stated_absence_shows_its_source_and_a_consumer_its_statement() -> None:
    answer = ask(rich(), "prd:robot")
    assert (answer.state, answer.absence, answer.kind) == ("missing", "stated", "fill")
    assert [one.source.id for one in answer.stated_by] == ["src:s6"]
    (user,) = answer.users
    assert user.needs[0].statement is not None
    assert answer.said.zh.startswith("甲高新区无人生产机器人，这是1个来源说的，本地有1家需要它：磁一")


@pytest.mark.parametrize("product", PRODUCTS)
def test_it_stands_on_its_claims_alone(product: str) -> None:
    """A store of nothing but the claims cited, and the names, gives the same certificate."""
    whole = ask(rich(), product)
    cited = [claim for claim in (*tiny.CLAIMS, *RICH) if claim_id(claim) in set(whole.claims)]
    assert len(cited) == len(whole.claims)
    alone = READERS["snapshot"](claims=(*NAMES, *(one for one in RICH if one.predicate == "name_zh"), *cited))
    assert ask(alone, product) == whole


@pytest.mark.parametrize("product", PRODUCTS)
def test_claims_it_does_not_cite_may_go_one_by_one(product: str) -> None:
    """Every fourth of them is tried; names aside, they are shown and not cited."""
    reader, whole = rich(), ask(rich(), product)
    others = [claim_id(one) for one in (*tiny.CLAIMS, *RICH) if "name" not in one.predicate]
    for id_ in [id_ for id_ in others if id_ not in set(whole.claims)][::4]:
        assert ask(reader.with_claims([], [id_]), product) == whole, id_


@pytest.mark.parametrize(
    ("region", "product", "error"),
    [("reg:zone", "没有", UnknownName), ("没有", "prd:binder", UnknownName), ("reg:zone", "reg:zone", BadInput)],
)
def test_bad_input(region: str, product: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        run(rich(), CertificateParams(region=region, product=product))


@pytest.mark.parametrize(
    ("region", "product"), [("包头稀土高新区", "镝铁合金"), ("赣州市", "钕铁硼废料"), ("中国", "稀土尾矿")]
)
def test_on_the_shipped_data_it_stands_on_its_claims_alone(region: str, product: str) -> None:
    """A gap with a project on its way, a link with many routes, a whole country with joint production."""
    claims, sources = shipped()
    asked = CertificateParams(region=region, product=product)
    whole = run(READERS["snapshot"](claims=claims, sources=sources), asked)
    cited = set(whole.claims)
    kept = [one for one in claims if claim_id(one) in cited or one.predicate.startswith("name_")]
    assert run(READERS["snapshot"](claims=kept, sources=sources), asked) == whole
