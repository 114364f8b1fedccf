"""Why this region: links the enterprise could close here, who needs what it makes, inputs, ties and movement.

What is asked of the graph is asked in `Here`; a question that scores candidates (`targets`) may take its place.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from graph.model.facts import Fact
from graph.readers.port import Reader
from graph.readers.ragged import pairs
from queries.base import NodeRef, refs
from queries.chain.assessment import KIND_NAMES, Assessment, Thresholds, assess
from queries.chain.evidence import MAKING, is_overdue
from queries.chain.presence import COUNTED_INPUTS
from queries.chain.selection import Selection, select_products
from queries.dossier.citing import Citing
from queries.dossier.facts import EnterpriseRecord, is_making
from queries.dossier.projects import ProjectList
from queries.dossier.rows import Reason
from queries.evidence import day_of
from queries.promotion.ranking import open_desk, rank

CLOSES, NEAR, NEEDED = 3, 2, 2
_NAMED, _CITED = 3, 3
_YEARS = 5.0
RECENT_DAYS = 5 * 365
_BUILD = KIND_NAMES.index("build")


class Here:
    """The state of the chain in the region, seen from one enterprise. Products are numbers of Chain.products."""

    def __init__(self, record: EnterpriseRecord, product: str | None) -> None:
        self.record, self.reader = record, record.reader
        self.found: Assessment = assess(self.reader, record.region, Thresholds())
        self.chain = self.found.chain
        self._desk = open_desk(self.reader, record.region, Thresholds(), _YEARS, self.found)
        self.chosen = select_products(self.reader, self.chain, Selection())
        self.product = self.chain.index.get(product) if product else None
        self.made = [self.chain.index[one] for one in record.made if one in self.chain.index]
        if self.product is not None:
            kinds = {self.product, *self.chain.below.row(self.product).tolist()}
            self.made_asked = [one for one in self.made if one in kinds]
        else:
            self.made_asked = self.made

    def is_gap(self, number: int) -> bool:
        """Whether a link is missing or thin here; directions that nothing here calls for only when asked about."""
        kind = int(self.found.kind[number])
        return bool(self.chosen[number]) and kind >= 0 and (kind != _BUILD or number == self.product)

    def closing(self) -> list[int]:
        """The links it could close: it makes them or a kind of them; most urgent first."""
        found = {up for one in self.made_asked for up in (one, *self.chain.above.row(one).tolist())}
        if self.product is not None:
            found &= {self.product}
        return self._urgent(one for one in found if self.is_gap(one))

    def near(self) -> list[tuple[int, list[int]]]:
        """Links one process away, each with the products of theirs it is made from."""
        chain, recipes = self.chain, self.found.presence.recipes
        process, input_ = pairs(chain.inputs)
        mine = np.zeros(len(chain.products), np.bool_)
        mine[self.made] = True
        found: dict[int, list[int]] = {}
        for way, number in zip(recipes.process.tolist(), recipes.product.tolist(), strict=True):
            lacks = self.found.missing[number] and self.is_gap(number)
            if lacks and not mine[number] and self.product in (None, number):
                used = [int(one) for one in input_[process == way] if mine[one]]
                if used:
                    found[number] = sorted({*found.get(number, []), *used})
        return [(number, found[number]) for number in self._urgent(found)]

    def users(self, number: int) -> list[str]:
        """Who here needs a product, without the enterprise itself."""
        row = self.found.presence.users.row(number).tolist()
        return [one for one in (self.found.tally.entities[entity] for entity in row) if one != self.record.id]

    def makers(self, number: int) -> list[str]:
        """Who here makes a product, without the enterprise itself."""
        row = self.found.tally.makers.row(number).tolist()
        return [one for one in (self.found.tally.entities[entity] for entity in row) if one != self.record.id]

    def inputs(self) -> list[int]:
        """Inputs of what it makes, by the recipe with the most of them here, that are made here; most makers first."""
        chain, presence = self.chain, self.found.presence
        process, input_ = pairs(chain.inputs)
        made_by = self.found.tally.makers.counts()
        found: set[int] = set()
        for number in self.made_asked or ([self.product] if self.product is not None else []):
            ways = presence.recipes.process[presence.recipes.product == number]
            takes = [input_[process == way] for way in np.unique(ways)]
            here = [{int(one) for one in row if chain.roles[one] in COUNTED_INPUTS and made_by[one]} for row in takes]
            most = max(map(len, here), default=0)
            found |= next((row for row in here if len(row) == most), set())
        bought = [str(fact.object) for fact in self.record.consumes if fact.used]
        found |= {chain.index[one] for one in bought if one in chain.index and made_by[chain.index[one]]}
        return sorted(found - set(self.made), key=lambda one: (-int(made_by[one]), one))

    def makes_here(self, number: int) -> bool:
        """Whether it is itself one of those who make a product here."""
        row = self.found.tally.makers.row(number).tolist()
        return any(self.found.tally.entities[entity] == self.record.id for entity in row)

    def cite_need(self, number: int, users: Sequence[str]) -> list[str]:
        """Claims that some here need a product: what they make of it, the recipe, or that they use it."""
        chain, presence = self.chain, self.found.presence
        product = chain.products[number]
        needing = [chain.products[int(one)] for one in presence.needing.row(number)]
        below = {
            chain.products[int(kind)] for one in presence.needing.row(number) for kind in chain.below.row(int(one))
        }
        first = list(users[:_NAMED])
        cited = list(self.reader.cite(first, ("consumes",), [product], _CITED)) if first else []
        if first and needing:
            cited += self.reader.cite(first, MAKING, sorted({*needing, *below}), _CITED)
        return cited[:_CITED]

    def standing(self, number: int) -> tuple[int | None, int | None, float | None]:
        """Its rank among the candidates for a product, how many there are, its score; None where it is none."""
        ranking = rank(self._desk, number)
        place = ranking.rank_of(self.record.id)
        if place is None:
            return None, None, None
        return place, len(ranking.numbers), round(float(ranking.scores[place - 1]), 4)

    def _urgent(self, numbers: Iterable[int]) -> list[int]:
        found = self.found
        return sorted(numbers, key=lambda one: (int(found.kind[one]), -int(found.users[one]), one))


def reasons(here: Here, projects: ProjectList, citing: Citing) -> tuple[Reason, ...]:
    """All of them, in the order of REASONS; links by urgency, whether it would bring or grow them."""
    record = here.record
    return (
        *_links(here, citing),
        *_ties(record, citing),
        *_nearby(record, citing),
        *_movement(record, projects, citing),
    )


def _links(here: Here, citing: Citing) -> Iterator[Reason]:
    record, chain = here.record, here.chain
    if record.id in record.here:
        own = [fact for fact in record.places if str(fact.object) in _inside(here.reader, record)]
        yield Reason(kind="here", grounds=citing.grounds(fact.claim for fact in own))
    closing = here.closing()
    for number in closing[:CLOSES]:
        yield _closing(here, number, citing)
    if here.product is not None and not here.made_asked:
        yield _not_recorded(here, here.product, citing)
    if len(closing) < CLOSES:
        for number, used in [one for one in here.near() if one[0] not in closing][:NEAR]:
            yield _near(here, number, used, citing)
    served = [one for one in here.made_asked if one not in closing and here.users(one)]
    for number in sorted(served, key=lambda one: (-len(here.users(one)), one))[:NEEDED]:
        users = here.users(number)
        yield Reason(
            kind="needed",
            product=_ref(here.reader, chain.products[number]),
            users=len(users),
            makers=len(here.makers(number)),
            nodes=_refs(here.reader, users),
            total=len(users),
            grounds=citing.grounds([*_own(record, number, here), *here.cite_need(number, users)]),
        )
    inputs = here.inputs()
    if inputs:
        products = [chain.products[one] for one in inputs]
        makers = sorted({maker for one in inputs for maker in here.makers(one)})
        cited = [claim for one in products[:_NAMED] for claim in here.reader.cite(makers, MAKING, [one], 2)]
        yield Reason(
            kind="inputs",
            nodes=_refs(here.reader, products),
            total=len(products),
            makers=len(makers),
            grounds=citing.grounds(cited),
        )


def _closing(here: Here, number: int, citing: Citing) -> Reason:
    found, users, product = here.found, here.users(number), here.chain.products[number]
    coming = sorted(
        (one for one in found.tally.pipeline if one.product == number),
        key=lambda one: (one.expected or "9999", one.project),
    )
    today = here.reader.as_of.valid
    stated = [claim for absent in found.tally.stated if absent.product == number for claim in absent.claims[:1]]
    made_of = [one for one in here.made_asked if number in (one, *here.chain.above.row(one).tolist()) and one != number]
    cited = [*_own(here.record, number, here), *stated, *here.cite_need(number, users)]
    place, candidates, score = here.standing(number)
    already = here.makes_here(number)
    return Reason(
        kind="grows" if already else "closes",
        rank=place,
        candidates=candidates,
        score=score,
        product=_ref(here.reader, product),
        link=KIND_NAMES[int(found.kind[number])],
        users=len(users),
        makers=len(here.makers(number)) + already,
        inputs_here=round(float(found.presence.inputs_here[number]), 4) if found.presence.has_recipe[number] else None,
        closes_on=next((p.expected for p in coming if p.expected and not is_overdue(p, today)), None),
        nodes=_refs(here.reader, users),
        others=_refs(here.reader, [here.chain.products[one] for one in made_of]),
        total=len(users),
        grounds=citing.grounds([*cited, *(claim for one in coming[:1] for claim in one.claims[:2])]),
    )


def _not_recorded(here: Here, number: int, citing: Citing) -> Reason:
    kind = int(here.found.kind[number])
    users = here.users(number)
    place, candidates, score = here.standing(number)
    return Reason(
        kind="not_recorded",
        rank=place,
        candidates=candidates,
        score=score,
        product=_ref(here.reader, here.chain.products[number]),
        link=KIND_NAMES[kind] if kind >= 0 else None,
        users=len(users),
        makers=len(here.makers(number)),
        nodes=_refs(here.reader, users),
        total=len(users),
        grounds=citing.grounds(here.cite_need(number, users)),
    )


def _near(here: Here, number: int, used: Sequence[int], citing: Citing) -> Reason:
    users = here.users(number)
    own = [claim for one in used for claim in _own(here.record, one, here)[:2]]
    place, candidates, score = here.standing(number)
    return Reason(
        kind="near",
        rank=place,
        candidates=candidates,
        score=score,
        product=_ref(here.reader, here.chain.products[number]),
        link=KIND_NAMES[int(here.found.kind[number])],
        users=len(users),
        makers=len(here.makers(number)),
        nodes=_refs(here.reader, users),
        others=_refs(here.reader, [here.chain.products[one] for one in used]),
        total=len(users),
        grounds=citing.grounds([*own, *here.cite_need(number, users)]),
    )


def _ties(record: EnterpriseRecord, citing: Citing) -> Iterator[Reason]:
    group = record.group
    owners = [(fact.subject, fact) for _, fact in group.up if fact.used]
    owned = [(str(fact.object), fact) for _, fact in group.down if fact.used]
    siblings = _siblings(record, [fact for tier, fact in group.up if tier == 1 and fact.used])
    trade = {
        "suppliers_here": [(fact.subject, fact) for fact in record.suppliers if fact.used],
        "customers_here": [(str(fact.object), fact) for fact in record.customers if fact.used],
        "partners_here": [(record.other(fact), fact) for fact in record.partners if fact.used],
        "projects_here": [(str(fact.object), fact) for fact in record.investing if fact.used],
    }
    lists = {"owners_here": owners, "owned_here": owned, "siblings_here": siblings, **trade}
    for kind, ends in lists.items():
        tied = [(node, fact) for node, fact in ends if node in record.here and node != record.id]
        nodes = list(dict.fromkeys(node for node, _ in tied))
        if nodes:
            yield Reason(
                kind=kind,
                nodes=_refs(record.reader, nodes),
                total=len(nodes),
                grounds=citing.grounds(fact.claim for node, fact in tied if node in nodes[:_NAMED]),
            )


def _nearby(record: EnterpriseRecord, citing: Citing) -> Iterator[Reason]:
    """Plants and projects of the group in the region around, but not in this one."""
    ends = [(str(fact.object), fact) for _, fact in record.group.down if fact.used]
    ends += [(str(fact.object), fact) for fact in record.investing if fact.used]
    tied = [(node, fact) for node, fact in ends if node in record.nearby and node != record.id]
    nodes = list(dict.fromkeys(node for node, _ in tied))
    if nodes and record.around:
        yield Reason(
            kind="nearby",
            nodes=_refs(record.reader, nodes),
            others=_refs(record.reader, [record.around]),
            total=len(nodes),
            grounds=citing.grounds(fact.claim for node, fact in tied if node in nodes[:_NAMED]),
        )


def _siblings(record: EnterpriseRecord, up: Sequence[Fact]) -> list[tuple[str, Fact]]:
    owners = sorted({fact.subject for fact in up})
    others = record.reader.facts(owners, ("owns",), "out") if owners else ()
    mine = {str(fact.object) for _, fact in record.group.down}
    return [(str(fact.object), fact) for fact in others if fact.used and str(fact.object) not in mine]


def _movement(record: EnterpriseRecord, projects: ProjectList, citing: Citing) -> Iterator[Reason]:
    """Projects away from home, and not here already, told of within the last five years."""
    reader = record.reader
    home = {str(fact.object) for fact in record.places}
    if not home:
        return
    since = reader.as_of.valid.toordinal() - RECENT_DAYS
    around_home = {one for region in sorted(home) for one in reader.around(region)}
    away = []
    for project in projects.ordered:
        places, newest = projects.places(project), projects.newest(project)
        if not places or newest is None or day_of(newest) < since or not projects.invests(project).used:
            continue
        if project in record.here | record.nearby or any(
            place in around_home or home & set(reader.around(place)) for place in places
        ):
            continue
        away.append(project)
    if away:
        first = away[:_NAMED]
        cited = [projects.invests(project).claim for project in first]
        cited += [fact.claim for project in first for fact in projects.facts.facts_of([project])[:2]]
        yield Reason(kind="movement", nodes=_refs(reader, away), total=len(away), grounds=citing.grounds(cited))


def _own(record: EnterpriseRecord, number: int, here: Here) -> list[str]:
    """Claims by which it makes a product or a kind of it."""
    kinds = {here.chain.products[number], *(here.chain.products[int(one)] for one in here.chain.below.row(number))}
    return [fact.claim for fact in record.produces if is_making(fact) and str(fact.object) in kinds][:2]


def _inside(reader: Reader, record: EnterpriseRecord) -> set[str]:
    regions = {str(fact.object) for fact in record.places}
    return {one for one in regions if record.region in reader.around(one)}


def _ref(reader: Reader, node: str) -> NodeRef:
    return refs(reader, [node])[node]


def _refs(reader: Reader, nodes: Sequence[str]) -> tuple[NodeRef, ...]:
    first = list(nodes[:_NAMED])
    return tuple(refs(reader, first)[node] for node in first)
