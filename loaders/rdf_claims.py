"""The statements about one claim or one source, put together. The other way round is `graph/export/rdf.py`."""

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from math import inf, isinf
from typing import NoReturn
from urllib.parse import unquote

from graph.export import rdf_words as words
from graph.export.rdf_terms import FLAG_SCHEME, GRADE_SCHEME, NAMESPACES, VOCABULARY, own, read_literal
from graph.model.claims import GRADES, Claim, Source
from graph.model.errors import BadInput
from graph.model.kinds import kind_of
from graph.model.predicates import FLAGS, PREDICATES, Predicate
from loaders.cells import BadCell, Unfit, read_date, read_unit, wanted

Pair = tuple[str, str]
# The end of the IRI of a node, whatever the base in front of it.
_NODE = re.compile(r"<[^>]*/nodes/([^/?#>]+)>")
_UNIT = own("unit-")[:-1]
_XSD = NAMESPACES["xsd"]
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_NUMBERS = frozenset(_XSD + name for name in ("double", "decimal", "integer", "float", "int", "long"))
_DETAIL = own(words.DETAIL)[:-1]
CLAIM_PROPERTIES = frozenset((
    words.SUBJECT, words.PREDICATE, words.OBJECT, words.VALUE, words.QUANTITY, words.QUALIFIER, words.QUALIFIED_BY,
    words.AS_OF, words.UNTIL, words.FLAG, words.FLAG_LIST, words.CONFIDENCE, words.NOTE, words.SOURCE, words.NUMBER,
    words.UNIT,
))  # fmt: skip
SOURCE_PROPERTIES = frozenset((words.URL, words.PUBLISHER, words.PUBLISHED, words.GRADE, words.LICENCE))


def tells_of_claim(property_: str) -> bool:
    """Whether a property says something of a claim or of its quantity."""
    return property_ in CLAIM_PROPERTIES or property_.startswith(_DETAIL)


def node_of(term: str) -> str | None:
    """The id behind the IRI of a node or source; None for another term."""
    match = _NODE.fullmatch(term)
    return unquote(match[1], errors="surrogatepass") if match else None


def short(term: str) -> str:
    """A property as people write it: rc:asOf."""
    full = term.strip("<>")
    for prefix, space in NAMESPACES.items():
        if full.startswith(space):
            return f"{prefix}:{full[len(space) :]}"
    return full


class Said:
    """What is said of one subject, property by property."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._terms: dict[str, list[str]] = {}
        for property_, term in dict.fromkeys(pairs):
            self._terms.setdefault(property_, []).append(term)

    def one(self, property_: str) -> str | None:
        """The only term; raises BadCell where there are several."""
        terms = self._terms.get(property_, ())
        if len(terms) > 1:
            raise BadCell(
                short(property_), terms[1], "It is said twice, and differently.", "Keep one, or make two claims of it."
            )
        return terms[0] if terms else None

    def every(self, property_: str) -> list[str]:
        """All terms."""
        return self._terms.get(property_, [])

    def text(self, property_: str) -> str | None:
        """The only term as a text."""
        term = self.one(property_)
        return None if term is None else _literal(property_, term)[0]

    def date(self, property_: str) -> str | None:
        """The only term as a partial date."""
        text = self.text(property_)
        return None if text is None else _fit(property_, text, read_date)

    def number(self, property_: str) -> float | None:
        """The only term as a number."""
        text = self.text(property_)
        return None if text is None else _number(property_, text)

    def node(self, property_: str, kinds: tuple[str, ...]) -> str | None:
        """The only term as a node of one of these kinds."""
        term = self.one(property_)
        return None if term is None else _node(property_, term, kinds)

    def details(self) -> dict[str, str]:
        """Term by name of the detail."""
        return {
            unquote(property_[len(_DETAIL) : -1]): str(self.one(property_))
            for property_ in self._terms
            if property_.startswith(_DETAIL)
        }


def claim_of(pairs: Iterable[Pair]) -> Claim:
    """The claim, its quantity among the pairs; raises BadCell for what is missing or does not fit."""
    said = Said(pairs)
    name, predicate = _predicate(said)
    subject = _needed(words.SUBJECT, said.node(words.SUBJECT, predicate.subjects))
    object_ = said.node(words.OBJECT, predicate.objects) if predicate.objects else None
    if predicate.objects and not predicate.object_optional:
        _needed(words.OBJECT, object_)
    if not predicate.objects and (term := said.one(words.OBJECT)):
        raise BadCell(short(words.OBJECT), term, f"{name} joins no nodes.", f"Write its value as {short(words.VALUE)}.")
    value, unit = _value(said, predicate)
    if value is None and predicate.value in ("text", "date"):
        _needed(words.VALUE, None)
    flags = sorted(_words(words.FLAG, said, own(f"{FLAG_SCHEME.prefix}-")[:-1], FLAGS))
    listed = said.text(words.FLAG_LIST)
    confidence = said.number(words.CONFIDENCE)
    if confidence is not None and not 0 <= confidence <= 1:
        raise BadCell(
            short(words.CONFIDENCE), str(confidence), "It is not from 0 to 1.", "Write 1 for sure, 0.5 for half."
        )
    return Claim(
        subject, name, object_, value, unit, _qualifier(said, predicate),
        said.date(words.AS_OF), said.date(words.UNTIL),
        tuple(listed.split(",")) if listed is not None else tuple(flags),
        _details(said, predicate), _needed(words.SOURCE, said.node(words.SOURCE, ("source",))),
        said.text(words.NOTE) or "", 1.0 if confidence is None else confidence,
    )  # fmt: skip


def source_of(id_: str, pairs: Iterable[Pair]) -> Source | None:
    """The source, None when nothing is said of it but its id; raises BadCell for what does not fit."""
    said = Said(pairs)
    try:
        kind_of(id_)
    except BadInput:
        raise BadCell("", id_, "It is not an id.", "Write BASE/nodes/src: and a name without spaces.") from None
    grades = _words(words.GRADE, said, own(f"{GRADE_SCHEME.prefix}-")[:-1], GRADES)
    source = Source(
        id_,
        said.text(words.URL) or "",
        said.text(words.PUBLISHER) or "",
        said.date(words.PUBLISHED),
        grades[0] if grades else "",
        said.text(words.LICENCE) or "",
    )
    return None if source == Source(id_, "", "", None, "") else source._replace(grade=source.grade or "other")


def _predicate(said: Said) -> tuple[str, Predicate]:
    term = _needed(words.PREDICATE, said.one(words.PREDICATE))
    space = f"<{VOCABULARY}"
    name = term[len(space) : -1] if term.startswith(space) else ""
    if name not in PREDICATES:
        close = get_close_matches(name, PREDICATES, 1)
        remedy = f"Did you mean rc:{close[0]}?" if close else "docs/ontology.ttl lists those there are."
        raise BadCell(short(words.PREDICATE), term, "There is no such predicate.", remedy)
    return name, PREDICATES[name]


def _value(said: Said, predicate: Predicate) -> tuple[str | float | None, str | None]:
    """The value and its unit. A number may stand as rc:value too, when it has no unit."""
    number = said.number(words.NUMBER)
    unit_term = said.one(words.UNIT)
    unit = None
    if unit_term is not None:
        if not unit_term.startswith(_UNIT):
            raise BadCell(
                short(words.UNIT),
                unit_term,
                "It is no unit of ours.",
                "Write rc:unit-t, rc:unit-t%2Fyr, rc:unit-CNY ...",
            )
        unit = _fit(words.UNIT, unquote(unit_term[len(_UNIT) : -1]), read_unit)
    if number is None and unit is None and (quantity := said.one(words.QUANTITY)):
        raise BadCell(
            short(words.QUANTITY),
            quantity,
            "Nothing is said of this quantity.",
            "Add its qudt:numericValue and qudt:unit.",
        )
    term = said.one(words.VALUE)
    if term is None:
        if number is not None and predicate.value not in ("number", "number_or_text"):
            raise BadCell(short(words.NUMBER), str(number), f"{predicate.name} has no amount.", "Leave the number out.")
        return number, unit
    text, _, datatype = _literal(words.VALUE, term)
    if datatype in _NUMBERS and predicate.value in ("number", "number_or_text"):
        return _number(words.VALUE, text), unit
    if predicate.value == "none" or (predicate.value == "number" and number is None):
        raise BadCell(short(words.VALUE), term, f"{predicate.name} has no text.", "Write the amount as rc:quantity.")
    if predicate.value == "date":
        return _fit(words.VALUE, text, read_date), unit
    if predicate.choices and text not in predicate.choices:
        raise BadCell(
            short(words.VALUE), text, "The word is not in the list.", f"Use one of {', '.join(predicate.choices)}."
        )
    return text, unit


def _qualifier(said: Said, predicate: Predicate) -> str:
    text, node = said.text(words.QUALIFIER), said.one(words.QUALIFIED_BY)
    allowed = predicate.qualifier
    if text is not None and node is not None:
        raise BadCell(short(words.QUALIFIED_BY), node, "There are two qualifiers.", "Keep one of them.")
    if node is not None:
        if allowed not in ("product", "product_or_chain"):
            raise BadCell(
                short(words.QUALIFIED_BY), node, f"{predicate.name} is qualified by words.", "Write rc:qualifier."
            )
        return _node(words.QUALIFIED_BY, node, ("product", "chain") if allowed == "product_or_chain" else ("product",))
    if not text:
        return ""
    if isinstance(allowed, tuple) and text not in allowed:
        listed = ", ".join(word for word in allowed if word)
        raise BadCell(short(words.QUALIFIER), text, "The word is not in the list.", f"Use one of {listed}.")
    if allowed != "text" and not isinstance(allowed, tuple):
        remedy = "Leave it out." if not allowed else "Name the product with rc:qualifiedBy."
        raise BadCell(short(words.QUALIFIER), text, f"{predicate.name} is not qualified by words.", remedy)
    return text


def _details(said: Said, predicate: Predicate) -> tuple[tuple[str, str | float | bool], ...]:
    found: list[tuple[str, str | float | bool]] = []
    for name, term in said.details().items():
        property_ = own(words.DETAIL + name)
        if name not in predicate.detail:
            raise BadCell(
                short(property_), term, f"{predicate.name} has no such detail.",
                f"It may have {', '.join(predicate.detail)}." if predicate.detail else "Leave it out.",
            )  # fmt: skip
        text, _, datatype = _literal(property_, term)
        if datatype == f"{_XSD}boolean":
            found.append((name, text in ("true", "1")))
        else:
            found.append((name, _number(property_, text) if datatype in _NUMBERS else text))
    return tuple(sorted(found))


def _words(property_: str, said: Said, prefix: str, known: Iterable[str]) -> list[str]:
    found = []
    for term in said.every(property_):
        word = unquote(term[len(prefix) : -1]) if term.startswith(prefix) else ""
        if word not in known:
            listed = ", ".join(f"{short(prefix)}{one}" for one in known)
            raise BadCell(short(property_), term, "It is not in the list.", f"Use one of {listed}.")
        found.append(word)
    return found


def _node(property_: str, term: str, kinds: tuple[str, ...]) -> str:
    id_ = node_of(term)
    try:
        kind = kind_of(id_ or "")
    except BadInput:
        raise BadCell(
            short(property_),
            term,
            "It is the IRI of no node.",
            "Write BASE/nodes/ and an id, such as nodes/ent:jl-mag.",
        ) from None
    if kind.name not in kinds:
        raise BadCell(short(property_), term, f"Wanted is {wanted(kinds)}.", "Exchange it, or use another predicate.")
    return str(id_)


def _literal(property_: str, term: str) -> tuple[str, str | None, str | None]:
    try:
        return read_literal(term)
    except ValueError:
        raise BadCell(
            short(property_), term, "A text or number is wanted, not a node.", "Write it in quotes."
        ) from None


def _number(property_: str, text: str) -> float:
    number = float(text) if _NUMBER.fullmatch(text) else inf
    if isinf(number):
        raise BadCell(short(property_), text, "It is not a number.", "Write digits and a decimal point, in base units.")
    return number


def _fit(property_: str, text: str, read: Callable[[str], str]) -> str:
    try:
        return read(text)
    except Unfit as unfit:
        raise BadCell(short(property_), text, unfit.reason, unfit.remedy) from None


def _needed(property_: str, found: str | None) -> str:
    if found is None:
        _missing(property_)
    return found


def _missing(property_: str) -> NoReturn:
    raise BadCell(
        short(property_), "", "The claim lacks it.", f"Add {short(property_)}; docs/rdf.md shows a whole claim."
    )
