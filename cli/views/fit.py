"""How a project fits: the verdict and its reasons first, then each side of it in numbers."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from api.texts import Said, Tongue
from cli.layout import Block, Line, Table
from cli.pieces import footer, headline
from cli.views.policies import conditions, without_conditions, word
from cli.words import cell
from queries.base import NodeRef

if TYPE_CHECKING:
    from queries.fitting.fit import FitAnswer
    from queries.fitting.parts import Duplication, FitInput, FitRoute, NeedFit, ProductFit

_TITLE = Said("How the project fits")
_STYLES = {"against": "red", "condition": "yellow", "open": "cyan", "for": "green", "neutral": "dim"}
_ROUTES = 2
_NAMED = 3


def view(answer: "FitAnswer", tongue: Tongue) -> Iterator[Block]:
    """Verdict, rule, reasons; then products, inputs, capacities, by-products, needs, policies."""
    from queries.fitting.parts import FIT_VERDICTS, LEANINGS, TOPICS

    say = tongue.say
    who = say(" ({enterprise})", enterprise=cell("enterprise", answer.enterprise, tongue)) if answer.enterprise else ""
    title = f"{cell('project', answer.project, tongue)}{who} · {cell('region', answer.region, tongue)}"
    yield headline(f"{title} · {tongue.sentence(_TITLE.text, {})}", answer, tongue)
    rule = tongue.pick((answer.rule.words.zh, answer.rule.words.en))
    verdict = word(FIT_VERDICTS, answer.verdict, tongue)
    yield Line(say("Verdict: {verdict} – {rule}", verdict=verdict, rule=rule), "bold")
    yield Line()
    for reason in answer.reasons:
        words = tongue.pick((reason.words.zh, reason.words.en))
        leaning, topic = word(LEANINGS, reason.leaning, tongue), word(TOPICS, reason.topic, tongue)
        yield Line(f"  [{leaning}] {topic}{say(': ')}{words}", _STYLES[reason.leaning])
    yield from _section(say("Products"), [_product(one, tongue) for one in answer.products])
    yield from _routes(answer, tongue)
    yield from _section(say("Capacity against demand"), [_double(one, tongue) for one in answer.duplication])
    yield from _by_products(answer, tongue)
    yield from _section(say("Needs"), [_need(one, tongue) for one in answer.needs])
    yield from conditions(answer.policies, tongue, ("applies", "nearly", "to_check"), brief=("to_check",))
    yield from without_conditions(answer.policies, tongue)
    yield Line()
    yield Line(tongue.pick((answer.said.zh, answer.said.en)), "bold")
    yield from footer(answer, tongue)


def _section(title: str, rows: Sequence[tuple[str, ...]]) -> Iterator[Block]:
    if rows:
        yield Line()
        yield Line(title, "bold")
        yield Table((), rows, ("bold", "", "", "dim"))


def _product(one: "ProductFit", tongue: Tongue) -> tuple[str, ...]:
    from queries.chain.assessment import KINDS, STATES
    from queries.fitting.parts import EFFECTS

    say = tongue.say
    state = word(STATES, one.state, tongue)
    kind = f"·{word(KINDS, one.kind, tongue)}" if one.kind else ""
    return (
        cell("product", one.product, tongue),
        tongue.amount(one.capacity, one.unit) or say("capacity not told"),
        f"{state}{kind} → {word(EFFECTS, one.effect, tongue)}",
        say(
            "makers here {makers}, elsewhere {elsewhere}, on their way {pipeline}",
            makers=one.makers_total,
            elsewhere=one.makers_elsewhere,
            pipeline=len(one.pipeline),
        ),
    )


def _routes(answer: "FitAnswer", tongue: Tongue) -> Iterator[Block]:
    say = tongue.say
    shown: dict[str, int] = {}
    for route in answer.routes:
        of = shown.get(route.product.id, 0)
        shown[route.product.id] = of + 1
        if of >= _ROUTES:
            continue
        yield Line()
        process = cell("process", route.process, tongue) if route.process else say("as the sheet tells")
        share = "–" if route.share is None else f"{route.share:.0%}"
        product = cell("product", route.product, tongue)
        yield Line(
            say("Inputs of {product} by {process}: {share} here", product=product, process=process, share=share), "bold"
        )
        yield Table((), [_input(one, tongue) for one in route.inputs], ("", "", "", "dim"))
        yield from _services(route, tongue)
    more = answer.totals["routes"] - sum(min(number, _ROUTES) for number in shown.values())
    if more > 0:
        yield Line(say("… and {count} more (--json lists all).", count=more), "dim")


def _services(route: "FitRoute", tongue: Tongue) -> Iterator[Block]:
    if route.services or route.services_lacking:
        here, lacking = (cell("", one, tongue) for one in (route.services, route.services_lacking))
        yield Line(tongue.say("  services here: {here}; not here: {lacking}", here=here, lacking=lacking))


def _input(one: "FitInput", tongue: Tongue) -> tuple[str, ...]:
    from queries.fitting.parts import INPUT_STANDINGS

    say = tongue.say
    needed = (
        say("needs {amount}", amount=_tonnes(one.needed, tongue)) if one.needed is not None else say("need not told")
    )
    here = ""
    if one.makers_total:
        here = say(
            "capacity here {amount}", amount=_between(_rounded(one.here_low), _rounded(one.here_high), "t/yr", tongue)
        )
    cover = {True: say("enough"), False: say("not enough"), None: ""}[one.enough]
    return (
        f"  {cell('product', one.product, tongue)}",
        word(INPUT_STANDINGS, one.standing, tongue),
        needed,
        tongue.say("; ").join(part for part in (here, cover, _some(one.makers, one.makers_total, tongue)) if part),
    )


def _double(one: "Duplication", tongue: Tongue) -> tuple[str, ...]:
    say = tongue.say

    proposed = tongue.amount(one.proposed, one.unit) or say("not known")
    told = [
        say("demand here {demand}", demand=_between(one.demand_low, one.demand_high, one.unit, tongue)),
        _ratio(one.ratio_at_least, one.ratio_at_most, tongue),
    ]
    return (
        cell("product", one.product, tongue),
        say(
            "here {existing}, on its way {pipeline}, proposed {proposed}",
            existing=_between(one.existing_low, one.existing_high, one.unit, tongue),
            pipeline=_between(one.pipeline_low, one.pipeline_high, one.unit, tongue),
            proposed=proposed,
        ),
        say("; ").join(part for part in told if part),
        say("known in the country {national} (makers: {makers})", national=national, makers=one.national_makers)
        if (national := tongue.amount(one.national, one.unit))
        else say("no capacity in the country is known"),
    )


def _between(low: float | None, high: float | None, unit: str | None, tongue: Tongue) -> str:
    """A range of which an end, or all, may not be known."""
    least, most = tongue.amount(low, unit), tongue.amount(high, unit)
    if not least and not most:
        return tongue.say("not known")
    if not most:
        return tongue.say("at least {amount}", amount=least)
    if not least:
        return tongue.say("at most {amount}", amount=most)
    return least if least == most else f"{least} – {most}"


def _ratio(low: float | None, high: float | None, tongue: Tongue) -> str:
    """All together against the demand here; nothing where no end of it is known."""
    if low is None and high is None:
        return ""
    if high is None:
        return tongue.say("together at least {ratio} times it", ratio=f"{low:.2g}")
    if low is None:
        return tongue.say("together at most {ratio} times it", ratio=f"{high:.2g}")
    return tongue.say("together {ratio} times it", ratio=f"{low:.2g}" if low == high else f"{low:.2g} – {high:.2g}")


def _by_products(answer: "FitAnswer", tongue: Tongue) -> Iterator[Block]:
    from queries.fitting.parts import FATES

    rows = [
        (
            cell("product", one.product, tongue) if one.product else one.words or "–",
            tongue.amount(one.amount, one.unit) or "–",
            word(FATES, one.fate, tongue),
            _some(one.users, one.users_total, tongue),
        )
        for one in answer.by_products
    ]
    yield from _section(tongue.say("By-products"), rows)


def _need(one: "NeedFit", tongue: Tongue) -> tuple[str, ...]:
    from queries.fitting.parts import NEED_OUTCOMES

    return (
        tongue.pick((one.called.zh, one.called.en)),
        tongue.amount(one.amount, one.unit) or tongue.say("needed"),
        word(NEED_OUTCOMES, one.outcome, tongue),
        tongue.pick((one.why.zh, one.why.en)),
    )


def _some(nodes: Sequence[NodeRef], total: int, tongue: Tongue) -> str:
    if not total:
        return ""
    names = tongue.say(", ").join(cell("", node, tongue) for node in nodes[:_NAMED])
    return names if total <= _NAMED else tongue.say("{listed} … ({count})", listed=names, count=total)


def _tonnes(amount: float | None, tongue: Tongue) -> str:
    return tongue.amount(_rounded(amount), "t/yr")


def _rounded(amount: float | None) -> float | None:
    """To three digits, as a recipe is not more exact."""
    return None if amount is None else float(f"{amount:.3g}")
