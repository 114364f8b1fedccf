"""What stands behind one row of the gap list: claims, pipeline projects, concentration, coverage of its chain."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from graph.model.dates import end_of
from graph.readers.port import Reader
from graph.readers.port_types import ChainEvidence, PipelineProject, Tally
from graph.readers.ragged import distinct, pairs
from queries.base import NodeRef, Record, refs
from queries.chain.absence import completeness
from queries.chain.concentration import Concentration, local_concentration, national_concentration
from queries.chain.presence import Presence

_CLAIMS_SHOWN = 200
# Claims on who makes it: enough to visit; `producers` lists all.
_MAKERS_CITED = 50
MAKING = ("produces", "project_product")


class PipelineItem(Record):
    """A project here that will make the product."""

    project: NodeRef = Field(title="项目")
    status: str = Field(title="状态")
    expected: str | None = Field(title="预计完工", description="as the source gives it")
    status_as_of: str | None = Field(title="状态日期", description="when it was seen to have this status")
    overdue: bool = Field(
        title="已过期", description="the expected date is past, the status still open: it closes nothing"
    )
    claims: tuple[str, ...] = Field(title="陈述")


class RowEvidence(Record):
    """What is known of the product's chain here."""

    makers_in_chain: int = Field(title="同链企业数", description="makers here in its chain")
    sources: int = Field(title="近年来源数", description="recent sources on them")
    completeness: float | None = Field(
        title="完整度估计", description="Good-Turing: 1 - seen in one source only / mentions"
    )


class GapEvidence(NamedTuple):
    """All of it for one product."""

    pipeline: tuple[PipelineItem, ...]
    closes_on: str | None
    concentration: Concentration | None
    local_concentration: Concentration | None
    evidence: RowEvidence
    claims: tuple[str, ...]


def owners_of(tally: Tally) -> NDArray[np.int64]:
    """How many owner groups make each product here."""
    counts = tally.makers.counts()
    product = np.repeat(np.arange(len(counts)), counts)
    group = tally.groups[tally.makers.items].astype(np.int64)
    makers_by_group = distinct(product << 32 | group) >> 32
    return np.bincount(makers_by_group, minlength=len(counts))


def gap_evidence(
    reader: Reader, tally: Tally, presence: Presence, products: Sequence[int], region: str
) -> list[GapEvidence]:
    """The evidence of each of these products, in their order."""
    chain = reader.chain()
    pipeline: defaultdict[int, list[PipelineProject]] = defaultdict(list)
    for project in tally.pipeline:
        pipeline[project.product].append(project)
    stated = {absent.product: absent.claims for absent in tally.stated}
    projects = sorted({p.project for number in products for p in pipeline[number]})
    project_names = refs(reader, projects)
    said_on = {fact.subject: fact.as_of for fact in reader.facts(projects, ("status",)) if fact.used}
    country = country_of(reader, region)
    today = reader.as_of.valid
    found = []
    for number in products:
        coming = sorted(pipeline[number], key=lambda p: (p.expected or "9999", p.project))
        told = tally.evidence.get(chain.chains[number] or "", ChainEvidence(0, 0, 0, 0, 0, None))
        items = tuple(
            PipelineItem(
                project=project_names[p.project],
                status=p.status,
                status_as_of=said_on.get(p.project),
                expected=p.expected,
                overdue=is_overdue(p, today),
                claims=p.claims,
            )
            for p in coming
        )
        cited = cited_for(reader, tally, presence, number)
        cited += stated.get(number, ())
        cited += [claim for p in coming for claim in p.claims]
        found.append(
            GapEvidence(
                items,
                next((p.expected for p in coming if p.expected and not is_overdue(p, today)), None),
                national_concentration(reader, chain.products[number], int(tally.total[number]), country),
                local_concentration(chain, tally, number),
                RowEvidence(makers_in_chain=told.makers, sources=told.recent, completeness=completeness(told)),
                tuple(sorted(set(cited)))[:_CLAIMS_SHOWN],
            )
        )
    return found


def is_overdue(project: PipelineProject, today: date) -> bool:
    """Whether all of the time it was expected in is past, and still its status is open."""
    return project.expected is not None and end_of(project.expected) < today


def cited_for(reader: Reader, tally: Tally, presence: Presence, number: int) -> list[str]:
    """Claims by which it is made, here or else elsewhere; by which it is needed, and by which recipes."""
    chain = reader.chain()
    product = chain.products[number]
    kinds = [product, *(chain.products[int(kind)] for kind in chain.below.row(number))]
    here = [tally.entities[int(maker)] for maker in tally.makers.row(number)[:_CLAIMS_SHOWN]]
    cited = list(reader.cite(here or None, MAKING, kinds, _MAKERS_CITED))
    cited += reader.cite([product], ("input_to",))
    cited += reader.cite(None, ("uses", "yields"), [product])
    needing = [chain.products[int(by)] for by in presence.needing.row(number)]
    process, input_ = pairs(chain.inputs)
    server, service = pairs(chain.services)
    into = [chain.processes[int(p)] for p in np.union1d(process[input_ == number], server[service == number])]
    if needing and into:
        cited += reader.cite(into, ("yields",), needing)
    users = [tally.entities[int(entity)] for entity in presence.users.row(number)[:_CLAIMS_SHOWN]]
    if users:
        below = {chain.products[int(kind)] for by in presence.needing.row(number) for kind in chain.below.row(int(by))}
        cited += reader.cite(users, (*MAKING, "consumes"), sorted({*needing, *below, product}))
    return cited


def country_of(reader: Reader, region: str) -> str | None:
    """The country a region is told to be in."""
    told = [fact.value for fact in reader.facts([region], ("country",), "out")]
    return str(told[0]) if told else None
