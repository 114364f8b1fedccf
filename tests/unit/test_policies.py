"""Policies held against somebody: verdicts worked out by hand on the drawing, and what must never happen."""

from typing import Any

import pytest
from asking import ReaderOf, each_reader
from hypothesis import given
from hypothesis import strategies as st
from tiny import claim

from graph.model.claims import Claim
from graph.model.errors import BadInput
from graph.readers.port import Reader
from queries.fitting.applicable import JudgedCondition
from queries.fitting.judging import verdict_of
from queries.fitting.policies import PoliciesAnswer, PoliciesParams, run


def _condition(text: str, *, applies_to: str = "", node: str | None = None, requires: str = "", policy: str = "pol:p",
               as_of: str | None = "2024", until: str | None = None) -> Claim:  # fmt: skip
    told = {"applies_to": applies_to, "benefit": "grant", "condition": text, "requires": requires}
    detail = tuple((name, words) for name, words in sorted(told.items()) if words)
    return claim(policy, "condition", node or 10.0, amount=10.0, unit="%", qualifier=f"{applies_to} {text}: grant",
                 as_of=as_of, until=until, detail=detail, source="src:s3")  # fmt: skip


SPEAKS = claim("pol:p", "supports", "reg:province", as_of="2024")
NAMED = claim("pol:p", "name_zh", "政策")


def _sheet(**more: Any) -> dict[str, Any]:
    return {"name": "厂", "products": [{"product": "磁体", "capacity": 100, "unit": "t/yr"}]} | more


def _ask(reader: Reader, **params: Any) -> PoliciesAnswer:
    return run(reader, PoliciesParams(region="reg:zone", **params))


def _only(answer: PoliciesAnswer) -> JudgedCondition:
    (policy,) = answer.policies
    (row,) = policy.conditions
    return row


FIXED = "newly built, fixed asset investment of at least 30 million yuan completed"


@each_reader
@pytest.mark.parametrize(
    ("facts", "verdict", "missing"),
    [
        ({"new_build": True, "fixed_investment": {"amount": 3e7, "unit": "CNY"}}, "applies", []),
        ({"new_build": True, "fixed_investment": {"amount": 2e7, "unit": "CNY"}}, "nearly",
         ["fixed asset investment is 20,000,000 CNY: 10,000,000 CNY short"]),
        ({"new_build": True, "fixed_investment": {"amount": 1e7, "unit": "CNY"}}, "not_met",
         ["fixed asset investment is 10,000,000 CNY"]),
        ({"new_build": False, "fixed_investment": {"amount": 3e7, "unit": "CNY"}}, "not_met", ["told: no"]),
        ({"fixed_investment": {"amount": 3e7, "unit": "CNY"}}, "nearly", ["not told: newly built"]),
        ({"fixed_investment": {"amount": 3e7, "unit": "USD"}}, "to_check",
         ["not told: newly built", "fixed asset investment is told as 30,000,000 USD, in another unit or currency"]),
        ({}, "to_check", ["not told: newly built", "not told: fixed asset investment"]),
    ],
)  # fmt: skip
def test_an_amount_and_a_fact(reader_of: ReaderOf, facts: dict[str, Any], verdict: str, missing: list[str]) -> None:
    """30 million are asked: 30 are enough, 20 are at least half of it, 10 are not."""
    reader = reader_of(NAMED, SPEAKS, _condition(FIXED, applies_to="rare earth new material and application projects"))
    row = _only(_ask(reader, sheet=_sheet(facts=facts)))
    assert (row.verdict, [one.en for one in row.missing]) == (verdict, missing)


@pytest.mark.parametrize(
    ("total", "text", "verdict"),
    [
        (1e9, "fixed investment 30 to under 200 million yuan", "not_met"),  # half of 1 bn is over 200 m
        (3e8, "fixed investment 30 to under 200 million yuan", "nearly"),
        (1e8, "fixed investment 30 to under 200 million yuan", "nearly"),
        (1e8, "fixed asset investment above 20 million yuan", "nearly"),
        (1.5e7, "fixed asset investment above 20 million yuan", "nearly"),
        (5e6, "fixed asset investment above 20 million yuan", "not_met"),
    ],
)
def test_of_a_total_it_is_not_known_how_much_is_fixed(total: float, text: str, verdict: str) -> None:
    """A total is never taken for fixed assets; but these are no more than it."""
    from asking import READERS

    reader = READERS["plain"](NAMED, SPEAKS, _condition(text))
    row = _only(_ask(reader, sheet=_sheet(investment={"amount": total, "currency": "CNY"})))
    assert row.verdict == verdict


@each_reader
def test_words_are_shown_and_never_guessed(reader_of: ReaderOf) -> None:
    reader = reader_of(NAMED, SPEAKS, _condition("a company with a bright future", applies_to="industrial enterprises"))
    row = _only(_ask(reader, sheet=_sheet()))
    assert row.verdict == "to_check"
    assert [(one.asks.en, one.outcome) for one in row.asked] == [
        ("industrial enterprise", "met"),
        ("“a company with a bright future”", "unclear"),
    ]


@each_reader
@pytest.mark.parametrize(
    ("node", "product", "verdict"),
    [
        ("prd:magnet", "磁体", "applies"),
        ("prd:magnet", "热压磁体", "applies"),  # a kind of it
        ("prd:hot-magnet", "磁体", "nearly"),  # which kind is still to be told
        ("prd:metal", "磁体", "not_met"),
        ("reg:province", "磁体", "applies"),
        ("reg:zone", "磁体", "applies"),
        ("reg:town", "磁体", "not_met"),
    ],
)
def test_whom_it_is_for(reader_of: ReaderOf, node: str, product: str, verdict: str) -> None:
    reader = reader_of(NAMED, SPEAKS, _condition("newly built", node=node))
    sheet = _sheet(products=[{"product": product}], facts={"new_build": True})
    assert _only(_ask(reader, sheet=sheet)).verdict == verdict


@each_reader
@pytest.mark.parametrize(
    ("least", "verdict"), [(79.0, "applies"), (80.0, "nearly"), (100.0, "nearly"), (200.0, "not_met")]
)
def test_tonnes_bought_come_from_recipes(reader_of: ReaderOf, least: float, verdict: str) -> None:
    """100 t/yr of magnets take 0.8 x 100 = 80 t/yr of metal: more than 79, not more than 80; half of 200 is 100."""
    text = f"more than {least:.0f} t REO of La-Ce bought"
    reader = reader_of(NAMED, SPEAKS, _condition(text, node="prd:metal"))
    assert _only(_ask(reader, sheet=_sheet())).verdict == verdict


@each_reader
def test_one_condition_on_two_products_is_one_row(reader_of: ReaderOf) -> None:
    both = (_condition("newly built", node="prd:magnet"), _condition("newly built", node="prd:metal"))
    row = _only(_ask(reader_of(NAMED, SPEAKS, *both), product="磁体"))
    assert [one.id for one in row.products] == ["prd:magnet", "prd:metal"]
    assert len(row.claims) == 2


@each_reader
def test_which_policies_speak_for_a_region(reader_of: ReaderOf) -> None:
    """Of the region, of one around it, of none on record; not of the town, nor one that is over."""
    told = [
        claim("pol:own", "supports", "reg:zone", as_of="2024"),
        claim("pol:around", "supports", "reg:land", as_of="2024"),
        claim("pol:town", "supports", "reg:town", as_of="2024"),
        claim("pol:nowhere", "supports", "prd:magnet", as_of="2024"),
        claim("pol:over", "supports", "reg:zone", as_of="2020"),
        claim("pol:over", "completion_date", "2021", as_of="2020"),
        claim("pol:later", "supports", "reg:zone", as_of="2027"),
        _condition("newly built", policy="pol:nowhere"),
        _condition("newly built", policy="pol:own", until="2025"),
    ]
    answer = _ask(reader_of(*told), sheet=_sheet(facts={"new_build": True}))
    assert {one.policy.id: one.speaks for one in answer.policies} == {
        "pol:own": "region", "pol:around": "around", "pol:nowhere": "place_untold",
    }  # fmt: skip
    assert [one.id for one in answer.ended] == ["pol:over"]
    by_id = {one.policy.id: one for one in answer.policies}
    assert by_id["pol:nowhere"].verdict == "to_check"
    assert by_id["pol:nowhere"].names_product
    assert by_id["pol:own"].conditions == ()


@each_reader
def test_undated_and_old_conditions_are_marked(reader_of: ReaderOf) -> None:
    """src:s3 is of 2024, so an undated one is not old; of 2010 the source of 2024 still tells."""
    reader = reader_of(NAMED, SPEAKS, _condition("newly built", as_of=None))
    row = _only(_ask(reader, product="磁体"))
    assert (row.undated, row.old) == (True, False)
    assert _only(_ask(reader, product="磁体", recent_years=1.0)).old


@each_reader
def test_structured_conditions(reader_of: ReaderOf) -> None:
    asks = "employees >= 50; listed is yes or national_high_tech is yes; registered <= 2025-06"
    reader = reader_of(NAMED, SPEAKS, _condition("whatever", requires=asks))
    facts = {"employees": 60, "national_high_tech": True, "registered": "2025"}
    row = _only(_ask(reader, sheet=_sheet(facts=facts)))
    # Some day of 2025 is not surely before July.
    assert [one.outcome for one in row.asked] == ["met", "met", "untold"]
    assert _only(_ask(reader, sheet=_sheet(facts=facts | {"registered": "2025-06"}))).verdict == "applies"
    assert _only(_ask(reader, sheet=_sheet(facts=facts | {"registered": "2026"}))).verdict == "not_met"


@each_reader
def test_an_enterprise_brings_what_is_recorded_of_it(reader_of: ReaderOf) -> None:
    """mag1 makes magnets and has a stock code."""
    reader = reader_of(NAMED, SPEAKS, _condition("x", requires="listed is yes", applies_to="rare earth enterprises"))
    row = _only(_ask(reader, enterprise="磁一"))
    assert row.verdict == "applies"
    assert _only(_ask(reader, enterprise="磁二")).verdict == "to_check"


def test_nobody_is_held_against_them_without_a_subject() -> None:
    from asking import READERS

    answer = _ask(READERS["plain"](NAMED, SPEAKS, _condition(FIXED)))
    assert _only(answer).verdict == "to_check"
    assert answer.policies[0].names_product is None
    assert answer.subject == ()


def test_a_project_or_a_sheet() -> None:
    from asking import READERS

    with pytest.raises(BadInput, match="not both"):
        _ask(READERS["plain"](), project="prj:motor-plant", sheet=_sheet())


FACTS: dict[str, Any] = {
    "new_build": True, "upgrade": False, "employees": 60, "listed": True,
    "yearly_tax": {"amount": 6e7, "unit": "CNY/yr"},
    "fixed_investment": {"amount": 4e7, "unit": "CNY"}, "registered": "2025-01", "buys_land": True, "own_plant": True,
}  # fmt: skip


@given(some=st.sets(st.sampled_from(sorted(FACTS))), more=st.sampled_from(sorted(FACTS)))
def test_one_more_fact_never_makes_what_applies_uncertain(some: set[str], more: str) -> None:
    """What applies goes on applying, and what does not apply is no longer open."""
    reader = _held()
    before, after = (
        {row.statement.claim: row.verdict for policy in _ask(reader, sheet=_sheet(facts=told)).policies
         for row in policy.conditions}
        for told in ({name: FACTS[name] for name in names} for names in (some, some | {more}))
    )  # fmt: skip
    for condition, verdict in before.items():
        if verdict in ("applies", "not_met"):
            assert after[condition] == verdict
        if verdict == "nearly":
            assert after[condition] != "to_check"


def _held() -> Reader:
    from asking import READERS

    texts = [FIXED, "existing company", "yearly tax of 50 million yuan or fixed investment 1 billion yuan",
             "company buys land and builds its own plant", "newly built and brave"]  # fmt: skip
    rules = [_condition(text) for text in texts]
    rules.append(_condition("s", requires="employees >= 50; listed is yes; registered <= 2025-06"))
    return READERS["plain"](NAMED, SPEAKS, *rules)


OUTCOMES = st.sampled_from(("met", "near", "untold", "unclear", "not_met"))


@given(scope=st.lists(OUTCOMES, max_size=3), asked=st.lists(OUTCOMES, max_size=4))
def test_verdicts_are_what_they_say(scope: list[Any], asked: list[Any]) -> None:
    verdict, every = verdict_of(scope, asked), [*scope, *asked]
    assert (verdict == "applies") == (bool(every) and set(every) == {"met"})
    assert (verdict == "not_met") == ("not_met" in every)
    if "unclear" in every:
        assert verdict in ("to_check", "not_met")
    if verdict == "nearly":
        assert {"met", "near"} & set(asked)
