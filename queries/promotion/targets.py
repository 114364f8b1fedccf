"""Whom to invite for what a region lacks, why, and how well they fit (design section 5)."""

from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from graph.model.errors import BadInput
from graph.readers.port import Reader
from queries.base import NodeRef, PagedParams, Query, Record, Texts, envelope, refs, resolve_name
from queries.chain.assessment import KIND_NAMES, Assessment, Thresholds, assess_tally, classify
from queries.chain.presence import find_presence
from queries.chain.quantities import find_quantities
from queries.chain.selection import InRegion, Selection, select_products
from queries.chain.spoken import Said
from queries.paging import PagedAnswer, slice_of
from queries.promotion.grounds import Grounds
from queries.promotion.ranking import Desk, Ranking, open_desk, rank
from queries.promotion.scores import DEFAULT_WEIGHTS, read_weights
from queries.promotion.target_rows import (
    Excluded,
    Link,
    Target,
    Visit,
    excluded_rows,
    link_row,
    target_rows,
    visit_row,
    visits_of,
)
from queries.promotion.targets_said import say_none, say_targets, say_visits, tell, tell_excluded

# What --gap looks at when no kind is named: what is missing. What is thin is asked for.
_OPEN = ("broken", "fill", "extend")


class TargetsParams(Thresholds, InRegion, PagedParams):
    """For which link of which region, and how parts are weighed."""

    product: str | None = Field(None, max_length=400, title="产品", description="the link to fill: name, alias or id")
    gap: bool = Field(
        False,
        validate_default=True,
        title="全部缺环",
        description="instead of one product every open gap of the region",
    )
    kind: Texts = Field(
        (),
        max_length=len(KIND_NAMES),
        title="缺环类别",
        description=f"with gap, which kinds: {', '.join(KIND_NAMES)}; none named: {', '.join(_OPEN)}",
    )
    weight: Texts = Field(
        (),
        max_length=20,
        title="分项权重",
        description="NAME=VALUE: " + ", ".join(f"{name}={value:g}" for name, value in DEFAULT_WEIGHTS.items()),
    )
    exclude: Texts = Field((), max_length=1000, title="排除企业", description="enterprises to leave out")
    explain: str | None = Field(
        None,
        max_length=400,
        title="解释企业",
        description="an enterprise whose story to tell: a candidate or one left out",
    )
    years: float = Field(
        5.0,
        gt=0,
        le=200,
        title="动向年数",
        description="new sites and projects count within so many years before as_of",
    )
    limit: int = Field(10, ge=1, le=10_000, title="条数上限", description="how many rows a product at most")

    @field_validator("gap")
    @classmethod
    def _product_or_gap(cls, given: bool, info: ValidationInfo) -> bool:
        if "product" in info.data and (info.data["product"] is None) != given:
            wrong = BadInput(
                "Give either a product or --gap: rechain targets REGION PRODUCT, or rechain targets REGION --gap."
            )
            raise PydanticCustomError("rechain", "{own_text}", {"own_text": wrong.text, "own_values": {}})
        return given


class TargetsAnswer(PagedAnswer):
    """Candidates by product in the order of gaps, then rank; equal scores by id.

    With `gap` limit and offset cut each product's rows by themselves, and `totals` adds up what there is of all.
    """

    targets: tuple[Target, ...] = Field(title="招商目标")
    excluded: tuple[Excluded, ...] = Field(title="排除企业", description="by product, reason, id")
    links: tuple[Link, ...] = Field(title="环节", description="the products looked at")
    visits: tuple[Visit, ...] = Field(
        title="拜访名单", description="with gap: by how many gaps it could close, best score, id"
    )
    weights: dict[str, float] = Field(title="权重", description="of every part")
    story: Said | None = Field(title="企业说明", description="of the enterprise asked about")
    explained: Target | None = Field(title="所解释企业的行", description="its row, where it is a candidate")
    names: dict[str, NodeRef] = Field(title="名称", description="of whatever rows name by id")
    said: Said = Field(title="一句话", description="the answer in one plain sentence")

    def paged(self) -> Mapping[str, Sequence[Record]]:
        return {"targets": self.targets, "excluded": self.excluded, "visits": self.visits}


def run(reader: Reader, params: TargetsParams) -> TargetsAnswer:
    """The targets. Raises BadInput for weights, kinds and an enterprise to explain that do not fit."""
    weights = read_weights(params.weight)
    region = resolve_name(reader, params.region, ("region",))
    product = resolve_name(reader, params.product, ("product",)) if params.product is not None else None
    unwanted = sorted({resolve_name(reader, name, ("enterprise",)) for name in params.exclude})
    explained = resolve_name(reader, params.explain, ("enterprise",)) if params.explain is not None else None
    kinds = _kinds(params)
    number = reader.chain().index[product] if product is not None else None
    desk = open_desk(reader, region, params, params.years, _assess(reader, region, params, number, kinds))
    chosen = [number] if number is not None else open_gaps(desk, kinds)
    rankings = [rank(desk, number, weights, unwanted) for number in chosen]
    ranked = [(ranking, Grounds(ranking)) for ranking in rankings]
    targets: list[Target] = []
    excluded: list[Excluded] = []
    for ranking, grounds in ranked:
        targets += target_rows(ranking, grounds, slice_of(range(len(ranking.numbers)), params))
        excluded += excluded_rows(ranking, grounds, slice_of(range(len(ranking.left_out)), params))
    links = tuple(link_row(ranking, grounds) for ranking, grounds in ranked)
    visits = visits_of(ranked) if params.gap else []
    totals = {
        "targets": sum(link.candidates for link in links),
        "excluded": sum(link.excluded for link in links),
        "visits": len(visits),
    }
    listed = [visit_row(ranked[0][1].named(who), its) for who, its in slice_of(visits, params)]
    named = {region, *unwanted, *(one.product for visit in listed for one in visit.products)}
    named |= {one for row in targets for one in (row.about, row.by, row.home, row.group_leader) if one}
    names = refs(reader, sorted(named))
    place = names[region]
    story, own_row = _story(place, ranked, explained) if explained is not None else (None, None)
    if explained is not None and story is None:
        raise BadInput(
            "'{name}' is no candidate here: neither it nor its group is known to make this or a neighbour of it.",
            name=(params.explain or "").strip()[:60],
        )
    most = max([len(visits), *(max(link.candidates, link.excluded) for link in links)], default=0)
    return TargetsAnswer(
        **envelope(
            "targets", reader, params, region=region, product=product, exclude=unwanted, explain=explained,
            kind=list(kinds) if params.gap else [],
        ),
        looked_at={"products": len(links), "candidates": totals["targets"] + totals["excluded"]},
        unplaced=desk.assessment.tally.unplaced,
        truncated=most > params.offset + params.limit,
        totals=totals,
        targets=tuple(targets),
        excluded=tuple(excluded),
        links=links,
        visits=tuple(listed),
        weights=weights,
        story=story,
        explained=own_row,
        names=names,
        said=_said(desk, place, targets, links, listed if params.gap else None),
    )  # fmt: skip


def _said(
    desk: Desk, place: NodeRef, targets: Sequence[Target], links: Sequence[Link], visits: Sequence[Visit] | None
) -> Said:
    if not links:
        chosen = select_products(desk.reader, desk.assessment.chain, Selection())
        return say_none(place, int((chosen & desk.assessment.unknown).sum()))
    return say_targets(place, targets, links) if visits is None else say_visits(place, links, visits)


def _assess(
    reader: Reader, region: str, params: TargetsParams, product: int | None, kinds: tuple[str, ...]
) -> Assessment:
    """The states here. Bottlenecks cost most of it and tell only what is thin, so they are left out for what is not."""
    tally = reader.tally(region, params.recent_years, params.control_share)
    presence = find_presence(reader, tally)
    if presence.made[product] if product is not None else "strengthen" in kinds:
        return assess_tally(reader, tally, params)
    chain = reader.chain()
    none = np.zeros(len(chain.products), np.bool_)
    return classify(chain, tally, presence, find_quantities(chain, tally, presence), none, params)


def _kinds(params: TargetsParams) -> tuple[str, ...]:
    """The kinds of gaps asked for, in the order of gaps."""
    for word in params.kind:
        if word not in KIND_NAMES:
            raise BadInput(
                "There is no kind of gap '{name}'. There are: {known}.", name=word[:60], known=", ".join(KIND_NAMES)
            )
    if params.kind and not params.gap:
        raise BadInput("Kinds of gaps go with --gap only. Leave out --kind, or ask for all gaps.")
    return tuple(word for word in KIND_NAMES if word in (params.kind or _OPEN))


def open_gaps(desk: Desk, kinds: tuple[str, ...]) -> list[int]:
    """The gaps of these kinds, in the order of `gaps`."""
    found = desk.assessment
    chosen = select_products(desk.reader, found.chain, Selection())
    asked = np.isin(found.kind, [at for at, word in enumerate(KIND_NAMES) if word in kinds])
    listed = np.flatnonzero(chosen & asked)
    ordered: list[int] = listed[np.lexsort((listed, -found.users[listed], found.kind[listed]))].tolist()
    return ordered


def _story(
    region: NodeRef, ranked: Sequence[tuple[Ranking, Grounds]], enterprise: str
) -> tuple[Said | None, Target | None]:
    """The story of an enterprise for the product it scores best for, with that row; else of why it is left out."""
    best: tuple[float, int, int] | None = None
    for at, (ranking, _) in enumerate(ranked):
        number = ranking.rank_of(enterprise)
        if number is not None and (best is None or ranking.scores[number - 1] > best[0]):
            best = (float(ranking.scores[number - 1]), at, number)
    if best is not None:
        ranking, grounds = ranked[best[1]]
        (row,) = target_rows(ranking, grounds, [best[2] - 1])
        return tell(region, row, ranking.desk.assessment.state(ranking.product), len(ranking.numbers)), row
    for ranking, grounds in ranked:
        for at, (left_out, _) in enumerate(ranking.excluded):
            if left_out == enterprise:
                return tell_excluded(region, excluded_rows(ranking, grounds, [at])[0]), None
    return None, None


QUERY = Query(
    "targets",
    "招商目标",
    "Whom to invite for a link that a region lacks, and why",
    TargetsParams,
    TargetsAnswer,
    run,
    positional=("region", "product"),
)
