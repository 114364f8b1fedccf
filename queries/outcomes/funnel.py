"""The funnel of frozen lists: how many were contacted, visited, signed, landed or refused, and how often by factor.

Worked out from ledger entries alone; see docs/methods/outcomes.md for what the rates may be used for.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from pydantic import Field

from graph.model.ledger import EntryRecord
from queries.base import NodeRef, Record
from queries.outcomes.entries import IN_ORDER, Outcome, standing
from queries.outcomes.frozen_lists import FrozenList, frozen
from queries.wilson import wilson_interval

CUT = 0.5  # of a part's value: at least this is high
FEWEST = 5  # below, a group has no rate
BANDS: tuple[tuple[int, int | None], ...] = ((1, 5), (6, 10), (11, 20), (21, None))


class Share(Record):
    """A count, of how many, and the rate with its 95 % interval (Wilson 1927); nulls where there is nobody."""

    count: int = Field(title="数目")
    of: int = Field(title="总数", description="the denominator")
    rate: float | None = Field(title="比率", description="count / of, 0 to 1")
    low: float | None = Field(title="下限", description="lower end of the 95 % interval")
    high: float | None = Field(title="上限", description="upper end of the 95 % interval")


class StageShare(Record):
    """How many got at least as far as a stage; for `refused`, whose last word is a refusal."""

    stage: str = Field(title="阶段", description="contacted, visited, signed, landed or refused")
    of_list: Share = Field(title="占名单", description="of those on the list")
    of_before: Share = Field(
        title="占上一阶段", description="of those at the stage before; for refused, of the contacted"
    )


class Group(Record):
    """Some of those on the list, and how many of them landed. Below five there is no rate, and `reason` says so."""

    group: str = Field(title="组", description="high, low or unknown; or a band of ranks: 1-5")
    on_list: int = Field(title="名单上")
    contacted: int = Field(title="已联系")
    landed: int = Field(title="已落地")
    of_list: Share | None = Field(title="占名单", description="landed of those on the list; null below five")
    of_contacted: Share | None = Field(title="占已联系", description="landed of those contacted; null below five")
    reason: Literal["fewer_than_5_on_list", "fewer_than_5_contacted"] | None = Field(
        title="无比率的原因", description="why a rate is null"
    )


class Factor(Record):
    """Landings where a part of the score was high, low, or not known."""

    part: str = Field(title="分项", description="the part of the score")
    cut: float = Field(title="分界", description="a value of at least this is high")
    groups: tuple[Group, ...] = Field(title="分组")


class OutcomeShown(Record):
    """An outcome that stands."""

    id: str = Field(title="标识")
    list: str = Field(title="名单")
    enterprise: NodeRef = Field(title="企业")
    rank: int = Field(title="名次", description="on the list")
    stage: str = Field(title="阶段")
    on: str = Field(title="日期", description="the day it happened")
    note: str = Field(title="备注")
    who: str = Field(title="录入人")
    when: str = Field(title="录入时间")


class OutcomesFound(Record):
    """What came of one list, or of all. One enterprise on two lists counts on each."""

    lists: tuple[str, ...] = Field(title="名单", description="the lists it is about")
    on_list: int = Field(title="名单上", description="enterprises on them: every denominator `of_list`")
    in_progress: int = Field(title="进行中", description="contacted, and neither landed nor refused")
    stages: tuple[StageShare, ...] = Field(title="漏斗")
    factors: tuple[Factor, ...] = Field(title="按分项")
    ranks: tuple[Group, ...] = Field(title="按名次")
    outcomes: tuple[OutcomeShown, ...] = Field(title="记录", description="those that stand, by day")


class _Case(NamedTuple):
    """One enterprise on one list. `reached`: how many stages it got through; `is_refused`: that was the last word."""

    rank: int
    parts: dict[str, float | None]
    reached: int
    is_refused: bool


def outcomes_of(lists: Sequence[FrozenList], records: Iterable[EntryRecord]) -> OutcomesFound:
    """The funnel of some lists together."""
    names = {one.name for one in lists}
    entered = [one for one in standing(records) if one.list in names]
    of_whom: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in entered:
        of_whom.setdefault((outcome.list, outcome.enterprise), []).append(outcome)
    listed = {(one.name, row.enterprise.id): row for one in lists for row in one.targets}
    cases = [_case(row.rank, dict(row.parts), of_whom.get(key, ())) for key, row in listed.items()]
    parts = dict.fromkeys(part for case in cases for part in case.parts)
    return OutcomesFound(
        lists=tuple(one.name for one in lists),
        on_list=len(cases),
        in_progress=sum(0 < case.reached < len(IN_ORDER) and not case.is_refused for case in cases),
        stages=_stages(cases),
        factors=tuple(_factor(part, cases) for part in parts),
        ranks=tuple(_band(low, high, cases) for low, high in BANDS),
        outcomes=tuple(
            OutcomeShown(**(one._asdict() | {"enterprise": row.enterprise, "rank": row.rank}))
            for one in entered
            if (row := listed.get((one.list, one.enterprise))) is not None
        ),
    )


def lists_in(records: Iterable[EntryRecord]) -> list[FrozenList]:
    """The frozen lists of a ledger, oldest first."""
    return [frozen(record.entry) for record in records if record.entry.book == "list"]


def share(count: int, of: int) -> Share:
    """A share with its 95 % interval by Wilson's score method, which holds for small numbers and for none of some."""
    interval = wilson_interval(count, of)
    if interval is None:
        return Share(count=count, of=of, rate=None, low=None, high=None)
    return Share(count=count, of=of, rate=count / of, low=interval[0], high=interval[1])


def _case(rank: int, parts: dict[str, float | None], outcomes: Sequence[Outcome]) -> _Case:
    """Who got to a stage got to those before it, entered or not; a refusal answers an invitation.

    Landing is the end: a refusal counts as the last word only where nothing of a later day, or entered after it on
    the same one, follows, and nobody landed.
    """
    reached = max((IN_ORDER.index(one.stage) + 1 for one in outcomes if one.stage in IN_ORDER), default=0)
    if outcomes:
        reached = max(reached, 1)
    is_refused = bool(outcomes) and outcomes[-1].stage == "refused" and reached < len(IN_ORDER)
    return _Case(rank, parts, reached, is_refused)


def _stages(cases: Sequence[_Case]) -> tuple[StageShare, ...]:
    reached = [sum(case.reached > at for case in cases) for at in range(len(IN_ORDER))]
    before = [len(cases), *reached]
    found = [
        StageShare(stage=stage, of_list=share(reached[at], len(cases)), of_before=share(reached[at], before[at]))
        for at, stage in enumerate(IN_ORDER)
    ]
    refused = sum(case.is_refused for case in cases)
    last = StageShare(stage="refused", of_list=share(refused, len(cases)), of_before=share(refused, reached[0]))
    return (*found, last)


def _factor(part: str, cases: Sequence[_Case]) -> Factor:
    def is_high(case: _Case) -> bool | None:
        value = case.parts.get(part)
        return None if value is None else value >= CUT

    return Factor(
        part=part,
        cut=CUT,
        groups=(
            _group("high", cases, lambda case: is_high(case) is True),
            _group("low", cases, lambda case: is_high(case) is False),
            _group("unknown", cases, lambda case: is_high(case) is None),
        ),
    )


def _band(low: int, high: int | None, cases: Sequence[_Case]) -> Group:
    name = f"{low}-{high}" if high else f"{low}-"
    return _group(name, cases, lambda case: low <= case.rank and (high is None or case.rank <= high))


def _group(name: str, cases: Sequence[_Case], belongs: Callable[[_Case], bool]) -> Group:
    own = [case for case in cases if belongs(case)]
    contacted = sum(case.reached > 0 for case in own)
    landed = sum(case.reached == len(IN_ORDER) for case in own)
    return Group(
        group=name,
        on_list=len(own),
        contacted=contacted,
        landed=landed,
        of_list=share(landed, len(own)) if len(own) >= FEWEST else None,
        of_contacted=share(landed, contacted) if contacted >= FEWEST else None,
        reason="fewer_than_5_on_list"
        if len(own) < FEWEST
        else "fewer_than_5_contacted"
        if contacted < FEWEST
        else None,
    )
