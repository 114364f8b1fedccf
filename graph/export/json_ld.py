"""JSON-LD: the same triples as Turtle, as JSON with its context inside, so that reading it fetches nothing."""

import json
from dataclasses import dataclass

from graph.export import rdf_words as words
from graph.export.port import Opener
from graph.export.property_graph import Lang
from graph.export.rdf import Pair, Rdf, whole_subjects
from graph.export.rdf_terms import DEFAULT_BASE, NAMESPACES, VOCABULARY, read_literal
from graph.model.predicates import PREDICATES
from graph.model.subgraph import Subgraph

Json = dict[str, object]
_REFERENCES = (
    *(words.SUBJECT, words.PREDICATE, words.OBJECT, words.QUALIFIED_BY, words.QUANTITY, words.UNIT, words.FLAG),
    *(words.FACT, words.CONFLICTS, words.GRADE, words.SOURCE),
)


def context() -> Json:
    """What the keys mean: ours by their plain names, those of other vocabularies with a prefix. No base in it."""
    prefixes = {name: space for name, space in NAMESPACES.items() if name != "rc"}
    links = {name: {"@type": "@id"} for name, said in PREDICATES.items() if said.links and not said.object_optional}
    known = {":".join(words.KNOWN_AS[name]): {"@type": "@id"} for name in links if name in words.KNOWN_AS}
    references = {_compact(property_): {"@type": "@id"} for property_ in _REFERENCES}
    return {
        "@version": 1.1,
        "@vocab": VOCABULARY,
        **prefixes,
        **{name: {"@id": _expanded(name), **kind} for name, kind in sorted((links | known | references).items())},
    }


@dataclass(frozen=True)
class JsonLd:
    """Writes graph.jsonld. `base` is what the IRIs of the data begin with."""

    base: str = DEFAULT_BASE

    def __call__(self, subgraph: Subgraph, open_file: Opener, lang: Lang) -> int:  # noqa: ARG002
        """One object a line, subjects in the order of Rdf.blocks."""
        meaning = context()
        rdf = Rdf(subgraph, self.base)
        with open_file("graph.jsonld") as file:
            head = {**meaning, "n": f"{self.base}nodes/", "c": f"{self.base}claims/"}
            file.write(f'{{"@context":{_json(head)},\n"@graph":[\n'.encode())
            comma = ""
            for subject, pairs in whole_subjects(rdf.blocks()):
                file.write(f"{comma}{_json(self._object(subject, pairs, meaning))}".encode())
                comma = ",\n"
            file.write(b"\n]}\n")
        return rdf.lost

    def _object(self, subject: str, pairs: list[Pair], meaning: Json) -> Json:
        held: dict[str, list[object]] = {}
        for property_, object_ in pairs:
            if property_ == words.TYPE:
                held.setdefault("@type", []).append(_compact(object_))
                continue
            key = _compact(property_)
            held.setdefault(key, []).append(self._value(object_, is_reference=key in meaning))
        return {"@id": self._name(subject)} | {
            key: values[0] if len(values) == 1 and key != "@type" else values for key, values in held.items()
        }

    def _name(self, term: str) -> str:
        full = term[1:-1]
        for prefix, folder in (("n", "nodes/"), ("c", "claims/")):
            if full.startswith(self.base + folder):
                return f"{prefix}:{full[len(self.base + folder) :]}"
        return full

    def _value(self, term: str, *, is_reference: bool) -> object:
        if term.startswith("<"):
            name = self._name(term)
            return name if is_reference else {"@id": name}
        text, language, datatype = read_literal(term)
        if language:
            return {"@value": text, "@language": language}
        if datatype:
            return {"@value": text, "@type": _compact(f"<{datatype}>")}
        return {"@value": text} if is_reference else text


def _compact(term: str) -> str:
    """A term of a vocabulary as a key."""
    full = term[1:-1]
    for prefix, space in NAMESPACES.items():
        if full.startswith(space):
            return full[len(space) :] if prefix == "rc" else f"{prefix}:{full[len(space) :]}"
    return full


def _expanded(key: str) -> str:
    prefix, colon, name = key.partition(":")
    return f"{NAMESPACES[prefix]}{name}" if colon else f"{VOCABULARY}{key}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
