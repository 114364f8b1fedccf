"""The gate: pure ASGI, before everything else. Kept answers leave here; time limits, errors and headers are seen to."""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from secrets import token_hex

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.desk import Address, Desk
from api.errors import BadHost, Broken, TooSlow, problem_response
from api.settings import Settings
from api.shelf import Headers
from api.texts import Lang, spoken
from graph.model.errors import RechainError

_LOG = logging.getLogger("rechain.api")
_KEPT_UNDER = "/api/v1/"
# What takes its time to begin, and then is as slow as who reads it.
EXPORT = "/api/v1/export"
_SECURITY: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_NO_CONTENT_OF_ITS_OWN = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")


class Gate:
    """Wraps the application. HEAD is answered as GET without a body."""

    def __init__(self, app: ASGIApp, desk: Desk, settings: Settings) -> None:
        self._app = app
        self._desk = desk
        self._deadline = settings.deadline_s
        self._export = settings.export_s
        self._lang: Lang = settings.lang
        self._hosts = frozenset(host.lower() for host in settings.hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send)
        try:
            self._check_host(exchange)
            if exchange.reads and scope["path"].startswith(_KEPT_UNDER) and await self._recall(exchange):
                return
            await self._pass_on(exchange, receive)
        except RechainError as error:
            await self._refuse(exchange, error)
        except Exception:
            number = token_hex(4)
            _LOG.exception("error %s at %s", number, scope["path"])
            broken = Broken("A mistake of ours, not of yours. Report it with the number {number}.", number=number)
            await self._refuse(exchange, broken)

    def _check_host(self, exchange: "_Exchange") -> None:
        # A page elsewhere may point its own name at 127.0.0.1 and read what is served here; they name that host.
        if self._hosts:
            host = (exchange.header(b"host") or "").lower()
            name = host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
            if name not in self._hosts:
                raise BadHost("This service does not answer to the name '{host}'. Set RECHAIN_HOSTS.", host=host[:80])

    async def _recall(self, exchange: "_Exchange") -> bool:
        """Send the kept answer, if there is one."""
        scope = exchange.scope
        try:
            async with asyncio.timeout(self._deadline):
                reply = await self._desk.recall(Address(scope["path"], scope["query_string"]))
        except TimeoutError:
            raise _too_slow(self._deadline) from None
        if reply is None:
            return False
        status, headers, body = reply.parts(exchange.header(b"if-none-match"))
        await exchange.send({"type": "http.response.start", "status": status, "headers": headers})
        await exchange.send({"type": "http.response.body", "body": body})
        return True

    async def _pass_on(self, exchange: "_Exchange", receive: Receive) -> None:
        """To the application, until it is done, the time is up, or the client is gone."""
        if not exchange.reads:
            # What has a body reads it itself.
            await self._app(exchange.scope, receive, exchange.send)
            return
        gone = asyncio.ensure_future(_gone(receive))
        work = asyncio.ensure_future(self._app(exchange.scope, _reading(gone), exchange.send))
        try:
            is_export = exchange.scope["path"] == EXPORT
            limit = self._export if is_export else self._deadline
            await asyncio.wait({work, gone}, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
            if exchange.started:
                # Half an answer is none. An export is as slow as who reads it; all else is sent as soon as it is begun.
                more = None if is_export else limit
                await asyncio.wait({work, gone}, timeout=more, return_when=asyncio.FIRST_COMPLETED)
            if not work.done() and not gone.done():
                raise _too_slow(limit)
            if work.done():
                work.result()
        finally:
            for task in (work, gone):
                if not task.done():
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task

    async def _refuse(self, exchange: "_Exchange", error: RechainError) -> None:
        if not exchange.started:
            lang = spoken(exchange.header(b"accept-language"), self._lang)
            await problem_response(error, lang)(exchange.scope, _never, exchange.send)


class _Exchange:
    """One request and its answer: remembers whether it has begun, adds the headers every answer has."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.reads = scope["method"] in ("GET", "HEAD")
        self._is_head = scope["method"] == "HEAD"
        self.scope = {**scope, "method": "GET"} if self._is_head else scope
        self._send = send
        self.started = False

    def header(self, name: bytes) -> str | None:
        """The first header of this name."""
        return next((value.decode("latin-1") for own, value in self.scope["headers"] if own == name), None)

    async def send(self, message: Message) -> None:
        """On to the client."""
        if message["type"] == "http.response.start":
            self.started = True
            headers: Iterable[tuple[bytes, bytes]] = message["headers"]
            own = list(headers)
            own += _SECURITY
            if not any(name == _NO_CONTENT_OF_ITS_OWN[0] for name, _ in own):
                own.append(_NO_CONTENT_OF_ITS_OWN)
            message = {**message, "headers": own}
        elif self._is_head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _reading(gone: "asyncio.Future[None]") -> Receive:
    """What the application receives of a request without a body."""
    whole = False

    async def receive() -> Message:
        nonlocal whole
        if not whole:
            whole = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await asyncio.shield(gone)
        return {"type": "http.disconnect"}

    return receive


async def _never() -> Message:
    return {"type": "http.disconnect"}


def _too_slow(deadline: float) -> TooSlow:
    return TooSlow("This took longer than {seconds} seconds. Ask for less, or again later.", seconds=f"{deadline:g}")
