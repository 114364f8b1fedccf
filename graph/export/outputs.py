"""A subgraph into a file, a folder or a zip: whole or not at all, the same bytes each time, counted and hashed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from graph.export.formats import FORMATS
from graph.export.port import Format
from graph.export.property_graph import Lang
from graph.export.whole import scratch_folder, whole_file, whole_folder
from graph.model.errors import BadInput
from graph.model.subgraph import Subgraph

# What a zip says of the age of its files: nothing, so that two exports are the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_PIECE = 1 << 20


class WrittenFile(NamedTuple):
    """A file as written, by its name in the format."""

    name: str
    bytes: int
    sha256: str


class Written(NamedTuple):
    """What was written. `archive` is the zip the files are in, None without one; `removed` as in Format."""

    files: tuple[WrittenFile, ...]
    archive: WrittenFile | None
    removed: int


def format_named(name: str | None, path: str) -> Format:
    """The format of this name, or the only one whose files end as the path does. Raises BadInput."""
    known = ", ".join(FORMATS)
    if name is not None:
        if name not in FORMATS:
            raise BadInput("There is no format '{name}'. There are: {known}.", name=name[:60], known=known)
        return FORMATS[name]
    ending = Path(path).suffix.lower()
    fitting = [one for one in FORMATS.values() if len(one.files) == 1 and Path(one.files[0]).suffix == ending]
    if len(fitting) != 1:
        raise BadInput("The ending of '{path}' tells no format. Give one of: {known}.", path=path[:200], known=known)
    return fitting[0]


def check_cut(subgraph: Subgraph, most: int) -> None:
    """Raises BadInput when there was no room for all nodes: an export is the whole of what was asked for."""
    if beyond := subgraph.left_out.nodes:
        raise BadInput(
            "This subgraph has {reached:,} nodes at least, and {most:,} are allowed. Narrow it with fewer hops,"
            " some predicates or another seed, or allow more with 'most' (up to 1,000,000).",
            reached=subgraph.size.nodes + beyond,
            most=most,
        )


def check_links(subgraph: Subgraph, most: int) -> None:
    """Raises BadInput when there are more links than a service gives away at a time."""
    if subgraph.size.links > most:
        raise BadInput(
            "This subgraph has {links:,} links, and {most:,} may be exported here at a time. Narrow it with fewer hops,"
            " some predicates or another seed, or use the command rechain export.",
            links=subgraph.size.links,
            most=most,
        )


def write(subgraph: Subgraph, format_: Format, path: str, lang: Lang) -> Written:
    """Into the file `path`; into a zip when it ends in .zip; several files into a folder. Raises BadInput."""
    is_zip = path.lower().endswith(".zip")
    if len(format_.files) == 1 and not is_zip:
        if Path(path).is_dir():
            raise BadInput("'{path}' is a folder, and {name} is one file. Name a file.", path=path, name=format_.name)
        with whole_file(path) as file:
            removed = write_into(file, subgraph, format_, lang)
            return Written((_measured_open(file, format_.files[0]),), None, removed)
    if is_zip:
        with scratch_folder(path) as scratch, whole_file(path) as file:
            packed, removed = _zip(file, scratch, subgraph, format_, lang)
            return Written(packed, _measured_open(file, Path(path).name), removed)
    if Path(path).exists() and not Path(path).is_dir():
        raise BadInput(
            "'{path}' is a file, and {name} is several. Name a folder, or a file that ends in .zip.",
            path=path,
            name=format_.name,
        )
    with whole_folder(path) as folder:
        removed = _into(folder, subgraph, format_, lang)
        files = tuple(_measured(folder / name, name) for name in format_.files)
    return Written(files, None, removed)


def write_into(file: BinaryIO, subgraph: Subgraph, format_: Format, lang: Lang) -> int:
    """Into an open file: as it is when it is one file, else a zip. Returns the characters taken out."""
    if len(format_.files) > 1:
        with TemporaryDirectory() as folder:
            return _zip(file, Path(folder), subgraph, format_, lang)[1]

    @contextmanager
    def open_file(_: str) -> Iterator[BinaryIO]:
        yield file

    return format_.write(subgraph, open_file, lang)


def _zip(
    file: BinaryIO, scratch: Path, subgraph: Subgraph, format_: Format, lang: Lang
) -> tuple[tuple[WrittenFile, ...], int]:
    """The files are put together on the disk: not every writer can do without going back in its file."""
    removed = _into(scratch, subgraph, format_, lang)
    files = []
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name in format_.files:
            files.append(_measured(scratch / name, name))
            _pack(archive, scratch / name, name)
    return tuple(files), removed


def _pack(archive: ZipFile, file: Path, name: str) -> None:
    """One file into a zip, without its age and owner."""
    about = ZipInfo(name, _NO_TIME)
    about.compress_type = ZIP_DEFLATED
    about.external_attr = 0o644 << 16
    about.create_system = 3
    about.file_size = file.stat().st_size
    with file.open("rb") as opened, archive.open(about, "w") as packed:
        shutil.copyfileobj(opened, packed, _PIECE)
    file.unlink()


def _into(folder: Path, subgraph: Subgraph, format_: Format, lang: Lang) -> int:
    def open_file(name: str) -> BinaryIO:
        (folder / name).parent.mkdir(exist_ok=True)
        return (folder / name).open("w+b")

    return format_.write(subgraph, open_file, lang)


def _measured(file: Path, name: str) -> WrittenFile:
    with file.open("rb") as opened:
        return _measured_open(opened, name)


def _measured_open(file: BinaryIO, name: str) -> WrittenFile:
    file.seek(0)
    digest = file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    return WrittenFile(name, file.tell(), digest)
