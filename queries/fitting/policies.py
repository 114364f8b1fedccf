"""Which policies speak for a region, which of their conditions somebody fulfils, and what is missing."""

from pydantic import Field

from graph.model.errors import BadInput
from graph.readers.port import Reader
from queries.base import FROM_FILE, NodeRef, PagedParams, Query, envelope, refs, resolve_name
from queries.chain.presence import recipes_in
from queries.chain.selection import InRegion
from queries.chain.spoken import Said, counted, named, names, say, sentence
from queries.fitting.applicable import Policy, applicable_policies
from queries.fitting.judging import VERDICTS, Verdict
from queries.fitting.sheet import Sheet
from queries.fitting.subjects import (
    NOBODY,
    Subject,
    merged,
    subject_of_enterprise,
    subject_of_product,
    subject_of_project,
    subject_of_sheet,
    understood,
)
from queries.paging import PagedAnswer, is_cut, slice_of


class Judging(InRegion):
    """What conditions are judged by."""

    near_share: float = Field(
        0.5, gt=0, le=1, title="接近比例", description="share of an amount asked from which a condition nearly applies"
    )


class PoliciesParams(Judging, PagedParams):
    """For which region, and who is held against the conditions: any of the four, or nobody."""

    product: str | None = Field(None, max_length=400, title="产品", description="whoever makes this product")
    enterprise: str | None = Field(None, max_length=400, title="企业", description="an enterprise, as recorded")
    project: str | None = Field(None, max_length=400, title="项目", description="a project, as recorded")
    sheet: Sheet | None = Field(
        None,
        title="项目表",
        description="a project's sheet, YAML or JSON; on the command line its file (see rechain template project)",
        json_schema_extra=FROM_FILE,
    )
    recent_years: float = Field(
        8.0, gt=0, le=200, title="近年年数", description="a condition told longer ago is marked old"
    )


class PoliciesAnswer(PagedAnswer):
    """Policies by their best condition, those that name the product first, then by id."""

    region: NodeRef = Field(title="地区", description="the region")
    subject: tuple[NodeRef, ...] = Field(title="对象", description="who was held against them; none: nobody")
    policies: tuple[Policy, ...] = Field(title="政策", description="that speak for the region at the day of the answer")
    verdicts: dict[Verdict, int] = Field(title="结论计数", description="conditions by verdict, listed or not")
    ended: tuple[NodeRef, ...] = Field(title="已到期政策", description="for the region, but over by then")
    said: Said = Field(title="一句话", description="the answer in one plain sentence")

    def paged(self) -> dict[str, tuple[Policy, ...]]:
        return {"policies": self.policies}


def run(reader: Reader, params: PoliciesParams) -> PoliciesAnswer:
    """See PoliciesAnswer. Raises BadInput for a project and a sheet at once."""
    region = resolve_name(reader, params.region, ("region",))
    if params.project is not None and params.sheet is not None:
        raise BadInput("Give either a project or a sheet, not both.")
    chain = reader.chain()
    recipes = recipes_in(reader, chain, region)
    subject: Subject = NOBODY
    resolved: dict[str, object] = {}
    given: list[str] = []
    if params.sheet is not None:
        sheet = understood(reader, params.sheet)
        resolved["sheet"] = sheet.model_dump(mode="json")
        subject = merged(subject, subject_of_sheet(reader, sheet, recipes))
    if params.project is not None:
        resolved["project"] = project = resolve_name(reader, params.project, ("project",))
        subject = merged(subject, subject_of_project(reader, project, recipes))
        given.append(project)
    if params.product is not None:
        resolved["product"] = product = resolve_name(reader, params.product, ("product",))
        subject = merged(subject, subject_of_product(chain, product))
        given.append(product)
    enterprise = params.enterprise
    if enterprise is not None:
        resolved["enterprise"] = enterprise = resolve_name(reader, enterprise, ("enterprise",))
        given.append(enterprise)
    if who := enterprise or subject.enterprise:
        subject = merged(subject, subject_of_enterprise(reader, who))
    found = applicable_policies(reader, region, subject, params.near_share, params.recent_years)
    known = refs(reader, sorted({region, *given, *found.ended}))
    people = tuple(known[one] for one in given)
    if params.sheet is not None:
        people = (NodeRef(id="sheet", name_zh=params.sheet.name, name_en=params.sheet.name), *people)
    conditions = [condition for policy in found.policies for condition in policy.conditions]
    counts = {verdict: sum(one.verdict == verdict for one in conditions) for verdict in VERDICTS}
    totals = {"policies": len(found.policies)}
    return PoliciesAnswer(
        **envelope("policies", reader, params, region=region, **resolved),
        looked_at={
            "policies": len(found.policies),
            "policies_place_untold": sum(policy.speaks == "place_untold" for policy in found.policies),
            "conditions": len(conditions),
        },
        unplaced=0,
        truncated=is_cut(totals, params),
        totals=totals,
        region=known[region],
        subject=people,
        policies=tuple(slice_of(found.policies, params)),
        verdicts=counts,
        ended=tuple(known[one] for one in found.ended),
        said=_said(known[region], people, found.policies, counts),
    )


def _said(
    region: NodeRef, people: tuple[NodeRef, ...], policies: tuple[Policy, ...], counts: dict[Verdict, int]
) -> Said:
    best = [policy.policy for policy in policies if policy.verdict == "applies"]
    return sentence(
        say(
            "适用于{place}的有{policies}",
            "{policies} speak for {place}" if len(policies) != 1 else "{policies} speaks for {place}",
            place=named(region),
            policies=counted(len(policies), "项政策", "policy", "policies"),
        ),
        say(
            "其条款中{who}适用{applies}项、接近{nearly}项、待核实{check}项",
            "of their conditions {applies} apply to {who}, {nearly} nearly apply, {check} are to be checked",
            who=names(people, measure="个"),
            applies=counts["applies"],
            nearly=counts["nearly"],
            check=counts["to_check"],
        )
        if people
        else None,
        say("适用的是{which}", "those that apply are of {which}", which=names(best, measure="项")) if best else None,
    )


QUERY = Query(
    "policies",
    "政策条件",
    "Policies of a region: which conditions apply, which nearly, what is missing",
    PoliciesParams,
    PoliciesAnswer,
    run,
    positional=("region",),
)
