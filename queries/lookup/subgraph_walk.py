"""From seeds to a subgraph: hop by hop along the statements that fit, then all that joins the nodes reached."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from graph.model.claims import Claim, Source
from graph.model.facts import GRADE_RANK, Fact, is_candidate
from graph.model.predicates import PREDICATES
from graph.model.subgraph import LeftOut, Member, Size
from graph.readers.port import Reader
from graph.readers.port_types import Direction

LINKS = tuple(name for name, predicate in PREDICATES.items() if predicate.links)
# Nodes whose facts are held at a time.
_CHUNK = 2000
LITERALS = tuple(name for name, said in PREDICATES.items() if not said.links or said.object_optional)


class Walk(NamedTuple):
    """How far to go and over what; `most` limits the nodes, seeds included."""

    predicates: tuple[str, ...]
    hops: int
    direction: Direction
    flagged: bool
    confidence: float
    grade: str | None
    most: int


class _Sieve:
    """Tells which facts count, and remembers why the others do not."""

    def __init__(self, reader: Reader, walk: Walk) -> None:
        self._reader = reader
        self._walk = walk
        self._grades: dict[str, str] = {}
        self.dropped: dict[str, str] = {}

    def keep(self, facts: Sequence[Fact]) -> list[Fact]:
        """Those that fit, in their order."""
        if self._walk.grade is not None:
            fresh = sorted({fact.source for fact in facts} - self._grades.keys())
            known = {source.id: source.grade for source in self._reader.sources(fresh)} if fresh else {}
            self._grades |= {id_: known.get(id_, "") for id_ in fresh}
        if not self._walk.confidence and self._walk.grade is None:
            # By far the most facts have no flags, and nothing else is asked of them.
            doubtful = () if self._walk.flagged else [fact for fact in facts if fact.flags and not fact.used]
            if not doubtful:
                return list(facts)
            self.dropped |= {fact.claim: "flagged" for fact in doubtful}
            return [fact for fact in facts if fact.claim not in self.dropped]
        kept = []
        for fact in facts:
            why = self._why_not(fact)
            if why is None:
                kept.append(fact)
            else:
                self.dropped[fact.claim] = why
        return kept

    def _why_not(self, fact: Fact) -> str | None:
        walk = self._walk
        if not fact.used and not walk.flagged:
            return "flagged"
        if fact.confidence < walk.confidence:
            return "unsure"
        if walk.grade is not None and GRADE_RANK.get(self._grades[fact.source], -1) < GRADE_RANK[walk.grade]:
            return "low_grade"
        return None


def collect(reader: Reader, seeds: Sequence[str], walk: Walk, asked: str, between: Callable[[], None]) -> "Walked":
    """The subgraph around the seeds.

    Nodes come hop by hop; where a hop has more than there is room for, those with the smallest ids stay and nothing
    behind is looked at. Links between any two of the nodes are part of it, whichever way they were reached. `between`
    is called whenever some thousand nodes have been seen to, here and later; it may raise to put an end to it.
    """
    return Walked(reader, walk, *gathered(reader, seeds, walk, between), asked, between)


def gathered(
    reader: Reader, seeds: Sequence[str], walk: Walk, between: Callable[[], None]
) -> tuple["_Sieve", dict[str, int], int]:
    """What a subgraph is made from: what was dropped, how far each node is, how many there was no room for."""
    sieve = _Sieve(reader, walk)
    room = sorted(seeds)
    hop_of = dict.fromkeys(room[: walk.most], 0)
    lost = len(room) - len(hop_of)
    frontier = list(hop_of)
    for hop in range(1, walk.hops + 1):
        if not frontier or lost:
            break
        fresh = sorted(_reached(reader, sieve, walk, frontier, between) - hop_of.keys())
        frontier = fresh[: walk.most - len(hop_of)]
        lost = len(fresh) - len(frontier)
        hop_of |= dict.fromkeys(frontier, hop)
    return sieve, hop_of, lost


class Walked:
    """See Subgraph: the nodes are held, all else is read from the reader, some thousand nodes at a time."""

    def __init__(
        self,
        reader: Reader,
        walk: Walk,
        sieve: _Sieve,
        hop_of: Mapping[str, int],
        lost: int,
        asked: str,
        between: Callable[[], None],
    ) -> None:
        """`sieve` remembers what was dropped on the way to the nodes, `lost` counts those there was no room for."""
        self._between = between
        self._cited: list[str] | None = None
        self._reader = reader
        self._walk = walk
        self._sieve = sieve
        self._hop_of = hop_of
        self._lost = lost
        self.asked = asked
        self.as_of = reader.as_of.valid.isoformat()
        self.known_at = reader.as_of.known_at.isoformat() if reader.as_of.known_at else None
        self.revision = reader.revision

    @cached_property
    def _members(self) -> list[str]:
        return sorted(self._hop_of)

    @cached_property
    def size(self) -> Size:
        return Size(len(self._members), sum(1 for _ in self.links()), sum(1 for _ in self.attributes()))

    @cached_property
    def left_out(self) -> LeftOut:
        # Only whoever has read all facts knows what was dropped among them.
        _ = self.size
        reasons = Counter(self._sieve.dropped.values())
        return LeftOut(self._lost, reasons["flagged"], reasons["unsure"], reasons["low_grade"])

    def nodes(self) -> Iterator[Member]:
        for chunk in self._chunks():
            for id_, node in zip(chunk, self._reader.nodes(chunk), strict=True):
                yield Member(node.id, node.kind, node.name_zh, node.name_en, self._hop_of[id_], node.dangling)

    def links(self) -> Iterator[Fact]:
        for chunk in self._chunks():
            yield from self._links(chunk)

    def attributes(self, predicates: Sequence[str] | None = None) -> Iterator[Fact]:
        asked = LITERALS if predicates is None else [name for name in predicates if name in LITERALS]
        for chunk in self._chunks():
            yield from self._attributes(chunk, asked)

    def claims(self) -> Iterator[tuple[str, Claim]]:
        cited: set[str] = set()
        for chunk in self._chunks():
            for one in _claims_behind(self._reader, [*self._links(chunk), *self._attributes(chunk)], chunk):
                cited.add(one[1].source)
                yield one
        self._cited = sorted(cited)

    def sources(self) -> Iterator[Source]:
        if self._cited is None:
            # Reading the claims to their end tells.
            for _ in self.claims():
                pass
        cited = self._cited or []
        for start in range(0, len(cited), _CHUNK):
            yield from self._reader.sources(cited[start : start + _CHUNK])

    def described(self, ids: Sequence[str]) -> Mapping[str, Source]:
        return {source.id: source for source in self._reader.sources(ids)}

    def _chunks(self) -> Iterator[list[str]]:
        for start in range(0, len(self._members), _CHUNK):
            self._between()
            yield self._members[start : start + _CHUNK]

    def _links(self, chunk: Sequence[str]) -> list[Fact]:
        told = self._sieve.keep(self._reader.facts(chunk, self._walk.predicates, "out"))
        return [fact for fact in told if fact.object in self._hop_of]

    def _attributes(self, chunk: Sequence[str], predicates: Sequence[str] = LITERALS) -> list[Fact]:
        return self._sieve.keep([fact for fact in self._reader.facts(chunk, predicates, "out") if fact.object is None])


def _reached(
    reader: Reader, sieve: _Sieve, walk: Walk, frontier: Sequence[str], between: Callable[[], None]
) -> set[str]:
    """The other ends of what leads away from the frontier, itself among them perhaps."""
    reached: set[str] = set()
    for start in range(0, len(frontier), _CHUNK):
        between()
        chunk = frontier[start : start + _CHUNK]
        here = set(chunk)
        for fact in sieve.keep(reader.facts(chunk, walk.predicates, walk.direction)):
            reached |= set(_ends(fact, here, walk.direction))
    return reached


def _ends(fact: Fact, here: set[str], direction: Direction) -> Iterable[str]:
    """The nodes a fact leads to from those here."""
    if fact.object is None:
        return ()
    return {
        end
        for start, end, way in ((fact.subject, fact.object, "out"), (fact.object, fact.subject, "in"))
        if start in here and direction in (way, "both")
    }


def _claims_behind(reader: Reader, facts: Sequence[Fact], members: Sequence[str]) -> list[tuple[str, Claim]]:
    """Accepted claims that speak at this AsOf about what the facts of these members are about, by member and id."""
    if not facts:
        return []
    triples = {(fact.subject, fact.predicate, fact.object) for fact in facts}
    predicates = sorted({fact.predicate for fact in facts})
    read_as = reader.merged
    found: list[tuple[str, str, Claim]] = []
    for id_, claim, status, *_ in reader.claims(members, "out", predicates):
        subject, object_ = read_as.get(claim.subject, claim.subject), claim.object
        if object_ is not None:
            object_ = read_as.get(object_, object_)
        if status == "accepted" and (subject, claim.predicate, object_) in triples:
            found.append((subject, id_, claim))
    sources: dict[str, Source] = {}
    if reader.as_of.known_at is not None and found:
        cited = sorted({claim.source for *_, claim in found})
        sources = {source.id: source for source in reader.sources(cited)}
    found = [one for one in found if is_candidate(one[2], sources.get(one[2].source), reader.as_of)]
    return [(id_, claim) for _, id_, claim in sorted(found, key=lambda one: one[:2])]
