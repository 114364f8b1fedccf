"""A question with a list of targets made by hand, for the tests of what is done with such lists.

Twelve candidates e1 ... e12 in the order of their rank. The even ones make the product (part `makes` 0.8, else 0.2);
the first eight have a known `pull` (1.0 for e1-e4, 0.4 for e5-e8), e9 and e10 none, e11 and e12 a neutral 0.5.
"""

from typing import Any

from pydantic import Field
from tiny import claim

from graph.model.claims import Claim
from graph.readers.port import Reader
from queries.base import Answer, NodeRef, Params, Query, Record, envelope

COUNT = 12
CLAIMS: tuple[Claim, ...] = tuple(
    one
    for n in range(1, COUNT + 1)
    for one in (claim(f"ent:e{n}", "name_zh", f"候选{n}号公司"), claim(f"ent:e{n}", "name_en", f"Candidate {n} Co."))
)


class Part(Record):
    """A part of a score."""

    name: str
    weight: float
    value: float | None
    contribution: float
    unknown: bool = False
    claims: tuple[str, ...] = ()


class Target(Record):
    """A row of the list."""

    enterprise: NodeRef
    product: NodeRef
    rank: int
    score: float
    parts: tuple[Part, ...]


class WhomParams(Params):
    """A region, and how many rows."""

    region: str = Field("reg:zone", title="地区", description="region")
    count: int = Field(COUNT, title="条数", description="how many")


class WhomAnswer(Answer):
    """Whom to invite, by hand."""

    targets: tuple[Target, ...] = Field(title="对象")
    weights: dict[str, float] = Field(title="权重")


def _target(n: int) -> Target:
    makes, pull = (0.8 if n % 2 == 0 else 0.2), (1.0 if n <= 4 else 0.4 if n <= 8 else None if n <= 10 else 0.5)
    parts = (
        Part(name="makes", weight=0.6, value=makes, contribution=0.6 * makes),
        Part(name="pull", weight=0.4, value=pull, contribution=0.4 * (pull or 0), unknown=n > 10),
    )
    return Target(
        enterprise=NodeRef(id=f"ent:e{n}", name_zh=f"候选{n}号公司", name_en=f"Candidate {n} Co."),
        product=NodeRef(id="prd:magnet", name_zh="磁体", name_en="magnet"),
        rank=n,
        score=sum(part.contribution for part in parts),
        parts=parts,
    )


def run(reader: Reader, params: WhomParams) -> WhomAnswer:
    """The same list whatever the graph says."""
    return WhomAnswer(
        **envelope("whom", reader, params),
        looked_at={},
        unplaced=0,
        truncated=params.count < COUNT,
        targets=tuple(_target(n) for n in range(1, params.count + 1)),
        weights={"makes": 0.6, "pull": 0.4},
    )


QUERY: Query[Any, Any] = Query("whom", "请谁", "Whom to invite", WhomParams, WhomAnswer, run)
