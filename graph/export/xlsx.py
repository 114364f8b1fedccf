"""A workbook for people: what it is, nodes, relations, sources. Numbers are numbers, all else is text.

A text that a spreadsheet would take for a formula is marked as a text (Excel's quotePrefix), so it stays as it is;
characters that XML forbids stand as Excel's own escapes.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

from graph.export.cells import joined, neutral
from graph.export.parquet import SOURCES, source_row
from graph.export.port import Opener
from graph.export.property_graph import Cell, Column, Lang, PropertyGraph, Row
from graph.export.xlsx_notes import Notes, notes
from graph.model.errors import BadInput
from graph.model.subgraph import Subgraph

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

FILES = ("graph.xlsx",)
# Excel's own limits: rows of a sheet, and UTF-16 units of a cell.
ROWS = 1_048_576
_UNITS = 32_767
# Any day, but always the same, so that the same subgraph gives the same bytes.
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
_SHEETS = {"zh": ("说明", "节点", "关系", "来源"), "en": ("read me", "nodes", "relations", "sources")}
_WIDTHS = {
    "id": 28,
    "label": 26,
    "source": 24,
    "target": 24,
    "source_label": 26,
    "target_label": 26,
    "url": 48,
    "document_url": 40,
    "licence": 30,
}
# Beside the ids of a relation's ends: a sheet is read by people.
_ENDS = (
    Column("source_label", "text", "起点名称", "name of the node it is said of"),
    Column("target_label", "text", "终点名称", "name of the node it leads to"),
)
_NO_CHARACTERS = re.compile("[\ud800-\udfff\ufffe\uffff]")


def write(subgraph: Subgraph, open_file: Opener, lang: Lang) -> int:
    """One file. Raises BadInput before it is begun where a sheet would have too many rows."""
    for count in (subgraph.size.nodes, subgraph.size.links):
        _check_rows(count)
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    graph = PropertyGraph(subgraph, lang)
    # xlsxwriter leaves its drafts behind when it fails; in a folder of ours they go.
    with open_file(FILES[0]) as opened, TemporaryDirectory() as drafts:
        file = _Replaceable(opened)
        workbook = Workbook(file, {"constant_memory": True, "default_date_format": None, "tmpdir": drafts})
        try:
            removed = _fill(workbook, subgraph, graph, lang)
            workbook.close()
        except BaseException as error:
            file.to = BytesIO()
            _throw_away(workbook)
            # The library hides what the system said.
            raise (error.args[0] if isinstance(error, FileCreateError) else error) from None
    return removed


class _Replaceable:
    """The file as xlsxwriter sees it: its zip writes to it once more when it is thrown away, then to nowhere."""

    def __init__(self, to: BinaryIO) -> None:
        self.to = to

    def __getattr__(self, name: str) -> Any:
        return getattr(self.to, name)


def _fill(workbook: "Workbook", subgraph: Subgraph, graph: PropertyGraph, lang: Lang) -> int:
    """All sheets; how many characters were taken out."""
    workbook.set_properties({"title": _SHEETS[lang][0], "created": _CREATED})
    names = _SHEETS[lang]
    told, *sheets = (_Sheet(workbook, workbook.add_worksheet(name)) for name in names)
    licences: Counter[str] = Counter()
    labels: dict[str, str] = {}
    tables: list[tuple[Sequence[Column], Iterable[Row]]] = [
        (graph.node_columns, _noting(graph.nodes(), labels)),
        ((*graph.edge_columns[:3], *_ENDS, *graph.edge_columns[3:]), _naming(graph.edges(), labels)),
        (SOURCES, _counting(map(source_row, subgraph.sources()), licences)),
    ]
    for sheet, (columns, rows) in zip(sheets, tables, strict=True):
        sheet.table(columns, rows, lang)
    listed = dict(zip(names[1:], (columns for columns, _ in tables), strict=True))
    told.notes(notes(subgraph, licences, listed), lang)
    return sum(sheet.removed for sheet in (told, *sheets))


class _Sheet:
    """A sheet and the looks of its cells."""

    def __init__(self, workbook: "Workbook", sheet: "Worksheet") -> None:
        self._sheet = sheet
        self._head = workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "bottom": 1, "valign": "top"})
        self._marked = workbook.add_format({"quote_prefix": True})
        self._title = workbook.add_format({"bold": True, "font_size": 14})
        self._plain = workbook.add_format({"align": "left"})
        self.removed = 0

    def table(self, columns: Sequence[Column], rows: Iterable[Row], lang: Lang) -> None:
        """A row of names that stays in sight, and the rows."""
        sheet = self._sheet
        self._print()
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 2 if columns[1].name == "label" else 1)
        for at, column in enumerate(columns):
            width = _WIDTHS.get(column.name, 12 if column.type in ("number", "whole", "truth") else 16)
            sheet.set_column(at, at, width)
        for at, name in enumerate(_heads(columns, lang)):
            sheet.write_string(0, at, name, self._head)
        number = 0
        for number, row in enumerate(rows, start=1):
            _check_rows(number)
            for at, cell in enumerate(row):
                self._write(number, at, cell)
        sheet.autofilter(0, 0, number, len(columns) - 1)

    def notes(self, told: Notes, lang: Lang) -> None:
        """What the workbook is: the reader's language, the value, the other language."""
        sheet = self._sheet
        for at, width in enumerate((52, 34, 80)):
            sheet.set_column(at, at, width)
        sheet.hide_gridlines(2)
        self._print()
        for number, (zh, en, value) in enumerate(told):
            words = (zh, en) if lang == "zh" else (en, zh)
            look = self._title if number == 0 else self._head if value is None else self._plain
            for at, text in zip((0, 2), words, strict=True):
                if text:
                    self._text(number, at, text, look)
            if isinstance(value, float):
                sheet.write_number(number, 1, value, self._plain)
            elif value:
                self._text(number, 1, value, self._plain)
            elif look is self._head:
                sheet.write_blank(number, 1, None, look)

    def _print(self) -> None:
        """On paper all columns side by side."""
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)

    def _write(self, row: int, at: int, cell: Cell) -> None:
        if cell is None or cell in {(), ""}:
            return
        if isinstance(cell, bool):
            self._sheet.write_boolean(row, at, cell)
        elif isinstance(cell, float | int):
            self._sheet.write_number(row, at, cell)
        else:
            text = joined(cell) if isinstance(cell, tuple) else cell
            self._text(row, at, text, self._marked if neutral(text) != text else None)

    def _text(self, row: int, at: int, text: str, look: Any) -> None:
        kept, lost = _NO_CHARACTERS.subn("", text)
        self.removed += lost
        if len(kept) > _UNITS // 2 and len(kept.encode("utf-16-le")) // 2 > _UNITS:
            raise BadInput(
                "A cell of Excel takes {limit} characters, and one here would have {count}: '{beginning}…'. "
                "Narrow the subgraph, or export it as parquet.",
                limit=f"{_UNITS:,}",
                count=f"{len(kept):,}",
                beginning=kept[:60],
            )
        if kept.startswith("<r>") and kept.endswith("</r>"):
            # xlsxwriter takes such a text for the inside of a cell; as its inside it has to be escaped.
            kept = f'<r><t xml:space="preserve">{escape(kept, quote=False)}</t></r>'
        self._sheet.write_string(row, at, kept, look)


def _heads(columns: Sequence[Column], lang: Lang) -> Iterator[str]:
    """The names of columns: words in Chinese, a number behind the second of the same; the plain names in English."""
    seen: Counter[str] = Counter()
    for column in columns:
        name = column.zh if lang == "zh" else column.name
        seen[name] += 1
        yield f"{name}{seen[name]}" if seen[name] > 1 else name


def _check_rows(count: int) -> None:
    if count >= ROWS:
        raise BadInput(
            "A sheet of Excel takes {limit} rows below its head, and there are {count}. "
            "Narrow the subgraph, or export it as parquet or gephi-csv.",
            limit=f"{ROWS - 1:,}",
            count=f"{count:,}",
        )


def _noting(nodes: Iterable[Row], labels: dict[str, str]) -> Iterator[Row]:
    """The nodes; their names are kept."""
    for row in nodes:
        labels[str(row[0])] = str(row[1])
        yield row


def _naming(edges: Iterable[Row], labels: Mapping[str, str]) -> Iterator[Row]:
    """The edges, with the names of their ends."""
    for id_, source, target, *rest in edges:
        yield (id_, source, target, labels[str(source)], labels[str(target)], *rest)


def _counting(rows: Iterable[Row], licences: Counter[str]) -> Iterator[Row]:
    for row in rows:
        licences[str(row[-1] or "")] += 1
        yield row


def _throw_away(workbook: "Workbook") -> None:
    """Close what a workbook holds open without writing it."""
    workbook.fileclosed = True
    for sheet in workbook.worksheets():
        sheet._opt_close()
