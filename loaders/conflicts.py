"""How many facts that a load speaks of are left with two values of equal standing."""

from array import array
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from graph.model.claims import BatchRecord, Claim, Receipt, Source
from graph.model.dates import AsOf
from graph.model.facts import key_of, resolve
from graph.model.units import unit_of
from graph.stores.port import ClaimFilter, Store
from loaders.base import Place
from loaders.dangling import DESCRIBING

_ASKED_AT_ONCE = 500


class Contested:
    """Watches the claims of a load for facts that may be in conflict, so that only those need resolving.

    Two values of a fact conflict when the fact, the date and whether it is flagged are the same. Where the store holds
    nothing but the load (`is_alone`), what the load says twice is enough to find them; otherwise the subjects it shares
    with the rest of the store are looked up when it is done.
    """

    def __init__(self, described: Collection[str], *, is_alone: bool) -> None:
        self._described = described
        self._is_alone = is_alone
        self._values: dict[int, float | str] = {}
        self._suspects: set[str] = set()
        self._subjects: set[str] = set()
        self._touched = array("q")
        self._row: tuple[Place | None, str] = (None, "")

    def see(self, claim: Claim, place: Place) -> None:
        """Take note of a claim, before it adds to what is described."""
        if not self._is_alone:
            self._subjects.add(claim.subject)
            self._touched.append(hash(key_of(claim)))
        value = claim.value
        if value is None or value == claim.qualifier:
            return  # an alias stands beside another
        subject = claim.subject
        if claim.predicate in DESCRIBING:
            # Millions of names need no place in `values`: a node is described by one row, or it is looked at again.
            if place is not self._row[0] or subject != self._row[1]:
                self._row = (place, subject)
                if subject in self._described:
                    self._suspects.add(subject)
            return
        dimension, unit = "", claim.unit
        if unit and not isinstance(value, str):
            known = unit_of(unit)
            dimension, value = known.dimension, round(value * known.factor, 9)
        slot = (subject, claim.predicate, claim.object, claim.qualifier, dimension, claim.as_of, not claim.flags)
        # Of the slot only the hash is kept: two that share one make a suspect too many, never one too few.
        if self._values.setdefault(hash(slot), value) != value:
            self._suspects.add(subject)

    def count(self, store: Store, receipt: Receipt, at: AsOf) -> int:
        """Facts at a time that the load speaks of and whose preferred claims conflict, now that it is recorded."""
        others = [] if self._is_alone else _others(store, receipt)
        suspects = self._suspects | self._shared(store, others)
        keys = [hash(key_of(claim)) for claim in _contested(store, sorted(suspects), at)]
        if not others:
            return len(keys)
        return int(np.isin(np.array(keys, dtype=np.int64), np.frombuffer(self._touched, dtype=np.int64)).sum())

    def _shared(self, store: Store, others: Sequence[BatchRecord]) -> set[str]:
        """Subjects of the load that other batches may speak of too, found on the shorter way."""
        if sum(batch.claims for batch in others) >= len(self._touched) or _is_kept_alive(store):
            return self._subjects
        return {
            stored.claim.subject
            for batch in others
            for stored in store.claims(ClaimFilter(batch=batch.id, statuses=("accepted",)))
            if stored.claim.subject in self._subjects
        }


def will_be_alone(store: Store, dataset: str, replaces: bool) -> bool:
    """Whether the store will hold nothing but a load of this data set: all there is now is swept by it."""
    return not _is_kept_alive(store) and all(
        not batch.live or (replaces and batch.dataset == dataset) for batch in store.batches()
    )


def _others(store: Store, receipt: Receipt) -> list[BatchRecord]:
    """Live batches that may say what the load does not.

    None does when nothing changed since the first of them, and the load says as much as that: it is the same again.
    """
    live = [batch for batch in store.batches() if batch.live]
    if not _is_kept_alive(store) and len({(batch.revision, batch.claims) for batch in live}) == 1:
        return []
    return [batch for batch in live if batch.id != receipt.batch]


def _is_kept_alive(store: Store) -> bool:
    """Whether people accepted claims, which then count without a live batch."""
    return any(record.decision.action == "accept" for record in store.decisions())


def _contested(store: Store, subjects: Sequence[str], at: AsOf) -> Iterator[Claim]:
    """A claim of each fact about the subjects that is in conflict; only accepted claims are asked for."""
    for some in _parts(subjects):
        claims = {
            stored.id: stored.claim for stored in store.claims(ClaimFilter(subjects=some, statuses=("accepted",)))
        }
        sources = {source.id: source for source in _sources(store, sorted({claim.source for claim in claims.values()}))}
        for fact in resolve(claims.values(), sources, at):
            if fact.conflicts:
                yield claims[fact.claim]


def _sources(store: Store, ids: Sequence[str]) -> Iterator[Source]:
    for some in _parts(ids):
        yield from store.sources(some)


def _parts(ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(ids), _ASKED_AT_ONCE):
        yield tuple(ids[start : start + _ASKED_AT_ONCE])
