"""RDF files as statements with their line: subject, property and object as N-Triples spells them.

N-Quads and N-Triples are read line by line, so that a broken line is a Reject and the rest is used. The others are read
by pyoxigraph as streams. Nothing else is ever opened: a context on another server, a document type with entities and an
import are refused.
"""

import re
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import IO, NamedTuple

import pyoxigraph as ox

from graph.export.rdf_terms import iri
from graph.model.errors import UnreadableFile
from loaders.base import Reject
from loaders.encodings import LONGEST_LINE, open_bytes
from loaders.tables import cut

FORMATS: dict[str, ox.RdfFormat] = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
}
_BY_LINE = (".nq", ".nt")
_IRI = r'<[A-Za-z][A-Za-z0-9+.-]*:[^<>"{}|^`\\\x00-\x20]*>'
# How we write, and most others do; whatever else a line may hold is left to the library.
_LINE = re.compile(
    rf"({_IRI}) ({_IRI}) "
    rf'({_IRI}|"[^"\\\r]*(?:\\(?:[tbnrf"\'\\]|u[0-9A-Fa-f]{{4}})[^"\\\r]*)*"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^{_IRI})?)'
    rf"(?: {_IRI})? \.\r?\n?"
)
# Brackets outside of texts. Possessive, so that a text without an end costs one look at it.
_NESTING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?+|[\[\]{}]', re.DOTALL)
_DEEPEST = 200
_IMPORTS = iri("owl", "imports")
_ANYTHING_ELSE = re.compile(rb"[^\s#]")
_PLACE = re.compile(r"^Parser error .*?: | \(line \d+\)$")
_CHUNK = 1 << 20


class Statement(NamedTuple):
    """One statement; `row` is its line, or 0 where the format has none."""

    row: int
    subject: str
    property: str
    object: str


def statements(file: Path) -> Iterator[Statement | Reject]:
    """All statements of a file in its order, graphs left aside; raises UnreadableFile for one that cannot be used."""
    suffix = file.suffix.lower()
    told = _by_line(file) if suffix in _BY_LINE else _streamed(file, FORMATS[suffix])
    for one in told:
        if isinstance(one, Statement) and one.property == _IMPORTS:
            raise UnreadableFile(
                "{file} asks to read {other} along (owl:imports). Nothing is fetched: leave that out, load the other "
                "file too.",
                file=file.name,
                other=cut(one.object),
            )
        yield one


def _by_line(path: Path) -> Iterator[Statement | Reject]:
    match = _LINE.fullmatch
    with open_bytes(path) as file:
        row = 0
        while line := file.readline(LONGEST_LINE + 1):
            row += 1
            if len(line) > LONGEST_LINE:
                raise UnreadableFile(
                    "{file} has a line of over {limit} MB, so it is no N-Quads.",
                    file=path.name,
                    limit=LONGEST_LINE >> 20,
                )
            try:
                fitting = match(line.decode())
            except UnicodeDecodeError:
                yield _broken(path, row, line, "The line is not UTF-8.", "Save the file as UTF-8.")
                continue
            if fitting:
                yield Statement(row, *fitting.groups())
            elif _ANYTHING_ELSE.match(line.lstrip()):
                yield from _odd_line(path, row, line)


def _odd_line(path: Path, row: int, line: bytes) -> Iterator[Statement | Reject]:
    try:
        for quad in ox.parse(line, ox.RdfFormat.N_QUADS):
            yield Statement(row, str(quad.subject), str(quad.predicate), str(quad.object))
    except SyntaxError as error:
        remedy = 'Write <subject> <property> <object or "text"> <graph> and a dot, all on one line.'
        yield _broken(path, row, line, f"The line is no statement: {_reason(error, has_place=False)}.", remedy)


def _streamed(path: Path, form: ox.RdfFormat) -> Iterator[Statement]:
    if form == ox.RdfFormat.RDF_XML:
        _refuse_document_type(path)
    with open_bytes(path) as file:
        try:
            if form == ox.RdfFormat.JSON_LD:
                _refuse_depth(file)
            for quad in ox.parse(file, form):
                yield Statement(0, str(quad.subject), str(quad.predicate), str(quad.object))
        except (SyntaxError, ValueError, OSError) as error:
            if "LoadDocumentCallback" in str(error):
                raise UnreadableFile(
                    "{file} names a context that lies elsewhere. Nothing is fetched: write the context into the file.",
                    file=path.name,
                ) from None
            raise UnreadableFile(
                "{file} cannot be read as {format}: {reason}. Mend it there, or export it again.",
                file=path.name,
                format=form.name,
                reason=_reason(error),
            ) from None


def _refuse_depth(file: IO[bytes]) -> None:
    """Some thousand levels overflow the stack of the library, and with it the whole process ends."""
    if not file.read(1):
        return
    depth = 0
    with mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        for found in _NESTING.finditer(content):
            depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(found[0], 0)
            if depth > _DEEPEST:
                raise ValueError(f"it is nested more than {_DEEPEST} levels deep")
    file.seek(0)


def _refuse_document_type(path: Path) -> None:
    """Entities can make a small file huge, or name other files."""
    before = b""
    with open_bytes(path) as file:
        while chunk := file.read(_CHUNK):
            if b"<!DOCTYPE" in before + chunk or b"<!ENTITY" in before + chunk:
                raise UnreadableFile(
                    "{file} has a document type (DOCTYPE), which may name other files. Save it without one.",
                    file=path.name,
                )
            before = chunk[-16:]


def _broken(path: Path, row: int, line: bytes, reason: str, remedy: str) -> Reject:
    return Reject(path.name, None, row, None, cut(line.decode(errors="replace").strip()), reason, remedy)


def _reason(error: Exception, *, has_place: bool = True) -> str:
    """What the library says; without its own place where we know the line."""
    said = str(error).split("\n")[0].rstrip(" .")
    return cut(said if has_place else _PLACE.sub("", said))
