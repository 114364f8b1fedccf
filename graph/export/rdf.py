"""A subgraph as RDF: what Turtle, JSON-LD and N-Quads are all written from.

A claim is a node of its own (`rc:Claim`) with everything it says; beside it stand the direct triples of the preferred
facts, `ent:x rc:produces prd:y`, for those who want a plain graph. Both stand in the graph named by their source; what
rechain itself adds (kinds, which claims are preferred, the description of the whole) in the default graph. There are no
blank nodes, so that two exports diff.
"""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import groupby
from typing import NamedTuple

from graph.export import rdf_words as words
from graph.export.rdf_terms import (
    DEFAULT_BASE,
    FLAG_SCHEME,
    GRADE_SCHEME,
    SCHEMES,
    VOCABULARY,
    claim_class,
    concept,
    dated,
    double,
    encoded,
    iri,
    own,
    plain,
    truth,
    unit_iri,
    whole,
)
from graph.model.claims import Claim, Source
from graph.model.errors import BadInput
from graph.model.facts import Fact
from graph.model.kinds import NODE_KINDS, looks_like_id
from graph.model.predicates import FLAGS, PREDICATES
from graph.model.subgraph import Member, Subgraph
from graph.model.units import unit_of

Pair = tuple[str, str]


class Block(NamedTuple):
    """Triples of one subject in one graph ('' the default one); all parts as N-Triples spells them.

    `pairs` are property and object with a blank between: most of them are joined to lines as they are.
    """

    subject: str
    graph: str
    pairs: list[str]


_LANGUAGES = {"name_zh": "@zh", "name_en": "@en"}
_SAID = {name: (own(name), *((iri(*words.KNOWN_AS[name]),) if name in words.KNOWN_AS else ())) for name in PREDICATES}
_CLAIM_HEAD = {
    name: (f"{words.TYPE} {words.CLAIM}", f"{words.TYPE} {claim_class(name)}", f"{words.PREDICATE} {own(name)}")
    for name in PREDICATES
}
_NODE_TYPES = {
    kind.name: [
        f"{words.TYPE} {own(kind.label)}",
        *(f"{words.TYPE} {iri(*known)}" for known in words.CLASSES[kind.name]),
    ]
    for kind in NODE_KINDS.values()
}
_FLAGS = {flag: f"{words.FLAG} {concept(FLAG_SCHEME, flag)}" for flag in FLAGS}
_PLACED = frozenset(("product", "product_or_chain"))
_BY_NODE = frozenset(name for name, said in PREDICATES.items() if said.qualifier in _PLACED)
_HOP, _DANGLING = own("hop"), own("dangling")
_DATES = frozenset(name for name, said in PREDICATES.items() if said.value == "date")


class Rdf:
    """See the module. `lost` counts characters that RDF cannot hold, of what was written so far."""

    def __init__(self, subgraph: Subgraph, base: str = DEFAULT_BASE) -> None:
        self._subgraph = subgraph
        self._base = base
        self._nodes: dict[str, str] = {}
        self.lost = 0

    def blocks(self) -> Iterator[Block]:
        """The whole, then nodes, claims and sources, each by id; blocks of one subject follow each other.

        Sources come last, as whoever has read the claims knows them, and reading claims is what takes long.
        """
        yield self._whole()
        yield from self._described()
        yield from self._claims()
        for source in self._subgraph.sources():
            yield self._source(source)
        if self.lost:
            yield Block(self._name(), "", [f"{own('lostCharacters')} {whole(self.lost)}"])

    def node(self, id_: str) -> str:
        """The IRI of a node or a source."""
        found = self._nodes.get(id_)
        if found is None:
            found = f"<{self._base}nodes/{encoded(id_)}>"
            if len(self._nodes) >= 1 << 16:
                self._nodes.clear()
            self._nodes[id_] = found
        return found

    def _name(self) -> str:
        about = self._subgraph
        text = "\x1f".join((about.asked, about.as_of, about.known_at or "", str(about.revision)))
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        return f"<{self._base}subgraphs/{digest}>"

    def _whole(self) -> Block:
        about = self._subgraph
        size, left_out = about.size, about.left_out
        said = [
            (words.TYPE, iri("dcat", "Dataset")),
            (words.TYPE, iri("void", "Dataset")),
            (words.TYPE, iri("prov", "Entity")),
            (iri("dcterms", "title"), '"稀土产业链知识图谱子图"@zh'),
            (iri("dcterms", "title"), '"Part of a knowledge graph of the rare-earth chain"@en'),
            (iri("dcterms", "conformsTo"), f"<{VOCABULARY.removesuffix('#')}>"),
            (iri("void", "vocabulary"), f"<{VOCABULARY}>"),
            (iri("void", "uriSpace"), f'"{self._base}nodes/"'),
            (iri("void", "entities"), whole(size.nodes)),
            (own("links"), whole(size.links)),
            (own("attributes"), whole(size.attributes)),
            (own("asked"), self._text(about.asked)),
            (own("asOf"), dated(about.as_of)),
            (own("revision"), whole(about.revision)),
        ]
        if about.known_at:
            said.append((own("knownAt"), dated(about.known_at)))
        said += [(own(f"leftOut_{name}"), whole(count)) for name, count in left_out._asdict().items() if count]
        return Block(self._name(), "", [f"{property_} {told}" for property_, told in said])

    def _source(self, source: Source) -> Block:
        name = self.node(source.id)
        pairs = [*_NODE_TYPES["source"]]
        if source.url:
            pairs.append(f"{words.URL} {self._text(source.url)}")
        if source.publisher:
            pairs.append(f"{words.PUBLISHER} {self._text(source.publisher)}")
        if source.date:
            pairs.append(f"{words.PUBLISHED} {dated(source.date)}")
        if source.grade:
            pairs.append(f"{words.GRADE} {concept(GRADE_SCHEME, source.grade)}")
        if source.licence:
            pairs.append(f"{words.LICENCE} {self._text(source.licence)}")
        return Block(name, name, pairs)

    def _described(self) -> Iterator[Block]:
        said = groupby(self._subgraph.attributes(), key=_subject)
        linked = groupby(self._subgraph.links(), key=_subject)
        next_said, next_linked = next(said, None), next(linked, None)
        for member in self._subgraph.nodes():
            facts: list[Fact] = []
            if next_said is not None and next_said[0] == member.id:
                facts += next_said[1]
                next_said = next(said, None)
            if next_linked is not None and next_linked[0] == member.id:
                facts += next_linked[1]
                next_linked = next(linked, None)
            yield from self._node(member, facts)

    def _node(self, member: Member, facts: Iterable[Fact]) -> Iterator[Block]:
        name = self.node(member.id)
        # Dicts, since several facts may come to one triple.
        own_words: dict[str, None] = dict.fromkeys(_NODE_TYPES[member.kind])
        own_words[f"{_HOP} {whole(member.hop)}"] = None
        if member.dangling:
            own_words[f"{_DANGLING} {truth(True)}"] = None
        by_source: dict[str, dict[str, None]] = {}
        disputes: list[Block] = []
        for fact in facts:
            claim = self._claim_iri(fact.claim)
            own_words[f"{words.FACT} {claim}"] = None
            if fact.conflicts:
                rivals = [f"{words.CONFLICTS} {self._claim_iri(one)}" for one in fact.conflicts]
                disputes.append(Block(claim, "", rivals))
            told = self._told(fact, claim)
            if told is not None:
                held = by_source.setdefault(fact.source, {})
                for property_ in _SAID[fact.predicate]:
                    held[f"{property_} {told}"] = None
        yield Block(name, "", list(own_words))
        for source, pairs in by_source.items():
            yield Block(name, self.node(source), list(pairs))
        yield from disputes

    def _told(self, fact: Fact, claim: str) -> str | None:
        """The object of the direct triple: a node, a word of a list, a text, or the quantity of the claim."""
        if fact.object is not None:
            return self.node(fact.object)
        value = fact.value
        if value is None:
            return None
        if not isinstance(value, str):
            return _quantity_iri(claim)
        choices = PREDICATES[fact.predicate].choices
        if choices and value in choices:
            return concept(SCHEMES[fact.predicate], value)
        if fact.predicate in _DATES:
            return dated(value)
        return self._text(value) + _LANGUAGES.get(fact.predicate, "")

    def _claims(self) -> Iterator[Block]:
        units: set[str] = set()
        for id_, claim in self._subgraph.claims():
            if claim.unit is not None and claim.unit not in units:
                units.add(claim.unit)
                yield self._unit(claim.unit)
            yield from self._claim(id_, claim)

    def _claim(self, id_: str, claim: Claim) -> Iterator[Block]:
        name, node = self._claim_iri(id_), self.node
        (
            subject, predicate, object_, value, unit, qualifier, as_of, until, flags, detail, source, note, confidence
        ) = claim  # fmt: skip
        graph = node(source)
        pairs: list[str] = [*_CLAIM_HEAD[predicate], f"{words.SUBJECT} {node(subject)}"]
        if object_ is not None:
            pairs.append(f"{words.OBJECT} {node(object_)}")
        has_amount = unit is not None
        if isinstance(value, str):
            pairs.append(f"{words.VALUE} {dated(value) if predicate in _DATES else self._text(value)}")
        elif value is not None:
            has_amount = True
        if has_amount:
            pairs.append(f"{words.QUANTITY} {_quantity_iri(name)}")
        if qualifier:
            if predicate in _BY_NODE and looks_like_id(qualifier):
                pairs.append(f"{words.QUALIFIED_BY} {node(qualifier)}")
            else:
                pairs.append(f"{words.QUALIFIER} {self._text(qualifier)}")
        if as_of is not None:
            pairs.append(f"{words.AS_OF} {dated(as_of)}")
        if until is not None:
            pairs.append(f"{words.UNTIL} {dated(until)}")
        if flags:
            pairs += [_FLAGS[flag] for flag in dict.fromkeys(flags) if flag in _FLAGS]
            if any(flag not in _FLAGS for flag in flags) or sorted(set(flags)) != list(flags):
                # Triples have no order.
                listed = ",".join(flags)
                pairs.append(f"{words.FLAG_LIST} {self._text(listed)}")
        for key, told in detail:
            pairs.append(f"{own(words.DETAIL + encoded(key))} {self._detail(told)}")
        pairs.append(f"{words.CONFIDENCE} {double(confidence)}")
        if note:
            pairs.append(f"{words.NOTE} {self._text(note)}")
        pairs.append(f"{words.SOURCE} {graph}")
        yield Block(name, graph, pairs)
        if has_amount:
            amount = [f"{words.TYPE} {words.QUANTITY_VALUE}"]
            if value is not None and not isinstance(value, str):
                amount.append(f"{words.NUMBER} {double(value)}")
            if unit is not None:
                amount.append(f"{words.UNIT} {unit_iri(unit)}")
            yield Block(_quantity_iri(name), graph, amount)

    def _unit(self, symbol: str) -> Block:
        pairs = [f"{words.TYPE} {iri('qudt', 'Unit')}", f"{iri('qudt', 'symbol')} {self._text(symbol)}"]
        try:
            unit = unit_of(symbol)
        except BadInput:
            return Block(unit_iri(symbol), "", pairs)
        pairs += [
            f"{words.LABEL} {self._text(unit.zh)}@zh",
            f"{own('dimension')} {self._text(unit.dimension)}",
            f"{own('factor')} {double(unit.factor)}",
        ]
        return Block(unit_iri(symbol), "", pairs)

    def _claim_iri(self, id_: str) -> str:
        return f"<{self._base}claims/{id_}>"

    def _detail(self, value: str | float | bool) -> str:
        if isinstance(value, bool):
            return truth(value)
        return double(value) if isinstance(value, float) else self._text(str(value))

    def _text(self, text: str) -> str:
        literal, lost = plain(text)
        self.lost += lost
        return literal


def whole_subjects(blocks: Iterable[Block]) -> Iterator[tuple[str, list[Pair]]]:
    """The triples of a subject together, whichever graph they stand in, each once; as property and object."""
    for subject, run in groupby(blocks, key=lambda block: block.subject):
        told = dict.fromkeys(pair for block in run for pair in block.pairs)
        # No property has a blank in it.
        yield subject, [(property_, object_) for property_, _, object_ in (pair.partition(" ") for pair in told)]


def _subject(fact: Fact) -> str:
    return fact.subject


def _quantity_iri(claim: str) -> str:
    return f"{claim[:-1]}#quantity>"
