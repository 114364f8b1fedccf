"""The pipeline on the drawing in tests/tiny.py, at 2026-11-23. Every expected figure is worked out in the docstring.

prj:motor-plant (zone, motor, under construction since 2025-03, done by 2027-06) is the only project of the drawing.
Today's gaps of the zone: binder (broken, needed by mag1, mag2, mag3), motor (extend), plating (build); thin:
hot-magnet, metal, oxide-a; unknown: copper-wire, robot.
"""

from collections.abc import Iterator

import pytest
from asking import READERS, each_reader
from tiny import claim

from graph.model.claims import Claim
from graph.model.dates import months_later
from graph.model.errors import BadInput, UnknownName
from graph.readers.port import Reader
from queries.chain.pipeline import PipelineAnswer, PipelineParams, run
from queries.chain.pipeline_records import GapAhead, ProjectStanding


def ask(reader: Reader, region: str = "reg:zone", **params: object) -> PipelineAnswer:
    return run(reader, PipelineParams.model_validate({"region": region} | params))


def with_claims(*more: Claim, as_of: str = "2026-11-23") -> Reader:
    return READERS["snapshot"](*more, as_of=as_of)


def project(
    name: str,
    product: str,
    *,
    done: str | None = None,
    amount: float | None = None,
    status: str = "under_construction",
    seen: str = "2026-01",
    place: str = "reg:zone",
    owner: str | None = None,
    unit: str = "t/yr",
) -> Iterator[Claim]:
    """The claims of one project."""
    id_ = f"prj:{name}"
    yield claim(id_, "name_zh", name)
    yield claim(id_, "located_in", place, as_of=seen)
    yield claim(id_, "status", status, as_of=seen)
    yield claim(id_, "project_product", f"prd:{product}", amount=amount, unit=unit if amount else None, as_of=seen)
    if done:
        yield claim(id_, "completion_date", done, as_of=seen)
    if owner:
        yield claim(owner, "invests_in", id_, as_of=seen)


def gaps(answer: PipelineAnswer) -> dict[str, GapAhead]:
    return {gap.product.id.removeprefix("prd:"): gap for gap in answer.gaps}


def standing(answer: PipelineAnswer) -> dict[str, str]:
    return {one.project.id.removeprefix("prj:"): one.standing for one in answer.projects}


def row(answer: PipelineAnswer, name: str) -> ProjectStanding:
    return next(one for one in answer.projects if one.project.id == f"prj:{name}")


@each_reader
def test_the_motor_plant_closes_the_motor_gap(reader_of: type) -> None:
    """By default the day is three years ahead: 2029-11-23. The plant is done by the end of 2027-06, so that motor is
    made here: 4 + 1 present, 3 - 1 missing. It makes motor alone, so that motor is thin then, and magnet is what this
    target hangs on (strengthen 3 + 2).
    Its recipe takes magnet and copper-wire; copper-wire is unknown and not here: it comes to be needed.
    """
    answer = ask(reader_of())
    assert answer.by == "2029-11-23"
    assert (answer.today.present, answer.today.missing, answer.today.unknown) == (4, 3, 2)
    assert (answer.then.present, answer.then.missing, answer.then.unknown) == (5, 2, 2)
    assert (answer.today.kinds["extend"], answer.then.kinds["extend"]) == (1, 0)
    assert (answer.today.kinds["strengthen"], answer.then.kinds["strengthen"]) == (3, 5)
    assert (answer.today.unknown_needed, answer.then.unknown_needed) == (0, 1)
    motor = gaps(answer)["motor"]
    assert (motor.kind, motor.closes_on, motor.state_then, motor.kind_then) == (
        "extend",
        "2027-06",
        "present",
        "strengthen",
    )
    assert motor.promised == ()
    assert motor.capacity_unknown == 1
    assert [(one.on, one.effect, one.product.id) for one in answer.changes] == [
        ("2027-06-30", "closed", "prd:motor"),
        ("2027-06-30", "opened", "prd:copper-wire"),
        ("2027-06-30", "thinner", "prd:magnet"),
    ]
    assert {one.product.id for one in answer.nobody} == {"prd:binder", "prd:hot-magnet", "prd:metal", "prd:oxide-a"}
    assert set(row(answer, "motor-plant").claims) >= set(motor.projects[0].claims)


@each_reader
def test_before_the_project_is_done_the_map_is_todays(reader_of: type) -> None:
    """The last day of 2027-06 is the first on which it is done."""
    reader = reader_of()
    early = ask(reader, by="2027-06-29")
    assert early.then == early.today
    assert early.changes == ()
    assert (standing(early)["motor-plant"], gaps(early)["motor"].closes_on) == ("later", "2027-06")
    assert ask(reader, by="2027-06").then.present == 5


def test_the_history_of_a_status() -> None:
    """Signed in 2024, under construction in 2025-03; the latter is the status, with its date."""
    plant = row(ask(with_claims()), "motor-plant")
    assert [(one.status, one.as_of) for one in plant.history] == [("signed", "2024"), ("under_construction", "2025-03")]
    assert (plant.status, plant.status_as_of, plant.published) == ("under_construction", "2025-03", "2027-06")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (project("p", "binder", done="2026-10"), "overdue"),
        (project("p", "binder", done="2026-11-23"), "closes"),
        (project("p", "binder", seen="2023-11"), "no_date"),
        (project("p", "binder", seen="2023-10"), "stale"),
        (project("p", "binder", seen="2023-10", done="2028"), "stale"),
        (project("p", "binder", seen="2020", status="planned"), "stale"),
        (project("p", "binder", done="2026-10", status="planned"), "overdue"),
        (project("p", "binder", done="2028", status="planned"), "not_started"),
        (project("p", "binder", done="2028", status="suspended"), "stopped"),
        (project("p", "binder", done="2026-10", status="cancelled"), "stopped"),
        (project("p", "binder"), "no_date"),
    ],
)
def test_standings(more: Iterator[Claim], expected: str) -> None:
    """The last day of 2026-10 is past, 2026-11-23 is not; 2023-11 ends 2023-11-30, within three years of 2026-11-23,
    2023-10 does not. Only what stands with `closes` changes the map: binder is made and no gap then.
    """
    answer = ask(with_claims(*more))
    assert standing(answer)["p"] == expected
    assert (gaps(answer)["binder"].state_then == "present") == (expected == "closes")
    assert (gaps(answer)["binder"].closes_on is not None) == (expected == "closes")


def test_overdue_says_how_long() -> None:
    """From the last day of 2026-09 to 2026-11-23 it is 31 + 23 = 54 days; seen 2026-01, which ended 296 days ago."""
    late = row(ask(with_claims(*project("p", "binder", done="2026-09"))), "p")
    assert (late.overdue_days, late.age_years) == (54, 0.8)


def test_promises_by_stage_and_weight() -> None:
    """binder: 100 t under construction, 60 t approved, 40 t planned, 500 kg signed, 7 units signed, 30 t overdue.

    In t/yr: added 100 + 60 + 0.5 = 160.5 (planned apart, overdue out). Weighted 100 x 0.8 + 60 x 0.4 + 0.5 x 0.3
    + 40 x 0.1 = 80 + 24 + 0.15 + 4 = 108.15. Shares of 200.5. Units stay by themselves: 7, weighted 2.1.
    """
    answer = ask(
        with_claims(
            *project("a", "binder", amount=100.0, done="2028"),
            *project("b", "binder", amount=60.0, status="approved"),
            *project("c", "binder", amount=40.0, status="planned"),
            *project("d", "binder", amount=500.0, unit="kg/yr", status="signed"),
            *project("e", "binder", amount=7.0, unit="units/yr", status="signed"),
            *project("f", "binder", amount=30.0, done="2026-01"),
            *project("g", "binder", status="signed"),
        ),
        weight=["approved=0.4"],
    )
    binder = gaps(answer)["binder"]
    tonnes, units = binder.promised
    assert (tonnes.unit, tonnes.projects, tonnes.added, tonnes.at_least) == ("t/yr", 4, 160.5, 160.5)
    assert (tonnes.weighted, tonnes.weighted_at_least) == (108.15, 108.15)
    assert [(one.status, one.amount, one.weight, one.weighted) for one in tonnes.stages] == [
        ("under_construction", 100.0, 0.8, 80.0),
        ("approved", 60.0, 0.4, 24.0),
        ("signed", 0.5, 0.3, 0.15),
        ("planned", 40.0, 0.1, 4.0),
    ]
    assert tonnes.stages[0].share == round(100 / 200.5, 4)
    assert (units.unit, units.added, units.weighted) == ("units/yr", 7.0, 2.1)
    assert binder.capacity_unknown == 1
    assert {one.status: (one.share, one.given) for one in answer.weights}["approved"] == (0.4, True)
    assert [one.standing for one in binder.projects] == [
        "closes", "no_date", "no_date", "no_date", "no_date", "overdue", "not_started"
    ]  # fmt: skip


def test_what_may_be_counted_twice() -> None:
    """Whole 80 t and phase 50 t, both of mag1 in the zone; another of 30 t is of mag3, one of 20 t of mag1 in the town.

    Nothing says that one is a phase of the other: added 80 + 50 + 30 = 160 (the town is elsewhere), at least
    80 + 30 = 110. Weighted 0.8 x 160 = 128, at least 0.8 x 110 = 88.
    """
    reader = with_claims(
        *project("whole", "binder", amount=80.0, owner="ent:mag1"),
        *project("phase", "binder", amount=50.0, owner="ent:mag1"),
        *project("other", "binder", amount=30.0, owner="ent:mag3"),
        *project("town", "binder", amount=20.0, owner="ent:mag1", place="reg:town"),
    )
    binder = gaps(ask(reader))["binder"]
    assert binder.possible_double_count == (("prj:phase", "prj:whole"),)
    (told,) = binder.promised
    assert (told.added, told.at_least, told.weighted, told.weighted_at_least) == (160.0, 110.0, 128.0, 88.0)
    (crowd,) = ask(reader).crowded
    assert (crowd.product.id, len(crowd.projects)) == ("prd:binder", 3)
    assert [(one.promised.at_least, one.over_capacity) for one in crowd.checks] == [(110.0, ())]


def test_a_kind_is_not_added_to_its_class() -> None:
    """One project is to make 90 t of magnet, of it 70 t hot-magnet: 90 t of magnet, 70 t of hot-magnet, not 160.

    magnet is made here by three groups and is no gap; hot-magnet is thin.
    """
    more = [
        *project("p", "magnet", amount=90.0),
        claim("prj:p", "project_product", "prd:hot-magnet", amount=70.0, unit="t/yr", as_of="2026-01"),
        *project("q", "magnet", amount=10.0),
    ]
    answer = ask(with_claims(*more))
    assert gaps(answer)["hot-magnet"].promised[0].added == 70.0
    crowds = {one.product.id: one.checks[0].promised.added for one in answer.crowded}
    assert crowds == {"prd:magnet": 100.0}


def test_the_makers_own_project_adds_no_second_source() -> None:
    """Hot magnets are made by mag3 alone. A project of mag3 leaves them thin, one of another owner does not."""
    own = ask(with_claims(*project("p", "hot-magnet", done="2028", owner="ent:mag3")))
    assert gaps(own)["hot-magnet"].kind_then == "strengthen"
    other = ask(with_claims(*project("p", "hot-magnet", done="2028", owner="ent:motorco")))
    assert gaps(other)["hot-magnet"].kind_then is None
    assert [(one.effect, one.product.id) for one in other.changes if one.product.id == "prd:hot-magnet"] == [
        ("closed", "prd:hot-magnet")
    ]


def test_a_late_project_keeps_the_gap_open() -> None:
    """The binder plant is due 2027-03, another 2028-01. The first 6 months late: open until 2027-09-30, not 2027-03-31,
    and nobody else closes it in between. 12 months late (2028-03-31): the other closes it on 2028-01-31.
    """
    reader = with_claims(*project("p", "binder", done="2027-03"), *project("q", "binder", done="2028-01"))
    for months, after, others in ((6, "2027-09-30", ()), (12, "2028-01-31", ("prj:q",))):
        answer = ask(reader, delay=[f"prj:p:{months}"])
        assert answer.delay is not None
        (open_gap,) = answer.delay.gaps
        assert (open_gap.product.id, open_gap.before, open_gap.after) == ("prd:binder", "2027-03-31", after)
        assert open_gap.others == others
        assert gaps(answer)["binder"].closes_on == ("2027-09" if months == 6 else "2028-01")
    (tried,) = [one for one in ask(reader, slip_months=12).projects if one.project.id == "prj:p"]
    assert tried.slip is not None
    assert [(one.before, one.after) for one in tried.slip.gaps] == [("2027-03-31", "2028-01-31")]


def test_what_waits_for_a_late_project() -> None:
    """prc:wind takes magnet (here) and copper-wire. A copper-wire project is due 2027-01, the motor plant 2027-06: it
    is fed from here when done. Copper-wire 12 months late (2028-01-31): the motor plant waits from then. 3 months late
    (2027-04-30) it does not, as it is done later: nobody waits.
    """
    reader = with_claims(*project("wire", "copper-wire", done="2027-01"))
    late = ask(reader, delay=["prj:wire:12"]).delay
    assert late is not None
    (waits,) = late.waiting
    assert (waits.product.id, waits.before, waits.after) == ("prd:motor", "2027-01-31", "2028-01-31")
    assert (waits.needs, waits.projects) == (("prd:copper-wire",), ("prj:motor-plant",))
    soon = ask(reader, delay=["prj:wire:3"]).delay
    assert soon is not None
    assert soon.waiting == ()


def test_another_route_saves_it() -> None:
    """As above, but motor can also be wound without copper-wire, from magnet alone: then nothing waits."""
    more = [
        *project("wire", "copper-wire", done="2027-01"),
        claim("prc:press-wind", "process_kind", "step"),
        claim("prd:magnet", "input_to", "prc:press-wind"),
        claim("prc:press-wind", "yields", "prd:motor"),
    ]
    late = ask(with_claims(*more), delay=["prj:wire:12"]).delay
    assert late is not None
    assert late.waiting == ()


def test_only_a_class_promised_leaves_its_kinds_unknown() -> None:
    """binder is a kind of glue, and a project promises glue: then it is not known whether binder is made here.

    What may be here is taken as available, so that the makers of magnet come to need the service plating.
    """
    glue = [claim("prd:glue", "role", "class"), claim("prd:binder", "subclass_of", "prd:glue")]
    answer = ask(with_claims(*glue, *project("p", "glue", done="2027-01")), by="2027-01")
    change, plating = answer.changes if answer.changes[0].effect == "unclear" else answer.changes[::-1]
    assert (plating.effect, plating.product.id, plating.new_kind) == ("opened", "prd:plating", "fill")
    assert (change.effect, change.product.id, change.state, change.new_state) == (
        "unclear", "prd:binder", "missing", "unknown"
    )  # fmt: skip
    assert "prd:binder" in {one.product.id for one in answer.nobody}


def test_a_region_without_projects_says_so() -> None:
    answer = ask(with_claims(), region="reg:town")
    assert (answer.projects, answer.gaps, answer.changes, answer.then) == ((), (), (), answer.today)
    assert "no project is known to be under way in Town" in answer.said.en[:1].lower() + answer.said.en[1:]
    assert "没有已知的在途项目" in answer.said.zh


def test_over_capacity_against_the_demand_here() -> None:
    """metal takes 1.25 kg/kg of oxide-a and smelt, its only maker, makes 80 t/yr: 100 t/yr are needed. Two projects
    promise 60 + 60 = 120 t/yr, more than that; with 40 + 40 = 80 t/yr it is not. sep makes 100 t/yr here.
    """
    for amount, beyond in ((60.0, ("demand",)), (40.0, ())):
        more = [*project("p", "oxide-a", amount=amount), *project("q", "oxide-a", amount=amount)]
        (crowd,) = ask(with_claims(*more)).crowded
        (check,) = crowd.checks
        assert (check.here, check.demand_low, check.demand_high, check.over_capacity) == (100.0, 100.0, 100.0, beyond)
        assert check.promised.at_least == 2 * amount


def test_over_capacity_against_the_country() -> None:
    """In the country five makers publish 10 t of binder each, 50 t together, and they are most of its makers; two
    projects promise 30 + 30 = 60 t: more than all of that. With 20 + 20 = 40 t it is 40 / 50 = 0.8 of it.
    """
    country = [claim("reg:zone", "country", "CN")]
    for number in range(5):
        country += [
            claim(f"ent:b{number}", "country", "CN"),
            claim(f"ent:b{number}", "located_in", "reg:abroad", as_of="2024"),
            claim(f"ent:b{number}", "produces", "prd:binder", amount=10.0, unit="t/yr", qualifier="capacity"),
        ]
    for amount, share, beyond in ((30.0, 1.2, ("national",)), (20.0, 0.8, ())):
        more = [*project("p", "binder", amount=amount, owner="ent:mag1"), *project("q", "binder", amount=amount)]
        (crowd,) = ask(with_claims(*country, *more)).crowded
        (check,) = crowd.checks
        assert (check.national, check.national_makers, check.of_national) == (50.0, 5, share)
        assert check.over_capacity == beyond


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"by": "2026-11-22"}, BadInput),
        ({"by": "soon"}, BadInput),
        ({"delay": ["prj:motor-plant"]}, BadInput),
        ({"delay": ["prj:motor-plant:x"]}, BadInput),
        ({"delay": ["prj:motor-plant:-3"]}, BadInput),
        ({"delay": ["prj:motor-plant:1.5"]}, BadInput),
        ({"delay": ["prj:motor-plant:3", "电机厂项目:4"]}, BadInput),
        ({"delay": ["prj:nowhere:3"]}, UnknownName),
        ({"delay": ["没有的项目:3"]}, UnknownName),
        ({"delay": ["ent:mag1:3"]}, BadInput),
        ({"delay": ["prj:motor-plant:3"], "region": "reg:town"}, BadInput),
        ({"weight": ["approved"]}, BadInput),
        ({"weight": ["approved=2"]}, BadInput),
        ({"weight": ["approved=nan"]}, BadInput),
        ({"weight": ["approved=-0.1"]}, BadInput),
        ({"weight": ["completed=1"]}, BadInput),
        ({"weight": ["dreamt=1"]}, BadInput),
        ({"weight": ["signed=0.1", "已签约=0.2"]}, BadInput),
    ],
)
def test_bad_input(params: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(with_claims(), **params)


def test_a_finished_project_cannot_be_late() -> None:
    with pytest.raises(BadInput, match="is finished"):
        ask(with_claims(*project("p", "binder", status="completed")), delay=["prj:p:3"])


@pytest.mark.parametrize(
    ("text", "months", "expected"),
    [
        ("2027", 0, "2027"), ("2027", 12, "2028"), ("2027", 3, "2028-03"), ("2027-06", 7, "2028-01"),
        ("2027-01-31", 1, "2027-02-28"), ("2028-01-31", 1, "2028-02-29"), ("2027-12-05", 12, "2028-12-05"),
    ],
)  # fmt: skip
def test_months_later(text: str, months: int, expected: str) -> None:
    assert months_later(text, months) == expected
