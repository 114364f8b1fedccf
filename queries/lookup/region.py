"""What a region has: enterprises by chain and stage, projects, figures as published, offers, policies, institutions."""

from collections.abc import Mapping, Sequence

from pydantic import Field

from graph.model.kinds import PROJECT_STATUSES
from graph.readers.port import Reader
from queries.base import NodeRef, PagedParams, Query, Record, envelope, resolve_name
from queries.lookup.region_page import RegionPage
from queries.lookup.region_projects import ProjectFacts, ProjectRow
from queries.lookup.region_published import (
    IndicatorRow,
    InstitutionRow,
    OfferRow,
    PolicyRow,
    indicators_of,
    own_first,
)
from queries.lookup.region_sectors import EnterpriseFacts, EnterpriseRow, Sector
from queries.paging import PagedAnswer, is_cut


class RegionParams(PagedParams):
    """Which region, and how much around it."""

    region: str = Field(max_length=400, title="地区", description="region: name, alias or id")
    surroundings: int = Field(
        1,
        ge=0,
        le=10,
        title="外围地区数",
        description="of how many regions around it, nearest first, projects, offers and policies are listed as well",
    )
    limit: int = Field(200, ge=1, le=10_000, title="条数上限", description="how many rows of each list at most")


class Part(Record):
    """A region that is part of this one."""

    region: NodeRef = Field(title="地区", description="the part")
    claim: str = Field(title="陈述标识", description="id of the claim")


class StatusCount(Record):
    """How many projects here have one status. Computed, not published."""

    status: str = Field(title="状态", description=", ".join(PROJECT_STATUSES))
    zh: str = Field(title="状态（中文）", description="the status in Chinese")
    en: str = Field(title="状态（英文）", description="the status in English")
    projects: int = Field(title="项目数", description="how many")
    claims: tuple[str, ...] = Field(title="陈述标识", description="ids of the claims that say so, cut by limit")


class Computed(Record):
    """What we count from the claims: not what anybody published, and only as complete as what was loaded."""

    enterprises: int = Field(title="企业数", description="enterprises placed here")
    makers: int = Field(title="有产品记录的企业数", description="of these, known to make something")
    projects: int = Field(title="项目数", description="projects placed here")
    by_status: tuple[StatusCount, ...] = Field(title="按状态", description="projects by status")
    without_status: int = Field(title="状态不明的项目数", description="projects here whose status is not known")
    sectors: tuple[Sector, ...] = Field(title="按链与阶段", description="enterprises by chain and stage")


class RegionAnswer(PagedAnswer):
    """Enterprises by chain, stage, id; projects by status, newest first; figures newest first; the rest by id.

    `nearby_projects` lie in a region around this one, but not in it. `unplaced`: enterprises that make something and
    have no place at all, so that they may be here. `limit` and `offset` cut each list by itself.
    """

    region: NodeRef = Field(title="地区", description="the region")
    parents: tuple[NodeRef, ...] = Field(title="上级地区", description="what it is part of, nearest first")
    parts: tuple[Part, ...] = Field(title="下辖", description="what is part of it, by id")
    computed: Computed = Field(title="统计（计算所得）", description="our counts")
    indicators: tuple[IndicatorRow, ...] = Field(title="指标（公布）", description="figures as published")
    enterprises: tuple[EnterpriseRow, ...] = Field(title="企业", description="enterprises here")
    projects: tuple[ProjectRow, ...] = Field(title="项目", description="projects here")
    nearby_projects: tuple[ProjectRow, ...] = Field(title="周边项目", description="projects around, but not here")
    policies: tuple[PolicyRow, ...] = Field(title="政策", description="policies that support it, or a region around it")
    offers: tuple[OfferRow, ...] = Field(title="供给条件", description="what it, or a region around it, offers")
    institutions: tuple[InstitutionRow, ...] = Field(title="机构", description="institutions here")

    def paged(self) -> Mapping[str, Sequence[Record]]:
        return {
            "indicators": self.indicators,
            "enterprises": self.enterprises,
            "projects": self.projects,
            "nearby_projects": self.nearby_projects,
            "policies": self.policies,
            "offers": self.offers,
            "institutions": self.institutions,
        }


def run(reader: Reader, params: RegionParams) -> RegionAnswer:
    """What is known to be here, as it was at the AsOf."""
    region = resolve_name(reader, params.region, ("region",))
    around = reader.around(region)
    outer = around[1 : 1 + params.surroundings]
    parts = [fact for fact in reader.facts([region], ("part_of",), "in") if fact.used]
    enterprises = EnterpriseFacts(reader, reader.placed(region, ("enterprise",)))
    projects = ProjectFacts(reader, reader.placed(region, ("project",)))
    near = {project for one in outer for project in reader.placed(one, ("project",))} - set(projects.ordered)
    nearby = ProjectFacts(reader, sorted(near))
    institutions = reader.placed(region, ("institution",))
    indicators = indicators_of(reader, region)
    scope = [region, *outer]
    policies = own_first(reader.facts(scope, ("supports",), "in"), scope, "object")
    offers = own_first(reader.facts(scope, ("offers",), "out"), scope, "subject")
    totals = {
        "indicators": len(indicators),
        "enterprises": len(enterprises.ordered),
        "projects": len(projects.ordered),
        "nearby_projects": len(nearby.ordered),
        "policies": len(policies),
        "offers": len(offers),
        "institutions": len(institutions),
    }
    page = RegionPage(reader, params, region, enterprises, projects, nearby, institutions, indicators, policies, offers)
    names = page.evidence([*around, *(part.subject for part in parts)])
    return RegionAnswer(
        **envelope("region", reader, params, region=region),
        looked_at={
            "enterprises_here": totals["enterprises"],
            "projects_here": totals["projects"],
            "regions": 1 + len(outer),
            "claims": reader.counts().claims,
            "sources": reader.counts().sources,
        },
        unplaced=reader.tally(region).unplaced,
        truncated=is_cut(totals, params),
        totals=totals,
        region=names.node(region),
        parents=tuple(names.node(parent) for parent in around[1:]),
        parts=tuple(Part(region=names.node(part.subject), claim=part.claim) for part in parts),
        computed=_computed(enterprises, projects, params.limit),
        **page.rows(names),
    )


def _computed(enterprises: EnterpriseFacts, projects: ProjectFacts, limit: int) -> Computed:
    counts = [
        StatusCount(
            status=status,
            zh=PROJECT_STATUSES[status][0],
            en=PROJECT_STATUSES[status][1],
            projects=len(facts),
            claims=tuple(fact.claim for fact in facts[:limit]),
        )
        for status, facts in projects.by_status().items()
    ]
    return Computed(
        enterprises=len(enterprises.ordered),
        makers=enterprises.makers(),
        projects=len(projects.ordered),
        by_status=tuple(counts),
        without_status=len(projects.ordered) - sum(count.projects for count in counts),
        sectors=enterprises.sectors(limit),
    )


QUERY = Query("region", "地区概况", "What a region has", RegionParams, RegionAnswer, run, positional=("region",))
