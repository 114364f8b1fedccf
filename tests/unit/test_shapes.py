"""SHACL shapes: what is right conforms, and each way to be wrong is found with what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from asking import stored
from conftest import TODAY
from exporting import everything, export
from oracles.plain_reader import PlainReader
from oracles.shipped import shipped
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import PROV, SKOS

from graph.export.rdf_terms import NAMESPACES, VOCABULARY
from graph.export.shapes import shapes
from graph.export.validation import Violation, violations_in, violations_of
from graph.model.claims import Claim
from graph.model.predicates import PREDICATES
from graph.model.subgraph import Subgraph
from queries.lookup.subgraph import SubgraphParams, subgraph_of

RC = Namespace(VOCABULARY)
N = Namespace("https://rechain.example/nodes/")
C = Namespace("https://rechain.example/claims/")
QUDT = Namespace(NAMESPACES["qudt"])
CAPACITY = stored(next(one for one in tiny.CLAIMS if one.subject == "ent:sep" and one.predicate == "produces")).id


def drawing(*more: Claim) -> Subgraph:
    return everything(PlainReader.of([stored(one) for one in (*tiny.CLAIMS, *more)], tiny.SOURCES, TODAY))


def wrong_in(whole: Subgraph, part: int = 40_000) -> list[Violation]:
    return [one for looked in violations_of(whole, part) for one in looked.violations]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The drawing as Turtle."""
    return (export(drawing(), "turtle", tmp_path_factory.mktemp("shapes")) / "graph.ttl").read_bytes()


@pytest.mark.parametrize("part", [40_000, 100])
def test_the_drawing_conforms(part: int) -> None:
    assert wrong_in(drawing(), part) == []


def test_a_part_of_the_shipped_data_conforms() -> None:
    claims, sources = shipped()
    reader = PlainReader.of([stored(one) for one in claims], sources, TODAY)
    assert wrong_in(subgraph_of(reader, SubgraphParams(seed=("ent:jl-mag",), hops=1, flagged=True))) == []


def test_every_predicate_has_its_shapes() -> None:
    told = {str(one).rpartition("#")[2] for one in shapes().subjects(RDF.type)}
    for name in PREDICATES:
        assert f"{name}Shape" in told
        assert f"{''.join(part.capitalize() for part in name.split('_'))}ClaimShape" in told


def _set(subject: URIRef, property_: URIRef, *values: URIRef | Literal) -> Callable[[Graph], None]:
    def change(graph: Graph) -> None:
        graph.remove((subject, property_, None))
        for value in values:
            graph.add((subject, property_, value))

    return change


@pytest.mark.parametrize(
    "change, about, path",
    [
        (_set(C[CAPACITY], PROV.wasDerivedFrom), CAPACITY, "rc:produces prov:wasDerivedFrom"),
        (_set(C[CAPACITY], PROV.wasDerivedFrom, N["ent:mag1"]), CAPACITY, "rc:produces prov:wasDerivedFrom"),
        (_set(C[CAPACITY], PROV.wasDerivedFrom, N["src:s1"], N["src:s2"]), CAPACITY, "rc:produces prov:wasDerivedFrom"),
        (_set(C[CAPACITY], RC.confidence, Literal(1.5)), CAPACITY, "rc:produces rc:confidence"),
        (_set(C[CAPACITY], RC.confidence, Literal("high")), CAPACITY, "rc:produces rc:confidence"),
        (_set(C[CAPACITY], RC.asOf, Literal("2023-13-01")), CAPACITY, "rc:produces rc:asOf"),
        (_set(C[CAPACITY], RC.flag, RC["flag-maybe"]), CAPACITY, "rc:produces rc:flag"),
        (_set(C[CAPACITY], RC.predicate), CAPACITY, "rc:predicate"),
        (_set(C[CAPACITY], RC.subject, N["reg:zone"]), CAPACITY, "rc:produces rc:subject"),
        (_set(C[CAPACITY], RC.object, N["ent:mag1"]), CAPACITY, "rc:produces rc:object"),
        (_set(C[CAPACITY], RC.object), CAPACITY, "rc:produces rc:object"),
        (_set(C[CAPACITY], RC.value, Literal("much")), CAPACITY, "rc:produces rc:value"),
        (_set(C[CAPACITY], RC.qualifier, Literal("capcity")), CAPACITY, "rc:produces rc:qualifier"),
        (_set(C[CAPACITY], RC.qualifiedBy, N["prd:magnet"]), CAPACITY, "rc:produces rc:qualifiedBy"),
        (_set(C[f"{CAPACITY}#quantity"], QUDT.unit), CAPACITY, "rc:produces rc:quantity"),
        (_set(C[CAPACITY], RC.quantity, C.nowhere), CAPACITY, "rc:produces rc:quantity"),
        (_set(C[f"{CAPACITY}#quantity"], QUDT.numericValue, Literal("100")), CAPACITY, "rc:produces rc:quantity"),
        (_set(N["ent:sep"], RC.produces, N["ent:mag1"]), "ent:sep", "rc:produces"),
        (_set(N["reg:zone"], RC.produces, N["prd:magnet"]), "reg:zone", ""),
        (_set(N["prd:ore"], RC.stage, Literal("mining")), "prd:ore", "rc:stage"),
        (_set(N["prd:ore"], RC.stage, RC["stage-nowhere"]), "prd:ore", "rc:stage"),
        (_set(N["prd:ore"], RC.country, Literal(3)), "prd:ore", "rc:country"),
        (_set(N["prj:motor-plant"], RC.completion_date, Literal("soon")), "prj:motor-plant", "rc:completion_date"),
        (_set(N["ent:sep"], SKOS.prefLabel, Literal("a", "zh"), Literal("b", "zh")), "ent:sep", "skos:prefLabel"),
        (_set(URIRef("https://x.example/sep"), RDF.type, RC.Enterprise), "https://x.example/sep", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(change: Callable[[Graph], None], about: str, path: str, whole: bytes) -> None:
    graph = Graph().parse(data=whole, format="turtle")
    change(graph)
    found = [one for one in violations_in(graph) if not one.warns]
    assert (about, path) in {(one.about, one.path) for one in found}
    for one in found:
        assert one.zh != one.en
        assert one.en.endswith(".")


def test_a_node_without_a_name_is_a_warning() -> None:
    found = wrong_in(drawing(tiny.claim("ent:mag1", "produces", "prd:unheard-of", as_of="2024")))
    assert [(one.about, one.path, one.warns) for one in found] == [("prd:unheard-of", "skos:prefLabel", True)]


def test_a_wrong_claim_is_found_in_any_part() -> None:
    """An amount of a capacity needs a unit; that of an indicator does not."""
    bare = tiny.claim("ent:mag1", "produces", "prd:binder", amount=5.0, qualifier="capacity", as_of="2024")
    count = tiny.claim("reg:zone", "indicator", 5.0, qualifier="parks", as_of="2024")
    for part in (40_000, 50):
        (found,) = wrong_in(drawing(bare, count), part)
        assert (found.about, found.node, found.path) == (stored(bare).id, "ent:mag1", "rc:produces rc:quantity")
        assert found.en == "'produces' has one amount, a number with its unit: add qudt:unit."


@pytest.mark.slow
def test_the_shapes_themselves_are_sound() -> None:
    """SHACL's own shapes for shapes."""
    from pyshacl import validate

    sound, _, text = validate(Graph(), shacl_graph=shapes(), meta_shacl=True)
    assert sound, text


def test_the_files_are_those_of_the_model() -> None:
    docs = Path(__file__).parents[2] / "docs"
    assert Graph().parse(data=(docs / "shapes.ttl").read_bytes(), format="turtle").isomorphic(shapes())
    assert (URIRef(VOCABULARY[:-1]), None, None) in Graph().parse(
        data=(docs / "ontology.ttl").read_bytes(), format="turtle"
    )
