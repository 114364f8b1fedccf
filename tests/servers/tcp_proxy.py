"""A TCP proxy that cuts a connection exactly when a test says so: put before Bolt, it makes the faults of a network.

with CuttingProxy(server.port) as proxy:
    proxy.cut_when(is_bolt_commit, delivered=True)  # the server commits, and the client never hears of it
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, Self

Side = Literal["client", "server"]


def is_bolt_commit(chunk: bytes) -> bool:
    """Whether these bytes end with Bolt's COMMIT message, which drivers send by itself."""
    return chunk.endswith(b"\x00\x02\xb0\x12\x00\x00")


@dataclass(eq=False)
class _Rule:
    """When to cut next: after `left` more bytes from one side, or at a chunk that fits. It cuts once."""

    side: Side = "client"
    left: int = 0
    predicate: Callable[[bytes], bool] | None = None
    delivered: bool = False
    spent: bool = False
    has_cut: threading.Event = field(default_factory=threading.Event)


@dataclass(eq=False)
class _Link:
    """One connection through the proxy. Its sockets are closed by the one thread that serves it."""

    client: socket.socket
    server: socket.socket
    silenced_by: _Rule | None = None  # the server's next bytes are dropped, and the link is cut for this rule
    is_cut: bool = False

    def cut(self) -> None:
        """Wake whoever waits for either side."""
        self.is_cut = True
        for end in (self.client, self.server):
            with suppress(OSError):  # not connected yet, or not any more
                end.shutdown(socket.SHUT_RDWR)


class CuttingProxy:
    """A free loopback port that forwards to another one until it is told to cut or to refuse."""

    def __init__(self, target_port: int) -> None:
        self._target = ("127.0.0.1", target_port)
        self._lock = threading.Lock()  # over the rule and the links
        self._rule = _Rule(spent=True)
        self._links: set[_Link] = set()
        self._threads: list[threading.Thread] = []
        self._turns_away = False
        self._listening = threading.Event()
        # Bound and never listening: the port stays ours while we refuse, and no client can be given it meanwhile.
        self._holder = self._bound(0)
        self.port: int = self._holder.getsockname()[1]
        self._listen()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def connections(self) -> int:
        """How many connections go through the proxy now."""
        with self._lock:
            return len(self._links)

    def cut_after(self, *, client_bytes: int | None = None, server_bytes: int | None = None) -> None:
        """Let so many more bytes of one side through, counted over all connections, then cut the connection."""
        match client_bytes, server_bytes:
            case int(left), None:
                self._arm(_Rule("client", left))
            case None, int(left):
                self._arm(_Rule("server", left))
            case _:
                raise ValueError("cut_after() takes either client_bytes or server_bytes")

    def cut_when(self, predicate: Callable[[bytes], bool], *, delivered: bool = False) -> None:
        """Cut the connection on which the client sends a chunk that fits, and drop the chunk.

        With `delivered` the chunk goes through, and the cut comes when the server answers it; the answer is dropped.
        """
        self._arm(_Rule(predicate=predicate, delivered=delivered))

    def wait_for_cut(self, seconds: float = 10) -> bool:
        """Whether the rule given last has cut, waiting so long for it."""
        return self._rule.has_cut.wait(seconds)

    def cut(self) -> None:
        """Cut every connection now; new ones are taken."""
        with self._lock:
            for link in self._links:
                link.cut()

    def refuse(self, *, accept: bool = False) -> None:
        """Cut every connection and take no more: nobody listens, or with `accept` each is closed at once."""
        self._turns_away = accept
        if accept:
            self._listen()
        else:
            self._stop_listening()
        self.cut()

    def restore(self) -> None:
        """Forward everything again; a rule that has not cut yet is dropped."""
        self._arm(_Rule(spent=True))
        self._turns_away = False
        self._listen()

    def close(self) -> None:
        """Cut everything, give the port back and wait for the threads."""
        self._stop_listening()
        self._holder.close()
        self.cut()
        for thread in self._threads:
            thread.join()

    def _arm(self, rule: _Rule) -> None:
        with self._lock:
            self._rule = rule

    @staticmethod
    def _bound(port: int) -> socket.socket:
        bound = socket.socket()
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind(("127.0.0.1", port))
        return bound

    def _listen(self) -> None:
        if not self._listening.is_set():
            listener = self._bound(self.port)
            listener.listen()
            listener.settimeout(0.05)  # how soon it notices that it should stop
            self._listening.set()
            self._acceptor = threading.Thread(target=self._accept, args=(listener,), name="proxy")
            self._acceptor.start()

    def _stop_listening(self) -> None:
        self._listening.clear()
        self._acceptor.join()

    def _accept(self, listener: socket.socket) -> None:
        with listener:
            while self._listening.is_set():
                with suppress(TimeoutError):
                    client, _ = listener.accept()
                    self._take(client)

    def _take(self, client: socket.socket) -> None:
        with self._lock:
            if self._turns_away:
                client.close()
                return
            link = _Link(client, socket.socket())
            self._links.add(link)
        thread = threading.Thread(target=self._serve, args=(link,), name="proxy")
        self._threads = [*(each for each in self._threads if each.is_alive()), thread]
        thread.start()

    def _serve(self, link: _Link) -> None:
        answers = threading.Thread(target=self._pump, args=(link, "server", link.server, link.client), name="proxy")
        with link.client, link.server:
            try:
                link.server.connect(self._target)
                for end in (link.client, link.server):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                answers.start()
                self._pump(link, "client", link.client, link.server)
            except OSError:  # the target is away, so the client loses its connection too
                pass
            finally:
                if answers.ident is not None:
                    answers.join()
                with self._lock:
                    self._links.discard(link)

    def _pump(self, link: _Link, side: Side, source: socket.socket, sink: socket.socket) -> None:
        """Forward one direction until it ends or is cut."""
        rule: _Rule | None = None
        half_closed = False
        try:
            while rule is None and not link.is_cut and (chunk := source.recv(65536)):
                let_through, rule = self._judge(link, side, chunk)
                sink.sendall(let_through)
            if rule is None and side == "client":  # the client has said all, and may still read
                sink.shutdown(socket.SHUT_WR)
                half_closed = True
        except OSError:  # one of the ends went away
            pass
        finally:
            if not half_closed:
                link.cut()
                for each in (rule, link.silenced_by):
                    if each is not None:
                        each.has_cut.set()

    def _judge(self, link: _Link, side: Side, chunk: bytes) -> tuple[bytes, _Rule | None]:
        """What of this chunk may pass, and the rule that cuts the connection after it."""
        with self._lock:
            rule = self._rule
            if side == "server" and link.silenced_by is not None:
                return b"", link.silenced_by
            if rule.spent or side != rule.side:
                return chunk, None
            if rule.predicate is not None:
                rule.spent = rule.predicate(chunk)
                if rule.spent and rule.delivered:
                    link.silenced_by = rule
                return (b"", rule) if rule.spent and not rule.delivered else (chunk, None)
            rule.left -= len(chunk)
            rule.spent = rule.left <= 0
            return (chunk[: len(chunk) + rule.left], rule) if rule.spent else (chunk, None)
