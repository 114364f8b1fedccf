"""Terms of RDF in the spelling of N-Triples: IRIs, literals, dates, numbers; and the names of our vocabulary.

Every id becomes an IRI and can be read back from it (`loaders/rdf_terms.py`): whatever is not a plain character is
percent-encoded, so that the IRI is a URL as it stands. The vocabulary has one namespace wherever the data lie, so that
files of two offices fit together; the base of the data is a setting (RECHAIN_IRI_BASE).
"""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from graph.model.errors import BadInput
from graph.model.predicates import PREDICATES

# `.example` is reserved (RFC 2606): nobody's, for ever.
DEFAULT_BASE = "https://rechain.example/"
VOCABULARY = "https://rechain.example/ontology#"
NAMESPACES: dict[str, str] = {
    "rc": VOCABULARY,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "org": "http://www.w3.org/ns/org#",
    "schema": "https://schema.org/",
    "qudt": "http://qudt.org/schema/qudt/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "void": "http://rdfs.org/ns/void#",
    "dcterms": "http://purl.org/dc/terms/",
}
# Percent-encoded, as ids are; so nothing that has a meaning of its own in a URL is left.
_BASE = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~%-]+)*/", re.ASCII)
_ODD = re.compile('[\x00-\x1f"\\\\\x7f\ud800-\udfff\ufffe\uffff]')
_ESCAPES = {"\t": "\\t", "\b": "\\b", "\n": "\\n", "\r": "\\r", "\f": "\\f", '"': '\\"', "\\": "\\\\"}
_LITERAL = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?', re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_UNESCAPED = {escape[1]: character for character, escape in _ESCAPES.items()}
_PLAIN = re.compile(r"[A-Za-z0-9._~:-]*", re.ASCII).fullmatch
_DATE_TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)


class Concepts(NamedTuple):
    """A closed list of words as a SKOS concept scheme: its name, and what the names of its concepts begin with."""

    name: str
    prefix: str
    zh: str
    en: str


# Of every predicate with a closed list of words, so that a new one has its scheme as soon as it is declared.
SCHEMES: dict[str, Concepts] = {
    said.name: Concepts(
        "".join(part.capitalize() for part in said.name.split("_")) + "Words",
        said.name.replace("_", "-"),
        said.zh,
        said.en,
    )
    for said in PREDICATES.values()
    if said.choices
}
FLAG_SCHEME = Concepts("Flags", "flag", "来源的保留", "how a source hedges")
GRADE_SCHEME = Concepts("Grades", "grade", "来源等级", "grades of sources")


def base_of(text: str) -> str:
    """A base for the data's IRIs, with a slash at its end; raises BadInput for what is no plain web address."""
    base = text if text.endswith("/") else f"{text}/"
    if not _BASE.fullmatch(base):
        raise BadInput(
            "'{value}' cannot be the base of IRIs. Write a web address without ? and #: https://rechain.example/api/v1/",
            value=text[:80],
        )
    return base


def iri(prefix: str, name: str) -> str:
    """A term of a vocabulary: iri("skos", "prefLabel")."""
    return f"<{NAMESPACES[prefix]}{name}>"


def own(name: str) -> str:
    """A term of our vocabulary."""
    return f"<{VOCABULARY}{name}>"


@lru_cache(maxsize=4096)
def concept(scheme: Concepts, word: str) -> str:
    """A word of a closed list."""
    return own(f"{scheme.prefix}-{encoded(word)}")


@lru_cache(maxsize=4096)
def unit_iri(symbol: str) -> str:
    """A unit, simple or compound."""
    return own(f"unit-{encoded(symbol)}")


@lru_cache(maxsize=64)
def claim_class(predicate: str) -> str:
    """The class of all claims of a predicate: produces -> ProducesClaim."""
    return own("".join(part.capitalize() for part in predicate.split("_")) + "Claim")


def encoded(text: str) -> str:
    """As part of an IRI: letters, digits, `-._~:` as they are, every other byte of UTF-8 as %XX."""
    return text if _PLAIN(text) else quote(text, safe=":", errors="surrogatepass")


@lru_cache(maxsize=16384)
def dated(text: str) -> str:
    """A partial date with the datatype of its precision; what is no date stays a text."""
    if _DATE.fullmatch(text):
        return f'"{text}"^^<{NAMESPACES["xsd"]}{_DATE_TYPES[len(text)]}>'
    return plain(text)[0]


def double(value: float) -> str:
    """A number such that reading it gives the same bits."""
    # 0.0 and -0.0 are equal, so a cache would take one for the other.
    return _nonzero(value) if value else _spelt(value)


@lru_cache(maxsize=16384)
def _nonzero(value: float) -> str:
    return _spelt(value)


def _spelt(value: float) -> str:
    shown = repr(value)
    shown = {"nan": "NaN", "inf": "INF", "-inf": "-INF"}.get(shown, shown)
    return f'"{shown}"^^<{NAMESPACES["xsd"]}double>'


def whole(value: int) -> str:
    """A whole number."""
    return f'"{value}"^^<{NAMESPACES["xsd"]}integer>'


def truth(value: bool) -> str:
    """A truth value."""
    return f'"{str(value).lower()}"^^<{NAMESPACES["xsd"]}boolean>'


def plain(text: str) -> tuple[str, int]:
    """A text, and how many of its characters RDF cannot hold: halves of surrogate pairs, each written as U+FFFD."""
    if _ODD.search(text) is None:
        return f'"{text}"', 0
    lost = 0
    parts = []
    for character in text:
        if "\ud800" <= character <= "\udfff":
            lost += 1
            parts.append("\ufffd")
        elif character in _ESCAPES:
            parts.append(_ESCAPES[character])
        elif _ODD.match(character):
            parts.append(f"\\u{ord(character):04X}")
        else:
            parts.append(character)
    return f'"{"".join(parts)}"', lost


def read_literal(term: str) -> tuple[str, str | None, str | None]:
    """Text, language and datatype of a literal; raises ValueError for a term that is none."""
    match = _LITERAL.fullmatch(term)
    if match is None:
        raise ValueError(f"no literal of N-Triples: {term[:80]}")
    text, language, datatype = match.groups()
    return _ESCAPE.sub(_unescape, text) if "\\" in text else text, language, datatype


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _UNESCAPED.get(code, code)
