"""All claims that the state of one product in a region rests on, followed to their ends.

The test of it: a store that holds these claims and the names alone gives the same certificate. So not only what speaks
for a state is gathered, but also what the neighbouring states were told from: every input of every recipe that counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from graph.model.dates import AsOf
from graph.model.facts import is_candidate
from graph.readers.port import Reader
from graph.readers.ragged import inverse
from queries.chain.absence import UNCOVERED_CHAIN
from queries.chain.assessment import Assessment
from queries.chain.bottleneck import targets_of
from queries.chain.evidence import MAKING
from queries.chain.selection import reached

_ALL = 100_000_000


class Grounds:
    """Gathers the claims behind products of one assessment."""

    def __init__(self, reader: Reader, found: Assessment) -> None:
        self._reader = reader
        self._found = found
        chain = found.chain
        size = len(chain.products)
        self._yielding = inverse(chain.outputs, size)
        self._taking = inverse(chain.inputs, size)
        self._serving = inverse(chain.services, size)
        self._joint = chain.outputs.counts() > 1
        self._claims: set[str] = set()
        self._products: set[int] = set()
        self._processes: set[int] = set()
        self._placed: set[str] = set()
        self._looked_at: set[int] = set()
        # What is asked of the reader once, in the end: by predicates, all from or all to these nodes.
        self._from: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        self._to: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        self._places: set[str] = set()

    def of(self, number: int) -> set[str]:
        """The claims behind the state, the kind and the flags of a product."""
        product = self._found.chain.products[number]
        self._standing(number)
        for process in self._yielding.row(number):
            self._recipe(int(process))
        for user in self._makes_of(number):
            self._standing(user)
            # Of one group's figures only one may count in what they need.
            self._owners([self._found.tally.entities[int(who)] for who in self._found.tally.makers.row(user)])
            for process in self._yielding.row(user):
                self._recipe(int(process))
        consumers = [self._found.tally.entities[int(who)] for who in self._found.tally.users.row(number)]
        self._cite(consumers, ("consumes",), [product])
        self._place(consumers)
        self._everywhere(number)
        self._coverage(number)
        self._owners([self._found.tally.entities[int(who)] for who in self._found.tally.makers.row(number)])
        self._targets(number)
        self._claims.update(
            claim for one in self._found.tally.pipeline if one.product == number for claim in one.claims
        )
        self._claims.update(claim for one in self._found.tally.stated if one.product == number for claim in one.claims)
        self._place([one.project for one in self._found.tally.pipeline if one.product == number])
        self._places.add(self._found.region)
        self._cite([self._found.region, *self._placed], ("country",))
        self._fetch()
        return set(self._claims)

    def _targets(self, number: int) -> None:
        """Of a product made here, whether a target of its chain hangs on it: all ways to the targets are looked at."""
        chain = self._found.chain
        word = chain.chains[number]
        if word is None or not self._found.presence.made[number]:
            return
        targets = targets_of(self._reader, chain)
        for product, of, claim in zip(targets.product.tolist(), targets.word, targets.claim, strict=True):
            if of == word:
                self._claims.add(claim)
                for behind in np.flatnonzero(reached(chain, product, upstream=True)).tolist():
                    self._standing(behind)
                    for process in self._yielding.row(behind):
                        self._recipe(int(process))

    def _fetch(self) -> None:
        """Ask for all that was put off."""
        placed = sorted(self._placed)
        places = [one for one in self._reader.facts(placed, ("located_in",), "out") if one.used] if placed else []
        self._claims.update(fact.claim for fact in places)
        regions = self._places | {str(fact.object) for fact in places}
        self._cite(sorted({whole for region in regions for whole in self._reader.around(region)}), ("part_of",))
        for predicates, nodes in self._from.items():
            if nodes:
                self._claims.update(self._reader.cite(sorted(nodes), predicates, None, _ALL))
        for predicates, nodes in self._to.items():
            self._claims.update(self._reader.cite(None, predicates, sorted(nodes), _ALL))

    def _makes_of(self, number: int) -> list[int]:
        """The products made here by a recipe that takes a product or uses it as a service."""
        chain, made = self._found.chain, self._found.presence.made
        processes = {*self._taking.row(number).tolist(), *self._serving.row(number).tolist()}
        outputs = {int(product) for process in processes for product in chain.outputs.row(process)}
        return sorted(product for product in outputs if made[product])

    def _standing(self, number: int) -> None:
        """What makes a product available here or not, inputs of joint processes followed."""
        left = [number]
        while left:
            one = left.pop()
            if one in self._products:
                continue
            self._products.add(one)
            self._described(one)
            self._made(one)
            if self._found.presence.made[one]:
                continue
            left.extend(self._could_yield(one))
            if self._found.chain.roles[one] == "intermediate":
                self._in_use(one)

    def _described(self, number: int) -> None:
        chain = self._found.chain
        kin = [chain.products[int(at)] for at in (*chain.below.row(number), *chain.above.row(number))]
        self._cite([chain.products[number]], ("role", "chain"))
        self._cite([chain.products[number], *kin], ("subclass_of",))

    def _made(self, number: int) -> None:
        """Makers here of a product, of its kinds, and of the classes that leave its kind open."""
        chain, tally = self._found.chain, self._found.tally
        kinds = [chain.products[int(at)] for at in chain.below.row(number)]
        self._makers_here(number, [chain.products[number], *kinds])
        for above in chain.above.row(number):
            if tally.direct[above]:
                self._makers_here(int(above), [chain.products[int(above)]])

    def _makers_here(self, number: int, products: Sequence[str]) -> None:
        makers = [self._found.tally.entities[int(who)] for who in self._found.tally.makers.row(number)]
        self._cite(makers, MAKING, products)
        # Of a class only those recorded with the class itself.
        told = {fact.subject for fact in self._reader.facts(products, MAKING, "in") if fact.used}
        placed = [who for who in makers if who in told]
        self._cite([who for who in placed if who.startswith("prj:")], ("status",))
        self._place(placed)

    def _could_yield(self, number: int) -> list[int]:
        """Through joint processes a product may arise beside another: what these take and give is looked at too."""
        chain, presence = self._found.chain, self._found.presence
        near: list[int] = []
        for process in self._yielding.row(number):
            if self._joint[process] and presence.recipes.applies[process] and chain.kinds[process] != "aggregate":
                self._flows(int(process))
                near += [*chain.inputs.row(process).tolist(), *chain.outputs.row(process).tolist()]
        return near

    def _in_use(self, number: int) -> None:
        """An intermediate counts where something is made from it here."""
        presence = self._found.presence
        for process in self._taking.row(number):
            outputs = presence.recipes.product[presence.recipes.process == process]
            made = [int(product) for product in outputs if presence.made[product]]
            if made:
                self._flows(int(process))
                for product in made:
                    self._described(product)
                    self._made(product)
                    self._kinds_of_ways(product)

    def _recipe(self, process: int) -> None:
        """A way to make something: what it takes, and how each of that stands."""
        self._flows(process)
        for product in (*self._found.chain.inputs.row(process), *self._found.chain.services.row(process)):
            self._standing(int(product))
        for product in self._found.chain.outputs.row(process):
            self._kinds_of_ways(int(product))

    def _kinds_of_ways(self, number: int) -> None:
        """Whether a way counts: an aggregate only where no step yields the product."""
        if number in self._looked_at:
            return
        self._looked_at.add(number)
        self._cite(None, ("yields",), [self._found.chain.products[number]])
        for process in self._yielding.row(number):
            self._tied(self._found.chain.processes[process], self._found.chain.sites[process])

    def _flows(self, process: int) -> None:
        if process in self._processes:
            return
        self._processes.add(process)
        name = self._found.chain.processes[process]
        self._cite(None, ("input_to",), [name])
        self._cite([name], ("yields", "uses"))
        self._tied(name, self._found.chain.sites[process])

    def _tied(self, process: str, site: str | None) -> None:
        self._cite([process], ("process_kind", "site"))
        if site:
            self._places.add(site)

    def _everywhere(self, number: int) -> None:
        """All makers, wherever they are; and what is told of it that does not count."""
        chain = self._found.chain
        product = chain.products[number]
        kinds = [product, *(chain.products[int(at)] for at in chain.below.row(number))]
        told = self._reader.facts(kinds, MAKING, "in")
        makers = sorted({fact.subject for fact in told})
        for fact in told:
            self._claims.update((fact.claim, *fact.conflicts))
        self._cite([who for who in makers if who.startswith("prj:")], ("status",))
        self._place(makers)

    def _coverage(self, number: int) -> None:
        """Everything that is said of the makers here in the product's chain: what was searched."""
        found, reader = self._found, self._reader
        word = found.chain.chains[number]
        if word is None or word == UNCOVERED_CHAIN:
            return
        of_chain = [at for at, other in enumerate(found.chain.chains) if other == word and found.presence.made[at]]
        numbers = {int(who) for at in of_chain for who in found.tally.makers.row(at)}
        makers = [found.tally.entities[who] for who in sorted(numbers)]
        made = [found.chain.products[at] for at in of_chain]
        kinds = {found.chain.products[int(at)] for top in of_chain for at in found.chain.below.row(top)}
        self._cite(made, ("chain",))
        self._cite(sorted({*made, *kinds}), ("subclass_of",))
        self._cite(makers, MAKING, sorted({*made, *kinds}))
        self._cite([who for who in makers if who.startswith("prj:")], ("status",))
        self._place(makers)
        self._claims.update(_standing_claims(reader, makers))

    def _owners(self, makers: Sequence[str]) -> None:
        """Who owns whom among several makers, followed over all that they own and are owned by."""
        if len(makers) < 2:
            return
        seen, tier = set(makers), list(makers)
        while tier:
            links = [fact for fact in self._reader.facts(tier, ("owns",), "both") if fact.used]
            self._claims.update(fact.claim for fact in links)
            ends = {end for fact in links for end in (fact.subject, str(fact.object)) if end.startswith("ent:")}
            tier = sorted(ends - seen)
            seen.update(tier)

    def _place(self, entities: Iterable[str]) -> None:
        """Where somebody is, and the regions that these places are part of."""
        self._placed.update(entities)

    def _cite(
        self, subjects: Sequence[str] | None, predicates: Sequence[str], objects: Sequence[str] | None = None
    ) -> None:
        if objects is None:
            self._from[tuple(predicates)].update(subjects or ())
        elif subjects is None:
            self._to[tuple(predicates)].update(objects)
        elif subjects:
            self._claims.update(self._reader.cite(subjects, predicates, objects, _ALL))


def _standing_claims(reader: Reader, entities: Sequence[str]) -> set[str]:
    """The unflagged claims about these that may speak at the reader's time: those that sources are counted by."""
    if not entities:
        return set()
    told = [one for one in reader.claims(entities) if one.status == "accepted" and not one.claim.flags]
    sources = {one.id: one for one in reader.sources(sorted({one.claim.source for one in told}))}
    at: AsOf = reader.as_of
    speaking = [one for one in told if is_candidate(one.claim, sources.get(one.claim.source), at)]
    about = sorted({one.claim.subject for one in speaking})
    kept = dict(zip(about, (node.id for node in reader.nodes(about)), strict=True))
    wanted = set(entities)
    return {one.id for one in speaking if kept[one.claim.subject] in wanted}
