"""What an office enters beside the graph: lists it froze, and what came of them.

These are no claims and no decisions: they are evidence of nothing, and no answer moves with them.
"""

import json
import unicodedata
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Literal, NamedTuple, get_args

from graph.model.errors import BadInput

Book = Literal["list", "outcome"]
BOOKS: tuple[Book, ...] = get_args(Book)
_LONGEST_NAME = 80
_JOINERS = "\u200c\u200d"  # of emoji, and of some scripts


class Entry(NamedTuple):
    """Something entered, once and for good. A wrong one is taken back by entering that.

    `name` is the list that it is or that it is about, `when` an ISO time with its offset (the day of the office is the
    day in it), `body` canonical JSON (see `body_of`).
    """

    book: Book
    name: str
    when: str
    who: str
    body: str


class EntryRecord(NamedTuple):
    """An entry as the store remembers it, with its number (from 1, in the order entered) and its id."""

    number: int
    id: str
    entry: Entry


class Entered(NamedTuple):
    """What entering did: `added` entries are new, `same` were there already."""

    added: int
    same: int


def entry_id(entry: Entry) -> str:
    """`led:` and 24 hex digits. A list is known by its name alone, all else by what it says, not when and by whom."""
    said = (entry.book, entry.name) if entry.book == "list" else (entry.book, entry.name, entry.body)
    return "led:" + blake2b("\x1f".join(said).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def body_of(value: Mapping[str, Any]) -> str:
    """A body as canonical JSON: sorted keys, no spaces, so that what is said twice is one text. NaN is a ValueError."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def list_name(text: str) -> str:
    """The name of a list as it is kept: trimmed, in composed form. Raises BadInput for one that cannot be."""
    name = unicodedata.normalize("NFC", text.strip())
    unseen = any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") and sign not in _JOINERS for sign in name)
    if unseen or not 0 < len(name) <= _LONGEST_NAME:
        raise BadInput(
            "'{name}' cannot name a list. Use 1 to {most} characters without line breaks or control characters.",
            name="".join(sign if sign.isprintable() else "?" for sign in name[:_LONGEST_NAME]),
            most=_LONGEST_NAME,
        )
    return name


def check_entry(entry: Entry) -> None:
    """Raises BadInput for an entry that no store should keep."""
    if entry.book not in BOOKS:
        raise BadInput("'{book}' is no book of the ledger. Use {known}.", book=entry.book[:40], known=", ".join(BOOKS))
    if list_name(entry.name) != entry.name:
        raise BadInput("The name '{name}' has blanks around it, or accents apart from their letters.", name=entry.name)


def already_frozen(name: str) -> BadInput:
    """What to raise when another list of a name is there: a frozen list is never changed."""
    return BadInput("There is a list '{name}' already, and a frozen list stays as it is. Take another name.", name=name)
