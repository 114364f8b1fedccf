"""What a what-if supposes, read from its words: who comes and makes what, who stops, which project is late."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from graph.model.errors import BadInput
from graph.model.kinds import KIND_OF_PREFIX
from graph.model.predicates import NOT_MAKING
from graph.readers.port import Reader
from graph.readers.port_types import Chain
from queries.base import resolve_name

MOST_TONNES = 1e9


class Attracted(NamedTuple):
    """An enterprise that opens a plant here for these products (numbers in the chain), with t/yr of each, if told."""

    enterprise: str
    products: tuple[int, ...]
    capacity: float | None


class Suppositions(NamedTuple):
    """All that is supposed at once. `lost` are ids of enterprises and projects, `delays` months by project."""

    attracted: tuple[Attracted, ...]
    lost: tuple[str, ...]
    delays: Mapping[str, int]


def read_attracted(reader: Reader, chain: Chain, given: Sequence[str]) -> tuple[Attracted, ...]:
    """ENTERPRISE, ENTERPRISE:PRODUCT or ENTERPRISE:PRODUCT:CAPACITY; without a product, all it is recorded to make.

    Raises BadInput, UnknownName, AmbiguousName.
    """
    return tuple(_attracted(reader, chain, text) for text in given)


def _attracted(reader: Reader, chain: Chain, text: str) -> Attracted:
    parts = _parts(text)
    if len(parts) > 3 or not all(parts):
        raise BadInput(
            "'{given}' is not somebody to attract. Write ENTERPRISE, ENTERPRISE:PRODUCT or ENTERPRISE:PRODUCT:TONNES.",
            given=text[:80],
        )
    enterprise = resolve_name(reader, parts[0], ("enterprise",))
    if len(parts) > 1:
        product = chain.index[resolve_name(reader, parts[1], ("product",))]
        return Attracted(enterprise, (product,), _tonnes(parts[2], text) if len(parts) > 2 else None)
    made = sorted({
        chain.index[str(fact.object)]
        for fact in reader.facts([enterprise], ("produces",))
        if fact.used and fact.qualifier not in NOT_MAKING
    })  # fmt: skip
    if not made:
        raise BadInput("It is not known what '{name}' makes. Say it: {name}:PRODUCT", name=parts[0][:60])
    return Attracted(enterprise, tuple(made), None)


def _parts(text: str) -> list[str]:
    """Between colons; an id (ent:jl-mag) and a stock code (SZSE:300748) hold one themselves."""
    pieces = [piece.strip() for piece in re.split("[:：]", text)]
    joined: list[str] = []
    while pieces:
        first = pieces.pop(0)
        if pieces and (first in KIND_OF_PREFIX or (first.isupper() and first.isascii() and pieces[0].isdigit())):
            first = f"{first}:{pieces.pop(0)}"
        joined.append(first)
    return joined


def _tonnes(number: str, text: str) -> float:
    try:
        amount = float(number.removesuffix("t/yr").replace(",", ""))
    except ValueError:
        amount = -1.0
    if not 0 < amount <= MOST_TONNES:
        raise BadInput(
            "'{number}' in '{given}' is not a capacity. Give tonnes a year above 0: 3000",
            number=number[:20],
            given=text[:80],
        )
    return amount


def read_lost(reader: Reader, region: str, given: Sequence[str]) -> tuple[str, ...]:
    """Enterprises and projects of the region, by name. Raises BadInput, UnknownName, AmbiguousName."""
    lost = []
    for text in given:
        id_ = resolve_name(reader, text, ("enterprise", "project"))
        places = [str(fact.object) for fact in reader.facts([id_], ("located_in",)) if fact.used]
        if not any(region in reader.around(place) for place in places):
            raise BadInput("'{name}' is not in this region, so it cannot be lost here.", name=text[:60])
        lost.append(id_)
    return tuple(dict.fromkeys(lost))
