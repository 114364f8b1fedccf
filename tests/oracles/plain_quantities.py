"""Capacity and demand in a region in plain loops, from the definition in docs/methods/gaps.md."""

from collections import defaultdict
from math import isnan, nan
from typing import NamedTuple

from graph.readers.port import Reader
from graph.readers.port_types import Figures
from graph.readers.ragged import pairs
from oracles.plain_gaps import PlainGaps, Recipe


class PlainQuantity(NamedTuple):
    """Tonnes a year of one product."""

    capacity: tuple[float, float, int, int]
    demand: tuple[float, float, int, int]
    at_most: float
    at_least: float


class PlainQuantities:
    """Of every product in a region, by id."""

    def __init__(self, reader: Reader, region: str) -> None:
        chain, tally = reader.chain(), reader.tally(region)
        self.plain = PlainGaps(reader, region)
        self.products = chain.products
        self.above = self.plain.above
        self.group = {entity: int(tally.groups[at]) for at, entity in enumerate(tally.entities)}
        self.kg: dict[tuple[str, str], float] = {}
        for table, told in ((chain.inputs, chain.input_amounts), (chain.outputs, chain.output_amounts)):
            for process, item, amount in zip(*pairs(table), told.tolist(), strict=True):
                self.kg[chain.processes[process], chain.products[item]] = amount

        def largest(figures: Figures) -> dict[tuple[str, str], float]:
            found: dict[tuple[str, str], float] = {}
            columns = (figures.entity, figures.product, figures.amount, figures.inside)
            for entity, product, amount, inside in zip(*(column.tolist() for column in columns), strict=True):
                key = tally.entities[entity], chain.products[product]
                if inside:
                    found[key] = max(found.get(key, 0.0), amount)
            return found

        self.told, self.consumed = largest(tally.capacities), largest(tally.consumption)

    def _alone(self, told: dict[tuple[str, str], float], entity: str, product: str, seen: frozenset[str]) -> float:
        """What an entity tells of a product beyond the kinds of it that it tells of, too."""
        kinds = [p for e, p in told if e == entity and p != product and product in self.above[p] and p not in seen]
        return max(0.0, told[entity, product] - sum(self._alone(told, entity, p, seen | {product}) for p in kinds))

    def _at_least(self, amounts: dict[str, float]) -> float:
        """Enterprises or finished projects, whichever is more."""
        return max(self._once({e: a for e, a in amounts.items() if e.startswith(kind)}) for kind in ("ent:", "prj:"))

    def _once(self, amounts: dict[str, float]) -> float:
        """Of each owner group the entity with most."""
        most: defaultdict[int, float] = defaultdict(float)
        for entity, amount in amounts.items():
            most[self.group[entity]] = max(most[self.group[entity]], amount)
        return sum(most.values())

    def _capacity(self, product: str) -> tuple[float, float, int, int]:
        low: defaultdict[str, float] = defaultdict(float)
        high = 0.0
        for (entity, told), amount in self.told.items():
            if told == product or product in self.above[told]:
                low[entity] += self._alone(self.told, entity, told, frozenset())
                high += amount
        return self._at_least(low), high, len(low), len(self.plain.makers[product])

    def _in_use(self, product: str) -> list[Recipe]:
        recipes = self.plain.recipes[product]
        if product not in self.plain.made or not recipes:
            return []
        lacking = {recipe: len(recipe.inputs - self.plain.available) for recipe in recipes}
        return [recipe for recipe in recipes if lacking[recipe] == min(lacking.values())]

    def _takes(self, maker_of: str, input_: str) -> tuple[float, float] | None:
        """kg of an input per kg of a product over the recipes in use; None: none takes it."""
        recipes = self._in_use(maker_of)
        if not any(input_ in recipe.inputs for recipe in recipes):
            return None
        found = []
        for recipe in recipes:
            if input_ not in recipe.inputs:
                found.append(0.0)
                continue
            into, out = self.kg[recipe.process, input_], self.kg[recipe.process, maker_of]
            found.append(nan if isnan(into) or isnan(out) or out == 0 else into / out)
        return (nan, nan) if any(map(isnan, found)) else (min(found), max(found))

    def _tells_recipe(self, product: str) -> str:
        if self.plain.recipes[product]:
            return product
        above = [one for one in self.above[product] if self.plain.recipes[one]]
        return max(above, key=lambda one: (len(self.above[one]), -self.products.index(one)), default=product)

    def _demand(self, product: str) -> tuple[float, float, int, int]:
        users = set(self.plain.users[product])
        users |= {m for made in self.plain.made if self._takes(made, product) for m in self.plain.makers[made]}
        low: defaultdict[str, float] = defaultdict(float)
        high: defaultdict[str, float] = defaultdict(float)
        consumed = {entity: amount for (entity, of), amount in self.consumed.items() if of == product}
        for entity, amount in consumed.items():
            low[entity], high[entity] = self._alone(self.consumed, entity, product, frozenset()), amount
        for (entity, made), amount in self.told.items():
            takes = self._takes(self._tells_recipe(made), product)
            if takes is None or isnan(takes[0]) or entity in consumed:
                continue
            low[entity] += self._alone(self.told, entity, made, frozenset()) * takes[0]
            high[entity] += amount * takes[1]
        telling = sum(amount > 0 for amount in high.values())
        return self._at_least(low), sum(high.values()), telling, len(users)

    def of(self, product: str) -> PlainQuantity:
        """One product's."""
        capacity, demand = self._capacity(product), self._demand(product)
        known = capacity[2] == capacity[3] and demand[0] > 0
        at_least = capacity[0] / demand[1] if known and demand[2] == demand[3] else nan
        return PlainQuantity(capacity, demand, capacity[1] / demand[0] if known else nan, at_least)
