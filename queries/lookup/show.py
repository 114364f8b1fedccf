"""One node with all its claims: what is preferred, what contradicts it, what is past, rejected or retracted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from pydantic import Field

from graph.model.claims import Claim, Source, StoredClaim
from graph.model.dates import start_of
from graph.model.facts import OVER_FLAGS, ends, is_candidate
from graph.model.predicates import PREDICATES
from graph.model.units import dimension_of
from graph.readers.port import Reader
from queries.base import NodeRef, PagedParams, Query, Record, envelope, ref, resolve_name
from queries.evidence import CitedSource, Evidence, as_fact, known_refs, places_of
from queries.paging import PagedAnswer, is_cut, slice_of

Standing = Literal[
    "preferred", "conflict", "superseded", "ended", "not_at_this_time", "proposed", "rejected", "retracted"
]
# In the order a reader wants them: what holds, what disputes it, what stands behind it, what does not count.
STANDINGS: dict[Standing, tuple[str, str]] = {
    "preferred": ("采用", "preferred"),
    "conflict": ("冲突", "in conflict with the preferred one"),
    "superseded": ("另有更新或更可靠的陈述", "another claim is preferred"),
    "ended": ("已被后来的陈述终止", "a later claim says that it is over"),
    "not_at_this_time": ("此时点不适用", "does not hold, or was not known, at this time"),
    "proposed": ("待审", "proposed"),
    "rejected": ("已否决", "rejected"),
    "retracted": ("已撤回", "retracted"),
}
_RANK = {standing: rank for rank, standing in enumerate(STANDINGS)}
_PREDICATE_RANK = {name: rank for rank, name in enumerate(PREDICATES)}


class ShowParams(PagedParams):
    """Which node."""

    node: str = Field(max_length=400, title="对象", description="any node: name, alias, code or id")
    limit: int = Field(500, ge=1, le=10_000, title="条数上限", description="how many claims at most")


class ShownClaim(Record):
    """A claim as it was recorded, and what became of it."""

    claim: str = Field(title="陈述标识", description="id of the claim")
    standing: Standing = Field(title="地位", description="what it counts for at this time")
    status: str = Field(title="状态", description="proposed, accepted, rejected or retracted")
    other: NodeRef | None = Field(None, title="另一端", description="the node at the other end; null for a plain value")
    recorded_as: str | None = Field(
        None, title="原标识", description="the id it was recorded under, where that node was merged into this one"
    )
    value: float | str | None = Field(None, title="数值", description="the value as published")
    unit: str | None = Field(None, title="单位", description="unit of the value")
    qualifier: str = Field(
        "", title="限定", description="what tells it apart: capacity, a product, an indicator's name"
    )
    as_of: str | None = Field(None, title="截至", description="when it was seen to hold")
    until: str | None = Field(None, title="失效日", description="the day from which it no longer holds")
    flags: tuple[str, ...] = Field((), title="标记", description="how the source hedges")
    detail: dict[str, str | float | bool] = Field(default_factory=dict, title="附加", description="extras, by name")
    note: str = Field("", title="说明", description="in the loader's own words")
    confidence: float = Field(title="置信度", description="0-1, given by the loader")
    source: CitedSource = Field(title="来源", description="where it comes from")
    recorded_at: str = Field(title="录入时间", description="when it was first recorded; empty for a hypothetical claim")
    revision: int = Field(title="录入版本", description="the store's revision at which it was first recorded")


class ClaimGroup(Record):
    """The claims of one predicate, seen from this node."""

    predicate: str = Field(title="关系", description="the predicate")
    direction: Literal["out", "in"] = Field(
        title="方向", description="out: said of this node; in: this node is the object"
    )
    zh: str = Field(title="中文名", description="its Chinese words, seen from this node")
    en: str = Field(title="英文名", description="its English words, seen from this node")
    total: int = Field(title="总数", description="claims of this group, listed or not")
    claims: tuple[ShownClaim, ...] = Field(title="陈述", description="statement by statement, the preferred one first")


class ShowAnswer(PagedAnswer):
    """All claims about a node: what it says first, then what is said with it; one statement's claims stand together.

    `unplaced` is 1 for an enterprise, project or institution without a place.
    """

    node: NodeRef = Field(title="对象", description="the node")
    kind: str = Field(title="类别", description="its kind")
    dangling: bool = Field(title="无描述", description="claims name it but none describes it")
    merged: tuple[str, ...] = Field(
        title="并入的标识", description="ids that were decided to be this node and occur here"
    )
    standings: dict[str, int] = Field(title="各地位条数", description="how many claims have which standing")
    groups: tuple[ClaimGroup, ...] = Field(title="分组", description="claims by predicate")

    def paged(self) -> Mapping[str, Sequence[Record]]:
        return {"claims": [claim for group in self.groups for claim in group.claims]}


class _Told(NamedTuple):
    """A claim seen from the node."""

    stored: StoredClaim
    direction: Literal["out", "in"]
    other: str | None
    standing: Standing
    # The statement it is about, so that its claims stand together.
    key: tuple[str, str, str]


def run(reader: Reader, params: ShowParams) -> ShowAnswer:
    """Every claim about a node, whatever its status or date."""
    id_ = resolve_name(reader, params.node)
    node = reader.nodes([id_])[0]
    stored = reader.claims([id_])
    ends_of = sorted({end for one in stored for end in (one.claim.subject, one.claim.object) if end})
    known = known_refs(reader, ends_of)
    canonical = {end: known[end].id for end in ends_of}
    told = sorted(_tell(reader, id_, stored, canonical), key=_order)
    page = slice_of(told, params)
    totals = {"claims": len(told)}

    groups: dict[tuple[Literal["out", "in"], str], list[_Told]] = {}
    for one in page:
        groups.setdefault((one.direction, one.stored.claim.predicate), []).append(one)
    sizes = Counter((one.direction, one.stored.claim.predicate) for one in told)
    evidence = Evidence(reader, [as_fact(one.stored.id, one.stored.claim) for one in page])
    names = known_refs(reader, sorted({one.other for one in page if one.other}))
    standings = {name: sum(one.standing == name for one in told) for name in STANDINGS}
    placeable = node.kind in PREDICATES["located_in"].subjects
    return ShowAnswer(
        **envelope("show", reader, params, node=id_),
        looked_at={"claims": len(told), "sources": len({one.stored.claim.source for one in told})},
        unplaced=int(placeable and not places_of(reader, [id_])[id_]),
        truncated=is_cut(totals, params),
        totals=totals,
        node=ref(node),
        kind=node.kind,
        dangling=node.dangling,
        merged=tuple(sorted(end for end, kept in canonical.items() if kept == id_ and end != id_)),
        standings={name: count for name, count in standings.items() if count},
        groups=tuple(
            _group(direction, predicate, rows, sizes[direction, predicate], names, evidence, canonical)
            for (direction, predicate), rows in groups.items()
        ),
    )


def _tell(reader: Reader, node: str, stored: Sequence[StoredClaim], canonical: Mapping[str, str]) -> list[_Told]:
    facts = reader.facts([node], None, "both")
    preferred = {fact.claim for fact in facts}
    disputed = {rival for fact in facts for rival in fact.conflicts}
    sources = {source.id: source for source in reader.sources(sorted({one.claim.source for one in stored}))}
    read = {one.id: _read_as(one.claim, canonical) for one in stored}
    over = [
        read[one.id]
        for one in stored
        if one.status == "accepted"
        and OVER_FLAGS & set(one.claim.flags)
        and is_candidate(one.claim, sources.get(one.claim.source), reader.as_of)
    ]

    def standing(one: StoredClaim) -> Standing:
        if one.id in preferred:
            return "preferred"
        if one.id in disputed:
            return "conflict"
        if one.status != "accepted":
            return one.status
        return _past(read[one.id], sources, over, reader)

    told = []
    for one in stored:
        claim = read[one.id]
        direction: Literal["out", "in"] = "out" if claim.subject == node else "in"
        other = claim.object if direction == "out" else claim.subject
        key = (other or "", claim.qualifier, dimension_of(claim.unit))
        told.append(_Told(one, direction, other, standing(one), key))
    return told


def _past(claim: Claim, sources: Mapping[str, Source], over: Sequence[Claim], reader: Reader) -> Standing:
    """Why an accepted claim is neither preferred nor in conflict."""
    if not is_candidate(claim, sources.get(claim.source), reader.as_of):
        return "not_at_this_time"
    return "ended" if any(ends(later, claim) for later in over) else "superseded"


def _read_as(claim: Claim, canonical: Mapping[str, str]) -> Claim:
    return claim._replace(
        subject=canonical.get(claim.subject, claim.subject),
        object=canonical.get(claim.object, claim.object) if claim.object else None,
    )


def _order(told: _Told) -> tuple[bool, int, tuple[str, str, str], int, int, str]:
    claim = told.stored.claim
    return (
        told.direction == "in",
        _PREDICATE_RANK[claim.predicate],
        told.key,
        _RANK[told.standing],
        -start_of(claim.as_of).toordinal() if claim.as_of else 0,
        told.stored.id,
    )


def _group(
    direction: Literal["out", "in"],
    name: str,
    rows: Sequence[_Told],
    total: int,
    names: Mapping[str, NodeRef],
    evidence: Evidence,
    canonical: Mapping[str, str],
) -> ClaimGroup:
    predicate = PREDICATES[name]
    return ClaimGroup(
        predicate=name,
        direction=direction,
        zh=predicate.inverse_zh or predicate.zh if direction == "in" else predicate.zh,
        en=predicate.inverse_en or predicate.en if direction == "in" else predicate.en,
        total=total,
        claims=tuple(_shown(row, names, evidence, canonical) for row in rows),
    )


def _shown(told: _Told, names: Mapping[str, NodeRef], evidence: Evidence, canonical: Mapping[str, str]) -> ShownClaim:
    claim = told.stored.claim
    own = claim.subject if told.direction == "out" else str(claim.object)
    return ShownClaim(
        claim=told.stored.id,
        standing=told.standing,
        status=told.stored.status,
        other=names[told.other] if told.other else None,
        recorded_as=own if canonical[own] != own else None,
        value=claim.value,
        unit=claim.unit,
        qualifier=claim.qualifier,
        as_of=claim.as_of,
        until=claim.until,
        flags=claim.flags,
        detail=dict(claim.detail),
        note=claim.note,
        confidence=claim.confidence,
        source=evidence.source(claim.source),
        recorded_at=told.stored.recorded_at,
        revision=told.stored.revision,
    )


QUERY = Query("show", "查看对象", "One node with all its claims", ShowParams, ShowAnswer, run, positional=("node",))
