"""Who holds whom, and who controls whom, where shares are often not told."""

import numpy as np
from numpy.typing import NDArray

from graph.readers.port_types import Ties
from graph.readers.ragged import distinct

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def holdings_of(ties: Ties, rows: Numbers, control_share: float) -> tuple[Numbers, Numbers, Flags]:
    """Owner and owned of these rows by `Ties.ids`, each pair once, and whether the owner controls.

    The greatest share told of a pair decides. Where none is told, it controls if everybody else who is told to hold a
    part of that firm is tied to it by a holding between the two: of several founders of a joint venture nobody is
    taken to lead, a parent that holds a firm beside its own subsidiary is. (Gaps join whatever is not told, as there a
    maker less is the safe side.)
    """
    owner, owned = ties.subject[rows].astype(np.int64), ties.object[rows].astype(np.int64)
    packed = owned << 32 | owner
    pairs = distinct(packed)
    share = np.full(len(pairs), np.nan)
    np.fmax.at(share, np.searchsorted(pairs, packed), ties.share[rows])
    owned, owner = pairs >> 32, pairs & 0xFFFFFFFF
    known = set(pairs.tolist())
    first, last = np.searchsorted(owned, owned), np.searchsorted(owned, owned, side="right")
    untold = np.isnan(share)
    controls = (share >= control_share) | (untold & (last - first == 1))
    for at in np.flatnonzero(untold & (last - first > 1)).tolist():
        mine = int(owner[at])
        others = [int(owner[one]) for one in range(first[at], last[at]) if one != at]
        controls[at] = all(one << 32 | mine in known or mine << 32 | one in known for one in others)
    return owner, owned, controls
