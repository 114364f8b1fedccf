"""The Reader over a Neo4j store: the same primitives pushed down as Cypher, for graphs larger than memory.

What is timeless (nodes, names, regions, classes, recipes) is read off the plain graph. What depends on the day is read
off it too when it shows that day, and else worked out from claims (see neo4j_days). Facts of single nodes always come
from claims. Questions of `with_claims` are answered in memory, over all claims of the store.

Neo4j reads what is committed, statement by statement, so each primitive looks at the revision before and after: when
somebody wrote in between it raises StoreBusy instead of mixing two revisions.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.model.claims import Claim, Source, StoredClaim
from graph.model.dates import AsOf
from graph.model.errors import NodeMissing, StoreBusy
from graph.model.facts import Fact
from graph.model.kinds import NODE_KINDS, kind_of
from graph.model.merging import read_as
from graph.model.predicates import NOT_MAKING, PREDICATES
from graph.readers import neo4j_statements as statements
from graph.readers.neo4j_claims import CHUNK, Ask, Merges, Resolving, chunks, sources_of
from graph.readers.neo4j_days import AnyDay, Days, Today
from graph.readers.port import Capacity, Chain, Counts, Direction, Flags, Maker, Match, Node, Reach, Reader, Tally
from graph.readers.pushed import (
    HereRow,
    Wholes,
    chain_of,
    evidence_of,
    groups_of,
    key_order,
    pipeline_of,
    stated_of,
    table_of,
)
from graph.readers.snapshot import Records
from graph.stores.neo4j import Neo4jStore

T = TypeVar("T")
# Readers kept at once: a screen compares a few dates, a service answers for today.
_KEPT = 8
# Predicates whose every fact joins two nodes.
_JOINING = {name for name, told in PREDICATES.items() if told.links and not told.object_optional}
_PIPELINE = ("status", "completion_date", "located_in", "project_product")


class State(NamedTuple):
    """What the store says of itself: its revision and the day its plain graph is of."""

    revision: int
    facts_as_of: str | None


class Connection:
    """Read transactions of one store."""

    def __init__(self, store: Neo4jStore) -> None:
        self._store = store

    def state(self) -> State:
        """The state of now."""
        return self._store._read(lambda tx: _state(_asking(tx)))

    def read(self, state: State, body: Callable[[Ask], T]) -> T:
        """Run the body in one transaction; raises StoreBusy when the store is not in that state from first to last."""

        def guarded(tx: Any) -> T:
            ask = _asking(tx)
            self._compare(state, _state(ask))
            answer = body(ask)
            self._compare(state, _state(ask))
            return answer

        return self._store._read(guarded)

    def _compare(self, wanted: State, found: State) -> None:
        if wanted != found:
            raise StoreBusy(
                "Somebody wrote to {location} while this was read (revision {before}, now {now}). Ask again.",
                location=self._store.location,
                before=wanted.revision,
                now=found.revision,
            )


def _asking(tx: Any) -> Ask:
    def ask(statement: str, **parameters: Any) -> list[list[Any]]:
        rows: list[list[Any]] = tx.run(statement, parameters).values()
        return rows

    return ask


def _state(ask: Ask) -> State:
    rows = ask(statements.STATE)
    return State(*rows[0]) if rows else State(-1, None)


class Neo4jReader:
    """See Reader."""

    def __init__(
        self, connection: Connection, state: State, as_of: AsOf, records: Records, merges: Merges, timeless: "Timeless"
    ) -> None:
        self._connection = connection
        self._state = state
        self._as_of = as_of
        self._records = records
        self._merges = merges
        self._timeless = timeless
        self._resolving = Resolving(merges, as_of)

    @property
    def as_of(self) -> AsOf:
        return self._as_of

    @property
    def revision(self) -> int:
        return self._state.revision

    def _read(self, body: Callable[[Ask], T]) -> T:
        return self._connection.read(self._state, body)

    @cached_property
    def _days(self) -> Days:
        """Whether the plain graph shows the day asked about."""
        day = self._as_of.valid.isoformat()
        shown = self._state.facts_as_of
        if self._as_of.known_at is None and shown is not None and shown <= day:
            ((turned,),) = self._read(lambda ask: ask(statements.TURNS_BY, day=day)) if shown < day else [[False]]
            if not turned:
                return Today(self._merges, self._resolving, self._as_of.valid)
        return AnyDay(self._merges, self._resolving)

    # Nodes

    def counts(self) -> Counts:
        return self._timeless.counts(self._read)

    def _kept(self, ask: Ask, ids: Sequence[str]) -> list[str]:
        """The ids read as the nodes they are; raises NodeMissing for the first that is not there."""
        wanted = [self._merges.kept(asked) for asked in ids]
        known = {
            row[0] for chunk in chunks(sorted(set(wanted)), CHUNK) for row in ask(statements.KNOWN, ids=list(chunk))
        }
        for asked, id_ in zip(ids, wanted, strict=True):
            if id_ not in known:
                raise NodeMissing(asked)
        return wanted

    def nodes(self, ids: Sequence[str]) -> tuple[Node, ...]:
        def body(ask: Ask) -> tuple[Node, ...]:
            wanted = [self._merges.kept(asked) for asked in ids]
            found = self._named(ask, wanted)
            for asked, id_ in zip(ids, wanted, strict=True):
                if id_ not in found:
                    raise NodeMissing(asked)
            return tuple(found[id_] for id_ in wanted)

        return self._read(body)

    def _named(self, ask: Ask, ids: Sequence[str]) -> dict[str, Node]:
        return {
            id_: Node(id_, kind_of(id_).name, zh, en, dangling)
            for chunk in chunks(sorted(set(ids)), CHUNK)
            for id_, zh, en, dangling in ask(statements.NODES, ids=list(chunk))
        }

    def ids(self, kinds: Sequence[str]) -> tuple[str, ...]:
        known = [kind for kind in set(kinds) if kind in NODE_KINDS]
        return self._read(lambda ask: tuple(sorted(id_ for kind in known for (id_,) in ask(statements.IDS[kind]))))

    def find(self, text: str, kinds: Sequence[str] | None = None, limit: int = 20) -> tuple[Match, ...]:
        # Hits on merged nodes fall together, so more are asked for than are wanted.
        hits = self._records.search(text, kinds, limit + len(self._merges.same))
        names = self._read(lambda ask: self._named(ask, [self._merges.kept(hit.node) for hit in hits]))
        found: dict[str, Match] = {}
        for hit in hits:
            id_ = self._merges.kept(hit.node)
            if id_ in names:
                found.setdefault(id_, Match(names[id_], hit.name, hit.how))
        return tuple(found.values())[:limit]

    # Facts

    def facts(
        self, ids: Sequence[str], predicates: Sequence[str] | None = None, direction: Direction = "out"
    ) -> tuple[Fact, ...]:
        return self._read(lambda ask: self._facts(ask, self._kept(ask, ids), predicates, direction))

    def _facts(
        self, ask: Ask, ids: Sequence[str], predicates: Sequence[str] | None, direction: Direction
    ) -> tuple[Fact, ...]:
        if predicates is not None and _JOINING.issuperset(predicates):
            return self._days.links(ask, ids, predicates, direction)
        return self._resolving.facts(ask, ids, predicates, direction)

    def conflicts(self, ids: Sequence[str] | None = None) -> tuple[Fact, ...]:
        def body(ask: Ask) -> tuple[Fact, ...]:
            if ids is not None:
                subjects = self._kept(ask, ids)
            else:
                merged = self._merges.merged()
                naming = [ask(statements.SUBJECTS_NAMING, ids=list(chunk)) for chunk in chunks(merged, CHUNK)]
                rows = [*ask(statements.TOLD_TWICE), *(row for rows in naming for row in rows)]
                subjects = [self._merges.kept(subject) for (subject,) in rows]
            return tuple(fact for fact in self._resolving.facts(ask, subjects, None) if fact.conflicts)

        return self._read(body)

    def cite(
        self,
        subjects: Sequence[str] | None,
        predicates: Sequence[str],
        objects: Sequence[str] | None = None,
        limit: int = 200,
    ) -> tuple[str, ...]:
        if subjects is None and objects is None:
            raise ValueError("one of the ends must be given")

        def body(ask: Ask) -> tuple[str, ...]:
            starts = None if subjects is None else self._kept(ask, subjects)
            ends = None if objects is None else set(self._kept(ask, objects))
            if starts is not None:
                facts = self._facts(ask, starts, predicates, "out")
            else:
                facts = self._facts(ask, sorted(ends or ()), predicates, "in")
            return tuple(
                fact.claim
                for fact in facts
                if fact.used
                and not (fact.predicate == "produces" and fact.qualifier in NOT_MAKING)
                and (ends is None or fact.object in ends)
            )[:limit]

        return self._read(body)

    def claims(self, ids: Sequence[str]) -> tuple[StoredClaim, ...]:
        wanted = {one for asked in ids for one in (asked, *self._merges.members([self._merges.kept(asked)]))}
        return self._records.claims_of(sorted(wanted))

    def sources(self, ids: Sequence[str] | None = None) -> tuple[Source, ...]:
        def body(ask: Ask) -> tuple[Source, ...]:
            wanted = {id_ for (id_,) in ask(statements.CITED_SOURCES)} if ids is None else set(ids)
            known = sources_of(ask, wanted)
            if ids is None:
                cited = wanted
            else:
                unknown = sorted(wanted - known.keys())
                cited = {row[0] for chunk in chunks(unknown, CHUNK) for row in ask(statements.CITED, ids=list(chunk))}
            return tuple(known.get(id_, Source(id_, "", "", None, "other")) for id_ in sorted(cited | known.keys()))

        return self._read(body)

    # The chain and the regions

    def chain(self) -> Chain:
        return self._timeless.chain(self._read)

    def around(self, region: str) -> tuple[str, ...]:
        return self._read(lambda ask: self._around(ask, self._kept(ask, [region])[0]))

    def _around(self, ask: Ask, region: str) -> tuple[str, ...]:
        return Wholes(ask(statements.WHOLES, regions=[region])).around(region)

    def applies(self, region: str) -> Flags:
        sites = self.chain().sites

        def body(ask: Ask) -> Flags:
            (id_,) = self._kept(ask, [region])
            tied = sorted({site for site in sites if site is not None})
            wholes = Wholes(ask(statements.WHOLES, regions=[id_, *tied]))
            near = {None, *(site for site in tied if wholes.related(id_, site))}
            return np.array([site in near for site in sites], np.bool_)

        return self._read(body)

    def placed(self, region: str, kinds: Sequence[str]) -> tuple[str, ...]:
        days = self._days
        return self._read(lambda ask: tuple(sorted(days.placed(ask, self._kept(ask, [region])[0], kinds))))

    def unplaced(self, kinds: Sequence[str]) -> tuple[str, ...]:
        days = self._days
        return self._read(lambda ask: tuple(sorted(days.unplaced(ask, kinds))))

    # Who makes what

    def tally(self, region: str, recent_years: float = 8.0, control_share: float = 50.0) -> Tally:
        chain, days = self.chain(), self._days
        totals, unplaced = self._totals, self._unplaced_makers

        def body(ask: Ask) -> Tally:
            (id_,) = self._kept(ask, [region])
            rows = days.here(ask, id_)
            entities = sorted(row.entity for row in rows)
            number = {entity: at for at, entity in enumerate(entities)}
            makers = table_of(chain, rows, number, made=True)
            making = [row.entity for row in rows if row.made]
            told_by = days.told_by(ask, making)
            sources = sources_of(ask, {source for told in told_by.values() for source in told})
            around = self._around(ask, id_)
            direct = np.zeros(len(chain.products), np.bool_)
            direct[[chain.index[product] for row in rows for product in row.made]] = True
            return Tally(
                region=id_,
                entities=entities,
                makers=makers,
                total=totals,
                direct=direct,
                users=table_of(chain, rows, number, made=False),
                evidence=evidence_of(
                    chain, makers, entities, told_by, {source.id: source.date for source in sources.values()},
                    self._as_of.valid, recent_years,
                ),
                pipeline=pipeline_of(chain, self._resolving.facts(ask, _projects(rows), _PIPELINE)),
                stated=stated_of(
                    chain, days.links(ask, around, ("lacks",), "out"), days.links(ask, around, ("surveys",), "in")
                ),
                enterprises=sum(entity.startswith("ent:") for entity in entities),
                unplaced=unplaced,
                groups=groups_of(entities, self._owned(ask, entities, control_share)),
            )  # fmt: skip

        return self._read(body)

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

    @cached_property
    def _totals(self) -> NDArray[np.int64]:
        chain, days = self.chain(), self._days
        return self._read(lambda ask: days.totals(ask, chain))

    @cached_property
    def _unplaced_makers(self) -> int:
        days = self._days
        return self._read(days.unplaced_makers)

    def makers(self, product: str, region: str | None = None) -> tuple[Maker, ...]:
        days = self._days

        def body(ask: Ask) -> tuple[Maker, ...]:
            id_, *where = self._kept(ask, [product] if region is None else [product, region])
            return tuple(days.makers(ask, id_, where[0] if where else None))

        return self._read(body)

    def capacities(self, product: str, country: str | None = None) -> tuple[Capacity, ...]:
        days = self._days
        found = self._read(lambda ask: days.capacities(ask, self._kept(ask, [product])[0], country))
        return tuple(sorted(found, key=lambda one: (one.entity, one.product, one.dimension)))

    # Ways

    def reach(self, start: str, predicate: str, direction: Direction, hops: int, limit: int) -> Reach:
        days = self._days

        def body(ask: Ask) -> Reach:
            frontier = self._kept(ask, [start])
            seen = set(frontier)
            tiers: list[tuple[str, ...]] = []
            links: dict[str, Fact] = {}
            truncated = False
            for _ in range(hops):
                found = [fact for fact in days.links(ask, frontier, (predicate,), direction) if fact.used]
                ends = {end for fact in found for end in (fact.subject, str(fact.object))}
                room = limit - (len(seen) - 1)
                fresh = sorted(ends - seen)
                truncated = len(fresh) > room
                frontier = fresh[: max(room, 0)]
                reached = set(frontier)
                links |= {fact.claim: fact for fact in found if fact.subject in reached or fact.object in reached}
                if frontier:
                    tiers.append(tuple(frontier))
                    seen.update(frontier)
                if truncated or not frontier:
                    break
            return Reach(tuple(tiers), tuple(sorted(links.values(), key=key_order)), truncated)

        return self._read(body)

    def with_claims(self, added: Sequence[Claim], dropped: Sequence[str] = ()) -> Reader:
        """Answered in memory: a what-if over a graph that does not fit there needs a smaller store."""
        return self._read(lambda _: self._records.overlaid(added, dropped, self._as_of))


def _projects(rows: Sequence[HereRow]) -> list[str]:
    return [row.entity for row in rows if row.planned]


class Timeless:
    """What every reader of one revision shares, whatever its day: looked up once."""

    def __init__(self) -> None:
        self._chain: Chain | None = None
        self._counts: Counts | None = None

    def chain(self, read: Callable[[Callable[[Ask], Chain]], Chain]) -> Chain:
        """The recipe graph."""
        if self._chain is None:
            self._chain = read(lambda ask: chain_of(ask(statements.PRODUCTS), ask(statements.PROCESSES)))
        return self._chain

    def counts(self, read: Callable[[Callable[[Ask], Counts]], Counts]) -> Counts:
        """How large the graph is."""
        if self._counts is None:
            self._counts = read(_counted)
        return self._counts


def _counted(ask: Ask) -> Counts:
    ((claims,),) = ask(statements.COUNT_CLAIMS)
    return Counts(
        {kind: ask(statement)[0][0] for kind, statement in statements.COUNT.items()},
        claims,
        len(ask(statements.CITED_SOURCES)),
    )


class Neo4jReaders:
    """Readers of one store, each of the state the store was in when it was asked for. Thread-safe."""

    def __init__(self, store: Neo4jStore, records_of: Callable[[int], Records]) -> None:
        """`records_of` gives what a reader of a revision asks of the store itself."""
        self._store = store
        self._connection = Connection(store)
        self._records_of = records_of
        self._lock = Lock()
        self._state: State | None = None
        self._merges = Merges({})
        self._timeless = Timeless()
        self._readers: OrderedDict[AsOf, Neo4jReader] = OrderedDict()

    def at(self, as_of: AsOf) -> Neo4jReader:
        """The graph at an AsOf, of the store's revision of now."""
        with self._lock:
            while (state := self._connection.state()) != self._state:
                merges = Merges(read_as(record.decision for record in self._store.decisions()))
                if self._connection.state() == state:
                    self._state, self._merges = state, merges
                    self._timeless, self._readers = Timeless(), OrderedDict()
            if as_of not in self._readers:
                records = self._records_of(state.revision)
                self._readers[as_of] = Neo4jReader(
                    self._connection, state, as_of, records, self._merges, self._timeless
                )
                if len(self._readers) > _KEPT:
                    self._readers.popitem(last=False)
            self._readers.move_to_end(as_of)
            return self._readers[as_of]
