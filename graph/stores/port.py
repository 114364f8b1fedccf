"""The Store port: claims and decisions go in, claims come out. Append-only; each change moves the revision.

The ledger beside them (`enter`, `entries`) is append-only too, and moves nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from graph.model.claims import Batch, BatchRecord, Decision, Receipt, Source, StoredClaim
from graph.model.ledger import Book, Entered, Entry, EntryRecord


class ClaimFilter(NamedTuple):
    """Which claims: every field that is set must fit. `about` matches either end. Empty tuples match nothing."""

    ids: tuple[str, ...] | None = None
    subjects: tuple[str, ...] | None = None
    objects: tuple[str, ...] | None = None
    about: tuple[str, ...] | None = None
    predicates: tuple[str, ...] | None = None
    sources: tuple[str, ...] | None = None
    statuses: tuple[str, ...] | None = None
    batch: str | None = None
    changed_since: int | None = None


class NameHit(NamedTuple):
    """A node found by name. `how`: exact, prefix or contains; `name` is the name that fitted, `field` its predicate."""

    node: str
    name: str
    field: str
    how: str


class DecisionRecord(NamedTuple):
    """A decision with its number and the revision it made."""

    number: int
    decision: Decision
    revision: int


Progress = Callable[[int], None]
ALL_CLAIMS = ClaimFilter()


class Store(Protocol):
    """Where claims are kept.

    A claim counts (`accepted` or `proposed`, as its batch declares) while a live batch carries it, unless a later
    decision on the claim or on its source says otherwise; without a live batch it is `retracted`. A batch is live
    until it is retracted, or until a later live batch of the same data set that `replaces` sweeps it. Decisions of
    people on claims and sources outlive loads: what somebody retracted is not brought back by loading it again.

    All methods raise StoreDown, StoreBusy, StoreRefused, StoreForeign or StoreVersion, never the driver's own errors.
    """

    @property
    def location(self) -> str:
        """Where it is, for people; holds no password."""
        ...

    @property
    def identity(self) -> str:
        """A random text made when the store was created, so that no cache of another store at its place is used."""
        ...

    def record(self, batch: Batch, progress: Progress | None = None) -> Receipt:
        """Keep all claims of a batch, or none. Recording the same claims again adds none and moves no revision.

        `added`: claims never seen before; `same`: rows that were known or came twice; `restored`: known claims that
        were retracted and count again; `retracted`: claims that no longer count because the batch `replaces`.
        `progress` is called with rows so far.
        """
        ...

    def decide(self, decisions: Sequence[Decision]) -> Receipt:
        """Keep decisions, all or none, and change the status of the claims they are about.

        Raises BadInput for a target that is not in the store.
        """
        ...

    def claims(self, where: ClaimFilter = ALL_CLAIMS) -> Iterator[StoredClaim]:
        """The claims that fit, in the order they were first recorded."""
        ...

    def sources(self, ids: Sequence[str] | None = None) -> Iterator[Source]:
        """The sources, all or by id, in id order."""
        ...

    def batches(self) -> list[BatchRecord]:
        """All batches, oldest first."""
        ...

    def decisions(self) -> list[DecisionRecord]:
        """All decisions, oldest first."""
        ...

    def enter(self, entries: Sequence[Entry]) -> Entered:
        """Keep entries of the ledger, all or none; what was entered before is not entered again.

        The ledger is no part of the graph: the revision stays, and so does every answer. Raises BadInput when there is
        another list of the name of one.
        """
        ...

    def entries(self, book: Book | None = None, name: str | None = None) -> list[EntryRecord]:
        """The ledger, or a book of it, or what is about one list; oldest first."""
        ...

    def search(self, text: str, kinds: Sequence[str] | None = None, limit: int = 20) -> list[NameHit]:
        """Nodes with an accepted name that is, begins with or contains `text`, best first, each node once.

        Exact before prefix before contains, shorter names first, then id. Names are compared in normal form; Chinese
        names are found by pinyin and initials too (whole or from the start), codes in all their spellings.
        """
        ...

    def revision(self) -> int:
        """A number that grows by one with each change of what the store says; 0 when empty."""
        ...

    def close(self) -> None:
        """Let go of files and connections. Closing twice is fine."""
        ...
