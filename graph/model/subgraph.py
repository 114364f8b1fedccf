"""A part of the graph that can be taken away: its nodes, what is said of them, and every claim and source behind it."""

from dataclasses import dataclass
from typing import NamedTuple

from graph.model.claims import Claim, Source
from graph.model.facts import Fact


class Member(NamedTuple):
    """A node of a subgraph. `hop`: how far from the nearest seed, 0 for a seed; `dangling` as in readers."""

    id: str
    kind: str
    name_zh: str | None
    name_en: str | None
    hop: int
    dangling: bool = False


class LeftOut(NamedTuple):
    """What is not in a subgraph although its seeds lead to it.

    `nodes`: reached and beyond the limit on nodes (what lies behind them is not counted). Statements between nodes that
    were looked at: `flagged` (planned, former, doubtful ...), `unsure` (below the confidence asked for), `low_grade`
    (of a source below the grade asked for); one that fails several tests counts under the first.
    """

    nodes: int = 0
    flagged: int = 0
    unsure: int = 0
    low_grade: int = 0


@dataclass(frozen=True)
class Subgraph:
    """Nodes by id; facts in key order; claims by id; sources by id.

    `links` join two of the nodes; `attributes` are literal facts about one of them. `claims` are all accepted claims
    that speak at this AsOf about the same subject, predicate and object as one of the facts, so the preferred ones, the
    older and the contradicting ones; their ids and nodes are as recorded, before nodes were decided to be the same.
    `asked` is the question's parameters as JSON, so that the same subgraph can be asked for again.
    """

    asked: str
    as_of: str
    known_at: str | None
    revision: int
    nodes: tuple[Member, ...]
    links: tuple[Fact, ...]
    attributes: tuple[Fact, ...]
    claims: tuple[tuple[str, Claim], ...]
    sources: tuple[Source, ...]
    left_out: LeftOut
