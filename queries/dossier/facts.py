"""What is on record of an enterprise: the facts a dossier chooses from, fetched together, and the rows made of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from graph.model.facts import Fact
from graph.model.kinds import looks_like_id
from graph.model.predicates import NOT_MAKING
from graph.readers.port import Reader
from queries.dossier.citing import CitedFacts
from queries.dossier.rows import GoodsRow, IdentityRow, TieRow
from queries.evidence import day_of, newest_first

# How many rows of each list fit on two pages; what is more is counted.
ALIASES, GOODS, USES, TIES = 4, 7, 3, 5
CONTROL = 50.0
_OWNERS_UP, _OWNED_DOWN, _GROUP_NODES = 3, 2, 60
_IDENTITY = ("alias", "code", "country", "founded", "website", "located_in")


@dataclass(frozen=True, eq=False)
class Group:
    """Who owns it and what it owns: facts by tier, direct ones first; `controlled` are held by half or more."""

    up: tuple[tuple[int, Fact], ...]
    down: tuple[tuple[int, Fact], ...]
    controlled: tuple[str, ...]


class EnterpriseRecord:
    """The facts about one enterprise, each kind in the order it is listed in. `here` are nodes in the region."""

    def __init__(self, reader: Reader, enterprise: str, region: str) -> None:
        self.reader = reader
        self.id = enterprise
        self.region = region
        self.here = frozenset(reader.placed(region, ("enterprise", "project", "institution")))
        around = reader.around(region)
        # What is in the next larger region, and not in this one: a plant in the city, seen from its zone.
        self.around = around[1] if len(around) > 1 else None
        near = reader.placed(self.around, ("enterprise", "project")) if self.around else ()
        self.nearby = frozenset(near) - self.here
        about = reader.facts([enterprise], None, "out")
        self.by_predicate = _grouped(about)
        self.produces = sorted(self.told("produces"), key=_goods_order)
        self.consumes = sorted(self.told("consumes"), key=_goods_order)
        self.suppliers = self._near_first(reader.facts([enterprise], ("supplies",), "in"), "subject")
        self.customers = self._near_first(self.told("supplies"), "object")
        partners = [*self.told("partners_with"), *reader.facts([enterprise], ("partners_with",), "in")]
        self.partners = self._near_first(_once(partners, enterprise), "")
        self.group = _group_of(reader, enterprise)
        self.places = [fact for fact in self.told("located_in") if fact.used]
        self.investing = self._investing()

    def told(self, predicate: str) -> list[Fact]:
        """The facts of one predicate, in key order."""
        return self.by_predicate.get(predicate, [])

    @property
    def made(self) -> tuple[str, ...]:
        """Products it is used to make: recorded, and not only as a plan or a stockpile."""
        return tuple(dict.fromkeys(str(fact.object) for fact in self.produces if is_making(fact)))

    def other(self, fact: Fact) -> str:
        """The end of a fact that is not the enterprise."""
        return str(fact.object) if fact.subject == self.id else fact.subject

    def _near_first(self, facts: Iterable[Fact], end: str) -> list[Fact]:
        def order(fact: Fact) -> tuple[bool, bool, tuple[int, str]]:
            node = self.other(fact) if not end else str(fact.object) if end == "object" else fact.subject
            return (node not in self.here, not fact.used, newest_first(fact))

        return sorted(facts, key=order)

    def _investing(self) -> list[Fact]:
        """Its own investments, then those of enterprises it controls; one for each project."""
        own = [*self.told("invests_in")]
        controlled = self.reader.facts(self.group.controlled, ("invests_in",), "out") if self.group.controlled else ()
        found: dict[str, Fact] = {}
        for fact in (*own, *controlled):
            found.setdefault(str(fact.object), fact)
        return list(found.values())


def is_making(fact: Fact) -> bool:
    """Whether a `produces` fact makes its subject a maker."""
    return fact.used and fact.qualifier not in NOT_MAKING


def _grouped(facts: Iterable[Fact]) -> Mapping[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.predicate, []).append(fact)
    return found


_QUALIFIERS = {"capacity": 0, "output": 1, "unstated": 2, "": 3, "plan": 4, "stock": 5}


def _goods_order(fact: Fact) -> tuple[bool, bool, int, int, str, str]:
    """What counts first, what has an amount before what has none, newest first."""
    return (
        not fact.used,
        fact.value is None,
        -day_of(fact.as_of),
        _QUALIFIERS.get(fact.qualifier, 6),
        str(fact.object),
        fact.claim,
    )


def _once(facts: Sequence[Fact], enterprise: str) -> list[Fact]:
    """Of a symmetric relation told from both ends, the newer one."""
    found: dict[str, Fact] = {}
    for fact in sorted(facts, key=newest_first):
        found.setdefault(str(fact.object) if fact.subject == enterprise else fact.subject, fact)
    return list(found.values())


def _group_of(reader: Reader, enterprise: str) -> Group:
    tiers: dict[str, tuple[tuple[int, Fact], ...]] = {}
    both: tuple[tuple[Literal["in", "out"], int], ...] = (("in", _OWNERS_UP), ("out", _OWNED_DOWN))
    for direction, hops in both:
        reached = reader.reach(enterprise, "owns", direction, hops, _GROUP_NODES)
        tier_of = {node: tier for tier, nodes in enumerate(reached.tiers, start=1) for node in nodes}
        found = []
        for fact in reached.links:
            far = fact.subject if direction == "in" else str(fact.object)
            near = str(fact.object) if direction == "in" else fact.subject
            if tier_of.get(far, 0) == tier_of.get(near, 0) + 1:
                found.append((tier_of[far], fact))
        flagged = [(1, fact) for fact in reader.facts([enterprise], ("owns",), direction) if not fact.used]
        ordered = sorted(found, key=lambda one: (one[0], -share_of(one[1]), newest_first(one[1])))
        tiers[direction] = (*ordered, *sorted(flagged, key=lambda one: newest_first(one[1])))
    holds = {enterprise}
    for _, fact in tiers["out"]:
        if fact.used and fact.subject in holds and (fact.unit != "%" or share_of(fact) >= CONTROL):
            holds.add(str(fact.object))
    return Group(tiers["in"], tiers["out"], tuple(sorted(holds - {enterprise})))


def share_of(fact: Fact) -> float:
    """The share in percent, 0 where none is told."""
    return float(fact.value) if isinstance(fact.value, float) and fact.unit == "%" else 0.0


def identity_rows(record: EnterpriseRecord, cited: CitedFacts) -> tuple[IdentityRow, ...]:
    """Other names, codes, country, founding, website and places."""
    names = {name.value for predicate in ("name_zh", "name_en") for name in record.told(predicate)}
    rows = []
    for kind in _IDENTITY[:-1]:
        facts = [fact for fact in record.told(kind) if fact.value not in names]
        for fact in facts[: ALIASES if kind == "alias" else 2]:
            rows.append(IdentityRow(kind=kind, text=str(fact.value), told=cited.told(fact)))
    for fact in sorted(record.places, key=newest_first)[:3]:
        rows.append(IdentityRow(kind="place", region=cited.node(str(fact.object)), told=cited.told(fact)))
    return tuple(rows)


def goods_rows(facts: Sequence[Fact], cited: CitedFacts, most: int) -> tuple[GoodsRow, ...]:
    """The first of the products made or used."""
    return tuple(
        GoodsRow(product=cited.node(str(fact.object)), counted=fact.used, told=cited.told(fact))
        for fact in facts[:most]
    )


def group_rows(record: EnterpriseRecord, side: Literal["up", "down"], cited: CitedFacts) -> tuple[TieRow, ...]:
    """The first of its owners (`up`), or of what it owns."""
    rows = []
    for tier, fact in (record.group.up if side == "up" else record.group.down)[:TIES]:
        far, near = (fact.subject, str(fact.object)) if side == "up" else (str(fact.object), fact.subject)
        rows.append(
            TieRow(
                node=cited.node(far),
                here=far in record.here,
                tier=tier,
                via=cited.node(near) if near != record.id else None,
                told=cited.told(fact),
            )
        )
    return tuple(rows)


def tie_rows(record: EnterpriseRecord, facts: Sequence[Fact], cited: CitedFacts) -> tuple[TieRow, ...]:
    """The first of its suppliers, customers or partners; who is in the region comes first."""
    rows = []
    for fact in facts[:TIES]:
        node = record.other(fact)
        goods = is_product(fact.qualifier)
        rows.append(
            TieRow(
                node=cited.node(node),
                here=node in record.here,
                product=cited.node(fact.qualifier) if goods else None,
                what=None if goods else fact.qualifier or None,
                told=cited.told(fact),
            )
        )
    return tuple(rows)


def is_product(qualifier: str) -> bool:
    """Whether the qualifier of a supply names a product."""
    return qualifier.startswith("prd:") and looks_like_id(qualifier)
