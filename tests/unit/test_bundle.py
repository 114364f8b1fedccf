"""Bundles: every file is listed and summed; asked again they are the same, changed or altered; a broken one is told."""

import csv
import json
import re
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import yaml
from asking import READERS
from tiny import claim

from graph.export.asked import PARAMETERS
from graph.export.bundle import bundle_of
from graph.export.bundle_papers import Papers, datapackage
from graph.export.formats import FORMATS
from graph.export.outputs import write
from graph.model.claims import Source
from graph.model.errors import UnreadableFile
from graph.model.subgraph import LeftOut, Size
from graph.readers.port import Reader
from queries.answer_changes import Change
from queries.bundles import read_bundle
from queries.citations import cite, verify, written
from queries.lookup import contents
from queries.lookup.subgraph import Extent, subgraph_of
from queries.registry import QUERIES

ASKED = Extent(seed=("磁一",), hops=2)
reader_of = READERS["snapshot"]


def bundle(reader: Reader, folder: Path) -> dict[str, bytes]:
    """The files of a bundle of the drawing, by path."""
    citation = written(cite(contents.QUERY, contents.run(reader, ASKED))).encode()
    write(subgraph_of(reader, ASKED), bundle_of(list(FORMATS.values()), citation, "0.1"), str(folder), "zh")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def zipped(files: dict[str, bytes]) -> BytesIO:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    packed.seek(0)
    return packed


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return bundle(reader_of(), tmp_path_factory.mktemp("bundle") / "it")


def test_every_file_is_summed_and_listed(files: dict[str, bytes]) -> None:
    sums = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {name: sha256(content).hexdigest() for name, content in files.items() if name != "SHA256SUMS"}
    package = json.loads(files["datapackage.json"])
    listed = {one["path"]: (one["bytes"], one["hash"]) for one in package["resources"]}
    apart = {"SHA256SUMS", "datapackage.json"}
    assert listed == {
        name: (len(content), f"sha256:{sums[name]}") for name, content in files.items() if name not in apart
    }
    assert len({one["name"] for one in package["resources"]}) == len(listed)
    assert {f"{one.name}/{name}" for one in FORMATS.values() for name in one.files} <= listed.keys()


def test_papers_tell_the_question(files: dict[str, bytes]) -> None:
    """Two hops around mag1; every source of a claim has its line, with the licence that nobody stated."""
    cff = yaml.safe_load(files["CITATION.cff"])
    assert {"cff-version", "message", "title", "authors"} <= cff.keys()
    assert cff["identifiers"][0]["value"] == f"sha256:{sha256(files['citation.json']).hexdigest()}"
    rows = list(csv.DictReader(files["licences.csv"].decode("utf-8-sig").splitlines()))
    sources = [source.id for source in subgraph_of(reader_of(), ASKED).sources()]
    assert [row["source"] for row in rows] == sources
    assert all("not stated" in row["licence"] for row in rows)
    for name in ("README.md", "README.zh.md"):
        assert "ent:mag1" in files[name].decode()
        assert "2026-11-23" in files[name].decode()


def test_the_data_package_is_one(files: dict[str, bytes]) -> None:
    """What the specification (version 1) asks of names, paths, hashes, sources and licences."""
    package = json.loads(files["datapackage.json"])
    for one in (package, *package["resources"]):
        assert re.fullmatch(r"[-a-z0-9._/]+", one["name"])
    for one in package["resources"]:
        assert re.fullmatch(r"(?![./~])(?:(?!\.\.).)+", one["path"])
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", one["hash"])
    assert all(one["title"] and one.get("path", "http").startswith("http") for one in package["sources"])
    # A licence's `name` would have to be one of the Open Definition.
    assert [one.keys() for one in package["licenses"]] == [{"path", "title"}]
    assert package["licenses"][0]["path"] in files


def test_addresses_that_are_none_are_no_path_of_a_source() -> None:
    odd = [
        Source(f"src:{n}", url, "", None, "other") for n, url in enumerate(("../x", "", "https://a/../b", "http://a"))
    ]

    class Odd:
        asked, as_of, known_at, revision, size, left_out = "{}", "2024", None, 1, Size(1, 0, 0), LeftOut()

        def sources(self) -> list[Source]:
            return odd

    told = datapackage(Papers(Odd(), (), "1", "0" * 64), [])["sources"]  # type: ignore[arg-type]
    assert told == [{"title": f"src:{n}"} for n in range(3)] + [{"title": "src:3", "path": "http://a"}]


def test_the_chinese_read_me_asks_in_chinese(files: dict[str, bytes]) -> None:
    assert "所问：起点：ent:mag1；步数：2；方向：both；节点上限：20000。" in files["README.zh.md"].decode()
    assert "Asked: seed: ent:mag1; hops: 2; direction: both; most: 20000." in files["README.md"].decode()
    assert {name: field.title for name, field in Extent.model_fields.items()} == PARAMETERS


def test_the_same_question_gives_the_same_bytes(files: dict[str, bytes], tmp_path: Path) -> None:
    assert bundle(reader_of(), tmp_path / "again") == files


def test_asked_again_it_is_the_same(files: dict[str, bytes]) -> None:
    cited, damage = read_bundle(zipped(files), "b.zip")
    assert (damage, cited.intact) == ((), True)
    assert verify(cited, lambda _: reader_of(), QUERIES).verdict == "same"


def test_another_claim_changes_it_and_it_says_where(files: dict[str, bytes]) -> None:
    """A new maker of the magnet that mag1 makes is two hops away; what is told of a town far away is not."""
    cited, _ = read_bundle(zipped(files), "b.zip")
    more = claim("ent:sep", "produces", "prd:magnet", as_of="2024")
    verdict = verify(cited, lambda _: reader_of(more), QUERIES)
    assert verdict.verdict == "changed"
    assert any(change.path.startswith("nodes[ent:sep]") for change in verdict.changes)
    far = claim("prd:robot", "hs_code", "8479")
    assert verify(cited, lambda _: reader_of(far), QUERIES).verdict == "same"


def test_an_edit_of_any_file_shows(files: dict[str, bytes]) -> None:
    for name in files.keys() - {"SHA256SUMS", "citation.json"}:
        cited, damage = read_bundle(zipped(files | {name: files[name] + b" "}), "b.zip")
        assert ([one.path for one in damage], cited.intact) == ([name], False)
        assert verify(cited, lambda _: reader_of(), QUERIES).verdict == "altered"
    for wrong in ({**files, "more.txt": b"x"}, {name: files[name] for name in files if name != "README.md"}):
        cited, damage = read_bundle(zipped(wrong), "b.zip")
        assert (len(damage), cited.intact) == (1, False)
    edited = files["citation.json"].replace(b'"hop": 2', b'"hop": 1')
    assert edited != files["citation.json"]
    lines = [line for line in files["SHA256SUMS"].decode().splitlines() if not line.endswith("citation.json")]
    sums = "\n".join([*lines, f"{sha256(edited).hexdigest()}  citation.json"]).encode()
    cited, damage = read_bundle(zipped(files | {"citation.json": edited, "SHA256SUMS": sums}), "b.zip")
    assert (damage, cited.intact) == ((), False)  # the sums fit, the seal of the citation does not


def test_what_is_no_bundle_is_told(files: dict[str, bytes], tmp_path: Path) -> None:
    whole = zipped(files).getvalue()
    wrong = {
        "broken zip": whole[:200],
        "not a bundle": zipped({"a.txt": b"x"}).getvalue(),
        "not a bundle ": zipped(files | {"SHA256SUMS": b"nonsense"}).getvalue(),
        "not a citation": zipped(files | {"citation.json": b"{}"}).getvalue(),
    }
    for told, content in wrong.items():
        with pytest.raises(UnreadableFile, match=told.strip()):
            read_bundle(BytesIO(content), "b.zip")
    with pytest.raises(UnreadableFile, match="Cannot read"):
        read_bundle(tmp_path / "nowhere.zip", "nowhere.zip")


def test_a_flipped_byte_inside_the_zip_never_passes(files: dict[str, bytes]) -> None:
    """The zip's own checks or our sums find it; in its directory of names a flip may leave the contents as they are."""
    whole = bytearray(zipped(files).getvalue())
    end = whole.index(b"PK\x01\x02")
    for at in range(0, end, max(1, end // 60)):
        flipped = bytes(whole[:at]) + bytes([whole[at] ^ 0x20]) + bytes(whole[at + 1 :])
        try:
            cited, damage = read_bundle(BytesIO(flipped), "b.zip")
        except UnreadableFile:
            continue
        untouched = all(ZipFile(BytesIO(flipped)).read(name) == content for name, content in files.items())
        assert untouched or not cited.intact, (at, damage)


def test_a_file_that_stands_twice_is_damage(files: dict[str, bytes]) -> None:
    packed = zipped(files)
    with ZipFile(packed, "a") as file, pytest.warns(UserWarning, match="Duplicate name"):
        file.writestr("README.md", files["README.md"])
    cited, damage = read_bundle(packed, "b.zip")
    digest = sha256(files["README.md"]).hexdigest()
    assert (damage, cited.intact) == ((Change("README.md", digest, digest),), False)
