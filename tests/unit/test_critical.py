"""The question `critical` on the drawing in tests/tiny.py. Every expected figure is worked out in the docstring.

In the zone ore, oxide-a, metal, magnet and hot-magnet are made and oxide-b is implied; acid and resin are auxiliary.
Bought in are binder and plating (needed for magnet). Without a recipe: ore, hot-magnet, acid, resin, copper-wire,
plating, robot. K({}) = these four that are here, then oxide-a and oxide-b (separate), metal (reduce), binder (mix, not
here but all it needs is) and magnet (press). Motor needs copper-wire, which is not here: it is not in K({}).
"""

import numpy as np
import pytest
import tiny
from asking import ReaderOf, each_reader

from graph.model.errors import BadInput, UnknownName
from graph.readers.port import Reader
from queries.chain.bottleneck import bottlenecks, targets_of
from queries.chain.closure import kept_now, network_of
from queries.chain.critical import CriticalAnswer, CriticalParams, run
from queries.chain.critical_rows import Consequence, CriticalEnterprise
from queries.chain.presence import find_presence

pytestmark = each_reader


def ask(reader: Reader, region: str = "reg:zone", **params: object) -> CriticalAnswer:
    return run(reader, CriticalParams.model_validate({"region": region} | params))


def numbers(row: Consequence) -> tuple[int, int, int]:
    return row.targets_lost, row.links_lost, row.enterprises_hit


def makers(answer: CriticalAnswer) -> list[tuple[str, tuple[int, int, int]]]:
    return [("+".join(one.id[4:] for one in row.makers), numbers(row)) for row in answer.enterprises]


def row_of(answer: CriticalAnswer, maker: str) -> CriticalEnterprise:
    return next(row for row in answer.enterprises if row.makers[0].id == f"ent:{maker}")


def lost(row: Consequence) -> set[str]:
    return {one.product[4:] for one in row.lost}


def test_what_is_kept_when_nothing_is_removed(reader_of: ReaderOf) -> None:
    """As worked out above; what is lost is lost from this."""
    reader = reader_of()
    chain = reader.chain()
    kept = kept_now(network_of(chain, find_presence(reader, reader.tally("reg:zone"))))
    names = {chain.products[one][4:] for one in np.flatnonzero(kept)}
    assert names == {"ore", "hot-magnet", "acid", "resin", "oxide-a", "oxide-b", "metal", "binder", "magnet"}
    assert ask(reader).targets == ("prd:magnet",)


def test_makers_by_what_goes_with_them(reader_of: ReaderOf) -> None:
    """Alone are mine (ore), sep (oxide-a), smelt (metal), mag3 (hot-magnet); magnet has three makers.

    mine: oxide-a, oxide-b, metal, binder, magnet follow; ore is no link: 5 links, target magnet; makers of these: sep,
    smelt, mag1, mag2, mag3. sep: oxide-b still comes of ore and acid; metal and magnet follow: 3 links with oxide-a.
    smelt: magnet follows: 2 links. mag3: hot-magnet alone, and no recipe needs it.
    """
    answer = ask(reader_of())
    assert makers(answer) == [
        ("mine", (1, 5, 5)),
        ("sep", (1, 3, 4)),
        ("smelt", (1, 2, 3)),
        ("mag3", (0, 1, 0)),
    ]
    assert [row.rank for row in answer.enterprises] == [1, 2, 3, 4]
    assert lost(answer.enterprises[0]) == {"oxide-a", "oxide-b", "metal", "binder", "magnet"}
    assert [one.product for one in answer.enterprises[0].removed] == ["prd:ore"]
    assert answer.looked_at["enterprises_here"] == 6
    assert answer.looked_at["without_products"] == 0
    assert (answer.unplaced, answer.totals) == (1, {"enterprises": 4, "products": 6})


def test_products_by_what_they_take_with_them(reader_of: ReaderOf) -> None:
    """ore: as mine, but nobody's own product counts. oxide-a: metal, magnet; hit smelt and the three of magnet.

    metal, and binder and plating that are bought in: magnet and its three makers. oxide-b: binder can no longer be made
    here, yet it is bought in as before, so magnet stays. magnet and hot-magnet: nothing follows, they are not listed.
    """
    answer = ask(reader_of())
    assert [(row.product.id[4:], row.standing, numbers(row)) for row in answer.products] == [
        ("ore", "made", (1, 5, 5)),
        ("oxide-a", "made", (1, 2, 4)),
        ("binder", "bought_in", (1, 1, 3)),
        ("metal", "made", (1, 1, 3)),
        ("plating", "bought_in", (1, 1, 3)),
        ("oxide-b", "implied", (0, 1, 0)),
    ]


def test_the_path_is_one_that_breaks(reader_of: ReaderOf) -> None:
    """From ore to magnet three steps over metal; over binder three too, but binder can be bought in.

    Every step is told by two claims (into the process, out of it), the last product by that of its being a target.
    """
    row = row_of(ask(reader_of()), "mine")
    magnet = next(one for one in row.lost if one.product == "prd:magnet")
    assert magnet.path == (
        "prd:ore", "prc:separate", "prd:oxide-a", "prc:reduce", "prd:metal", "prc:press", "prd:magnet",
    )  # fmt: skip
    assert (magnet.target, magnet.made_here, magnet.named) == (True, True, ("ent:mag1", "ent:mag2", "ent:mag3"))
    assert len(magnet.claims) == 2 * 3 + 1
    binder = next(one for one in row.lost if one.product == "prd:binder")
    assert binder.path[2::2] == ("prd:oxide-b", "prd:binder")
    assert (binder.made_here, binder.makers) == (False, 0)


def test_customers_by_tier(reader_of: ReaderOf) -> None:
    """sep supplies smelt (oxide-a), smelt mag1 and mag2 (metal), mag1 motorco (magnet), which is abroad.

    Of the product metal: smelt supplies it to mag1 and mag2. Binder is made by nobody here who could supply it.
    """
    answer = ask(reader_of(), tiers=3)
    sep = row_of(answer, "sep")
    assert sep.customers_by_tier == (1, 2, 1)
    assert sep.customers[3].through == ("ent:sep", "ent:smelt", "ent:mag1", "ent:motorco")
    assert sep.customers[3].products == ("prd:oxide-a", "prd:metal", "prd:magnet")
    assert len(sep.customers[3].claims) == 3
    by_product = {row.product.id: row.customers_by_tier for row in answer.products}
    assert (by_product["prd:metal"], by_product["prd:binder"]) == ((2, 1), ())
    assert row_of(ask(reader_of(), tiers=0), "sep").customers == ()


def test_what_could_stand_in(reader_of: ReaderOf) -> None:
    """far in the town makes oxide-a now: it is the one maker elsewhere, in the same province.

    Without oxide-a, oxide-a may come of prc:separate again, for which all is here; magnet of prc:press, which does not
    use oxide-a itself but would lack metal (plating is bought in as before); metal's only recipe uses oxide-a.
    """
    sep = row_of(ask(reader_of(tiny.claim("ent:far", "produces", "prd:oxide-a", as_of="2024"))), "sep")
    (stand_in,) = sep.substitutes
    assert (stand_in.makers_elsewhere, stand_in.nearest_in, stand_in.nearest) == (1, "reg:province", 1)
    assert stand_in.named == ("ent:far",)
    assert [(one.product[4:], one.process, one.still_needs, one.buys) for one in sep.routes] == [
        ("oxide-a", "prc:separate", (), ()),
        ("magnet", "prc:press", ("prd:metal",), ("prd:plating",)),
    ]


def test_other_kinds_of_its_class(reader_of: ReaderOf) -> None:
    """cold-magnet, a kind of magnet too, is made by mag2: it stands beside hot-magnet. magnet is the class itself."""
    more = (
        tiny.claim("prd:cold-magnet", "subclass_of", "prd:magnet"),
        tiny.claim("ent:mag2", "produces", "prd:cold-magnet", as_of="2024"),
    )
    (stand_in,) = row_of(ask(reader_of(*more)), "mag3").substitutes
    assert stand_in.kinds_here == ("prd:cold-magnet",)


def test_an_owner_group_goes_together(reader_of: ReaderOf) -> None:
    """mag1 owns mag2 and mag3: together they alone make magnet and hot-magnet. Two links, one of them a target."""
    more = [
        tiny.claim("ent:mag1", "owns", f"ent:{one}", amount=100.0, unit="%", as_of="2024") for one in ("mag2", "mag3")
    ]
    reader = reader_of(*more)
    assert makers(ask(reader, group=True))[-1] == ("mag1+mag2+mag3", (1, 2, 0))
    assert makers(ask(reader, group=True, control_share=100)) == makers(ask(reader, group=True))
    assert makers(ask(reader))[-1] == ("mag3", (0, 1, 0))


def test_the_only_maker_of_a_kind_and_of_its_class_takes_both(reader_of: ReaderOf) -> None:
    """In a region of its own, solo makes hot-magnet: nobody else makes that, nor any magnet."""
    more = (
        tiny.claim("reg:island", "name_zh", "岛"),
        tiny.claim("ent:solo", "located_in", "reg:island", as_of="2020"),
        tiny.claim("ent:solo", "produces", "prd:hot-magnet", as_of="2020"),
    )
    (row,) = ask(reader_of(*more), "岛").enterprises
    assert {one.product for one in row.removed} == {"prd:magnet", "prd:hot-magnet"}


def test_recycling_does_not_keep_itself_alive(reader_of: ReaderOf) -> None:
    """Magnet scrap gives oxide-a: but without ore there is no magnet to begin with, so mine breaks what it broke.

    The circle is oxide-a, metal, magnet. Without sep's oxide-a the same: recycling it is how oxide-a would come back,
    but what is removed is removed.
    """
    recycle = tiny._recipe("prc:recycle", "回收", {"prd:magnet": 1.5}, {"prd:oxide-a": 1.0})
    recycle = [one for one in recycle if one.predicate != "process_kind"]
    answer = ask(reader_of(*recycle, tiny.claim("prc:recycle", "process_kind", "recycling")))
    assert makers(answer) == makers(ask(reader_of()))
    (loop,) = answer.loops
    assert loop.products == ("prd:magnet", "prd:metal", "prd:oxide-a")
    assert (loop.size, loop.self_supporting) == (3, ())


def test_what_stands_on_a_circle_alone_is_told_and_never_lost(reader_of: ReaderOf) -> None:
    """In a region of its own yin is made only of yang and yang only of yin, both are made: neither is in K({})."""
    more = [
        tiny.claim("reg:island", "name_zh", "岛"),
        *tiny._recipe("prc:one", "一", {"prd:yin": 1.0}, {"prd:yang": 1.0}),
        *tiny._recipe("prc:two", "二", {"prd:yang": 1.0}, {"prd:yin": 1.0}),
        tiny.claim("ent:solo", "located_in", "reg:island", as_of="2020"),
        tiny.claim("ent:solo", "produces", "prd:yin", as_of="2020"),
        tiny.claim("ent:duo", "located_in", "reg:island", as_of="2020"),
        tiny.claim("ent:duo", "produces", "prd:yang", as_of="2020"),
    ]
    answer = ask(reader_of(*more), "岛")
    assert makers(answer) == [("duo", (0, 1, 0)), ("solo", (0, 1, 0))]
    assert [loop.self_supporting for loop in answer.loops] == [("prd:yang", "prd:yin")]


def test_the_selection_says_what_counts(reader_of: ReaderOf) -> None:
    """Into binder go oxide-b, resin, ore and acid: of what mine breaks oxide-b and binder count; sep breaks neither."""
    answer = ask(reader_of(), product="prd:binder")
    assert makers(answer) == [("mine", (0, 2, 0))]
    assert lost(answer.enterprises[0]) == {"oxide-b", "binder"}
    assert answer.targets == ()


def test_bottlenecks(reader_of: ReaderOf) -> None:
    """In the zone the one target that can be made is magnet: ore, oxide-a and metal carry it, magnet is it itself.

    In the province copper-wire is made too, so motor can be made: now magnet carries a target, and binder, which far
    makes there, carries both. oxide-b is not made but implied; copper-wire is of another chain than motor.
    """
    reader = reader_of()
    chain = reader.chain()
    targets = targets_of(reader, chain)
    found = {}
    for region in ("reg:zone", "reg:province"):
        flags = bottlenecks(chain, find_presence(reader, reader.tally(region)), targets)
        found[region] = {chain.products[one][4:] for one in np.flatnonzero(flags)}
    assert found["reg:zone"] == {"ore", "oxide-a", "metal"}
    assert found["reg:province"] == {"ore", "oxide-a", "metal", "binder", "magnet"}


def test_somebody_of_another_chain_elsewhere_changes_nothing(reader_of: ReaderOf) -> None:
    more = (
        tiny.claim("ent:alien", "located_in", "reg:abroad", as_of="2020"),
        tiny.claim("ent:alien", "produces", "prd:copper-wire", as_of="2020"),
    )
    assert ask(reader_of(*more)) == ask(reader_of())


def test_the_sentence(reader_of: ReaderOf) -> None:
    """mine: ore goes, 5 links and 1 target with it, 5 others are hit, and nobody makes ore elsewhere."""
    said = ask(reader_of()).said
    assert said.zh == (
        "mine一旦停产，甲高新区就有1种产品无人生产，本地断掉5个环节、1个目标产品，波及本地另外5家生产者，其中矿石在外地也没有生产者记录。"
    ).replace("mine", "甲矿业")
    assert said.en.startswith("If mine stopped")
    assert "5 links and 1 target of the chain would break there" in said.en
    assert ask(reader_of(), offset=3, limit=1).said == said


def test_a_region_without_makers_says_so(reader_of: ReaderOf) -> None:
    answer = ask(reader_of(tiny.claim("reg:empty", "name_zh", "空地")), "空地")
    assert (answer.enterprises, answer.products, answer.loops) == ((), (), ())
    assert answer.looked_at["enterprises_here"] == 0
    assert answer.said.zh == "空地没有已记录的生产者，无从判断谁最关键。"


def test_every_claim_named_is_there(reader_of: ReaderOf) -> None:
    reader = reader_of()
    for row in (*ask(reader).enterprises, *ask(reader).products):
        assert len(reader.claims(row.claims)) == len(row.claims) > 0


@pytest.mark.parametrize(
    ("region", "params", "error"),
    [
        ("nowhere at all", {}, UnknownName),
        ("reg:atlantis", {}, UnknownName),
        ("prd:magnet", {}, BadInput),
        ("reg:zone", {"chain": "no-such"}, BadInput),
        ("reg:zone", {"product": "no-such"}, UnknownName),
        ("reg:zone", {"product": "reg:zone"}, BadInput),
    ],
)
def test_bad_input(reader_of: ReaderOf, region: str, params: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(reader_of(), region, **params)
