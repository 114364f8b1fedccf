"""What only the SQLite store has: its file, its processes, and what happens when one of them dies."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path

import pytest
from oracles.shipped import shipped
from tiny import CLAIMS, SOURCES, batch, claim

from graph.model.claims import Claim, Decision, Source, claim_id
from graph.model.errors import BadInput, StoreBusy, StoreDown, StoreError, StoreForeign, StoreVersion
from graph.model.predicates import NAME_PREDICATES
from graph.stores import sqlite_intake
from graph.stores.port import ClaimFilter
from graph.stores.sqlite import SqliteStore
from graph.stores.sqlite_schema import APPLICATION_ID, INDEXES, VERSION

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store may be made."""
    return tmp_path / "test.db"


@contextmanager
def opened(path: Path | str, busy_seconds: float = 5.0) -> Iterator[SqliteStore]:
    """A store that is closed at the end."""
    with closing(SqliteStore.open(str(path), busy_seconds)) as store:
        yield store


def make(path: Path) -> None:
    """Make a store that holds the drawing."""
    with opened(path) as store:
        store.record(batch())


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    """What a plain connection reads."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def change(path: Path, *statements: str) -> None:
    """What somebody else does to a file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


# --- the file ---


def test_a_store_is_there_again_after_closing(path: Path) -> None:
    make(path)
    with opened(path) as store:
        assert len(list(store.claims())) == len(set(CLAIMS))
        assert store.revision() == 1
        assert store.search("磁一股份")[0].node == "ent:mag1"
        assert store.location == str(path)


def test_the_file_is_ours_and_in_wal_mode(path: Path) -> None:
    make(path)
    assert path.read_bytes()[18:20] == b"\x02\x02"
    assert rows(path, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert rows(path, "PRAGMA user_version") == [(VERSION,)]
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]


def test_identity_is_kept_with_the_file(path: Path, tmp_path: Path) -> None:
    with opened(path) as one, opened(path) as again, opened(tmp_path / "other.db") as other:
        assert one.identity == again.identity
        assert one.identity != other.identity
        assert len(one.identity) >= 16


@pytest.mark.parametrize("name", ["稀 土.db", "a#b?c%20d.db", "quo'te\".db", ":memory:.db", "file:x.db"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    make(tmp_path / name)
    assert (tmp_path / name).stat().st_size > 0


def test_a_change_of_the_working_folder_does_not_lead_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    with opened("here.db") as store:
        monkeypatch.chdir(tmp_path / "elsewhere")
        store.record(batch())
        assert store.revision() == 1
    assert [file.name for file in tmp_path.rglob("*.db")] == ["here.db"]


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.touch()
    make(path)


@pytest.mark.parametrize("content", [b"a", b"id,kind\nent:a,enterprise\n", b"SQLite format 4\0", b"x" * 100_000])
def test_a_file_of_another_kind_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreForeign, match=r"test\.db is not a rechain store"):
        SqliteStore.open(str(path))
    assert path.read_bytes() == content


def test_a_sqlite_file_that_is_broken_from_the_start_is_refused(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"x" * 5_000)
    with pytest.raises(StoreForeign, match=r"test\.db"):
        SqliteStore.open(str(path))


@pytest.mark.parametrize("statement", ["CREATE TABLE t(a)", "PRAGMA application_id = 7", "PRAGMA user_version = 1"])
def test_a_sqlite_file_of_another_program_is_refused_and_left_alone(path: Path, statement: str) -> None:
    change(path, statement)
    before = path.read_bytes()
    with pytest.raises(StoreForeign, match="another program"):
        SqliteStore.open(str(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", [0, VERSION + 1])
def test_another_version_is_refused(path: Path, version: int) -> None:
    make(path)
    change(path, f"PRAGMA user_version = {version}")
    with pytest.raises(StoreVersion, match=f"version {version}.*version {VERSION}"):
        SqliteStore.open(str(path))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreForeign, match="is a folder"):
        SqliteStore.open(str(tmp_path))


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreDown, match=r"The folder .*nowhere is not there"):
        SqliteStore.open(str(tmp_path / "nowhere" / "test.db"))


@pytest.mark.parametrize("name", ["", ":memory:", "a\0b"])
def test_no_file_at_all_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="names no file"):
        SqliteStore.open(name)


def test_a_place_where_nothing_can_be_made_is_told() -> None:
    # /proc refuses even root, who may write to any read-only folder.
    with pytest.raises(StoreDown, match=r"/proc/test\.db cannot be opened.*folder"):
        SqliteStore.open("/proc/test.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may do anything")
def test_missing_rights_are_told(path: Path) -> None:
    make(path)
    path.chmod(0o400)
    with opened(path) as store, pytest.raises(StoreError, match="may not be written to"):
        store.record(batch(key="2"))
    path.chmod(0)
    with pytest.raises(StoreError, match="may not be read"):
        SqliteStore.open(str(path))
    path.chmod(0o600)
    path.parent.chmod(0o500)
    try:
        with pytest.raises(StoreError, match="folder"):
            SqliteStore.open(str(path.with_name("new.db")))
    finally:
        path.parent.chmod(0o700)


def test_a_damaged_file_is_told(path: Path) -> None:
    make(path)
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = b"\xff" * (len(content) - 4096 * 2)
    path.write_bytes(content)
    with pytest.raises(StoreDown, match=r"test\.db is damaged"), opened(path) as store:
        list(store.claims())


def test_a_full_disk_is_told_and_nothing_is_lost(path: Path) -> None:
    make(path)
    code = f"""
        import resource, signal
        from graph.model.errors import StoreDown
        from graph.stores.sqlite import SqliteStore
        from tiny import batch, claim
        store = SqliteStore.open({str(path)!r})
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, resource.RLIM_INFINITY))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        rows = tuple(claim(f"ent:{{n}}", "remark", "x" * 500, qualifier="r") for n in range(5_000))
        for _ in range(2):
            try:
                store.record(batch(rows, key="large"))
            except StoreDown as error:
                print(error)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print(store.record(batch(rows, key="large")).added)
    """
    first, second, added = run(code).splitlines()
    assert first == second
    assert "test.db" in first
    assert added == "5000"
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]


def test_a_closed_store_says_so(path: Path) -> None:
    store = SqliteStore.open(str(path))
    store.record(batch())
    reading = store.claims()
    next(reading)
    store.close()
    store.close()
    assert len(list(reading)) == len(set(CLAIMS)) - 1  # what was begun is read to its end
    for call in (store.revision, store.batches, lambda: store.record(batch(key="2")), lambda: list(store.claims())):
        with pytest.raises(StoreDown, match="has been closed"):
            call()
    assert not list(path.parent.glob("*-wal"))


# --- what is written ---


def many(number: int, first: int = 0) -> tuple[Claim, ...]:
    """Claims about as many enterprises, all with names."""
    return tuple(claim(f"ent:{n}", "name_zh", f"第{n}厂") for n in range(first, first + number))


def test_loading_the_same_again_writes_a_handful_of_pages(path: Path) -> None:
    with opened(path) as store:
        store.record(batch(many(30_000)))
        change(path, "PRAGMA wal_checkpoint(TRUNCATE)")
        assert store.record(batch(many(30_000), key="2", replaces=True)).same == 30_000
        assert path.with_name("test.db-wal").stat().st_size < 100_000
        assert rows(path, "SELECT * FROM carried") == [(1, 1, 30_000), (2, 1, 30_000)]


@pytest.mark.parametrize("large", [0, 10**9])
def test_indexes_are_there_after_a_load_large_or_small(path: Path, monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    monkeypatch.setattr(sqlite_intake, "_LARGE", large)
    monkeypatch.setattr(sqlite_intake, "_CHUNK", 50)
    made = [(name,) for name in sorted(INDEXES)]
    listed = "SELECT name FROM sqlite_master WHERE name GLOB 'claims_*' AND name != 'claims_changed' ORDER BY name"

    def broken() -> Iterator[Claim]:
        yield from many(400, 1_000)
        raise RuntimeError

    with opened(path) as store:
        for number, size in enumerate((100, 300, 20)):
            twice = many(size, number * 90) * 2
            # every batch overlaps the one before by ten
            assert store.record(batch(twice, key=str(number))).added == size - 10 * (number == 1) - 20 * (number == 2)
            assert rows(path, listed) == made
        with pytest.raises(RuntimeError):
            store.record(batch(key="broken")._replace(claims=broken()))
        assert rows(path, listed) == made
        assert len(list(store.claims())) == 390
        assert len(list(store.claims(ClaimFilter(subjects=("ent:95",))))) == 1


def test_numbers_of_sources_are_found_again_when_they_do_not_fit_in_memory(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_intake, "_KEPT", 3)
    claims = tuple(
        claim("ent:a", "remark", f"r{n}", qualifier="r", source=f"src:{n % 7}", as_of=f"{2000 + n % 5}")
        for n in range(99)
    )
    with opened(path) as store:
        store.record(batch(claims, sources=()))
        assert [stored.claim for stored in store.claims()] == list(claims)
    assert rows(path, "SELECT count(*) FROM sources") == [(7,)]
    assert rows(path, "SELECT count(*) FROM frames") == [(5,)]


def test_claims_known_in_another_order_are_carried_as_ranges(path: Path) -> None:
    claims = list(many(1_000))
    with opened(path) as store:
        store.record(batch(tuple(claims)))
        random.Random(1).shuffle(claims)
        assert store.record(batch(tuple(claims), key="2"))[1:] == (0, 1_000, 0, 0, 1)
        assert store.record(batch(tuple(many(400, 100) + many(400, 800)), key="3"))[1:] == (200, 600, 0, 0, 2)
        assert store.batches()[2].claims == 800
    assert rows(path, "SELECT * FROM carried WHERE batch > 1") == [
        (2, 1, 1_000),
        (3, 101, 500),
        (3, 801, 1_000),
        (3, 1_001, 1_200),
    ]


def test_sources_may_be_met_while_claims_are_read(path: Path) -> None:
    met: list[Source] = []

    def reading() -> Iterator[Claim]:
        for source in SOURCES:
            met.append(source)
            yield claim("ent:a", "remark", source.id, source=source.id)

    with opened(path) as store:
        store.record(batch(sources=())._replace(claims=reading(), sources=met))
        assert list(store.sources()) == sorted(SOURCES)


def test_the_name_index_is_as_if_built_anew_whatever_happened(path: Path, tmp_path: Path) -> None:
    named = [one for one in shipped()[0] if one.predicate in NAME_PREDICATES][:600]
    chance = random.Random(20261123)
    with opened(path) as store, opened(tmp_path / "anew.db") as anew:
        for number in range(12):
            some = tuple(chance.sample(named, 150))
            store.record(batch(some, str(number), f"d{number % 2}", replaces=number % 4 == 3))
            targets = [
                claim_id(chance.choice(some)),
                chance.choice(some).source,
                f"bat:{chance.randint(1, number + 1)}",
            ]
            store.decide([Decision(chance.choice(("accept", "retract")), target, "", "", "", "") for target in targets])
        counting = tuple(one.claim for one in store.claims(ClaimFilter(statuses=("accepted",))))
        anew.record(batch(counting))
    assert 100 < len(counting) < 500
    assert words(path) == words(tmp_path / "anew.db")


def words(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The words of both indexes, each with the number of names that have it."""
    found = {}
    with closing(sqlite3.connect(path)) as connection:
        for index in ("pairs", "starts"):
            connection.execute(f"CREATE VIRTUAL TABLE temp.words_of_{index} USING fts5vocab(main, {index}, row)")
            rows = connection.execute(f"SELECT term, doc FROM words_of_{index} WHERE doc")  # noqa: S608 - our own names
            found[index] = rows.fetchall()
    assert len(found["pairs"]) > 100
    return found


@pytest.mark.parametrize(
    "bad",
    [
        claim("ent:bad", "remark", float("nan")),
        claim("ent:bad", "remark", "x", confidence=float("nan")),
        claim("ent:bad", "remark", "\ud800"),
        claim("ent:bad", "remark", "x", source="src:\udfff"),
        claim("ent:bad", "remark", "x", as_of="\ud800"),
    ],
)
def test_what_cannot_be_kept_is_refused(path: Path, bad: Claim) -> None:
    with opened(path) as store:
        with pytest.raises(BadInput, match=r"ent:bad remark is not a number|half a character"):
            store.record(batch((*CLAIMS, bad)))
        assert store.batches() == []
        assert store.record(batch()).added == len(set(CLAIMS))


# --- many at once ---


def test_a_second_writer_is_told_and_readers_go_on(path: Path) -> None:
    make(path)
    with opened(path, busy_seconds=0.1) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        with pytest.raises(StoreBusy, match=r"Another process is writing to .*test\.db"):
            store.record(batch(key="2"))
        with pytest.raises(StoreBusy):
            store.decide([Decision("retract", "src:s1", "", "", "", "")])
        assert time.monotonic() - begun < 5
        assert len(list(store.claims())) == len(set(CLAIMS))
        other.execute("ROLLBACK")
        assert store.record(batch(key="2")).same == len(CLAIMS)


def test_a_load_within_a_load_is_told(path: Path) -> None:
    with opened(path, busy_seconds=0.1) as store:

        def reading() -> Iterator[Claim]:
            store.record(batch(key="inner"))
            yield CLAIMS[0]

        with pytest.raises(StoreBusy):
            store.record(batch()._replace(claims=reading()))
        assert store.batches() == []


def test_a_load_may_read_the_store_it_goes_to(path: Path) -> None:
    with opened(path) as store:
        store.record(batch())
        changed = (stored.claim._replace(confidence=0.5) for stored in store.claims())
        assert store.record(batch(key="2")._replace(claims=changed)).added == len(set(CLAIMS))


def test_threads_read_while_another_writes(path: Path) -> None:
    wrong: list[object] = []
    done = threading.Event()
    with opened(path) as store:

        def look() -> None:
            try:
                while not done.is_set():
                    number = sum(stored.claim.subject == "ent:pair" for stored in store.claims())
                    hits = len(store.search("成对", limit=1))
                    if number % 2 or (number and not hits):
                        wrong.append((number, hits))
            except Exception as error:
                wrong.append(error)

        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(30):
            two = (claim("ent:pair", "alias", f"成对{number}甲"), claim("ent:pair", "alias", f"成对{number}乙"))
            store.record(batch(two, key=str(number)))
        done.set()
        for thread in threads:
            thread.join()
        assert wrong == []
        assert len(list(store.claims())) == 60


def run(code: str) -> str:
    """What a Python program of its own prints."""
    return subprocess.run([*PYTHON, textwrap.dedent(code)], env=ENV, capture_output=True, text=True, check=True).stdout


PYTHON = (sys.executable, "-c")
ENV = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
READER = """
    import sys
    from graph.stores.sqlite import SqliteStore
    store = SqliteStore.open({path!r})
    print("ready", flush=True)
    seen, looks = 0, 0
    while seen < 40:
        claims = list(store.claims())
        batches = {{one.claim.subject for one in claims}}
        # every batch says ten things about one node: half a batch would show here
        assert len(claims) == 10 * len(batches), (len(claims), len(batches))
        assert len(batches) >= seen
        assert store.revision() >= len(batches)
        seen, looks = len(batches), looks + 1
    print(looks)
"""


def test_processes_read_whole_batches_beside_a_writer(path: Path) -> None:
    code = [*PYTHON, textwrap.dedent(READER.format(path=str(path)))]
    with opened(path) as store, ExitStack() as stack:
        readers = [
            stack.enter_context(subprocess.Popen(code, env=ENV, stdout=subprocess.PIPE, text=True)) for _ in range(3)
        ]
        for reader in readers:
            assert reader.stdout
            assert reader.stdout.readline() == "ready\n"
        for number in range(40):
            ten = tuple(claim(f"ent:{number}", "remark", f"r{n}", qualifier=str(n)) for n in range(10))
            store.record(batch(ten, key=str(number)))
        for reader in readers:
            looks, _ = reader.communicate(timeout=60)
            assert reader.returncode == 0
            assert int(looks) > 0


# --- killed ---

# Waits for "PATH FIRST" on a line, and each time makes a child that loads batches FIRST, FIRST + 1 ... until it is
# killed, saying the number of each when it is acknowledged. Making children here spares starting Python fifty times.
NURSERY = """
    import os, sys
    from graph.stores.sqlite import SqliteStore
    from unit_loads import load
    warm = SqliteStore.open(sys.argv[1])
    warm.record(load(3)) # pinyin is read once, here
    warm.close()
    for line in sys.stdin:
        path, first = line.split()
        child = os.fork()
        if child == 0:
            os.write(1, b"pid %d\\n" % os.getpid())
            store = SqliteStore.open(path)
            for number in range(int(first), int(first) + 10_000):
                store.record(load(number))
                os.write(1, b"%d\\n" % number)
        os.waitpid(child, 0)
        os.write(1, b"gone\\n")
"""
LOADS = """
    import random
    from tiny import batch, claim

    def size(number):
        return random.Random(number).choice((1, 3, 20, 200, 900))

    def load(number):
        def claims():
            for n in range(size(number)):
                node = f"ent:{number}-{n}"
                yield claim(node, "name_zh", f"第{number}批{n}号厂") if n % 4 == 0 else claim(node, "country", "CN")
        return batch(key=str(number), dataset="d")._replace(claims=claims())
"""


def test_no_acknowledged_batch_is_lost_and_none_is_half_there_when_killed(tmp_path: Path) -> None:
    (tmp_path / "unit_loads.py").write_text(textwrap.dedent(LOADS), encoding="utf-8")
    sizes: dict[str, object] = {}
    exec(compile(textwrap.dedent(LOADS), "unit_loads.py", "exec"), sizes)
    env = ENV | {"PYTHONPATH": f"{ENV['PYTHONPATH']}{os.pathsep}{tmp_path}"}
    chance = random.Random(20261123)
    files = count()
    acknowledged = 0
    path, first = tmp_path / "none", 0
    code = [*PYTHON, textwrap.dedent(NURSERY), str(tmp_path / "warm.db")]
    with subprocess.Popen(code, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery:
        assert nursery.stdin
        assert nursery.stdout
        for moment in range(50):
            if moment % 10 == 0:  # some die while the file is made
                path, first = tmp_path / f"k{next(files)}.db", 0
            print(path, first, file=nursery.stdin, flush=True)
            child = int(nursery.stdout.readline().removeprefix("pid "))
            lines = [nursery.stdout.readline() for _ in range(chance.randrange(4) if moment % 10 else 0)]
            time.sleep(chance.uniform(0, 0.03))
            os.kill(child, signal.SIGKILL)
            lines += iter(nursery.stdout.readline, "gone\n")
            acknowledged += len(lines)
            first = check_whole(path, sizes["size"], first, [int(line) for line in lines])
    assert nursery.returncode == 0
    assert acknowledged > 50


def check_whole(path: Path, size: object, first: int, acknowledged: list[int]) -> int:
    """See that the file holds whole batches only, all acknowledged ones among them; the number of the next batch."""
    assert callable(size)
    with opened(path) as store:
        keys = [int(one.key) for one in store.batches()]
        assert keys == list(range(len(keys)))
        assert set(acknowledged) <= set(keys)
        assert len(keys) <= first + len(acknowledged) + 1
        for one in store.batches()[first:]:
            wanted = size(int(one.key))
            assert one.claims == wanted
            stored = list(store.claims(ClaimFilter(batch=one.id)))
            assert [(said.claim.subject, said.status) for said in stored] == [
                (f"ent:{one.key}-{n}", "accepted") for n in range(wanted)
            ]
            assert len(store.search(f"第{one.key}批", limit=1_000)) == (wanted + 3) // 4
        assert store.revision() == len(keys)
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    change(
        path,
        "INSERT INTO pairs(pairs) VALUES ('integrity-check')",
        "INSERT INTO starts(starts) VALUES ('integrity-check')",
    )
    return len(keys)
