"""RDF out and back: every claim as it was, whatever it holds; and the three formats say the same."""

from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import pyoxigraph as ox
import pytest
import rdflib
import rdflib.compare
import tiny
from asking import stored
from conftest import DATA, ROOT, TODAY
from exporting import everything, export
from hypothesis import given, settings
from oracles.hostile_ids import HOSTILE_SOURCES, hostile_graphs
from oracles.plain_reader import PlainReader
from oracles.random_graphs import SOURCES, RandomGraph, graphs

from graph.export.formats import FORMATS
from graph.export.rdf_terms import VOCABULARY
from graph.model.claims import Claim, Source, claim_id
from graph.model.subgraph import Subgraph
from graph.readers.opening import open_reader
from graph.stores.opening import open_store
from graph.stores.port import Store
from loaders.base import Loaded
from loaders.loading import load_into
from loaders.rdf import RdfLoader

RDF = ("turtle", "json-ld", "nquads")
_READ_AS = {"turtle": ox.RdfFormat.TURTLE, "json-ld": ox.RdfFormat.JSON_LD, "nquads": ox.RdfFormat.N_QUADS}
_RDFLIB = {"turtle": "turtle", "json-ld": "json-ld", "nquads": "nquads"}
Triple = tuple[str, str, str]


def triples(file: Path, form: str) -> set[Triple]:
    """What pyoxigraph reads, graphs left aside."""
    with file.open("rb") as opened:
        return {(str(one.subject), str(one.predicate), str(one.object)) for one in ox.parse(opened, _READ_AS[form])}


def read_back(path: Path) -> tuple[dict[str, Claim], list[Source]]:
    """Claims by id and sources; nothing may be rejected."""
    claims, sources = {}, []
    for item in RdfLoader().read(path, "d"):
        if isinstance(item, Loaded):
            claims[claim_id(item.claim)] = item.claim
        else:
            assert isinstance(item, Source), item
            sources.append(item)
    return claims, sources


def described(subgraph: Subgraph) -> list[Source]:
    """The sources that somebody described."""
    return [source for source in subgraph.sources() if source != Source(source.id, "", "", None, "")]


def written(subgraph: Subgraph, folder: str | Path) -> dict[str, Path]:
    """All three files, in a place of their own."""
    place = Path(mkdtemp(dir=folder))
    return {form: export(subgraph, form, place / form) / FORMATS[form].files[0] for form in RDF}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subgraph]:
    """data/ as a whole."""
    store = open_store(f"sqlite:{tmp_path_factory.mktemp('shipped') / 'a.db'}")
    with closing(store):
        load_into(store, [DATA], who="test", when="2026-11-23T00:00:00+00:00")
        yield everything(open_reader(store, TODAY))


def test_the_drawing_comes_back_into_any_store(store: Store, tmp_path: Path) -> None:
    whole = everything(PlainReader.of([stored(one) for one in tiny.CLAIMS], tiny.SOURCES, TODAY))
    for number, file in enumerate(written(whole, tmp_path).values()):
        report = load_into(store, [file], who="test", when="2026-11-23T00:00:00+00:00", dataset="d")
        assert (report.rejected, report.dangling) == (0, 0)
        assert (report.added, report.same) == ((len(set(tiny.CLAIMS)), 0) if not number else (0, len(set(tiny.CLAIMS))))
    assert {one.id: one.claim for one in store.claims()} == {claim_id(one): one for one in tiny.CLAIMS}
    cited = {one.source for one in tiny.CLAIMS}
    assert list(store.sources()) == [source for source in tiny.SOURCES if source.id in cited]


def test_the_shipped_data_come_back(shipped: Subgraph, tmp_path: Path) -> None:
    claims, sources = dict(shipped.claims()), described(shipped)
    for file in written(shipped, tmp_path).values():
        assert read_back(file) == (claims, sources)


def test_the_shipped_data_are_the_same_in_each_format(shipped: Subgraph, tmp_path: Path) -> None:
    files = written(shipped, tmp_path)
    first, *others = (triples(file, form) for form, file in files.items())
    assert all(other == first for other in others)
    assert not any("_:" in part[:2] for one in first for part in one)
    _has_the_size_of(shipped, first)


@settings(max_examples=30)
@given(graphs())
def test_random_graphs_come_back(drawn: RandomGraph) -> None:
    reader = PlainReader.of(list(drawn.stored), SOURCES, drawn.as_of, decisions=drawn.decisions)
    _goes_round(reader)


@settings(max_examples=60)
@given(hostile_graphs())
def test_hostile_graphs_come_back(drawn: RandomGraph) -> None:
    _goes_round(PlainReader.of(list(drawn.stored), HOSTILE_SOURCES, drawn.as_of))


def _goes_round(reader: PlainReader) -> None:
    if not reader.counts().claims:
        return
    whole = everything(reader)
    with TemporaryDirectory() as folder:
        files = written(whole, folder)
        first = triples(files["nquads"], "nquads")
        for form, file in files.items():
            assert triples(file, form) == first
            assert read_back(file) == (dict(whole.claims()), described(whole))
        _has_the_size_of(whole, first)


def _has_the_size_of(whole: Subgraph, found: set[Triple]) -> None:
    """Every preferred fact is marked, every node has its kind and hop."""
    rc = f"<{VOCABULARY}"
    facts = {object_ for _, property_, object_ in found if property_ == f"{rc}fact>"}
    assert len(facts) == whole.size.links + whole.size.attributes
    assert sum(property_ == f"{rc}hop>" for _, property_, _ in found) == whole.size.nodes
    assert sum(object_ == f"{rc}Claim>" for _, _, object_ in found) == len(dict(whole.claims()))


# rdflib warns of itself.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("form", RDF)
def test_rdflib_reads_the_same_graph(form: str, tmp_path: Path) -> None:
    whole = everything(PlainReader.of([stored(one) for one in tiny.CLAIMS], tiny.SOURCES, TODAY))
    file = written(whole, tmp_path)[form]
    read = rdflib.Dataset(default_union=True)
    read.parse(data=file.read_bytes(), format=_RDFLIB[form])
    mine = rdflib.Graph()
    for triple in read.triples((None, None, None)):
        mine.add(triple[:3])
    other = rdflib.Graph().parse(data=written(whole, tmp_path)["turtle"].read_bytes(), format="turtle")
    assert rdflib.compare.isomorphic(mine, other)


def test_two_exports_are_the_same_bytes(shipped: Subgraph, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    for one, other in zip(
        written(shipped, tmp_path).values(), written(shipped, tmp_path / "again").values(), strict=True
    ):
        assert one.read_bytes() == other.read_bytes()


def test_a_named_graph_holds_what_its_source_says(tmp_path: Path) -> None:
    """src:s6 tells two things of the project: its status and when it is done; and it is the graph's own subject."""
    whole = everything(PlainReader.of([stored(one) for one in tiny.CLAIMS], tiny.SOURCES, TODAY))
    store = ox.Store()
    store.load(path=written(whole, tmp_path)["nquads"], format=ox.RdfFormat.N_QUADS)
    node = "https://rechain.example/nodes/"
    found = store.query(
        f"SELECT ?p ?o WHERE {{ GRAPH <{node}src:s6> {{ <{node}prj:motor-plant> ?p ?o }} }} ORDER BY ?p"
    )
    assert [(row["p"].value.removeprefix(VOCABULARY), row["o"].value) for row in found] == [
        ("completion_date", "2027-06"),
        ("status", f"{VOCABULARY}status-under_construction"),
    ]
    claims = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?c a <{VOCABULARY}Claim> }} }}"
    assert next(iter(store.query(claims)))["n"].value == str(len(set(tiny.CLAIMS)))


def test_what_rdf_cannot_hold_is_counted(tmp_path: Path) -> None:
    """Once as the alias of mag1, once in its claim as value and once as qualifier: three times two."""
    odd = tiny.claim("ent:mag1", "alias", "x", qualifier="a\ud83d\ud83d")._replace(value="a\ud83d\ud83d")
    whole = everything(PlainReader.of([stored(one) for one in (*tiny.CLAIMS, odd)], tiny.SOURCES, TODAY))
    for form in RDF:
        with (tmp_path / form).open("wb") as file:
            # The direct triple is told twice: by our property and by the one of SKOS, from one text.
            assert FORMATS[form].write(whole, lambda _, file=file: nullcontext(file), "zh") == 6  # type: ignore[misc]
    back = read_back(export(whole, "nquads", tmp_path / "back") / "graph.nq")[0]
    assert [one.value for one in back.values() if "\ufffd" in str(one.value)] == ["a\ufffd\ufffd"]


def test_another_base(tmp_path: Path) -> None:
    whole = everything(PlainReader.of([stored(one) for one in tiny.CLAIMS], tiny.SOURCES, TODAY))
    for form in RDF:
        elsewhere = FORMATS[form].at("http://127.0.0.1:8000/api/v1")
        file = export(whole, elsewhere, tmp_path / form) / elsewhere.files[0]
        assert "rechain.example/nodes" not in file.read_text("utf-8")
        assert "<http://127.0.0.1:8000/api/v1/nodes/ent:mag1>" in {one[0] for one in triples(file, form)}
        assert read_back(file)[0] == dict(whole.claims())


def test_the_examples_of_the_documentation_run(shipped: Subgraph, tmp_path: Path) -> None:
    """Every ```sparql block of docs/rdf.md finds something."""
    store = ox.Store()
    store.bulk_load(path=written(shipped, tmp_path)["nquads"], format=ox.RdfFormat.N_QUADS)
    store.bulk_load(path=ROOT / "docs" / "ontology.ttl", format=ox.RdfFormat.TURTLE)
    blocks = (ROOT / "docs" / "rdf.md").read_text("utf-8").split("```sparql\n")[1:]
    assert len(blocks) >= 4
    for block in blocks:
        question = block.partition("```")[0]
        assert list(store.query(question, use_default_graph_as_union=True)), question
