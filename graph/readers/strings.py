"""Many strings as two arrays, so that a million names open from a file without being read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

# Decoded strings kept at once, so that a service that runs for months does not grow.
_KEPT = 300_000


class _Decoded(dict[int, str]):
    """Strings of a table, decoded when first asked for; thread-safe as a dict is."""

    def __init__(self, table: "StringTable") -> None:
        self._table = table

    def __missing__(self, number: int) -> str:
        text: str = self._table[number]
        self[number] = text
        return text


@dataclass(frozen=True, eq=False)
class StringTable(Sequence[str]):
    """Strings by number: UTF-8 bytes end to end in `blob`, string i at `offsets[i]:offsets[i + 1]`."""

    blob: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, strings: Iterable[str]) -> "StringTable":
        """A table of these strings in this order."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in strings]
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=offsets[1:])
        return cls(np.frombuffer(b"".join(encoded), np.uint8), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # Sequence's overloads: only int is used
        return self.encoded(index).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        whole, offsets = self.blob.tobytes(), self.offsets.tolist()
        for start, end in pairwise(offsets):
            yield whole[start:end].decode("utf-8", "surrogatepass")

    def encoded(self, index: int) -> bytes:
        """One string as UTF-8."""
        offsets = self._offsets
        return bytes(self._blob[offsets[index] : offsets[index + 1]])

    def decoded(self) -> Mapping[int, str]:
        """The strings by number, each decoded when first asked for and kept, as long as there is room."""
        if len(self._decoded) > _KEPT:
            self._decoded.clear()
        return self._decoded

    @cached_property
    def _decoded(self) -> "_Decoded":
        return _Decoded(self)

    # Single items of a memoryview come several times faster than those of an array.
    @cached_property
    def _blob(self) -> memoryview:
        return memoryview(self.blob)  # type: ignore[arg-type]  # numpy's stubs do not say that arrays are buffers

    @cached_property
    def _offsets(self) -> memoryview:
        return memoryview(self.offsets)  # type: ignore[arg-type]

    def position(self, text: str) -> int | None:
        """Where a string stands, or None; the table must be sorted (UTF-8 sorts as code points do)."""
        wanted = text.encode("utf-8", "surrogatepass")
        low = self.lower_bound(wanted)
        return low if low < len(self) and self.encoded(low) == wanted else None

    def lower_bound(self, wanted: bytes) -> int:
        """The first index whose string is not before `wanted`."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.encoded(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low
