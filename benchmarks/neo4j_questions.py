"""Questions through the snapshot and through the Neo4j reader beside the best of three hand-written Cypher texts each.

Compared are the same pieces of an answer. Gap rows of a region: every product that somebody here needs and nobody here
makes, with those who consume it here, products made here that recipes make from it, and makers anywhere. Suppliers:
the first 50 members of three tiers. Ours is worked out from `Reader.tally`, `Reader.chain` and `Reader.reach`, which
tell more than that (evidence, owner groups, projects, links). Over HTTP ours sends the whole page with evidence.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import Any

import numpy as np

from benchmarks.chain_gaps import PAGE
from benchmarks.measuring import Figure, Goal, Run, Series, digest_of, judged, percentile, require_same, timed
from benchmarks.on_neo4j import PATIENCE, Bolt, loaded, texts
from benchmarks.over_http import path_of
from benchmarks.regions import Region, some_regions
from benchmarks.serving import Server, rechain
from benchmarks.setting import TODAY, Setting
from benchmarks.tiers import Walker, path_to_tiers
from graph.model.dates import AsOf
from graph.model.kinds import DONE_STATUSES
from graph.model.predicates import NOT_MAKING
from graph.readers.opening import Readers
from graph.readers.port import Reader
from graph.readers.ragged import pairs, rows_of
from graph.readers.snapshot import Snapshot
from graph.stores.neo4j import Neo4jStore
from queries.chain.gaps import QUERY as GAPS
from queries.chain.gaps import GapsParams
from queries.lookup.suppliers import QUERY as SUPPLIERS
from queries.lookup.suppliers import TiersParams

_TIERS, _LIMIT = 3, 50
_SAMPLE = 0.05  # seconds that a sample takes at least
_STARTS = 40
_WARM, _CALLS = 5.0, 300  # seconds and calls to warm a server up with, whichever comes first
_RULES = {"not_making": list(NOT_MAKING), "done": list(DONE_STATUSES)}
Work = Callable[[], object]


def run(setting: Setting) -> list[Figure]:
    """One store on one server, everything in turns."""
    with loaded(setting) as url, closing(Neo4jStore.open(url)) as store, closing(Bolt(url)) as bolt:
        readers, figures = _snapshots(setting, store)
        snapshot = readers.at(AsOf(TODAY))
        assert isinstance(snapshot, Snapshot)
        pushed = Readers(store, kind="neo4j").at(AsOf(TODAY))
        regions = some_regions(snapshot)[1:]
        walker = Walker(snapshot)
        starts = [start for group in walker.starts(_STARTS, setting.rng_seed).values() for start in group]
        best, more = _gaps(setting, bolt, snapshot, pushed, regions)
        figures += more
        quick, more = _suppliers(setting, bolt, snapshot, pushed, starts)
        figures += more
        folder = str(setting.folder / "snapshots")
        with (
            rechain(url, snapshots=folder) as kept,
            rechain(url, snapshots=folder, cache_mb="0") as worked_out,
        ):
            figures += _over_http(setting, bolt, {"cached": kept, "not cached": worked_out}, regions, best)
            figures += _tiers_over_http(setting, bolt, worked_out, starts, quick)
    return figures


# The snapshot


def _snapshots(setting: Setting, store: Neo4jStore) -> tuple[Readers, list[Figure]]:
    """Built from the claims on the server, then opened from its cache file."""
    from graph.readers.opening import cache_file_of

    file = cache_file_of(store, "bolt:", str(setting.folder / "snapshots"))
    assert file is not None
    for old in (file, file.with_name(f"{file.name}.view")):
        old.unlink(missing_ok=True)
    setting.say("building the snapshot from Neo4j")
    clocks = time.perf_counter(), time.process_time()
    readers = Readers(store, file)
    tallied = readers.at(AsOf(TODAY))
    built, worked = time.perf_counter() - clocks[0], time.process_time() - clocks[1]
    claims = tallied.counts().claims
    setting.say(f"{built:.0f} s")

    def open_again() -> object:
        return Readers(store, file).at(AsOf(TODAY)).counts().claims

    opened = judged({"opened": [timed(open_again, lambda told: told)() for _ in range(setting.rounds)]})["opened"]
    rate = "snapshot built from Neo4j, view of today included"
    return readers, [
        Figure(rate, "claims/s", Series((claims / built,)), note=f"{claims:,} claims, {built:.0f} s"),
        Figure("the same in processor time of ours", "claims/s", Series((claims / worked,)), note=f"{worked:.0f} s"),
        Figure("snapshot of a Neo4j store opened from its cache file", "ms", opened.map(lambda s: s * 1e3)),
    ]


# Gaps


def gap_rows(reader: Reader, region: str) -> list[list[object]]:
    """Product, consumers here, products made here from it, makers anywhere: of what is needed here and not made."""
    tally, chain = reader.tally(region), reader.chain()
    made, users = tally.makers.counts() > 0, tally.users.counts()
    process, taken = pairs(chain.inputs)
    yielder, given = pairs(chain.outputs)
    given, yielder = given[made[given]], yielder[made[given]]
    outputs = rows_of(yielder, given, len(chain.processes))
    counts = outputs.counts()[process]
    owner = np.repeat(np.arange(len(process)), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    product = outputs.items[np.repeat(outputs.starts[process], counts) + within]
    into = rows_of(taken[owner], product, len(chain.products)).counts()
    rows = np.flatnonzero(~made & ((users > 0) | (into > 0)))
    figures = users[rows].tolist(), into[rows].tolist(), tally.total[rows].tolist()
    return [[chain.products[row], *told] for row, *told in zip(rows.tolist(), *figures, strict=True)]


def _gaps(
    setting: Setting, bolt: Bolt, snapshot: Snapshot, pushed: Reader, regions: Sequence[Region]
) -> tuple[str, list[Figure]]:
    """The best text, and the figures."""
    known = texts("gaps")
    figures: list[Figure] = []
    tried_by: dict[str, list[float | None]] = {name: [] for name in known}
    for region in reversed(regions):  # a text that gives up on a small one is not asked about larger ones
        expected = digest_of(gap_rows(snapshot, region.id))
        parameters = {"region": region.id, **_RULES}
        tried = {
            name: None if None in tried_by[name] else _try(bolt, text, parameters, expected)
            for name, text in known.items()
        }
        for name, taken in tried.items():
            tried_by[name].append(taken)
        setting.say(f"{region.id}: " + ", ".join(f"{name} {_or_more(taken)}" for name, taken in tried.items()))
    # The best of the texts is the one that is best for most regions.
    wins = [min(known, key=lambda name: tried_by[name][at] or float("inf")) for at in range(len(regions))]
    best = max(set(wins), key=wins.count)
    for region in regions:
        place = f"{region.placed:,} enterprises and projects"
        rows = len(gap_rows(snapshot, region.id))
        parameters = {"region": region.id, **_RULES}
        seconds = _in_turns(
            setting,
            {
                "snapshot": partial(gap_rows, snapshot, region.id),
                "best": lambda p=parameters: bolt.rows(known[best], p),  # type: ignore[misc]
                "reader": partial(gap_rows, pushed, region.id),
            },
        )
        page = judged(
            {"page": [timed(partial(_page, snapshot, region.id), digest_of, _SAMPLE)() for _ in range(setting.rounds)]}
        )["page"]
        peer = f"best Cypher ({best})"
        figures += [
            _times(f"gap rows, {place}: snapshot", seconds["snapshot"], peer, seconds["best"], 100, f"{rows} rows"),
            _times(f"whole page of gaps with evidence, {place}: snapshot", page, f"{peer}, rows only", seconds["best"]),
            _ratio(f"gap rows, {place}: Neo4j reader", seconds["reader"], peer, seconds["best"]),
        ]
    for name, told in tried_by.items():
        tried = told[: told.index(None) + 1] if None in told else told
        for region, taken in zip(reversed(regions), tried, strict=False):
            what = f"the text gaps_{name}, {region.placed:,} enterprises and projects, the best warm run"
            note = f"given up: over {PATIENCE:g} s, or out of the server's memory" if taken is None else ""
            figures.append(Figure(what, "ms", Series(((PATIENCE if taken is None else taken) * 1e3,)), note=note))
    return best, figures


def _page(reader: Reader, region: str) -> object:
    return GAPS.run(reader, GapsParams(region=region, limit=PAGE)).model_dump(mode="json")


# Suppliers


def members(reader: Reader, start: str) -> list[list[object]]:
    """Tier and enterprise of the first 50 of three tiers."""
    tiers = reader.reach(start, "supplies", "in", _TIERS, _LIMIT).tiers
    return [[tier, node] for tier, nodes in enumerate(tiers, 1) for node in nodes]


def _answered(reader: Reader, start: str) -> list[list[object]]:
    answer = SUPPLIERS.run(reader, TiersParams(enterprise=start, tiers=_TIERS, limit=_LIMIT))
    return [[member.tier, member.enterprise.id] for member in answer.members]


def _suppliers(
    setting: Setting, bolt: Bolt, snapshot: Snapshot, pushed: Reader, starts: Sequence[str]
) -> tuple[str, list[Figure]]:
    known = texts("suppliers")

    def ask(text: str) -> Callable[[str], object]:
        return lambda start: bolt.rows(text, {"enterprise": start, "limit": _LIMIT})

    sides: dict[str, Callable[[str], object]] = {
        "reach": partial(members, snapshot),
        "question": partial(_answered, snapshot),
        "reader": partial(members, pushed),
        **{name: ask(text) for name, text in known.items()},
    }
    samples: dict[str, list[float]] = {name: [] for name in sides}
    for side in sides.values():  # warm
        for start in starts * 3:
            side(start)
    for number in range(setting.rounds):
        told: dict[str, str] = {}
        for name, side in sides.items():
            runs = [_once(side, start) for start in starts]
            samples[name].append(percentile([one.seconds for one in runs], 0.5))
            told[f"{name}, round {number + 1}"] = digest_of([one.digest for one in runs])
        require_same(told)
    series = {name: Series(tuple(of)) for name, of in samples.items()}
    best = min(known, key=lambda name: series[name].median)
    setting.say("suppliers: " + ", ".join(f"{name} {of.median * 1e3:.2f} ms" for name, of in series.items()))
    peer, note = f"best Cypher ({best})", f"{len(starts)} starts, p50"
    what = f"suppliers, {_TIERS} tiers, first {_LIMIT}"
    return best, [
        _times(f"{what}, members by tier: snapshot", series["reach"], peer, series[best], 20, note),
        _times(f"{what}, the whole answer with evidence: snapshot", series["question"], f"{peer}, members only",
               series[best], 20, note),
        _ratio(f"{what}, members by tier: Neo4j reader", series["reader"], peer, series[best], note),
        *(
            Figure(f"the text suppliers_{name}", "ms", series[name].map(lambda s: s * 1e3), note=note)
            for name in known
        ),
    ]  # fmt: skip


# Over HTTP


def _over_http(
    setting: Setting, bolt: Bolt, servers: Mapping[str, Server], regions: Sequence[Region], best: str
) -> list[Figure]:
    figures = []
    text = texts("gaps")[best]
    for region in regions:
        paths, parameters = [path_of(region.id)], {"region": region.id, **_RULES}
        asked: dict[str, list[float]] = {name: [] for name in (*servers, "bolt")}
        for server in servers.values():
            server.drive(paths, 1, requests=1)
        digests: dict[str, str] = {}
        for number in range(setting.rounds):
            for name, server in servers.items():
                told = server.drive(paths, 1, requests=20)
                digests[f"{name}, round {number + 1}"] = told["digest"]
                asked[name].append(percentile(told["latencies"], 0.5))
            runs = [_once(lambda _: bolt.rows(text, parameters), "") for _ in range(3)]  # noqa: B023
            asked["bolt"].append(percentile([one.seconds for one in runs], 0.5))
        require_same(digests)
        theirs = Series(tuple(asked["bolt"]))
        figures += [
            _times(
                f"gaps over HTTP, whole page, {name}, {region.placed:,} enterprises and projects, p50",
                Series(tuple(asked[name])), f"best Cypher over Bolt ({best}), rows only", theirs, 20, bar="P1",
            )
            for name in servers
        ]  # fmt: skip
    return figures


def _tiers_over_http(setting: Setting, bolt: Bolt, server: Server, starts: Sequence[str], best: str) -> list[Figure]:
    text = texts("suppliers")[best]
    paths = [path_to_tiers(start, _TIERS) for start in starts]
    ours, theirs = [], []
    server.drive(paths, 1, requests=len(paths))
    for _ in range(setting.rounds):
        ours.append(percentile(server.drive(paths, 1, requests=len(paths))["latencies"], 0.5))
        runs = [_once(lambda one: bolt.rows(text, {"enterprise": one, "limit": _LIMIT}), start) for start in starts]
        theirs.append(percentile([one.seconds for one in runs], 0.5))
    what = f"suppliers over HTTP, whole answer, not cached, {_TIERS} tiers, {len(starts)} starts, p50"
    peer = f"best Cypher over Bolt ({best}), members only"
    return [_times(what, Series(tuple(ours)), peer, Series(tuple(theirs)), 20)]


# Figures


def _times(
    what: str, ours: Series, peer: str, theirs: Series, goal: float | None = None, note: str = "", bar: str = "issue 4"
) -> Figure:
    """How many times as fast: both told in questions a second, so that the ratio says it."""
    goals = (Goal(bar, goal, "at least", "ratio"),) if goal else ()
    spent = f"{ours.median * 1e3:.3g} ms against {theirs.median * 1e3:.3g} ms"
    note = f"{note}; {spent}" if note else spent
    return Figure(what, "/s", ours.map(lambda s: 1 / s), peer, theirs.map(lambda s: 1 / s), goals, note)


def _ratio(what: str, ours: Series, peer: str, theirs: Series, note: str = "") -> Figure:
    goals = (Goal("issue 4", 1.3, "at most", "ratio"),)
    return Figure(what, "ms", ours.map(lambda s: s * 1e3), peer, theirs.map(lambda s: s * 1e3), goals, note)


def _try(bolt: Bolt, text: str, parameters: Mapping[str, Any], expected: str) -> float | None:
    """Seconds of one warm run, once the answer is found right; None when it took too long."""
    rows = bolt.rows(text, parameters)
    if rows is None:
        return None
    require_same({"snapshot": expected, "Cypher": digest_of(rows)})
    taken: list[float] = []
    while sum(taken) < _WARM and len(taken) < _CALLS:
        began = time.perf_counter()
        bolt.rows(text, parameters)
        taken.append(time.perf_counter() - began)
    return min(taken)


def _or_more(taken: float | None) -> str:
    return "gave up" if taken is None else f"{taken:.3f} s"


def _once(work: Callable[[str], object], given: str) -> Run:
    began = time.perf_counter()
    answer = work(given)
    return Run(time.perf_counter() - began, digest_of(answer))


def _in_turns(setting: Setting, sides: Mapping[str, Work]) -> dict[str, Series]:
    timed_sides = {name: timed(work, lambda told: told, _SAMPLE) for name, work in sides.items()}
    for side in timed_sides.values():  # warm
        side()
    runs: dict[str, list[Run]] = {name: [] for name in sides}
    for _ in range(setting.rounds):
        for name, side in timed_sides.items():
            runs[name].append(side())
    return judged(runs)
