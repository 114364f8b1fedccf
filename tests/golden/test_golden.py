"""Answers on the shipped data, compared with the reviewed ones beside this file as parsed JSON.

`make golden` rewrites them; the diff is then read, line by line, before it is committed.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.backtest_page import DAY, PAGE, page
from graph.model.dates import AsOf
from graph.readers.opening import Readers
from graph.stores.port import Store
from queries.chain.certificate_parts import CertificateAnswer
from queries.citations import Citation, cite, read_citation, verify, written
from queries.registry import QUERIES

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "docs" / "examples" / "certificate.json"


def _template(name: str) -> str:
    return (HERE.parents[1] / "data" / "templates" / name).read_text("utf-8")


ASKED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "gaps-zone": ("gaps", "2026-11-23", {"region": "包头稀土高新区", "all": True}),
    "gaps-baotou": ("gaps", "2026-11-23", {"region": "包头市"}),
    "gaps-baotou-2019": ("gaps", "2019-12-31", {"region": "包头市"}),
    "gaps-ganzhou-magnet": ("gaps", "2026-11-23", {"region": "赣州市", "chain": "magnet"}),
    "pipeline-zone": (
        "pipeline",
        "2026-11-23",
        {"region": "包头稀土高新区", "limit": 4, "delay": ["prj:xtc-baotou-total:18"], "weight": ["signed=0.2"]},
    ),
    "what-if-zone": (
        "what-if",
        "2026-11-23",
        {"region": "包头稀土高新区", "attract": ["金力永磁:稀土氟化物:3000"], "delay": ["prj:xtc-baotou-total:18"]},
    ),
    "certificate-dysprosium-iron": ("certificate", "2026-11-23", {"region": "包头稀土高新区", "product": "镝铁合金"}),
    "critical-zone-catalyst": (
        "critical",
        "2026-11-23",
        {"region": "包头稀土高新区", "product": "稀土脱硝催化剂"},
    ),
    "fit-jl-mag-phase-3": ("fit", "2026-11-23", {"region": "包头稀土高新区", "project": "金力永磁包头三期项目"}),
    "fit-fluoride-sheet": (
        "fit",
        "2026-11-23",
        {"region": "包头稀土高新区", "sheet": _template("project.yaml"), "offers": _template("zone-offers.yaml")},
    ),
    "policies-magnet-zone": (
        "policies",
        "2026-11-23",
        {"region": "包头稀土高新区", "product": "烧结钕铁硼磁体", "limit": 8},
    ),
    "backtest-baotou-2019": ("backtest", "2026-11-23", {"region": "包头市", "cut_off": "2019-12-31"}),
    "producers-fluoride": ("producers", "2026-11-23", {"product": "稀土氟化物", "region": "包头市"}),
    "suppliers-jl-mag": ("suppliers", "2026-11-23", {"enterprise": "金力永磁"}),
    "paths-northern-jl-mag": ("paths", "2026-11-23", {"a": "北方稀土", "b": "JL MAG"}),
    "targets-zone-fluoride": (
        "targets",
        "2026-11-23",
        {"region": "包头稀土高新区", "product": "稀土氟化物", "limit": 4, "explain": "ent:ganzhou-shilei"},
    ),
    "region-zone-2020": ("region", "2020-09-30", {"region": "包头稀土高新区"}),
    "coverage-zone": ("coverage", "2026-11-23", {"region": "包头稀土高新区"}),
    "search-xitu": ("search", "2026-11-23", {"text": "稀土", "limit": 10}),
}


@pytest.fixture(scope="session")
def readers(shipped_store: Store) -> Readers:
    return Readers(shipped_store)


@pytest.mark.parametrize("name", ASKED)
def test_answer(name: str, readers: Readers, request: pytest.FixtureRequest) -> None:
    question, day, params = ASKED[name]
    query = QUERIES[question]
    answer = query.run(readers.at(AsOf.parse(day)), query.params.model_validate(params))
    got = json.loads(answer.model_dump_json(by_alias=True))
    file = HERE / f"{name}.json"
    if request.config.getoption("--rewrite-golden"):
        file.write_text(json.dumps(got, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert got == json.loads(file.read_text(encoding="utf-8"))


def test_the_example_in_the_docs_is_the_certificate_of_today(readers: Readers, request: pytest.FixtureRequest) -> None:
    """docs/examples/certificate.json fits its schema and verifies on the shipped data."""
    query = QUERIES["certificate"]
    reader = readers.at(AsOf.parse("2026-11-23"))
    answer = query.run(reader, query.params(region="包头稀土高新区", product="镝铁合金"))
    if request.config.getoption("--rewrite-golden"):
        EXAMPLE.parent.mkdir(exist_ok=True)
        EXAMPLE.write_text(written(cite(query, answer)), encoding="utf-8")
    text = EXAMPLE.read_bytes()
    Citation[CertificateAnswer].model_validate_json(text)
    assert verify(read_citation(text, EXAMPLE.name), readers.at, QUERIES).verdict == "same"


def test_baotou_reads_as_the_issue_says(readers: Readers) -> None:
    """What was tried by hand before building: 10 local users of fluoride, 2 makers elsewhere, 24 makers in its chain;
    4 users of wind flanges and Tianbao's project; 4 build directions; 26 unknown links, three of them needed here."""
    query = QUERIES["gaps"]
    answer = query.run(readers.at(AsOf.parse("2026-11-23")), query.params(region="包头市"))
    fluoride = answer.gaps[0]
    assert (fluoride.product.id, fluoride.kind, fluoride.users) == ("prd:rare-earth-fluoride", "broken", 10)
    assert (fluoride.makers_elsewhere, fluoride.evidence.makers_in_chain) == (2, 24)
    flange = next(gap for gap in answer.gaps if gap.product.id == "prd:wind-flange")
    assert (flange.kind, flange.users) == ("fill", 4)
    assert [item.project.id for item in flange.pipeline] == ["prj:tianbao-flange"]
    assert (answer.build, answer.counts.unknown) == (4, 26)
    needed = [(link.product.id, link.users) for link in answer.unknown if link.users]
    assert needed == [("prd:zinc-plating", 12), ("prd:flat-wire", 7), ("prd:phosphor", 1)]


def test_every_gap_lists_its_evidence(readers: Readers) -> None:
    query = QUERIES["gaps"]
    reader = readers.at(AsOf.parse("2026-11-23"))
    for gap in query.run(reader, query.params(region="包头稀土高新区", all=True)).gaps:
        assert gap.claims, gap.product.id
        found = reader.claims(gap.claims)
        assert {stored.id for stored in found} == set(gap.claims)
        assert {stored.status for stored in found} == {"accepted"}


def test_the_tables_of_the_back_test_are_those_of_the_shipped_data(readers: Readers) -> None:
    assert PAGE.read_text("utf-8") == page(PAGE.read_text("utf-8"), readers.at(AsOf.parse(DAY))), "run: make backtest"
