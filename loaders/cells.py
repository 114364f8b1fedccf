"""What the text of a cell means: ids, numbers, dates, units, flags, words of a list. Each text is worked out once."""

import re
from collections.abc import Callable, Collection
from math import isfinite
from typing import TypeVar

from graph.model.dates import parse_date
from graph.model.errors import BadInput
from graph.model.kinds import NODE_KINDS, kind_of
from graph.model.predicates import FLAGS
from graph.model.units import unit_of

T = TypeVar("T")

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_LIST = re.compile("[;；,，]")
# So many texts of a column are remembered; then it begins anew, so that memory does not grow with the file.
_REMEMBERED = 1 << 18


class Unfit(Exception):
    """A text does not fit: why, and what to do."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class BadCell(Exception):
    """A cell does not fit its column. The row becomes a Reject."""

    def __init__(self, column: str, value: str, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.column = column
        self.value = value
        self.reason = reason
        self.remedy = remedy


class Column(dict[str, T]):
    """What the texts of a column mean: `column[text]` reads a text when it is first met; raises BadCell."""

    def __init__(self, name: str, read: Callable[[str], T]) -> None:
        super().__init__()
        self.name = name
        self._read = read

    def __missing__(self, text: str) -> T:
        try:
            meaning = self._read(text.strip())
        except Unfit as unfit:
            raise BadCell(self.name, text, unfit.reason, unfit.remedy) from None
        if len(self) >= _REMEMBERED:
            self.clear()
        self[text] = meaning
        return meaning


def id_of(*kinds: str) -> Callable[[str], str]:
    """Reads an id of one of some kinds; of any kind when none is named."""
    form = f"Write {_begin(kinds)} and a short name without spaces, commas, semicolons or quotes."

    def read(text: str) -> str:
        if not text:
            raise Unfit("The cell is empty; an id is needed.", form)
        try:
            kind = kind_of(text)
        except BadInput:
            raise Unfit("The text is not an id.", form) from None
        if kinds and kind.name not in kinds:
            raise Unfit(f"It is the id of {_a(kind.en)}; wanted is {wanted(kinds)}.", form)
        return text

    return read


def optional(read: Callable[[str], T]) -> Callable[[str], T | None]:
    """Reads the same, and an empty cell as None."""
    return lambda text: read(text) if text else None


def read_number(text: str) -> float:
    """A finite number with a decimal point."""
    number = float(text) if _NUMBER.fullmatch(text) else float("nan")
    if not isfinite(number):
        raise Unfit(
            "The text is not a number.",
            "Write digits and a decimal point only, in base units: 15000 for 1.5万 or 15,000.",
        )
    return number + 0.0  # -0.0 becomes 0.0: they are equal, but would make two claims


def read_date(text: str) -> str:
    """A partial ISO date."""
    try:
        return parse_date(text)
    except BadInput:
        raise Unfit("The text is not a date.", "Write 2021, 2021-06 or 2021-06-30.") from None


def read_unit(text: str) -> str:
    """The symbol of a unit."""
    try:
        return unit_of(text).symbol
    except BadInput:
        raise Unfit(
            "The text is not a unit we know.",
            "Use t, t/yr, pieces/yr, %, companies, CNY, CNY/t or another of the units that data/README.md lists.",
        ) from None


def read_flags(text: str) -> tuple[str, ...]:
    """Flags with semicolons between them, sorted, so that their order makes no other claim."""
    flags = sorted({part for part in (piece.strip() for piece in _LIST.split(text)) if part})
    unknown = [flag for flag in flags if flag not in FLAGS]
    if unknown:
        raise Unfit(f"'{unknown[0][:40]}' is not a flag.", f"Use one of {', '.join(FLAGS)}, or leave it empty.")
    return tuple(flags)


def word_of(words: Collection[str]) -> Callable[[str], str]:
    """Reads a word of a closed list."""

    def read(text: str) -> str:
        if text not in words:
            raise Unfit(
                "The word is not in the list." if text else "The cell is empty.",
                f"Use one of {', '.join(word for word in words if word)}"
                f"{', or leave it empty' if '' in words else ''}.",
            )
        return text

    return read


def read_truth(text: str) -> bool:
    """0 or 1."""
    if text not in ("0", "1", ""):
        raise Unfit("The text is neither 0 nor 1.", "Write 1 for yes, 0 for no.")
    return text == "1"


def read_text(text: str) -> str:
    """Any text but none."""
    if not text:
        raise Unfit("The cell is empty.", "Fill it in, or delete the row.")
    return text


def split_list(text: str) -> list[str]:
    """The parts of a cell that holds several, with semicolons between them."""
    return [part for part in (piece.strip() for piece in text.split(";")) if part]


def wanted(kinds: Collection[str]) -> str:
    """Kinds as a sentence names them."""
    return " or ".join(_a(kind) for kind in kinds) if len(kinds) < 4 else "one of " + ", ".join(kinds)


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _begin(kinds: Collection[str]) -> str:
    """How ids of some kinds begin."""
    prefixes = [f"{NODE_KINDS[kind].prefix}:" for kind in kinds or NODE_KINDS]
    return f"one of {', '.join(prefixes)}" if len(prefixes) > 1 else prefixes[0]
