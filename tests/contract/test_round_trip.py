"""What carries claims comes back as it was: exported, loaded into an empty store, the same claims and sources.

A format is covered by saying `carries_claims` in FORMATS; its files are then recognised by a loader.
"""

import csv
from contextlib import closing
from pathlib import Path

import pytest
import tiny
from conftest import DATA
from exporting import everything, export, held, hostile, hostile_sources
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.export.formats import FORMATS
from graph.model.claims import Claim, Decision, Source, claim_id
from graph.model.dates import AsOf
from graph.model.subgraph import Subgraph
from graph.readers.opening import open_reader
from graph.stores.opening import open_store
from graph.stores.port import ClaimFilter, Store
from loaders.loading import load_into
from loaders.report import LoadReport
from queries.lookup.subgraph import SubgraphParams, subgraph_of

WHEN = "2026-11-23T12:00:00+00:00"
CARRIERS = [name for name, one in FORMATS.items() if one.carries_claims]
each_carrier = pytest.mark.parametrize("name", CARRIERS)


def load(store: Store, path: Path) -> LoadReport:
    """Load a path; it is to have no reject."""
    report = load_into(store, [path], who="Li", when=WHEN)
    assert report.rejects == ()
    return report


def carried(subgraph: Subgraph) -> tuple[dict[str, Claim], list[Source]]:
    """What the subgraph is made of."""
    return dict(subgraph.claims()), list(subgraph.sources())


def kept(store: Store) -> tuple[dict[str, Claim], list[Source]]:
    """What a store holds."""
    claims = {one.id: one.claim for one in store.claims(ClaimFilter(statuses=("accepted",)))}
    return claims, list(store.sources())


def assert_same(found: tuple[dict[str, Claim], list[Source]], wanted: tuple[dict[str, Claim], list[Source]]) -> None:
    """Compare, and show only what differs."""
    assert found[0].items() - wanted[0].items() == set()
    assert wanted[0].items() - found[0].items() == set()
    assert found[1] == wanted[1]


def reexport(subgraph: Subgraph, name: str, folder: Path) -> None:
    """Export, load into an empty store and compare; then once more, from what was loaded."""
    exported = export(subgraph, name, folder / "first")
    with closing(open_store(f"sqlite:{folder / 'second.db'}")) as store:
        load(store, exported)
        assert_same(kept(store), carried(subgraph))
        if kept(store)[0]:
            again = everything(open_reader(store, AsOf.parse(subgraph.as_of)))
            assert_same(carried(again), carried(subgraph))


@each_carrier
def test_the_drawing(tiny_store: Store, store: Store, name: str, tmp_path: Path) -> None:
    whole = everything(open_reader(tiny_store, AsOf.parse("2026-11-23")))
    assert len(carried(whole)[0]) == len({claim_id(one) for one in tiny.CLAIMS})
    reexport(whole, name, tmp_path)


@each_carrier
def test_the_shipped_data(tmp_path: Path, name: str) -> None:
    with closing(open_store(f"sqlite:{tmp_path / 'first.db'}")) as store:
        load(store, DATA)
        whole = everything(open_reader(store, AsOf.parse("9999-12-31")))
        # All that the store holds but what was over by then.
        every, _ = kept(store)
        claims, _ = carried(whole)
        assert {id_: every[id_] for id_ in claims} == claims
        assert all(claim.until for id_, claim in every.items() if id_ not in claims)
        reexport(whole, name, tmp_path)


@each_carrier
def test_into_every_store(store: Store, name: str, tmp_path: Path) -> None:
    claims = [one for one in tiny.CLAIMS if one.subject != "ent:mag1"]
    claims += [one._replace(value="磁一 '\"\\\n股份") for one in tiny.CLAIMS if one[:2] == ("ent:mag1", "name_zh")]
    whole = everything(held(claims, tiny.SOURCES))
    load(store, export(whole, name, tmp_path / "export"))
    assert_same(kept(store), carried(whole))


@each_carrier
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(hostile(), min_size=1, max_size=30), hostile_sources())
def test_hostile_graphs(
    tmp_path_factory: pytest.TempPathFactory, name: str, claims: list[Claim], sources: tuple[Source, ...]
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    reexport(everything(held(claims, sources)), name, folder)


@each_carrier
def test_the_same_bytes_each_time(tiny_store: Store, name: str, tmp_path: Path) -> None:
    whole = everything(open_reader(tiny_store, AsOf.parse("2026-11-23")))
    first, second = (export(whole, name, tmp_path / one) for one in ("a", "b"))
    for file in FORMATS[name].files:
        assert (first / file).read_bytes() == (second / file).read_bytes()


@each_carrier
def test_merged_nodes_come_apart(tiny_store: Store, name: str, tmp_path: Path) -> None:
    """Claims are carried as they were recorded; that two nodes are one is a decision, and stays behind."""
    tiny_store.decide([Decision("same_as", "ent:mag1", "ent:mag2", "Li", WHEN, "one firm")])
    whole = everything(open_reader(tiny_store, AsOf.parse("2026-11-23")))
    assert "ent:mag2" not in {member.id for member in whole.nodes()}
    exported = export(whole, name, tmp_path / "export")
    with closing(open_store(f"sqlite:{tmp_path / 'second.db'}")) as store:
        load(store, exported)
        assert_same(kept(store), carried(whole))
        assert "ent:mag2" in {claim.subject for claim in kept(store)[0].values()}


@each_carrier
def test_a_part_of_the_graph(tiny_store: Store, name: str, tmp_path: Path) -> None:
    """Links to nodes that are not part of it are left out; so nothing that comes back dangles but those ends."""
    part = subgraph_of(
        open_reader(tiny_store, AsOf.parse("2026-11-23")), SubgraphParams(seed=("磁一",), predicate=("supplies",))
    )
    exported = export(part, name, tmp_path / "export")
    with closing(open_store(f"sqlite:{tmp_path / 'second.db'}")) as store:
        report = load(store, exported)
        assert_same(kept(store), carried(part))
        assert {one.missing for one in report.danglings} <= {"prd:binder", "prd:magnet", "prd:metal"}


# --- the factsheet: as much as possible in the natural sheets ---


def rows(folder: Path, sheet: str) -> list[dict[str, str]]:
    """The rows of a sheet."""
    with (folder / f"{sheet}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_shipped_data_needs_claims_csv_for_chains_and_little_else(tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:{tmp_path / 'first.db'}")) as store:
        load(store, DATA)
        folder = export(everything(open_reader(store, AsOf.parse("9999-12-31"))), "factsheet", tmp_path / "export")
    left = [row for row in rows(folder, "claims") if not row["subject"].startswith("chn:")]
    assert len(left) < 60
    for sheet in ("entities", "processes", "relations", "indicators", "statuses", "policy_conditions", "offers"):
        assert rows(folder, sheet)


def test_a_hedged_extraction_goes_to_claims_csv(tmp_path: Path) -> None:
    """Confidence 0.6, which relations.csv has no column for; the certain one beside it stays there."""
    sure = tiny.claim("ent:mag1", "produces", "prd:magnet", as_of="2024", note="as told")
    folder = export(everything(held([sure, sure._replace(confidence=0.6)], tiny.SOURCES)), "factsheet", tmp_path / "e")
    (natural,) = rows(folder, "relations")
    (exact,) = rows(folder, "claims")
    assert (natural["subject"], natural["note"]) == ("ent:mag1", "as told")
    assert (exact["subject"], exact["confidence"]) == ("ent:mag1", "0.6")


def test_no_cell_begins_a_formula(tmp_path: Path) -> None:
    """But numbers, which stay numbers."""
    named = tiny.claim("ent:a", "name_zh", "=HYPERLINK(1)")
    loss = tiny.claim("ent:a", "indicator", -2.5, unit="CNY", qualifier="profit")
    odd = [Source("src:s1", "=cmd", "+p", None, "other", "@l")]
    folder = export(everything(held([named, loss], odd)), "factsheet", tmp_path / "export")
    cells = [
        cell for sheet in ("claims", "sources", "indicators") for row in rows(folder, sheet) for cell in row.values()
    ]
    assert {cell for cell in cells if cell[:1] in tuple("=+-@")} == {"-2.5"}
    assert rows(folder, "claims")[0]["text"] == '"=HYPERLINK(1)"'
