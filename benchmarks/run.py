"""Run the benchmarks: `python -m benchmarks.run [--size G200k] [--only NAME...] [--folder DIR]`.

Each family of figures writes its raw samples to benchmarks/results/SIZE-NAME.json; the table in docs/benchmarks.md is
made from the newest of each. A family whose answers differ from its peer's gives no figure and fails the run.
"""

import argparse
import importlib
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.generator import SIZES
from benchmarks.measuring import (
    ROOT,
    ROUNDS,
    AnswersDiffer,
    figures_from_json,
    figures_to_json,
    machine,
    table,
    write_between,
)
from benchmarks.setting import BAD, CHANGED, CHANGED_SEED, SEED, TODAY, Setting

# In the order of running: the module, and what its part of the report is called.
FAMILIES: dict[str, str] = {
    "load": "Loading",
    "cold_start": "Snapshot, cold start, memory",
    "chain_gaps": "Gaps in process",
    "what_if": "What-if in process",
    "targets": "Targets in process",
    "critical": "Critical enterprises and products in process",
    "balance": "Mass balance in process",
    "over_http": "Gaps over HTTP",
    "tiers": "Suppliers by tiers",
    "names_search": "Search on a million names",
    "neo4j_load": "Loading into Neo4j",
    "neo4j_questions": "Neo4j: questions beside hand-written Cypher",
    "exports": "Exports",
    "all_regions": "All regions at once, beside DuckDB",
}
RESULTS = ROOT / "benchmarks" / "results"
REPORT = ROOT / "docs" / "benchmarks.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 1 when the answers of any family differed."""
    parser = argparse.ArgumentParser(description="Measure rechain beside what it is compared with.")
    parser.add_argument("--size", choices=SIZES, default="G200k")
    parser.add_argument("--only", nargs="+", choices=FAMILIES, default=list(FAMILIES), metavar="NAME")
    parser.add_argument("--folder", type=Path, help="keeps data and stores between runs; default: a temporary one")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--asked", type=int, default=1_000, help="questions a round where a percentile is told")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--report", type=Path, default=REPORT)
    options = parser.parse_args(arguments)
    if options.rounds < 1 or options.asked < 1:
        parser.error("--rounds and --asked are 1 or more")
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
        return run(options, options.folder.resolve())
    with tempfile.TemporaryDirectory(prefix="rechain-bench-") as folder:
        return run(options, Path(folder))


def run(options: argparse.Namespace, folder: Path) -> int:
    """Run the families asked for and write what they found; 1 when any answers differed."""
    setting = Setting(options.size, folder, options.rounds, options.asked)
    failed = 0
    for name in options.only:
        print(f"{FAMILIES[name]} ({options.size})", file=sys.stderr, flush=True)
        before, started = machine(), time.perf_counter()
        try:
            figures = importlib.import_module(f"benchmarks.{name}").run(setting)
        except AnswersDiffer as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed = 1
            continue
        result = {
            "family": name, "size": options.size, "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(time.perf_counter() - started, 1), "rounds": options.rounds, "asked": options.asked,
            "seeds": {"data": SEED, "changes": CHANGED_SEED, "questions": setting.rng_seed},
            "bad": BAD, "changed": CHANGED, "as_of": TODAY.isoformat(),
            "machine": before, "load_average_after": machine()["load_average"], "figures": figures_to_json(figures),
        }  # fmt: skip
        options.results.mkdir(parents=True, exist_ok=True)
        file = options.results / f"{options.size}-{name}.json"
        file.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
        print(f"\n### {FAMILIES[name]}\n\n{table(figures)}", flush=True)
    write_between(options.report, f"results of {options.size}", report(options.size, options.results))
    write_between(options.report, "Cypher texts", cypher_texts())
    return failed


def report(size: str, results: Path) -> str:
    """The newest results of all families of a size as Markdown."""
    found = [results / f"{size}-{name}.json" for name in FAMILIES]
    told: list[dict[str, Any]] = [json.loads(file.read_text(encoding="utf-8")) for file in found if file.exists()]
    parts = []
    for result in told:
        on = result["machine"]
        parts.append(
            f"### {FAMILIES[result['family']]}\n\n"
            f"{result['at']}, commit {on['commit']}, {result['rounds']} rounds, load average before"
            f" {on['load_average'][0]} and after {result['load_average_after'][0]} on {on['cores']} cores.\n\n"
            + table(figures_from_json(result["figures"]))
        )
    if told:
        on, seeds = told[-1]["machine"], told[-1]["seeds"]
        packages = ", ".join(f"{name} {version}" for name, version in on["packages"].items())
        parts.append(
            f"Machine: {on['cpu']}, {on['cores']} cores, {on['memory_gb']} GB, {on['system']}; Python {on['python']},"
            f" SQLite {on['sqlite']}, {packages}. Seeds: "
            + ", ".join(f"{name} {seed}" for name, seed in seeds.items())
            + ".\n"
        )
    return "\n".join(parts)


def cypher_texts() -> str:
    """The hand-written statements that questions are compared with, as Markdown."""
    files = sorted((ROOT / "benchmarks" / "cypher").glob("*.cypher"))
    return "\n\n".join(f"`{file.name}`\n\n```cypher\n{file.read_text(encoding='utf-8').strip()}\n```" for file in files)


if __name__ == "__main__":
    sys.exit(main())
