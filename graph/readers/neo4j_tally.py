"""A region's tally out of what the server was asked: who is here and makes what, told by whom, owned by whom."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from graph.model.dates import AsOf
from graph.model.kinds import DONE_STATUSES
from graph.readers import neo4j_statements as statements
from graph.readers.neo4j_claims import Ask, Resolving
from graph.readers.neo4j_days import Days
from graph.readers.neo4j_revision import Revision
from graph.readers.port_types import Chain, Tally
from graph.readers.pushed import Wholes, evidence_of, figures_of, groups_of, pipeline_of, stated_of, table_of

_PIPELINE = ("status", "completion_date", "located_in", "project_product")


class Tallying:
    """Tallies at one AsOf. What is counted over the whole graph is asked for once."""

    def __init__(self, revision: Revision, days: Days, resolving: Resolving, as_of: AsOf) -> None:
        self._revision = revision
        self._days = days
        self._resolving = resolving
        self._as_of = as_of

    @cached_property
    def totals(self) -> NDArray[np.int64]:
        """How many make each product or a kind of it, anywhere."""
        chain = self._revision.chain()
        return self._revision.read(lambda ask: self._days.totals(ask, chain))

    @cached_property
    def unplaced(self) -> int:
        """Enterprises that make something and have no used place."""
        return self._revision.read(self._days.unplaced_makers)

    def tally(self, region: str, years: float, share: float) -> Tally:
        """See Reader."""
        # First what is asked for once, so that no transaction stands open meanwhile.
        chain, totals, unplaced = self._revision.chain(), self.totals, self.unplaced
        return self._revision.read(lambda ask: self._tally(ask, region, chain, totals, unplaced, years, share))

    def _tally(
        self,
        ask: Ask,
        asked: str,
        chain: Chain,
        totals: NDArray[np.int64],
        unplaced: int,
        years: float,
        share: float,
    ) -> Tally:
        (region,) = self._revision.kept(ask, [asked])
        around = Wholes(ask(statements.WHOLES, regions=[region])).around(region)
        days = self._days
        rows = days.here(ask, region)
        entities = sorted(row.entity for row in rows)
        number = {entity: at for at, entity in enumerate(entities)}
        makers = table_of(chain, rows, number, made=True)
        told_by = days.told_by(ask, [row.entity for row in rows if row.made])
        sources = self._revision.sources.of(ask, (source for told in told_by.values() for source in told))
        dates = {source.id: source.date for source in sources.values()}
        planned = [row.entity for row in rows if row.planned]
        unfinished = {row.entity for row in rows if row.status not in DONE_STATUSES}
        amounts = [
            row
            for row in days.amounts(ask, entities)
            if row.predicate != "project_product" or row.entity not in unfinished
        ]
        outside = days.partly_outside(ask, region, {row.entity for row in amounts})
        return Tally(
            region=region,
            entities=entities,
            makers=makers,
            total=totals,
            direct=_flags(chain, [product for row in rows for product in row.made]),
            users=table_of(chain, rows, number, made=False),
            evidence=evidence_of(chain, makers, entities, told_by, dates, self._as_of.valid, years),
            pipeline=pipeline_of(chain, self._resolving.facts(ask, planned, _PIPELINE)),
            stated=stated_of(
                chain, days.links(ask, around, ("lacks",), "out"), days.links(ask, around, ("surveys",), "in")
            ),
            enterprises=sum(entity.startswith("ent:") for entity in entities),
            unplaced=unplaced,
            groups=groups_of(entities, self._owned(ask, entities, share)),
            capacities=figures_of(chain, [row for row in amounts if row.predicate != "consumes"], number, outside),
            consumption=figures_of(chain, [row for row in amounts if row.predicate == "consumes"], number, outside),
        )

    def _owned(self, ask: Ask, entities: Sequence[str], share: float) -> list[tuple[str, str]]:
        """Pairs of owner and owned, as far as they lead from these enterprises."""
        frontier = [entity for entity in entities if entity.startswith("ent:")]
        seen = set(frontier)
        joined: list[tuple[str, str]] = []
        while frontier:
            found = self._days.owners(ask, frontier, share)
            joined += found
            frontier = sorted({one for pair in found for one in pair} - seen)
            seen.update(frontier)
        return joined


def _flags(chain: Chain, products: Sequence[str]) -> NDArray[np.bool_]:
    flags = np.zeros(len(chain.products), np.bool_)
    flags[[chain.index[product] for product in products]] = True
    return flags
