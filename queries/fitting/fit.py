"""How a proposed project fits a region: layout, inputs, outputs, duplication, by-products, needs, policies."""

from collections.abc import Mapping

from pydantic import Field

from graph.model.errors import BadInput
from graph.readers.port import Reader
from queries.base import FROM_FILE, Answer, NodeRef, Query, envelope, refs, resolve_name
from queries.chain.assessment import Thresholds, assess_tally
from queries.chain.presence import recipes_in
from queries.chain.spoken import Said
from queries.chain.supposing import suppose
from queries.chain.suppositions import Suppositions
from queries.fitting.applicable import Policy, applicable_policies
from queries.fitting.duplication import duplication, live_projects
from queries.fitting.judging import VERDICTS, Verdict
from queries.fitting.layout import NAMED, ROUTES, Layout
from queries.fitting.needs_met import judge_needs, published_offers
from queries.fitting.parts import (
    FIT_VERDICTS,
    ByProductFit,
    Duplication,
    FitRoute,
    FitRule,
    FitVerdict,
    NeedFit,
    OutputUse,
    ProductFit,
    Reason,
)
from queries.fitting.policies import Judging
from queries.fitting.sheet import Offers, ProjectSheet, Sheet, Stated
from queries.fitting.subjects import (
    merged,
    subject_of_enterprise,
    subject_of_project,
    subject_of_sheet,
    understood,
)
from queries.fitting.verdict import USUAL, judge_fit, say_fit

SHEET = "sheet"


class FitParams(Thresholds, Judging):
    """Which project, and where. Give a project or a sheet."""

    project: str | None = Field(None, max_length=400, title="项目", description="a project on record: name or id")
    sheet: Sheet | None = Field(
        None,
        title="项目表",
        description="a project's sheet, YAML or JSON; on the command line its file (see rechain template project)",
        json_schema_extra=FROM_FILE,
    )
    offers: Offers | None = Field(
        None,
        title="园区供给表",
        description="what the zone offers; on the command line its file (see rechain template zone-offers)",
        json_schema_extra=FROM_FILE,
    )


class FitAnswer(Answer):
    """How a project fits. The region is looked at without the project, if it is one on record here.

    Products in the sheet's order, or by id; of each the best routes first; reasons by how they lean.
    """

    region: NodeRef = Field(title="地区", description="the region")
    project: NodeRef = Field(title="项目", description="the project; its id is `sheet` when a sheet was given")
    enterprise: NodeRef | None = Field(title="企业", description="who invests; null: not told")
    verdict: FitVerdict = Field(title="结论", description=", ".join(FIT_VERDICTS))
    rule: FitRule = Field(title="规则", description="the rule that decided it")
    reasons: tuple[Reason, ...] = Field(title="理由", description="against, conditions, open questions, for, notes")
    products: tuple[ProductFit, ...] = Field(title="产品", description="how each stands here before the project")
    routes: tuple[FitRoute, ...] = Field(title="工艺路线", description=f"at most {ROUTES} of each product")
    outputs: tuple[OutputUse, ...] = Field(title="本地市场", description="who here uses what it makes")
    duplication: tuple[Duplication, ...] = Field(title="重复建设", description="against demand and national capacity")
    by_products: tuple[ByProductFit, ...] = Field(title="副产物", description="as told, and by the first routes")
    needs: tuple[NeedFit, ...] = Field(title="要素需求", description="against what the zone offers")
    needs_untold: tuple[str, ...] = Field(title="未说明的需求", description="usual needs that are not told")
    policies: tuple[Policy, ...] = Field(
        title="政策",
        description="with conditions that apply, nearly apply or are to be checked, or that name a product",
    )
    verdicts: dict[Verdict, int] = Field(title="政策结论计数", description="conditions by verdict, all of them")
    totals: dict[str, int] = Field(title="总数", description="by list: how many there are, listed or not")
    said: Said = Field(title="一句话", description="the answer in one plain sentence")


def run(reader: Reader, params: FitParams) -> FitAnswer:
    """See FitAnswer. Raises BadInput unless a project or a sheet is given, and for a project without products."""
    region = resolve_name(reader, params.region, ("region",))
    if (params.project is None) == (params.sheet is None):
        raise BadInput("Give a project on record or a sheet, one of the two. See: rechain template project")
    chain = reader.chain()
    resolved: dict[str, object] = {}
    project: str | None = None
    sheet: ProjectSheet | None = None
    recipes = recipes_in(reader, chain, region)
    if params.project is not None:
        resolved["project"] = project = resolve_name(reader, params.project, ("project",))
        subject = subject_of_project(reader, project, recipes)
        if not subject.lines:
            raise BadInput(
                "It is not known what '{name}' is to make. Give a sheet: rechain template project",
                name=params.project[:60],
            )
    else:
        assert params.sheet is not None
        sheet = understood(reader, params.sheet)
        resolved["sheet"] = sheet.model_dump(mode="json")
        subject = subject_of_sheet(reader, sheet, recipes)
    lines = subject.lines or ()
    tally = reader.tally(region, params.recent_years, params.control_share)
    if project is not None:
        tally = suppose(reader, chain, tally, Suppositions((), (project,), {}))
    found = assess_tally(reader, tally, params)
    live = live_projects(reader, region, project)
    own = frozenset(line.product for line in lines)
    layout = Layout(reader, found, live, own)
    once = tuple({line.product: line for line in lines}.values())
    every = [(line, layout.routes(line)) for line in once]
    routes = [(line, ways) for line, ways in every if ways]
    if sheet is not None and sheet.inputs:
        routes = [(once[0], (layout.told_route(sheet, once[0]),))]
    bases = [(line, ways[0]) for line, ways in routes]
    owners = frozenset({subject.enterprise} if subject.enterprise else ())
    doubles = tuple(duplication(reader, found, line, live, owners) for line in lines)
    products = tuple(layout.product(line) for line in lines)
    uses = tuple(layout.use(line) for line in once)
    arising = layout.by_products(sheet, bases)
    stated = _stated(sheet, params)
    published = published_offers(reader, region, params.recent_years)
    needs = judge_needs(reader, region, sheet.needs if sheet else {}, published, stated)
    untold = tuple(need for need in USUAL if sheet is None or need not in sheet.needs)
    whole = merged(subject, subject_of_enterprise(reader, subject.enterprise)) if subject.enterprise else subject
    # What the enterprise makes elsewhere is no product of the project.
    policies = applicable_policies(
        reader, region, whole._replace(lines=lines, bought=subject.bought), params.near_share, params.recent_years
    ).policies
    told_products = [p.product for p in products if not any(p.product.id == line.product.id for _, line in bases)]
    elsewhere = _elsewhere(reader, region, project)
    judged = judge_fit(
        elsewhere,
        products,
        [ways for _, ways in routes],
        () if sheet is not None and sheet.inputs else told_products,
        uses,
        doubles,
        arising,
        needs,
        untold,
        policies,
    )
    known = refs(reader, sorted({region, *owners, *([project] if project else [])}))
    shown = NodeRef(id=SHEET, name_zh=sheet.name, name_en=sheet.name) if sheet else known[str(project)]
    conditions = [row for policy in policies for row in policy.conditions]
    return FitAnswer(
        **envelope("fit", reader, params, region=region, **resolved),
        looked_at={
            "products": len(once),
            "enterprises_here": tally.enterprises,
            "projects_here": len(live),
            "policies": len(policies),
            "conditions": len(conditions),
        },
        unplaced=tally.unplaced,
        truncated=any(len(ways) > ROUTES for _, ways in routes) or any(use.users_total > NAMED for use in uses),
        totals={"routes": sum(len(ways) for _, ways in routes)},
        region=known[region],
        project=shown,
        enterprise=known[subject.enterprise] if subject.enterprise else None,
        verdict=judged.verdict,
        rule=judged.rule,
        reasons=judged.reasons,
        products=products,
        routes=tuple(route for _, ways in routes for route in ways[:ROUTES]),
        outputs=uses,
        duplication=doubles,
        by_products=arising,
        needs=needs,
        needs_untold=untold,
        policies=tuple(_worth_showing(policy) for policy in policies if _is_shown(policy)),
        verdicts={verdict: sum(row.verdict == verdict for row in conditions) for verdict in VERDICTS},
        said=say_fit(known[region], shown, judged),
    )


def _elsewhere(reader: Reader, region: str, project: str | None) -> tuple[tuple[NodeRef, str], ...]:
    """Where a project on record stands, when that is not in the region, and the claims that say so."""
    places = [(str(f.object), f.claim) for f in reader.facts([project], ("located_in",)) if f.used] if project else []
    if any(region in reader.around(place) for place, _ in places):
        return ()
    known = refs(reader, [place for place, _ in places])
    return tuple((known[place], claim) for place, claim in places)


def _stated(sheet: ProjectSheet | None, params: FitParams) -> Mapping[str, Stated]:
    """What the user says of the zone: the separate sheet has the word where both tell."""
    return {**(sheet.zone_offers if sheet else {}), **(params.offers.offers if params.offers else {})}


def _is_shown(policy: Policy) -> bool:
    return bool(policy.names_product) or any(row.verdict != "not_met" for row in policy.conditions)


def _worth_showing(policy: Policy) -> Policy:
    return policy.model_copy(update={"conditions": tuple(row for row in policy.conditions if row.verdict != "not_met")})


QUERY = Query(
    "fit",
    "项目匹配",
    "How a proposed project fits a region: layout, inputs, duplication, needs, policies",
    FitParams,
    FitAnswer,
    run,
    positional=("region",),
)
