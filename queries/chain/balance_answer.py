"""The answer of a mass balance: what limits output, what must be bought, what piles up, what runs, what is not told."""

from typing import Literal

from pydantic import Field

from queries.base import Answer, NodeRef, Record
from queries.chain.spoken import Said

WHY_NOT_BALANCED: dict[str, tuple[str, str]] = {
    "no_capacity": ("没有公布产能", "no capacity is recorded"),
    "no_figures": ("工艺没有用量数据", "its recipes tell no figures"),
    "no_recipe": ("没有适用的工艺", "no recipe that applies is known"),
}
LIMIT_KINDS: dict[str, tuple[str, str]] = {
    "capacity": ("本地产能", "capacity here"),
    "not_bought": ("不外购", "not bought in"),
}
PROGRAMMES: dict[str, tuple[str, str]] = {
    "buying": ("可外购", "buying in"),
    "own_links": ("链上全不外购", "buying nothing of the chain"),
}
Programme = Literal["buying", "own_links"]


STAGES: dict[str, tuple[str, str]] = {
    "output": ("目标产品产量最大（每吨同权）", "most output of the targets, each tonne alike"),
    "chain_bought": ("链上产品外购最少（加权）", "least bought of the chain, weighed"),
    "rest_bought": ("辅料等外购最少", "least bought of auxiliaries and other goods"),
}


class TargetOutput(Record):
    """A product to be made, and how far one gets."""

    product: NodeRef = Field(title="产品")
    wanted: float = Field(title="目标", description="t/yr: as asked for, or the capacity recorded here")
    reached: float = Field(title="可达产量", description="t/yr, where what is lacking is bought in")
    low: float = Field(title="下限", description="least of `reached` where sources disagree, t/yr")
    high: float = Field(title="上限", description="most of `reached` where sources disagree, t/yr")
    own_links: float = Field(
        title="链上全不外购", description="t/yr, were nothing of the chain bought in, ore included"
    )
    capacity: float | None = Field(title="已知产能", description="t/yr recorded here; null: nobody tells one")
    makers: int = Field(title="本地生产者数", description="makers here")
    telling: int = Field(title="公布产能者数", description="makers whose capacity counts")
    claims: tuple[str, ...] = Field(title="陈述", description="ids of the claims on its capacity")


class NotBalanced(Record):
    """A target that no balance can be drawn up for."""

    product: NodeRef = Field(title="产品")
    why: str = Field(title="原因", description=", ".join(WHY_NOT_BALANCED))
    makers: int = Field(title="本地生产者数", description="makers here")


class Limit(Record):
    """A bound that is reached. All bounds that press are listed; one that brings nothing alone presses with others."""

    programme: Programme = Field(
        title="前提", description="buying: all may be bought in; own_links: nothing of the chain may, ore included"
    )
    kind: Literal["capacity", "not_bought"] = Field(
        title="限制", description="capacity: all that is recorded here is used; not_bought: it would be bought in"
    )
    product: NodeRef = Field(title="产品")
    bound: float = Field(title="上限值", description="t/yr")
    more_output: float = Field(
        title="每吨增产", description="shadow price: t/yr more of the targets together for 1 t/yr more of it"
    )
    less_bought: float = Field(
        title="每吨少购",
        description="t/yr fewer bought of the chain (weighed) for 1 t/yr more of it; negative: more; 0 in own_links",
    )
    claims: tuple[str, ...] = Field(title="陈述", description="ids of the claims on its capacity")


class Bought(Record):
    """A product that must be brought in."""

    product: NodeRef = Field(title="产品")
    role: str = Field(title="角色")
    t_per_year: float = Field(title="外购量", description="t/yr")
    low: float = Field(title="下限", description="least where sources disagree, t/yr")
    high: float = Field(title="上限", description="most where sources disagree, t/yr")
    weight: float = Field(
        title="权重",
        description="what a tonne of it counted among purchases: 1, and what making it here would have taken",
    )
    made_here: bool = Field(title="本地有产", description="somebody here makes it, but not enough or not told how")
    makers_elsewhere: int = Field(title="外地生产者数", description="makers elsewhere")
    claims: tuple[str, ...] = Field(title="陈述", description="ids of the claims on the flows that need it")


class Surplus(Record):
    """A product that is left over: it arises with another, or more of it is made than used here."""

    product: NodeRef = Field(title="产品")
    t_per_year: float = Field(title="富余量", description="t/yr, piled up or sold")
    low: float = Field(title="下限", description="least where sources disagree, t/yr")
    high: float = Field(title="上限", description="most where sources disagree, t/yr")
    users_here: int = Field(title="本地可用工艺数", description="processes that can run here and take it")
    claims: tuple[str, ...] = Field(title="陈述", description="ids of the claims on the flows it comes from")


class Flow(Record):
    """What a run takes or gives."""

    product: NodeRef = Field(title="产品")
    t_per_year: float | None = Field(title="数量", description="t/yr; null: the recipe tells no figure")


class Run(Record):
    """A process that runs."""

    process: NodeRef = Field(title="工艺")
    t_per_year: float = Field(title="运行量", description="t/yr of its reference flow")
    basis: str | None = Field(title="基准", description="what its quantities are told per")
    inputs: tuple[Flow, ...] = Field(title="投入")
    outputs: tuple[Flow, ...] = Field(title="产出")
    mass_incomplete: bool = Field(title="质量不完整", description="a flow has no figure, or reagents are not listed")
    unlisted: float = Field(title="未列投入", description="t/yr put out beyond what is told to be taken in")
    claims: tuple[str, ...] = Field(title="陈述", description="ids of the claims on its flows")


class OwnSupply(Record):
    """A product made here of which no recipe tells what it takes: its own inputs are outside the balance."""

    product: NodeRef = Field(title="产品")
    t_per_year: float = Field(title="本地供应量", description="t/yr drawn from it")
    capacity: float | None = Field(title="已知产能", description="t/yr recorded here; null: none, so no bound was set")
    why: str = Field(title="原因", description=", ".join(tuple(WHY_NOT_BALANCED)[1:]))
    claims: tuple[str, ...] = Field(title="陈述", description="ids of the claims that it is made here")


class MassCreating(Record):
    """A process whose inputs all have figures and that puts out more: reagents (air, water, acid) are not listed."""

    process: NodeRef = Field(title="工艺")
    taken: float = Field(title="投入质量", description="kg in, per unit of its reference flow")
    given: float = Field(title="产出质量", description="kg out, per unit of its reference flow")


class Relaxation(Record):
    """What would have to be otherwise for the targets to be reached: the least that does it."""

    product: NodeRef = Field(title="产品")
    recorded: float = Field(title="已知产能", description="t/yr recorded here; 0: nobody here makes it")
    more: float = Field(title="尚需增加", description="t/yr more of its capacity")


class BalanceAnswer(Answer):
    """The mass balance of a region or of some enterprises. Lists by amount, then id; all amounts in t/yr."""

    said: Said = Field(title="一句话", description="the answer in one sentence")
    feasible: bool = Field(title="目标可达", description="whether every target in the programme is reached")
    targets: tuple[TargetOutput, ...] = Field(title="目标产品")
    not_balanced: tuple[NotBalanced, ...] = Field(title="无法平衡的目标")
    relaxations: tuple[Relaxation, ...] = Field(title="须放宽的限制", description="empty where the targets are reached")
    limits: tuple[Limit, ...] = Field(title="限制因素", description="at most 12 of a programme and kind")
    bought: tuple[Bought, ...] = Field(title="外购")
    surplus: tuple[Surplus, ...] = Field(title="富余")
    own_supply: tuple[OwnSupply, ...] = Field(title="本地供应（用料不明）")
    runs: tuple[Run, ...] = Field(title="工艺运行")
    capacity_unknown: tuple[NodeRef, ...] = Field(
        title="产能不明", description="made here in this balance without a recorded capacity: no bound was set"
    )
    mass_creating: tuple[MassCreating, ...] = Field(
        title="产出大于投入的工艺", description="of those that can run here"
    )
    element_balance: Literal["no_composition"] = Field(
        title="元素平衡", description="no_composition: products carry no formula, so that only products are balanced"
    )
    stages: tuple[str, ...] = Field(
        title="优化次序", description=f"what was made best, one after the other: {', '.join(STAGES)}"
    )
