"""Which encoding a text file is in: its byte order mark, else UTF-8 if all of it is, else GB18030.

Detectors that guess from frequencies are not used: a mostly ASCII table with a few GB18030 cells is called cp1250 or
Big5 by them. The whole file is read once for this, so that broken bytes are found before a row is used.
"""

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from graph.model.errors import UnreadableFile

# Tab and line ends are the only control characters a cell may hold: the others break stores and exports.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_BYTES = tuple(bytes([code]) for code in range(128) if CONTROL.match(chr(code)))
# UTF-32 before UTF-16, whose little-endian mark is the beginning of its own.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ZIP = b"PK\x03\x04"
_CHUNK = 1 << 20
LONGEST_LINE = 64 << 20
# Text in GB18030 is hardly ever valid UTF-8 for so many bytes: a file that is, up to there, is damaged UTF-8.
_SURELY_UTF8 = 32


class Encoding(NamedTuple):
    """The name of a codec, and whether the file holds control characters anywhere."""

    name: str
    controls: bool


class _Broken(NamedTuple):
    """Where an encoding failed, and how many bytes of characters beyond ASCII had been read with it."""

    line: int
    multibyte: int


def find_encoding(path: Path) -> Encoding:
    """How to decode a file; raises UnreadableFile when it is missing, empty, no text or no table."""
    with open_bytes(path) as file:
        head = file.read(4)
    if not head:
        raise UnreadableFile("{file} is empty. It needs a line with column names and rows below.", file=path.name)
    if head == _ZIP:
        raise UnreadableFile(
            "{file} is a spreadsheet or zip file, not CSV. Save each of its sheets as CSV UTF-8 first.", file=path.name
        )
    for mark, name in _MARKS:
        if head.startswith(mark):
            found = _try(path, name)
            if isinstance(found, Encoding):
                return found
            raise _unreadable(path, found, "in the encoding its first bytes announce")
    found = _try(path, "utf-8")
    if isinstance(found, Encoding):
        return found
    if found.multibyte >= _SURELY_UTF8:
        raise _unreadable(path, found, "UTF-8, although all before it is")
    found = _try(path, "gb18030")
    if isinstance(found, Encoding):
        return found
    raise _unreadable(path, found, "UTF-8 or GB18030")


def _unreadable(path: Path, broken: _Broken, what: str) -> UnreadableFile:
    return UnreadableFile(
        "{file} holds bytes at line {line} that are not {what}. Save it again as CSV UTF-8.",
        file=path.name,
        line=broken.line,
        what=what,
    )


def _try(path: Path, name: str) -> Encoding | _Broken:
    """Decode the whole file; raises UnreadableFile for a line beyond all reason, which would fill the memory."""
    decoder = codecs.getincrementaldecoder(name)()
    is_bytewise = not name.startswith(("utf-16", "utf-32"))
    controls, multibyte, done, length = False, 0, 0, 0
    with open_bytes(path) as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                file.seek(0)
                # The decoder may have held back the beginning of a character from the chunk before.
                read = file.read(done + error.start - (len(error.object) - len(chunk)))
                line = read.decode(name, "ignore").count("\n") + 1
                return _Broken(line, multibyte + error.start - len(error.object[: error.start].decode(name, "ignore")))
            if not chunk:
                return Encoding(name, controls)
            done += len(chunk)
            if not is_bytewise:
                chunk = text.encode()
            multibyte += len(chunk) - len(text)
            controls = controls or any(code in chunk for code in _CONTROL_BYTES)
            last_end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            length = length + len(chunk) if last_end < 0 else len(chunk) - last_end - 1
            if length > LONGEST_LINE:
                raise UnreadableFile(
                    "{file} has a line of over {limit} MB, so it is no table.",
                    file=path.name,
                    limit=LONGEST_LINE >> 20,
                )


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """The file for reading; whatever the system says against it becomes UnreadableFile."""
    try:
        if path.exists() and not path.is_file():
            what = "a folder" if path.is_dir() else "no regular file"
            raise UnreadableFile("{file} is {what}; a CSV file is wanted here.", file=path, what=what)
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise UnreadableFile("There is no file {file}. Look at the path.", file=path) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableFile(
            "{file} cannot be read: {reason}. Look at its permissions and its disk.", file=path, reason=reason
        ) from error


@contextmanager
def open_text(path: Path, encoding: Encoding) -> Iterator[TextIO]:
    """The file as text; line ends stay as they are, for cells that hold some."""
    with open_bytes(path) as file, TextIOWrapper(file, encoding.name, newline="") as text:
        try:
            yield text
        except UnicodeError:
            raise UnreadableFile("{file} changed while it was read. Load it again.", file=path.name) from None
