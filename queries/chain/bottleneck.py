"""Bottlenecks: products made here without which a target of their chain can no longer be made (see closure.py).

bottleneck(p), for p made here: some target of p's chain (`chain_target`) other than p is in K({}) and in Lost({p}).
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.readers.port import Reader
from graph.readers.port_types import Chain, Flags
from graph.readers.ragged import Ints, distinct, gather, pairs
from queries.chain.closure import Network, each_alone, keep, network_of, working
from queries.chain.presence import Presence


@dataclass(frozen=True, eq=False)
class Targets:
    """What the chains are for: `product` is a target of the chain `word` by a claim; ascending by product."""

    product: NDArray[np.int64]
    word: tuple[str, ...]
    claim: tuple[str, ...]

    def flags(self, products: int) -> Flags:
        """Which products are a target of some chain."""
        found = np.zeros(products, np.bool_)
        found[self.product] = True
        return found


def targets_of(reader: Reader, chain: Chain) -> Targets:
    """The targets of all chains."""
    chains = reader.ids(("chain",))
    told = reader.facts(chains, ("chain_target",), "out") if chains else ()
    rows = sorted((chain.index[str(one.object)], one.subject[4:], one.claim) for one in told if one.used)
    return Targets(
        np.array([product for product, _, _ in rows], np.int64),
        tuple(word for _, word, _ in rows),
        tuple(claim for _, _, claim in rows),
    )


def bottlenecks(chain: Chain, presence: Presence, targets: Targets) -> Flags:
    """Products made here without which some other target of their own chain, that can be made here, no longer can."""
    network = network_of(chain, presence)
    found = np.zeros(len(network.here), np.bool_)
    now, by = _derivations(network)
    aims = list(zip(targets.product.tolist(), targets.word, strict=True))
    aimed = {word for product, word in aims if now[product]}
    # A target that has a derivation without a product stands without it.
    carrying = _behind(network, by, targets.product[now[targets.product]])
    alone = np.flatnonzero(carrying & presence.made & _of_chains(chain, aimed))
    if not len(alone):
        return found
    lost = now & ~keep(network, each_alone(alone))
    lost[np.arange(len(alone)), alone] = False
    for word in aimed:
        own = [product for product, of in aims if of == word]
        found[alone[lost[:, own].any(axis=1) & _of_chains(chain, {word})[alone]]] = True
    return found


def _derivations(network: Network) -> tuple[Flags, NDArray[np.int64]]:
    """K({}), and by product the way it was first derived by: -1 for what is given or not kept."""
    product, way = pairs(network.ways)
    by = np.full(len(network.here), -1, np.int64)
    kept = network.given.copy()
    while True:
        fresh = working(network, kept)[way] & ~kept[product]
        if not fresh.any():
            return kept, by
        by[product[fresh]] = way[fresh]
        kept[product[fresh]] = True


def _behind(network: Network, by: NDArray[np.int64], products: Ints) -> Flags:
    """All products in the derivations of these, themselves included; what is bought in is not derived."""
    seen = np.zeros(len(network.here), np.bool_)
    frontier = distinct(products.astype(np.int64))
    while len(frontier):
        seen[frontier] = True
        ways = by[frontier]
        ways = ways[ways >= 0]
        at, needed = gather(network.needs, ways)
        derived = network.here[needed] | ~network.lenient[ways][at]
        frontier = distinct(needed[derived & ~seen[needed]].astype(np.int64))
    return seen


def _of_chains(chain: Chain, wanted: Collection[str]) -> Flags:
    words, of_product = chain.chain_codes
    return np.array([word in wanted for word in words], np.bool_)[of_product]
