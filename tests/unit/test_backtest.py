"""The back-test on the drawing, worked out by hand: who came, where the list had them, what became of the gaps."""

import pytest
from asking import ReaderOf, each_reader
from tiny import claim

from graph.model.claims import Claim
from graph.model.errors import BadInput
from graph.readers.port import Reader
from queries.backtest.backtest import BacktestAnswer, BacktestParams, run

CUT_OFF = "2024-12-31"
# The drawing tells of four recent sources by then.
USUAL = {"region": "reg:zone", "cut_off": CUT_OFF, "min_sources": 4}


def binder_plant(name: str, investor: str, as_of: str = "2025-06", region: str = "reg:zone") -> list[Claim]:
    """A project here for binder, first on record on a day."""
    project = f"prj:{name}"
    return [
        claim(project, "name_zh", name, source="src:s6"),
        claim(project, "located_in", region, as_of=as_of, source="src:s6"),
        claim(project, "project_product", "prd:binder", as_of=as_of, source="src:s6"),
        claim(investor, "invests_in", project, as_of=as_of, source="src:s6"),
    ]


ELSEWHERE = [
    claim(
        "ent:alpha",
        "produces",
        "prd:binder",
        amount=1.0,
        unit="t/yr",
        qualifier="capacity",
        as_of="2024",
        source="src:s4",
    ),
    claim("ent:alpha", "located_in", "reg:abroad", as_of="2023"),
    claim("ent:beta", "produces", "prd:magnet", as_of="2023"),
    claim("ent:beta", "located_in", "reg:abroad", as_of="2023"),
    claim("ent:gamma", "name_zh", "丙"),
]
CAME = [
    *binder_plant("far-plant", "ent:far"),
    *binder_plant("beta-plant", "ent:beta", "2025-07"),
    *binder_plant("gamma-plant", "ent:gamma", "2025-08"),
]


def asked(reader: Reader, **more: object) -> BacktestAnswer:
    return run(reader, BacktestParams.model_validate(USUAL | more))


@each_reader
def test_worked(reader_of: ReaderOf) -> None:
    """Three came with binder, which the zone did not have and which magnet makers there needed: broken.

    On the list of the end of 2024: far and alpha make it, told by pages of one grade; far supplies mag1 and owns mag2,
    so it is first; beta makes magnets from it; of gamma nothing is known. Ranks 1, 3, none of three candidates.
      hit@5 = 2/3; MRR = (1 + 1/3 + 0) / 3 = 0.444444
      by chance: hit 1 for both on the list, 2/3; E(1/rank) = (1 + 1/2 + 1/3)/3 = 11/18, MRR = 2 * 11/18 / 3 = 0.407407
      largest first: alpha (1 t/yr), then by id beta, far: MRR = (1/3 + 1/2) / 3 = 0.277778
      most connected: far (two products, a customer, a subsidiary, a place), then alpha, beta (two facts each): as ours
    Gaps: binder came. Unknown were plating, motor, robot, hot-magnet, copper-wire; mag3 is on record with hot-magnet in
    2025; the motor plant was told of before and is no news. Not made: these six and oxide-b, which is implied.
    """
    answer = asked(reader_of(*ELSEWHERE, *CAME))
    targets = answer.targets
    assert [(case.enterprise.id, case.product.id, case.date, case.ways) for case in targets.cases] == [
        ("ent:far", "prd:binder", "2025-06", ("project",)),
        ("ent:beta", "prd:binder", "2025-07", ("project",)),
        ("ent:gamma", "prd:binder", "2025-08", ("project",)),
    ]
    assert [(case.rank, case.candidates, case.on_record, case.why_not) for case in targets.cases] == [
        (1, 3, "makes", None),
        (3, 3, "makes_from_it", None),
        (None, 3, "nothing", "not_on_list"),
    ]
    assert (targets.n, targets.enterprises, targets.on_list, targets.makers_before) == (3, 3, 2, 1)
    assert targets.enterprises_on_record == 2
    assert targets.hit == {"5": 0.666667, "10": 0.666667, "20": 0.666667}
    assert targets.mrr == 0.444444
    assert (targets.baselines.random.hit["5"], targets.baselines.random.mrr) == (0.666667, 0.407407)
    assert targets.baselines.largest.mrr == 0.277778
    assert targets.baselines.connected.mrr == 0.444444
    assert targets.by_enterprise.mrr == 0.444444
    assert {name: (one.named, one.later, one.already) for name, one in answer.gaps.items()} == {
        "broken": (1, 1, 0),
        "fill": (0, 0, 0),
        "strengthen": (2, 0, 2),
        "extend": (0, 0, 0),
        "build": (0, 0, 0),
        "unknown": (5, 1, 0),
        "missing": (1, 1, 0),
        "not_made": (7, 2, 0),
    }
    assert [answer.gaps[name].by_project for name in ("broken", "unknown", "not_made")] == [1, 0, 1]
    (binder,) = answer.gaps["broken"].links
    assert (binder.later, binder.on) == (True, "2025-06")
    assert [one.id for one in binder.by] == ["prj:far-plant", "prj:beta-plant", "prj:gamma-plant"]
    assert answer.gaps["fill"].share is None
    assert answer.said.en.startswith("Since 31 December 2024 3 enterprises from elsewhere came to Zone")


@each_reader
def test_claims_of_a_case_say_it(reader_of: ReaderOf) -> None:
    reader = reader_of(*ELSEWHERE, *CAME)
    case = asked(reader).targets.cases[0]
    told = {(one.claim.subject, one.claim.predicate, one.claim.object) for one in reader.claims(case.claims)}
    assert ("ent:far", "invests_in", "prj:far-plant") in told
    assert ("prj:far-plant", "project_product", "prd:binder") in told


@each_reader
def test_what_is_no_case(reader_of: ReaderOf) -> None:
    """mag1 is here; a project told by 2024 is no news, nor one dated then by a later page; an undated one is counted.

    An institution is nobody to invite; ore is no link; metal is made here, so smelter-x is shown and not counted.
    """
    answer = asked(
        reader_of(
            *binder_plant("own", "ent:mag1"),
            *binder_plant("old", "ent:alpha", "2024-03"),
            claim("prj:undated", "located_in", "reg:zone", source="src:s6"),
            claim("prj:undated", "project_product", "prd:binder", source="src:s6"),
            claim("ent:alpha", "invests_in", "prj:undated", source="src:s6"),
            *binder_plant("town", "ins:town"),
            *binder_plant("ores", "ent:beta"),
            claim("prj:ores", "project_product", "prd:ore", as_of="2025-06", source="src:s6"),
            claim("prj:ores", "project_product", "prd:metal", as_of="2025-06", source="src:s6"),
            *ELSEWHERE,
        )
    )
    cases = answer.targets.cases
    assert [(one.enterprise.id, one.product.id, one.counted) for one in cases] == [
        ("ent:beta", "prd:binder", True),
        ("ent:beta", "prd:metal", False),
    ]
    assert answer.targets.n == 1
    left_out = {name: count for name, count in answer.targets.left_out.items() if count}
    assert left_out == {"undated": 1, "here_before": 1, "institution": 1, "not_a_link": 1}


@each_reader
def test_a_new_local_enterprise_is_its_owners_coming(reader_of: ReaderOf) -> None:
    """alpha founds zone-alpha (binder); nobody knows who owns zone-home; town-child's owner far controls mag2 here.

    A new place of beta itself counts with what beta makes; what is called after the zone was here all along.
    """

    def new(name: str, product: str) -> list[Claim]:
        return [
            claim(f"ent:{name}", "located_in", "reg:zone", as_of="2025-05", source="src:s6"),
            claim(f"ent:{name}", "produces", f"prd:{product}", as_of="2025-05", source="src:s6"),
        ]

    answer = asked(
        reader_of(
            *ELSEWHERE,
            *new("zone-alpha", "binder"),
            claim("ent:alpha", "owns", "ent:zone-alpha", amount=70.0, unit="%", as_of="2025-05", source="src:s6"),
            claim("ent:beta", "owns", "ent:zone-alpha", amount=30.0, unit="%", as_of="2025-05", source="src:s6"),
            *new("zone-home", "binder"),
            *new("town-child", "robot"),
            claim("ent:far", "owns", "ent:town-child", amount=80.0, unit="%", as_of="2025-05", source="src:s6"),
            claim("ent:beta", "located_in", "reg:zone", as_of="2025-04", source="src:s6"),
            claim("ent:local", "name_zh", "甲高新区老厂"),
            claim("ent:local", "produces", "prd:binder", as_of="2020"),
            claim("ent:local", "located_in", "reg:zone", as_of="2025", source="src:s6"),
        )
    )
    assert [(case.enterprise.id, case.product.id, case.ways, case.date) for case in answer.targets.cases] == [
        ("ent:beta", "prd:magnet", ("place",), "2025-04"),
        ("ent:alpha", "prd:binder", ("owner",), "2025-05"),
    ]
    left_out = {name: count for name, count in answer.targets.left_out.items() if count}
    assert left_out == {"here_before": 1, "group_here": 1, "home_grown": 1}


@each_reader
def test_nobody_came(reader_of: ReaderOf) -> None:
    """No figure, and a sentence that says so."""
    answer = asked(reader_of())
    assert (answer.targets.n, answer.targets.mrr, answer.targets.hit["5"]) == (0, None, None)
    assert answer.targets.baselines.random.intervals.mrr is None
    assert "cannot be tested" in answer.said.en


@each_reader
def test_made_already_and_told_later(reader_of: ReaderOf) -> None:
    """A page of 2025 tells that sep made binder in 2022: nobody knew at the cut-off, so binder was named."""
    answer = asked(reader_of(claim("ent:sep", "produces", "prd:binder", as_of="2022", source="src:s6")))
    assert {name: getattr(answer.gaps["broken"], name) for name in ("named", "later", "already")} == {
        "named": 1,
        "later": 0,
        "already": 1,
    }


@each_reader
def test_weights_are_those_asked_for(reader_of: ReaderOf) -> None:
    """By capacity served alone, nothing but `makes` counting, alpha and far make it: beta stays last."""
    reader = reader_of(*ELSEWHERE, *CAME)
    answer = asked(reader, weight=("makes=1", "ties=0", "pull=0"))
    assert answer.weights["ties"] == 0
    assert answer.targets.cases[1].rank == 3
    with pytest.raises(BadInput, match="not a weight"):
        asked(reader, weight=("maker=1",))


@pytest.mark.parametrize(
    ("cut_off", "words"),
    [
        ("2026-11-23", "is not before 2026-11-23"),
        ("2027", "is not before"),
        ("2023-04-30", "Nothing was known at 2023-04-30: the oldest source here is dated 2023-05-01"),
        ("last year", "is not a date"),
        ("2019-13", "is not a date"),
    ],
)
@each_reader
def test_bad_cut_offs(reader_of: ReaderOf, cut_off: str, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        asked(reader_of(), cut_off=cut_off)
    assert words in str(caught.value)


@each_reader
def test_never_more_known_than_the_question_may_know(reader_of: ReaderOf) -> None:
    """Asked as known in mid-2023, sources of 2024 speak neither of the past nor of what came since."""
    reader = reader_of(*ELSEWHERE, *CAME, known_at="2023-12-31")
    answer = asked(reader)
    assert answer.targets.cases == ()
    assert answer.known_at == "2023-12-31"
