"""The gaps question on the drawing in tests/tiny.py. Every expected figure is worked out in the docstring."""

from datetime import date

import pytest
import tiny

from graph.model.dates import AsOf
from graph.model.errors import AmbiguousName, BadInput, UnknownName
from graph.readers.opening import open_reader
from graph.readers.port import Reader
from graph.stores.port import Store
from queries.chain.gap_rows import Gap
from queries.chain.gaps import GapsAnswer, GapsParams, run

AT = AsOf(date(2026, 11, 23))


@pytest.fixture
def reader(tiny_store: Store) -> Reader:
    return open_reader(tiny_store, AT)


def ask(reader: Reader, region: str = "reg:zone", **params: object) -> GapsAnswer:
    return run(reader, GapsParams.model_validate({"region": region, "all": True} | params))


def rows(answer: GapsAnswer) -> dict[str, Gap]:
    return {gap.product.id.removeprefix("prd:"): gap for gap in answer.gaps}


def test_states_of_all_links(reader: Reader) -> None:
    """Ten links and services: oxide-a, oxide-b, metal, binder, magnet, hot-magnet, plating, motor, robot, copper-wire.

    Made here: oxide-a (sep), metal (smelt), magnet (mag1, mag2, and mag3 through hot-magnet), hot-magnet (mag3).
    oxide-b is implied: prc:separate yields it beside oxide-a, its ore is made here and acid is auxiliary.
    robot is made by nobody; copper-wire stands in no chain that anybody searches.
    """
    answer = ask(reader)
    assert answer.counts.model_dump() == {"present": 4, "implied": 1, "missing": 3, "unknown": 2}
    assert answer.present == ("prd:hot-magnet", "prd:magnet", "prd:metal", "prd:oxide-a")
    assert answer.implied == ("prd:oxide-b",)
    assert [(link.product.id, link.why) for link in answer.unknown] == [
        ("prd:copper-wire", "few_makers_known"),
        ("prd:robot", "nobody_recorded_anywhere"),
    ]
    assert answer.looked_at["products"] == 10
    assert answer.looked_at["enterprises_here"] == 6
    assert answer.unplaced == 1  # nowhere makes plating


def test_kinds_and_their_order(reader: Reader) -> None:
    """binder: three makers of magnet need it (metal is here, binder is not), its oxide-b is here: 1/1, broken.

    motor: of magnet and copper-wire one is here: 1/2 = 0.5, extend. plating: nobody needs it while binder is missing,
    no recipe: build. single_source: hot-magnet (mag3), metal (smelt), oxide-a (sep); magnet has three owner groups
    (mag1; mag2 with far, which owns 60 % of it; mag3).
    """
    answer = ask(reader)
    assert [(gap.kind, gap.product.id) for gap in answer.gaps] == [
        ("broken", "prd:binder"),
        ("strengthen", "prd:hot-magnet"),
        ("strengthen", "prd:metal"),
        ("strengthen", "prd:oxide-a"),
        ("extend", "prd:motor"),
        ("build", "prd:plating"),
    ]
    found = rows(answer)
    assert found["binder"].needed_by == ("ent:mag1", "ent:mag2", "ent:mag3")
    assert (found["binder"].inputs_here, found["motor"].inputs_here, found["plating"].inputs_here) == (1.0, 0.5, 0.0)
    assert found["plating"].flags == ("no_recipe",)
    # Without metal no magnet can be pressed, a target; oxide-a goes into metal alone.
    assert found["metal"].flags == ("single_source", "bottleneck")
    assert found["oxide-a"].flags == ("single_source", "bottleneck")
    assert {gap.absence for gap in answer.gaps} == {"searched", None}
    assert [found[name].makers_elsewhere for name in ("binder", "motor", "plating")] == [1, 1, 1]


def test_evidence_counts_makers_sources_and_completeness(reader: Reader) -> None:
    """Makers of the chain here: mine, sep, smelt, mag1, mag2, mag3 = 6. Their sources, s1 naming all of them:

    mine s1; sep s1 s2; smelt s1 s3 s4; mag1 s1 s3 s5 (its plan in s4 is flagged); mag2 s1 s4; mag3 s1 s5.
    Mentions 1 + 2 + 3 + 3 + 2 + 2 = 13, one maker seen once: 1 - 1/13 = 0.9231. Sources s1..s5 are all within 8 years.
    """
    evidence = rows(ask(reader))["binder"].evidence
    assert (evidence.makers_in_chain, evidence.sources, evidence.completeness) == (6, 5, 0.9231)


def test_pipeline_says_when_a_gap_closes(reader: Reader) -> None:
    """prj:motor-plant in the zone was signed in 2024 and is under construction since 2025-03, done by 2027-06."""
    motor = rows(ask(reader))["motor"]
    assert [(item.project.id, item.status, item.expected, item.overdue) for item in motor.pipeline] == [
        ("prj:motor-plant", "under_construction", "2027-06", False)
    ]
    assert motor.closes_on == "2027-06"


def test_a_status_is_that_of_the_day_asked_for(tiny_store: Store) -> None:
    """At the end of 2024 the plant was only signed, and its completion date was not told yet."""
    motor = rows(ask(open_reader(tiny_store, AsOf(date(2024, 12, 31))), min_sources=3))["motor"]
    assert [(item.status, item.expected) for item in motor.pipeline] == [("signed", None)]


def test_services_are_needed_once_all_inputs_are_here(tiny_store: Store) -> None:
    """When somebody here makes binder, prc:press lacks no input: then its service plating is needed by mag1..mag3."""
    reader = open_reader(tiny_store, AT).with_claims(
        [tiny.claim("ent:sep", "produces", "prd:binder", as_of="2026", source="src:s6")]
    )
    found = rows(ask(reader))
    assert found["plating"].kind == "fill"
    assert found["plating"].users == 3
    assert found["binder"].kind == "strengthen"


def test_a_lacks_claim_states_the_absence(tiny_store: Store) -> None:
    """A source says of the province that nobody makes robots there: missing (stated), though made nowhere."""
    reader = open_reader(tiny_store, AT).with_claims(
        [tiny.claim("reg:province", "lacks", "prd:robot", as_of="2025", source="src:s6")]
    )
    robot = rows(ask(reader))["robot"]
    assert (robot.state, robot.absence, robot.kind) == ("missing", "stated", "build")
    assert len(robot.claims) == 1


def test_a_survey_of_the_chain_states_every_absence(tiny_store: Store) -> None:
    """A source that lists all makers of the chain in the zone: what nobody is listed for is missing (stated)."""
    reader = open_reader(tiny_store, AT).with_claims(
        [tiny.claim("src:s6", "surveys", "reg:zone", qualifier="chn:magnet", as_of="2025", source="src:s6")]
    )
    stated = {gap.product.id for gap in ask(reader).gaps if gap.absence == "stated"}
    assert stated == {"prd:binder", "prd:motor", "prd:plating", "prd:robot", "prd:oxide-b"}


def test_a_class_alone_leaves_its_kinds_unknown(tiny_store: Store) -> None:
    """Dropping mag3's hot-magnet leaves makers of the class magnet only: which kind they make is not known."""
    hot = next(
        s.id for s in tiny_store.claims() if s.claim.object == "prd:hot-magnet" and s.claim.predicate == "produces"
    )
    answer = ask(open_reader(tiny_store, AT).with_claims([], [hot]))
    assert ("prd:hot-magnet", "only_the_class_is_known") in [(u.product.id, u.why) for u in answer.unknown]


def test_a_region_without_enterprises_has_everything_unknown(reader: Reader) -> None:
    """reg:abroad has motorco, so motor is present; reg:land holds all of province; an empty region knows nothing."""
    empty = reader.with_claims([tiny.claim("reg:empty", "name_zh", "空地")])
    answer = ask(empty, "reg:empty")
    assert answer.counts.model_dump() == {"present": 0, "implied": 0, "missing": 0, "unknown": 10}
    assert {link.why for link in answer.unknown} == {"few_makers_known", "nobody_recorded_anywhere"}


@pytest.mark.parametrize(
    ("params", "products"),
    [
        ({"product": "prd:binder"}, {"binder", "oxide-b"}),
        ({"from": "磁体"}, {"magnet", "motor"}),
        ({"chain": "other"}, {"copper-wire"}),
        ({"chain": "永磁链", "product": "motor", "from": "prd:oxide-b"}, {"oxide-b", "binder", "magnet", "motor"}),
    ],
)
def test_selection(reader: Reader, params: dict[str, str], products: set[str]) -> None:
    """prc:mix takes oxide-b and resin, prc:separate makes oxide-b of ore and acid: one link is upstream of binder.

    oxide-a arises beside oxide-b but goes into nothing upstream of binder. From magnet one gets to motor.
    """
    answer = ask(reader, **params)
    seen = {
        *answer.present,
        *answer.implied,
        *(u.product.id for u in answer.unknown),
        *(g.product.id for g in answer.gaps),
    }
    assert {id_.removeprefix("prd:") for id_ in seen} == products


def test_paging_is_a_slice(reader: Reader) -> None:
    """Six rows, two a page: the third page ends the list; the list of unknown links is cut at the limit too."""
    whole = ask(reader).gaps
    pages = [ask(reader, limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [gap for page in pages for gap in page.gaps] == list(whole)
    assert [page.truncated for page in pages] == [True, True, False]


def test_build_is_counted_but_listed_on_request(reader: Reader) -> None:
    answer = ask(reader, all=False)
    assert answer.build == 1
    assert "prd:plating" not in {gap.product.id for gap in answer.gaps}


def test_every_claim_named_is_there(reader: Reader) -> None:
    answer = ask(reader)
    for gap in answer.gaps:
        assert len(reader.claims(gap.claims)) == len(gap.claims) > 0


@pytest.mark.parametrize(
    ("region", "params", "error"),
    [
        ("nowhere at all", {}, UnknownName),
        ("reg:atlantis", {}, UnknownName),
        ("prd:magnet", {}, BadInput),
        ("", {}, BadInput),
        ("reg:zone", {"chain": "no-such"}, BadInput),
        ("reg:zone", {"product": "没有"}, UnknownName),
    ],
)
def test_bad_input(reader: Reader, region: str, params: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(reader, region, **params)


def test_an_ambiguous_region_lists_its_candidates(tiny_store: Store) -> None:
    tiny_store.record(tiny.batch((tiny.claim("reg:other", "name_zh", "甲高新区"),), key="more"))
    with pytest.raises(AmbiguousName) as caught:
        ask(open_reader(tiny_store, AT), "甲高新区")
    assert {candidate.id for candidate in caught.value.candidates} == {"reg:other", "reg:zone"}
