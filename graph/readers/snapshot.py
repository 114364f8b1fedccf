"""The Reader over arrays in memory or mapped from a file."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graph.model.claims import Claim, Source, StoredClaim, claim_id
from graph.model.dates import AsOf
from graph.model.errors import NodeMissing
from graph.model.facts import Fact
from graph.model.kinds import KIND_OF_PREFIX, NODE_KINDS, PIPELINE_STATUSES, kind_of
from graph.model.predicates import FLAGS, NAME_PREDICATES, NOT_MAKING
from graph.readers.columns import FLAG_BITS, PREDICATE_CODES, PREDICATE_NAMES, Columns
from graph.readers.making import Making
from graph.readers.port import (
    Chain,
    Counts,
    Direction,
    Maker,
    Match,
    Node,
    PipelineProject,
    Reach,
    Reader,
    StatedAbsence,
    Tally,
)
from graph.readers.ragged import gather, rows_of
from graph.readers.tallying import chain_evidence, direct_here, recent_window
from graph.readers.view import View, kind_range
from graph.stores.port import NameHit


class Records(Protocol):
    """What a snapshot asks of the store it was made from: raw claims and names, which arrays do not hold."""

    def claims_of(self, ids: Sequence[str]) -> tuple[StoredClaim, ...]:
        """By claim ids, or all claims about nodes."""
        ...

    def search(self, text: str, kinds: Sequence[str] | None, limit: int) -> Sequence[NameHit]:
        """Nodes by name."""
        ...

    def overlaid(self, added: Sequence[Claim], dropped: Sequence[str], at: AsOf) -> Reader:
        """A reader over the same claims with some added and some left out."""
        ...


class Snapshot:
    """See Reader. `same` maps ids of merged nodes to the id they are read as."""

    def __init__(
        self, columns: Columns, view: View, as_of: AsOf, revision: int, records: Records, same: Mapping[str, str]
    ) -> None:
        self._columns = columns
        self._view = view
        self._as_of = as_of
        self._revision = revision
        self._records = records
        self._same = same
        self._group_cache: dict[float, NDArray[np.int32]] = {}

    @property
    def as_of(self) -> AsOf:
        return self._as_of

    @property
    def revision(self) -> int:
        return self._revision

    def counts(self) -> Counts:
        spans = {kind: kind_range(self._columns, kind) for kind in NODE_KINDS}
        return Counts(
            {kind: last - first for kind, (first, last) in spans.items()},
            len(self._columns.subject),
            len(self._columns.source_ids),
        )

    # Nodes

    def nodes(self, ids: Sequence[str]) -> tuple[Node, ...]:
        return tuple(self._node(self._index(asked)) for asked in ids)

    def ids(self, kinds: Sequence[str]) -> tuple[str, ...]:
        spans = sorted(kind_range(self._columns, kind) for kind in set(kinds))
        return tuple(self._columns.nodes[node] for span in spans for node in range(*span))

    def find(self, text: str, kinds: Sequence[str] | None = None, limit: int = 20) -> tuple[Match, ...]:
        found: dict[str, Match] = {}
        for hit in self._records.search(text, kinds, limit):
            node = self._same.get(hit.node, hit.node)
            at = self._columns.nodes.position(node)
            if at is not None and node not in found:
                found[node] = Match(self._node(at), hit.name, hit.how)
        return tuple(found.values())

    def _index(self, node: str) -> int:
        at = self._columns.nodes.position(self._same.get(node, node))
        if at is None:
            raise NodeMissing(node)
        return at

    def _indices(self, ids: Sequence[str]) -> NDArray[np.int64]:
        return np.unique(np.array([self._index(node) for node in ids], np.int64))

    def _node(self, index: int) -> Node:
        columns = self._columns
        start, end = self._view.out_starts[index], self._view.out_starts[index + 1]
        rows = self._view.resolved.facts[start:end]
        names: dict[str, str] = {}
        for row in rows[np.isin(columns.predicate[rows], _NAME_CODES)]:
            names.setdefault(PREDICATE_NAMES[columns.predicate[row]], columns.texts[int(columns.text[row])])
        id_ = columns.nodes[index]
        return Node(id_, KIND_OF_PREFIX[id_[:3]].name, names.get("name_zh"), names.get("name_en"), not names)

    # Facts

    def facts(
        self, ids: Sequence[str], predicates: Sequence[str] | None = None, direction: Direction = "out"
    ) -> tuple[Fact, ...]:
        wanted = self._indices(ids)
        return tuple(self._fact(int(at)) for at in self._positions(wanted, predicates, direction))

    def conflicts(self, ids: Sequence[str] | None = None) -> tuple[Fact, ...]:
        disputed = np.unique(self._view.resolved.rival_fact)
        if ids is not None:
            disputed = np.intersect1d(disputed, self._positions(self._indices(ids), None, "out"))
        return tuple(self._fact(int(at)) for at in disputed)

    def _positions(
        self, nodes: NDArray[np.int64], predicates: Sequence[str] | None, direction: Direction
    ) -> NDArray[np.int64]:
        """Positions of facts in key order."""
        view = self._view
        found: list[NDArray[np.int64]] = []
        if direction != "in":
            found.append(_spans(view.out_starts[nodes], view.out_starts[nodes + 1]))
        if direction != "out":
            found.append(view.in_facts[_spans(view.in_starts[nodes], view.in_starts[nodes + 1])].astype(np.int64))
        positions = np.unique(np.concatenate(found)) if direction == "both" else np.sort(found[0])
        if predicates is not None:
            codes = [PREDICATE_CODES[name] for name in predicates if name in PREDICATE_CODES]
            positions = positions[np.isin(self._columns.predicate[view.resolved.facts[positions]], codes)]
        return positions

    def _fact(self, position: int) -> Fact:
        c, resolved = self._columns, self._view.resolved
        row = int(resolved.facts[position])
        low, high = np.searchsorted(resolved.rival_fact, [position, position + 1])
        text, value, detail = int(c.text[row]), float(c.value[row]), int(c.detail[row])
        return Fact(
            subject=c.nodes[int(c.subject[row])],
            predicate=PREDICATE_NAMES[c.predicate[row]],
            object=c.nodes[int(c.object[row])] if c.object[row] >= 0 else None,
            value=c.texts[text] if text >= 0 else None if value != value else value,
            unit=c.units[int(c.unit[row])] or None,
            qualifier=c.qualifiers[int(c.qualifier[row])],
            as_of=c.dates[int(c.as_of[row])] or None,
            until=c.dates[int(c.until[row])] or None,
            flags=_flag_names(int(c.flags[row])),
            detail=tuple((name, said) for name, said in json.loads(c.texts[detail])) if detail >= 0 else (),
            source=c.source_ids[int(c.source[row])],
            confidence=float(c.confidence[row]),
            claim=self._claim_id(row),
            conflicts=tuple(sorted(self._claim_id(int(rival)) for rival in resolved.rival_row[low:high])),
        )

    def _claim_id(self, row: int) -> str:
        return "clm:" + cast(bytes, self._columns.claim[row].tobytes()).hex()

    def claims(self, ids: Sequence[str]) -> tuple[StoredClaim, ...]:
        merged = {
            kept: [other for other, read_as in self._same.items() if read_as == kept] for kept in ids if self._same
        }
        wanted = [one for asked in ids for one in (asked, *merged.get(self._same.get(asked, asked), ()))]
        return self._records.claims_of(sorted({*wanted, *(self._same.get(one, one) for one in ids)}))

    def sources(self, ids: Sequence[str] | None = None) -> tuple[Source, ...]:
        table = self._columns.source_ids
        if ids is None:
            return tuple(self._columns.row_source(at) for at in range(len(table)))
        found = sorted({at for id_ in ids if (at := table.position(id_)) is not None})
        return tuple(self._columns.row_source(at) for at in found)

    # The chain and the regions

    def chain(self) -> Chain:
        return self._view.chain

    def around(self, region: str) -> tuple[str, ...]:
        near = [self._index(region)]
        for node in near:  # grows while it is walked: breadth first, nearest first
            rows = self._used_rows(node, "part_of")
            near.extend(int(parent) for parent in self._columns.object[rows] if int(parent) not in near)
        return tuple(self._columns.nodes[node] for node in near)

    def _used_rows(self, subject: int, *predicates: str) -> NDArray[np.int32]:
        view = self._view
        span = slice(int(view.out_starts[subject]), int(view.out_starts[subject + 1]))
        rows = view.resolved.facts[span][view.used[span]]
        return rows[np.isin(self._columns.predicate[rows], [PREDICATE_CODES[name] for name in predicates])]

    def placed(self, region: str, kinds: Sequence[str]) -> tuple[str, ...]:
        begin, end = self._view.regions.range_of(self._index(region))
        place, who = self._places
        low, high = np.searchsorted(place, [begin, end])
        return self._of_kinds(np.unique(who[low:high]), kinds)

    def unplaced(self, kinds: Sequence[str]) -> tuple[str, ...]:
        _, who = self._places
        spans = [np.arange(*kind_range(self._columns, kind), dtype=np.int32) for kind in sorted(set(kinds))]
        every = np.concatenate([np.zeros(0, np.int32), *spans])
        return self._of_kinds(np.setdiff1d(every, who), kinds)

    @cached_property
    def _places(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Positions of everything placed, institutions included, sorted; and the nodes."""
        columns, resolved = self._columns, self._view.resolved
        rows = resolved.facts[self._view.used]
        rows = rows[columns.predicate[rows] == PREDICATE_CODES["located_in"]]
        owner, position = self._view.regions.positions_of(columns.object[rows])
        order = np.argsort(position, kind="stable")
        return position[order], columns.subject[rows][owner][order]

    def _of_kinds(self, nodes: NDArray[np.integer], kinds: Sequence[str]) -> tuple[str, ...]:
        spans = [kind_range(self._columns, kind) for kind in set(kinds)]
        return tuple(self._columns.nodes[int(n)] for n in nodes if any(low <= n < high for low, high in spans))

    # Who makes what

    def tally(self, region: str, recent_years: float = 8.0, control_share: float = 50.0) -> Tally:
        index = self._index(region)
        view, making = self._view, self._view.making
        products = len(view.chain.products)
        here = making.here(view.regions, index)
        owner, made = gather(making.made, here)
        user, wanted = gather(making.used, here)
        columns = self._columns
        return Tally(
            region=columns.nodes[index],
            entities=_Names(columns, making),
            makers=rows_of(made, here[owner], products),
            total=making.by_product.counts(),
            direct=direct_here(making, here, products),
            users=rows_of(wanted, here[user], products),
            evidence=chain_evidence(
                making,
                here,
                view.chain_words,
                columns.source_day,
                _SourceDates(columns),
                recent_window(self._as_of.valid, recent_years),
            ),
            pipeline=self._pipeline(here),
            stated=self._stated(region),
            enterprises=int(np.count_nonzero(here < self._enterprises)),
            unplaced=self._unplaced_makers,
            groups=self._groups(control_share),
        )

    @cached_property
    def _enterprises(self) -> int:
        low, high = kind_range(self._columns, "enterprise")
        return high - low

    @cached_property
    def _unplaced_makers(self) -> int:
        making = self._view.making
        makers = (making.direct.counts() > 0) & ~making.has_place
        return int(np.count_nonzero(makers[: self._enterprises]))

    def _groups(self, control_share: float) -> NDArray[np.int32]:
        """The owner group of each entity; projects are groups of their own."""
        if control_share not in self._group_cache:
            columns, entity = self._columns, self._view.making.entity
            rows = self._view.resolved.facts[self._view.used]
            rows = rows[columns.predicate[rows] == PREDICATE_CODES["owns"]]
            first, last = kind_range(columns, "enterprise")
            told = columns.value[rows]
            joins = (np.isnan(told) | (told >= control_share)) & (columns.subject[rows] >= first)
            joins &= columns.subject[rows] < last
            owner, owned = columns.subject[rows][joins] - first, columns.object[rows][joins] - first
            ones = np.ones(len(owner), np.int8)
            _, group = connected_components(coo_array((ones, (owner, owned)), shape=(len(entity),) * 2), directed=False)
            self._group_cache[control_share] = group.astype(np.int32)
        return self._group_cache[control_share]

    def _pipeline(self, here: NDArray[np.int32]) -> tuple[PipelineProject, ...]:
        view, columns = self._view, self._columns
        found: list[PipelineProject] = []
        first_product = kind_range(columns, "product")[0]
        for project in view.making.entity[here[here >= self._enterprises]]:
            told = {
                name: self._used_rows(int(project), name) for name in ("status", "completion_date", "project_product")
            }
            status = [columns.texts[int(columns.text[row])] for row in told["status"] if columns.text[row] >= 0]
            if not status or status[0] not in PIPELINE_STATUSES:
                continue
            ended = [columns.texts[int(columns.text[row])] for row in told["completion_date"] if columns.text[row] >= 0]
            placing = self._used_rows(int(project), "located_in")
            for row in told["project_product"]:
                made = int(columns.object[row]) - first_product
                behind = {*told["status"].tolist(), *told["completion_date"].tolist(), *placing.tolist(), int(row)}
                cited = tuple(sorted(self._claim_id(at) for at in behind))
                name = columns.nodes[int(project)]
                found.extend(
                    PipelineProject(int(product), name, status[0], ended[0] if ended else None, cited)
                    for product in (made, *view.chain.above.row(made))
                )
        merged: dict[tuple[int, str], PipelineProject] = {}
        for one in found:
            seen = merged.get((one.product, one.project))
            merged[one.product, one.project] = (
                one if seen is None else one._replace(claims=tuple(sorted({*one.claims, *seen.claims})))
            )
        return tuple(merged[key] for key in sorted(merged))

    def _stated(self, region: str) -> tuple[StatedAbsence, ...]:
        view, chain = self._view, self._view.chain
        said: dict[int, set[str]] = {}
        around = self._indices(self.around(region))
        for at in self._positions(around, ("lacks",), "out"):
            fact = self._fact(int(at))
            if view.used[at] and fact.object is not None and fact.object in chain.index:
                lacking = chain.index[fact.object]
                for product in (lacking, *chain.below.row(lacking)):
                    said.setdefault(int(product), set()).add(fact.claim)
        for at in self._positions(around, ("surveys",), "in"):
            if not view.used[at]:
                continue
            fact = self._fact(int(at))
            if fact.qualifier in chain.index:
                surveyed = chain.index[fact.qualifier]
                covered = [surveyed, *(int(p) for p in chain.below.row(surveyed))]
            else:
                covered = [p for p, word in enumerate(chain.chains) if word and f"chn:{word}" == fact.qualifier]
            for product in covered:
                said.setdefault(product, set()).add(fact.claim)
        return tuple(StatedAbsence(product, tuple(sorted(said[product]))) for product in sorted(said))

    def makers(self, product: str, region: str | None = None) -> tuple[Maker, ...]:
        view, making, columns = self._view, self._view.making, self._columns
        kind = kind_of(product).name
        index = self._index(product)
        first_product = kind_range(columns, "product")[0]
        if kind != "product":
            return ()
        local = index - first_product
        covered = np.array([local, *view.chain.below.row(local)]) + first_product
        here = making.here(view.regions, self._index(region)) if region is not None else np.zeros(0, np.int32)
        found = []
        for entity in making.by_product.row(local):
            node = int(making.entity[entity])
            span = slice(int(view.out_starts[node]), int(view.out_starts[node + 1]))
            rows = view.resolved.facts[span]
            told = (
                np.isin(columns.predicate[rows], _MAKING_CODES)
                & np.isin(columns.object[rows], covered)
                & view.used[span]
            )
            facts = [self._fact(span.start + int(at)) for at in np.flatnonzero(told)]
            found.append(
                Maker(
                    columns.nodes[node],
                    tuple(fact for fact in facts if fact.qualifier not in NOT_MAKING),
                    bool(np.isin(entity, here)),
                    bool(making.has_place[entity]),
                )
            )
        return tuple(found)

    def reach(self, start: str, predicate: str, direction: Direction, hops: int, limit: int) -> Reach:
        columns, view = self._columns, self._view
        frontier = np.array([self._index(start)], np.int64)
        seen, tiers, links, truncated = set(frontier.tolist()), [], [], False
        for _ in range(hops):
            positions = self._positions(frontier, (predicate,), direction)
            positions = positions[view.used[positions]]
            rows = view.resolved.facts[positions]
            ends = np.stack([columns.subject[rows], columns.object[rows]])
            fresh = np.setdiff1d(np.unique(ends), np.fromiter(seen, np.int64, len(seen)))
            room = limit - (len(seen) - 1)
            if len(fresh) > room:
                fresh, truncated = fresh[: max(room, 0)], True
            reached = np.isin(ends[0], fresh) | np.isin(ends[1], fresh)
            links.extend(positions[reached].tolist())
            if not len(fresh):
                break
            tiers.append(tuple(columns.nodes[int(node)] for node in fresh))
            seen.update(fresh.tolist())
            frontier = fresh.astype(np.int64)
            if truncated:
                break
        return Reach(tuple(tiers), tuple(self._fact(at) for at in sorted(set(links))), truncated)

    def with_claims(self, added: Sequence[Claim], dropped: Sequence[str] = ()) -> Reader:
        return self._records.overlaid(added, dropped, self._as_of)


_NAME_CODES = [PREDICATE_CODES[name] for name in NAME_PREDICATES]
_MAKING_CODES = [PREDICATE_CODES["produces"], PREDICATE_CODES["project_product"]]


def _flag_names(bits: int) -> tuple[str, ...]:
    return tuple(sorted(name for name in FLAGS if bits & FLAG_BITS[name])) if bits else ()


def _spans(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """All numbers in many ranges, range by range."""
    counts = ends - starts
    total = np.cumsum(counts)
    within: NDArray[np.int64] = np.arange(int(total[-1]) if len(total) else 0) - np.repeat(total - counts, counts)
    return within + np.repeat(starts, counts)


class _Names(Sequence[str]):
    """Entity numbers -> ids, decoded when asked for."""

    def __init__(self, columns: Columns, making: Making) -> None:
        self._columns, self._making = columns, making

    def __len__(self) -> int:
        return len(self._making.entity)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # Sequence's overloads: only int is used
        return self._columns.nodes[int(self._making.entity[index])]


class _SourceDates(Sequence[str | None]):
    """Source numbers -> date texts, decoded when asked for."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def __len__(self) -> int:
        return len(self._columns.source_ids)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        return self._columns.row_source(int(index)).date


def hypothetical(claims: Sequence[Claim], revision: int) -> Iterator[StoredClaim]:
    """Claims that nobody recorded, as a store would give them."""
    for claim in claims:
        yield StoredClaim(claim_id(claim), claim, "accepted", "", revision, revision)
