"""Terms of RDF: what is escaped, what comes back, what is lost; and a claim of the drawing triple by triple."""

import struct

import pyoxigraph as ox
import pytest
import tiny
from asking import stored
from conftest import TODAY
from exporting import everything
from hypothesis import given
from hypothesis import strategies as st
from oracles.plain_reader import PlainReader
from rdflib import SKOS, URIRef
from rdflib.term import Node

from graph.export.rdf import Rdf
from graph.export.rdf_terms import VOCABULARY, base_of, dated, double, encoded, plain, read_literal
from graph.export.vocabulary import PROPERTIES, vocabulary
from graph.model.errors import BadInput
from graph.model.predicates import PREDICATES
from loaders.rdf_claims import node_of

_TEXTS = st.text(st.characters(exclude_categories=("Cs",)))


def in_oxigraph(term: str) -> ox.Literal:
    """A literal as another reader has it."""
    (quad,) = ox.parse(f"<a:b> <a:c> {term} .".encode(), ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.Literal)
    return quad.object


@given(_TEXTS)
def test_texts_come_back(text: str) -> None:
    term, lost = plain(text)
    assert (in_oxigraph(term).value, read_literal(term), lost) == (text, (text, None, None), 0)
    assert read_literal(str(in_oxigraph(term)))[0] == text


def test_halves_of_surrogate_pairs_are_lost_and_counted() -> None:
    term, lost = plain("a\ud83d\udc00b\ude00")
    assert (term, lost) == ('"a\ufffd\ufffdb\ufffd"', 3)


@given(st.floats(allow_nan=False))
def test_numbers_come_back_to_the_bit(number: float) -> None:
    assert struct.pack("d", float(read_literal(double(number))[0])) == struct.pack("d", number)
    assert in_oxigraph(double(number)).datatype.value.endswith("#double")


def test_zero_keeps_its_sign() -> None:
    for number in (0.0, -0.0, 0.0):
        assert double(number).startswith(f'"{number!r}"')


@given(st.text())
def test_ids_come_back_from_their_iris(slug: str) -> None:
    term = f"<https://any.example/base/nodes/{encoded('ent:' + slug)}>"
    assert node_of(term) == f"ent:{slug}" if slug else True
    assert term.isascii()
    assert not set('"{}|^`\\ ?#%25').difference("%25") & set(term)


def test_dates_have_the_type_of_their_precision() -> None:
    types = [in_oxigraph(dated(text)).datatype.value.rpartition("#")[2] for text in ("2021", "2021-06", "2021-06-30")]
    assert types == ["gYear", "gYearMonth", "date"]
    assert dated("long ago") == '"long ago"'


@pytest.mark.parametrize(
    "text", ["", "rechain", "ftp://a.example/", "https://a.example/?q=", "https://a b/", "https://a/#"]
)
def test_what_is_no_base(text: str) -> None:
    with pytest.raises(BadInput, match="cannot be the base of IRIs"):
        base_of(text)


def test_a_base_ends_with_a_slash() -> None:
    assert base_of("http://127.0.0.1:8000/api/v1") == "http://127.0.0.1:8000/api/v1/"


def test_a_claim_triple_by_triple() -> None:
    """mag1 plans 90 t/yr of magnets, told by src:s4 in 2024."""
    planned = tiny.claim(
        "ent:mag1", "produces", "prd:magnet", amount=90.0, unit="t/yr", qualifier="plan", as_of="2024", flags=("plan",),
        source="src:s4", note="a plan", confidence=0.5,
    )  # fmt: skip
    whole = everything(PlainReader.of([stored(planned)], tiny.SOURCES, TODAY))
    name = stored(planned).id
    base, rc = "https://rechain.example/", VOCABULARY
    blocks = [block for block in Rdf(whole).blocks() if f"/claims/{name}" in block.subject]
    graph = f"<{base}nodes/src:s4>"
    assert [(block.subject, block.graph) for block in blocks] == [
        (f"<{base}claims/{name}>", graph),
        (f"<{base}claims/{name}#quantity>", graph),
    ]
    xsd = "http://www.w3.org/2001/XMLSchema#"
    said = [pair.partition(" ") for pair in blocks[0].pairs[2:]]
    assert {(p.strip("<>").removeprefix(rc), o.removeprefix(f"<{rc}")) for p, _, o in said} == {
        ("predicate", "produces>"), ("subject", f"<{base}nodes/ent:mag1>"), ("object", f"<{base}nodes/prd:magnet>"),
        ("quantity", f"<{base}claims/{name}#quantity>"), ("qualifier", '"plan"'), ("asOf", f'"2024"^^<{xsd}gYear>'),
        ("flag", "flag-plan>"), ("confidence", f'"0.5"^^<{xsd}double>'),
        ("http://www.w3.org/2004/02/skos/core#note", '"a plan"'),
        ("http://www.w3.org/ns/prov#wasDerivedFrom", graph),
    }  # fmt: skip
    assert blocks[1].pairs[1:] == [
        f'<http://qudt.org/schema/qudt/numericValue> "90.0"^^<{xsd}double>',
        f"<http://qudt.org/schema/qudt/unit> <{rc}unit-t%2Fyr>",
    ]


def test_our_words_do_not_clash() -> None:
    assert not PROPERTIES.keys() & PREDICATES.keys()


def test_everything_in_the_vocabulary_has_both_names() -> None:
    graph = vocabulary()
    own: set[Node] = {one for one in graph.subjects() if isinstance(one, URIRef) and one.startswith(VOCABULARY)}
    assert len(own) > 250
    for one in own:
        assert {label.language for label in graph.objects(one, SKOS.prefLabel)} == {"zh", "en"}, one  # type: ignore[attr-defined]


def test_every_property_and_class_that_is_written_is_in_the_vocabulary() -> None:
    whole = everything(PlainReader.of([stored(one) for one in tiny.CLAIMS], tiny.SOURCES, TODAY))
    known = {f"<{one}>" for one in vocabulary().subjects()}
    for block in Rdf(whole).blocks():
        for pair in block.pairs:
            for term in pair.partition(" ")[::2]:
                assert not term.startswith(f"<{VOCABULARY}") or term in (*known, f"<{VOCABULARY}>"), term
