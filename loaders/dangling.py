"""Rows that name what nobody describes: an id without a name anywhere, or a source that is not listed."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from graph.model.claims import Claim, Source
from graph.model.predicates import PREDICATES
from graph.stores.port import ClaimFilter, Store
from loaders.base import Part, Place

# What a row of attributes says: a node with one of these is described.
DESCRIBING = frozenset(name for name, said in PREDICATES.items() if said.timeless and not said.links)
_NODE_IN_QUALIFIER = frozenset(
    name for name, said in PREDICATES.items() if said.qualifier in ("product", "product_or_chain")
)
_COUNTING = ("accepted", "proposed")
_ASKED_AT_ONCE = 1000


class Dangling(NamedTuple):
    """An id in a row that neither the load nor the store describes. The row was loaded all the same."""

    file: str
    sheet: str | None
    row: int
    column: str
    missing: str
    remedy: str


class Described:
    """Watches the claims of a load for ids that nothing describes.

    What is described may come later, in another file or from the store, so such ids wait for `settle`; each costs
    12 bytes, each of their rows 8.
    """

    def __init__(self, column: Callable[[Claim, Part, Place], str], sources: Iterable[Source]) -> None:
        self.nodes: set[str] = set()
        self._sources = {source.id for source in sources}
        self._column = column
        self._waiting: dict[str, int] = {}
        self._columns: dict[str, int] = {}
        self._files: dict[tuple[str, str | None], int] = {}
        # One entry for each waiting id of a row: number of the row among those that wait, of the id, of its column.
        self._entries = array("i")
        # One for each such row: number of its file, and its row there.
        self._rows = array("i")
        self._folder = ""
        self._place: Place | None = None
        self._seen_in_row: set[str] = set()

    def enter(self, folder: str) -> None:
        """Say where the files of the next claims are; it is put before their names."""
        self._folder, self._place = folder, None

    def see(self, claim: Claim, place: Place) -> None:
        """Take note of a claim."""
        subject, predicate, object_, _, _, qualifier, _, _, _, _, source, _, _ = claim
        nodes = self.nodes
        if predicate in DESCRIBING:
            nodes.add(subject)
        elif subject not in nodes and subject not in self._sources:
            self._wait(claim, place, "subject", subject)
        if object_ is not None and object_ not in nodes:
            self._wait(claim, place, "object", object_)
        if qualifier and predicate in _NODE_IN_QUALIFIER and qualifier not in nodes:
            self._wait(claim, place, "qualifier", qualifier)
        if source not in self._sources:
            self._wait(claim, place, "source", source)

    def settle(self, store: Store, shown: int) -> tuple[int, tuple[Dangling, ...]]:
        """How many rows dangle, and the first of them."""
        waiting = list(self._waiting)
        described = self.nodes | self._sources
        asked = [id_ for id_ in waiting if id_ not in described]
        missing = set(asked) - set(_described_in(store, asked))
        entries = np.frombuffer(self._entries, dtype=np.int32).reshape(-1, 3)
        is_missing = np.fromiter((id_ in missing for id_ in waiting), dtype=bool, count=len(waiting))
        dangling = entries[is_missing[entries[:, 1]]] if len(entries) else entries
        files, columns = list(self._files), list(self._columns)
        listed = []
        for row, id_, column in dangling[:shown].tolist():
            file, sheet = files[self._rows[2 * row]]
            remedy = _remedy(waiting[id_])
            listed.append(Dangling(file, sheet, self._rows[2 * row + 1], columns[column], waiting[id_], remedy))
        return len(np.unique(dangling[:, 0])), tuple(listed)

    def _wait(self, claim: Claim, place: Place, part: Part, id_: str) -> None:
        if place != self._place:
            self._place = place
            self._seen_in_row.clear()
            file = self._files.setdefault((self._folder + place.file, place.sheet), len(self._files))
            self._rows.extend((file, place.row))
        if id_ not in self._seen_in_row:
            self._seen_in_row.add(id_)
            number = self._waiting.setdefault(id_, len(self._waiting))
            column = self._columns.setdefault(self._column(claim, part, place), len(self._columns))
            self._entries.extend((len(self._rows) // 2 - 1, number, column))


def _described_in(store: Store, ids: Sequence[str]) -> Iterator[str]:
    """Those of the ids that the store describes."""
    sources = [id_ for id_ in ids if id_.startswith("src:")]
    nodes = iter([id_ for id_ in ids if not id_.startswith("src:")])
    if sources:
        yield from (source.id for source in store.sources(sources))
    while some := tuple(islice(nodes, _ASKED_AT_ONCE)):
        where = ClaimFilter(subjects=some, predicates=tuple(sorted(DESCRIBING)), statuses=_COUNTING)
        yield from (stored.claim.subject for stored in store.claims(where))


def _remedy(missing: str) -> str:
    if missing.startswith("src:"):
        return f"Add {missing} to sources.csv, or load the file that lists it."
    if missing.startswith("chn:"):
        return f"Add {missing[4:]} to chains.csv, or load the file that names it."
    sheet = "processes.csv" if missing.startswith("prc:") else "entities.csv"
    return f"Add {missing} to {sheet}, or load the file that names it; look for a misspelt id."
