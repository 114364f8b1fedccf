"""Whether somebody fulfils what a policy asks: each part by itself, then the whole. Nothing unknown is assumed.

A part is `met`; `near` (an amount of which at least `near_share` is there, or a total that may hold it); `untold` (a
rule reads it, but nobody told the fact); `unclear` (words, or a case for a person); or `not_met`.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from graph.model.asks import AMOUNTS, ASK_FIELDS, Ask
from graph.model.dates import end_of, start_of
from graph.model.units import dimension_of, say_amount, unit_of
from graph.readers.port import Reader
from graph.readers.port_types import Chain
from queries.base import NodeRef
from queries.chain.spoken import Said, names, say
from queries.fitting.conditions import SECTORS, Part
from queries.fitting.subjects import Subject, Told

Outcome = Literal["met", "near", "untold", "unclear", "not_met"]
OUTCOMES: dict[Outcome, tuple[str, str]] = {
    "met": ("满足", "met"),
    "near": ("接近", "near"),
    "untold": ("未知", "not told"),
    "unclear": ("需人工判断", "for a person to judge"),
    "not_met": ("不满足", "not met"),
}
Verdict = Literal["applies", "nearly", "to_check", "not_met"]
VERDICTS: dict[Verdict, tuple[str, str]] = {
    "applies": ("适用", "applies"),
    "nearly": ("接近适用", "nearly applies"),
    "to_check": ("待核实", "to check"),
    "not_met": ("不适用", "does not apply"),
}
_BEST: tuple[Outcome, ...] = ("met", "near", "untold", "unclear", "not_met")
_WORDS = {
    ">=": ("不低于", "at least"), ">": ("高于", "more than"), "<": ("低于", "less than"), "<=": ("不高于", "at most"),
}  # fmt: skip
_NEW_MATERIAL = ("functional_material", "component", "device", "end_use")


class Judged(NamedTuple):
    """How one part stands: what it asks, why it stands so, and the claims behind that."""

    outcome: Outcome
    asks: Said
    why: Said
    claims: tuple[str, ...] = ()


class Held(NamedTuple):
    """What parts are held against: `products` and `regions` are those a condition names by id, `names` theirs."""

    reader: Reader
    chain: Chain
    region: str
    subject: Subject
    products: tuple[str, ...]
    regions: tuple[str, ...]
    buys: bool
    names: Mapping[str, NodeRef]
    near_share: float


def verdict_of(scope: Sequence[Outcome], asked: Sequence[Outcome]) -> Verdict:
    """The whole, by its parts: whom it is for, and what is asked of them."""
    every = (*scope, *asked)
    if "not_met" in every:
        return "not_met"
    if every and all(one == "met" for one in every):
        return "applies"
    if "unclear" not in every and any(one in ("met", "near") for one in asked):
        return "nearly"
    return "to_check"


def judge_nodes(held: Held) -> list[Judged]:
    """Whom it is for, where that is told by ids of products or regions."""
    told = []
    if held.products:
        told.append(_buys(held) if held.buys else _makes(held))
    if held.regions:
        told.append(_lies_in(held))
    return told


def judge(held: Held, part: Part) -> Judged:
    """One part: the best of what may stand for one another."""
    if not part.asks:
        return Judged(
            "unclear", _quoted(part.words), say("规则读不懂，请人工判断", "no rule reads these words; a person has to")
        )
    each = [_judge_ask(held, ask) for ask in part.asks]
    best = min(each, key=lambda one: _BEST.index(one.outcome))
    if len(each) == 1:
        return best
    asks = Said(zh="或".join(one.asks.zh for one in each), en=" or ".join(one.asks.en for one in each))
    return best._replace(asks=asks)


def _quoted(words: str) -> Said:
    return Said(zh=f"“{words}”", en=f"“{words}”")


def _judge_ask(held: Held, ask: Ask) -> Judged:
    if ask.field == "sector":
        return _sector(held, str(ask.value))
    field = ASK_FIELDS[ask.field]
    called = Said(zh=field.zh, en=field.en)
    if field.kind in AMOUNTS and isinstance(ask.value, float):
        limit = Said(zh=say_amount(ask.value, ask.unit, "zh"), en=say_amount(ask.value, ask.unit, "en"))
        sign = Said(zh=_WORDS[ask.operator][0], en=_WORDS[ask.operator][1])
        asks = say("{field}{sign}{limit}", "{field} of {sign} {limit}", field=called, sign=sign, limit=limit)
        return _amount(held, ask, asks, called)
    if field.kind == "date":
        sign = Said(zh=_WORDS[ask.operator][0], en=_WORDS[ask.operator][1])
        asks = say("{field}{sign}{day}", "{field} {sign} {day}", field=called, sign=sign, day=str(ask.value))
        return _date(held, ask, asks, called)
    asks = (
        called
        if field.kind == "yes"
        else say("{field}：{value}", "{field}: {value}", field=called, value=str(ask.value))
    )
    if field.kind == "yes" and ask.value == "no":
        asks = say("非“{field}”", "not: {field}", field=called)
    told = held.subject.facts.get(ask.field)
    if told is None:
        return _untold(asks, called)
    if field.kind == "yes":
        fits = bool(told.value) == (ask.value == "yes")
    else:
        fits = str(told.value).strip().casefold() == str(ask.value).strip().casefold()
    why = say("已说明：是", "told: yes") if told.value is True else say("已说明：否", "told: no")
    if field.kind != "yes":
        why = say("已说明：{value}", "told: {value}", value=str(told.value))
    return Judged("met" if fits else "not_met", asks, why, told.claims)


def _untold(asks: Said, called: Said) -> Judged:
    return Judged("untold", asks, say("缺少信息：{field}", "not told: {field}", field=called))


def _amount(held: Held, ask: Ask, asks: Said, called: Said) -> Judged:
    told = held.subject.facts.get(ask.field)
    if told is None and ask.field == "tonnes_bought":
        return _tonnes(held, ask, asks)
    if told is None and ask.field == "fixed_investment":
        return _of_total(held, ask, asks, called)
    if told is None:
        return _untold(asks, called)
    return _compared(held, ask, told, asks, called)


def _compared(held: Held, ask: Ask, told: Told, asks: Said, called: Said) -> Judged:
    shown = _shown(told)
    if dimension_of(told.unit) != dimension_of(ask.unit):
        why = say(
            "已知{field}为{amount}，与要求的单位或币种不同", "{field} is told as {amount}, in another unit or currency",
            field=called, amount=shown,
        )  # fmt: skip
        return Judged("untold", asks, why, told.claims)
    has, limit = _base(float(told.value), told.unit), _base(float(ask.value), ask.unit)
    why = say("{field}为{amount}", "{field} is {amount}", field=called, amount=shown)
    if _holds(has, ask.operator, limit):
        return Judged("met", asks, why, told.claims)
    if ask.operator in (">=", ">") and has >= held.near_share * limit:
        return Judged("near", asks, _short(why, ask, limit - has), told.claims)
    return Judged("not_met", asks, why, told.claims)


def _short(why: Said, ask: Ask, lacking: float) -> Said:
    amount = lacking / (unit_of(ask.unit).factor if ask.unit else 1.0)
    lack = Said(zh=say_amount(amount, ask.unit, "zh"), en=say_amount(amount, ask.unit, "en"))
    return say("{why}，尚差{lack}", "{why}: {lack} short", why=why, lack=lack)


def _of_total(held: Held, ask: Ask, asks: Said, called: Said) -> Judged:
    """Only the total is told: fixed assets are at most that, and for an upper limit taken as at least a part of it."""
    total = held.subject.facts.get("investment")
    if total is None or total.unit != ask.unit:
        return _untold(asks, called)
    has, limit = float(total.value), float(ask.value)
    why = say(
        "总投资{amount}，其中固定资产投资未说明",
        "total investment is {amount}; how much of it is fixed assets is not told",
        amount=_shown(total),
    )  # fmt: skip
    if ask.operator in ("<", "<="):
        if _holds(has, ask.operator, limit):
            return Judged("met", asks, why, total.claims)
        far = held.near_share * has >= limit
        return Judged("not_met" if far else "untold", asks, why, total.claims)
    enough = _holds(has, ask.operator, limit)
    if enough or has >= held.near_share * limit:
        return Judged("near", asks, why if enough else _short(why, ask, limit - has), total.claims)
    return Judged("not_met", asks, why, total.claims)


def _tonnes(held: Held, ask: Ask, asks: Said) -> Judged:
    """What its recipes take in of the products that the condition names, t/yr."""
    called = Said(zh=ASK_FIELDS["tonnes_bought"].zh, en=ASK_FIELDS["tonnes_bought"].en)
    bought = held.subject.bought
    if bought is None:
        return _untold(asks, called)
    wanted = _with_kinds(held)
    each = [one for product, one in bought.items() if product in wanted]
    low = sum(one.low for one in each)
    high = None if any(one.high is None for one in each) else sum(one.high or 0.0 for one in each)
    limit = float(ask.value)
    told = Said(
        zh=say_amount(float(f"{low:.4g}"), "t/yr", "zh") if high is not None else "数量未知",
        en=say_amount(float(f"{low:.4g}"), "t/yr", "en") if high is not None else "an unknown amount",
    )
    why = say("按工艺推算年用量至少{amount}", "by its recipes it takes at least {amount}", amount=told)
    if high is None and low == 0:
        why = say("用量未知", "how much it takes is not known")
    if _holds(low, ask.operator, limit):
        return Judged("met", asks, why)
    if high is None or _holds(high, ask.operator, limit):
        return Judged("untold", asks, why)
    return Judged("near" if high >= held.near_share * limit else "not_met", asks, why)


def _date(held: Held, ask: Ask, asks: Said, called: Said) -> Judged:
    told = held.subject.facts.get(ask.field)
    if told is None:
        return _untold(asks, called)
    why = say("{field}为{day}", "{field}: {day}", field=called, day=str(told.value))
    first, last = start_of(str(told.value)), end_of(str(told.value))
    begin, end = start_of(str(ask.value)), end_of(str(ask.value))
    surely = {">=": first >= begin, ">": first > end, "<=": last <= end, "<": last < begin}[ask.operator]
    maybe = {">=": last >= begin, ">": last > end, "<=": first <= end, "<": first < begin}[ask.operator]
    return Judged("met" if surely else "untold" if maybe else "not_met", asks, why, told.claims)


def _holds(has: float, operator: str, limit: float) -> bool:
    return {">=": has >= limit, ">": has > limit, "<=": has <= limit, "<": has < limit}[operator]


def _base(amount: float, unit: str | None) -> float:
    return amount * unit_of(unit).factor if unit else amount


def _shown(told: Told) -> Said:
    if not isinstance(told.value, float):
        return Said(zh=str(told.value), en=str(told.value))
    return Said(zh=say_amount(told.value, told.unit, "zh"), en=say_amount(told.value, told.unit, "en"))


def _with_kinds(held: Held) -> set[int]:
    """The products that the condition names, and their kinds."""
    named = [held.chain.index[product] for product in held.products if product in held.chain.index]
    return {*named, *(int(kind) for product in named for kind in held.chain.below.row(product))}


def _listed(held: Held, ids: Sequence[str]) -> Said:
    return names([held.names[one] for one in ids], measure="种")


def _makes(held: Held) -> Judged:
    asks = say("生产{products}", "makes {products}", products=_listed(held, held.products))
    lines = held.subject.lines
    if lines is None:
        return Judged("untold", asks, say("缺少信息：产品", "not told: what it makes"))
    wanted = _with_kinds(held)
    fitting = [line for line in lines if line.product in wanted]
    if fitting:
        claims = tuple(sorted({claim for line in fitting for claim in line.claims}))
        return Judged("met", asks, say("产品相符", "it makes it"), claims)
    above = {int(one) for product in wanted for one in held.chain.above.row(product)}
    if any(line.product in above for line in lines):
        return Judged("untold", asks, say("只知其上位产品", "only a class of it is told"))
    return Judged("not_met", asks, say("产品不符", "it makes something else"))


def _buys(held: Held) -> Judged:
    asks = say("采购{products}", "buys {products}", products=_listed(held, held.products))
    if held.subject.bought is None:
        return Judged("untold", asks, say("缺少信息：投入品", "not told: what it takes in"))
    if _with_kinds(held) & held.subject.bought.keys():
        return Judged("met", asks, say("按工艺需用", "its recipes take it in"))
    return Judged("not_met", asks, say("工艺不用", "its recipes do without it"))


def _lies_in(held: Held) -> Judged:
    asks = say("位于{places}", "lies in {places}", places=_listed(held, held.regions))
    around = held.reader.around(held.region)
    if set(held.regions) & set(around):
        return Judged("met", asks, say("位于其中", "it lies there"))
    if any(held.region in held.reader.around(region) for region in held.regions):
        return Judged("untold", asks, say("须落在该园区内", "only if it is placed in that part"))
    return Judged("not_met", asks, say("不在其中", "it lies elsewhere"))


def _sector(held: Held, sector: str) -> Judged:
    asks = Said(zh=SECTORS[sector][0], en=SECTORS[sector][1])
    lines = held.subject.lines
    if lines is None:
        return Judged("untold", asks, say("缺少信息：产品", "not told: what it makes"))
    each = {line: _in_sector(held.chain, line.product, sector) for line in lines}
    outcome = min(each.values(), key=_BEST.index)
    claims = tuple(sorted({claim for line, one in each.items() if one == outcome for claim in line.claims}))
    why = {
        "met": say("产品属于该行业", "what it makes belongs to it"),
        "unclear": say("产品是否属于该行业需人工判断", "whether what it makes belongs to it, a person has to judge"),
    }.get(outcome, say("产品不属于该行业", "what it makes does not belong to it"))
    return Judged(outcome, asks, why, claims)


def _in_sector(chain: Chain, product: int, sector: str) -> Outcome:
    """By the product's chain and stage (docs/methods/policies.md)."""
    word, stage, role = chain.chains[product], chain.stages[product], chain.roles[product]
    if sector == "industrial":
        return "met"
    if sector == "new_material":
        return "met" if stage in ("functional_material", "metal_alloy") else "unclear"
    if word is None or (word == "other" and role == "market"):
        return "unclear"
    if word == "other":
        return "not_met"
    if sector == "rare_earth" or stage in _NEW_MATERIAL:
        return "met"
    return "unclear" if stage in ("metal_alloy", None) else "not_met"
