"""What can be offered: policies of the region with their conditions, and what the region has to give, as published.

Which policy is for whom is read here from the conditions' own words; `fit`, which judges them, may take its place.
"""

from collections.abc import Collection, Mapping, Sequence

from graph.model.facts import Fact
from graph.readers.port import Reader
from queries.evidence import day_of, newest_first
from queries.lookup.region_published import conditions_of, own_first
from queries.promotion.citing import Citing
from queries.promotion.dossier_rows import DossierOffer, DossierPolicy

POLICIES, OFFERS = 6, 5
# At least so many rows are left to policies that name a product without telling conditions.
_NAMING = 2
# What was told longer ago than this, or without a date, comes after the rest.
_FRESH_DAYS = 5 * 365
# How sheets say that something is for projects or for newcomers.
_FOR_PROJECTS = ("projects", "newly built", "builds", "new compan", "moved to", "项目", "新建", "新企业", "迁入")


class Terms:
    """Policies and offers of a region and those around it. `products`: what it is about, with kinds and classes."""

    def __init__(self, reader: Reader, region: str, products: Collection[str]) -> None:
        self._scope = reader.around(region)
        self._fresh_since = reader.as_of.valid.toordinal() - _FRESH_DAYS
        self._products = frozenset(products)
        supports = [fact for fact in reader.facts(self._scope, ("supports",), "in") if fact.used]
        self._region_of = {
            fact.subject: str(fact.object) for fact in reversed(own_first(supports, self._scope, "object"))
        }
        self._supports = {fact.subject: fact for fact in reversed(own_first(supports, self._scope, "object"))}
        policies = sorted(self._region_of)
        about = reader.facts(policies, ("supports",), "out") if policies else ()
        self._for_product: Mapping[str, Fact] = {
            fact.subject: fact for fact in about if fact.used and fact.object in self._products
        }
        self.conditions = {policy: self._fitting(told) for policy, told in conditions_of(reader, policies).items()}
        self.chosen: Sequence[tuple[str, Fact, int]] = self._choose(policies)
        offers = [fact for fact in reader.facts(self._scope, ("offers",), "out") if fact.used]
        self.offers = _one_each(sorted(offers, key=lambda fact: (self._scope.index(fact.subject), newest_first(fact))))

    @property
    def policies(self) -> int:
        """How many policies support the region or one around it."""
        return len(self._region_of)

    def _fitting(self, told: Sequence[Fact]) -> list[Fact]:
        """Conditions for one of the products or tied to none, the most fitting first."""
        fitting = [
            fact
            for fact in told
            if fact.used and (fact.object is None or fact.object.startswith("reg:") or fact.object in self._products)
        ]
        return sorted(fitting, key=lambda fact: (self._distance(fact), newest_first(fact)))

    def _distance(self, fact: Fact) -> int:
        """0: for one of the products; 1: for projects or those who come; 2: for others; in the words of the sheet."""
        if fact.object in self._products:
            return 0
        words = " ".join(str(said) for _, said in fact.detail).lower()
        return 1 if any(word in words for word in _FOR_PROJECTS) else 2

    def _choose(self, policies: Sequence[str]) -> list[tuple[str, Fact, int]]:
        """(policy, what is told of it, how many conditions): with conditions, recent first; then naming a product."""
        told = {policy: self.conditions.get(policy, []) for policy in policies}
        with_conditions = [(policy, fact, len(told[policy])) for policy in policies for fact in told[policy][:2]]
        with_conditions.sort(
            key=lambda one: (
                day_of(one[1].as_of) < self._fresh_since,
                self._distance(one[1]),
                one[1].value is None,
                *self._nearest_newest(one[0], one[1]),
            )
        )
        named = [(policy, fact, 0) for policy, fact in self._for_product.items() if not self.conditions.get(policy)]
        named.sort(key=lambda one: self._nearest_newest(one[0], one[1]))
        most = POLICIES - min(len(named), _NAMING)
        return [*with_conditions[:most], *named, *with_conditions[most:]]

    def _nearest_newest(self, policy: str, fact: Fact) -> tuple[int, int, str, str]:
        return (-day_of(fact.as_of), self._scope.index(self._region_of[policy]), policy, fact.claim)

    def policy_rows(self, citing: Citing) -> tuple[DossierPolicy, ...]:
        """The first of them."""
        shown = self.chosen[:POLICIES]
        regions = [self._region_of[policy] for policy, _, _ in shown]
        cited = citing.over([fact for _, fact, _ in shown], [*regions, *(policy for policy, _, _ in shown)])
        rows = []
        for policy, fact, count in shown:
            detail = {name: str(said) for name, said in fact.detail}
            about = fact.object if fact.object in self._products else None
            rows.append(
                DossierPolicy(
                    policy=cited.node(policy),
                    region=cited.node(self._region_of[policy]),
                    product=cited.node(about) if about else None,
                    applies_to=None if fact.object else detail.get("applies_to"),
                    condition=detail.get("condition"),
                    benefit=detail.get("benefit"),
                    conditions=count,
                    told=cited.told(fact),
                )
            )
        return tuple(rows)

    def offer_rows(self, citing: Citing) -> tuple[DossierOffer, ...]:
        """The first of the offers: the region's own first, newest first."""
        shown = self.offers[:OFFERS]
        cited = citing.over(shown)
        return tuple(
            DossierOffer(region=cited.node(fact.subject), name=fact.qualifier, told=cited.told(fact)) for fact in shown
        )


def _one_each(offers: Sequence[Fact]) -> list[Fact]:
    """Of offers of one name in one region, the first."""
    found: dict[tuple[str, str], Fact] = {}
    for fact in offers:
        found.setdefault((fact.subject, fact.qualifier), fact)
    return list(found.values())
