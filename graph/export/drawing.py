"""Where the nodes of a subgraph stand in a drawing: from the mine on the left to the end use on the right."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import accumulate
from math import ceil, sqrt
from typing import NamedTuple

from graph.model.kinds import STAGES
from graph.model.subgraph import Member, Subgraph

Colour = tuple[int, int, int]
# Told apart by colour-blind people too (Okabe and Ito).
COLOURS: Mapping[str, Colour] = {
    "enterprise": (0, 114, 178),
    "product": (213, 94, 0),
    "process": (230, 159, 0),
    "project": (204, 121, 167),
    "region": (0, 158, 115),
    "institution": (86, 180, 233),
    "policy": (240, 228, 66),
    "chain": (153, 153, 153),
    "source": (85, 85, 85),
}
_GAP = 40.0
_RANK = {stage: rank for rank, stage in enumerate(STAGES)}
# Left of the first stage: what stands at no stage, and what belongs to a chain but has no place on it.
_ON_THE_CHAIN = ("enterprise", "product", "process", "project")
_ASIDE, _UNPLACED = -2, -1
# How much taller than wide a column is.
_SLENDER = 6


class Spot(NamedTuple):
    """Where a node stands (y upwards) and how large it is."""

    x: float
    y: float
    size: float


class Drawing:
    """One column a stage: a product's own, of others the mean of the products they are joined with.

    In a column the nearest to a seed are on top, then by id. Sizes grow with the root of the number of links.
    Holds a few numbers a node.
    """

    def __init__(self, subgraph: Subgraph) -> None:
        self._subgraph = subgraph
        self._stage = {
            fact.subject: _RANK[str(fact.value)]
            for fact in subgraph.attributes()
            if fact.predicate == "stage" and fact.value in _RANK
        }
        self._degree: Counter[str] = Counter()
        met: dict[str, tuple[int, int]] = {}
        for fact in subgraph.links():
            ends = fact.subject, str(fact.object)
            self._degree.update(ends)
            for one, other in (ends, ends[::-1]):
                if other in self._stage and one not in self._stage:
                    total, count = met.get(one, (0, 0))
                    met[one] = total + self._stage[other], count + 1
        self._met = {node: round(total / count) for node, (total, count) in met.items()}

    def spots(self) -> Iterator[Spot]:
        """One a node, in the order of `Subgraph.nodes`."""
        cells = Counter((self._column(member), member.hop) for member in self._subgraph.nodes())
        heights = Counter[int]()
        first = {}
        for column, hop in sorted(cells):
            first[column, hop] = heights[column]
            heights[column] += cells[column, hop]
        columns = sorted(heights)
        wide = {column: max(1, round(sqrt(heights[column] / _SLENDER))) for column in columns}
        lefts = dict(zip(columns, accumulate((wide[column] + 3 for column in columns), initial=0), strict=False))
        for member in self._subgraph.nodes():
            column = self._column(member)
            row, aside = divmod(first[column, member.hop], wide[column])
            first[column, member.hop] += 1
            tall = ceil(heights[column] / wide[column])
            yield Spot(
                (lefts[column] + aside) * _GAP,
                ((tall - 1) / 2 - row) * _GAP,
                round(4 + 2 * sqrt(self._degree[member.id]), 1),
            )

    def _column(self, member: Member) -> int:
        if member.kind not in _ON_THE_CHAIN:
            return _ASIDE
        return self._stage.get(member.id, self._met.get(member.id, _UNPLACED))
