"""What is printed, apart from how: lines and tables. Rich draws them on a terminal; piped, they are plain text."""

import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TextIO

# What could move the cursor, colour the screen or turn the reading direction: names come from files of others.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_GAP = "  "


class Line(NamedTuple):
    """One line; `style` is a Rich style for terminals."""

    text: str = ""
    style: str = ""


class Table(NamedTuple):
    """Rows of cells under column names; without names, rows alone. `styles` by column, for terminals."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    styles: tuple[str, ...] = ()


Block = Line | Table


def visible(text: str) -> str:
    """The text on one line, without anything that a terminal would obey."""
    return _UNSEEN.sub(" ", text).strip()


def width_of(text: str) -> int:
    """How many columns a text takes: Chinese characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def print_blocks(blocks: Iterable[Block], out: TextIO | None = None) -> None:
    """On a terminal with colours, and tables that fit; else plain, with nothing cut off."""
    stream = out or sys.stdout
    if stream.isatty():
        _draw(blocks, stream)
        return
    for block in blocks:
        stream.writelines(f"{line}\n" for line in plain(block))


def plain(block: Block) -> list[str]:
    """A block as lines of text."""
    if isinstance(block, Line):
        return [" " * (len(block.text) - len(block.text.lstrip(" "))) + visible(block.text)]
    rows = [tuple(visible(cell) for cell in row) for row in block.rows]
    if block.columns:
        rows.insert(0, block.columns)
    widths = [max(width_of(row[at]) for row in rows) for at in range(len(rows[0]))] if rows else []
    return [
        _GAP.join(cell + " " * (width - width_of(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _draw(blocks: Iterable[Block], stream: TextIO) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table as Drawn
    from rich.text import Text

    console = Console(file=stream, highlight=False)
    for block in blocks:
        if isinstance(block, Line):
            indent = " " * (len(block.text) - len(block.text.lstrip(" ")))
            console.print(Text(indent + visible(block.text), style=block.style))
            continue
        drawn = Drawn(
            box=box.SIMPLE_HEAD if block.columns else None,
            show_header=bool(block.columns),
            pad_edge=False,
            header_style="bold",
        )
        count = len(block.rows[0]) if block.rows else len(block.columns)
        for at in range(count):
            name = block.columns[at] if block.columns else ""
            drawn.add_column(Text(name), style=block.styles[at] if block.styles else "", overflow="fold")
        for row in block.rows:
            drawn.add_row(*(Text(visible(cell)) for cell in row))
        console.print(drawn)
