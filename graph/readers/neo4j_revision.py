"""One revision of a Neo4j store: read transactions that see no other, and what is looked up once for all days."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from graph.model.errors import NodeMissing, StoreBusy
from graph.model.kinds import kind_of
from graph.readers import neo4j_statements as statements
from graph.readers.neo4j_claims import CHUNK, Ask, Merges, Sources, chunks
from graph.readers.port_types import Chain, Counts, Node
from graph.readers.pushed import RecipeFacts, chain_of, link_of
from graph.stores.neo4j import Neo4jStore

T = TypeVar("T")
# Ids that are known to be there, kept at once.
_KEPT = 200_000


class State(NamedTuple):
    """What the store says of itself: its revision and the day its plain graph is of. Both only grow."""

    revision: int
    facts_as_of: str | None


def state_of(store: Neo4jStore) -> State:
    """The state of now."""
    return store.read(lambda tx: _state(_asking(tx)))


class Revision:
    """A store in one state. What readers of any day share is looked up once and kept."""

    def __init__(self, store: Neo4jStore, state: State, merges: Merges) -> None:
        self._store = store
        self.state = state
        self.merges = merges
        self.sources = Sources()
        self._known: set[str] = set()
        self._chain: Chain | None = None
        self._counts: Counts | None = None
        self._recipes: RecipeFacts | None = None

    def read(self, body: Callable[[Ask], T]) -> T:
        """Run the body in one transaction; raises StoreBusy when the store is past this state at its end.

        Neo4j reads what is committed, statement by statement: what was written since would be mixed in.
        """

        def guarded(tx: Any) -> T:
            ask = _asking(tx)
            try:
                answer = body(ask)
            except (NodeMissing, LookupError):
                self._compare(_state(ask))  # what is not there may just have gone
                raise
            self._compare(_state(ask))
            return answer

        return self._store.read(guarded)

    def _compare(self, found: State) -> None:
        if found != self.state:
            raise StoreBusy(
                "Somebody wrote to {location} while this was read (revision {before}, now {now}). Ask again.",
                location=self._store.location,
                before=self.state.revision,
                now=found.revision,
            )

    def kept(self, ask: Ask, ids: Sequence[str]) -> list[str]:
        """The ids read as the nodes they are; raises NodeMissing for the first that is not there."""
        wanted = [self.merges.kept(asked) for asked in ids]
        known = self._known
        for chunk in chunks(sorted(set(wanted) - known), CHUNK):
            known = known.union(id_ for (id_,) in ask(statements.KNOWN, ids=chunk))
        # Swapped in whole, so that threads need no lock.
        self._known = known if len(known) <= _KEPT else set()
        for asked, id_ in zip(ids, wanted, strict=True):
            if id_ not in known:
                raise NodeMissing(asked)
        return wanted

    def named(self, ask: Ask, ids: Iterable[str]) -> dict[str, Node]:
        """The nodes that are there, by the ids given."""
        merges = self.merges
        asked = {id_: merges.kept(id_) for id_ in ids}
        found = {
            id_: Node(id_, kind_of(id_).name, zh, en, dangling)
            for chunk in chunks(sorted(set(asked.values())), CHUNK)
            for id_, zh, en, dangling in ask(statements.NODES, ids=chunk)
        }
        return {id_: found[kept] for id_, kept in asked.items() if kept in found}

    def chain(self) -> Chain:
        """The recipe graph."""
        if self._chain is None:
            self._chain = self.read(
                lambda ask: chain_of(ask(statements.PRODUCTS), ask(statements.PROCESSES), self.recipes(ask))
            )
        return self._chain

    def recipes(self, ask: Ask) -> RecipeFacts:
        """The flows of all recipes."""
        if self._recipes is None:
            self._recipes = RecipeFacts(map(link_of, ask(statements.RECIPES)))
        return self._recipes

    def counts(self) -> Counts:
        """How large the graph is."""
        if self._counts is None:
            self._counts = self.read(_counted)
        return self._counts


def _asking(tx: Any) -> Ask:
    def ask(statement: str, **parameters: Any) -> list[list[Any]]:
        rows: list[list[Any]] = tx.run(statement, parameters).values()
        return rows

    return ask


def _state(ask: Ask) -> State:
    rows = ask(statements.STATE)
    return State(*rows[0]) if rows else State(-1, None)


def _counted(ask: Ask) -> Counts:
    ((claims,),) = ask(statements.COUNT_CLAIMS)
    nodes = {kind: ask(statement)[0][0] for kind, statement in statements.COUNT.items()}
    return Counts(nodes, claims, len(ask(statements.CITED_SOURCES)))
