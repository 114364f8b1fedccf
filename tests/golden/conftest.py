"""The shipped data in one store for all golden tests, and the switch that rewrites what they compare with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.stores.opening import open_store
from graph.stores.port import Store
from loaders.loading import load_into

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def shipped_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with the shipped data, loaded once."""
    store = open_store(f"sqlite:{tmp_path_factory.mktemp('shipped') / 'shipped.db'}")
    load_into(store, [DATA], who="test", when="2026-11-23T00:00:00+00:00", key="shipped")
    yield store
    store.close()
