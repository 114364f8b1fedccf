"""Projects on their way in a region: what each is to make, by when, and how far its word can still be relied on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from graph.model.dates import end_of, months_later
from graph.model.facts import Fact
from graph.model.kinds import DONE_STATUSES, PIPELINE_STATUSES
from graph.readers.port import Reader
from queries.evidence import by_subject, newest_first
from queries.lookup.capacity import controllers_of

Standing = Literal[
    "closes", "later", "no_date", "overdue", "stale", "not_started", "stopped", "no_status", "done"
]  # fmt: skip
STANDINGS: dict[Standing, tuple[str, str]] = {
    "closes": ("到期前建成", "done by the date"),
    "later": ("到期后建成", "done after the date"),
    "no_date": ("无预计日期", "no expected date"),
    "overdue": ("已逾期", "overdue"),
    "stale": ("久无消息", "no word for long"),
    "not_started": ("拟建或储备", "planned or in reserve"),
    "stopped": ("停建或取消", "suspended or cancelled"),
    "no_status": ("状态不明", "status not known"),
    "done": ("已建成", "finished"),
}
# What is promised and still believed; a project without a date is promised, but closes nothing by any date.
LIVE: tuple[Standing, ...] = ("closes", "later", "no_date")
DATED: tuple[Standing, ...] = ("closes", "later")
_NOT_STARTED = ("planned", "reserve")
# Whatever its dates.
_AT_ONCE: dict[str, Standing] = {
    **dict.fromkeys(DONE_STATUSES, "done"),
    **dict.fromkeys(("suspended", "cancelled"), "stopped"),
}
_ABOUT = (
    "status", "completion_date", "start_date", "investment", "project_product", "located_in",
)  # fmt: skip
_DAYS_A_YEAR = 365.25


class ProjectAhead(NamedTuple):
    """One project here. The facts are the used ones; `products` may tell one product in several units.

    `expected` is when it is to be done as published, `due` the last day of that with the delay that was asked for,
    `overdue_days` since the published one, `age_years` since anything dated was said of it. `owners` are its investors
    and who controls them.
    """

    id: str
    status: Fact | None
    completion: Fact | None
    start: Fact | None
    investment: tuple[Fact, ...]
    products: tuple[Fact, ...]
    places: tuple[Fact, ...]
    investors: tuple[Fact, ...]
    owners: frozenset[str]
    delay: int
    expected: str | None
    due: date | None
    overdue_days: int | None
    age_years: float | None
    standing: Standing

    @property
    def word(self) -> str:
        """Its status."""
        return str(self.status.value) if self.status else ""

    @property
    def claims(self) -> tuple[str, ...]:
        """What its standing rests on."""
        told = (self.status, self.completion, *self.places)
        return tuple(sorted(fact.claim for fact in told if fact))


def projects_ahead(
    reader: Reader, projects: Sequence[str], by: date, stale_years: float, delays: Mapping[str, int]
) -> tuple[ProjectAhead, ...]:
    """These projects by id, finished ones included, as they stand for a date."""
    told = by_subject(fact for fact in (reader.facts(projects, _ABOUT, "out") if projects else ()) if fact.used)
    investing: dict[str, list[Fact]] = {project: [] for project in projects}
    for fact in reader.facts(projects, ("invests_in",), "in") if projects else ():
        if fact.used:
            investing[str(fact.object)].append(fact)
    investors = sorted({fact.subject for facts in investing.values() for fact in facts})
    above = controllers_of(reader, investors)
    return tuple(
        _ahead(
            project,
            told[project],
            tuple(investing[project]),
            frozenset(owner for fact in investing[project] for owner in (fact.subject, *above[fact.subject])),
            reader.as_of.valid,
            by,
            stale_years,
            delays.get(project, 0),
        )
        for project in sorted(projects)
    )


def _ahead(
    project: str,
    told: Iterable[Fact],
    investors: tuple[Fact, ...],
    owners: frozenset[str],
    today: date,
    by: date,
    stale_years: float,
    delay: int,
) -> ProjectAhead:
    of: dict[str, list[Fact]] = {predicate: [] for predicate in _ABOUT}
    for fact in sorted(told, key=newest_first):
        of[fact.predicate].append(fact)
    status, completion = _first(of["status"]), _first(of["completion_date"])
    published = str(completion.value) if completion else None
    expected = months_later(published, delay) if published else None
    due = end_of(expected) if expected else None
    late = (today - end_of(published)).days if published else None
    dated = [fact.as_of for fact in (*of["status"], *of["completion_date"], *of["project_product"],
                                     *of["investment"], *of["start_date"], *investors) if fact.as_of]  # fmt: skip
    age = min(((today - min(end_of(day), today)).days for day in dated), default=None)
    years = round(age / _DAYS_A_YEAR, 1) if age is not None else None
    word = str(status.value) if status else ""
    standing: Standing
    if word not in (*PIPELINE_STATUSES, *_NOT_STARTED):
        standing = _AT_ONCE.get(word, "no_status")
    elif late is not None and late > 0:
        standing = "overdue"
    elif age is not None and age > stale_years * _DAYS_A_YEAR:
        standing = "stale"
    elif word in _NOT_STARTED:
        standing = "not_started"
    elif due is None:
        standing = "no_date"
    else:
        standing = "closes" if due <= by else "later"
    return ProjectAhead(
        id=project,
        status=status,
        completion=completion,
        start=_first(of["start_date"]),
        investment=tuple(of["investment"]),
        products=tuple(of["project_product"]),
        places=tuple(of["located_in"]),
        investors=investors,
        owners=owners,
        delay=delay,
        expected=expected,
        due=due,
        overdue_days=late if standing == "overdue" else None,
        age_years=years,
        standing=standing,
    )


def _first(facts: Sequence[Fact]) -> Fact | None:
    return facts[0] if facts else None


def by_date(project: ProjectAhead) -> tuple[int, date, str]:
    """A sort key: by standing as in STANDINGS, then by date, then by id."""
    order = tuple(STANDINGS).index(project.standing)
    return (0 if project.standing in DATED else order, project.due or date.max, project.id)
