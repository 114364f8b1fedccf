"""What to load next, in words built from the numbers."""

from typing import Literal

from pydantic import Field

from graph.readers.port_types import ChainEvidence
from queries.base import Record

Lack = Literal["makers", "recent_sources", "second_sources", "places", "descriptions", "not_judged", "enterprises"]
# Below this share of what there is estimated as seen, an independent list pays most.
_LOW_COMPLETENESS = 0.5


class Advice(Record):
    """What is lacking, and what to load about it, most needed first."""

    lacks: tuple[Lack, ...] = Field(
        title="缺什么", description="what is lacking, most needed first; empty: enough is known"
    )
    zh: str = Field(title="中文建议", description="the same in Chinese")
    en: str = Field(title="英文建议", description="the same in English")

    @classmethod
    def of(cls, parts: list[tuple[Lack, str, str]], enough: tuple[str, str]) -> "Advice":
        """From what is lacking, each with its sentence; or the sentence that nothing is."""
        if not parts:
            return cls(lacks=(), zh=enough[0], en=enough[1])
        return cls(
            lacks=tuple(lack for lack, _, _ in parts),
            zh="；".join(zh for _, zh, _ in parts) + "。",
            en=" ".join(f"{en[0].upper()}{en[1:]}." for _, _, en in parts),
        )

    @classmethod
    def for_region(cls, enterprises: int, unplaced: int, unplaced_makers: int, dangling: int) -> "Advice":
        """For a region as a whole."""
        parts: list[tuple[Lack, str, str]] = []
        if not enterprises:
            parts.append(
                (
                    "enterprises",
                    "本地尚无企业记录：先录入企业名录",
                    "no enterprise is recorded here: load a list of enterprises first",
                )
            )
        if unplaced:
            parts.append(
                (
                    "places",
                    f"有 {unplaced} 家企业不知地点（其中 {unplaced_makers} 家有生产记录），可能就在本地："
                    "录入其注册地或厂址",
                    f"{_count(unplaced, 'enterprise')} of no known place ({unplaced_makers} of them makers) "
                    "may be here: load their registered offices or plants",
                )
            )
        if dangling:
            parts.append(
                (
                    "descriptions",
                    f"有 {dangling} 个对象只有标识而无名称：录入其名称",
                    f"{_count(dangling, 'node')} without a name: load what they are called",
                )
            )
        return cls.of(parts, ("地点与名称齐备。", "Every enterprise has a place, every node a name."))


def advise(told: ChainEvidence, min_makers: int, min_sources: int, since: int, judged: bool) -> Advice:
    """For one chain. `since`: the year from which sources are recent; `judged`: whether its gaps are judged at all."""
    if not judged:
        return Advice(
            lacks=("not_judged",),
            zh="其他行业的产品，不判断缺失；需要时先为其指定产业链。",
            en="Products of other industries are not judged; give them a chain first where that is wanted.",
        )
    parts: list[tuple[Lack, str, str]] = []
    if told.makers < min_makers:
        short = min_makers - told.makers
        parts.append(
            (
                "makers",
                f"本地仅知 {told.makers} 家生产者，至少要 {min_makers} 家："
                f"再录入 {short} 家以上（园区企业名录、环评公示、统计名单）",
                f"{_count(told.makers, 'maker')} known here, {min_makers} needed: load at least {short} more "
                "(enterprise lists of the zone, environmental impact notices, statistics)",
            )
        )
    if told.recent < min_sources:
        short = min_sources - told.recent
        parts.append(
            (
                "recent_sources",
                f"{since} 年以来的来源仅 {told.recent} 个，至少要 {min_sources} 个："
                f"再录入 {short} 个以上（公告、年报、近年新闻）",
                f"{_count(told.recent, 'source')} since {since}, {min_sources} needed: load at least {short} more "
                "(filings, annual reports, recent news)",
            )
        )
    if told.mentions and 1 - told.single / told.mentions < _LOW_COMPLETENESS:
        parts.append(
            (
                "second_sources",
                f"{told.makers} 家中 {told.single} 家只见于一个来源，名单多半不全：录入一份独立的名录核对",
                f"{told.single} of {_count(told.makers, 'maker')} seen in one source only, so the list is likely "
                "far from complete: load an independent list",
            )
        )
    return Advice.of(parts, ("资料足以判断缺失。", "Enough is known for a link that nobody makes to count as missing."))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
