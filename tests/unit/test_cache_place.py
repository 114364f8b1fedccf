"""Where the arrays of a store are kept between processes."""

from pathlib import Path
from stat import S_IMODE

import pytest
from oracles.held_store import HeldStore

from graph.readers.opening import Readers, cache_file_of
from graph.stores.port import Store

URL = "bolt://neo4j:hush@127.0.0.1:7687"


class Elsewhere(HeldStore):
    """A store that is no file, by place and identity."""

    def __init__(self, location: str, identity: str) -> None:
        super().__init__((), (), ())
        self._location, self._identity = location, identity

    @property
    def location(self) -> str:
        return self._location

    @property
    def identity(self) -> str:
        return self._identity


def _file(location: str, identity: str, folder: str = "") -> Path | None:
    return cache_file_of(Elsewhere(location, identity), URL, folder)


def test_of_a_sqlite_file_they_stand_beside_it(tmp_path: Path) -> None:
    store = HeldStore((), (), ())
    assert cache_file_of(store, f"sqlite:{tmp_path}/a.db", "elsewhere") == tmp_path / "a.db.snapshot"
    assert cache_file_of(store, "sqlite:") is None


def test_of_a_server_they_stand_in_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One file a database, of which the password tells nothing, in a folder that is the user's alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    files = {_file("bolt://a:7687", "x"), _file("bolt://a:7687", "y"), _file("bolt://b:7687", "x")}
    assert len(files) == 3
    assert _file("bolt://a:7687", "x") in files
    assert {file.parent for file in files if file} == {tmp_path / "rechain"}
    assert S_IMODE((tmp_path / "rechain").stat().st_mode) == 0o700
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    file = _file("bolt://a:7687", "x")
    assert file is not None
    assert file.parent == tmp_path / "home" / ".cache" / "rechain"


def test_or_in_the_folder_that_is_set(tmp_path: Path) -> None:
    file = _file("bolt://a:7687", "x", str(tmp_path / "kept" / "here"))
    assert file is not None
    assert file.parent == tmp_path / "kept" / "here"


def test_where_no_folder_can_be_made_they_stay_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert _file("bolt://a:7687", "x", str(tmp_path / "file" / "folder")) is None


def test_the_next_process_finds_them(tiny_store: Store, tmp_path: Path) -> None:
    """Whatever the store: a second `Readers` reads no claim."""
    from conftest import TODAY

    file = cache_file_of(tiny_store, URL, str(tmp_path))
    assert file is not None
    before = Readers(tiny_store, file).at(TODAY).tally("reg:zone")

    def refuse(*_: object) -> None:
        raise AssertionError("claims were read")

    tiny_store.claims = refuse  # type: ignore[method-assign, assignment]
    after = Readers(tiny_store, file).at(TODAY).tally("reg:zone")
    assert after.total.tolist() == before.total.tolist()
