"""Dates as sources give them (2021, 2021-06, 2021-06-30), and the two times a question is asked at."""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from graph.model.errors import BadInput

_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@lru_cache(maxsize=65536)
def parse_date(text: str) -> str:
    """The date itself when it is YYYY, YYYY-MM or YYYY-MM-DD and exists; raises BadInput otherwise."""
    match = _SHAPE.fullmatch(text)
    if match:
        year, month, day = (int(part) if part else None for part in match.groups())
        if (
            year
            and (month is None or 1 <= month <= 12)
            and (day is None or 1 <= day <= monthrange(year, month or 1)[1])
        ):
            return text
    raise BadInput("'{value}' is not a date. Write 2021, 2021-06 or 2021-06-30.", value=text[:40])


@lru_cache(maxsize=65536)
def start_of(text: str) -> date:
    """The first day of a partial date: 2021-06 -> 2021-06-01."""
    parts = [int(part) for part in parse_date(text).split("-")]
    return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)


@lru_cache(maxsize=65536)
def end_of(text: str) -> date:
    """The last day of a partial date: 2021-06 -> 2021-06-30."""
    parts = [int(part) for part in parse_date(text).split("-")]
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], monthrange(parts[0], parts[1])[1])
    return date(*parts)


def day_after(text: str) -> str:
    """The day after a partial date ends, so that an inclusive end becomes an exclusive `until`."""
    return (end_of(text) + timedelta(days=1)).isoformat()


def months_later(text: str, months: int) -> str:
    """A partial date so many months (0 or more) later, no finer than it has to be: 2027-06 + 3 -> 2027-09.

    A year moved by part of a year is counted from its last month: 2027 + 3 -> 2028-03. A day that the month does not
    have becomes its last: 2027-01-31 + 1 -> 2027-02-28. Raises BadInput beyond the year 9999.
    """
    if not months:
        return parse_date(text)
    end = end_of(text)
    year, month = divmod(end.year * 12 + end.month - 1 + months, 12)
    if year > date.max.year:
        raise BadInput(
            "{months} months after {date} is beyond the calendar. Give fewer months.", months=months, date=text
        )
    if len(text) == 4 and months % 12 == 0:
        return f"{year:04}"
    moved = f"{year:04}-{month + 1:02}"
    return moved if len(text) < 10 else f"{moved}-{min(end.day, monthrange(year, month + 1)[1]):02}"


class AsOf(NamedTuple):
    """When a question is asked: the world at the end of `valid`, as sources dated up to `known_at` told it.

    `known_at` None means all that is known now, undated sources included.
    """

    valid: date
    known_at: date | None = None

    @classmethod
    def parse(cls, valid: str, known_at: str | None = None) -> "AsOf":
        """From partial dates; a year or a month means its last day. Raises BadInput."""
        return cls(end_of(valid), end_of(known_at) if known_at else None)
