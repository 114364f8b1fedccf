"""Two sheets for Gephi's spreadsheet import, which pandas, R and a spreadsheet open as well."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, repeat

from graph.export.cells import joined, neutral
from graph.export.port import Opener
from graph.export.property_graph import Cell, Column, Lang, PropertyGraph, Row
from graph.export.text import TextFile
from graph.model.subgraph import Subgraph

# Gephi's names for what it knows; the others are as everywhere.
_NODE_HEAD = ("Id", "Label")
_EDGE_HEAD = ("Source", "Target", "Type", "Kind", "Id", "Label", "Weight")
# Seldom seen twice.
_IDS = ("id", "source", "target")
_ROWS = 1000
# Of each column; beyond that a cell is written anew.
_KEPT = 20_000
_END = "\r\n"
_QUOTE = '"'
_QUOTED = re.compile('[",\r\n]')


def write(subgraph: Subgraph, open_file: Opener, lang: Lang) -> int:
    """UTF-8 without a mark, lines end as RFC 4180 has it. An empty cell: not known, or an empty text.

    Texts that a spreadsheet would take for a formula are made harmless, lists joined (see cells.py). `Kind` is the
    relation: Gephi keeps edges of several kinds apart. `Weight` is 1, as amounts have all kinds of units.
    """
    graph = PropertyGraph(subgraph, lang)
    with open_file("nodes.csv") as opened:
        nodes = TextFile(opened)
        head = (*_NODE_HEAD, *(column.name for column in graph.node_columns[2:]))
        nodes.write_all(_pieces(head, graph.node_columns, graph.nodes()))
    with open_file("edges.csv") as opened:
        edges = TextFile(opened)
        head = (*_EDGE_HEAD, *(column.name for column in graph.edge_columns[5:]))
        edges.write_all(_pieces(head, graph.edge_columns, graph.edges(), _as_gephi_has_it))
    return nodes.removed + edges.removed


Sheet = list[Iterable[str]]


def _as_gephi_has_it(sheet: Sheet) -> Sheet:
    id_, source, target, label, predicate, *rest = sheet
    return [source, target, repeat("Directed"), predicate, id_, label, repeat("1"), *rest]


def _pieces(
    head: Sequence[str],
    columns: Sequence[Column],
    rows: Iterable[Row],
    arranged: Callable[[Sheet], Sheet] = lambda sheet: sheet,
) -> Iterator[str]:
    """The sheet, some rows at a time; made column by column, as most cells of a column have been seen before."""
    yield ",".join(head) + _END
    names = [column.name for column in columns]
    kept = [_Cells() for _ in columns]
    rest = iter(rows)
    while some := list(islice(rest, _ROWS)):
        sheet: Sheet = [
            column if name in _IDS and _is_plain(column) else map(cells.__getitem__, column)
            for name, cells, column in zip(names, kept, zip(*some, strict=True), strict=True)
        ]
        # `repeat` has no end.
        lines = map(",".join, zip(*arranged(sheet), strict=False))
        yield _END.join(lines) + _END


def _is_plain(column: Sequence[Cell]) -> bool:
    """Whether ids, which begin with the prefix of their kind, can be written as they are."""
    return not _QUOTED.search("".join(map(str, column)))


class _Cells(dict[Cell, str]):
    """Cells already written."""

    def __missing__(self, cell: Cell) -> str:
        written = _written(cell)
        if len(self) < _KEPT:
            self[cell] = written
        return written


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if cell is True or cell is False:
        return "true" if cell else "false"
    if isinstance(cell, float | int):
        return repr(cell)
    text = neutral(cell if isinstance(cell, str) else joined(cell))
    return f'"{text.replace(_QUOTE, _QUOTE * 2)}"' if _QUOTED.search(text) else text
