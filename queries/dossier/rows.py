"""The rows of a dossier: each statement with its claim and the number of its source in the dossier's own list."""

from typing import Literal

from pydantic import Field

from queries.base import NodeRef, Record
from queries.chain.assessment import Kind
from queries.chain.spoken import Said
from queries.evidence import CitedSource
from queries.fitting.judging import Verdict

# Why this region, in the order a visitor brings it up, and what the numbers of a row count.
REASONS: dict[str, tuple[str, str]] = {
    "here": ("已在本地", "already here"),
    "closes": ("可补缺环", "closes a link"),
    "grows": ("可扩产", "makes a thin link here already"),
    "not_recorded": ("无生产记录", "not on record as a maker"),
    "near": ("邻近环节", "one process away"),
    "needed": ("本地有需求", "needed here"),
    "inputs": ("本地有投入品", "inputs here"),
    "owners_here": ("股东已在本地", "owners here"),
    "owned_here": ("所投企业已在本地", "subsidiaries here"),
    "siblings_here": ("同一股东的企业在本地", "sister companies here"),
    "suppliers_here": ("供应商在本地", "suppliers here"),
    "customers_here": ("客户在本地", "customers here"),
    "partners_here": ("合作方在本地", "partners here"),
    "projects_here": ("已有项目在本地", "projects here"),
    "nearby": ("周边已有布局", "already nearby"),
    "movement": ("近年在外地布局", "recent projects away from home"),
}
# What is to be asked at the visit: each is derived by the rule of `dossier_unknown.py` that bears its name.
QUESTIONS: dict[str, tuple[str, str]] = {
    "place_unknown": ("所在地不明", "place not known"),
    "place_coarse": ("所在地仅知省或国", "place known only roughly"),
    "nothing_made": ("无产品记录", "no product on record"),
    "class_only": ("只知产品大类", "only the class of product is known"),
    "capacity_untold": ("产能未见公布", "capacity not published"),
    "conflict": ("来源说法不一", "sources disagree"),
    "old_only": ("只有旧资料", "only old sources"),
    "plan_not_reached": ("计划未见落实", "plan not seen to be reached"),
    "project_overdue": ("项目已过预定日期", "project past its date"),
    "project_status": ("项目进展不明", "status of a project not known"),
    "share_untold": ("持股比例未见公布", "share not published"),
    "owners_unknown": ("股东不明", "owners not known"),
    "trade_unknown": ("供应商与客户不明", "suppliers and customers not known"),
    "offer_old": ("供给条件需确认", "offers to be confirmed"),
    "policy_undated": ("政策时效需确认", "policies to be confirmed"),
}


class Rival(Record):
    """What another source of equal standing says."""

    value: float | str | None = Field(None, title="数值", description="what it says")
    unit: str | None = Field(None, title="单位", description="unit of the value")
    source: int = Field(title="来源序号", description="number of the source in `sources`")
    claim: str = Field(title="陈述标识", description="id of the claim")


class Told(Record):
    """One statement as published: value, date, how its source hedges, and who says so."""

    value: float | str | None = Field(None, title="数值", description="as published; null: only said to be so")
    unit: str | None = Field(None, title="单位", description="unit of the value")
    qualifier: str = Field("", title="限定", description="capacity, output, plan ...")
    as_of: str | None = Field(None, title="截至", description="when it was seen to hold, as precise as the source")
    flags: tuple[str, ...] = Field((), title="标记", description="how the source hedges: plan, former, doubtful ...")
    note: str | None = Field(None, title="说明", description="in the loader's own words")
    source: int = Field(title="来源序号", description="number of the source in `sources`")
    claim: str = Field(title="陈述标识", description="id of the claim")
    rivals: tuple[Rival, ...] = Field((), title="冲突", description="what sources of equal standing say otherwise")


class IdentityRow(Record):
    """A name, a code, a date or a place of the enterprise."""

    kind: Literal["alias", "code", "country", "founded", "website", "place"] = Field(
        title="类别", description="what is told"
    )
    text: str | None = Field(None, title="内容", description="the name, code, date ...; null for a place")
    region: NodeRef | None = Field(None, title="地区", description="the region of a place")
    told: Told = Field(title="陈述", description="date and source")


class GoodsRow(Record):
    """A product that is made or used, with the amount as published."""

    product: NodeRef = Field(title="产品", description="the product")
    counted: bool = Field(title="计入", description="false: told as planned, former, doubtful ...")
    told: Told = Field(title="陈述", description="amount where told, what it counts, date and source")


class TieRow(Record):
    """Somebody it is tied to."""

    node: NodeRef = Field(title="对方", description="the enterprise or institution")
    here: bool = Field(title="在本地", description="whether placed in the region")
    tier: int = Field(1, title="层", description="distance over ownership, 1: direct")
    via: NodeRef | None = Field(None, title="经由", description="through whom, where not direct")
    product: NodeRef | None = Field(None, title="产品", description="what is supplied; null: not told, or in `what`")
    what: str | None = Field(None, title="所述产品", description="what is supplied in words, where no known product")
    told: Told = Field(title="陈述", description="share or amount where told, date and source")


class DossierProject(Record):
    """A project of the enterprise or of one that it controls."""

    project: NodeRef = Field(title="项目", description="the project")
    by: NodeRef | None = Field(None, title="投资方", description="the enterprise it controls; null: itself")
    here: bool = Field(title="在本地", description="whether placed in the region")
    places: tuple[NodeRef, ...] = Field(title="地点", description="where it is")
    status: str | None = Field(None, title="状态", description="the latest status told; null: none")
    status_as_of: str | None = Field(None, title="状态截至", description="when the status was seen to hold")
    newest: str | None = Field(None, title="最新日期", description="the latest date of anything told of it")
    overdue: bool = Field(title="已逾期", description="not done by its own completion date, as far as is known")
    products: tuple[NodeRef, ...] = Field(title="产品", description="what it is to make")
    invested: Told | None = Field(None, title="出资", description="that, and how much, they put in")
    state: Told | None = Field(None, title="状态陈述", description="the status with its source")
    investment: Told | None = Field(None, title="投资额", description="of the whole project, as published")
    completion: Told | None = Field(None, title="完工", description="as published")
    made: tuple[Told, ...] = Field((), title="产品陈述", description="what says what it is to make")


class Grounds(Record):
    """What a line that is worked out rests on."""

    claims: tuple[str, ...] = Field(title="陈述标识", description="ids of the claims, at most 8")
    sources: tuple[int, ...] = Field(title="来源序号", description="numbers of their sources in `sources`")


class Reason(Record):
    """One reason why this region: worked out, with the claims it rests on."""

    kind: str = Field(title="理由", description=", ".join(REASONS))
    product: NodeRef | None = Field(None, title="产品", description="the link or product it is about")
    link: Kind | None = Field(None, title="缺环类别", description="broken, fill, strengthen, extend, build; null: none")
    users: int | None = Field(None, title="本地需求者数", description="how many here need it")
    makers: int | None = Field(None, title="本地生产者数", description="how many here make it")
    inputs_here: float | None = Field(
        None, title="投入品本地率", description="0-1, best share over its recipes; null: none"
    )
    closes_on: str | None = Field(
        None, title="预计补上", description="earliest date of a project here that will make it"
    )
    nodes: tuple[NodeRef, ...] = Field((), title="有关对象", description="users, inputs, partners ..., the first three")
    others: tuple[NodeRef, ...] = Field((), title="由来产品", description="their products that lead to it")
    total: int = Field(0, title="总数", description="of the objects, named or not")
    rank: int | None = Field(None, title="名次", description="among the candidates for the product; null: none")
    candidates: int | None = Field(None, title="候选企业数", description="how many candidates there are")
    score: float | None = Field(None, title="得分", description="0-1, with the default weights of `targets`")
    grounds: Grounds = Field(title="依据", description="claims and sources")


class DossierPolicy(Record):
    """A policy of the region, or of one around it, with one of its conditions as judged (see `policies`)."""

    policy: NodeRef = Field(title="政策", description="the policy")
    region: NodeRef | None = Field(title="地区", description="which region it supports; null: not on record")
    product: NodeRef | None = Field(None, title="产品", description="the product it is for; null: not tied to one")
    verdict: Verdict | None = Field(
        None, title="结论", description="of the condition; null: it names the product, and no condition is on record"
    )
    met: tuple[Said, ...] = Field((), title="已符合", description="what is asked, and is on record of them")
    open: tuple[Said, ...] = Field(
        (), title="待核", description="what is asked, and is not known or for a person to judge"
    )
    benefit: str | None = Field(None, title="优惠", description="what is given, in the words of the sheet")
    told: Told = Field(title="陈述", description="amount of the benefit where told, date and source")
    grounds: Grounds = Field(title="依据", description="claims and sources")


class DossierOffer(Record):
    """Something the region, or one around it, has to give."""

    region: NodeRef = Field(title="地区", description="who offers it")
    name: str = Field(title="供给", description="land, power, water, factories ...")
    told: Told = Field(title="陈述", description="amount or price where told, date and source")


class OpenQuestion(Record):
    """Something to find out, by which rule, about whom."""

    kind: str = Field(title="问题", description=", ".join(QUESTIONS))
    about: tuple[NodeRef, ...] = Field(
        (), title="对象", description="products, projects, people it is about, the first three"
    )
    total: int = Field(0, title="总数", description="of the objects, named or not")
    newest: str | None = Field(None, title="最新日期", description="the latest date there is")
    told: tuple[Told, ...] = Field((), title="陈述", description="the values in question")
    grounds: Grounds = Field(title="依据", description="claims and sources; empty where nothing is told")


class NumberedSource(Record):
    """A source with its number."""

    number: int = Field(title="序号", description="as the rows cite it, from 1")
    source: CitedSource = Field(title="来源", description="publisher, date, grade, address")
