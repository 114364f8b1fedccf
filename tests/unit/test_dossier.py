"""A dossier, worked out by hand on the drawing: what is told, why here, what is open, and what cites what."""

import re
from typing import Any

import tiny
from asking import ReaderOf, each_reader

from queries.dossier.dossier import DossierAnswer, DossierParams, run
from queries.dossier.rows import QUESTIONS, REASONS, OpenQuestion, Reason
from queries.promotion import targets

CLAIM = re.compile(r"clm:[0-9a-f]{24}")


def ask(
    reader_of: ReaderOf, *more: Any, enterprise: str = "乙材料", region: str = "甲高新区", **given: Any
) -> DossierAnswer:
    as_of = given.pop("as_of", "2026-11-23")
    params = DossierParams(enterprise=enterprise, region=region, **given)
    return run(reader_of(*more, as_of=as_of), params)


def why(answer: DossierAnswer, kind: str) -> list[Reason]:
    return [one for one in answer.reasons if one.kind == kind]


def asked(answer: DossierAnswer, kind: str) -> OpenQuestion | None:
    return next((one for one in answer.questions if one.kind == kind), None)


def ids(nodes: Any) -> list[str]:
    return [node.id for node in nodes]


@each_reader
def test_what_is_published(reader_of: ReaderOf) -> None:
    """Far is in the town, makes binder and copper wire (both 2024, s4), supplies mag1, owns 60 % of mag2.

    Sources by first mention: s1 says the place, s4 all the rest of what is published.
    """
    answer = ask(reader_of)
    assert [(row.kind, row.region and row.region.id, row.told.source) for row in answer.identity] == [
        ("place", "reg:town", 1)
    ]
    assert [(row.product.id, row.counted, row.told.as_of, row.told.source) for row in answer.makes] == [
        ("prd:binder", True, "2024", 2),
        ("prd:copper-wire", True, "2024", 2),
    ]
    assert [(row.node.id, row.here, row.product and row.product.id) for row in answer.customers] == [
        ("ent:mag1", True, "prd:binder")
    ]
    assert [(row.node.id, row.here, row.told.value, row.told.unit) for row in answer.owned] == [
        ("ent:mag2", True, 60.0, "%")
    ]
    assert (answer.owners, answer.suppliers, answer.partners, answer.projects) == ((), (), (), ())
    assert [(one.number, one.source.id) for one in answer.sources[:2]] == [(1, "src:s1"), (2, "src:s4")]
    assert answer.unplaced == 0
    assert not answer.truncated


@each_reader
def test_why_here(reader_of: ReaderOf) -> None:
    """Binder is a broken link: nobody here makes it, the three magnet makers need it, its input oxide-b is implied.

    Motor is one process from copper wire, which nobody here makes; one of its two inputs, magnet, is here: extend.
    """
    answer = ask(reader_of)
    closes = why(answer, "closes")
    assert [(one.product and one.product.id, one.link, one.users, one.makers, one.inputs_here) for one in closes] == [
        ("prd:binder", "broken", 3, 0, 1.0)
    ]
    assert ids(closes[0].nodes) == ["ent:mag1", "ent:mag2", "ent:mag3"]
    near = why(answer, "near")
    assert [(one.product and one.product.id, one.link, ids(one.others)) for one in near] == [
        ("prd:motor", "extend", ["prd:copper-wire"])
    ]
    assert ids(why(answer, "owned_here")[0].nodes) == ["ent:mag2"]
    assert ids(why(answer, "customers_here")[0].nodes) == ["ent:mag1"]
    assert [one.kind for one in answer.reasons] == ["closes", "near", "owned_here", "customers_here"]
    assert answer.said.zh == (
        "乙材料生产粘结剂、铜线，粘结剂是甲高新区的断点，3家本地企业要用，与甲高新区的2家企业或机构有股权、供销或合作关系。"
    )


@each_reader
def test_a_project_here_closes_it_earlier(reader_of: ReaderOf) -> None:
    """Motorco makes motors; the plant of the drawing will, by June 2027."""
    answer = ask(reader_of, enterprise="海外电机")
    closes = why(answer, "closes")
    assert [(one.product and one.product.id, one.link, one.closes_on) for one in closes] == [
        ("prd:motor", "extend", "2027-06")
    ]
    assert ids(why(answer, "suppliers_here")[0].nodes) == ["ent:mag1"]


@each_reader
def test_about_one_product(reader_of: ReaderOf) -> None:
    """Asked about motors, far is not on record as a maker; it would be one process from its copper wire."""
    answer = ask(reader_of, product="motor")
    assert answer.product is not None
    assert answer.params["product"] == "prd:motor"
    assert why(answer, "closes") == []
    assert [one.product and one.product.id for one in why(answer, "not_recorded")] == ["prd:motor"]
    assert [one.product and one.product.id for one in why(answer, "near")] == ["prd:motor"]


@each_reader
def test_who_is_here_already(reader_of: ReaderOf) -> None:
    answer = ask(reader_of, enterprise="甲冶炼")
    assert answer.reasons[0].kind == "here"
    # Metal is made by it alone: a link to strengthen, which it would not bring but grow.
    # It uses oxide-a, which sep makes here and supplies.
    assert [(one.product and one.product.id, one.link) for one in why(answer, "grows")] == [("prd:metal", "strengthen")]
    assert ids(why(answer, "inputs")[0].nodes) == ["prd:oxide-a"]


@each_reader
def test_movement_counts_what_is_away_and_recent(reader_of: ReaderOf) -> None:
    """A project abroad of 2025 counts; one of 2019, one in its own town and one in the zone do not."""

    def project(name: str, region: str, year: str) -> list[Any]:
        return [
            tiny.claim(f"prj:{name}", "name_zh", name),
            tiny.claim("ent:far", "invests_in", f"prj:{name}", as_of=year),
            tiny.claim(f"prj:{name}", "located_in", f"reg:{region}", as_of=year),
            tiny.claim(f"prj:{name}", "status", "signed", as_of=year),
        ]

    more = [*project("new", "abroad", "2025"), *project("old", "abroad", "2019"), *project("home", "town", "2025")]
    answer = ask(reader_of, *more, *project("come", "zone", "2024"))
    assert ids(why(answer, "movement")[0].nodes) == ["prj:new"]
    assert ids(why(answer, "projects_here")[0].nodes) == ["prj:come"]
    # In the zone first, then the newest.
    assert ids(row.project for row in answer.projects) == ["prj:come", "prj:home", "prj:new", "prj:old"]
    assert [row.status for row in answer.projects] == ["signed"] * 4
    status = asked(answer, "project_status")
    assert status is not None
    assert ids(status.about) == ["prj:old"]


@each_reader
def test_what_is_open(reader_of: ReaderOf) -> None:
    """Of far: no capacity is told for either product, no owner is told. All else is."""
    answer = ask(reader_of)
    assert [one.kind for one in answer.questions] == ["capacity_untold", "owners_unknown"]
    capacity = asked(answer, "capacity_untold")
    assert capacity is not None
    assert sorted(ids(capacity.about)) == ["prd:binder", "prd:copper-wire"]


@each_reader
def test_each_rule_of_what_is_open(reader_of: ReaderOf) -> None:
    """Nowhere has no place; planted claims make the other rules speak."""
    nowhere = ask(reader_of, enterprise="无处电镀")
    assert asked(nowhere, "place_unknown") is not None
    assert nowhere.unplaced == 1
    assert asked(nowhere, "trade_unknown") is not None

    rough = ask(
        reader_of, tiny.claim("ent:nowhere", "located_in", "reg:land", flags=("coarse",)), enterprise="无处电镀"
    )
    assert [asked(rough, "place_unknown"), asked(rough, "place_coarse") is not None] == [None, True]

    # Mag1 plans 90 t/yr since 2024 and has 50; its figures are of 2023.
    planned = asked(ask(reader_of, enterprise="磁一"), "plan_not_reached")
    assert planned is not None
    assert [told.value for told in planned.told] == [90.0]
    reached = tiny.claim(
        "ent:mag1", "produces", "prd:magnet", amount=95.0, unit="t/yr", qualifier="capacity", as_of="2026"
    )
    assert asked(ask(reader_of, reached, enterprise="磁一"), "plan_not_reached") is None
    assert asked(ask(reader_of, enterprise="磁一"), "old_only") is None
    assert asked(ask(reader_of, enterprise="磁一", as_of="2027-06"), "old_only") is not None

    other = {"unit": "t/yr", "qualifier": "capacity", "as_of": "2023", "source": "src:s1"}
    rivals = tiny.claim("ent:sep", "produces", "prd:oxide-a", amount=120.0, **other)
    conflict = asked(ask(reader_of, rivals, enterprise="甲分离"), "conflict")
    assert conflict is not None
    assert ids(conflict.about) == ["prd:oxide-a"]
    assert {told.value for told in conflict.told} | {
        rival.value for told in conflict.told for rival in told.rivals
    } == {
        100.0,
        120.0,
    }

    kind = [tiny.claim("prd:stuff", "name_zh", "材料类"), tiny.claim("prd:stuff", "role", "class")]
    vague = ask(
        reader_of, *kind, tiny.claim("ent:nowhere", "produces", "prd:stuff", as_of="2024"), enterprise="无处电镀"
    )
    assert ids(asked(vague, "class_only").about) == ["prd:stuff"]  # type: ignore[union-attr]

    late = [
        tiny.claim("ent:far", "invests_in", "prj:motor-plant", as_of="2024"),
        tiny.claim("ent:far", "owns", "ent:mag3", as_of="2024"),
        tiny.claim("ent:far", "partners_with", "ent:mag1", as_of="2024"),
    ]
    overdue = ask(reader_of, *late, as_of="2027-12")
    assert ids(asked(overdue, "project_overdue").about) == ["prj:motor-plant"]  # type: ignore[union-attr]
    assert overdue.projects[0].overdue
    assert ids(asked(overdue, "share_untold").about) == ["ent:mag3"]  # type: ignore[union-attr]
    assert ids(row.node for row in overdue.partners) == ["ent:mag1"]


@each_reader
def test_flags_are_told_and_do_not_count(reader_of: ReaderOf) -> None:
    """What is planned or doubtful stands after what is, and gives no reason."""
    planned = tiny.claim("ent:nowhere", "produces", "prd:binder", as_of="2026", flags=("plan",), qualifier="plan")
    doubtful = tiny.claim("ent:nowhere", "supplies", "ent:mag1", as_of="2024", flags=("doubtful",))
    answer = ask(reader_of, planned, doubtful, enterprise="无处电镀")
    assert [(row.product.id, row.counted) for row in answer.makes] == [("prd:plating", True), ("prd:binder", False)]
    assert [row.told.flags for row in answer.customers] == [("doubtful",)]
    assert why(answer, "customers_here") == []
    assert "prd:binder" not in [one.product and one.product.id for one in why(answer, "closes")]


@each_reader
def test_rank_and_score_are_those_of_targets(reader_of: ReaderOf) -> None:
    """For the link it could close and the one it is near to; who is here already is no candidate."""
    for one in ask(reader_of).reasons[:2]:
        assert one.product is not None
        found = targets.run(reader_of(), targets.TargetsParams(region="甲高新区", product=one.product.id))
        (row,) = (row for row in found.targets if row.enterprise.id == "ent:far")
        assert (one.rank, one.candidates) == (row.rank, found.totals["targets"])
        assert one.score == round(row.score, 4)
    assert {one.score for one in ask(reader_of, enterprise="甲冶炼").reasons} == {None}


@each_reader
def test_policies_and_offers(reader_of: ReaderOf) -> None:
    """A condition for binder comes first, an old one last; the zone's own offers lead; old ones are asked about."""

    def condition(policy: str, about: str | None, benefit: str, as_of: str | None) -> Any:
        detail = (("applies_to", "" if about else "industrial enterprises"), ("benefit", benefit), ("condition", ""))
        made = tiny.claim(f"pol:{policy}", "condition", about or "", qualifier=benefit, as_of=as_of, detail=detail)
        return made if about else made._replace(value=None)

    more = [
        *(tiny.claim(f"pol:{name}", "name_zh", name) for name in ("new", "old", "plan")),
        *(tiny.claim(f"pol:{name}", "supports", "reg:zone", as_of="2024") for name in ("new", "old", "plan")),
        tiny.claim("pol:plan", "supports", "prd:binder", as_of="2024"),
        condition("new", None, "rent", "2025"),
        condition("new", "prd:binder", "grant", "2025"),
        condition("new", "prd:magnet", "for others", "2025"),
        condition("old", None, "loan", "2014"),
        tiny.claim("reg:zone", "offers", 500.0, unit="mu", qualifier="industrial land", as_of="2025"),
        tiny.claim("reg:province", "offers", None, qualifier="electricity"),
    ]
    answer = ask(reader_of, *more)
    assert [(row.policy.id, row.benefit, row.verdict, row.product and row.product.id) for row in answer.policies] == [
        ("pol:new", "grant", "applies", "prd:binder"),
        ("pol:new", "rent", "applies", None),
        ("pol:old", "loan", "applies", None),
        ("pol:plan", None, None, "prd:binder"),
    ]
    assert [[said.en for said in row.met] for row in answer.policies[:1]] == [["makes binder"]]
    assert [(row.region.id, row.name, row.told.value) for row in answer.offers] == [
        ("reg:zone", "industrial land", 500.0),
        ("reg:province", "electricity", None),
    ]
    assert ids(asked(answer, "policy_undated").about) == ["pol:old"]  # type: ignore[union-attr]
    assert asked(answer, "offer_old") is not None


@each_reader
def test_owners_over_tiers(reader_of: ReaderOf) -> None:
    """Top owns 70 % of far, which owns 60 % of mag2: for mag2, far is direct and top one further, over far."""
    top = [tiny.claim("ent:top", "name_zh", "顶层"), tiny.claim("ent:top", "owns", "ent:far", amount=70.0, unit="%")]
    answer = ask(reader_of, *top, enterprise="磁二")
    assert [(row.node.id, row.tier, row.via and row.via.id) for row in answer.owners] == [
        ("ent:far", 1, None),
        ("ent:top", 2, "ent:far"),
    ]


@each_reader
def test_every_row_cites_a_numbered_source_and_its_claims_say_so(reader_of: ReaderOf) -> None:
    """Numbers run from 1 without a gap; every claim named exists, and its source is among those numbered."""
    for enterprise in ("乙材料", "磁一", "甲分离", "海外电机", "无处电镀"):
        answer = ask(reader_of, enterprise=enterprise)
        numbers = [one.number for one in answer.sources]
        assert numbers == list(range(1, len(numbers) + 1))
        by_number = {one.number: one.source.id for one in answer.sources}
        text = answer.model_dump_json()
        claims = sorted(set(CLAIM.findall(text)))
        found = reader_of().claims(claims)
        assert [one.id for one in sorted(found, key=lambda one: one.id)] == claims
        source_of = {one.id: one.claim.source for one in found}
        for told in _told(answer.model_dump()):
            assert by_number[told["source"]] == source_of[told["claim"]]
        for grounds in (one.grounds for one in (*answer.reasons, *answer.questions)):
            assert {by_number[number] for number in grounds.sources} == {source_of[claim] for claim in grounds.claims}
        assert all(one.grounds.claims for one in answer.reasons)


def _told(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if {"claim", "source"} <= value.keys() else []
        return own + [told for one in value.values() for told in _told(one)]
    return [told for one in value for told in _told(one)] if isinstance(value, list | tuple) else []


def test_words_for_every_kind() -> None:
    from reports.dossier_reasons import _ASKED

    assert _ASKED.keys() == QUESTIONS.keys()
    assert all(zh and en for zh, en in (*REASONS.values(), *QUESTIONS.values()))


@each_reader
def test_what_nobody_told_to_concern_it_is_offered_last(reader_of: ReaderOf) -> None:
    """Far makes binder; that it takes in magnets is not told, so a premium on buying them comes after the rent."""
    bonus = (("applies_to", ""), ("benefit", "premium"), ("condition", "buys magnets"))
    rent = (("applies_to", "industrial enterprises"), ("benefit", "rent"), ("condition", "newly built"))
    more = [
        tiny.claim("pol:new", "name_zh", "new"),
        tiny.claim("pol:new", "supports", "reg:zone", as_of="2024"),
        tiny.claim("pol:new", "condition", "prd:magnet", qualifier="premium", as_of="2025", detail=bonus),
        tiny.claim("pol:new", "condition", "", qualifier="rent", as_of="2025", detail=rent)._replace(value=None),
    ]
    answer = ask(reader_of, *more)
    assert [(row.benefit, row.verdict) for row in answer.policies] == [("rent", "to_check"), ("premium", "to_check")]
