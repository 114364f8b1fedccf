"""How the benchmarks measure: alternating rounds, answers compared before a time counts, medians with spread.

A figure is a ratio within one run, because absolute times say more about the machine and its neighbours than about the
program. Sides run A B A B; what they answer is told as a digest, and where digests differ there is no figure.
"""

import json
import math
import os
import platform
import sqlite3
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

ROUNDS = 5
NOISY = 0.10  # coefficient of variation beyond which a figure is marked
_PACKAGES = (
    "numpy",
    "scipy",
    "pydantic",
    "fastapi",
    "starlette",
    "uvicorn",
    "httptools",
    "uvloop",
    "typer",
    "neo4j",
    "duckdb",
)
ROOT = Path(__file__).resolve().parents[1]
T = TypeVar("T")


class AnswersDiffer(Exception):
    """Two sides of a comparison, or two rounds of one side, answered differently: their times compare nothing."""


class Run(NamedTuple):
    """One run of one side: how long it took, and a digest of what it answered."""

    seconds: float
    digest: str


Side = Callable[[], Run]
Clock = Callable[[], float]


@dataclass(frozen=True)
class Series:
    """Samples of one figure, one a round."""

    samples: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.samples)

    @property
    def low(self) -> float:
        return min(self.samples)

    @property
    def high(self) -> float:
        return max(self.samples)

    @property
    def variation(self) -> float:
        """The coefficient of variation: standard deviation / mean; 0 for one sample."""
        mean = statistics.fmean(self.samples)
        return statistics.stdev(self.samples) / abs(mean) if len(self.samples) > 1 and mean else 0.0

    @property
    def is_noisy(self) -> bool:
        return self.variation > NOISY

    def map(self, change: Callable[[float], float]) -> "Series":
        """The same samples in another unit."""
        return Series(tuple(change(sample) for sample in self.samples))


@dataclass(frozen=True)
class Goal:
    """What a figure should be. `of`: the ratio to the peer, or the value itself. `bar`: its number in the research."""

    bar: str
    limit: float
    sense: Literal["at least", "at most"]
    of: Literal["ratio", "value"]
    unit: str = ""

    def is_met(self, value: float) -> bool:
        return value >= self.limit if self.sense == "at least" else value <= self.limit

    @property
    def text(self) -> str:
        sign = "≥" if self.sense == "at least" else "≤"
        unit = "x" if self.of == "ratio" else f" {self.unit}"
        return f"{self.bar}: {sign} {self.limit:,g}{unit.rstrip()}"


@dataclass(frozen=True)
class Figure:
    """One line of the report: ours, the peer beside it, the goals. The ratio is ours / peer, round by round."""

    what: str
    unit: str
    ours: Series
    peer: str = ""
    theirs: Series | None = None
    goals: tuple[Goal, ...] = ()
    note: str = ""

    @property
    def ratio(self) -> Series | None:
        if self.theirs is None:
            return None
        return Series(tuple(a / b for a, b in zip(self.ours.samples, self.theirs.samples, strict=True)))

    def verdicts(self) -> list[str]:
        """`met` or `missed` for each goal."""
        found = []
        for goal in self.goals:
            series = self.ratio if goal.of == "ratio" else self.ours
            if series is None:
                raise ValueError(f"{self.what}: a goal about a ratio needs a peer")
            found.append("met" if goal.is_met(series.median) else "missed")
        return found


class Digest:
    """A digest of an answer told piece by piece."""

    def __init__(self) -> None:
        self._hash = blake2b(digest_size=12)

    def add(self, piece: object) -> "Digest":
        """Bytes as they are, anything else as sorted JSON."""
        if not isinstance(piece, (bytes, bytearray, memoryview)):
            piece = json.dumps(piece, sort_keys=True, ensure_ascii=False, default=list).encode()
        self._hash.update(len(piece).to_bytes(8, "little"))
        self._hash.update(piece)
        return self

    @property
    def text(self) -> str:
        return self._hash.hexdigest()


def digest_of(answer: object) -> str:
    """A digest of one answer."""
    return Digest().add(answer).text


def timed(
    work: Callable[[], T], tell: Callable[[T], object], at_least: float = 0.0, clock: Clock = time.perf_counter
) -> Side:
    """A side that runs `work`, often enough that a sample takes `at_least` seconds, and tells its last answer.

    How often is found once, in a run whose time does not count. `time.thread_time` as the clock leaves out what other
    programs take from the machine.
    """
    times = 0

    def side() -> Run:
        nonlocal times
        if not times:
            started = clock()
            work()
            once = clock() - started
            times = max(1, math.ceil(at_least / max(once, 1e-6))) if at_least else 1
        started = clock()
        for _ in range(times):
            answer = work()
        taken = (clock() - started) / times
        return Run(taken, digest_of(tell(answer)))

    return side


def alternate(sides: Mapping[str, Side], rounds: int = ROUNDS) -> dict[str, Series]:
    """The seconds of each side over alternating rounds; raises AnswersDiffer unless all answered the same always."""
    runs: dict[str, list[Run]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            runs[name].append(side())
    return judged(runs)


def judged(runs: Mapping[str, Sequence[Run]]) -> dict[str, Series]:
    """The seconds of each side; raises AnswersDiffer unless all answered the same always."""
    require_same({f"{name}, round {n}": run.digest for name, of in runs.items() for n, run in enumerate(of, 1)})
    return {name: Series(tuple(run.seconds for run in of)) for name, of in runs.items()}


def require_same(digests: Mapping[str, str]) -> None:
    """Raise AnswersDiffer, naming who answered what, unless all digests are one."""
    if len(set(digests.values())) > 1:
        told = ", ".join(f"{who} {digest}" for who, digest in digests.items())
        raise AnswersDiffer(f"No time counts, because the answers differ: {told}")


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that so large a share of all samples does not exceed (nearest rank)."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


# Reports


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = [
        "| what | rechain | compared with | ratio | goal | |",
        "|---|---|---|---|---|---|",
    ]
    for figure in figures:
        ratio = figure.ratio
        cells = (
            figure.what + (f" ({figure.note})" if figure.note else ""),
            _said(figure.ours, figure.unit),
            f"{figure.peer}: {_said(figure.theirs, figure.unit)}" if figure.theirs else "",
            _said(ratio, "x") if ratio else "",
            "; ".join(goal.text for goal in figure.goals),
            "; ".join(f"**{word}**" if word == "missed" else word for word in figure.verdicts()),
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _said(series: Series, unit: str) -> str:
    """`12.3 ms (11.9-14.0)`, with `noisy` where the samples vary too much."""
    median = f"{_number(series.median)}{unit if unit == 'x' else ' ' + unit}"
    if len(series.samples) == 1:
        return median
    spread = f"{_number(series.low)}-{_number(series.high)}"
    return f"{median} ({spread}{', noisy' if series.is_noisy else ''})"


def _number(value: float) -> str:
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.{2 - math.floor(math.log10(abs(value)))}f}" if abs(value) < 10 else f"{value:.1f}"


def write_between(path: Path, name: str, text: str) -> None:
    """Put text between the markers of that name in a file; the markers come to its end where it has none."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    if begin not in old or end not in old:
        old += f"\n{begin}\n{end}\n"
    head, _, rest = old.partition(begin)
    tail = rest.partition(end)[2]
    path.write_text(f"{head}{begin}\n{text.strip()}\n{end}{tail}", encoding="utf-8")


def figures_to_json(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """The figures with their raw samples."""
    return [asdict(figure) for figure in figures]


def figures_from_json(told: Sequence[Mapping[str, Any]]) -> list[Figure]:
    """What `figures_to_json` made."""

    def series(samples: Mapping[str, Any] | None) -> Series | None:
        return None if samples is None else Series(tuple(samples["samples"]))

    return [
        Figure(
            one["what"], one["unit"], Series(tuple(one["ours"]["samples"])), one["peer"], series(one["theirs"]),
            tuple(Goal(**goal) for goal in one["goals"]), one["note"],
        )
        for one in told
    ]  # fmt: skip


def machine() -> dict[str, Any]:
    """What it ran on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ""
    )
    return {
        "cpu": cpu or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "load_average": [round(load, 1) for load in os.getloadavg()],
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "packages": {name: found for name in _PACKAGES if (found := _version(name))},
        "commit": _commit(),
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return told.stdout.strip()
