"""A back-test: the figures beside their baselines, the cases one by one, what became of the gaps."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from api.texts import Said, Tongue
from cli.layout import Block, Line, Table
from cli.pieces import footer, headline
from cli.words import cell

if TYPE_CHECKING:
    from queries.backtest.backtest import BacktestAnswer
    from queries.backtest.bootstrap import Interval, Rates
    from queries.backtest.gaps import Outcome
    from queries.backtest.records import BacktestCase

_TITLE = Said("Back-test: what the advice was worth")
_NAMED = 6


def view(answer: "BacktestAnswer", tongue: Tongue) -> Iterator[Block]:
    """Figures first, then every case, then the gaps."""
    say = tongue.say
    title = say(
        "{region} · {title} · advice of {day}, as known then",
        region=cell("region", answer.region, tongue),
        title=tongue.sentence(_TITLE.text, {}),
        day=answer.cut_off,
    )
    yield headline(title, answer, tongue)
    yield Line(_weights(answer, tongue), "dim")
    targets = answer.targets
    yield Line()
    yield Line(say("Who came later, and the lists of the cut-off"), "bold")
    if targets.n:
        yield from _figures(answer, tongue)
    else:
        yield Line(say("Nobody is on record to have come with a link that was not made here: nothing to measure."))
    if targets.cases:
        yield Line()
        yield Table(_case_columns(tongue), [_case(one, tongue) for one in targets.cases], ("dim", "bold"))
    out = [(name, count) for name, count in targets.left_out.items() if count]
    if out:
        yield Line(_left_out(out, tongue), "dim")
    yield Line()
    yield Line(say("What became of the links"), "bold")
    yield Table(_gap_columns(tongue), [_gap(name, one, tongue) for name, one in answer.gaps.items()], ("bold",))
    yield Line()
    yield from _hidden(answer, tongue)
    yield Line(tongue.pick((answer.said.zh, answer.said.en)), "bold")
    yield from footer(answer, tongue)


def _weights(answer: "BacktestAnswer", tongue: Tongue) -> str:
    from queries.promotion.scores import PARTS

    told = tongue.say(", ").join(f"{tongue.word(PARTS, name)} {weight:g}" for name, weight in answer.weights.items())
    return tongue.say("Weights: {told}", told=told)


def _figures(answer: "BacktestAnswer", tongue: Tongue) -> Iterator[Block]:
    say, targets = tongue.say, answer.targets
    rows: list[tuple[str, Rates]] = [
        (say("by these weights"), targets),
        (say("all weights equal"), targets.equal_weights),
        (say("at random"), targets.baselines.random),
        (say("largest capacity first"), targets.baselines.largest),
        (say("most connected first"), targets.baselines.connected),
        (say("each enterprise once"), targets.by_enterprise),
        (say("strict: no later recipes"), answer.strict.targets),
    ]
    yield Table(
        ("", say("cases"), *(say("among the first {count}", count=top) for top in targets.hit), say("mean of 1/rank")),
        [(name, str(one.n), *_rates(one)) for name, one in rows],
        ("bold",),
    )
    yield Line(say("In brackets: 95 % intervals, by drawing enterprises anew."), "dim")
    yield Line(
        say(
            "Enterprises: {enterprises}; on record before as makers of what they came with: {makers}, of "
            "anything: {any}; on the list: {listed} of {cases} cases.",
            enterprises=targets.enterprises,
            makers=targets.makers_before,
            any=targets.enterprises_on_record,
            listed=targets.on_list,
            cases=targets.n,
        )
    )


def _rates(rates: "Rates") -> Iterator[str]:
    for top, share in rates.hit.items():
        yield _with(f"{share:.0%}" if share is not None else "—", rates.intervals.hit[top], ".0%")
    yield _with(f"{rates.mrr:.2f}" if rates.mrr is not None else "—", rates.intervals.mrr, ".2f")


def _with(told: str, interval: "Interval | None", form: str) -> str:
    return f"{told} [{interval[0]:{form}}–{interval[1]:{form}}]" if interval else told


def _case_columns(tongue: Tongue) -> tuple[str, ...]:
    say = tongue.say
    return (
        say("first seen"), say("enterprise"), say("came with"), say("how"), say("known of it then"), say("rank"),
        say("equal / largest / connected / strict"),
    )  # fmt: skip


def _case(case: "BacktestCase", tongue: Tongue) -> tuple[str, ...]:
    from queries.backtest.cases import WAYS
    from queries.backtest.lists import ON_RECORD
    from queries.backtest.records import MISSED

    if case.rank is not None:
        rank = tongue.say("{rank} of {count}", rank=case.rank, count=case.candidates)
    else:
        rank = tongue.say("not on the list of {count}", count=case.candidates)
        if case.why_not not in (None, "not_on_list", "no_candidates"):
            rank += f" ({tongue.word(MISSED, case.why_not)})"
    if not case.counted:
        rank = tongue.say("{rank}; made here, not counted", rank=rank)
    others = (case.rank_equal_weights, case.rank_largest, case.rank_connected, case.rank_strict)
    return (
        case.date,
        cell("enterprise", case.enterprise, tongue),
        cell("product", case.product, tongue),
        tongue.say(", ").join(tongue.word(WAYS, way) for way in case.ways),
        tongue.word(ON_RECORD, case.on_record),
        rank,
        " / ".join("—" if one is None else str(one) for one in others),
    )


def _left_out(out: Sequence[tuple[str, int]], tongue: Tongue) -> str:
    from queries.backtest.cases import LEFT_OUT

    told = tongue.say("; ").join(f"{tongue.word(LEFT_OUT, name)} {count}" for name, count in out)
    return tongue.say("Came later and are no cases: {told}", told=told)


def _gap_columns(tongue: Tongue) -> tuple[str, ...]:
    say = tongue.say
    return (
        "", say("named"), say("came later"), say("share"), say("by a project"), say("were here already"),
        say("which came"),
    )  # fmt: skip


def _gap(name: str, outcome: "Outcome", tongue: Tongue) -> tuple[str, ...]:
    from queries.backtest.gaps import OUTCOMES

    came = [one for one in outcome.links if one.later]
    links = tongue.say(", ").join(cell("product", one.product, tongue) for one in came[:_NAMED])
    share = "—" if outcome.share is None else _with(f"{outcome.share:.0%}", outcome.interval, ".0%")
    return (
        tongue.word(OUTCOMES, name),
        str(outcome.named),
        str(outcome.later),
        share,
        str(outcome.by_project),
        # What is here already is what strengthen is about.
        "" if name == "strengthen" else str(outcome.already),
        links + ("…" if len(came) > _NAMED else ""),
    )


def _hidden(answer: "BacktestAnswer", tongue: Tongue) -> Iterator[Block]:
    told = answer.timeless
    yield Line(
        tongue.say(
            "No date hides recipes: of {count} statements on them {later} come from later pages, {undated} from "
            "undated ones. Strict: without those.",
            count=told.technology,
            later=told.technology_later,
            undated=told.technology_undated,
        ),
        "dim",
    )
