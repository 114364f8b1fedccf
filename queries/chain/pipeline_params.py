"""What the pipeline is asked with: the date, weights by status, projects that are late."""

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from graph.model.dates import end_of, months_later
from graph.model.errors import BadInput
from graph.model.kinds import PROJECT_STATUSES
from graph.readers.port import Reader
from queries.base import PagedParams, Texts, resolve_name
from queries.chain.assessment import Thresholds
from queries.chain.promised import WEIGHTS
from queries.chain.selection import InRegion, Selection

_YEARS_AHEAD = 3
_MOST_MONTHS = 600


class PipelineParams(Thresholds, Selection, InRegion, PagedParams):
    """Where, by when, and what is assumed of projects."""

    by: str | None = Field(
        None, max_length=10, title="日期", description="the day the map is drawn for; default three years after as_of"
    )
    weight: Texts = Field(
        (),
        max_length=20,
        title="阶段权重",
        description="STATUS=SHARE, what comes of projects of a status, assumed: "
        + ", ".join(f"{status}={share:g}" for status, share in WEIGHTS.items()),
    )
    delay: Texts = Field(
        (), max_length=100, title="推迟项目", description="PROJECT:MONTHS, a project this much later than published"
    )
    slip_months: int = Field(
        12, ge=0, le=_MOST_MONTHS, title="推迟月数", description="by how much each project is tried later"
    )
    stale_years: float = Field(
        3.0, gt=0, le=200, title="消息有效年数", description="a project without any word for longer is not counted on"
    )


def read_by(text: str | None, today: date) -> date:
    if text is None:
        year = today.year + _YEARS_AHEAD
        return end_of(months_later(today.isoformat(), 12 * _YEARS_AHEAD)) if year <= date.max.year else date.max
    by = end_of(text.strip())
    if by < today:
        raise BadInput(
            "The date {by} is before {today}, the day of the answer. Give a later one, or ask as of an earlier day.",
            by=by.isoformat(),
            today=today.isoformat(),
        )
    return by


def names_status(text: str, status: str) -> bool:
    return text.partition("=")[0].strip() in (status, *PROJECT_STATUSES[status])


def read_delays(reader: Reader, given: Sequence[str], here: Sequence[str]) -> dict[str, int]:
    """The months each project is late by, from PROJECT:MONTHS. Raises BadInput, UnknownName, AmbiguousName."""
    delays: dict[str, int] = {}
    for text in given:
        name, colon, number = text.rpartition(":")
        if not colon or not name.strip():
            raise BadInput("'{given}' is not a delay. Write PROJECT:MONTHS: prj:motor-plant:12", given=text[:60])
        if not number.strip().isascii() or not number.strip().isdigit() or int(number) > _MOST_MONTHS:
            raise BadInput(
                "The delay '{given}' should end in whole months from 0 to {most}, not '{number}'.",
                given=text[:60],
                most=_MOST_MONTHS,
                number=number.strip()[:20],
            )
        project = resolve_name(reader, name, ("project",))
        if project not in here:
            raise BadInput("The project '{name}' is not in this region. Ask for a region that holds it.", name=project)
        if project in delays:
            raise BadInput("The delay of '{name}' was given twice. Give it once.", name=project)
        delays[project] = int(number)
    return delays
