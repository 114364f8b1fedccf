"""Answers already worked out, as bytes ready to send: the newest used ones, up to a size."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import NamedTuple

Headers = list[tuple[bytes, bytes]]


class Reply(NamedTuple):
    """A question's answer, ready to send. `headers` hold length, type, ETag, caching and the link to the next page."""

    body: bytes
    etag: bytes
    headers: Headers

    def parts(self, if_none_match: str | None) -> tuple[int, Headers, bytes]:
        """Status, headers and body: 304 without a body for a caller who has this very answer."""
        if not is_held(self.etag, if_none_match):
            return 200, list(self.headers), self.body
        return 304, [header for header in self.headers if not header[0].startswith(b"content-")], b""


def is_held(etag: bytes, if_none_match: str | None) -> bool:
    """Whether the caller has what this tag names. Weak comparison, as RFC 9110 has it for If-None-Match."""
    own = etag.decode().removeprefix("W/")
    given = (part.strip().removeprefix("W/") for part in (if_none_match or "").split(","))
    return any(one in ("*", own) for one in given)


class Shelf:
    """Replies by key. Not thread-safe: everybody asks from the event loop's thread."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._size = 0
        self._replies: OrderedDict[Hashable, Reply] = OrderedDict()

    def get(self, key: Hashable) -> Reply | None:
        """The reply, which thereby becomes the newest used."""
        reply = self._replies.get(key)
        if reply is not None:
            self._replies.move_to_end(key)
        return reply

    def put(self, key: Hashable, reply: Reply) -> None:
        """Keep a reply, and let go of the longest unused ones; one larger than the shelf is not kept."""
        if (old := self._replies.pop(key, None)) is not None:
            self._size -= _size(old)
        if _size(reply) > self._capacity:
            return
        self._replies[key] = reply
        self._size += _size(reply)
        while self._size > self._capacity:
            self._size -= _size(self._replies.popitem(last=False)[1])

    def __len__(self) -> int:
        return len(self._replies)


def _size(reply: Reply) -> int:
    # The key, the headers and the entries of the dict come to about a kilobyte.
    return len(reply.body) + 1024
