"""How the name of a file is told over HTTP."""

from typing import Literal
from urllib.parse import quote


def disposition(how: Literal["attachment", "inline"], plain: str, name: str) -> str:
    """Content-Disposition (RFC 6266): saved or shown, `plain` for old programs, the whole name as RFC 8187 has it."""
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
