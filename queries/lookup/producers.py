"""Who makes a product, where, how much, on what evidence; and who is told to but does not count, and why."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from graph.model.errors import BadInput
from graph.model.facts import Fact
from graph.model.kinds import DONE_STATUSES
from graph.model.predicates import EXCLUDING_FLAGS, NOT_MAKING
from graph.readers.port import Reader
from graph.readers.port_types import Maker
from queries.base import NodeRef, PagedParams, Query, Record, envelope, resolve_name
from queries.evidence import Evidence, Place, Statement, by_subject, places_of
from queries.lookup.capacity import CapacityTotal, Where, capacity_totals
from queries.paging import PagedAnswer, is_cut, slice_of

_MAKING = ("produces", "project_product")
_ORDER: dict[Where | None, int] = {None: 0, "here": 0, "elsewhere": 1, "unknown": 2}


class ProducersParams(PagedParams):
    """Whose makers, and seen from where."""

    product: str = Field(max_length=400, title="产品", description="product: name, alias, code or id")
    region: str | None = Field(
        None, max_length=400, title="地区", description="tell makers here from makers elsewhere: name or id"
    )
    outside: bool = Field(False, title="只看外地", description="only makers that are not known to be in the region")


class Making(Record):
    """What somebody is told to make."""

    product: NodeRef = Field(title="产品", description="the product as told: the one asked for, or a kind of it")
    statement: Statement = Field(title="陈述", description="how much, when, and who says so")


class Producer(Record):
    """Somebody who makes the product or a kind of it: an enterprise, or a finished project."""

    enterprise: NodeRef = Field(title="生产者", description="the enterprise or the finished project")
    kind: Literal["enterprise", "project"] = Field(title="类别", description="enterprise or project")
    where: Where | None = Field(
        title="本地或外地", description="here, elsewhere, or unknown where no place is recorded; null: no region given"
    )
    place_uncertain: bool = Field(title="地点不唯一", description="here, but with places outside the region too")
    places: tuple[Place, ...] = Field(title="地点", description="where it is")
    makes: tuple[Making, ...] = Field(title="生产内容", description="each thing it is told to make")


class NotCounted(Record):
    """Somebody told to make it, in words that do not make a maker."""

    enterprise: NodeRef = Field(title="对象", description="the enterprise or project")
    counted_too: bool = Field(title="另有计入", description="it is among the producers by another statement")
    why: tuple[str, ...] = Field(
        title="原因",
        description=f"flags ({', '.join(EXCLUDING_FLAGS)}), a project's status, or no_status",
    )
    places: tuple[Place, ...] = Field(title="地点", description="where it is")
    makes: tuple[Making, ...] = Field(title="所述内容", description="each thing it is told to make")


class ProducersAnswer(PagedAnswer):
    """Makers here, then elsewhere, then of unknown place, each by id (enterprises first); the other lists by id.

    `unplaced`: makers of which no place is recorded. Capacities are added only where nothing is counted twice.
    """

    product: NodeRef = Field(title="产品", description="the product asked for")
    region: NodeRef | None = Field(None, title="地区", description="the region asked for")
    kinds: tuple[NodeRef, ...] = Field(title="计入的下位产品", description="kinds of it whose makers count, by id")
    here: int | None = Field(title="本地生产者数", description="makers placed in the region; null: no region given")
    elsewhere: int | None = Field(
        title="外地生产者数", description="makers placed only outside it; null: no region given"
    )
    makers: tuple[Producer, ...] = Field(title="生产者", description="who makes it")
    capacity: tuple[CapacityTotal, ...] = Field(
        title="产能合计",
        description="enterprises' own published capacities; projects, plans and outputs are not added, "
        "and of owner and owned only one counts",
    )
    not_counted: tuple[NotCounted, ...] = Field(
        title="未计入", description="told to make it, but planned, former, assumed ... or a project not finished"
    )
    class_only: tuple[NotCounted, ...] = Field(
        title="仅知类别", description="makers of a class above it: which kind they make is not known"
    )

    def paged(self) -> Mapping[str, Sequence[Record]]:
        return {"makers": self.makers, "not_counted": self.not_counted, "class_only": self.class_only}


def run(reader: Reader, params: ProducersParams) -> ProducersAnswer:
    """Raises BadInput when makers outside are asked for without saying outside of what."""
    product = resolve_name(reader, params.product, ("product",))
    region = resolve_name(reader, params.region, ("region",)) if params.region is not None else None
    if params.outside and region is None:
        raise BadInput("'outside' needs a region to be outside of. Add one: --region NAME")
    chain = reader.chain()
    below = [chain.products[int(at)] for at in chain.below.row(chain.index[product])]
    above = [chain.products[int(at)] for at in chain.above.row(chain.index[product])]
    every = reader.makers(product, region)
    chosen = sorted(
        (maker for maker in every if not (params.outside and maker.here)),
        key=lambda maker: (_ORDER[_where(maker, region)], maker.entity),
    )
    counting = {fact.claim for maker in every for fact in maker.facts}
    told = reader.facts([product, *below], _MAKING, "in")
    flagged = by_subject(fact for fact in told if fact.claim not in counting)
    entities = {maker.entity for maker in every}
    of_class = _makers_of_class(reader, above, entities)
    totals = {"makers": len(chosen), "not_counted": len(flagged), "class_only": len(of_class)}

    makers = slice_of(chosen, params)
    not_counted = slice_of(sorted(flagged), params)
    class_only = slice_of(sorted(of_class), params)
    placed_ones = [maker.entity for maker in (*makers, *(maker for maker in chosen if maker.here))]
    places = places_of(reader, [*placed_ones, *not_counted, *class_only])
    shown = [fact for maker in makers for fact in maker.facts]
    shown += [fact for entity in not_counted for fact in flagged[entity]]
    shown += [fact for entity in class_only for fact in of_class[entity]]
    evidence = Evidence(
        reader,
        [*shown, *(place for facts in places.values() for place in facts)],
        [product, *below, *([region] if region else []), *(maker.entity for maker in makers)],
        notes=True,
    )
    statuses = _statuses(reader, not_counted)
    uncertain = _spread_out(reader, chosen, places, region)

    def making(facts: Sequence[Fact]) -> tuple[Making, ...]:
        return tuple(Making(product=evidence.node(str(f.object)), statement=evidence.statement(f)) for f in facts)

    def apart(entity: str, facts: Sequence[Fact], why: tuple[str, ...]) -> NotCounted:
        return NotCounted(
            enterprise=evidence.node(entity),
            counted_too=entity in entities,
            why=why,
            places=tuple(evidence.place(place) for place in places[entity]),
            makes=making(facts),
        )

    unplaced = sum(not maker.placed for maker in every)
    local = sum(maker.here for maker in every)
    return ProducersAnswer(
        **envelope("producers", reader, params, product=product, region=region),
        looked_at={"products": 1 + len(below), "makers": len(every), "statements": len(told)},
        unplaced=unplaced,
        truncated=is_cut(totals, params),
        totals=totals,
        product=evidence.node(product),
        region=evidence.node(region) if region else None,
        kinds=tuple(evidence.node(kind) for kind in below),
        here=local if region else None,
        elsewhere=len(every) - local - unplaced if region else None,
        makers=tuple(
            Producer(
                enterprise=evidence.node(maker.entity),
                kind="project" if maker.entity.startswith("prj:") else "enterprise",
                where=_where(maker, region),
                place_uncertain=maker.entity in uncertain,
                places=tuple(evidence.place(place) for place in places[maker.entity]),
                makes=making(maker.facts),
            )
            for maker in makers
        ),
        capacity=_capacity(reader, chosen, region, uncertain),
        not_counted=tuple(
            apart(entity, flagged[entity], _reasons(flagged[entity], statuses)) for entity in not_counted
        ),
        class_only=tuple(apart(entity, of_class[entity], ("class_only",)) for entity in class_only),
    )


def _where(maker: Maker, region: str | None) -> Where | None:
    if region is None:
        return None
    return "here" if maker.here else "elsewhere" if maker.placed else "unknown"


def _makers_of_class(reader: Reader, classes: Sequence[str], known: set[str]) -> Mapping[str, tuple[Fact, ...]]:
    """What is told of classes above a product by makers that are not known to make the product itself."""
    told = [fact for fact in reader.facts(classes, _MAKING, "in") if fact.used and fact.subject not in known]
    done = _statuses(reader, [fact.subject for fact in told])
    return by_subject(
        fact
        for fact in told
        if (fact.predicate == "produces" and fact.qualifier not in NOT_MAKING)
        or done.get(fact.subject) in DONE_STATUSES
    )


def _statuses(reader: Reader, entities: Sequence[str]) -> dict[str, str]:
    projects = sorted({entity for entity in entities if entity.startswith("prj:")})
    told = reader.facts(projects, ("status",), "out") if projects else ()
    return {fact.subject: str(fact.value) for fact in told if fact.used}


def _reasons(facts: Sequence[Fact], statuses: Mapping[str, str]) -> tuple[str, ...]:
    why = {flag for fact in facts for flag in fact.flags if flag in EXCLUDING_FLAGS}
    why |= {fact.qualifier for fact in facts if fact.qualifier in NOT_MAKING}
    why |= {
        statuses.get(fact.subject, "no_status") for fact in facts if fact.predicate == "project_product" and fact.used
    }
    return tuple(sorted(why))


def _spread_out(
    reader: Reader, makers: Sequence[Maker], places: Mapping[str, Sequence[Fact]], region: str | None
) -> set[str]:
    """Makers here that have a place outside the region as well, so that their capacity may not be here."""
    if region is None:
        return set()
    around: dict[str, bool] = {}
    spread = set()
    for maker in makers:
        for place in places[maker.entity] if maker.here else ():
            where = str(place.object)
            if where not in around:
                around[where] = region in reader.around(where)
            if not around[where]:
                spread.add(maker.entity)
    return spread


def _capacity(
    reader: Reader, makers: Sequence[Maker], region: str | None, uncertain: set[str]
) -> tuple[CapacityTotal, ...]:
    if region is None:
        return capacity_totals(reader, [("anywhere", makers)])
    sure = [maker for maker in makers if maker.entity not in uncertain]
    return capacity_totals(
        reader,
        [
            ("here", [maker for maker in sure if maker.here]),
            ("place_uncertain", [maker for maker in makers if maker.entity in uncertain]),
            ("elsewhere", [maker for maker in sure if maker.placed and not maker.here]),
            ("unknown", [maker for maker in sure if not maker.placed]),
        ],
    )


QUERY = Query(
    "producers",
    "谁在生产",
    "Who makes a product, where and how much",
    ProducersParams,
    ProducersAnswer,
    run,
    ("product",),
)
