"""What the pipeline answers with: a gap and its projects, a project and its word, what follows when one is late."""

from pydantic import Field

from graph.model.kinds import PROJECT_STATUSES
from queries.base import NodeRef, Record
from queries.chain.assessment import Kind, State
from queries.chain.gap_rows import GapProduct
from queries.chain.projects_ahead import STANDINGS, Standing
from queries.chain.promised import Promised


class PromisedAmount(Record):
    """What a project is to make a year."""

    amount: float = Field(title="数量")
    unit: str = Field(title="单位", description="as published")


class GapProject(Record):
    """A project that is to make the product of a gap."""

    project: NodeRef = Field(title="项目")
    standing: Standing = Field(title="可依据程度", description=", ".join(STANDINGS))
    status: str | None = Field(title="状态", description=", ".join(PROJECT_STATUSES))
    status_as_of: str | None = Field(title="状态日期", description="when it was seen in this status")
    expected: str | None = Field(title="预计完工", description="as published, with the delay that was asked for")
    capacity: tuple[PromisedAmount, ...] = Field(title="承诺产能", description="by unit; none: not told")
    claims: tuple[str, ...] = Field(title="陈述")


class GapAhead(Record):
    """A link that is missing, unknown or thin today, and the projects here that are to make it."""

    product: GapProduct = Field(title="环节")
    state: State = Field(title="状态", description="today")
    kind: Kind | None = Field(title="类别", description="today; null: unknown")
    users: int = Field(title="本地需求者数", description="today")
    needed_by: tuple[str, ...] = Field(title="本地需求者", description="ids, at most 200")
    state_then: State = Field(title="届时状态", description="at the date asked for")
    kind_then: Kind | None = Field(title="届时类别", description="at the date asked for; null: no gap, or unknown")
    closes_on: str | None = Field(
        title="预计补上", description="expected date of the first dated project, by the date asked for or after it"
    )
    projects: tuple[GapProject, ...] = Field(title="项目", description="dated ones by date, then the others")
    promised: tuple[Promised, ...] = Field(title="承诺产能", description="by unit; overdue and stale ones left out")
    capacity_unknown: int = Field(title="产能不明的项目数", description="live projects that do not tell how much")
    possible_double_count: tuple[tuple[str, ...], ...] = Field(
        title="可能重复计算", description="projects of one owner at one place, which may be the same thing twice"
    )
    claims: tuple[str, ...] = Field(
        title="陈述", description="ids of the claims behind this row, at most 200 and those on the projects"
    )


class NobodyComing(Record):
    """A gap or a needed unknown link that no project here is to make."""

    product: GapProduct = Field(title="环节")
    state: State = Field(title="状态")
    kind: Kind | None = Field(title="类别", description="null: unknown")
    users: int = Field(title="本地需求者数")
    needed_by: tuple[str, ...] = Field(title="本地需求者", description="ids, at most 200")
    claims: tuple[str, ...] = Field(title="陈述", description="ids of the claims behind this row, at most 200")


class StatusSeen(Record):
    """A status a project was seen in."""

    status: str = Field(title="状态")
    as_of: str | None = Field(title="日期", description="null: the source is not dated")
    claim: str = Field(title="陈述标识")


class StaysOpen(Record):
    """A gap that stays open when projects are late. Equal days: somebody else closes it no later."""

    product: NodeRef = Field(title="环节")
    before: str = Field(title="原补上日", description="ISO day")
    after: str = Field(title="推迟后补上日", description="ISO day on which the first project closes it")
    others: tuple[str, ...] = Field(title="期间补上的项目", description="ids of others done before the late one")


class Waits(Record):
    """A product that could be fed from here on a day, and later when projects are late: no other route is earlier."""

    product: NodeRef = Field(title="产品")
    before: str = Field(title="原本地配套日", description="ISO day")
    after: str = Field(title="推迟后配套日", description="ISO day")
    needs: tuple[str, ...] = Field(title="所缺投入品", description="ids of the inputs that are late")
    projects: tuple[str, ...] = Field(title="受影响项目", description="ids; none: a gap that nobody is to fill yet")


class SlipTold(Record):
    """What follows from projects being later than published."""

    gaps: tuple[StaysOpen, ...] = Field(title="延后补上的缺环")
    waiting: tuple[Waits, ...] = Field(title="受拖累产品")


class ProjectStanding(Record):
    """A project here that is not done, and how far its word can be relied on."""

    project: NodeRef = Field(title="项目")
    standing: Standing = Field(title="可依据程度", description=", ".join(STANDINGS))
    status: str | None = Field(title="状态", description=", ".join(PROJECT_STATUSES))
    status_as_of: str | None = Field(title="状态日期", description="when it was seen in this status")
    history: tuple[StatusSeen, ...] = Field(title="状态经过", description="every status it was seen in, oldest first")
    start: str | None = Field(title="开工")
    published: str | None = Field(title="公布的完工日期")
    expected: str | None = Field(title="预计完工", description="as published, with the delay that was asked for")
    delay_months: int = Field(title="推迟月数", description="as asked for")
    overdue_days: int | None = Field(title="逾期天数", description="since the last day of the published date")
    age_years: float | None = Field(
        title="最近消息距今年数", description="since anything dated was said of it; null: nothing is dated"
    )
    products: tuple[NodeRef, ...] = Field(title="产品")
    gaps: tuple[str, ...] = Field(title="对应缺环", description="ids of today's gaps that it is to make")
    investors: tuple[NodeRef, ...] = Field(title="投资方")
    investment: tuple[PromisedAmount, ...] = Field(title="投资额", description="as published")
    slip: SlipTold | None = Field(title="推迟后果", description="if it were slip_months later; null: it has no date")
    claims: tuple[str, ...] = Field(title="陈述")
