"""docs/shapes.ttl: what the RDF of a graph has to look like (SHACL), made from the model.

Three groups: nodes by kind, direct triples by predicate, claims in general and by predicate. Each property shape has an
IRI and says in Chinese and English what to do, so that a report can be read by whoever has to mend the data.
"""

from collections.abc import Iterable

from rdflib import RDF, SH, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import PROV
from rdflib.term import Node

from graph.export.rdf_terms import FLAG_SCHEME, NAMESPACES, SCHEMES, VOCABULARY, claim_class, concept
from graph.export.rdf_words import CLASSES
from graph.export.vocabulary import QUDT, RC
from graph.export.vocabulary import node as term
from graph.model.kinds import NODE_KINDS
from graph.model.predicates import FLAGS, PREDICATES, Predicate

SHAPES = Namespace(VOCABULARY.replace("ontology#", "shapes#"))
# Flows are told per whatever `basis` says; of what is counted, the name says what.
UNITLESS = ("input_to", "yields", "indicator", "offers")
_DATE_TYPES = (XSD.gYear, XSD.gYearMonth, XSD.date)
# What is asked of a node or a value, by SHACL's words.
Rules = dict[URIRef, Node | int]
_QUALIFIED = {"product": ("product",), "product_or_chain": ("product", "chain")}


class _Shapes:
    """The graph, while it is written."""

    def __init__(self) -> None:
        self.graph = Graph(bind_namespaces="none")
        for prefix, space in NAMESPACES.items():
            self.graph.bind(prefix, space)
        self.graph.bind("sh", SH)
        self.graph.bind("rcs", SHAPES)

    def shape(self, name: str, target: URIRef | None = None, what: URIRef = SH.targetClass) -> URIRef:
        """A node shape."""
        self.graph.add((SHAPES[name], RDF.type, SH.NodeShape))
        if target is not None:
            self.graph.add((SHAPES[name], what, target))
        return SHAPES[name]

    def property(self, shape: URIRef, name: str, path: URIRef, zh: str, en: str, rules: Rules) -> URIRef:
        """A property shape of a node shape, and what to do where it is broken."""
        one = URIRef(f"{shape}-{name}")
        self.graph.add((shape, SH.property, one))
        self.graph.add((one, RDF.type, SH.PropertyShape))
        self.graph.add((one, SH.path, path))
        self._say(one, zh, en)
        self._rule(one, rules)
        return one

    def focus(self, shape: URIRef, zh: str, en: str, rules: Rules) -> None:
        """Rules on the node itself."""
        self._say(shape, zh, en)
        self._rule(shape, rules)

    def of_kinds(self, kinds: tuple[str, ...]) -> Rules:
        """A rule on what class a node is of."""
        classes = [RC[NODE_KINDS[kind].label] for kind in kinds]
        if len(classes) == 1:
            return {SH["class"]: classes[0]}
        return {SH["or"]: self.any_of(SH["class"], classes)}

    def dates(self) -> Rules:
        """A rule: a date as precise as the source."""
        return {SH["or"]: self.any_of(SH.datatype, _DATE_TYPES)}

    def any_of(self, rule: URIRef, values: Iterable[URIRef]) -> BNode:
        """A list of alternatives."""
        options: list[Node] = []
        for value in values:
            option = BNode()
            self.graph.add((option, rule, value))
            options.append(option)
        return self.list(options)

    def list(self, items: Iterable[Node]) -> BNode:
        """An RDF list."""
        head = BNode()
        Collection(self.graph, head, list(items))
        return head

    def _rule(self, shape: URIRef, rules: Rules) -> None:
        for rule, value in rules.items():
            self.graph.add((shape, rule, Literal(value) if isinstance(value, int) else value))

    def _say(self, shape: URIRef, zh: str, en: str) -> None:
        self.graph.add((shape, SH.message, Literal(zh, "zh")))
        self.graph.add((shape, SH.message, Literal(en, "en")))


def shapes() -> Graph:
    """All of them."""
    made = _Shapes()
    for kind in NODE_KINDS:
        _kind(made, kind)
    for said in PREDICATES.values():
        _direct(made, said)
    _any_claim(made)
    _amounts(made)
    for said in PREDICATES.values():
        _claim(made, said)
    return made.graph


def shapes_page() -> str:
    """As docs/shapes.ttl holds it."""
    return shapes().serialize(format="turtle")


def _kind(made: _Shapes, name: str) -> None:
    kind = NODE_KINDS[name]
    shape = made.shape(f"{kind.label}Shape", RC[kind.label])
    form = f"/nodes/{kind.prefix}:"
    made.focus(
        shape, f"{kind.zh}的 IRI 应含 {form}。", f"The IRI of such a node holds {form} and its id.",
        {SH.nodeKind: SH.IRI, SH.pattern: Literal(form)},
    )  # fmt: skip
    known = [URIRef(NAMESPACES[prefix] + local) for prefix, local in CLASSES[name]]
    for number, one in enumerate(known):
        en = f"Add the type {one}."
        made.property(shape, f"type{number}", RDF.type, f"应同时标注类型 {one}。", en, {SH.hasValue: one})
    if name == "source":
        return
    label = made.property(
        shape,
        "label",
        SKOS.prefLabel,
        "对象没有名称：请补充 name_zh 或 name_en。",
        "The node has no name: load its name_zh or name_en.",
        {SH.minCount: 1},
    )
    # Named by claims and described by none: `rechain check` lists them too, and the data can be used.
    made.graph.add((label, SH.severity, SH.Warning))
    made.property(
        shape,
        "labels",
        SKOS.prefLabel,
        "每种语言只能有一个名称：其余写作 alias。",
        "One name a language: make the others an alias.",
        {SH.datatype: RDF.langString, SH.uniqueLang: Literal(True)},
    )


def _direct(made: _Shapes, said: Predicate) -> None:
    shape = made.shape(f"{said.name}Shape", RC[said.name], SH.targetSubjectsOf)
    told = (
        f"此关系的主体应为{_zh(said.subjects)}。",
        f"Only {_en(said.subjects)} can be said so: exchange the subject.",
    )
    made.focus(shape, *told, made.of_kinds(said.subjects))
    zh, en = f"“{said.zh}”指向的", f"What '{said.en}' leads to "
    rules: Rules
    if said.object_optional:
        return
    if said.links:
        rules = made.of_kinds(said.objects)
        zh, en = f"{zh}应为{_zh(said.objects)}。", f"{en}has to be {_en(said.objects)}: exchange the object."
    elif said.choices:
        rules = {SH["in"]: made.list(term(concept(SCHEMES[said.name], word)) for word in said.choices)}
        zh, en = f"{zh}应为词表中的词。", f"{en}has to be in the list: {', '.join(said.choices)}."
    elif said.value == "number":
        rules = {SH["class"]: QUDT.QuantityValue}
        zh, en = f"{zh}应为数量。", f"{en}has to be a quantity: write it on the claim, with its unit."
    elif said.value == "date":
        rules = made.dates()
        zh, en = f"{zh}应为日期。", f"{en}has to be a date: 2021, 2021-06 or 2021-06-30."
    else:
        rules = {SH.datatype: RDF.langString if said.name in ("name_zh", "name_en") else XSD.string}
        zh, en = f"{zh}应为文字。", f"{en}has to be a text."
    made.property(shape, "object", RC[said.name], zh, en, rules)


def _any_claim(made: _Shapes) -> None:
    shape = made.shape("ClaimShape", RC.Claim)
    made.property(
        shape,
        "confidence",
        RC.confidence,
        "置信度应为 0 到 1 之间的一个数。",
        "The confidence is one number from 0 to 1.",
        {
            SH.minCount: 1, SH.maxCount: 1, SH.datatype: XSD.double, SH.minInclusive: Literal(0.0),
            SH.maxInclusive: Literal(1.0),
        },
    )  # fmt: skip
    made.property(
        shape,
        "source",
        PROV.wasDerivedFrom,
        "每条陈述应有且只有一个来源（rc:Source）：请补充来源。",
        "Each claim has one source, a rc:Source: name the document it was taken from.",
        {SH.minCount: 1, SH.maxCount: 1, SH["class"]: RC.Source},
    )
    for name, zh, en in (("asOf", "截至日期", "as-of date"), ("until", "失效日", "until date")):
        made.property(
            shape,
            name,
            RC[name],
            f"{zh}应为一个日期：2021、2021-06 或 2021-06-30。",
            f"The {en} is one date, as gYear, gYearMonth or date: 2021, 2021-06, 2021-06-30.",
            {SH.maxCount: 1, **made.dates()},
        )
    made.property(
        shape,
        "flag",
        RC.flag,
        "标记应为词表中的词。",
        f"A flag is one of {', '.join(FLAGS)}.",
        {SH["in"]: made.list(term(concept(FLAG_SCHEME, flag)) for flag in FLAGS)},
    )
    every = made.list(RC[name] for name in PREDICATES)
    made.property(
        shape,
        "predicate",
        RC.predicate,
        "谓词应为词汇表（docs/ontology.ttl）中的一个。",
        "The predicate is one of the vocabulary, docs/ontology.ttl.",
        {SH.minCount: 1, SH.maxCount: 1, SH["in"]: every},
    )


def _amounts(made: _Shapes) -> None:
    """A quantity in general; and one whose number, where there is one, has a unit."""
    shape = made.shape("NumberShape")
    told = ("数量至多有一个数值和一个单位。", "A quantity has at most one number and one unit.")
    made.property(shape, "number", QUDT.numericValue, *told, {SH.maxCount: 1, SH.datatype: XSD.double})
    made.property(shape, "unit", QUDT.unit, *told, {SH.maxCount: 1, SH.nodeKind: SH.IRI})
    bare, measured = made.shape("NoNumberShape"), made.shape("UnitShape")
    made.property(bare, "number", QUDT.numericValue, "没有数值。", "There is no number.", {SH.maxCount: 0})
    made.property(measured, "unit", QUDT.unit, "有单位。", "There is a unit.", {SH.minCount: 1})
    amount = made.shape("AmountShape")
    made.graph.add((amount, SH.node, shape))
    made.graph.add((amount, SH["or"], made.list((bare, measured))))


def _claim(made: _Shapes, said: Predicate) -> None:
    name = claim_class(said.name)[1 + len(VOCABULARY) : -1]
    shape = made.shape(f"{name}Shape", RC[name])
    en = f"'{said.en}' "
    made.property(
        shape, "predicate", RC.predicate, f"此类陈述的谓词应为 rc:{said.name}。", f"Its predicate is rc:{said.name}.",
        {SH.hasValue: RC[said.name]},
    )  # fmt: skip
    made.property(
        shape,
        "subject",
        RC.subject,
        f"“{said.zh}”的主体应为一个{_zh(said.subjects)}。",
        f"{en}is said of {_en(said.subjects)}: name one.",
        {SH.minCount: 1, SH.maxCount: 1, SH.pattern: _pattern(said.subjects)},
    )
    if said.objects:
        made.property(
            shape,
            "object",
            RC.object,
            f"“{said.zh}”的客体应为一个{_zh(said.objects)}。",
            f"{en}leads to {_en(said.objects)}: name one.",
            {SH.minCount: 0 if said.object_optional else 1, SH.maxCount: 1, SH.pattern: _pattern(said.objects)},
        )
    else:
        made.property(
            shape, "object", RC.object, f"“{said.zh}”没有客体。", f"{en}joins no nodes: drop it.", {SH.maxCount: 0}
        )
    _claim_value(made, shape, said)
    _claim_qualifier(made, shape, said)


def _claim_value(made: _Shapes, shape: URIRef, said: Predicate) -> None:
    en = f"'{said.en}' "
    rules: Rules = {SH.maxCount: 0}
    told = (f"“{said.zh}”没有文字值。", f"{en}has no text: drop it.")
    if said.value == "text" or said.choices:
        rules = {SH.minCount: 1, SH.maxCount: 1, SH.datatype: XSD.string}
        told = (f"“{said.zh}”应有一个文字值。", f"{en}has one text.")
        if said.choices:
            rules[SH["in"]] = made.list(Literal(word) for word in said.choices)
            told = (f"“{said.zh}”应为词表中的词。", f"{en}is one of {', '.join(said.choices)}.")
    elif said.value == "date":
        rules = {SH.minCount: 1, SH.maxCount: 1, **made.dates()}
        told = (f"“{said.zh}”应有一个日期。", f"{en}has one date: 2021, 2021-06 or 2021-06-30.")
    elif said.value == "number_or_text":
        rules = {SH.maxCount: 1}
    made.property(shape, "value", RC.value, *told, rules)
    if said.value.startswith("number"):
        needs_unit = said.name not in UNITLESS
        made.property(
            shape,
            "quantity",
            RC.quantity,
            f"“{said.zh}”的数量应为一个数值{'，并有单位' if needs_unit else ''}。",
            f"{en}has one amount, a number{' with its unit: add qudt:unit' if needs_unit else ''}.",
            {
                SH.maxCount: 1,
                SH["class"]: QUDT.QuantityValue,
                SH.node: SHAPES["AmountShape" if needs_unit else "NumberShape"],
            },
        )
    else:
        made.property(
            shape, "quantity", RC.quantity, f"“{said.zh}”没有数量。", f"{en}has no amount: drop it.", {SH.maxCount: 0}
        )


def _claim_qualifier(made: _Shapes, shape: URIRef, said: Predicate) -> None:
    en = f"'{said.en}' "
    allowed = said.qualifier
    rules: Rules = {SH.maxCount: 1, SH.datatype: XSD.string}
    told = (f"“{said.zh}”至多有一个限定词。", f"{en}has at most one qualifier.")
    if isinstance(allowed, tuple):
        rules = {SH.maxCount: 1, SH["in"]: made.list(Literal(word) for word in allowed if word)}
        listed = ", ".join(word for word in allowed if word)
        told = (f"“{said.zh}”的限定词应为 {listed} 之一。", f"{en}is qualified by one of {listed}.")
    elif allowed != "text":
        rules = {SH.maxCount: 0}
        told = (f"“{said.zh}”没有限定词。", f"{en}is not qualified by words: drop it.")
    made.property(shape, "qualifier", RC.qualifier, *told, rules)
    kinds = _QUALIFIED.get(allowed) if isinstance(allowed, str) else None
    if kinds:
        rules = {SH.maxCount: 1, SH.pattern: _pattern(kinds)}
        told = (f"“{said.zh}”限定于一个{_zh(kinds)}。", f"{en}is limited to {_en(kinds)}.")
    else:
        rules, told = {SH.maxCount: 0}, (f"“{said.zh}”不限定于对象。", f"{en}is limited to no node: drop it.")
    made.property(shape, "qualifiedBy", RC.qualifiedBy, *told, rules)


def _pattern(kinds: tuple[str, ...]) -> Literal:
    """Of the end of a claim the id tells its kind: claims may name nodes that are not in the subgraph."""
    return Literal(f"/nodes/({'|'.join(NODE_KINDS[kind].prefix for kind in kinds)}):")


def _zh(kinds: tuple[str, ...]) -> str:
    return "、".join(NODE_KINDS[kind].zh for kind in kinds)


def _en(kinds: tuple[str, ...]) -> str:
    names = [NODE_KINDS[kind].en for kind in kinds]
    articled = [f"{'an' if name[0] in 'aeiou' else 'a'} {name}" for name in names]
    return articled[0] if len(articled) == 1 else f"{', '.join(articled[:-1])} or {articled[-1]}"
