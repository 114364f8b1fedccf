"""Adding up published capacities without counting a tonne twice."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from pydantic import Field

from graph.model.dates import start_of
from graph.model.facts import Fact
from graph.model.units import dimension_of, unit_of
from graph.readers.port import Reader
from graph.readers.port_types import Chain, Maker
from queries.base import Record

Where = Literal["here", "elsewhere", "unknown"]
Group = Literal["anywhere", "here", "elsewhere", "unknown", "place_uncertain"]
# A group's figure is not told apart from its plants' by less than control.
_CONTROL_PCT = 50.0
_OWNER_LEVELS = 6
LEFT_OUT: dict[str, tuple[str, str]] = {
    "kind_of_counted": (
        "同一企业的上位产品产能已计入",
        "the same enterprise's capacity for the product this is a kind of is counted",
    ),
    "owner_counted": ("控股方的产能已计入", "the capacity of an enterprise that controls it is counted"),
    "owned_counted": (
        "所控股企业的产能已计入，且更大",
        "the capacity of an enterprise it controls is counted, and is larger",
    ),
}
CAPACITY_RULE = (
    "只加企业自身公布的产能；项目、计划、产量不计；同一控股链上只计一次",
    "only enterprises' own published capacities are added; projects, plans and outputs are not; "
    "of owner and owned only one counts",
)


class LeftOut(Record):
    """A capacity that was not added, so that nothing is counted twice."""

    enterprise: str = Field(title="企业", description="id of the enterprise")
    claim: str = Field(title="陈述标识", description="id of the claim")
    why: str = Field(title="原因", description=", ".join(LEFT_OUT))


class CapacityTotal(Record):
    """A sum of capacities whose units fit: a floor, since makers without a published capacity add nothing."""

    where: Group = Field(
        title="地点",
        description="anywhere when no region was given; place_uncertain: makers here that have other places too",
    )
    value: float = Field(title="产能合计", description="the sum, in the unit beside it")
    unit: str = Field(title="单位", description="the unit that most of the added capacities were published in")
    makers: int = Field(title="计入企业数", description="enterprises whose capacity was added")
    makers_without: int = Field(
        title="无产能数据企业数", description="enterprises here without a capacity in this dimension"
    )
    oldest: str | None = Field(title="最早日期", description="date of the oldest capacity added; null: one has no date")
    newest: str | None = Field(title="最新日期", description="date of the newest capacity added; null: none has a date")
    claims: tuple[str, ...] = Field(title="陈述标识", description="ids of the claims that were added")
    left_out: tuple[LeftOut, ...] = Field(title="未计入", description="capacities left out, each with the reason")


class _Figure(NamedTuple):
    """What one enterprise can make a year, in the base unit of its dimension."""

    enterprise: str
    base: float
    facts: tuple[Fact, ...]


def capacity_totals(reader: Reader, groups: Iterable[tuple[Group, Sequence[Maker]]]) -> tuple[CapacityTotal, ...]:
    """One total for each group of makers and each dimension of units, in the order given, then by unit."""
    chain = reader.chain()
    totals = []
    for where, makers in groups:
        own = [maker for maker in makers if maker.entity.startswith("ent:")]
        by_dimension: defaultdict[str, list[Fact]] = defaultdict(list)
        for fact in (fact for maker in own for fact in maker.facts):
            if fact.qualifier == "capacity" and isinstance(fact.value, float) and fact.unit:
                by_dimension[dimension_of(fact.unit)].append(fact)
        for dimension in sorted(by_dimension):
            left_out: list[LeftOut] = []
            figures = [
                _own_figure(chain, list(facts), left_out)
                for _, facts in groupby(by_dimension[dimension], key=lambda fact: fact.subject)
            ]
            counted = _once_each_group(reader, figures, left_out)
            if counted:
                totals.append(_total(where, counted, len(own) - len(figures), left_out))
    return tuple(totals)


def _own_figure(chain: Chain, facts: Sequence[Fact], left_out: list[LeftOut]) -> _Figure:
    """An enterprise's capacities added up, but not a kind's beside that of the product it is a kind of."""
    told = {chain.index[str(fact.object)] for fact in facts}
    kept = []
    for fact in facts:
        if told.intersection(chain.above.row(chain.index[str(fact.object)]).tolist()):
            left_out.append(LeftOut(enterprise=fact.subject, claim=fact.claim, why="kind_of_counted"))
        else:
            kept.append(fact)
    if not kept:  # each is a kind of the other: broken data that `check` reports
        kept = [facts[0]]
        left_out[:] = [one for one in left_out if one.claim != facts[0].claim]
    base = sum(float(fact.value or 0.0) * unit_of(fact.unit or "").factor for fact in kept)
    return _Figure(facts[0].subject, base, tuple(kept))


def _once_each_group(reader: Reader, figures: Sequence[_Figure], left_out: list[LeftOut]) -> list[_Figure]:
    """The figures without those that an owner's larger figure holds, or that hold an owned one's larger figure.

    The larger ones are taken first, so that a small figure never hides a large one.
    """
    above = controllers_of(reader, [figure.enterprise for figure in figures])
    taken: dict[str, _Figure] = {}
    for figure in sorted(figures, key=lambda figure: (-figure.base, figure.enterprise)):
        if any(owner in taken for owner in above[figure.enterprise]):
            why = "owner_counted"
        elif any(figure.enterprise in above[other] for other in taken):
            why = "owned_counted"
        else:
            taken[figure.enterprise] = figure
            continue
        left_out.extend(LeftOut(enterprise=figure.enterprise, claim=fact.claim, why=why) for fact in figure.facts)
    return [taken[name] for name in sorted(taken)]


def controllers_of(reader: Reader, enterprises: Sequence[str]) -> dict[str, set[str]]:
    """Who controls each enterprise, directly or through others: shares of half or more, or of unknown size."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    frontier, seen = set(enterprises), set(enterprises)
    for _ in range(_OWNER_LEVELS):
        if not frontier:
            break
        found = set()
        for fact in reader.facts(sorted(frontier), ("owns",), "in"):
            if fact.used and not (isinstance(fact.value, float) and fact.value < _CONTROL_PCT):
                owners[str(fact.object)].add(fact.subject)
                found.add(fact.subject)
        frontier = found - seen
        seen |= found
    above = {}
    for enterprise in enterprises:
        reached: set[str] = set()
        left = [enterprise]
        while left:
            new = owners[left.pop()] - reached - {enterprise}
            reached |= new
            left.extend(new)
        above[enterprise] = reached
    return above


def _total(
    where: Group,
    counted: Sequence[_Figure],
    makers_without: int,
    left_out: Sequence[LeftOut],
) -> CapacityTotal:
    facts = [fact for figure in counted for fact in figure.facts]
    units = [fact.unit or "" for fact in facts]
    unit = min(set(units), key=lambda symbol: (-units.count(symbol), symbol))
    dates = sorted((fact.as_of for fact in facts if fact.as_of), key=lambda date: (start_of(date), date))
    return CapacityTotal(
        where=where,
        value=round(sum(figure.base for figure in counted) / unit_of(unit).factor, 6),
        unit=unit,
        makers=len(counted),
        makers_without=makers_without,
        oldest=dates[0] if len(dates) == len(facts) else None,
        newest=dates[-1] if dates else None,
        claims=tuple(sorted(fact.claim for fact in facts)),
        left_out=tuple(sorted(left_out, key=lambda one: (one.enterprise, one.claim))),
    )
