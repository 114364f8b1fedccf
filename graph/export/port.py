"""What a format is, and how it is handed the files it writes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import BinaryIO, NamedTuple

from graph.export.property_graph import Lang
from graph.model.subgraph import Subgraph

# Opens the file of this name for writing and reading; it is complete when it is closed without an error.
Opener = Callable[[str], AbstractContextManager[BinaryIO]]


class Format(NamedTuple):
    """A format. `files`: what it writes, in order; `media_type` is that of the only file, or of a zip of several.

    `carries_claims`: it holds every claim and source, and a loader reads it back. `write` streams: what it holds at a
    time does not grow with the subgraph (but for the ids of its nodes and what each writer says), and the same
    subgraph gives the same bytes. It returns how many characters it took out of texts because the format cannot hold
    them (controls in XML, surrogates that are no character anywhere); the user is told.
    """

    name: str
    zh: str
    en: str
    files: tuple[str, ...]
    media_type: str
    write: Callable[[Subgraph, Opener, Lang], int]
    carries_claims: bool = False
