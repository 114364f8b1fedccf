"""Names to nodes: what in the graph is called so, and by which of its names it was found."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from graph.model.errors import BadInput
from graph.readers.port import Reader
from queries.base import NodeRef, PagedParams, Query, Record, envelope, ref
from queries.paging import PagedAnswer

Kind = Literal["enterprise", "product", "process", "project", "region", "institution", "policy", "chain"]


class SearchParams(PagedParams):
    """What to look for."""

    text: str = Field(
        max_length=400, title="名称", description="a name or a part of one, an alias, a code, pinyin or its initials"
    )
    kind: Kind | None = Field(None, title="类别", description="only nodes of this kind")
    limit: int = Field(20, ge=1, le=1000, title="条数上限", description="how many rows at most")
    offset: int = Field(0, ge=0, le=10_000, title="跳过条数", description="how many rows to leave out first")


class Hit(Record):
    """A node that is called so."""

    node: NodeRef = Field(title="对象", description="the node")
    kind: str = Field(title="类别", description="its kind")
    name: str = Field(title="匹配的名称", description="which of its names fitted")
    how: str = Field(title="匹配方式", description="exact, prefix or contains")
    dangling: bool = Field(title="无描述", description="claims name it but none describes it")


class SearchAnswer(PagedAnswer):
    """Nodes by name, best first: exact before prefix before contains, shorter names first, then id."""

    hits: tuple[Hit, ...] = Field(title="结果", description="the nodes found")

    def paged(self) -> Mapping[str, Sequence[Record]]:
        return {"hits": self.hits}


def run(reader: Reader, params: SearchParams) -> SearchAnswer:
    """Raises BadInput for a text without a visible character."""
    text = params.text.strip()
    if not text:
        raise BadInput("An empty text was given. Give a name or a part of one.")
    kinds = (params.kind,) if params.kind else None
    # One more than asked for tells whether there are more; counting all of them would cost a walk over every name.
    found = reader.find(text, kinds, params.offset + params.limit + 1)
    nodes = reader.counts().nodes
    more = len(found) > params.offset + params.limit
    return SearchAnswer(
        **envelope("search", reader, params, text=text),
        looked_at={"nodes": sum(count for kind, count in nodes.items() if not kinds or kind in kinds)},
        unplaced=0,
        truncated=more,
        totals={} if more else {"hits": len(found)},
        hits=tuple(
            Hit(
                node=ref(match.node),
                kind=match.node.kind,
                name=match.name,
                how=match.how,
                dangling=match.node.dangling,
            )
            for match in found[params.offset : params.offset + params.limit]
        ),
    )


QUERY = Query("search", "查找名称", "Names to nodes", SearchParams, SearchAnswer, run, positional=("text",))
