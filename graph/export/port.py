"""What a format is, and how it is handed the files it writes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import BinaryIO, NamedTuple

from graph.export.property_graph import Lang
from graph.export.rdf_terms import base_of
from graph.model.subgraph import Subgraph

# Opens the file of this name for writing and reading; it is complete when it is closed without an error.
Opener = Callable[[str], AbstractContextManager[BinaryIO]]
Write = Callable[[Subgraph, Opener, Lang], int]


class Format(NamedTuple):
    """A format. `files`: what it writes, in order; `media_type` is that of the only file, or of a zip of several.

    `carries_claims`: it holds every claim and source, and a loader reads it back. `write` streams: what it holds at a
    time does not grow with the subgraph (but for the ids of its nodes and what each writer says), and the same
    subgraph gives the same bytes. It returns how many characters it took out of texts because the format cannot hold
    them (controls in XML, surrogates that are no character anywhere); the user is told. `write_at` makes a writer for
    another base of IRIs.
    """

    name: str
    zh: str
    en: str
    files: tuple[str, ...]
    media_type: str
    write: Write
    carries_claims: bool = False
    write_at: Callable[[str], Write] | None = None

    def at(self, base: str) -> "Format":
        """The same format with another base for its IRIs, where it has some; raises BadInput for what is no base."""
        return self if self.write_at is None else self._replace(write=self.write_at(base_of(base)))
