"""rechain check --shacl: what conforms, what does not and what to do, in both languages and as JSON."""

import json

import pytest
import tiny

from cli.main import run
from graph.stores.opening import open_store


@pytest.fixture
def broken(own_drawing: str) -> str:
    """The drawing with a capacity that has no unit."""
    store = open_store(own_drawing)
    bare = tiny.claim("ent:mag1", "produces", "prd:binder", amount=5.0, qualifier="capacity", as_of="2024")
    store.record(tiny.batch((bare,), key="bare"))
    store.close()
    return own_drawing


def test_the_drawing_conforms(drawing: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--shacl", "--store", drawing]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("Looked at 35 nodes, ")
    assert said[1] == "0 violations, 0 warnings."


def test_a_violation_is_told_with_what_to_do(broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--shacl", "--store", broken]) == 1
    said = capsys.readouterr().out
    assert "1 violations, 0 warnings." in said
    assert "ent:mag1" in said
    assert "rc:produces rc:quantity" in said
    assert "a number with its unit: add qudt:unit." in said
    assert run(["check", "--shacl", "--store", broken, "--lang", "zh"]) == 1
    assert "“生产”的数量应为一个数值，并有单位。" in capsys.readouterr().out


def test_as_json(broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--shacl", "--json", "--store", broken]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["conforms"], answer["looked_at"]["nodes"], len(answer["violations"])) == (False, 35, 1)
    assert answer["violations"][0]["node"] == "ent:mag1"


def test_only_so_many_nodes(broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The first five by id are chains and enterprises before mag1."""
    assert run(["check", "--shacl", "--limit", "3", "--store", broken]) == 0
    assert "32 nodes were not looked at: raise --limit." in capsys.readouterr().out


@pytest.mark.parametrize("limit", ["0", "x", "2.5"])
def test_a_limit_that_is_none(limit: str, drawing: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--shacl", "--limit", limit, "--store", drawing]) == 2
    assert "'--limit'" in capsys.readouterr().err


def test_an_empty_store(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:{tmp_path}/empty.db"
    open_store(url).close()
    assert run(["check", "--shacl", "--store", url]) == 0
    assert capsys.readouterr().out.splitlines() == ["Looked at 0 nodes, 0 triples.", "0 violations, 0 warnings."]
