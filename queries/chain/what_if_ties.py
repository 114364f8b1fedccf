"""Who here gains or loses a supplier, a customer or a competitor when somebody comes or goes, by the recipes in use."""

from collections.abc import Collection, Iterator

import numpy as np

from graph.readers.port_types import Rows
from graph.readers.ragged import pairs
from queries.chain.assessment import Assessment
from queries.chain.what_if_records import Role, Tie


def ties(now: Assessment, then: Assessment, comes: Collection[str], goes: Collection[str]) -> tuple[Tie, ...]:
    """Who gains by those who come (ids of plants, in `then`) and who loses by those who go (ids, in `now`)."""
    gained = [tie for one in comes for tie in _ties(then, one, gains=True)]
    lost = [tie for one in goes for tie in _ties(now, one, gains=False)]
    return tuple(tie for tie in (*gained, *lost) if tie.enterprise not in goes)


def _ties(side: Assessment, one: str, *, gains: bool) -> Iterator[Tie]:
    """All that somebody is to others on the side on which he is here."""
    makers, users = side.tally.makers, side.quantities.users
    made, used = _products_of(side, makers, one), _products_of(side, users, one)
    roles: tuple[tuple[Role, list[int], Rows], ...] = (
        ("supplier", made, users),
        ("customer", used, makers),
        ("competitor", made, makers),
    )
    for role, products, rows in roles:
        traded: dict[str, list[int]] = {}
        for product in products:
            for entity in rows.row(product):
                traded.setdefault(side.tally.entities[int(entity)], []).append(product)
        traded.pop(one, None)
        alike = users if role == "customer" else makers
        for name in sorted(traded):
            yield Tie(
                enterprise=name,
                gains=gains,
                role=role,
                of=one,
                products=tuple(side.chain.products[product] for product in traded[name]),
                left=max(min(len(alike.row(product)) for product in traded[name]) - 1 - (role == "competitor"), 0),
            )


def _products_of(side: Assessment, rows: Rows, one: str) -> list[int]:
    """Products in whose row somebody stands, ascending."""
    mine = [int(entity) for entity in np.unique(rows.items) if side.tally.entities[int(entity)] == one]
    found: list[int] = pairs(rows)[0][np.isin(rows.items, mine)].tolist()
    return found
