"""What exactly is in a subgraph, node by node and claim by claim: what an exported bundle is checked by."""

from hashlib import sha256
from itertools import groupby

from pydantic import Field

from graph.model.claims import Source
from graph.model.facts import Fact
from graph.readers.port import Reader
from queries.base import Answer, Query, Record, envelope
from queries.lookup.subgraph import Extent, NotTaken, resolved_names, subgraph_of


class NodeContents(Record):
    """A node and what is said of it. Claims are named by their ids, which follow from what they say."""

    node: str = Field(title="标识", description="id")
    hop: int = Field(title="步数", description="links away from the nearest seed")
    facts: tuple[str, ...] = Field(title="采信陈述", description="preferred claims with it as subject, links first")
    others: tuple[str, ...] = Field(title="其他陈述", description="older and contradicting claims behind these facts")


class SourceContents(Record):
    """A source, and what its record says as a hash: a changed date or licence shows."""

    id: str = Field(title="标识", description="id")
    digest: str = Field(title="摘要", description="SHA-256 of address, publisher, date, grade and licence")


class ContentsAnswer(Answer):
    """Nodes by id, sources by id; whole, whatever its size."""

    left_out: NotTaken = Field(title="未纳入", description="what is not in it although the seeds lead there")
    nodes: tuple[NodeContents, ...] = Field(title="节点", description="the nodes")
    sources: tuple[SourceContents, ...] = Field(title="来源", description="where the claims come from")


def run(reader: Reader, params: Extent) -> ContentsAnswer:
    """The contents of the subgraph that `rechain subgraph` pages through and `rechain export` writes."""
    whole = subgraph_of(reader, params)
    facts: dict[str, list[str]] = {}
    for told in (whole.links(), whole.attributes()):
        for subject, group in groupby(told, key=_subject):
            facts.setdefault(subject, []).extend(fact.claim for fact in group)
    read_as = reader.merged
    behind: dict[str, set[str]] = {}
    for id_, claim in whole.claims():
        behind.setdefault(read_as.get(claim.subject, claim.subject), set()).add(id_)
    size = whole.size
    return ContentsAnswer(
        **envelope("contents", reader, params, **resolved_names(reader, params)),
        looked_at={"nodes": size.nodes, "links": size.links, "claims": sum(len(ids) for ids in behind.values())},
        unplaced=0,
        truncated=whole.left_out.nodes > 0,
        left_out=NotTaken(**whole.left_out._asdict()),
        nodes=tuple(
            NodeContents(
                node=member.id,
                hop=member.hop,
                facts=tuple(facts.get(member.id, ())),
                others=tuple(sorted(behind.get(member.id, set()) - set(facts.get(member.id, ())))),
            )
            for member in whole.nodes()
        ),
        sources=tuple(SourceContents(id=source.id, digest=_digest(source)) for source in whole.sources()),
    )


def _subject(fact: Fact) -> str:
    return fact.subject


def _digest(source: Source) -> str:
    return sha256("\x1f".join("" if part is None else part for part in source[1:]).encode("utf-8")).hexdigest()


QUERY = Query("contents", "子图内容清单", "What exactly is in a subgraph, claim by claim", Extent, ContentsAnswer, run)
