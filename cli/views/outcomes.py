"""Frozen lists and what came of them: the lists, one list, and the funnel with its intervals."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from api.texts import Tongue
from cli.layout import Block, Line, Table
from queries.outcomes.entries import STAGES
from queries.promotion.scores import PARTS

if TYPE_CHECKING:
    from api.ledger_shown import ListsFound, ListShown
    from queries.base import NodeRef
    from queries.outcomes.funnel import Factor, Group, OutcomesFound, Share, StageShare

_GROUPS = {"high": ("高", "high"), "low": ("低", "low"), "unknown": ("不明", "not known")}
_SHOWN = 30


def some_lists(found: "ListsFound", tongue: Tongue) -> Iterator[Block]:
    """One line a list."""
    say = tongue.say
    if not found.lists:
        yield Line(say("No list was frozen yet. Freeze one with: rechain targets REGION PRODUCT --freeze NAME"))
        return
    heads = (say("list"), say("frozen"), say("who"), say("region"), say("product"), say("as of"), say("enterprises"))
    rows = [
        (
            one.name,
            one.frozen[:10],
            one.who,
            _name(one.region, tongue) if one.region else "–",
            _name(one.product, tongue) if one.product else "–",
            one.as_of,
            str(one.targets),
        )
        for one in found.lists
    ]
    yield Table(heads, rows, ("bold", "", "", "", "", "", ""))


def one_list(shown: "ListShown", tongue: Tongue) -> Iterator[Block]:
    """Who is on it, and how far they got."""
    say = tongue.say
    told = say(
        "{name} · frozen on {day} by {who} · as of {as_of} · revision {revision}",
        name=shown.name,
        day=shown.frozen[:10],
        who=shown.who,
        as_of=shown.as_of,
        revision=shown.revision,
    )
    yield Line(told, "bold")
    if shown.weights:
        weights = say(", ").join(
            f"{tongue.word(PARTS, name)} {weight:g}"
            for name, weight in sorted(shown.weights.items(), key=lambda one: -one[1])
        )
        yield Line(say("Weights: {weights}", weights=weights), "dim")
    rows = [
        (
            str(row.rank),
            _name(row.enterprise, tongue),
            _name(row.product, tongue) if row.product else "",
            "" if row.score is None else f"{row.score:.3f}",
            f"{tongue.word(STAGES, row.stage)} {row.on}" if row.stage else "–",
        )
        for row in shown.rows
    ]
    yield Table((say("rank"), say("enterprise"), say("product"), say("score"), say("so far")), rows)
    if shown.truncated:
        yield Line(say("A limit cut the answer off; only what was within it is on the list."), "dim")


def funnel(found: "OutcomesFound", tongue: Tongue) -> Iterator[Block]:
    """The funnel, landings by factor and by rank, and the last entries."""
    say = tongue.say
    if not found.lists:
        yield Line(say("No list was frozen yet. Freeze one with: rechain targets REGION PRODUCT --freeze NAME"))
        return
    yield Line(say("Outcomes of: {lists}", lists=say(", ").join(found.lists)), "bold")
    counts = say("On the list: {count}; in progress: {open}.", count=found.on_list, open=found.in_progress)
    yield Line(counts)
    rows = [_stage(one, tongue) for one in found.stages]
    heads = (say("at least"), say("enterprises"), say("of those on the list"), say("of those one stage before"))
    yield Table(heads, rows, ("bold", "", "", ""))
    if found.outcomes:
        yield from _landings(found, tongue)
        yield from _entries(found, tongue)
    yield Line()
    yield Line(
        say(
            "In brackets: 95 % intervals (Wilson). Few cases, chosen by the office, say nothing about causes; see "
            "docs/methods/outcomes.md."
        ),
        "dim",
    )


def _stage(one: "StageShare", tongue: Tongue) -> tuple[str, ...]:
    name, before = tongue.word(STAGES, one.stage), _said(one.of_before)
    if one.stage == "refused":
        name = tongue.say("refused in the end")
        before = tongue.say("{share} (of those contacted)", share=before)
    return name, str(one.of_list.count), _said(one.of_list), before


def _landings(found: "OutcomesFound", tongue: Tongue) -> Iterator[Block]:
    say = tongue.say
    rows = [row for factor in found.factors for row in _factor(factor, tongue)]
    rows += [
        _group(say("rank {ranks}", ranks=_ranks(group.group)), group, tongue) for group in found.ranks if group.on_list
    ]
    yield Line()
    yield Line(say("Landed, by part of the score and by rank"), "bold")
    heads = (
        "",
        say("on the list"),
        say("contacted"),
        say("landed"),
        say("of those on the list"),
        say("of those contacted"),
    )
    yield Table(heads, rows)


def _factor(factor: "Factor", tongue: Tongue) -> Iterator[tuple[str, ...]]:
    part = tongue.word(PARTS, factor.part)
    for group in factor.groups:
        if group.on_list:
            mark = {"high": f" ≥ {factor.cut:g}", "low": f" < {factor.cut:g}"}.get(group.group, "")
            yield _group(f"{part}{mark or ' ' + tongue.word(_GROUPS, group.group)}", group, tongue)


def _group(name: str, group: "Group", tongue: Tongue) -> tuple[str, ...]:
    few = tongue.say("fewer than 5")
    return (
        name,
        str(group.on_list),
        str(group.contacted),
        str(group.landed),
        _said(group.of_list) if group.of_list else few,
        _said(group.of_contacted) if group.of_contacted else few,
    )


def _entries(found: "OutcomesFound", tongue: Tongue) -> Iterator[Block]:
    say = tongue.say
    last = found.outcomes[-_SHOWN:]
    yield Line()
    yield Line(say("Entries ({shown} of {count})", shown=len(last), count=len(found.outcomes)), "bold")
    rows = [
        (one.on, tongue.word(STAGES, one.stage), _name(one.enterprise, tongue), one.list, one.who, one.note)
        for one in last
    ]
    yield Table((), rows, ("dim", "bold", "", "dim", "dim", ""))


def _said(share: "Share") -> str:
    if share.rate is None or share.low is None or share.high is None:
        return "–"
    return f"{share.count}/{share.of} = {share.rate:.0%} [{share.low:.0%}–{share.high:.0%}]"


def _ranks(band: str) -> str:
    return f"{band[:-1]}+" if band.endswith("-") else band.replace("-", "–")


def _name(node: "NodeRef", tongue: Tongue) -> str:
    return tongue.name(node.name_zh, node.name_en, node.id)
