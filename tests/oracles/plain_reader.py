"""The Reader port in plain dicts and loops, written to be read: what every other reader must agree with.

What a question never says twice is kept: the facts, who is where, who makes what. Nothing else is clever. `plain_facts`
holds the way from claims to facts, `plain_graph` what is asked of nodes, regions and recipes, `plain_names` how names
are found.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from math import floor, nan

import numpy as np

from graph.model.claims import Claim, Decision, Source, StoredClaim, claim_id
from graph.model.dates import AsOf, start_of
from graph.model.facts import Fact
from graph.model.kinds import DONE_STATUSES, NODE_KINDS, PIPELINE_STATUSES, kind_of
from graph.model.predicates import NOT_MAKING
from graph.model.units import dimension_of, unit_of
from graph.readers.port_types import (
    Capacity,
    ChainEvidence,
    Figures,
    Indices,
    Maker,
    PipelineProject,
    StatedAbsence,
    Tally,
    Ties,
)
from graph.stores.port import Store
from oracles.plain_graph import PlainGraph, reached, rows_from


class PlainReader(PlainGraph):
    """See Reader. Made by `of_store` or `of`."""

    @classmethod
    def of_store(cls, store: Store, as_of: AsOf) -> "PlainReader":
        """Over everything a store holds now."""
        sources = {source.id: source for source in store.sources()}
        decisions = [record.decision for record in store.decisions()]
        return cls(list(store.claims()), sources, as_of, store.revision(), decisions, store.search)

    @classmethod
    def of(
        cls,
        claims: Iterable[Claim | StoredClaim],
        sources: Iterable[Source],
        as_of: AsOf,
        revision: int = 1,
        decisions: Sequence[Decision] = (),
    ) -> "PlainReader":
        """Without a store: bare claims are accepted ones."""
        stored: dict[str, StoredClaim] = {}
        for claim in claims:
            one = claim if isinstance(claim, StoredClaim) else _accepted(claim, revision)
            stored.setdefault(one.id, one)
        return cls(list(stored.values()), {s.id: s for s in sources}, as_of, revision, decisions, None)

    def at(self, as_of: AsOf) -> "PlainReader":
        return PlainReader(self._stored, self.described_sources, as_of, self.revision, self._decisions, self._search)

    def with_claims(self, added: Sequence[Claim], dropped: Sequence[str] = ()) -> "PlainReader":
        stored = {one.id: one for one in self._stored}
        for claim in added:
            stored[claim_id(claim)] = _accepted(claim, self.revision)
        kept = [one for id_, one in stored.items() if id_ not in set(dropped)]
        return PlainReader(kept, self.described_sources, self.as_of, self.revision, self._decisions, None)

    # Who makes what

    @cached_property
    def _making(self) -> dict[str, list[Fact]]:
        """The facts by which an enterprise or a finished project makes something."""
        making: defaultdict[str, list[Fact]] = defaultdict(list)
        for fact in self.used["produces"]:
            if fact.qualifier not in NOT_MAKING:
                making[fact.subject].append(fact)
        status = self.words("status")
        for fact in self.used["project_product"]:
            if status.get(fact.subject) in DONE_STATUSES:
                making[fact.subject].append(fact)
        return dict(making)

    @cached_property
    def _makers(self) -> dict[str, set[str]]:
        """Who makes a product or one below it, anywhere."""
        makers: dict[str, set[str]] = {product: set() for product in self.above}
        for maker, facts in self._making.items():
            for fact in facts:
                for product in (str(fact.object), *self.above[str(fact.object)]):
                    makers[product].add(maker)
        return makers

    def makers(self, product: str, region: str | None = None) -> tuple[Maker, ...]:
        wanted = self.id_of(product)
        here = self.here(self.id_of(region)) if region is not None else set()
        products = {wanted} | self.below.get(wanted, set())
        return tuple(
            Maker(
                maker,
                tuple(fact for fact in self._making[maker] if fact.object in products),
                maker in here,
                maker in self.places,
            )
            for maker in sorted(self._makers.get(wanted, ()))
        )

    def capacities(self, product: str, country: str | None = None) -> tuple[Capacity, ...]:
        wanted = self.id_of(product)
        products = {wanted} | self.below.get(wanted, set())
        countries = self.words("country")
        found = []
        for fact in self.used["produces"]:
            if fact.qualifier != "capacity" or fact.object not in products:
                continue
            if country is not None and countries.get(fact.subject) != country:
                continue
            if isinstance(fact.value, float) and fact.value > 0 and fact.unit is not None:
                amount = fact.value * unit_of(fact.unit).factor
                found.append(Capacity(fact.subject, fact.object, amount, dimension_of(fact.unit), fact.claim))
        return tuple(sorted(found, key=lambda one: (one.entity, one.product, one.dimension)))

    def ties(self, predicates: Sequence[str]) -> Ties:
        asked = tuple(sorted(set(predicates)))
        if asked in self._ties:
            return self._ties[asked]
        told = [
            fact for name in asked for fact in self.used[name] if name != "produces" or fact.qualifier not in NOT_MAKING
        ]
        told.sort(key=lambda f: (f.subject, f.predicate, f.object or "", f.qualifier, dimension_of(f.unit)))
        ids = tuple(sorted(self.ids(list(NODE_KINDS))))
        words = tuple(sorted({fact.value for fact in told if isinstance(fact.value, str)}))
        sources = tuple(sorted({fact.source for fact in told}))
        rows = []
        for fact in told:
            source = self.described_sources.get(fact.source)
            number = fact.value if isinstance(fact.value, float) else nan
            is_mass = dimension_of(fact.unit) == "mass/time"
            rows.append((
                ids.index(fact.subject),
                asked.index(fact.predicate),
                ids.index(fact.object) if fact.object else -1,
                words.index(fact.value) if isinstance(fact.value, str) else -1,
                fact.qualifier == "capacity" or fact.predicate == "project_product",
                number * unit_of(str(fact.unit)).factor if is_mass else nan,
                number if fact.unit in (None, "%") else nan,
                sources.index(fact.source),
                {"official": 3, "company": 2, "press": 1}.get(source.grade if source else "", 0),
                fact.confidence,
                fact.flags != (),
                "date_uncertain" in fact.flags,
                start_of(fact.as_of).toordinal() if fact.as_of else 0,
                start_of(source.date).toordinal() if source and source.date else 0,
            ))  # fmt: skip
        columns = zip(*rows, strict=True) if rows else ((),) * 14
        kinds = (np.int32,) * 4 + (np.bool_,) + (np.float64,) * 2 + (np.int32,) * 2 + (np.float64,)
        kinds += (np.bool_,) * 2 + (np.int32,) * 2
        laid = (np.array(column, kind) for column, kind in zip(columns, kinds, strict=True))
        self._ties[asked] = Ties(ids, asked, words, sources, *laid)
        return self._ties[asked]

    @cached_property
    def _ties(self) -> dict[tuple[str, ...], Ties]:
        return {}

    def tally(self, region: str, recent_years: float = 8.0, control_share: float = 50.0) -> Tally:
        chain = self._chain
        id_ = self.id_of(region)
        here = self.here(id_)
        makers = [sorted(self._makers[product] & here) for product in chain.products]
        users: dict[str, set[str]] = {product: set() for product in chain.products}
        for fact in self.used["consumes"]:
            if fact.subject in here:
                users[str(fact.object)].add(fact.subject)
        entities = sorted({*here, *self._making})
        number = {entity: at for at, entity in enumerate(entities)}
        made_here = {fact.object for maker, facts in self._making.items() if maker in here for fact in facts}
        return Tally(
            region=id_,
            entities=entities,
            makers=rows_from([[number[maker] for maker in row] for row in makers]),
            total=np.array([len(self._makers[product]) for product in chain.products], np.int64),
            direct=np.array([product in made_here for product in chain.products], np.bool_),
            users=rows_from([sorted(number[user] for user in users[product]) for product in chain.products]),
            evidence=self._evidence(dict(zip(chain.products, makers, strict=True)), recent_years),
            pipeline=self._pipeline(here),
            stated=self._stated(id_),
            enterprises=sum(kind_of(who).name == "enterprise" for who in here),
            unplaced=sum(kind_of(who).name == "enterprise" and who not in self.places for who in self._making),
            groups=self._groups(entities, control_share),
            capacities=self._figures(
                [
                    fact
                    for maker, facts in self._making.items()
                    if maker in here
                    for fact in facts
                    if fact.predicate == "project_product" or fact.qualifier == "capacity"
                ],
                id_,
                number,
            ),
            consumption=self._figures([fact for fact in self.used["consumes"] if fact.subject in here], id_, number),
        )

    def _figures(self, facts: Sequence[Fact], region: str, number: Mapping[str, int]) -> Figures:
        """What is told in mass a year, above 0, and whether its maker is wholly here."""
        inside = {place for place in self.ids(["region"]) if region in self.around(place)}
        rows = []
        for fact in facts:
            if not isinstance(fact.value, float) or fact.value <= 0 or dimension_of(fact.unit) != "mass/time":
                continue
            places = [p.object for p in self.used["located_in"] if p.subject == fact.subject and not p.flags]
            amount = fact.value * unit_of(str(fact.unit)).factor
            whole = all(place in inside for place in places)
            rows.append((number[fact.subject], self._chain.index[str(fact.object)], amount, whole))
        rows.sort()
        return Figures(
            np.array([row[0] for row in rows], np.int32),
            np.array([row[1] for row in rows], np.int32),
            np.array([row[2] for row in rows], np.float64),
            np.array([row[3] for row in rows], np.bool_),
        )

    def _groups(self, entities: Sequence[str], control_share: float) -> Indices:
        joined: defaultdict[str, set[str]] = defaultdict(set)
        for fact in self.used["owns"]:
            share = fact.value if fact.unit in (None, "%") else None
            controls = not isinstance(share, float) or share >= control_share
            # A state or a town that holds many firms does not make them one group.
            if controls and kind_of(fact.subject).name == "enterprise":
                joined[fact.subject].add(str(fact.object))
                joined[str(fact.object)].add(fact.subject)
        # A group is numbered by its first member: the places of its entities, the smallest of them.
        first = {entity: min(reached(entity, joined)) for entity in entities}
        number = {name: at for at, name in enumerate(sorted(set(first.values())))}
        return np.array([number[first[entity]] for entity in entities], np.int32)

    @cached_property
    def _told_by(self) -> dict[str, set[str]]:
        """The sources of all unflagged claims with a subject."""
        told: defaultdict[str, set[str]] = defaultdict(set)
        for _, claim in self.standing:
            if not claim.flags:
                told[claim.subject].add(claim.source)
        return told

    def _evidence(self, makers_here: Mapping[str, Sequence[str]], years: float) -> dict[str, ChainEvidence]:
        last = self.as_of.valid
        first = date.fromordinal(max(1, last.toordinal() - floor(years * 365.25)))
        chain = self._chain
        evidence = {}
        for word in sorted({word for word in chain.chains if word is not None}):
            products = [product for product, its in zip(chain.products, chain.chains, strict=True) if its == word]
            makers = {maker for product in products for maker in makers_here[product]}
            mentions = {(maker, source) for maker in makers for source in self._told_by.get(maker, ())}
            sources = {source for _, source in mentions}
            dates = [s.date for id_ in sources if (s := self.described_sources.get(id_)) is not None and s.date]
            evidence[word] = ChainEvidence(
                makers=len(makers),
                sources=len(sources),
                recent=sum(first <= start_of(day) <= last for day in dates),
                mentions=len(mentions),
                single=sum(len(self._told_by.get(maker, ())) == 1 for maker in makers),
                newest=max(dates, default=None),  # as texts: of two that begin on one day the finer is greater
            )
        return evidence

    def _pipeline(self, here: set[str]) -> tuple[PipelineProject, ...]:
        status = {fact.subject: fact for fact in self.used["status"] if fact.value in PIPELINE_STATUSES}
        completion = {fact.subject: fact for fact in self.used["completion_date"]}
        cited: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
        for fact in self.used["project_product"]:
            project = fact.subject
            if project not in here or project not in status:
                continue
            behind = [fact, status[project], *(place for place in self.used["located_in"] if place.subject == project)]
            if project in completion:
                behind.append(completion[project])
            for product in (str(fact.object), *self.above[str(fact.object)]):
                cited[self._chain.index[product], project].update(one.claim for one in behind)
        return tuple(
            PipelineProject(
                product,
                project,
                str(status[project].value),
                str(completion[project].value) if project in completion else None,
                tuple(sorted(claims)),
            )
            for (product, project), claims in sorted(cited.items())
        )

    def _stated(self, region: str) -> tuple[StatedAbsence, ...]:
        around = self.around(region)
        chain = self._chain
        stated = []
        for number, product in enumerate(chain.products):
            named = {product} | self.above[product]
            word = chain.chains[number]
            surveyed = named | ({f"chn:{word}"} if word is not None else set())
            claims = {f.claim for f in self.used["lacks"] if f.subject in around and f.object in named}
            claims |= {f.claim for f in self.used["surveys"] if f.object in around and f.qualifier in surveyed}
            if claims:
                stated.append(StatedAbsence(number, tuple(sorted(claims))))
        return tuple(stated)


def _accepted(claim: Claim, revision: int) -> StoredClaim:
    return StoredClaim(claim_id(claim), claim, "accepted", "", revision, revision)
