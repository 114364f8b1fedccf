"""Since when something is on record: the first date of anything told of it, over all claims and not only the preferred.

A fact is dated by when it was last seen to hold; a back-test asks when it was first.
"""

from collections import defaultdict
from collections.abc import Container, Sequence
from datetime import date
from typing import NamedTuple

from graph.model.claims import Claim, Source
from graph.model.dates import AsOf, end_of, start_of
from graph.model.errors import NodeMissing
from graph.model.predicates import PREDICATES
from graph.readers.port import Reader

# Dates that are told as values: what they are about was there by then.
_DATES = ("founded", "start_date")


class Told(NamedTuple):
    """A date, the claim that tells it, and of which predicate that is."""

    day: date
    text: str
    claim: str
    predicate: str


class History:
    """What is on record of some nodes, as far as it counts at the reader's AsOf; the oldest first."""

    def __init__(self, reader: Reader, ids: Sequence[str]) -> None:
        stored = [one for one in reader.claims(sorted(set(ids))) if one.status == "accepted"] if ids else []
        sources = {source.id: source for source in reader.sources(sorted({one.claim.source for one in stored}))}
        stored = [one for one in stored if _counts(one.claim, sources.get(one.claim.source), reader.as_of)]
        named = sorted({end for one in stored for end in (one.claim.subject, one.claim.object) if end})
        read_as = {id_: node.id for id_, node in zip(named, reader.nodes(named), strict=True)}
        self._of: defaultdict[str, list[Told]] = defaultdict(list)
        self._links: defaultdict[tuple[str, str], list[tuple[str, Told]]] = defaultdict(list)
        for one in stored:
            claim = one.claim
            subject = read_as[claim.subject]
            told = [
                Told(start_of(text), text, one.id, claim.predicate) for text in _dates_of(claim, reader.as_of.valid)
            ]
            self._of[subject] += told
            if claim.object:
                self._of[read_as[claim.object]] += told
                self._links[subject, claim.predicate] += [(read_as[claim.object], one) for one in told]

    def first(self, node: str, but: str = "") -> Told | None:
        """The first date of anything told of a node, but of one predicate; None where nothing is dated."""
        return min((one for one in self._of.get(node, ()) if one.predicate != but), default=None)

    def first_link(self, subject: str, predicate: str, objects: Container[str]) -> Told | None:
        """The first date of a link from a node to one of these."""
        told = self._links.get((subject, predicate), ())
        return min((one for head, one in told if head in objects), default=None)


def told_by_then(then: Reader, node: str) -> bool:
    """Whether something that is not timeless was already told of a node on that day."""
    try:
        return any(not PREDICATES[fact.predicate].timeless for fact in then.facts([node], None, "both"))
    except NodeMissing:
        return False


def _counts(claim: Claim, source: Source | None, at: AsOf) -> bool:
    """Begun and known at the AsOf. What is over since was there all the same."""
    if PREDICATES[claim.predicate].timeless and claim.predicate not in _DATES:
        return False
    if claim.as_of and start_of(claim.as_of) > at.valid:
        return False
    return at.known_at is None or bool(source and source.date and end_of(source.date) <= at.known_at)


def _dates_of(claim: Claim, last: date) -> list[str]:
    told = [claim.as_of] if claim.as_of else []
    if claim.predicate in _DATES and isinstance(claim.value, str) and start_of(claim.value) <= last:
        told.append(claim.value)
    return told
