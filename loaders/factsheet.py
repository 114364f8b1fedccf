"""The layout of data/: ten CSV files, each row with its source. What the columns mean is told in data/README.md."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from graph.model.claims import Claim
from graph.model.errors import UnreadableFile
from loaders.base import Item, Part, Place, Reject
from loaders.encodings import find_encoding
from loaders.sheets import claims, entities, processes
from loaders.sheets.claims import ClaimRow
from loaders.sheets.conditions import ConditionRow
from loaders.sheets.documents import ChainRow, SourceRow, chains_source
from loaders.sheets.entities import EntityRow
from loaders.sheets.figures import StatusRow, indicator_row, offer_row
from loaders.sheets.processes import ProcessRow
from loaders.sheets.relations import RelationRow
from loaders.sheets.rows import Read, Reading, read_claims, read_sources
from loaders.tables import Columns, Table, read_header


def _columns(names: str | tuple[str, ...], required: str) -> Columns:
    return Columns(tuple(names.split()) if isinstance(names, str) else names, tuple(required.split()))


# The file of each sheet, in the order of reading: what describes a node comes before what names it.
SHEETS: Mapping[str, Columns] = MappingProxyType({
    "sources": _columns("source_id url publisher date grade licence", "source_id url"),
    "chains": _columns("chain name_en name_zh targets", "chain targets"),
    "entities": _columns(entities.NAMES, "id kind source_id"),
    "processes": _columns(processes.NAMES, "process_id kind role product_id source_id"),
    "relations": _columns(
        "subject predicate object qualifier value unit as_of until flag note source_id",
        "subject predicate object source_id",
    ),
    "indicators": _columns("subject indicator value unit as_of note source_id", "subject indicator value source_id"),
    "statuses": _columns("project status as_of note source_id", "project status source_id"),
    "policy_conditions": _columns(
        "policy applies_to condition benefit value unit valid_from valid_until source_id "
        "field operator asked asked_unit",
        "policy condition benefit source_id",
    ),
    "offers": _columns("region offer value unit as_of note source_id", "region offer source_id"),
    "claims": _columns(claims.NAMES, "subject predicate source_id"),
})  # fmt: skip


class _Ends(NamedTuple):
    """The columns where a claim's two ends stand."""

    subject: str = "subject"
    object: str = "object"


_ENDS: dict[str, _Ends] = {
    "chain": _Ends("id", "chain"), "site": _Ends("process_id", "site"),
    "input_to": _Ends("product_id", "process_id"), "yields": _Ends("process_id", "product_id"),
    "uses": _Ends("process_id", "product_id"), "chain_target": _Ends("chain", "targets"),
    "status": _Ends("project"), "offers": _Ends("region"), "condition": _Ends("policy", "applies_to"),
}  # fmt: skip


class FactsheetLoader:
    """Reads a folder with some of the files, or one of them under any name.

    A file alone is read with the sources.csv beside it, which dates it; so its claims are those of the whole folder.
    """

    name = "factsheet"
    zh = "事实表：含 entities.csv、relations.csv 等文件的文件夹，或其中一个文件"
    en = f"a folder with some of {', '.join(f'{name}.csv' for name in SHEETS)}, or one such file"

    def recognises(self, path: Path) -> bool:
        """Whether a folder has one of the files, or a file the name or the columns of one."""
        return bool(self._files_in(path)) if path.is_dir() else self._sheet_of(path) is not None

    def read(self, path: Path, dataset: str) -> Iterator[Item]:
        """Sources first, then claims and rejects sheet by sheet. All headers are looked at before any row."""
        if path.is_dir():
            files = self._files_in(path)
            yield from _strays(path, files)
        else:
            sheet = self._sheet_of(path)
            files = {sheet: path} if sheet else {}
            beside = self._files_in(path.parent).get("sources")
            if beside and files and sheet != "sources" and _looks_like("sources", beside):
                files["sources"] = beside
        if not files:
            raise UnreadableFile("{file} is not a factsheet. It should be {layout}.", file=path, layout=self.en)
        tables = {sheet: Table(files[sheet], SHEETS[sheet]) for sheet in SHEETS if sheet in files}
        reading = Reading(dataset)
        if "sources" in tables:
            yield from read_sources(tables["sources"], SourceRow(reading))
        if "chains" in tables:
            yield chains_source(dataset)
        for sheet, row in _ROWS.items():
            if sheet in tables:
                yield from read_claims(tables[sheet], row(reading))

    def column(self, claim: Claim, part: Part, place: Place) -> str:
        """The column in which a part of a claim stood."""
        if part == "source":
            return "source_id"
        is_claims = place.file.lower() == "claims.csv"
        ends = _Ends() if is_claims else _ENDS.get(claim.predicate, _Ends())
        return ends.subject if part == "subject" else ends.object if part == "object" else "qualifier"

    def _files_in(self, folder: Path) -> dict[str, Path]:
        """The files of the layout in a folder, by sheet."""
        try:
            files = {file.name.lower(): file for file in sorted(folder.iterdir(), reverse=True)}
        except OSError as error:
            raise UnreadableFile(
                "{file} cannot be read: {reason}.", file=folder, reason=error.strerror or str(error)
            ) from error
        return {sheet: files[f"{sheet}.csv"] for sheet in SHEETS if f"{sheet}.csv" in files}

    def _sheet_of(self, file: Path) -> str | None:
        """Which sheet a file is: by its name, else the one most of whose columns it has, and all that are required."""
        if (stem := file.name.lower().removesuffix(".csv")) in SHEETS:
            return stem
        header = set(read_header(file, find_encoding(file)))
        fitting = [sheet for sheet, columns in SHEETS.items() if header.issuperset(columns.required)]
        return max(fitting, key=lambda sheet: len(header.intersection(SHEETS[sheet].names)), default=None)


def _strays(folder: Path, files: Mapping[str, Path]) -> Iterator[Reject]:
    """CSV files that are none of the layout: perhaps a slip in the name, so not passed over in silence."""
    for file in sorted(folder.glob("*.[cC][sS][vV]")):
        if file not in files.values():
            yield Reject(
                file.name, None, None, None, None, "The file is none of this layout, so it was not read.",
                f"Rename it to one of {', '.join(f'{name}.csv' for name in SHEETS)}, or move it elsewhere.",
            )  # fmt: skip


def _looks_like(sheet: str, file: Path) -> bool:
    try:
        return set(read_header(file, find_encoding(file))).issuperset(SHEETS[sheet].required)
    except UnreadableFile:
        return False


_ROWS: dict[str, Callable[[Reading], Read[Claim]]] = {
    "chains": ChainRow,
    "entities": EntityRow,
    "processes": lambda _: ProcessRow(),
    "relations": lambda _: RelationRow(),
    "indicators": lambda _: indicator_row(),
    "statuses": lambda _: StatusRow(),
    "policy_conditions": lambda _: ConditionRow(),
    "offers": lambda _: offer_row(),
    "claims": lambda _: ClaimRow(),
}
