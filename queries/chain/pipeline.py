"""The gap map of a region at a future date: which gaps close when, by which projects, and what if one is late."""

from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import Field

from graph.model.errors import BadInput
from graph.model.kinds import PROJECT_STATUSES
from graph.readers.port import Reader
from queries.base import NodeRef, Query, Record, envelope, refs, resolve_name
from queries.chain.assessment import Assessment, assess
from queries.chain.future import Future
from queries.chain.gap_map import Change, MapCounts, changes_until, counts_of
from queries.chain.overcapacity import Crowded, crowded, demand_of
from queries.chain.pipeline_params import PipelineParams, names_status, read_by, read_delays
from queries.chain.pipeline_records import GapAhead, NobodyComing, ProjectStanding, SlipTold
from queries.chain.pipeline_rows import gap_rows_ahead, needed_by, nobody_rows, project_rows, slip_told
from queries.chain.pipeline_said import Totals, say_pipeline
from queries.chain.projects_ahead import DATED, LIVE, STANDINGS, ProjectAhead, Standing, by_date, projects_ahead
from queries.chain.promised import read_weights
from queries.chain.selection import select_products
from queries.chain.slippage import Plan, Slipped
from queries.chain.spoken import Said
from queries.paging import PagedAnswer, is_cut, slice_of


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
    known lies between. Changes are in order of day; `nobody` are the listed gaps and
    needed unknowns without a project, those that are needed and not here first.
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
    by = read_by(params.by, reader.as_of.valid)
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

    future = Future(reader, today, params, every)
    closing = [project for project in coming if project.standing == "closes"]
    then = future.with_done(closing)
    if_all = future.with_done([project for project in coming if project.standing in LIVE])
    changes = changes_until(reader, future, today, closing, chosen)

    # Finished ones too: they may be a part of what an open one promises.
    makers: dict[int, list[ProjectAhead]] = {}
    for project in every:
        for product in future.made_by(project.id):
            makers.setdefault(product, []).append(project)
    expected = {product for product, some in makers.items() if any(one.standing != "done" for one in some)}
    open_now = np.flatnonzero(chosen & ((today.kind >= 0) | today.unknown))
    urgency = np.where(today.kind < 0, 5, today.kind)
    ordered = open_now[np.lexsort((open_now, -today.users[open_now], urgency[open_now]))].tolist()
    with_project = [number for number in ordered if number in expected]
    wanted = (chosen & (today.kind >= 0) & (today.kind < 4)) | (today.unknown & (today.users > 0))
    without = [number for number in ordered if wanted[number] and number not in expected]
    # First what somebody here needs and cannot get here.
    without.sort(key=lambda number: bool(today.present[number] or not today.users[number]))
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

    made = {project.id: future.made_by(project.id) for project in coming}
    open_set = {number for number in ordered if today.kind[number] != 4}
    page = slice_of(listed, params)
    plan = Plan(today, coming, made, reader.as_of.valid)
    slips = {
        project.id: plan.slip({project.id: params.slip_months}, ordered)
        for project in page
        if project.standing in DATED
    }
    before_delay = Plan(today, [one for one in published if one.standing != "done"], made, reader.as_of.valid)
    delayed = before_delay.slip(delays, ordered)
    names = _names(reader, region, coming, today, [*ordered, *filled], [*slips.values(), delayed])
    undated = [
        names[chain.products[number]]
        for number in with_project
        if today.kind[number] in (0, 1) and not any(one.standing in DATED for one in makers[number])
    ]
    open_products = set(ordered)
    gaps_of = {
        project.id: [chain.products[number] for number in made[project.id] if number in open_products]
        for project in page
    }
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
            Weight(status=status, share=share, given=any(names_status(text, status) for text in params.weight))
            for status, share in weights.items()
        ),
        gaps=gap_rows_ahead(reader, today, then, slice_of(with_project, params), makers, names, weights),
        nobody=nobody_rows(reader, today, slice_of(without, params)),
        changes=tuple(slice_of(changes, params)),
        crowded=tuple(
            crowded(reader, region, number, makers[number], names, weights, demand_of(reader, today, number))
            for number in slice_of(filled, params)
        ),
        projects=project_rows(
            reader,
            page,
            gaps_of,
            {id_: slip_told(one, names, chain.products, open_set) for id_, one in slips.items()},
            names,
        ),
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
        delay=slip_told(delayed, names, chain.products, open_set) if delays else None,
        names=names,
        said=say_pipeline(
            names[region],
            by,
            Totals(coming, changes, undated, sum(today.kind[number] in (0, 1) for number in without)),
        ),
    )


def _names(
    reader: Reader,
    region: str,
    coming: Sequence[ProjectAhead],
    today: Assessment,
    numbers: Sequence[int],
    slips: Sequence[Slipped],
) -> dict[str, NodeRef]:
    """Everything the rows name."""
    ids = {region}
    for project in coming:
        ids |= {project.id, *(fact.subject for fact in project.investors)}
        ids |= {str(fact.object) for fact in project.products}
    products = set(numbers)
    for slip in slips:
        products |= {number for one in slip.waiting for number in (one.product, *one.needs)}
        products |= {gap.product for gap in slip.gaps}
    for number in products:
        ids |= {today.chain.products[number], *needed_by(today, number)}
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
