"""A Neo4j server that refuses, dies, comes back, or is cut off while it commits. The tests have a server of their own.

Each fault is one clear error in good time, nothing acknowledged is lost, nothing is kept twice or by half, and the
store object that was there before the fault goes on afterwards.
"""

import random
import time
from collections.abc import Iterator
from contextlib import closing
from threading import Event, Thread, Timer

import neo4j
import pytest
import tiny
from conftest import NEO4J, ROOT, TODAY, wipe
from servers.neo4j_server import Neo4jServer
from servers.tcp_proxy import CuttingProxy, is_bolt_commit
from starlette.testclient import TestClient
from tiny import claim

from api.app import create_app
from api.settings import Settings
from graph.model.claims import Batch, Decision
from graph.model.errors import BadInput, StoreDown, StoreError, StoreForeign, StoreRefused, StoreVersion
from graph.readers.opening import ReaderKind
from graph.stores import neo4j as store_module
from graph.stores.neo4j import Address, Neo4jStore
from graph.stores.neo4j_writing import Limits
from graph.stores.opening import open_store

pytestmark = [
    pytest.mark.neo4j,
    pytest.mark.skipif(not NEO4J, reason="RECHAIN_TEST_NEO4J is not set: faults of a Neo4j server are not tried"),
]
# A busy machine is slow; what a person waits for on an idle one is a third of it.
PATIENCE = 6.0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """A server that tests may kill."""
    with Neo4jServer(tmp_path_factory.mktemp("neo4j"), lib=ROOT / ".neo4j" / "lib") as server:
        yield server


@pytest.fixture
def server(running: Neo4jServer) -> Neo4jServer:
    """The server, running and empty."""
    running.start()
    wipe(running.url)
    return running


@pytest.fixture
def store(server: Neo4jServer) -> Iterator[Neo4jStore]:
    """An empty store on it."""
    with closing(Neo4jStore.open(server.url)) as opened:
        yield opened


def come_back(server: Neo4jServer) -> None:
    """Start the server and wait until a stranger gets an answer: on a busy machine long after it says that it is up."""
    server.start()
    address = Address.parse(server.url)
    with neo4j.GraphDatabase.driver(address.uri, auth=(str(address.user), address.password)) as driver:
        driver.execute_query("RETURN 1")


def made(count: int, key: str = "k") -> Batch:
    """A batch of so many claims: names and links between them."""
    claims = [
        claim(f"ent:{key}-{n}", "name_zh", f"企业{key}{n}")
        if n % 2
        else claim(f"ent:{key}-{n + 1}", "produces", f"prd:{n % 7}")
        for n in range(count)
    ]
    return tiny.batch(tuple(claims), key)


def keys_of(store: Neo4jStore) -> dict[str, int]:
    """How many claims there are of each batch made()."""
    counts: dict[str, int] = {}
    for stored in store.claims():
        key = stored.claim.subject[4:].rpartition("-")[0]
        counts[key] = counts.get(key, 0) + 1
    return counts


def decision(target: str) -> Decision:
    """A retraction."""
    return Decision("retract", target, "", "Li", "2026-02-03T04:05:06+00:00", "because")


# --- refused ---


def test_a_wrong_password_is_refused_and_not_shown(server: Neo4jServer) -> None:
    url = f"bolt://nobody:hush%40hush@127.0.0.1:{server.port}"
    begun = time.monotonic()
    with pytest.raises(StoreRefused) as caught:
        open_store(url)
    assert time.monotonic() - begun < PATIENCE
    assert "hush" not in str(caught.value)
    assert f"127.0.0.1:{server.port}" in str(caught.value)


def test_no_store_object_shows_its_password(store: Neo4jStore, server: Neo4jServer) -> None:
    password = Address.parse(server.url).password
    assert password not in repr(store)
    assert password not in store.location


def test_a_database_that_is_not_there(server: Neo4jServer) -> None:
    with pytest.raises(BadInput, match="no database"):
        open_store(f"{server.url}/elsewhere")


def test_a_database_of_somebody_else_is_left_alone(store: Neo4jStore, server: Neo4jServer) -> None:
    store._write(lambda tx: tx.run("MATCH (s:Store) DETACH DELETE s").consume())
    store._write(lambda tx: tx.run("CREATE (:Person {name: 'Li'})").consume())
    with pytest.raises(StoreForeign, match="Person"):
        open_store(server.url)
    with pytest.raises(StoreForeign):
        store.revision()


def test_another_schema_version(store: Neo4jStore, server: Neo4jServer) -> None:
    store._write(lambda tx: tx.run("MATCH (s:Store) SET s.schema = 99").consume())
    for use in (lambda: open_store(server.url), store.revision, lambda: store.record(made(3))):
        with pytest.raises(StoreVersion, match="99"):
            use()


# --- away ---


def test_a_server_that_is_away_at_start(server: Neo4jServer) -> None:
    server.kill()
    begun = time.monotonic()
    with pytest.raises(StoreDown):
        open_store(f"bolt://neo4j:x@127.0.0.1:{server.port}")
    assert time.monotonic() - begun < PATIENCE


def test_a_server_that_takes_connections_and_says_nothing(server: Neo4jServer) -> None:
    with CuttingProxy(server.port) as proxy:
        proxy.refuse(accept=True)
        with pytest.raises(StoreDown):
            open_store(server.url.replace(f":{server.port}", f":{proxy.port}"))


def test_killed_during_a_read_and_back(server: Neo4jServer, store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "PAGE", 100)
    store.record(made(500))
    reading = store.claims()
    next(reading)
    server.kill()
    begun = time.monotonic()
    with pytest.raises(StoreDown):
        list(reading)
    for use in (store.revision, lambda: store.search("企业"), lambda: list(store.sources())):
        with pytest.raises(StoreDown):
            use()
    assert time.monotonic() - begun < 4 * PATIENCE
    come_back(server)
    assert _seconds_until(store.revision) < 5
    assert keys_of(store) == {"k": 500}


@pytest.mark.parametrize("kind", ["snapshot", "neo4j"])
def test_the_service_says_so_and_goes_on_by_itself(server: Neo4jServer, store: Neo4jStore, kind: ReaderKind) -> None:
    """503 with the time to ask again while the server is away, for what was asked before too; then answers again."""
    store.record(tiny.batch())
    app = create_app(store, Settings(reader=kind), today=lambda: TODAY.valid)
    with TestClient(app) as client:
        before = client.get("/api/v1/gaps?region=reg:zone")
        assert before.status_code == 200
        server.kill()
        for path in ("/api/v1/gaps?region=reg:zone", "/api/v1/gaps?region=reg:town", "/api/v1/search?text=磁"):
            begun = time.monotonic()
            away = client.get(path)
            assert time.monotonic() - begun < PATIENCE
            assert (away.status_code, away.headers["content-type"]) == (503, "application/problem+json"), away.text
            assert int(away.headers["retry-after"]) > 0
            assert away.json()["code"] == "store_down"
        come_back(server)
        begun = time.monotonic()
        while (after := client.get("/api/v1/gaps?region=reg:zone")).status_code != 200:
            assert time.monotonic() - begun < 5
        assert after.json() == before.json()
        assert client.get("/api/v1/gaps?region=reg:town").status_code == 200


def _seconds_until(use: object) -> float:
    begun = time.monotonic()
    while time.monotonic() - begun < 60:
        try:
            use()  # type: ignore[operator]
        except StoreDown:
            continue
        return time.monotonic() - begun
    raise AssertionError("it never came back")


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "in pieces"])
def test_killed_during_a_load(server: Neo4jServer, at_once: bool) -> None:
    limits = Limits(at_once=50_000) if at_once else Limits(at_once=100, piece=200)
    with closing(Neo4jStore(Address.parse(server.url), limits=limits)) as store:
        store.record(made(10, "first"))
        size = 12_000 if at_once else 4_000
        killing = Event()

        def progress(rows: int) -> None:
            if rows >= size // 2 and not killing.is_set():
                killing.set()
                server.kill()

        timer = Timer(1.0, server.kill)
        if at_once:
            timer.start()
        begun = time.monotonic()
        with pytest.raises(StoreDown):
            store.record(made(size), progress)
        assert time.monotonic() - begun < 10 * PATIENCE
        timer.cancel()
        come_back(server)
        assert _seconds_until(store.revision) < 5
        assert (keys_of(store), store.revision(), len(store.batches())) == ({"first": 10}, 1, 1)
        receipt = store.record(made(size))
        assert (receipt.added, receipt.same, receipt.revision) == (size, 0, 2)
        assert keys_of(store) == {"first": 10, "k": size}
        assert _rubbish(store) == (0, 0)


def _rubbish(store: Neo4jStore) -> tuple[int, int]:
    """Claims and batches that nobody sees."""
    meta = store._meta()
    assert not meta.behind
    beyond = store.read(lambda tx: tx.run("MATCH (c:Claim) WHERE c.n > $n RETURN count(c)", n=meta.last_n).value()[0])
    unseen = store.read(lambda tx: tx.run("MATCH (b:Batch) WHERE b.id IS NULL RETURN count(b)").value()[0])
    return beyond, unseen


def test_another_program_clears_up_after_one_that_was_killed(server: Neo4jServer, store: Neo4jStore) -> None:
    pieces = Limits(at_once=10, piece=20)
    with closing(Neo4jStore(Address.parse(server.url), limits=pieces)) as other:

        def fail(rows: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            other.record(made(100), fail)
    assert keys_of(store) == {}
    assert store.batches() == []
    receipt = store.record(made(30, "mine"))
    assert (receipt.batch, receipt.added, receipt.revision) == ("bat:1", 30, 1)
    assert keys_of(store) == {"mine": 30}
    assert _rubbish(store) == (0, 0)


def test_a_lease_keeps_others_out(server: Neo4jServer, store: Neo4jStore) -> None:
    limits = Limits(at_once=10, piece=20, busy_seconds=0.5)
    with (
        closing(Neo4jStore(Address.parse(server.url), limits=limits)) as loading,
        closing(Neo4jStore(Address.parse(server.url), limits=limits)) as other,
    ):
        met: list[str] = []

        def meet(rows: int) -> None:
            for use in (lambda: other.record(made(5, "other")), lambda: other.decide([decision("src:s1")])):
                try:
                    use()
                except StoreError as error:
                    met.append(type(error).__name__)

        loading.record(made(50), meet)
        assert met == ["StoreBusy"] * 6
        assert other.record(made(5, "other")).added == 5


# --- cut while committing ---


@pytest.mark.parametrize("delivered", [True, False], ids=["kept", "lost"])
@pytest.mark.parametrize(
    ("limits", "commits"), [(Limits(), 2), (Limits(at_once=0, piece=50), 9)], ids=["at once", "pieces"]
)
def test_a_connection_cut_at_any_commit_of_a_load(
    server: Neo4jServer, delivered: bool, limits: Limits, commits: int
) -> None:
    with CuttingProxy(server.port) as proxy:
        url = server.url.replace(f":{server.port}", f":{proxy.port}")
        with closing(Neo4jStore(Address.parse(url), limits=limits)) as store:
            for at in range(1, commits + 1):
                seen: list[bytes] = []

                def is_it(chunk: bytes, at: int = at, seen: list[bytes] = seen) -> bool:
                    if is_bolt_commit(chunk):
                        seen.append(chunk)
                    return len(seen) == at

                proxy.cut_when(is_it, delivered=delivered)
                receipt = store.record(made(120, f"k{at}"))
                assert proxy.wait_for_cut(1), f"there is no commit {at}"
                assert (receipt.added, receipt.same, receipt.revision) == (120, 0, at)
                assert receipt.batch == f"bat:{at}"
                assert keys_of(store) == {f"k{n}": 120 for n in range(1, at + 1)}
                assert _rubbish(store) == (0, 0)
            assert [batch.claims for batch in store.batches()] == [120] * commits
            assert store.record(made(120, "k1")).batch == "bat:1"


@pytest.mark.parametrize("delivered", [True, False], ids=["kept", "lost"])
def test_a_connection_cut_at_the_commit_of_a_decision(server: Neo4jServer, delivered: bool) -> None:
    with CuttingProxy(server.port) as proxy:
        url = server.url.replace(f":{server.port}", f":{proxy.port}")
        with closing(open_store(url)) as store:
            store.record(made(10))
            proxy.cut_when(is_bolt_commit, delivered=delivered)
            receipt = store.decide([decision("bat:1")])
            assert proxy.wait_for_cut(1)
            assert (receipt.retracted, receipt.revision) == (10, 2)
            assert len(store.decisions()) == 1


# --- killed again and again ---


def _soak(server: Neo4jServer, kills: int) -> list[float]:
    """Load while the server is killed at random moments; the seconds it took to be served again."""
    chance = random.Random(kills)
    recoveries: list[float] = []
    acknowledged: dict[str, int] = {}
    done = Event()
    with closing(Neo4jStore(Address.parse(server.url), limits=Limits(at_once=40, piece=20))) as store:

        def load() -> None:
            number = 0
            while not done.is_set():
                key, size = f"b{number}", 30 if number % 3 else 70
                try:
                    receipt = store.record(made(size, key))
                except StoreDown:
                    continue
                assert receipt.added == size
                acknowledged[key] = size
                number += 1

        loading = Thread(target=load)
        loading.start()
        try:
            for _ in range(kills):
                time.sleep(chance.uniform(0.2, 2.5))
                server.kill()
                come_back(server)
                recoveries.append(_seconds_until(store.revision))
                before = len(acknowledged)
                while len(acknowledged) == before and loading.is_alive():
                    time.sleep(0.01)
        finally:
            done.set()
            loading.join()
        store.record(made(1, "last"))
        counts = keys_of(store)
        counts.pop("last")
        assert counts.items() >= acknowledged.items()
        # One more may have been kept unheard.
        assert len(counts) <= len(acknowledged) + 1
        assert set(counts.values()) <= {30, 70}
        assert _rubbish(store) == (0, 0)
        print(f"{kills} kills, {len(acknowledged)} batches acknowledged, none lost; back after {max(recoveries):.1f} s")
    return recoveries


def test_killed_five_times_while_loading(server: Neo4jServer) -> None:
    assert max(_soak(server, 5)) < 5


@pytest.mark.slow
def test_killed_thirty_times_while_loading(server: Neo4jServer) -> None:
    assert max(_soak(server, 30)) < 5
