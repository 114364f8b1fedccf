"""The claims behind a ranking: that somebody makes something, belongs to a group, is here, is left out."""

from collections.abc import Iterable, Sequence

import numpy as np

from queries.base import NodeRef, refs
from queries.promotion.candidates import Reason
from queries.promotion.ranking import Ranking

# Claims shown with a part: enough to check it, `show` lists all. A count needs those of all that it counts.
CITED, COUNTED = 20, 100
# Nodes asked about for the claims of a part.
ASKED = 40


class Citing:
    """Of one ranking; names are looked up once."""

    def __init__(self, ranking: Ranking) -> None:
        self._ranking = ranking
        self._desk = ranking.desk
        self._land = ranking.desk.land
        self._reader = ranking.desk.reader
        self._names: dict[str, NodeRef] = {}

    def _cite(
        self,
        subjects: Sequence[str] | None,
        predicates: Sequence[str],
        objects: Sequence[str] | None,
        most: int = CITED,
    ) -> tuple[str, ...]:
        return self._reader.cite(subjects, predicates, objects, most)

    def name(self, id_: str) -> NodeRef:
        """A node with its names."""
        if id_ not in self._names:
            self._names |= refs(self._reader, [id_])
        return self._names[id_]

    def named(self, enterprise: int) -> NodeRef:
        """An enterprise with its names."""
        return self.name(self._land.id_of(enterprise))

    def _kinds(self, product: int) -> list[str]:
        return [self._land.chain.products[one] for one in self._land.kinds(product)]

    def _ids(self, nodes: Iterable[int]) -> list[str]:
        return [self._land.ties.ids[one] for one in nodes]

    def _ways(self, start: int, end: int) -> tuple[str, ...]:
        """The claims that two are of one group."""
        found: list[str] = []
        for owner, owned in self._land.way(start, end):
            found += self._reader.cite([self._land.id_of(owner)], ("owns",), [self._land.id_of(owned)], 2)
        return tuple(found[:CITED])

    def making(self, enterprise: int, product: int) -> tuple[str, ...]:
        """The claims that an enterprise makes a product or a kind of it: by itself, else by finished projects."""
        kinds, who = self._kinds(product), [self._land.id_of(enterprise)]
        own = self._cite(who, ("produces",), kinds)
        if own:
            return own
        subject, project = self._land.links("invests_in")
        mine = project[(subject == self._land.first + enterprise) & np.isin(project, self._land.done)]
        found: list[str] = []
        for one in self._ids(sorted(set(mine.tolist()))):
            made = self._cite([one], ("project_product",), kinds)
            if made:
                found += [*self._cite(who, ("invests_in",), [one]), *made, *self._cite([one], ("status",), None)]
        return tuple(found[:CITED])

    def _place_claims(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Where they are, here."""
        return self._cite(ids, ("located_in",), self._desk.inside_ids)

    def left_out(self, enterprise: str, reason: Reason) -> tuple[str, ...]:
        """The claims by which somebody is left out; none where the user wants it so."""
        if reason == "dissolved":
            return self._cite([enterprise], ("operating_status",), None)
        if reason == "export_barred":
            return self._cite(None, ("bars",), [enterprise])
        found = list(self._place_claims([enterprise])) if reason == "already_here" else []
        if found or reason == "excluded_by_user":
            return tuple(found)
        who, project = self._desk.projects_here
        mine = project[who == self._land.ties.number(enterprise) - self._land.first]
        for one in self._ids(sorted(set(mine.tolist()))):
            made = self._cite([one], ("project_product",), self._kinds(self._ranking.product))
            if made:
                found += [
                    *self._cite([enterprise], ("invests_in",), [one]),
                    *made,
                    *self._cite([one], ("status",), None),
                ]
                found += self._place_claims([one])
        return tuple(found[: 2 * CITED])
