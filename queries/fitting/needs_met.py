"""Hard needs of a project against what a zone offers: met, partly met, not met, or not known. Nothing is assumed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from graph.model.dates import end_of
from graph.model.facts import Fact
from graph.model.units import dimension_of, say_amount, unit_of
from graph.readers.port import Reader
from queries.base import NodeRef, refs
from queries.chain.spoken import Said, named, say
from queries.fitting.needs import NEEDS, Need, need_of
from queries.fitting.parts import NeedFit, NeedOutcome, OfferSeen
from queries.fitting.sheet import Stated
from queries.fitting.sheet_amounts import SheetAmount

_DAYS_A_YEAR = 365.25


class Offer(NamedTuple):
    """Something offered. `inside`: by the zone itself or a part of it; `claim` None: by the user's sheet.

    `old`: told long ago, or at no date: then it only shows that there once was something.
    """

    name: str
    region: str
    inside: bool
    old: bool
    amount: float | None
    unit: str | None
    as_of: str | None
    claim: str | None


def published_offers(reader: Reader, region: str, recent_years: float) -> Mapping[str, tuple[Offer, ...]]:
    """By need: what the region, its parts and the regions around it offer on record; contradicting figures each."""
    parts = _parts_of(reader, region)
    scope = [region, *parts, *reader.around(region)[1:]]
    facts = [fact for fact in reader.facts(scope, ("offers",)) if fact.used]
    ids = sorted({id_ for fact in facts for id_ in fact.conflicts})
    rivals = {one.id: one.claim for one in reader.claims(ids)} if ids else {}
    found: dict[str, list[Offer]] = {}
    today = reader.as_of.valid
    for fact in facts:
        need = need_of(fact.qualifier)
        if need is None:
            continue
        inside = fact.subject == region or fact.subject in parts
        old = not fact.as_of or (today - end_of(fact.as_of)).days > recent_years * _DAYS_A_YEAR
        told = [_offer(fact, fact.value, fact.unit, fact.claim, inside, old)]
        told += [
            _offer(fact, rivals[id_].value, rivals[id_].unit, id_, inside, old)
            for id_ in fact.conflicts
            if id_ in rivals
        ]
        found.setdefault(need.name, []).extend(told)
    order = {id_: at for at, id_ in enumerate(scope)}
    return {
        name: tuple(sorted(offers, key=lambda one: (order[one.region], one.name, one.claim or "")))
        for name, offers in found.items()
    }


def _offer(fact: Fact, value: float | str | None, unit: str | None, claim: str, inside: bool, old: bool) -> Offer:
    amount = value if isinstance(value, float) else None
    unit = unit if amount is not None else None
    return Offer(fact.qualifier, fact.subject, inside, old, amount, unit, fact.as_of, claim)


def _parts_of(reader: Reader, region: str) -> list[str]:
    """All regions in it, nearest first, by id at one distance."""
    found: list[str] = []
    tier = [region]
    while tier:
        inner = {fact.subject for fact in reader.facts(tier, ("part_of",), "in") if fact.used}
        tier = sorted(inner - {region, *found})
        found += tier
    return found


def stated_offers(region: str, stated: Mapping[str, Stated]) -> Mapping[str, tuple[Offer, ...]]:
    """By need: what the user says the zone offers. What it says is not there comes as `denied`."""
    return {
        name: (Offer(name, region, True, False, *_amount_of(told), None, None),)
        for name, told in stated.items()
        if not (told is False or (isinstance(told, SheetAmount) and told.amount == 0))
    }


def denied(stated: Mapping[str, Stated]) -> frozenset[str]:
    """Needs that the user says the zone has nothing for."""
    return frozenset(
        n for n, told in stated.items() if told is False or (isinstance(told, SheetAmount) and told.amount == 0)
    )


def _amount_of(told: Stated) -> tuple[float | None, str | None]:
    return (told.amount, told.unit) if isinstance(told, SheetAmount) else (None, None)


def judge_needs(
    reader: Reader,
    region: str,
    needs: Mapping[str, Stated],
    published: Mapping[str, Sequence[Offer]],
    stated: Mapping[str, Stated],
) -> tuple[NeedFit, ...]:
    """Each need that is told, in the order of NEEDS; a need told as false or 0 is none."""
    by_sheet, none = stated_offers(region, stated), denied(stated)
    wanted = {
        name: told
        for name, told in needs.items()
        if told is not False and not (isinstance(told, SheetAmount) and told.amount == 0)
    }
    used = {name: (*by_sheet.get(name, ()), *published.get(name, ())) for name in wanted}
    names = refs(reader, sorted({region, *(one.region for offers in used.values() for one in offers)}))
    return tuple(
        _fit(need, wanted[name], () if name in none else used[name], name in none, names)
        for name, need in NEEDS.items()
        if name in wanted
    )


def _fit(need: Need, told: Stated, offers: Sequence[Offer], is_denied: bool, names: Mapping[str, NodeRef]) -> NeedFit:
    amount, unit = _amount_of(told)
    outcome, why = ("not_met", say("园区说明没有", "the zone says that it has none")) if is_denied else outcome_of(
        need, amount, unit, offers, names
    )  # fmt: skip
    return NeedFit(
        need=need.name,
        called=Said(zh=need.zh, en=need.en),
        amount=amount,
        unit=unit,
        outcome=outcome,
        why=why,
        offers=tuple(
            OfferSeen(
                name=one.name,
                region=names[one.region],
                amount=one.amount,
                unit=one.unit,
                as_of=one.as_of,
                claim=one.claim,
            )
            for one in offers
        ),
    )


def outcome_of(
    need: Need, amount: float | None, unit: str | None, offers: Sequence[Offer], names: Mapping[str, NodeRef]
) -> tuple[NeedOutcome, Said]:
    """How offers meet a need. The largest single one counts: plots and lines are not added up."""
    if not offers:
        return "unknown", say("未见供给信息", "no offer is on record")
    fitting = [one for one in offers if one.inside or not need.near]
    if not fitting:
        where = named(names[offers[0].region])
        return "unknown", say("{where}有，是否在本区未说明", "{where} offers it; whether here is not told", where=where)
    fitting = [one for one in fitting if not one.old]
    if not fitting:
        return "unknown", say(
            "有过供给，年代较久或未注明日期", "it was offered, long ago or at no date: ask whether it still is"
        )
    if amount is None or unit is None:
        return "met", say("有供给，需求量未说明", "it is offered; how much is needed is not told")
    comparable = [
        (one.amount * unit_of(one.unit).factor, one)
        for one in fitting
        if one.amount is not None and one.unit is not None and dimension_of(one.unit) == dimension_of(unit)
    ]
    if not comparable:
        return "unknown", say(
            "有供给，数量未说明或单位不可比", "it is offered; how much is not told in a unit that compares"
        )
    wanted = amount * unit_of(unit).factor
    # The first that is enough: the user's own word before what was published; else the largest.
    best, offer = next((pair for pair in comparable if pair[0] >= wanted), None) or max(comparable, key=lambda p: p[0])
    told = Said(
        zh=say_amount(offer.amount or 0.0, offer.unit, "zh"), en=say_amount(offer.amount or 0.0, offer.unit, "en")
    )
    where = named(names[offer.region])
    dated = say("（{day}）", " ({day})", day=offer.as_of) if offer.as_of else Said(zh="", en="")
    if best >= wanted:
        return "met", say("{where}可供{told}{day}", "{where} offers {told}{day}", where=where, told=told, day=dated)
    return "partly", say(
        "{where}最多可供{told}{day}", "{where} offers at most {told}{day}", where=where, told=told, day=dated
    )
