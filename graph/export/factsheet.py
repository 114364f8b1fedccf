"""The layout of data/: what its sheets can say stands there, every other claim in claims.csv. It loads back as it was.

chains.csv is not written: what it says has the file itself as its source, under a name that only its folder gives. So
chains stand in claims.csv.
"""

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from io import StringIO
from itertools import groupby
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO

from graph.export import factsheet_rows as rows
from graph.export.port import Opener
from graph.export.property_graph import Lang
from graph.export.text import TextFile
from graph.model.claims import Claim
from graph.model.errors import BadInput
from graph.model.kinds import KIND_OF_PREFIX
from graph.model.subgraph import Subgraph

FILES = tuple(f"{sheet}.csv" for sheet in rows.SHEETS)
# A mark, so that Excel reads UTF-8; the loader does without.
_MARK = b"\xef\xbb\xbf"
_ROWS = 1000
_LONGEST_CELL = 1 << 20  # as in loaders/tables.py
_AFTER_SOURCES = tuple(sheet for sheet in rows.SHEETS if sheet != "sources")
Cells = tuple[str, ...]


def write(subgraph: Subgraph, open_file: Opener, lang: Lang) -> int:  # noqa: ARG001  # it has no labels
    """The files in FILES; those nothing is said in hold their header only."""
    dates: dict[str, str | None] = {}
    with open_file("sources.csv") as file:
        documents = _Sheet(file, rows.SHEETS["sources"])
        for source in subgraph.sources():
            dates[source.id] = source.date
            documents.add(rows.source_cells(source))
        removed = documents.close()
    with ExitStack() as stack:
        # All at once, as claims come by node and not by sheet; a zip takes one file after the other.
        drafts = {sheet: stack.enter_context(TemporaryFile()) for sheet in _AFTER_SOURCES}
        sheets = {sheet: _Sheet(draft, rows.SHEETS[sheet]) for sheet, draft in drafts.items()}
        for sheet, cells in _rows(subgraph, _Processes(subgraph), dates):
            sheets[sheet].add(cells)
        removed += sum(sheet.close() for sheet in sheets.values())
        for name, draft in drafts.items():
            draft.seek(0)
            with open_file(f"{name}.csv") as file:
                copyfileobj(draft, file)
    return removed


class _Sheet:
    """A CSV file, some rows at a time."""

    def __init__(self, file: BinaryIO, header: Cells) -> None:
        file.write(_MARK)
        self._file = TextFile(file)
        self._rows: list[Cells] = [header]

    def add(self, cells: Cells) -> None:
        if max(map(len, cells)) >= _LONGEST_CELL:
            raise BadInput(
                "A text of {node} is longer than {limit} characters, too long for a cell. Export it as parquet.",
                node=cells[0],
                limit=_LONGEST_CELL,
            )
        self._rows.append(cells)
        if len(self._rows) >= _ROWS:
            self._flush()

    def close(self) -> int:
        """How many characters were taken out."""
        self._flush()
        return self._file.removed

    def _flush(self) -> None:
        part = StringIO(newline="")
        csv.writer(part).writerows(self._rows)
        self._file.write(part.getvalue())
        self._rows.clear()


class _Processes:
    """What each source says of the processes whose flows it tells: rows of processes.csv say both at once."""

    def __init__(self, subgraph: Subgraph) -> None:
        self._said: dict[tuple[str, str], dict[str, Claim]] = {}
        # Pairs of process and source that a flow has a row for.
        self._flowing: set[tuple[str, str]] = set()
        for _, claim in subgraph.claims():
            if claim.predicate in rows.FLOWS:
                if rows.is_curated(claim) and rows.flow(claim, {}):
                    self._flowing.add((rows.process_of(claim), claim.source))
            elif claim.subject.startswith("prc:") and rows.describes(claim) and rows.is_curated(claim):
                self._said.setdefault((claim.subject, claim.source), {}).setdefault(claim.predicate, claim)

    def row(self, flow: Claim) -> Cells | None:
        """The row of a flow, when its source says what kind of process it is."""
        description = self._said.get((rows.process_of(flow), flow.source), {})
        return rows.flow(flow, description) if "process_kind" in description else None

    def tell(self, claim: Claim) -> bool:
        """Whether a flow's row says this too."""
        pair = claim.subject, claim.source
        said = self._said.get(pair, {})
        return pair in self._flowing and "process_kind" in said and said.get(claim.predicate) == claim


def _rows(subgraph: Subgraph, processes: _Processes, dates: dict[str, str | None]) -> Iterator[tuple[str, Cells]]:
    """Every claim in one row of one sheet, but for descriptions of processes, which stand in many."""
    for _, told in groupby(subgraph.claims(), key=lambda pair: pair[1].subject):
        entity = _Entity()
        conditions: dict[Claim, list[Claim]] = {}
        for _, claim in told:
            if not rows.is_curated(claim):
                yield "claims", rows.claim_cells(claim)
            elif claim.predicate == "condition":
                conditions.setdefault(claim._replace(object=None), []).append(claim)
            elif not entity.take(claim, dates.get(claim.source)):
                yield from _row(claim, processes)
        yield from entity.rows()
        for same in conditions.values():
            if cells := rows.condition(same):
                yield "policy_conditions", cells
            else:
                yield from (("claims", rows.claim_cells(claim)) for claim in same)


def _row(claim: Claim, processes: _Processes) -> Iterator[tuple[str, Cells]]:
    predicate, sheet, cells = claim.predicate, "claims", None
    if predicate in rows.RELATIONS:
        sheet, cells = "relations", rows.relation(claim)
    elif predicate in ("indicator", "offers"):
        sheet, cells = ("indicators" if predicate == "indicator" else "offers"), rows.figure(claim)
    elif predicate == "status":
        sheet, cells = "statuses", rows.status(claim)
    elif predicate in rows.FLOWS:
        sheet, cells = "processes", processes.row(claim)
    elif claim.subject.startswith("prc:") and processes.tell(claim):
        return
    yield (sheet, cells) if cells else ("claims", rows.claim_cells(claim))


class _Entity:
    """The rows of entities.csv about one node: what a source says of it in one row, what it says twice in another."""

    def __init__(self) -> None:
        self._by_source: dict[str, list[dict[str, str]]] = {}
        self._node = ""

    def take(self, claim: Claim, source_date: str | None) -> bool:
        """Whether a cell says it."""
        cells = rows.entity_cells(claim, source_date)
        if cells is None:
            return False
        self._node = claim.subject
        lines = self._by_source.setdefault(claim.source, [{}])
        if "aliases" in cells:
            lines[0]["aliases"] = ";".join(part for part in (lines[0].get("aliases"), cells["aliases"]) if part)
            return True
        free = next((line for line in lines if not line.keys() & cells.keys()), None)
        if free is None:
            lines.append(free := {})
        free.update(cells)
        return True

    def rows(self) -> Iterator[tuple[str, Cells]]:
        """The rows, by source as the sources came."""
        for source, lines in self._by_source.items():
            for line in lines:
                yield "entities", rows.entity_row(self._node, KIND_OF_PREFIX[self._node[:3]].name, line, source)
