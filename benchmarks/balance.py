"""`balance` in process, beside one bare solve of the same programme by HiGHS' interior point method."""

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.optimize import linprog

from benchmarks.measuring import Figure, Goal, alternate, timed
from benchmarks.regions import some_regions
from benchmarks.setting import Setting
from graph.readers.port import Reader
from queries.chain.balance import QUERY, BalanceParams
from queries.chain.balance_answer import BalanceAnswer
from queries.chain.balance_model import Model, build_model, find_routes
from queries.chain.balance_targets import aims_of_chains, targets_of
from queries.chain.works import works_of_region

_SAMPLE = 0.05  # seconds that a sample takes at least
_DIGITS = 4


def run(setting: Setting) -> list[Figure]:
    """Regions of several sizes; the answer holds some staged solves, and one for every bound that presses."""
    reader, figures = setting.reader, []
    for region in some_regions(reader):
        setting.say(f"{region.id}, {region.placed:,} placed")
        model = _model(reader, region.id)
        params = BalanceParams(region=region.id)
        seconds = alternate(
            {
                "answer": timed(partial(QUERY.run, reader, params), _output, _SAMPLE),
                "peer": timed(_peer(model), _rounded, _SAMPLE),
            },
            setting.rounds,
        )
        answer, peer = (seconds[name].map(lambda s: s * 1e3) for name in ("answer", "peer"))
        what = f"balance, {len(model.processes)} processes, {region.placed:,} enterprises and projects"
        goal = Goal("500 processes", 500, "at most", "value", "ms")
        figures.append(Figure(what, "ms", answer, "one bare solve (interior point)", peer, (goal,)))
    return figures


def _model(reader: Reader, region: str) -> Model:
    chain, params = reader.chain(), BalanceParams(region=region)
    works = works_of_region(reader, reader.tally(region))
    aims = aims_of_chains(reader, chain, works, None, params.mass_share)
    routes = find_routes(chain, works, [aim.product for aim in aims], params.mass_share)
    routed = np.zeros(len(chain.products), np.bool_)
    for process in routes.processes.tolist():
        row = slice(*chain.outputs.starts[process : process + 2])
        routed[chain.outputs.items[row][np.nan_to_num(chain.output_amounts[row]) > 0]] = True
    return build_model(chain, works, routes, targets_of(aims, routed, works.low), works.low)


def _peer(model: Model) -> Callable[[], float]:
    programme, cost = model.programme, model.costs()[0]

    def solve() -> float:
        if not len(cost):
            return 0.0
        found = linprog(  # type: ignore[call-overload]
            cost,
            A_ub=programme.limits,
            b_ub=programme.most,
            A_eq=programme.balance,
            b_eq=np.zeros(programme.balance.shape[0]),
            bounds=np.column_stack([np.zeros(len(cost)), programme.upper]),
            method="highs-ipm",
        )
        return -float(found.fun)

    return solve


def _output(answer: BalanceAnswer) -> object:
    return _rounded(sum(target.reached for target in answer.targets))


def _rounded(output: float) -> object:
    return f"{output:.{_DIGITS}g}"
