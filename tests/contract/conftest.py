"""Readers of every kind, for the tests of what each must answer."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext

import pytest
import tiny
from conftest import only_user
from oracles.readers import (
    ON_THE_SERVER,
    READERS,
    TODAY,
    Given,
    ReaderOf,
    stored_claims,
)

from graph.model.claims import Claim, Decision, Source
from graph.model.dates import AsOf
from graph.readers.port import Reader


@pytest.fixture(params=READERS)
def reader_of(request: pytest.FixtureRequest) -> Iterator[ReaderOf]:
    """Makes a reader of each kind; the drawing of today when nothing else is said."""

    def make(
        claims: Iterable[Claim] = tiny.CLAIMS,
        *,
        sources: Sequence[Source] = tiny.SOURCES,
        as_of: AsOf = TODAY,
        decisions: Sequence[Decision] = (),
        retracted: Sequence[str] = (),
    ) -> Reader:
        return READERS[request.param](Given(stored_claims(claims, retracted), sources, decisions, as_of))

    # Keep the other processes of a parallel run off the one server there is.
    with only_user(os.environ["RECHAIN_TEST_NEO4J"]) if request.param in ON_THE_SERVER else nullcontext():
        yield make


@pytest.fixture
def alone_on_the_server(request: pytest.FixtureRequest) -> Iterator[None]:
    """The same for tests that name their readers themselves, by a parameter `name`."""
    given = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    with only_user(os.environ["RECHAIN_TEST_NEO4J"]) if given.get("name") in ON_THE_SERVER else nullcontext():
        yield
