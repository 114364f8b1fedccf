"""What a supposition changes: links, dates, tonnes, and who here gains or loses whom."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from api.texts import Tongue
from cli.layout import Block, Line, Table
from cli.pieces import footer, headline
from queries.base import NodeRef

if TYPE_CHECKING:
    from queries.chain.supply import Supply
    from queries.chain.what_if import WhatIfAnswer
    from queries.chain.what_if_records import BoughtIn, Moved, Tie

_NAMED = 4
_ROWS = 12


def view(answer: "WhatIfAnswer", tongue: Tongue) -> Iterator[Block]:
    """Section by section; empty ones are left out, and the sentence comes last."""
    say = tongue.say
    region = answer.names[answer.params["region"]]
    yield headline(f"{_name(region, tongue)} · {say('what if')}", answer, tongue)
    before, after = answer.counts, answer.becomes
    yield Line(
        say(
            "Links made here {present} → {becomes}, missing {missing} → {missing_then}, "
            "unknown {unknown} → {unknown_then}.",
            present=before.present,
            becomes=after.present,
            missing=before.missing,
            missing_then=after.missing,
            unknown=before.unknown,
            unknown_then=after.unknown,
        ),
        "dim",
    )
    if answer.moved:
        yield Table((), [_moved(one, tongue) for one in answer.moved], ("bold", "bold", "", "dim"))
    for closing in answer.closings:
        never = say("no date is known")
        yield Line(
            say(
                "{product} closes: {day} → {becomes}",
                product=_name(closing.product, tongue),
                day=closing.closes_on or never,
                becomes=closing.becomes or never,
            )
        )
    yield from _ties(answer, tongue)
    yield from _supply(answer, tongue)
    for shift in answer.concentration:
        yield Line(
            say(
                "National concentration of {product} (HHI): {now} → {then}",
                product=_name(shift.product, tongue),
                now=f"{shift.now.hhi:.3f}" if shift.now else say("unknown"),
                then=f"{shift.then.hhi:.3f}" if shift.then else say("unknown"),
            )
        )
    yield Line()
    yield Line(tongue.pick((answer.said.zh, answer.said.en)), "bold")
    yield from footer(answer, tongue)


def _moved(one: "Moved", tongue: Tongue) -> tuple[str, ...]:
    from queries.chain.assessment import KINDS, STATES
    from queries.chain.what_if_records import TURNS

    def standing(state: str, kind: str | None) -> str:
        word = tongue.word(STATES, state)  # type: ignore[arg-type]
        return f"{word}·{tongue.word(KINDS, kind)}" if kind else word  # type: ignore[arg-type]

    return (
        tongue.pick(TURNS[one.turn]),
        _name(one.product, tongue),
        f"{standing(one.state, one.kind)} → {standing(one.becomes_state, one.becomes_kind)}",
        tongue.say("makers here {before} → {after}", before=one.makers, after=one.becomes_makers),
    )


def _ties(answer: "WhatIfAnswer", tongue: Tongue) -> Iterator[Block]:
    from queries.chain.what_if_records import ROLES

    groups: dict[tuple[bool, str, str], list[Tie]] = {}
    for tie in answer.ties:
        groups.setdefault((tie.gains, tie.role, tie.of), []).append(tie)
    rows = []
    for (gains, role, of), ties in groups.items():
        who = tongue.say(", ").join(_called(tie.enterprise, answer, tongue) for tie in ties[:_NAMED])
        word = tongue.word(ROLES, role)  # type: ignore[arg-type]
        last = sum(tie.left == 0 for tie in ties) if not gains and role != "competitor" else 0
        rows.append((
            tongue.say("gain a {role}", role=word) if gains else tongue.say("lose a {role}", role=word),
            _called(of, answer, tongue),
            tongue.say("{count}: {names}", count=len(ties), names=who + ("…" if len(ties) > _NAMED else "")),
            tongue.say("for {count} of them the last one here", count=last) if last else "",
        ))  # fmt: skip
    if rows:
        yield Line()
        yield Table((), rows, ("bold", "bold", "", "dim"))
    if answer.recorded:
        ended = tongue.say(", ").join(
            f"{_called(tie.supplier, answer, tongue)} → {_called(tie.customer, answer, tongue)}"
            for tie in answer.recorded[:_NAMED]
        )
        more = "…" if len(answer.recorded) > _NAMED else ""
        yield Line(
            tongue.say("{count} supply relations on record end: {ties}", count=len(answer.recorded), ties=ended + more)
        )


def _supply(answer: "WhatIfAnswer", tongue: Tongue) -> Iterator[Block]:
    say = tongue.say
    rows = [
        (_name(one.product, tongue), _ranges(one.now, tongue), "→", _ranges(one.then, tongue))
        for one in answer.supply[:_ROWS]
    ]
    if rows:
        yield Line()
        yield Line(say("Capacity and demand here, t/yr (… : not told)"), "bold")
        yield Table((), rows, ("bold", "", "dim", ""))
    if len(answer.supply) > _ROWS:
        yield Line(say("… and {count} more (--json lists all).", count=len(answer.supply) - _ROWS), "dim")
    if answer.bought_in != answer.bought_in_becomes:
        yield Line(
            say(
                "From outside: {now} → {then}",
                now=_bought(answer.bought_in, tongue),
                then=_bought(answer.bought_in_becomes, tongue),
            )
        )


def _bought(bought: "BoughtIn", tongue: Tongue) -> str:
    return tongue.say(
        "{low} to {high} t/yr of {count} products, {others} more cannot be counted",
        low=_number(bought.low),
        high=_number(bought.high),
        count=bought.products,
        others=bought.not_counted,
    )


def _ranges(supply: "Supply | None", tongue: Tongue) -> str:
    if supply is None:
        return "…"
    capacity, demand = (
        _range(low, high)
        for low, high in ((supply.capacity_low, supply.capacity_high), (supply.demand_low, supply.demand_high))
    )
    return tongue.say("capacity {capacity}, demand {demand}", capacity=capacity, demand=demand)


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "…"
    return _number(low) if low == high else f"{_number(low)}-{_number(high)}"


def _number(amount: float) -> str:
    return f"{float(f'{amount:.3g}'):,.10g}"


def _called(id_: str, answer: "WhatIfAnswer", tongue: Tongue) -> str:
    known = answer.names.get(id_)
    return _name(known, tongue) if known else id_


def _name(node: NodeRef, tongue: Tongue) -> str:
    return tongue.name(node.name_zh, node.name_en, node.id)
