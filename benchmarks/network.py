"""Regions, enterprises, and the claims that join them: who makes what, where, for whom, and who owns whom."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from benchmarks.names import COUNTRIES, PROVINCES, ZONE_KINDS, name_cities
from benchmarks.recipes import Floats, Products
from benchmarks.sheets import DAY, LAST_SOURCE_DAY, MONTH, NONE, RELATION, YEAR, Cells, Columns, Ints, Matrix, fill

_HUB = 5_000  # More customers than this would be absurd.


class Regions(NamedTuple):
    """Regions level by level, parents first.

    `parent` is -1 for a country; `city` is the city whose name companies there take.
    """

    level: Ints
    parent: Ints
    city: Ints
    zh: list[str]
    en: list[str]
    country: list[str]
    cities: list[tuple[str, str]]

    def at(self, level: int) -> Ints:
        """The regions of a level: 0 country, 1 province, 2 city, 3 zone."""
        return np.flatnonzero(self.level == level)


class Enterprises(NamedTuple):
    """Enterprises: `main` is the product each is about, `region` where it is; `makes` are those that make anything."""

    main: Ints
    region: Ints
    abroad: Ints
    makes: Ints


class Sources:
    """The documents: a day and an id cell each. Half of what is said of a subject stands in its home sources."""

    def __init__(self, rng: np.random.Generator, cells: Cells, n: int) -> None:
        self._rng = rng
        self._cells = cells
        self.ids = cells.add(f"src:{i:06d}" for i in range(1, n + 1))
        # Recent years are better covered.
        self.day = (LAST_SOURCE_DAY * rng.beta(2.2, 1.2, n)).astype(np.int64)

    def home(self, subjects: Ints) -> Ints:
        """The number of the source that a subject is mostly known from."""
        return (subjects * 2_654_435_761 >> 7) % len(self.ids)

    def cite(
        self, subjects: Ints, timeless: bool = False, apart: Ints | None = None
    ) -> tuple[dict[str, Ints], Ints, Ints]:
        """Columns `source_id` and `as_of` for claims of these subjects; the source numbers and the days as well.

        `apart` gives sources that must not be taken again, one a claim.
        """
        n = len(subjects)
        # No page tells of everything a hub sells: after 20 claims the subject has another home.
        home = self.home(subjects + 7_919 * (_turns(subjects) // 20))
        chosen = np.where(self._rng.random(n) < 0.5, home, self._rng.integers(len(self.ids), size=n))
        if apart is not None:
            chosen = (apart + self._rng.integers(1, len(self.ids), n)) % len(self.ids)
        lag = np.where(self._rng.random(n) < 0.6, 0, self._rng.exponential(400, n)).astype(np.int64)
        day = np.maximum(self.day[chosen] - lag, 0)
        precision = (
            np.zeros(n, dtype=np.int64)
            if timeless
            else self._rng.choice([NONE, YEAR, MONTH, DAY], n, p=[0.08, 0.27, 0.25, 0.4])
        )
        return {"source_id": self.ids[chosen], "as_of": self._cells.dates(day, precision)}, chosen, day


def make_regions(rng: np.random.Generator, n: int) -> Regions:
    """`n` regions in four levels, one parent each; countries other than China have no parts."""
    countries, provinces = len(COUNTRIES), min(len(PROVINCES), n // 8)
    cities = max(n // 3 if n < 1_000 else n // 9, 1)
    stems = name_cities(rng, cities)
    zones = n - countries - provinces - cities
    over_city = np.concatenate(
        [np.arange(min(cities, provinces)), rng.integers(provinces, size=max(0, cities - provinces))]
    )
    city_of_zone = np.arange(zones) % cities
    first_city = countries + provinces
    level = np.repeat([0, 1, 2, 3], [countries, provinces, cities, zones])
    parent = np.concatenate(
        [np.full(countries, -1), np.zeros(provinces, int), countries + over_city, first_city + city_of_zone]
    )
    city = np.concatenate([rng.integers(cities, size=first_city), np.arange(cities), city_of_zone])
    zones_named = [
        (*stems[z % cities], *ZONE_KINDS[z // cities % len(ZONE_KINDS)], z // cities // len(ZONE_KINDS))
        for z in range(zones)
    ]
    zh = [c[0] for c in COUNTRIES] + [p[0] for p in PROVINCES[:provinces]] + [f"{stem}市" for stem, _ in stems]
    en = [c[1] for c in COUNTRIES] + [p[1] for p in PROVINCES[:provinces]] + [latin for _, latin in stems]
    zh += [
        f"{stem}{kind}{'二三四五六七八九'[again - 1] + '期' if again else ''}"
        for stem, _, kind, _, again in zones_named
    ]
    en += [f"{latin} {kind}{f' {again + 1}' if again else ''}" for _, latin, _, kind, again in zones_named]
    country = [c[2] for c in COUNTRIES] + ["CN"] * (n - countries)
    return Regions(level, parent, city, zh, en, country, stems)


def make_enterprises(rng: np.random.Generator, products: Products, regions: Regions, n: int) -> Enterprises:
    """`n` enterprises, each about a product; 85 % make something; 4 % are abroad, 3 % known by province or country."""
    main = _by_weight(rng, products.weight, n)
    levels = rng.choice(5, n, p=[0.01, 0.02, 0.06, 0.87, 0.04])
    region = np.zeros(n, dtype=np.int64)
    for level in range(1, 4):
        there, spots = levels == level, regions.at(level)
        # Skewed: a few zones are crowded.
        region[there] = spots[_by_weight(rng, rng.lognormal(0, 1, len(spots)), int(there.sum()))]
    abroad = levels == 4
    region[abroad] = rng.integers(1, len(COUNTRIES), int(abroad.sum()))
    return Enterprises(main, region, abroad.astype(np.int64), np.flatnonzero(rng.random(n) < 0.85))


def produce(rng: np.random.Generator, firms: Enterprises, products: Products, n: int) -> tuple[Ints, Ints]:
    """`n` distinct pairs (enterprise, product): every maker's main product, and others near it in the chain."""
    size = len(products.stage)
    own = firms.makes * size + firms.main[firms.makes]
    who = rng.choice(firms.makes, 4 * n)
    near = firms.main[who] + np.rint(rng.laplace(0, 6, len(who))).astype(np.int64)
    fits = (near >= 0) & (near < size)
    who, near = who[fits], near[fits]
    liked = rng.random(len(near)) < products.weight[near] / (products.weight[near] + 1)
    more = np.setdiff1d((who * size + near)[liked], own)
    pairs = np.sort(np.concatenate([own, rng.choice(more, n - len(own), replace=False)]))
    return pairs // size, pairs % size


def supply(rng: np.random.Generator, maker: Ints, product: Ints, enterprises: int, n: int) -> tuple[Ints, Ints, Ints]:
    """`n` distinct (supplier, customer, product the supplier makes); `maker` sorted.

    Customers are uniform. Suppliers follow Zipf-Mandelbrot 1.3: the shift keeps the largest at about 5,000 customers
    (in small graphs at 2 % of all supplies) where plain Zipf would give it a quarter of them.
    """
    who, first, count = np.unique(maker, return_index=True, return_counts=True)
    shift = 0.3 * n / min(_HUB, n / 50)
    ranked = rng.permutation(len(who))
    drawn = ranked[_by_weight(rng, np.power(np.arange(len(who)) + shift, -1.3), n + n // 10)]
    made = product[first[drawn] + (rng.random(len(drawn)) * count[drawn]).astype(np.int64)]
    supplier, customer = who[drawn], rng.integers(enterprises, size=len(drawn))
    span = int(product.max()) + 1
    keys = ((supplier * enterprises + customer) * span + made)[supplier != customer]
    keys = np.sort(rng.choice(np.unique(keys), n, replace=False))
    return keys // span // enterprises, keys // span % enterprises, keys % span


def own(rng: np.random.Generator, enterprises: int, n: int) -> tuple[Ints, Ints]:
    """`n` pairs (owner, owned): nobody is owned twice and, as owners stand higher in one order, there is no cycle."""
    order = rng.permutation(enterprises)
    below = rng.choice(np.arange(1, enterprises), n, replace=False)
    above = (below * rng.random(n) ** 3).astype(np.int64)
    return order[above], order[below]


def consume(rng: np.random.Generator, firms: Enterprises, products: int, n: int) -> tuple[Ints, Ints]:
    """`n` distinct pairs (enterprise, product) in which the product stands before the enterprise's own."""
    who = rng.integers(len(firms.main), size=n + n // 4 + 10)
    keys = np.unique(who * products + (firms.main[who] * rng.random(len(who))).astype(np.int64))
    keys = np.sort(rng.choice(keys, n, replace=False))
    return keys // products, keys % products


class Ledger:
    """Builds rows of relations.csv with the usual share of flags, notes and ends."""

    def __init__(self, rng: np.random.Generator, cells: Cells, sources: Sources) -> None:
        self._rng = rng
        self._cells = cells
        self._sources = sources
        self.rows: list[Matrix] = []

    def write(
        self,
        predicate: str,
        subject: Ints,
        object_: Ints,
        columns: Columns | None = None,
        *,
        flags: Mapping[str, float] | None = None,
        ends: float = 0,
        timeless: bool = False,
        again: int = 0,
    ) -> None:
        """Add claims of one predicate; `columns` holds what is not drawn here.

        `flags` gives the share of each flag, `ends` of those with an `until`. `again` claims are told once more by
        another source, with its own date and, where there is a value, another one.
        """
        n, cells = len(subject), self._cells
        cited, source, day = self._sources.cite(subject, timeless)
        late = np.where((self._rng.random(n) < ends) & (day < LAST_SOURCE_DAY - 800), DAY, NONE)
        drawn: Columns = {
            "until": cells.dates(np.minimum(day + 400 + self._rng.integers(400, size=n), LAST_SOURCE_DAY), late),
            "flag": cells.pick(self._rng, flags or {}, n),
            "note": cells.pick(self._rng, {"figure of the whole group": 0.004, "rounded, as told": 0.004}, n),
        }
        fixed: Columns = {"subject": subject, "predicate": cells.code(predicate), "object": object_}
        block = fill("relations", n, **drawn | fixed | cited | (columns or {}))
        self.rows.append(block)
        if again:
            chosen = np.sort(self._rng.choice(n, again, replace=False))
            cited, _, _ = self._sources.cite(subject[chosen], apart=source[chosen])
            value = cells.others(self._rng, block[chosen, RELATION["value"]].astype(np.int64))
            repeat = block[chosen]
            for name, codes in (cited | {"value": value, "until": np.zeros_like(value)}).items():
                repeat[:, RELATION[name]] = codes
            self.rows.append(repeat)


def _turns(subjects: Ints) -> Ints:
    # How many equal ones came before each.
    order = np.argsort(subjects, kind="stable")
    ranked = subjects[order]
    turns = np.empty_like(subjects)
    turns[order] = np.arange(len(ranked)) - np.searchsorted(ranked, ranked)
    return turns


def _by_weight(rng: np.random.Generator, weight: Floats, n: int) -> Ints:
    edges = np.cumsum(weight)
    found: Ints = np.minimum(np.searchsorted(edges, rng.random(n) * edges[-1], side="right"), len(weight) - 1)
    return found
