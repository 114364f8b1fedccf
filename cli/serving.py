"""`rechain serve`: the HTTP API on this machine; on an address others can reach only when that is asked for."""

import socket
import sys
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Annotated

import typer

from api import defaults
from api.texts import Tongue
from cli.errors import DONE, say_aside
from cli.opening import opened
from cli.options import lang_option, store_option
from graph.model.errors import BadInput

if TYPE_CHECKING:
    from api.settings import Settings

_WAITING = 2048


def add_serve(app: typer.Typer, tongue: Tongue) -> None:
    """rechain serve"""
    say = tongue.say

    @app.command("serve", help=say("Serve the HTTP API, with its manual at /docs."))
    def serve(
        host: Annotated[str | None, typer.Option("--host", metavar="ADDRESS", help=say("address to listen on"))] = None,
        port: Annotated[int | None, typer.Option("--port", metavar="N", help=say("port; 0 takes a free one"))] = None,
        allow_remote: Annotated[
            bool, typer.Option("--allow-remote", help=say("allow an address that other machines can reach"))
        ] = False,
        store: Annotated[str, store_option(tongue)] = defaults.STORE,
        lang: Annotated[str | None, lang_option(tongue)] = None,  # noqa: ARG001
    ) -> int:
        from api.settings import Settings

        given = {"store": store, "host": host, "port": port, "allow_remote": allow_remote or None}
        settings = Settings.read(**{name: value for name, value in given.items() if value is not None})
        settings = _kept_local(settings, tongue)
        _run(settings, tongue)
        return DONE


def _kept_local(settings: "Settings", tongue: Tongue) -> "Settings":
    """Refuses an address that others can reach unless that is wanted; raises BadInput."""
    if settings.host in defaults.LOOPBACK:
        return settings if settings.hosts else settings.model_copy(update={"hosts": defaults.LOOPBACK})
    if not settings.allow_remote:
        raise BadInput(
            "'{host}' can be reached by other machines, and there is no access control yet. "
            "Keep to 127.0.0.1, or add --allow-remote.",
            host=settings.host[:80],
        )
    say_aside(
        tongue.say(
            "Warning: anybody who reaches {host} can read everything here: there is no access control yet.",
            host=settings.host,
        )
    )
    return settings


def _run(settings: "Settings", tongue: Tongue) -> None:
    import uvicorn

    from api.app import create_app
    from graph.readers.opening import Readers, cache_file_of

    with opened(settings.store) as store, closing(_listening(settings)) as listener:
        port = listener.getsockname()[1]
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        cache_file = cache_file_of(store, settings.store, settings.snapshots)
        app = create_app(store, settings, Readers(store, cache_file, settings.reader))
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=5
        )
        sys.stdout.write(
            tongue.say(
                "Listening on http://{address}  -  the manual is at /docs, Ctrl-C ends.", address=f"{host}:{port}"
            )
            + "\n"
        )
        sys.stdout.flush()
        # Ctrl-C is how it is meant to end; uvicorn raises it again once all is closed.
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run([listener])


def _listening(settings: "Settings") -> socket.socket:
    """A socket on the address; raises BadInput where it cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_WAITING)  # now, so that whoever reads that we listen finds it true
    except OSError as error:
        raise BadInput(
            "Cannot listen on {host}:{port}: {reason}. Choose another with --port.",
            host=settings.host[:80],
            port=settings.port,
            reason=error.strerror or str(error),
        ) from error
    return listener
