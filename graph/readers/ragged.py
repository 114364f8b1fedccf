"""Ragged tables (CSR) over numpy: building, gathering many rows at once, closing over a relation."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.readers.port_types import Rows

Ints = NDArray[np.integer]
Number = TypeVar("Number", np.int32, np.int64)


def distinct(numbers: NDArray[Number]) -> NDArray[Number]:
    """The numbers ascending, each once: by sorting, as np.unique hashes, which takes sixty times as long here."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def rows_of(row: Ints, item: Ints, count: int, *, unique: bool = True) -> Rows:
    """A table of `count` rows from pairs; the items of a row ascending, each once unless told otherwise."""
    packed = row.astype(np.int64) << 32 | item.astype(np.int64)
    packed = distinct(packed) if unique else np.sort(packed)
    starts = np.searchsorted(packed, np.arange(count + 1, dtype=np.int64) << 32)
    return Rows(starts.astype(np.int64), (packed & 0xFFFFFFFF).astype(np.int32))


def beside(rows: Rows, row: Ints, item: Ints, amount: NDArray[np.float64]) -> NDArray[np.float64]:
    """Amounts of pairs of row and item, laid beside `rows.items`; NaN where none is given, the first of several."""
    laid = np.full(len(rows.items), np.nan)
    mine = pairs(rows)
    packed = mine[0].astype(np.int64) << 32 | mine[1].astype(np.int64)
    wanted = row.astype(np.int64) << 32 | item.astype(np.int64)
    at = np.minimum(np.searchsorted(packed, wanted), max(len(packed) - 1, 0))
    fits = packed[at] == wanted if len(packed) else np.zeros(len(wanted), np.bool_)
    laid[at[fits][::-1]] = amount[fits][::-1]
    return laid


def gather(rows: Rows, wanted: Ints) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """All items of many rows: for each item the position in `wanted` it belongs to, and the item."""
    starts = rows.starts[wanted]
    counts = rows.starts[wanted + 1] - starts
    owner = np.repeat(np.arange(len(wanted)), counts)
    ends = np.cumsum(counts)
    within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
    return owner, rows.items[np.repeat(starts, counts) + within]


def spans(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """All numbers in many ranges, range by range."""
    counts = ends - starts
    total = np.cumsum(counts)
    within: NDArray[np.int64] = np.arange(int(total[-1]) if len(total) else 0) - np.repeat(total - counts, counts)
    return within + np.repeat(starts, counts)


def pairs(rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The table as pairs of row and item."""
    return np.repeat(np.arange(len(rows.starts) - 1), rows.counts()), rows.items


def inverse(rows: Rows, count: int) -> Rows:
    """The same pairs the other way round, as a table of `count` rows."""
    row, item = pairs(rows)
    return rows_of(item, row, count)


def closure(parents: Rows) -> Rows:
    """From each row to everything reached over one or more steps; itself only when a cycle leads back."""
    count = len(parents.starts) - 1
    row, item = pairs(parents)
    known = distinct(row << 32 | item)
    fresh = known
    while len(fresh):
        owner, further = gather(parents, (fresh & 0xFFFFFFFF).astype(np.int64))
        reached = distinct((fresh >> 32)[owner] << 32 | further)
        fresh = np.setdiff1d(reached, known, assume_unique=True)
        known = distinct(np.concatenate([known, fresh]))
    return rows_of(known >> 32, known & 0xFFFFFFFF, count)
