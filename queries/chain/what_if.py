"""What if: somebody comes, somebody stops, a project is late; the questions asked again, and the difference told."""

from pydantic import Field

from graph.model.dates import months_later
from graph.readers.port import Reader
from graph.readers.port_types import Chain, Flags, PipelineProject
from queries.base import Answer, NodeRef, Query, Texts, envelope, refs, resolve_name
from queries.chain.assessment import Assessment, Thresholds, assess, assess_tally
from queries.chain.gaps import GapCounts
from queries.chain.pipeline_params import read_delays
from queries.chain.selection import InRegion, Selection, select_products
from queries.chain.spoken import Said
from queries.chain.supposing import PLANT, made_with_classes, suppose
from queries.chain.suppositions import Suppositions, read_attracted, read_lost
from queries.chain.what_if_concentration import moved_concentration
from queries.chain.what_if_diff import bought_in, moved_closings, moved_links, moved_supply
from queries.chain.what_if_records import (
    BoughtIn,
    Closing,
    ConcentrationShift,
    Moved,
    RecordedTie,
    SupplyShift,
    Supposed,
    Tie,
)
from queries.chain.what_if_said import say_what_if
from queries.chain.what_if_ties import ties


class WhatIfParams(Thresholds, Selection, InRegion):
    """Where, and what is supposed; several suppositions hold at once."""

    attract: Texts = Field(
        (),
        max_length=50,
        title="引进",
        description="ENTERPRISE[:PRODUCT[:TONNES]], a plant of it here; without a product, all that it makes",
    )
    lose: Texts = Field((), max_length=50, title="流失", description="ENTERPRISE or PROJECT of the region that stops")
    delay: Texts = Field((), max_length=50, title="推迟项目", description="PROJECT:MONTHS, later than published")


class WhatIfAnswer(Answer):
    """What differs between the chain as it is and as it would be. What is known of absence stays as known today."""

    supposed: tuple[Supposed, ...] = Field(title="假设")
    counts: GapCounts = Field(title="现计数", description="links by state today")
    becomes: GapCounts = Field(title="变为计数")
    moved: tuple[Moved, ...] = Field(title="环节变动", description="by turn, most users, id")
    closings: tuple[Closing, ...] = Field(title="补上日期变动")
    supply: tuple[SupplyShift, ...] = Field(title="供需变动", description="products of any role")
    bought_in: BoughtIn = Field(title="现外购量", description="links and services, t/yr")
    bought_in_becomes: BoughtIn = Field(title="变为外购量")
    concentration: tuple[ConcentrationShift, ...] = Field(title="全国集中度变动")
    ties: tuple[Tie, ...] = Field(title="得失", description="who here gains or loses whom, by the recipes in use")
    recorded: tuple[RecordedTie, ...] = Field(title="中断的供应关系", description="on record with those who stop")
    names: dict[str, NodeRef] = Field(title="名称", description="of the region, products, enterprises and plants named")
    said: Said = Field(title="一句话", description="the answer in one plain sentence")


def run(reader: Reader, params: WhatIfParams) -> WhatIfAnswer:
    """See WhatIfAnswer. Raises BadInput, UnknownName, AmbiguousName for suppositions that cannot be understood."""
    region = resolve_name(reader, params.region, ("region",))
    chain = reader.chain()
    chosen = select_products(reader, chain, params)
    supposed = Suppositions(
        read_attracted(reader, chain, params.attract),
        read_lost(reader, region, params.lose),
        read_delays(reader, params.delay, reader.placed(region, ("project",)) if params.delay else ()),
    )
    now = assess(reader, region, params)
    then = assess_tally(reader, suppose(reader, chain, now.tally, supposed), params)

    told = _told(reader, chain, now, supposed)
    plants = {one.plant: one.node for one in told if one.plant is not None}
    moved = moved_links(reader, now, then, chosen)
    between = ties(now, then, tuple(plants), supposed.lost)
    recorded = _recorded(reader, supposed.lost)
    touched = [made_with_classes(chain, one.products) for one in supposed.attracted]
    named = {region, *supposed.lost}
    named |= {id_ for tie in between for id_ in (tie.enterprise, tie.of, *tie.products)} - plants.keys()
    named |= {id_ for tie in recorded for id_ in (tie.supplier, tie.customer, tie.product) if id_}
    names = refs(reader, sorted(named)) | {id_: _plant(id_, owner) for id_, owner in plants.items()}
    counts, becomes = (_counts(one, chosen) for one in (now, then))
    bought, would_be_bought = bought_in(now), bought_in(then)
    return WhatIfAnswer(
        **envelope("what-if", reader, params, region=region),
        looked_at={"products": int(chosen.sum()), "enterprises_here": now.tally.enterprises},
        unplaced=now.tally.unplaced,
        truncated=False,
        supposed=told,
        counts=counts,
        becomes=becomes,
        moved=moved,
        closings=moved_closings(reader, now, then, chosen),
        supply=moved_supply(reader, now, then),
        bought_in=bought,
        bought_in_becomes=would_be_bought,
        concentration=moved_concentration(reader, now, then, supposed, touched),
        ties=between,
        recorded=recorded,
        names=names,
        said=say_what_if(names[region], told, moved, between, bought, would_be_bought),
    )


def _counts(found: Assessment, chosen: Flags) -> GapCounts:
    states = (found.present, found.implied, found.missing, found.unknown)
    present, implied, missing, unknown = (int((chosen & state).sum()) for state in states)
    return GapCounts(present=present, implied=implied, missing=missing, unknown=unknown)


def _told(reader: Reader, chain: Chain, now: Assessment, supposed: Suppositions) -> tuple[Supposed, ...]:
    products = sorted({chain.products[product] for one in supposed.attracted for product in one.products})
    people = sorted({*(one.enterprise for one in supposed.attracted), *supposed.lost, *supposed.delays})
    known = refs(reader, [*products, *people])
    projects = {project.project: project for project in now.tally.pipeline}
    told = [
        Supposed(
            what="attract",
            node=known[one.enterprise],
            plant=f"{PLANT}{at}",
            products=tuple(known[chain.products[product]] for product in one.products),
            capacity=one.capacity,
        )
        for at, one in enumerate(supposed.attracted, 1)
    ]
    told += [Supposed(what="lose", node=known[one]) for one in supposed.lost]
    told += [_late(known[one], months, projects.get(one)) for one, months in supposed.delays.items()]
    return tuple(told)


def _late(project: NodeRef, months: int, ahead: PipelineProject | None) -> Supposed:
    expected = ahead.expected if ahead is not None else None
    becomes = months_later(expected, months) if expected else None
    return Supposed(what="delay", node=project, months=months, expected=expected, becomes=becomes)


def _plant(id_: str, owner: NodeRef) -> NodeRef:
    zh, en = owner.name_zh or owner.name_en, owner.name_en or owner.name_zh
    return NodeRef(id=id_, name_zh=f"{zh or owner.id}（假设）", name_en=f"{en or owner.id} (supposed)")


def _recorded(reader: Reader, lost: tuple[str, ...]) -> tuple[RecordedTie, ...]:
    enterprises = [one for one in lost if one.startswith("ent:")]
    return tuple(
        RecordedTie(supplier=fact.subject, customer=str(fact.object), product=fact.qualifier, claim=fact.claim)
        for fact in reader.facts(enterprises, ("supplies",), "both")
        if fact.used
    )


QUERY = Query(
    "what-if",
    "假设推演",
    "What changes if somebody comes, stops or is late",
    WhatIfParams,
    WhatIfAnswer,
    run,
    positional=("region",),
)
