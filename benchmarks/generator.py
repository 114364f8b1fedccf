"""Factsheet files of any size from a seed: `python benchmarks/generator.py G200k OUTDIR --seed 1`.

The same size, seed and numpy version give the same bytes. Beside OUTDIR come, when asked for, `OUTDIR-bad.csv` (which
rows of relations.csv were spoilt with --bad, and how) and the folder `OUTDIR-changed` (the same facts, but another
value in a share of the relations).
"""

import argparse
import csv
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

if not __package__:  # Run as a file: Python then looks for modules beside it only.
    sys.path[0] = str(Path(__file__).resolve().parents[1])
from benchmarks.dataset import Dataset, build
from benchmarks.sheets import RELATION, Ints, write_sheet
from benchmarks.world import Size

SIZES: dict[str, Size] = {
    "G200k": Size(
        enterprises=200_000, products=5_000, regions=3_000, produces=600_000, supplies=1_000_000, owns=20_000,
        consumes=20_000, projects=2_000, processes=6_000, institutions=300, policies=100,
    ),
    # A tenth of it.
    "G20k": Size(
        enterprises=20_000, products=1_000, regions=600, produces=60_000, supplies=100_000, owns=2_000,
        consumes=2_000, projects=200, processes=1_200, institutions=30, policies=10,
    ),
    # 5,000,000 rows of relations.csv in all.
    "D1": Size(
        enterprises=1_000_000, products=2_000, regions=400, produces=1_400_000, supplies=2_377_108, owns=100_000,
        consumes=100_000, projects=10_000, processes=2_400, institutions=1_000, policies=200,
    ),
    # A chain of 1,000 products, rich in recipes.
    "R1k": Size(
        enterprises=20_000, products=1_000, regions=400, produces=40_000, supplies=60_000, owns=2_000,
        consumes=2_000, projects=500, processes=2_500, institutions=50, policies=20,
    ),
    # 10,000 rows of relations.csv in all.
    "tiny10k": Size(
        enterprises=1_500, products=200, regions=60, produces=3_000, supplies=5_012, owns=150, consumes=150,
        projects=30, processes=240, institutions=10, policies=5,
    ),
}  # fmt: skip
# What spoils a row: the column it is in and texts that stand there. Each makes its row a reject, whatever else it says.
BAD: dict[str, tuple[str, tuple[str, ...]]] = {
    "bad number": ("value", ("about 300", "1.2.3", "三千吨", "12k", "10 to 20")),
    "unknown predicate": ("predicate", ("makes", "suplies", "produce", "生产")),
    "missing source": ("source_id", ("",)),
    "bad date": ("as_of", ("2021-13", "2021-02-30", "21/06/2021", "last year", "202")),
}


class BadRow(NamedTuple):
    """A spoilt row. `row` counts as a spreadsheet does: the header is row 1."""

    file: str
    row: int
    column: str
    value: str
    kind: str


def spoil(dataset: Dataset, share: float, seed: int) -> list[BadRow]:
    """Spoil that share of the relations in place, claims about enterprises only; returns them in row order."""
    _check_share(share)
    rng = np.random.default_rng((seed, 1))
    relations, cells = dataset.sheets["relations"], dataset.cells
    valued = np.flatnonzero(relations[:, RELATION["value"]])
    entities = dataset.sheets["entities"]
    firms = entities[entities[:, 1] == cells.code("enterprise"), 0]
    # Rows are sorted by subject and enterprises come first.
    ents = int(np.searchsorted(relations[:, 0], firms[-1], side="right"))
    wanted = round(share * len(relations))
    numbers = rng.choice(valued[valued < ents], wanted // len(BAD), replace=False)
    others = rng.choice(np.setdiff1d(np.arange(ents), numbers), wanted - len(numbers), replace=False)
    found: list[BadRow] = []
    for place, row in enumerate([*numbers.tolist(), *others.tolist()]):
        kind = "bad number" if place < len(numbers) else list(BAD)[1 + place % (len(BAD) - 1)]
        column, texts = BAD[kind]
        text = texts[int(rng.integers(len(texts)))]
        relations[row, RELATION[column]] = cells.code(text)
        found.append(BadRow("relations.csv", row + 2, column, text, kind))
    return sorted(found)


def change(dataset: Dataset, share: float, seed: int, spare: Sequence[BadRow] = ()) -> int:
    """Give another value to that share of the relations in place, among those that have one; returns how many."""
    _check_share(share)
    rng = np.random.default_rng((seed, 2))
    values = dataset.sheets["relations"][:, RELATION["value"]]
    valued = np.setdiff1d(np.flatnonzero(values), np.array([bad.row - 2 for bad in spare], dtype=np.int64))
    wanted = round(share * len(values))
    if wanted > len(valued):
        most = len(valued) / len(values)
        raise ValueError(f"only {len(valued)} of {len(values)} relations have a value; take a share up to {most:.2f}")
    chosen: Ints = rng.choice(valued, wanted, replace=False)
    values[chosen] = dataset.cells.others(rng, values[chosen].astype(np.int64))
    return wanted


def write(dataset: Dataset, folder: Path) -> dict[str, int]:
    """Write all sheets into the folder; returns the number of rows of each."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = dataset.cells.texts()
    for sheet, matrix in dataset.sheets.items():
        write_sheet(folder, sheet, matrix, texts)
    return {sheet: len(matrix) for sheet, matrix in dataset.sheets.items()}


def write_manifest(path: Path, rows: Sequence[BadRow]) -> None:
    """The spoilt rows as CSV: file, row, column, value, kind."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(BadRow._fields)
        writer.writerows(rows)


def generate(
    size: Size, folder: Path, seed: int = 1, bad: float = 0, changed: float = 0, seed2: int = 2
) -> dict[str, int]:
    """Write the folder and, beside it, manifest and changed folder where asked for; returns the rows of each sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    dataset = build(size, seed)
    spoilt = spoil(dataset, bad, seed) if bad else []
    if bad:
        write_manifest(folder.with_name(f"{folder.name}-bad.csv"), spoilt)
    counts = write(dataset, folder)
    if changed:
        change(dataset, changed, seed2, spoilt)
        write(dataset, folder.with_name(f"{folder.name}-changed"))
    return counts


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write made-up factsheet files from a seed.")
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bad", type=float, default=0, metavar="FRACTION", help="spoil this share of the relations")
    parser.add_argument("--changed", type=float, default=0, metavar="FRACTION", help="also write FOLDER-changed")
    parser.add_argument("--seed2", type=int, default=2, help="seed of the changes")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        counts = generate(
            SIZES[options.size], options.folder, options.seed, options.bad, options.changed, options.seed2
        )
    except ValueError as error:
        parser.error(str(error))
    for sheet, count in counts.items():
        print(f"{sheet:18} {count:>10,} rows {(options.folder / f'{sheet}.csv').stat().st_size / 1e6:>9.1f} MB")
    print(f"{options.folder} written in {time.perf_counter() - started:.1f} s")


def _check_share(share: float) -> None:
    if not 0 <= share <= 0.5:
        raise ValueError(f"{share} is not a share between 0 and 0.5")


if __name__ == "__main__":
    main()
