"""Which links of the chain a region lacks, has too thinly, or is not known to have (design section 4)."""

from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import Field

from graph.readers.port import Reader
from queries.base import NodeRef, PagedParams, Query, Record, envelope, refs, resolve_name
from queries.chain.assessment import KINDS, Thresholds, assess
from queries.chain.gap_rows import Gap, UnknownLink, gap_rows, unknown_rows
from queries.chain.gaps_said import say_gaps
from queries.chain.selection import InRegion, Selection, select_products
from queries.chain.sensitivity import Sensitivity, find_sensitivity
from queries.chain.spoken import Said
from queries.paging import PagedAnswer, is_cut, slice_of


class GapsParams(Thresholds, Selection, InRegion, PagedParams):
    """What to look for gaps in."""

    all: bool = Field(False, title="全部", description="list the build directions too")


class GapCounts(Record):
    """How many links are in which state."""

    present: int = Field(title="已有")
    implied: int = Field(title="可推知已有")
    missing: int = Field(title="缺失")
    unknown: int = Field(title="情况不明")


class GapsAnswer(PagedAnswer):
    """The links a region lacks.

    Gaps by kind (broken, fill, strengthen, extend, build), number of users, id; unknown links by number of users, id.
    """

    counts: GapCounts = Field(title="计数")
    kinds: dict[str, int] = Field(title="各类数量", description="gaps of each kind, listed or not")
    gaps: tuple[Gap, ...] = Field(title="缺环")
    build: int = Field(title="建链方向数", description="listed with all=true")
    unknown: tuple[UnknownLink, ...] = Field(title="情况不明的环节")
    implied: tuple[str, ...] = Field(title="可推知已有的环节")
    present: tuple[str, ...] = Field(title="已有环节")
    sensitivity: tuple[Sensitivity, ...] = Field(
        title="敏感性", description="links told differently with a threshold 50 % lower or higher"
    )
    names: dict[str, NodeRef] = Field(title="名称", description="of the region and of the makers and users in the rows")
    said: Said = Field(title="一句话", description="the answer in one plain sentence")

    def paged(self) -> Mapping[str, Sequence[Record]]:
        return {"gaps": self.gaps, "unknown": self.unknown}


def run(reader: Reader, params: GapsParams) -> GapsAnswer:
    """The gaps of a region. A region without enterprises has everything unknown."""
    region = resolve_name(reader, params.region, ("region",))
    chosen = select_products(reader, reader.chain(), params)
    found = assess(reader, region, params)
    chain, users = found.chain, found.users
    present, implied, unknown = chosen & found.present, chosen & found.implied, chosen & found.unknown
    kind = np.where(chosen, found.kind, -1)
    listed = np.flatnonzero((kind >= 0) & (params.all | (kind != 4)))
    ordered = listed[np.lexsort((listed, -users[listed], kind[listed]))]
    doubtful = np.flatnonzero(unknown)
    doubtful = doubtful[np.lexsort((doubtful, -users[doubtful]))]
    totals = {"gaps": len(ordered), "unknown": len(doubtful)}

    gaps = gap_rows(reader, found, slice_of(ordered.tolist(), params), params)
    unsure = unknown_rows(reader, found, slice_of(doubtful.tolist(), params))
    people = {id_ for gap in gaps for id_ in (*gap.needed_by, *gap.local_makers)}
    named = sorted({region, *people}.union(*(link.needed_by for link in unsure)))
    sensitivity = find_sensitivity(reader, found, params, chosen)
    counts = GapCounts(
        present=int(present.sum()),
        implied=int(implied.sum()),
        missing=int((chosen & found.missing).sum()),
        unknown=int(unknown.sum()),
    )
    shifted = {shift.product for end in sensitivity for shift in end.shifts}
    names = refs(reader, sorted({*named, *shifted}))
    return GapsAnswer(
        **envelope("gaps", reader, params, region=region),
        # Nothing of the rest of the graph: a load elsewhere leaves a cited answer the same.
        looked_at={
            "products": int(chosen.sum()),
            "enterprises_here": found.tally.enterprises,
            "processes_that_apply": int(found.presence.recipes.applies.sum()),
        },
        unplaced=found.tally.unplaced,
        truncated=is_cut(totals, params),
        totals=totals,
        counts=counts,
        kinds={name: int((kind == number).sum()) for number, name in enumerate(KINDS)},
        gaps=gaps,
        build=int((kind == 4).sum()),
        unknown=unsure,
        implied=tuple(chain.products[int(p)] for p in np.flatnonzero(implied)),
        present=tuple(chain.products[int(p)] for p in np.flatnonzero(present)),
        sensitivity=sensitivity,
        names=names,
        said=say_gaps(names[region], counts, gaps),
    )


QUERY = Query(
    "gaps",
    "产业链缺环",
    "Missing, thin and unknown links of a region's chain",
    GapsParams,
    GapsAnswer,
    run,
    positional=("region",),
)
