"""Texts in cells: formulas made harmless, and several texts in one. Both can be undone, so nothing is lost.

A spreadsheet takes a cell that begins with = + - @, a tab or a line break for a formula, and runs it. Such a text gets
an apostrophe in front; one that has apostrophes in front of such a sign gets one more, so that reading is taking one
away. Numbers stay numbers: -2.5 is no text.
"""

import re
from collections.abc import Iterable

# What is taken out of texts later (see text.py) may stand in front and hide the sign.
_HIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
# The wide forms too: spreadsheets of East Asia read them as the narrow ones.
_SIGNS = "=+\\-@\t\r\n＝＋－＠"
_DANGEROUS = re.compile(f"[{_HIDDEN}']*[{_SIGNS}]")
_NEUTRAL = re.compile(f"'[{_HIDDEN}']*[{_SIGNS}]")
_SEPARATOR = "|"
_EMPTY = "\\e"
_PART = re.compile(r"(?:[^\\|]|\\.)*", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def neutral(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def plain(cell: str) -> str:
    """The text that `neutral` was given."""
    return cell[1:] if _NEUTRAL.match(cell) else cell


def joined(texts: Iterable[str]) -> str:
    r"""Several texts as one, for formats without lists: `a|b`. In a text `\` is `\\` and `|` is `\|`; none is `\e`."""
    return _SEPARATOR.join(
        text.replace("\\", "\\\\").replace("|", "\\|") if "\\" in text or "|" in text else text or _EMPTY
        for text in texts
    )


def parted(text: str) -> tuple[str, ...]:
    """The texts that `joined` was given, one at least."""
    parts = []
    at = 0
    while at <= len(text):
        found = _PART.match(text, at)
        assert found is not None
        part = found.group()
        parts.append("" if part == _EMPTY else _ESCAPED.sub(r"\1", part))
        at = found.end() + 1
    return tuple(parts)
