"""What a certificate finds, in words: the rule that decided the state, and the finding as one plain sentence."""

from typing import TYPE_CHECKING

from graph.model.kinds import CHAINS
from queries.base import NodeRef
from queries.chain.assessment import Assessment, Thresholds
from queries.chain.certificate_parts import Coverage, Rule
from queries.chain.spoken import Said, counted, day, named, names, percent, say, sentence, whole

if TYPE_CHECKING:
    from queries.chain.certificate_parts import CertificateAnswer

# Moves whenever the same claims could give another state; see docs/methods.md.
VERSION = "1"


def rule_of(found: Assessment, number: int, thresholds: Thresholds, why: str | None) -> Rule:
    """The first rule of the definition that fits."""
    state = found.state(number)
    name = f"unknown_{why}" if why else "missing_stated" if found.stated[number] else state
    if name == "missing":
        name = "missing_searched"
    return Rule(name=name, version=VERSION, words=_words(name, thresholds))


def _words(name: str, thresholds: Thresholds) -> Said:
    searched = say(
        "同链企业至少 {makers} 家、近 {years} 年来源至少 {sources} 个，且外地有人生产，才算查过",
        "it counts as searched from {makers} makers of its chain here and {sources} sources of the last {years} years, "
        "and when somebody makes it elsewhere",
        makers=thresholds.min_makers,
        sources=thresholds.min_sources,
        years=f"{thresholds.recent_years:g}",
    )
    told = {
        "present": say(
            "本地有企业或已建成项目被记录生产它或其下位产品（计划、曾经、存疑等不算），即为已有",
            "an enterprise or a finished project here is recorded to make it or a kind of it (planned, former or "
            "doubtful statements do not count): present",
        ),
        "missing_stated": say(
            "本地无生产记录，且有来源明说本地无人生产，或有来源列全了本地生产者，即为缺失（来源明示）",
            "no maker here is recorded, and a source says that nobody makes it here or lists all makers here: missing",
        ),
        "implied": say(
            "某联产工艺的投入在本地齐备、其另一产出已在本地生产，它必然随之产出，即为可推知已有",
            "the inputs of a joint process are here and another of its outputs is made here, so this one arises too: "
            "implied",
        ),
        "missing_searched": say(
            "本地无生产记录，且已查过，即为缺失（已检索）：{searched}",
            "no maker here is recorded, and it was searched for: missing; {searched}",
            searched=searched,
        ),
        "unknown_only_the_class_is_known": say(
            "本地只记录有人生产它的上位类别，是哪一种并不知道，故为情况不明",
            "makers here are recorded for a class above it only, and which kind they make is not known: unknown",
        ),
        "unknown_nobody_recorded_anywhere": say(
            "各地都没有生产它的记录，没查过，故为情况不明：{searched}",
            "nobody is recorded to make it anywhere, so it was not searched for: unknown; {searched}",
            searched=searched,
        ),
        "unknown_few_makers_known": say(
            "本地已知的同链企业太少，不算查过，故为情况不明：{searched}",
            "too few makers of its chain are known here, so it was not searched for: unknown; {searched}",
            searched=searched,
        ),
        "unknown_few_recent_sources": say(
            "关于本地同链企业的近年来源太少，不算查过，故为情况不明：{searched}",
            "too few recent sources speak of the makers of its chain here, so it was not searched for: unknown; "
            "{searched}",
            searched=searched,
        ),
    }
    return told[name]


def finding(answer: "CertificateAnswer") -> Said:
    """The sentence: state, ground, who needs it, whether its inputs are here, who makes it elsewhere, what comes."""
    return sentence(
        _state(answer),
        _needed(answer),
        None if answer.state == "present" else _inputs(answer),
        _elsewhere(answer),
        _coming(answer),
    )


def _state(answer: "CertificateAnswer") -> Said:
    place, link = named(answer.region), named(answer.product)
    makers = answer.totals["local_makers"]
    if answer.state == "present":
        return say(
            "{place}有{count}生产{link}：{who}",
            "{link} is made in {place} by {count}: {who}",
            place=place,
            link=link,
            count=counted(makers, "家", "maker"),
            who=names([one.enterprise for one in answer.local_makers], makers),
        )
    if answer.state == "implied":
        return say(
            "{place}没有生产{link}的记录，但它会随本地的联产工艺产出",
            "no maker of {link} is recorded in {place}, but it arises there with what is made",
            place=place,
            link=link,
        )
    if answer.absence == "stated":
        return say(
            "{place}无人生产{link}，这是{count}说的",
            "nobody makes {link} in {place}, as {count} said there",
            place=place,
            link=link,
            count=counted(len(answer.stated_by), "个来源", "source is", "sources are"),
        )
    if answer.state == "missing":
        return say(
            "{place}尚无企业生产{link}，{seen}里都没有",
            "nobody in {place} is recorded to make {link}, though {seen} there are known",
            place=place,
            link=link,
            seen=_seen(answer.coverage),
        )
    return say(
        "{place}有没有企业生产{link}还不清楚，{why}",
        "whether anybody in {place} makes {link} is not known: {why}",
        place=place,
        link=link,
        why=_why(answer),
    )


def _seen(coverage: Coverage) -> Said:
    zh, en = CHAINS.get(coverage.chain or "", ("同", "its"))
    return say(
        "已知的{makers}和{sources}",
        "{makers} and {sources}",
        makers=counted(coverage.makers or 0, f"家{zh}链企业", f"maker of the {en} chain", f"makers of the {en} chain"),
        sources=counted(coverage.recent or 0, "个近年来源", "recent source"),
    )


def _why(answer: "CertificateAnswer") -> Said:
    coverage = answer.coverage
    if answer.why_unknown == "only_the_class_is_known":
        return say("只知有人生产同类产品", "only makers of its class are recorded there")
    if answer.why_unknown == "nobody_recorded_anywhere":
        return say("各地都没有生产它的记录", "nobody is recorded to make it anywhere")
    if coverage.makers is None or coverage.recent is None:
        return say("它不在所检索的产业链上", "it is in no chain that is searched")
    if answer.why_unknown == "few_makers_known":
        makers = Said(zh=f"{whole(coverage.makers).zh}家", en=whole(coverage.makers).en)
        return say("同链企业只知道{count}", "makers of its chain known there: {count}", count=makers)
    recent = Said(zh=f"{whole(coverage.recent).zh}个", en=whole(coverage.recent).en)
    return say("近年来源只有{count}", "recent sources there: {count}", count=recent)


def _needed(answer: "CertificateAnswer") -> Said | None:
    users = answer.totals["users"]
    if not users:
        return None
    return say(
        "本地有{count}需要它：{who}",
        "{count} there {need} it: {who}",
        count=counted(users, "家", "maker"),
        need=Said(zh="", en="needs" if users == 1 else "need"),
        who=names([one.enterprise for one in answer.users], users),
    )


def _inputs(answer: "CertificateAnswer") -> Said | None:
    ways = [route for route in answer.routes if route.applies]
    if not ways:
        return say("还没有它的工艺资料", "no recipe for it is known")
    if all(route.share is None for route in ways):
        return None
    if answer.inputs_here >= 1:
        return say("原料本地齐备", "all its inputs are there")
    if answer.inputs_here <= 0:
        return say("原料本地没有", "none of its inputs are there")
    return say("原料本地有{share}", "{share} of its inputs are there", share=percent(answer.inputs_here))


def _elsewhere(answer: "CertificateAnswer") -> Said | None:
    count = answer.totals["makers_elsewhere"]
    if not count:
        return (
            None
            if answer.why_unknown == "nobody_recorded_anywhere"
            else say("外地也没有生产它的记录", "none elsewhere")
        )
    return say(
        "外地有{count}生产：{who}",
        "{count} elsewhere {make} it: {who}",
        count=Said(zh=f"{whole(count).zh}家", en=whole(count).en),
        make=Said(zh="", en="makes" if count == 1 else "make"),
        who=names([one.enterprise for one in answer.makers_elsewhere], count),
    )


def _coming(answer: "CertificateAnswer") -> Said | None:
    if not answer.pipeline:
        return None
    projects: list[NodeRef] = [item.project for item in answer.pipeline]
    when = Said(zh="", en="")
    if answer.closes_on:
        when = say("，最早{day}完工", ", the first due {day}", day=day(answer.closes_on))
    elif all(item.overdue for item in answer.pipeline):
        when = say("，但都已过预计完工日", ", but past their expected dates")
    return say(
        "在途项目有{who}{when}",
        "on its way: {who}{when}",
        who=names(projects, len(projects), "个"),
        when=when,
    )
