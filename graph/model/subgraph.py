"""A part of the graph that can be taken away: its nodes, what is said of them, and every claim and source behind it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

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


class Size(NamedTuple):
    """How large a subgraph is."""

    nodes: int
    links: int
    attributes: int


class Subgraph(Protocol):
    """What exports write. The methods read anew with each call and hold little at a time, however large it is.

    `asked` is the question's parameters as JSON, so that the same subgraph can be asked for again.
    """

    @property
    def asked(self) -> str: ...
    @property
    def as_of(self) -> str: ...
    @property
    def known_at(self) -> str | None: ...
    @property
    def revision(self) -> int: ...
    @property
    def left_out(self) -> LeftOut: ...
    @property
    def size(self) -> Size: ...

    def nodes(self) -> Iterator[Member]:
        """The nodes by id."""
        ...

    def links(self) -> Iterator[Fact]:
        """Facts that join two of the nodes, in key order: by subject, predicate, object, qualifier, dimension."""
        ...

    def attributes(self) -> Iterator[Fact]:
        """Literal facts about one of the nodes, in key order."""
        ...

    def claims(self) -> Iterator[tuple[str, Claim]]:
        """Every accepted claim that speaks at this AsOf about the subject, predicate and object of one of the facts.

        So the preferred ones, the older and the contradicting ones, by the node they are about, then id. Their ids and
        nodes are as recorded, before nodes were decided to be the same.
        """
        ...

    def sources(self) -> Iterator[Source]:
        """The sources of these claims, by id."""
        ...

    def described(self, ids: Sequence[str]) -> Mapping[str, Source]:
        """Sources by id, for who needs those of some facts only."""
        ...
