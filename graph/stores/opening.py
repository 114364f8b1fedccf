"""From a URL to a store: the one place that knows which stores there are."""

from collections.abc import Callable

from graph.model.errors import BadInput
from graph.stores.port import Store


def _sqlite(url: str) -> Store:
    from graph.stores.sqlite import SqliteStore

    return SqliteStore.open(url.partition(":")[2])


# One line a store: the URL's scheme and what opens it. Imports wait until a store is wanted: drivers are slow to load.
STORES: dict[str, Callable[[str], Store]] = {
    "sqlite": _sqlite,
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
