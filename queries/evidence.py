"""How an answer shows what it rests on: a statement with its claim and its source, a node with its places.

What a page of rows needs (names, sources, contradicting claims) is fetched together, so that an answer costs a handful
of calls to the reader however long it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from pydantic import Field

from graph.model.claims import Claim, Source, StoredClaim
from graph.model.dates import start_of
from graph.model.errors import NodeMissing
from graph.model.facts import Fact
from graph.readers.port import Reader
from queries.base import NodeRef, Record, refs


class CitedSource(Record):
    """The document a statement comes from."""

    id: str = Field(title="来源标识", description="id of the source", examples=["src:news-metal-com-0e49b59a"])
    url: str | None = Field(None, title="网址", description="address of the page; null when not known")
    publisher: str | None = Field(None, title="发布者", description="host or publisher; null when not known")
    date: str | None = Field(None, title="来源日期", description="date of the document, as precise as known")
    grade: str | None = Field(None, title="来源等级", description="official, company, press or other")


class Rival(Record):
    """A claim of equal standing that says another value."""

    claim: str = Field(title="陈述标识", description="id of the claim")
    value: float | str | None = Field(None, title="数值", description="what it says")
    unit: str | None = Field(None, title="单位", description="unit of the value")
    as_of: str | None = Field(None, title="截至", description="when it was seen to hold")
    source: CitedSource = Field(title="来源", description="where it comes from")


class Statement(Record):
    """One fact as published: the preferred claim, its date, how its source hedges, and what contradicts it."""

    claim: str = Field(title="陈述标识", description="id of the claim")
    value: float | str | None = Field(
        None, title="数值", description="the value as published; null: only said to be so"
    )
    unit: str | None = Field(None, title="单位", description="unit of the value")
    qualifier: str = Field("", title="限定", description="capacity, output, the name of an indicator ...")
    as_of: str | None = Field(None, title="截至", description="when it was seen to hold, as precise as the source")
    until: str | None = Field(None, title="失效日", description="the day from which it no longer holds")
    flags: tuple[str, ...] = Field((), title="标记", description="how the source hedges: plan, former, coarse ...")
    confidence: float = Field(title="置信度", description="0-1, given by the loader")
    note: str | None = Field(None, title="说明", description="in the loader's own words; null: none, or not looked up")
    source: CitedSource = Field(title="来源", description="where it comes from")
    conflicts: tuple[Rival, ...] = Field((), title="冲突", description="claims of equal date that say another value")


class Place(Record):
    """Where something is."""

    region: NodeRef = Field(title="地区", description="the region it is placed in")
    flags: tuple[str, ...] = Field(
        (), title="标记", description="coarse: only the country or province is known; inferred"
    )
    as_of: str | None = Field(None, title="截至", description="when it was seen there")
    claim: str = Field(title="陈述标识", description="id of the claim")


class Evidence:
    """Names, sources and contradicting claims behind some facts, fetched when first asked for.

    `notes` looks up the notes of the claims, too: that reads the store again, so only pages of rows ask for it.
    """

    def __init__(self, reader: Reader, facts: Iterable[Fact], nodes: Iterable[str] = (), notes: bool = False) -> None:
        self._reader = reader
        self._facts = tuple(facts)
        self._others = tuple(nodes)
        self._with_notes = notes

    @cached_property
    def _names(self) -> dict[str, NodeRef]:
        ids = {*self._others, *(f.subject for f in self._facts), *(f.object for f in self._facts if f.object)}
        return refs(self._reader, sorted(ids))

    @cached_property
    def _claims(self) -> dict[str, StoredClaim]:
        """The contradicting claims, and all others as well where their notes are wanted."""
        ids = {rival for fact in self._facts for rival in fact.conflicts}
        if self._with_notes:
            ids |= {fact.claim for fact in self._facts}
        return {one.id: one for one in self._reader.claims(sorted(ids))} if ids else {}

    @cached_property
    def _sources(self) -> dict[str, Source]:
        ids = {fact.source for fact in self._facts} | {one.claim.source for one in self._claims.values()}
        return {source.id: source for source in self._reader.sources(sorted(ids))} if ids else {}

    def node(self, id_: str) -> NodeRef:
        """A node named by the facts, or given to the constructor."""
        return self._names[id_]

    def source(self, id_: str) -> CitedSource:
        """A source that one of the facts cites."""
        return cited_source(id_, self._sources.get(id_))

    def statement(self, fact: Fact) -> Statement:
        """One of the facts, as answers show it."""
        told = self._claims.get(fact.claim)
        return Statement(
            claim=fact.claim,
            value=fact.value,
            unit=fact.unit,
            qualifier=fact.qualifier,
            as_of=fact.as_of,
            until=fact.until,
            flags=fact.flags,
            confidence=fact.confidence,
            note=(told.claim.note or None) if self._with_notes and told else None,
            source=self.source(fact.source),
            conflicts=tuple(self._rival(self._claims[id_]) for id_ in fact.conflicts if id_ in self._claims),
        )

    def statements(self, facts: Iterable[Fact]) -> tuple[Statement, ...]:
        """Several of the facts, in the order given."""
        return tuple(self.statement(fact) for fact in facts)

    def place(self, fact: Fact) -> Place:
        """One of the facts that says where something is."""
        return Place(region=self.node(str(fact.object)), flags=fact.flags, as_of=fact.as_of, claim=fact.claim)

    def _rival(self, stored: StoredClaim) -> Rival:
        claim = stored.claim
        return Rival(
            claim=stored.id, value=claim.value, unit=claim.unit, as_of=claim.as_of, source=self.source(claim.source)
        )


def cited_source(id_: str, known: Source | None) -> CitedSource:
    """A source as answers show it; None: nothing but its id is known."""
    if known is None:
        return CitedSource(id=id_)
    return CitedSource(
        id=id_, url=known.url or None, publisher=known.publisher or None, date=known.date, grade=known.grade or None
    )


def known_refs(reader: Reader, ids: Sequence[str]) -> dict[str, NodeRef]:
    """Names by id, also for ids that only claims which do not count speak of: those have none."""
    try:
        return refs(reader, ids)
    except NodeMissing:
        found: dict[str, NodeRef] = {}
        for id_ in ids:
            try:
                found |= refs(reader, [id_])
            except NodeMissing:
                found[id_] = NodeRef(id=id_)
        return found


def as_fact(id_: str, claim: Claim) -> Fact:
    """A single claim in the form of a fact, so that it can be shown beside preferred ones."""
    return Fact(*claim[:11], confidence=claim.confidence, claim=id_)


def by_subject(facts: Iterable[Fact]) -> Mapping[str, tuple[Fact, ...]]:
    """Facts by the node they are about, their order kept; nodes without any give ()."""
    groups: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[fact.subject].append(fact)
    return defaultdict(tuple, {subject: tuple(group) for subject, group in groups.items()})


def places_of(reader: Reader, ids: Sequence[str]) -> Mapping[str, tuple[Fact, ...]]:
    """Where nodes are, by node: the used facts, so a coarser place is left out where a nearer one is known."""
    told = reader.facts(sorted(set(ids)), ("located_in",), "out") if ids else ()
    return by_subject(fact for fact in told if fact.used)


def newest_first(fact: Fact) -> tuple[int, str]:
    """A sort key: the latest date first, undated last, then the claim id."""
    return (-day_of(fact.as_of), fact.claim)


def day_of(date: str | None) -> int:
    """The first day of a partial date as a number, 0 when there is none."""
    return start_of(date).toordinal() if date else 0
