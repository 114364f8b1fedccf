"""The half of PlainReader about claims, facts, nodes, regions and recipes; who makes what is in `plain_reader`."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np

from graph.model.claims import Decision, Source, StoredClaim
from graph.model.dates import AsOf
from graph.model.errors import NodeMissing
from graph.model.facts import Fact
from graph.model.kinds import NODE_KINDS, kind_of
from graph.model.predicates import NAME_PREDICATES, NOT_MAKING, PREDICATES
from graph.model.units import dimension_of, unit_of
from graph.readers.port_types import Chain, Counts, Direction, Flags, Match, Node, Reach, Rows
from graph.stores.port import NameHit
from oracles.plain_facts import SurvivingClaim, canonical_ids, facts_of, read_as, standing
from oracles.plain_names import scan_names

Search = Callable[[str, Sequence[str] | None, int], Iterable[NameHit]]


class PlainGraph:
    """A graph at one AsOf, out of stored claims."""

    def __init__(
        self,
        stored: Sequence[StoredClaim],
        sources: Mapping[str, Source],
        as_of: AsOf,
        revision: int,
        decisions: Sequence[Decision],
        search: Search | None,
    ) -> None:
        self._stored = stored
        self.described_sources = sources
        self.as_of = as_of
        self.revision = revision
        self._decisions = decisions
        self._search = search
        self._same = canonical_ids(decisions)
        self._claims = [SurvivingClaim(s.id, read_as(s.claim, self._same)) for s in stored if s.status == "accepted"]
        self.standing = standing(self._claims, sources, as_of)
        self._facts = facts_of(self.standing, sources)

    # Nodes

    @cached_property
    def _nodes(self) -> dict[str, Node]:
        ids: set[str] = set()
        described: set[str] = set()
        for _, claim in self._claims:
            ids.add(claim.subject)
            if claim.object is not None:
                ids.add(claim.object)
            names_a_product = PREDICATES[claim.predicate].qualifier in ("product", "product_or_chain")
            if names_a_product and claim.qualifier.startswith("prd:"):
                ids.add(claim.qualifier)
            if claim.predicate in NAME_PREDICATES:
                described.add(claim.subject)
        zh = {fact.subject: str(fact.value) for fact in self._facts if fact.predicate == "name_zh"}
        en = {fact.subject: str(fact.value) for fact in self._facts if fact.predicate == "name_en"}
        return {
            id_: Node(id_, kind_of(id_).name, zh.get(id_), en.get(id_), id_ not in described) for id_ in sorted(ids)
        }

    def id_of(self, asked: str) -> str:
        """The canonical id of a node that must be there."""
        id_ = self._same.get(asked, asked)
        if id_ not in self._nodes:
            raise NodeMissing(asked)
        return id_

    @property
    def merged(self) -> Mapping[str, str]:
        return {one: kept for one, kept in self._same.items() if one != kept}

    def counts(self) -> Counts:
        nodes = dict.fromkeys(NODE_KINDS, 0)
        for node in self._nodes.values():
            nodes[node.kind] += 1
        return Counts(nodes, len(self._claims), len({claim.source for _, claim in self._claims}))

    def nodes(self, ids: Sequence[str]) -> tuple[Node, ...]:
        return tuple(self._nodes[self.id_of(asked)] for asked in ids)

    def ids(self, kinds: Sequence[str]) -> tuple[str, ...]:
        return tuple(node.id for node in self._nodes.values() if node.kind in kinds)

    def find(self, text: str, kinds: Sequence[str] | None = None, limit: int = 20) -> tuple[Match, ...]:
        # Hits on merged nodes fall together, so more are asked for than are wanted.
        hits = (self._search or self._scan)(text, kinds, limit + len(self._same))
        matches: dict[str, Match] = {}
        for hit in hits:
            id_ = self._same.get(hit.node, hit.node)
            if id_ in self._nodes and id_ not in matches:
                matches[id_] = Match(self._nodes[id_], hit.name, hit.how)
        return tuple(matches.values())[:limit]

    def _scan(self, text: str, kinds: Sequence[str] | None, limit: int) -> list[NameHit]:
        return scan_names((claim for _, claim in self._claims), text, kinds, limit)

    # Claims and facts

    def facts(
        self, ids: Sequence[str], predicates: Sequence[str] | None = None, direction: Direction = "out"
    ) -> tuple[Fact, ...]:
        wanted = {self.id_of(asked) for asked in ids}
        ends = {"out": ("subject",), "in": ("object",), "both": ("subject", "object")}[direction]
        return tuple(
            fact
            for fact in self._facts
            if (predicates is None or fact.predicate in predicates)
            and any(getattr(fact, end) in wanted for end in ends)
        )

    def conflicts(self, ids: Sequence[str] | None = None) -> tuple[Fact, ...]:
        wanted = None if ids is None else {self.id_of(asked) for asked in ids}
        return tuple(fact for fact in self._facts if fact.conflicts and (wanted is None or fact.subject in wanted))

    def cite(
        self,
        subjects: Sequence[str] | None,
        predicates: Sequence[str],
        objects: Sequence[str] | None = None,
        limit: int = 200,
    ) -> tuple[str, ...]:
        if subjects is None and objects is None:
            raise ValueError("neither end is given")
        starts = None if subjects is None else {self.id_of(asked) for asked in subjects}
        ends = None if objects is None else {self.id_of(asked) for asked in objects}
        cited = [
            fact.claim
            for fact in self._facts
            if fact.used
            and fact.predicate in predicates
            and not (fact.predicate == "produces" and fact.qualifier in NOT_MAKING)
            and (starts is None or fact.subject in starts)
            and (ends is None or fact.object in ends)
        ]
        return tuple(cited[:limit])

    def claims(
        self, ids: Sequence[str], direction: Direction = "both", predicates: Sequence[str] | None = None
    ) -> tuple[StoredClaim, ...]:
        wanted = {self._same.get(asked, asked) for asked in ids}

        def about(stored: StoredClaim) -> bool:
            claim = read_as(stored.claim, self._same)
            as_subject, as_object = claim.subject in wanted, claim.object in wanted
            fits = predicates is None or claim.predicate in predicates
            at_the_end = (as_subject and direction != "in") or (as_object and direction != "out")
            return stored.id in wanted or (fits and at_the_end)

        return tuple(stored for stored in self._stored if about(stored))

    def sources(self, ids: Sequence[str] | None = None) -> tuple[Source, ...]:
        cited = {claim.source for _, claim in self._claims}
        wanted = cited if ids is None else {id_ for id_ in ids if id_ in cited or id_ in self.described_sources}
        return tuple(self.described_sources.get(id_, Source(id_, "", "", None, "other")) for id_ in sorted(wanted))

    @cached_property
    def used(self) -> dict[str, list[Fact]]:
        """The used facts by predicate, in key order."""
        by_predicate: dict[str, list[Fact]] = {name: [] for name in PREDICATES}
        for fact in self._facts:
            if fact.used:
                by_predicate[fact.predicate].append(fact)
        return by_predicate

    def links(self, predicate: str) -> dict[str, list[str]]:
        """Objects by subject over used facts of a predicate."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for fact in self.used[predicate]:
            if fact.object is not None and fact.object not in found[fact.subject]:
                found[fact.subject].append(fact.object)
        return found

    def words(self, predicate: str) -> dict[str, str]:
        """The text said of a subject over used facts of a predicate."""
        return {fact.subject: fact.value for fact in self.used[predicate] if isinstance(fact.value, str)}

    # Places

    def around(self, region: str) -> tuple[str, ...]:
        parents = self.links("part_of")
        found = [self.id_of(region)]
        tier = list(found)
        while tier:
            tier = sorted({parent for one in tier for parent in parents.get(one, ())} - set(found))
            found.extend(tier)
        return tuple(found)

    def _inside(self, region: str) -> set[str]:
        """The region and all that is part of it."""
        parts: defaultdict[str, list[str]] = defaultdict(list)
        for fact in self.used["part_of"]:
            parts[str(fact.object)].append(fact.subject)
        return reached(region, parts)

    def applies(self, region: str) -> Flags:
        id_ = self.id_of(region)

        def here(site: str | None) -> bool:
            if site is None:
                return True
            around, held = self.around(id_), self.around(site)
            return site in around or id_ in held or bool(self._provinces(id_) & self._provinces(site))

        return np.array([here(site) for site in self.chain().sites], np.bool_)

    def _provinces(self, region: str) -> set[str]:
        """The regions around it, itself included, that are part of a root: of one that is part of nothing at all."""
        parents = self.links("part_of")
        return {one for one in self.around(region) if any(not parents.get(whole) for whole in parents.get(one, ()))}

    @cached_property
    def places(self) -> dict[str, list[str]]:
        return dict(self.links("located_in"))

    def here(self, region: str) -> set[str]:
        """All that has a place in the region."""
        inside = self._inside(region)
        return {who for who, places in self.places.items() if inside & set(places)}

    def placed(self, region: str, kinds: Sequence[str]) -> tuple[str, ...]:
        return tuple(id_ for id_ in sorted(self.here(self.id_of(region))) if kind_of(id_).name in kinds)

    def unplaced(self, kinds: Sequence[str]) -> tuple[str, ...]:
        return tuple(id_ for id_ in self.ids(kinds) if id_ not in self.places)

    # The recipe graph

    @cached_property
    def above(self) -> dict[str, set[str]]:
        classes = self.links("subclass_of")
        return {product: reached(product, classes) - {product} for product in self.ids(["product"])}

    @cached_property
    def below(self) -> dict[str, set[str]]:
        below: dict[str, set[str]] = {product: set() for product in self.above}
        for product, classes in self.above.items():
            for class_ in classes:
                below[class_].add(product)
        return below

    def chain(self) -> Chain:
        return self._chain

    @cached_property
    def _chain(self) -> Chain:
        products, processes = self.ids(["product"]), self.ids(["process"])
        index = {product: number for number, product in enumerate(products)}
        roles, stages, kinds = self.words("role"), self.words("stage"), self.words("process_kind")
        chains, sites = self.links("chain"), self.links("site")
        flows: dict[str, dict[str, set[str]]] = {
            table: {process: set() for process in processes} for table in ("inputs", "outputs", "service", "equipment")
        }
        for fact in self.used["input_to"]:
            flows["inputs"][str(fact.object)].add(fact.subject)
        for fact in self.used["yields"]:
            flows["outputs"][fact.subject].add(str(fact.object))
        for fact in self.used["uses"]:
            flows[fact.qualifier][fact.subject].add(str(fact.object))

        def numbered(rows: Iterable[Iterable[str]]) -> Rows:
            return rows_from([sorted(index[product] for product in row) for row in rows])

        inputs, outputs = numbered(flows["inputs"].values()), numbered(flows["outputs"].values())
        ratios: dict[tuple[str, str], float] = {}
        for fact in (*self.used["input_to"], *self.used["yields"]):
            # A number of kg per kg; of several (told in other words) the first in key order.
            if fact.unit is not None and dimension_of(fact.unit) == "mass/mass" and isinstance(fact.value, float):
                ratios.setdefault((fact.subject, str(fact.object)), fact.value * unit_of(fact.unit).factor)
        return Chain(
            products=products,
            index=index,
            roles=tuple(roles.get(product, "link") for product in products),
            chains=tuple(min(chains[p]).removeprefix("chn:") if p in chains else None for p in products),
            stages=tuple(stages.get(product) for product in products),
            above=numbered(self.above[product] for product in products),
            below=numbered(self.below[product] for product in products),
            processes=processes,
            kinds=tuple(kinds.get(process, "step") for process in processes),
            sites=tuple(min(sites[process]) if process in sites else None for process in processes),
            inputs=inputs,
            outputs=outputs,
            services=numbered(flows["service"].values()),
            equipment=numbered(flows["equipment"].values()),
            input_amounts=np.array(
                [ratios.get((p, process), np.nan) for process, row in flows["inputs"].items() for p in sorted(row)],
                np.float64,
            ),
            output_amounts=np.array(
                [ratios.get((process, p), np.nan) for process, row in flows["outputs"].items() for p in sorted(row)],
                np.float64,
            ),
        )

    def reach(self, start: str, predicate: str, direction: Direction, hops: int, limit: int) -> Reach:
        steps: list[tuple[str, str, Fact]] = []
        for fact in self.used.get(predicate, ()):
            if fact.object is not None and direction in ("out", "both"):
                steps.append((fact.subject, fact.object, fact))
            if fact.object is not None and direction in ("in", "both"):
                steps.append((fact.object, fact.subject, fact))
        tier = {self.id_of(start)}
        seen = set(tier)
        tiers: list[tuple[str, ...]] = []
        links: list[Fact] = []
        truncated = False
        for _ in range(hops):
            found = sorted({end for begin, end, _ in steps if begin in tier} - seen)
            room = limit - (len(seen) - 1)
            truncated = len(found) > room
            fresh = set(found[:room])
            links.extend(fact for begin, end, fact in steps if begin in tier and end in fresh)
            if fresh:
                tiers.append(tuple(sorted(fresh)))
            seen |= fresh
            tier = fresh
            if truncated or not fresh:
                break
        led = set(links)
        return Reach(tuple(tiers), tuple(fact for fact in self.used.get(predicate, ()) if fact in led), truncated)


def rows_from(rows: Sequence[Sequence[int]]) -> Rows:
    """A ragged table from sorted lists."""
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row))
    return Rows(np.array(starts, np.int64), np.array([item for row in rows for item in row], np.int32))


def reached(start: str, links: Mapping[str, Iterable[str]]) -> set[str]:
    """Everything reached over links, the start included."""
    found, left = {start}, [start]
    while left:
        for one in links.get(left.pop(), ()):
            if one not in found:
                found.add(one)
                left.append(one)
    return found
