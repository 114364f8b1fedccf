"""The drawing is healthy but for one enterprise without a place; each fault here is planted."""

import pytest
from asking import ReaderOf, each_reader
from pydantic import ValidationError
from tiny import claim

from queries.lookup.check import CheckParams, Finding, run
from queries.lookup.check_names import indicator_key


def findings(
    reader_of: ReaderOf, kind: str, *planted: object, as_of: str = "2026-11-23", **params: object
) -> list[Finding]:
    reader = reader_of(*planted, as_of=as_of)  # type: ignore[arg-type]
    return list(run(reader, CheckParams.model_validate({"kind": kind} | params)).findings)


def nodes(found: list[Finding]) -> list[list[str]]:
    return [[node.id for node in one.nodes] for one in found]


@each_reader
def test_the_drawing(reader_of: ReaderOf) -> None:
    """nowhere has no place. The motor plant's word is of 2025-03, less than three years old and due in 2027."""
    answer = run(reader_of(), CheckParams())
    assert {kind: count for kind, count in answer.counts.items() if count} == {"unplaced": 1}
    assert [node.id for node in answer.findings[0].nodes] == ["ent:nowhere"]
    assert len(answer.findings[0].claims) > 0
    assert (answer.healthy, answer.unplaced, answer.totals) == (False, 1, {"findings": 1})
    assert list(answer.counts) == [
        "cycle", "dangling", "unknown_product", "product_incomplete", "conflict", "stale_status", "duplicate",
        "indicator_spelling", "unplaced",
    ]  # fmt: skip


@each_reader
def test_a_healthy_graph(reader_of: ReaderOf) -> None:
    placed = claim("ent:nowhere", "located_in", "reg:town", as_of="2024")
    assert run(reader_of(placed), CheckParams()).healthy


@each_reader
def test_circles(reader_of: ReaderOf) -> None:
    """The land becomes part of the zone, which is part of the province, which is part of the land. mag2 owns far, which
    owns it. magnet becomes a kind of hot-magnet. Nobody notices supplies: goods may go round."""
    found = findings(
        reader_of,
        "cycle",
        claim("reg:land", "part_of", "reg:zone"),
        claim("ent:mag2", "owns", "ent:far", as_of="2024"),
        claim("prd:magnet", "subclass_of", "prd:hot-magnet"),
        claim("ent:smelt", "supplies", "ent:sep", as_of="2024"),
    )
    assert nodes(found) == [
        ["reg:land", "reg:province", "reg:zone"],
        ["prd:hot-magnet", "prd:magnet"],
        ["ent:far", "ent:mag2"],
    ]
    assert [len(one.claims) for one in found] == [3, 2, 2]
    assert found[0].zh == "“属于地区”绕成一圈：3 个节点"


@each_reader
def test_a_node_that_is_part_of_itself(reader_of: ReaderOf) -> None:
    found = findings(reader_of, "cycle", claim("reg:town", "part_of", "reg:town"))
    assert nodes(found) == [["reg:town"]]
    assert found[0].en == "'part of' leads back to where it began: 1 node"


@each_reader
@pytest.mark.parametrize(("kind", "circles"), [("step", 1), ("recycling", 0)])
def test_recycling_may_close_a_circle_of_recipes(reader_of: ReaderOf, kind: str, circles: int) -> None:
    """A process that makes oxide-a of magnets: a circle as a step, none of our business as recycling."""
    back = [
        claim("prc:back", "name_zh", "回收"), claim("prc:back", "process_kind", kind),
        claim("prd:magnet", "input_to", "prc:back"), claim("prc:back", "yields", "prd:oxide-a"),
    ]  # fmt: skip
    found = findings(reader_of, "cycle", *back)
    assert len(found) == circles
    if circles:
        assert {"prd:oxide-a", "prd:metal", "prd:magnet", "prc:back", "prc:press", "prc:reduce"} <= set(nodes(found)[0])


@each_reader
def test_dangling_nodes_and_unknown_products(reader_of: ReaderOf) -> None:
    """sep and far make something that is only an id; smelt is placed in a region that is only an id."""
    planted = [
        claim("ent:sep", "produces", "prd:mystery", as_of="2024"),
        claim("ent:far", "produces", "prd:mystery", as_of="2024"),
        claim("ent:smelt", "located_in", "reg:void", as_of="2024"),
    ]  # fmt: skip
    assert nodes(findings(reader_of, "dangling", *planted)) == [["prd:mystery"], ["reg:void"]]
    (unknown,) = findings(reader_of, "unknown_product", *planted)
    assert nodes([unknown]) == [["prd:mystery", "ent:far", "ent:sep"]]
    assert len(unknown.claims) == 2
    # What nobody describes is reported once, not as a product without role, chain and stage as well.
    assert findings(reader_of, "product_incomplete", *planted) == []


@each_reader
def test_products_without_their_place(reader_of: ReaderOf) -> None:
    half = [claim("prd:half", "name_zh", "半成品"), claim("prd:half", "stage", "component")]
    (found,) = findings(reader_of, "product_incomplete", *half)
    assert (found.zh, found.en) == ("产品缺少：角色、产业链", "product without role, chain")


@each_reader
def test_conflicts(reader_of: ReaderOf) -> None:
    other = claim(
        "ent:sep",
        "produces",
        "prd:oxide-a",
        amount=120.0,
        unit="t/yr",
        qualifier="capacity",
        as_of="2023",
        source="src:s3",
    )
    (found,) = findings(reader_of, "conflict", other)
    assert nodes([found]) == [["ent:sep", "prd:oxide-a"]]
    # The company's page (s3) is preferred to the press (s2); both claims are named.
    assert found.en == "produces (capacity): 120 t/yr is preferred, 1 of equal date say otherwise"
    assert len(found.claims) == 2


@each_reader
@pytest.mark.parametrize(
    ("as_of", "years", "words"),
    [
        ("2027-07-01", 3, "still under construction, but was to be done by 2027-06"),
        ("2026-11-23", 1, "the status 'under construction' dates from 2025-03"),
        ("2026-03-30", 1, None),  # within a year of the end of 2025-03
        ("2024-12-31", 3, None),
    ],
)
def test_stale_statuses(reader_of: ReaderOf, as_of: str, years: float, words: str | None) -> None:
    """The plant: under construction as of 2025-03, to be done by 2027-06."""
    found = findings(reader_of, "stale_status", as_of=as_of, stale_years=years)
    assert [one.en for one in found] == ([words] if words else [])


@each_reader
def test_a_finished_project_is_never_stale(reader_of: ReaderOf) -> None:
    done = claim("prj:motor-plant", "status", "in_production", as_of="2027")
    assert findings(reader_of, "stale_status", done, as_of="2040") == []


@each_reader
def test_probable_duplicates(reader_of: ReaderOf) -> None:
    """One firm under two legal forms, and another in two spellings of its English name; a branch is another firm."""
    found = findings(
        reader_of,
        "duplicate",
        claim("ent:n1", "name_zh", "包头市北方稀土新材料有限公司"),
        claim("ent:n2", "name_zh", "北方稀土新材料（包头）股份有限公司"),
        claim("ent:n3", "name_zh", "包头市北方稀土新材料有限公司分公司"),
        claim("ent:e1", "name_en", "Acme Magnetics Co., Ltd."),
        claim("ent:e2", "name_en", "ACME Magnetics Inc"),
    )
    assert nodes(found) == [["ent:e1", "ent:e2"], ["ent:n1", "ent:n2"]]
    assert "包头市北方稀土新材料有限公司 / 北方稀土新材料（包头）股份有限公司" in found[1].zh
    assert len(found[1].claims) == 2


@each_reader
def test_indicator_names_that_differ_only_in_spelling(reader_of: ReaderOf) -> None:
    """Case, a hyphen, a plural and the order of words; another word makes another indicator."""
    found = findings(
        reader_of,
        "indicator_spelling",
        claim("reg:town", "indicator", 3.0, qualifier="Rare-earth enterprise", as_of="2023"),
        claim("reg:province", "indicator", 4.0, qualifier="enterprises, rare earth", as_of="2023"),
        claim("reg:province", "indicator", 5.0, qualifier="rare earth enterprises above size", as_of="2023"),
    )
    assert nodes(found) == [["reg:province", "reg:town", "reg:zone"]]
    assert "Rare-earth enterprise / enterprises, rare earth / rare earth enterprises" in found[0].en
    assert len(found[0].claims) == 3


def test_the_rule_of_spelling() -> None:
    same = indicator_key("Key projects (2020)")
    assert same == indicator_key("key project, 2020") == indicator_key("2020 Key-Projects")
    assert indicator_key("gas") == ("gas",)  # short words keep their s
    assert indicator_key("business") == ("business",)
    assert indicator_key("稀土企业") != indicator_key("稀土企业数")


@each_reader
def test_long_lists_are_cut(reader_of: ReaderOf) -> None:
    """Thirty without a place beside nowhere; a page of ten; a circle of thirty shows twenty of its nodes."""
    lost = [claim(f"ent:z{number:02}", "name_zh", f"失{number}") for number in range(30)]
    ring = [claim(f"ent:z{number:02}", "owns", f"ent:z{(number + 1) % 30:02}", as_of="2024") for number in range(30)]
    answer = run(reader_of(*lost, *ring), CheckParams(limit=10))
    assert (answer.counts["unplaced"], answer.counts["cycle"], len(answer.findings), answer.truncated) == (
        31,
        1,
        10,
        True,
    )
    first = answer.findings[0]
    assert (first.kind, len(first.nodes), first.nodes_total, len(first.claims)) == ("cycle", 20, 30, 20)


@each_reader
def test_bad_input(reader_of: ReaderOf) -> None:
    for wrong in ({"kind": "rust"}, {"stale_years": 0}, {"limit": -1}):
        with pytest.raises(ValidationError):
            CheckParams.model_validate(wrong)
