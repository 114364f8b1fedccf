"""What can be offered: policies of the region with their conditions as judged, and what the region has to give."""

from collections.abc import Sequence
from typing import NamedTuple

from graph.model.facts import Fact
from graph.readers.port import Reader
from queries.base import refs
from queries.dossier.citing import Citing
from queries.dossier.rows import DossierOffer, DossierPolicy
from queries.evidence import Evidence, Statement, day_of, newest_first
from queries.fitting.applicable import ORDER, JudgedCondition, Policy, applicable_policies
from queries.fitting.subjects import merged, subject_of_enterprise, subject_of_product
from queries.lookup.region_published import own_first

POLICIES, OFFERS = 6, 5
# At least so many rows are left to policies that name a product without telling conditions.
_NAMING = 2
_OF_ONE_POLICY = 2
# What was told longer ago than this, or without a date, comes after the rest.
_FRESH_DAYS = 5 * 365
# How sheets say that something is for projects or for newcomers.
_FOR_PROJECTS = ("projects", "newly built", "builds", "new compan", "moved to", "项目", "新建", "新企业", "迁入")


class Term(NamedTuple):
    """A policy with one of its conditions; None: it names a product, and no condition of it fits."""

    policy: Policy
    condition: JudgedCondition | None
    statement: Statement


class Terms:
    """Policies and offers of a region and those around it, for one enterprise and, where asked about, one product."""

    def __init__(self, reader: Reader, region: str, enterprise: str, product: str | None) -> None:
        self._reader = reader
        self._scope = reader.around(region)
        self._fresh_since = reader.as_of.valid.toordinal() - _FRESH_DAYS
        supports = [fact for fact in reader.facts(self._scope, ("supports",), "in") if fact.used]
        # The nearest region wins.
        self._region_of = {
            fact.subject: str(fact.object) for fact in reversed(own_first(supports, self._scope, "object"))
        }
        subject = subject_of_enterprise(reader, enterprise)
        if product is not None:
            subject = merged(subject_of_product(reader.chain(), product), subject)
        found = applicable_policies(reader, region, subject).policies
        self.policies = len(found)
        self.chosen: Sequence[Term] = self._choose(found)
        offers = [fact for fact in reader.facts(self._scope, ("offers",), "out") if fact.used]
        self.offers = _one_each(sorted(offers, key=lambda fact: (self._scope.index(fact.subject), newest_first(fact))))

    def _choose(self, policies: Sequence[Policy]) -> list[Term]:
        """Conditions that may apply, recent ones first; among them those that name a product without conditions."""
        judged = []
        for policy in policies:
            fitting = [Term(policy, one, one.statement) for one in policy.conditions if one.verdict != "not_met"]
            judged += sorted(fitting, key=self._order)[:_OF_ONE_POLICY]
        judged.sort(key=self._order)
        naming = [policy for policy in policies if policy.names_product and not policy.conditions]
        named = self._naming([policy for policy in naming if policy.speaks != "place_untold"])
        most = POLICIES - min(len(named), _NAMING)
        return [*judged[:most], *named, *judged[most:]]

    def _order(self, term: Term) -> tuple[bool, int, bool, int, bool, int, str]:
        condition, statement = term.condition, term.statement
        assert condition is not None
        words = f"{condition.applies_to} {condition.condition}".lower()
        if condition.products:
            # What names a product that nobody told it makes or takes in (a premium on buying ceria) comes last.
            distance = 0 if any(one.scope and one.outcome == "met" for one in condition.asked) else 3
        else:
            distance = 1 if any(word in words for word in _FOR_PROJECTS) else 2
        return (
            term.policy.speaks == "place_untold",
            ORDER.index(condition.verdict),
            day_of(statement.as_of) < self._fresh_since,
            distance,
            statement.value is None,
            -day_of(statement.as_of),
            statement.claim,
        )

    def _naming(self, policies: Sequence[Policy]) -> list[Term]:
        """By their statement that they support a product: the one that is theirs, newest first."""
        claims = {claim for policy in policies for claim in policy.claims}
        facts = self._reader.facts([policy.policy.id for policy in policies], ("supports",)) if policies else ()
        about = [fact for fact in facts if fact.claim in claims and str(fact.object).startswith("prd:")]
        evidence = Evidence(self._reader, about)
        by_id = {policy.policy.id: policy for policy in policies}
        first: dict[str, Term] = {}
        for fact in sorted(about, key=newest_first):
            first.setdefault(fact.subject, Term(by_id[fact.subject], None, evidence.statement(fact)))
        self._supported = {fact.claim: str(fact.object) for fact in about}
        return list(first.values())

    def policy_rows(self, citing: Citing) -> tuple[DossierPolicy, ...]:
        """The first of them."""
        shown = self.chosen[:POLICIES]
        regions = [self._region_of[one.policy.policy.id] for one in shown if one.policy.policy.id in self._region_of]
        products = [self._supported[one.statement.claim] for one in shown if one.condition is None]
        names = refs(self._reader, sorted({*regions, *products}))
        rows = []
        for policy, condition, statement in shown:
            region = self._region_of.get(policy.policy.id)
            named = condition.products if condition else (names[self._supported[statement.claim]],)
            told = citing.told(statement)
            rows.append(
                DossierPolicy(
                    policy=policy.policy,
                    region=names[region] if region else None,
                    product=named[0] if named else None,
                    verdict=condition.verdict if condition else None,
                    met=tuple(one.asks for one in condition.asked if one.outcome == "met") if condition else (),
                    open=tuple(one.asks for one in condition.asked if one.outcome != "met") if condition else (),
                    benefit=condition.benefit if condition else None,
                    told=told,
                    grounds=citing.grounds([statement.claim, *(condition.claims if condition else policy.claims)]),
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
