"""The projects of a region: status, dates, money, products and investors, each with its source."""

from collections.abc import Iterable, Mapping, Sequence

from pydantic import Field

from graph.model.dates import end_of
from graph.model.facts import Fact
from graph.model.kinds import DONE_STATUSES, PROJECT_STATUSES
from graph.readers.port import Reader
from queries.base import NodeRef, Record
from queries.evidence import Evidence, Place, Statement, by_subject, day_of, newest_first

_ABOUT = (
    "status", "investment", "capacity", "start_date", "completion_date", "project_product", "located_in",
)  # fmt: skip
_RANK = {status: rank for rank, status in enumerate(PROJECT_STATUSES)}
_CLOSED = (*DONE_STATUSES, "cancelled", "suspended")


class ProjectProduct(Record):
    """What a project is to make."""

    product: NodeRef = Field(title="产品", description="the product")
    statement: Statement = Field(title="陈述", description="yearly capacity where told, date and source")


class Investor(Record):
    """Who puts money into a project."""

    investor: NodeRef = Field(title="投资方", description="the enterprise or institution")
    statement: Statement = Field(title="陈述", description="amount or share where told, date and source")


class ProjectRow(Record):
    """A project with everything that is told of it, latest first."""

    project: NodeRef = Field(title="项目", description="the project")
    status: str | None = Field(None, title="状态", description=", ".join(PROJECT_STATUSES))
    told: tuple[Statement, ...] = Field(title="状态陈述", description="the status as of its date and source")
    overdue: bool = Field(title="已逾期", description="not done by its own completion date, as far as is known")
    investment: tuple[Statement, ...] = Field(title="投资额", description="as published")
    capacity: tuple[Statement, ...] = Field(title="设计能力", description="as published")
    start: tuple[Statement, ...] = Field(title="开工", description="as published")
    completion: tuple[Statement, ...] = Field(title="完工", description="as published")
    products: tuple[ProjectProduct, ...] = Field(title="产品", description="what it is to make")
    investors: tuple[Investor, ...] = Field(title="投资方", description="who invests")
    places: tuple[Place, ...] = Field(title="地点", description="where it is")


class ProjectFacts:
    """What is told of some projects, in the order answers list them: by status as it goes on, newest first, then id."""

    def __init__(self, reader: Reader, projects: Sequence[str]) -> None:
        about = reader.facts(projects, _ABOUT, "out") if projects else ()
        self._about = by_subject(fact for fact in about if fact.predicate != "located_in" or fact.used)
        self._status = {fact.subject: fact for fact in about if fact.predicate == "status" and fact.used}
        self._today = reader.as_of.valid
        self._reader = reader
        self.ordered = sorted(projects, key=self._order)

    def _order(self, project: str) -> tuple[int, int, str]:
        status = self._status.get(project)
        rank = _RANK.get(str(status.value), len(_RANK)) if status else len(_RANK)
        return (rank, -max((day_of(fact.as_of) for fact in self._about[project]), default=0), project)

    def by_status(self) -> Mapping[str, list[Fact]]:
        """The facts that give a status, by status in its order."""
        groups: dict[str, list[Fact]] = {status: [] for status in PROJECT_STATUSES}
        for project in self.ordered:
            if project in self._status:
                groups[str(self._status[project].value)].append(self._status[project])
        return {status: facts for status, facts in groups.items() if facts}

    def investing(self, projects: Sequence[str]) -> Mapping[str, list[Fact]]:
        """Who invests in these projects."""
        found: dict[str, list[Fact]] = {project: [] for project in projects}
        for fact in self._reader.facts(projects, ("invests_in",), "in") if projects else ():
            found[str(fact.object)].append(fact)
        return found

    def facts_of(self, projects: Iterable[str]) -> list[Fact]:
        """Everything told of these projects, to be named and cited."""
        return [fact for project in projects for fact in self._about[project]]

    def row(self, project: str, investing: Sequence[Fact], evidence: Evidence) -> ProjectRow:
        """One project as answers show it."""
        told: dict[str, list[Fact]] = {name: [] for name in _ABOUT}
        for fact in sorted(self._about[project], key=newest_first):
            told[fact.predicate].append(fact)
        status = self._status.get(project)
        return ProjectRow(
            project=evidence.node(project),
            status=str(status.value) if status else None,
            told=evidence.statements(told["status"]),
            overdue=self.overdue(project),
            investment=evidence.statements(told["investment"]),
            capacity=evidence.statements(told["capacity"]),
            start=evidence.statements(told["start_date"]),
            completion=evidence.statements(told["completion_date"]),
            products=tuple(
                ProjectProduct(product=evidence.node(str(fact.object)), statement=evidence.statement(fact))
                for fact in told["project_product"]
            ),
            investors=tuple(
                Investor(investor=evidence.node(fact.subject), statement=evidence.statement(fact))
                for fact in sorted(investing, key=newest_first)
            ),
            places=tuple(evidence.place(fact) for fact in told["located_in"]),
        )

    def overdue(self, project: str) -> bool:
        """Whether it is not done by its own completion date, as far as is known."""
        status = self._status.get(project)
        if status is None or status.value in _CLOSED:
            return False
        completion = (fact for fact in self._about[project] if fact.predicate == "completion_date" and fact.used)
        return any(end_of(str(fact.value)) < self._today for fact in completion)
