"""A balance for a planner: one sentence, how far targets are reached, what limits, what is bought, what piles up."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from api.texts import Tongue
from cli.layout import Block, Line, Table
from cli.pieces import footer, headline
from cli.words import UNKNOWN
from graph.model.kinds import ROLES
from graph.model.units import unit_of
from queries.base import NodeRef

if TYPE_CHECKING:
    from queries.chain.balance_answer import BalanceAnswer, Bought, Run

_SHOWN = 20


def view(answer: "BalanceAnswer", tongue: Tongue) -> Iterator[Block]:
    """Headline, sentence, and one table a list; amounts in t/yr."""
    say = tongue.say
    yield headline(say("Mass balance, t/yr"), answer, tongue)
    yield Line(tongue.pick((answer.said.zh, answer.said.en)))
    if answer.targets:
        yield from _table(
            say("Targets"),
            (
                say("product"),
                say("wanted"),
                say("reached"),
                say("range"),
                say("buying nothing of the chain"),
                say("capacity told by"),
            ),
            [
                (
                    _name(one.product, tongue),
                    _t(one.wanted),
                    _t(one.reached),
                    _range(one.low, one.high),
                    _t(one.own_links),
                    say("{telling} of {makers} makers", telling=one.telling, makers=one.makers),
                )
                for one in answer.targets
            ],
        )
    yield from _short(answer, tongue)
    yield from _limits(answer, tongue)
    yield from _table(
        say("To be bought"),
        (say("product"), say("role"), _unit(tongue), say("range"), say("makers")),
        [_bought(one, tongue) for one in answer.bought],
    )
    yield from _table(
        say("Left over"),
        (say("product"), _unit(tongue), say("range"), say("users here")),
        [
            (
                _name(one.product, tongue),
                _t(one.t_per_year),
                _range(one.low, one.high),
                say("{count} processes could take it", count=one.users_here) if one.users_here else say("none known"),
            )
            for one in answer.surplus
        ],
    )
    yield from _ends(answer, tongue)
    yield from _table(
        say("Processes that run"),
        (say("process"), _unit(tongue), say("takes"), say("gives")),
        [_run(one, tongue) for one in answer.runs],
    )
    yield from _notes(answer, tongue)
    yield from footer(answer, tongue)


def _short(answer: "BalanceAnswer", tongue: Tongue) -> Iterator[Block]:
    """What would have to be otherwise, where the targets are out of reach."""
    for one in answer.relaxations:
        yield Line(
            tongue.say(
                "Out of reach: capacity of {product} here is {recorded} t/yr; {more} t/yr more are needed.",
                product=_name(one.product, tongue),
                recorded=_t(one.recorded),
                more=_t(one.more),
            ),
            "yellow",
        )


def _limits(answer: "BalanceAnswer", tongue: Tongue) -> Iterator[Block]:
    from queries.chain.balance_answer import LIMIT_KINDS, PROGRAMMES

    yield from _table(
        tongue.say("What limits"),
        (
            tongue.say("if"),
            tongue.say("limit"),
            _unit(tongue),
            tongue.say("t more output per t more"),
            tongue.say("t less bought per t more"),
        ),
        [
            (
                tongue.pick(PROGRAMMES[one.programme]),
                f"{tongue.pick(LIMIT_KINDS[one.kind])}: {_name(one.product, tongue)}",
                _t(one.bound),
                _t(one.more_output),
                _t(one.less_bought),
            )
            for one in answer.limits
        ],
    )


def _bought(one: "Bought", tongue: Tongue) -> tuple[str, ...]:
    elsewhere = tongue.say("{count} elsewhere", count=one.makers_elsewhere)
    return (
        _name(one.product, tongue),
        tongue.word(ROLES, one.role),
        _t(one.t_per_year),
        _range(one.low, one.high),
        tongue.say("made here too; {elsewhere}", elsewhere=elsewhere) if one.made_here else elsewhere,
    )


def _ends(answer: "BalanceAnswer", tongue: Tongue) -> Iterator[Block]:
    from queries.chain.balance_answer import WHY_NOT_BALANCED

    yield from _table(
        tongue.say("Made here, inputs not told: the balance ends there"),
        (tongue.say("product"), _unit(tongue), tongue.say("capacity"), tongue.say("why")),
        [
            (
                _name(one.product, tongue),
                _t(one.t_per_year),
                UNKNOWN if one.capacity is None else _t(one.capacity),
                tongue.pick(WHY_NOT_BALANCED[one.why]),
            )
            for one in answer.own_supply
        ],
    )


def _run(run: "Run", tongue: Tongue) -> tuple[str, ...]:
    def flows(listed: Sequence[tuple[NodeRef, float | None]]) -> str:
        return tongue.say(", ").join(
            f"{_name(node, tongue)} {tongue.say('amount not told') if amount is None else _t(amount)}"
            for node, amount in listed
        )

    return (
        _name(run.process, tongue),
        _t(run.t_per_year),
        flows([(one.product, one.t_per_year) for one in run.inputs]),
        flows([(one.product, one.t_per_year) for one in run.outputs]),
    )


def _notes(answer: "BalanceAnswer", tongue: Tongue) -> Iterator[Block]:
    """What the balance leaves out, said plainly."""
    from queries.chain.balance_answer import WHY_NOT_BALANCED

    say = tongue.say
    yield Line()
    by_reason: dict[str, list[str]] = {}
    for one in answer.not_balanced:
        by_reason.setdefault(one.why, []).append(_name(one.product, tongue))
    for why, products in sorted(by_reason.items()):
        yield Line(
            say(
                "Left out ({why}): {products}",
                why=tongue.pick(WHY_NOT_BALANCED[why]),
                products=say(", ").join(products),
            )
        )
    for text, nodes in (
        (say("No capacity recorded, so no bound set: {products}"), answer.capacity_unknown),
        (
            say("Mass incomplete (a flow without a figure, or reagents not listed): {products}"),
            tuple(run.process for run in answer.runs if run.mass_incomplete),
        ),
        (
            say("Put out more than they are told to take in: {products}"),
            tuple(one.process for one in answer.mass_creating),
        ),
    ):
        if nodes:
            yield Line(text.replace("{products}", say(", ").join(_name(node, tongue) for node in nodes)), "dim")
    yield Line(say("Elements are not balanced: products carry no formula."), "dim")


def _table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[Block]:
    if not rows:
        return
    yield Line()
    yield Line(f"{title} ({len(rows)})", "bold")
    yield Table(columns, rows[:_SHOWN])
    if len(rows) > _SHOWN:
        yield Line(f"… {len(rows) - _SHOWN}", "dim")


def _unit(tongue: Tongue) -> str:
    return tongue.pick((unit_of("t/yr").zh, "t/yr"))


def _range(low: float, high: float) -> str:
    return "" if low == high else f"{_t(low)}–{_t(high)}"


def _t(value: float) -> str:
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def _name(node: NodeRef, tongue: Tongue) -> str:
    return tongue.name(node.name_zh, node.name_en, node.id)
