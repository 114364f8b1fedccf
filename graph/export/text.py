"""From text to bytes, without the characters that a file may not hold: they are taken out and counted.

Done for a piece of a file at a time, which costs next to nothing as long as all is well.
"""

import re
from collections.abc import Iterable
from typing import BinaryIO

# XML 1.0 forbids these, also as references.
_CONTROLS = bytes({*range(32)} - {9, 10, 13})
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_SURROGATES = re.compile("[\ud800-\udfff]")
_PIECE = 1 << 16


class TextFile:
    """Writes texts to a file as UTF-8. `removed`: how many characters it took out.

    Surrogates, which have no UTF-8, always; with `xml` what XML 1.0 forbids, with `nul` (or that) NUL.
    """

    def __init__(self, file: BinaryIO, *, xml: bool = False, nul: bool = True) -> None:
        self._file = file
        self._forbidden = _CONTROLS if xml else b"\0" if nul else b""
        self._is_xml = xml
        self.removed = 0

    def write(self, text: str) -> None:
        """One piece, not split within a character."""
        self._file.write(self.encoded(text))

    def write_all(self, texts: Iterable[str]) -> None:
        """Many short pieces, put together to larger ones."""
        waiting: list[str] = []
        size = 0
        for text in texts:
            waiting.append(text)
            size += len(text)
            if size > _PIECE:
                self.write("".join(waiting))
                waiting.clear()
                size = 0
        self.write("".join(waiting))

    def encoded(self, text: str) -> bytes:
        """The bytes of a piece."""
        try:
            whole = text.encode()
        except UnicodeEncodeError:
            text, count = _SURROGATES.subn("", text)
            self.removed += count
            whole = text.encode()
        kept = whole.translate(None, self._forbidden) if self._forbidden else whole
        self.removed += len(whole) - len(kept)
        if self._is_xml:
            for one in _NO_CHARACTERS:
                if one in kept:
                    self.removed += kept.count(one)
                    kept = kept.replace(one, b"")
        return kept
