"""What-ifs on the drawing of tests/tiny.py, each difference worked out by hand; then against asking a graph that has
the supposed claims in it."""

import pytest
import tiny
from conftest import TODAY
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import random_graphs
from oracles.held_store import HeldStore
from oracles.plain_reader import PlainReader
from oracles.random_graphs import RandomGraph
from tiny import claim

from graph.model.claims import Claim, StoredClaim, claim_id
from graph.model.errors import BadInput, UnknownName
from graph.readers.opening import open_reader
from graph.readers.port import Reader
from queries.chain.assessment import Assessment, Thresholds, assess, assess_tally
from queries.chain.supposing import suppose
from queries.chain.suppositions import Attracted, Suppositions
from queries.chain.what_if import WhatIfAnswer, WhatIfParams, run


def _reader(*more: Claim) -> Reader:
    stored = [StoredClaim(claim_id(one), one, "accepted", "", 1, 1) for one in (*tiny.CLAIMS, *more)]
    return open_reader(HeldStore(stored, tiny.SOURCES, ()), TODAY)


def _ask(*more: Claim, region: str = "reg:zone", **supposed: tuple[str, ...]) -> WhatIfAnswer:
    return run(_reader(*more), WhatIfParams.model_validate({"region": region, **supposed}))


def _moved(answer: WhatIfAnswer) -> dict[str, tuple[str, str | None, str, str | None, str]]:
    return {m.product.id[4:]: (m.state, m.kind, m.becomes_state, m.becomes_kind, m.turn) for m in answer.moved}


def _ties(answer: WhatIfAnswer) -> set[tuple[str, bool, str, str, int]]:
    return {(t.enterprise[4:], t.gains, t.role, ",".join(p[4:] for p in t.products), t.left) for t in answer.ties}


def test_nothing_supposed_changes_nothing() -> None:
    answer = _ask()
    assert answer.counts == answer.becomes
    assert answer.bought_in == answer.bought_in_becomes
    for none in (answer.moved, answer.closings, answer.supply, answer.concentration, answer.ties):
        assert not none
    assert answer.said.zh == "没有假设，甲高新区一切照旧。"


def test_a_binder_plant_closes_the_broken_link() -> None:
    """far brings 20 t/yr of binder. Needed before: 50 x 0.2 = 10 t/yr, bought in. Binder: broken -> here, of one group.

    With all inputs of magnets here, plating, which nobody offers here, is the next thing needed: build -> fill.
    The makers of magnets gain a supplier, sole one; nobody here makes oxide-b, which binder takes, nor competes.
    """
    answer = _ask(attract=("far:binder:20",))
    assert _moved(answer) == {
        "binder": ("missing", "broken", "present", "strengthen", "closed"),
        "plating": ("missing", "build", "missing", "fill", "changed"),
    }
    (binder,) = [one for one in answer.supply if one.product.id == "prd:binder"]
    assert binder.now is not None
    assert binder.then is not None
    assert (binder.now.capacity_high, binder.then.capacity_high, binder.then.ratio_at_most) == (0.0, 20.0, 2.0)
    assert (answer.bought_in.low, answer.bought_in_becomes.low) == (10.0, 10.0)
    assert {tie for tie in _ties(answer) if tie[2] == "supplier"} == {
        (name, True, "supplier", "binder", 0) for name in ("mag1", "mag2", "mag3")
    }
    assert answer.names["ent:what-if-1"].name_zh == "乙材料（假设）"
    assert "补上粘结剂" in answer.said.zh


def test_binder_takes_oxide_b_from_outside_then() -> None:
    """20 t/yr binder take 20 x 0.5 = 10 t/yr oxide-b: which arises here, nobody tells how much."""
    answer = _ask(attract=("far:binder:20",))
    (oxide,) = [one for one in answer.supply if one.product.id == "prd:oxide-b"]
    assert oxide.now is None
    assert oxide.then is not None
    assert (oxide.then.demand_low, oxide.then.demand_high, oxide.then.users) == (10.0, 10.0, 1)


def test_losing_the_only_smelter() -> None:
    """metal: of one group -> missing; 6 makers of the chain stay known, so it is searched; motorco makes none of it.

    Nobody else is recorded to make metal, so what is not made here is unknown: nobody_recorded_anywhere.
    mag1-3 lose their supplier, sep its customer; both supplies on record end.
    """
    answer = _ask(lose=("smelt",))
    assert _moved(answer)["metal"] == ("present", "strengthen", "unknown", None, "opened")
    assert {tie for tie in _ties(answer) if tie[0] in ("mag1", "mag2", "mag3", "sep")} == {
        *((name, False, "supplier", "metal", 0) for name in ("mag1", "mag2", "mag3")),
        ("sep", False, "customer", "oxide-a", 0),
    }
    assert {(one.supplier, one.customer, one.product) for one in answer.recorded} == {
        ("ent:sep", "ent:smelt", "prd:oxide-a"),
        ("ent:smelt", "ent:mag1", "prd:metal"),
        ("ent:smelt", "ent:mag2", "prd:metal"),
    }
    supply = {one.product.id: one for one in answer.supply}
    assert supply["prd:oxide-a"].then is not None
    # 80 x 1.25 = 100 t/yr of oxide-a are not needed any more.
    assert supply["prd:oxide-a"].then.demand_high is None


def test_a_second_maker_eases_what_one_group_made() -> None:
    """motorco, of no group here, makes hot magnets too: two groups, strengthen -> no gap. mag3 gains a competitor.

    Both make magnets thereby, and so do mag1 and mag2: two others for mag3, who is left out himself.
    """
    answer = _ask(attract=("motorco:hot-magnet",))
    assert _moved(answer)["hot-magnet"] == ("present", "strengthen", "present", None, "eased")
    assert ("mag3", True, "competitor", "hot-magnet,magnet", 0) in _ties(answer)


def test_a_plant_of_an_owner_who_is_here_is_no_second_source() -> None:
    """A plant of smelt itself, or of whoever owns smelt, is of the same group: metal stays of one group."""
    assert "metal" not in _moved(_ask(attract=("smelt:metal",)))
    owned = claim("ent:motorco", "owns", "ent:smelt", amount=70.0, unit="%")
    assert "metal" not in _moved(_ask(owned, attract=("motorco:metal",)))


def test_without_a_product_the_plant_makes_all_that_its_owner_makes() -> None:
    """far makes binder and copper wire."""
    answer = _ask(attract=("far",))
    assert [product.id for product in answer.supposed[0].products] == ["prd:binder", "prd:copper-wire"]
    assert {"binder", "copper-wire"} <= _moved(answer).keys()


def test_a_late_project_closes_its_gap_later() -> None:
    """The motor plant, expected 2027-06, twelve months late: 2028-06."""
    answer = _ask(delay=("prj:motor-plant:12",))
    assert [(one.product.id, one.closes_on, one.becomes) for one in answer.closings] == [
        ("prd:motor", "2027-06", "2028-06")
    ]
    assert not answer.moved
    assert (answer.supposed[0].expected, answer.supposed[0].becomes) == ("2027-06", "2028-06")


def test_several_at_once() -> None:
    """smelt stops and motorco makes metal instead: metal is made here before and after, by one group."""
    answer = _ask(attract=("motorco:metal:80",), lose=("smelt",), delay=("prj:motor-plant:0",))
    assert "metal" not in _moved(answer)
    assert not answer.closings
    assert [one.what for one in answer.supposed] == ["attract", "lose", "delay"]


def test_a_lost_maker_of_a_class_leaves_the_kinds_of_others() -> None:
    """Only mag1 and mag2 are recorded with magnets; without them a maker of hot magnets is left, so magnets are made,
    but none of it is class evidence for hot magnets any more."""
    reader = _reader()
    chain, tally = reader.chain(), reader.tally("reg:zone")
    then = suppose(reader, chain, tally, Suppositions((), ("ent:mag1", "ent:mag2"), {}))
    magnet = chain.index["prd:magnet"]
    assert tally.direct[magnet]
    assert not then.direct[magnet]
    assert [tally.entities[int(one)] for one in then.makers.row(magnet)] == ["ent:mag3"]


@pytest.mark.parametrize(
    ("supposed", "error", "words"),
    [
        ({"attract": ("nobody:binder",)}, UnknownName, "nobody"),
        ({"attract": ("far:nothing",)}, UnknownName, "nothing"),
        ({"attract": ("far:binder:much",)}, BadInput, "much"),
        ({"attract": ("far:binder:-3",)}, BadInput, "-3"),
        ({"attract": ("far:binder:3:4",)}, BadInput, "not somebody to attract"),
        ({"attract": ("far:",)}, BadInput, "not somebody to attract"),
        ({"attract": ("ent:silent",)}, BadInput, "not known what"),
        ({"lose": ("motorco",)}, BadInput, "not in this region"),
        ({"lose": ("nobody",)}, UnknownName, "nobody"),
        ({"delay": ("prj:motor-plant:soon",)}, BadInput, "soon"),
        ({"delay": ("prj:none:3",)}, UnknownName, "prj:none"),
    ],
)
def test_what_cannot_be_supposed(supposed: dict[str, tuple[str, ...]], error: type[Exception], words: str) -> None:
    with pytest.raises(error) as raised:
        _ask(claim("ent:silent", "name_en", "silent"), **supposed)
    assert words in str(raised.value)


def test_ids_and_stock_codes_hold_a_colon_themselves() -> None:
    answer = _ask(attract=("SZSE:300001:prd:binder:1,000", "ent:far：prd:binder"))
    assert [(one.node.id, one.products[0].id, one.capacity) for one in answer.supposed] == [
        ("ent:mag1", "prd:binder", 1000.0),
        ("ent:far", "prd:binder", None),
    ]


def _states(found: Assessment) -> dict[str, tuple[object, ...]]:
    """All that hangs on who makes what, apart from what is known of absence, which a supposition leaves alone."""
    return {
        product: (
            bool(found.present[at]),
            bool(found.presence.implied[at]),
            bool(found.presence.available[at]),
            bool(found.presence.class_known[at]),
            {found.chain.products[int(one)] for one in found.presence.needing.row(at)},
            float(found.presence.inputs_here[at]),
            len(found.tally.makers.row(at)),
            int(found.tally.total[at]),
            int(found.owners[at]),
            *(float(f"{told[at]:.9g}") for told in (found.quantities.capacity.low, found.quantities.capacity.high)),
            *(float(f"{told[at]:.9g}") for told in (found.quantities.demand.low, found.quantities.demand.high)),
        )
        for at, product in enumerate(found.chain.products)
    }


@settings(max_examples=40, derandomize=True)
@given(graph=random_graphs.recipe_graphs(), choice=st.data())
def test_the_same_as_a_graph_with_the_supposed_claims(graph: RandomGraph, choice: st.DataObject) -> None:
    """Laid over the claims instead of over the tally: a plant that is owned, placed and makes; who stops is not."""
    reader = PlainReader.of_store(HeldStore(graph.stored, random_graphs.SOURCES, ()), graph.as_of)
    chain = reader.chain()
    enterprises = reader.ids(["enterprise"])
    regions = reader.ids(["region"])
    if not enterprises or not regions or not chain.products:
        return
    region = choice.draw(st.sampled_from(regions))
    owner = choice.draw(st.sampled_from(enterprises))
    product = choice.draw(st.integers(0, len(chain.products) - 1))
    here = [one for one in reader.placed(region, ["enterprise"]) if one != owner]
    lost = tuple(choice.draw(st.lists(st.sampled_from(here), max_size=2, unique=True))) if here else ()
    tally = reader.tally(region)
    then = assess_tally(
        reader,
        suppose(reader, chain, tally, Suppositions((Attracted(owner, (product,), 7.0),), lost, {})),
        Thresholds(),
    )
    added = [
        claim("ent:what-if-1", "located_in", region),
        claim("ent:what-if-1", "produces", chain.products[product], amount=7.0, unit="t/yr", qualifier="capacity"),
        claim(owner, "owns", "ent:what-if-1", amount=100.0, unit="%"),
    ]
    dropped = [
        stored.id
        for stored in graph.stored
        if stored.claim.subject in lost and stored.claim.predicate in ("produces", "consumes", "located_in")
    ]
    asked = assess(reader.with_claims(added, dropped), region, Thresholds())
    mine, theirs = _states(then), _states(asked)
    # A product that only they made is gone with their claims.
    assert {name: mine[name] for name in theirs} == theirs
