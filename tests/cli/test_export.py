"""`rechain export` as people run it: whole or not at all, one sentence for whatever is wrong."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import networkx as nx
import pytest
from conftest import ROOT

from cli.main import run
from graph.export import formats
from graph.export.formats import FORMATS

pytestmark = pytest.mark.usefixtures("here")
SUPPLY = ("export", "--seed", "磁一", "--predicate", "supplies", "--as-of", "2026-11-23")
Captured = pytest.CaptureFixture[str]


def test_a_file(tmp_path: Path, capsys: Captured) -> None:
    """mag1 with smelt and far, who supply it, and motorco, whom it supplies."""
    file = tmp_path / "磁一.graphml"
    assert run([*SUPPLY, "--format", "graphml", "-o", str(file), "--lang", "en"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    size = f"{file.stat().st_size / 1000:.0f} kB"
    assert told.err == f"Written to {file}: 4 nodes, 3 links, {size}; as of 2026-11-23, revision 1.\n"
    drawn = nx.read_graphml(file)
    assert sorted(drawn.nodes) == ["ent:far", "ent:mag1", "ent:motorco", "ent:smelt"]
    assert os.listdir(tmp_path) == [file.name]


def test_the_format_is_guessed_from_the_ending(tmp_path: Path) -> None:
    for ending, read in ((".GRAPHML", nx.read_graphml), (".gexf", lambda file: nx.read_gexf(file, version="1.3"))):
        file = tmp_path / f"x{ending}"
        assert run([*SUPPLY, "-o", str(file)]) == 0
        assert len(read(file)) == 4


@pytest.mark.parametrize("name", FORMATS)
def test_the_report_says_what_is_there(name: str, tmp_path: Path, capsys: Captured) -> None:
    """Every format, as file, folder or zip: the hashes and sizes are those on the disk."""
    files = FORMATS[name].files
    place = tmp_path / "out" if len(files) > 1 else tmp_path / files[0]
    assert run([*SUPPLY, "--format", name, "-o", str(place), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in report["files"]] == list(files)
    for one in report["files"]:
        content = (place / one["name"] if len(files) > 1 else place).read_bytes()
        assert (len(content), sha256(content).hexdigest()) == (one["bytes"], one["sha256"])
    assert (report["nodes"], report["links"], report["attributes"], report["claims"]) == (4, 3, 10, 13)
    assert report["left_out"] == {"nodes": 0, "flagged": 0, "unsure": 0, "low_grade": 0}
    assert (report["removed_characters"], report["asked"]["seed"]) == (0, ["ent:mag1"])
    packed = tmp_path / "all.zip"
    assert run([*SUPPLY, "--format", name, "-o", str(packed), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["files"] == report["files"]
    assert again["archive"]["sha256"] == sha256(packed.read_bytes()).hexdigest()
    with ZipFile(packed) as archive:
        assert archive.namelist() == list(files)
        assert [sha256(archive.read(file)).hexdigest() for file in files] == [one["sha256"] for one in report["files"]]


def test_an_empty_folder_is_filled_and_a_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run([*SUPPLY, "--format", "gephi-csv", "-o", str(tmp_path / "empty")]) == 0
    assert sorted(os.listdir(tmp_path / "empty")) == ["edges.csv", "nodes.csv"]
    file = tmp_path / "x.gexf"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o600)
    assert run([*SUPPLY, "-o", str(file)]) == 0
    assert (file.stat().st_mode & 0o777, file.read_text("utf-8")[:5]) == (0o600, "<?xml")


def test_a_pipe(rechain: Callable[..., Any]) -> None:
    done = rechain(*SUPPLY, "--format", "node-link", "-o", "/dev/stdout", "--lang", "en")
    assert len(json.loads(done.out)["nodes"]) == 4
    assert done.err.startswith("Written to /dev/stdout: 4 nodes, 3 links")


def test_what_is_left_out_and_taken_out_is_said(tmp_path: Path, capsys: Captured, monkeypatch: Any) -> None:
    monkeypatch.setitem(FORMATS, "graphml", FORMATS["graphml"]._replace(write=lambda *_: 7))
    assert run(["export", "--seed", "磁一", "-o", str(tmp_path / "x.graphml"), "--lang", "zh"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert told[1:] == [
        "未纳入：1 条带标记的陈述（计划、曾经、存疑等；加 --flagged 一并纳入）。",
        "已从文本中去除 7 个该格式无法容纳的字符。",
    ]


KNOWN = ", ".join(FORMATS)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--format", "dot", "-o", "x"), f"There is no format 'dot'. There are: {KNOWN}."),
        (("-o", "x.zip"), f"The ending of 'x.zip' tells no format. Give one of: {KNOWN}."),
        (("-o", "x"), f"The ending of 'x' tells no format. Give one of: {KNOWN}."),
        (("--hops", "0", "-o", "x.gexf"), "'--hops' should be from 1 to 10, not 0."),
        (("--hops", "99", "-o", "x.gexf"), "'--hops' should be from 1 to 10, not 99."),
        (("--seed", "Atlantis", "-o", "x.gexf"),
         "Nothing here is called 'Atlantis'. Try a shorter part of the name with: rechain search"),
        (("--predicate", "sells", "-o", "x.gexf"), "'predicate' should be one of chain, "),
        (("--most", "3", "-o", "x.gexf"), "This subgraph has 4 nodes at least, and 3 are allowed. Narrow it with "),
        (("--format", "gephi-csv", "-o", "file"),
         "'file' is a file, and gephi-csv is several. Name a folder, or a file that ends in .zip."),
        (("--format", "gephi-csv", "-o", "full"),
         "The folder 'full' is not empty. Name a new one, an empty one, or a file that ends in .zip."),
        (("--format", "gexf", "-o", "full"), "'full' is a folder, and gexf is one file. Name a file."),
        (("-o", "no/such/x.gexf"), "Cannot write 'no/such/x.gexf': No such file or directory. Name another file."),
        (("--format", "gephi-csv", "-o", "no/such/x.zip"), "Cannot write 'no/such/x.zip': No such file or directory."),
        (("--format", "gephi-csv", "-o", "no/such"), "Cannot write 'no/such': No such file or directory."),
        (("-o", "circle.gexf"), "Cannot write 'circle.gexf': "),
        (("--as-of", "2020-13", "-o", "x.gexf"), "'2020-13' is not a date. Write 2021, 2021-06 or 2021-06-30."),
        (("--limit", "3", "-o", "x.gexf"), "There is no option --limit here. See: rechain export --help"),
        ((), "--output is missing. See: rechain export --help"),
    ],
)  # fmt: skip
def test_bad_input(words: tuple[str, ...], told: str, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    (tmp_path / "file").touch()
    (tmp_path / "circle.gexf").symlink_to("circle.gexf")
    before = sorted(tmp_path.rglob("*"))
    assert run([*SUPPLY, *words, "--lang", "en"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(told)
    assert captured.err.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_seeds_that_match_nothing(capsys: Captured) -> None:
    assert run(["export", "--region", "乙市", "--kind", "policy", "-o", "x.gexf", "--lang", "en"]) == 2
    assert capsys.readouterr().err.startswith("Nothing here fits these seeds, so there is no subgraph.")
    assert run(["export", "-o", "x.gexf", "--lang", "en"]) == 2
    assert capsys.readouterr().err.startswith("A subgraph begins somewhere: ")


@pytest.mark.parametrize("place", ["x.graphml", "x.zip", "folder", "empty"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), ValueError("ours")])
def test_what_fails_half_way_leaves_nothing(
    place: str, error: BaseException, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "x.graphml").write_text("old", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))

    def fails(subgraph: Any, open_file: Any, lang: Any) -> int:
        with open_file("graph.graphml") as file:
            file.write(b"half")
            raise error

    files = ("graph.graphml",) if place.startswith("x.") else ("graph.graphml", "more")
    broken = formats.Format("broken", "坏", "broken", files, "text/plain", fails)
    monkeypatch.setitem(FORMATS, "broken", broken)
    code = run([*SUPPLY, "--format", "broken", "-o", place, "--lang", "en"])
    assert code == {OSError: 2, KeyboardInterrupt: 130, ValueError: 70}[type(error)]
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "x.graphml").read_text("utf-8") == "old"
    if code == 2:
        assert capsys.readouterr().err == f"Cannot write '{place}': No space left on device. Name another file.\n"


_HANGS = """
import signal, sys, time
# Whoever runs the tests in the background has these ignored, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from graph.export.formats import FORMATS
def hangs(subgraph, open_file, lang):
    with open_file("x") as file:
        file.write(b"half")
        file.flush()
        print("begun", flush=True)
        time.sleep(60)
FORMATS["graphml"] = FORMATS["graphml"]._replace(write=hangs)
from cli.main import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_leaves_nothing(number: signal.Signals, tmp_path: Path, drawing: str) -> None:
    command = [sys.executable, "-c", _HANGS, *SUPPLY, "--store", drawing, "-o", "x.graphml"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    assert len(os.listdir(tmp_path)) == 1
    process.send_signal(number)
    assert process.wait(20) == 130
    process.stdout.close()
    assert os.listdir(tmp_path) == []


def test_a_bundle_is_verified_and_loads_again(tmp_path: Path, capsys: Captured) -> None:
    """Same; altered when a file in it is edited; every claim is there again in another store."""
    file = tmp_path / "mag1.zip"
    assert run([*SUPPLY, "--bundle", "--format", "gexf", "-o", str(file), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["format"], report["archive"]["sha256"]) == ("bundle", sha256(file.read_bytes()).hexdigest())
    assert run(["verify", str(file), "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("same: ")
    with ZipFile(file) as packed:
        packed.extractall(tmp_path / "open")
    store = f"sqlite:{tmp_path / 'back.db'}"
    # 1: the products that the supplies are of are named and no part of this subgraph.
    assert run(["load", str(tmp_path / "open" / "factsheet"), "--store", store]) == 1
    capsys.readouterr()
    assert run(["contents", *SUPPLY[1:], "--store", store, "--json"]) == 0
    back = json.loads(capsys.readouterr().out)
    assert run(["contents", *SUPPLY[1:], "--json"]) == 0
    assert back["nodes"] == json.loads(capsys.readouterr().out)["nodes"]
    with ZipFile(file) as packed, ZipFile(tmp_path / "edited.zip", "w") as edited:
        for name in packed.namelist():
            edited.writestr(name, packed.read(name) + (b" " if name == "README.md" else b""))
    assert run(["verify", str(tmp_path / "edited.zip"), "--lang", "en"]) == 1
    told = capsys.readouterr().out
    assert told.startswith("altered: ")
    assert "README.md" in told


def test_a_bundle_is_a_zip(tmp_path: Path, capsys: Captured) -> None:
    assert run([*SUPPLY, "--bundle", "-o", str(tmp_path / "bundle"), "--lang", "en"]) == 2
    assert "does not end in .zip" in capsys.readouterr().err
    assert os.listdir(tmp_path) == []
