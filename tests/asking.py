"""Readers to ask questions of: the drawing, changed as a test needs it, behind every implementation.

A new implementation is one line in READERS.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import pytest
import tiny
from oracles.held_store import HeldStore
from oracles.plain_reader import PlainReader

from graph.model.claims import Claim, Decision, Source, StoredClaim, claim_id
from graph.model.dates import AsOf
from graph.readers.opening import open_reader
from graph.readers.port import Reader


class ReaderOf(Protocol):
    """Makes a reader of the drawing with some more claims, at a day of its own."""

    def __call__(
        self,
        *more: Claim | StoredClaim,
        claims: Iterable[Claim | StoredClaim] = tiny.CLAIMS,
        sources: Sequence[Source] = tiny.SOURCES,
        decisions: Sequence[Decision] = (),
        as_of: str = "2026-11-23",
        known_at: str | None = None,
    ) -> Reader: ...


def stored(claim: Claim, status: str = "accepted") -> StoredClaim:
    """A claim as a store gives it, of a status."""
    return StoredClaim(claim_id(claim), claim, status, "2026-01-01T00:00:00+00:00", 1, 1)  # type: ignore[arg-type]


def _made_by(make: Callable[[Sequence[StoredClaim], Sequence[Source], Sequence[Decision], AsOf], Reader]) -> ReaderOf:
    def reader_of(
        *more: Claim | StoredClaim,
        claims: Iterable[Claim | StoredClaim] = tiny.CLAIMS,
        sources: Sequence[Source] = tiny.SOURCES,
        decisions: Sequence[Decision] = (),
        as_of: str = "2026-11-23",
        known_at: str | None = None,
    ) -> Reader:
        every = {one.id: one for one in (c if isinstance(c, StoredClaim) else stored(c) for c in (*claims, *more))}
        return make(list(every.values()), sources, decisions, AsOf.parse(as_of, known_at))

    return reader_of


READERS: dict[str, ReaderOf] = {
    "plain": _made_by(lambda claims, sources, decisions, at: PlainReader.of(claims, sources, at, decisions=decisions)),
    "snapshot": _made_by(lambda claims, sources, decisions, at: open_reader(HeldStore(claims, sources, decisions), at)),
}
each_reader = pytest.mark.parametrize("reader_of", list(READERS.values()), ids=list(READERS))
