"""How many facts that a load speaks of are left with two values of equal standing."""

from array import array
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from graph.model.claims import Claim, Source
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
    nothing but the load (`is_alone`), what the load says twice is enough to find them; otherwise every subject it
    speaks of is looked up when it is done.
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

    def count(self, store: Store, at: AsOf, *, is_alone: bool) -> int:
        """Facts at a time that the load speaks of and whose preferred claims conflict.

        `is_alone`: whether the store is found to hold nothing else, now that the load is done.
        """
        is_alone = is_alone or self._is_alone
        keys = [
            hash(key_of(contested))
            for contested in _contested(store, sorted(self._suspects if is_alone else self._subjects), at)
        ]
        if is_alone or not keys:
            return len(keys)
        return int(np.isin(np.array(keys), np.frombuffer(self._touched, dtype=np.int64)).sum())


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
