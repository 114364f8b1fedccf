"""Loading, deciding and listing on the command line."""

import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

Run = Callable[..., Any]


def _counts(done: Any) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(done.out)
    return {name: report[name] for name in ("added", "same", "rejected", "dangling")}


def test_the_shipped_data_is_loaded_when_no_path_is_given(rechain: Run) -> None:
    done = rechain("load", "--json", "--store", "sqlite:new.db")
    assert (done.code, done.err) == (0, "")
    first = _counts(done)
    assert first["added"] > 10_000
    assert (first["rejected"], first["dangling"]) == (0, 0)
    again = _counts(rechain("load", str(ROOT / "data"), "--json", "--store", "sqlite:new.db"))
    assert again == first | {"added": 0, "same": first["added"] + first["same"]}


def test_a_load_with_rejects_tells_them_and_ends_with_one(rechain: Run, tmp_path: Path) -> None:
    header = (ROOT / "data" / "entities.csv").read_text("utf-8").splitlines()[0]
    columns = header.split(",")
    good, bad = dict.fromkeys(columns, ""), dict.fromkeys(columns, "")
    good |= {"id": "reg:somewhere", "kind": "region", "name_zh": "某地"}
    bad |= {"id": "not an id", "kind": "region", "name_zh": "坏行"}
    folder = tmp_path / "sheets"
    folder.mkdir()
    rows = [",".join(row[column] for column in columns) for row in (good, bad)]
    (folder / "entities.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    done = rechain("load", "sheets", "--store", "sqlite:new.db", "--lang", "zh")
    assert done.code == 1
    lines = done.out.splitlines()
    assert lines[0].split()[:5] == ["新增", "相同", "拒收", "悬空", "冲突"]
    assert "未能使用的行：" in lines
    assert any(re.match(r"entities\.csv\s+3\s+id\s+not an id", line) for line in lines)
    strict = rechain("load", "sheets", "--strict", "--json", "--store", "sqlite:strict.db")
    assert (strict.code, json.loads(strict.out)["added"]) == (1, 0)


def test_a_load_is_undone_and_redone(rechain: Run, own_drawing: str) -> None:
    store = ("--store", own_drawing)
    assert len(json.loads(rechain("search", "甲", "--json", *store).out)["hits"]) == 6
    undone = rechain("undo", "1", "--json", *store)
    assert (undone.code, undone.err) == (0, "")
    assert json.loads(undone.out)["retracted"] > 100
    assert json.loads(rechain("search", "甲", "--json", *store).out)["hits"] == []
    assert "undone" in rechain("batches", *store).out
    assert json.loads(rechain("redo", "bat:1", "--json", *store).out)["restored"] > 100
    assert len(json.loads(rechain("search", "甲", "--json", *store).out)["hits"]) == 6


def test_a_source_is_retracted_and_accepted_again(rechain: Run, own_drawing: str) -> None:
    store = ("--store", own_drawing)
    done = rechain("retract", "src:s5", "--why", "错的", "--who", "me", *store)
    assert re.fullmatch(
        r"Decided\. 4 claims no longer count, 0 count again\. The data is now at revision 2\.\n", done.out
    )
    changes = json.loads(rechain("changes", "--since", "1", "--json", *store).out)
    assert (changes["revision"], changes["truncated"]) == (2, False)
    assert {claim["status"] for claim in changes["claims"]} == {"retracted"}
    assert [(one["action"], one["target"], one["who"], one["why"]) for one in changes["decisions"]] == [
        ("retract", "src:s5", "me", "错的")
    ]
    assert json.loads(rechain("accept", "src:s5", "--why", "x", "--json", *store).out)["restored"] == 4


def test_two_nodes_are_said_to_be_one_and_two_again(rechain: Run, own_drawing: str) -> None:
    store = ("--store", own_drawing)
    assert rechain("same-as", "磁一", "ent:mag2", "--why", "same address", *store).code == 0
    assert json.loads(rechain("show", "ent:mag2", "--json", *store).out)["node"]["id"] == "ent:mag1"
    assert rechain("same-as", "ent:mag1", "ent:mag2", "--why", "no", "--undo", *store).code == 0
    assert json.loads(rechain("show", "ent:mag2", "--json", *store).out)["node"]["id"] == "ent:mag2"


@pytest.mark.usefixtures("here")
def test_sources_are_listed_with_grade_date_and_claims(capsys: pytest.CaptureFixture[str]) -> None:
    from cli.main import run

    assert run(["sources", "--grade", "official", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(one["id"], one["date"], one["grade"]) for one in listed["sources"]] == [
        ("src:s1", "2023-05-01", "official"),
        ("src:s6", "2025-03", "official"),
    ]
    assert listed["sources"][1]["claims"] == 2
    assert (listed["total"], listed["truncated"]) == (2, False)
    assert run(["sources", "--limit", "1", "--lang", "zh"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "共 7 条，显示 1 条；可调大 --limit。"
    assert run(["changes", "--since", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Nothing changed."


@pytest.fixture
def serving(drawing: str) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts `rechain serve ...` on a free port; ends it whatever happens."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "cli.main", "serve", "--port", "0", "--store", drawing, "--lang", "en", *words]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_serving_answers_and_ends_with_ctrl_c(serving: Callable[..., subprocess.Popen[str]]) -> None:
    process = serving()
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found, line
    with urllib.request.urlopen(f"{found[0]}/health", timeout=60) as response:
        assert json.load(response)["status"] == "ok"
    elsewhere = urllib.request.Request(f"{found[0]}/health", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as refused, urllib.request.urlopen(elsewhere, timeout=60):
        pass
    refused.value.close()
    assert refused.value.code == 400
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 0


def test_serving_to_others_warns(serving: Callable[..., subprocess.Popen[str]]) -> None:
    process = serving("--host", "0.0.0.0", "--allow-remote")
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith("Listening on http://0.0.0.0:")
    assert process.stderr.readline() == (
        "Warning: anybody who reaches 0.0.0.0 can read everything here: there is no access control yet.\n"
    )
