"""How often such advice was right: the lists and gaps of a past day against what came afterwards.

Everything about the past is asked of the graph at the cut-off *as it was known then*; what came is what is known now.
docs/methods/backtest.md has the definitions.
"""

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from graph.model.dates import AsOf, end_of
from graph.model.errors import BadInput
from graph.readers.port import Reader
from queries.backtest.bootstrap import Rates, Scores, averaged, random_scores, rates_of, scores_of
from queries.backtest.cases import Comer, Comers, find_comers
from queries.backtest.gaps import Outcome, gap_outcomes
from queries.backtest.lists import Lists, Standing, counted_on_record
from queries.backtest.records import BacktestCase, Baselines, StrictTargets, TargetsTested
from queries.backtest.said import say_backtest
from queries.backtest.timeless import Timeless, timeless_behind
from queries.base import Answer, NodeRef, Query, Texts, envelope, ref, refs, resolve_name
from queries.chain.assessment import KINDS, Assessment, Thresholds
from queries.chain.gap_rows import GapProduct
from queries.chain.selection import InRegion, Selection, select_products
from queries.chain.spoken import Said
from queries.promotion.scores import DEFAULT_WEIGHTS, read_weights


class BacktestParams(Thresholds, InRegion):
    """Which day in the past, and how the lists of that day are made."""

    cut_off: str = Field(
        max_length=40, title="截止日", description="the day in the past that the advice is given on: 2019, 2019-12-31"
    )
    weight: Texts = Field(
        (), max_length=50, title="权重", description=f"NAME=VALUE with one of {', '.join(DEFAULT_WEIGHTS)}"
    )
    resamples: int = Field(2000, ge=100, le=20_000, title="重抽样次数", description="resamples of the bootstrap")
    seed: int = Field(2019, ge=0, le=2**32 - 1, title="随机种子", description="seed of the bootstrap")


class BacktestAnswer(Answer):
    """What the advice of the cut-off was worth, case by case.

    `looked_at` counts projects and enterprises here now, and the links looked at. `unplaced`: makers of the cut-off
    that had no place.
    """

    region: NodeRef = Field(title="地区")
    cut_off: str = Field(title="截止日", description="ISO day")
    weights: dict[str, float] = Field(title="权重", description="as used, not scaled")
    targets: TargetsTested = Field(title="招商名单")
    gaps: dict[str, Outcome] = Field(
        title="缺环",
        description=f"{', '.join(KINDS)}, unknown; missing: all but strengthen; not_made: all to compare with",
    )
    timeless: Timeless = Field(title="不分时间的陈述", description="what no date hides behind the lists")
    strict: StrictTargets = Field(title="严格口径", description="without recipes that nobody had told of by then")
    said: Said = Field(title="一句话", description="the answer in one plain sentence")


def run(reader: Reader, params: BacktestParams) -> BacktestAnswer:
    """Raises BadInput for a cut-off that is no date, is not before as_of, or lies before the data begins."""
    region = resolve_name(reader, params.region, ("region",))
    weights = read_weights(params.weight)
    cut_off = _cut_off(reader, params.cut_off)
    # What was known then: never more than the question itself may know.
    known = min(cut_off, reader.as_of.known_at) if reader.as_of.known_at else cut_off
    then = reader.at(AsOf(cut_off, known))
    lists = Lists(then, region, params, weights)
    comers = find_comers(reader, then, region, params.control_share)
    products = reader.chain().products
    standings = [lists.standing(case, products[case.product]) for case in comers.cases]

    timeless, hidden = timeless_behind(reader, known)
    strictly = then.with_claims((), hidden) if hidden else then
    strict_lists = Lists(strictly, region, params, weights) if hidden else lists
    strict = [strict_lists.standing(case, products[case.product]) for case in comers.cases]

    targets, strict_rates = _tested(reader, params, comers, standings, strict)
    found = lists.desk.assessment
    chosen = select_products(then, found.chain, Selection())
    gaps = gap_outcomes(reader, then, found, chosen)
    node = ref(reader.nodes([region])[0])
    return BacktestAnswer(
        **envelope("backtest", reader, params, region=region, cut_off=cut_off.isoformat()),
        looked_at={
            "projects_here": len(reader.placed(region, ("project",))),
            "enterprises_here": len(reader.placed(region, ("enterprise",))),
            "enterprises_here_then": found.tally.enterprises,
            "products": int(chosen.sum()),
        },
        unplaced=found.tally.unplaced,
        truncated=False,
        region=node,
        cut_off=cut_off.isoformat(),
        weights=weights,
        targets=targets,
        gaps=gaps,
        timeless=timeless,
        strict=StrictTargets(
            targets=strict_rates,
            named=_named(strictly, strict_lists.desk.assessment),
            dropped=len(hidden),
        ),
        said=say_backtest(node, cut_off.isoformat(), targets, gaps),
    )


def _tested(
    reader: Reader, params: BacktestParams, comers: Comers, standings: Sequence[Standing], strict: Sequence[Standing]
) -> tuple[TargetsTested, Rates]:
    """The figures and cases, and the figures of the counted cases on the strict lists."""
    counted = [number for number, standing in enumerate(standings) if not standing.made_here]
    whom = [comers.cases[number].enterprise for number in counted]
    ours = [standings[number] for number in counted]
    ranked = scores_of([one.rank for one in ours])

    def rates(scores: Scores) -> Rates:
        return rates_of(scores, whom, params.seed, params.resamples)

    tested = TargetsTested(
        **dict(rates(ranked)),
        enterprises=len(set(whom)),
        on_list=sum(one.rank is not None for one in ours),
        on_record=counted_on_record(ours),
        enterprises_on_record=_enterprises(whom, [one.on_record != "nothing" for one in ours]),
        makers_before=_enterprises(whom, [one.on_record == "makes" for one in ours]),
        by_enterprise=rates_of(*averaged(ranked, whom), params.seed, params.resamples),
        equal_weights=rates(scores_of([one.equal for one in ours])),
        baselines=Baselines(
            random=rates(random_scores([one.rank for one in ours], [one.candidates for one in ours])),
            largest=rates(scores_of([one.largest for one in ours])),
            connected=rates(scores_of([one.connected for one in ours])),
        ),
        cases=_case_rows(reader, comers.cases, standings, strict),
        left_out=comers.left_out,
    )
    return tested, rates(scores_of([strict[number].rank for number in counted]))


def _cut_off(reader: Reader, told: str) -> date:
    """The last day of the cut-off."""
    cut_off = end_of(told.strip())
    if cut_off >= reader.as_of.valid:
        raise BadInput(
            "The cut-off {cut_off} is not before {as_of}, the day the answer is about. Nothing can have come since. "
            "Give an earlier day.",
            cut_off=cut_off.isoformat(),
            as_of=reader.as_of.valid.isoformat(),
        )
    dated = [source.date for source in reader.sources() if source.date]
    begins = min(dated, key=end_of, default=None)
    if begins is None or cut_off < end_of(begins):
        raise BadInput(
            "Nothing was known at {cut_off}: the oldest source here is dated {begins}. Give a later cut-off.",
            cut_off=cut_off.isoformat(),
            begins=begins or "-",
        )
    return cut_off


def _enterprises(whom: Sequence[str], fits: Sequence[bool]) -> int:
    """How many different enterprises have a case that fits."""
    return len({who for who, fit in zip(whom, fits, strict=True) if fit})


def _named(reader: Reader, found: Assessment) -> dict[str, int]:
    chosen = select_products(reader, found.chain, Selection())
    return {name: int((chosen & (found.kind == number)).sum()) for number, name in enumerate(KINDS)}


def _case_rows(
    reader: Reader, cases: Sequence[Comer], standings: Sequence[Standing], strict: Sequence[Standing]
) -> tuple[BacktestCase, ...]:
    names = refs(reader, sorted({id_ for case in cases for id_ in (case.enterprise, *case.through)}))
    chain = reader.chain()
    numbers = sorted({case.product for case in cases})
    called = refs(reader, [chain.products[number] for number in numbers])
    products = {
        number: GapProduct(
            **called[chain.products[number]].model_dump(), chain=chain.chains[number], role=chain.roles[number]
        )
        for number in numbers
    }
    return tuple(
        BacktestCase(
            enterprise=names[case.enterprise],
            product=products[case.product],
            date=case.date,
            ways=case.ways,
            through=tuple(names[one] for one in case.through),
            counted=not standing.made_here,
            on_record=standing.on_record,
            candidate=standing.rank is not None,
            why_not=None if standing.rank is not None else standing.missed,
            rank=standing.rank,
            candidates=standing.candidates,
            rank_equal_weights=standing.equal,
            rank_largest=standing.largest,
            rank_connected=standing.connected,
            rank_strict=stricter.rank,
            claims=case.claims,
        )
        for case, standing, stricter in zip(cases, standings, strict, strict=True)
    )


QUERY = Query(
    "backtest",
    "回测：过去的建议后来如何",
    "How often the advice of a past day was right",
    BacktestParams,
    BacktestAnswer,
    run,
    positional=("region",),
)
