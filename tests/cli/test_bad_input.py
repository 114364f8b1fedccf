"""Whatever is wrong: one clear sentence on stderr, nothing on stdout, the right exit code, never a traceback."""

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT

from cli.errors import exit_code
from cli.main import run
from graph.model import errors
from graph.model.errors import RechainError

INPUT, STORE, BROKEN, INTERRUPTED = 2, 3, 70, 130


@pytest.fixture
def refused(rechain: Callable[..., tuple[int, str, str]]) -> Callable[..., str]:
    """Runs a command that has to fail with a code; gives its sentence."""

    def run_it(code: int, *words: str, **environment: str) -> str:
        done = rechain(*words, **environment)
        assert (done[0], done[1]) == (code, ""), done
        assert "Traceback" not in done[2]
        return done[2].removesuffix("\n")

    return run_it


Refused = Callable[..., str]


def test_an_unknown_region(refused: Refused) -> None:
    assert refused(INPUT, "gaps", "Atlantis") == (
        "Nothing here is called 'Atlantis' among region names. Try a shorter part of the name with: rechain search"
    )
    assert refused(INPUT, "gaps", "Atlantis", "--lang", "zh") == (
        "没有叫“Atlantis”的对象。可用更短的一段名称查找：rechain search"
    )


def test_an_ambiguous_name_lists_the_candidates(refused: Refused) -> None:
    assert refused(INPUT, "gaps", "甲").splitlines() == [
        "'甲' may mean several things. Use the id or the full name of one:",
        "  reg:province  甲省",
        "  reg:zone  甲高新区",
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("gaps", "x", "--limit", "-5"), "'--limit' should be from 1 to 10000, not -5."),
        (("gaps", "x", "--limit", "many"), "'--limit' should be a whole number, not 'many'."),
        (("gaps", "x", "--recent-years", "0"), "'--recent-years' should be above 0 and at most 200, not 0."),
        (("search", "x" * 500), "'TEXT' should have at most 400 characters."),
        (("search", "x", "--kind", "cat"), "'--kind' should be one of enterprise, product, process, project, region, "
                                           "institution, policy, chain, not 'cat'."),
        (("gaps", "x", "--as-of", "2020-13"), "'2020-13' is not a date. Write 2021, 2021-06 or 2021-06-30."),
        (("gaps",), "REGION is missing. See: rechain gaps --help"),
        (("gaps", "x", "--colour", "red"), "There is no option --colour here. See: rechain gaps --help"),
        (("gaps", "x", "--limit"), "The option --limit needs a value. See: rechain COMMAND --help"),
        (("gapps", "x"), "There is no command 'gapps'. Did you mean: rechain gaps"),
        (("gaps", "x", "--lang", "fr"), "'fr' is no language of ours. Use zh or en."),
        (("changes", "--since", "soon"), "The value of --since cannot be used: a whole number is wanted"),
        (("changes", "--since", "-1"), "'--since' should be at least 0, not -1."),
        (("sources", "--limit", "0"), "'--limit' should be from 1 to 1000000, not 0."),
        (("undo", "the last"), "'the last' is no load. Give its number: bat:3 or 3. See: rechain batches"),
        (("retract", "ent:mag1", "--why", "x"), "'ent:mag1' is neither a claim (clm:...) nor a source (src:...)."),
        (("retract", "src:s1", "--why", " "), "A decision needs a reason: --why TEXT"),
        (("same-as", "ent:mag1", "reg:zone", "--why", "x"),
         "'ent:mag1' and 'reg:zone' cannot be one: name two nodes of the same kind."),
        (("load", "/nowhere"), "There is no file or folder /nowhere. Look at the path."),
        (("serve", "--port", "99999"), "'--port' should be from 0 to 65535, not 99999."),
        (("serve", "--host", "0.0.0.0"), "'0.0.0.0' can be reached by other machines, and there is no access control "
                                         "yet. Keep to 127.0.0.1, or add --allow-remote."),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("here")
def test_words_that_cannot_be_used(words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == INPUT
    assert capsys.readouterr() == ("", told + "\n")


def test_a_negative_limit(refused: Refused) -> None:
    assert refused(INPUT, "gaps", "x", "--limit", "-5") == "'--limit' should be from 1 to 10000, not -5."


def test_an_unknown_command(refused: Refused) -> None:
    assert refused(INPUT, "gapps", "x", LC_ALL="zh_CN.UTF-8") == "没有命令“gapps”。您是否要：rechain gaps"


def test_a_store_that_is_not_there_is_not_made(refused: Refused, tmp_path: Path) -> None:
    told = refused(STORE, "gaps", "x", "--store", "sqlite:none.db")
    assert told == "There is no store at 'none.db' yet. Load data into it first: rechain load"
    assert list(tmp_path.iterdir()) == []


def test_a_store_whose_folder_is_not_there(refused: Refused) -> None:
    told = refused(STORE, "load", "--store", "sqlite:/nowhere/x.db")
    assert told == "The folder /nowhere is not there. Make it, or name another file."


def test_a_file_that_is_no_store(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("just a few notes", encoding="utf-8")
    for command in (("gaps", "x"), ("load", str(ROOT / "data"))):
        told = refused(STORE, *command, "--store", "sqlite:notes.txt")
        assert told == "notes.txt is not a rechain store. Name a new file, or one that rechain made."


def test_a_database_of_another_program(refused: Refused, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    told = refused(STORE, "gaps", "x", "--store", "sqlite:other.db")
    assert told == "other.db is a SQLite file of another program. Name a new file, or one that rechain made."


def test_a_store_of_another_version(refused: Refused, tmp_path: Path, own_drawing: str) -> None:
    with sqlite3.connect(tmp_path / "own.db") as own:
        own.execute("PRAGMA user_version = 999")
    told = refused(STORE, "gaps", "x", "--store", own_drawing)
    assert "is a store of version 999; this program reads version" in told


def test_a_store_of_no_known_kind(refused: Refused) -> None:
    assert refused(INPUT, "gaps", "x", "--store", "oracle:x").startswith("'oracle:x' names no store we know.")


def test_a_port_that_is_taken(refused: Refused) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = refused(INPUT, "serve", "--port", str(port))
    assert told == f"Cannot listen on 127.0.0.1:{port}: Address already in use. Choose another with --port."


def test_names_cannot_give_orders_to_the_terminal(refused: Refused) -> None:
    told = refused(INPUT, "gaps", "\x1b[31mred\u202e\nline")
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "\n" not in told


def test_a_mistake_of_ours_goes_to_a_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def stumble(*_: object) -> int:
        raise KeyError("secret")

    monkeypatch.setattr("cli.main._obey", stumble)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run(["gaps"]) == BROKEN
    out, err = capsys.readouterr()
    (log,) = tmp_path.iterdir()
    assert (out, err) == (
        "",
        f"This is a mistake in rechain, not yours. Please report it with {log}, or see it with --debug.\n",
    )
    assert "KeyError: 'secret'" in log.read_text("utf-8")
    assert run(["gaps", "--debug"]) == BROKEN
    assert "KeyError: 'secret'" in capsys.readouterr().err


def test_ctrl_c_is_quiet(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.main._obey", interrupted)
    assert run(["gaps"]) == INTERRUPTED
    assert capsys.readouterr() == ("", "")


def test_a_reader_that_goes_away_is_no_error(drawing: str) -> None:
    """`rechain sources | head -0`: the pipe is closed before anything is written."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "cli.main", "show", "reg:zone", "--store", drawing]
    done = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_every_error_has_an_exit_code() -> None:
    kinds = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, RechainError)]
    codes = {kind.__name__: exit_code(kind.__new__(kind)) for kind in kinds}
    assert codes["UnknownName"] == codes["AmbiguousName"] == codes["BadInput"] == codes["NodeMissing"] == INPUT
    assert {code for name, code in codes.items() if name.startswith("Store")} == {STORE}
