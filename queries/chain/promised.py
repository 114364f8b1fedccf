"""Promised capacity: what projects are to make of a product a year, by stage, weighted, and nothing added twice."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pydantic import Field

from graph.model.errors import BadInput
from graph.model.facts import Fact
from graph.model.kinds import PIPELINE_STATUSES, PROJECT_STATUSES
from graph.model.units import dimension_of, unit_of
from graph.readers.port import Reader
from graph.readers.port_types import Chain
from queries.base import Record
from queries.chain.projects_ahead import LIVE, ProjectAhead

# Assumed, not computed: nobody publishes how many projects of a stage come to anything (docs/methods/pipeline.md).
WEIGHTS: dict[str, float] = {
    "under_construction": 0.8,
    "approved": 0.5,
    "signed": 0.3,
    "planned": 0.1,
    "reserve": 0.05,
}


class Amount(NamedTuple):
    """A yearly amount in the base unit of its dimension; `facts` tell it."""

    base: float
    facts: tuple[Fact, ...]


class Stage(Record):
    """What projects of one status promise of a product."""

    status: str = Field(title="状态", description=", ".join(WEIGHTS))
    projects: int = Field(title="项目数", description="projects of this status whose capacity is known in this unit")
    amount: float = Field(title="承诺产能", description="their capacities added up")
    share: float = Field(title="占比", description="share of all stages' capacity, 0-1")
    weight: float = Field(title="权重", description="assumed share that comes to anything, a parameter")
    weighted: float = Field(title="加权产能", description="amount x weight")


class Promised(Record):
    """What is promised of a product in one unit.

    `added` adds up the projects that are signed, approved or under construction; `at_least` counts each group of
    possible double counts once, by its largest. `weighted` is over all stages, the planned ones too.
    """

    unit: str = Field(title="单位", description="as most of the capacities were published")
    projects: int = Field(title="项目数", description="projects whose capacity is known in this unit, planned ones too")
    added: float = Field(title="承诺产能合计", description="signed, approved and under construction, all added up")
    at_least: float = Field(title="承诺产能下限", description="the same, each possible double count taken once")
    weighted: float = Field(title="加权产能合计", description="all stages, each by its weight")
    weighted_at_least: float = Field(title="加权产能下限", description="the same, each possible double count once")
    stages: tuple[Stage, ...] = Field(title="分阶段", description="by status, the most advanced first")
    claims: tuple[str, ...] = Field(title="陈述", description="ids of the claims that tell the capacities")


def amounts_of(chain: Chain, project: ProjectAhead, product: int) -> Mapping[str, Amount]:
    """What a project is to make of a product and its kinds, by dimension.

    A kind is not added to the product it is a kind of: the larger of the product's own figure and of the sum of its
    kinds counts, and the sum only where every kind has a figure.
    """
    told: defaultdict[str, dict[int, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    made = {chain.index[str(fact.object)] for fact in project.products}
    for fact in project.products:
        if isinstance(fact.value, float) and fact.value > 0 and fact.unit:
            told[dimension_of(fact.unit)][chain.index[str(fact.object)]].append(fact)
    found = {dimension: _amount(chain, facts, made, product, frozenset()) for dimension, facts in told.items()}
    return {dimension: amount for dimension, amount in sorted(found.items()) if amount is not None}


def _amount(
    chain: Chain, told: Mapping[int, Sequence[Fact]], made: set[int], product: int, seen: frozenset[int]
) -> Amount | None:
    facts = tuple(told.get(product, ()))
    own = Amount(max(_base(fact) for fact in facts), facts) if facts else None
    around = seen | {product}
    below = (made & set(chain.below.row(product).tolist())) - around
    # Only the uppermost: a kind of a kind is in its figure.
    kinds = sorted(k for k in below if not (below - {k}).intersection(chain.above.row(k).tolist()))
    each = [_amount(chain, told, made, kind, around) for kind in kinds]
    known = [amount for amount in each if amount is not None]
    if not known or len(known) < len(each):
        return own
    total = Amount(sum(one.base for one in known), tuple(fact for one in known for fact in one.facts))
    return own if own and own.base >= total.base else total


def _base(fact: Fact) -> float:
    return float(fact.value or 0.0) * unit_of(fact.unit or "").factor


def double_counts(reader: Reader, projects: Iterable[ProjectAhead]) -> tuple[tuple[ProjectAhead, ...], ...]:
    """Projects for one product that may be the same thing twice, by id: of one owner, and at one place or within it.

    No claim says which project is a phase of which, and names are not read for it, so that none is taken for it.
    """
    left = sorted(projects, key=lambda project: project.id)
    around = {str(place.object): set(reader.around(str(place.object))) for project in left for place in project.places}
    groups: list[list[ProjectAhead]] = []
    for project in left:
        joined = [group for group in groups if any(_may_be_one(project, other, around) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([project, *(one for group in joined for one in group)])
    found = [tuple(sorted(group, key=lambda one: one.id)) for group in groups if len(group) > 1]
    return tuple(sorted(found, key=lambda group: group[0].id))


def _may_be_one(one: ProjectAhead, other: ProjectAhead, around: Mapping[str, set[str]]) -> bool:
    if not one.owners & other.owners:
        return False
    here, there = ({str(place.object) for place in project.places} for project in (one, other))
    return any(place in around[other_place] or other_place in around[place] for place in here for other_place in there)


def promised(
    chain: Chain,
    product: int,
    projects: Sequence[ProjectAhead],
    groups: Sequence[Sequence[ProjectAhead]],
    weights: Mapping[str, float],
) -> tuple[tuple[Promised, ...], int]:
    """What these projects promise of a product, by unit; and how many of the live ones do not say how much.

    Overdue, stale and stopped projects are left out, whoever hands them in.
    """
    counted = [one for one in projects if one.standing in LIVE or one.standing == "not_started"]
    amounts = {one.id: amounts_of(chain, one, product) for one in counted}
    dimensions = sorted({dimension for told in amounts.values() for dimension in told})
    whole = tuple(
        _in_dimension(dimension, [one for one in counted if dimension in amounts[one.id]], amounts, groups, weights)
        for dimension in dimensions
    )
    return whole, sum(one.standing in LIVE and not amounts[one.id] for one in counted)


def _in_dimension(
    dimension: str,
    counted: Sequence[ProjectAhead],
    amounts: Mapping[str, Mapping[str, Amount]],
    groups: Sequence[Sequence[ProjectAhead]],
    weights: Mapping[str, float],
) -> Promised:
    facts = {fact.claim: fact for one in counted for fact in amounts[one.id][dimension].facts}
    units = Counter(fact.unit or "" for fact in facts.values())
    unit = min(units, key=lambda symbol: (-units[symbol], symbol))
    amount = {one.id: amounts[one.id][dimension].base / unit_of(unit).factor for one in counted}
    weighted = {one.id: amount[one.id] * weights[one.word] for one in counted}
    group_of = {member.id: number for number, group in enumerate(groups) for member in group}

    def once_each_group(values: Mapping[str, float], among: Sequence[ProjectAhead]) -> float:
        largest: dict[object, float] = {}
        for one in among:
            key = group_of.get(one.id, one.id)
            largest[key] = max(largest.get(key, 0.0), values[one.id])
        return _rounded(sum(largest.values()))

    committed = [one for one in counted if one.word in PIPELINE_STATUSES]
    total = sum(amount.values())
    by_status = {status: [one for one in counted if one.word == status] for status in WEIGHTS}
    return Promised(
        unit=unit,
        projects=len(counted),
        added=_rounded(sum(amount[one.id] for one in committed)),
        at_least=once_each_group(amount, committed),
        weighted=_rounded(sum(weighted.values())),
        weighted_at_least=once_each_group(weighted, counted),
        stages=tuple(
            Stage(
                status=status,
                projects=len(those),
                amount=_rounded(sum(amount[one.id] for one in those)),
                share=round(sum(amount[one.id] for one in those) / total, 4),
                weight=weights[status],
                weighted=_rounded(sum(weighted[one.id] for one in those)),
            )
            for status, those in by_status.items()
            if those
        ),
        claims=tuple(sorted(facts)),
    )


def _rounded(value: float) -> float:
    return round(value, 6)


def read_weights(given: Sequence[str]) -> dict[str, float]:
    """The weight of each status: the assumed ones, and what was given as STATUS=SHARE. Raises BadInput."""
    weights = dict(WEIGHTS)
    told: set[str] = set()
    words = {word: status for status, names in PROJECT_STATUSES.items() for word in (status, *names)}
    for text in given:
        name, equals, number = text.partition("=")
        status = words.get(name.strip())
        if not equals:
            raise BadInput("'{given}' is not a weight. Write STATUS=SHARE: approved=0.5", given=text[:60])
        if status not in weights:
            raise BadInput(
                "There is no weight for the status '{name}'. Give one of: {known}.",
                name=name.strip()[:60],
                known=", ".join(weights),
            )
        if status in told:
            raise BadInput("The weight of '{name}' was given twice. Give it once.", name=status)
        told.add(status)
        try:
            share = float(number)
        except ValueError:
            share = -1.0
        if not 0.0 <= share <= 1.0:
            raise BadInput(
                "The weight of '{name}' should be a number from 0 to 1, not '{value}'.",
                name=status,
                value=number.strip()[:60],
            )
        weights[status] = share
    return weights
