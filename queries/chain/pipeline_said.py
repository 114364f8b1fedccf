"""The pipeline in one sentence: what closes by the date, what cannot be relied on, and what nobody is building."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from queries.base import NodeRef
from queries.chain.gap_map import Change
from queries.chain.projects_ahead import ProjectAhead
from queries.chain.spoken import Said, counted, day, named, names, say, sentence


class Totals(NamedTuple):
    """What the sentence is made of: of the needed gaps, those that no dated project fills, and how many have none."""

    coming: Sequence[ProjectAhead]
    changes: Sequence[Change]
    needed_undated: Sequence[NodeRef]
    needed_without: int


def say_pipeline(region: NodeRef, by: date, totals: Totals) -> Said:
    """One sentence, whatever there is."""
    until = day(by.isoformat()[:7])
    if not totals.coming:
        return sentence(
            say("{region}没有已知的在途项目", "no project is known to be under way in {region}", region=named(region)),
            say("到{until}缺环照旧", "so that by {until} its gaps are those of today", until=until),
            _without(totals.needed_without),
        )
    standing = [project.standing for project in totals.coming]
    closed = [change for change in totals.changes if change.effect == "closed"]
    opened = [change for change in totals.changes if change.effect == "opened"]
    found = say(
        "{region}有{all}未建成，到{until}前有可信完工日期的{dated}",
        "of {all} in {region}, {dated} to be done by {until} on a date that still holds",
        region=named(region),
        all=counted(len(standing), "个项目", "unfinished project"),
        until=until,
        dated=_are(standing.count("closes")),
    )
    return sentence(
        found,
        say(
            "补上{names}",
            "which closes {names}",
            names=names([change.product for change in closed], measure="个环节"),
        )
        if closed
        else say("没有缺环因此补上", "which closes no gap"),
        say(
            "同时新增缺环{names}",
            "and opens {names}",
            names=names([change.product for change in opened], measure="个环节"),
        )
        if opened
        else None,
        _doubtful(*(standing.count(word) for word in ("no_date", "overdue", "stale", "not_started"))),
        say(
            "本地有需求的{names}只能指望这些项目",
            "{names}, needed here, can only wait for these",
            names=names(totals.needed_undated, measure="个环节"),
        )
        if totals.needed_undated
        else None,
        _without(totals.needed_without),
    )


def _are(number: int) -> Said:
    verb = "is" if number <= 1 else "are"
    return Said(zh=f"有{number}个" if number else "没有", en=f"{number or 'none'} {verb}")


def _doubtful(no_date: int, overdue: int, stale: int, apart: int) -> Said | None:
    told = [
        Said(zh=f"{count}个{zh}", en=f"{count} {one if count == 1 else many}")
        for count, zh, one, many in (
            (no_date, "没有完工日期", "has no date", "have no date"),
            (overdue, "已逾期", "is overdue", "are overdue"),
            (stale, "久无消息", "has long been silent", "have long been silent"),
            (apart, "还只是拟建或储备", "is only planned", "are only planned"),
        )
        if count
    ]
    return Said(zh="、".join(one.zh for one in told), en=", ".join(one.en for one in told)) if told else None


def _without(number: int) -> Said | None:
    if not number:
        return None
    return say(
        "另有{count}本地有需求的缺环没有项目",
        "and nothing is under way for {count} that makers here need",
        count=counted(number, "个", "gap"),
    )
