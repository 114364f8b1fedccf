"""The AND-OR closure: what can still be made in a region when some products are gone.

Let H be the products available here (presence.py: made, implied, class evidence, auxiliary, co-product, intermediate in
use) and R the products removed. K(R) is the least set of products x not in R such that

(a) x is in H, and no recipe applies to x here or x is auxiliary or a co-product; or
(b) some recipe of x that applies here (`Recipes` in presence.py) has every input and every service in K(R), or, when x
    is in H, bought in today: neither in H nor in R. A recipe of which no input and no service is known makes only what
    is in H.

What is bought from outside today is still bought; what is made here needs its own inputs still there; a product that is
not made here but follows wholly from what is here counts as one that can be made here. Being the least such set, a loop
of recycling does not keep itself alive. Lost(R) = K({}) - K(R) - R: what was outside K({}) from the start is not lost.

Many removals are worked out at once, a bit each: the inputs of a recipe are bitwise AND, the recipes of a product OR.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.readers.port_types import Chain, Flags, Rows
from graph.readers.ragged import Ints, distinct, gather, rows_of
from queries.chain.presence import Presence

Bits = NDArray[np.uint64]
_NOTHING = Rows(np.zeros(2, np.int64), np.zeros(0, np.int32))


@dataclass(frozen=True, eq=False)
class Network:
    """The recipes that apply in a region, as ways to make products.

    `here` is H, `given` what stands by (a), by product. A way is a process seen from a product that is here
    (`lenient`: it may buy in) or is not; `ways` are rows of ways by product, `process` the process of each way and
    `needs` its inputs and services: rows of products by way.
    """

    here: Flags
    given: Flags
    ways: Rows
    needs: Rows
    process: NDArray[np.int64]
    lenient: Flags

    @property
    def bought(self) -> Flags:
        """What is bought in today: not here, and needed by a recipe of something here that does not stand by (a)."""
        used = gather(self.ways, np.flatnonzero(self.here & ~self.given))[1]
        needed = np.zeros(len(self.here), np.bool_)
        needed[gather(self.needs, used)[1]] = True
        return needed & ~self.here


def network_of(chain: Chain, presence: Presence) -> Network:
    """The ways to make things in the region that the presence is about."""
    recipes, here, role = presence.recipes, presence.available, chain.role_words
    process, product = recipes.process, recipes.product
    lenient: Flags = here[product]
    counts = lenient | ((chain.inputs.counts() + chain.services.counts())[process] > 0)
    process, product = process[counts], product[counts]
    key = process << 1 | lenient[counts]
    kinds = distinct(key)
    at, needed = gather(chain.inputs, kinds >> 1)
    server, service = gather(chain.services, kinds >> 1)
    return Network(
        here=here,
        given=here & (~presence.has_recipe | np.isin(role, ("auxiliary", "coproduct"))),
        ways=rows_of(product, np.searchsorted(kinds, key), len(here)),
        needs=rows_of(np.concatenate([at, server]), np.concatenate([needed, service]), len(kinds)),
        process=kinds >> 1,
        lenient=(kinds & 1).astype(np.bool_),
    )


def keep(network: Network, removals: Rows) -> Flags:
    """K of each removal (a row of products): a row of flags by product."""
    products, count = len(network.here), len(removals.starts) - 1
    removed = _packed(_flags(removals, products).T)
    row = np.repeat(network.lenient, network.needs.counts())
    bought = np.where((row & ~network.here[network.needs.items])[:, None], ~removed[network.needs.items], np.uint64(0))
    given = np.where(network.given[:, None], ~removed, np.uint64(0))
    kept = given
    while True:
        fresh = given | (_made(network, kept, bought) & ~removed)
        if np.array_equal(fresh, kept):
            return _unpacked(kept, count).T
        kept = fresh


def kept_now(network: Network) -> Flags:
    """K of removing nothing, by product."""
    kept: Flags = keep(network, _NOTHING)[0]
    return kept


def lost_by(network: Network, removals: Rows) -> Flags:
    """Lost of each removal: a row of flags by product."""
    gone: Flags = kept_now(network) & ~keep(network, removals)
    gone[_flags(removals, len(network.here))] = False
    return gone


def working(network: Network, kept: Flags) -> Flags:
    """Which ways work when these products are kept and nothing is removed."""
    row = np.repeat(np.arange(len(network.process)), network.needs.counts())
    there = kept[network.needs.items] | (network.lenient[row] & ~network.here[network.needs.items])
    works: Flags = np.bincount(row, ~there, len(network.process)) == 0
    return works


def each_alone(products: Ints) -> Rows:
    """Removals of one product each."""
    return Rows(np.arange(len(products) + 1), products.astype(np.int32))


def _made(network: Network, kept: Bits, bought: Bits) -> Bits:
    """By product, the removals under which some way to it works; `bought` by need: under which it is bought in."""
    works = _reduced(np.bitwise_and, kept[network.needs.items] | bought, network.needs, ~np.uint64(0))
    return _reduced(np.bitwise_or, works[network.ways.items], network.ways, np.uint64(0))


def _reduced(operation: np.ufunc, items: Bits, rows: Rows, empty: np.uint64) -> Bits:
    """One line for each row of the table; rows without items are `empty`."""
    found = np.full((len(rows.starts) - 1, items.shape[1]), empty)
    filled = np.flatnonzero(rows.counts())
    if len(filled):
        found[filled] = operation.reduceat(items, rows.starts[filled], axis=0)
    return found


def _flags(rows: Rows, products: int) -> Flags:
    found = np.zeros((len(rows.starts) - 1, products), np.bool_)
    found[np.repeat(np.arange(len(found)), rows.counts()), rows.items] = True
    return found


def _packed(flags: Flags) -> Bits:
    """Flags of each line as bits, the line filled up to whole words."""
    whole = np.zeros((len(flags), -(-flags.shape[1] // 64) * 64), np.bool_)
    whole[:, : flags.shape[1]] = flags
    return np.packbits(whole, axis=1).view(np.uint64)


def _unpacked(bits: Bits, count: int) -> Flags:
    return np.unpackbits(np.ascontiguousarray(bits).view(np.uint8), axis=1, count=count).astype(np.bool_)


def removals_of(rows: Sequence[Sequence[int]]) -> Rows:
    """Removals from lists of product numbers."""
    starts = np.cumsum([0, *(len(row) for row in rows)])
    return Rows(starts.astype(np.int64), np.array([item for row in rows for item in sorted(row)], np.int32))
