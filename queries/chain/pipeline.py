"""The gap map of a region at a future date: which gaps close when, by which projects, and what if one is late."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from pydantic import Field

from graph.model.dates import end_of, months_later
from graph.model.errors import BadInput
from graph.model.kinds import PROJECT_STATUSES
from graph.readers.port import Chain, Reader
from queries.base import NodeRef, PagedParams, Query, Record, envelope, refs, resolve_name
from queries.chain.assessment import Assessment, Thresholds, assess
from queries.chain.future import Future
from queries.chain.gap_map import Change, MapCounts, changes_until, counts_of
from queries.chain.overcapacity import Crowded, crowded
from queries.chain.pipeline_records import GapAhead, NobodyComing, ProjectStanding, SlipTold
from queries.chain.pipeline_rows import gap_rows_ahead, needed_by, nobody_rows, project_rows, slip_told
from queries.chain.pipeline_said import Totals, say_pipeline
from queries.chain.projects_ahead import LIVE, STANDINGS, ProjectAhead, Standing, by_date, projects_ahead
from queries.chain.promised import WEIGHTS, read_weights
from queries.chain.selection import InRegion, Selection, select_products
from queries.chain.slippage import Plan
from queries.chain.spoken import Said
from queries.paging import PagedAnswer, is_cut, slice_of

_YEARS_AHEAD = 3
_MOST_MONTHS = 600


class PipelineParams(Thresholds, Selection, InRegion, PagedParams):
    """Where, by when, and what is assumed of projects."""

    by: str | None = Field(
        None, max_length=10, title="日期", description="the day the map is drawn for; default three years after as_of"
    )
    weight: tuple[str, ...] = Field(
        (),
        max_length=20,
        title="阶段权重",
        description="STATUS=SHARE, what comes of projects of a status, assumed: "
        + ", ".join(f"{status}={share:g}" for status, share in WEIGHTS.items()),
    )
    delay: tuple[str, ...] = Field(
        (), max_length=100, title="推迟项目", description="PROJECT:MONTHS, a project this much later than published"
    )
    slip_months: int = Field(
        12, ge=0, le=_MOST_MONTHS, title="推迟月数", description="by how much each project is tried later"
    )
    stale_years: float = Field(
        3.0, gt=0, le=200, title="消息有效年数", description="a project without any word for longer is not counted on"
    )


class Weight(Record):
    """What is assumed to come of projects of a status."""

    status: str = Field(title="状态", description=", ".join(PROJECT_STATUSES))
    share: float = Field(title="权重", description="0-1")
    given: bool = Field(title="已指定", description="by the question; else our assumption, which nobody computed")


class Delayed(Record):
    """A project that is taken to be late."""

    project: NodeRef = Field(title="项目")
    months: int = Field(title="推迟月数")
    published: str | None = Field(title="公布的完工日期", description="null: none is published, so nothing moves")
    expected: str | None = Field(title="推迟后完工日期")
    standing: Standing = Field(title="可依据程度", description="with the delay; a delay mends no overdue date")


class PipelineAnswer(PagedAnswer):
    """Gaps that a project is to fill, by kind, users, id, unknown links last; projects by standing, date, id.

    `then` is the map with the projects done by the date, `if_all` with every live one done, dated or not: what is not
    known lies between. Changes are in order of day; `nobody` are the listed gaps and needed unknowns without a project.
    """

    region: NodeRef = Field(title="地区")
    by: str = Field(title="日期", description="the day the map is drawn for, ISO")
    today: MapCounts = Field(title="目前")
    then: MapCounts = Field(title="届时", description="with the projects done by the date")
    if_all: MapCounts = Field(title="全部建成时", description="with every live project done, without a date too")
    standings: dict[str, int] = Field(title="各类项目数", description="projects here that are not done, by standing")
    weights: tuple[Weight, ...] = Field(title="阶段权重")
    gaps: tuple[GapAhead, ...] = Field(title="有项目的缺环")
    nobody: tuple[NobodyComing, ...] = Field(title="无项目的缺环")
    changes: tuple[Change, ...] = Field(title="变化", description="what closes and opens until the date")
    crowded: tuple[Crowded, ...] = Field(title="多项目产品", description="products of two live projects or more")
    projects: tuple[ProjectStanding, ...] = Field(title="项目", description="here and not done")
    delayed: tuple[Delayed, ...] = Field(title="推迟项目", description="as asked for")
    delay: SlipTold | None = Field(title="推迟后果", description="of all delays asked for together; null: none")
    names: dict[str, NodeRef] = Field(title="名称", description="of the ids in the rows")
    said: Said = Field(title="一句话", description="the answer in one sentence")

    def paged(self) -> Mapping[str, Sequence[Record]]:
        return {
            "gaps": self.gaps,
            "nobody": self.nobody,
            "changes": self.changes,
            "crowded": self.crowded,
            "projects": self.projects,
        }


def run(reader: Reader, params: PipelineParams) -> PipelineAnswer:
    """The pipeline of a region. Without projects nothing changes until the date, and the answer says so."""
    region = resolve_name(reader, params.region, ("region",))
    by = _read_by(params.by, reader.as_of.valid)
    weights = read_weights(params.weight)
    here = reader.placed(region, ("project",))
    delays = read_delays(reader, params.delay, here)
    chosen = select_products(reader, reader.chain(), params)
    today = assess(reader, region, params)
    chain = today.chain
    published = projects_ahead(reader, here, by, params.stale_years, {})
    every = projects_ahead(reader, here, by, params.stale_years, delays) if delays else published
    for project in every:
        if project.id in delays and project.standing == "done":
            raise BadInput("The project '{name}' is finished: it cannot be late.", name=project.id)
    coming = [project for project in every if project.standing != "done"]

    future = Future(reader, today, params, coming)
    closing = [project for project in coming if project.standing == "closes"]
    then = future.with_done(closing)
    if_all = future.with_done([project for project in coming if project.standing in LIVE])
    changes = changes_until(reader, future, today, closing, chosen)

    makers: dict[int, list[ProjectAhead]] = {}
    for project in coming:
        for product in future.made_by(project.id):
            makers.setdefault(product, []).append(project)
    open_now = np.flatnonzero(chosen & ((today.kind >= 0) | today.unknown))
    urgency = np.where(today.kind < 0, 5, today.kind)
    ordered = open_now[np.lexsort((open_now, -today.users[open_now], urgency[open_now]))].tolist()
    with_project = [number for number in ordered if number in makers]
    without = [
        n for n in ordered if n not in makers and (0 <= today.kind[n] < 4 or (today.unknown[n] and today.users[n]))
    ]
    filled = sorted(
        (n for n, some in makers.items() if chosen[n] and sum(one.standing in LIVE for one in some) > 1),
        key=lambda n: (-sum(one.standing in LIVE for one in makers[n]), n),
    )
    listed = sorted(coming, key=by_date)
    totals = {
        "gaps": len(with_project),
        "nobody": len(without),
        "changes": len(changes),
        "crowded": len(filled),
        "projects": len(listed),
    }

    names = _names(reader, region, coming, today, with_project, without)
    made = {project.id: future.made_by(project.id) for project in coming}
    open_set = {number for number in ordered if today.kind[number] != 4}
    page = slice_of(listed, params)
    plan = Plan(today, coming, made, reader.as_of.valid)
    slips = {
        project.id: slip_told(plan.slip({project.id: params.slip_months}, ordered), names, chain.products, open_set)
        for project in page
        if project.standing in ("closes", "later")
    }
    open_products = set(ordered)
    gaps_of = {
        project.id: [chain.products[number] for number in made[project.id] if number in open_products]
        for project in page
    }
    before_delay = Plan(today, [one for one in published if one.standing != "done"], made, reader.as_of.valid)
    return PipelineAnswer(
        **envelope(
            "pipeline",
            reader,
            params,
            region=region,
            by=by.isoformat(),
            weight=[f"{status}={share:g}" for status, share in weights.items()],
            delay=[f"{project}:{months}" for project, months in delays.items()],
        ),
        looked_at={
            "products": int(chosen.sum()),
            "enterprises_here": today.tally.enterprises,
            "projects_here": len(here),
        },
        unplaced=today.tally.unplaced,
        truncated=is_cut(totals, params),
        totals=totals,
        region=names[region],
        by=by.isoformat(),
        today=counts_of(today, chosen),
        then=counts_of(then, chosen),
        if_all=counts_of(if_all, chosen),
        standings={word: count for word in STANDINGS if (count := sum(project.standing == word for project in coming))},
        weights=tuple(
            Weight(status=status, share=share, given=any(_names_status(text, status) for text in params.weight))
            for status, share in weights.items()
        ),
        gaps=gap_rows_ahead(reader, today, then, slice_of(with_project, params), makers, names, weights),
        nobody=nobody_rows(reader, today, slice_of(without, params)),
        changes=tuple(slice_of(changes, params)),
        crowded=tuple(
            crowded(reader, region, number, makers[number], names, weights, None) for number in slice_of(filled, params)
        ),
        projects=project_rows(reader, page, gaps_of, slips, names),
        delayed=tuple(
            Delayed(
                project=names[project.id],
                months=project.delay,
                published=str(project.completion.value) if project.completion else None,
                expected=project.expected,
                standing=project.standing,
            )
            for project in coming
            if project.id in delays
        ),
        delay=slip_told(before_delay.slip(delays, ordered), names, chain.products, open_set) if delays else None,
        names=names,
        said=say_pipeline(
            names[region],
            by,
            Totals(coming, changes, sum(today.missing[n] and today.kind[n] in (0, 1) for n in without)),
        ),
    )


def _read_by(text: str | None, today: date) -> date:
    if text is None:
        year = today.year + _YEARS_AHEAD
        return end_of(months_later(today.isoformat(), 12 * _YEARS_AHEAD)) if year <= date.max.year else date.max
    by = end_of(text.strip())
    if by < today:
        raise BadInput(
            "The date {by} is before {today}, the day the answer is about. Give a later one, or another --as-of.",
            by=by.isoformat(),
            today=today.isoformat(),
        )
    return by


def _names_status(text: str, status: str) -> bool:
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


def _names(
    reader: Reader, region: str, coming: Sequence[ProjectAhead], today: Assessment, *rows: Sequence[int]
) -> dict[str, NodeRef]:
    chain: Chain = today.chain
    ids = {region}
    for project in coming:
        ids |= {project.id, *(fact.subject for fact in project.investors)}
        ids |= {str(fact.object) for fact in project.products}
    for number in (number for some in rows for number in some):
        ids |= {chain.products[number], *needed_by(today, number)}
    return refs(reader, sorted(ids))


QUERY = Query(
    "pipeline",
    "在途项目与缺环前景",
    "Which gaps close when, by which projects, and what if one is late",
    PipelineParams,
    PipelineAnswer,
    run,
    positional=("region",),
)
