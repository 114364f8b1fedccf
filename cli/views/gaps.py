"""The gaps of a region, one line each: kind, link, chain, who needs it, inputs, makers elsewhere, on what evidence."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from api.texts import Tongue
from cli.layout import Block, Line, Table
from graph.model.kinds import CHAINS, PROJECT_STATUSES
from queries.base import NodeRef

if TYPE_CHECKING:
    from queries.chain.gap_rows import Gap, UnknownLink
    from queries.chain.gaps import GapsAnswer

_NAMED = 3


def view(answer: "GapsAnswer", tongue: Tongue) -> Iterator[Block]:
    """Headline, one line a gap, and what is not listed or not known."""
    say = tongue.say
    region = _called(answer.params["region"], answer, tongue)
    parts = [region, say("gaps of the chain"), say("as of {day}", day=answer.as_of)]
    if answer.known_at:
        parts.append(say("as known at {day}", day=answer.known_at))
    yield Line(" · ".join([*parts, say("revision {revision}", revision=answer.revision)]), "bold")
    if answer.gaps:
        yield Table((), [_row(gap, answer, tongue) for gap in answer.gaps], ("bold", "bold", "dim", "", "", "", "dim"))
    else:
        yield Line(say("No gaps are listed."))
    counts = answer.counts
    yield Line(
        say(
            "Of {looked} links {present} are here, {implied} are implied, {missing} are missing, {unknown} unknown.",
            looked=answer.looked_at.get("products", 0),
            present=counts.present,
            implied=counts.implied,
            missing=counts.missing,
            unknown=counts.unknown,
        ),
        "dim",
    )
    listed = sum(answer.kinds.values()) - (0 if answer.params.get("all") else answer.build)
    if len(answer.gaps) < listed:
        yield Line(
            say("{shown} of {total} gaps are shown; raise --limit.", shown=len(answer.gaps), total=listed), "yellow"
        )
    yield from _rest(answer, region, tongue)
    if answer.sensitivity:
        yield Line(_sensitive(answer, tongue), "dim")
    yield Line(tongue.pick((answer.said.zh, answer.said.en)))


def _row(gap: "Gap", answer: "GapsAnswer", tongue: Tongue) -> tuple[str, ...]:
    from queries.chain.assessment import KINDS

    return (
        tongue.pick(KINDS[gap.kind]),
        _name(gap.product, tongue),
        _chain(gap.product.chain, tongue),
        _needs(gap, answer, tongue),
        _inputs(gap, tongue),
        tongue.say("made elsewhere by {count}", count=gap.makers_elsewhere)
        if gap.makers_elsewhere
        else tongue.say("no maker is known elsewhere"),
        _grounds(gap, tongue),
    )


def _needs(gap: "Gap", answer: "GapsAnswer", tongue: Tongue) -> str:
    """Who here needs it; of what is here, who makes it."""
    said = []
    if gap.state == "present":
        makers = _some(gap.local_makers, len(gap.local_makers), answer, tongue)
        if "single_source" in gap.flags:
            said.append(tongue.say("made here only by {makers}", makers=makers) if makers else "")
        else:
            said.append(tongue.say("made here by {makers}", makers=makers) if makers else "")
    if "bottleneck" in gap.flags:
        said.append(tongue.say("a target of its chain hangs on it"))
    if gap.users:
        needed = _some(gap.needed_by, gap.users, answer, tongue)
        said.append(tongue.say("{count} here need it: {users}", count=gap.users, users=needed))
    said += _tonnes(gap, tongue)
    return tongue.say("; ").join(text for text in said if text)


def _tonnes(gap: "Gap", tongue: Tongue) -> Iterator[str]:
    """What is needed here a year, and the ratio where it is too small, as far as it is known."""
    supply = gap.supply
    # A recipe that may do without it leaves nothing to be said for sure.
    if supply is None or not supply.demand_low:
        return
    yield tongue.say(
        "at least {tonnes} a year are needed ({telling} of {users} users counted)",
        tonnes=tongue.amount(float(f"{supply.demand_low:.3g}"), "t"),
        telling=supply.users_telling,
        users=supply.users,
    )
    if "weak" in gap.flags and supply.ratio_at_most is not None:
        yield tongue.say("capacity here covers at most {share} of it", share=f"{supply.ratio_at_most:.0%}")


def _inputs(gap: "Gap", tongue: Tongue) -> str:
    if "no_recipe" in gap.flags:
        return tongue.say("no recipe is known")
    if gap.inputs_here >= 1:
        return tongue.say("all inputs are here")
    if gap.inputs_here > 0:
        return tongue.say("{share} of the inputs are here", share=f"{gap.inputs_here:.0%}")
    return tongue.say("no inputs are here")


def _grounds(gap: "Gap", tongue: Tongue) -> str:
    """What is under way, else how we know; and whether all rests on few."""
    said = []
    for item in gap.pipeline[:_NAMED]:
        status = tongue.word(PROJECT_STATUSES, item.status)
        when = f" {item.expected}" if item.expected else ""
        late = tongue.say(" (overdue)") if item.overdue else ""
        name = _name(item.project, tongue)
        said.append(tongue.say("{status}: {project}", status=status, project=f"{name}{when}{late}"))
    if not said and gap.absence == "stated":
        said.append(tongue.say("a source says so"))
    elif not said and gap.absence == "searched":
        said.append(
            tongue.say(
                "evidence: searched ({makers} makers of the chain, {sources} sources)",
                makers=gap.evidence.makers_in_chain,
                sources=gap.evidence.sources,
            )
        )
    if "concentrated" in gap.flags and gap.concentration is not None:
        said.append(tongue.say("national capacity is concentrated (HHI {hhi})", hhi=f"{gap.concentration.hhi:.2f}"))
    return tongue.say("; ").join(said)


def _rest(answer: "GapsAnswer", region: str, tongue: Tongue) -> Iterator[Block]:
    say = tongue.say
    said = []
    if answer.build and not answer.params.get("all"):
        said.append(say("{count} more directions to build (--all lists them)", count=answer.build))
    if answer.counts.unknown:
        needed = [one for one in answer.unknown if one.users]
        told = _unknown(needed, tongue)
        said.append(
            say(
                "{count} links are unknown, {needed} of them needed here: {links}",
                count=answer.counts.unknown,
                needed=len(needed),
                links=told,
            )
            if needed
            else say("{count} links are unknown", count=answer.counts.unknown)
        )
    if said:
        asked = say(" (rechain coverage {region} tells what to load)", region=region) if answer.counts.unknown else ""
        yield Line(say("; ").join(said) + asked)


def _sensitive(answer: "GapsAnswer", tongue: Tongue) -> str:
    ends = [
        tongue.say("{threshold} {value} → {tried}: {links} links", threshold=end.threshold.replace("_", "-"),
                   value=f"{end.value:g}", tried=f"{end.tried:g}", links=len(end.shifts))
        for end in answer.sensitivity
    ]  # fmt: skip
    told = tongue.say(", ").join(ends)
    return tongue.say("Links told differently with another threshold: {told}", told=told)


def _unknown(needed: "Sequence[UnknownLink]", tongue: Tongue) -> str:
    told = [tongue.say("{name} ({count})", name=_name(one.product, tongue), count=one.users) for one in needed[:_NAMED]]
    return tongue.say(", ").join(told) + ("…" if len(needed) > _NAMED else "")


def _some(ids: Sequence[str], total: int, answer: "GapsAnswer", tongue: Tongue) -> str:
    told = tongue.say(", ").join(_called(one, answer, tongue) for one in ids[:_NAMED])
    return told + ("…" if total > _NAMED else "")


def _chain(word: str | None, tongue: Tongue) -> str:
    return tongue.pick(CHAINS.get(word, (word, word))) if word else ""


def _called(id_: str, answer: "GapsAnswer", tongue: Tongue) -> str:
    known = answer.names.get(id_)
    return _name(known, tongue) if known else id_


def _name(node: NodeRef, tongue: Tongue) -> str:
    return tongue.name(node.name_zh, node.name_en, node.id)
