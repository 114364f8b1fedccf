"""Sheets on the command line: the text of a file that somebody filled in."""

from pathlib import Path

from graph.model.errors import UnreadableFile

_LARGEST = 1_000_000


def read_file(name: str) -> str:
    """The text of a file, in UTF-8 or as Chinese Windows writes it. Raises UnreadableFile."""
    path = Path(name)
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise UnreadableFile(
            "{file} cannot be read: {reason}.", file=name, reason=error.strerror or str(error)
        ) from error
    if len(content) > _LARGEST:
        raise UnreadableFile("'{file}' is larger than {most} MB. No sheet is.", file=name, most=_LARGEST // 1_000_000)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("'{file}' is no text. Save it as UTF-8.", file=name)
