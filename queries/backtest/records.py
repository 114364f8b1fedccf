"""The parts of a back-test's answer about who came."""

from pydantic import Field

from queries.backtest.bootstrap import Rates
from queries.backtest.cases import LEFT_OUT, WAYS
from queries.backtest.lists import ON_RECORD
from queries.base import NodeRef, Record
from queries.chain.gap_rows import GapProduct
from queries.promotion.candidates import REASONS

# Why somebody who came was not on the list.
MISSED: dict[str, tuple[str, str]] = {
    **{str(name): words for name, words in REASONS.items()},
    "product_unknown": ("当时不知有此产品", "the product was not known then"),
    "no_candidates": ("当时名单是空的", "nobody was on the list then"),
    "not_on_list": ("当时看不出与该产品有关", "nothing known then related it to the product"),
}


class BacktestCase(Record):
    """An enterprise that came with a product, and where it stood on the list of the cut-off."""

    enterprise: NodeRef = Field(title="企业")
    product: GapProduct = Field(title="产品")
    date: str = Field(title="首见日期", description="when its coming is first on record")
    ways: tuple[str, ...] = Field(title="方式", description=", ".join(WAYS))
    through: tuple[NodeRef, ...] = Field(title="经由", description="the projects and local enterprises, or itself")
    counted: bool = Field(title="计入", description="false: the product was made here at the cut-off, so it was no gap")
    on_record: str = Field(title="当时所知", description=", ".join(ON_RECORD))
    candidate: bool = Field(title="在名单上")
    why_not: str | None = Field(None, title="不在名单的原因", description=", ".join(MISSED))
    rank: int | None = Field(None, title="名次", description="by the weights asked for; null: not on the list")
    candidates: int = Field(title="名单长度", description="how many were on the list of the product")
    rank_equal_weights: int | None = Field(None, title="等权名次")
    rank_largest: int | None = Field(None, title="按产能名次")
    rank_connected: int | None = Field(None, title="按联系名次")
    rank_strict: int | None = Field(None, title="严格口径名次", description="without recipes that were told later")
    claims: tuple[str, ...] = Field(title="陈述", description="ids of the claims that say it came, and when")


class Baselines(Record):
    """The same lists in other orders."""

    random: Rates = Field(title="随机", description="the expectation over all orders, worked out, not drawn")
    largest: Rates = Field(title="产能最大在先", description="largest told capacity first, unknown last, ties by id")
    connected: Rates = Field(title="联系最多在先", description="most facts that join it to others first, ties by id")


class TargetsTested(Rates):
    """Those that came after the cut-off, and where the lists of the cut-off had them.

    Figures are over the counted cases: an enterprise and a product that was not made here. Cases by date, enterprise,
    product.
    """

    enterprises: int = Field(title="企业数", description="different enterprises among the counted cases")
    on_list: int = Field(title="在名单上", description="counted cases that were on the list")
    on_record: dict[str, int] = Field(title="当时所知", description="counted cases by what was on record of them then")
    enterprises_on_record: int = Field(
        title="当时有产品记录的企业", description="of the enterprises, on record as a maker of anything at the cut-off"
    )
    makers_before: int = Field(
        title="当时即为生产者",
        description="of the enterprises, on record as a maker of what it came with, or a kind of it",
    )
    by_enterprise: Rates = Field(
        title="按企业", description="each enterprise counts the same, with the mean over its cases"
    )
    equal_weights: Rates = Field(title="等权", description="with all weights equal")
    baselines: Baselines = Field(title="基线")
    cases: tuple[BacktestCase, ...] = Field(title="案例", description="all of them, counted or not")
    left_out: dict[str, int] = Field(
        title="未成案例", description=f"comings, or products of comings, that are no cases: {', '.join(LEFT_OUT)}"
    )


class StrictTargets(Record):
    """The figures of the counted cases on stricter lists."""

    targets: Rates = Field(title="招商名单")
    named: dict[str, int] = Field(title="当时列出", description="links of each kind")
    dropped: int = Field(title="略去的工艺陈述", description="statements on recipes from later or undated sources")
