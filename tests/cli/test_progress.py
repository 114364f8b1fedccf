"""Progress: on a terminal's stderr, for what takes over a second, and nowhere else."""

import io
import sys
import time

import pytest

from api.texts import Tongue
from cli import progress


class Terminal(io.StringIO):
    """A stderr that somebody looks at."""

    def isatty(self) -> bool:
        return True


def _looked_at(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Puts a terminal in place of stderr; within the test, for pytest puts its own there before each."""
    stderr = Terminal()
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setenv("TERM", "xterm")
    return stderr


def test_what_is_quick_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _looked_at(monkeypatch)
    with progress.counting(Tongue()) as count, progress.waiting("reading"):
        count(1000)
    assert terminal.getvalue() == ""


def test_what_takes_long_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _looked_at(monkeypatch)
    monkeypatch.setattr(progress, "PATIENCE_S", 0.0)
    monkeypatch.setattr(progress, "_EVERY_S", 0.0)
    with progress.counting(Tongue()) as count:
        count(5000)
        count(12_000)
        time.sleep(0.3)  # the spinner draws itself a few times a second
    assert "12,000 rows" in terminal.getvalue()


def test_waiting_shows_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _looked_at(monkeypatch)
    monkeypatch.setattr(progress, "PATIENCE_S", 0.01)
    with progress.waiting("reading the graph"):
        time.sleep(0.4)
    assert "reading the graph" in terminal.getvalue()


def test_a_pipe_gets_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setattr(progress, "PATIENCE_S", 0.0)
    with progress.counting(Tongue()) as count, progress.waiting("reading"):
        count(1000)
        time.sleep(0.05)
    assert stderr.getvalue() == ""
