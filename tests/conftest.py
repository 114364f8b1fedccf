"""Fixtures, smallest first: `tiny` (a drawing of a dozen products) before `shipped` (the whole data set).

`store` runs each test on every kind of store: SQLite always, Neo4j when RECHAIN_TEST_NEO4J names a server. Set and
unreachable is a failure, never a skip.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import tiny

from graph.model.dates import AsOf
from graph.stores.opening import open_store
from graph.stores.port import Store

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
# No test asks the clock: "today" is the day the curated facts were handed over.
TODAY = AsOf(date(2026, 11, 23))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(f"sqlite:{tmp_path / 'test.db'}")
    yield opened
    opened.close()


@pytest.fixture
def tiny_store(store: Store) -> Store:
    """A store that holds the drawing in tests/tiny.py."""
    store.record(tiny.batch())
    return store


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--rewrite-golden`: write the answers of tests/golden anew; their diff is then to be read."""
    parser.addoption("--rewrite-golden", action="store_true", default=False)
