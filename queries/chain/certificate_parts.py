"""What a certificate is made of: the rule, routes with their inputs, makers, users, what is known of the chain."""

from typing import Literal

from pydantic import Field

from queries.base import Answer, NodeRef, Record
from queries.chain.assessment import Kind, State, Thresholds
from queries.chain.concentration import Concentration
from queries.chain.evidence import PipelineItem
from queries.chain.gap_rows import GapProduct
from queries.chain.spoken import Said
from queries.chain.supply import Supply
from queries.evidence import Place, Statement

# How an input stands in the region, in the order in which one is looked for.
Standing = Literal[
    "made_here", "implied", "auxiliary", "coproduct", "class_evidence", "intermediate_in_use", "not_here"
]
WhyNot = Literal["deposit_elsewhere", "aggregate_beside_step"]


class Rule(Record):
    """The rule that decided the state. Its version changes whenever the same claims could give another state."""

    name: str = Field(title="规则", description="which rule fitted first", examples=["missing_searched"])
    version: str = Field(title="版本", description="version of the definition the rule belongs to")
    words: Said = Field(title="规则说明", description="the rule in plain words, with its thresholds")


class RouteInput(Record):
    """An input of a route and how it stands here."""

    product: GapProduct = Field(title="投入品", description="what goes in")
    quantity: Statement = Field(title="投入量", description="how much, and who says so; a null value: not told")
    standing: Standing = Field(title="本地情况", description="how it stands here")
    counted: bool = Field(title="计入份额", description="whether it is counted in the share of inputs here")
    makers: tuple[NodeRef, ...] = Field(title="本地生产者", description="who makes it here, the first of them")
    makers_total: int = Field(title="本地生产者数", description="how many make it here")


class RouteService(Record):
    """A service of a route and whether somebody here offers it."""

    product: GapProduct = Field(title="服务", description="what is used")
    statement: Statement = Field(title="陈述", description="who says that it is used")
    here: bool = Field(title="本地有", description="whether somebody here offers it")


class Route(Record):
    """A process that yields the product."""

    process: NodeRef = Field(title="工艺", description="the process")
    kind: str = Field(title="工艺类型", description="step, recycling or aggregate")
    applies: bool = Field(title="适用", description="whether it counts as a way to make the product here")
    why_not: WhyNot | None = Field(
        None,
        title="不适用原因",
        description="deposit_elsewhere: tied to a deposit that is not of this region; "
        "aggregate_beside_step: a shortcut over steps that are known themselves",
    )
    site: NodeRef | None = Field(None, title="所依矿床", description="the region of the deposit it is tied to")
    output: Statement = Field(title="产出", description="the statement that it yields the product")
    inputs: tuple[RouteInput, ...] = Field(title="投入", description="what goes in")
    services: tuple[RouteService, ...] = Field(title="服务", description="services used")
    share: float | None = Field(
        title="投入品本地率", description="0-1: counted inputs that are available here; null: none is counted"
    )


class Making(Record):
    """What somebody is told to make."""

    product: NodeRef = Field(title="产品", description="the product, or a kind of it")
    statement: Statement = Field(title="陈述", description="how much, when, and who says so")


class CertifiedMaker(Record):
    """Somebody who makes the product or a kind of it."""

    enterprise: NodeRef = Field(title="生产者", description="the enterprise or the finished project")
    country: str | None = Field(None, title="国家", description="as told; null: not known")
    places: tuple[Place, ...] = Field(title="地点", description="where it is")
    makes: tuple[Making, ...] = Field(title="生产内容", description="each thing it is told to make")


class Need(Record):
    """Why somebody here needs the product."""

    product: NodeRef | None = Field(None, title="为生产", description="what it is needed for; null: told outright")
    processes: tuple[NodeRef, ...] = Field((), title="工艺", description="the recipes by which it is needed")
    statement: Statement | None = Field(None, title="陈述", description="the statement that it is consumed")


class CertifiedUser(Record):
    """Somebody here who needs the product."""

    enterprise: NodeRef = Field(title="需求者", description="the enterprise or the finished project")
    places: tuple[Place, ...] = Field(title="地点", description="where it is")
    needs: tuple[Need, ...] = Field(title="需求", description="for which product and by which recipe")


class CountryCount(Record):
    """How many makers a country has."""

    country: str | None = Field(title="国家", description="null: of makers whose country is not told")
    makers: int = Field(title="生产者数", description="makers elsewhere in that country")


class Coverage(Record):
    """What is known here of the product's chain, and whether it is enough to speak of absence.

    The counts are null where the product has no chain, or one of other industries: nothing is searched there.
    """

    chain: str | None = Field(title="产业链", description="the product's chain; null: none")
    makers: int | None = Field(title="同链企业数", description="makers here in its chain")
    sources: int | None = Field(title="来源数", description="sources on these makers")
    recent: int | None = Field(title="近年来源数", description="of them dated within recent_years")
    mentions: int | None = Field(title="提及次数", description="pairs of maker and source")
    single: int | None = Field(title="单一来源企业数", description="makers seen in one source only")
    newest: str | None = Field(title="最新来源", description="date of the newest source")
    completeness: float | None = Field(title="完整度估计", description="Good-Turing: 1 - single / mentions")
    enough_makers: bool = Field(title="企业数达标", description="makers >= min_makers")
    enough_sources: bool = Field(title="来源数达标", description="recent >= min_sources")
    made_elsewhere: bool = Field(title="外地有生产", description="somebody is recorded to make it elsewhere")


class CertificateAnswer(Answer):
    """One link of a region, with all that its state rests on.

    Makers and users by id; routes that apply first, then by id. `claims` is complete: a store that holds these claims
    and the names alone gives the same certificate.
    """

    region: NodeRef = Field(title="地区", description="the region")
    product: GapProduct = Field(title="环节", description="the product")
    state: State = Field(title="状态", description="present, implied, unknown or missing")
    kind: Kind | None = Field(title="类别", description="broken, fill, strengthen, extend, build; null: no gap")
    absence: Literal["stated", "searched"] | None = Field(title="缺失依据", description="how sure its absence is")
    why_unknown: str | None = Field(title="不明原因", description="what is lacking to know; null: it is known")
    flags: tuple[str, ...] = Field(title="标记", description="weak, single_source, bottleneck, concentrated, no_recipe")
    rule: Rule = Field(title="规则", description="the rule that decided the state")
    thresholds: Thresholds = Field(title="阈值", description="the thresholds used")
    routes: tuple[Route, ...] = Field(title="工艺路线", description="every process that yields it, with its inputs")
    inputs_here: float = Field(title="投入品本地率", description="the best share of the routes that apply")
    local_makers: tuple[CertifiedMaker, ...] = Field(title="本地生产者", description="the first of them")
    makers_elsewhere: tuple[CertifiedMaker, ...] = Field(title="外地生产者", description="the first of them")
    by_country: tuple[CountryCount, ...] = Field(title="外地生产者分国家", description="most makers first")
    users: tuple[CertifiedUser, ...] = Field(title="本地需求者", description="the first of them")
    totals: dict[str, int] = Field(title="总数", description="by list: how many there are, listed or not")
    concentration: Concentration | None = Field(title="全国集中度", description="null: too few capacities are known")
    local_concentration: Concentration | None = Field(
        title="本地集中度", description="null: too few capacities are known"
    )
    supply: Supply | None = Field(title="本地供需", description="null: neither a capacity nor a demand is known")
    pipeline: tuple[PipelineItem, ...] = Field(title="在途项目", description="projects here that will make it")
    closes_on: str | None = Field(title="预计补上", description="earliest expected date of these projects")
    coverage: Coverage = Field(title="资料完整程度", description="what is known of its chain here")
    stated_by: tuple[Statement, ...] = Field(title="缺失陈述", description="sources that say nobody makes it here")
    claims: tuple[str, ...] = Field(title="陈述", description="ids of all claims it rests on, sorted")
    said: Said = Field(title="一句话", description="the finding in one plain sentence")
