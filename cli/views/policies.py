"""Policies: condition by condition, those that apply first, with what is missing; policies without any named after."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from api.texts import Said, Tongue
from cli.layout import Block, Line
from cli.pieces import footer, headline
from cli.words import cell
from reports.voice import phrases

if TYPE_CHECKING:
    from queries.fitting.applicable import Asked, JudgedCondition, Policy
    from queries.fitting.policies import PoliciesAnswer

_TITLE = Said("Policies and their conditions")
_NAMED = 8


def view(answer: "PoliciesAnswer", tongue: Tongue) -> Iterator[Block]:
    """The conditions by verdict, then the policies that name no condition."""
    say = tongue.say
    who = f" · {cell('subject', answer.subject, tongue)}" if answer.subject else ""
    title = f"{cell('region', answer.region, tongue)}{who} · {tongue.sentence(_TITLE.text, {})}"
    yield headline(title, answer, tongue)
    if answer.subject:
        yield from conditions(answer.policies, tongue, ("applies", "nearly", "to_check", "not_met"), brief=("not_met",))
    else:
        yield from conditions(answer.policies, tongue, ("applies", "nearly", "to_check", "not_met"))
    yield from without_conditions(answer.policies, tongue)
    if answer.ended:
        yield Line(say("Over by then: {policies}", policies=cell("policies", answer.ended, tongue)), "dim")
    yield Line()
    yield Line(tongue.pick((answer.said.zh, answer.said.en)), "bold")
    yield from footer(answer, tongue)


def conditions(
    policies: Sequence["Policy"], tongue: Tongue, verdicts: Sequence[str], brief: Sequence[str] = ()
) -> Iterator[Block]:
    """The conditions with these verdicts; of `brief` ones only how many there are."""
    from queries.fitting.judging import VERDICTS

    for verdict in verdicts:
        rows = [(policy, row) for policy in policies for row in policy.conditions if row.verdict == verdict]
        if not rows:
            continue
        yield Line()
        told = word(VERDICTS, verdict, tongue)
        yield Line(tongue.say("Policy conditions: {verdict} ({count})", verdict=told, count=len(rows)), "bold")
        if verdict in brief:
            continue
        last = ""
        for policy, row in rows:
            if policy.policy.id != last:
                yield Line(f"  {_called(policy, tongue)}")
                last = policy.policy.id
            yield from _condition(row, tongue)


def word(words: Mapping[Any, tuple[str, str]], key: str, tongue: Tongue) -> str:
    """A word of a closed list, whose keys are of a type of their own."""
    return tongue.pick(words[key])


def _called(policy: "Policy", tongue: Tongue) -> str:
    from queries.fitting.applicable import SPEAKS

    aside = [word(SPEAKS, policy.speaks, tongue)]
    if policy.names_product:
        aside.append(tongue.say("names the product"))
    return f"{cell('policy', policy.policy, tongue)} ({tongue.say(', ').join(aside)})"


def _condition(row: "JudgedCondition", tongue: Tongue) -> Iterator[Block]:
    from queries.fitting.judging import OUTCOMES

    say = tongue.say
    marks = [say("undated")] if row.undated else []
    marks += [say("old: ask whether it still holds")] if row.old else []
    amount = tongue.amount(row.statement.value, row.statement.unit)
    gives = row.benefit and (phrases().get(row.benefit, row.benefit) if tongue.lang == "zh" else row.benefit)
    benefit = " ".join(part for part in (gives, amount) if part)
    source = " ".join(part for part in (row.statement.as_of, cell("source", row.statement.source, tongue)) if part)
    yield Line(say("  · gives: {benefit} [{source}]", benefit=benefit or "–", source=", ".join([source, *marks])))
    told = [
        f"{_asks(one, tongue)} – {word(OUTCOMES, one.outcome, tongue)}"
        + (f" ({tongue.pick((one.why.zh, one.why.en))})" if _says_more(one) else "")
        for one in row.asked
    ]
    yield Line(say("      asks: {asks}", asks=say("; ").join(told)), "dim")


def _asks(one: "Asked", tongue: Tongue) -> str:
    """What is asked; what no rule reads stands in the words of the sheet, in Chinese where a translation is kept."""
    words = one.asks.zh.removeprefix("“").removesuffix("”")
    return (
        f"“{phrases()[words]}”"
        if tongue.lang == "zh" and words in phrases()
        else tongue.pick((one.asks.zh, one.asks.en))
    )


def _says_more(one: "Asked") -> bool:
    """Whether the reason says more than the outcome does."""
    return one.outcome in ("near", "not_met") or (one.outcome == "untold" and not one.why.en.startswith("not told"))


def without_conditions(policies: Sequence["Policy"], tongue: Tongue) -> Iterator[Block]:
    """Policies of which no condition is on record: those that name the product, then how many others."""
    silent = [policy for policy in policies if not policy.conditions]
    naming = [policy.policy for policy in silent if policy.names_product]
    others = [policy.policy for policy in silent if not policy.names_product]
    if naming:
        yield Line()
        names = cell("policies", tuple(naming), tongue, _NAMED)
        yield Line(tongue.say("Support the product, no condition on record: {policies}", policies=names))
    if others:
        names = cell("policies", tuple(others), tongue, 3)
        yield Line(tongue.say("Other policies without a condition on record: {policies}", policies=names), "dim")
