"""What a loader is: a source layout in, claims and rejects out, and the report of a load."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

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


class Loader(Protocol):
    """Reads one source layout."""

    name: str
    zh: str
    en: str

    def recognises(self, path: Path) -> bool:
        """Whether a folder or file has this layout; opens no more than headers."""
        ...

    def read(self, path: Path) -> Iterator[Item]:
        """Sources, claims and rejects, in file order. Raises UnreadableFile when nothing of a file can be used."""
        ...
