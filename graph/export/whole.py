"""Files and folders that are there whole or not at all: written beside their place and moved there in the end.

What may go wrong with a path is raised as BadInput.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from graph.model.errors import BadInput


@contextmanager
def whole_file(path: str) -> Iterator[BinaryIO]:
    """A file to write (and to read again), which takes the place of `path` when all went well.

    A link is followed, a device is written to in the end; what may not be written is not replaced either.
    """
    with _told(path):
        target = _resolved(path)
        mode = None
        # Not the target: /dev/stdout leads to a pipe, which has no path of its own.
        if Path(path).exists():
            found = Path(path).stat().st_mode
            if stat.S_ISDIR(found):
                raise IsADirectoryError(21, os.strerror(21))
            if not stat.S_ISREG(found):
                with tempfile.TemporaryFile() as kept, Path(path).open("wb") as device:
                    yield kept
                    kept.seek(0)
                    shutil.copyfileobj(kept, device)
                return
            os.close(os.open(target, os.O_WRONLY))
            mode = stat.S_IMODE(found)
        beside = _beside(target)
        try:
            with os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666), "w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if mode is not None:
                beside.chmod(mode)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: str) -> Iterator[Path]:
    """A folder to write files into. `path` is made, or is an empty folder that the files are moved into in the end."""
    with _told(path):
        target = _resolved(path)
        is_there = target.exists()
        if is_there and next(target.iterdir(), None) is not None:
            raise BadInput(
                "The folder '{path}' is not empty. Name a new one, an empty one, or a file that ends in .zip.",
                path=path[:200],
            )
        beside = target / f".{token_hex(4)}" if is_there else _beside(target)
        beside.mkdir()
        moved: list[Path] = []
        try:
            yield beside
            if is_there:
                for file in sorted(beside.iterdir()):
                    moved.append(file.rename(target / file.name))
                moved.clear()
            else:
                beside.replace(target)
        finally:
            for file in moved:
                shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)
            shutil.rmtree(beside, ignore_errors=True)


@contextmanager
def scratch_folder(path: str) -> Iterator[Path]:
    """A folder beside `path`, for what is put together before it is written there; gone afterwards."""
    with _told(path), tempfile.TemporaryDirectory(prefix=".", dir=_resolved(path).parent) as folder:
        yield Path(folder)


@contextmanager
def _told(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _cannot(path, error.strerror or str(error)) from error


def _resolved(path: str) -> Path:
    try:
        return Path(path).resolve()
    except (ValueError, RuntimeError) as error:
        # A path with a NUL is a ValueError, a circle of links a RuntimeError.
        raise _cannot(path, str(error)) from error


def _cannot(path: str, why: str) -> BadInput:
    return BadInput("Cannot write '{path}': {why}. Name another file.", path=path[:200], why=why)


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name[:100]}.{token_hex(4)}")
