"""`python -m cli.backtest_page`: works out the tables of docs/backtest.md anew from data/; the prose stays as it is.

Tables stand between the marks `<!-- tables: NAME -->` and `<!-- end -->`.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from cli.docs import DOCS

if TYPE_CHECKING:
    from graph.readers.port import Reader
    from queries.backtest.backtest import BacktestAnswer
    from queries.backtest.bootstrap import Interval, Rates
    from queries.base import NodeRef

PAGE = DOCS / "backtest.md"
# The day the shipped facts were handed over.
DAY = "2026-11-23"
REGIONS = ("包头市", "包头稀土高新区", "赣州市", "宁波市", "重庆市")
CUT_OFFS = ("2015-12-31", "2017-12-31", "2019-12-31", "2021-12-31", "2023-12-31")
DETAILED = {"baotou-2019": ("包头市", "2019-12-31"), "baotou-2021": ("包头市", "2021-12-31")}
_MARKED = re.compile(r"(<!-- tables: (?P<name>[a-z0-9-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def page(text: str, reader: "Reader") -> str:
    """The page with its tables as the reader gives them. Raises ValueError for a mark without a table."""
    made = dict(tables(reader))
    if set(made) != {match["name"] for match in _MARKED.finditer(text)}:
        raise ValueError(f"the page needs these marks, each once: {', '.join(made)}")
    return _MARKED.sub(lambda match: f"{match[1]}{made[match['name']]}{match[3]}", text)


def tables(reader: "Reader") -> Iterator[tuple[str, str]]:
    """The tables by name."""
    answers = {(region, day): _asked(reader, region, day) for region in REGIONS for day in CUT_OFFS}
    yield (
        "targets",
        _summary(_TARGETS, {key: _targets(one) for key, one in answers.items() if one.targets.n}, "No case"),
    )
    named = {key: _gaps(one) for key, one in answers.items() if one.gaps["missing"].named}
    yield "gaps", _summary(_GAPS, named, "Nothing was named as missing")
    for name, key in DETAILED.items():
        yield f"{name}-figures", _table(_FIGURES, list(_figures(answers[key])))
        yield f"{name}-cases", _table(_CASES, list(_cases(answers[key])))
        yield f"{name}-links", _table(_LINKS, list(_links(answers[key])))


def _asked(reader: "Reader", region: str, cut_off: str) -> "BacktestAnswer":
    from queries.backtest.backtest import BacktestParams, run

    return run(reader, BacktestParams(region=region, cut_off=cut_off))


_TARGETS = (
    "region", "cut-off", "cases", "enterprises", "makers of it before", "on the list", "first 10, default weights",
    "equal weights", "by chance", "largest", "most connected", "strict",
)  # fmt: skip


def _summary(columns: tuple[str, ...], rows: dict[tuple[str, str], tuple[str, ...]], nothing: str) -> str:
    """A row a region and cut-off, and which of them have none."""
    empty = [
        f"{region} ({', '.join(days)})"
        for region in REGIONS
        if (days := [day[:4] for day in CUT_OFFS if (region, day) not in rows])
    ]
    told = _table(columns, [(region, day, *row) for (region, day), row in rows.items()])
    return f"{told}\n{nothing}: {', '.join(empty)}.\n" if empty else told


def _targets(answer: "BacktestAnswer") -> tuple[str, ...]:
    told = answer.targets
    ours = (
        told, told.equal_weights, told.baselines.random, told.baselines.largest, told.baselines.connected,
        answer.strict.targets,
    )  # fmt: skip
    return (
        str(told.n), str(told.enterprises), str(told.makers_before), str(told.on_list),
        *(_share(rates.hit["10"], rates.intervals.hit["10"] if rates is told else None) for rates in ours),
    )  # fmt: skip


_GAPS = ("region", "cut-off", "broken", "fill", "extend", "build", "all missing", "unknown", "all not made")


def _gaps(answer: "BacktestAnswer") -> tuple[str, ...]:
    def told(name: str, *, interval: bool = False) -> str:
        outcome = answer.gaps[name]
        share = f" = {_share(outcome.share, outcome.interval)}" if interval and outcome.named else ""
        return f"{outcome.later} ({outcome.by_project}) of {outcome.named}{share}"

    return (
        *(told(name) for name in ("broken", "fill", "extend", "build")), told("missing", interval=True),
        told("unknown"), told("not_made", interval=True),
    )  # fmt: skip


_FIGURES = ("order", "cases", "first 5", "first 10", "first 20", "mean of 1/rank")


def _figures(answer: "BacktestAnswer") -> Iterator[tuple[str, ...]]:
    told = answer.targets
    named: tuple[tuple[str, Rates], ...] = (
        ("default weights", told),
        ("equal weights", told.equal_weights),
        ("random (expectation)", told.baselines.random),
        ("largest capacity first", told.baselines.largest),
        ("most connected first", told.baselines.connected),
        ("default weights, each enterprise once", told.by_enterprise),
        ("default weights, strict", answer.strict.targets),
    )
    for name, rates in named:
        mean = "—" if rates.mrr is None else f"{rates.mrr:.3f}"
        spread = rates.intervals.mrr
        yield (
            name,
            str(rates.n),
            *(_share(share, rates.intervals.hit[top]) for top, share in rates.hit.items()),
            f"{mean} [{spread[0]:.2f}–{spread[1]:.2f}]" if spread else mean,
        )


_CASES = (
    "first seen", "enterprise", "came with", "how", "known of it then", "rank of", "equal", "largest", "connected",
    "strict", "counted",
)  # fmt: skip


def _cases(answer: "BacktestAnswer") -> Iterator[tuple[str, ...]]:
    from queries.backtest.cases import WAYS
    from queries.backtest.lists import ON_RECORD

    for case in answer.targets.cases:
        ranks = (case.rank_equal_weights, case.rank_largest, case.rank_connected, case.rank_strict)
        yield (
            case.date, _name(case.enterprise), _name(case.product), ", ".join(WAYS[way][1] for way in case.ways),
            ON_RECORD[case.on_record][1], f"{case.rank or '—'} of {case.candidates}",
            *("—" if rank is None else str(rank) for rank in ranks), "yes" if case.counted else "no: made here",
        )  # fmt: skip


_LINKS = ("kind", "link", "came", "by")


def _links(answer: "BacktestAnswer") -> Iterator[tuple[str, ...]]:
    from queries.chain.assessment import KINDS

    for kind, (_, word) in KINDS.items():
        if kind != "strengthen":
            for link in answer.gaps[kind].links:
                came = link.on or ("here already, told later" if link.already else "—")
                yield word, _name(link.product), came, ", ".join(_name(one) for one in link.by)


def _name(node: "NodeRef") -> str:
    return (node.name_zh or node.name_en or node.id).replace("|", "/")


def _share(share: float | None, interval: "Interval | None" = None) -> str:
    if share is None:
        return "—"
    return f"{share:.0%} [{interval[0]:.0%}–{interval[1]:.0%}]" if interval else f"{share:.0%}"


def _table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [columns, tuple("---" for _ in columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def shipped_page() -> str:
    """The page as the shipped data gives it."""
    from graph.model.dates import AsOf
    from graph.readers.opening import open_reader
    from graph.stores.opening import open_store
    from loaders.loading import load_into

    with TemporaryDirectory() as folder, closing(open_store(f"sqlite:{folder}/backtest.db")) as store:
        data = Path(__file__).parents[1] / "data"
        load_into(store, [data], who="docs", when=f"{DAY}T00:00:00+00:00", key="shipped")
        return page(PAGE.read_text("utf-8"), open_reader(store, AsOf.parse(DAY)))


if __name__ == "__main__":
    PAGE.write_text(shipped_page(), encoding="utf-8")
