"""Answers that are lists: a slice of the whole, and how long the whole is."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import Field

from queries.base import Answer, PagedParams, Record

Row = TypeVar("Row")


class PagedAnswer(Answer):
    """An answer whose lists are slices. Slices taken one after the other give the whole, in the same order."""

    totals: dict[str, int] = Field(
        title="总数",
        description="by list: rows there are without limit and offset; a list not counted to its end is left out",
    )

    def paged(self) -> Mapping[str, Sequence[Record]]:
        """The lists that limit and offset cut, by name, flat."""
        raise NotImplementedError


def slice_of(rows: Sequence[Row], params: PagedParams) -> Sequence[Row]:
    """The rows that were asked for."""
    return rows[params.offset : params.offset + params.limit]


def is_cut(totals: Mapping[str, int], params: PagedParams) -> bool:
    """Whether some list has rows left after the slice."""
    return any(total > params.offset + params.limit for total in totals.values())
