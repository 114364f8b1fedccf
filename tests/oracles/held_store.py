"""A store that holds just what it is given: what readers need to read, without a file or a server."""

from collections.abc import Iterator, Sequence

from graph.model.claims import Batch, BatchRecord, Decision, Receipt, Source, StoredClaim
from graph.model.ledger import Book, Entered, Entry, EntryRecord
from graph.stores.port import ClaimFilter, DecisionRecord, NameHit, Progress
from oracles.plain_names import scan_names

_EVERYTHING = ClaimFilter()


class HeldStore:
    """The reading half of Store over lists; it takes no batches and no further decisions."""

    location = "held"
    identity = "held"

    def __init__(
        self, stored: Sequence[StoredClaim], sources: Sequence[Source], decisions: Sequence[Decision], revision: int = 1
    ) -> None:
        self._stored = stored
        self._sources = sources
        self._decisions = decisions
        self._revision = revision

    def claims(self, where: ClaimFilter = _EVERYTHING) -> Iterator[StoredClaim]:
        """See Store."""
        for stored in self._stored:
            claim = stored.claim
            wanted = (
                where.ids is None or stored.id in where.ids,
                where.subjects is None or claim.subject in where.subjects,
                where.objects is None or claim.object in where.objects,
                where.about is None or claim.subject in where.about or claim.object in where.about,
                where.predicates is None or claim.predicate in where.predicates,
                where.sources is None or claim.source in where.sources,
                where.statuses is None or stored.status in where.statuses,
                where.batch is None,
                where.changed_since is None or stored.changed > where.changed_since,
            )
            if all(wanted):
                yield stored

    def sources(self, ids: Sequence[str] | None = None) -> Iterator[Source]:
        """See Store."""
        return iter(sorted(source for source in self._sources if ids is None or source.id in ids))

    def decisions(self) -> list[DecisionRecord]:
        """See Store."""
        return [DecisionRecord(number, one, self._revision) for number, one in enumerate(self._decisions, start=1)]

    def batches(self) -> list[BatchRecord]:
        """See Store."""
        return []

    def entries(self, book: Book | None = None, name: str | None = None) -> list[EntryRecord]:
        """See Store."""
        return []

    def search(self, text: str, kinds: Sequence[str] | None = None, limit: int = 20) -> list[NameHit]:
        """See Store."""
        return scan_names((s.claim for s in self._stored if s.status == "accepted"), text, kinds, limit)

    def revision(self) -> int:
        """See Store."""
        return self._revision

    def close(self) -> None:
        """See Store."""

    def record(self, batch: Batch, progress: Progress | None = None) -> Receipt:
        """Refused."""
        raise NotImplementedError

    def decide(self, decisions: Sequence[Decision]) -> Receipt:
        """Refused."""
        raise NotImplementedError

    def enter(self, entries: Sequence[Entry]) -> Entered:
        """Refused."""
        raise NotImplementedError
