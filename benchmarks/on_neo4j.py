"""A real Neo4j beside the benchmarks: a server of its own in the folder of the setting, and bare statements to it."""

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import neo4j

from benchmarks.measuring import ROOT
from benchmarks.setting import DATASET, WHEN, WHO, Setting
from graph.stores.neo4j import Address, Neo4jStore
from loaders.loading import load_into
from tests.servers.neo4j_server import Neo4jServer

# Room for the whole store of G200k in memory, as a peer deserves.
HEAP, PAGECACHE = "6g", "1500m"
PATIENCE = 20.0  # seconds after which a text is given up
CYPHER = Path(__file__).with_name("cypher")


@contextmanager
def server_in(home: Path) -> Iterator[str]:
    """The URL of a server with its data in a folder, stopped afterwards; the data stay."""
    home.mkdir(parents=True, exist_ok=True)
    with Neo4jServer(home, lib=ROOT / ".neo4j" / "lib", heap=HEAP, pagecache=PAGECACHE) as server:
        yield server.url


@contextmanager
def empty_server(setting: Setting, name: str) -> Iterator[str]:
    """A server without data, which are thrown away afterwards."""
    home = setting.folder / f"neo4j-{setting.size}-{name}"
    shutil.rmtree(home, ignore_errors=True)
    with server_in(home) as url:
        yield url
    shutil.rmtree(home)


@contextmanager
def loaded(setting: Setting) -> Iterator[str]:
    """A server that holds the data; loaded when it holds none yet."""
    with server_in(setting.folder / f"neo4j-{setting.size}") as url:
        with closing(Neo4jStore.open(url)) as store:
            if not store.revision():
                began = time.perf_counter()
                setting.say(f"loading {setting.size} into Neo4j")
                load_into(store, [setting.data], dataset=DATASET, who=WHO, when=WHEN)
                setting.say(f"loaded in {time.perf_counter() - began:.0f} s")
        yield url


class Bolt:
    """Statements as an application with the official driver sends them: one open driver, read transactions."""

    def __init__(self, url: str, seconds: float = PATIENCE) -> None:
        """`seconds` after which the server gives a statement up."""
        address = Address.parse(url)
        self._driver = neo4j.GraphDatabase.driver(
            address.uri, auth=(address.user, address.password), notifications_min_severity="OFF"
        )
        self._seconds = seconds

    def rows(self, text: str, parameters: Mapping[str, Any]) -> list[list[Any]] | None:
        """The values; None when it took too long, or more memory than the server gives a transaction."""

        @neo4j.unit_of_work(timeout=self._seconds)
        def body(tx: neo4j.ManagedTransaction) -> list[list[Any]]:
            return tx.run(text, parameters).values()  # type: ignore[arg-type]  # a file of ours

        try:
            with self._driver.session(fetch_size=-1) as session:
                return session.execute_read(body)
        except neo4j.exceptions.ClientError as error:
            if "TransactionTimedOut" in error.code:
                return None
            raise
        except neo4j.exceptions.TransientError as error:
            if "MemoryPoolOutOfMemory" in error.code:
                return None
            raise

    def close(self) -> None:
        self._driver.close()


def texts(question: str) -> dict[str, str]:
    """The hand-written statements of a question by name."""
    return {
        file.stem.removeprefix(f"{question}_"): file.read_text(encoding="utf-8")
        for file in sorted(CYPHER.glob(f"{question}_*.cypher"))
    }
