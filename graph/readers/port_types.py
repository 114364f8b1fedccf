"""What a reader gives: nodes, the recipe graph, tallies of a region, ties of the whole graph, ways.

Sequences and arrays come in a defined order, by id unless said otherwise.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph.model.facts import Fact
from graph.model.kinds import NODE_KINDS

Direction = Literal["out", "in", "both"]
Indices = NDArray[np.int32]
Flags = NDArray[np.bool_]
Amounts = NDArray[np.float64]


class Node(NamedTuple):
    """A node with its preferred names; `dangling` when claims name it but none describes it."""

    id: str
    kind: str
    name_zh: str | None
    name_en: str | None
    dangling: bool = False


class Match(NamedTuple):
    """A node found by name. `how`: exact, prefix or contains; `name` is the name that fitted."""

    node: Node
    name: str
    how: str


@dataclass(frozen=True, eq=False)
class Rows:
    """A ragged table (CSR): the row of item i is `items[starts[i]:starts[i + 1]]`, ascending, without repeats."""

    starts: NDArray[np.int64]
    items: Indices

    def row(self, index: int) -> Indices:
        """The items of one row."""
        return self.items[self.starts[index] : self.starts[index + 1]]

    def counts(self) -> NDArray[np.int64]:
        """How many items each row has."""
        return np.diff(self.starts)


@dataclass(frozen=True, eq=False)
class Chain:
    """The recipe graph: products, processes and the flows between them, as indices into `products` and `processes`.

    `roles` (link when nothing is said), `chains` and `stages` hold words, None where unknown; `kinds` holds step,
    recycling or aggregate. `inputs`, `outputs`, `services`, `equipment` are rows of products by process. `above` are
    all products that a product is a kind of, transitive and without itself; `below` is its inverse. `sites` is the
    region id of the deposit a process is tied to, or None. `input_amounts` and `output_amounts` stand beside the items
    of `inputs` and `outputs`: kg per kg of the process's reference flow, NaN where not told or told per something else.
    """

    products: tuple[str, ...]
    index: Mapping[str, int]
    roles: tuple[str, ...]
    chains: tuple[str | None, ...]
    stages: tuple[str | None, ...]
    above: Rows
    below: Rows
    processes: tuple[str, ...]
    kinds: tuple[str, ...]
    sites: tuple[str | None, ...]
    inputs: Rows
    outputs: Rows
    services: Rows
    equipment: Rows
    input_amounts: Amounts
    output_amounts: Amounts

    @cached_property
    def role_words(self) -> NDArray[np.str_]:
        """`roles` as an array, for comparing all at once."""
        return np.array(self.roles, dtype="U12")

    @cached_property
    def chain_codes(self) -> tuple[tuple[str | None, ...], NDArray[np.int64]]:
        """The chains there are, and by product the number of its one in that list."""
        words = tuple(dict.fromkeys(self.chains))
        number = {word: at for at, word in enumerate(words)}
        return words, np.array([number[word] for word in self.chains], np.int64)

    @cached_property
    def kind_words(self) -> NDArray[np.str_]:
        """`kinds` as an array, for comparing all at once."""
        return np.array(self.kinds, dtype="U12")


class ChainEvidence(NamedTuple):
    """What is known of a chain in a region: the base of `searched` and of the completeness shown beside it.

    `makers` here of any product of the chain; `sources` of all their unflagged claims, `recent` of them dated in the
    window asked for; `mentions` = pairs of maker and source, `single` = makers seen in one source only; `newest`
    source date or None.
    """

    makers: int
    sources: int
    recent: int
    mentions: int
    single: int
    newest: str | None


class PipelineProject(NamedTuple):
    """A project here that will make `product` (an index into Chain.products, classes above it included)."""

    product: int
    project: str
    status: str
    expected: str | None
    claims: tuple[str, ...]


class StatedAbsence(NamedTuple):
    """A source says that nobody here makes `product`: by a `lacks` claim or because it lists all makers."""

    product: int
    claims: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Figures:
    """Yearly amounts of entities here, side by side, by entity and product as recorded: used facts above 0, in t/yr.

    `entity` and `product` are indices as in Tally; `inside` tells whether the region holds all unflagged places of the
    entity. There may be several figures for one pair.
    """

    entity: Indices
    product: Indices
    amount: Amounts
    inside: Flags


@dataclass(frozen=True, eq=False)
class Tally:
    """Who makes and uses what in a region, over all products at once. Indices are into Chain.products and `entities`.

    `makers`: rows by product of enterprises and finished projects here that make it or a kind of it; `total` counts the
    same anywhere; `direct`: somebody here is recorded with this very product; `users`: rows by product of enterprises
    here that `consume` it. `unplaced`: makers of something that have no place at all. `evidence` by chain word.
    `groups` numbers the owner group of each entity: enterprises joined by used `owns` facts between enterprises, of at
    least the control share or of a share not told, are one group; an institution that owns two does not join them.
    `capacities`: of enterprises the `produces` facts told as a capacity, of finished projects those of their products;
    `consumption`: the `consumes` facts.
    """

    region: str
    entities: Sequence[str]
    makers: Rows
    total: NDArray[np.int64]
    direct: Flags
    users: Rows
    evidence: Mapping[str, ChainEvidence]
    pipeline: tuple[PipelineProject, ...]
    stated: tuple[StatedAbsence, ...]
    enterprises: int
    unplaced: int
    groups: Indices
    capacities: Figures
    consumption: Figures


@dataclass(frozen=True, eq=False)
class Ties:
    """The used facts of some predicates over the whole graph, side by side, in key order; a row is a fact.

    Facts that do not make a maker (a planned capacity, a stockpile) are left out. `ids` are all nodes ascending, so
    that those of a kind stand together, products as in Chain; `subject` and `object` number them (object -1: none).
    `predicate` numbers `predicates`, `word` numbers `words` (-1: the value is no word), `source` numbers `sources`,
    all ascending. `capacity`: a `produces` told as a capacity, or a project's product. `amount` in t/yr and `share` in
    % (a number without a unit is one) are NaN where not told so. `grade` ranks the source (official 3, company 2, press
    1, other and not described 0). `flagged` and `date_uncertain` tell how it is hedged. `day` and `source_day` are the
    first days of as_of and of the source's date as day numbers, 0 where there is none.
    """

    ids: Sequence[str]
    predicates: tuple[str, ...]
    words: Sequence[str]
    sources: Sequence[str]
    subject: Indices
    predicate: Indices
    object: Indices
    word: Indices
    capacity: Flags
    amount: Amounts
    share: Amounts
    source: Indices
    grade: Indices
    confidence: Amounts
    flagged: Flags
    date_uncertain: Flags
    day: Indices
    source_day: Indices

    def of(self, predicate: str) -> NDArray[np.int64]:
        """The rows of one predicate."""
        return np.flatnonzero(self.predicate == self.predicates.index(predicate))

    def span(self, kind: str) -> tuple[int, int]:
        """The number of the first node of a kind, and the one after its last."""
        prefix = NODE_KINDS[kind].prefix
        return bisect_left(self.ids, f"{prefix}:"), bisect_left(self.ids, f"{prefix};")

    def number(self, node: str) -> int:
        """The number of a node (its canonical id); raises KeyError."""
        at = bisect_left(self.ids, node)
        if at == len(self.ids) or self.ids[at] != node:
            raise KeyError(node)
        return at


class Maker(NamedTuple):
    """Somebody who makes a product or a kind of it: `facts` are the used statements, each about `products` made."""

    entity: str
    facts: tuple[Fact, ...]
    here: bool
    placed: bool


class Capacity(NamedTuple):
    """A yearly capacity as published, in the base unit of its dimension (t/yr ...): of `product` or of a kind of it."""

    entity: str
    product: str
    amount: float
    dimension: str
    claim: str


class Reach(NamedTuple):
    """Nodes by distance from a start, without it, and the facts that lead to them; cycles are walked once."""

    tiers: tuple[tuple[str, ...], ...]
    links: tuple[Fact, ...]
    truncated: bool


class Counts(NamedTuple):
    """How large the graph is: nodes by kind, 0 where none; claims that count, whatever their date; their sources."""

    nodes: Mapping[str, int]
    claims: int
    sources: int
