"""The factsheet layout: what each row says, what is said of bad rows, and the shipped data counted in another way."""

import csv
import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.claims import Claim, Source, claim_id
from graph.model.errors import UnreadableFile
from graph.model.kinds import kind_of
from graph.model.names import is_stock_code
from graph.model.predicates import PREDICATES
from loaders.base import Item, Loaded, Part, Place, Reject
from loaders.dangling import DESCRIBING
from loaders.factsheet import SHEETS, FactsheetLoader

TESTS = Path(__file__).parents[1]
GOOD = TESTS / "data" / "factsheet" / "good"
BAD = TESTS / "data" / "factsheet" / "bad"
DATA = TESTS.parent / "data"


def items(path: Path, dataset: str = "d") -> list[Item]:
    """All that a path says."""
    return list(FactsheetLoader().read(path, dataset))


def claims(said: Iterable[Item]) -> list[Claim]:
    """The claims among items."""
    return [item.claim for item in said if isinstance(item, Loaded)]


def rejects(said: Iterable[Item]) -> list[Reject]:
    """The rejects among items."""
    return [item for item in said if isinstance(item, Reject)]


def folder(parent: Path, **sheets: str) -> Path:
    """A folder with these sheets."""
    made = parent / "folder"
    made.mkdir()
    for name, content in sheets.items():
        (made / f"{name}.csv").write_text(content, encoding="utf-8")
    return made


def told(subject: str, said: Iterable[Claim]) -> set[tuple[object, ...]]:
    """What claims without amounts say of a node, short."""
    return {(c.predicate, c.object or c.value, c.qualifier, c.as_of, c.source) for c in said if c.subject == subject}


# --- what rows say: worked out from tests/data/factsheet/good ---


def test_the_good_folder_has_no_rejects() -> None:
    said = items(GOOD)
    assert not rejects(said)
    assert [item for item in said if isinstance(item, Source)] == [
        Source("src:gazette", "https://example.org/gazette", "example.org", "2023-05-01", "official"),
        Source("src:paper", "https://example.org/paper?a=1&b=2", "example.org", "2024-02", "press"),
        Source("src:undated", "https://example.org/undated", "example.org", None, "other"),
        Source("src:d-chains", "", "d", None, "other"),
    ]
    assert {claim.confidence for claim in claims(said)} == {1.0}


def test_an_enterprise_of_hostile_name() -> None:
    gazette = "src:gazette"
    assert told("ent:zone-magnet", claims(items(GOOD / "entities.csv"))) == {
        ("name_zh", "磁一`股份]😀\n(包头)", "", None, gazette),
        ("name_en", 'O\'Neil "Magnet" Co., Ltd.', "", None, gazette),
        ("alias", "磁一", "磁一", None, gazette),
        ("code", "SZSE:300001", "SZSE:300001", None, gazette),
        ("alias", "Magnet One", "Magnet One", None, gazette),
        ("country", "CN", "", None, gazette),
        ("founded", "1998-07", "", None, gazette),
        ("website", "www.example.org", "", None, gazette),
        ("remark", "listed; makes magnets", "listed; makes magnets", None, gazette),
    }


def test_a_product_and_its_chain() -> None:
    assert told("prd:magnet", claims(items(GOOD / "entities.csv"))) == {
        ("name_zh", "磁体", "", None, "src:gazette"),
        ("name_en", "Magnet", "", None, "src:gazette"),
        ("stage", "functional_material", "", None, "src:gazette"),
        ("role", "link", "", None, "src:gazette"),
        ("chain", "chn:magnet", "", None, "src:gazette"),
        ("hs_code", "8505", "", None, "src:gazette"),
    }


def test_what_a_source_reports_of_a_project_is_dated_by_the_source() -> None:
    said = claims(items(GOOD))
    plant = [claim for claim in said if claim.subject == "prj:plant" and claim.predicate != "status"]
    assert [(c.predicate, c.value, c.unit, c.as_of) for c in plant if c.as_of] == [
        ("start_date", "2024", None, "2024-02"),
        ("completion_date", "2026-06", None, "2024-02"),
        ("investment", 120_000_000.0, "CNY", "2024-02"),
        ("capacity", 500.0, "t/yr", "2024-02"),
    ]
    # The row of statuses.csv with the date of the same source says the same as entities.csv, so it is the same claim.
    statuses = [claim for claim in said if claim.subject == "prj:plant" and claim.predicate == "status"]
    assert [(c.value, c.as_of, c.source) for c in statuses] == [
        ("signed", "2024-02", "src:paper"),
        ("under_construction", "2024-09", "src:undated"),
        ("signed", "2024-02", "src:paper"),
    ]
    assert claim_id(statuses[0]) == claim_id(statuses[2])
    assert ("status", "planned", "", None, "src:undated") in told("prj:rumour", said)


def test_an_enterprise_has_a_status_of_its_own(tmp_path: Path) -> None:
    """In entities.csv dated by the source, in statuses.csv by the row; words of projects do not fit."""
    entities = (
        "id,kind,name_zh,status,source_id\nent:a,enterprise,甲,dissolved,src:c\nent:b,enterprise,乙,signed,src:c\n"
    )
    statuses = "project,status,as_of,source_id\nent:a,operating,2020,src:c\nprj:a,dissolved,2020,src:c\n"
    made = folder(tmp_path, entities=entities, statuses=statuses)
    said = [claim for claim in claims(items(made)) if claim.predicate.endswith("status")]
    assert [(c.subject, c.predicate, c.value, c.as_of) for c in said] == [
        ("ent:a", "operating_status", "dissolved", None),
        ("ent:a", "operating_status", "operating", "2020"),
    ]
    assert [(r.file, r.row, r.column, r.value) for r in rejects(items(made))] == [
        ("entities.csv", 3, "status", "signed"),
        ("statuses.csv", 3, "status", "dissolved"),
    ]


def test_dates_of_policies_and_regions() -> None:
    said = claims(items(GOOD))
    assert ("start_date", "2021", "", "2023-05-01", "src:gazette") in told("pol:ten", said)
    assert ("completion_date", "2025", "", "2023-05-01", "src:gazette") in told("pol:ten", said)
    assert ("founded", "1992", "", None, "src:gazette") in told("reg:zone", said)


def test_relations_as_they_stand() -> None:
    def relation(
        subject: str, predicate: str, object_: str, value: float | None = None, unit: str | None = None,
        qualifier: str = "", as_of: str | None = None, until: str | None = None, flags: tuple[str, ...] = (),
        source: str = "src:gazette", note: str = "",
    ) -> Claim:  # fmt: skip
        return Claim(
            subject, predicate, object_, value, unit, qualifier, as_of, until, flags, (), source, note, 1.0
        )  # fmt: skip

    magnet, far, paper = "ent:zone-magnet", "ent:far", "src:paper"
    assert claims(items(GOOD / "relations.csv")) == [
        relation(magnet, "produces", "prd:magnet", 3000.0, "t/yr", "capacity", "2023", note="as told, not measured"),
        relation(magnet, "produces", "prd:hot-magnet", as_of="2024-02", flags=("doubtful", "plan"), source=paper),
        relation(far, "supplies", magnet, 0.5, "t/month", "prd:metal", "2022-01", "2023-06-30", ("former",), paper),
        relation(far, "owns", magnet, 40.0, "%", as_of="2024-02", source=paper),
        relation("ins:lab", "develops", "prd:hot-magnet", source="src:undated"),
        relation(magnet, "located_in", "reg:zone", as_of="2020", flags=("coarse",)),
        relation("src:gazette", "surveys", "reg:zone", qualifier="chn:magnet", as_of="2023-05-01"),
        relation("src:gazette", "surveys", "reg:zone", qualifier="prd:metal", as_of="2023-05-01"),
    ]


def test_processes_are_named_once_for_each_source() -> None:
    def flow(
        subject: str, predicate: str, object_: str, value: float | None, unit: str | None, basis: str, main: bool,
        source: str, qualifier: str = "", as_of: str | None = None, note: str = "",
    ) -> Claim:  # fmt: skip
        detail = (("basis", basis), ("is_main", main))
        return Claim(subject, predicate, object_, value, unit, qualifier, as_of, None, (), detail, source, note, 1.0)

    def described(process: str, source: str, **words: str) -> list[Claim]:
        return [Claim(process, p, None, w, None, "", None, None, (), (), source, "", 1.0) for p, w in words.items()]

    press, site = "prc:press", "reg:zone"
    names = {"name_zh": "压制", "name_en": "Pressing", "process_kind": "step"}
    gazette, paper, basis = "src:gazette", "src:paper", "per kg magnet"
    assert claims(items(GOOD / "processes.csv")) == [
        *described(press, gazette, **names),
        Claim(press, "site", site, None, None, "", None, None, (), (), gazette, "", 1.0),
        flow("prd:metal", "input_to", press, 1.25, "kg/kg", basis, False, gazette, "", "2022", "loss in cutting"),
        flow(press, "yields", "prd:magnet", 1.0, "kg/kg", basis, True, gazette),
        *described(press, paper, **names),
        Claim(press, "site", site, None, None, "", None, None, (), (), paper, "", 1.0),
        flow(press, "uses", "prd:press-line", None, None, basis, False, paper, "equipment"),
        *described("prc:fit", paper, name_zh="装配", name_en="Fitting", process_kind="aggregate"),
        # per unit, not per kg: the number is no ratio of masses
        flow("prd:magnet", "input_to", "prc:fit", 2.0, None, "kg magnet per unit", False, paper),
    ]


def test_figures_offers_conditions_and_chains() -> None:
    said = claims(items(GOOD))
    figures = [c[1:9] for c in said if c.predicate in ("indicator", "offers")]
    assert figures == [
        ("indicator", None, 95.0, None, "rare earth enterprises", "2022", None, ()),
        ("indicator", None, -2_500_000.0, "CNY", "net profit", "2023", None, ()),
        ("offers", None, 1000.0, "mu", "industrial land", "2015-08", None, ()),
        ("offers", None, None, None, "rail", None, None, ()),
    ]
    conditions = [c[2:10] for c in said if c.predicate == "condition"]
    line = (("applies_to", "prd:magnet;prd:hot-magnet"), ("benefit", "grant"), ("condition", "new line"))
    assert conditions == [
        # valid until the end of 2022-12, so no longer from the first of January
        ("prd:magnet", 5.0, "%", "new line: grant", "2021", "2023-01-01", (), line),
        ("prd:hot-magnet", 5.0, "%", "new line: grant", "2021", "2023-01-01", (), line),
        (None, None, None, "prize", None, None, (), (("applies_to", "industrial firms"), ("benefit", "prize"))),
    ]
    assert told("chn:magnet", said) == {
        ("name_zh", "永磁", "", None, "src:d-chains"),
        ("name_en", "Magnets", "", None, "src:d-chains"),
        ("chain_target", "prd:magnet", "", None, "src:d-chains"),
        ("chain_target", "prd:hot-magnet", "", None, "src:d-chains"),
    }


@pytest.mark.parametrize("dataset", ["包头 2026", "a\"b;c'd`e\\f,g:h", "x" * 400, "  "])
def test_the_source_of_the_chains_is_an_id_whatever_the_data_set_is_called(dataset: str) -> None:
    source = {claim.source for claim in claims(items(GOOD / "chains.csv", dataset))}.pop()
    assert Claim(source, *[None] * 12)[0] == source  # type: ignore[arg-type]
    assert not set(source[4:]) & set(" \"';`\\,:")
    assert len(source) <= 204


# --- the same from other files ---


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_other_encodings_say_the_same(tmp_path: Path, encoding: str) -> None:
    for file in GOOD.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_text(encoding="utf-8").encode(encoding))
    assert items(tmp_path) == items(GOOD)


def test_the_shipped_data_in_gb18030_says_the_same(tmp_path: Path) -> None:
    for file in DATA.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_text(encoding="utf-8").encode("gb18030"))
    assert items(tmp_path) == items(DATA)


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_file_alone_says_what_it_says_in_its_folder(sheet: str) -> None:
    whole = [item for item in items(GOOD) if isinstance(item, Loaded) and item.place.file == f"{sheet}.csv"]
    assert [item for item in items(GOOD / f"{sheet}.csv") if isinstance(item, Loaded)] == whole


def test_a_file_of_another_name_is_known_by_its_columns(tmp_path: Path) -> None:
    for sheet in SHEETS:
        file = tmp_path / f"my {sheet} of May.txt"
        shutil.copy(GOOD / f"{sheet}.csv", file)
        assert FactsheetLoader().recognises(file)
        if sheet != "entities":  # whose project is dated by sources.csv
            assert claims(items(file)) == claims(items(GOOD / f"{sheet}.csv"))


def test_some_files_in_capitals_and_columns_in_another_order(tmp_path: Path) -> None:
    with (GOOD / "relations.csv").open(encoding="utf-8", newline="") as sheet:
        rows = list(csv.DictReader(sheet))
    with (tmp_path / "RELATIONS.CSV").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(reversed(SHEETS["relations"].names)))
        writer.writeheader()
        writer.writerows(rows)
    assert claims(items(tmp_path)) == claims(items(GOOD / "relations.csv"))


def test_only_the_columns_that_are_needed(tmp_path: Path) -> None:
    made = folder(tmp_path, relations="subject,predicate,object,source_id\nent:a,produces,prd:b,src:c\n")
    assert claims(items(made)) == [
        Claim("ent:a", "produces", "prd:b", None, None, "", None, None, (), (), "src:c", "", 1.0)
    ]


def test_blanks_around_cells_and_negative_zero_make_no_other_claim(tmp_path: Path) -> None:
    header = ",".join(SHEETS["relations"].names)
    plain = "ent:a,produces,prd:b,capacity,0,t/yr,2023,,former;plan,,src:c"
    spaced = " ent:a , produces,prd:b ,capacity , -0.0 ,t/yr ,2023 ,, plan ; former,, src:c"
    said = claims(items(folder(tmp_path, relations=f"{header}\n{plain}\n{spaced}\n")))
    assert claim_id(said[0]) == claim_id(said[1])


def test_rows_that_differ_in_their_note_are_one_claim(tmp_path: Path) -> None:
    header = ",".join(SHEETS["relations"].names)
    row = "ent:a,produces,prd:b,,,,2023,,,{},src:c\n"
    said = claims(items(folder(tmp_path, relations=f"{header}\n{row.format('one')}{row.format('two')}")))
    assert [claim.note for claim in said] == ["one", "two"]
    assert len(set(map(claim_id, said))) == 1


# --- bad rows ---


def test_every_bad_row_is_rejected_at_its_place() -> None:
    with (BAD.parent / "bad-rejects.csv").open(encoding="utf-8", newline="") as file:
        expected = [tuple(row) for row in csv.reader(file)][1:]
    found = rejects(items(BAD))
    assert [(r.file, str(r.row or ""), r.column or "", r.value or "") for r in found] == expected
    for reject in found:
        assert reject.reason.endswith(".")
        assert reject.remedy.endswith(".")
        assert "\n" not in reject.reason + reject.remedy


def test_the_good_rows_among_the_bad_are_kept() -> None:
    kept = Counter(item.place.file for item in items(BAD) if isinstance(item, Loaded))
    rows = {item.place for item in items(BAD) if isinstance(item, Loaded)}
    assert Counter(place.file for place in rows) == {
        "chains.csv": 1, "entities.csv": 5, "processes.csv": 1, "relations.csv": 3, "indicators.csv": 1,
        "statuses.csv": 1, "policy_conditions.csv": 1, "offers.csv": 1,
    }  # fmt: skip
    assert kept["relations.csv"] == 3
    assert Place("relations.csv", 30) in rows  # it dangles, but it is no reject


awkward = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
    st.sampled_from([
        "", " ", "-1", "1e5", "1_000", "１２", "nan", "-inf", "9999", "9999-12-31", "0000", "2021-02-29", "prd:",
        "prd:x;prd:x", "ent:" + "x" * 300, "chn:magnet", "src:gazette", "t//yr", "t/yr ore ore", ";", ";;plan",
        "\u200b", "=1+1", "{0}", "%s",
    ]),
)  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.data())
def test_no_cell_stops_a_load(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    sheet = data.draw(st.sampled_from(sorted(SHEETS)))
    with (GOOD / f"{sheet}.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    place = data.draw(st.tuples(st.integers(1, len(table) - 1), st.integers(0, len(table[0]) - 1)))
    table[place[0]][place[1]] = data.draw(awkward)
    path = tmp_path_factory.mktemp("fuzz") / f"{sheet}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)
    said = items(path)
    assert all(kind_of(claim.subject) and claim_id(claim) for claim in claims(said))
    wrong = rejects(said)
    assert len(wrong) <= 1
    for reject in wrong:
        assert reject.row == place[0] + 1
        json.dumps(reject)


def test_every_predicate_of_relations_checks_its_ends(tmp_path: Path) -> None:
    rows = [f"pol:x,{name},pol:x,,,,,,,,src:s" for name, said in PREDICATES.items() if said.links]
    made = folder(tmp_path, relations=",".join(SHEETS["relations"].names) + "\n" + "\n".join(rows))
    assert {reject.column for reject in rejects(items(made))} == {"subject", "object", "predicate"}
    assert len(rejects(items(made))) == len(rows)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("none", "none is not a factsheet. It should be a folder with some of sources.csv, chains.csv,"),
        ("none/other.csv", "is not a factsheet"),
        ("headless/entities.csv", "entities.csv lacks the columns id, kind, source_id in its first line."),
        ("headless", "entities.csv lacks the columns id, kind, source_id in its first line."),
    ],
)
def test_folders_and_files_that_are_no_factsheet(tmp_path: Path, path: str, said: str) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "other.csv").write_text("upstream,downstream\na,b\n", encoding="utf-8")
    (tmp_path / "headless").mkdir()
    (tmp_path / "headless" / "entities.csv").write_text("ent:a,enterprise,A\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match=said):
        items(tmp_path / path)


def test_a_broken_file_is_told_before_any_row_is_used(tmp_path: Path) -> None:
    made = folder(tmp_path, entities=(GOOD / "entities.csv").read_text(encoding="utf-8"), offers="")
    with pytest.raises(UnreadableFile, match=r"offers\.csv is empty"):
        next(FactsheetLoader().read(made, "d"))


def test_columns_are_called_as_the_file_calls_them() -> None:
    loader = FactsheetLoader()
    parts: tuple[Part, ...] = ("subject", "object", "source")
    columns = {
        (item.place.file, item.claim.predicate): tuple(loader.column(item.claim, part, item.place) for part in parts)
        for item in items(GOOD)
        if isinstance(item, Loaded) and item.claim.predicate not in DESCRIBING
    }
    own = ("entities.csv", "status"), ("entities.csv", "start_date"), ("entities.csv", "completion_date")
    own += ("entities.csv", "investment"), ("entities.csv", "capacity")  # said of the row's own id, which never dangles
    assert {place: names for place, names in columns.items() if place not in own} == {
        ("chains.csv", "chain_target"): ("chain", "targets", "source_id"),
        ("entities.csv", "chain"): ("id", "chain", "source_id"),
        ("processes.csv", "site"): ("process_id", "site", "source_id"),
        ("processes.csv", "input_to"): ("product_id", "process_id", "source_id"),
        ("processes.csv", "yields"): ("process_id", "product_id", "source_id"),
        ("processes.csv", "uses"): ("process_id", "product_id", "source_id"),
        ("indicators.csv", "indicator"): ("subject", "object", "source_id"),
        ("statuses.csv", "status"): ("project", "object", "source_id"),
        ("policy_conditions.csv", "condition"): ("policy", "applies_to", "source_id"),
        ("offers.csv", "offers"): ("region", "object", "source_id"),
        **{
            ("relations.csv", name): ("subject", "object", "source_id")
            for name in ("produces", "supplies", "owns", "develops", "located_in", "surveys")
        },
    }


# --- the shipped data ---


def rows(sheet: str) -> Iterator[dict[str, str]]:
    """The rows of a shipped sheet."""
    with (DATA / f"{sheet}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def filled(sheet: str, column: str) -> int:
    """How many cells of a column of the shipped data are filled."""
    return sum(row[column] != "" for row in rows(sheet))


def parts(sheet: str, column: str) -> list[str]:
    """All parts of the cells of a column that holds lists."""
    return [part for row in rows(sheet) for part in row[column].split(";") if part]


def test_the_shipped_data_says_what_its_cells_hold() -> None:
    said = items(DATA, "data")
    assert not rejects(said)
    processes = {(row["process_id"], row["source_id"]) for row in rows("processes")}
    sites = {(row["process_id"], row["source_id"]) for row in rows("processes") if row["site"]}
    aliases = parts("entities", "aliases")
    flows = Counter(row["role"] for row in rows("processes"))
    targets = [max(1, row["applies_to"].count(":")) for row in rows("policy_conditions")]
    expected = Counter(row["predicate"] for row in rows("relations")) + Counter({
        "name_zh": filled("entities", "name_zh") + len(processes) + filled("chains", "name_zh"),
        "name_en": filled("entities", "name_en") + len(processes) + filled("chains", "name_en"),
        "alias": len(aliases) - sum(map(is_stock_code, aliases)),
        "code": sum(map(is_stock_code, aliases)),
        "remark": filled("entities", "note"),
        **{name: filled("entities", name) for name in (
            "country", "stage", "role", "chain", "hs_code", "founded", "website", "start_date", "completion_date",
        )},
        "status": filled("entities", "status") + filled("statuses", "status"),
        "investment": filled("entities", "investment_amount"),
        "capacity": filled("entities", "capacity_value"),
        "process_kind": len(processes), "site": len(sites),
        "input_to": flows["input"], "yields": flows["output"], "uses": flows["equipment"] + flows["service"],
        "indicator": filled("indicators", "indicator"), "offers": filled("offers", "offer"),
        "condition": sum(targets), "chain_target": len(parts("chains", "targets")),
    })  # fmt: skip
    assert Counter(claim.predicate for claim in claims(said)) == expected
    # Known by sight, so that the count above cannot be wrong in the same way: 3,443 relations, 658 flows, 697 figures.
    assert len(claims(items(DATA / "relations.csv"))) == 3443
    assert (expected["indicator"], flows.total(), len(aliases), expected["code"]) == (697, 658, 961, 70)
    assert sum(isinstance(item, Source) for item in said) == 942 + 1


def test_every_number_of_the_shipped_data_is_there() -> None:
    cells = Counter(
        float(row[column])
        for sheet, columns in (
            ("relations", ("value",)), ("indicators", ("value",)), ("offers", ("value",)),
            ("processes", ("kg_per_kg",)), ("entities", ("investment_amount", "capacity_value")),
        ) for row in rows(sheet) for column in columns if row[column]
    )  # fmt: skip
    said = (c for c in claims(items(DATA)) if c.predicate != "condition" and isinstance(c.value, float))
    assert Counter(claim.value for claim in said) == cells


SEED = "src:news-metal-com-0e49b59a"


@pytest.mark.parametrize(
    ("indicator", "value", "unit", "as_of"),
    [
        ("key projects over 100 million yuan organised", 80, "projects", "2020"),
        ("investment to complete in the year on key projects", 12_300_000_000, "CNY", "2020"),
        ("projects to be completed in the year (more than)", 40, "projects", "2020"),
        ("key industrial projects over 100 million yuan planned", 48, "projects", "2020"),
        ("investment made in 48 key industrial projects by end July", 3_750_000_000, "CNY", "2020-07"),
        ("projects signed January-August", 49, "projects", "2020-08"),
        ("total investment of projects signed January-August", 17_246_000_000, "CNY", "2020-08"),
        ("key rare earth projects planned", 26, "projects", "2020"),
        ("total investment of key rare earth projects", 8_113_000_000, "CNY", "2020"),
        ("key aluminium and copper projects", 6, "projects", "2020"),
        ("total investment of key aluminium and copper projects", 12_675_000_000, "CNY", "2020"),
        ("key equipment manufacturing projects", 12, "projects", "2020"),
        ("total investment of key equipment manufacturing projects", 1_920_000_000, "CNY", "2020"),
        ("days to finish approval of Dongbao Datian fertilizer project (standard 60)", 40, "days", "2020-06"),
    ],
)
def test_the_figures_of_the_2020_plan(indicator: str, value: float, unit: str, as_of: str) -> None:
    said = claims(items(DATA / "indicators.csv"))
    found = [c for c in said if c.subject == "reg:baotou-rehtz" and c.qualifier == indicator and c.source == SEED]
    assert [(c.value, c.unit, c.as_of) for c in found] == [(float(value), unit, as_of)]


def test_the_projects_and_policies_of_the_2020_plan() -> None:
    said = {
        (c.subject, c.predicate, c.object or c.value, c.unit, c.as_of) for c in claims(items(DATA)) if c.source == SEED
    }
    zone, day = "reg:baotou-rehtz", "2020-09-25"
    assert said >= {
        ("prj:jl-mag-baotou-subsidiary", "located_in", zone, None, day),
        ("prj:jl-mag-baotou-subsidiary", "investment", 50_000_000.0, "CNY", day),
        ("prj:dongbao-organic-fertilizer", "located_in", zone, None, day),
        ("prj:dongbao-organic-fertilizer", "capacity", 200_000.0, "t/yr", day),
        ("prj:hongnijing-clean-energy", "investment", 14_000_000_000.0, "CNY", day),
        # the base lies elsewhere in the city
        ("prj:hongnijing-clean-energy", "located_in", "reg:baotou", None, day),
        *((policy, "supports", zone, None, day) for policy in (
            "pol:rehtz-eight-leading", "pol:rehtz-twenty-private", "pol:rehtz-ten-hq", "pol:rehtz-twenty-sti",
        )),
        ("pol:rehtz-eight-leading", "name_zh", "促进主导产业健康发展八条政策", None, None),
        ("pol:rehtz-twenty-private", "name_zh", "促进民营经济高质量发展二十条", None, None),
        ("pol:rehtz-ten-hq", "name_zh", "鼓励总部经济发展十条", None, None),
        ("pol:rehtz-twenty-sti", "name_zh", "科技创新二十条", None, None),
    }  # fmt: skip
