"""The service over the drawing of tests/tiny.py, on the day the tests call today."""

from collections.abc import Iterator

import pytest
from conftest import TODAY
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.stores.port import Store


@pytest.fixture
def app(tiny_store: Store) -> FastAPI:
    """The application."""
    return create_app(tiny_store, Settings(), today=lambda: TODAY.valid)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """Somebody who asks it."""
    with TestClient(app) as asking:
        yield asking
