"""The rows of a region's answer that were asked for, with names and sources of all of them fetched at once."""

from collections.abc import Sequence

from graph.model.facts import Fact
from graph.readers.port import Reader
from queries.base import PagedParams, Record
from queries.evidence import Evidence, by_subject, places_of
from queries.lookup.region_projects import ProjectFacts
from queries.lookup.region_published import (
    IndicatorRow,
    InstitutionRow,
    OfferRow,
    PolicyRow,
    conditions_of,
    earlier_values,
    show_condition,
)
from queries.lookup.region_sectors import EnterpriseFacts
from queries.paging import slice_of


class RegionPage:
    """The slices of each list, and everything their rows are made of."""

    def __init__(
        self,
        reader: Reader,
        params: PagedParams,
        region: str,
        enterprises: EnterpriseFacts,
        projects: ProjectFacts,
        nearby: ProjectFacts,
        institutions: Sequence[str],
        indicators: Sequence[Fact],
        policies: Sequence[Fact],
        offers: Sequence[Fact],
    ) -> None:
        self._reader = reader
        self._enterprises, self._projects, self._nearby = enterprises, projects, nearby
        self.firms = slice_of(enterprises.ordered, params)
        self.own = slice_of(projects.ordered, params)
        self.near = slice_of(nearby.ordered, params)
        self.institutions = slice_of(institutions, params)
        self.indicators = slice_of(indicators, params)
        self.policies = slice_of(policies, params)
        self.offers = slice_of(offers, params)
        self._earlier = earlier_values(reader, region, self.indicators)
        self._conditions = conditions_of(reader, [fact.subject for fact in self.policies])
        self._develops = by_subject(reader.facts(self.institutions, ("develops",), "out") if self.institutions else ())
        self._places = places_of(reader, [*self.firms, *self.institutions])
        self._investing = dict(projects.investing(self.own)) | dict(nearby.investing(self.near))

    def evidence(self, nodes: Sequence[str]) -> Evidence:
        """Names and sources of everything on the page, and of some more nodes."""
        facts = [*self.indicators, *self.policies, *self.offers]
        facts += [fact for told in self._earlier.values() for fact in told]
        facts += [
            fact for told in (self._conditions, self._develops, self._places) for one in told.values() for fact in one
        ]
        facts += [fact for told in self._investing.values() for fact in told]
        facts += self._enterprises.facts_of(self.firms)
        facts += self._projects.facts_of(self.own)
        facts += self._nearby.facts_of(self.near)
        shown = [*nodes, *self.firms, *self.own, *self.near, *self.institutions]
        return Evidence(self._reader, facts, shown, notes=True)

    def rows(self, evidence: Evidence) -> dict[str, tuple[Record, ...]]:
        """The lists of the answer."""
        return {
            "indicators": tuple(
                IndicatorRow(
                    name=fact.qualifier,
                    latest=evidence.statement(fact),
                    earlier=evidence.statements(self._earlier[fact.claim]),
                )
                for fact in self.indicators
            ),
            "enterprises": tuple(self._enterprises.row(one, self._places[one], evidence) for one in self.firms),
            "projects": tuple(self._projects.row(one, self._investing[one], evidence) for one in self.own),
            "nearby_projects": tuple(self._nearby.row(one, self._investing[one], evidence) for one in self.near),
            "policies": tuple(
                PolicyRow(
                    policy=evidence.node(fact.subject),
                    region=evidence.node(str(fact.object)),
                    statement=evidence.statement(fact),
                    conditions=tuple(show_condition(one, evidence) for one in self._conditions[fact.subject]),
                )
                for fact in self.policies
            ),
            "offers": tuple(
                OfferRow(region=evidence.node(fact.subject), name=fact.qualifier, statement=evidence.statement(fact))
                for fact in self.offers
            ),
            "institutions": tuple(
                InstitutionRow(
                    institution=evidence.node(one),
                    place=evidence.statements(self._places[one]),
                    develops=tuple(evidence.node(str(fact.object)) for fact in self._develops[one]),
                    claims=tuple(fact.claim for fact in self._develops[one]),
                )
                for one in self.institutions
            ),
        }
