"""A Word document as bytes that are the same every time: no clock in the archive, and none in its properties."""

import io
from datetime import datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# The earliest that a zip archive can say.
_EPOCH = datetime(1980, 1, 1)


def packed(document: Any, day: datetime = _EPOCH) -> bytes:
    """A python-docx document, said to be made on `day`."""
    properties = document.core_properties
    properties.created = properties.modified = day
    properties.last_modified_by = properties.author
    properties.revision = 1
    held = io.BytesIO()
    document.save(held)
    fresh = io.BytesIO()
    with ZipFile(held) as made, ZipFile(fresh, "w") as archive:
        for name in made.namelist():
            entry = ZipInfo(name, _EPOCH.timetuple()[:6])
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
            archive.writestr(entry, made.read(name))
    return fresh.getvalue()
