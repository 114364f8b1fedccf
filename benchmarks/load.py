"""Loading: a validated load with claims and rejects beside bare executemany of the rows it writes; a changed reload."""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import Digest, Figure, Goal, Run, Series, judged, require_same
from benchmarks.setting import DATASET, WHEN, WHO, Setting
from graph.stores.sqlite_names import pair_words, start_words
from graph.stores.sqlite_schema import INDEXES, prepare
from loaders.loading import load_into
from loaders.report import LoadReport

_CHUNK = 50_000
_PAGE = 4096
# The rows of the name index are told again from the claims: an index without content does not give them back.
_NAMES = (
    "SELECT names.row, c.value, f.predicate, c.subject FROM names JOIN claims AS c ON c.n = names.claim"
    " JOIN frames AS f ON f.n = c.frame ORDER BY names.row"
)
_TABLES = ("store", "batches", "carried", "sources", "frames", "claims", "names")
_PROBES = ('"有限"', '"科技"', '"材料"')


def run(setting: Setting) -> list[Figure]:
    """Full load, bare load, reload with 1 % changed, in turn."""
    rows = sum(_rows_of(file) for file in sorted(setting.data.glob("*.csv")))
    full, bare, late = (setting.scratch(f"{setting.size}-{name}.db") for name in ("full", "bare", "late"))
    kept = setting.folder / f"{setting.size}.db"
    reloads: list[float] = []
    processor: dict[str, list[float]] = {"validated": [], bare.name: [], late.name: [], "reload": []}
    untouched: list[float] = []
    pages: list[float] = []
    reports: list[LoadReport] = []

    def validated() -> Run:
        setting.scratch(full.name)
        with setting.opened(full) as store:
            clocks = _Clocks()
            report = load_into(store, [setting.data], dataset=DATASET, who=WHO, when=WHEN)
            taken, worked = clocks.since()
        processor["validated"].append(worked)
        reports.append(report)
        if not kept.exists():  # the other benchmarks read from it
            with closing(sqlite3.connect(full)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copy(full, kept)
        setting.say(f"load {taken:.1f} s, {report.added:,} claims, {report.rejected:,} rejected")
        return Run(taken, _digest(full))

    def executed(file: Path, *, indexes_last: bool) -> Callable[[], Run]:
        def side() -> Run:
            setting.scratch(file.name)
            taken, worked = _copy(full, file, indexes_last=indexes_last)
            processor[file.name].append(worked)
            setting.say(f"executemany {taken:.1f} s")
            return Run(taken, _digest(file))

        return side

    def reloaded() -> None:
        """What it says is another thing than what the other sides say; see _compare_reload."""
        copied = setting.scratch(f"{setting.size}-before.db") if not pages else None
        if copied:
            shutil.copy(full, copied)
        before = _statuses(full)
        with setting.opened(full) as store:
            clocks = _Clocks()
            report = load_into(store, [setting.changed], dataset=DATASET, replace=True, who=WHO, when=WHEN)
            taken, worked = clocks.since()
        processor["reload"].append(worked)
        reloads.append(taken)
        setting.say(f"reload {taken:.1f} s, {report.added:,} added, {report.retracted:,} retracted")
        after = _statuses(full)[: len(before)]
        untouched.append(float((before != after).any(axis=1).sum() - report.retracted - report.restored))
        if copied:
            pages.append(_pages_changed(copied, full))
            copied.unlink()

    sides = {
        "validated": validated,
        "executemany": executed(bare, indexes_last=False),
        "executemany, indexes last": executed(late, indexes_last=True),
    }
    runs: dict[str, list[Run]] = {name: [] for name in sides}
    for _ in range(setting.rounds):
        for name, side in sides.items():
            runs[name].append(side())
        reloaded()
    seconds = judged(runs)
    setting.say("comparing the reload with a load of the changed folder from nothing")
    _compare_reload(setting, full)
    for file in (full, bare, late):
        setting.scratch(file.name)

    spent = {name: Series(tuple(of)) for name, of in processor.items()}
    load, claims = seconds["validated"], reports[0].added
    note = f"{rows:,} rows, {claims:,} claims, {reports[0].rejected:,} rejected"
    return [
        Figure(
            "validated load", "rows/s", load.map(lambda s: rows / s), "executemany, indexes kept up",
            seconds["executemany"].map(lambda s: rows / s),
            (Goal("P9", 0.4, "at least", "ratio"), Goal("P9", 100_000, "at least", "value", "rows/s")), note,
        ),
        Figure(
            "validated load, the same runs", "rows/s", load.map(lambda s: rows / s), "executemany, indexes built last",
            seconds["executemany, indexes last"].map(lambda s: rows / s), (), "a harder peer than the goal's",
        ),
        Figure(
            "validated load in processor time", "s", spent["validated"], "executemany, indexes kept up",
            spent[bare.name], note="seconds, so a ratio of 2.5 is a rate of 0.4",
        ),
        Figure("reload in processor time", "s", spent["reload"], "full load", spent["validated"]),
        Figure("validated load in claims", "claims/s", load.map(lambda s: claims / s)),
        Figure(
            "reload with 1 % of the relations changed: times faster", "/s", Series(tuple(reloads)).map(lambda s: 1 / s),
            "full load", load.map(lambda s: 1 / s), (Goal("P11", 20, "at least", "ratio"),), "loads a second",
        ),
        Figure(
            "reload: unchanged claims rewritten", "claims", Series(tuple(untouched)),
            goals=(Goal("P11", 0, "at most", "value", "claims"),),
        ),
        Figure("reload: share of the file's pages that changed", "%", Series(tuple(pages))),
    ]  # fmt: skip


def _compare_reload(setting: Setting, reloaded: Path) -> None:
    file = setting.scratch(f"{setting.size}-again.db")
    with setting.opened(file) as store:
        load_into(store, [setting.changed], dataset=DATASET, who=WHO, when=WHEN)
    fresh, again = _accepted(file), _accepted(reloaded)
    setting.scratch(file.name)
    require_same({"loaded from nothing": fresh, "reloaded": again})


def _rows_of(file: Path) -> int:
    with file.open("rb") as opened:
        return sum(block.count(b"\n") for block in iter(lambda: opened.read(1 << 20), b"")) - 1


def _chunks(cursor: sqlite3.Cursor) -> Iterator[list[tuple[Any, ...]]]:
    while rows := cursor.fetchmany(_CHUNK):
        yield rows


class _Clocks:
    """Seconds on the wall and of the processor, all threads, since it was made."""

    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def since(self) -> tuple[float, float]:
        return time.perf_counter() - self._wall, time.process_time() - self._processor


def _copy(source: Path, target: Path, *, indexes_last: bool) -> tuple[float, float]:
    """Seconds and processor seconds of executemany and COMMIT for all rows of a store; reading them is not counted."""
    taken = worked = 0.0
    with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(target, isolation_level=None)) as into:
        prepare(into, str(target))
        for pragma in ("synchronous = FULL", "cache_size = -131072", "threads = 2"):  # as the store has them
            into.execute(f"PRAGMA {pragma}")
        into.execute("BEGIN IMMEDIATE")
        into.execute("DELETE FROM store")

        def execute(statement: str, rows: Sequence[tuple[Any, ...]] = ((),)) -> None:
            nonlocal taken, worked
            clocks = _Clocks()
            into.executemany(statement, rows)
            wall, processor = clocks.since()
            taken, worked = taken + wall, worked + processor

        if indexes_last:
            for name in INDEXES:
                execute(f"DROP INDEX {name}")
        for table in _TABLES:
            cursor = origin.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own table names
            marks = ",".join("?" * len(cursor.description))
            for rows in _chunks(cursor):
                # Bytes bind slowly, bytearrays fast; the raw side gets what the driver likes best.
                ready = [tuple(bytearray(v) if v.__class__ is bytes else v for v in row) for row in rows]
                execute(f"INSERT INTO {table} VALUES ({marks})", ready)  # noqa: S608 - as above
        for rows in _chunks(origin.execute(_NAMES)):
            pairs = [(row, pair_words(name, node)) for row, name, _, node in rows]
            starts = [(row, start_words(name, predicate, node)) for row, name, predicate, node in rows]
            execute("INSERT INTO pairs(rowid, tokens) VALUES (?, ?)", pairs)
            execute("INSERT INTO starts(rowid, tokens) VALUES (?, ?)", starts)
        if indexes_last:
            for index in INDEXES.values():
                execute(index)
        clocks = _Clocks()
        into.execute("COMMIT")
        wall, processor = clocks.since()
    return taken + wall, worked + processor


def _digest(file: Path) -> str:
    """What a store says, whoever wrote it: all claims and sources, the name index by samples."""
    digest = Digest()
    with closing(sqlite3.connect(file)) as connection:
        # The id tells all of a claim but its note.
        for rows in _chunks(connection.execute("SELECT id, status, length(note) FROM claims ORDER BY n")):
            ids, *others = zip(*rows, strict=True)
            digest.add(b"".join(ids)).add(np.array(others, np.int64).tobytes())
        digest.add(connection.execute("SELECT * FROM sources ORDER BY n").fetchall())
        for probe in _PROBES:
            (found,) = connection.execute("SELECT count(*) FROM pairs WHERE pairs MATCH ?", (probe,)).fetchone()
            digest.add(found)
        digest.add(connection.execute("SELECT count(*) FROM names").fetchone()[0])
        digest.add(sorted(row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")))
    return digest.text


def _accepted(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        digest = Digest()
        for rows in _chunks(connection.execute("SELECT id FROM claims WHERE status = 1 ORDER BY id")):
            digest.add(b"".join(row[0] for row in rows))
        return digest.text


def _statuses(file: Path) -> NDArray[np.int64]:
    """Status and revision of the last change of every claim in the order they came."""
    with closing(sqlite3.connect(file)) as connection:
        flat = (
            v for row in connection.execute("SELECT status, coalesce(changed, 0) FROM claims ORDER BY n") for v in row
        )
        return np.fromiter(flat, np.int64).reshape(-1, 2)


def _pages_changed(before: Path, after: Path) -> float:
    """Percent of the pages of the file before that say something else now, or are new."""
    old, new = (np.memmap(file, np.uint8, "r")[: file.stat().st_size // _PAGE * _PAGE] for file in (before, after))
    common, changed = min(len(old), len(new)), 0
    for at in range(0, common, _PAGE * 4096):
        span = slice(at, min(at + _PAGE * 4096, common))
        differs = (old[span] != new[span]).reshape(-1, _PAGE).any(axis=1)
        changed += int(differs.sum())
    return 100 * (changed + (len(new) - common) // _PAGE) / (len(old) // _PAGE)
