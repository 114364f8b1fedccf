"""The ledger of every store: entered once and for good, and nothing of the graph moves."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from threading import Thread

import neo4j
import pytest
import tiny
from conftest import NEO4J, only_user, wipe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.model.dates import AsOf
from graph.model.errors import BadInput
from graph.model.ledger import Entered, Entry, EntryRecord, body_of, entry_id, list_name
from graph.readers.opening import open_reader
from graph.stores.copying import compare_stores, copy_store
from graph.stores.neo4j import Address
from graph.stores.opening import open_store
from graph.stores.port import Store
from queries.chain import gaps

WHEN = "2026-03-01T09:00:00+08:00"
LIST = Entry("list", "spring", WHEN, "Li", body_of({"answer": {"targets": []}, "citation": {}}))
VISIT = Entry("outcome", "spring", WHEN, "Li", body_of({"enterprise": "ent:far", "stage": "visited"}))
LANDED = VISIT._replace(body=body_of({"enterprise": "ent:far", "stage": "landed"}))
HOSTILE = (
    "a'b",
    'a"b',
    "a`b",
    "`) DETACH DELETE (n",
    "'; DROP TABLE ledger; --",
    "名单 2026",
    "👩‍🔬🧲",
    "a/b?c#d%",
    "]} {name}",
)


def said(records: Sequence[EntryRecord]) -> list[Entry]:
    """The entries alone."""
    return [record.entry for record in records]


def test_what_is_entered_comes_back_in_order(store: Store) -> None:
    assert store.entries() == []
    assert store.enter([]) == Entered(0, 0)
    assert store.enter([LIST, VISIT]) == Entered(2, 0)
    assert store.enter([LANDED]) == Entered(1, 0)
    assert store.entries() == [EntryRecord(n, entry_id(one), one) for n, one in enumerate((LIST, VISIT, LANDED), 1)]
    assert said(store.entries("outcome")) == [VISIT, LANDED]
    assert said(store.entries("list", "spring")) == [LIST]
    assert store.entries("list", "autumn") == store.entries(name="autumn") == []


def test_what_is_said_twice_is_one_entry(store: Store) -> None:
    """Whoever says it again, and whenever: the first word stands."""
    again = VISIT._replace(when="2026-04-01T00:00:00+08:00", who="Wang")
    assert store.enter([LIST, VISIT, VISIT]) == Entered(2, 1)
    assert store.enter([again, LIST]) == Entered(0, 2)
    assert said(store.entries()) == [LIST, VISIT]
    assert store.enter([VISIT._replace(name="autumn")]) == Entered(1, 0)


def test_a_frozen_list_stays_as_it_is_and_nothing_is_half_entered(store: Store) -> None:
    store.enter([LIST])
    with pytest.raises(BadInput, match="a list 'spring' already"):
        store.enter([VISIT, LIST._replace(body=body_of({"answer": {"targets": [1]}, "citation": {}}))])
    assert said(store.entries()) == [LIST]


@pytest.mark.parametrize("bad", [LIST._replace(book="other"), LIST._replace(name=" x"), LIST._replace(name="a\nb")])  # type: ignore[arg-type]
def test_what_is_no_entry_is_refused(store: Store, bad: Entry) -> None:
    with pytest.raises(BadInput):
        store.enter([bad])
    assert store.entries() == []


def test_half_a_character_is_refused(store: Store) -> None:
    with pytest.raises(BadInput, match="half a character"):
        store.enter([VISIT._replace(who="\ud83d")])
    assert store.entries() == []


def test_hostile_names_are_just_names(store: Store) -> None:
    entries = [LIST._replace(name=name, who=name, body=body_of({name: name})) for name in HOSTILE]
    store.enter(entries)
    assert said(store.entries()) == entries
    for entry in entries:
        assert said(store.entries("list", entry.name)) == [entry]


def test_a_whole_answer_fits_in(store: Store) -> None:
    large = LIST._replace(body=body_of({"answer": "稀土" * 1_000_000}))
    store.enter([large])
    assert said(store.entries()) == [large]


def test_the_graph_does_not_move(tiny_store: Store) -> None:
    """Revision, claims, decisions, search and an answer are what they were."""

    def told() -> object:
        with_answer = gaps.run(open_reader(tiny_store, AsOf.parse("2026-11-23")), gaps.GapsParams(region="reg:zone"))
        claims, search = list(tiny_store.claims()), tiny_store.search("磁")
        return tiny_store.revision(), claims, tiny_store.decisions(), tiny_store.batches(), search, with_answer

    before = told()
    tiny_store.enter([LIST, VISIT])
    assert told() == before


def test_loading_goes_on_beside_it(store: Store) -> None:
    store.enter([LIST])
    store.record(tiny.batch())
    store.enter([VISIT])
    assert (store.revision(), said(store.entries())) == (1, [LIST, VISIT])


def test_two_who_enter_at_once_get_numbers_of_their_own(store: Store) -> None:
    def enter(who: int) -> None:
        for number in range(5):
            store.enter([VISIT._replace(body=body_of({"by": who, "number": number}))])

    threads = [Thread(target=enter, args=(who,)) for who in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [record.number for record in store.entries()] == list(range(1, 16))


def test_a_copy_carries_the_ledger(tmp_path: Path, store: Store) -> None:
    with closing(open_store(f"sqlite:{tmp_path / 'from.db'}")) as original:
        original.record(tiny.batch())
        original.enter([LIST, VISIT])
        copied = copy_store(original, store)
        assert (copied.batches, copied.entries, copied.skipped) == (1, 2, 0)
        assert store.entries() == original.entries()
        assert compare_stores(original, store)[-3:] == (2, 0, ())
        original.enter([LANDED])
        assert [(one.kind, one.here is None, one.there) for one in compare_stores(original, store).differences] == [
            ("entry", False, None)
        ]
        copied = copy_store(original, store)
        assert (copied.entries, copied.skipped) == (1, 3)
        assert compare_stores(original, store).different == 0


def test_a_copy_into_another_ledger_is_refused(tmp_path: Path, store: Store) -> None:
    store.enter([LIST._replace(name="another")])
    with closing(open_store(f"sqlite:{tmp_path / 'from.db'}")) as original:
        original.enter([LIST])
        with pytest.raises(BadInput, match="Copy into an empty store"):
            copy_store(original, store)
    assert len(store.entries()) == 1


# --- files from before there was a ledger ---


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Path]:
    """A file as it was made before: no table of that name in it."""
    path = tmp_path / "old.db"
    with closing(open_store(f"sqlite:{path}")) as made:
        made.record(tiny.batch())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE IF EXISTS ledger")
        connection.commit()
    return path


def tables(path: Path) -> set[str]:
    """The names of a file's tables."""
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_an_older_file_opens_and_gets_its_ledger_when_something_is_entered(old: Path) -> None:
    with closing(open_store(f"sqlite:{old}")) as opened:
        assert opened.entries() == []
        assert "ledger" not in tables(old)
        opened.enter([LIST])
        assert said(opened.entries()) == [LIST]
        assert opened.revision() == 1
    with closing(open_store(f"sqlite:{old}")) as again:
        assert said(again.entries()) == [LIST]


def test_reading_an_older_file_writes_nothing(old: Path) -> None:
    before = old.read_bytes()
    with closing(open_store(f"sqlite:{old}")) as opened:
        assert opened.entries("list", "spring") == []
    assert old.read_bytes() == before


@pytest.mark.neo4j
@pytest.mark.skipif(NEO4J is None, reason="needs RECHAIN_TEST_NEO4J")
def test_an_older_database_gets_its_constraints_when_something_is_entered() -> None:
    url = str(NEO4J)
    address = Address.parse(url)
    auth = (address.user, address.password)
    with only_user(url), neo4j.GraphDatabase.driver(address.uri, auth=auth) as driver, driver.session() as session:
        wipe(url)
        with closing(open_store(url)) as opened:
            session.run("DROP CONSTRAINT entry_id").consume()
            session.run("DROP CONSTRAINT entry_number").consume()
            assert opened.entries() == []
            assert opened.enter([LIST]) == Entered(1, 0)
            names = {row["name"] for row in session.run("SHOW CONSTRAINTS YIELD name")}
            assert {"entry_id", "entry_number"} <= names
            assert said(opened.entries()) == [LIST]


# --- names and ids ---


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=90))
def test_a_name_is_kept_as_it_is_or_refused(text: str) -> None:
    try:
        name = list_name(text)
    except BadInput:
        return
    assert list_name(name) == name
    assert name.strip() == name
    assert 0 < len(name) <= 80


def test_one_name_in_two_spellings_of_an_accent_is_one_list() -> None:
    assert list_name("Cafe\u0301 ") == list_name(" Caf\u00e9") == "Caf\u00e9"


def test_ids_tell_what_is_said_from_who_says_it() -> None:
    assert entry_id(VISIT) == entry_id(VISIT._replace(who="x", when="y")) != entry_id(LANDED)
    assert entry_id(LIST) == entry_id(LIST._replace(body="{}")) != entry_id(LIST._replace(name="autumn"))
