"""Zip files: an export that is loaded as it came, and what is refused."""

import os
import shutil
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from graph.model.errors import UnreadableFile
from graph.stores.opening import open_store
from loaders import unpacking
from loaders.loading import load_into
from loaders.report import LoadReport
from loaders.unpacking import unpacked

SAMPLES = Path(__file__).parents[1] / "data"


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    """A zip of these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def sample(name: str, under: str = "") -> dict[str, bytes]:
    return {f"{under}{file.name}": file.read_bytes() for file in sorted((SAMPLES / name / "good").iterdir())}


def load(tmp_path: Path, *paths: Path) -> tuple[LoadReport, set[str], list[str]]:
    """The report, the ids of the claims, and what the data sets are called."""
    place = tmp_path / "stores"
    place.mkdir(exist_ok=True)
    with closing(open_store(f"sqlite:{place / str(len(os.listdir(place)))}.db")) as store:
        report = load_into(store, list(paths), who="Li", when="2026-11-23T12:00:00+00:00")
        return report, {one.id for one in store.claims()}, [one.dataset for one in store.batches()]


@pytest.mark.parametrize("name", ["factsheet", "parquet"])
@pytest.mark.parametrize("under", ["", "inner/", "a bundle/factsheet/"])
def test_a_zip_is_read_as_the_folder_in_it(tmp_path: Path, name: str, under: str) -> None:
    folder = Path(shutil.copytree(SAMPLES / name / "good", tmp_path / "export"))
    _, wanted, called = load(tmp_path, folder)
    (tmp_path / "zips").mkdir()
    path = zipped(tmp_path / "zips" / "export.zip", sample(name, under) | {"README.md": b"# about"})
    report, found, datasets = load(tmp_path, path)
    assert (report.rejected, found, datasets) == (0, wanted, called)


def test_a_spreadsheet_is_told_as_before(tmp_path: Path) -> None:
    path = zipped(tmp_path / "book.zip", {"[Content_Types].xml": b"<Types/>"})
    with pytest.raises(UnreadableFile, match="is a spreadsheet or zip file"):
        load(tmp_path, path)


def test_nothing_that_we_know(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"other\.zip holds no layout that we know\. Known are: rdf .*; factsheet"):
        load(tmp_path, zipped(tmp_path / "other.zip", {"a.txt": b"x"}))


@pytest.mark.parametrize("name", ["../out.csv", "/out.csv", "a/../../out.csv", "..\\out.csv", "C:out.csv"])
def test_nothing_gets_out_of_the_folder(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "sly.zip", sample("factsheet") | {name: b"x"})
    with pytest.raises(UnreadableFile, match="outside of its own folder"):
        load(tmp_path, path)
    assert not (tmp_path / "out.csv").exists()


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "LARGEST", 1 << 20)
    path = zipped(tmp_path / "bomb.zip", sample("factsheet") | {"zeros.csv": b"0" * (2 << 20)})
    assert path.stat().st_size < 100_000
    with pytest.raises(UnreadableFile, match="holds more than"):
        load(tmp_path, path)


def test_cut_off_or_changed(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", sample("factsheet"))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFile):
        load(tmp_path, path)
    for at in range(40, len(whole) - 200, 61):
        spoilt = bytearray(whole)
        spoilt[at] ^= 0x55
        path.write_bytes(spoilt)
        try:
            with unpacked(path) as folder:
                assert folder
        except UnreadableFile:
            continue


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    with unpacked(zipped(tmp_path / "export.zip", sample("factsheet"))) as folder:
        assert folder.name == "export"
        assert folder.is_dir()
    assert not folder.exists()
