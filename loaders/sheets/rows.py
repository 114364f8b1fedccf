"""From the rows of a table to items: claims with their place, or a reject."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from graph.model.claims import Claim, Source
from loaders.base import Item, Loaded, Place, Reject
from loaders.cells import BadCell
from loaders.tables import Cells, Table

# Curated tables: nothing was read out of running text by a machine.
CONFIDENCE = 1.0

# What the constructors of NamedTuples do, without their Python frames: worth a tenth of the time of a row.
make_claim: Callable[[tuple[Any, ...]], Claim] = partial(tuple.__new__, Claim)
_make_place: Callable[[tuple[str, int, str | None]], Place] = partial(tuple.__new__, Place)
_make_loaded: Callable[[tuple[Claim, Place]], Loaded] = partial(tuple.__new__, Loaded)

Said = TypeVar("Said", Claim, Source)
Read = Callable[[Cells], Iterable[Said]]


@dataclass
class Reading:
    """What is known while a folder is read: the name of the data set, and the date of each source met so far."""

    dataset: str
    dates: dict[str, str | None] = field(default_factory=dict)


def read_claims(table: Table, read: Read[Claim]) -> Iterator[Item]:
    """The claims of each row; a BadCell makes the row a reject."""
    yield from table.rejects
    file = table.path.name
    for row in table.rows():
        if isinstance(row, Reject):
            yield row
            continue
        number, cells = row
        try:
            claims = read(cells)
        except BadCell as bad:
            yield table.reject(number, bad.column, bad.value, bad.reason, bad.remedy)
            continue
        place = _make_place((file, number, None))
        for claim in claims:
            yield _make_loaded((claim, place))


def read_sources(table: Table, read: Read[Source]) -> Iterator[Item]:
    """The source of each row; a BadCell makes the row a reject."""
    yield from table.rejects
    for row in table.rows():
        if isinstance(row, Reject):
            yield row
            continue
        try:
            yield from read(row[1])
        except BadCell as bad:
            yield table.reject(row[0], bad.column, bad.value, bad.reason, bad.remedy)
