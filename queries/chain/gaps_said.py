"""The gaps of a region in one sentence: how many, which one first, who needs it, who could bring it, by when."""

from collections.abc import Sequence
from typing import Protocol

from queries.base import NodeRef
from queries.chain.assessment import KINDS
from queries.chain.gap_rows import Gap
from queries.chain.spoken import Said, counted, day, named, say, sentence, tonnes, whole


class _Counts(Protocol):
    @property
    def missing(self) -> int: ...
    @property
    def unknown(self) -> int: ...
    @property
    def present(self) -> int: ...


def say_gaps(region: NodeRef, counts: _Counts, gaps: Sequence[Gap]) -> Said:
    """From the counts and the first row."""
    opening = say(
        "{region}产业链上有{missing}、{unknown}",
        "the chain of {region} has {missing} and {unknown}",
        region=named(region),
        missing=_links(counts.missing, "缺失环节", "missing link"),
        unknown=_links(counts.unknown, "情况不明的环节", "unknown link"),
    )
    if not gaps:
        return sentence(opening)
    return sentence(opening, _first(gaps[0]), _need(gaps[0]), _source(gaps[0]), _closing(gaps[0]))


def _links(number: int, zh: str, en: str) -> Said:
    return Said(zh=f"{whole(number).zh}个{zh}", en=counted(number, zh, en).en)


def _first(gap: Gap) -> Said:
    return say(
        "首先是{product}（{kind}）",
        "first of all {product} ({kind})",
        product=named(gap.product),
        kind=Said(zh=KINDS[gap.kind][0], en=KINDS[gap.kind][1]),
    )


def _need(gap: Gap) -> Said | None:
    if not gap.users:
        return None
    users, verb = counted(gap.users, "家本地企业", "local enterprise"), _verb(gap.users, "need")
    if gap.supply is None or not gap.supply.demand_low:
        return say("{users}要用", "{users} {verb} it", users=users, verb=verb)
    return say(
        "{users}要用，每年至少{mass}",
        "{users} {verb} it, at least {mass} a year",
        users=users,
        verb=verb,
        mass=tonnes(gap.supply.demand_low),
    )


def _source(gap: Gap) -> Said:
    if gap.makers_elsewhere == 0:
        return say("外地也没有企业生产的记录", "nobody is recorded to make it elsewhere")
    return say(
        "外地有{makers}生产",
        "{makers} elsewhere {verb} it",
        makers=counted(gap.makers_elsewhere, "家企业", "enterprise"),
        verb=_verb(gap.makers_elsewhere, "make"),
    )


def _verb(number: int, verb: str) -> Said:
    return Said(zh="", en=f"{verb}s" if number == 1 else verb)


def _closing(gap: Gap) -> Said | None:
    if gap.closes_on is None:
        return None
    return say("在建项目预计{day}补上", "a project under way should close it by {day}", day=day(gap.closes_on))
