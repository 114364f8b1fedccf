"""Duplication of a proposed capacity in plain loops, from the definition in docs/methods/fit.md."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from graph.model.units import dimension_of, unit_of
from graph.readers.port import Reader
from oracles.plain_pipeline import plain_projects
from oracles.plain_quantities import PlainQuantities


class PlainDuplication(NamedTuple):
    """Bounds in t/yr; None: not known."""

    together: tuple[float, float | None]
    ratio: tuple[float | None, float | None]


def plain_duplication(reader: Reader, region: str, product: str, proposed: float) -> PlainDuplication:
    """A sheet's capacity of one product, added to what is here and on its way."""
    quantity = PlainQuantities(reader, region).of(product)
    low, high, telling, makers = quantity.capacity
    need_low, need_high, users_telling, users = quantity.demand
    here = (low if telling else 0.0, high if telling == makers else None)
    ahead = _ahead(reader, region, product)
    together_low = here[0] + ahead[0] + proposed
    together_high = None if here[1] is None or ahead[1] is None else here[1] + ahead[1] + proposed
    at_least = together_low / need_high if users_telling and users_telling == users and need_high > 0 else None
    at_most = together_high / need_low if together_high is not None and users_telling and need_low > 0 else None
    return PlainDuplication((together_low, together_high), (at_least, at_most))


def _ahead(reader: Reader, region: str, product: str) -> tuple[float, float | None]:
    """Promised by live projects: each possible double count once, and all added up; None where one does not tell."""
    chain = reader.chain()
    live = [
        one.id
        for one in plain_projects(reader, region, date.max, 3.0)
        if one.standing in ("closes", "later", "no_date") and product in one.products
    ]
    kinds = {product, *(chain.products[int(at)] for at in chain.below.row(chain.index[product]))}
    amounts = {one: _amount(reader, one, product, kinds) for one in live}
    added = sum(amount for amount in amounts.values() if amount is not None)
    known = {one: amount for one, amount in amounts.items() if amount is not None}
    largest: defaultdict[str, float] = defaultdict(float)
    for one, amount in known.items():
        leader = _leader(reader, region, one, live)
        largest[leader] = max(largest[leader], amount)
    return sum(largest.values()), added if len(known) == len(live) else None


def _amount(reader: Reader, project: str, product: str, kinds: set[str]) -> float | None:
    """Its own figure, or that of all its kinds together where every one tells; the larger."""
    told: defaultdict[str, list[float]] = defaultdict(list)
    made = set()
    for fact in reader.facts([project], ["project_product"]):
        if not fact.used or fact.object not in kinds:
            continue
        made.add(str(fact.object))
        if isinstance(fact.value, float) and fact.value > 0 and fact.unit and dimension_of(fact.unit) == "mass/time":
            told[str(fact.object)].append(fact.value * unit_of(fact.unit).factor)
    return _of(reader, told, made, product, frozenset())


def _of(
    reader: Reader, told: dict[str, list[float]], made: set[str], product: str, seen: frozenset[str]
) -> float | None:
    chain = reader.chain()

    def below(one: str) -> set[str]:
        return {chain.products[int(at)] for at in chain.below.row(chain.index[one])}

    own = max(told.get(product, []), default=None)
    around = seen | {product}
    kinds = (made & below(product)) - around
    top = [one for one in kinds if not any(one in below(other) for other in kinds - {one})]
    each = [_of(reader, told, made, one, around) for one in sorted(top)]
    if not each or any(one is None for one in each):
        return own
    total = sum(one for one in each if one is not None)
    return total if own is None or total > own else own


def _leader(reader: Reader, region: str, project: str, among: list[str]) -> str:
    """The first of those that may be the same thing, over any number of steps."""
    from queries.chain.projects_ahead import projects_ahead
    from queries.chain.promised import double_counts

    # Which projects may be one is the pipeline's own definition, tested there.
    for group in double_counts(reader, projects_ahead(reader, among, date.max, 3.0, {})):
        if project in {one.id for one in group}:
            return group[0].id
    return project
