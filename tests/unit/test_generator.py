"""The made-up benchmark data has the shipped layout, holds together, and is the same for the same seed."""

import csv
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from benchmarks.generator import BAD, SIZES, generate, main
from benchmarks.recipes import CHAINS, STAGES
from benchmarks.sheets import HEADERS
from benchmarks.world import Size
from graph.model.claims import GRADES
from graph.model.dates import end_of, parse_date, start_of
from graph.model.errors import BadInput
from graph.model.kinds import PROCESS_KINDS, PROJECT_STATUSES, ROLES, kind_of
from graph.model.kinds import STAGES as MODEL_STAGES
from graph.model.predicates import FLAGS, PREDICATES
from graph.model.units import unit_of

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "data"
TINY = SIZES["tiny10k"]
Rows = list[dict[str, str]]
Sheets = dict[str, Rows]


def read(folder: Path) -> Sheets:
    sheets = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            sheets[path.stem] = list(csv.DictReader(file, strict=True))
    return sheets


def digest(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("generator") / "tiny"
    generate(TINY, made, seed=1)
    return made


@pytest.fixture(scope="module")
def sheets(folder: Path) -> Sheets:
    return read(folder)


@pytest.fixture(scope="module")
def known(sheets: Sheets) -> set[str]:
    """Every id a row may point at."""
    return {row["id"] for row in sheets["entities"]} | {row["source_id"] for row in sheets["sources"]}


def count_relations(size: Size) -> int:
    """Rows of relations.csv: 97 % of the enterprises placed, 1.5 % a second time, projects with 1.3 products each."""
    places = size.enterprises - size.enterprises * 3 // 100 + size.enterprises * 15 // 1000
    of_projects = size.projects * 3 + size.projects * 3 // 10
    of_others = size.institutions * 4 + size.policies * 2
    of_regions_and_products = size.regions - 8 + size.products // 20
    claims = size.produces + size.supplies + size.owns + size.consumes
    return places + of_projects + of_others + of_regions_and_products + claims


def test_the_same_seed_gives_the_same_bytes_whatever_process_writes_them(folder: Path, tmp_path: Path) -> None:
    script = [sys.executable, "benchmarks/generator.py", "tiny10k", str(tmp_path / "again"), "--seed", "1"]
    environment = os.environ | {"PYTHONHASHSEED": "77"}
    done = subprocess.run(script, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert "relations" in done.stdout
    assert digest(tmp_path / "again") == digest(folder)


def test_another_seed_gives_other_rows_and_as_many(folder: Path, tmp_path: Path) -> None:
    generate(TINY, tmp_path / "other", seed=2)
    ours, other = digest(folder), digest(tmp_path / "other")
    assert ours["relations.csv"] != other["relations.csv"]
    assert ours["relations.csv"].count(b"\n") == other["relations.csv"].count(b"\n")


def test_files_and_headers_are_those_of_the_shipped_data(folder: Path) -> None:
    def headers(where: Path) -> dict[str, str]:
        return {path.name: path.read_text(encoding="utf-8").partition("\n")[0] for path in where.glob("*.csv")}

    assert headers(folder) == headers(SHIPPED)
    assert headers(folder) == {f"{sheet}.csv": ",".join(columns) for sheet, columns in HEADERS.items()}


def test_sizes_are_as_promised(sheets: Sheets) -> None:
    assert [count_relations(SIZES[name]) for name in ("tiny10k", "D1")] == [10_000, 5_000_000]
    assert len(sheets["relations"]) == 10_000
    kinds = Counter(row["kind"] for row in sheets["entities"])
    assert kinds == {
        "enterprise": 1_500, "product": 200, "region": 60, "project": 30, "institution": 10, "policy": 5,
    }  # fmt: skip
    said = Counter(row["predicate"] for row in sheets["relations"])
    assert (said["produces"], said["supplies"], said["owns"], said["consumes"]) == (3_000, 5_012, 150, 150)
    assert len({row["process_id"] for row in sheets["processes"]}) == TINY.processes
    big = SIZES["G200k"]
    assert (big.enterprises, big.products, big.regions, big.produces, big.supplies) == (
        200_000,
        5_000,
        3_000,
        600_000,
        1_000_000,
    )


def test_ids_and_names_are_unique(sheets: Sheets) -> None:
    ids = [row["id"] for row in sheets["entities"]] + [row["source_id"] for row in sheets["sources"]]
    assert len(ids) == len(set(ids))
    assert [row["id"] for row in sheets["entities"]] == sorted(row["id"] for row in sheets["entities"])
    assert all(kind_of(row["id"]).name == row["kind"] for row in sheets["entities"])
    names = [row["name_zh"] for row in sheets["entities"] if row["name_zh"]]
    assert len(names) == len(set(names))
    assert all(row["name_zh"] or row["name_en"] for row in sheets["entities"])
    assert "包头稀土高新区" in names
    addresses = [row["url"] for row in sheets["sources"]]
    assert len(addresses) == len(set(addresses))


def test_no_row_comes_twice(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) == len(set(lines)), path.name


def test_every_reference_resolves_and_joins_the_right_kinds(sheets: Sheets, known: set[str]) -> None:
    for row in sheets["relations"]:
        said = PREDICATES[row["predicate"]]
        assert {row["subject"], row["object"], row["source_id"]} <= known
        assert kind_of(row["subject"]).name in said.subjects
        assert kind_of(row["object"]).name in said.objects
        if said.qualifier == "product":
            assert row["qualifier"] in known
        else:
            assert row["qualifier"] in (said.qualifier or ("",))
    pointers = {
        "entities": ("source_id",), "processes": ("product_id", "site", "source_id"), "offers": ("region", "source_id"),
        "indicators": ("subject", "source_id"), "statuses": ("project", "source_id"),
        "policy_conditions": ("policy", "applies_to", "source_id"),
    }  # fmt: skip
    for sheet, columns in pointers.items():
        assert {row[column] for row in sheets[sheet] for column in columns} - {""} <= known, sheet
    targets = {target for row in sheets["chains"] for target in row["targets"].split(";")} - {""}
    assert targets <= known


def test_what_is_supplied_is_made_by_the_supplier(sheets: Sheets) -> None:
    made = {(row["subject"], row["object"]) for row in sheets["relations"] if row["predicate"] == "produces"}
    sold = [row for row in sheets["relations"] if row["predicate"] == "supplies"]
    assert {(row["subject"], row["qualifier"]) for row in sold} <= made
    assert all(row["subject"] != row["object"] for row in sold)


def test_customers_are_spread_and_suppliers_have_hubs_that_are_not_absurd(sheets: Sheets) -> None:
    sold = [row for row in sheets["relations"] if row["predicate"] == "supplies"]
    suppliers, customers = Counter(row["subject"] for row in sold), Counter(row["object"] for row in sold)
    # 2 % of 5,012 is 100; a mean customer has 3.3 suppliers.
    assert 60 <= max(suppliers.values()) <= 150
    assert max(customers.values()) <= 15
    assert len(customers) > 1_400


@pytest.mark.parametrize("predicate", ["part_of", "subclass_of", "owns"])
def test_no_cycle(predicate: str, sheets: Sheets) -> None:
    above: dict[str, set[str]] = defaultdict(set)
    for row in sheets["relations"]:
        if row["predicate"] == predicate:
            above[row["subject"]].add(row["object"])
    assert above
    while above:
        free = [node for node, over in above.items() if not over & above.keys()]
        assert free, f"cycle among {sorted(above)[:5]}"
        for node in free:
            del above[node]


def test_regions_are_a_tree_of_four_levels(sheets: Sheets) -> None:
    parents = [(row["subject"], row["object"]) for row in sheets["relations"] if row["predicate"] == "part_of"]
    parent = dict(parents)
    assert len(parents) == len(parent)
    regions = [row["id"] for row in sheets["entities"] if row["kind"] == "region"]

    def depth(region: str) -> int:
        return 1 + depth(parent[region]) if region in parent else 0

    levels = Counter(depth(region) for region in regions)
    assert sorted(levels) == [0, 1, 2, 3]
    assert levels[3] > levels[2] > levels[1]


def test_placed_and_unplaced(sheets: Sheets) -> None:
    places = Counter(
        row["subject"]
        for row in sheets["relations"]
        if row["predicate"] == "located_in" and row["subject"][:3] == "ent"
    )
    assert TINY.enterprises - len(places) == 45  # 3 % of 1,500
    assert sum(count > 1 for count in places.values()) == 22


def test_words_numbers_and_dates_are_in_range(sheets: Sheets) -> None:
    dated = {row["source_id"]: row["date"] for row in sheets["sources"]}
    for row in sheets["sources"]:
        assert row["grade"] in GRADES
        assert not row["date"] or "2012" <= parse_date(row["date"])[:4] <= "2025"
    for row in sheets["relations"]:
        assert row["flag"] in ("", *FLAGS)
        assert bool(row["value"]) == bool(row["unit"])
        if row["value"]:
            unit_of(row["unit"])
            assert 1 <= float(row["value"]) <= (100 if row["unit"] == "%" else 1e10)
        if row["as_of"] and dated[row["source_id"]]:
            assert start_of(row["as_of"]) <= end_of(dated[row["source_id"]])
        if row["until"] and row["as_of"]:
            assert end_of(row["as_of"]) < start_of(row["until"])
    for row in sheets["entities"]:
        if row["kind"] == "product":
            assert (row["stage"] in MODEL_STAGES, row["chain"] in CHAINS, row["role"] in ROLES) == (True, True, True)
        if row["kind"] == "project":
            assert row["status"] in PROJECT_STATUSES
    for sheet, column in (("indicators", "value"), ("offers", "value"), ("policy_conditions", "value")):
        for row in sheets[sheet]:
            unit_of(row["unit"])
            assert float(row[column]) > 0
    for column in ("start_date", "completion_date", "founded"):
        assert all(parse_date(row[column]) for row in sheets["entities"] if row[column])


def test_roles_and_grades_are_mixed_like_the_shipped_data(sheets: Sheets) -> None:
    roles = Counter(row["role"] for row in sheets["entities"] if row["kind"] == "product")
    assert set(roles) == set(ROLES)
    assert roles.most_common(1)[0][0] == "link"
    assert {row["grade"] for row in sheets["sources"]} == set(GRADES)


def test_the_history_of_a_project_ends_in_its_status(sheets: Sheets) -> None:
    last: dict[str, dict[str, str]] = {}
    for row in sheets["statuses"]:
        before = last.get(row["project"])
        assert before is None or start_of(before["as_of"]) <= end_of(row["as_of"])
        last[row["project"]] = row
    told = {row["id"]: row["status"] for row in sheets["entities"] if row["kind"] == "project"}
    assert told == {project: row["status"] for project, row in last.items()}


def test_processes_go_down_the_stages_and_make_no_mass(sheets: Sheets) -> None:
    stage = {row["id"]: STAGES.index(row["stage"]) for row in sheets["entities"] if row["kind"] == "product"}
    flows: dict[str, Rows] = defaultdict(list)
    for row in sheets["processes"]:
        flows[row["process_id"]].append(row)
    kinds = Counter(rows[0]["kind"] for rows in flows.values())
    assert set(kinds) == set(PROCESS_KINDS)
    assert 2 <= kinds["recycling"] <= 5
    assert sum(bool(rows[0]["site"]) for rows in flows.values()) in range(1, 20)
    first = {key: next(row["product_id"] for row in rows if row["role"] == "output") for key, rows in flows.items()}
    stepped = {first[key] for key, rows in flows.items() if rows[0]["kind"] == "step"}
    for rows in flows.values():
        inputs = [row for row in rows if row["role"] == "input"]
        outputs = [row for row in rows if row["role"] == "output"]
        assert len(inputs) in range(1, 6)
        assert len(outputs) in range(1, 4)
        assert [row["kg_per_kg"] for row in rows if row["is_main"] == "1"] == ["1"]
        assert len({(row["kind"], row["site"], row["basis"], row["name_zh"]) for row in rows}) == 1
        earliest_output = min(stage[row["product_id"]] for row in outputs)
        if rows[0]["kind"] == "recycling":
            assert all(stage[row["product_id"]] > earliest_output for row in inputs)
        else:
            assert all(stage[row["product_id"]] < earliest_output for row in inputs)
        # An aggregate stands for steps that are not there (as a by-product of one its product may still turn up).
        if rows[0]["kind"] == "aggregate":
            assert outputs[0]["product_id"] not in stepped
        if all(row["kg_per_kg"] for row in inputs):
            assert sum_kg(outputs) <= sum_kg(inputs)
        assert all(float(row["kg_per_kg"]) > 0 for row in inputs + outputs if row["kg_per_kg"])


def sum_kg(rows: Iterable[dict[str, str]]) -> float:
    return sum(float(row["kg_per_kg"] or 0) for row in rows)


def test_the_manifest_names_every_bad_row_and_no_other(folder: Path, tmp_path: Path) -> None:
    generate(TINY, tmp_path / "bad", seed=1, bad=0.02)
    with (tmp_path / "bad-bad.csv").open(encoding="utf-8", newline="") as file:
        manifest = list(csv.DictReader(file))
    assert len(manifest) == 200
    assert set(Counter(entry["kind"] for entry in manifest)) == set(BAD)
    assert min(Counter(entry["kind"] for entry in manifest).values()) >= 40
    good, bad = digest(folder), digest(tmp_path / "bad")
    assert {name for name in good if good[name] != bad[name]} == {"relations.csv"}
    before, after = read(folder)["relations"], read(tmp_path / "bad")["relations"]
    # Row 1 is the header.
    differing = {place + 2 for place, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]}
    assert differing == {int(entry["row"]) for entry in manifest}
    for entry in manifest:
        row, column = int(entry["row"]) - 2, entry["column"]
        assert entry["file"] == "relations.csv"
        assert after[row] == before[row] | {column: entry["value"]}
        assert is_bad(entry["kind"], entry["value"])


def is_bad(kind: str, text: str) -> bool:
    """Whether the text is really wrong by the rules of the model."""
    checks: dict[str, Callable[[str], object]] = {"bad number": float, "bad date": parse_date}
    if kind not in checks:
        return text not in PREDICATES if kind == "unknown predicate" else not text
    with pytest.raises((ValueError, BadInput)):
        checks[kind](text)
    return True


def test_the_changed_folder_has_other_values_in_that_share_of_relations(folder: Path, tmp_path: Path) -> None:
    generate(TINY, tmp_path / "new", seed=1, changed=0.01, seed2=5)
    assert digest(tmp_path / "new") == digest(folder)
    old, new = digest(folder), digest(tmp_path / "new-changed")
    assert {name for name in old if old[name] != new[name]} == {"relations.csv"}
    pairs = zip(read(folder)["relations"], read(tmp_path / "new-changed")["relations"], strict=True)
    changed = [(before, after) for before, after in pairs if before != after]
    assert len(changed) == 100
    for before, after in changed:
        assert before["value"]
        assert after == before | {"value": after["value"]}
        assert float(after["value"]) != float(before["value"])
        assert before["unit"] != "%" or 1 <= float(after["value"]) <= 100


def test_bad_rows_stay_as_they_are_in_the_changed_folder(tmp_path: Path) -> None:
    generate(TINY, tmp_path / "both", seed=1, bad=0.02, changed=0.02)
    before, after = read(tmp_path / "both")["relations"], read(tmp_path / "both-changed")["relations"]
    changed = {place + 2 for place, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]}
    with (tmp_path / "both-bad.csv").open(encoding="utf-8", newline="") as file:
        bad = {int(entry["row"]) for entry in csv.DictReader(file)}
    assert (len(changed), changed & bad) == (200, set())


@pytest.mark.parametrize(
    "arguments", [["huge"], ["tiny10k", "--bad", "0.9"], ["tiny10k", "--bad", "-1"], ["tiny10k", "--changed", "0.4"]]
)
def test_wrong_arguments_end_with_2_and_a_reason(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([arguments[0], str(tmp_path / "none"), *arguments[1:]])
    assert end.value.code == 2
    assert "error: " in capsys.readouterr().err
