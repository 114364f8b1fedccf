"""The proxy that cuts, between a client and a server that answers each chunk with the same bytes in capitals."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from servers.tcp_proxy import CuttingProxy, is_bolt_commit

COMMIT = b"\x00\x02\xb0\x12\x00\x00"


class Shouter:
    """A loopback server that remembers what it heard."""

    def __init__(self) -> None:
        self.heard = bytearray()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.02)
        self.port: int = self._listener.getsockname()[1]
        self._open = True
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        self._open = False
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with self._listener:
            while self._open:
                try:
                    client, _ = self._listener.accept()
                except TimeoutError:  # time to look whether we still should
                    continue
                self._threads.append(threading.Thread(target=self._answer, args=(client,)))
                self._threads[-1].start()

    def _answer(self, client: socket.socket) -> None:
        with client:
            try:
                while chunk := client.recv(65536):
                    self.heard += chunk
                    client.sendall(chunk.upper())
            except OSError:
                pass


@pytest.fixture
def server() -> Iterator[Shouter]:
    with closing(Shouter()) as opened:
        yield opened


@pytest.fixture
def proxy(server: Shouter) -> Iterator[CuttingProxy]:
    with CuttingProxy(server.port) as opened:
        yield opened
    assert opened.connections == 0
    assert "proxy" not in [each.name for each in threading.enumerate()]


def connect(proxy: CuttingProxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=5)


def everything(client: socket.socket) -> bytes:
    """What the client still gets before the end, however the end comes."""
    got = b""
    try:
        while chunk := client.recv(65536):
            got += chunk
    except ConnectionResetError:
        pass
    return got


def ask(client: socket.socket, words: bytes) -> bytes:
    """The answer, of as many bytes as the question; less if the connection ended."""
    answer = b""
    try:
        client.sendall(words)
        while len(answer) < len(words) and (chunk := client.recv(65536)):
            answer += chunk
    except ConnectionError:
        pass
    return answer


def test_forwards_both_ways_and_many_bytes(proxy: CuttingProxy, server: Shouter) -> None:
    with connect(proxy) as one, connect(proxy) as two:
        assert ask(one, b"neodymium") == b"NEODYMIUM"
        assert ask(two, b"cerium") == b"CERIUM"
        assert proxy.connections == 2
        asker = threading.Thread(target=two.sendall, args=(b"x" * 5_000_000,))
        asker.start()
        got = 0
        while got < 5_000_000:
            got += len(two.recv(65536))
        asker.join()
        assert got == 5_000_000


def test_a_client_that_has_said_all_still_reads_the_answer(proxy: CuttingProxy) -> None:
    with connect(proxy) as client:
        client.sendall(b"last words")
        client.shutdown(socket.SHUT_WR)
        assert everything(client) == b"LAST WORDS"


@pytest.mark.parametrize("count", [0, 1, 5, 6])
def test_cuts_after_bytes_of_the_client(proxy: CuttingProxy, server: Shouter, count: int) -> None:
    proxy.cut_after(client_bytes=count)
    with connect(proxy) as client:
        client.sendall(b"cerium")
        everything(client)
        assert proxy.wait_for_cut()
    with connect(proxy) as client:  # the rule is spent
        assert ask(client, b"!") == b"!"
    server.close()  # it has heard all it will hear, in whatever order
    assert sorted(server.heard) == sorted(b"cerium"[:count] + b"!")


@pytest.mark.parametrize("count", [0, 1, 5, 6])
def test_cuts_after_bytes_of_the_server(proxy: CuttingProxy, server: Shouter, count: int) -> None:
    with connect(proxy) as client:
        assert ask(client, b"before the rule") == b"BEFORE THE RULE"
        proxy.cut_after(server_bytes=count)
        client.sendall(b"cerium")
        assert everything(client) == b"CERIUM"[:count]
        assert proxy.wait_for_cut()
    assert bytes(server.heard) == b"before the rulecerium"


def test_counts_bytes_over_all_connections(proxy: CuttingProxy) -> None:
    proxy.cut_after(client_bytes=10)
    with connect(proxy) as one, connect(proxy) as two:
        assert ask(one, b"seven..") == b"SEVEN.."
        assert not proxy.wait_for_cut(0)
        two.sendall(b"more")
        assert everything(two) in (b"", b"MOR")
        assert ask(one, b"untouched") == b"UNTOUCHED"


@pytest.mark.parametrize("delivered", [False, True])
def test_cuts_at_the_message_before_or_after_the_server_has_it(
    proxy: CuttingProxy, server: Shouter, delivered: bool
) -> None:
    proxy.cut_when(is_bolt_commit, delivered=delivered)
    with connect(proxy) as client, connect(proxy) as other:
        assert ask(client, b"begin") == b"BEGIN"
        client.sendall(COMMIT)
        assert everything(client) == b""
        assert proxy.wait_for_cut()
        assert (COMMIT in server.heard) is delivered
        assert ask(other, COMMIT) == COMMIT  # once only, and no other connection


def test_knows_a_commit_from_what_only_looks_like_one() -> None:
    assert is_bolt_commit(b"something before" + COMMIT)
    assert not is_bolt_commit(COMMIT + b"a value that holds the bytes")
    assert not is_bolt_commit(b"\x00\x02\xb0\x13\x00\x00")  # ROLLBACK


def test_refuses_and_restores_on_the_same_port(proxy: CuttingProxy) -> None:
    with connect(proxy) as client:
        assert ask(client, b"a") == b"A"
        proxy.refuse()
        assert everything(client) == b""
    with pytest.raises(ConnectionRefusedError):
        connect(proxy)
    proxy.refuse(accept=True)
    with connect(proxy) as client:
        assert ask(client, b"a") == b""
    proxy.restore()
    with connect(proxy) as client:
        assert ask(client, b"a") == b"A"


def test_restore_drops_a_rule_and_cut_leaves_new_connections_alone(proxy: CuttingProxy) -> None:
    proxy.cut_after(client_bytes=0)
    proxy.restore()
    with connect(proxy) as client:
        assert ask(client, b"a") == b"A"
        proxy.cut()
        assert ask(client, b"a") == b""
    with connect(proxy) as client:
        assert ask(client, b"a") == b"A"


def test_a_target_that_is_away_ends_the_client(server: Shouter) -> None:
    with CuttingProxy(server.port) as proxy:
        server.close()
        with connect(proxy) as client:
            assert ask(client, b"a") == b""


def test_a_server_that_ends_ends_the_client() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        CuttingProxy(listener.getsockname()[1]) as proxy,
        connect(proxy) as client,
    ):
        listener.accept()[0].close()
        assert everything(client) == b""


def test_close_frees_the_port_and_ends_open_connections(server: Shouter) -> None:
    proxy = CuttingProxy(server.port)
    with connect(proxy) as client:
        assert ask(client, b"a") == b"A"
        proxy.close()
        assert everything(client) == b""
        assert proxy.connections == 0
    with pytest.raises(ConnectionRefusedError):
        connect(proxy)


@pytest.mark.parametrize("sides", [{}, {"client_bytes": 1, "server_bytes": 1}])
def test_wants_one_side(proxy: CuttingProxy, sides: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="either"):
        proxy.cut_after(**sides)
