"""A dossier on one enterprise for a visit: who they are, why this region, what to offer, and what to find out."""

from collections.abc import Sequence

from pydantic import Field

from graph.readers.port import Reader
from queries.base import Answer, NodeRef, Params, Query, envelope, refs, resolve_name
from queries.chain.spoken import Said
from queries.dossier.citing import Citing
from queries.dossier.facts import (
    GOODS,
    USES,
    EnterpriseRecord,
    goods_rows,
    group_rows,
    identity_rows,
    is_product,
    tie_rows,
)
from queries.dossier.projects import ProjectList
from queries.dossier.reasons import Here, reasons
from queries.dossier.rows import (
    DossierOffer,
    DossierPolicy,
    DossierProject,
    GoodsRow,
    IdentityRow,
    NumberedSource,
    OpenQuestion,
    Reason,
    TieRow,
)
from queries.dossier.said import say_dossier
from queries.dossier.terms import Terms
from queries.dossier.unknown import open_questions
from queries.evidence import places_of


class DossierParams(Params):
    """Whom to visit, and for which region."""

    enterprise: str = Field(max_length=400, title="企业", description="enterprise: name, alias, stock code or id")
    region: str = Field(max_length=400, title="地区", description="the region that invites: name, alias or id")
    product: str | None = Field(
        None, max_length=400, title="产品", description="the link to talk about; default: all that they make"
    )


class DossierAnswer(Answer):
    """What to know of an enterprise before a visit. Lists are cut to what two pages hold; `totals` counts the whole.

    Every row names its claims and the numbers of their sources in `sources`. Reasons and questions are worked out, each
    by its rule (docs/dossier.md); all else is as published.
    """

    enterprise: NodeRef = Field(title="企业", description="whom to visit")
    region: NodeRef = Field(title="地区", description="the region that invites")
    product: NodeRef | None = Field(title="产品", description="the link to talk about; null: all that they make")
    said: Said = Field(title="一句话", description="the dossier in one plain sentence")
    totals: dict[str, int] = Field(title="总数", description="how many rows each list has, cut or not")
    identity: tuple[IdentityRow, ...] = Field(title="企业概况", description="names, codes, country, founding, places")
    makes: tuple[GoodsRow, ...] = Field(
        title="产品与产能", description="what they make, what counts first, newest first"
    )
    uses: tuple[GoodsRow, ...] = Field(title="使用", description="what they use")
    owners: tuple[TieRow, ...] = Field(title="股东", description="who owns them, direct owners first")
    owned: tuple[TieRow, ...] = Field(title="所投企业", description="what they own, direct holdings first")
    suppliers: tuple[TieRow, ...] = Field(title="供应商", description="who supplies them, those in the region first")
    customers: tuple[TieRow, ...] = Field(title="客户", description="whom they supply, those in the region first")
    partners: tuple[TieRow, ...] = Field(title="合作方", description="partners and institutions, in the region first")
    projects: tuple[DossierProject, ...] = Field(title="项目", description="theirs, in the region first, newest first")
    reasons: tuple[Reason, ...] = Field(title="为什么是这里", description="why this region")
    policies: tuple[DossierPolicy, ...] = Field(
        title="可谈政策", description="policies that may apply, with conditions"
    )
    offers: tuple[DossierOffer, ...] = Field(title="供给条件", description="what the region has to give, as published")
    questions: tuple[OpenQuestion, ...] = Field(title="待核实", description="what is not known, by explicit rules")
    sources: tuple[NumberedSource, ...] = Field(title="来源", description="in the order in which rows cite them")


def run(reader: Reader, params: DossierParams) -> DossierAnswer:
    """What is on record of an enterprise, and what follows for a visit on behalf of a region."""
    enterprise = resolve_name(reader, params.enterprise, ("enterprise",))
    region = resolve_name(reader, params.region, ("region",))
    product = resolve_name(reader, params.product, ("product",)) if params.product is not None else None
    record, citing = EnterpriseRecord(reader, enterprise, region), Citing(reader)
    here = Here(record, product)
    projects, terms = ProjectList(record), Terms(reader, region, enterprise, product)

    trade = [*record.suppliers, *record.customers]
    facts = [fact for told in record.by_predicate.values() for fact in told]
    facts += [*trade, *record.partners, *(fact for _, fact in (*record.group.up, *record.group.down))]
    goods = [fact.qualifier for fact in trade if is_product(fact.qualifier)]
    cited = citing.over(facts, [enterprise, *goods])
    # In the order of the document, as sources are numbered by the first row that cites them.
    identity = identity_rows(record, cited)
    makes, uses = goods_rows(record.produces, cited, GOODS), goods_rows(record.consumes, cited, USES)
    owners, owned = group_rows(record, "up", cited), group_rows(record, "down", cited)
    suppliers, customers = tie_rows(record, record.suppliers, cited), tie_rows(record, record.customers, cited)
    partners, shown_projects = tie_rows(record, record.partners, cited), projects.rows(citing)
    why = reasons(here, projects, citing)
    policies, offers = terms.policy_rows(citing), terms.offer_rows(citing)
    asked, questions = open_questions(record, here, projects, terms, citing)
    totals = {
        "makes": len(record.produces),
        "uses": len(record.consumes),
        "owners": len(record.group.up),
        "owned": len(record.group.down),
        "suppliers": len(record.suppliers),
        "customers": len(record.customers),
        "partners": len(record.partners),
        "projects": len(projects.ordered),
        "reasons": len(why),
        "policies": len(terms.chosen),
        "offers": len(terms.offers),
        "questions": questions,
    }
    lists: dict[str, Sequence[object]] = {
        "makes": makes, "uses": uses, "owners": owners, "owned": owned, "suppliers": suppliers,
        "customers": customers, "partners": partners, "projects": shown_projects, "reasons": why,
        "policies": policies, "offers": offers, "questions": asked,
    }  # fmt: skip
    names = refs(reader, sorted({enterprise, region, *([product] if product else [])}))
    return DossierAnswer(
        **envelope("dossier", reader, params, enterprise=enterprise, region=region, product=product),
        looked_at={
            "statements": len({fact.claim for fact in facts}),
            "enterprises_here": here.found.tally.enterprises,
            "policies": terms.policies,
        },
        unplaced=int(not places_of(reader, [enterprise])[enterprise]),
        truncated=any(totals[name] > len(rows) for name, rows in lists.items()),
        enterprise=names[enterprise],
        region=names[region],
        product=names[product] if product else None,
        said=say_dossier(names[enterprise], names[region], makes, why),
        totals=totals,
        identity=identity,
        makes=makes,
        uses=uses,
        owners=owners,
        owned=owned,
        suppliers=suppliers,
        customers=customers,
        partners=partners,
        projects=shown_projects,
        reasons=why,
        policies=policies,
        offers=offers,
        questions=asked,
        sources=citing.sources(),
    )


QUERY = Query(
    "dossier",
    "走访材料",
    "A dossier on an enterprise for a visit",
    DossierParams,
    DossierAnswer,
    run,
    positional=("enterprise",),
)
