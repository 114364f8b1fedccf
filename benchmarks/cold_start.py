"""Snapshot build, process start to the first answer through the real command line, and what the arrays take up."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.chain_gaps import PAGE
from benchmarks.measuring import ROOT, Figure, Goal, Run, Series, alternate, digest_of
from benchmarks.regions import arrays_of, some_regions
from benchmarks.setting import TODAY, Setting
from graph.model.dates import AsOf
from graph.readers.columns import PREDICATE_CODES, build_columns
from graph.readers.opening import StoreRecords
from graph.readers.snapshot import Snapshot
from graph.readers.view import build_view
from queries.chain.gaps import QUERY, GapsParams

_IMPORTS = "import numpy, scipy.sparse.csgraph, pydantic, typer"
_RSS = """
import sys
from datetime import date
from pathlib import Path
from graph.model.dates import AsOf
from graph.readers.opening import Readers, cache_file_of
from graph.stores.opening import open_store
from queries.chain.gaps import QUERY, GapsParams
url, region, day = sys.argv[1:]
store = open_store(url)
reader = Readers(store, cache_file_of(store, url)).at(AsOf(date.fromisoformat(day)))
QUERY.run(reader, GapsParams(region=region, limit=20))
print(Path("/proc/self/status").read_text())
"""


def run(setting: Setting) -> list[Figure]:
    """Build, cold start, memory."""
    return [*_build(setting), *_cold(setting), *_memory(setting)]


def _build(setting: Setting) -> list[Figure]:
    store = setting.store
    sources = {source.id: source for source in store.sources()}
    count = setting.reader.counts().claims
    parts: dict[str, list[float]] = {"columns": [], "view": []}

    def build() -> Run:
        started = time.perf_counter()
        columns = build_columns(StoreRecords(store, store.revision()).accepted(), sources, {})
        between = time.perf_counter()
        build_view(columns, AsOf(TODAY))
        ended = time.perf_counter()
        parts["columns"].append(between - started)
        parts["view"].append(ended - between)
        setting.say(f"snapshot built in {ended - started:.1f} s")
        return Run(ended - started, digest_of(len(columns.subject)))

    def scan() -> Run:
        started = time.perf_counter()
        rows = sum(1 for _ in store.claims())
        return Run(time.perf_counter() - started, digest_of(rows))

    seconds = alternate({"build": build, "scan": scan}, min(setting.rounds, 3 if count > 3_000_000 else setting.rounds))
    whole, scanned = (seconds[name].map(lambda s: count / s) for name in ("build", "scan"))
    return [
        Figure("snapshot build, columns and view", "claims/s", whole, "reading all claims from the store", scanned,
               note=f"{count:,} claims"),
        Figure("of it columns", "s", Series(tuple(parts["columns"]))),
        Figure("of it view", "s", Series(tuple(parts["view"]))),
    ]  # fmt: skip


def _cold(setting: Setting) -> list[Figure]:
    regions = some_regions(setting.reader)
    region = regions[len(regions) // 2].id
    expected = QUERY.run(setting.reader, GapsParams(region=region, limit=PAGE)).model_dump(mode="json")
    command = [
        sys.executable, "-m", "cli.main", "gaps", region, "--json", "--limit", str(PAGE),
        "--as-of", TODAY.isoformat(), "--store", setting.url,
    ]  # fmt: skip

    def gaps() -> Run:
        started = time.perf_counter()
        told = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
        taken = time.perf_counter() - started
        return Run(taken, digest_of(json.loads(told)))

    def imports() -> Run:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", _IMPORTS], cwd=ROOT, check=True)
        return Run(time.perf_counter() - started, digest_of(expected))

    gaps()  # the page cache is warm from here on
    seconds = alternate({"gaps": gaps, "imports": imports}, setting.rounds)
    return [
        Figure(
            "process start to the first whole answer, rechain gaps REGION --json", "s", seconds["gaps"],
            "importing numpy, scipy, pydantic, typer", seconds["imports"], (Goal("P13", 1.5, "at most", "value", "s"),),
            "cached snapshot, warm page cache; the goal is for D1",
        )
    ]  # fmt: skip


def _memory(setting: Setting) -> list[Figure]:
    reader = setting.reader
    regions = some_regions(reader)
    told = subprocess.run(
        [sys.executable, "-c", _RSS, setting.url, regions[len(regions) // 2].id, TODAY.isoformat()],
        cwd=ROOT, capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    resident = status_of(told)
    walk, full, links, supplies = adjacency(reader)
    goal = Goal("P14", 32, "at most", "value", "B")
    return [
        Figure("adjacency both ways, bytes a link", "B", Series((walk / links,)), goals=(goal,),
               note=f"all arrays that walking needs, over {links:,} links of all predicates"),
        Figure("the same with value, unit and validity", "B", Series((full / links,)), goals=(goal,)),
        Figure("the same arrays as for walking, over supplies alone", "B", Series((walk / supplies,)),
               note=f"{supplies:,} links; the arrays hold the other facts too"),
        Figure("resident memory after one answer, all", "MB", Series((resident["VmRSS"],)),
               goals=(Goal("P14", 600, "at most", "value", "MB"),), note="the goal is for D1"),
        Figure("of it the process's own", "MB", Series((resident["RssAnon"],)),
               note="the rest is mapped from files and shared between processes"),
    ]  # fmt: skip


def status_of(text: str) -> dict[str, float]:
    """The memory lines of /proc/PID/status in MB."""
    cells = [line.split() for line in text.splitlines()]
    return {row[0].rstrip(":"): int(row[1]) / 1e3 for row in cells if row and row[-1] == "kB"}


def resident_of(pid: int) -> dict[str, float]:
    """The memory of a process in MB."""
    return status_of(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))


def adjacency(reader: Snapshot) -> tuple[int, int, int, int]:
    """Bytes of the arrays that walking needs, the same with value, unit and validity; all links, and supplies."""
    columns, view = arrays_of(reader)
    walking = (
        view.out_starts, view.in_starts, view.in_facts, view.used, view.resolved.facts,
        columns.subject, columns.object, columns.predicate,
    )  # fmt: skip
    more = (columns.value, columns.unit, columns.start, columns.stop)
    rows = view.resolved.facts
    linked = rows[columns.object[rows] >= 0]
    supplies = int(np.count_nonzero(columns.predicate[linked] == PREDICATE_CODES["supplies"]))
    walk = sum(array.nbytes for array in walking)
    return walk, walk + sum(array.nbytes for array in more), len(linked), supplies


def pin(pid: int, core: int) -> None:
    """Keep a process on one core where there is more than one."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(pid, {cores[core % len(cores)]})
