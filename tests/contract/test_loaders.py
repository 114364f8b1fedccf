"""What every loader must do, and what loading does with it: on each loader in LOADERS and each kind of store.

A loader's samples are in tests/data/NAME: `good` (no reject, nothing dangles) and `bad` (some of both).
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.claims import Claim, Decision, Source, claim_id
from graph.model.dates import AsOf
from graph.model.errors import BadInput, UnreadableFile
from graph.model.facts import key_of, resolve
from graph.model.kinds import kind_of
from graph.model.predicates import FLAGS, PREDICATES
from graph.model.units import unit_of
from graph.stores.opening import open_store
from graph.stores.port import ClaimFilter, Progress, Store
from loaders.base import Item, Loaded, Loader, Reject
from loaders.factsheet import FactsheetLoader
from loaders.loading import load_into
from loaders.registry import LOADERS, choose_loader
from loaders.report import LISTED, LoadReport

TESTS = Path(__file__).parents[1]
DATA = TESTS.parent / "data"
WHEN = "2026-11-23T12:00:00+00:00"

every_loader = pytest.mark.parametrize("loader", LOADERS.values(), ids=LOADERS)


def sample(loader: Loader, name: str) -> Path:
    """A sample of a loader's layout."""
    return TESTS / "data" / loader.name / name


def load(store: Store, *paths: Path, **more: Any) -> LoadReport:
    """Load paths, by somebody, at noon of the day that tests call today."""
    return load_into(store, paths, who="Li", when=WHEN, **more)


def ids(store: Store, *statuses: str) -> set[str]:
    """The ids of the claims that count, or of those with other statuses."""
    return {stored.id for stored in store.claims(ClaimFilter(statuses=statuses or ("accepted",)))}


def counts(report: LoadReport) -> tuple[int, int, int, int, int]:
    """The five numbers of a report."""
    return report.added, report.same, report.rejected, report.dangling, report.conflicts


def said(path: Path, loader: Loader) -> list[Claim]:
    """The claims of a path."""
    return [item.claim for item in loader.read(path, "d") if isinstance(item, Loaded)]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the factsheet sample, to be changed."""
    return Path(shutil.copytree(TESTS / "data" / "factsheet" / "good", tmp_path / "copied"))


def change(file: Path, before: str, after: str) -> None:
    """Put another text into a file."""
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


# --- what a loader says ---


@every_loader
def test_claims_are_what_their_predicates_declare(loader: Loader) -> None:
    items = [*loader.read(sample(loader, "good"), "d"), *loader.read(sample(loader, "bad"), "d")]
    claims = [item.claim for item in items if isinstance(item, Loaded)]
    assert claims
    for claim in claims:
        declared = PREDICATES[claim.predicate]
        assert kind_of(claim.subject).name in declared.subjects
        if claim.object is None:
            assert not declared.objects or declared.object_optional
        else:
            assert kind_of(claim.object).name in declared.objects
        allowed = {"none": (), "number": (float,), "text": (str,), "date": (str,), "number_or_text": (float, str)}
        assert claim.value is None or type(claim.value) in allowed[declared.value]
        assert declared.choices is None or claim.value in declared.choices
        assert claim.unit is None or unit_of(claim.unit)
        assert claim.unit is None or claim.value is not None
        assert isinstance(declared.qualifier, str) or claim.qualifier in declared.qualifier
        assert declared.qualifier or not claim.qualifier
        assert set(claim.flags) <= set(FLAGS)
        assert list(claim.flags) == sorted(set(claim.flags))
        assert {name for name, _ in claim.detail} <= set(declared.detail)
        assert list(claim.detail) == sorted(claim.detail)
        assert kind_of(claim.source).name == "source"
        assert 0 < claim.confidence <= 1


@every_loader
def test_sources_come_before_claims_and_good_samples_have_no_rejects(loader: Loader) -> None:
    kinds = [type(item) for item in loader.read(sample(loader, "good"), "d")]
    assert set(kinds) == {Source, Loaded}
    assert kinds.index(Loaded) == kinds.count(Source)
    assert any(isinstance(item, Reject) for item in loader.read(sample(loader, "bad"), "d"))


@every_loader
def test_reading_twice_says_the_same(loader: Loader) -> None:
    for name in ("good", "bad"):
        assert list(loader.read(sample(loader, name), "d")) == list(loader.read(sample(loader, name), "d"))


@every_loader
def test_samples_are_recognised_and_other_things_are_not(loader: Loader, tmp_path: Path) -> None:
    assert choose_loader(sample(loader, "good")) is loader
    assert choose_loader(tmp_path, loader.name) is loader
    assert loader.zh
    other = tmp_path / "other.csv"
    other.write_text("upstream,downstream\na,b\n", encoding="utf-8")
    for path in (tmp_path, other):
        assert not loader.recognises(path)
        with pytest.raises(UnreadableFile, match=f"has no layout that we know.*{loader.name}"):
            choose_loader(path)
        with pytest.raises(UnreadableFile):
            list(loader.read(path, "d"))


def test_unknown_loaders_and_paths_are_told() -> None:
    with pytest.raises(BadInput, match=r"'gossip' is not a loader\. Use one of .*factsheet"):
        choose_loader(DATA, "gossip")
    with pytest.raises(UnreadableFile, match="There is no file or folder nowhere"):
        choose_loader(Path("nowhere"))


# --- loading ---


@every_loader
def test_loading_twice_adds_nothing(store: Store, loader: Loader) -> None:
    first = load(store, sample(loader, "good"))
    claims = said(sample(loader, "good"), loader)
    assert first.added == len(set(map(claim_id, claims)))
    assert first.added + first.same == len(claims)
    second = load(store, sample(loader, "good"))
    assert counts(second) == (0, len(claims), 0, 0, first.conflicts)
    assert second.revision == first.revision
    assert (second.restored, second.retracted) == (0, 0)


@every_loader
def test_bad_rows_are_told_and_good_ones_kept(store: Store, loader: Loader) -> None:
    report = load(store, sample(loader, "bad"))
    rejects = [item for item in loader.read(sample(loader, "bad"), "bad") if isinstance(item, Reject)]
    assert report.rejected == len(rejects) > 0
    assert set(report.rejects) == set(rejects)
    assert report.dangling > 0
    assert len(ids(store)) == report.added == len({
        claim_id(item.claim) for item in loader.read(sample(loader, "bad"), "bad") if isinstance(item, Loaded)
    })  # fmt: skip


@every_loader
def test_strict_records_nothing_when_a_row_is_bad(store: Store, loader: Loader) -> None:
    report = load(store, sample(loader, "bad"), strict=True)
    assert report.batch is None
    assert (report.added, report.same, report.revision) == (0, 0, 0)
    assert report.rejected > 0
    assert not list(store.claims())
    assert not store.batches()
    assert not list(store.sources())
    loose = load(store, sample(loader, "bad"))
    assert (report.rejected, report.dangling) == (loose.rejected, loose.dangling)


@every_loader
def test_strict_records_what_is_good(store: Store, loader: Loader) -> None:
    report = load(store, sample(loader, "good"), strict=True)
    assert report.batch
    assert report.added == len(ids(store)) > 0


def test_the_shipped_data_loads_without_reject_or_dangling_row(store: Store) -> None:
    report = load(store, DATA)
    assert (report.added, report.same, report.rejected, report.dangling) == (12646, 48, 0, 0)
    assert report.conflicts == conflicts_by_definition(store, report)
    again = load(store, DATA, replace=True)
    assert counts(again) == (0, 12694, 0, 0, report.conflicts)
    assert (again.retracted, again.restored) == (0, 0)


def test_the_same_in_gb18030_is_the_same(store: Store, copied: Path) -> None:
    first = load(store, copied, dataset="d")
    for file in copied.glob("*.csv"):
        file.write_bytes(file.read_text(encoding="utf-8").encode("gb18030"))
    second = load(store, copied, dataset="d")
    assert (second.added, second.same) == (0, first.added + first.same)


def test_replacing_sweeps_what_is_no_longer_said(store: Store, copied: Path) -> None:
    load(store, copied)
    before = ids(store)
    change(copied / "relations.csv", "capacity,3000,t/yr", "capacity,4000,t/yr")
    change(copied / "offers.csv", "reg:zone,rail,,,,,src:undated\n", "")
    report = load(store, copied, replace=True)
    assert (report.added, report.retracted) == (1, 2)
    assert len(before - ids(store)) == 2
    assert ids(store, "retracted") == before - ids(store)
    change(copied / "relations.csv", "capacity,4000,t/yr", "capacity,3000,t/yr")
    back = load(store, copied, replace=True)
    assert (back.added, back.restored, back.retracted) == (0, 1, 1)


def test_replacing_with_one_file_leaves_the_others_alone(store: Store, copied: Path) -> None:
    load(store, copied)
    report = load(store, copied / "relations.csv", replace=True)
    assert (report.added, report.retracted, report.rejected, report.dangling) == (0, 0, 0, 0)
    assert {batch.dataset for batch in store.batches()} == {"copied", "copied/relations"}


def test_replacing_with_nothing_is_refused(store: Store, copied: Path) -> None:
    load(store, copied / "relations.csv", dataset="d")
    before = ids(store)
    header, _, rows = (copied / "relations.csv").read_text(encoding="utf-8").partition("\n")
    for content in (header, f"{header}\n{rows.replace('ent:', 'firm:').replace('ins:', '').replace('src:', '')}"):
        (copied / "relations.csv").write_text(content, encoding="utf-8")
        with pytest.raises(BadInput, match="Not one row could be used"):
            load(store, copied / "relations.csv", dataset="d", replace=True)
    assert ids(store) == before


def test_several_paths_are_one_batch_with_places_that_tell_them_apart(store: Store, tmp_path: Path) -> None:
    good = TESTS / "data" / "factsheet" / "good"
    one, two = (Path(shutil.copytree(good, tmp_path / name)) for name in ("one", "two"))
    change(one / "offers.csv", "1000,mu", "1000,acres")
    change(two / "relations.csv", "prd:metal,0.5", "prd:unheard-of,0.5")
    report = load(store, one, two / "relations.csv", two)
    assert [(reject.file, reject.row, reject.column) for reject in report.rejects] == [("one/offers.csv", 2, "unit")]
    assert [(d.file, d.row, d.column, d.missing) for d in report.danglings] == [
        ("relations.csv", 4, "qualifier", "prd:unheard-of"),
        ("two/relations.csv", 4, "qualifier", "prd:unheard-of"),
    ]
    assert [batch.dataset for batch in store.batches()] == ["one+two/relations+two"]


def test_all_or_nothing_when_a_later_file_breaks(store: Store, copied: Path, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    broken = tmp_path / "broken" / "relations.csv"
    broken.write_bytes(b"subject,predicate,object,source_id\nent:a,produces,prd:b,src:\xff\n")
    with pytest.raises(UnreadableFile, match="line 2"):
        load(store, copied, broken)
    assert not store.batches()
    assert not list(store.claims())


def test_a_file_that_breaks_off_while_it_is_read_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read = FactsheetLoader.read

    def breaking(self: FactsheetLoader, path: Path, dataset: str) -> Iterator[Item]:
        for number, item in enumerate(read(self, path, dataset)):
            if number > 5000:
                raise UnreadableFile("{file} changed while it was read. Load it again.", file=path)
            yield item

    monkeypatch.setattr(FactsheetLoader, "read", breaking)
    with pytest.raises(UnreadableFile):
        load(store, DATA)
    assert not store.batches()
    assert not list(store.claims())
    assert store.revision() == 0


def test_the_same_key_is_loaded_once(store: Store, copied: Path) -> None:
    first = load(store, copied, key="k")
    change(copied / "offers.csv", "1000,mu", "2000,mu")
    second = load(store, copied, key="k")
    assert second.batch == first.batch
    assert second.added == first.added
    assert len(store.batches()) == 1


def test_proposed_claims_do_not_count(store: Store, copied: Path) -> None:
    report = load(store, copied, declared="proposed")
    assert report.added == len(ids(store, "proposed"))
    assert not ids(store)
    assert report.conflicts == 0
    assert load(store, copied / "relations.csv").dangling == 0


def test_progress_is_told(store: Store) -> None:
    seen: list[int] = []
    progress: Progress = seen.append
    report = load(store, DATA, progress=progress)
    assert seen == sorted(seen)
    assert seen[-1] == report.added + report.same


def test_nothing_to_load(store: Store) -> None:
    with pytest.raises(BadInput, match="There is nothing to load"):
        load(store)


def test_a_source_after_a_claim_is_a_mistake_of_the_loader(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(self: FactsheetLoader, path: Path, dataset: str) -> Iterator[Item]:
        items = list(original(self, path, dataset))
        return iter([*items, next(item for item in items if isinstance(item, Source))])

    original = FactsheetLoader.read
    monkeypatch.setattr(FactsheetLoader, "read", late)
    with pytest.raises(ValueError, match="yields the source src:gazette after a claim"):
        load(store, TESTS / "data" / "factsheet" / "good")


# --- dangling rows ---


def test_dangling_rows_are_stored_and_told_with_their_place(store: Store) -> None:
    report = load(store, TESTS / "data" / "factsheet" / "bad")
    assert [(d.file, d.row, d.column, d.missing) for d in report.danglings] == [
        ("relations.csv", 30, "object", "prd:nobody"),
        ("relations.csv", 30, "source_id", "src:nobody"),
    ]
    assert report.dangling == 1  # a row that names two is one row
    assert "entities.csv" in report.danglings[0].remedy
    assert "sources.csv" in report.danglings[1].remedy
    assert [stored.claim.source for stored in store.claims(ClaimFilter(objects=("prd:nobody",)))] == ["src:nobody"]


def test_every_end_of_every_sheet_may_dangle(store: Store, copied: Path) -> None:
    for name in ("entities", "sources", "chains"):
        (copied / f"{name}.csv").unlink()
    report = load(store, copied)
    found = {(d.file, d.row, d.column, d.missing) for d in report.danglings}
    assert found >= {
        ("processes.csv", 2, "product_id", "prd:metal"),
        ("processes.csv", 2, "site", "reg:zone"),
        ("processes.csv", 2, "source_id", "src:gazette"),
        ("relations.csv", 2, "subject", "ent:zone-magnet"),
        ("relations.csv", 4, "qualifier", "prd:metal"),
        ("relations.csv", 8, "subject", "src:gazette"),
        ("relations.csv", 8, "qualifier", "chn:magnet"),
        ("indicators.csv", 2, "subject", "reg:zone"),
        ("statuses.csv", 2, "project", "prj:plant"),
        ("policy_conditions.csv", 2, "policy", "pol:ten"),
        ("policy_conditions.csv", 2, "applies_to", "prd:hot-magnet"),
        ("offers.csv", 3, "source_id", "src:undated"),
    }
    assert ("processes.csv", 3, "process_id", "prc:press") not in found  # named by the sheet itself
    assert report.dangling == 4 + 8 + 2 + 2 + 2 + 2 + 3  # every row


def test_what_the_store_or_another_path_describes_does_not_dangle(store: Store, copied: Path, tmp_path: Path) -> None:
    apart = tmp_path / "apart"
    apart.mkdir()
    for name in ("entities", "sources", "chains"):
        shutil.move(copied / f"{name}.csv", apart)
    assert load(store, copied, apart, dataset="both").dangling == 0
    assert load(store, copied).dangling == 0


def test_a_node_whose_name_was_retracted_is_not_described(store: Store, copied: Path) -> None:
    load(store, copied / "chains.csv")
    batch = load(store, copied / "entities.csv").batch
    assert load(store, copied / "relations.csv").dangling == 0
    store.decide([Decision("retract", str(batch), "", "Li", WHEN, "wrong")])
    assert load(store, copied / "relations.csv").dangling == 8


def test_long_lists_are_cut_and_counted(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "relations.csv"
    rows = [f"ent:a{n},{'produces' if n % 2 else 'makes'},prd:b,src:c" for n in range(3 * LISTED)]
    file.write_text("subject,predicate,object,source_id\n" + "\n".join(rows), encoding="utf-8")
    report = load(store, file)
    assert (report.rejected, len(report.rejects)) == (1.5 * LISTED, LISTED)
    assert (report.dangling, len(report.danglings)) == (1.5 * LISTED, LISTED)


# --- conflicts ---


def conflicts_by_definition(store: Store, report: LoadReport) -> int:
    """Facts that a batch speaks of and that conflict, by resolving all that the store holds."""
    touched = {key_of(stored.claim) for stored in store.claims(ClaimFilter(batch=report.batch))}
    claims = {stored.id: stored.claim for stored in store.claims(ClaimFilter(statuses=("accepted",)))}
    sources = {source.id: source for source in store.sources()}
    facts = resolve(claims.values(), sources, AsOf.parse(WHEN[:10]))
    return sum(bool(fact.conflicts) and key_of(claims[fact.claim]) in touched for fact in facts)


def test_conflicts_inside_a_load(store: Store, copied: Path) -> None:
    with (copied / "relations.csv").open("a", encoding="utf-8") as file:
        file.write("ent:zone-magnet,produces,prd:magnet,capacity,3000000,kg/yr,2023,,,the same in kg,src:paper\n")
        file.write("ent:far,owns,ent:zone-magnet,,45,%,2024-02,,,another share,src:gazette\n")
        file.write("ent:far,owns,ent:zone-magnet,,50,%,2023,,,an older one,src:gazette\n")
        file.write("ent:far,owns,ent:zone-magnet,,55,%,2024-02,,doubtful,a weaker one,src:gazette\n")
    with (copied / "entities.csv").open("a", encoding="utf-8") as file:
        file.write("ent:far,enterprise,Farther,远方材料,,JP" + "," * 15 + "src:gazette\n")
    report = load(store, copied)
    assert report.conflicts == conflicts_by_definition(store, report) == 2  # the share, and name_en of ent:far
    again = load(store, copied)
    assert (again.added, again.conflicts) == (0, 2)


def test_conflicts_with_what_was_there(store: Store, copied: Path) -> None:
    assert load(store, copied).conflicts == 0
    change(copied / "relations.csv", "capacity,3000,t/yr", "capacity,4000,t/yr")
    change(copied / "indicators.csv", "-2500000", "-3500000")
    loose = load(store, copied, dataset="other")
    assert loose.conflicts == conflicts_by_definition(store, loose) == 2
    # Of a small load only what it speaks of counts, although all of the zone is looked at.
    small = load(store, copied / "indicators.csv", dataset="small")
    assert small.conflicts == conflicts_by_definition(store, small) == 1
    unrelated = load(store, copied / "offers.csv", dataset="small")
    assert unrelated.conflicts == 0
    # Loading on a larger store looks the other way round: what the others say of the same nodes.
    load(store, DATA, dataset="large")
    change(copied / "relations.csv", "capacity,4000,t/yr", "capacity,5000,t/yr")
    large = load(store, DATA, copied, dataset="all")
    assert large.conflicts == conflicts_by_definition(store, large)


_LINES = st.lists(
    st.tuples(
        st.just("ent:a"), st.sampled_from(["prd:x", "prd:y"]), st.sampled_from(["1", "2"]),
        st.sampled_from(["t/yr", "kg/yr"]), st.sampled_from(["2023", ""]),
        st.sampled_from(["", "plan", "ended"]), st.sampled_from(["src:a", "src:b"]),
    ),
    max_size=6,
)  # fmt: skip


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.tuples(_LINES, st.sampled_from(["d", "e"]), st.booleans()), min_size=1, max_size=4))
def test_conflicts_are_those_of_the_definition(
    tmp_path_factory: pytest.TempPathFactory, loads: list[tuple[list[tuple[str, ...]], str, bool]]
) -> None:
    folder = tmp_path_factory.mktemp("conflicts")
    with closing(open_store(f"sqlite:{folder / 'test.db'}")) as store:
        for lines, dataset, replace in loads:
            rows = [f"{s},produces,{o},{v},{u},{d},{f},{c}" for s, o, v, u, d, f, c in lines]
            header = "subject,predicate,object,value,unit,as_of,flag,source_id"
            (folder / "relations.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
            report = load(store, folder / "relations.csv", dataset=dataset, replace=replace and bool(rows))
            assert report.conflicts == conflicts_by_definition(store, report)


def test_replacing_leaves_no_conflict_with_what_is_swept(store: Store, copied: Path) -> None:
    load(store, copied)
    change(copied / "relations.csv", "capacity,3000,t/yr", "capacity,4000,t/yr")
    assert load(store, copied, replace=True).conflicts == 0


def test_what_people_keep_alive_still_conflicts(store: Store, copied: Path) -> None:
    load(store, copied)
    old = next(s for s in store.claims(ClaimFilter(predicates=("produces",))) if s.claim.value == 3000.0)
    store.decide([Decision("accept", old.id, "", "Li", WHEN, "seen it")])
    change(copied / "relations.csv", "capacity,3000,t/yr", "capacity,4000,t/yr")
    report = load(store, copied, replace=True)
    assert report.conflicts == conflicts_by_definition(store, report)


# --- the report ---


def test_the_report_as_json(store: Store) -> None:
    document = json.loads(load(store, TESTS / "data" / "factsheet" / "bad").to_json())
    assert list(document) == [
        "batch", "added", "same", "rejected", "dangling", "conflicts", "restored", "retracted", "revision", "rejects",
        "danglings",
    ]  # fmt: skip
    assert document["rejects"][1] == {
        "file": "sources.csv",
        "sheet": None,
        "row": 3,
        "column": "source_id",
        "value": "good",
        "reason": "The text is not an id.",
        "remedy": "Write src: and a short name without spaces, commas, semicolons or quotes.",
    }
    assert document["danglings"][0] == {
        "file": "relations.csv",
        "sheet": None,
        "row": 30,
        "column": "object",
        "missing": "prd:nobody",
        "remedy": "Add prd:nobody to entities.csv, or load the file that names it; look for a misspelt id.",
    }


def test_batches_are_kept_with_who_and_when(store: Store, copied: Path) -> None:
    report = load(store, copied, dataset="zone")
    (batch,) = store.batches()
    assert (batch.id, batch.dataset, batch.who, batch.when) == (report.batch, "zone", "Li", WHEN)
