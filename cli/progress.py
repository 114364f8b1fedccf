"""Progress on stderr: only on a terminal, and only for what takes over a second."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

from api.texts import Tongue

if TYPE_CHECKING:
    from rich.status import Status

PATIENCE_S = 1.0
_EVERY_S = 0.1


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """A spinner while something runs that cannot say how far it is."""
    if not sys.stderr.isatty():
        yield
        return
    shown: list[Status] = []

    def show() -> None:
        shown.append(_status(text))

    timer = Timer(PATIENCE_S, show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        for status in shown:
            status.stop()


@contextmanager
def counting(tongue: Tongue) -> Iterator[Callable[[int], None]]:
    """Gives what is to be called with the number of rows so far."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    begun = drawn = time.monotonic()
    shown: list[Status] = []

    def count(rows: int) -> None:
        nonlocal drawn
        now = time.monotonic()
        if now - begun < PATIENCE_S or now - drawn < _EVERY_S:
            return
        drawn = now
        rate = rows / (now - begun)
        text = tongue.say("{rows} rows, {rate} a second", rows=f"{rows:,}", rate=f"{rate:,.0f}")
        if shown:
            shown[0].update(text)
        else:
            shown.append(_status(text))

    try:
        yield count
    finally:
        for status in shown:
            status.stop()


def _status(text: str) -> "Status":
    from rich.console import Console

    status = Console(stderr=True).status(text)
    status.start()
    return status
