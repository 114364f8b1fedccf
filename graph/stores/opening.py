"""From a URL to a store: the one place that knows which stores there are."""

from collections.abc import Callable

from graph.model.errors import BadInput
from graph.stores.port import Store


def _sqlite(url: str) -> Store:
    from graph.stores.sqlite import SqliteStore

    return SqliteStore.open(url.partition(":")[2])


def _neo4j(url: str) -> Store:
    from graph.stores.neo4j import Neo4jStore

    return Neo4jStore.open(url)


# One line a store: the URL's scheme and what opens it. Imports wait until a store is wanted: drivers are slow to load.
STORES: dict[str, Callable[[str], Store]] = {
    "sqlite": _sqlite,
    "bolt": _neo4j,
    "neo4j": _neo4j,
    "bolt+s": _neo4j,
    "neo4j+s": _neo4j,
    "bolt+ssc": _neo4j,
    "neo4j+ssc": _neo4j,
}


def open_store(url: str) -> Store:
    """The store behind `sqlite:FILE`; created when there is none.

    Raises BadInput for a URL of no known kind, and store errors.
    """
    opener = STORES.get(url.partition(":")[0])
    if opener is None:
        shown = url.partition("@")[2] or url
        raise BadInput(
            "'{url}' names no store we know. Use one of {known}, as in sqlite:rechain.db.",
            url=shown,
            known=", ".join(STORES),
        )
    return opener(url)
