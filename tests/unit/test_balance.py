"""The balance question on the drawing in tests/tiny.py. Every expected figure is worked out in the docstring.

Per kg: separate takes 2.5 ore and 1 acid, gives 1 oxide-a and 0.5 oxide-b; reduce takes 1.25 oxide-a for 1 metal; press
takes 0.8 metal and 0.2 binder for 1 magnet; mix takes 0.5 oxide-b and 0.5 resin for 1 binder. Recorded in the zone:
oxide-a 100 t/yr (sep), metal 80 t/yr (smelt), magnet 50 t/yr (mag1, one of three makers).
"""

import pytest
import tiny
from asking import ReaderOf, each_reader
from pydantic import ValidationError

from graph.model.claims import Claim
from graph.model.errors import BadInput, UnknownName
from graph.readers.port import Reader
from queries.chain.balance import BalanceParams, run
from queries.chain.balance_answer import BalanceAnswer

CAPACITY = {"unit": "t/yr", "qualifier": "capacity", "as_of": "2024"}


def ask(reader: Reader, **params: object) -> BalanceAnswer:
    given = params if "enterprise" in params else {"region": "reg:zone"} | params
    return run(reader, BalanceParams.model_validate(given))


def bought(answer: BalanceAnswer) -> dict[str, float]:
    return {row.product.id[4:]: row.t_per_year for row in answer.bought}


def surplus(answer: BalanceAnswer) -> dict[str, float]:
    return {row.product.id[4:]: row.t_per_year for row in answer.surplus}


def runs(answer: BalanceAnswer) -> dict[str, float]:
    return {row.process.id[4:]: row.t_per_year for row in answer.runs}


def limits(answer: BalanceAnswer, programme: str) -> dict[str, tuple[float, float, float]]:
    return {
        row.product.id[4:]: (row.bound, row.more_output, row.less_bought)
        for row in answer.limits
        if row.programme == programme
    }


def recipe(name: str, inputs: dict[str, float | None], outputs: dict[str, float | None]) -> list[Claim]:
    return [
        tiny.claim(f"prc:{name}", "process_kind", "step"),
        *(tiny.claim(f"prd:{p}", "input_to", f"prc:{name}", amount=v, unit="kg/kg") for p, v in inputs.items()),
        *(tiny.claim(f"prc:{name}", "yields", f"prd:{p}", amount=v, unit="kg/kg") for p, v in outputs.items()),
    ]


@each_reader
def test_metal_at_its_capacity(reader_of: ReaderOf) -> None:
    """80 t/yr of metal take 1.25 x 80 = 100 oxide-a, all that sep makes: separate runs 100.

    That takes 250 ore, mined here, and 100 acid, bought; it gives 0.5 x 100 = 50 oxide-b, which nothing here takes:
    nobody here makes binder. Both capacities are full. One t/yr more of metal alone needs 1.25 t/yr oxide-a bought:
    1 t/yr more output, 1.25 t of oxide-a more bought. oxide-a weighs 1 + 2.5 / 1.5 = 8/3 a tonne (ore is of the chain,
    acid is not; a run's inputs are shared over its 1.5 kg of outputs), so -1.25 x 8/3 = -3.333. One t/yr more of
    oxide-a brings no metal and saves nothing, as none is bought. Without buying, more of either alone brings nothing.
    """
    answer = ask(reader_of(), target=["prd:metal"])
    assert answer.feasible
    assert runs(answer) == {"separate": 100.0, "reduce": 80.0}
    assert bought(answer) == {"acid": 100.0}
    assert surplus(answer) == {"oxide-b": 50.0}
    assert answer.surplus[0].users_here == 0
    assert [(row.product.id, row.t_per_year) for row in answer.own_supply] == [("prd:ore", 250.0)]
    assert limits(answer, "buying") == {"metal": (80.0, 1.0, -3.333), "oxide-a": (100.0, 0.0, 0.0)}
    assert limits(answer, "own_links") == {"metal": (80.0, 0.0, 0.0), "oxide-a": (100.0, 0.0, 0.0)}
    target = answer.targets[0]
    assert (target.wanted, target.reached, target.own_links) == (80.0, 80.0, 80.0)
    assert (target.makers, target.telling) == (1, 1)


@each_reader
def test_the_targets_of_the_chain(reader_of: ReaderOf) -> None:
    """magnet and motor are targets of the chain; motor is not made here, magnet has the capacity 50.

    50 magnet take 40 metal and 10 binder; 40 metal take 50 oxide-a; separate runs 50: 125 ore, 50 acid, 25 oxide-b.
    binder is not made here: 10 bought, from 1 maker elsewhere (far). Without buying no magnet at all: 1 t/yr of binder
    would bring 1 / 0.2 = 5 t/yr of magnet.
    """
    answer = ask(reader_of())
    assert [(row.product.id, row.reached, row.own_links) for row in answer.targets] == [("prd:magnet", 50.0, 0.0)]
    assert runs(answer) == {"press": 50.0, "separate": 50.0, "reduce": 40.0}
    assert bought(answer) == {"acid": 50.0, "binder": 10.0}
    assert {row.product.id[4:]: row.makers_elsewhere for row in answer.bought} == {"acid": 0, "binder": 1}
    assert surplus(answer) == {"oxide-b": 25.0}
    # One more t/yr of magnet: 0.8 metal from here, 0.2 binder bought.
    assert limits(answer, "buying") == {"magnet": (50.0, 1.0, -0.2)}
    assert limits(answer, "own_links") == {"binder": (0.0, 5.0, 0.0)}
    assert (answer.targets[0].makers, answer.targets[0].telling) == (3, 1)
    assert "10 t/yr of binder must be bought" in answer.said.en
    assert "须外购粘结剂10吨/年" in answer.said.zh


@each_reader
def test_an_amount_asked_for_leaves_the_works(reader_of: ReaderOf) -> None:
    """40 metal and 10 magnet: magnet takes 8 of metal besides, so 48 are made, of 60 oxide-a; binder 2."""
    answer = ask(reader_of(), target=["prd:metal:40", "prd:magnet:10"])
    assert runs(answer) == {"separate": 60.0, "reduce": 48.0, "press": 10.0}
    assert bought(answer) == {"acid": 60.0, "binder": 2.0}
    assert surplus(answer) == {"oxide-b": 30.0}


@each_reader
def test_nothing_wanted_takes_nothing(reader_of: ReaderOf) -> None:
    """A target of 0 runs nothing and buys nothing."""
    answer = ask(reader_of(), target=["prd:magnet:0"])
    assert (answer.runs, answer.bought, answer.surplus) == ((), (), ())
    assert answer.feasible


@each_reader
def test_a_target_out_of_reach_names_its_constraints(reader_of: ReaderOf) -> None:
    """100 magnet with a capacity of 50 here: 50 more are needed, and nothing else, as metal can be bought."""
    answer = ask(reader_of(), target=["prd:magnet:100"])
    assert not answer.feasible
    assert answer.targets[0].reached == 50.0
    assert [(row.product.id, row.recorded, row.more) for row in answer.relaxations] == [("prd:magnet", 50.0, 50.0)]
    # binder by far: nobody here makes it, so all of its capacity is lacking.
    binder = ask(reader_of(), target=["prd:binder:3"])
    assert [(row.product.id, row.recorded, row.more) for row in binder.relaxations] == [("prd:binder", 0.0, 3.0)]


@each_reader
def test_a_class_and_its_kind_are_counted_once(reader_of: ReaderOf) -> None:
    """mag1 tells 50 of magnet; told also 30 of its kind hot-magnet, the magnets stay 50: the larger figure counts."""
    more = tiny.claim("ent:mag1", "produces", "prd:hot-magnet", amount=30.0, **CAPACITY)  # type: ignore[arg-type]
    assert ask(reader_of(more)).targets[0].capacity == 50.0


@each_reader
def test_an_owner_and_its_plant_are_counted_once(reader_of: ReaderOf) -> None:
    """mag1 (50) owns 80 % of mag3, which tells 70: the group's largest figure is 70, all added up are 120."""
    answer = ask(
        reader_of(
            tiny.claim("ent:mag3", "produces", "prd:magnet", amount=70.0, **CAPACITY),  # type: ignore[arg-type]
            tiny.claim("ent:mag1", "owns", "ent:mag3", amount=80.0, unit="%", as_of="2024"),
        )
    )
    target = answer.targets[0]
    assert (target.capacity, target.reached, target.low, target.high) == (70.0, 70.0, 70.0, 120.0)


@each_reader
def test_enterprises_together(reader_of: ReaderOf) -> None:
    """smelt and mag1, without sep: metal 40 of 50 oxide-a, all bought from 1 maker elsewhere; no ore, no oxide-b."""
    answer = ask(reader_of(), enterprise=["ent:smelt", "磁一"])
    assert runs(answer) == {"press": 50.0, "reduce": 40.0}
    assert bought(answer) == {"oxide-a": 50.0, "binder": 10.0}
    assert {row.product.id[4:]: row.makers_elsewhere for row in answer.bought} == {"oxide-a": 1, "binder": 1}
    assert answer.surplus == ()


@each_reader
def test_disputed_quantities_give_a_range(reader_of: ReaderOf) -> None:
    """Another source of equal standing says 1.5 oxide-a a metal: 40 metal take 50 to 60, separate gives 25 to 30."""
    other = tiny.claim(
        "prd:oxide-a", "input_to", "prc:reduce", amount=1.5, unit="kg/kg",
        detail=(("basis", "per kg prd:metal"), ("is_main", False)), source="src:s1",
    )  # fmt: skip
    answer = ask(reader_of(other))
    over = next(row for row in answer.surplus if row.product.id == "prd:oxide-b")
    assert (over.low, over.high) == (25.0, 30.0)
    assert over.t_per_year in (25.0, 30.0)


@each_reader
def test_what_is_not_told_is_not_zero(reader_of: ReaderOf) -> None:
    """motor's recipe tells no figures, robot has none, and hot-magnet no capacity: nothing to draw up, and why."""
    answer = ask(reader_of(), target=["prd:motor:10", "prd:robot:1", "prd:hot-magnet"])
    assert {row.product.id[4:]: row.why for row in answer.not_balanced} == {
        "motor": "no_figures",
        "robot": "no_recipe",
        "hot-magnet": "no_recipe",
    }
    assert (answer.targets, answer.runs) == ((), ())
    assert "No mass balance can be drawn up" in answer.said.en


@each_reader
def test_an_input_without_a_figure_makes_the_mass_incomplete(reader_of: ReaderOf) -> None:
    """press also takes something of which nobody tells how much: it runs, and says so."""
    answer = ask(reader_of(tiny.claim("prd:resin", "input_to", "prc:press", unit="kg/kg")))
    press = next(row for row in answer.runs if row.process.id == "prc:press")
    assert press.mass_incomplete
    assert {flow.product.id: flow.t_per_year for flow in press.inputs}["prd:resin"] is None


@each_reader
def test_recycling_within_mass_is_solved(reader_of: ReaderOf) -> None:
    """press gives 0.1 scrap beside each magnet, and remelt makes 0.5 metal of 1 scrap: 50 magnet, 5 scrap, 2.5 metal.

    So reduce makes 40 - 2.5 = 37.5 metal of 46.875 oxide-a. Scrap is made here by smelt.
    """
    answer = ask(
        reader_of(
            tiny.claim("prd:scrap", "role", "link"),
            tiny.claim("prc:press", "yields", "prd:scrap", amount=0.1, unit="kg/kg"),
            *recipe("remelt", {"scrap": 1.0}, {"metal": 0.5}),
        )
    )
    assert runs(answer) == {"press": 50.0, "separate": 46.875, "reduce": 37.5, "remelt": 5.0}


@each_reader
def test_a_loop_that_creates_mass_is_an_error_that_names_it(reader_of: ReaderOf) -> None:
    """oxidise makes 1.3 oxide-a of 1 metal, reduce 1 metal of 1.25 oxide-a: 1.04 round the loop, out of nothing."""
    reader = reader_of(*recipe("oxidise", {"metal": 1.0}, {"oxide-a": 1.3}))
    with pytest.raises(BadInput, match="prc:oxidise, prc:reduce"):
        ask(reader)


@each_reader
def test_a_process_that_puts_out_more_than_it_takes_in_is_listed(reader_of: ReaderOf) -> None:
    """roast makes 1 oxide-a of 0.9 ore: 0.1 of something is not listed."""
    answer = ask(reader_of(*recipe("roast", {"ore": 0.9}, {"oxide-a": 1.0})))
    assert [(row.process.id, row.taken, row.given) for row in answer.mass_creating] == [("prc:roast", 0.9, 1.0)]


@each_reader
def test_a_region_with_nothing(reader_of: ReaderOf) -> None:
    answer = ask(reader_of(tiny.claim("reg:empty", "name_zh", "空地")), region="空地")
    assert (answer.targets, answer.bought, answer.runs, answer.limits) == ((), (), (), ())
    assert answer.said.zh.startswith("空地画不出物料平衡")


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"region": "reg:atlantis"}, UnknownName),
        ({"region": "prd:magnet"}, BadInput),
        ({"enterprise": ["没有"]}, UnknownName),
        ({"enterprise": ["prd:magnet"]}, BadInput),
        ({"target": ["没有"]}, UnknownName),
        ({"target": ["prd:magnet:-1"]}, BadInput),
        ({"target": ["prd:magnet:many"]}, BadInput),
        ({"target": ["prd:magnet:nan"]}, BadInput),
        ({"target": ["prd:magnet:inf"]}, BadInput),
        ({"target": ["prd:magnet", "磁体:5"]}, BadInput),
        ({"chain": "no-such"}, BadInput),
    ],
)
@each_reader
def test_bad_input(reader_of: ReaderOf, params: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(reader_of(), **params)


@pytest.mark.parametrize("given", [{}, {"region": "reg:zone", "enterprise": ["ent:sep"]}, {"mass_share": 2}])
def test_parameters_that_do_not_go_together(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        BalanceParams.model_validate(given)


@each_reader
def test_every_claim_named_is_there(reader_of: ReaderOf) -> None:
    reader = reader_of()
    answer = ask(reader)
    for row in (*answer.targets, *answer.bought, *answer.surplus, *answer.runs, *answer.own_supply):
        told = row.claims
        assert len(reader.claims(told)) == len(told)
        assert told or getattr(row, "role", "") == "auxiliary"
