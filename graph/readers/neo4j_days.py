"""What depends on the day: today it is read off the plain graph, any other day is worked out from claims.

Both classes answer the same; `Today` costs a statement each, `AnyDay` fetches the claims of everybody concerned.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from graph.model.facts import OVER_FLAGS, Fact
from graph.model.kinds import DONE_STATUSES, NODE_KINDS
from graph.model.predicates import EXCLUDING_FLAGS, NOT_MAKING, PREDICATES
from graph.model.units import dimension_of, unit_of
from graph.readers import neo4j_statements as statements
from graph.readers.neo4j_claims import CHUNK, Ask, Merges, Resolving, chunks
from graph.readers.port_types import Capacity, Chain, Direction, Maker
from graph.readers.pushed import AmountRow, HereRow, in_key_order, link_of

_MAKING = ("produces", "project_product")
_RULES = {"not_making": list(NOT_MAKING), "done": list(DONE_STATUSES), "excluding": list(EXCLUDING_FLAGS)}
_TIMELESS = [name for name, told in PREDICATES.items() if told.timeless]


class Days(Protocol):
    """The dated half of what a reader asks. Ids are kept ones and exist."""

    def links(
        self,
        ask: Ask,
        ids: Iterable[str],
        predicates: Sequence[str],
        direction: Direction,
        others: Sequence[str] | None = None,
    ) -> tuple[Fact, ...]:
        """Facts that join two nodes, in key order; when `others` are given, with one of these as the other end."""
        ...

    def placed(self, ask: Ask, region: str, kinds: Sequence[str]) -> list[str]:
        """Nodes of these kinds with a used place inside."""
        ...

    def unplaced(self, ask: Ask, kinds: Sequence[str]) -> list[str]:
        """Nodes of these kinds without any used place."""
        ...

    def here(self, ask: Ask, region: str) -> list[HereRow]:
        """Enterprises and projects inside, with what they make and use."""
        ...

    def amounts(self, ask: Ask, ids: Iterable[str]) -> list[AmountRow]:
        """The amounts that these are told to make (as a capacity, or as a project) and to use."""
        ...

    def partly_outside(self, ask: Ask, region: str, ids: Iterable[str]) -> set[str]:
        """Those of them with an unflagged place outside a region."""
        ...

    def totals(self, ask: Ask, chain: Chain) -> NDArray[np.int64]:
        """How many make each product of the chain or a kind of it, anywhere."""
        ...

    def unplaced_makers(self, ask: Ask) -> int:
        """Enterprises that make something and have no used place."""
        ...

    def told_by(self, ask: Ask, ids: Sequence[str]) -> Mapping[str, set[str]]:
        """The sources of all unflagged claims that stand, by subject."""
        ...

    def owners(self, ask: Ask, ids: Sequence[str], share: float) -> list[tuple[str, str]]:
        """Pairs of enterprises of which one controls the other, one of them among `ids`."""
        ...

    def makers(self, ask: Ask, product: str, region: str | None) -> list[Maker]:
        """Who makes the product or a kind of it, by id."""
        ...

    def capacities(self, ask: Ask, product: str, country: str | None) -> list[Capacity]:
        """Capacities told for the product or a kind of it."""
        ...


class Today:
    """The plain graph is of the day asked about, or nothing begins or ends in between."""

    def __init__(self, merges: Merges, resolving: Resolving, day: date) -> None:
        self._merges = merges
        self._resolving = resolving
        self._day = day.isoformat()

    def links(
        self,
        ask: Ask,
        ids: Iterable[str],
        predicates: Sequence[str],
        direction: Direction,
        others: Sequence[str] | None = None,
    ) -> tuple[Fact, ...]:
        known = [name for name in dict.fromkeys(predicates) if name in statements.LINKS_TO]
        types = [name.upper() for name in known]
        found: list[Fact] = []
        for chunk in chunks(sorted(set(ids)), CHUNK):
            if direction != "in" and known:
                found += map(link_of, ask(statements.LINKS_FROM, ids=chunk, types=types, others=others))
            for name in known if direction != "out" else ():
                found += map(link_of, ask(statements.LINKS_TO[name], ids=chunk, others=others))
        return in_key_order(found)

    def placed(self, ask: Ask, region: str, kinds: Sequence[str]) -> list[str]:
        prefixes = [NODE_KINDS[kind].prefix for kind in kinds if kind in NODE_KINDS]
        return [id_ for (id_,) in ask(statements.PLACED, region=region, prefixes=prefixes)]

    def unplaced(self, ask: Ask, kinds: Sequence[str]) -> list[str]:
        known = [kind for kind in set(kinds) if kind in NODE_KINDS]
        return [id_ for kind in known for (id_,) in ask(statements.UNPLACED[kind])]

    def here(self, ask: Ask, region: str) -> list[HereRow]:
        return [HereRow.of(row) for row in ask(statements.HERE, region=region, **_RULES)]

    def amounts(self, ask: Ask, ids: Iterable[str]) -> list[AmountRow]:
        return [
            AmountRow(entity, type_.lower(), product, value, unit)
            for chunk in chunks(sorted(ids), CHUNK)
            for entity, type_, product, value, unit in ask(statements.FIGURES, ids=chunk)
        ]

    def partly_outside(self, ask: Ask, region: str, ids: Iterable[str]) -> set[str]:
        asked = partial(ask, statements.SURE_OUTSIDE, region=region)
        return {id_ for chunk in chunks(sorted(ids), CHUNK) for (id_,) in asked(ids=chunk)}

    def totals(self, ask: Ask, chain: Chain) -> NDArray[np.int64]:
        makers = dict(ask(statements.TOTALS, **_RULES))
        return np.array([makers[product] for product in chain.products], np.int64)

    def unplaced_makers(self, ask: Ask) -> int:
        ((count,),) = ask(statements.UNPLACED_MAKERS, **_RULES)
        return int(count)

    def told_by(self, ask: Ask, ids: Sequence[str]) -> Mapping[str, set[str]]:
        told: dict[str, set[str]] = {}
        doubted = []
        for chunk in chunks(sorted(ids), CHUNK):
            rows = [[member, kept] for kept in chunk for member in self._merges.members([kept])]
            found = ask(statements.TOLD_BY, rows=rows, day=self._day, timeless=_TIMELESS, over=list(OVER_FLAGS))
            for entity, sources, over in found:
                told[entity] = set(sources)
                doubted += [entity] if over else []
        # Somebody tells that something of theirs is over: which claims that ends takes a closer look.
        return told | dict(self._resolving.told_by(ask, doubted))

    def owners(self, ask: Ask, ids: Sequence[str], share: float) -> list[tuple[str, str]]:
        return [
            (one, other)
            for chunk in chunks(ids, CHUNK)
            for one, others in ask(statements.OWNERS, ids=chunk, share=share)
            for other in others
        ]

    def makers(self, ask: Ask, product: str, region: str | None) -> list[Maker]:
        facts: defaultdict[str, list[Fact]] = defaultdict(list)
        places: dict[str, tuple[bool, bool]] = {}
        for *link, placed, here in ask(statements.MAKERS, product=product, region=region, **_RULES):
            fact = link_of(link)
            facts[fact.subject].append(fact)
            places[fact.subject] = here, placed
        return [Maker(one, in_key_order(facts[one]), *places[one]) for one in sorted(facts)]

    def capacities(self, ask: Ask, product: str, country: str | None) -> list[Capacity]:
        rows = ask(statements.CAPACITIES, product=product, country=country, **_RULES)
        return [capacity_of(*row) for row in rows]


class AnyDay:
    """From claims, for a day the plain graph does not show. Slower: it reads every claim concerned."""

    def __init__(self, resolving: Resolving) -> None:
        self._resolving = resolving

    def links(
        self,
        ask: Ask,
        ids: Iterable[str],
        predicates: Sequence[str],
        direction: Direction,
        others: Sequence[str] | None = None,
    ) -> tuple[Fact, ...]:
        wanted = set(ids)
        ends = None if others is None else set(others)

        def fits(fact: Fact) -> bool:
            if fact.object is None or ends is None:
                return fact.object is not None
            onward = direction != "in" and fact.subject in wanted and fact.object in ends
            return onward or (direction != "out" and fact.object in wanted and fact.subject in ends)

        return tuple(fact for fact in self._resolving.facts(ask, wanted, predicates, direction) if fits(fact))

    def _used(self, ask: Ask, ids: Iterable[str], predicates: Sequence[str], direction: Direction) -> list[Fact]:
        return [fact for fact in self.links(ask, ids, predicates, direction) if fact.used]

    def _places(self, ask: Ask, region: str) -> list[str]:
        inside = [id_ for (id_,) in ask(statements.INSIDE, region=region)]
        return sorted({fact.subject for fact in self._used(ask, inside, ("located_in",), "in")})

    def placed(self, ask: Ask, region: str, kinds: Sequence[str]) -> list[str]:
        prefixes = {NODE_KINDS[kind].prefix for kind in kinds if kind in NODE_KINDS}
        return [id_ for id_ in self._places(ask, region) if id_[:3] in prefixes]

    def unplaced(self, ask: Ask, kinds: Sequence[str]) -> list[str]:
        known = [kind for kind in set(kinds) if kind in NODE_KINDS]
        return self._without_place(ask, [id_ for kind in known for (id_,) in ask(statements.IDS[kind])])

    def _without_place(self, ask: Ask, ids: Iterable[str]) -> list[str]:
        every = sorted(set(ids))
        placed = {fact.subject for fact in self._used(ask, every, ("located_in",), "out")}
        return [id_ for id_ in every if id_ not in placed]

    def _done(self, ask: Ask, projects: Iterable[str]) -> dict[str, str]:
        told = self._resolving.facts(ask, projects, ("status",))
        return {fact.subject: str(fact.value) for fact in told if fact.used}

    def here(self, ask: Ask, region: str) -> list[HereRow]:
        entities = [id_ for id_ in self._places(ask, region) if id_[:3] in ("ent", "prj")]
        made: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for fact in self._used(ask, entities, (*_MAKING, "consumes"), "out"):
            if fact.predicate != "produces" or fact.qualifier not in NOT_MAKING:
                made[fact.subject, fact.predicate].append(str(fact.object))
        status = self._done(ask, entities)
        return [
            HereRow.of((
                entity, made[entity, "produces"], made[entity, "consumes"], made[entity, "project_product"],
                status.get(entity),
            ))
            for entity in entities
        ]  # fmt: skip

    def amounts(self, ask: Ask, ids: Iterable[str]) -> list[AmountRow]:
        told = self._used(ask, ids, (*_MAKING, "consumes"), "out")
        return [
            AmountRow(fact.subject, fact.predicate, str(fact.object), float(str(fact.value)), str(fact.unit))
            for fact in told
            if _is_amount(fact) and (fact.predicate != "produces" or fact.qualifier == "capacity")
        ]

    def partly_outside(self, ask: Ask, region: str, ids: Iterable[str]) -> set[str]:
        inside = {id_ for (id_,) in ask(statements.INSIDE, region=region)}
        places = self._used(ask, ids, ("located_in",), "out")
        return {fact.subject for fact in places if not fact.flags and fact.object not in inside}

    def _making(self, ask: Ask, products: Iterable[str]) -> dict[str, list[Fact]]:
        """The facts by which somebody makes one of the products, by maker."""
        told = self._used(ask, products, _MAKING, "in")
        status = self._done(ask, {fact.subject for fact in told if fact.predicate == "project_product"})
        making: defaultdict[str, list[Fact]] = defaultdict(list)
        for fact in told:
            counts = (
                fact.qualifier not in NOT_MAKING
                if fact.predicate == "produces"
                else status.get(fact.subject) in DONE_STATUSES
            )
            if counts:
                making[fact.subject].append(fact)
        return dict(sorted(making.items()))

    def totals(self, ask: Ask, chain: Chain) -> NDArray[np.int64]:
        totals = np.zeros(len(chain.products), np.int64)
        for facts in self._making(ask, chain.products).values():
            direct = {chain.index[str(fact.object)] for fact in facts}
            totals[list(direct.union(*(chain.above.row(at).tolist() for at in direct)))] += 1
        return totals

    def unplaced_makers(self, ask: Ask) -> int:
        products = [id_ for (id_,) in ask(statements.IDS["product"])]
        makers = [maker for maker in self._making(ask, products) if maker.startswith("ent:")]
        return len(self._without_place(ask, makers))

    def told_by(self, ask: Ask, ids: Sequence[str]) -> Mapping[str, set[str]]:
        return self._resolving.told_by(ask, ids)

    def owners(self, ask: Ask, ids: Sequence[str], share: float) -> list[tuple[str, str]]:
        return [
            (fact.subject, str(fact.object))
            for fact in self._used(ask, ids, ("owns",), "both")
            if fact.subject.startswith("ent:") and controls(fact, share)
        ]

    def makers(self, ask: Ask, product: str, region: str | None) -> list[Maker]:
        making = self._making(ask, [id_ for (id_,) in ask(statements.BELOW, product=product)])
        inside = {id_ for (id_,) in ask(statements.INSIDE, region=region)} if region is not None else set()
        places: defaultdict[str, set[str]] = defaultdict(set)
        for fact in self._used(ask, making, ("located_in",), "out"):
            places[fact.subject].add(str(fact.object))
        return [
            Maker(maker, tuple(facts), bool(places[maker] & inside), bool(places[maker]))
            for maker, facts in making.items()
        ]

    def capacities(self, ask: Ask, product: str, country: str | None) -> list[Capacity]:
        told = self._used(ask, [id_ for (id_,) in ask(statements.BELOW, product=product)], ("produces",), "in")
        facts = [fact for fact in told if fact.qualifier == "capacity" and _is_amount(fact)]
        if country is not None:
            asked = partial(ask, statements.COUNTRIES, country=country, excluding=_RULES["excluding"])
            makers = sorted({fact.subject for fact in facts})
            there = {id_ for chunk in chunks(makers, CHUNK) for (id_,) in asked(ids=chunk)}
            facts = [fact for fact in facts if fact.subject in there]
        return [
            capacity_of(fact.subject, str(fact.object), float(str(fact.value)), str(fact.unit), fact.claim)
            for fact in facts
        ]


def controls(owning: Fact, share: float) -> bool:
    """Whether an `owns` fact puts the owned into the owner's group; a share that is not told does."""
    told = owning.value if owning.unit in (None, "%") else None
    return not isinstance(told, float) or told >= share


def _is_amount(fact: Fact) -> bool:
    return isinstance(fact.value, float) and fact.value > 0 and fact.unit is not None


def capacity_of(entity: str, product: str, value: float, unit: str, claim: str) -> Capacity:
    """A capacity in the base unit of its dimension."""
    return Capacity(entity, product, value * unit_of(unit).factor, dimension_of(unit), claim)
