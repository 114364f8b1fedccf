"""What a loader is: a source layout in, claims and rejects out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from graph.model.claims import Claim, Source


class Place(NamedTuple):
    """Where a row stands. Rows are numbered as a spreadsheet shows them: the header is row 1."""

    file: str
    row: int
    sheet: str | None = None


class Reject(NamedTuple):
    """A row that could not be used: where, which column and value (cut to 80 characters), why, and what to do."""

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    value: str | None
    reason: str
    remedy: str


class Loaded(NamedTuple):
    """A claim and the place it was read from."""

    claim: Claim
    place: Place


Item = Loaded | Source | Reject
# The parts of a claim that name a node or a source.
Part = Literal["subject", "object", "qualifier", "source"]


class Loader(Protocol):
    """Reads one source layout."""

    name: str
    zh: str
    en: str

    def recognises(self, path: Path) -> bool:
        """Whether a folder or file has this layout; opens no more than headers."""
        ...

    def read(self, path: Path, dataset: str) -> Iterator[Item]:
        """Sources, claims and rejects: all sources before the first claim.

        The same files and `dataset` give the same claims, whatever the store holds. Raises UnreadableFile when nothing
        of a file can be used.
        """
        ...

    def column(self, claim: Claim, part: Part, place: Place) -> str:
        """The column, as the file calls it, in which a part of a claim stood that was read from `place`."""
        ...
