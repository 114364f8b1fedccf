"""One row of the gap list: the link, its state and kind, who needs it, and the evidence behind it."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from graph.readers.port import Reader
from graph.readers.port_types import Indices
from queries.base import NodeRef, Record, refs
from queries.chain.absence import WHY_UNKNOWN
from queries.chain.assessment import KIND_NAMES, Assessment, Kind, Thresholds
from queries.chain.concentration import Concentration
from queries.chain.evidence import PipelineItem, RowEvidence, gap_evidence
from queries.chain.supply import Supply, supply_of

_NAMED = 200
FLAG_WORDS: dict[str, tuple[str, str]] = {
    "weak": ("本地供应不足", "capacity here falls short of the demand here"),
    "single_source": ("本地仅一家（同一集团）", "one owner group makes it here"),
    "bottleneck": ("瓶颈", "without it a target of its chain can no longer be made here"),
    "concentrated": ("全国产能集中", "national capacity is concentrated"),
    "no_recipe": ("无工艺数据", "no recipe is known"),
}


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
    flags: tuple[str, ...] = Field(title="标记", description="weak, single_source, bottleneck, concentrated, no_recipe")
    local_makers: tuple[str, ...] = Field(title="本地生产者", description="ids, at most 200")
    needed_by: tuple[str, ...] = Field(title="本地需求者", description="ids of makers here that need it, at most 200")
    users: int = Field(title="本地需求者数", description="how many need it")
    inputs_here: float = Field(title="投入品本地率", description="0-1, best share over its recipes")
    pipeline: tuple[PipelineItem, ...] = Field(title="在途项目", description="projects here that will make it")
    closes_on: str | None = Field(title="预计补上", description="earliest expected date of these projects")
    makers_elsewhere: int = Field(title="外地生产者数")
    concentration: Concentration | None = Field(title="全国集中度", description="null: too few capacities are known")
    local_concentration: Concentration | None = Field(
        title="本地集中度", description="null: too few capacities are known"
    )
    supply: Supply | None = Field(title="本地供需", description="null: neither a capacity nor a demand is known")
    evidence: RowEvidence = Field(title="依据", description="what is known of its chain here")
    claims: tuple[str, ...] = Field(title="陈述", description="ids of the claims behind this row, at most 200")


class UnknownLink(Record):
    """A link of which nothing can be said yet."""

    product: GapProduct = Field(title="环节")
    why: str = Field(title="原因", description=", ".join(WHY_UNKNOWN))
    needed_by: tuple[str, ...] = Field(title="本地需求者", description="ids, at most 200")
    users: int = Field(title="本地需求者数")


def link_refs(reader: Reader, assessment: Assessment, numbers: Sequence[int]) -> list[GapProduct]:
    """Products as rows name them, in their order."""
    chain = assessment.chain
    names = refs(reader, [chain.products[number] for number in numbers])
    return [
        GapProduct(**names[chain.products[number]].model_dump(), chain=chain.chains[number], role=chain.roles[number])
        for number in numbers
    ]


def gap_rows(reader: Reader, assessment: Assessment, numbers: Sequence[int], thresholds: Thresholds) -> tuple[Gap, ...]:
    """The rows of these products, each present or missing, in their order."""
    tally, presence = assessment.tally, assessment.presence
    rows = gap_evidence(reader, tally, presence, numbers, assessment.region)
    gaps = []
    for number, product, row in zip(numbers, link_refs(reader, assessment, numbers), rows, strict=True):
        present = bool(assessment.present[number])
        flags = [
            *(["weak"] if assessment.weak[number] else []),
            *(["single_source"] if assessment.owners[number] == 1 else []),
            *(["bottleneck"] if assessment.bottleneck[number] else []),
            *(["concentrated"] if row.concentration and row.concentration.hhi > thresholds.hhi else []),
            *([] if presence.has_recipe[number] else ["no_recipe"]),
        ]
        gaps.append(
            Gap(
                product=product,
                state="present" if present else "missing",
                kind=KIND_NAMES[assessment.kind[number]],
                absence=None if present else "stated" if assessment.stated[number] else "searched",
                flags=tuple(flags),
                local_makers=_named(assessment, tally.makers.row(number)),
                needed_by=_named(assessment, presence.users.row(number)),
                users=int(assessment.users[number]),
                inputs_here=round(float(presence.inputs_here[number]), 4),
                pipeline=row.pipeline,
                closes_on=row.closes_on,
                makers_elsewhere=int(tally.total[number] - len(tally.makers.row(number))),
                concentration=row.concentration,
                local_concentration=row.local_concentration,
                supply=supply_of(assessment.quantities, number),
                evidence=row.evidence,
                claims=row.claims,
            )
        )
    return tuple(gaps)


def unknown_rows(reader: Reader, assessment: Assessment, numbers: Sequence[int]) -> tuple[UnknownLink, ...]:
    """The rows of these unknown products, in their order."""
    reasons = tuple(WHY_UNKNOWN)
    return tuple(
        UnknownLink(
            product=product,
            why=reasons[assessment.absence.why[number]],
            needed_by=_named(assessment, assessment.presence.users.row(number)),
            users=int(assessment.users[number]),
        )
        for number, product in zip(numbers, link_refs(reader, assessment, numbers), strict=True)
    )


def _named(assessment: Assessment, entities: Indices) -> tuple[str, ...]:
    return tuple(assessment.tally.entities[int(entity)] for entity in entities[:_NAMED])
