"""What the answer to `fit` is made of."""

from typing import Literal

from pydantic import Field

from queries.base import NodeRef, Record
from queries.chain.assessment import Kind, State
from queries.chain.gap_rows import GapProduct
from queries.chain.overcapacity import BEYOND, Beyond
from queries.chain.spoken import Said

Effect = Literal["closes_gap", "strengthens", "adds", "implied", "unknown"]
EFFECTS: dict[Effect, tuple[str, str]] = {
    "closes_gap": ("补上缺环", "closes a gap"),
    "strengthens": ("补强薄弱环节", "strengthens a thin link"),
    "adds": ("扩大已有环节", "adds to what is here"),
    "implied": ("本地联产已有", "arises here anyway"),
    "unknown": ("本地情况不明", "what is here is not known"),
}
InputStanding = Literal[
    "own", "made_here", "implied", "auxiliary", "coproduct", "class_evidence", "in_plant", "pipeline", "not_here",
    "unknown",
]  # fmt: skip
INPUT_STANDINGS: dict[InputStanding, tuple[str, str]] = {
    "own": ("项目自产", "made by the project itself"),
    "made_here": ("本地生产", "made here"),
    "implied": ("可推知本地有", "arises here"),
    "auxiliary": ("辅料，外购", "auxiliary, bought in"),
    "coproduct": ("联产品", "coproduct"),
    "class_evidence": ("本地有其上位产品", "its class is made here"),
    "in_plant": ("厂内中间品", "made and used in the plant"),
    "pipeline": ("本地在建或拟建", "a project here will make it"),
    "not_here": ("本地没有", "not here"),
    "unknown": ("情况不明", "not known"),
}
# What counts as had, for the share of a route's inputs.
HAD: tuple[InputStanding, ...] = (
    "own", "made_here", "implied", "auxiliary", "coproduct", "class_evidence", "in_plant",
)  # fmt: skip
Fate = Literal["used_here", "no_user_known", "to_dispose", "unknown"]
FATES: dict[Fate, tuple[str, str]] = {
    "used_here": ("本地有用户", "used here"),
    "no_user_known": ("本地未见用户", "nobody here is known to use it"),
    "to_dispose": ("须处置", "to be disposed of"),
    "unknown": ("去向不明", "not known"),
}
NeedOutcome = Literal["met", "partly", "unknown", "not_met"]
NEED_OUTCOMES: dict[NeedOutcome, tuple[str, str]] = {
    "met": ("满足", "met"),
    "partly": ("部分满足", "partly met"),
    "unknown": ("不明", "not known"),
    "not_met": ("不满足", "not met"),
}
FitVerdict = Literal["fits", "fits_with_conditions", "conflicts", "cannot_tell"]
FIT_VERDICTS: dict[FitVerdict, tuple[str, str]] = {
    "fits": ("匹配", "fits"),
    "fits_with_conditions": ("有条件匹配", "fits with conditions"),
    "conflicts": ("冲突", "conflicts"),
    "cannot_tell": ("无法判断", "cannot be told"),
}
Topic = Literal["layout", "inputs", "outputs", "duplication", "by_products", "needs", "policies"]
TOPICS: dict[Topic, tuple[str, str]] = {
    "layout": ("产业布局", "layout"),
    "inputs": ("原料配套", "inputs"),
    "outputs": ("本地市场", "outputs"),
    "duplication": ("重复建设", "duplication"),
    "by_products": ("副产物", "by-products"),
    "needs": ("要素需求", "needs"),
    "policies": ("政策", "policies"),
}
Leaning = Literal["against", "condition", "open", "for", "neutral"]
LEANINGS: dict[Leaning, tuple[str, str]] = {
    "against": ("冲突", "against"),
    "condition": ("条件", "condition"),
    "open": ("待查", "open"),
    "for": ("有利", "for"),
    "neutral": ("说明", "note"),
}


class ProductFit(Record):
    """How a product of the project stands in the region before it comes."""

    product: GapProduct = Field(title="产品")
    capacity: float | None = Field(title="拟建产能", description="null: not told")
    unit: str | None = Field(title="单位")
    state: State = Field(title="本地状态", description="present, implied, unknown or missing")
    kind: Kind | None = Field(title="缺环类别", description="broken, fill, strengthen, extend, build; null: no gap")
    effect: Effect = Field(title="作用", description=", ".join(EFFECTS))
    makers: tuple[NodeRef, ...] = Field(title="本地生产者", description="the first of them")
    makers_total: int = Field(title="本地生产者数")
    chain_makers: int | None = Field(title="同链本地企业数", description="makers here in its chain; null: it has none")
    pipeline: tuple[NodeRef, ...] = Field(title="在途项目", description="other live projects here that will make it")
    makers_elsewhere: int = Field(title="外地生产者数")
    claims: tuple[str, ...] = Field(title="陈述", description="behind the makers, the pipeline and its own capacity")


class FitInput(Record):
    """An input of a route: how it stands here, and tonnes needed against tonnes here."""

    product: GapProduct = Field(title="投入品")
    standing: InputStanding = Field(title="本地情况", description=", ".join(INPUT_STANDINGS))
    counted: bool = Field(title="计入份额", description="auxiliaries and coproducts are not")
    per_unit: float | None = Field(title="单耗", description="kg per kg of the product; null: not told")
    needed: float | None = Field(title="年需要量", description="t/yr for the capacity; null: one of both is not told")
    here_low: float | None = Field(title="本地产能下限", description="t/yr, surely there once; null: nobody tells")
    here_high: float | None = Field(title="本地产能上限", description="t/yr; null: not every maker tells")
    demand_low: float | None = Field(title="本地现有需求下限", description="t/yr by others here; null: nobody tells")
    enough: bool | None = Field(
        title="是否够用",
        description="whether capacity here surely covers others and this; false: it surely does not; null: unknown",
    )
    makers: tuple[NodeRef, ...] = Field(title="本地生产者", description="the first of them, or projects on their way")
    makers_total: int = Field(title="本地生产者数")
    makers_elsewhere: int = Field(title="外地生产者数")
    claims: tuple[str, ...] = Field(title="陈述", description="behind the amounts and the makers")


class FitRoute(Record):
    """A way to make a product of the project, with what goes in."""

    product: NodeRef = Field(title="产品")
    process: NodeRef | None = Field(title="工艺", description="null: as the sheet tells")
    inputs: tuple[FitInput, ...] = Field(title="投入品")
    services: tuple[NodeRef, ...] = Field(title="本地有的服务", description="services it uses that are here")
    services_lacking: tuple[NodeRef, ...] = Field(title="本地没有的服务", description="services it uses that are not")
    share: float | None = Field(title="投入品本地率", description="0-1 of the counted inputs; null: none is counted")


class OutputUse(Record):
    """Who here uses what the project makes, and how much."""

    product: NodeRef = Field(title="产品")
    users: tuple[NodeRef, ...] = Field(title="本地用户", description="makers here of what takes it, and consumers")
    users_total: int = Field(title="本地用户数")
    users_telling: int = Field(title="可算需求的用户数")
    demand_low: float | None = Field(title="本地需求下限", description="t/yr, a floor; null: nobody tells")
    demand_high: float | None = Field(title="本地需求上限", description="t/yr; null: not every user tells")
    claims: tuple[str, ...] = Field(title="陈述", description="behind the demand")


class Duplication(Record):
    """Capacity here, on its way and proposed, against the demand here and the country's capacity, in one unit."""

    product: NodeRef = Field(title="产品")
    unit: str = Field(title="单位")
    proposed: float | None = Field(title="拟建产能", description="null: not told")
    existing_low: float | None = Field(title="现有产能下限", description="surely there once; null: nobody tells")
    existing_high: float | None = Field(title="现有产能上限", description="null: not every maker tells")
    makers: int = Field(title="本地生产者数")
    makers_telling: int = Field(title="公布产能的生产者数")
    pipeline_low: float = Field(title="在途产能下限", description="live projects, possible double counts once")
    pipeline_high: float | None = Field(title="在途产能上限", description="all added up; null: not every project tells")
    pipeline_projects: tuple[NodeRef, ...] = Field(title="在途项目", description="other live projects for it here")
    pipeline_unknown: int = Field(title="产能不明的在途项目数")
    together_low: float | None = Field(title="合计下限", description="existing, on their way and proposed")
    together_high: float | None = Field(title="合计上限", description="null: not everybody tells")
    demand_low: float | None = Field(title="本地需求下限", description="a floor; null: nobody tells")
    demand_high: float | None = Field(title="本地需求上限", description="null: not every user tells")
    ratio_at_least: float | None = Field(title="合计与本地需求之比下限", description="null: not known")
    ratio_at_most: float | None = Field(title="合计与本地需求之比上限", description="null: not known")
    national: float | None = Field(
        title="全国已知产能", description="published in the country, a floor; null: nothing is"
    )
    national_makers: int = Field(title="全国已知产能家数")
    share_at_most: float | None = Field(
        title="占全国产能上限", description="proposed / national known; null: not known"
    )
    beyond: tuple[Beyond, ...] = Field(
        title="过剩提示", description=f"{', '.join(BEYOND)}; national only where most makers publish theirs"
    )
    owner_makes_it: bool = Field(title="投资方已在本地生产", description="an extension rather than somebody new")
    claims: tuple[str, ...] = Field(title="陈述", description="behind the capacities and the demand")


class ByProductFit(Record):
    """Something that arises beside the products, and where it may go."""

    product: NodeRef | None = Field(title="产品", description="null: told in words only")
    words: str | None = Field(title="名称", description="as the sheet tells")
    amount: float | None = Field(title="年产生量", description="null: not told")
    unit: str | None = Field(title="单位")
    hazardous: bool | None = Field(title="危险废物", description="null: not told")
    process: NodeRef | None = Field(title="由工艺产生", description="by this recipe; null: as the sheet tells")
    fate: Fate = Field(title="去向", description=", ".join(FATES))
    users: tuple[NodeRef, ...] = Field(title="本地用户", description="the first of them")
    users_total: int = Field(title="本地用户数")


class OfferSeen(Record):
    """An offer that a need was held against."""

    name: str = Field(title="供给", description="in the source's or the sheet's words")
    region: NodeRef = Field(title="地区", description="who offers it")
    amount: float | None = Field(title="数量", description="null: not told")
    unit: str | None = Field(title="单位")
    as_of: str | None = Field(title="截至", description="when it was told; null: by the sheet, or undated")
    claim: str | None = Field(title="陈述标识", description="null: stated by the user's sheet")


class NeedFit(Record):
    """A need of the project against what the zone offers. What neither side tells is not known."""

    need: str = Field(title="需求标识", description="name of the need in sheets")
    called: Said = Field(title="需求")
    amount: float | None = Field(title="需要量", description="null: needed, how much is not told")
    unit: str | None = Field(title="单位")
    outcome: NeedOutcome = Field(title="结果", description=", ".join(NEED_OUTCOMES))
    why: Said = Field(title="原因")
    offers: tuple[OfferSeen, ...] = Field(title="供给", description="what it was held against")


class Reason(Record):
    """Something that speaks for the project, against it, or is to be found out."""

    topic: Topic = Field(title="方面", description=", ".join(TOPICS))
    leaning: Leaning = Field(title="倾向", description=", ".join(LEANINGS))
    words: Said = Field(title="说明")
    claims: tuple[str, ...] = Field(
        title="陈述", description="ids of the claims behind it; none where a sheet tells it"
    )


class FitRule(Record):
    """The rule that decided the verdict: the first that fits, in this order."""

    name: str = Field(title="规则", description="stated_conflict, nothing_known, conditions_open or all_known_fits")
    version: str = Field(title="版本", description="changes whenever the same facts could give another verdict")
    words: Said = Field(title="规则说明")
