"""From seeds to a subgraph: hop by hop along the statements that fit, then all that joins the nodes reached."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from graph.model.claims import Claim, Source
from graph.model.facts import GRADE_RANK, Fact, is_candidate
from graph.model.predicates import PREDICATES
from graph.model.subgraph import LeftOut, Member, Subgraph
from graph.readers.port import Direction, Reader
from queries.evidence import known_refs

LINKS = tuple(name for name, predicate in PREDICATES.items() if predicate.links)
_LITERALS = tuple(name for name, said in PREDICATES.items() if not said.links or said.object_optional)


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


def collect(reader: Reader, seeds: Sequence[str], walk: Walk, asked: str) -> Subgraph:
    """The subgraph around the seeds.

    Nodes come hop by hop; where a hop has more than there is room for, those with the smallest ids stay and nothing
    behind is looked at. Links between any two of the nodes are part of it, whichever way they were reached.
    """
    sieve = _Sieve(reader, walk)
    room = sorted(seeds)
    hop_of = dict.fromkeys(room[: walk.most], 0)
    lost = len(room) - len(hop_of)
    frontier = list(hop_of)
    for hop in range(1, walk.hops + 1):
        if not frontier or lost:
            break
        told = sieve.keep(reader.facts(frontier, walk.predicates, walk.direction))
        here = set(frontier)
        fresh = sorted({end for fact in told for end in _ends(fact, here, walk.direction)} - hop_of.keys())
        frontier = fresh[: walk.most - len(hop_of)]
        lost = len(fresh) - len(frontier)
        hop_of |= dict.fromkeys(frontier, hop)
    members = sorted(hop_of)
    links = [
        fact
        for fact in (sieve.keep(reader.facts(members, walk.predicates, "out")) if members else ())
        if fact.object in hop_of
    ]
    literal = [fact for fact in reader.facts(members, _LITERALS, "out") if fact.object is None]
    attributes = sieve.keep(literal)
    claims = _claims_behind(reader, [*links, *attributes], members)
    sources = _sources_of(reader, (claim for _, claim in claims))
    named = zip(members, reader.nodes(members), strict=True)
    reasons = list(sieve.dropped.values())
    return Subgraph(
        asked=asked,
        as_of=reader.as_of.valid.isoformat(),
        known_at=reader.as_of.known_at.isoformat() if reader.as_of.known_at else None,
        revision=reader.revision,
        nodes=tuple(
            Member(node.id, node.kind, node.name_zh, node.name_en, hop_of[id_], node.dangling) for id_, node in named
        ),
        links=tuple(links),
        attributes=tuple(attributes),
        claims=claims,
        sources=sources,
        left_out=LeftOut(lost, *(reasons.count(why) for why in ("flagged", "unsure", "low_grade"))),
    )


def _ends(fact: Fact, here: set[str], direction: Direction) -> Iterable[str]:
    """The nodes a fact leads to from those here."""
    if fact.object is None:
        return ()
    return {
        end
        for start, end, way in ((fact.subject, fact.object, "out"), (fact.object, fact.subject, "in"))
        if start in here and direction in (way, "both")
    }


def _claims_behind(reader: Reader, facts: Sequence[Fact], members: Sequence[str]) -> tuple[tuple[str, Claim], ...]:
    """Accepted claims that speak at this AsOf about what the facts are about, by id."""
    if not facts:
        return ()
    triples = {(fact.subject, fact.predicate, fact.object) for fact in facts}
    predicates = {fact.predicate for fact in facts}
    told = [one for one in reader.claims(members) if one.status == "accepted" and one.claim.predicate in predicates]
    sources = {source.id: source for source in _sources_of(reader, (one.claim for one in told))}
    told = [one for one in told if is_candidate(one.claim, sources.get(one.claim.source), reader.as_of)]
    ends = {end for one in told for end in (one.claim.subject, one.claim.object) if end} - set(members)
    read_as = {asked: node.id for asked, node in known_refs(reader, sorted(ends)).items()} if ends else {}
    found = {
        one.id: one.claim
        for one in told
        if (
            read_as.get(one.claim.subject, one.claim.subject),
            one.claim.predicate,
            read_as.get(one.claim.object, one.claim.object) if one.claim.object else None,
        )
        in triples
    }
    return tuple(sorted(found.items()))


def _sources_of(reader: Reader, claims: Iterable[Claim]) -> tuple[Source, ...]:
    ids = sorted({claim.source for claim in claims})
    return tuple(reader.sources(ids)) if ids else ()
