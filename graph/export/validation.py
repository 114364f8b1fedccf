"""A subgraph against docs/shapes.ttl, some thousand triples at a time, so that a large graph needs no more memory."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from pyshacl import validate
from rdflib import SH, Graph, Literal, URIRef
from rdflib.term import Node

from graph.export import rdf_words as words
from graph.export.rdf import Pair, Rdf, whole_subjects
from graph.export.rdf_terms import NAMESPACES, own
from graph.export.shapes import shapes
from graph.export.vocabulary import RC
from graph.model.kinds import NODE_KINDS
from graph.model.subgraph import Subgraph

# Triples that are looked at together; a node or claim is never cut in two.
_PART = 40_000


class Violation(NamedTuple):
    """Something that the shapes do not allow. `about` is a node or claim id, `path` the property, in short.

    `node` is whom a claim is about. `warns`: the data can be used all the same.
    """

    about: str
    node: str | None
    path: str
    value: str
    zh: str
    en: str
    warns: bool


class Looked(NamedTuple):
    """What was looked at."""

    triples: int
    violations: tuple[Violation, ...]


def violations_of(subgraph: Subgraph, part: int = _PART) -> Iterator[Looked]:
    """Part by part what is wrong, by what it is about. Takes about 160 µs a triple."""
    rdf = Rdf(subgraph)
    wanted = shapes()
    # What is named in one part and described in another: its kind is told by its place in the subgraph.
    kinds = {rdf.node(member.id): own(NODE_KINDS[member.kind].label) for member in subgraph.nodes()}
    kinds |= {rdf.node(source.id): own(NODE_KINDS["source"].label) for source in subgraph.sources()}
    for batch in _batches(rdf, part):
        yield Looked(sum(len(pairs) for _, pairs in batch), tuple(_wrong_in(batch, kinds, wanted)))


def _batches(rdf: Rdf, part: int) -> Iterator[list[tuple[str, list[Pair]]]]:
    batch: list[tuple[str, list[Pair]]] = []
    size = 0
    # A quantity stays with its claim, which comes before it.
    for _, run in groupby(whole_subjects(rdf.blocks()), key=lambda one: one[0].partition("#quantity")[0].rstrip(">")):
        if size >= part:
            yield batch
            batch, size = [], 0
        for subject, pairs in run:
            batch.append((subject, pairs))
            size += len(pairs)
    yield batch


def _wrong_in(batch: Sequence[tuple[str, list[Pair]]], kinds: dict[str, str], wanted: Graph) -> list[Violation]:
    own_subjects = {subject for subject, _ in batch}
    lines = [f"{subject} {property_} {object_} .\n" for subject, pairs in batch for property_, object_ in pairs]
    for named in dict.fromkeys(object_ for _, pairs in batch for _, object_ in pairs if object_ not in own_subjects):
        if named in kinds:
            lines.append(f"{named} {words.TYPE} {kinds[named]} .\n")
        elif named.endswith("#quantity>"):
            lines.append(f"{named} {words.TYPE} {words.QUANTITY_VALUE} .\n")
    data = Graph(bind_namespaces="none").parse(data="".join(lines), format="nt")
    return violations_in(data, wanted, frozenset(own_subjects))


def violations_in(data: Graph, wanted: Graph | None = None, about: frozenset[str] | None = None) -> list[Violation]:
    """What is wrong with any RDF of ours, by what it is about; of all subjects, or these (as N-Triples spells them)."""
    _, report, _ = validate(data, shacl_graph=wanted or shapes(), inference="none", do_owl_imports=False)
    found = []
    # Not every result: what stands in the detail of another is told by that one.
    for result in report.objects(None, SH.result):
        focus = report.value(result, SH.focusNode)
        if about is not None and f"<{focus}>" not in about:
            continue
        path = report.value(result, SH.resultPath)
        value = report.value(result, SH.value)
        said = {one.language: str(one) for one in report.objects(result, SH.resultMessage) if isinstance(one, Literal)}
        en = said.get("en") or next(iter(said.values()), "")
        subject, predicate = data.value(focus, RC.subject), data.value(focus, RC.predicate)
        property_ = _short(path) if path is not None else ""
        found.append(
            Violation(
                _local(focus),
                None if subject is None else _local(subject),
                " ".join(part for part in (None if predicate is None else _short(predicate), property_) if part),
                "" if value is None else _local(value),
                said.get("zh") or en,
                en,
                report.value(result, SH.resultSeverity) == SH.Warning,
            )
        )
    return sorted(set(found), key=lambda one: (one.warns, one.about, one.path, one.value, one.en))


def _local(term: Node) -> str:
    """A node or claim by its id, anything else as it is."""
    text = str(term)
    for folder in ("/nodes/", "/claims/"):
        if isinstance(term, URIRef) and folder in text:
            return text.rpartition(folder)[2]
    return _short(term)


def _short(term: Node) -> str:
    text = str(term)
    for prefix, space in NAMESPACES.items():
        if text.startswith(space):
            return f"{prefix}:{text[len(space) :]}"
    return text
