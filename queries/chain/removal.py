"""What the question `critical` takes away: one product, or one maker and with it what nobody else here makes; ranked.

Auxiliaries and co-products are available without any maker here (design section 4), so losing one loses none of them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.readers.port_types import Chain, Flags, Rows, Tally
from graph.readers.ragged import distinct, gather
from queries.chain.closure import Network, each_alone, keep, kept_now, removals_of
from queries.chain.selection import LINK_ROLES

# Products that can be taken away alone: classes and markets are words for others, auxiliaries come from outside.
REMOVABLE = ("link", "service", "resource", "intermediate")
_ALWAYS_THERE = ("auxiliary", "coproduct")


@dataclass(frozen=True, eq=False)
class Removal:
    """One removal: the makers that go (numbers of Tally.entities; none when a product goes) and what goes with them.

    `kept` and `lost` are K(R) and Lost(R) by product. Of the products in scope: how many targets and links are lost,
    the removed ones included where a maker goes; `hit` are others here who make something that is lost downstream.
    """

    makers: tuple[int, ...]
    products: tuple[int, ...]
    kept: Flags
    lost: Flags
    targets: int
    links: int
    hit: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Scope:
    """What counts as broken, by product: `chosen` ones, of these `targets` of chains, and `links` and services."""

    chosen: Flags
    targets: Flags
    links: Flags

    @classmethod
    def of(cls, chain: Chain, chosen: Flags, targets: Flags) -> "Scope":
        """The chosen products, sorted out."""
        return cls(chosen, chosen & targets, chosen & np.isin(chain.role_words, LINK_ROLES))


def only_makers(chain: Chain, tally: Tally, *, grouped: bool) -> dict[tuple[int, ...], list[int]]:
    """Makers here (or all makers of an owner group here) and the products that nobody else here makes."""
    counts = tally.makers.counts()
    product = np.repeat(np.arange(len(counts)), counts)
    maker = tally.makers.items.astype(np.int64)
    unit = tally.groups[maker].astype(np.int64) if grouped else maker
    each = distinct(product << 32 | unit)
    units = np.bincount(each >> 32, minlength=len(counts))
    alone = (units == 1) & ~np.isin(chain.role_words, _ALWAYS_THERE)
    here = distinct(maker)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for one in here.tolist():
        members[int(tally.groups[one]) if grouped else one].append(one)
    found: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for packed in each[alone[each >> 32]].tolist():
        found[tuple(members[packed & 0xFFFFFFFF])].append(packed >> 32)
    return dict(found)


def removable(chain: Chain, network: Network) -> NDArray[np.int64]:
    """Products that are here, or bought in for what is made here."""
    return np.flatnonzero((network.here | network.bought) & np.isin(chain.role_words, REMOVABLE))


def without_makers(
    network: Network, tally: Tally, scope: Scope, covers: dict[tuple[int, ...], list[int]]
) -> list[Removal]:
    """Each of these makers gone, worst first; left out where no target and no link in scope goes with them."""
    makers = list(covers)
    return _ranked(_worked_out(network, tally, scope, makers, removals_of([covers[one] for one in makers])))


def without_products(network: Network, tally: Tally, scope: Scope, products: NDArray[np.int64]) -> list[Removal]:
    """Each of these products gone, worst first; left out where no target and no link in scope is lost with it."""
    nobody: list[tuple[int, ...]] = [()] * len(products)
    return _ranked(_worked_out(network, tally, scope, nobody, each_alone(products)))


def _worked_out(
    network: Network, tally: Tally, scope: Scope, makers: Sequence[tuple[int, ...]], removals: Rows
) -> list[Removal]:
    kept = keep(network, removals)
    lost = kept_now(network) & ~kept
    removed = np.zeros_like(kept)
    removed[np.repeat(np.arange(len(kept)), removals.counts()), removals.items] = True
    lost &= ~removed
    gone = lost | (removed & np.array([bool(who) for who in makers], np.bool_)[:, None])
    targets, links = (gone & scope.targets).sum(axis=1), (gone & scope.links).sum(axis=1)
    found = []
    for at in np.flatnonzero(targets + links > 0).tolist():
        others = gather(tally.makers, np.flatnonzero(lost[at] & scope.chosen))[1]
        hit = np.setdiff1d(distinct(others), makers[at], assume_unique=True)
        found.append(
            Removal(
                makers[at],
                tuple(removals.row(at).tolist()),
                kept[at],
                lost[at],
                int(targets[at]),
                int(links[at]),
                tuple(hit.tolist()),
            )
        )
    return found


def _ranked(found: list[Removal]) -> list[Removal]:
    """Most targets first, then most links, then most enterprises hit; then by number, which is by id."""
    return sorted(found, key=lambda one: (-one.targets, -one.links, -len(one.hit), one.makers, one.products))
