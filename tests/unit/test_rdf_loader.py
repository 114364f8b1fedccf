"""Claims from RDF of other hands: any order, any of the formats; what does not fit; and what is refused."""

import json
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import DATA
from hypothesis import given
from hypothesis import strategies as st

from graph.model.claims import Claim, Source
from graph.model.errors import UnreadableFile
from loaders.base import Item, Loaded, Place, Reject
from loaders.factsheet import FactsheetLoader
from loaders.rdf import RdfLoader
from loaders.registry import choose_loader

FILES = Path(__file__).parents[1] / "data" / "rdf"
GOOD = (
    Claim("ent:甲", "name_zh", None, '甲"磁材"\t公司', None, "", None, None, (), (), "src:gazette", "", 1.0),
    Claim("ent:甲", "produces", "prd:magnet", 3000.0, "t/yr", "capacity", "2023", None, ("coarse", "inferred"), (),
          "src:gazette", "", 1.0),
    Claim("ent:甲", "supplies", "ent:motor", 12.0, "t", "prd:magnet", None, None, (), (), "src:paper", "", 0.25),
    Claim("ent:motor", "name_zh", None, "电机厂", None, "", None, None, (), (), "src:gazette", "", 1.0),
    Claim("prd:magnet", "name_zh", None, "磁体", None, "", None, None, (), (), "src:gazette", "", 1.0),
)  # fmt: skip
SOURCES = (
    Source("src:gazette", "https://gazette.example/1", "", "2023-06", "official"),
    Source("src:paper", "", "The Paper", None, "other"),
)


def read(path: Path) -> list[Item]:
    return list(RdfLoader().read(path, "d"))


def claims(items: list[Item]) -> list[Claim]:
    return [item.claim for item in items if isinstance(item, Loaded)]


def rejects(items: list[Item]) -> list[Reject]:
    return [item for item in items if isinstance(item, Reject)]


def test_what_is_good() -> None:
    items = read(FILES / "good" / "claims.nq")
    assert (tuple(claims(items)), tuple(item for item in items if isinstance(item, Source))) == (GOOD, SOURCES)
    assert [item.place.row for item in items if isinstance(item, Loaded)] == [5, 2, 19, 33, 37]


@given(st.randoms())
def test_the_order_of_lines_does_not_matter(tmp_path_factory: pytest.TempPathFactory, random: st.DataObject) -> None:
    lines = (FILES / "good" / "claims.nq").read_text("utf-8").splitlines()
    random.shuffle(lines)  # type: ignore[attr-defined]
    file = tmp_path_factory.mktemp("shuffled") / "a.nq"
    file.write_text("\n".join(lines), encoding="utf-8")
    assert set(claims(read(file))) == set(GOOD)


@pytest.mark.parametrize(
    "suffix, form",
    [(".trig", ox.RdfFormat.TRIG), (".ttl", ox.RdfFormat.TURTLE), (".nt", ox.RdfFormat.N_TRIPLES),
     (".jsonld", ox.RdfFormat.JSON_LD), (".rdf", ox.RdfFormat.RDF_XML)],
)  # fmt: skip
def test_the_same_in_another_format(suffix: str, form: ox.RdfFormat, tmp_path: Path) -> None:
    quads = list(ox.parse(path=FILES / "good" / "claims.nq", format=ox.RdfFormat.N_QUADS))
    told: list[ox.Quad] | list[ox.Triple] = quads
    if suffix in (".ttl", ".nt", ".rdf"):
        told = [quad.triple for quad in quads]
    # XML cannot hold our properties of percent signs, but has none of these here.
    file = tmp_path / f"a{suffix}"
    ox.serialize(told, file, form)
    items = read(file)
    assert (set(claims(items)), rejects(items)) == (set(GOOD), [])


def test_what_is_bad_is_told_with_its_place() -> None:
    items = read(FILES / "bad" / "claims.nq")
    assert len(claims(items)) == 1
    lines = (FILES / "bad" / "claims.nq").read_text("utf-8").splitlines()
    found = {
        lines[one.row - 1].partition("claims/")[2].partition(">")[0].partition("#")[0]: one.column
        for one in rejects(items)
        if one.row and one.column
    }
    assert found == {
        "no-subject": "rc:subject", "no-predicate": "rc:predicate", "no-object": "rc:object",
        "no-source": "prov:wasDerivedFrom", "unknown-predicate": "rc:predicate", "foreign-predicate": "rc:predicate",
        "wrong-subject": "rc:subject", "wrong-object": "rc:object", "no-node": "rc:object", "bad-id": "rc:object",
        "text-for-node": "rc:object", "no-such-qualifier": "rc:qualifier", "node-qualifier": "rc:qualifiedBy",
        "two-qualifiers": "rc:qualifiedBy", "bad-date": "rc:asOf", "two-dates": "rc:asOf", "unknown-flag": "rc:flag",
        "confidence": "rc:confidence", "no-number": "rc:confidence", "lost-quantity": "rc:quantity",
        "text-value": "rc:value", "stage": "rc:value", "object-of-literal": "rc:object", "no-value": "rc:value",
        "detail": "rc:detail_colour", "founded": "rc:value", "unit": "qudt:unit", "foreign-unit": "qudt:unit",
        "infinite": "qudt:numericValue",
    }  # fmt: skip
    others = [(one.row, one.column) for one in rejects(items) if not (one.row and one.column)]
    assert others == [
        (len(lines) - 4, None), (len(lines) - 3, None), (None, ""), (None, "schema:datePublished"), (None, "rc:grade")
    ]  # fmt: skip
    for one in rejects(items):
        assert one.file == "claims.nq"
        assert one.reason.endswith(".")
        assert one.remedy
    assert next(one.remedy for one in rejects(items) if one.value and one.value.endswith("prodces>")).startswith(
        "Did you mean rc:produces?"
    )


def test_bytes_that_are_no_text_spoil_their_line_only(tmp_path: Path) -> None:
    file = tmp_path / "a.nq"
    file.write_bytes(b"\xff\xfe <a> .\n" + (FILES / "good" / "claims.nq").read_bytes())
    items = read(file)
    assert [(one.row, one.reason) for one in rejects(items)] == [(1, "The line is not UTF-8.")]
    assert len(claims(items)) == len(GOOD)


# Addresses where nobody listens: were they asked, the error would be another.
@pytest.mark.parametrize(
    "name, text, said",
    [
        ("a.jsonld", '{"@context": "http://127.0.0.1:9/context.jsonld", "@id": "x:y", "subject": "x:z"}', "context"),
        ("a.jsonld", '{"@context": ["http://127.0.0.1:9/c"], "@id": "x:y"}', "Nothing is fetched"),
        ("a.jsonld", '{"@context": {"@version": 1.1, "@import": "http://127.0.0.1:9/c"}}', "fetched|read"),
        ("a.jsonld", '{"@id": "x:y", "x:p": {"@context": "http://127.0.0.1:9/c", "x:q": 1}}', "Nothing is fetched"),
        ("a.rdf", '<?xml version="1.0"?><!DOCTYPE r SYSTEM "http://127.0.0.1:9/d"><r/>', "document type"),
        ("a.rdf", "<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><r>&a;</r>", "document type"),
        ("a.rdf", " " * ((1 << 20) - 4) + "<!DOCTYPE r [<!ENTITY a 'b'>]><r>&a;</r>", "document type"),
        ("a.ttl", "<x:y> <http://www.w3.org/2002/07/owl#imports> <http://127.0.0.1:9/o> .", "owl:imports"),
        ("a.nq", "<x:y> <http://www.w3.org/2002/07/owl#imports> <http://127.0.0.1:9/o> .\n", "owl:imports"),
        ("a.ttl", "<x:y> <x:p> <x:o> .\n<x:y> <x:p> .\n", "a.ttl cannot be read as .*line 2"),
        ("a.jsonld", '{"@id": ', "cannot be read"),
        ("a.jsonld", "", "cannot be read"),
        ("a.jsonld", '{"@graph":' * 50_000 + "{}" + "}" * 50_000, "nested"),
        ("a.trig", "\x00", "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_refused(name: str, text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFile, match=said):
        read(tmp_path / name)


def test_brackets_in_texts_are_no_nesting(tmp_path: Path) -> None:
    (tmp_path / "a.jsonld").write_text(json.dumps({"@id": "x:y", "x:p": '[{\\"' * 999}), encoding="utf-8")
    assert read(tmp_path / "a.jsonld") == []


def test_which_paths_are_ours(tmp_path: Path) -> None:
    assert isinstance(choose_loader(FILES / "good"), RdfLoader)
    assert isinstance(choose_loader(FILES / "good" / "claims.nq"), RdfLoader)
    assert isinstance(choose_loader(DATA), FactsheetLoader)
    (tmp_path / "entities.csv").touch()
    (tmp_path / "graph.ttl").touch()
    assert isinstance(choose_loader(tmp_path), FactsheetLoader)
    with pytest.raises(UnreadableFile, match="is not RDF"):
        read(DATA)


def test_a_folder_is_read_as_a_whole(tmp_path: Path) -> None:
    for name in ("good", "bad"):
        shutil.copy(FILES / name / "claims.nq", tmp_path / f"{name}.nq")
    items = read(tmp_path)
    assert len(claims(items)) == 1 + len(GOOD)
    first = next(number for number, item in enumerate(items) if isinstance(item, Loaded))
    assert not any(isinstance(item, Source) for item in items[first:])


def test_other_peoples_rdf_has_no_claims(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text('<http://a.example/b> <http://www.w3.org/2004/02/skos/core#note> "x" .', encoding="utf-8")
    assert read(file) == []


def test_a_column_is_called_as_in_the_file() -> None:
    loader = RdfLoader()
    parts = [loader.column(GOOD[0], part, Place("a.nq", 1)) for part in ("subject", "object", "qualifier", "source")]
    assert parts == ["rc:subject", "rc:object", "rc:qualifiedBy", "prov:wasDerivedFrom"]
