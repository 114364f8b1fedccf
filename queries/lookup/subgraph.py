"""A part of the graph around some seeds, with what is said of its nodes; `rechain export` writes the same to a file."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Literal

from pydantic import Field, field_validator

from graph.model.errors import BadInput
from graph.model.facts import Fact
from graph.model.kinds import NODE_KINDS
from graph.readers.port import Reader
from graph.readers.port_types import Direction
from queries.base import NodeRef, PagedParams, Params, Query, Record, envelope, resolve_name
from queries.evidence import Evidence, Statement, by_subject
from queries.lookup.subgraph_seeds import seeds_of
from queries.lookup.subgraph_walk import LINKS, Walk, Walked, collect
from queries.paging import PagedAnswer, is_cut, slice_of

Grade = Literal["official", "company", "press", "other"]


class Extent(Params):
    """Where the subgraph begins, how far it reaches, and which statements count."""

    seed: tuple[str, ...] = Field(
        (), max_length=1000, title="起点", description="nodes to begin at: names, aliases, codes or ids"
    )
    kind: tuple[str, ...] = Field(
        (), max_length=20, title="起点类别", description="all nodes of these kinds, or of those below only these kinds"
    )
    region: str | None = Field(
        None, max_length=400, title="地区", description="begin at a region and what is placed in it"
    )
    chain: str | None = Field(
        None, max_length=400, title="产业链", description="begin at the products of a chain: magnet, upstream ..."
    )
    product: str | None = Field(
        None, max_length=400, title="产品", description="begin at a product, its kinds and who makes them"
    )
    predicate: tuple[str, ...] = Field(
        (), max_length=100, title="关系", description="only these statements: supplies, produces ...; none: all"
    )
    hops: int = Field(1, ge=1, le=10, title="步数", description="how many links away from a seed")
    direction: Direction = Field(
        "both", title="方向", description="out: along the statements as told; in: against them; both"
    )
    flagged: bool = Field(
        False, title="含存疑", description="also what is told as planned, former, doubtful, indirect ..."
    )
    min_confidence: float = Field(0.0, ge=0, le=1, title="最低置信度", description="statements of at least this, 0-1")
    min_grade: Grade | None = Field(
        None, title="最低来源等级", description="statements of sources at least so good, official is the best"
    )
    most: int = Field(
        20_000, ge=1, le=1_000_000, title="节点上限", description="how many nodes the subgraph may have; cut off there"
    )

    @field_validator("seed", "kind", "predicate", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class SubgraphParams(Extent, PagedParams):
    """A subgraph, and which page of it is listed."""


class SubgraphAttribute(Record):
    """Something said of a node that is no link: its stage, an indicator, an alias."""

    predicate: str = Field(title="关系", description="the predicate")
    statement: Statement = Field(title="陈述", description="value, date and source")


class SubgraphNode(Record):
    """A node of the subgraph."""

    node: NodeRef = Field(title="对象", description="the node")
    kind: str = Field(title="类别", description="its kind")
    hop: int = Field(title="步数", description="how far from the nearest seed; 0: a seed")
    said: tuple[SubgraphAttribute, ...] = Field(title="属性", description="what is said of it, by predicate")


class SubgraphEdge(Record):
    """A statement that joins two of the nodes."""

    subject: NodeRef = Field(title="主体", description="whom it is said of")
    predicate: str = Field(title="关系", description="the predicate")
    object: NodeRef = Field(title="客体", description="what it leads to")
    statement: Statement = Field(title="陈述", description="amount, date and source")


class NotTaken(Record):
    """What the seeds lead to and the subgraph leaves out. A statement that fails several tests counts once."""

    nodes: int = Field(title="超限节点数", description="reached and beyond the limit; what lies behind is not counted")
    flagged: int = Field(title="带标记陈述数", description="statements told as planned, former, doubtful ...")
    unsure: int = Field(title="低置信陈述数", description="statements below the confidence asked for")
    low_grade: int = Field(title="低等级来源陈述数", description="statements of sources below the grade asked for")


class SubgraphAnswer(PagedAnswer):
    """Nodes by hop, then id; edges by subject, predicate, object. All edges between the nodes are part of it.

    limit and offset cut what is listed, `most` the subgraph itself; `left_out` says what is not in it. `unplaced` is
    always 0. Claims that nobody accepted yet are not part of it.
    """

    seeds: int = Field(title="起点数", description="nodes it begins at")
    claims: int = Field(title="陈述数", description="claims behind it, older and contradicting ones included")
    sources: int = Field(title="来源数", description="documents these claims come from")
    left_out: NotTaken = Field(title="未纳入", description="what is not in it although the seeds lead there")
    nodes: tuple[SubgraphNode, ...] = Field(title="节点", description="the nodes")
    edges: tuple[SubgraphEdge, ...] = Field(title="关系", description="the statements that join them")

    def paged(self) -> Mapping[str, Sequence[Record]]:
        return {"nodes": self.nodes, "edges": self.edges}


def subgraph_of(reader: Reader, asked: Extent, between: Callable[[], None] = lambda: None) -> Walked:
    """The whole subgraph. Raises BadInput for unknown kinds and predicates, and when nothing fits the seeds.

    `between` is called time and again while it is collected and read; what it raises ends that.
    """
    _check("kind", asked.kind, tuple(NODE_KINDS))
    _check("predicate", asked.predicate, LINKS)
    fields = asked.model_dump(include=set(Extent.model_fields))
    understood = Extent.model_validate(fields | resolved_names(reader, asked))
    seeds = seeds_of(reader, understood.seed, asked.kind, understood.region, understood.chain, understood.product)
    walk = Walk(
        asked.predicate or LINKS,
        asked.hops,
        asked.direction,
        asked.flagged,
        asked.min_confidence,
        asked.min_grade,
        asked.most,
    )
    return collect(reader, seeds, walk, understood.model_dump_json(), between)


def run(reader: Reader, params: SubgraphParams) -> SubgraphAnswer:
    """The subgraph, a page of it listed."""
    whole = subgraph_of(reader, params)
    members = sorted(whole.nodes(), key=lambda member: (member.hop, member.id))
    nodes = slice_of(members, params)
    links = list(islice(whole.links(), params.offset, params.offset + params.limit))
    shown = {member.id for member in nodes}
    attributes = [fact for fact in whole.attributes() if fact.subject in shown]
    evidence = Evidence(reader, [*links, *attributes], sorted(shown))
    said = by_subject(attributes)
    totals = {"nodes": whole.size.nodes, "edges": whole.size.links}
    cited = Counter(claim.source for _, claim in whole.claims())

    def attribute(fact: Fact) -> SubgraphAttribute:
        return SubgraphAttribute(predicate=fact.predicate, statement=evidence.statement(fact))

    return SubgraphAnswer(
        **envelope("subgraph", reader, params, **resolved_names(reader, params)),
        looked_at={"nodes": whole.size.nodes, "links": whole.size.links, "claims": cited.total()},
        unplaced=0,
        truncated=whole.left_out.nodes > 0 or is_cut(totals, params),
        totals=totals,
        seeds=sum(member.hop == 0 for member in members),
        claims=cited.total(),
        sources=len(cited),
        left_out=NotTaken(**whole.left_out._asdict()),
        nodes=tuple(
            SubgraphNode(
                node=evidence.node(member.id),
                kind=member.kind,
                hop=member.hop,
                said=tuple(attribute(fact) for fact in said[member.id]),
            )
            for member in nodes
        ),
        edges=tuple(
            SubgraphEdge(
                subject=evidence.node(fact.subject),
                predicate=fact.predicate,
                object=evidence.node(str(fact.object)),
                statement=evidence.statement(fact),
            )
            for fact in links
        ),
    )


def resolved_names(reader: Reader, params: Extent) -> dict[str, object]:
    """The names among the parameters, as ids."""
    return {
        "seed": [resolve_name(reader, name) for name in params.seed],
        "region": resolve_name(reader, params.region, ("region",)) if params.region is not None else None,
        "product": resolve_name(reader, params.product, ("product",)) if params.product is not None else None,
    }


def _check(name: str, given: Sequence[str], known: Sequence[str]) -> None:
    for one in given:
        if one not in known:
            raise BadInput(
                "'{name}' should be one of {expected}, not '{value}'.",
                name=name,
                expected=", ".join(known),
                value=one[:80],
            )


QUERY = Query("subgraph", "截取子图", "A part of the graph around some seeds", SubgraphParams, SubgraphAnswer, run)
