"""How a project fits, worked out by hand on the drawing of tests/tiny.py; duplication against plain loops."""

from typing import Any

import pytest
import tiny
from asking import READERS, ReaderOf, each_reader
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.plain_duplication import plain_duplication
from tiny import claim

from graph.model.claims import Claim
from graph.model.errors import BadInput
from graph.readers.port import Reader
from queries.fitting.duplication import Interval, balance_of
from queries.fitting.fit import FitAnswer, FitParams, run
from queries.fitting.layout import enough
from queries.fitting.needs import NEEDS, need_of
from queries.fitting.needs_met import Offer, outcome_of
from queries.fitting.parts import NEED_OUTCOMES
from queries.fitting.verdict import decide

BINDER = {"name": "粘结剂厂", "products": [{"product": "粘结剂", "capacity": 20, "unit": "t/yr"}]}


def _ask(reader: Reader, sheet: dict[str, Any] | None = None, **params: Any) -> FitAnswer:
    return run(reader, FitParams(region="甲高新区", sheet=sheet, **params))  # type: ignore[arg-type]


def _capacity(entity: str, product: str, amount: float) -> Claim:
    return claim(entity, "produces", product, amount=amount, unit="t/yr", qualifier="capacity", as_of="2025")


@each_reader
def test_a_binder_plant_by_hand(reader_of: ReaderOf) -> None:
    """Nobody here makes binder and three makers of magnets need it: broken, with enough sources asked for (1).
    20 t/yr take 20 x 0.5 = 10 t/yr of oxide-b, which arises here at separating, and resin, an auxiliary.
    mag1's 50 t/yr of magnets take 50 x 0.2 = 10 t/yr of binder; the two others tell nothing, so 10 is a floor.
    Together 0 + 0 + 20; at most 20 / 10 = 2 times the demand, at least unknown. Nobody tells a national capacity."""
    answer = _ask(reader_of(), BINDER, min_makers=1, min_sources=1)
    (product,) = answer.products
    assert (product.state, product.kind, product.effect) == ("missing", "broken", "closes_gap")
    assert (product.makers_total, product.makers_elsewhere, product.chain_makers) == (0, 1, 6)
    (route,) = answer.routes
    assert (route.process and route.process.id, route.share) == ("prc:mix", 1.0)
    assert [(i.product.id, i.standing, i.per_unit, i.needed, i.enough) for i in route.inputs] == [
        ("prd:oxide-b", "implied", 0.5, 10.0, None),
        ("prd:resin", "auxiliary", 0.5, 10.0, None),
    ]
    (use,) = answer.outputs
    assert [one.id for one in use.users] == ["ent:mag1", "ent:mag2", "ent:mag3"]
    assert (use.demand_low, use.demand_high, use.users_telling) == (10.0, None, 1)
    (double,) = answer.duplication
    assert (double.existing_low, double.existing_high) == (0.0, 0.0)
    assert (double.together_low, double.together_high) == (20.0, 20.0)
    assert (double.ratio_at_least, double.ratio_at_most) == (None, 2.0)
    assert (double.national, double.beyond) == (None, ())
    assert answer.needs == ()
    assert answer.needs_untold == ("power", "water", "land", "gas", "waste_treatment")
    assert (answer.verdict, answer.rule.name) == ("fits_with_conditions", "conditions_open")
    assert [(one.topic, one.leaning) for one in answer.reasons] == [
        ("needs", "open"), ("layout", "for"), ("inputs", "for"), ("outputs", "for"),
    ]  # fmt: skip
    assert answer.said.en.startswith("粘结剂厂 in Zone: fits with conditions; binder is missing here (broken)")


@each_reader
def test_metal_on_top_of_what_is_here(reader_of: ReaderOf) -> None:
    """smelt makes 80 t/yr; 60 more take 60 x 1.25 = 75 t/yr of oxide-a. sep makes 100, and smelt takes 80 x 1.25 = 100
    of it: 100 < 100 + 75, surely not enough. All three makers of magnets tell 50, 30 and 20: they need 0.8 x 100 = 80
    of metal, and 80 + 60 = 140 is 1.75 times that: surely more than is needed here."""
    more = (_capacity("ent:mag2", "prd:magnet", 30.0), _capacity("ent:mag3", "prd:hot-magnet", 20.0))
    sheet = {"name": "冶炼", "products": [{"product": "金属", "capacity": 60, "unit": "t/yr"}], "enterprise": "甲冶炼"}
    answer = _ask(reader_of(*more), sheet)
    (double,) = answer.duplication
    assert (double.existing_low, double.existing_high, double.proposed) == (80.0, 80.0, 60.0)
    assert (double.together_low, double.together_high) == (140.0, 140.0)
    assert (double.demand_low, double.demand_high) == (80.0, 80.0)
    assert (double.ratio_at_least, double.ratio_at_most) == (1.75, 1.75)
    assert double.beyond == ("demand",)
    assert double.owner_makes_it
    (input_,) = answer.routes[0].inputs
    assert (input_.needed, input_.here_low, input_.here_high, input_.demand_low) == (75.0, 100.0, 100.0, 100.0)
    assert input_.enough is False
    conditions = [one.words.en for one in answer.reasons if one.leaning == "condition"]
    assert conditions == [
        "75 t/yr of oxide-a are needed, capacity here is at most 100 t/yr: the rest comes from outside",
        "140 t/yr of metal at least would be made here, at most 80 t/yr is needed: the rest is sold outside",
    ]


@each_reader
def test_a_project_on_record_is_not_held_against_itself(reader_of: ReaderOf) -> None:
    """The motor plant is the only one on its way here for motors; without it nothing is."""
    told = claim("prj:motor-plant", "project_product", "prd:motor", amount=500.0, unit="t/yr", as_of="2025")
    paid = claim("ent:mag1", "invests_in", "prj:motor-plant", as_of="2025")
    other = [
        claim("prj:other", "located_in", "reg:zone", as_of="2025"),
        claim("prj:other", "status", "signed", as_of="2025"),
        claim("prj:other", "project_product", "prd:motor", amount=300.0, unit="t/yr", as_of="2025"),
    ]
    (double,) = _ask(reader_of(told, paid), project="电机厂项目").duplication
    assert (double.proposed, double.pipeline_low, double.pipeline_projects) == (500.0, 0.0, ())
    answer = _ask(reader_of(told, paid, *other), project="电机厂项目")
    (double,) = answer.duplication
    assert (double.pipeline_low, double.pipeline_high, double.together_low) == (300.0, 300.0, 800.0)
    assert [one.id for one in double.pipeline_projects] == ["prj:other"]
    assert answer.enterprise is not None
    assert answer.enterprise.id == "ent:mag1"
    assert answer.project.id == "prj:motor-plant"


def test_a_project_that_stands_elsewhere_is_said_so() -> None:
    reader = READERS["plain"]()
    answer = run(reader, FitParams(region="乙市", project="电机厂项目"))
    told = [one for one in answer.reasons if one.words.en == "on record it stands in Zone"]
    assert len(told) == 1
    assert told[0].claims
    assert not any("on record" in one.words.en for one in _ask(reader, project="电机厂项目").reasons)


@each_reader
def test_more_than_the_whole_country_makes_is_a_conflict(reader_of: ReaderOf) -> None:
    """Five makers in the country tell 10 t/yr of binder each: 50 known, 60 proposed."""
    makers = [
        one
        for at in range(5)
        for one in (_capacity(f"ent:m{at}", "prd:binder", 10.0), claim(f"ent:m{at}", "country", "XX"))
    ]
    reader = reader_of(*makers, claim("reg:zone", "country", "XX"))
    sheet = {"name": "大", "products": [{"product": "粘结剂", "capacity": 60, "unit": "t/yr"}]}
    answer = _ask(reader, sheet)
    (double,) = answer.duplication
    assert (double.national, double.national_makers, double.share_at_most) == (50.0, 5, 1.2)
    assert double.beyond == ("national",)
    assert (answer.verdict, answer.rule.name) == ("conflicts", "stated_conflict")
    assert "60 t/yr of binder are proposed, more than the 50 t/yr known in the country" in answer.said.en


@each_reader
def test_what_is_on_its_way_or_unknown_as_an_input(reader_of: ReaderOf) -> None:
    """A robot takes a motor (a plant for it is on its way) and plating (class `service`, never searched)."""
    recipe = [
        claim("prc:build", "process_kind", "step"), claim("prc:build", "yields", "prd:robot", amount=1.0, unit="kg/kg"),
        claim("prd:motor", "input_to", "prc:build", amount=0.3, unit="kg/kg"),
        claim("prd:binder", "input_to", "prc:build"), claim("prd:copper-wire", "input_to", "prc:build"),
    ]  # fmt: skip
    sheet = {"name": "机器人厂", "products": [{"product": "机器人", "capacity": 10, "unit": "t/yr"}]}
    answer = _ask(reader_of(*recipe), sheet, min_makers=1, min_sources=1)
    (route,) = answer.routes
    assert {one.product.id: one.standing for one in route.inputs} == {
        "prd:motor": "pipeline", "prd:binder": "not_here", "prd:copper-wire": "unknown",
    }  # fmt: skip
    assert route.share == 0.0
    assert [one.needed for one in route.inputs if one.product.id == "prd:motor"] == [3.0]
    assert answer.outputs[0].users_total == 0


@each_reader
def test_what_the_project_makes_itself_is_had(reader_of: ReaderOf) -> None:
    sheet = {"name": "一体", "products": [{"product": "磁体", "capacity": 10, "unit": "t/yr"}, {"product": "粘结剂"}]}
    answer = _ask(reader_of(), sheet)
    magnet = next(route for route in answer.routes if route.product.id == "prd:magnet")
    assert {one.product.id: one.standing for one in magnet.inputs} == {"prd:metal": "made_here", "prd:binder": "own"}
    assert [one.id for one in magnet.services_lacking] == ["prd:plating"]


@each_reader
def test_by_products_of_the_recipe_and_of_the_sheet(reader_of: ReaderOf) -> None:
    """100 t/yr of oxide-a give 50 t/yr of oxide-b. Nobody here uses oxide-b, as nobody makes binder."""
    sheet = {
        "name": "分离",
        "products": [{"product": "氧化物甲", "capacity": 100, "unit": "t/yr"}],
        "by_products": [{"words": "废渣", "amount": 5, "unit": "t/yr", "hazardous": True},
                        {"words": "石膏"}, {"product": "金属"}],
    }  # fmt: skip
    rows = _ask(reader_of(), sheet).by_products
    assert [(one.product.id if one.product else one.words, one.amount, one.fate) for one in rows] == [
        ("废渣", 5.0, "to_dispose"),
        ("石膏", None, "unknown"),
        ("prd:metal", None, "used_here"),
        ("prd:oxide-b", 50.0, "no_user_known"),
    ]


@each_reader
def test_inputs_that_the_sheet_tells_stand_for_the_recipes(reader_of: ReaderOf) -> None:
    sheet = BINDER | {"inputs": [{"product": "氧化物甲", "amount": 7, "unit": "t/yr"}]}
    (route,) = _ask(reader_of(), sheet).routes
    assert route.process is None
    assert [(one.product.id, one.needed) for one in route.inputs] == [("prd:oxide-a", 7.0)]


def _offer(region: str, name: str, amount: float | None = None, unit: str | None = None, as_of: str = "2024") -> Claim:
    return claim(region, "offers", amount, unit=unit, qualifier=name, as_of=as_of)


NEEDED = {"power": {"amount": 5, "unit": "MW"}, "land": {"amount": 30, "unit": "mu"}, "gas": True, "water": True}


@each_reader
def test_needs_against_what_is_offered(reader_of: ReaderOf) -> None:
    """Power: 8,000 kW for 5 MW. Land: 1 ha is 15 mu, half of it; the province's 3,000 mu are not here. Water was told
    in 2010. Of gas nobody says anything."""
    offers = [
        _offer("reg:zone", "power supply", 8000.0, "kW"), _offer("reg:zone", "industrial land", 10_000.0, "m2"),
        _offer("reg:province", "industrial land", 3000.0, "mu"), _offer("reg:zone", "water supply", as_of="2010"),
        _offer("reg:zone", "land reward for own-built plant", 100.0, "CNY/mu"),
    ]  # fmt: skip
    answer = _ask(reader_of(*offers), BINDER | {"needs": NEEDED})
    assert {one.need: one.outcome for one in answer.needs} == {
        "power": "met", "water": "unknown", "land": "partly", "gas": "unknown",
    }  # fmt: skip
    assert len(next(one for one in answer.needs if one.need == "land").offers) == 2
    assert answer.needs_untold == ("waste_treatment",)


@each_reader
def test_the_users_own_word_on_the_zone(reader_of: ReaderOf) -> None:
    """No gas is a conflict; 40 mu are enough; a separate sheet has the word over the one in the project's."""
    reader = reader_of(_offer("reg:zone", "industrial land", 10_000.0, "m2"))
    sheet = BINDER | {"needs": NEEDED, "zone_offers": {"gas": True, "land": {"amount": 40, "unit": "mu"}}}
    outcomes = {one.need: one.outcome for one in _ask(reader, sheet).needs}
    assert outcomes == {"power": "unknown", "water": "unknown", "land": "met", "gas": "met"}
    answer = _ask(reader, sheet, offers={"offers": {"gas": False}})
    assert {one.need: one.outcome for one in answer.needs}["gas"] == "not_met"
    assert (answer.verdict, answer.rule.name) == ("conflicts", "stated_conflict")
    assert "needs natural gas: the zone says that it has none" in answer.said.en


def test_an_offer_in_a_part_of_the_zone_counts() -> None:
    reader = READERS["plain"](
        claim("reg:park", "part_of", "reg:zone"), _offer("reg:park", "industrial land", 100.0, "mu")
    )
    assert {one.need: one.outcome for one in _ask(reader, BINDER | {"needs": NEEDED}).needs}["land"] == "met"


@pytest.mark.parametrize(
    ("offer", "need"),
    [
        ("electricity", "power"), ("Power supply", "power"), ("industrial land", "land"),
        ("idle land brought back", "land"),
        ("land reward for own-built plant", None), ("standard factory", "standard_factory"), ("rail", "rail"),
        ("water quota first", "water"), ("waste treatment", "waste_treatment"), ("talent subsidy", None),
        ("electroplating park", "electroplating"), ("raw material supply", "raw_materials"), ("raw materials", None),
        ("供电", "power"), ("tea", None), ("plant building grant", None), ("zero-carbon park", "green_power"),
    ],
)  # fmt: skip
def test_which_need_an_offer_meets(offer: str, need: str | None) -> None:
    found = need_of(offer)
    assert (found.name if found else None) == need


AMOUNTS = st.none() | st.tuples(st.floats(0, 1e6), st.sampled_from(("MW", "kW", "kV", "MWh/yr")))
OFFERS = st.builds(
    lambda inside, old, told: Offer(
        "power", "reg:zone", inside, old, told[0] if told else None, told[1] if told else None, None, None
    ),
    st.booleans(),
    st.booleans(),
    AMOUNTS,
)


@given(st.sampled_from(("power", "land")), AMOUNTS, st.lists(OFFERS, max_size=5), OFFERS)
def test_one_more_offer_never_makes_a_need_less_met(
    need: str, needed: tuple[float, str] | None, offers: list[Offer], more: Offer
) -> None:
    worse = ("not_met", "unknown", "partly", "met")
    assert set(worse) == set(NEED_OUTCOMES)
    from queries.base import NodeRef

    names = {"reg:zone": NodeRef(id="reg:zone")}
    amount, unit = needed or (None, None)
    before, after = (outcome_of(NEEDS[need], amount, unit, told, names)[0] for told in (offers, [*offers, more]))
    assert worse.index(after) >= worse.index(before)


ENDS = st.floats(0, 1e6, allow_subnormal=False)


def _interval(draw: st.DrawFn) -> tuple[Interval, float]:
    """What is known of an amount, and what it is."""
    true = draw(ENDS)
    low = draw(st.none() | st.floats(0, true))
    high = draw(st.none() | st.floats(true, 2e6))
    return Interval(low, high), true


@given(st.data(), ENDS)
def test_the_bounds_hold_whatever_the_unknown_figures_are(data: st.DataObject, proposed: float) -> None:
    draw = data.draw
    (here, a), (ahead, b), (demand, d) = (_interval(draw) for _ in range(3))
    found = balance_of(here, ahead, proposed, demand)
    slack = 1 + 1e-8
    assert found.together.low is not None
    assert found.together.low <= (a + b + proposed) * slack
    assert found.together.high is None or found.together.high * slack >= a + b + proposed
    if d > 0:
        ratio = (a + b + proposed) / d
        assert found.ratio.low is None or found.ratio.low <= ratio * slack
        assert found.ratio.high is None or found.ratio.high * slack >= ratio
    assert balance_of(here, ahead, None, demand) == ((None, None), (None, None))


@given(st.data(), ENDS)
def test_enough_is_said_only_when_it_surely_is(data: st.DataObject, needed: float) -> None:
    (here, a), (others, d) = (_interval(data.draw) for _ in range(2))
    said = enough(here.low, here.high, others.low, others.high, needed)
    assert said is None or said == (a >= d + needed) or abs(a - d - needed) < 1e-6


@st.composite
def _towns(draw: st.DrawFn) -> list[Claim]:
    """A town where most things are made, used and on their way: some tell how much, some are of one owner."""
    figure = st.none() | st.sampled_from((10.0, 40.0, 90.0))
    products = ("prd:a", "prd:b", "prd:c")
    told = [claim("reg:t", "name_zh", "镇"), *(claim(one, "role", "link") for one in products)]
    if draw(st.booleans()):
        told.append(claim("prd:b", "subclass_of", "prd:a"))
    for process, inputs in (("prc:x", ("prd:a",)), ("prc:y", ("prd:a", "prd:b"))):
        told += [claim(process, "process_kind", "step"), claim(process, "yields", "prd:c", amount=1.0, unit="kg/kg")]
        told += [claim(one, "input_to", process, amount=draw(st.none() | st.sampled_from((0.5, 2.0))), unit="kg/kg")
                 for one in inputs]  # fmt: skip
    for at in range(draw(st.integers(0, 4))):
        who, amount = f"ent:{at}", draw(figure)
        told.append(claim(who, "located_in", "reg:t", as_of="2024"))
        told.append(claim(who, "produces", draw(st.sampled_from(products)), amount=amount, as_of="2024",
                          unit="t/yr" if amount else None, qualifier="capacity" if amount else ""))  # fmt: skip
        if at and draw(st.booleans()):
            told.append(claim("ent:0", "owns", who, amount=60.0, unit="%", as_of="2024"))
        if draw(st.booleans()):
            used = draw(st.sampled_from(products))
            told.append(claim(who, "consumes", used, amount=draw(figure), unit="t/yr", as_of="2024"))
    statuses = ("signed", "approved", "under_construction", "planned", "completed", "cancelled")
    for at in range(draw(st.integers(0, 3))):
        project = f"prj:{at}"
        told += [claim(project, "located_in", "reg:t", as_of="2025"),
                 claim(project, "status", draw(st.sampled_from(statuses)), as_of="2026")]  # fmt: skip
        for product in draw(st.sets(st.sampled_from(products), min_size=1)):
            amount = draw(figure)
            unit = "t/yr" if amount else None
            told.append(claim(project, "project_product", product, amount=amount, unit=unit, as_of="2025"))
        if draw(st.booleans()):
            told.append(claim("ent:0", "invests_in", project, as_of="2025"))
    return list(dict.fromkeys(told))


@settings(max_examples=60, deadline=None)
@given(_towns(), st.sampled_from((1.0, 250.0)))
def test_duplication_as_in_plain_loops(town: list[Claim], proposed: float) -> None:
    reader = READERS["plain"](claims=town)
    for product in ("prd:a", "prd:b", "prd:c"):
        sheet = {"name": "x", "products": [{"product": product, "capacity": proposed, "unit": "t/yr"}]}
        (found,) = run(reader, FitParams(region="reg:t", sheet=sheet)).duplication  # type: ignore[arg-type]
        expected = plain_duplication(reader, "reg:t", product, proposed)
        told = (found.together_low, found.together_high, found.ratio_at_least, found.ratio_at_most)
        for one, plain in zip(told, (*expected.together, *expected.ratio), strict=True):
            assert (one is None) == (plain is None)
            assert one is None or one == pytest.approx(plain, rel=1e-6)


@pytest.mark.parametrize(
    ("leanings", "rule", "verdict"),
    [
        ((), "nothing_known", "cannot_tell"),
        (("open", "neutral"), "nothing_known", "cannot_tell"),
        (("for",), "all_known_fits", "fits"),
        (("for", "neutral"), "all_known_fits", "fits"),
        (("for", "open"), "conditions_open", "fits_with_conditions"),
        (("condition",), "conditions_open", "fits_with_conditions"),
        (("for", "condition", "against"), "stated_conflict", "conflicts"),
    ],
)
def test_the_rule_that_decides(leanings: tuple[Any, ...], rule: str, verdict: str) -> None:
    assert decide(leanings) == (rule, verdict)


def test_everything_known_and_well_fits() -> None:
    reader = READERS["plain"]()
    needs = dict.fromkeys(("power", "water", "land", "gas", "waste_treatment"), True)
    answer = _ask(reader, BINDER | {"needs": needs, "zone_offers": needs}, min_makers=1, min_sources=1)
    assert (answer.verdict, answer.rule.name) == ("fits", "all_known_fits")


def test_nothing_known_is_said_so() -> None:
    reader = READERS["plain"](*[claim("prd:thing", "name_zh", "某物"), claim("reg:empty", "name_zh", "空区")])
    answer = run(reader, FitParams(region="空区", sheet={"name": "x", "products": [{"product": "某物"}]}))  # type: ignore[arg-type]
    assert (answer.verdict, answer.rule.name) == ("cannot_tell", "nothing_known")


@each_reader
def test_policies_come_with_it(reader_of: ReaderOf) -> None:
    detail = (("applies_to", "industrial enterprises"), ("benefit", "grant"), ("condition", "newly built"))
    told = [
        claim("pol:p", "supports", "reg:zone", as_of="2024"),
        claim("pol:p", "condition", 10.0, unit="%", qualifier="newly built: grant", as_of="2024", detail=detail),
    ]
    answer = _ask(reader_of(*told), BINDER | {"facts": {"new_build": True}})
    assert answer.verdicts == {"applies": 1, "nearly": 0, "to_check": 0, "not_met": 0}
    assert [row.verdict for policy in answer.policies for row in policy.conditions] == ["applies"]
    assert any(one.topic == "policies" and one.leaning == "for" and one.claims for one in answer.reasons)


@pytest.mark.parametrize("params", [{}, {"project": "prj:motor-plant", "sheet": BINDER}])
def test_a_project_or_a_sheet(params: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="one of the two"):
        _ask(READERS["plain"](), **params)


def test_a_project_whose_products_nobody_knows() -> None:
    reader = READERS["plain"](claim("prj:blank", "name_zh", "空白项目"), claim("prj:blank", "status", "signed"))
    with pytest.raises(BadInput, match="not known what '空白项目' is to make"):
        _ask(reader, project="空白项目")


def test_names_are_stored_as_ids() -> None:
    answer = _ask(READERS["plain"](*tiny.CLAIMS), BINDER)
    assert answer.params["sheet"]["products"][0]["product"] == "prd:binder"
    assert _ask(READERS["plain"](*tiny.CLAIMS), answer.params["sheet"]) == answer
