"""The gaps of a region by brute force: design section 4 in plain sets and loops, over any Reader's primitives.

Everything is worked out again from the recipe graph, the makers, the pipeline and the stated absences; thresholds are
the design's. The fixpoint is taken by trying all recipes until nothing changes.
"""

from collections.abc import Iterable
from typing import NamedTuple

from graph.model.dates import end_of
from graph.readers.port import Reader
from graph.readers.port_types import Chain, ChainEvidence, Rows

SHOWN_ROLES = ("link", "service")
COUNTED_INPUTS = ("link", "class", "intermediate")


class Recipe(NamedTuple):
    """A process as far as gaps are concerned."""

    process: str
    kind: str
    inputs: frozenset[str]
    outputs: frozenset[str]
    services: frozenset[str]


class PlainGap(NamedTuple):
    """What section 4 says of one link or service in a region."""

    product: str
    state: str
    kind: str | None
    absence: str | None
    why: str | None
    makers_here: tuple[str, ...]
    makers_elsewhere: int
    needed_by: tuple[str, ...]
    inputs_here: float
    no_recipe: bool
    pipeline: tuple[str, ...]
    closes_on: str | None
    evidence: ChainEvidence | None
    completeness: float | None


class PlainGaps:
    """Everything about one region; `gaps` holds the links and services by product, the rest every product."""

    def __init__(
        self,
        reader: Reader,
        region: str,
        least_inputs: float = 0.5,
        least_makers: int = 5,
        least_sources: int = 5,
        recent_years: float = 8.0,
    ) -> None:
        chain, tally = reader.chain(), reader.tally(region, recent_years)
        self.region = region
        self.today = reader.as_of.valid
        self.products = chain.products
        self.roles = dict(zip(chain.products, chain.roles, strict=True))
        self.chains = dict(zip(chain.products, chain.chains, strict=True))
        self.above = _named(chain.above, chain.products, chain.products)
        self.makers = _named(tally.makers, chain.products, tally.entities)
        self.users = _named(tally.users, chain.products, tally.entities)
        self.total = {product: int(number) for product, number in zip(chain.products, tally.total, strict=True)}
        self.direct = {product for product, told in zip(chain.products, tally.direct, strict=True) if told}
        self.stated = {chain.products[one.product] for one in tally.stated}
        self.pipeline = [(chain.products[one.product], one.project, one.expected) for one in tally.pipeline]
        self.evidence = dict(tally.evidence)
        self.least_inputs, self.least_makers, self.least_sources = least_inputs, least_makers, least_sources

        self.made = {product for product, makers in self.makers.items() if makers}
        # Somebody here is recorded with a class above it: which kind of it is made here is not known.
        self.by_class = {product for product in self.products if self.above[product] & self.direct}
        self.recipes = self._recipes(reader, chain)
        self.implied = self._implied()
        self.available = {product for product in self.products if self._is_available(product)}
        self.needed_by = self._needs()
        self.gaps = {product: self._gap(product) for product in self.products if self.roles[product] in SHOWN_ROLES}

    # Recipes

    def _recipes(self, reader: Reader, chain: Chain) -> dict[str, list[Recipe]]:
        """By product: its steps and recycling processes that apply here; aggregates where no step yields it."""
        inputs, outputs, services = (
            _named(rows, chain.processes, chain.products) for rows in (chain.inputs, chain.outputs, chain.services)
        )
        here = [
            Recipe(process, kind, frozenset(inputs[process]), frozenset(outputs[process]), frozenset(services[process]))
            for process, kind, site in zip(chain.processes, chain.kinds, chain.sites, strict=True)
            if site is None or self._shares_deposit(reader, site)
        ]
        recipes = {}
        for product in self.products:
            yielding = [recipe for recipe in here if product in recipe.outputs]
            has_step = any(recipe.kind == "step" for recipe in yielding)
            recipes[product] = [recipe for recipe in yielding if recipe.kind != "aggregate" or not has_step]
        return recipes

    def _shares_deposit(self, reader: Reader, site: str) -> bool:
        around_site, around_here = reader.around(site), reader.around(self.region)
        if self.region in around_site or site in around_here:
            return True
        return bool(_provinces(reader, around_site) & _provinces(reader, around_here))

    def _recipes_in_use(self) -> Iterable[Recipe]:
        return {recipe for recipes in self.recipes.values() for recipe in recipes}

    # What is there

    def _implied(self) -> set[str]:
        implied: set[str] = set()
        while True:
            fresh = set()
            for product, recipes in self.recipes.items():
                for recipe in recipes:
                    beside = recipe.outputs - {product}
                    inputs_there = all(
                        one in self.made or one in implied or self.roles[one] == "auxiliary" or one in self.by_class
                        for one in recipe.inputs
                    )
                    if beside & self.made and inputs_there:
                        fresh.add(product)
            fresh -= self.made | implied
            if not fresh:
                return implied
            implied |= fresh

    def _is_available(self, product: str) -> bool:
        if product in self.made or product in self.implied or product in self.by_class:
            return True
        if self.roles[product] in ("auxiliary", "coproduct"):
            return True
        return self.roles[product] == "intermediate" and any(
            product in recipe.inputs and recipe.outputs & self.made for recipe in self._recipes_in_use()
        )

    # Who needs it, and could it be made

    def _needs(self) -> dict[str, set[str]]:
        needed: dict[str, set[str]] = {product: set(self.users[product]) for product in self.products}
        for made in self.made:
            lacking = {recipe: recipe.inputs - self.available for recipe in self.recipes[made]}
            fewest = min(map(len, lacking.values()), default=0)
            for recipe, missing in lacking.items():
                if len(missing) != fewest:
                    continue
                wanted = missing if fewest else {one for one in recipe.services if one not in self.made}
                for product in wanted:
                    needed[product] |= self.makers[made]
        return needed

    def _inputs_here(self, product: str) -> float:
        best = 0.0
        for recipe in self.recipes[product]:
            counted = [one for one in recipe.inputs if self.roles[one] in COUNTED_INPUTS]
            if counted:
                best = max(best, sum(one in self.available for one in counted) / len(counted))
        return best

    # The answer

    def _why_not_searched(self, product: str) -> str | None:
        """What keeps a product from counting as searched for; None when it was."""
        chain = self.chains[product]
        evidence = self.evidence.get(chain) if chain is not None else None
        if self.total[product] - len(self.makers[product]) == 0:
            return "nobody_recorded_anywhere"
        if chain is None or chain == "other" or evidence is None or evidence.makers < self.least_makers:
            return "few_makers_known"
        if evidence.recent < self.least_sources:
            return "few_recent_sources"
        return None

    def _gap(self, product: str) -> PlainGap:
        why = self._why_not_searched(product)
        absence = None
        if product in self.made:
            state = "present"
        elif product in self.stated:
            state, absence = "missing", "stated"
        elif product in self.implied:
            state = "implied"
        elif product in self.by_class:
            state, why = "unknown", "only_the_class_is_known"
        elif why is not None:
            state = "unknown"
        else:
            state, absence = "missing", "searched"
        needed_by = tuple(sorted(self.needed_by[product]))
        inputs_here = self._inputs_here(product)
        kind = None
        if state == "missing" and inputs_here >= self.least_inputs:
            kind = "broken" if needed_by else "extend"
        elif state == "missing":
            kind = "fill" if needed_by else "build"
        evidence = self.evidence.get(self.chains[product] or "")
        mentions = evidence.mentions if evidence is not None else 0
        return PlainGap(
            product=product,
            state=state,
            kind=kind,
            absence=absence,
            why=why if state == "unknown" else None,
            makers_here=tuple(sorted(self.makers[product])),
            makers_elsewhere=self.total[product] - len(self.makers[product]),
            needed_by=needed_by,
            inputs_here=inputs_here,
            no_recipe=not self.recipes[product],
            pipeline=tuple(sorted(project for made, project, _ in self.pipeline if made == product)),
            closes_on=min(
                (day for made, _, day in self.pipeline if made == product and day and not self._is_past(day)),
                default=None,
            ),
            evidence=evidence,
            completeness=1 - evidence.single / mentions if evidence is not None and mentions else None,
        )

    def _is_past(self, day: str) -> bool:
        """All days of a partial date are over: an expectation that was not kept closes nothing."""
        return end_of(day) < self.today

    def of(self, *, state: str | None = None, kind: str | None = None) -> list[PlainGap]:
        """The links and services in a state or of a kind, those with most users first, then by id."""
        fitting = [gap for gap in self.gaps.values() if state in (None, gap.state) and kind in (None, gap.kind)]
        return sorted(fitting, key=lambda gap: (-len(gap.needed_by), gap.product))


def _provinces(reader: Reader, around: Iterable[str]) -> set[str]:
    """The regions among these that are part of a root."""
    return {region for region in around if any(not _parents(reader, whole) for whole in _parents(reader, region))}


def _parents(reader: Reader, region: str) -> set[str]:
    return {str(fact.object) for fact in reader.facts([region], ["part_of"]) if fact.used}


def _named(rows: Rows, owners: tuple[str, ...], names: Iterable[str]) -> dict[str, set[str]]:
    listed = list(names)
    return {owner: {listed[item] for item in rows.row(at).tolist()} for at, owner in enumerate(owners)}
