"""What a load did."""

import json
from typing import NamedTuple

from loaders.base import Reject
from loaders.dangling import Dangling

# So many rejects and dangling rows are listed; all are counted.
LISTED = 1000


class LoadReport(NamedTuple):
    """What became of the rows of a load.

    `added` and `same` count claims: never seen before, and known or said twice. `rejected` counts rows that could not
    be used, `dangling` rows that were loaded but name what nobody describes, `conflicts` facts the load speaks of that
    are left with two values of equal standing. `restored` claims count again, `retracted` ones no longer. `rejects` and
    `danglings` list the first of them. Without a `batch` nothing was recorded, because of `strict`.
    """

    batch: str | None
    added: int
    same: int
    rejected: int
    dangling: int
    conflicts: int
    restored: int
    retracted: int
    revision: int
    rejects: tuple[Reject, ...]
    danglings: tuple[Dangling, ...]

    def to_json(self) -> str:
        """One JSON document."""
        report = self._asdict()
        report["rejects"] = [reject._asdict() for reject in self.rejects]
        report["danglings"] = [dangling._asdict() for dangling in self.danglings]
        return json.dumps(report, ensure_ascii=False)
