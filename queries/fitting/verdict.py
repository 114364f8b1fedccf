"""The overall verdict: every reason in one sentence, and the rule that decides by them (docs/methods/fit.md)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from queries.base import NodeRef
from queries.chain.assessment import KINDS
from queries.chain.spoken import Said, amount, counted, named, names, percent, say, sentence
from queries.fitting.applicable import Policy
from queries.fitting.needs import NEEDS
from queries.fitting.parts import (
    FIT_VERDICTS,
    HAD,
    ByProductFit,
    Duplication,
    FitRoute,
    FitRule,
    FitVerdict,
    Leaning,
    NeedFit,
    OutputUse,
    ProductFit,
    Reason,
    Topic,
)

VERSION = "1"
# Of these a zone wants to know before it says yes.
USUAL = ("power", "water", "land", "gas", "waste_treatment")
_RULES = {
    "stated_conflict": (
        "有一项冲突：园区说明没有所需条件，或拟建产能超过全国已知产能",
        "something speaks against it: the zone says it lacks what is needed, or more is proposed than the whole "
        "country is known to make",
    ),
    "nothing_known": (
        "没有任何一方面有已知的有利或不利依据",
        "nothing that is known speaks for it or against it",
    ),
    "conditions_open": (
        "没有冲突，但有条件或待查事项",
        "nothing speaks against it, but conditions or questions are open",
    ),
    "all_known_fits": ("没有冲突、条件或待查事项", "nothing speaks against it and nothing is open"),
}


class Judgement(NamedTuple):
    """The verdict, the rule behind it, and all reasons: what weighs most first."""

    verdict: FitVerdict
    rule: FitRule
    reasons: tuple[Reason, ...]


def judge_fit(
    elsewhere: Sequence[tuple[NodeRef, str]],
    products: Sequence[ProductFit],
    routes: Sequence[Sequence[FitRoute]],
    no_recipe: Sequence[NodeRef],
    uses: Sequence[OutputUse],
    doubles: Sequence[Duplication],
    by_products: Sequence[ByProductFit],
    needs: Sequence[NeedFit],
    needs_untold: Sequence[str],
    policies: Sequence[Policy],
) -> Judgement:
    """All reasons, by how they lean, then in the order of topics. `routes` of each product, the best first."""
    reasons = [
        *(_placed(place, claim) for place, claim in elsewhere),
        *(_layout(one) for one in products),
        *(reason for ways in routes for reason in (*_inputs(ways[0]), *_other_ways(ways))),
        *(_no_recipe(one) for one in no_recipe),
        *(_outputs(one) for one in uses),
        *(reason for one in doubles for reason in _duplication(one)),
        *(_by_product(one) for one in by_products),
        *(_need(one) for one in needs),
        *_untold(needs_untold),
        *_policies(policies),
    ]
    order: tuple[Leaning, ...] = ("against", "condition", "open", "for", "neutral")
    ordered = tuple(sorted(reasons, key=lambda reason: order.index(reason.leaning)))
    name, verdict = decide([reason.leaning for reason in ordered])
    return Judgement(verdict, FitRule(name=name, version=VERSION, words=say(*_RULES[name])), ordered)


def decide(leanings: Iterable[Leaning]) -> tuple[str, FitVerdict]:
    """The first rule that fits."""
    found = set(leanings)
    if "against" in found:
        return "stated_conflict", "conflicts"
    if not found & {"for", "condition"}:
        return "nothing_known", "cannot_tell"
    if found & {"condition", "open"}:
        return "conditions_open", "fits_with_conditions"
    return "all_known_fits", "fits"


def _reason(topic: Topic, leaning: Leaning, words: Said, claims: Iterable[str] = ()) -> Reason:
    return Reason(topic=topic, leaning=leaning, words=words, claims=tuple(claims))


def _placed(place: NodeRef, claim: str) -> Reason:
    words = say("在库记录为落在{place}", "on record it stands in {place}", place=named(place))
    return _reason("layout", "neutral", words, (claim,))


def _layout(one: ProductFit) -> Reason:
    product = named(one.product)
    if one.effect == "closes_gap":
        kind = say(*KINDS[one.kind]) if one.kind else Said(zh="缺环", en="gap")
        words = say("{product}在本地属{kind}，项目可补上",
                    "{product} is missing here ({kind}); the project would close it",
                    product=product, kind=kind)  # fmt: skip
    elif one.effect == "unknown":
        words = say("{product}在本地的情况不明", "whether {product} is made here is not known", product=product)
        return _reason("layout", "open", words, one.claims)
    elif one.effect == "implied":
        words = say("{product}在本地联产已有", "{product} arises here anyway", product=product)
        return _reason("layout", "neutral", words, one.claims)
    else:
        template = (
            ("{product}在本地属强链环节，现有{makers}", "{product} is a thin link here ({makers}): strengthened")
            if one.effect == "strengthens"
            else ("{product}本地已有{makers}生产", "{product} is already made here by {makers}")
        )  # fmt: skip
        words = say(*template, product=product, makers=names(one.makers, one.makers_total))
    return _reason("layout", "for" if one.effect != "adds" else "neutral", words, one.claims)


def _no_recipe(product: NodeRef) -> Reason:
    words = say("{product}没有工艺数据，投入品不明", "no recipe of {product} is known", product=named(product))
    return _reason("inputs", "open", words)


def _inputs(route: FitRoute) -> list[Reason]:
    product = named(route.product)
    if route.process:
        product = say("{product}（{process}）", "{product} ({process})", product=product, process=named(route.process))
    reasons = []
    lacking = _lacking(route)
    claims = sorted({claim for one in route.inputs for claim in one.claims})
    if route.share is not None and not lacking:
        words = say(
            "{product}所需的链上投入品本地都有", "all inputs of the chain for {product} are here", product=product
        )
        reasons.append(_reason("inputs", "for", words, claims))
    elif lacking:
        words = say(
            "{product}的链上投入品本地有{share}，缺{lacking}",
            "{share} of the inputs for {product} are here; lacking: {lacking}",
            product=product,
            share=percent(route.share),
            lacking=names(lacking, measure="种"),
        )
        reasons.append(_reason("inputs", "condition", words, claims))
    for one in route.inputs:
        if one.enough is False:
            words = say(
                "{input}需{needed}，本地产能最多{here}，须外购",
                "{needed} of {input} are needed, capacity here is at most {here}: the rest comes from outside",
                input=named(one.product),
                needed=amount(one.needed),
                here=amount(one.here_high),
            )
            reasons.append(_reason("inputs", "condition", words, one.claims))
    if route.services_lacking:
        words = say("缺{services}", "not here: {services}", services=names(route.services_lacking, measure="项"))
        reasons.append(_reason("inputs", "condition", words))
    return reasons


def _lacking(route: FitRoute) -> list[NodeRef]:
    return [one.product for one in route.inputs if one.counted and one.standing not in HAD]


def _other_ways(ways: Sequence[FitRoute]) -> list[Reason]:
    """The best way is not always the one that is taken: what others would lack."""
    known = {one.id for one in _lacking(ways[0])}
    more = {one.id: one for route in ways[1:] for one in _lacking(route) if one.id not in known}
    if not more:
        return []
    words = say("{product}按其他工艺还缺{lacking}", "by other recipes for {product} lacking: {lacking}",
                product=named(ways[0].product), lacking=names(list(more.values()), measure="种"))  # fmt: skip
    return [_reason("inputs", "open", words)]


def _outputs(one: OutputUse) -> Reason:
    if not one.users_total:
        words = say("本地未见{product}的用户", "nobody here is known to use {product}", product=named(one.product))
        return _reason("outputs", "neutral", words)
    words = say(
        "{product}在本地有{count}：{users}{demand}",
        "{count} of {product} here: {users}{demand}",
        product=named(one.product),
        count=counted(one.users_total, "家用户", "user"),
        users=names(one.users, one.users_total),
        demand=say("，需求至少{low}", ", needing at least {low}", low=amount(one.demand_low))
        if one.demand_low
        else Said(zh="", en=""),
    )
    return _reason("outputs", "for", words, one.claims)


def _duplication(one: Duplication) -> list[Reason]:
    product = named(one.product)
    reasons = []
    if "national" in one.beyond:
        words = say(
            "{product}拟建{proposed}，超过全国已知产能{national}",
            "{proposed} of {product} are proposed, more than the {national} known in the country",
            product=product,
            proposed=amount(one.proposed, one.unit),
            national=amount(one.national, one.unit),
        )
        reasons.append(_reason("duplication", "against", words, one.claims))
    if "demand" in one.beyond:
        words = say(
            "{product}现有、在途与拟建合计至少{together}，本地需求至多{demand}，其余须外销",
            "{together} of {product} at least would be made here, at most {demand} is needed: the rest is sold outside",
            product=product,
            together=amount(one.together_low, one.unit),
            demand=amount(one.demand_high, one.unit),
        )
        reasons.append(_reason("duplication", "condition", words, one.claims))
    if one.owner_makes_it:
        words = say(
            "投资方已在本地生产{product}，属扩产",
            "its investor makes {product} here already: an extension",
            product=product,
        )
        reasons.append(_reason("duplication", "neutral", words, one.claims))
    if one.proposed is None:
        words = say("{product}的拟建产能未说明，无法核对重复建设",
                    "how much {product} is proposed is not told: duplication cannot be checked",
                    product=product)  # fmt: skip
        reasons.append(_reason("duplication", "open", words))
    elif one.pipeline_projects:
        words = say(
            "本地另有{count}：{projects}",
            "for {product} there are {count} more on their way here: {projects}",
            product=product,
            count=counted(len(one.pipeline_projects), "个同类在途项目", "project"),
            projects=names(one.pipeline_projects, measure="个"),
        )
        reasons.append(_reason("duplication", "neutral", words, one.claims))
    return reasons


def _by_product(one: ByProductFit) -> Reason:
    called = named(one.product) if one.product else Said(zh=one.words or "", en=one.words or "")
    if one.fate == "used_here":
        words = say("副产物{what}本地有用户：{users}", "by-product {what} is used here by {users}",
                    what=called, users=names(one.users, one.users_total))  # fmt: skip
        return _reason("by_products", "for", words)
    if one.fate == "unknown":
        words = say("副产物{what}去向不明", "where the by-product {what} goes is not known", what=called)
        return _reason("by_products", "open", words)
    words = (
        say(
            "副产物{what}为危险废物，须落实处置",
            "by-product {what} is hazardous and has to be disposed of",
            what=called,
        )
        if one.fate == "to_dispose"
        else say("副产物{what}在本地未见用户", "nobody here is known to use the by-product {what}", what=called)
    )
    return _reason("by_products", "condition", words)


def _need(one: NeedFit) -> Reason:
    leaning: Leaning = {"met": "for", "partly": "condition", "unknown": "open", "not_met": "against"}[one.outcome]  # type: ignore[assignment]
    much = amount(one.amount, one.unit) if one.amount is not None and one.unit else Said(zh="", en="")
    words = say("需要{need}{much}：{why}", "needs {need}{much}: {why}", need=one.called,
                much=Said(zh=much.zh, en=f" ({much.en})" if much.en else ""), why=one.why)  # fmt: skip
    return _reason("needs", leaning, words, sorted(offer.claim for offer in one.offers if offer.claim))


def _untold(untold: Sequence[str]) -> list[Reason]:
    if not untold:
        return []
    called = Said(zh="、".join(NEEDS[one].zh for one in untold), en=", ".join(NEEDS[one].en for one in untold))
    return [_reason("needs", "open", say("未说明需求：{needs}", "its needs are not told: {needs}", needs=called))]


def _policies(policies: Sequence[Policy]) -> list[Reason]:
    reasons = []
    for verdict, leaning, zh, en in (
        ("applies", "for", "适用{count}：{names}", "{count} of policies apply: {names}"),
        ("nearly", "neutral", "接近适用{count}：{names}", "{count} of policies nearly apply: {names}"),
    ):
        rows = [(one.policy, row) for one in policies for row in one.conditions if row.verdict == verdict]
        if rows:
            from_ = list({policy.id: policy for policy, _ in rows}.values())
            words = say(zh, en, count=counted(len(rows), "项条款", "condition"), names=names(from_, measure="项"))
            claims = sorted({claim for _, row in rows for claim in row.claims})
            reasons.append(_reason("policies", leaning, words, claims))  # type: ignore[arg-type]
    return reasons


def say_fit(region: NodeRef, project: NodeRef, judged: Judgement) -> Said:
    """The verdict and what weighs most, in one sentence."""
    wanted: tuple[Leaning, ...] = ("against",) if judged.verdict == "conflicts" else ("for", "condition", "open")
    told: list[Said] = []
    for leaning in wanted:
        told += [reason.words for reason in judged.reasons if reason.leaning == leaning][
            : 2 if leaning != "open" else 1
        ]
    return sentence(
        say("{project}与{region}：{verdict}", "{project} in {region}: {verdict}", project=named(project),
            region=named(region), verdict=say(*FIT_VERDICTS[judged.verdict])),
        *told,
    )  # fmt: skip
