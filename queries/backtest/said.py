"""The sentence that a back-test ends with: who came, how many of them the lists had, and what became of the gaps."""

from collections.abc import Mapping

from queries.backtest.gaps import MISSING, NOT_MADE, Outcome
from queries.backtest.records import TargetsTested
from queries.base import NodeRef
from queries.chain.spoken import Said, counted, day, named, percent, say, sentence


def say_backtest(region: NodeRef, cut_off: str, targets: TargetsTested, gaps: Mapping[str, Outcome]) -> Said:
    """In whole percent, with the number of cases beside it: few cases prove nothing."""
    return sentence(*_targets(region, cut_off, targets), _gaps(gaps))


def _targets(region: NodeRef, cut_off: str, targets: TargetsTested) -> tuple[Said, ...]:
    where, when = named(region), day(cut_off)
    if not targets.n:
        return (
            say(
                "{when}之后，没有记录到外地企业带着当时{where}没有的环节前来",
                "since {when} nobody from elsewhere is on record to have come to {where} with a link it did not have",
                where=where,
                when=when,
            ),
            say("名单准不准无从检验", "so the lists cannot be tested"),
        )
    chance = targets.baselines.random.hit["10"]
    return (
        say(
            "{when}之后有{who}带着当时{where}没有的环节前来（{cases}）",
            "since {when} {who} came to {where} with links it did not have ({cases})",
            where=where,
            when=when,
            who=counted(targets.enterprises, "家外地企业", "enterprise from elsewhere", "enterprises from elsewhere"),
            cases=counted(targets.n, "个案例", "case"),
        ),
        say(
            "其中{count}当时已有所带环节的生产记录",
            "{count} on record as a maker of it before",
            count=Said(
                zh=f"{targets.makers_before}家" if targets.makers_before else "没有一家",
                en=f"{targets.makers_before or 'none'} {'were' if targets.makers_before > 1 else 'was'}",
            ),
        ),
        say(
            "排进当时名单前十的案例占{share}，随机排列为{chance}",
            "{share} of the cases stood among the first ten of the list then, {chance} by chance",
            share=percent(targets.hit["10"]),
            chance=percent(chance),
        ),
    )


def _gaps(gaps: Mapping[str, Outcome]) -> Said:
    missing, every = gaps[MISSING], gaps[NOT_MADE]
    if not missing.named:
        return say("当时没有列出缺环", "no missing links were named then")
    return say(
        "当时列出的{count}缺环后来有{later}个补上或在建，占{share}；所有当时未有的环节为{base}",
        "of {count} named as missing then {later} were made or planned there later, {share}; of all links not made "
        "there it was {base}",
        count=Said(zh=f"{missing.named}个", en=str(missing.named)),
        later=missing.later,
        share=percent(missing.share),
        base=percent(every.share),
    )
