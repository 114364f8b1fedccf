"""What the answer to a what-if is made of: suppositions, and the differences they make."""

from typing import Literal

from pydantic import Field

from queries.base import NodeRef, Record
from queries.chain.assessment import Kind, State
from queries.chain.concentration import Concentration
from queries.chain.gap_rows import GapProduct
from queries.chain.supply import Supply

Turn = Literal["closed", "opened", "eased", "thinner", "changed"]
# In the order they are told.
TURNS: dict[Turn, tuple[str, str]] = {
    "closed": ("补上", "closed"),
    "opened": ("断开", "opened"),
    "eased": ("缓解", "eased"),
    "thinner": ("变薄弱", "thinner"),
    "changed": ("变化", "changed"),
}
Role = Literal["supplier", "customer", "competitor"]
ROLES: dict[Role, tuple[str, str]] = {
    "supplier": ("本地供应商", "local supplier"),
    "customer": ("本地客户", "local customer"),
    "competitor": ("本地竞争者", "local competitor"),
}


class Supposed(Record):
    """One supposition as it was understood."""

    what: Literal["attract", "lose", "delay"] = Field(title="假设")
    node: NodeRef = Field(title="对象", description="the enterprise or project")
    plant: str | None = Field(None, title="假设工厂", description="of somebody attracted: the id it has in this answer")
    products: tuple[NodeRef, ...] = Field((), title="产品", description="what it makes here")
    capacity: float | None = Field(None, title="产能", description="t/yr of each product; null: not supposed")
    months: int | None = Field(None, title="推迟月数")
    expected: str | None = Field(None, title="原预计完工", description="of somebody late; null: no date is known")
    becomes: str | None = Field(None, title="推迟后")


class Moved(Record):
    """A link that is told differently; kind null: no gap."""

    product: GapProduct = Field(title="环节")
    turn: Turn = Field(
        title="变动",
        description="closed: made here from then on; opened: no longer; eased, thinner: made here as before, "
        "no more or newly to strengthen; changed: otherwise",
    )
    state: State = Field(title="现状态")
    kind: Kind | None = Field(title="现类别")
    becomes_state: State = Field(title="变为状态")
    becomes_kind: Kind | None = Field(title="变为类别")
    makers: int = Field(title="本地生产者数")
    becomes_makers: int = Field(title="变为生产者数")
    users: int = Field(title="本地需求者数", description="who needs it and has no source here")
    becomes_users: int = Field(title="变为需求者数")
    claims: tuple[str, ...] = Field(title="陈述", description="behind what is today, at most 200")


class Closing(Record):
    """When projects here are expected to close a gap: today's date and the supposed one; null: none is expected to."""

    product: GapProduct = Field(title="环节")
    closes_on: str | None = Field(title="预计补上")
    becomes: str | None = Field(title="变为")


class SupplyShift(Record):
    """Local supply of a product against the demand here, now and then; null: neither is known."""

    product: NodeRef = Field(title="产品")
    now: Supply | None = Field(title="现在")
    then: Supply | None = Field(title="之后")
    claims: tuple[str, ...] = Field(title="陈述", description="behind what is today, at most 200")


class BoughtIn(Record):
    """What has to come from outside, t/yr, added up over the products whose makers here all tell their capacity."""

    products: int = Field(title="产品数", description="products counted")
    low: float = Field(title="下限")
    high: float = Field(title="上限")
    not_counted: int = Field(title="未计产品数", description="needed here too, but some maker here tells no capacity")


class ConcentrationShift(Record):
    """How concentrated national capacity for a product is, now and then; null: too few capacities are known."""

    product: NodeRef = Field(title="产品")
    now: Concentration | None = Field(title="现在")
    then: Concentration | None = Field(title="之后")


class Tie(Record):
    """Somebody here who gains or loses a supplier, a customer or a competitor here, by the recipes in use."""

    enterprise: str = Field(title="企业", description="id")
    gains: bool = Field(title="得失", description="true: gains, false: loses")
    role: Role = Field(title="角色")
    of: str = Field(title="对方", description="id of the plant, or of who is lost")
    products: tuple[str, ...] = Field(title="产品", description="ids of what is traded or made by both")
    left: int = Field(
        title="其余家数", description="others here who could stand in its place, for the product where there are fewest"
    )


class RecordedTie(Record):
    """A supply relation on record that would end."""

    supplier: str = Field(title="供应方")
    customer: str = Field(title="采购方")
    product: str = Field(title="产品", description="id; empty: not told")
    claim: str = Field(title="陈述标识")
