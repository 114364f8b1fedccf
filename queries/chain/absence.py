"""Absence: whether nobody here makes a product because it is so, or because nobody looked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.readers.port_types import Chain, ChainEvidence, Flags, Tally
from queries.chain.presence import Presence

# Why a link is unknown, in the order the reasons are looked for, with what to load to find out.
WHY_UNKNOWN: dict[str, tuple[str, str]] = {
    "only_the_class_is_known": (
        "只知有同类产品",
        "makers here are recorded for its class only: find out which kind they make",
    ),
    "nobody_recorded_anywhere": ("各地都无生产记录", "nobody is recorded to make it anywhere: load makers of it first"),
    "few_makers_known": (
        "本地同链企业记录太少",
        "too few makers of its chain are known here: load the region's enterprises",
    ),
    "few_recent_sources": ("近年来源太少", "too few recent sources on the makers here: load newer documents"),
}
UNCOVERED_CHAIN = "other"


@dataclass(frozen=True, eq=False)
class Absence:
    """By product: `stated` and `searched` flags, and for the rest a number into `tuple(WHY_UNKNOWN)`."""

    stated: Flags
    searched: Flags
    why: NDArray[np.int8]


def find_absence(chain: Chain, tally: Tally, presence: Presence, min_makers: int, min_sources: int) -> Absence:
    """How sure it is that nobody here makes each product."""
    products = len(chain.products)
    stated = np.zeros(products, np.bool_)
    stated[[absent.product for absent in tally.stated]] = True
    elsewhere = tally.total > tally.makers.counts()
    none = ChainEvidence(0, 0, 0, 0, 0, None)
    # A product of no chain, or of the catch-all one, was never searched for.
    words, of_product = chain.chain_codes
    known = [none if word in (None, UNCOVERED_CHAIN) else tally.evidence.get(word or "", none) for word in words]
    makers = np.array([one.makers for one in known], np.int64)[of_product]
    recent = np.array([one.recent for one in known], np.int64)[of_product]
    # However low the thresholds are set: where nobody searches, nothing is searched.
    covered = np.array([word not in (None, UNCOVERED_CHAIN) for word in words], np.bool_)[of_product]
    enough_makers, enough_sources = (makers >= min_makers) & covered, recent >= min_sources
    why = np.select([presence.class_known, ~elsewhere, ~enough_makers], [0, 1, 2], 3).astype(np.int8)
    return Absence(stated, elsewhere & enough_makers & enough_sources, why)


def completeness(evidence: ChainEvidence | None) -> float | None:
    """Good-Turing estimate of how much of what there is was seen: 1 - makers seen in one source only / mentions."""
    if evidence is None or not evidence.mentions:
        return None
    return round(1 - evidence.single / evidence.mentions, 4)
