"""Facts of any day, worked out from claims that are fetched for the nodes asked about."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from graph.model.claims import Claim, Source
from graph.model.dates import AsOf
from graph.model.facts import Fact, ends, is_candidate
from graph.readers import neo4j_statements as statements
from graph.readers.port_types import Direction
from graph.readers.pushed import claim_of, in_key_order
from graph.stores.projection import Triple, facts_of, read_through, triple_of

# Runs one statement in the transaction at hand: the values of its rows.
Ask = Callable[..., list[list[Any]]]
# Ids a statement: a few megabytes at most.
CHUNK = 5000
_KEPT_SOURCES = 100_000


class Merges:
    """Which node each merged node is read as, and all nodes that are read as one."""

    def __init__(self, same: Mapping[str, str]) -> None:
        self.same = same
        self._others: defaultdict[str, list[str]] = defaultdict(list)
        for node, kept in same.items():
            self._others[kept].append(node)

    def kept(self, node: str) -> str:
        """The node it is read as."""
        return self.same.get(node, node)

    def members(self, ids: Iterable[str]) -> list[str]:
        """The nodes, kept ones, and all that are read as one of them."""
        return [one for node in ids for one in (node, *self._others.get(node, ()))]

    def merged(self) -> list[str]:
        """Every node that is read as another, and those they are read as."""
        return sorted({*self.same, *self._others})


class Sources:
    """The sources of one revision; those asked for are remembered, as most claims come from few."""

    def __init__(self) -> None:
        self._known: dict[str, Source | None] = {}

    def of(self, ask: Ask, ids: Iterable[str]) -> dict[str, Source]:
        """The described ones among these."""
        wanted = set(ids)
        known = self._known
        for chunk in chunks(sorted(wanted - known.keys()), CHUNK):
            found = {row[0]: Source(*row) for row in ask(statements.SOURCES, ids=chunk)}
            known = {**known, **dict.fromkeys(chunk), **found}
        # Swapped in whole, so that threads need no lock.
        self._known = known if len(known) <= _KEPT_SOURCES else {}
        return {id_: source for id_ in wanted if (source := known[id_]) is not None}


class Resolving:
    """Claims of nodes, resolved at one AsOf. All ids given are kept ones."""

    def __init__(self, merges: Merges, sources: Sources, at: AsOf) -> None:
        self._merges = merges
        self._sources = sources
        self._at = at

    def facts(
        self, ask: Ask, ids: Iterable[str], predicates: Sequence[str] | None, direction: Direction = "out"
    ) -> tuple[Fact, ...]:
        """The facts with these subjects or objects, in key order, flagged ones included."""
        wanted = set(ids)
        found: list[Fact] = []
        # A few nodes at a time: of a hub there may be very many claims.
        for chunk in chunks(sorted(wanted), CHUNK):
            groups, sources = self._groups(ask, chunk, predicates, direction)
            found += (fact for group in groups.values() for fact in facts_of(group, sources, self._at))
        return in_key_order(found)

    def told_by(self, ask: Ask, ids: Iterable[str]) -> dict[str, set[str]]:
        """The sources of all unflagged claims that stand, by subject."""
        told: defaultdict[str, set[str]] = defaultdict(set)
        for chunk in chunks(sorted(set(ids)), CHUNK):
            groups, sources = self._groups(ask, chunk, None, "out")
            for (subject, _, _), group in groups.items():
                standing = [claim for _, claim in group if is_candidate(claim, sources.get(claim.source), self._at)]
                told[subject].update(
                    claim.source
                    for claim in standing
                    if not claim.flags and not any(ends(over, claim) for over in standing)
                )
        return told

    def _groups(
        self, ask: Ask, ids: Sequence[str], predicates: Sequence[str] | None, direction: Direction
    ) -> tuple[dict[Triple, list[tuple[str, Claim]]], dict[str, Source]]:
        """The accepted claims by what they are about, and their sources."""
        members = self._merges.members(ids)
        ways = ("out", "in") if direction == "both" else (direction,)
        claims: dict[str, Claim] = {}
        for way in ways:
            rows = ask(statements.CLAIMS_OF[way], ids=members, predicates=None if predicates is None else [*predicates])
            claims.update(map(claim_of, rows))
        groups: dict[Triple, list[tuple[str, Claim]]] = {}
        for id_, claim in claims.items():
            read = read_through(claim, self._merges.same)
            groups.setdefault(triple_of(read), []).append((id_, read))
        return groups, self._sources.of(ask, (claim.source for claim in claims.values()))


def chunks(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The ids a few at a time."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
