"""The rows of relations.csv, but for those that come with the projects."""

import numpy as np

from benchmarks.network import Ledger, consume, own, produce, supply
from benchmarks.sheets import Columns, Ints
from benchmarks.world import World, words


def claim(world: World, ledger: Ledger) -> None:
    """Who needs, makes, sells and owns what, and where everybody is; 3 % of the enterprises are unplaced."""
    rng, cells, size, firms = world.stream("relations"), world.cells, world.size, world.firms
    ent, prd, products, regions = world.ent, world.prd, world.products, world.regions

    def amounts(unit: Ints, share: float) -> Columns:
        told = rng.random(len(unit)) < share
        return {"value": np.where(told, cells.draw(rng, cells.amounts, len(unit)), 0), "unit": np.where(told, unit, 0)}

    who, what = consume(rng, firms, size.products, size.consumes)
    ledger.write("consumes", ent[who], prd[what], amounts(world.unit[what], 0.25), flags={"plan": 0.04})
    ins = np.repeat(world.ins, 2)
    ledger.write("develops", ins, prd[rng.choice(size.products, len(ins), replace=len(ins) > size.products)])

    placed = np.sort(rng.permutation(size.enterprises)[: size.enterprises - size.enterprises * 3 // 100])
    second = rng.choice(placed, size.enterprises * 15 // 1000, replace=False)
    near = np.flatnonzero(regions.level >= 2)
    spot = rng.integers(len(near), size=len(second))
    spot = np.where(near[spot] == firms.region[second], (spot + 1) % len(near), spot)
    rough = np.where(np.isin(placed, second), cells.code("coarser"), cells.code("coarse"))
    shown = cells.pick(rng, {"inferred": 0.1, "date_uncertain": 0.02, "doubtful": 0.004}, len(placed))
    flag = np.where(regions.level[firms.region[placed]] <= 1, rough, shown)
    ledger.write("located_in", ent[placed], world.reg[firms.region[placed]], {"flag": flag})
    ledger.write("located_in", ent[second], world.reg[near[spot]], flags={"inferred": 0.1, "former": 0.02})
    ledger.write("located_in", world.ins, world.reg[near[np.arange(len(world.ins)) % len(near)]])

    owner, owned = own(rng, size.enterprises, size.owns)
    told = rng.random(size.owns) < 0.75
    hedges = {"plan": 0.05, "doubtful": 0.04, "former": 0.04, "indirect": 0.03, "date_uncertain": 0.01}
    ledger.write(
        "owns",
        ent[owner],
        ent[owned],
        {
            "value": np.where(told, rng.choice(cells.percents, size.owns), 0),
            "unit": np.where(told, cells.code("%"), 0),
        },
        flags=hedges,
        ends=0.01,
    )
    parts = np.flatnonzero(regions.parent >= 0)
    ledger.write("part_of", world.reg[parts], world.reg[regions.parent[parts]], timeless=True)
    ledger.write("partners_with", world.ins, ent[rng.choice(size.enterprises, len(world.ins), replace=False)])

    again = size.produces // 20
    maker, made = produce(rng, firms, products, size.produces - again)
    said = rng.choice(6, len(maker), p=[0.55, 0.25, 0.07, 0.05, 0.04, 0.04])
    unit = np.where(said == 5, cells.code("t"), world.unit[made])
    valued = (said > 0) & (said < 4) | (said == 5)
    hedge = {
        "assumed": 0.06,
        "date_uncertain": 0.04,
        "doubtful": 0.01,
        "former": 0.006,
        "recycling": 0.004,
        "stock": 0.002,
    }
    flag = np.where(said == 3, cells.code("plan"), cells.pick(rng, hedge, len(maker)))
    ledger.write(
        "produces",
        ent[maker],
        prd[made],
        {
            "qualifier": words(cells, ("", "capacity", "output", "plan", "capacity", "unstated"), said),
            "value": np.where(valued, cells.draw(rng, cells.amounts, len(maker)), 0),
            "unit": np.where(valued, unit, 0),
            "flag": flag,
        },
        ends=0.004,
        again=again,
    )
    kinds = np.flatnonzero(products.parent >= 0)
    ledger.write("subclass_of", prd[kinds], prd[products.parent[kinds]], timeless=True)
    seller, buyer, item = supply(rng, maker, made, size.enterprises, size.supplies)
    hedges = {"plan": 0.05, "assumed": 0.05, "doubtful": 0.03, "date_uncertain": 0.01}
    ledger.write(
        "supplies",
        ent[seller],
        ent[buyer],
        {"qualifier": prd[item], **amounts(world.unit[item], 0.15)},
        flags=hedges,
        ends=0.01,
    )
    ledger.write("supports", world.pol, prd[rng.choice(size.products, len(world.pol), replace=False)])
    ledger.write("supports", world.pol, world.reg[rng.integers(8, size.regions, len(world.pol))])
