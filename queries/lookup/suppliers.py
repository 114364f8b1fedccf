"""Who supplies an enterprise, tier by tier; seen the other way round, whom it supplies (customers.py)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from graph.model.facts import Fact
from graph.model.kinds import looks_like_id
from graph.readers.port import Reader
from queries.base import NodeRef, PagedParams, Query, Record, envelope, resolve_name
from queries.evidence import Evidence, Place, Statement, places_of
from queries.paging import PagedAnswer, is_cut


class TiersParams(PagedParams):
    """Whose supply chain, and how far along it."""

    enterprise: str = Field(max_length=400, title="企业", description="enterprise: name, alias, stock code or id")
    tiers: int = Field(1, ge=1, le=10, title="层数", description="how many tiers to walk; 1: direct links only")


class SupplyLink(Record):
    """One supply relation, from supplier to customer."""

    supplier: NodeRef = Field(title="供应方", description="who supplies")
    customer: NodeRef = Field(title="采购方", description="who is supplied")
    product: NodeRef | None = Field(None, title="产品", description="what is supplied; null: not told")
    what: str | None = Field(
        None, title="所述产品", description="what is supplied in words, where it is no known product"
    )
    statement: Statement = Field(title="陈述", description="amount where known, when, and who says so")


class TierMember(Record):
    """An enterprise reached, with the links that lead to it from the tier before."""

    tier: int = Field(title="层", description="distance from the enterprise asked for, 1 is direct")
    enterprise: NodeRef = Field(title="企业", description="the enterprise reached")
    places: tuple[Place, ...] = Field(title="地点", description="where it is; empty: not known")
    links: tuple[SupplyLink, ...] = Field(title="供应关系", description="links between it and the tier before")


class TiersAnswer(PagedAnswer):
    """Enterprises by tier, then id. Each is listed once, in its nearest tier, so cycles are walked once.

    `unplaced`: of the rows shown, how many have no recorded place. `not_counted`: direct links told as former ...
    """

    enterprise: NodeRef = Field(title="企业", description="the enterprise asked for")
    places: tuple[Place, ...] = Field(title="地点", description="where it is")
    members: tuple[TierMember, ...] = Field(title="各层企业", description="who is reached")
    not_counted: tuple[SupplyLink, ...] = Field(
        title="未计入", description="direct links whose flags keep them out: former, ended, plan, doubtful ..."
    )

    def paged(self) -> Mapping[str, Sequence[Record]]:
        return {"members": self.members, "not_counted": self.not_counted}


def walk(question: str, direction: Literal["in", "out"], reader: Reader, params: TiersParams) -> TiersAnswer:
    """The tiers up (`in`) or down (`out`) the supply relation."""
    start = resolve_name(reader, params.enterprise, ("enterprise",))
    last = params.offset + params.limit
    # Nodes come by tier and id, so the page is the end of a walk cut where the page ends: no need to walk further.
    reached = reader.reach(start, "supplies", direction, params.tiers, last)
    tier_of = {node: tier for tier, nodes in enumerate(reached.tiers, start=1) for node in nodes}
    page = list(tier_of)[params.offset : last]
    leading: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in reached.links:
        ends = [fact.subject, str(fact.object)]
        # The end that is farther away is the one this link leads to.
        leading[max(ends, key=lambda node: tier_of.get(node, 0))].append(fact)
    direct = [fact for fact in reader.facts([start], ("supplies",), direction) if not fact.used]
    apart = direct[params.offset : last]
    totals = {"not_counted": len(direct)} | ({} if reached.truncated else {"members": len(tier_of)})

    places = places_of(reader, [start, *page])
    links = [fact for node in page for fact in leading[node]] + apart
    goods = sorted({fact.qualifier for fact in links if _is_product(fact)})
    cited = [*links, *(fact for facts in places.values() for fact in facts)]
    evidence = Evidence(reader, cited, [start, *page, *goods])

    def link(fact: Fact) -> SupplyLink:
        return SupplyLink(
            supplier=evidence.node(fact.subject),
            customer=evidence.node(str(fact.object)),
            product=evidence.node(fact.qualifier) if _is_product(fact) else None,
            what=fact.qualifier or None if not _is_product(fact) else None,
            statement=evidence.statement(fact),
        )

    return TiersAnswer(
        **envelope(question, reader, params, enterprise=start),
        looked_at={
            "enterprises": reader.counts().nodes.get("enterprise", 0),
            "links": len(reached.links) + len(direct),
        },
        unplaced=sum(not places[node] for node in page),
        truncated=reached.truncated or is_cut(totals, params),
        totals=totals,
        enterprise=evidence.node(start),
        places=tuple(evidence.place(fact) for fact in places[start]),
        members=tuple(
            TierMember(
                tier=tier_of[node],
                enterprise=evidence.node(node),
                places=tuple(evidence.place(fact) for fact in places[node]),
                links=tuple(link(fact) for fact in leading[node]),
            )
            for node in page
        ),
        not_counted=tuple(link(fact) for fact in apart),
    )


def _is_product(fact: Fact) -> bool:
    return fact.qualifier.startswith("prd:") and looks_like_id(fact.qualifier)


def run(reader: Reader, params: TiersParams) -> TiersAnswer:
    """Who supplies it, who supplies those, and so on."""
    return walk("suppliers", "in", reader, params)


QUERY = Query("suppliers", "供应商", "Suppliers, tier by tier", TiersParams, TiersAnswer, run, ("enterprise",))
