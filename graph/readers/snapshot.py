"""The Reader over arrays in memory or mapped from a file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from graph.model.claims import Claim, Source, StoredClaim, claim_id
from graph.model.dates import AsOf
from graph.model.facts import Fact
from graph.model.kinds import NODE_KINDS
from graph.model.predicates import NOT_MAKING
from graph.readers.columns import PREDICATE_CODES, Columns
from graph.readers.fact_table import FactTable
from graph.readers.port import Reader
from graph.readers.port_types import Capacity, Chain, Counts, Direction, Flags, Maker, Match, Node, Reach, Tally, Ties
from graph.readers.ragged import distinct
from graph.readers.tallies import Tallies
from graph.readers.ties import ties_of_table
from graph.readers.view import View, kind_range
from graph.stores.port import NameHit


class Records(Protocol):
    """What a snapshot asks of the store it was made from: raw claims and names, which arrays do not hold."""

    def claims_of(
        self, ids: Sequence[str], direction: Direction, predicates: Sequence[str] | None
    ) -> tuple[StoredClaim, ...]:
        """By claim ids, or all claims of these predicates with nodes at that end."""
        ...

    def sources_of(self, ids: Sequence[str]) -> Sequence[Source]:
        """Sources by id."""
        ...

    def search(self, text: str, kinds: Sequence[str] | None, limit: int) -> Sequence[NameHit]:
        """Nodes by name."""
        ...

    def overlaid(self, added: Sequence[Claim], dropped: Sequence[str], at: AsOf) -> Reader:
        """A reader over the same claims with some added and some left out."""
        ...


class Snapshot:
    """See Reader. `same` maps a merged node to the one it is read as; `at` gives the same claims at any AsOf."""

    def __init__(
        self,
        columns: Columns,
        view: View,
        as_of: AsOf,
        revision: int,
        records: Records,
        same: Mapping[str, str],
        at: Callable[[AsOf], Reader],
    ) -> None:
        self._table = FactTable(columns, view, same)
        self._tallies = Tallies(self._table, as_of, self.around)
        self._as_of = as_of
        self._revision = revision
        self._records = records
        self._same = same
        self._at = at
        self._ties: dict[tuple[str, ...], Ties] = {}

    @property
    def as_of(self) -> AsOf:
        return self._as_of

    @property
    def revision(self) -> int:
        return self._revision

    @property
    def merged(self) -> Mapping[str, str]:
        return self._same

    def counts(self) -> Counts:
        spans = {kind: kind_range(self._table.columns, kind) for kind in NODE_KINDS}
        return Counts(
            {kind: last - first for kind, (first, last) in spans.items()},
            len(self._table.columns.subject),
            len(self._table.columns.source_ids),
        )

    # Nodes

    def nodes(self, ids: Sequence[str]) -> tuple[Node, ...]:
        return self._table.nodes([self._table.index(asked) for asked in ids])

    def ids(self, kinds: Sequence[str]) -> tuple[str, ...]:
        spans = sorted(kind_range(self._table.columns, kind) for kind in set(kinds))
        return tuple(self._table.columns.nodes[node] for span in spans for node in range(*span))

    def find(self, text: str, kinds: Sequence[str] | None = None, limit: int = 20) -> tuple[Match, ...]:
        found: dict[int, NameHit] = {}
        for hit in self._records.search(text, kinds, limit):
            at = self._table.columns.nodes.position(self._same.get(hit.node, hit.node))
            if at is not None:
                found.setdefault(at, hit)
        nodes = self._table.nodes(list(found))
        return tuple(Match(node, hit.name, hit.how) for node, hit in zip(nodes, found.values(), strict=True))

    # Facts

    def facts(
        self, ids: Sequence[str], predicates: Sequence[str] | None = None, direction: Direction = "out"
    ) -> tuple[Fact, ...]:
        wanted = self._table.indices(ids)
        return self._table.facts(self._table.positions(wanted, predicates, direction))

    def conflicts(self, ids: Sequence[str] | None = None) -> tuple[Fact, ...]:
        disputed = np.unique(self._table.view.resolved.rival_fact)
        if ids is not None:
            disputed = np.intersect1d(disputed, self._table.positions(self._table.indices(ids), None, "out"))
        return self._table.facts(disputed.astype(np.int64))

    def cite(
        self,
        subjects: Sequence[str] | None,
        predicates: Sequence[str],
        objects: Sequence[str] | None = None,
        limit: int = 200,
    ) -> tuple[str, ...]:
        table = self._table
        if subjects is None and objects is None:
            raise ValueError("one of the ends must be given")
        direction: Direction = "out" if subjects is not None else "in"
        positions = table.positions(
            table.indices(subjects if subjects is not None else objects or ()), predicates, direction
        )
        positions = positions[table.view.used[positions]]
        rows = table.view.resolved.facts[positions]
        planned = table.columns.predicate[rows] == PREDICATE_CODES["produces"]
        fits = ~(planned & np.isin(table.columns.qualifier[rows], self._not_making))
        if subjects is not None and objects is not None:
            fits &= np.isin(table.columns.object[rows], table.indices(objects))
        return table.claim_ids(rows[fits][:limit])

    @cached_property
    def _not_making(self) -> list[int]:
        found = (self._table.columns.qualifiers.position(word) for word in NOT_MAKING)
        return [at for at in found if at is not None]

    def claims(
        self, ids: Sequence[str], direction: Direction = "both", predicates: Sequence[str] | None = None
    ) -> tuple[StoredClaim, ...]:
        kept = {self._same.get(asked, asked) for asked in ids}
        merged = {other for other, read_as in self._same.items() if read_as in kept}
        return self._records.claims_of(sorted(kept | merged), direction, predicates)

    def sources(self, ids: Sequence[str] | None = None) -> tuple[Source, ...]:
        table = self._table.columns.source_ids
        if ids is None:
            return tuple(self._table.columns.row_source(at) for at in range(len(table)))
        found = {id_: table.position(id_) for id_ in sorted(set(ids))}
        known = {id_: self._table.columns.row_source(at) for id_, at in found.items() if at is not None}
        # Only claims that do not count come from the others: the arrays do not hold them.
        beyond = [id_ for id_ in found if id_ not in known]
        known |= {source.id: source for source in self._records.sources_of(beyond)} if beyond else {}
        return tuple(known[id_] for id_ in sorted(known))

    # The chain and the regions

    def chain(self) -> Chain:
        return self._table.view.chain

    def around(self, region: str) -> tuple[str, ...]:
        near = [self._table.index(region)]
        tier = near
        while tier:
            rows = [self._table.used_rows(node, "part_of") for node in tier]
            tier = sorted({int(parent) for of_one in rows for parent in self._table.columns.object[of_one]} - set(near))
            near = [*near, *tier]
        return tuple(self._table.columns.nodes[node] for node in near)

    def placed(self, region: str, kinds: Sequence[str]) -> tuple[str, ...]:
        begin, end = self._table.view.regions.range_of(self._table.index(region))
        place, who = self._places
        low, high = np.searchsorted(place, [begin, end])
        return self._of_kinds(distinct(who[low:high].astype(np.int64)), kinds)

    def unplaced(self, kinds: Sequence[str]) -> tuple[str, ...]:
        _, who = self._places
        spans = [np.arange(*kind_range(self._table.columns, kind), dtype=np.int32) for kind in sorted(set(kinds))]
        every = np.concatenate([np.zeros(0, np.int32), *spans])
        return self._of_kinds(np.setdiff1d(every, who), kinds)

    @cached_property
    def _places(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Positions of everything placed, institutions included, sorted; and the nodes."""
        columns, resolved = self._table.columns, self._table.view.resolved
        rows = resolved.facts[self._table.view.used]
        rows = rows[columns.predicate[rows] == PREDICATE_CODES["located_in"]]
        owner, position = self._table.view.regions.positions_of(columns.object[rows])
        order = np.argsort(position, kind="stable")
        return position[order], columns.subject[rows][owner][order]

    def _of_kinds(self, nodes: NDArray[np.integer], kinds: Sequence[str]) -> tuple[str, ...]:
        spans = [kind_range(self._table.columns, kind) for kind in set(kinds)]
        return tuple(self._table.columns.nodes[int(n)] for n in nodes if any(low <= n < high for low, high in spans))

    # Who makes what

    def applies(self, region: str) -> Flags:
        return self._tallies.applies(region)

    def capacities(self, product: str, country: str | None = None) -> tuple[Capacity, ...]:
        return self._tallies.capacities(product, country)

    def ties(self, predicates: Sequence[str]) -> Ties:
        asked = tuple(sorted(set(predicates)))
        # Two threads may lay out the same columns; one of them is kept.
        return self._ties.get(asked) or self._ties.setdefault(asked, ties_of_table(self._table, asked))

    def reach(self, start: str, predicate: str, direction: Direction, hops: int, limit: int) -> Reach:
        columns, view = self._table.columns, self._table.view
        frontier = np.array([self._table.index(start)], np.int64)
        seen = np.zeros(len(columns.nodes), np.bool_)
        seen[frontier] = True
        room, tiers, links, truncated = limit, [], [], False
        for _ in range(hops):
            positions = self._table.positions(frontier, (predicate,), direction)
            positions = positions[view.used[positions]]
            positions = positions[columns.object[view.resolved.facts[positions]] >= 0]
            rows = view.resolved.facts[positions]
            ends = np.concatenate([columns.subject[rows], columns.object[rows]]).astype(np.int64)
            fresh = distinct(ends[~seen[ends]])
            if len(fresh) > room:
                fresh, truncated = fresh[: max(room, 0)], True
            reached = np.zeros(len(seen), np.bool_)
            reached[fresh] = True
            links.extend(positions[reached[columns.subject[rows]] | reached[columns.object[rows]]].tolist())
            if not len(fresh):
                break
            tiers.append(tuple(columns.nodes[node] for node in fresh.tolist()))
            seen |= reached
            room -= len(fresh)
            frontier = fresh
            if truncated:
                break
        return Reach(tuple(tiers), self._table.facts(np.array(sorted(set(links)), np.int64)), truncated)

    def tally(self, region: str, recent_years: float = 8.0, control_share: float = 50.0) -> Tally:
        return self._tallies.tally(region, recent_years, control_share)

    def makers(self, product: str, region: str | None = None) -> tuple[Maker, ...]:
        return self._tallies.makers(product, region)

    def at(self, as_of: AsOf) -> Reader:
        return self if as_of == self._as_of else self._at(as_of)

    def with_claims(self, added: Sequence[Claim], dropped: Sequence[str] = ()) -> Reader:
        return self._records.overlaid(added, dropped, self._as_of)


def hypothetical(claims: Sequence[Claim], revision: int) -> Iterator[StoredClaim]:
    """Claims that nobody recorded, as a store would give them."""
    for claim in claims:
        yield StoredClaim(claim_id(claim), claim, "accepted", "", revision, revision)
