"""A copy answers as its original does, takes up where it was broken off, and is told apart from anything else."""

from pathlib import Path

import pytest
import tiny

from graph.model.claims import Batch, Decision
from graph.model.errors import BadInput
from graph.stores.copying import compare_stores, copy_store
from graph.stores.opening import open_store
from graph.stores.port import Store

LATER = "2026-02-02T00:00:00+00:00"


def decision(action: str, target: str, other: str = "") -> Decision:
    return Decision(action, target, other, "test", LATER, "to see")  # type: ignore[arg-type]


@pytest.fixture
def original(tmp_path: Path) -> Store:
    """Two loads, the second replacing the first without ent:far, a retracted source, a merged node, an undone load."""
    store = open_store(f"sqlite:{tmp_path / 'original.db'}")
    store.record(tiny.batch())
    store.decide([decision("retract", "src:s5")])
    kept = tuple(claim for claim in tiny.CLAIMS if claim.subject != "ent:far")
    store.record(tiny.batch(kept, key="tiny-2", replaces=True))
    store.decide([decision("same_as", "ent:mag1", "ent:mag2")])
    store.record(tiny.batch((tiny.claim("ent:new", "name_zh", "新"),), key="more", dataset="more"))
    store.decide([decision("retract", "bat:3")])
    return store


def test_a_copy_is_equal(original: Store, store: Store) -> None:
    copied = copy_store(original, store)
    assert (copied.batches, copied.decisions, copied.skipped) == (3, 3, 0)
    comparison = compare_stores(original, store)
    assert (comparison.different, comparison.differences) == (0, ())
    assert comparison.claims == len({*tiny.CLAIMS}) + 1
    assert [batch.live for batch in store.batches()] == [False, True, False]


def test_a_second_copy_finds_nothing_to_do(original: Store, store: Store) -> None:
    copy_store(original, store)
    assert copy_store(original, store).skipped == 6


def test_a_broken_copy_is_taken_up(original: Store, store: Store) -> None:
    """Broken off in the second batch: the first one and the decision are there, the rest follows."""

    class Broken(Exception):
        pass

    recorded = store.record

    def breaking(batch: Batch, progress: object = None) -> object:
        if batch.key == "tiny-2":
            raise Broken
        return recorded(batch)

    store.record = breaking  # type: ignore[method-assign, assignment]
    with pytest.raises(Broken):
        copy_store(original, store)
    store.record = recorded  # type: ignore[method-assign]
    assert copy_store(original, store).skipped == 2
    assert compare_stores(original, store).different == 0


def test_a_store_with_something_else_is_left_alone(original: Store, store: Store) -> None:
    store.record(tiny.batch(key="another"))
    with pytest.raises(BadInput, match="Copy into an empty store"):
        copy_store(original, store)
    assert len(store.batches()) == 1


def test_a_comparison_names_what_differs(original: Store, store: Store) -> None:
    copy_store(original, store)
    claim = next(stored for stored in store.claims() if stored.claim.subject == "ent:sep")
    store.decide([decision("reject", claim.id)])
    comparison = compare_stores(original, store)
    assert comparison.different == 2
    assert {found.kind for found in comparison.differences} == {"claim", "decision"}
    assert claim.id in {found.id for found in comparison.differences}
