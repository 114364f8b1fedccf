"""What a region has: figures as published, projects, enterprises, policies, offers, each with date and source."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from api.texts import Said, Tongue
from cli.layout import Block, Line, Table
from cli.pieces import footer, headline, table_of
from cli.words import UNKNOWN, cell
from graph.model.kinds import PROJECT_STATUSES
from queries.base import Record

if TYPE_CHECKING:
    from queries.evidence import Statement
    from queries.lookup.region import RegionAnswer
    from queries.lookup.region_projects import ProjectRow

_TITLE = Said("What a region has")


def view(answer: "RegionAnswer", tongue: Tongue) -> Iterator[Block]:
    """Section by section; empty ones are left out."""
    say = tongue.say
    yield headline(f"{cell('region', answer.region, tongue)} · {tongue.sentence(_TITLE.text, {})}", answer, tongue)
    if answer.parents:
        yield Line(say("part of {regions}", regions=cell("parents", answer.parents, tongue)), "dim")
    counted = answer.computed
    yield Line(
        say(
            "Counted from the claims: {enterprises} enterprises ({makers} with known products), {projects} projects.",
            enterprises=counted.enterprises,
            makers=counted.makers,
            projects=counted.projects,
        )
    )
    yield from _section(say("Figures as published"), "indicators", answer.indicators, answer, tongue)
    yield from _projects(say("Projects"), "projects", answer.projects, answer, tongue)
    yield from _projects(say("Projects around, not here"), "nearby_projects", answer.nearby_projects, answer, tongue)
    yield from _section(say("Enterprises"), "enterprises", answer.enterprises, answer, tongue)
    yield from _section(say("Policies"), "policies", answer.policies, answer, tongue)
    yield from _section(say("On offer"), "offers", answer.offers, answer, tongue)
    yield from _section(say("Institutions"), "institutions", answer.institutions, answer, tongue)
    yield from footer(answer, tongue)


def _section(title: str, name: str, rows: Sequence[Record], answer: "RegionAnswer", tongue: Tongue) -> Iterator[Block]:
    if rows:
        yield Line()
        yield Line(_counted(title, name, rows, answer), "bold")
        yield table_of(rows, tongue)


def _projects(
    title: str, name: str, rows: Sequence["ProjectRow"], answer: "RegionAnswer", tongue: Tongue
) -> Iterator[Block]:
    if not rows:
        return
    say = tongue.say
    yield Line()
    yield Line(_counted(title, name, rows, answer), "bold")
    columns = (
        say("project"),
        say("status"),
        say("investment"),
        say("capacity"),
        say("completion"),
        say("products"),
        say("source"),
    )
    yield Table(columns, [_project(row, tongue) for row in rows])


def _project(row: "ProjectRow", tongue: Tongue) -> tuple[str, ...]:
    status = tongue.word(PROJECT_STATUSES, row.status) if row.status else UNKNOWN
    since = f" ({row.told[0].as_of})" if row.told and row.told[0].as_of else ""
    late = tongue.say(" (overdue)") if row.overdue else ""
    sources = [one.source for one in (*row.told[:1], *row.investment[:1])]
    said = list(dict.fromkeys(cell("source", source, tongue) for source in sources))
    return (
        cell("project", row.project, tongue),
        f"{status}{since}{late}",
        _amounts(row.investment, tongue),
        _amounts(row.capacity, tongue),
        _amounts(row.completion, tongue),
        cell("products", tuple(one.product for one in row.products), tongue),
        "; ".join(said) or UNKNOWN,
    )


def _amounts(told: Sequence["Statement"], tongue: Tongue) -> str:
    return "; ".join(tongue.amount(one.value, one.unit) for one in told if one.value is not None) or UNKNOWN


def _counted(title: str, name: str, rows: Sequence[Any], answer: "RegionAnswer") -> str:
    total = answer.totals.get(name, len(rows))
    return f"{title} ({len(rows)})" if total == len(rows) else f"{title} ({len(rows)}/{total:,})"
