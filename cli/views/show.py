"""One node with all its claims: a table for each predicate, the preferred claim of a statement first."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from api.texts import Said, Tongue
from cli.layout import Block, Line, Table
from cli.pieces import footer, headline
from cli.words import WORDS, cell
from graph.model.kinds import PROJECT_STATUSES, ROLES, STAGES

if TYPE_CHECKING:
    from queries.lookup.show import ClaimGroup, ShowAnswer, ShownClaim

_TITLE = Said("One node with all its claims")
_VALUES = {**PROJECT_STATUSES, **STAGES, **ROLES}


def view(answer: "ShowAnswer", tongue: Tongue) -> Iterator[Block]:
    """The name, then group by group."""
    from queries.lookup.show import STANDINGS

    yield headline(tongue.sentence(_TITLE.text, {}), answer, tongue)
    kind = tongue.word(WORDS["kind"], answer.kind)
    yield Line(f"{cell('node', answer.node, tongue)}  {answer.node.id}  {kind}", "bold")
    if answer.merged:
        yield Line(tongue.say("read as this node, too: {ids}", ids=", ".join(answer.merged)))
    if answer.dangling:
        yield Line(tongue.say("Claims name it, but none describes it."), "yellow")
    counts = [f"{tongue.word(STANDINGS, name)} {count}" for name, count in answer.standings.items()]  # type: ignore[arg-type]
    yield Line(tongue.say(", ").join(counts), "dim")
    for group in answer.groups:
        yield Line()
        yield Line(f"{tongue.pick((group.zh, group.en))} ({_count(group)})", "bold")
        yield Table((), [_row(claim, tongue) for claim in group.claims], ("", "", "", "", "dim", "dim", "dim"))
    yield from footer(answer, tongue)


def _row(claim: "ShownClaim", tongue: Tongue) -> tuple[str, ...]:
    from queries.lookup.show import STANDINGS

    value = tongue.amount(claim.value, claim.unit)
    what = [cell("other", claim.other, tongue) if claim.other else "", tongue.word(_VALUES, value)]
    when = claim.as_of or ""
    if claim.until:
        when = tongue.say("{start} until {end}", start=when, end=claim.until).strip()
    return (
        tongue.pick(STANDINGS[claim.standing]),
        " ".join(part for part in what if part),
        "" if claim.qualifier == claim.value else claim.qualifier,
        cell("flags", claim.flags, tongue) if claim.flags else "",
        when,
        cell("source", claim.source, tongue),
        claim.claim,
    )


def _count(group: "ClaimGroup") -> str:
    shown = len(group.claims)
    return str(shown) if shown == group.total else f"{shown}/{group.total}"
