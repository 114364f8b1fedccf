"""Bundles: a subgraph with its citation as one format; and read back: are the files as they were written?"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from graph.export.bundle import CITATION, SUMS, bundle_of
from graph.export.port import Format
from graph.model.errors import UnreadableFile
from graph.readers.port import Reader
from queries.answer_changes import Change
from queries.citations import LARGEST, Cited, cite, read_citation, written
from queries.lookup import contents
from queries.lookup.subgraph import Extent

ZIP_BEGINS = b"PK\x03\x04"
# Unpacked and together: what a bundle of some ten million links comes to. Nothing is ever unpacked to disk.
_MOST = 64_000_000_000
_MOST_FILES = 10_000


def bundle_for(reader: Reader, asked: Extent, formats: Sequence[Format], version: str) -> Format:
    """The bundle of a subgraph in these formats, with the citation of its contents. `version` is the program's."""
    answer = contents.run(reader, asked)
    return bundle_of(formats, written(cite(contents.QUERY, answer)).encode(), version)


class ReadBundle(NamedTuple):
    """A bundle's citation, and the files that are not as they were written: the sums then and now, None: no file."""

    cited: Cited
    damage: tuple[Change, ...]


def read_bundle(file: Path | BinaryIO, name: str) -> ReadBundle:
    """Raises UnreadableFile when it is no bundle of rechain, or cannot be read to its end."""
    try:
        with ZipFile(file) as bundle:
            names = [one.filename for one in bundle.infolist() if not one.is_dir()]
            if SUMS not in names or CITATION not in names:
                raise _no_bundle(name)
            if len(names) > _MOST_FILES or sum(one.file_size for one in bundle.infolist()) > _MOST:
                raise UnreadableFile("'{file}' unpacks to more than any bundle of rechain. It was not read.", file=name)
            told = _sums(_head(bundle, SUMS), name)
            found = {one: _digest(bundle, one) for one in names if one != SUMS}
            cited = read_citation(_head(bundle, CITATION), f"{name}/{CITATION}")
    except (BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError | IsADirectoryError | PermissionError):
            raise UnreadableFile(
                "Cannot read '{path}': {why}. Look at the path.", path=name, why=error.strerror or str(error)
            ) from error
        raise UnreadableFile("'{file}' is a broken zip file. Get it again, whole.", file=name) from error
    twice = {one for one in names if names.count(one) > 1}
    damage = tuple(
        Change(path, told.get(path), found.get(path))
        for path in sorted(told.keys() | found.keys())
        if told.get(path) != found.get(path) or path in twice
    )
    return ReadBundle(cited._replace(intact=cited.intact and not damage), damage)


def _no_bundle(name: str) -> UnreadableFile:
    return UnreadableFile(
        "'{file}' is not a bundle of rechain: {sums} or {citation} is missing. Give a zip that "
        "`rechain export --bundle` wrote, whole.",
        file=name,
        sums=SUMS,
        citation=CITATION,
    )


def _sums(text: bytes, name: str) -> dict[str, str]:
    told: dict[str, str] = {}
    for line in text.decode("utf-8", "replace").splitlines():
        digest, gap, path = line.partition("  ")
        if not gap or len(digest) != 64 or path in told:
            raise _no_bundle(name)
        told[path] = digest
    return told


def _head(bundle: ZipFile, name: str) -> bytes:
    with bundle.open(name) as file:
        return file.read(LARGEST + 1)


def _digest(bundle: ZipFile, name: str) -> str:
    digest = sha256()
    with bundle.open(name) as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
