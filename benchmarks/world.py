"""How large a made-up industry is, and what its sheets are drawn from."""

from dataclasses import dataclass
from zlib import crc32

import numpy as np

from benchmarks.network import Enterprises, Regions, Sources, make_enterprises, make_regions
from benchmarks.recipes import Products, make_products
from benchmarks.sheets import Cells, Ints


@dataclass(frozen=True)
class Size:
    """How much of everything; `produces`, `supplies`, `owns`, `consumes` count rows of relations.csv."""

    enterprises: int
    products: int
    regions: int
    produces: int
    supplies: int
    owns: int
    consumes: int
    projects: int
    processes: int
    institutions: int
    policies: int


class World:
    """What the sheets are drawn from: the parts, the id cells of every kind, and one random stream a purpose."""

    def __init__(self, size: Size, seed: int) -> None:
        self._seed = seed
        self.size = size
        self.cells = Cells()
        self.products: Products = make_products(self.stream("products"), size.products)
        self.regions: Regions = make_regions(self.stream("regions"), size.regions)
        self.firms: Enterprises = make_enterprises(self.stream("firms"), self.products, self.regions, size.enterprises)
        # In the order of the alphabet, so that sorting rows by number sorts them by id.
        self.ent = self._ids("ent", size.enterprises)
        self.ins = self._ids("ins", size.institutions)
        self.pol = self._ids("pol", size.policies)
        self.prd = self._ids("prd", size.products)
        self.prj = self._ids("prj", size.projects)
        self.reg = self._ids("reg", size.regions)
        claims = size.produces + size.supplies + size.owns + size.consumes + 4 * size.enterprises
        self.sources = Sources(self.stream("sources"), self.cells, max(50, claims // 40))
        self.unit = self.cells.pick(self.stream("units"), {"t/yr": 1}, size.products)
        late = self.products.stage >= 5
        self.unit[late] = self.cells.pick(self.stream("units"), {"units/yr": 0.6, "pieces/yr": 0.4}, int(late.sum()))

    def stream(self, purpose: str) -> np.random.Generator:
        """Random numbers for one purpose: drawing more for one leaves the others as they were."""
        return np.random.default_rng((self._seed, crc32(purpose.encode())))

    def _ids(self, prefix: str, n: int) -> Ints:
        return self.cells.add(f"{prefix}:{i:06d}" for i in range(1, n + 1))


def words(cells: Cells, choices: tuple[str, ...], numbers: Ints) -> Ints:
    """The cells of a closed list, by the number of each choice."""
    return np.array([cells.code(word) for word in choices])[numbers]
