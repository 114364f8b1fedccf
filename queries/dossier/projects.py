"""The projects of an enterprise and of those it controls: in the region first, then the newest."""

from collections.abc import Sequence

from graph.model.facts import Fact
from queries.dossier.citing import CitedFacts, Citing
from queries.dossier.facts import EnterpriseRecord
from queries.dossier.rows import DossierProject, Told
from queries.evidence import day_of, newest_first
from queries.lookup.region_projects import ProjectFacts

PROJECTS = 6
_PRODUCTS = 3


class ProjectList:
    """The projects in the order they are listed in."""

    def __init__(self, record: EnterpriseRecord) -> None:
        self._record = record
        self._invests = {str(fact.object): fact for fact in record.investing}
        self.facts = ProjectFacts(record.reader, sorted(self._invests))
        self.ordered: tuple[str, ...] = tuple(sorted(self._invests, key=self._order))

    def _order(self, project: str) -> tuple[bool, int, str]:
        return (project not in self._record.here, -max(map(day_of, self._dates(project))), project)

    def _dates(self, project: str) -> list[str | None]:
        return [fact.as_of for fact in (*self.facts.facts_of([project]), self._invests[project])]

    def invests(self, project: str) -> Fact:
        """What says that it is theirs."""
        return self._invests[project]

    def newest(self, project: str) -> str | None:
        """The latest date of anything told of a project."""
        dated = [date for date in self._dates(project) if date]
        return max(dated, key=lambda date: (day_of(date), len(date))) if dated else None

    def places(self, project: str) -> tuple[str, ...]:
        """Where a project is."""
        return tuple(str(fact.object) for fact in self._of(project, "located_in"))

    def status(self, project: str) -> Fact | None:
        """The status that counts; None where none is told."""
        return next((fact for fact in self._of(project, "status") if fact.used), None)

    def rows(self, citing: Citing) -> tuple[DossierProject, ...]:
        """The first of them."""
        shown = self.ordered[:PROJECTS]
        cited = citing.over([*self.facts.facts_of(shown), *(self._invests[project] for project in shown)])
        return tuple(self._row(project, cited) for project in shown)

    def _of(self, project: str, predicate: str) -> list[Fact]:
        """Its facts of one predicate: those that count before the others, newest first."""
        found = [fact for fact in self.facts.facts_of([project]) if fact.predicate == predicate]
        return sorted(found, key=lambda fact: (not fact.used, newest_first(fact)))

    def _row(self, project: str, cited: CitedFacts) -> DossierProject:
        invests, status = self._invests[project], self.status(project)
        products = self._of(project, "project_product")[:_PRODUCTS]
        return DossierProject(
            project=cited.node(project),
            by=cited.node(invests.subject) if invests.subject != self._record.id else None,
            here=project in self._record.here,
            places=cited.nodes(self.places(project)[:2]),
            status=str(status.value) if status else None,
            status_as_of=status.as_of if status else None,
            newest=self.newest(project),
            overdue=self.facts.overdue(project),
            products=cited.nodes(tuple(dict.fromkeys(str(fact.object) for fact in products))),
            invested=cited.told(invests),
            state=cited.told(status) if status else None,
            investment=_first(self._of(project, "investment"), cited),
            completion=_first(self._of(project, "completion_date"), cited),
            made=tuple(cited.told(fact) for fact in products),
        )


def _first(facts: Sequence[Fact], cited: CitedFacts) -> Told | None:
    return cited.told(facts[0]) if facts else None
