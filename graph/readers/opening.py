"""From a store to readers: columns once a revision, a view once an AsOf, both swapped in whole."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import chain as joined
from os import environ
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.model.claims import Claim, Source, StoredClaim, claim_id
from graph.model.dates import AsOf
from graph.model.errors import BadInput, StoreBusy
from graph.model.kinds import KIND_OF_PREFIX
from graph.model.merging import read_as
from graph.readers import cache
from graph.readers.columns import Columns, build_columns
from graph.readers.port import Reader
from graph.readers.port_types import Direction
from graph.readers.resolving import interval
from graph.readers.snapshot import Snapshot, hypothetical
from graph.readers.view import View, build_view
from graph.stores.port import ClaimFilter, NameHit, Store

if TYPE_CHECKING:
    from graph.readers.neo4j import Neo4jReaders

# How a store is read: arrays in memory, or statements pushed down to a Neo4j server.
ReaderKind = Literal["snapshot", "neo4j"]
# Views and snapshots kept at once: a screen compares a few dates, a service answers for today.
_KEPT = 8
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, eq=False)
class SavedView:
    """A view with the interval of AsOfs it is right for."""

    interval: NDArray[np.int64]
    view: View


class StoreRecords:
    """What a snapshot asks of its store (see graph.readers.snapshot.Records)."""

    def __init__(
        self, store: Store, revision: int, added: Sequence[StoredClaim] = (), dropped: Sequence[str] = ()
    ) -> None:
        self._store = store
        self._revision = revision
        self._added = tuple(added)
        self._dropped = tuple(dropped)

    def claims_of(
        self, ids: Sequence[str], direction: Direction, predicates: Sequence[str] | None
    ) -> tuple[StoredClaim, ...]:
        """By claim ids, or all claims of these predicates with nodes at that end; hypothetical ones last."""
        claims = tuple(id_ for id_ in ids if id_.startswith("clm:"))
        nodes = tuple(id_ for id_ in ids if not id_.startswith("clm:"))
        found: dict[str, StoredClaim] = {}
        if nodes:
            found |= {stored.id: stored for stored in self._store.claims(_at(nodes, direction, predicates))}
        if claims:
            # Asked for together, so that all come in the order they were recorded.
            found = {stored.id: stored for stored in self._store.claims(ClaimFilter(ids=(*found, *claims)))}
        for stored in self._added:
            fits = predicates is None or stored.claim.predicate in predicates
            as_subject = fits and stored.claim.subject in nodes and direction != "in"
            as_object = fits and stored.claim.object in nodes and direction != "out"
            if stored.id in claims or as_subject or as_object:
                found[stored.id] = stored
        return tuple(found[id_] for id_ in found if id_ not in self._dropped)

    def sources_of(self, ids: Sequence[str]) -> Sequence[Source]:
        """Sources by id, whether or not a claim of theirs counts."""
        return tuple(self._store.sources(ids))

    def search(self, text: str, kinds: Sequence[str] | None, limit: int) -> Sequence[NameHit]:
        """Nodes by name, as the store finds them."""
        return self._store.search(text, kinds, limit)

    def overlaid(self, added: Sequence[Claim], dropped: Sequence[str], at: AsOf) -> Reader:
        """A snapshot of its own over the same claims, more and less."""
        known = {stored.id: stored for stored in (*self._added, *hypothetical(added, self._revision))}
        # What is added last counts, also when it was dropped before; what is dropped now does not.
        gone = ({*self._dropped} - {claim_id(claim) for claim in added}) | set(dropped)
        records = StoreRecords(self._store, self._revision, tuple(known.values()), sorted(gone))
        same = _same(self._store)
        columns = build_columns(records.accepted(), _sources(self._store), same)
        return Snapshots(columns, self._revision, records, same, build_view).at(at)

    def accepted(self) -> Iterator[StoredClaim]:
        """All claims that count, the hypothetical ones included."""
        seen = set(self._dropped)
        stored = self._store.claims(ClaimFilter(statuses=("accepted",)))
        if not self._added and not seen:
            yield from stored
            return
        for one in joined(stored, self._added):
            if one.id not in seen:
                seen.add(one.id)
                yield one


class Snapshots:
    """The same claims at any AsOf: one snapshot an AsOf, one view an interval of them; those asked for last are kept.

    Thread-safe.
    """

    def __init__(
        self,
        columns: Columns,
        revision: int,
        records: StoreRecords,
        same: Mapping[str, str],
        view_of: Callable[[Columns, AsOf], View],
    ) -> None:
        self.columns = columns
        self.revision = revision
        self._records = records
        self._same = same
        self._view_of = view_of
        self._lock = Lock()
        self._views: OrderedDict[tuple[int, int], View] = OrderedDict()
        self._snapshots: OrderedDict[AsOf, Snapshot] = OrderedDict()

    def at(self, as_of: AsOf) -> Snapshot:
        """The claims at an AsOf."""
        with self._lock:
            return _kept(self._snapshots, as_of, lambda: self._snapshot(as_of))

    def _snapshot(self, as_of: AsOf) -> Snapshot:
        key = interval(self.columns, as_of)
        view = _kept(self._views, key, lambda: self._view_of(self.columns, as_of))
        return Snapshot(self.columns, view, as_of, self.revision, self._records, self._same, self.at)


class Readers:
    """Readers of one store. Thread-safe; a reader once handed out never changes.

    `cache_file` keeps the arrays between processes: the columns of the newest revision in that file, and beside it the
    view of the latest AsOf anybody asked for. None keeps them in memory only. Kind `neo4j` keeps no arrays and asks the
    server each time; raises BadInput for a store that is none.
    """

    def __init__(self, store: Store, cache_file: Path | None = None, kind: ReaderKind = "snapshot") -> None:
        self._store = store
        self._pushed_down = _pushed_down(store) if kind == "neo4j" else None
        self._cache_file = cache_file
        self._lock = Lock()
        self._snapshots: Snapshots | None = None

    def at(self, as_of: AsOf) -> Reader:
        """The graph at an AsOf, of the store's revision of now."""
        if self._pushed_down is not None:
            return self._pushed_down.at(as_of)
        with self._lock:
            return self._current().at(as_of)

    def answer(self, as_of: AsOf, work: Callable[[Reader], V]) -> V:
        """What the work finds in the graph at an AsOf; done once more when somebody wrote meanwhile.

        A snapshot never minds that, a reader on a server does. Raises StoreBusy when it happens twice.
        """
        try:
            return work(self.at(as_of))
        except StoreBusy:
            return work(self.at(as_of))

    def _current(self) -> Snapshots:
        """The snapshots of the store's revision of now; the old ones stay when reading the new ones fails."""
        while True:
            revision = self._store.revision()
            if self._snapshots is not None and revision == self._snapshots.revision:
                return self._snapshots
            same = _same(self._store)
            records = StoreRecords(self._store, revision)
            columns = cache.load(self._cache_file, self._stamp(revision), Columns) if self._cache_file else None
            fresh = columns is None
            if columns is None:
                columns = build_columns(records.accepted(), _sources(self._store), same)
            # A change that came in between would make a mixed snapshot: look again.
            if self._store.revision() != revision:
                continue
            if fresh and self._cache_file:
                cache.save(self._cache_file, self._stamp(revision), columns)
            self._snapshots = Snapshots(columns, revision, records, same, partial(self._view, revision))
            return self._snapshots

    def _view(self, revision: int, columns: Columns, as_of: AsOf) -> View:
        file = self._cache_file.with_name(self._cache_file.name + ".view") if self._cache_file else None
        key, stamp = interval(columns, as_of), self._stamp(revision)
        saved = cache.load(file, stamp, SavedView) if file else None
        if saved is not None and tuple(saved.interval.tolist()) == key:
            return saved.view
        view = build_view(columns, as_of)
        if file and as_of.known_at is None and (saved is None or saved.interval[0] < key[0]):
            cache.save(file, stamp, SavedView(np.array(key, np.int64), view))
        return view

    def _stamp(self, revision: int) -> str:
        return f"{self._store.identity} {revision}"


def _at(nodes: tuple[str, ...], direction: Direction, predicates: Sequence[str] | None) -> ClaimFilter:
    told = None if predicates is None else tuple(predicates)
    if direction == "out":
        return ClaimFilter(subjects=nodes, predicates=told)
    return (
        ClaimFilter(objects=nodes, predicates=told) if direction == "in" else ClaimFilter(about=nodes, predicates=told)
    )


def _kept(kept: OrderedDict[K, V], key: K, make: Callable[[], V]) -> V:
    """The value under a key, made when it is new; the least recently asked for goes when there are too many."""
    if key not in kept:
        kept[key] = make()
        if len(kept) > _KEPT:
            kept.popitem(last=False)
    kept.move_to_end(key)
    return kept[key]


def _pushed_down(store: Store) -> "Neo4jReaders":
    # The driver is slow to load, so this waits until somebody wants it.
    from graph.readers.neo4j import Neo4jReaders
    from graph.stores.neo4j import Neo4jStore

    if not isinstance(store, Neo4jStore):
        raise BadInput(
            "The reader 'neo4j' needs a Neo4j store, and {location} is none. Set RECHAIN_READER=snapshot, or name a "
            "bolt:// or neo4j:// store.",
            location=store.location,
        )
    return Neo4jReaders(store, lambda revision: StoreRecords(store, revision))


def open_reader(store: Store, as_of: AsOf, kind: ReaderKind = "snapshot") -> Reader:
    """One reader of a store as it is now."""
    return Readers(store, kind=kind).at(as_of)


def cache_file_of(store: Store, url: str, folder: str = "") -> Path | None:
    """Where the arrays of a store are kept between processes: beside a SQLite file, of any other store in the folder.

    `folder` "" is the user's cache folder. None where it cannot be made: then they are kept in memory only.
    """
    scheme, _, path = url.partition(":")
    if scheme == "sqlite":
        return Path(f"{path}.snapshot") if path else None
    # A copy of a whole database has the identity of the first one, and goes its own way from there.
    name = blake2b(f"{store.location} {store.identity}".encode(), digest_size=8).hexdigest()
    try:
        where = Path(folder).expanduser() if folder else _user_cache()
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # nobody may write there; a user without a home
        return None
    return where / f"{name}.snapshot"


def _user_cache() -> Path:
    return Path(environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "rechain"


def _same(store: Store) -> dict[str, str]:
    merged = read_as(record.decision for record in store.decisions())
    return {node: kept for node, kept in merged.items() if node[:3] in KIND_OF_PREFIX}


def _sources(store: Store) -> dict[str, Source]:
    return {source.id: source for source in store.sources()}
