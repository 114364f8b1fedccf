"""`-o FILE` and `rechain verify FILE`, as people run them."""

import json
from pathlib import Path

import pytest

from cli.main import run

pytestmark = pytest.mark.usefixtures("here")
BINDER = ("certificate", "甲高新区", "粘结剂", "--as-of", "2026-11-23", "--lang", "en")


def test_a_certificate_is_written_and_verifies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "c.json"
    assert run([*BINDER, "-o", str(file)]) == 0
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", f"Written to {file}. To check it later: rechain verify {file}\n")
    assert [one.name for one in tmp_path.iterdir()] == ["c.json"]
    assert run(["verify", str(file), "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("same: ")


def test_what_was_altered_or_changed_ends_with_1(
    tmp_path: Path, own_drawing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "c.json"
    run([*BINDER, "-o", str(file), "--store", own_drawing])
    text = file.read_text("utf-8")
    claim = json.loads(text)["answer"]["makers_elsewhere"][0]["makes"][0]["statement"]["claim"]
    assert run(["retract", claim, "--why", "test", "--store", own_drawing]) == 0
    capsys.readouterr()
    assert run(["verify", str(file), "--store", own_drawing, "--lang", "en"]) == 1
    told = capsys.readouterr().out
    assert told.startswith("changed: ")
    assert "makers_elsewhere[ent:far]" in told
    assert run(["verify", str(file), "--store", own_drawing, "--json"]) == 1
    verdict = json.loads(capsys.readouterr().out)
    assert verdict["verdict"] == "changed"
    assert {"path": f"claims[{claim}]", "cited": claim, "now": None} in verdict["changes"]
    file.write_text(text.replace('"missing"', '"present"', 1), encoding="utf-8")
    # Not even a store is needed to see that.
    assert run(["verify", str(file), "--store", "sqlite:nowhere.db", "--lang", "en"]) == 1
    assert capsys.readouterr().out.startswith("altered: ")


def test_every_question_can_be_cited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json the answer is printed as well; a page stays the same page."""
    file = tmp_path / "gaps.json"
    assert run(["gaps", "甲高新区", "--limit", "2", "-o", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(file.read_text("utf-8"))["answer"]
    assert run(["verify", str(file)]) == 0


@pytest.mark.parametrize(
    ("path", "told"), [(".", "Is a directory"), ("no/such/folder/c.json", "No such file or directory")]
)
def test_a_place_that_cannot_be_written(path: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*BINDER, "-o", path]) == 2
    err = capsys.readouterr().err
    assert err == f"Cannot write '{path}': {told}. Name another file.\n"


def test_a_file_that_may_not_be_written_stays_as_it_was(tmp_path: Path) -> None:
    """A link is followed, and the file behind it keeps its mode."""
    file, link = tmp_path / "c.json", tmp_path / "link.json"
    file.write_text("before", encoding="utf-8")
    file.chmod(0o640)
    link.symlink_to(file)
    assert run([*BINDER, "-o", str(link)]) == 0
    assert link.is_symlink()
    assert file.read_text("utf-8").startswith("{")
    assert file.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [(None, 2, "Cannot read"), ("{}", 2, "is not a citation"), ("", 2, "is not a citation")],
)
def test_what_cannot_be_verified(
    content: str | None, code: int, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "c.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    assert run(["verify", str(file), "--lang", "en"]) == code
    assert told in capsys.readouterr().err


def test_a_store_that_is_not_there_ends_with_3(tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    run([*BINDER, "-o", str(file)])
    assert run(["verify", str(file), "--store", f"sqlite:{tmp_path / 'none.db'}"]) == 3


def test_the_certificate_ends_with_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(list(BINDER)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Zone · binder · as of 2026-11-23 · revision 1"
    assert lines[-1].startswith("Nobody in Zone is recorded to make binder, though 6 makers")
