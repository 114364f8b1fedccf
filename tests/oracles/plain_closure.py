"""What breaks when products go, by brute force: derivations tried one by one, from the definition in docs.

A product is kept when there is a derivation of it: a tree whose leaves stand by themselves. A derivation that needs the
product itself further down can always be cut shorter, so a branch that meets a product again is given up: no fixpoint
is taken, and a circle cannot keep itself alive.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from graph.readers.port import Reader
from oracles.plain_gaps import PlainGaps


class PlainRecipe(NamedTuple):
    """Everything one recipe needs: inputs and services."""

    needs: frozenset[str]


class PlainClosure:
    """`here` is H; `always` are auxiliaries and co-products; `recipes` those that apply, by product."""

    def __init__(
        self, here: Iterable[str], always: Iterable[str], recipes: Mapping[str, Sequence[PlainRecipe]]
    ) -> None:
        self.here, self.always, self.recipes = set(here), set(always), recipes

    def kept(self, removed: Iterable[str] = ()) -> set[str]:
        """K(R)."""
        gone = set(removed)
        return {product for product in self.recipes if self._derivable(product, gone, ())}

    def lost(self, removed: Iterable[str]) -> set[str]:
        """Lost(R)."""
        gone = set(removed)
        return self.kept() - self.kept(gone) - gone

    def _derivable(self, product: str, gone: set[str], above: tuple[str, ...]) -> bool:
        if product in gone or product in above:
            return False
        recipes = self.recipes[product]
        if product in self.here and (not recipes or product in self.always):
            return True
        branch = (*above, product)
        return any(self._works(product, recipe, gone, branch) for recipe in recipes)

    def _works(self, product: str, recipe: PlainRecipe, gone: set[str], branch: tuple[str, ...]) -> bool:
        if product in self.here:
            bought = {need for need in recipe.needs if need not in self.here and need not in gone}
            return all(need in bought or self._derivable(need, gone, branch) for need in recipe.needs)
        return bool(recipe.needs) and all(self._derivable(need, gone, branch) for need in recipe.needs)


class PlainRounds(PlainClosure):
    """The same by rounds, for more products than derivations can be tried of: add what follows until nothing does."""

    def kept(self, removed: Iterable[str] = ()) -> set[str]:
        gone, kept = set(removed), set[str]()
        while True:
            fresh = {
                product
                for product, recipes in self.recipes.items()
                if product not in kept | gone and self._follows(product, recipes, kept, gone)
            }
            if not fresh:
                return kept
            kept |= fresh

    def _follows(self, product: str, recipes: Sequence[PlainRecipe], kept: set[str], gone: set[str]) -> bool:
        if product not in self.here:
            return any(recipe.needs and recipe.needs <= kept for recipe in recipes)
        if not recipes or product in self.always:
            return True
        return any(all(need in kept or not (need in self.here or need in gone) for need in r.needs) for r in recipes)


class PlainCritical:
    """Who is alone in making what in a region, what goes with it, and which of it are targets."""

    def __init__(self, reader: Reader, region: str, closure: type[PlainClosure] = PlainClosure) -> None:
        plain = PlainGaps(reader, region)
        self.roles, self.chains, self.makers = plain.roles, plain.chains, plain.makers
        recipes = {}
        for product, ways in plain.recipes.items():
            own = [way for way in ways if way.kind != "aggregate"] or ways
            recipes[product] = [PlainRecipe(way.inputs | way.services) for way in own]
        always = {product for product, role in self.roles.items() if role in ("auxiliary", "coproduct")}
        self.closure = closure(plain.available, always, recipes)
        self.here = plain.available
        told = reader.facts(reader.ids(("chain",)), ("chain_target",), "out")
        self.targets = {(fact.subject[4:], str(fact.object)) for fact in told if fact.used}
        self.aims = {product for _, product in self.targets}
        self.always = always

    def covers(self) -> dict[str, set[str]]:
        """By maker here, the products that nobody else here makes."""
        found: dict[str, set[str]] = {maker: set() for makers in self.makers.values() for maker in makers}
        for product, makers in self.makers.items():
            if len(makers) == 1 and product not in self.always:
                found[next(iter(makers))].add(product)
        return {maker: products for maker, products in found.items() if products}

    def numbers(self, gone: set[str]) -> tuple[int, int]:
        """Targets and links among these."""
        return len(gone & self.aims), sum(self.roles[product] in ("link", "service") for product in gone)

    def enterprises(self) -> list[tuple[int, int, int, str]]:
        """Targets lost, links lost, others hit here, maker: worst first."""
        found = []
        for maker, removed in self.covers().items():
            lost = self.closure.lost(removed)
            hit = {other for product in lost for other in self.makers[product]} - {maker}
            found.append((*self.numbers(lost | removed), len(hit), maker))
        return _ranked(found)

    def products(self) -> list[tuple[int, int, int, str]]:
        """The same for each product that is here or bought in."""
        found = []
        for product, role in self.roles.items():
            if role in ("link", "service", "resource", "intermediate"):
                lost = self.closure.lost({product})
                hit = {other for one in lost for other in self.makers[one]}
                if product in self.here or self._bought(product):
                    found.append((*self.numbers(lost), len(hit), product))
        return _ranked(found)

    def _bought(self, product: str) -> bool:
        return any(
            product in recipe.needs
            for made in self.here - self.always
            for recipe in self.closure.recipes[made]
        )  # fmt: skip

    def bottlenecks(self) -> set[str]:
        """Products made here without which another target of their chain can no longer be made."""
        return {
            product
            for product, makers in self.makers.items()
            if makers
            and {target for word, target in self.targets if word == self.chains[product]} & self.closure.lost({product})
        }


def _ranked(found: list[tuple[int, int, int, str]]) -> list[tuple[int, int, int, str]]:
    kept = [one for one in found if one[0] or one[1]]
    return sorted(kept, key=lambda one: (-one[0], -one[1], -one[2], one[3]))
