"""Targets: whom to visit, then link by link the candidates with what speaks for them, who is left out, one's story."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from api.texts import Said, Tongue
from cli.layout import Block, Line, Table
from cli.pieces import footer, headline

if TYPE_CHECKING:
    from queries.base import NodeRef
    from queries.promotion.target_rows import Link, Target, Visit
    from queries.promotion.targets import TargetsAnswer

_TITLE = Said("Whom to invite")
# Of each gap where there are many, and of a visitor's products; --json and one product alone give all.
_A_GAP, _VISITS, _PRODUCTS = 3, 12, 4


def view(answer: "TargetsAnswer", tongue: Tongue) -> Iterator[Block]:
    """The story where one is asked for, else lists."""
    yield headline(tongue.sentence(_TITLE.text, {}), answer, tongue)
    yield Line(_weights(answer, tongue), "dim")
    if answer.story is not None:
        yield Line()
        yield Line(tongue.pick((answer.story.zh, answer.story.en)))
        if answer.explained is not None:
            yield Line()
            yield _parts(answer.explained, tongue)
        yield from footer(answer, tongue)
        return
    by_gap = bool(answer.params.get("gap"))
    if answer.visits:
        yield Line()
        yield Line(tongue.say("To be visited first, as they or their groups make what is missing"), "bold")
        yield Table((), [_visit(one, answer, tongue) for one in answer.visits[:_VISITS]], ("bold", "dim", ""))
    for link in answer.links:
        yield Line()
        yield Line(_link(link, tongue), "bold")
        rows = [row for row in answer.targets if row.product.id == link.product.id]
        if rows:
            # Of one owner group the first is enough where there are many links.
            shown = [row for row in rows if row.group_leader is None][:_A_GAP] if by_gap else rows
            yield Table((), [_row(row, answer, tongue) for row in shown], ("dim", "dim", "bold", "", "", ""))
        yield from (Line(text, "dim") for text in _left_out(link, answer, tongue))
    yield Line()
    if by_gap and answer.links:
        text = tongue.say(
            "The first {count} of each link are shown: ask for one product, or for --json, to see more.",
            count=min(_A_GAP, int(answer.params["limit"])),
        )
        yield Line(text, "dim")
    yield Line(tongue.pick((answer.said.zh, answer.said.en)))
    yield from footer(answer, tongue)


def _weights(answer: "TargetsAnswer", tongue: Tongue) -> str:
    from queries.promotion.scores import PARTS

    told = tongue.say(", ").join(
        f"{tongue.word(PARTS, name)} {weight:g} ({name})" for name, weight in answer.weights.items()
    )
    return tongue.say("Weights: {told}", told=told)


def _link(link: "Link", tongue: Tongue) -> str:
    from queries.chain.assessment import KINDS, STATES

    kind = tongue.pick(KINDS[link.kind] if link.kind else STATES[link.state])
    told = tongue.say(
        "candidates: {candidates}, makers among them: {makers}", candidates=link.candidates, makers=link.makers
    )
    if link.users:
        told = tongue.say("{told}; enterprises here that need it: {users}", told=told, users=link.users)
    return f"{kind} {_name(link.product, tongue)} · {told}"


def _row(row: "Target", answer: "TargetsAnswer", tongue: Tongue) -> tuple[str, ...]:
    home = answer.names.get(row.home) if row.home else None
    return (
        str(row.rank),
        f"{row.score:.3f}",
        _name(row.enterprise, tongue),
        _place(row, home, tongue),
        _reason(row, "makes", tongue),
        _others(row, answer, tongue),
    )


def _place(row: "Target", home: "NodeRef | None", tongue: Tongue) -> str:
    name = _name(home, tongue) if home else tongue.say("home not known")
    if row.near == "maybe_here":
        return tongue.say("{place} (may be here already)", place=name)
    return tongue.say("{place} (same province)", place=name) if row.near else name


def _reason(row: "Target", name: str, tongue: Tongue) -> str:
    part = next(part for part in row.parts if part.name == name)
    return tongue.pick((part.why.zh, part.why.en))


def _others(row: "Target", answer: "TargetsAnswer", tongue: Tongue) -> str:
    """What else speaks for it, as far as it is its own: what is needed here is the same for all."""
    told = [_reason(row, part.name, tongue) for part in row.parts if part.name in ("ties", "movement") and part.value]
    if row.group_leader:
        leader = answer.names.get(row.group_leader)
        told.append(tongue.say("same group as {leader}", leader=_name(leader, tongue) if leader else row.group_leader))
    return tongue.say("; ").join(told)


def _left_out(link: "Link", answer: "TargetsAnswer", tongue: Tongue) -> Iterator[str]:
    from queries.promotion.candidates import REASONS

    rows = [row for row in answer.excluded if row.product.id == link.product.id]
    if not rows:
        return
    counts = Counter(row.reason for row in rows)
    told = tongue.say("; ").join(
        tongue.say(
            "{reason}: {names}",
            reason=tongue.pick(REASONS[reason]),
            names=_some([row.enterprise for row in rows if row.reason == reason], tongue),
        )
        for reason in counts
    )
    more = link.excluded - len(rows)
    yield tongue.say("Left out: {told}", told=told) + (tongue.say(" and {count} more", count=more) if more > 0 else "")


def _some(nodes: "Sequence[NodeRef]", tongue: Tongue) -> str:
    told = tongue.say(", ").join(_name(node, tongue) for node in nodes[:_A_GAP])
    return told + (f"… ({len(nodes)})" if len(nodes) > _A_GAP else "")


def _visit(one: "Visit", answer: "TargetsAnswer", tongue: Tongue) -> tuple[str, ...]:
    named = [
        f"{_name(node, tongue)} ({product.score:.2f})"
        for product in one.products[:_PRODUCTS]
        if (node := answer.names.get(product.product)) is not None
    ]
    more = "…" if len(one.products) > _PRODUCTS else ""
    count = tongue.say("one link") if one.gaps == 1 else tongue.say("{count} links", count=one.gaps)
    return _name(one.enterprise, tongue), count, tongue.say(", ").join(named) + more


def _parts(row: "Target", tongue: Tongue) -> Table:
    from queries.promotion.scores import PARTS

    columns = (
        tongue.say("part"), tongue.say("value"), tongue.say("weight"), tongue.say("adds"),
        tongue.say("rank holds for weights"), tongue.say("why"),
    )  # fmt: skip
    rows = []
    for part in row.parts:
        low, high = row.holds_for[part.name]
        until = f"{high:.3g}" if high is not None else "∞"
        value = f"{part.value:.2f}" + (" ?" if part.unknown else "")
        told = (tongue.word(PARTS, part.name), value, f"{part.weight:g}", f"{part.contribution:.3f}")
        rows.append((*told, f"{low:.3g} – {until}", tongue.pick((part.why.zh, part.why.en))))
    return Table(columns, rows)


def _name(node: "NodeRef", tongue: Tongue) -> str:
    return tongue.name(node.name_zh, node.name_en, node.id)
