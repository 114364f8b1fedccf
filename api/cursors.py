"""Cursors: where the next page begins, opaque to the caller, bound to one question and one revision."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b
from typing import NamedTuple

from graph.model.errors import BadInput
from queries.base import Answer, PagedParams, Params, Record


class Cursor(NamedTuple):
    """The page after `offset` rows. The dates are kept so that midnight changes nothing."""

    revision: int
    offset: int
    as_of: str
    known_at: str | None
    asked: str

    def text(self) -> str:
        """As the caller sees it."""
        return urlsafe_b64encode(json.dumps(self, separators=(",", ":")).encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Raises BadInput for a text that no cursor has."""
        try:
            revision, offset, as_of, known_at, asked = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (binascii.Error, ValueError, TypeError, RecursionError):
            raise BadInput("This cursor is broken. Begin again without one.") from None
        cursor = cls(revision, offset, as_of, known_at, asked)
        well_typed = all(
            isinstance(one, kind) for one, kind in zip(cursor, (int, int, str, str | None, str), strict=True)
        )
        if not well_typed or not 0 <= offset <= 10_000_000 or revision < 0:
            raise BadInput("This cursor is broken. Begin again without one.")
        return cursor


def asked(question: str, params: Params) -> str:
    """What a cursor belongs to: the question and its parameters, whatever the page."""
    kept = params.model_dump(mode="json", exclude={"limit", "offset"})
    return blake2b(f"{question} {json.dumps(kept, sort_keys=True)}".encode(), digest_size=6).hexdigest()


def next_cursor(question: str, params: Params, answer: Answer) -> Cursor | None:
    """Where the next page begins; None when a limit cut nothing off, or the question has no pages."""
    if not isinstance(params, PagedParams) or not answer.truncated:
        return None
    if all(len(rows) < params.limit for rows in _lists(answer)):
        return None
    offset = params.offset + params.limit
    return Cursor(answer.revision, offset, answer.as_of, answer.known_at, asked(question, params))


def _lists(answer: Answer) -> list[tuple[Record, ...]]:
    """The lists of an answer that limit and offset cut; where it does not say which, its first."""
    paged = getattr(answer, "paged", None)
    if paged:
        return list(paged().values())
    tables = (
        value for _, value in answer if isinstance(value, tuple) and all(isinstance(row, Record) for row in value)
    )
    return [next(tables, ())]
