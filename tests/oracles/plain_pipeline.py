"""The pipeline by brute force: projects read one by one, the map asked again with them done, delays day by day.

Written from docs/methods/pipeline.md. The map is the ordinary gap evaluation (plain_gaps) over the same graph with the
hypothetical claims that the projects are completed; what is ready when is found by looking at each day by itself.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from graph.model.claims import Claim
from graph.model.dates import end_of
from graph.model.facts import Fact
from graph.readers.port import Reader
from oracles.plain_gaps import PlainGaps


class PlainProject(NamedTuple):
    """A project here; `due` is None where no date is told, `products` hold the classes above them, too."""

    id: str
    standing: str
    due: date | None
    products: frozenset[str]


def plain_projects(reader: Reader, region: str, by: date, stale_years: float) -> list[PlainProject]:
    """Every project placed here that is not done."""
    today, chain = reader.as_of.valid, reader.chain()
    found = []
    for project in reader.placed(region, ["project"]):
        told = [fact for fact in reader.facts([project]) if fact.used]
        status = next((str(fact.value) for fact in told if fact.predicate == "status"), None)
        due = next((end_of(str(fact.value)) for fact in told if fact.predicate == "completion_date"), None)
        about = ("status", "completion_date", "start_date", "investment", "project_product")
        heard = [fact for fact in told if fact.predicate in about]
        heard += [fact for fact in reader.facts([project], ["invests_in"], "in") if fact.used]
        made = {str(fact.object) for fact in told if fact.predicate == "project_product"}
        for one in sorted(made):
            made |= {chain.products[int(at)] for at in chain.above.row(chain.index[one])}
        standing = _standing(status, due, heard, today, by, stale_years)
        if standing != "done":
            found.append(PlainProject(project, standing, due, frozenset(made)))
    return found


def _standing(
    status: str | None, due: date | None, heard: Sequence[Fact], today: date, by: date, stale_years: float
) -> str:
    if status in ("completed", "in_production"):
        return "done"
    if status in ("suspended", "cancelled"):
        return "stopped"
    if status is None:
        return "no_status"
    if due is not None and due < today:
        return "overdue"
    last = max((end_of(fact.as_of) for fact in heard if fact.as_of), default=None)
    if last is not None and (today - last).days > stale_years * 365.25:
        return "stale"
    if status in ("planned", "reserve"):
        return "not_started"
    if due is None:
        return "no_date"
    return "closes" if due <= by else "later"


def with_done(reader: Reader, projects: Sequence[str]) -> Reader:
    """The graph in which these projects are completed as of today."""
    day = reader.as_of.valid.isoformat()
    told = [fact for fact in reader.facts(sorted(projects), ["status"]) if fact.used]
    added = [
        Claim(one.subject, "status", None, "completed", None, "", day, None, (), (), one.source, "", 1.0)
        for one in told
    ]
    dropped = [claim for fact in told for claim in (fact.claim, *fact.conflicts)]
    return reader.with_claims(added, dropped)


class PlainWaiting:
    """What can be fed from here on which day, by looking at single days.

    On a day stand: what is available today, and the products of the projects done by then. A recipe is fed on a day
    when all its inputs stand. Of a product that some project was to feed from here when done, and that is not fed on
    its day after the delay, the project waits, so that on that day its product does not stand either.
    """

    def __init__(self, gaps: PlainGaps, projects: Sequence[PlainProject]) -> None:
        self._recipes = {
            product: [recipe.inputs for recipe in recipes if recipe.inputs] for product, recipes in gaps.recipes.items()
        }
        self._here = gaps.available
        self._projects = [one for one in projects if one.standing in ("closes", "later", "no_date")]

    def waiting(self, late: Mapping[str, date]) -> dict[str, tuple[date, date]]:
        """The day on which each product that is not here can be fed from here, before and after, where it moves."""
        before = {one.id: one.due for one in self._projects}
        after = before | dict(late)
        days = sorted({day for day in (*before.values(), *after.values()) if day is not None})
        was = {day: self._standing(day, before) for day in days}
        now = {day: self._still_standing(day, before, after, was) for day in days}
        moved = {}
        for product in self._recipes:
            if product in self._here or not self._recipes[product]:
                continue
            first = next((day for day in days if self._fed(product, was[day])), None)
            then = next((day for day in days if self._fed(product, now[day])), None)
            if self._fed(product, self._here) or first == then or first is None or then is None:
                continue
            moved[product] = (first, then)
        return moved

    def _fed(self, product: str, standing: set[str]) -> bool:
        return any(inputs <= standing for inputs in self._recipes.get(product, ()))

    def _standing(self, day: date, dues: Mapping[str, date | None]) -> set[str]:
        done = [one for one in self._projects if (due := dues[one.id]) is not None and due <= day]
        return self._here | {product for one in done for product in one.products}

    def _still_standing(
        self,
        day: date,
        before: Mapping[str, date | None],
        after: Mapping[str, date | None],
        was: Mapping[date, set[str]],
    ) -> set[str]:
        """Greatest set: a project that was fed from here on its day stands for its product only while that is fed."""
        standing = self._standing(day, after)
        while True:
            kept = set(self._here)
            for one in self._projects:
                due = after[one.id]
                if due is None or due > day:
                    continue
                planned = before[one.id]
                assert planned is not None
                for product in one.products:
                    was_fed = self._fed(product, self._here) or self._fed(product, was[planned])
                    if not was_fed or self._fed(product, standing):
                        kept.add(product)
            if kept == standing:
                return standing
            standing = kept
