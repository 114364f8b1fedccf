"""Every error raised on purpose.

RechainError                 base; never raised itself
├── InputError               the caller's fault: something named or given is wrong
│   ├── BadInput             a value that cannot be read or is out of range
│   ├── UnknownName          no node answers to this name
│   ├── AmbiguousName        several nodes answer to it; `candidates` lists them
│   └── UnreadableFile       a file that is missing, of another layout, or broken
├── NodeMissing              an id of good form that is not in the graph
└── StoreError               the store's fault, or its operator's
    ├── StoreDown            cannot be reached now; trying again later may help
    ├── StoreBusy            another writer holds it
    ├── StoreRefused         wrong user or password, or no right to do this
    ├── StoreForeign         the file or database is not ours
    └── StoreVersion         ours, but of another schema version

A message is a template and its values, so that the edge can say it in another language: `str(error)` is the English
sentence, `error.text` and `error.values` are what a catalogue needs. Each says what is wrong, where, and what to do.
HTTP status and exit code are chosen at the edge (`api/errors.py`, `cli/errors.py`), never here. A bad row of a file is
no error but a `Reject` value (`loaders/base.py`).
"""

from collections.abc import Sequence
from typing import NamedTuple


class RechainError(Exception):
    """Base of all errors raised on purpose."""

    def __init__(self, text: str, **values: object) -> None:
        self.text = text
        self.values = values
        super().__init__(text.format(**values) if values else text)


class InputError(RechainError):
    """The caller named or gave something wrong."""


class BadInput(InputError):
    """A value cannot be read, or is out of range."""


class UnknownName(InputError):
    """No node answers to a name."""


class Candidate(NamedTuple):
    """One of the nodes that answer to an ambiguous name."""

    id: str
    name_zh: str | None
    name_en: str | None


class AmbiguousName(InputError):
    """Several nodes answer to a name."""

    def __init__(self, name: str, candidates: Sequence[Candidate]) -> None:
        self.candidates = tuple(candidates)
        listed = "; ".join(f"{c.id} ({c.name_zh or c.name_en or c.id})" for c in self.candidates)
        super().__init__(
            "'{name}' may mean {count} things: {listed}. Use the id or the full name of one.",
            name=name,
            count=len(self.candidates),
            listed=listed,
        )


class UnreadableFile(InputError):
    """A file is missing, of another layout, or broken."""


class NodeMissing(RechainError):
    """An id is not in the graph."""

    def __init__(self, node: str) -> None:
        self.node = node
        super().__init__("There is no node '{node}' in this graph. Look it up with: rechain search", node=node)


class StoreError(RechainError):
    """The store failed, or is not set up for us."""


class StoreDown(StoreError):
    """The store cannot be reached now."""


class StoreBusy(StoreError):
    """Another process is writing to the store."""


class StoreRefused(StoreError):
    """The store refused the user, the password or the operation."""


class StoreForeign(StoreError):
    """The file or database is not a rechain store."""


class StoreVersion(StoreError):
    """The store has another schema version than this program."""
