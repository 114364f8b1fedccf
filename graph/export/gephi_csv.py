"""Two sheets for Gephi's spreadsheet import, which pandas, R and a spreadsheet open as well."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain, islice

from graph.export.cells import joined, neutral
from graph.export.port import Opener
from graph.export.property_graph import Cell, Lang, PropertyGraph, Row
from graph.export.text import TextFile
from graph.model.subgraph import Subgraph

# Gephi's names for what it knows; the others are as everywhere.
_NODE_HEAD = ("Id", "Label")
_EDGE_HEAD = ("Source", "Target", "Type", "Kind", "Id", "Label", "Weight")
_ROWS = 1000


def write(subgraph: Subgraph, open_file: Opener, lang: Lang) -> int:
    """UTF-8 without a mark, lines end as RFC 4180 has it. An empty cell: not known, or an empty text.

    Texts that a spreadsheet would take for a formula are made harmless, lists joined (see cells.py). `Kind` is the
    relation: Gephi keeps edges of several kinds apart. `Weight` is 1, as amounts have all kinds of units.
    """
    graph = PropertyGraph(subgraph, lang)
    with open_file("nodes.csv") as opened:
        nodes = TextFile(opened)
        head = (*_NODE_HEAD, *(column.name for column in graph.node_columns[2:]))
        nodes.write_all(_pieces(head, graph.nodes()))
    with open_file("edges.csv") as opened:
        edges = TextFile(opened)
        head = (*_EDGE_HEAD, *(column.name for column in graph.edge_columns[5:]))
        edges.write_all(_pieces(head, map(_as_gephi_has_it, graph.edges())))
    return nodes.removed + edges.removed


def _as_gephi_has_it(row: Row) -> Row:
    id_, source, target, label, predicate, *rest = row
    return (source, target, "Directed", predicate, id_, label, 1, *rest)


def _pieces(head: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """The sheet, some rows at a time."""
    whole = chain([tuple(head)], rows)
    while some := list(islice(whole, _ROWS)):
        sheet = StringIO(newline="")
        csv.writer(sheet).writerows([[_cell(cell) for cell in row] for row in some])
        yield sheet.getvalue()


def _cell(cell: Cell) -> Cell:
    if cell.__class__ is str:
        return neutral(cell)
    if cell.__class__ is tuple:
        return neutral(joined(cell))
    if cell.__class__ is bool:
        return "true" if cell else "false"
    return cell
