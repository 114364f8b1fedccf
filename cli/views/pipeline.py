"""The pipeline for the meeting: the map today and then, gaps and their projects, who is late, what piles up."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from api.texts import Said, Tongue
from cli.layout import Block, Line, Table
from cli.pieces import footer, headline
from cli.words import UNKNOWN, cell
from graph.model.kinds import PROJECT_STATUSES
from queries.base import NodeRef

if TYPE_CHECKING:
    from queries.chain.gap_map import Change, MapCounts
    from queries.chain.overcapacity import Crowded
    from queries.chain.pipeline import PipelineAnswer
    from queries.chain.pipeline_records import GapAhead, GapProject, ProjectStanding, SlipTold

_NAMED = 3
_TITLE = Said("The pipeline and the gaps until {by}")


def view(answer: "PipelineAnswer", tongue: Tongue) -> Iterator[Block]:
    """Section by section; empty ones are left out, and the sentence comes last."""
    say = tongue.say
    title = tongue.sentence(_TITLE.text, {"by": answer.by})
    yield headline(f"{_name(answer.region, tongue)} · {title}", answer, tongue)
    yield from _map(answer, tongue)
    if not answer.projects and not answer.totals.get("projects"):
        yield Line(say("No project is known to be under way here: nothing changes until that day."), "yellow")
    yield from _section(
        say("What changes until then"), "changes", [_change(one, answer, tongue) for one in answer.changes], answer
    )
    yield from _section(say("Gaps with a project"), "gaps", [_gap(gap, tongue) for gap in answer.gaps], answer)
    yield from _nobody(answer, tongue)
    crowds = [row for one in answer.crowded for row in _crowded(one, tongue)]
    yield from _section(say("Several projects for one product"), "crowded", crowds, answer, len(answer.crowded))
    yield from _section(
        say("Projects, what can be relied on first"),
        "projects",
        [_project(one, answer, tongue) for one in answer.projects],
        answer,
    )
    yield from _delayed(answer, tongue)
    weights = say(", ").join(f"{tongue.word(PROJECT_STATUSES, one.status)} {one.share:g}" for one in answer.weights)
    yield Line()
    yield Line(say("Weights of the stages, assumed and not computed: {weights}.", weights=weights), "dim")
    yield Line(tongue.pick((answer.said.zh, answer.said.en)), "bold")
    yield from footer(answer, tongue)


def _map(answer: "PipelineAnswer", tongue: Tongue) -> Iterator[Block]:
    from queries.chain.assessment import KINDS, STATES

    say = tongue.say
    maps: tuple[MapCounts, ...] = (answer.today, answer.then, answer.if_all)
    rows = [
        (tongue.pick(STATES[state]), *(str(getattr(one, state)) for one in maps))
        for state in ("present", "implied", "missing", "unknown")
    ]
    rows += [(f"  {tongue.pick(words)}", *(str(one.kinds[kind]) for one in maps)) for kind, words in KINDS.items()]
    yield Table(("", say("today"), answer.by, say("if all are done")), rows, ("bold",))


def _section(
    title: str, name: str, rows: Sequence[tuple[str, ...]], answer: "PipelineAnswer", shown: int | None = None
) -> Iterator[Block]:
    if not rows:
        return
    count, total = len(rows) if shown is None else shown, answer.totals[name]
    yield Line()
    yield Line(f"{title} ({count})" if count == total else f"{title} ({count}/{total:,})", "bold")
    yield Table((), rows, ("bold",))


def _change(one: "Change", answer: "PipelineAnswer", tongue: Tongue) -> tuple[str, ...]:
    from queries.chain.assessment import KINDS, STATES
    from queries.chain.gap_map import EFFECTS

    was = tongue.pick(KINDS[one.kind] if one.kind else STATES[one.state])
    now = tongue.pick(KINDS[one.new_kind] if one.new_kind else STATES[one.new_state])
    return (
        one.on,
        tongue.pick(EFFECTS[one.effect]),
        _name(one.product, tongue),
        f"{was} → {now}",
        tongue.say("by {projects}", projects=_some(one.projects, answer, tongue)),
    )


def _gap(gap: "GapAhead", tongue: Tongue) -> tuple[str, ...]:
    from queries.chain.assessment import KINDS, STATES

    say = tongue.say
    kind = KINDS[gap.kind] if gap.kind else STATES[gap.state]
    closes = say("closes by {date}", date=gap.closes_on) if gap.closes_on else say("no date to rely on")
    needed = say("{count} here need it", count=gap.users) if gap.users else ""
    told = [_of_gap(one, tongue) for one in gap.projects[:_NAMED]]
    if len(gap.projects) > _NAMED:
        told.append(say("{count} more", count=len(gap.projects) - _NAMED))
    promised = [
        say(
            "promised {amount}, weighted {weighted}",
            amount=_between(one.at_least, one.added, one.unit, tongue),
            weighted=_between(one.weighted_at_least, one.weighted, one.unit, tongue),
        )
        for one in gap.promised
    ]
    return (tongue.pick(kind), _name(gap.product, tongue), needed, closes, say("; ").join([*told, *promised]))


def _of_gap(one: "GapProject", tongue: Tongue) -> str:
    from queries.chain.projects_ahead import STANDINGS

    since = f" {one.status_as_of}" if one.status_as_of else ""
    amounts = [tongue.amount(told.amount, told.unit) for told in one.capacity]
    standing = "" if one.standing == "closes" else tongue.pick(STANDINGS[one.standing])
    aside = [f"{tongue.word(PROJECT_STATUSES, one.status or '')}{since}", *amounts, one.expected or "", standing]
    return f"{_name(one.project, tongue)} ({tongue.say(', ').join(text for text in aside if text)})"


def _between(low: float, high: float, unit: str, tongue: Tongue) -> str:
    if low == high:
        return tongue.amount(high, unit)
    return tongue.say("{low} to {high}", low=tongue.amount(low, unit), high=tongue.amount(high, unit))


def _nobody(answer: "PipelineAnswer", tongue: Tongue) -> Iterator[Block]:
    """Those that somebody here needs; the others are counted."""
    from queries.chain.assessment import KINDS, STATES

    say = tongue.say
    needed = [one for one in answer.nobody if one.users and one.kind != "strengthen"]
    rows = [
        (
            tongue.pick(KINDS[one.kind] if one.kind else STATES[one.state]),
            _name(one.product, tongue),
            say("{count} here need it: {users}", count=one.users, users=_some(one.needed_by, answer, tongue)),
        )
        for one in needed
    ]
    if rows:
        yield Line()
        yield Line(f"{say('Needed here, and no project for it')} ({len(rows)})", "bold")
        yield Table((), rows, ("bold",))
    others = answer.totals["nobody"] - len(needed)
    if others:
        yield Line(say("{count} more gaps have no project (rechain gaps lists them).", count=others), "dim")


def _crowded(one: "Crowded", tongue: Tongue) -> Iterator[tuple[str, ...]]:
    from queries.chain.overcapacity import BEYOND

    say = tongue.say
    names = say(", ").join(_name(project, tongue) for project in one.projects[:_NAMED]) + (
        "…" if len(one.projects) > _NAMED else ""
    )
    unknown = say("{count} without a figure", count=one.capacity_unknown) if one.capacity_unknown else ""
    twice = (
        say("possibly counted twice: {count}", count=len(one.possible_double_count))
        if one.possible_double_count
        else ""
    )
    for check in one.checks:
        unit = check.promised.unit
        beside = [
            say("promised {amount}", amount=_between(check.promised.at_least, check.promised.added, unit, tongue)),
            say("here {amount}", amount=tongue.amount(check.here, unit)) if check.here is not None else "",
            _needed(check.demand_low, check.demand_high, unit, tongue),
            say("{amount} known in the country", amount=tongue.amount(check.national, unit))
            if check.national is not None
            else "",
            *(tongue.pick(BEYOND[word]) for word in check.over_capacity),
            unknown,
            twice,
        ]
        yield (_name(one.product, tongue), names, say("; ").join(text for text in beside if text))
    if not one.checks:
        yield (_name(one.product, tongue), names, say("; ").join(text for text in (unknown, twice) if text))


def _needed(low: float | None, high: float | None, unit: str, tongue: Tongue) -> str:
    if low is None:
        return tongue.say("demand here not known")
    if high is None:
        return tongue.say("needed here {amount} or more", amount=tongue.amount(low, unit))
    return tongue.say("needed here {amount}", amount=_between(low, high, unit, tongue))


def _project(one: "ProjectStanding", answer: "PipelineAnswer", tongue: Tongue) -> tuple[str, ...]:
    from queries.chain.projects_ahead import STANDINGS

    say = tongue.say
    since = f" {one.status_as_of}" if one.status_as_of else ""
    late = say("{days} days overdue", days=f"{one.overdue_days:,}") if one.overdue_days else ""
    word = (
        say("last word {years} years ago", years=f"{one.age_years:g}")
        if one.age_years is not None
        else say("nothing is dated")
    )
    return (
        tongue.pick(STANDINGS[one.standing]),
        _name(one.project, tongue),
        f"{tongue.word(PROJECT_STATUSES, one.status)}{since}" if one.status else UNKNOWN,
        say("; ").join(text for text in (one.expected or "", late, word) if text),
        say("gaps: {products}", products=_some(one.gaps, answer, tongue))
        if one.gaps
        else cell("products", one.products, tongue, _NAMED),
        say("if late: {what}", what=_slip(one.slip, answer, tongue))
        if one.slip and (one.slip.gaps or one.slip.waiting)
        else "",
    )


def _delayed(answer: "PipelineAnswer", tongue: Tongue) -> Iterator[Block]:
    if not answer.delayed or answer.delay is None:
        return
    say = tongue.say
    yield Line()
    yield Line(say("What the delays do"), "bold")
    for one in answer.delayed:
        dates = f"{one.published or UNKNOWN} → {one.expected or UNKNOWN}"
        yield Line(
            say(
                "{project}: {months} months, {dates}",
                project=_name(one.project, tongue),
                months=one.months,
                dates=dates,
            )
        )
    told = _slip(answer.delay, answer, tongue)
    yield Line(told or say("No gap stays open longer by it, and nothing waits for it."))


def _slip(slip: "SlipTold", answer: "PipelineAnswer", tongue: Tongue) -> str:
    say = tongue.say
    told = []
    for gap in slip.gaps:
        if gap.after > gap.before:
            text = say(
                "{product} open until {after}, not {before}",
                product=_name(gap.product, tongue),
                after=gap.after,
                before=gap.before,
            )
        else:
            text = say("{product} closed by others on {after}", product=_name(gap.product, tongue), after=gap.after)
        told.append(f"{text} ({_some(gap.others, answer, tongue)})" if gap.others else text)
    for one in slip.waiting:
        text = say(
            "{product} fed from here only on {after}, not {before}",
            product=_name(one.product, tongue),
            after=one.after,
            before=one.before,
        )
        told.append(f"{text} ({_some(one.projects, answer, tongue)})" if one.projects else text)
    return say("; ").join(told)


def _some(ids: Sequence[str], answer: "PipelineAnswer", tongue: Tongue) -> str:
    named = [_name(answer.names[one], tongue) if one in answer.names else one for one in ids[:_NAMED]]
    return tongue.say(", ").join(named) + ("…" if len(ids) > _NAMED else "")


def _name(node: NodeRef, tongue: Tongue) -> str:
    return tongue.name(node.name_zh, node.name_en, node.id)
