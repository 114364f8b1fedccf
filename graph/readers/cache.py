"""Arrays <-> one file, mapped into memory when opened: a cold start reads no claim.

Layout: 8 bytes magic, 8 bytes length of the header, the header (JSON: format, stamp, and for each array its name,
type, shape, offset), then the arrays, each aligned to 64 bytes. The file is written aside and moved into place, so
that it is whole or absent. A file of another format or stamp, or a damaged one, is no error: it is not used and made
again.
"""

import hashlib
import json
import mmap
import os
import tempfile
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from graph.model.predicates import FLAGS
from graph.readers.columns import PREDICATE_NAMES
from graph.readers.port_types import Chain

_MAGIC = b"RECHAIN1"
# Moves when the meaning of an array changes, so that an old file is not misread.
# The arrays hold numbers of predicates and flags, so a house that knows others cannot read them.
_WORDS = hashlib.sha256("|".join((*PREDICATE_NAMES, "", *FLAGS)).encode()).hexdigest()[:16]
FORMAT = f"3-{_WORDS}"
_ALIGN = 64
T = TypeVar("T")


def save(path: Path, stamp: str, content: object) -> None:
    """Write a dataclass tree of arrays. Failing to write a cache is not failing: the file is then just not there."""
    arrays: dict[str, NDArray[Any]] = {}
    _flatten("", content, arrays)
    entries, offset = [], 0
    for name, array in arrays.items():
        offset = -(-offset // _ALIGN) * _ALIGN
        entries.append({"name": name, "type": array.dtype.str, "shape": array.shape, "offset": offset})
        offset += array.nbytes
    header = json.dumps({"format": FORMAT, "stamp": stamp, "size": offset, "arrays": entries}).encode()
    with suppress(OSError):
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_MAGIC + len(header).to_bytes(8, "little") + header)
                base = _body_start(len(header))
                for entry, array in zip(entries, arrays.values(), strict=True):
                    file.seek(base + int(str(entry["offset"])))
                    file.write(np.ascontiguousarray(array).data)
                file.truncate(base + offset)
            os.replace(aside, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(aside)
            raise


def load(path: Path, stamp: str, kind: type[T]) -> T | None:
    """The content saved under this stamp, mapped read-only; None when there is none to be trusted."""
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return None
    try:
        if mapped[:8] != _MAGIC:
            return None
        length = int.from_bytes(mapped[8:16], "little")
        header = json.loads(mapped[16 : 16 + length])
        base = _body_start(length)
        if header["format"] != FORMAT or header["stamp"] != stamp or len(mapped) != base + header["size"]:
            return None
        arrays = {
            entry["name"]: np.frombuffer(
                mapped, np.dtype(entry["type"]), int(np.prod(entry["shape"], dtype=np.int64)), base + entry["offset"]
            ).reshape(entry["shape"])
            for entry in header["arrays"]
        }
        content: T = _restore("", kind, arrays)
        return content
    except (ValueError, KeyError, TypeError, UnicodeDecodeError):
        return None


def _body_start(header_length: int) -> int:
    return -(-(16 + header_length) // _ALIGN) * _ALIGN


def _flatten(prefix: str, content: Any, arrays: dict[str, NDArray[Any]]) -> None:
    if isinstance(content, np.ndarray):
        arrays[prefix] = content
    elif isinstance(content, tuple):
        text = json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")
        arrays[prefix] = np.frombuffer(text, np.uint8)
    else:
        for field in fields(content):
            # The index of a chain follows from its products.
            if not (isinstance(content, Chain) and field.name == "index"):
                _flatten(f"{prefix}.{field.name}", getattr(content, field.name), arrays)


def _restore(prefix: str, kind: Any, arrays: dict[str, NDArray[Any]]) -> Any:
    if get_origin(kind) is tuple and get_args(kind)[-1] is Ellipsis:
        return tuple(json.loads(arrays[prefix].tobytes().decode("utf-8", "surrogatepass")))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        names = [field.name for field in fields(kind) if not (kind is Chain and field.name == "index")]
        parts = {name: _restore(f"{prefix}.{name}", hints[name], arrays) for name in names}
        if kind is Chain:
            parts["index"] = {name: at for at, name in enumerate(parts["products"])}
        return kind(**parts) if isinstance(kind, type) else None
    return arrays[prefix]
