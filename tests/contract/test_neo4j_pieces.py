"""The contract of the stores once more, on a Neo4j store that records every batch in pieces, as it does large ones."""

from collections.abc import Iterator

import pytest
from conftest import NEO4J, only_user, wipe
from contract.test_store import *  # noqa: F403  # every test of it

from graph.stores.neo4j import Address, Neo4jStore
from graph.stores.neo4j_writing import Limits
from graph.stores.port import Store

pytestmark = [
    pytest.mark.neo4j,
    pytest.mark.slow,
    pytest.mark.skipif(not NEO4J, reason="RECHAIN_TEST_NEO4J names no server"),
]


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store that takes no batch at once."""
    with only_user(str(NEO4J)):
        wipe(str(NEO4J))
        opened = Neo4jStore(Address.parse(str(NEO4J)), limits=Limits(at_once=0, piece=2))
        yield opened
        opened.close()
