"""`targets`: a case worked by hand, who is left out, what is cited, bad input, and that nobody reorders the others."""

import re
from typing import Any

import pytest
from asking import READERS, ReaderOf, each_reader
from oracles.shipped import shipped
from pydantic import ValidationError
from tiny import CLAIMS, claim

from graph.model.errors import BadInput, UnknownName
from graph.readers.port import Reader
from queries.chain.assessment import Thresholds
from queries.promotion import targets
from queries.promotion.ranking import open_desk
from queries.promotion.scores import DEFAULT_WEIGHTS
from queries.promotion.target_rows import Target, explain
from queries.promotion.targets import TargetsAnswer, TargetsParams


def ask(reader: Reader, **given: Any) -> TargetsAnswer:
    return targets.run(reader, TargetsParams.model_validate({"region": "甲高新区", **given}))


def parts(row: Target) -> dict[str, float]:
    return {part.name: part.value for part in row.parts}


@each_reader
def test_a_candidate_by_hand(reader_of: ReaderOf) -> None:
    """Who brings binder to the zone? Only far makes it; mag1 to mag3 make magnets from it and are here already.

    makes: press (0.75), of 2024, 2.9 years old, so fresh: trust 0.5 + 0.75 / 2 = 0.875; no capacity: x 0.75 = 0.65625.
    pull: three magnet makers need it: 3 / (3 + 3) = 0.5, its capacity is not known; it supplies mag1: 1 / (1 + 1) =
    0.5, while its group, with mag2, trades with mag1 and smelt: 0.5 x 2 / 3 is less. (0.5 + 0.5) / 2 = 0.5.
    push: of oxide-b and resin only oxide-b counts, and it arises here: 1. ties: its mag2 is here: 0.8.
    movement: town and zone are in one province: 0. room: it is the only maker in its province: 1 - 1 = 0.
    policy: none is on record: unknown.
    0.45 x 0.65625 + 0.15 x 0.5 + 0.08 x 1 + 0.12 x 0.8 = 0.5463125.
    """
    answer = ask(reader_of(), product="粘结剂")
    (row,) = answer.targets
    assert (row.enterprise.id, row.relation, row.rank, row.kind) == ("ent:far", "makes", 1, "broken")
    assert parts(row) == {
        "makes": 0.65625, "pull": 0.5, "push": 1.0, "ties": 0.8, "movement": 0.0, "room": 0.0, "policy": 0.0,
    }  # fmt: skip
    assert row.score == pytest.approx(0.5463125)
    assert [part.name for part in row.parts if part.unknown] == ["policy"]
    assert (row.home, row.near, row.group_leader) == ("reg:province", "same_province", None)
    assert row.holds_for == dict.fromkeys(DEFAULT_WEIGHTS, (0.0, None))
    assert row.would_move_up == ()
    reader = reader_of()
    desk = open_desk(reader, "reg:zone", Thresholds())
    assert explain(desk, reader.chain().index["prd:binder"], "ent:far") == row
    assert explain(desk, reader.chain().index["prd:binder"], "ent:mag1") is None
    assert [(one.enterprise.id, one.reason) for one in answer.excluded] == [
        ("ent:mag1", "already_here"), ("ent:mag2", "already_here"), ("ent:mag3", "already_here"),
    ]  # fmt: skip
    (link,) = answer.links
    assert (link.users, link.demand, link.candidates, link.makers, link.excluded) == (3, 10.0, 1, 1, 3)
    assert (
        answer.said.zh
        == "甲高新区的粘结剂有1家候选企业，其中1家自己生产，首选乙材料（0.546分），生产粘结剂（1条陈述）。"
    )


@each_reader
def test_a_told_capacity_counts_against_the_demand(reader_of: ReaderOf) -> None:
    """Of 10 t/yr needed (50 t magnets x 0.2) it makes 4: makes 0.875 x (0.75 + 0.25 x 0.4) = 0.74375; 40 % served is
    less than the half by users. With 8 t/yr: 0.875 x 0.95 = 0.83125, and 0.8 served is more: (0.8 + 0.5) / 2 = 0.65.
    """
    for tonnes, makes, pull in ((4.0, 0.74375, 0.5), (8.0, 0.83125, 0.65)):
        told = claim(
            "ent:far", "produces", "prd:binder", amount=tonnes, unit="t/yr", qualifier="capacity", as_of="2024",
            source="src:s4",
        )  # fmt: skip
        (row,) = ask(reader_of(told), product="粘结剂").targets
        assert (parts(row)["makes"], parts(row)["pull"]) == (pytest.approx(makes), pytest.approx(pull))


@each_reader
def test_relations_and_groups(reader_of: ReaderOf) -> None:
    """A magnet maker elsewhere makes something from binder (0.2), its parent belongs to it (0.1), far's parent has 0.6.

    An official source of 2025 is not in doubt: 0.2 x 1 x 0.75 = 0.15, 0.1 x 0.75 = 0.075. 0.6 x 0.65625 = 0.39375.
    """
    reader = reader_of(
        claim("ent:south", "name_zh", "丙磁"),
        claim("ent:south", "produces", "prd:magnet", as_of="2025", source="src:s6"),
        claim("ent:south-holding", "name_zh", "丙集团"),
        claim("ent:south-holding", "owns", "ent:south", amount=100.0, unit="%", source="src:s6"),
        claim("ent:far-holding", "name_zh", "乙集团"),
        claim("ent:far-holding", "owns", "ent:far", source="src:s6"),
    )
    rows = {row.enterprise.id: row for row in ask(reader, product="粘结剂").targets}
    assert {id_: (row.relation, parts(row)["makes"]) for id_, row in rows.items()} == {
        "ent:far": ("makes", 0.65625),
        "ent:far-holding": ("group_makes", 0.39375),
        "ent:south": ("makes_from_it", 0.15),
        "ent:south-holding": ("group_makes_neighbour", 0.075),
    }
    assert rows["ent:far-holding"].group_leader == "ent:far"
    assert rows["ent:far-holding"].by == "ent:far"


@each_reader
def test_of_several_founders_nobody_leads(reader_of: ReaderOf) -> None:
    """Shares that are not told make a group only where one holds all that is told."""
    founders = [claim("ent:far", "owns", "ent:joint", source="src:s6"), claim("ent:joint", "name_zh", "合资")]
    other = claim("ins:fund", "owns", "ent:joint", source="src:s6")
    alone = ask(reader_of(*founders), product="粘结剂")
    assert [row.enterprise.id for row in alone.targets] == ["ent:far", "ent:joint"]
    together = ask(reader_of(*founders, other), product="粘结剂")
    assert [row.enterprise.id for row in together.targets] == ["ent:far"]


@each_reader
@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ((claim("ent:far", "operating_status", "dissolved", as_of="2025"),), "dissolved"),
        ((claim("ent:far", "operating_status", "operating", as_of="2025"),), None),
        ((claim("pol:control", "bars", "ent:far", as_of="2025"),), "export_barred"),
        ((claim("ent:far", "located_in", "reg:zone", as_of="2025"),), "already_here"),
        ((claim("ent:far", "invests_in", "prj:new"), "signed", "zone"), "coming"),
        ((claim("ent:far", "invests_in", "prj:new"), "completed", "zone"), "already_here"),
        ((claim("ent:far", "invests_in", "prj:new"), "cancelled", "zone"), None),
        ((claim("ent:far", "invests_in", "prj:new"), "signed", "town"), None),
    ],
)
def test_who_is_left_out(reader_of: ReaderOf, more: tuple[Any, ...], reason: str | None) -> None:
    planted = list(more[:1])
    if len(more) > 1:
        planted += [
            claim("prj:new", "project_product", "prd:binder"), claim("prj:new", "status", more[1], as_of="2025"),
            claim("prj:new", "located_in", f"reg:{more[2]}"),
        ]  # fmt: skip
    reader = reader_of(*planted)
    answer = ask(reader, product="粘结剂", explain="乙材料")
    found = {one.enterprise.id: one for one in answer.excluded}
    if reason is None:
        assert "ent:far" in {row.enterprise.id for row in answer.targets}
        assert answer.explained is not None
        return
    assert found["ent:far"].reason == reason
    assert found["ent:far"].claims
    assert all("ent:far" in (one.claim.subject, one.claim.object) or one.claim.subject == "prj:new"
               for one in reader.claims(found["ent:far"].claims))  # fmt: skip
    assert answer.explained is None
    assert answer.story is not None
    assert "乙材料" in answer.story.zh


@each_reader
def test_the_user_leaves_somebody_out(reader_of: ReaderOf) -> None:
    answer = ask(reader_of(), product="粘结剂", exclude=["乙材料", "ent:motorco"])
    assert answer.targets == ()
    assert [(one.enterprise.id, one.reason, one.claims) for one in answer.excluded][-1] == (
        "ent:far", "excluded_by_user", (),
    )  # fmt: skip
    assert answer.params["exclude"] == ["ent:far", "ent:motorco"]


@each_reader
def test_all_gaps_and_whom_to_visit(reader_of: ReaderOf) -> None:
    """Binder is the only open gap with a maker elsewhere: plating is made by nowhere, motors by motorco."""
    answer = ask(reader_of(), gap=True)
    assert [link.kind for link in answer.links] == sorted(
        (link.kind for link in answer.links), key=["broken", "fill", "extend"].index
    )
    assert {visit.enterprise.id for visit in answer.visits} <= {"ent:far", "ent:nowhere", "ent:motorco"}
    assert answer.visits[0].enterprise.id == "ent:far"
    assert answer.totals["targets"] == sum(link.candidates for link in answer.links)
    build = ask(reader_of(), gap=True, kind=["build", "strengthen"])
    assert {link.kind for link in build.links} <= {"build", "strengthen"}
    assert {link.product.id for link in build.links}.isdisjoint({link.product.id for link in answer.links})


@each_reader
def test_bad_input(reader_of: ReaderOf) -> None:
    reader = reader_of()
    for wrong in ({}, {"product": "粘结剂", "gap": True}):
        with pytest.raises(ValidationError):
            TargetsParams.model_validate({"region": "甲高新区", **wrong})
    for given, error in (
        ({"product": "没有这样的产品"}, UnknownName), ({"product": "reg:zone"}, BadInput),
        ({"product": "粘结剂", "region": "没有这样的地区"}, UnknownName),
        ({"product": "粘结剂", "weight": ["makes=-1"]}, BadInput), ({"product": "粘结剂", "weight": ["x=1"]}, BadInput),
        ({"product": "粘结剂", "kind": ["broken"]}, BadInput), ({"gap": True, "kind": ["big"]}, BadInput),
        ({"product": "粘结剂", "exclude": ["没有这样的企业"]}, UnknownName),
        ({"product": "粘结剂", "explain": "海外电机"}, BadInput),
    ):  # fmt: skip
        with pytest.raises(error):
            ask(reader, **given)


def _zone(**given: Any) -> tuple[Reader, TargetsAnswer]:
    claims, sources = shipped()
    reader = READERS["snapshot"](claims=claims, sources=sources)
    return reader, targets.run(reader, TargetsParams.model_validate({"region": "包头稀土高新区", **given}))


def test_parts_add_up_on_the_shipped_data() -> None:
    _, answer = _zone(gap=True, limit=200)
    assert len(answer.targets) > 300
    for row in answer.targets:
        assert abs(sum(part.contribution for part in row.parts) - row.score) < 1e-9
        assert all(0 <= part.value <= 1 for part in row.parts)
        for low, high in row.holds_for.values():
            assert low >= 0
            assert high is None or low <= high


def test_every_claim_is_about_what_it_is_cited_for() -> None:
    """It exists, is accepted, and joins whom the part speaks of."""
    reader, answer = _zone(gap=True, limit=12)
    here = set(reader.placed("reg:baotou-rehtz", ("enterprise", "project", "institution")))
    around = set(reader.around("reg:baotou-rehtz"))
    allowed = {
        "makes": {"produces", "project_product", "invests_in", "status", "owns"},
        "pull": {"supplies", "produces", "consumes", "project_product"},
        "push": {"yields", "input_to", "produces", "project_product"},
        "ties": {"located_in", "owns", "invests_in", "partners_with"},
        "movement": {"invests_in", "located_in", "owns"},
        "room": {"produces"},
        "policy": {"supports"},
    }
    for row in answer.targets:
        for part in row.parts:
            cited = reader.claims(part.claims)
            assert len(cited) == len(set(part.claims))
            for one in cited:
                ends = {one.claim.subject, one.claim.object}
                assert one.status == "accepted"
                assert one.claim.predicate in allowed[part.name], part
                if one.claim.predicate == "supplies":
                    assert ends & here
                if part.name == "policy":
                    assert one.claim.object in around or str(one.claim.object).startswith("prd:")
                if part.name == "ties":
                    assert row.enterprise.id in ends or ends & here or one.claim.predicate == "owns"
        makes = reader.claims(next(part.claims for part in row.parts if part.name == "makes"))
        assert any(row.by in (one.claim.subject, one.claim.object) for one in makes)


def test_what_is_counted_is_cited() -> None:
    """So many makers and policies as the reason counts, and who moved is the candidate or whom it is cited to own."""
    reader, answer = _zone(gap=True, limit=40)
    through, by_class = 0, 0
    for row in answer.targets:
        cited = {part.name: [one.claim for one in reader.claims(part.claims)] for part in row.parts}
        why = {part.name: part.why for part in row.parts}
        counts = [int(number) for number in re.findall(r"(\d+)项", why["policy"].zh)]
        assert len({one.subject for one in cited["policy"]}) == sum(counts)
        told = re.search(r"有(\d+)家", why["room"].zh)
        makers = int(told[1]) if told else 1 if "只有它" in why["room"].zh else 0
        assert len({one.subject for one in cited["room"]}) == makers
        movers = {one.subject for one in cited["movement"] if one.predicate != "owns"}
        owners = {one.subject for one in cited["movement"] if one.predicate == "owns"}
        if movers - {row.enterprise.id}:
            through += 1
            assert row.enterprise.id in owners
            assert "所控企业" in why["movement"].zh
        if "省份不明" in why["movement"].zh:
            assert why["room"].en == "its home province is not known; a middle value stands"
        if why["push"].zh.startswith("它的原料本地有"):
            assert any(one.predicate in ("produces", "project_product") for one in cited["push"])
            by_class += "只知其大类" in why["push"].zh
    assert through
    assert by_class


def test_nobody_makes_it_in_words() -> None:
    _, answer = _zone(product="盐酸", limit=1)
    assert "其中没有一家自己生产" in answer.said.zh
    assert ", of whom none makes it;" in answer.said.en
    assert "没有政策点名支持它或其大类" in answer.targets[0].parts[-1].why.zh


def test_what_is_not_known_is_not_called_no_gap() -> None:
    """Of dysprosium oxide only a class is on record in the zone: that is neither a gap nor made there."""
    _, answer = _zone(product="氧化镝", explain="ent:lynas", limit=1)
    (link,) = answer.links
    assert (link.kind, link.state) == (None, "unknown")
    assert "本地有没有生产还不清楚" in answer.said.zh
    assert answer.story is not None
    assert "氧化镝（情况不明）" in answer.story.zh
    assert "Dysprosium oxide (unknown)" in answer.story.en


def test_weights_that_do_not_matter_and_weights_that_do() -> None:
    _, usual = _zone(product="稀土氟化物", limit=200)
    _, doubled = _zone(product="稀土氟化物", limit=200, weight=[f"{n}={2 * w}" for n, w in DEFAULT_WEIGHTS.items()])
    assert [row.enterprise.id for row in usual.targets] == [row.enterprise.id for row in doubled.targets]
    _, tied = _zone(product="稀土氟化物", weight=[f"{name}=0" for name in DEFAULT_WEIGHTS if name != "ties"])
    values = [parts(row)["ties"] for row in tied.targets]
    assert values == sorted(values, reverse=True)


def test_another_maker_elsewhere_reorders_nobody() -> None:
    claims, sources = shipped()
    more = (
        claim("ent:new", "name_zh", "新企业", source="src:paper-cnstock-com-4915c8ff"),
        claim("ent:new", "produces", "prd:rare-earth-fluoride", source="src:paper-cnstock-com-4915c8ff"),
    )
    given = TargetsParams.model_validate({"region": "包头稀土高新区", "product": "稀土氟化物", "limit": 1000})
    before = targets.run(READERS["snapshot"](claims=claims, sources=sources), given)
    after = targets.run(READERS["snapshot"](*more, claims=claims, sources=sources), given)
    assert [(row.enterprise.id, row.score) for row in before.targets] == [
        (row.enterprise.id, row.score) for row in after.targets if row.enterprise.id != "ent:new"
    ]
    assert len(after.targets) == len(before.targets) + 1


def test_nothing_here_leaks_from_later() -> None:
    """A project told after the day takes no part."""
    late = (
        claim("ent:far", "invests_in", "prj:late", as_of="2026-12", source="src:s6"),
        claim("prj:late", "project_product", "prd:binder", as_of="2026-12", source="src:s6"),
        claim("prj:late", "located_in", "reg:zone", as_of="2026-12", source="src:s6"),
        claim("prj:late", "name_zh", "后来的项目"),
    )
    plain = ask(READERS["snapshot"](claims=CLAIMS), product="粘结剂")
    assert ask(READERS["snapshot"](*late, claims=CLAIMS), product="粘结剂") == plain
