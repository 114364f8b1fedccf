"""From rows that a database worked out to the port's types: links, recipes, tallies. Pure."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from graph.model.claims import Claim, Detail
from graph.model.dates import start_of
from graph.model.facts import Fact
from graph.model.kinds import DONE_STATUSES, PIPELINE_STATUSES
from graph.model.predicates import EXCLUDING_FLAGS
from graph.model.units import MASS_A_YEAR, MASS_RATIO, dimension_of, unit_of
from graph.readers.port_types import (
    Amounts,
    Chain,
    ChainEvidence,
    Direction,
    Figures,
    Indices,
    PipelineProject,
    Rows,
    StatedAbsence,
)
from graph.readers.ragged import beside, closure, inverse, rows_of

Row = Sequence[Any]


class HereRow(NamedTuple):
    """An enterprise or project with a place in a region.

    `made`: products it makes; `used`: products it consumes; `planned`: products of a project; `status`: its status.
    """

    entity: str
    made: tuple[str, ...]
    used: tuple[str, ...]
    planned: tuple[str, ...]
    status: str | None

    @classmethod
    def of(cls, row: Row) -> "HereRow":
        """A finished project makes what it was planned to."""
        entity, made, used, planned, status = row
        finished = planned if status in DONE_STATUSES else ()
        return cls(entity, (*made, *finished), tuple(used), tuple(planned), status)


class AmountRow(NamedTuple):
    """An amount above 0 that an entity is told to make or use, as published. `predicate`: produces, consumes ..."""

    entity: str
    predicate: str
    product: str
    value: float
    unit: str


# Claims and facts


def claim_of(row: Row) -> tuple[str, Claim]:
    """An accepted claim with its id, without its note: no fact has one."""
    id_, subject, predicate, object_, number, text, unit, qualifier, as_of, until, flags, detail, source, sure = row
    return id_, Claim(
        subject, predicate, object_, text if number is None else number, unit, qualifier or "", as_of, until,
        tuple(flags or ()), _detail(detail), source, "", sure,
    )  # fmt: skip


def _detail(text: str | None) -> Detail:
    if text is None:
        return ()
    said = json.loads(text)
    return tuple((name, value) for name, value in (said.items() if isinstance(said, dict) else said))


def link_of(row: Row) -> Fact:
    """A fact of today that joins two nodes."""
    subject, type_, object_, value, unit, qualifier, as_of, until, flags, detail, source, sure, claim, rivals = row
    return Fact(
        subject, type_.lower(), object_, value, unit, qualifier or "", as_of, until, tuple(flags or ()),
        _detail(detail), source, sure, claim, tuple(rivals or ()),
    )  # fmt: skip


def key_order(fact: Fact) -> tuple[str, str, str, str, str]:
    """What facts are sorted by: subject, predicate, object, qualifier, dimension."""
    return (fact.subject, fact.predicate, fact.object or "", fact.qualifier, dimension_of(fact.unit))


def in_key_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Sorted, each once."""
    return tuple(sorted({fact.claim: fact for fact in facts}.values(), key=key_order))


# The recipe graph


class RecipeFacts:
    """The flows of all recipes, by either end."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._of: defaultdict[str, list[Fact]] = defaultdict(list)
        self._to: defaultdict[str, list[Fact]] = defaultdict(list)
        for fact in facts:
            self._of[fact.subject].append(fact)
            self._to[str(fact.object)].append(fact)

    def facts(
        self, ids: Iterable[str], predicates: Sequence[str], direction: Direction, others: Sequence[str] | None
    ) -> tuple[Fact, ...]:
        """Those of these predicates that leave or reach the ids; when `others` are given, with one as the other end."""
        wanted, ends = set(ids), None if others is None else set(others)
        found: list[Fact] = []
        if direction != "in":
            found += (one for id_ in wanted for one in self._of.get(id_, ()) if ends is None or one.object in ends)
        if direction != "out":
            found += (one for id_ in wanted for one in self._to.get(id_, ()) if ends is None or one.subject in ends)
        return in_key_order(one for one in found if one.predicate in predicates)


def chain_of(products: Iterable[Row], processes: Iterable[Row], flows: RecipeFacts) -> Chain:
    """The recipe graph from a row a product, a row a process, and its flows; what is flagged away is not said."""
    made = sorted(products, key=lambda row: str(row[0]))
    steps = sorted(processes, key=lambda row: str(row[0]))
    index = {str(row[0]): number for number, row in enumerate(made)}

    def table(rows: Iterable[Iterable[str]], count: int) -> Rows:
        pairs = [(number, index[item]) for number, items in enumerate(rows) for item in items]
        numbers = np.array(pairs, np.int64).reshape(-1, 2)
        return rows_of(numbers[:, 0], numbers[:, 1], count)

    def amounts(predicate: str, direction: Direction, beside_: Rows) -> Amounts:
        told = [
            (*((one.subject, one.object) if direction == "out" else (one.object, one.subject)), one.value * unit.factor)
            for one in flows.facts(steps_at, (predicate,), direction, None)
            if one.used and isinstance(one.value, float) and one.unit
            if (unit := unit_of(one.unit)).dimension == MASS_RATIO
        ]
        numbers = np.array([(steps_at[str(p)], index[str(q)]) for p, q, _ in told], np.int64).reshape(-1, 2)
        return beside(beside_, numbers[:, 0], numbers[:, 1], np.array([amount for *_, amount in told], np.float64))

    steps_at = {str(row[0]): number for number, row in enumerate(steps)}
    inputs, outputs = table((row[4] for row in steps), len(steps)), table((row[5] for row in steps), len(steps))

    def uses(row: Row, qualifier: str) -> list[str]:
        return [product for product, told in row[6] if told == qualifier]

    above = closure(table((row[6] for row in made), len(made)))
    # A circle of classes leads back to the start; a product is not above itself.
    row = np.repeat(np.arange(len(made)), above.counts())
    above = rows_of(row[row != above.items], above.items[row != above.items], len(made))
    return Chain(
        products=tuple(index),
        index=index,
        roles=tuple(_used(row[1], row[2]) or "link" for row in made),
        chains=tuple(min(row[5]).removeprefix("chn:") if row[5] else None for row in made),
        stages=tuple(_used(row[3], row[4]) for row in made),
        above=above,
        below=inverse(above, len(made)),
        processes=tuple(str(row[0]) for row in steps),
        kinds=tuple(_used(row[1], row[2]) or "step" for row in steps),
        sites=tuple(min(row[3]) if row[3] else None for row in steps),
        inputs=inputs,
        outputs=outputs,
        services=table((uses(row, "service") for row in steps), len(steps)),
        equipment=table((uses(row, "equipment") for row in steps), len(steps)),
        input_amounts=amounts("input_to", "in", inputs),
        output_amounts=amounts("yields", "out", outputs),
    )


def _used(word: str | None, flags: Sequence[str] | None) -> str | None:
    return None if EXCLUDING_FLAGS.keys() & set(flags or ()) else word


# Regions


class Wholes:
    """Regions and what they are part of, upwards from the ones asked for."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._wholes: dict[str, list[str]] = {str(region): list(wholes) for region, wholes in rows}

    def around(self, region: str) -> tuple[str, ...]:
        """The region and all it is part of, nearest first."""
        found = [region]
        tier = found
        while tier:
            tier = sorted({whole for one in tier for whole in self._wholes.get(one, ())} - set(found))
            found = [*found, *tier]
        return tuple(found)

    def related(self, one: str, other: str) -> bool:
        """Whether one holds the other, or both share a province: a region that is part of a root region."""
        ours, theirs = self.around(one), self.around(other)
        return other in ours or one in theirs or bool(self._provinces(ours) & self._provinces(theirs))

    def _provinces(self, around: Iterable[str]) -> set[str]:
        """Those among them that are part of a root: of a region that is part of nothing, not even of itself."""
        return {
            region for region in around if any(not self._wholes.get(whole) for whole in self._wholes.get(region, ()))
        }


# Tallies


def table_of(chain: Chain, rows: Iterable[HereRow], entities: Mapping[str, int], *, made: bool) -> Rows:
    """Entities by product they make, classes above included; or by product they consume."""
    products: list[int] = []
    numbers: list[int] = []
    for row in rows:
        for product in dict.fromkeys(row.made if made else row.used):
            at = chain.index[product]
            covered = (at, *chain.above.row(at).tolist()) if made else (at,)
            products += covered
            numbers += [entities[row.entity]] * len(covered)
    return rows_of(np.array(products, np.int64), np.array(numbers, np.int64), len(chain.products))


def figures_of(
    chain: Chain, rows: Iterable[AmountRow], entities: Mapping[str, int], outside: Collection[str]
) -> Figures:
    """Those told as mass a year, in t/yr. `outside`: who has an unflagged place outside the region."""
    told = sorted(
        (entities[row.entity], chain.index[row.product], row.value * unit.factor, row.entity not in outside)
        for row in rows
        if (unit := unit_of(row.unit)).dimension == MASS_A_YEAR
    )
    entity, product, amount, inside = zip(*told, strict=True) if told else ((), (), (), ())
    return Figures(
        np.array(entity, np.int32),
        np.array(product, np.int32),
        np.array(amount, np.float64),
        np.array(inside, np.bool_),
    )


def evidence_of(
    chain: Chain,
    makers: Rows,
    entities: Sequence[str],
    told_by: Mapping[str, set[str]],
    dates: Mapping[str, str | None],
    last: date,
    years: float,
) -> dict[str, ChainEvidence]:
    """What is known of each chain here. `told_by`: sources of the unflagged claims of each maker."""
    first = last.toordinal() - int(years * 365.25)
    of_chain: defaultdict[str, set[int]] = defaultdict(set)
    for number, word in enumerate(chain.chains):
        if word:
            of_chain[word].update(makers.row(number).tolist())
    evidence = {}
    for word in sorted(of_chain):
        names = [entities[number] for number in of_chain[word]]
        sources = {source for name in names for source in told_by.get(name, ())}
        days = [day for source in sources if (day := dates.get(source))]
        evidence[word] = ChainEvidence(
            makers=len(names),
            sources=len(sources),
            recent=sum(first <= start_of(day).toordinal() <= last.toordinal() for day in days),
            mentions=sum(len(told_by.get(name, ())) for name in names),
            single=sum(len(told_by.get(name, ())) == 1 for name in names),
            newest=max(days, default=None),  # as texts: of two that begin on one day the finer is greater
        )
    return evidence


def pipeline_of(chain: Chain, facts: Iterable[Fact]) -> tuple[PipelineProject, ...]:
    """Projects on their way, from the used facts about them: status, completion, product, place."""
    about: defaultdict[str, defaultdict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        if fact.used:
            about[fact.subject][fact.predicate].append(fact)
    cited: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    for project, told in about.items():
        if not told["status"] or told["status"][0].value not in PIPELINE_STATUSES:
            continue
        common = {fact.claim for name in ("status", "completion_date", "located_in") for fact in told[name]}
        for fact in told["project_product"]:
            at = chain.index[str(fact.object)]
            for product in (at, *chain.above.row(at).tolist()):
                cited[product, project] |= {*common, fact.claim}
    return tuple(
        PipelineProject(
            product,
            project,
            str(about[project]["status"][0].value),
            next((str(fact.value) for fact in about[project]["completion_date"]), None),
            tuple(sorted(claims)),
        )
        for (product, project), claims in sorted(cited.items())
    )


def stated_of(chain: Chain, lacks: Iterable[Fact], surveys: Iterable[Fact]) -> tuple[StatedAbsence, ...]:
    """Absences that sources state of the region or one around it."""
    said: defaultdict[int, set[str]] = defaultdict(set)
    of_chain: defaultdict[str, list[int]] = defaultdict(list)
    for number, word in enumerate(chain.chains):
        if word is not None:
            of_chain[f"chn:{word}"].append(number)

    def kinds(product: str) -> list[int]:
        at = chain.index.get(product)
        return [] if at is None else [at, *chain.below.row(at).tolist()]

    for fact in lacks:
        for number in kinds(str(fact.object)) if fact.used else ():
            said[number].add(fact.claim)
    for fact in surveys:
        for number in (*kinds(fact.qualifier), *of_chain[fact.qualifier]) if fact.used else ():
            said[number].add(fact.claim)
    return tuple(StatedAbsence(product, tuple(sorted(said[product]))) for product in sorted(said))


def groups_of(entities: Sequence[str], joined: Iterable[tuple[str, str]]) -> Indices:
    """The number of each entity's owner group, from pairs of owner and owned; others may be among them."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while node in parent:
            node = parent[node]
        return node

    for one, other in joined:
        first, second = sorted((root(one), root(other)))
        if first != second:
            parent[second] = first
    roots = [root(entity) for entity in entities]
    number = {name: at for at, name in enumerate(sorted(set(roots)))}
    return np.array([number[name] for name in roots], np.int32)
