"""Files that are written whole, or not at all."""

import os
import stat
from pathlib import Path
from secrets import token_hex

from graph.model.errors import BadInput


def write_file(path: str, content: bytes) -> None:
    """Put a content into a file: whole, or not at all. Raises BadInput."""
    try:
        _write_whole(Path(path), content)
    except (OSError, ValueError, RuntimeError) as error:
        # A circle of links is a RuntimeError.
        why = getattr(error, "strerror", None) or str(error)
        raise BadInput("Cannot write '{path}': {why}. Name another file.", path=path[:200], why=why) from error


def _write_whole(path: Path, content: bytes) -> None:
    """Into a file beside it that takes its place in the end; a link is followed, a device is written to."""
    target = path.resolve()
    mode = None
    if target.exists():
        found = target.stat().st_mode
        if stat.S_ISDIR(found):
            raise IsADirectoryError(21, os.strerror(21))
        if not stat.S_ISREG(found):
            target.write_bytes(content)
            return
        # What may not be written is not replaced either.
        os.close(os.open(target, os.O_WRONLY))
        mode = stat.S_IMODE(found)
    beside = target.with_name(f".{target.name[:100]}.{token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            beside.chmod(mode)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
