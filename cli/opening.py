"""Opening a store for a command, and asking it, with a word on stderr when that takes a while."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from os import environ
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from api.defaults import PREFIX
from api.texts import Tongue
from cli.progress import waiting
from graph.model.dates import AsOf
from graph.model.errors import BadInput, StoreDown
from graph.stores.opening import open_store
from graph.stores.port import Store

if TYPE_CHECKING:
    from graph.readers.opening import ReaderKind, Readers
    from graph.readers.port import Reader

A = TypeVar("A")


@contextmanager
def opened(url: str, create: bool = False) -> Iterator[Store]:
    """The store, closed afterwards. Raises StoreDown where there is none yet, unless it may be created."""
    scheme, _, path = url.partition(":")
    if scheme == "sqlite" and path and not create and not Path(path).expanduser().exists():
        raise StoreDown("There is no store at '{path}' yet. Load data into it first: rechain load", path=path[:200])
    store = open_store(url)
    try:
        yield store
    finally:
        store.close()


def ask(
    store: Store, url: str, as_of: str | None, known_at: str | None, tongue: Tongue, question: Callable[["Reader"], A]
) -> A:
    """What the question finds in the graph at a time; today where none is given."""
    readers, at = _readers(store, url, as_of, known_at, tongue)
    return readers.answer(at, question)


def reader_of(store: Store, url: str, as_of: str | None, known_at: str | None, tongue: Tongue) -> "Reader":
    """The graph at a time, for who asks it more than one question; today where none is given."""
    readers, at = _readers(store, url, as_of, known_at, tongue)
    return readers.at(at)


def _readers(store: Store, url: str, as_of: str | None, known_at: str | None, tongue: Tongue) -> tuple["Readers", AsOf]:
    """Ready to answer at that time."""
    from graph.readers.opening import Readers, cache_file_of

    at = AsOf.parse(as_of or date.today().isoformat(), known_at)
    cache_file = cache_file_of(store, url, environ.get(f"{PREFIX}SNAPSHOTS", ""))
    readers = Readers(store, cache_file, _reader_kind())
    with waiting(tongue.say("reading the graph …")):
        readers.at(at)
    return readers, at


def _reader_kind() -> "ReaderKind":
    kind = environ.get(f"{PREFIX}READER") or "snapshot"
    if kind not in ("snapshot", "neo4j"):
        raise BadInput(
            "'{name}' should be one of {expected}, not '{value}'.",
            name=f"{PREFIX}READER",
            expected="snapshot, neo4j",
            value=kind[:80],
        )
    return cast("ReaderKind", kind)
