"""Made-up products in eight stages, and the processes that turn the earlier ones into the later ones."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.names import name_products
from benchmarks.sheets import Ints

Floats = NDArray[np.float64]

STAGES = (
    "mining",
    "beneficiation",
    "separation",
    "metal_alloy",
    "functional_material",
    "component",
    "device",
    "end_use",
)
# Shares of stages and chains as in the shipped data; the roles of each stage as well, roughly.
_STAGE_SHARES = np.array([3, 13, 33, 38, 61, 25, 25, 28]) / 226
CHAINS: dict[str, tuple[str, str]] = {
    "upstream": ("Ores to oxides and metals", "上游：采选、冶炼分离与金属"),
    "magnet": ("Permanent magnets to motors", "永磁材料与电机"),
    "polishing": ("Polishing materials", "抛光材料"),
    "hydrogen": ("Hydrogen storage", "储氢材料与器件"),
    "catalyst": ("Catalysts", "催化材料"),
    "optical": ("Phosphors and optical materials", "光功能材料"),
    "alloy": ("Rare-earth steel, aluminium and magnesium alloys", "稀土合金"),
    "wind": ("Wind-power equipment", "风电装备"),
    "ceramic_pigment": ("Ceramics, glass, pigments and additives", "陶瓷、玻璃、颜料与助剂"),
    "other": ("Other industries present in the data", "其他"),
}
_EARLY_CHAINS = np.array([0.62, 0.1, 0.01, 0.02, 0.03, 0.04, 0.06, 0.02, 0.05, 0.05])
_LATE_CHAINS = np.array([0.02, 0.42, 0.04, 0.06, 0.06, 0.06, 0.06, 0.12, 0.08, 0.08])
ROLES = (
    "link",
    "service",
    "intermediate",
    "resource",
    "coproduct",
    "auxiliary",
    "equipment",
    "class",
    "market",
    "other",
)
_ROLE_SHARES = np.array(
    [  # link serv inter reso  copro auxil equip class market other
        [0.20, 0.00, 0.00, 0.80, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00],
        [0.37, 0.00, 0.00, 0.33, 0.15, 0.15, 0.00, 0.00, 0.00, 0.00],
        [0.47, 0.02, 0.06, 0.00, 0.15, 0.20, 0.00, 0.10, 0.00, 0.00],
        [0.60, 0.04, 0.08, 0.00, 0.06, 0.12, 0.00, 0.10, 0.00, 0.00],
        [0.64, 0.04, 0.08, 0.00, 0.02, 0.06, 0.00, 0.10, 0.00, 0.06],
        [0.50, 0.06, 0.02, 0.00, 0.00, 0.04, 0.05, 0.10, 0.00, 0.23],
        [0.42, 0.00, 0.00, 0.00, 0.00, 0.00, 0.24, 0.10, 0.00, 0.24],
        [0.05, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.05, 0.75, 0.15],
    ]
)
# How often, beside a link, a product of each role is said to be made by somebody.
_ROLE_WEIGHTS = np.array([1, 0.8, 0.3, 0.4, 0.5, 0.6, 0.6, 0.3, 0.3, 0.4])
_ROUTES = ("萃取法", "火法", "湿法", "电解法", "速凝法", "烧结法", "共沉淀法", "气雾化法", "装配线", "自动化产线")
_BASES = ("ore", "concentrate", "REO in feed", "metal", "powder", "component")


class Products(NamedTuple):
    """Products in the order of stage, then (mostly) chain.

    `parent` is the class a product is a kind of, or -1; `weight` says how often it is made.
    """

    stage: Ints
    chain: Ints
    role: Ints
    parent: Ints
    weight: Floats
    zh: list[str]
    en: list[str]


class Flow(NamedTuple):
    """One row of a process: `role` input, output, equipment or service; `amount` per unit of the main flow, or None."""

    process: int
    kind: str
    role: str
    product: int
    amount: float | None
    is_main: bool


def make_products(rng: np.random.Generator, n: int) -> Products:
    """`n` products; 5 % are a kind of a class of their stage; 6 % are made by nobody and as many by a few only."""
    stage = np.searchsorted(np.cumsum(_STAGE_SHARES), (np.arange(n) + 0.5) / n)
    shares = np.where((stage < 4)[:, None], _EARLY_CHAINS, _LATE_CHAINS)
    chain = (rng.random(n)[:, None] > np.cumsum(shares, axis=1)).sum(axis=1).clip(max=len(CHAINS) - 1)
    chain = chain[np.lexsort((chain, stage))]
    role = (rng.random(n)[:, None] > np.cumsum(_ROLE_SHARES, axis=1)[stage]).sum(axis=1).clip(max=len(ROLES) - 1)
    chain[role == ROLES.index("other")] = len(CHAINS) - 1
    weight = rng.lognormal(0, 1, n) * _ROLE_WEIGHTS[role] * rng.choice([0, 0.003, 1], n, p=[0.06, 0.06, 0.88])
    zh, en = name_products(rng, stage)
    return Products(stage, chain, role, _put_under_classes(rng, stage, role), weight, zh, en)


def _put_under_classes(rng: np.random.Generator, stage: Ints, role: Ints) -> Ints:
    # A class always stands before its kinds, so no cycle can arise.
    parent = np.full(len(stage), -1)
    classes = np.flatnonzero(role == ROLES.index("class"))
    first = {int(s): int(c) for c, s in zip(classes[::-1], stage[classes[::-1]], strict=True)}
    fit = [i for i, s in enumerate(stage.tolist()) if first.get(s, i) < i]
    for child in rng.choice(fit, min(len(stage) // 20, len(fit)), replace=False).tolist():
        above = classes[(stage[classes] == stage[child]) & (classes < child)]
        near = above[-4:]  # Close in the order means: of the same chain, mostly.
        parent[child] = near[rng.integers(len(near))]
    return parent


def make_processes(rng: np.random.Generator, products: Products, n: int) -> list[Flow]:
    """The flows of `n` processes, in order.

    Inputs are of an earlier stage than the outputs, but for recycling (1 %). Mass is conserved: what a process puts out
    is less than what it takes in. About 8 % of what could have a recipe has none but, half the time, an aggregate.
    """
    usable = [_of_roles(products, s, "link intermediate resource coproduct auxiliary class") for s in range(8)]
    made = [_of_roles(products, s, "link intermediate resource coproduct class market") for s in range(8)]
    tools = {"equipment": _of_roles(products, 6, "equipment"), "service": _of_roles(products, 3, "service")}
    mains = rng.permutation(np.concatenate(made[1:]))
    bare = len(mains) * 8 // 100
    aggregates, stepped = mains[: bare // 2], mains[bare:]
    recycled = rng.choice(np.concatenate(made[2:4]), max(2, n // 100))
    steps = n - len(aggregates) - len(recycled)
    repeats = rng.choice(stepped, max(0, steps - len(stepped)))
    kinds = ["step"] * steps + ["aggregate"] * len(aggregates) + ["recycling"] * len(recycled)
    outputs = np.concatenate([stepped[:steps], repeats, aggregates, recycled]).tolist()
    flows: list[Flow] = []
    for process, turn in enumerate(rng.permutation(n).tolist()):
        kind, main = kinds[turn], outputs[turn]
        stage = int(products.stage[main])
        start, end = np.searchsorted(products.stage, (stage, stage + 1))
        place = float((main - start) / (end - start))
        if kind == "recycling":
            sources = [int(s) for s in rng.integers(5, 8, 2)]
        elif kind == "aggregate":
            sources = [max(0, stage - 2)] * 3
        else:
            back = rng.choice([1, 1, 1, 1, 2, 3], rng.choice(5, p=[0.25, 0.3, 0.25, 0.13, 0.07]) + 1)
            sources = [max(0, stage - int(step)) for step in back]
        shelves = [made[s] if kind == "recycling" else usable[s] for s in sources]
        inputs = {_near(rng, shelf, place) for shelf in shelves if len(shelf)}
        inputs = inputs or {int(rng.integers(end, len(products.stage)) if kind == "recycling" else rng.integers(start))}
        besides = {_near(rng, made[stage], place) for _ in range(rng.choice(3, p=[0.65, 0.2, 0.15]))} - {main} - inputs
        flows += _weigh(rng, process, kind, sorted(inputs), [main, *sorted(besides)])
        for role, shelf in tools.items():
            if len(shelf) and rng.random() < 0.06:
                flows.append(Flow(process, kind, role, int(rng.choice(shelf)), None, False))
    return flows


def say_basis(products: Products, main: int) -> str:
    """The basis of a process in words, from the product of its main flow."""
    stage = int(products.stage[main])
    return f"per kg {_BASES[stage]}" if stage < len(_BASES) else "per unit"


def say_route(process: int) -> str:
    """A word that tells the processes of one product apart."""
    return _ROUTES[process % len(_ROUTES)]


def _of_roles(products: Products, stage: int, roles: str) -> Ints:
    wanted = [ROLES.index(role) for role in roles.split()]
    return np.flatnonzero((products.stage == stage) & np.isin(products.role, wanted))


def _near(rng: np.random.Generator, shelf: Ints, place: float) -> int:
    # The same relative place in another stage: of the same chain, mostly, as stages are ordered by chain.
    return int(shelf[int(np.clip(place + rng.normal(0, 0.03), 0, 0.9999) * len(shelf))])


def _weigh(rng: np.random.Generator, process: int, kind: str, inputs: list[int], outputs: list[int]) -> list[Flow]:
    out = [1.0, *rng.uniform(0.05, 0.8, len(outputs) - 1).tolist()]
    share = rng.dirichlet([2.0] * len(inputs))
    taken = (share * sum(out) * rng.uniform(1.02, 1.8)).tolist()
    amounts = taken + out
    # The main flow, counted as 1, is the first output or, in 15 % of the processes, the largest input.
    main = int(np.argmax(taken)) if rng.random() < 0.15 else len(inputs)
    told = rng.random(len(amounts)) < 0.7
    told[main] = True
    roles = ["input"] * len(inputs) + ["output"] * len(outputs)
    return [
        Flow(process, kind, role, product, round(amount / amounts[main], 4) if known else None, place == main)
        for place, (role, product, amount, known) in enumerate(
            zip(roles, [*inputs, *outputs], amounts, told.tolist(), strict=True)
        )
    ]
