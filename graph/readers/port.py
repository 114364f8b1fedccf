"""The Reader port: how questions see the graph at one AsOf, in the words of the domain.

Two implementations, one contract suite (`tests/contract/test_reader_*.py`), equal answers. Everything a reader returns
is about one AsOf and one revision: a reader never sees half a load. Ids are canonical: two nodes decided to be the same
are one node here. Sequences come in a defined order, by id unless said otherwise.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from graph.model.claims import Claim, Source, StoredClaim
from graph.model.dates import AsOf
from graph.model.facts import Fact
from graph.readers.port_types import (
    Capacity,
    Chain,
    Counts,
    Direction,
    Flags,
    Maker,
    Match,
    Node,
    Reach,
    Tally,
    Ties,
)


class Reader(Protocol):
    """The graph at one AsOf. Unknown ids raise NodeMissing; a store that is away raises StoreDown."""

    @property
    def as_of(self) -> AsOf:
        """The AsOf that everything here is about."""
        ...

    @property
    def revision(self) -> int:
        """The revision of the store that everything here is about."""
        ...

    @property
    def merged(self) -> Mapping[str, str]:
        """Nodes decided to be another one, with that other one's id; claims name them as they were recorded."""
        ...

    def counts(self) -> Counts:
        """How large the graph is."""
        ...

    def nodes(self, ids: Sequence[str]) -> tuple[Node, ...]:
        """The nodes, in the order asked for; an id decided to be another node gives that other node."""
        ...

    def ids(self, kinds: Sequence[str]) -> tuple[str, ...]:
        """All nodes of these kinds, dangling ones included."""
        ...

    def find(self, text: str, kinds: Sequence[str] | None = None, limit: int = 20) -> tuple[Match, ...]:
        """Nodes by name, best first (see Store.search)."""
        ...

    def facts(
        self, ids: Sequence[str], predicates: Sequence[str] | None = None, direction: Direction = "out"
    ) -> tuple[Fact, ...]:
        """The facts with these subjects (`out`) or objects (`in`), in key order; flagged ones included."""
        ...

    def cite(
        self,
        subjects: Sequence[str] | None,
        predicates: Sequence[str],
        objects: Sequence[str] | None = None,
        limit: int = 200,
    ) -> tuple[str, ...]:
        """Claim ids of the used facts from these subjects (None: any) to these objects (None: any), in key order.

        Facts that do not make a maker (a planned capacity, a stockpile) are left out. One of the ends must be given.
        """
        ...

    def claims(
        self, ids: Sequence[str], direction: Direction = "both", predicates: Sequence[str] | None = None
    ) -> tuple[StoredClaim, ...]:
        """By claim ids, or all claims about nodes, whatever their status or date, in recorded order.

        `out`: claims with one of the nodes as subject, `in`: as object; `predicates` narrows what is said of nodes.
        Ids that nothing was ever said of give nothing.
        """
        ...

    def sources(self, ids: Sequence[str] | None = None) -> tuple[Source, ...]:
        """The sources with these ids, or all that a claim that counts comes from, in id order.

        Unknown ids are left out; a source that is cited and not described has nothing but its id.
        """
        ...

    def conflicts(self, ids: Sequence[str] | None = None) -> tuple[Fact, ...]:
        """The facts that have conflicts, of all nodes or with these subjects, in key order."""
        ...

    def chain(self) -> Chain:
        """The recipe graph."""
        ...

    def applies(self, region: str) -> Flags:
        """Which processes (indices into Chain.processes) apply in a region.

        All but those tied to a deposit; these in a region that holds the deposit's, lies in it, or shares a province
        with it (a province: a region that is part of a root region, which is part of none).
        """
        ...

    def around(self, region: str) -> tuple[str, ...]:
        """The region and all regions it is part of, nearest first, by id at one distance."""
        ...

    def placed(self, region: str, kinds: Sequence[str]) -> tuple[str, ...]:
        """Nodes of these kinds with a used place in the region or in a part of it."""
        ...

    def unplaced(self, kinds: Sequence[str]) -> tuple[str, ...]:
        """Nodes of these kinds without any used place."""
        ...

    def tally(self, region: str, recent_years: float = 8.0, control_share: float = 50.0) -> Tally:
        """Who makes and uses what in a region.

        Sources count as recent when dated within these years before as_of; `control_share` in % makes an owner group.
        """
        ...

    def makers(self, product: str, region: str | None = None) -> tuple[Maker, ...]:
        """Who makes a product or a kind of it, anywhere; `here` tells whether in `region`."""
        ...

    def ties(self, predicates: Sequence[str]) -> Ties:
        """All used facts of these predicates at once, for what is worked out over the whole graph.

        The same object each time it is asked for with the same predicates, so that what follows from it can be kept.
        """
        ...

    def capacities(self, product: str, country: str | None = None) -> tuple[Capacity, ...]:
        """Used facts that tell an enterprise's capacity for a product or a kind of it, by entity, product, dimension.

        Amounts above zero that have a unit. With `country` (as in the `country` statement) only of enterprises there.
        """
        ...

    def reach(self, start: str, predicate: str, direction: Direction, hops: int, limit: int) -> Reach:
        """Nodes up to `hops` away over used facts of one predicate; at most `limit` nodes, then `truncated`."""
        ...

    def at(self, as_of: AsOf) -> "Reader":
        """The same claims of the same revision, supposed and left-out ones included, at another AsOf."""
        ...

    def with_claims(self, added: Sequence[Claim], dropped: Sequence[str] = ()) -> "Reader":
        """The same graph with hypothetical claims laid over it, and claims (by id) left out; in doubt left out."""
        ...
