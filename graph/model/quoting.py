"""Texts in the cells of a CSV file such that they come back as they were, and no spreadsheet takes them for a formula.

A text stands as it is wherever that is safe. Otherwise it stands as a JSON string, in straight quotes: one with spaces
at an end, a control character, the beginning of a formula, or a quote that would be taken for ours.
"""

import json
import re

# Full-width signs begin a formula in East Asian editions of Excel.
_FORMULA = "=+-@＝＋－＠"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


def is_plain(text: str) -> bool:
    """Whether a text may stand as it is. An empty one may not: an empty cell says that there is none."""
    return (
        bool(text) and text[0] not in _FORMULA and text[0] != '"' and text.strip() == text and not _CONTROL.search(text)
    )


def quoted(text: str) -> str:
    """The cell of a text."""
    return text if is_plain(text) else json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def unquoted(cell: str) -> str:
    """The text of a cell; raises ValueError for quotes that hold no JSON string."""
    cell = cell.strip()
    if not (len(cell) > 1 and cell.startswith('"') and cell.endswith('"')):
        return cell
    text = json.loads(cell)
    assert isinstance(text, str)  # nothing else of JSON begins with a quote
    return text
