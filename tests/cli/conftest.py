"""The command as people run it: a process of its own, away from the source folder, with nothing set but the store."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
import tiny
from conftest import ROOT

from graph.stores.opening import open_store


class Done(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture(scope="session")
def drawing(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with the drawing, for commands that change nothing."""
    url = f"sqlite:{tmp_path_factory.mktemp('store') / 'tiny.db'}"
    store = open_store(url)
    store.record(tiny.batch())
    store.close()
    return url


@pytest.fixture
def own_drawing(tmp_path: Path) -> str:
    """A store with the drawing, for commands that change it."""
    url = f"sqlite:{tmp_path / 'own.db'}"
    store = open_store(url)
    store.record(tiny.batch())
    store.close()
    return url


@pytest.fixture
def here(drawing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same surroundings for `cli.main.run` in this process, which saves the time of starting many."""
    for name in os.environ.keys() - _surroundings().keys():
        monkeypatch.delenv(name)
    for name, value in _surroundings(RECHAIN_STORE=drawing).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def rechain(tmp_path: Path, drawing: str) -> Command:
    """Runs `rechain ...` on the drawing."""

    def run(*words: str, **environment: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "cli.main", *words],
            cwd=tmp_path,
            env=_surroundings(RECHAIN_STORE=drawing, **environment),
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return run


def _surroundings(**more: str) -> Mapping[str, str]:
    """The environment of a user without settings, in the C locale."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RECHAIN_", "LC_", "LANG"))}
    return kept | {"PYTHONPATH": str(ROOT), "LC_ALL": "C"} | more
