"""Cuts a dossier to what two pages hold, by an estimate of its lines: Word and web pages cannot be measured here."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

# Columns of a Latin letter on one line of 182 mm at 9 points; a Chinese character takes two.
_WIDE = 108
_FACTS = 92
_PROJECT = {"project": 26, "place": 15, "status": 16, "size": 19, "money": 11, "completion": 10}
_SOURCES = 150
# Headings, table heads, title, margins between parts: as many lines as these take.
_FRAME = 27.0
# English is set in smaller letters; both were tried on the longest dossiers of the shipped data in all three formats.
MOST = {"zh": 121.0, "en": 140.0}
# What is cut, in this order and over again, never below so many rows.
_CUTS = (("offers", 3), ("policies", 3), ("projects", 4), ("questions", 5), ("makes", 4), ("reasons", 6))
_REFERENCE = re.compile(r"\[([\d, ]+)\]")


def lines_of(context: Mapping[str, Any]) -> float:
    """How many lines of 9 points a dossier takes, about."""
    total = _FRAME + _lines(context["summary"], _WIDE) + len(context["makes"]) * 1.1
    total += sum(_lines(row["text"], _FACTS) for row in (*context["who"], *context["ties"], context["uses"]))
    total += sum(max(_lines(row[name], width) for name, width in _PROJECT.items()) + 0.1 for row in context["projects"])
    for name in ("reasons", "policies", "offers", "questions"):
        total += sum(_lines(row["full"], _WIDE) + 0.05 for row in context[name]) + bool(context.get(f"{name}_more"))
    sources = sum(_width(row["text"]) + 7 for row in context["sources"])
    return total + 0.85 * (sources / _SOURCES + 1) + 2


def next_cut(context: Mapping[str, Any], cuts: Mapping[str, int]) -> str | None:
    """The list to cut by one row more: one cut least so far, in the order of `_CUTS`; None when none may be cut."""
    open_ = [name for name, least in _CUTS if len(context[name]) > least]
    return min(open_, key=lambda name: cuts.get(name, 0), default=None)


def references_in(context: Mapping[str, Any]) -> set[int]:
    """The numbers of the sources that the texts refer to."""
    found: set[int] = set()
    for row in (*context["who"], *context["ties"], context["uses"]):
        found |= _numbers(row["text"])
    for name in ("makes", "projects"):
        for row in context[name]:
            found |= {number for cell in row.values() if isinstance(cell, str) for number in _numbers(cell)}
    for name in ("reasons", "policies", "offers", "questions"):
        for row in context[name]:
            found |= _numbers(row["full"])
    return found


def _numbers(text: str) -> set[int]:
    return {int(one) for group in _REFERENCE.findall(text) for one in group.split(",") if one.strip()}


def _lines(text: str, width: int) -> int:
    return max(-(-_width(text) // width), 1)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
