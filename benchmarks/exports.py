"""Exports of all supplies of the graph beside the fastest plain writer of the same bytes, and what they hold in memory.

The peer has its rows ready in memory; ours reads, resolves and labels them. A format is one line in CASES.
"""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from hashlib import blake2b
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from lxml import etree

from benchmarks.measuring import ROOT, Figure, Goal, Run, Series, alternate
from benchmarks.setting import TODAY, Setting
from graph.export.formats import FORMATS
from graph.model.subgraph import Subgraph
from graph.readers.snapshot import Snapshot
from queries.lookup.subgraph import SubgraphParams, subgraph_of

_ASKED = SubgraphParams(kind=("enterprise",), predicate=("supplies",), hops=1, most=1_000_000)
_ROUNDS = 3
# A child that exports and tells how much more private memory it had at most than with the snapshot alone, in MB.
_MEMORY = """
import ctypes, gc, sys, threading
from datetime import date
from pathlib import Path
from benchmarks import exports
from graph.model.dates import AsOf
from graph.readers.opening import Readers, cache_file_of
from graph.stores.opening import open_store
url, folder, name, day = sys.argv[1:]
def held():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1]) / 1000
store = open_store(url)
reader = Readers(store, cache_file_of(store, url)).at(AsOf(date.fromisoformat(day)))
reader.facts(reader.ids(("region",))[:1])
# What building the snapshot needed and gave back is not to hide what the export takes.
gc.collect()
ctypes.CDLL(None).malloc_trim(0)
before, peak, done = held(), 0.0, threading.Event()
def watch():
    global peak
    while not done.wait(0.02):
        peak = max(peak, held())
watching = threading.Thread(target=watch)
watching.start()
exports.write(exports.graph_of(reader), name, Path(folder))
done.set()
watching.join()
print(max(peak, held()) - before)
"""
# Quads are ready so many at a time: as objects they take 500 bytes each, and a million relations give 20 million.
_QUADS = 500_000


class Paused(NamedTuple):
    """Seconds, and those of the processor, in which something was made ready and nothing written."""

    wall: float = 0.0
    work: float = 0.0


# Writes the files of a format again into a folder, from rows it has made ready.
Plain = Callable[[Path], Paused | None]


class Case(NamedTuple):
    """A format and its peer: `ready` reads the files of a folder and gives what writes the same again."""

    format: str
    peer: str
    ready: Callable[[Path], Plain]


def graph_of(reader: Snapshot) -> Subgraph:
    """What is exported: every enterprise and every supply."""
    return subgraph_of(reader, _ASKED)


def write(subgraph: Subgraph, name: str, folder: Path) -> None:
    """One export."""

    @contextmanager
    def open_file(file: str) -> Iterator[BinaryIO]:
        with (folder / file).open("wb") as opened:
            yield opened

    FORMATS[name].write(subgraph, open_file, "zh")


def run(setting: Setting) -> list[Figure]:
    """Each format in turns with its peer, then its memory in a process of its own."""
    subgraph = graph_of(setting.reader)
    note = f"{subgraph.size.nodes:,} nodes, {subgraph.size.links:,} relations"
    return [figure for case in CASES for figure in _figures(setting, subgraph, case, note)]


def _figures(setting: Setting, subgraph: Subgraph, case: Case, note: str) -> list[Figure]:
    folder, again = (setting.folder / f"export-{part}" for part in ("ours", "peer"))
    for one in (folder, again):
        one.mkdir(exist_ok=True)
    setting.say(f"{case.format}, {note}")
    write(subgraph, case.format, folder)
    files = FORMATS[case.format].files
    ours = _Side(lambda: write(subgraph, case.format, folder), folder, files)
    peer = _Side(partial(case.ready(folder), again), again, files)
    seconds = alternate({"ours": ours, "peer": peer}, min(setting.rounds, _ROUNDS))
    size = sum((folder / file).stat().st_size for file in files) / 1e6
    wall = {name: taken.map(lambda s: size / s) for name, taken in seconds.items()}
    work = {name: Series(tuple(size / s for s in one.worked)) for name, one in (("ours", ours), ("peer", peer))}
    goal = Goal("exports", 0.5, "at least", "ratio")
    memory = Series((_memory(setting, case.format, folder),))
    most = Goal("exports", 200, "at most", "value", "MB")
    return [
        Figure(case.format, "MB/s", wall["ours"], case.peer, wall["peer"], (goal,), f"{note}, {size:,.0f} MB"),
        Figure(f"{case.format}, in processor time", "MB/s", work["ours"], case.peer, work["peer"], (goal,)),
        Figure(f"{case.format}, private memory above the snapshot, at most", "MB", memory, goals=(most,)),
    ]


class _Side:
    """Writes, and remembers how much processor time that took."""

    def __init__(self, work: Callable[[], Paused | None], folder: Path, files: Sequence[str]) -> None:
        self._work = work
        self._folder = folder
        self._files = files
        self.worked: list[float] = []

    def __call__(self) -> Run:
        started, working = time.perf_counter(), time.process_time()
        paused = self._work() or Paused()
        taken = time.perf_counter() - started - paused.wall
        self.worked.append(time.process_time() - working - paused.work)
        return Run(taken, _digest(self._folder, self._files))


def _memory(setting: Setting, name: str, folder: Path) -> float:
    done = subprocess.run(
        [sys.executable, "-c", _MEMORY, setting.url, str(folder), name, TODAY.isoformat()],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(done.stdout)


def _digest(folder: Path, files: Sequence[str]) -> str:
    """Of the bytes, but for what a library words in its own way.

    lxml writes the first line of XML with the other kind of quotes; pyarrow orders the words about the columns, at the
    end of a Parquet file, as it likes.
    """
    digest = blake2b(digest_size=12)
    for name in files:
        file = folder / name
        left = file.stat().st_size
        with file.open("rb") as opened:
            if file.suffix == ".parquet":
                opened.seek(-8, os.SEEK_END)
                left -= 8 + int.from_bytes(opened.read(4), "little")
                opened.seek(0)
            else:
                first = opened.readline()
                left -= len(first)
                digest.update(first.replace(b"'", b'"'))
            while piece := opened.read(min(left, 1 << 20)):
                left -= len(piece)
                digest.update(piece)
    return digest.hexdigest()


def _csv_ready(folder: Path) -> Plain:
    known: dict[str, object] = {"": None}

    def cell(text: str) -> object:
        """Numbers as numbers, and equal cells as one object: so had it who made the rows."""
        if text not in known:
            known[text] = _number(text)
        return known[text]

    sheets = {}
    for name in FORMATS["gephi-csv"].files:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            sheets[name] = [[cell(text) for text in row] for row in csv.reader(file)]

    def plain(place: Path) -> None:
        for name, rows in sheets.items():
            with (place / name).open("wb") as file, TextIOWrapper(file, "utf-8", newline="") as text:
                csv.writer(text).writerows(rows)

    return plain


def _parquet_ready(folder: Path) -> Plain:
    """Row groups as they were, each as one batch of columns."""
    import pyarrow.parquet as pq

    tables = []
    for name in FORMATS["parquet"].files:
        file = pq.ParquetFile(folder / name)
        groups = [file.read_row_group(at).combine_chunks().to_batches() for at in range(file.num_row_groups)]
        tables.append((name, file.schema_arrow, [batch for group in groups for batch in group]))

    def plain(place: Path) -> None:
        for name, schema, batches in tables:
            with pq.ParquetWriter(place / name, schema, compression="zstd") as writer:
                for batch in batches:
                    writer.write_batch(batch, row_group_size=max(1, len(batch)))

    return plain


def _nquads_ready(folder: Path) -> Plain:
    """Quads as objects; reading them back from the file is not counted."""
    import pyoxigraph as ox

    def plain(place: Path) -> Paused:
        wall = work = 0.0
        with (folder / "graph.nq").open("rb") as source, (place / "graph.nq").open("wb") as file:
            quads = ox.parse(source, ox.RdfFormat.N_QUADS)
            while True:
                started, working = time.perf_counter(), time.process_time()
                some = list(islice(quads, _QUADS))
                wall += time.perf_counter() - started
                work += time.process_time() - working
                if not some:
                    return Paused(wall, work)
                ox.serialize(some, file, ox.RdfFormat.N_QUADS)

    return plain


def _number(text: str) -> object:
    try:
        number = float(text) if "." in text or "e" in text else int(text)
    except ValueError:
        return text
    return number if repr(number) == text else text


def _graphml_ready(folder: Path) -> Plain:
    """lxml's fastest way: an element with its children at a time, in the order of the file."""
    space = "{http://graphml.graphdrawing.org/xmlns}"
    known: dict[str, str] = {}
    head: dict[str, str] = {}
    before: list[tuple[str, dict[str, str], str | None]] = []
    rows: list[tuple[str, dict[str, str], list[tuple[str, str]]]] = []
    graph: dict[str, str] = {}
    names: dict[str | None, str] = {}
    for event, one in etree.iterparse(folder / "graph.graphml", events=("start", "end")):
        tag = one.tag.removeprefix(space)
        if event == "start":
            if tag == "graphml":
                head, names = dict(one.attrib), dict(one.nsmap)
            elif tag == "graph":
                graph = dict(one.attrib)
            continue
        if tag == "key" or (tag == "data" and one.getparent().tag == f"{space}graph"):
            before.append((tag, dict(one.attrib), one.text))
        elif tag in ("node", "edge"):
            data = [(known.setdefault(part.get("key"), part.get("key")), part.text or "") for part in one]
            rows.append((tag, dict(one.attrib), [(key, known.setdefault(text, text)) for key, text in data]))
            one.clear()
            while one.getprevious() is not None:
                del one.getparent()[0]

    def plain(place: Path) -> None:
        with (place / "graph.graphml").open("wb") as opened, etree.xmlfile(opened, encoding="UTF-8") as file:
            file.write_declaration()
            with file.element("graphml", head, nsmap=names):
                file.write("\n")
                for tag, attributes, _ in before:
                    if tag == "key":
                        _write(file, etree.Element(tag, attributes))
                with file.element("graph", graph):
                    file.write("\n")
                    for tag, attributes, text in before:
                        if tag == "data":
                            one = etree.Element(tag, attributes)
                            one.text = text
                            _write(file, one)
                    for tag, attributes, data in rows:
                        one = etree.Element(tag, attributes)
                        for key, text in data:
                            etree.SubElement(one, "data", key=key).text = text
                        _write(file, one)
                file.write("\n")
        with (place / "graph.graphml").open("ab") as opened:
            opened.write(b"\n")

    return plain


def _write(file: Any, one: Any) -> None:
    one.tail = "\n"
    file.write(one, with_tail=True)


CASES = (
    Case("graphml", "lxml.xmlfile, the same rows ready in memory", _graphml_ready),
    Case("gephi-csv", "csv.writer, the same rows ready in memory", _csv_ready),
    Case("parquet", "pyarrow, the same batches ready in memory", _parquet_ready),
    Case("nquads", "pyoxigraph.serialize, the same quads ready in memory", _nquads_ready),
)
