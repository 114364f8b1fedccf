"""What a benchmark runs on: the generated folder, a store loaded from it, a reader of that store; made when used."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from benchmarks.generator import SIZES, generate
from benchmarks.measuring import ROUNDS
from graph.model.dates import AsOf
from graph.readers.opening import Readers, cache_file_of
from graph.readers.snapshot import Snapshot
from graph.stores.opening import open_store
from graph.stores.port import Store
from loaders.loading import load_into

SEED = 1
CHANGED_SEED = 2
BAD = CHANGED = 0.01
# The view that is cached is that of the latest day asked for, and `serve` asks for today.
TODAY = date.today()
WHO, WHEN, DATASET = "benchmark", "2024-12-31T00:00:00Z", "bench"


@dataclass
class Setting:
    """Everything that a benchmark needs to know. `folder` keeps data and stores, so that a second run finds them."""

    size: str
    folder: Path
    rounds: int = ROUNDS
    asked: int = 1_000  # seeded questions a round where a percentile is wanted
    rng_seed: int = field(default=7)

    @cached_property
    def data(self) -> Path:
        """The generated folder; 1 % of the relations are spoilt."""
        folder = self.folder / self.size
        if not (folder / "statuses.csv").exists():  # the last file to be written
            self.say(f"generating {self.size} into {folder}")
            generate(SIZES[self.size], folder, SEED, BAD, CHANGED, CHANGED_SEED)
        return folder

    @property
    def changed(self) -> Path:
        """The same folder with 1 % of the relations changed."""
        return self.data.with_name(f"{self.size}-changed")

    @cached_property
    def store_file(self) -> Path:
        """A store that holds the data; loaded when there is none yet."""
        file = self.folder / f"{self.size}.db"
        if not _holds_something(file):
            self.say(f"loading {self.size} into {file}")
            with self.opened(file) as store:
                load_into(store, [self.data], dataset=DATASET, who=WHO, when=WHEN)
        return file

    @property
    def url(self) -> str:
        return f"sqlite:{self.store_file}"

    @contextmanager
    def opened(self, file: Path) -> Iterator[Store]:
        """A store in a file, closed afterwards."""
        store = open_store(f"sqlite:{file}")
        try:
            yield store
        finally:
            store.close()

    @cached_property
    def store(self) -> Store:
        return open_store(self.url)

    @cached_property
    def reader(self) -> Snapshot:
        """A snapshot of the store, its cache written beside it."""
        self.say("opening the snapshot")
        found = Readers(self.store, cache_file_of(self.store, self.url)).at(AsOf(TODAY))
        assert isinstance(found, Snapshot), "a SQLite store is read through a snapshot"
        return found

    def scratch(self, name: str) -> Path:
        """A file that does not exist, with nothing left of an earlier one."""
        file = self.folder / name
        for suffix in ("", "-wal", "-shm", ".snapshot", ".snapshot.view"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        return file

    def say(self, text: str) -> None:
        """Where it stands, on stderr."""
        print(f"  {text}", file=sys.stderr, flush=True)


def _holds_something(file: Path) -> bool:
    if not file.exists():
        return False
    connection = sqlite3.connect(file)
    try:
        return bool(connection.execute("SELECT count(*) FROM batches").fetchone()[0])
    except sqlite3.Error:
        return False
    finally:
        connection.close()
