"""CSV files as rows with places.

A row's number is that of a spreadsheet: the header is row 1, a record with line breaks in its cells is one row, and a
blank line counts. So it is the number of the record, not of the line. Nothing here stops at a bad row: it becomes a
Reject and reading goes on with the next.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from graph.model.errors import UnreadableFile
from loaders.base import Reject
from loaders.encodings import CONTROL, Encoding, find_encoding, open_text

LONGEST_CELL = 1 << 20
# The limit is the process's own; nobody in this program reads larger cells.
csv.field_size_limit(LONGEST_CELL)

_SHOWN = 80
# A cell as the csv module sees it, only without its limit; an opening quote without its twin runs to the end.
_CELL = re.compile(r'"[^"]*(?:""[^"]*)*(?P<closed>")?[^,]*|[^,]*')

Cells = Sequence[str]
Row = tuple[int, Cells]


class Columns(NamedTuple):
    """The columns of a kind of table in their order, and those it cannot do without."""

    names: tuple[str, ...]
    required: tuple[str, ...]


def cut(value: str) -> str:
    """A value as reports show it."""
    return value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"


class Table:
    """A CSV file of known columns. `rejects` holds what is wrong with its header.

    Opening it looks at the encoding and the header; raises UnreadableFile when nothing of it can be used.
    """

    def __init__(self, path: Path, columns: Columns) -> None:
        self.path = path
        self.columns = columns
        self.rejects: list[Reject] = []
        self._encoding = find_encoding(path)
        header = self._read_header()
        self._header = header
        self._pick = self._arrange(header)

    def rows(self) -> Iterator[Row | Reject]:
        """Each row with its number and its cells in the order of `columns`; blank rows are left out.

        Cells of optional columns that the file lacks are empty.
        """
        width, pick, controls = len(self._header), self._pick, self._encoding.controls
        lines: list[str] = []
        with open_text(self.path, self._encoding) as file:
            source = _keep_lines(file, lines)
            reader = csv.reader(source, strict=True)
            next(reader)
            number = 1
            while True:
                number += 1
                lines.clear()
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield self._unparsed(number, lines, source, error)
                    continue
                if len(cells) != width:
                    if not any(cells):
                        continue
                    if len(cells) < width or any(cells[width:]):
                        yield self._ragged(number, cells)
                        continue
                    del cells[width:]
                if controls and (reject := self._find_control(number, cells)):
                    yield reject
                elif any(cells):
                    yield number, (pick(cells) if pick else cells)

    def reject(self, row: int | None, column: str | None, value: str | None, reason: str, remedy: str) -> Reject:
        """A reject of this file."""
        return Reject(self.path.name, None, row, column, None if value is None else cut(value), reason, remedy)

    def _read_header(self) -> list[str]:
        header = read_header(self.path, self._encoding)
        missing = [name for name in self.columns.required if name not in header]
        if missing:
            raise UnreadableFile(
                "{file} lacks the column{s} {missing} in its first line. It needs {required}; {hint}",
                file=self.path.name,
                s="s" if len(missing) > 1 else "",
                missing=", ".join(missing),
                required=", ".join(self.columns.required),
                hint=_hint(header),
            )
        twice = sorted({name for name in header if name and header.count(name) > 1})
        if twice:
            raise UnreadableFile(
                "{file} has the column {names} twice in its first line. Keep one of them.",
                file=self.path.name,
                names=", ".join(twice),
            )
        for name in header:
            if name and name not in self.columns.names:
                self.rejects.append(
                    self.reject(
                        1,
                        name,
                        name,
                        "The column is not one of this table, so it was not read.",
                        f"Rename it to one of {', '.join(self.columns.names)}, or leave it out.",
                    )
                )
        return header

    def _arrange(self, header: list[str]) -> Callable[[list[str]], Cells] | None:
        """How to bring cells into our order; None when they are in it already."""
        if tuple(header) == self.columns.names:
            return None
        places = [header.index(name) if name in header else len(header) for name in self.columns.names]
        select = itemgetter(*places)
        return lambda cells: select([*cells, ""])

    def _ragged(self, number: int, cells: list[str]) -> Reject:
        return self.reject(
            number,
            None,
            ",".join(cells),
            f"The row has {len(cells)} cells, the header {len(self._header)}.",
            'Put cells with commas or quotes in quotes ("a, b"), and give every column a cell, also an empty one.',
        )

    def _find_control(self, number: int, cells: list[str]) -> Reject | None:
        for name, cell in zip(self._header, cells, strict=True):
            if hit := CONTROL.search(cell):
                return self.reject(
                    number,
                    name,
                    cell.replace(hit.group(), "\ufffd"),
                    f"The cell holds a control character (code {ord(hit.group())}).",
                    "Delete it, or type the cell anew.",
                )
        return None

    def _unparsed(self, number: int, lines: list[str], source: Iterator[str], error: csv.Error) -> Reject:
        """Say where a record broke off, and go on reading to where it ends."""
        longest, column, value, is_open = _walk("".join(lines))
        if longest > LONGEST_CELL:
            while is_open and (line := next(source, None)) is not None:
                lines.clear()
                is_open = '"' not in line or _walk('"' + line)[3]
        named = self._header[column] if column < len(self._header) else None
        if is_open:
            reason = "A quote opens in this cell and is never closed."
            remedy = 'Close it, or write "" for a quote inside a cell in quotes.'
        elif longest > LONGEST_CELL:
            reason = f"The cell is longer than {LONGEST_CELL:,} characters."
            remedy = 'Shorten it, or look for a quote (") that is not closed.'
        else:
            reason = f"The row cannot be taken apart: {error}."
            remedy = 'Write "" for a quote inside a cell in quotes.'
        return self.reject(number, named, value, reason, remedy)


def read_header(path: Path, encoding: Encoding) -> list[str]:
    """The column names of a CSV file, in small letters; raises UnreadableFile."""
    with open_text(path, encoding) as file:
        try:
            first = next(csv.reader(file, strict=True), [])
        except csv.Error as error:
            raise UnreadableFile(
                "The first line of {file} cannot be taken apart: {reason}. It should hold the column names.",
                file=path.name,
                reason=error,
            ) from None
    header = [name.strip().lower() for name in first]
    if not any(header):
        raise UnreadableFile("{file} begins with an empty line. Put the column names there.", file=path.name)
    return header


def _hint(header: list[str]) -> str:
    if len(header) == 1 and (hit := re.search(r"[;\t|]", header[0])):
        name = {"\t": "tabs", ";": "semicolons", "|": "bars"}[hit.group()]
        return f"it seems to be separated by {name}: save it separated by commas."
    return f"it has {cut(', '.join(header))}."


def _keep_lines(file: Iterator[str], kept: list[str]) -> Iterator[str]:
    """The lines of a file, each also put into `kept`: what a record broke off in is known only there."""
    for line in file:
        kept.append(line)
        yield line


def _walk(text: str) -> tuple[int, int, str, bool]:
    """Of one record: length, place and beginning of its longest cell, and whether the last one is still open."""
    start, number, longest, is_open = 0, 0, (-1, 0, ""), False
    while start <= len(text):
        hit = _CELL.match(text, start)
        assert hit is not None  # it matches the empty text
        is_open = text.startswith('"', start) and not hit["closed"]
        if is_open or hit.end() - start > longest[0]:
            longest = (hit.end() - start, number, text[start : start + 2 * _SHOWN].strip('"\r\n'))
        start, number = hit.end() + 1, number + 1
    return *longest, is_open
