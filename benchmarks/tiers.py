"""`suppliers`, 2 and 4 tiers, from hubs and from leaves: starts by decile of how many suppliers they have."""

import time
from collections.abc import Sequence
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import Digest, Figure, Goal, Run, Series, percentile, require_same
from benchmarks.regions import arrays_of
from benchmarks.serving import rechain
from benchmarks.setting import TODAY, Setting
from graph.readers.columns import PREDICATE_CODES
from graph.readers.snapshot import Snapshot
from graph.readers.view import kind_range
from queries.lookup.suppliers import QUERY, TiersAnswer, TiersParams

_LIMIT = 50
_HUBS = 20
Starts = dict[str, list[str]]


def run(setting: Setting) -> list[Figure]:
    """In process beside a bare walk over the same links, then over HTTP."""
    reader = setting.reader
    walker = Walker(reader)
    groups = walker.starts(setting.asked, setting.rng_seed)
    figures = []
    for tiers in (2, 4):
        for group, starts in groups.items():
            setting.say(f"{tiers} tiers, {group}, {len(starts)} starts")
            ours, processor, theirs = _alternate(reader, walker, starts, tiers, setting.rounds)
            what = f"suppliers, {tiers} tiers, first {_LIMIT}, {group} ({len(starts)} starts)"
            figures.append(Figure(f"{what}, p50", "ms", _ms(ours, 0.5), "bare walk, no evidence", _ms(theirs, 0.5)))
            figures.append(
                Figure(f"{what}, p99", "ms", _ms(ours, 0.99), "bare walk, no evidence", _ms(theirs, 0.99),
                       (Goal("P6", 5, "at most", "value", "ms"),))
            )  # fmt: skip
            figures.append(
                Figure(
                    "the same in processor time",
                    "ms",
                    _ms(processor, 0.99),
                    goals=(Goal("P6", 5, "at most", "value", "ms"),),
                )
            )
    everybody = [start for starts in groups.values() for start in starts]
    with rechain(setting.url) as server:
        for tiers in (2, 4):
            paths = [path_to_tiers(start, tiers) for start in everybody]
            server.drive([path_to_tiers(everybody[0], 1)], 1, requests=1)
            setting.say(f"{tiers} tiers over HTTP")
            hands = [paths[at :: setting.rounds] for at in range(setting.rounds)]
            told = [server.drive(hand, 1, requests=len(hand))["latencies"] for hand in hands if hand]
            figures += [
                Figure(f"suppliers, {tiers} tiers over HTTP, all starts, each for the first time, p50", "ms",
                       _ms(told, 0.5)),
                Figure(f"suppliers, {tiers} tiers over HTTP, all starts, each for the first time, p99", "ms",
                       _ms(told, 0.99), goals=(Goal("P6", 5, "at most", "value", "ms"),)),
            ]  # fmt: skip
    return figures


def path_to_tiers(start: str, tiers: int) -> str:
    return f"/api/v1/suppliers?enterprise={quote(start)}&tiers={tiers}&limit={_LIMIT}&as_of={TODAY.isoformat()}"


def _ms(rounds: Sequence[Sequence[float]], share: float) -> Series:
    return Series(tuple(percentile(of, share) * 1e3 for of in rounds))


def _alternate(
    reader: Snapshot, walker: "Walker", starts: Sequence[str], tiers: int, rounds: int
) -> tuple[list[list[float]], list[list[float]], list[list[float]]]:
    """Seconds of the question, its processor seconds, and seconds of the bare walk: by round and start."""
    processor: list[list[float]] = []

    def ask() -> list[Run]:
        found = []
        processor.append([])
        for start in starts:
            worked, began = time.thread_time(), time.perf_counter()
            answer = QUERY.run(reader, TiersParams(enterprise=start, tiers=tiers, limit=_LIMIT))
            found.append(Run(time.perf_counter() - began, _told(answer)))
            processor[-1].append(time.thread_time() - worked)
        return found

    def walk() -> list[Run]:
        found = []
        for start in starts:
            began = time.perf_counter()
            reached = walker.walk(start, tiers, _LIMIT)
            found.append(Run(time.perf_counter() - began, walker.told(reached)))
        return found

    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(ask())
        theirs.append(walk())
    digests = {}
    for name, of in (("suppliers", ours), ("bare walk", theirs)):
        for number, runs in enumerate(of, 1):
            digest = Digest()
            for run_ in runs:
                digest.add(run_.digest)
            digests[f"{name}, round {number}"] = digest.text
    require_same(digests)
    return [[one.seconds for one in of] for of in ours], processor, [[one.seconds for one in of] for of in theirs]


def _told(answer: TiersAnswer) -> str:
    return " ".join(f"{member.tier}:{member.enterprise.id}" for member in answer.members)


class Walker:
    """Suppliers by customer as a bare table, and a walk over it with numpy alone."""

    def __init__(self, reader: Snapshot) -> None:
        columns, view = arrays_of(reader)
        rows = view.resolved.facts[view.used]
        rows = rows[(columns.predicate[rows] == PREDICATE_CODES["supplies"]) & (columns.object[rows] >= 0)]
        order = np.argsort(columns.object[rows], kind="stable")
        self._nodes = columns.nodes
        self._supplier = columns.subject[rows][order]
        self._starts = np.searchsorted(columns.object[rows][order], np.arange(len(columns.nodes) + 1))
        self._enterprises = kind_range(columns, "enterprise")

    def starts(self, wanted: int, seed: int) -> Starts:
        """Seeded starts: the greatest hubs, and as many from each decile of those who have a supplier."""
        low, high = self._enterprises
        degree = np.diff(self._starts)[low:high]
        ranked = np.flatnonzero(degree)[np.argsort(degree[degree > 0], kind="stable")] + low
        rng = np.random.default_rng(seed)
        deciles = np.array_split(ranked, 10)
        each = max(1, min(wanted // 10, *(len(of) for of in deciles)))
        found: Starts = {}
        for name, part in (
            ("leaves, deciles 1-3", deciles[:3]),
            ("deciles 4-9", deciles[3:9]),
            ("decile 10", deciles[9:]),
        ):
            picked = np.concatenate([rng.choice(of, each, replace=False) for of in part])
            found[name] = [self._nodes[int(node)] for node in picked]
        found[f"the {_HUBS} greatest hubs"] = [self._nodes[int(node)] for node in ranked[-_HUBS:]]
        return found

    def walk(self, start: str, tiers: int, limit: int) -> list[NDArray[np.int64]]:
        """Nodes by tier, ascending, until there are `limit`."""
        at = self._nodes.position(start)
        frontier = np.array([at], np.int64)
        seen = frontier
        found: list[NDArray[np.int64]] = []
        for _ in range(tiers):
            spans = [self._supplier[self._starts[node] : self._starts[node + 1]] for node in frontier]
            fresh = np.setdiff1d(np.concatenate(spans).astype(np.int64), seen) if spans else frontier[:0]
            fresh = fresh[: limit - sum(map(len, found))]
            if not len(fresh):
                break
            found.append(fresh)
            seen = np.union1d(seen, fresh)
            frontier = fresh
        return found

    def told(self, tiers: Sequence[NDArray[np.int64]]) -> str:
        """As `_told` says it."""
        return " ".join(f"{tier}:{self._nodes[int(node)]}" for tier, of in enumerate(tiers, 1) for node in of)
