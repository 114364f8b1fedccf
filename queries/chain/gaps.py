"""Which links of the chain a region lacks, has too thinly, or is not known to have (design section 4)."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from graph.readers.port import Reader
from queries.base import NodeRef, PagedParams, Query, Record, envelope, refs, resolve_name
from queries.chain.absence import WHY_UNKNOWN, find_absence
from queries.chain.evidence import Concentration, PipelineItem, RowEvidence, gap_evidence, owners_of
from queries.chain.presence import find_presence
from queries.chain.selection import select_products
from queries.paging import PagedAnswer, is_cut, slice_of

Kind = Literal["broken", "fill", "strengthen", "extend", "build"]
# In the field's own words, and in the order a promoter takes them up.
KINDS: dict[Kind, tuple[str, str]] = {
    "broken": ("断点", "broken"),
    "fill": ("补链", "fill"),
    "strengthen": ("强链", "strengthen"),
    "extend": ("延链", "extend"),
    "build": ("建链", "build"),
}
_KIND_NAMES: tuple[Kind, ...] = tuple(KINDS)
FLAG_WORDS: dict[str, tuple[str, str]] = {
    "single_source": ("本地仅一家（同一集团）", "one owner group makes it here"),
    "concentrated": ("全国产能集中", "national capacity is concentrated"),
    "no_recipe": ("无工艺数据", "no recipe is known"),
}


class GapsParams(PagedParams):
    """What to look for gaps in."""

    region: str = Field(title="地区", description="region: name, alias or id")
    chain: str | None = Field(None, title="产业链", description="only this chain: magnet, upstream ...")
    product: str | None = Field(None, title="产品", description="only what goes into this product, and itself")
    from_product: str | None = Field(
        None, alias="from", title="起点产品", description="only what is made from this product, and itself"
    )
    all: bool = Field(False, title="全部", description="list the build directions too")
    inputs_share: float = Field(
        0.5, ge=0, le=1, title="投入品本地率阈值", description="inputs here from which a gap is broken or extend"
    )
    min_makers: int = Field(
        5,
        ge=0,
        le=1000,
        title="企业数阈值",
        description="makers of its chain known here before absence is searched",
    )
    min_sources: int = Field(
        5, ge=0, le=1000, title="来源数阈值", description="recent sources on these makers before absence is searched"
    )
    recent_years: float = Field(
        8.0, gt=0, le=200, title="近年年数", description="a source is recent within these years before as_of"
    )
    control_share: float = Field(
        50.0, ge=0, le=100, title="控股比例阈值", description="share in % from which owner and owned are one group"
    )
    hhi: float = Field(
        0.25, ge=0, le=1, title="集中度阈值", description="HHI of national capacity above which it is concentrated"
    )


class GapProduct(NodeRef):
    """A product with its place in the chain."""

    chain: str | None = Field(None, title="产业链")
    role: str = Field(title="角色")


class Gap(Record):
    """One link to build, fill or strengthen."""

    product: GapProduct = Field(title="环节")
    state: Literal["missing", "present"] = Field(title="状态")
    kind: Kind = Field(title="类别", description="broken, fill, strengthen, extend, build")
    absence: Literal["stated", "searched"] | None = Field(
        title="缺失依据", description="how sure it is that nobody here makes it"
    )
    flags: tuple[str, ...] = Field(title="标记", description="single_source, concentrated, no_recipe")
    local_makers: tuple[str, ...] = Field(title="本地生产者", description="ids, at most 200")
    needed_by: tuple[str, ...] = Field(title="本地需求者", description="ids of makers here that need it, at most 200")
    users: int = Field(title="本地需求者数", description="how many need it")
    inputs_here: float = Field(title="投入品本地率", description="0-1, best share over its recipes")
    pipeline: tuple[PipelineItem, ...] = Field(title="在途项目", description="projects here that will make it")
    closes_on: str | None = Field(title="预计补上", description="earliest expected date of these projects")
    makers_elsewhere: int = Field(title="外地生产者数")
    concentration: Concentration | None = Field(title="全国集中度", description="null: too few capacities are known")
    evidence: RowEvidence = Field(title="依据", description="what is known of its chain here")
    claims: tuple[str, ...] = Field(title="陈述", description="ids of the claims behind this row, at most 200")


class UnknownLink(Record):
    """A link of which nothing can be said yet."""

    product: GapProduct = Field(title="环节")
    why: str = Field(title="原因", description=", ".join(WHY_UNKNOWN))
    needed_by: tuple[str, ...] = Field(title="本地需求者", description="ids, at most 200")
    users: int = Field(title="本地需求者数")


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
    names: dict[str, NodeRef] = Field(title="名称", description="of the region and of the makers and users in the rows")

    def paged(self) -> Mapping[str, Sequence[Record]]:
        return {"gaps": self.gaps, "unknown": self.unknown}


def run(reader: Reader, params: GapsParams) -> GapsAnswer:
    """The gaps of a region. A region without enterprises has everything unknown."""
    region = resolve_name(reader, params.region, ("region",))
    chain = reader.chain()
    chosen = select_products(reader, chain, params.chain, params.product, params.from_product)
    tally = reader.tally(region, params.recent_years, params.control_share)
    presence = find_presence(reader, tally)
    absence = find_absence(chain, tally, presence, params.min_makers, params.min_sources)
    present = chosen & presence.made
    missing_stated = chosen & ~presence.made & absence.stated
    rest = chosen & ~presence.made & ~absence.stated
    implied = rest & presence.implied
    unknown = rest & ~presence.implied & (presence.class_known | ~absence.searched)
    missing = missing_stated | (rest & ~presence.implied & ~unknown)

    single = owners_of(tally)
    needed = presence.users.counts() > 0
    fed = presence.inputs_here >= params.inputs_share
    # Numbers into KINDS; -1: no gap.
    kind = np.select(
        [missing & needed & fed, missing & needed, present & (single == 1), missing & fed, missing],
        [0, 1, 2, 3, 4],
        -1,
    )  # fmt: skip
    users = presence.users.counts()
    listed = np.flatnonzero((kind >= 0) & (params.all | (kind != 4)))
    ordered = listed[np.lexsort((listed, -users[listed], kind[listed]))]
    page = slice_of(ordered.tolist(), params)
    doubtful = np.flatnonzero(unknown)
    doubtful = doubtful[np.lexsort((doubtful, -users[doubtful]))]
    shown = slice_of(doubtful.tolist(), params)
    totals = {"gaps": len(ordered), "unknown": len(doubtful)}

    rows = gap_evidence(reader, tally, presence, page, region)
    refs_of = refs(reader, [chain.products[number] for number in (*page, *shown)])

    def product(number: int) -> GapProduct:
        id_ = chain.products[number]
        return GapProduct(**refs_of[id_].model_dump(), chain=chain.chains[number], role=chain.roles[number])

    def who(number: int) -> tuple[str, ...]:
        return tuple(tally.entities[int(e)] for e in presence.users.row(number)[:200])

    gaps = []
    for number, row in zip(page, rows, strict=True):
        flags = [
            *(["single_source"] if single[number] == 1 else []),
            *(["concentrated"] if row.concentration and row.concentration.hhi > params.hhi else []),
            *([] if presence.has_recipe[number] else ["no_recipe"]),
        ]
        gaps.append(
            Gap(
                product=product(number),
                state="present" if present[number] else "missing",
                kind=_KIND_NAMES[kind[number]],
                absence=None if present[number] else "stated" if missing_stated[number] else "searched",
                flags=tuple(flags),
                local_makers=tuple(tally.entities[int(e)] for e in tally.makers.row(number)[:200]),
                needed_by=who(number),
                users=int(users[number]),
                inputs_here=round(float(presence.inputs_here[number]), 4),
                pipeline=row.pipeline,
                closes_on=row.closes_on,
                makers_elsewhere=int(tally.total[number] - len(tally.makers.row(number))),
                concentration=row.concentration,
                evidence=row.evidence,
                claims=row.claims,
            )
        )
    reasons = tuple(WHY_UNKNOWN)
    unsure = tuple(
        UnknownLink(product=product(n), why=reasons[absence.why[n]], needed_by=who(n), users=int(users[n]))
        for n in shown
    )
    people = {id_ for gap in gaps for id_ in (*gap.needed_by, *gap.local_makers)}
    named = sorted({region, *people}.union(*(link.needed_by for link in unsure)))
    return GapsAnswer(
        **envelope("gaps", reader, params, region=region),
        # Nothing of the rest of the graph: a load elsewhere leaves a cited answer the same.
        looked_at={
            "products": int(chosen.sum()),
            "enterprises_here": tally.enterprises,
            "processes_that_apply": int(presence.recipes.applies.sum()),
        },
        unplaced=tally.unplaced,
        truncated=is_cut(totals, params),
        totals=totals,
        counts=GapCounts(
            present=int(present.sum()),
            implied=int(implied.sum()),
            missing=int(missing.sum()),
            unknown=int(unknown.sum()),
        ),
        kinds={name: int((kind == number).sum()) for number, name in enumerate(KINDS)},
        gaps=tuple(gaps),
        build=int((kind == 4).sum()),
        unknown=unsure,
        implied=tuple(chain.products[int(p)] for p in np.flatnonzero(implied)),
        present=tuple(chain.products[int(p)] for p in np.flatnonzero(present)),
        names=refs(reader, named),
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
