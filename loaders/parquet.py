"""A folder that the export to parquet wrote, or that somebody wrote with the same columns: claims and their sources."""

from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.model.claims import GRADES, Claim, Source
from graph.model.errors import UnreadableFile
from loaders.base import Item, Loaded, Part, Place, Reject
from loaders.cells import BadCell, Column, id_of, optional, read_date, word_of
from loaders.encodings import open_bytes
from loaders.fields import Fields, read_detail
from loaders.tables import cut

if TYPE_CHECKING:
    import pyarrow as pa

_CLAIMS = "claims.parquet"
_SOURCES = "sources.parquet"
_MAGIC = b"PAR1"
_ROWS = 8192
# The columns that are read, with their types; `id` and all others are not, as an id follows from the rest.
_CLAIM_COLUMNS = {
    "subject": "text", "predicate": "text", "object": "text", "number": "number", "text": "text", "unit": "text",
    "qualifier": "text", "as_of": "text", "until": "text", "flags": "texts", "detail": "text", "source_id": "text",
    "note": "text", "confidence": "number",
}  # fmt: skip
_SOURCE_COLUMNS = dict.fromkeys(("source_id", "url", "publisher", "date", "grade", "licence"), "text")
_NEEDED = ("subject", "predicate", "source_id")


class ParquetLoader:
    """Reads claims.parquet and the sources.parquet beside it; nodes.parquet and edges.parquet follow from them."""

    name = "parquet"
    zh = "本程序导出的 Parquet 文件夹：claims.parquet 与 sources.parquet"
    en = f"a folder with {_CLAIMS} and {_SOURCES}, as rechain exports it"

    def recognises(self, path: Path) -> bool:
        """Whether a folder has claims.parquet; a file stands for its folder."""
        file = _claims_file(path)
        return file is not None and file.is_file() and _begins_well(file)

    def read(self, path: Path, dataset: str) -> Iterator[Item]:  # noqa: ARG002  # its files name their sources
        """Sources first, then claims and rejects. Row 2 is the first, as a sheet would number it."""
        file = _claims_file(path)
        if file is None:
            raise UnreadableFile("{file} is not a parquet export. It should be {layout}.", file=path, layout=self.en)
        claims = _Table(file, _CLAIM_COLUMNS, _NEEDED)
        beside = file.with_name(_SOURCES)
        if beside.exists():
            yield from _sources(_Table(beside, _SOURCE_COLUMNS, ("source_id",)))
        yield from _claims(claims)

    def column(self, claim: Claim, part: Part, place: Place) -> str:  # noqa: ARG002  # all rows are alike
        """The column in which a part of a claim stood."""
        return "source_id" if part == "source" else part


def _claims_file(path: Path) -> Path | None:
    if path.is_dir():
        return path / _CLAIMS if (path / _CLAIMS).exists() else None
    return path if path.name == _CLAIMS else None


def _begins_well(file: Path) -> bool:
    with open_bytes(file) as opened:
        return opened.read(len(_MAGIC)) == _MAGIC


class _Table:
    """A parquet file of known columns; raises UnreadableFile when it is none, or lacks one it needs."""

    def __init__(self, path: Path, columns: dict[str, str], needed: Sequence[str]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.path = path
        self._columns = columns
        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowException, OSError) as error:
            raise _broken(path, error) from error
        names = self._file.schema_arrow.names
        missing = [name for name in needed if name not in names]
        if missing:
            raise UnreadableFile(
                "{file} lacks the column{s} {missing}. It needs {required}; it has {found}.",
                file=path.name,
                s="s" if len(missing) > 1 else "",
                missing=", ".join(missing),
                required=", ".join(needed),
                found=cut(", ".join(names)),
            )
        twice = sorted({name for name in columns if names.count(name) > 1})
        if twice:
            raise UnreadableFile("{file} has the column {names} twice. Keep one of them.", file=path.name,
                                 names=", ".join(twice))  # fmt: skip
        self._there = [name for name in columns if name in names]

    def rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Each row with its number and a value of every column, None where there is none."""
        import pyarrow as pa

        number = 1
        blank = dict.fromkeys(self._columns)
        try:
            for batch in self._file.iter_batches(batch_size=_ROWS, columns=self._there):
                for row in self._cast(batch).to_pylist():
                    number += 1
                    yield number, blank | row
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise _broken(self.path, error) from error

    def _cast(self, batch: "pa.RecordBatch") -> "pa.RecordBatch":
        import pyarrow as pa

        types: dict[str, Any] = {"text": pa.string(), "number": pa.float64(), "texts": pa.list_(pa.string())}
        arrays = []
        for name in self._there:
            column = batch.column(name)
            try:
                arrays.append(column.cast(types[self._columns[name]]))
            except pa.ArrowException as error:
                raise UnreadableFile(
                    "The column {column} of {file} holds {found}; it should hold {wanted}.",
                    column=name,
                    file=self.path.name,
                    found=column.type,
                    wanted={"text": "texts", "number": "numbers", "texts": "lists of texts"}[self._columns[name]],
                ) from error
        return pa.record_batch(arrays, names=self._there)


def _broken(path: Path, error: Exception) -> UnreadableFile:
    return UnreadableFile(
        "{file} is no parquet file that can be read: {reason}. Perhaps it was cut off; export or copy it again.",
        file=path.name,
        reason=cut(str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__),
    )


def _reject(table: _Table, number: int, bad: BadCell) -> Reject:
    return Reject(table.path.name, None, number, bad.column, cut(bad.value), bad.reason, bad.remedy)


def _sources(table: _Table) -> Iterator[Item]:
    read_id = Column("source_id", id_of("source"))
    days, grades = Column("date", optional(read_date)), Column("grade", word_of(("", *GRADES)))
    seen: dict[str, Source] = {}
    for number, row in table.rows():
        try:
            source = Source(
                read_id[row["source_id"] or ""], row["url"] or "", row["publisher"] or "", days[row["date"] or ""],
                grades[row["grade"] or ""] or "other", row["licence"] or "",
            )  # fmt: skip
            if seen.setdefault(source.id, source) != source:
                raise BadCell(
                    "source_id", source.id, "The id was used above for another document.", "Give it an id of its own."
                )
        except BadCell as bad:
            yield _reject(table, number, bad)
            continue
        yield source


def _claims(table: _Table) -> Iterator[Item]:
    fields = Fields()
    for number, row in table.rows():
        try:
            claim = fields.claim(
                row["subject"] or "", row["predicate"] or "", row["object"] or "", _number("number", row["number"]),
                row["text"], row["unit"] or "", row["qualifier"] or "", row["as_of"] or "", row["until"] or "",
                tuple(flag or "" for flag in row["flags"] or ()), read_detail(row["detail"] or ""),
                row["source_id"] or "", row["note"] or "", 1.0 if row["confidence"] is None else row["confidence"],
            )  # fmt: skip
        except BadCell as bad:
            yield _reject(table, number, bad)
            continue
        yield Loaded(claim, Place(table.path.name, number))


def _number(column: str, value: float | None) -> float | None:
    if value is not None and not isfinite(value):
        raise BadCell(column, str(value), "It is not a finite number.", "Write null where there is none.")
    return value
