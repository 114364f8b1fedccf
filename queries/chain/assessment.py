"""The state of every product of the chain in a region: design section 4 put together, one flag or number a product.

What several questions begin with: gaps, certificate, pipeline, what-if.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from graph.readers.port import Reader
from graph.readers.port_types import Chain, Flags, Tally
from queries.base import Params
from queries.chain.absence import Absence, find_absence
from queries.chain.bottleneck import bottlenecks, targets_of
from queries.chain.evidence import owners_of
from queries.chain.presence import Presence, find_presence
from queries.chain.quantities import Quantities, find_quantities

Kind = Literal["broken", "fill", "strengthen", "extend", "build"]
# In the field's own words, and in the order a promoter takes them up.
KINDS: dict[Kind, tuple[str, str]] = {
    "broken": ("断点", "broken"),
    "fill": ("补链", "fill"),
    "strengthen": ("强链", "strengthen"),
    "extend": ("延链", "extend"),
    "build": ("建链", "build"),
}
KIND_NAMES: tuple[Kind, ...] = tuple(KINDS)
State = Literal["present", "implied", "unknown", "missing"]
STATES: dict[State, tuple[str, str]] = {
    "present": ("已有", "present"),
    "implied": ("可推知已有", "implied"),
    "unknown": ("情况不明", "unknown"),
    "missing": ("缺失", "missing"),
}


class Thresholds(Params):
    """What the states, kinds and flags of links are told apart by."""

    inputs_share: float = Field(
        0.5, ge=0, le=1, title="投入品本地率阈值", description="inputs here from which a gap is broken or extend"
    )
    min_makers: int = Field(
        5,
        ge=0,
        le=1000,
        title="企业数阈值",
        description="makers of its chain known here before absence is searched",
    )
    min_sources: int = Field(
        5, ge=0, le=1000, title="来源数阈值", description="recent sources on these makers before absence is searched"
    )
    recent_years: float = Field(
        8.0, gt=0, le=200, title="近年年数", description="a source is recent within these years before as_of"
    )
    control_share: float = Field(
        50.0, ge=0, le=100, title="控股比例阈值", description="share in % from which owner and owned are one group"
    )
    weak_ratio: float = Field(
        0.5, ge=0, le=10, title="本地供应比阈值", description="capacity here / demand here below which a link is weak"
    )
    hhi: float = Field(
        0.25, ge=0, le=1, title="集中度阈值", description="HHI of national capacity above which it is concentrated"
    )


@dataclass(frozen=True, eq=False)
class Assessment:
    """By product (index into Chain.products), whatever its role; `kind` numbers KIND_NAMES, -1 for no gap.

    The states are exclusive and every product has one; `stated` are the missing ones a source states. `users` counts
    who needs it here, `owners` the owner groups that make it here; `weak` are present ones whose capacity here surely
    falls short of the threshold's share of the demand here; without a `bottleneck` a target of its chain can no longer
    be made here.
    """

    region: str
    chain: Chain
    tally: Tally
    presence: Presence
    absence: Absence
    present: Flags
    implied: Flags
    unknown: Flags
    missing: Flags
    stated: Flags
    users: NDArray[np.int64]
    owners: NDArray[np.int64]
    kind: NDArray[np.int64]
    quantities: Quantities
    weak: Flags
    bottleneck: Flags

    def state(self, number: int) -> State:
        """The state of one product."""
        if self.present[number]:
            return "present"
        if self.implied[number]:
            return "implied"
        return "unknown" if self.unknown[number] else "missing"


def assess(reader: Reader, region: str, thresholds: Thresholds) -> Assessment:
    """All states in a region (its id)."""
    return assess_tally(reader, reader.tally(region, thresholds.recent_years, thresholds.control_share), thresholds)


def assess_tally(reader: Reader, tally: Tally, thresholds: Thresholds) -> Assessment:
    """All states by a tally, the reader's own or one with other makers in it."""
    chain = reader.chain()
    presence = find_presence(reader, tally)
    narrow = bottlenecks(chain, presence, targets_of(reader, chain))
    return classify(chain, tally, presence, find_quantities(chain, tally, presence), narrow, thresholds)


def classify(
    chain: Chain,
    tally: Tally,
    presence: Presence,
    quantities: Quantities,
    bottleneck: Flags,
    thresholds: Thresholds,
) -> Assessment:
    """The states that follow from what is here; `bottleneck` are the products here that a target hangs on."""
    absence = find_absence(chain, tally, presence, thresholds.min_makers, thresholds.min_sources)
    present = presence.made
    stated = ~present & absence.stated
    rest = ~present & ~absence.stated
    implied = rest & presence.implied
    unknown = rest & ~presence.implied & (presence.class_known | ~absence.searched)
    missing = stated | (rest & ~presence.implied & ~unknown)
    owners = owners_of(tally)
    # Comparisons with NaN, a ratio that is not known, are false.
    weak = present & (quantities.at_most < thresholds.weak_ratio)
    users = presence.users.counts()
    fed = presence.inputs_here >= thresholds.inputs_share
    needed = users > 0
    thin = present & (weak | (owners == 1) | bottleneck)
    kind = np.select(
        [missing & needed & fed, missing & needed, thin, missing & fed, missing],
        [0, 1, 2, 3, 4],
        -1,
    )  # fmt: skip
    return Assessment(
        region=tally.region,
        chain=chain,
        tally=tally,
        presence=presence,
        absence=absence,
        present=present,
        implied=implied,
        unknown=unknown,
        missing=missing,
        stated=stated,
        users=users,
        owners=owners,
        kind=kind,
        quantities=quantities,
        weak=weak,
        bottleneck=bottleneck,
    )
