"""The Reader over a Neo4j store: the same primitives pushed down as Cypher, for graphs larger than memory.

What is timeless (nodes, names, regions, classes, recipes) is read off the plain graph. What depends on the day is read
off it too when it shows that day, and else worked out from claims (see neo4j_days). What is said of single nodes in
numbers and words always comes from claims. Kept in memory are the recipe graph with its flows, and counts;
`with_claims` is answered in memory over all claims of the store.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from threading import Lock

import numpy as np

from graph.model.claims import Claim, Source, StoredClaim
from graph.model.dates import AsOf
from graph.model.errors import NodeMissing
from graph.model.facts import Fact
from graph.model.kinds import NODE_KINDS
from graph.model.merging import read_as
from graph.model.predicates import NOT_MAKING, PREDICATES
from graph.readers import neo4j_statements as statements
from graph.readers.neo4j_claims import CHUNK, Ask, Merges, Resolving, chunks
from graph.readers.neo4j_days import AnyDay, Days, Today
from graph.readers.neo4j_revision import Revision, State, state_of
from graph.readers.neo4j_tally import Tallying
from graph.readers.port import Reader
from graph.readers.port_types import Capacity, Chain, Counts, Direction, Flags, Maker, Match, Node, Reach, Tally, Ties
from graph.readers.pushed import Wholes, in_key_order
from graph.readers.snapshot import Records
from graph.readers.ties import ties_of_facts
from graph.stores.neo4j import Neo4jStore

# Readers kept at once: a screen compares a few dates, a service answers for today.
_KEPT = 8
# The flows of recipes; and predicates whose every fact joins two nodes.
_RECIPES = {"input_to", "yields", "uses"}
_JOINING = {name for name, told in PREDICATES.items() if told.links and not told.object_optional}


class Neo4jReader:
    """See Reader."""

    def __init__(self, revision: Revision, as_of: AsOf, records: Records) -> None:
        """`records` are asked for raw claims, names and what-ifs."""
        self._revision = revision
        self._as_of = as_of
        self._records = records
        self._merges = revision.merges
        self._resolving = Resolving(revision.merges, revision.sources, as_of)
        self._read = revision.read
        self._ties: dict[tuple[str, ...], Ties] = {}

    @property
    def as_of(self) -> AsOf:
        return self._as_of

    @property
    def revision(self) -> int:
        return self._revision.state.revision

    @cached_property
    def _days(self) -> Days:
        """Whether the plain graph shows the day asked about."""
        day, shown = self._as_of.valid.isoformat(), self._revision.state.facts_as_of
        if self._as_of.known_at is None and shown is not None and shown <= day:
            ((turned,),) = self._read(lambda ask: ask(statements.TURNS_BY, day=day)) if shown < day else [[False]]
            if not turned:
                return Today(self._merges, self._resolving, self._as_of.valid)
        return AnyDay(self._resolving)

    @cached_property
    def _tallying(self) -> Tallying:
        return Tallying(self._revision, self._days, self._resolving, self._as_of)

    # Nodes

    @property
    def merged(self) -> Mapping[str, str]:
        return self._merges.same

    def counts(self) -> Counts:
        return self._revision.counts()

    def nodes(self, ids: Sequence[str]) -> tuple[Node, ...]:
        def body(ask: Ask) -> tuple[Node, ...]:
            found = self._revision.named(ask, ids)
            for asked in ids:
                if asked not in found:
                    raise NodeMissing(asked)
            return tuple(found[asked] for asked in ids)

        return self._read(body)

    def ids(self, kinds: Sequence[str]) -> tuple[str, ...]:
        known = [kind for kind in set(kinds) if kind in NODE_KINDS]
        return self._read(lambda ask: tuple(sorted(id_ for kind in known for (id_,) in ask(statements.IDS[kind]))))

    def find(self, text: str, kinds: Sequence[str] | None = None, limit: int = 20) -> tuple[Match, ...]:
        # Hits on merged nodes fall together, so more are asked for than are wanted.
        hits = self._records.search(text, kinds, limit + len(self._merges.same))
        named = self._read(lambda ask: self._revision.named(ask, [hit.node for hit in hits]))
        found: dict[str, Match] = {}
        for hit in hits:
            if hit.node in named:
                found.setdefault(named[hit.node].id, Match(named[hit.node], hit.name, hit.how))
        return tuple(found.values())[:limit]

    # Facts

    def facts(
        self, ids: Sequence[str], predicates: Sequence[str] | None = None, direction: Direction = "out"
    ) -> tuple[Fact, ...]:
        return self._read(lambda ask: self._facts(ask, self._revision.kept(ask, ids), predicates, direction))

    def _facts(
        self,
        ask: Ask,
        ids: Sequence[str],
        predicates: Sequence[str] | None,
        direction: Direction,
        others: Sequence[str] | None = None,
    ) -> tuple[Fact, ...]:
        if predicates is not None and _RECIPES.issuperset(predicates):
            return self._revision.recipes(ask).facts(ids, predicates, direction, others)
        if predicates is not None and _JOINING.issuperset(predicates):
            return self._days.links(ask, ids, predicates, direction, others)
        found = self._resolving.facts(ask, ids, predicates, direction)
        return found if others is None else tuple(fact for fact in found if fact.object in others)

    def conflicts(self, ids: Sequence[str] | None = None) -> tuple[Fact, ...]:
        def body(ask: Ask) -> tuple[Fact, ...]:
            if ids is not None:
                subjects = self._revision.kept(ask, ids)
            else:
                rows = ask(statements.TOLD_TWICE)
                # Claims of merged nodes may meet only where they are read as one.
                for chunk in chunks(self._merges.merged(), CHUNK):
                    rows += ask(statements.SUBJECTS_NAMING, ids=chunk)
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
            ends = None if objects is None else self._revision.kept(ask, objects)
            if subjects is not None:
                facts = self._facts(ask, self._revision.kept(ask, subjects), predicates, "out", ends)
            else:
                facts = self._facts(ask, ends or (), predicates, "in")
            return tuple(
                fact.claim
                for fact in facts
                if fact.used and not (fact.predicate == "produces" and fact.qualifier in NOT_MAKING)
            )[:limit]

        return self._read(body)

    def claims(
        self, ids: Sequence[str], direction: Direction = "both", predicates: Sequence[str] | None = None
    ) -> tuple[StoredClaim, ...]:
        wanted = {one for asked in ids for one in (asked, *self._merges.members([self._merges.kept(asked)]))}
        found = self._records.claims_of(sorted(wanted), direction, predicates)
        self._read(_nothing)
        return found

    def sources(self, ids: Sequence[str] | None = None) -> tuple[Source, ...]:
        def body(ask: Ask) -> tuple[Source, ...]:
            cited = {id_ for (id_,) in ask(statements.CITED_SOURCES)} if ids is None else set()
            wanted = cited if ids is None else set(ids)
            known = self._revision.sources.of(ask, wanted)
            if ids is not None:
                for chunk in chunks(sorted(wanted - known.keys()), CHUNK):
                    cited.update(id_ for (id_,) in ask(statements.CITED, ids=chunk))
            return tuple(known.get(id_, Source(id_, "", "", None, "other")) for id_ in sorted(cited | known.keys()))

        return self._read(body)

    # The chain and the regions

    def chain(self) -> Chain:
        return self._revision.chain()

    def around(self, region: str) -> tuple[str, ...]:
        def body(ask: Ask) -> tuple[str, ...]:
            (id_,) = self._revision.kept(ask, [region])
            return Wholes(ask(statements.WHOLES, regions=[id_])).around(id_)

        return self._read(body)

    def applies(self, region: str) -> Flags:
        sites = self.chain().sites

        def body(ask: Ask) -> Flags:
            (id_,) = self._revision.kept(ask, [region])
            tied = sorted({site for site in sites if site is not None})
            wholes = Wholes(ask(statements.WHOLES, regions=[id_, *tied]))
            near = {None, *(site for site in tied if wholes.related(id_, site))}
            return np.array([site in near for site in sites], np.bool_)

        return self._read(body)

    def placed(self, region: str, kinds: Sequence[str]) -> tuple[str, ...]:
        days = self._days
        return self._read(lambda ask: tuple(sorted(days.placed(ask, self._revision.kept(ask, [region])[0], kinds))))

    def unplaced(self, kinds: Sequence[str]) -> tuple[str, ...]:
        days = self._days
        return self._read(lambda ask: tuple(sorted(days.unplaced(ask, kinds))))

    # Who makes what

    def tally(self, region: str, recent_years: float = 8.0, control_share: float = 50.0) -> Tally:
        return self._tallying.tally(region, recent_years, control_share)

    def makers(self, product: str, region: str | None = None) -> tuple[Maker, ...]:
        days = self._days

        def body(ask: Ask) -> tuple[Maker, ...]:
            id_, *where = self._revision.kept(ask, [product] if region is None else [product, region])
            return tuple(days.makers(ask, id_, where[0] if where else None))

        return self._read(body)

    def ties(self, predicates: Sequence[str]) -> Ties:
        asked = tuple(sorted(set(predicates)))
        if asked not in self._ties:
            self._ties[asked] = self._read(lambda ask: self._all_ties(ask, asked))
        return self._ties[asked]

    def _all_ties(self, ask: Ask, predicates: tuple[str, ...]) -> Ties:
        nodes = sorted(id_ for kind in NODE_KINDS for (id_,) in ask(statements.IDS[kind]))
        facts: list[Fact] = []
        # Those that join two nodes and those that carry a word are read in different ways.
        for joining in (True, False):
            wanted = [name for name in predicates if (name in _JOINING) == joining]
            prefixes = {NODE_KINDS[kind].prefix for name in wanted for kind in PREDICATES[name].subjects}
            tellers = [node for node in nodes if node[:3] in prefixes]
            for chunk in chunks(tellers, CHUNK) if wanted else ():
                facts += self._facts(ask, chunk, wanted, "out")
        sources = self._revision.sources.of(ask, {fact.source for fact in facts})
        return ties_of_facts(nodes, in_key_order(facts), predicates, sources)

    def capacities(self, product: str, country: str | None = None) -> tuple[Capacity, ...]:
        days = self._days
        found = self._read(lambda ask: days.capacities(ask, self._revision.kept(ask, [product])[0], country))
        return tuple(sorted(found, key=lambda one: (one.entity, one.product, one.dimension)))

    # Ways

    def reach(self, start: str, predicate: str, direction: Direction, hops: int, limit: int) -> Reach:
        days = self._days

        def body(ask: Ask) -> Reach:
            frontier = self._revision.kept(ask, [start])
            seen = set(frontier)
            tiers: list[tuple[str, ...]] = []
            links: list[Fact] = []
            truncated = False
            for _ in range(hops):
                found = [fact for fact in days.links(ask, frontier, (predicate,), direction) if fact.used]
                fresh = sorted({end for fact in found for end in (fact.subject, str(fact.object))} - seen)
                room = max(limit - (len(seen) - 1), 0)
                truncated, frontier = len(fresh) > room, fresh[:room]
                reached = set(frontier)
                links += [fact for fact in found if fact.subject in reached or fact.object in reached]
                if frontier:
                    tiers.append(tuple(frontier))
                    seen.update(frontier)
                if truncated or not frontier:
                    break
            return Reach(tuple(tiers), in_key_order(links), truncated)

        return self._read(body)

    def at(self, as_of: AsOf) -> Reader:
        return self if as_of == self._as_of else Neo4jReader(self._revision, as_of, self._records)

    def with_claims(self, added: Sequence[Claim], dropped: Sequence[str] = ()) -> Reader:
        """A snapshot: a what-if over a graph that does not fit into memory needs a store of a part of it."""
        changed = self._records.overlaid(added, dropped, self._as_of)
        self._read(_nothing)
        return changed


def _nothing(_: Ask) -> None:
    """Looks at the revision only."""


class Neo4jReaders:
    """Readers of one store, each of the state the store was in when it was asked for. Thread-safe."""

    def __init__(self, store: Neo4jStore, records_of: Callable[[int], Records]) -> None:
        """`records_of` gives what a reader of a revision asks of the store itself."""
        self._store = store
        self._records_of = records_of
        self._lock = Lock()
        self._revision = Revision(store, State(-1, None), Merges({}))
        self._readers: OrderedDict[AsOf, Neo4jReader] = OrderedDict()

    def at(self, as_of: AsOf) -> Neo4jReader:
        """The graph at an AsOf, of the store's revision of now."""
        with self._lock:
            while (state := state_of(self._store)) != self._revision.state:
                merges = Merges(read_as(record.decision for record in self._store.decisions()))
                # Decisions that came in between belong to the next state.
                if state_of(self._store) == state:
                    self._revision = Revision(self._store, state, merges)
                    self._readers = OrderedDict()
            if as_of not in self._readers:
                records = self._records_of(state.revision)
                self._readers[as_of] = Neo4jReader(self._revision, as_of, records)
                if len(self._readers) > _KEPT:
                    self._readers.popitem(last=False)
            self._readers.move_to_end(as_of)
            return self._readers[as_of]
