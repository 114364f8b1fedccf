"""Servers and clients as processes of their own, the server on one core and the client on the other."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.cold_start import pin, resident_of
from benchmarks.measuring import ROOT

_PATIENCE = 120.0  # seconds to wait for a server
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")


@dataclass(frozen=True)
class Server:
    """A server that listens."""

    pid: int
    port: int

    def drive(self, paths: Sequence[str], connections: int, **until: float) -> dict[str, Any]:
        """What the client process tells (see http_client); `seconds` or `requests` says when it ends."""
        job = {"host": "127.0.0.1", "port": self.port, "paths": list(paths), "connections": connections, **until}
        client = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.http_client"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        pin(client.pid, 1)
        told, _ = client.communicate(json.dumps(job))
        if client.returncode:
            raise RuntimeError("the client failed; see above")
        found: dict[str, Any] = json.loads(told)
        if found["bad"]:
            raise RuntimeError(f"{found['bad']} of {len(found['latencies'])} answers were not 200")
        return found

    def resident(self) -> dict[str, float]:
        """Its memory in MB."""
        return resident_of(self.pid)


@contextmanager
def rechain(url: str, **settings: str) -> Iterator[Server]:
    """`rechain serve` on a free port; `settings` as in the environment, without the prefix."""
    command = [sys.executable, "-m", "cli.main", "serve", "--store", url, "--port", "0", "--lang", "en"]
    # The first answer waits for the snapshot, on a busy machine longer than a service should let anybody wait.
    settings = {"deadline_s": "600"} | settings
    with _listening(command, {f"RECHAIN_{name.upper()}": value for name, value in settings.items()}) as server:
        yield server


@contextmanager
def bare(body: Path) -> Iterator[Server]:
    """A server that sends ready bytes and does nothing else."""
    with _listening([sys.executable, "-m", "benchmarks.bare_server", str(body)], {}) as server:
        yield server


def _wait_for(port: int) -> None:
    """The address is told once it is bound; connections are taken a little later."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def _listening(command: Sequence[str], environment: dict[str, str]) -> Iterator[Server]:
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = _ADDRESS.search(line)
        if not found:
            raise RuntimeError(f"the server did not come up: {line!r}")
        port = int(found[1])
        _wait_for(port)
        pin(process.pid, 0)
        yield Server(process.pid, port)
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout:
            process.stdout.close()
