"""docs/ontology.ttl: what the classes, properties, lists and units of our RDF mean, made from the model.

Domains and ranges are told with schema.org's `domainIncludes`: several kinds may be meant, and nobody should conclude
from a statement what kind its node is.
"""

from rdflib import RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, OWL, PROV

from graph.export import rdf_words as words
from graph.export.rdf_terms import (
    FLAG_SCHEME,
    GRADE_SCHEME,
    NAMESPACES,
    SCHEMES,
    VOCABULARY,
    Concepts,
    claim_class,
    concept,
    unit_iri,
)
from graph.model.claims import GRADES
from graph.model.kinds import CHAINS, NODE_KINDS
from graph.model.predicates import FLAGS, PREDICATES, Predicate
from graph.model.units import UNITS, unit_of

RC = Namespace(VOCABULARY)
SCHEMA = Namespace(NAMESPACES["schema"])
QUDT = Namespace(NAMESPACES["qudt"])
ONTOLOGY = URIRef(VOCABULARY.removesuffix("#"))
_QUDT_UNITS = Namespace("http://qudt.org/vocab/unit/")
_CHAIN_SCHEME = Concepts("Chains", "chain", "产业链", "chains")
# Units that QUDT has under another name.
_SAME_UNITS = {
    "t": "TONNE", "kg": "KiloGM", "yr": "YR", "month": "MO", "days": "DAY", "kW": "KiloW", "MW": "MegaW", "GW": "GigaW",
    "MWh": "MegaW-HR", "m2": "M2", "km2": "KiloM2", "m3": "M3", "km": "KiloM", "kV": "KiloV", "%": "PERCENT",
}  # fmt: skip
_COMPOUND = ("t/yr", "kg/yr", "pieces/yr", "units/yr", "sets/yr", "kg/kg", "CNY/yr", "CNY/t", "CNY/kg", "CNY/mu")

# What a claim and its neighbours are said with: names, and what is meant.
PROPERTIES: dict[str, tuple[str, str, str]] = {
    "subject": ("主体", "subject", "the node a claim is about, by the id it was recorded under"),
    "predicate": ("谓词", "predicate", "what kind of statement a claim is: one of the properties of this vocabulary"),
    "object": ("客体", "object", "the node at the other end"),
    "value": ("值", "value", "a text or a date instead of a node"),
    "quantity": ("数量", "quantity", "an amount as published, with its unit"),
    "qualifier": (
        "限定",
        "qualifier",
        "tells apart claims of one triple that may stand side by side: capacity, output",
    ),
    "qualifiedBy": ("限定对象", "qualified by", "the product or chain a claim is limited to: what is supplied"),
    "asOf": ("截至", "as of", "when it was seen to hold, as precise as the source tells it"),
    "until": ("失效日", "until", "the day from which it no longer holds"),
    "flag": ("标记", "flag", "how the source hedges"),
    "flagList": ("标记次序", "list of flags", "the flags as recorded, where their order or spelling is not the usual"),
    "confidence": ("置信度", "confidence", "0-1, given by the loader"),
    "fact": ("采用的陈述", "fact", "a preferred claim about a node, at the date of the subgraph"),
    "conflictsWith": ("冲突", "conflicts with", "a claim of equal date that says another value"),
    "grade": ("来源等级", "grade", "official, company, press or other"),
    "hop": ("步数", "hop", "links away from the nearest seed; 0: a seed"),
    "dangling": ("未描述", "dangling", "named by claims, described by none"),
    "asked": ("查询参数", "asked", "parameters of the question subgraph that give this data set again, as JSON"),
    "knownAt": ("已知至", "known at", "only sources dated up to this day were used"),
    "revision": ("版本", "revision", "revision of the store"),
    "links": ("关系数", "links", "preferred statements that join two nodes"),
    "attributes": ("属性数", "attributes", "preferred statements with a value"),
    "leftOut_nodes": ("超限节点数", "nodes left out", "reached and beyond the limit on nodes"),
    "leftOut_flagged": ("未纳入的带标记陈述", "flagged left out", "statements told as planned, former, doubtful"),
    "leftOut_unsure": ("未纳入的低置信陈述", "unsure left out", "statements below the confidence asked for"),
    "leftOut_low_grade": ("未纳入的低等级来源陈述", "low grade left out", "of sources below the grade asked for"),
    "lostCharacters": ("丢失字符数", "lost characters", "halves of surrogate pairs, each written as U+FFFD"),
    "dimension": ("量纲", "dimension", "amounts of one dimension may be added up"),
    "factor": ("换算系数", "factor", "turns an amount into the base unit of its dimension"),
    "timeless": ("不随时间变化", "timeless", "no date ever hides such a claim"),
    "inverseLabel": ("反向名称", "inverse label", "what the statement is called seen from its object"),
}
DETAILS: dict[str, tuple[str, str]] = {
    "basis": ("基准", "what a flow is told per"),
    "is_main": ("主产品", "the reference flow of its process"),
    "applies_to": ("适用对象", "to whom it applies"),
    "condition": ("条件", "what is asked"),
    "benefit": ("优惠", "what is given"),
    "requires": ("所要求者", "what has to be there, in the words of the model"),
}


def vocabulary() -> Graph:
    """The whole of it."""
    graph = Graph(bind_namespaces="none")
    for prefix, space in NAMESPACES.items():
        graph.bind(prefix, space)
    graph.add((ONTOLOGY, RDF.type, OWL.Ontology))
    _name(graph, ONTOLOGY, "稀土产业链知识图谱词汇", "Vocabulary of the rare-earth chain graph")
    graph.add((ONTOLOGY, OWL.versionInfo, Literal("1")))
    graph.add((ONTOLOGY, DCTERMS.description, Literal("Made from the model of rechain by python -m cli.docs", "en")))
    _classes(graph)
    for predicate in PREDICATES.values():
        _predicate(graph, predicate)
    for name, (zh, en, meaning) in PROPERTIES.items():
        graph.add((RC[name], RDF.type, RDF.Property))
        _name(graph, RC[name], zh, en)
        graph.add((RC[name], SKOS.definition, Literal(meaning, "en")))
    for name in sorted({name for predicate in PREDICATES.values() for name in predicate.detail}):
        graph.add((RC[words.DETAIL + name], RDF.type, OWL.DatatypeProperty))
        _name(graph, RC[words.DETAIL + name], *DETAILS.get(name, (name, name)))
    for name, scheme in SCHEMES.items():
        _scheme(graph, scheme, PREDICATES[name].choices or {})
    _scheme(graph, FLAG_SCHEME, FLAGS)
    _scheme(graph, GRADE_SCHEME, GRADES)
    _scheme(graph, _CHAIN_SCHEME, CHAINS)
    for word in CHAINS:
        graph.add((node(concept(_CHAIN_SCHEME, word)), SKOS.notation, Literal(f"chn:{word}")))
    _units(graph)
    return graph


def vocabulary_page() -> str:
    """As docs/ontology.ttl holds it."""
    return vocabulary().serialize(format="turtle")


def node(term: str) -> URIRef:
    """A term of `rdf_terms` for rdflib."""
    return URIRef(term[1:-1])


def _classes(graph: Graph) -> None:
    for kind in NODE_KINDS.values():
        graph.add((RC[kind.label], RDF.type, OWL.Class))
        _name(graph, RC[kind.label], kind.zh, kind.en)
        graph.add((RC[kind.label], SKOS.notation, Literal(kind.prefix)))
        for prefix, name in words.CLASSES[kind.name]:
            graph.add((RC[kind.label], RDFS.subClassOf, URIRef(NAMESPACES[prefix] + name)))
    graph.add((RC.Claim, RDF.type, OWL.Class))
    graph.add((RC.Claim, RDFS.subClassOf, PROV.Entity))
    _name(graph, RC.Claim, "陈述", "claim")
    meaning = "One sourced, dated statement: subject, predicate, object or value, and the source it was derived from"
    graph.add((RC.Claim, SKOS.definition, Literal(meaning, "en")))


def _predicate(graph: Graph, said: Predicate) -> None:
    """The property of the direct triples, and the class of the claims."""
    property_ = RC[said.name]
    _name(graph, property_, said.zh, said.en)
    if said.object_optional:
        graph.add((property_, RDF.type, RDF.Property))
    elif said.links or said.choices or said.value == "number":
        graph.add((property_, RDF.type, OWL.ObjectProperty))
    else:
        graph.add((property_, RDF.type, OWL.DatatypeProperty))
    for kind in said.subjects:
        graph.add((property_, SCHEMA.domainIncludes, RC[NODE_KINDS[kind].label]))
    for kind in said.objects:
        graph.add((property_, SCHEMA.rangeIncludes, RC[NODE_KINDS[kind].label]))
    if not said.links and said.value == "number":
        graph.add((property_, SCHEMA.rangeIncludes, QUDT.QuantityValue))
    if said.choices:
        graph.add((property_, SCHEMA.rangeIncludes, SKOS.Concept))
    if said.name in words.KNOWN_AS:
        prefix, name = words.KNOWN_AS[said.name]
        graph.add((property_, RDFS.subPropertyOf, URIRef(NAMESPACES[prefix] + name)))
    graph.add((property_, RC.timeless, Literal(said.timeless)))
    for text, lang in ((said.inverse_zh, "zh"), (said.inverse_en, "en")):
        if text:
            graph.add((property_, RC.inverseLabel, Literal(text, lang)))
    claims = node(claim_class(said.name))
    graph.add((claims, RDF.type, OWL.Class))
    graph.add((claims, RDFS.subClassOf, RC.Claim))
    _name(graph, claims, f"陈述：{said.zh}", f"claim: {said.en}")


def _scheme(graph: Graph, scheme: Concepts, listed: dict[str, tuple[str, str]]) -> None:
    whole = RC[scheme.name]
    graph.add((whole, RDF.type, SKOS.ConceptScheme))
    _name(graph, whole, scheme.zh, scheme.en)
    for word, (zh, en) in listed.items():
        one = node(concept(scheme, word))
        graph.add((one, RDF.type, SKOS.Concept))
        graph.add((one, SKOS.inScheme, whole))
        graph.add((one, SKOS.topConceptOf, whole))
        _name(graph, one, zh, en)


def _units(graph: Graph) -> None:
    for symbol in (*UNITS, *_COMPOUND):
        unit, one = unit_of(symbol), node(unit_iri(symbol))
        graph.add((one, RDF.type, QUDT.Unit))
        _name(graph, one, unit.zh, symbol)
        graph.add((one, QUDT.symbol, Literal(symbol)))
        graph.add((one, RC.dimension, Literal(unit.dimension)))
        graph.add((one, RC.factor, Literal(unit.factor)))
        if symbol in _SAME_UNITS:
            graph.add((one, SKOS.exactMatch, _QUDT_UNITS[_SAME_UNITS[symbol]]))


def _name(graph: Graph, what: URIRef, zh: str, en: str) -> None:
    graph.add((what, SKOS.prefLabel, Literal(zh, "zh")))
    graph.add((what, SKOS.prefLabel, Literal(en, "en")))
