"""Fixtures, smallest first: `tiny` (a drawing of a dozen products) before `shipped` (the whole data set).

`store` runs each test on every kind of store: SQLite always, Neo4j when RECHAIN_TEST_NEO4J names a server. Set and
unreachable is a failure, never a skip.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path

import neo4j
import pytest
import tiny
from hypothesis import settings

from graph.model.dates import AsOf
from graph.stores.opening import open_store
from graph.stores.port import Store

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
# No test asks the clock: "today" is the day the curated facts were handed over.
TODAY = AsOf(date(2026, 11, 23))


# No example fails for being slow on a busy machine; `make soak` tries more of them.
settings.register_profile("gate", deadline=None)
settings.register_profile("soak", deadline=None, max_examples=1000)
settings.load_profile("gate")

NEO4J = os.environ.get("RECHAIN_TEST_NEO4J")
STORES = ["sqlite", *([pytest.param("neo4j", marks=pytest.mark.neo4j)] if NEO4J else [])]


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of every kind."""
    if request.param == "sqlite":
        opened = open_store(f"sqlite:{tmp_path / 'test.db'}")
        yield opened
        opened.close()
        return
    with only_user(str(NEO4J)):
        wipe(str(NEO4J))
        opened = open_store(str(NEO4J))
        yield opened
        opened.close()


@contextmanager
def only_user(url: str) -> Iterator[None]:
    """Keep the other processes of a parallel run (pytest -n) off the one database there is."""
    name = f"rechain-{sha256(url.encode()).hexdigest()[:16]}.lock"
    with (Path(tempfile.gettempdir()) / name).open("w") as file:
        flock(file, LOCK_EX)
        yield


def wipe(url: str) -> None:
    """Delete every node of a Neo4j database; its schema stays."""
    from graph.stores.neo4j import Address

    address = Address.parse(url)
    with (
        neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password), connection_timeout=2) as driver,
        driver.session(database=address.database) as session,
    ):
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()


@pytest.fixture
def tiny_store(store: Store) -> Store:
    """A store that holds the drawing in tests/tiny.py."""
    store.record(tiny.batch())
    return store


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--rewrite-golden`: write the answers of tests/golden anew; their diff is then to be read."""
    parser.addoption("--rewrite-golden", action="store_true", default=False)
