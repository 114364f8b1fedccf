"""Zip files that hold a layout we know: an export, or a bundle with one in a folder of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile, ZipInfo, is_zipfile
from zlib import error as ZlibError

from graph.model.errors import UnreadableFile
from loaders.registry import LOADERS

# A zip of a few bytes may unpack to more than a disk holds.
LARGEST = 8 << 30
_MOST_FILES = 1000
# A spreadsheet is a zip too, with this in it.
_SPREADSHEET = "[Content_Types].xml"
_PIECE = 1 << 20


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The folder with what a zip holds, for as long as it is looked at; any other path as it is.

    Raises UnreadableFile for a zip that is broken, encrypted, too large, or holds nothing that we know.
    """
    if not (path.is_file() and path.suffix.lower() == ".zip" and is_zipfile(path)):
        yield path
        return
    with TemporaryDirectory() as place:
        yield _unpack(path, Path(place))


def _unpack(path: Path, place: Path) -> Path:
    """The folder that a loader knows; the path itself where it is a spreadsheet."""
    folder = place / "whole" / path.stem
    try:
        with ZipFile(path) as archive:
            if _SPREADSHEET in archive.namelist():
                return path
            _extract(archive, folder, path)
    except (BadZipFile, ZlibError, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise UnreadableFile(
            "{file} is a zip file that cannot be taken apart: {reason}. Perhaps it was cut off; copy it again.",
            file=path.name,
            reason=str(error).rstrip(".") or type(error).__name__,
        ) from error
    (place / "found").mkdir()
    return _recognised(folder, path)


def _extract(archive: ZipFile, folder: Path, path: Path) -> None:
    members = [one for one in archive.infolist() if not one.is_dir()]
    if len(members) > _MOST_FILES or sum(one.file_size for one in members) > LARGEST:
        raise UnreadableFile(
            "{file} holds more than {files} files or {gigabytes} GB. Unpack it yourself and load the folder.",
            file=path.name,
            files=f"{_MOST_FILES:,}",
            gigabytes=LARGEST >> 30,
        )
    for member in members:
        if member.flag_bits & 1:
            raise UnreadableFile("{file} is encrypted. Unpack it yourself and load the folder.", file=path.name)
        target = folder / _inside(member, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        left = member.file_size
        with archive.open(member) as packed, target.open("wb") as file:
            copyfileobj(packed, file, _PIECE)
            if file.tell() > left:
                raise BadZipFile("a file is larger than it says")


def _inside(member: ZipInfo, path: Path) -> PurePosixPath:
    """Where a file goes; never out of the folder."""
    name = PurePosixPath(member.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in member.filename or not name.parts:
        raise UnreadableFile("{file} holds a file outside of its own folder, so nothing of it is read.", file=path.name)
    return name


def _recognised(folder: Path, path: Path) -> Path:
    """The folder itself where a loader knows it, else the first of its folders that one knows."""
    if _is_known(folder):
        return folder
    for inner in sorted(one for one in folder.rglob("*") if one.is_dir()):
        if _is_known(inner):
            # Under the name of the zip, which is what the data set is called.
            return inner.rename(folder.parents[1] / "found" / folder.name)
    raise UnreadableFile(
        "{file} holds no layout that we know. Known are: {layouts}.",
        file=path.name,
        layouts="; ".join(f"{loader.name} ({loader.en})" for loader in LOADERS.values()),
    )


def _is_known(folder: Path) -> bool:
    return any(loader.recognises(folder) for loader in LOADERS.values())
