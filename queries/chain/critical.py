"""Which enterprises and products of a region break most when they are lost, who is hit, and what could stand in.

By the closure of closure.py. When a maker goes, what nobody else here makes goes with it; a finished project counts as
a maker. With `group` all makers of an owner group here go together.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from pydantic import BaseModel, Field

from graph.model.kinds import looks_like_id
from graph.readers.port import Reader
from graph.readers.port_types import Chain, Flags, Tally
from graph.readers.ragged import distinct
from queries.base import NodeRef, PagedParams, Query, Record, envelope, refs, resolve_name
from queries.chain.bottleneck import targets_of
from queries.chain.breaking import Circle, circles
from queries.chain.closure import Network, kept_now, network_of
from queries.chain.critical_rows import CriticalEnterprise, CriticalProduct, Rows
from queries.chain.critical_said import finding
from queries.chain.presence import find_presence
from queries.chain.removal import Removal, Scope, only_makers, removable, without_makers, without_products
from queries.chain.selection import InRegion, Selection, select_products
from queries.chain.spoken import Said
from queries.paging import PagedAnswer, is_cut, slice_of

_LOOPS = 20
_IN_LOOP = 12


class CriticalParams(Selection, InRegion, PagedParams):
    """Whose losses to look at. The selection says which broken products count; anything may be what is lost."""

    limit: int = Field(10, ge=1, le=1_000, title="条数上限", description="how many rows of each list at most")
    offset: int = Field(0, ge=0, le=10_000_000, title="跳过条数", description="how many rows to leave out first")
    group: bool = Field(False, title="按集团", description="an owner group's makers here are lost together")
    tiers: int = Field(2, ge=0, le=5, title="客户层数", description="how many tiers of customers to follow")
    control_share: float = Field(
        50.0, ge=0, le=100, title="控股比例阈值", description="share in % from which owner and owned are one group"
    )


class Loop(Record):
    """A circle of recipes (recycling) among what would be lost. It is walked once, and does not keep itself alive."""

    products: tuple[str, ...] = Field(title="产品", description="ids, at most 12")
    processes: tuple[str, ...] = Field(title="工艺", description="ids, at most 12")
    size: int = Field(title="产品数", description="products of the circle, listed or not")
    self_supporting: tuple[str, ...] = Field(
        title="仅靠自身循环", description="made here, but only by way of the circle: never counted as lost"
    )


class CriticalAnswer(PagedAnswer):
    """Losses, worst first: by targets lost, links lost, enterprises hit here, id. Who is not listed is not safe.

    A row needs a recorded maker, recipe or supply; `looked_at` says of how many enterprises nothing is recorded.
    """

    region: NodeRef = Field(title="地区", description="the region asked for")
    targets: tuple[str, ...] = Field(
        title="可达目标产品", description="ids of the targets asked about that can be made here today"
    )
    enterprises: tuple[CriticalEnterprise, ...] = Field(
        title="关键企业", description="whose loss breaks most; finished projects count"
    )
    products: tuple[CriticalProduct, ...] = Field(title="关键产品", description="whose loss breaks most")
    loops: tuple[Loop, ...] = Field(title="循环工艺", description="circles among what any row loses, at most 20")
    names: dict[str, NodeRef] = Field(title="名称", description="of every id in the rows")
    said: Said = Field(title="一句话", description="the first row as one sentence")

    def paged(self) -> Mapping[str, Sequence[Record]]:
        return {"enterprises": self.enterprises, "products": self.products}


def run(reader: Reader, params: CriticalParams) -> CriticalAnswer:
    """The losses that break most. A region without recorded makers has empty lists."""
    region = resolve_name(reader, params.region, ("region",))
    chain = reader.chain()
    chosen = select_products(reader, chain, params, roles=None)
    tally = reader.tally(region, control_share=params.control_share)
    presence = find_presence(reader, tally)
    network = network_of(chain, presence)
    now, targets = kept_now(network), targets_of(reader, chain)
    scope = Scope.of(chain, chosen, targets.flags(len(chain.products)))

    covers = only_makers(chain, tally, grouped=params.group)
    by_maker = without_makers(network, tally, scope, covers)
    # Where nobody is recorded there is nothing to break.
    single = removable(chain, network) if len(tally.makers.items) else np.zeros(0, np.int64)
    by_product = without_products(network, tally, scope, single)
    rows = Rows(reader, tally, presence, network, now, targets, scope, params.tiers)
    enterprises = tuple(rows.enterprise(*one) for one in slice_of(list(enumerate(by_maker, 1)), params))
    products = tuple(rows.product(*one) for one in slice_of(list(enumerate(by_product, 1)), params))
    loops = _loops(chain, network, now, [*by_maker, *by_product])
    totals = {"enterprises": len(by_maker), "products": len(by_product)}
    aims = tuple(chain.products[one] for one in np.flatnonzero(scope.targets & now).tolist())
    place = refs(reader, [region])[region]
    # The sentence is about the first row, whatever page is shown.
    first = enterprises if not params.offset else tuple(rows.enterprise(1, one) for one in by_maker[:1])
    second = products if not params.offset else tuple(rows.product(1, one) for one in by_product[:1])
    names = refs(reader, sorted({*aims, *_named((*enterprises, *products, *loops, *first[:1]))}))
    return CriticalAnswer(
        **envelope("critical", reader, params, region=region),
        looked_at={
            "products": int(chosen.sum()),
            "enterprises_here": tally.enterprises,
            "without_products": tally.enterprises - _enterprises(tally),
            "only_makers": len(covers),
            "processes_that_apply": int(presence.recipes.applies.sum()),
        },
        unplaced=tally.unplaced,
        truncated=is_cut(totals, params),
        totals=totals,
        region=place,
        targets=aims,
        enterprises=enterprises,
        products=products,
        loops=loops,
        names=names,
        said=finding(place, len(tally.makers.items), first, second, names),
    )


def _enterprises(tally: Tally) -> int:
    """Enterprises here with a recorded product."""
    makers = distinct(tally.makers.items).tolist()
    return sum(tally.entities[one].startswith("ent:") for one in makers)


def _loops(chain: Chain, network: Network, now: Flags, removals: Sequence[Removal]) -> tuple[Loop, ...]:
    """The circles that a removal touches, and those that keep something here from being counted at all."""
    touched = network.here & ~now
    for one in removals:
        touched |= one.lost
        touched[list(one.products)] = True
    found = [one for one in circles(network, len(chain.processes)) if touched[list(one.products)].any()]
    return tuple(_loop(chain, network, now, one) for one in found[:_LOOPS])


def _loop(chain: Chain, network: Network, now: Flags, circle: Circle) -> Loop:
    return Loop(
        products=tuple(chain.products[one] for one in circle.products[:_IN_LOOP]),
        processes=tuple(chain.processes[one] for one in circle.processes[:_IN_LOOP]),
        size=len(circle.products),
        self_supporting=tuple(chain.products[one] for one in circle.products if network.here[one] and not now[one]),
    )


def _named(value: object) -> Iterator[str]:
    """The ids of nodes in records, but for what they already name, and claims."""
    if isinstance(value, BaseModel) and not isinstance(value, NodeRef):
        for name, part in value:
            if name != "claims":
                yield from _named(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from _named(part)
    elif isinstance(value, str) and looks_like_id(value):
        yield value


QUERY = Query(
    "critical",
    "关键企业与环节",
    "Enterprises and products whose loss breaks most",
    CriticalParams,
    CriticalAnswer,
    run,
    ("region",),
)
