"""The rows of entities.csv, and the projects with their history of statuses."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.names import CompanyNames
from benchmarks.network import Ledger
from benchmarks.recipes import CHAINS, ROLES, STAGES
from benchmarks.sheets import DAY, LAST_DAY, MONTH, Columns, Ints, Matrix, fill
from benchmarks.world import World, words

_PATH = ("planned", "signed", "approved", "under_construction", "completed", "in_production")


def list_enterprises(world: World) -> tuple[list[str], Matrix]:
    """A short name and the row of every enterprise."""
    rng, cells, firms = world.stream("company names"), world.cells, world.firms
    n, stage = len(world.ent), world.products.stage[firms.main]
    names = CompanyNames(rng, world.regions.cities)
    home, away = np.flatnonzero(firms.abroad == 0), np.flatnonzero(firms.abroad)
    elsewhere = rng.integers(len(world.regions.cities), size=len(home))
    city = np.where(rng.random(len(home)) < 0.1, elsewhere, world.regions.city[firms.region[home]])
    full, short, latin = names.name_at_home(city, stage[home])
    foreign = names.name_abroad(stage[away])
    zh, en, aliases = (np.zeros(n, dtype=np.int64) for _ in range(3))
    zh[home], en[away] = cells.add(full), cells.add(foreign)
    translated = np.flatnonzero(rng.random(len(home)) < 0.3)
    en[home[translated]] = cells.add(latin[i] for i in translated.tolist())
    called = np.flatnonzero(rng.random(len(home)) < 0.35)
    listed = (rng.random(len(called)) < 0.02).tolist()
    aliases[home[called]] = cells.add(
        f"{short[i]};SZSE:{300000 + i:06d}" if code else short[i]
        for i, code in zip(called.tolist(), listed, strict=True)
    )
    founded = cells.pick(rng, {str(year): 0.01 for year in range(1985, 2021)}, n)
    country = np.array([cells.code(code) for code in world.regions.country])[firms.region]
    note = cells.pick(rng, {"location not on the pages seen": 0.01, "identity uncertain, two pages differ": 0.005}, n)
    by_firm = dict(zip(home.tolist(), short, strict=True)) | dict(zip(away.tolist(), foreign, strict=True))
    return [by_firm[i] for i in range(n)], fill(
        "entities",
        n,
        id=world.ent,
        kind=cells.code("enterprise"),
        name_en=en,
        name_zh=zh,
        aliases=aliases,
        country=country,
        founded=founded,
        note=note,
        source_id=world.sources.ids[world.sources.home(world.ent)],
    )


def list_others(world: World) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """Institutions, policies, products, regions."""
    rng, cells, products, regions = world.stream("entities"), world.cells, world.products, world.regions

    def rows(kind: str, ids: Ints, zh: list[str], en: list[str], **columns: int | Ints) -> Matrix:
        columns |= {
            "name_zh": cells.add(zh),
            "name_en": cells.add(en),
            "source_id": world.sources.ids[world.sources.home(ids)],
        }
        return fill("entities", len(ids), id=ids, kind=cells.code(kind), **columns)

    kinds = (
        ("稀土研究院", "Rare Earth Institute"),
        ("大学", "University"),
        ("稀土行业协会", "Rare Earth Association"),
        ("新材料实验室", "New Materials Laboratory"),
        ("国有资产管理局", "State Assets Bureau"),
    )
    ordinals = ("", *(f"第{number}" for number in "二三四五六七八九"))
    rounds = [divmod(i, len(regions.cities)) for i in range(len(world.ins))]
    towns = [(*regions.cities[town], *kinds[turn % 5], ordinals[turn // 5]) for turn, town in rounds]
    states = rng.integers(8, world.size.regions, len(world.pol)).tolist()
    years = [2014 + i % 12 for i in range(len(world.pol))]
    acts = [(state, year, number) for number, (state, year) in enumerate(zip(states, years, strict=True), 1)]
    headings = cells.add(f"28469{i % 1000:03d}" for i in range(len(world.prd)))
    hs = np.where(rng.random(len(world.prd)) < 0.12, headings, 0)
    return (
        rows(
            "institution",
            world.ins,
            [town + ordinal + kind for town, _, kind, _, ordinal in towns],
            [f"{latin} {kind}" for _, latin, _, kind, _ in towns],
            country=cells.code("CN"),
        ),
        rows(
            "policy",
            world.pol,
            [f"{regions.zh[s]}稀土产业高质量发展若干措施（{y}年，第{i}号）" for s, y, i in acts],
            [f"{regions.en[s]} measures for the rare earth industry, {y}, no. {i}" for s, y, i in acts],
            country=cells.code("CN"),
            start_date=np.array([cells.code(str(y)) for y in years]),
        ),
        rows(
            "product",
            world.prd,
            products.zh,
            products.en,
            hs_code=hs,
            stage=words(cells, STAGES, products.stage),
            chain=words(cells, tuple(CHAINS), products.chain),
            role=words(cells, ROLES, products.role),
        ),
        rows(
            "region",
            world.reg,
            regions.zh,
            regions.en,
            country=np.array([cells.code(code) for code in regions.country]),
        ),
    )


def list_projects(world: World, ledger: Ledger, shorts: list[str]) -> tuple[Matrix, Matrix]:
    """Projects of known enterprises, with claims; each has one to three dated statuses, the last of them its own."""
    rng, cells, products = world.stream("projects"), world.cells, world.products
    n = len(world.prj)
    firm = rng.choice(world.firms.makes[world.firms.abroad[world.firms.makes] == 0], n)
    product = world.firms.main[firm]
    at_home = world.regions.level[world.firms.region[firm]] >= 2
    region = np.where(at_home, world.firms.region[firm], rng.choice(world.regions.at(3), n))
    size = rng.integers(1, 100, n).tolist()
    names: dict[str, None] = {}
    for f, s, p in zip(firm.tolist(), size, product.tolist(), strict=True):
        name = f"{shorts[f]}年产{s}万{'件' if products.stage[p] >= 5 else '吨'}{products.zh[p]}项目"
        while name in names:
            name += "二期"
        names[name] = None
    zh = cells.add(names)
    en = cells.add(
        f"{products.en[p]} project no. {i}, {world.regions.en[r]}"
        for i, (p, r) in enumerate(zip(product.tolist(), region.tolist(), strict=True), 1)
    )

    reached = rng.choice(6, n, p=[0.22, 0.1, 0.1, 0.4, 0.08, 0.1])
    told = np.minimum(rng.integers(1, 4, n), reached + 1)
    project = np.repeat(np.arange(n), told)
    turn = np.arange(len(project)) - np.repeat(np.cumsum(told) - told, told)
    status = words(cells, _PATH, reached[project] - told[project] + 1 + turn)
    last = turn == told[project] - 1
    stopped = cells.pick(rng, {"cancelled": 0.03, "suspended": 0.03}, len(project))
    status = np.where(last & (reached[project] < 4) & (stopped > 0), stopped, status)
    _, source, day = world.sources.cite(world.prj[project])
    order = np.lexsort((day, project))
    source, day = source[order], day[order]
    precision = rng.choice([MONTH, DAY], len(project))
    statuses = fill(
        "statuses",
        len(project),
        project=world.prj[project],
        status=status,
        as_of=cells.dates(day, precision),
        source_id=world.sources.ids[source],
    )

    seen, done = day[last], np.isin(status[last], [cells.code("completed"), cells.code("in_production")])
    begun = np.clip(seen - rng.integers(60, 700, n), 0, LAST_DAY)
    ended = np.maximum(seen - rng.integers(0, 60, n), begun)
    due = np.where(done, ended, np.minimum(seen + rng.integers(100, 1200, n), LAST_DAY))
    sized, dated, ending = rng.random((3, n)) < 0.6
    money = _told(rng.random(n) < 0.45, cells.draw(rng, cells.sums, n), np.full(n, cells.code("CNY")))
    output = _told(sized, cells.draw(rng, cells.amounts, n), world.unit[product])
    entities = fill(
        "entities",
        n,
        id=world.prj,
        kind=cells.code("project"),
        name_zh=zh,
        name_en=en,
        country=cells.code("CN"),
        status=status[last],
        investment_amount=money["value"],
        investment_currency=money["unit"],
        capacity_value=output["value"],
        capacity_unit=output["unit"],
        start_date=np.where(dated, cells.dates(begun, np.full(n, MONTH)), 0),
        completion_date=np.where(ending, cells.dates(due, np.full(n, MONTH)), 0),
        source_id=world.sources.ids[source[last]],
    )

    ledger.write("invests_in", world.ent[firm], world.prj, money)
    ledger.write("located_in", world.prj, world.reg[region])
    ledger.write("project_product", world.prj, world.prd[product], output, flags={"plan": 0.03})
    more = np.sort(rng.choice(n, n * 3 // 10, replace=False))
    ledger.write("project_product", world.prj[more], world.prd[(product[more] + 1) % world.size.products])
    return entities, statuses


def _told(told: NDArray[np.bool_], value: Ints, unit: Ints) -> Columns:
    """Columns `value` and `unit`, both empty where nothing was told."""
    return {"value": np.where(told, value, 0), "unit": np.where(told, unit, 0)}
