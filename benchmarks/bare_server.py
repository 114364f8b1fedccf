"""The least a Python service can do: ready bytes from an ASGI function. `python -m benchmarks.bare_server BODY`."""

import socket
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import uvicorn

Message = MutableMapping[str, Any]


def main(file: str) -> None:
    """Serve the file's bytes at every path on a free port, with the settings of `rechain serve`."""
    body = Path(file).read_bytes()
    headers = [
        (b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()),
        (b"etag", b'W/"1-1"'), (b"cache-control", b"private, no-cache"),
    ]  # fmt: skip

    async def app(
        scope: Message, _: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    # With the protocol named: asyncio switches Nagle's delay off only then.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        print(f"Listening on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, lifespan="off")
        uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    main(sys.argv[1])
