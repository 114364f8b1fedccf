"""A small HTTP client over raw sockets, in a process of its own: `python -m benchmarks.http_client < JOB.json`.

A job: {"host", "port", "paths", "connections", "seconds" or "requests"}. Each connection asks, waits for the whole
answer, and asks again (closed loop), the paths in turn. It prints {"seconds", "latencies" in seconds, "bytes", "bad",
"digest" of all bodies in the order of paths when every path was asked once, else of the first}.
"""

import json
import selectors
import socket
import sys
import time
from hashlib import blake2b
from typing import Any

_BLOCK = 1 << 18


class _Line:
    """One connection with what it waits for."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began = 0.0
        self.number = 0
        self.buffer = b""
        self.missing = -1  # bytes of the body still to come; -1 while the headers are not complete

    def ask(self, number: int, request: bytes) -> None:
        self.number, self.buffer, self.missing = number, b"", -1
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def is_done(self) -> bool:
        """Read what has come; whether that was the rest of the answer."""
        block = self.socket.recv(_BLOCK)
        if not block:
            raise ConnectionError("the server closed the connection")
        self.buffer += block
        if self.missing < 0:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = self.buffer[:end].lower()
            at = head.index(b"content-length:") + 15
            length = int(head[at:].split(b"\r\n", 1)[0])
            self.missing = end + 4 + length
        return len(self.buffer) >= self.missing

    @property
    def is_good(self) -> bool:
        return self.buffer.startswith(b"HTTP/1.1 200")

    @property
    def body(self) -> bytes:
        return self.buffer[self.buffer.index(b"\r\n\r\n") + 4 :]


def drive(job: dict[str, Any]) -> dict[str, Any]:
    """Do a job."""
    host, port = job["host"], job["port"]
    requests = [
        f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: application/json\r\n\r\n".encode()
        for path in job["paths"]
    ]
    most = job.get("requests") or 1 << 60
    lines = [_Line((host, port)) for _ in range(min(job["connections"], most))]
    waiting = selectors.DefaultSelector()
    latencies: list[float] = []
    bodies: dict[int, bytes] = {}
    size, bad, asked = 0, 0, 0
    started = time.perf_counter()
    deadline = started + job.get("seconds", 1e9)
    for line in lines:
        waiting.register(line.socket, selectors.EVENT_READ, line)
        line.ask(asked, requests[asked % len(requests)])
        asked += 1
    open_ = len(lines)
    while open_:
        for key, _ in waiting.select():
            line = key.data
            if not line.is_done():
                continue
            now = time.perf_counter()
            latencies.append(now - line.began)
            size += len(line.buffer)
            bad += not line.is_good
            if line.number < len(requests):
                bodies[line.number] = blake2b(line.body, digest_size=12).digest()
            if asked < most and now < deadline:
                line.ask(asked, requests[asked % len(requests)])
                asked += 1
            else:
                waiting.unregister(line.socket)
                line.socket.close()
                open_ -= 1
    taken = time.perf_counter() - started
    digest = blake2b(b"".join(bodies[at] for at in sorted(bodies)), digest_size=12).hexdigest()
    return {"seconds": taken, "latencies": latencies, "bytes": size, "bad": bad, "digest": digest}


if __name__ == "__main__":
    print(json.dumps(drive(json.load(sys.stdin))))
