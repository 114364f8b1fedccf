"""Numbers for the sources of a dossier, in the order in which its rows first cite them."""

from collections.abc import Iterable, Sequence

from graph.model.facts import Fact
from graph.readers.port import Reader
from queries.base import NodeRef
from queries.dossier.rows import Grounds, NumberedSource, Rival, Told
from queries.evidence import CitedSource, Evidence, Statement, cited_source

_CLAIMS_NAMED = 8


class Citing:
    """Turns facts into rows that cite their sources by number.

    `over` fetches names, notes and contradicting claims of many facts at once; rows are then made one by one, and a
    source gets its number when the first row cites it.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._numbers: dict[str, int] = {}
        self._sources: dict[str, CitedSource] = {}

    def over(self, facts: Iterable[Fact], nodes: Iterable[str] = ()) -> "CitedFacts":
        """Some facts, and some more nodes, to make rows of."""
        return CitedFacts(self, Evidence(self._reader, facts, nodes, notes=True))

    def grounds(self, claims: Iterable[str]) -> Grounds:
        """The first of these claims, with the numbers of their sources."""
        named = tuple(dict.fromkeys(claims))[:_CLAIMS_NAMED]
        stored = {one.id: one.claim.source for one in self._reader.claims(sorted(named))} if named else {}
        new = sorted({source for source in stored.values() if source not in self._sources})
        for source in self._reader.sources(new) if new else ():
            self._sources[source.id] = cited_source(source.id, source)
        numbers = dict.fromkeys(self._number(stored[claim]) for claim in named if claim in stored)
        return Grounds(claims=named, sources=tuple(numbers))

    def told(self, statement: Statement) -> Told:
        """A statement as a row cites it."""
        return Told(
            value=statement.value,
            unit=statement.unit,
            qualifier=statement.qualifier,
            as_of=statement.as_of,
            flags=statement.flags,
            note=statement.note,
            source=self.number(statement.source),
            claim=statement.claim,
            rivals=tuple(
                Rival(value=one.value, unit=one.unit, source=self.number(one.source), claim=one.claim)
                for one in statement.conflicts
            ),
        )

    def number(self, source: CitedSource) -> int:
        """The number of a source, the next one when it is new."""
        self._sources.setdefault(source.id, source)
        return self._number(source.id)

    def sources(self) -> tuple[NumberedSource, ...]:
        """All sources cited so far, by number."""
        return tuple(
            NumberedSource(number=number, source=self._sources.get(id_, CitedSource(id=id_)))
            for id_, number in self._numbers.items()
        )

    def _number(self, source: str) -> int:
        return self._numbers.setdefault(source, len(self._numbers) + 1)


class CitedFacts:
    """Some facts with their names and sources at hand."""

    def __init__(self, citing: Citing, evidence: Evidence) -> None:
        self._citing = citing
        self._evidence = evidence

    def node(self, id_: str) -> NodeRef:
        """A node that the facts name."""
        return self._evidence.node(id_)

    def nodes(self, ids: Sequence[str]) -> tuple[NodeRef, ...]:
        """Several of them."""
        return tuple(self._evidence.node(id_) for id_ in ids)

    def told(self, fact: Fact) -> Told:
        """One of the facts as a row cites it."""
        return self._citing.told(self._evidence.statement(fact))
