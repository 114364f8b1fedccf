"""Who a policy is held against: a product, an enterprise, a project or a sheet, with what is known of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from graph.model.asks import ASK_FIELDS
from graph.model.errors import BadInput, UnknownName
from graph.model.facts import Fact
from graph.model.predicates import NOT_MAKING
from graph.model.units import MASS_A_YEAR, dimension_of, unit_of
from graph.readers.port import Reader
from graph.readers.port_types import Chain
from queries.base import resolve_name
from queries.chain.presence import Recipes
from queries.fitting.sheet import ProjectSheet
from queries.fitting.sheet_amounts import SheetAmount


class Told(NamedTuple):
    """What is known of one field: an amount in a unit, yes or no as truth, or words; `claims` behind it."""

    value: float | str | bool
    unit: str | None
    claims: tuple[str, ...] = ()


class Line(NamedTuple):
    """Something that is made, a number in the chain, with how much a year where that is told."""

    product: int
    amount: float | None
    unit: str | None
    claims: tuple[str, ...] = ()

    @property
    def tonnes(self) -> float | None:
        """In t/yr; None where it is not told, or told otherwise."""
        if self.amount is None or self.unit is None or dimension_of(self.unit) != MASS_A_YEAR:
            return None
        return self.amount * unit_of(self.unit).factor


class Bought(NamedTuple):
    """Tonnes a year of something taken in: at least and at most; None: not known."""

    low: float
    high: float | None


class Subject(NamedTuple):
    """What is known of somebody. `lines` None: what it makes is not told; `bought` by product, None: not known."""

    lines: tuple[Line, ...] | None
    facts: Mapping[str, Told]
    bought: Mapping[int, Bought] | None
    enterprise: str | None = None


NOBODY = Subject(None, {}, None)


def subject_of_product(chain: Chain, product: str) -> Subject:
    """Whoever makes this product."""
    return Subject((Line(chain.index[product], None, None),), {}, None)


def subject_of_enterprise(reader: Reader, enterprise: str) -> Subject:
    """An enterprise as recorded: what it makes, its published revenue, a stock code."""
    chain = reader.chain()
    told = reader.facts([enterprise], ("produces", "consumes", "indicator", "code"))
    used = [fact for fact in told if fact.used]
    makes = [fact for fact in used if fact.predicate == "produces" and fact.qualifier not in NOT_MAKING]
    facts: dict[str, Told] = {}
    for fact in used:
        if (
            fact.predicate == "indicator"
            and fact.qualifier == "revenue"
            and isinstance(fact.value, float)
            and fact.unit
        ):
            # A year's revenue is published as an amount of money.
            unit = fact.unit if "/" in fact.unit else f"{fact.unit}/yr"
            facts["yearly_revenue"] = Told(fact.value, unit, (fact.claim,))
        if fact.predicate == "code" and ":" in fact.qualifier:
            facts["listed"] = Told(True, None, (fact.claim,))
    bought = {
        chain.index[str(fact.object)]: Bought(float(fact.value), float(fact.value))
        if isinstance(fact.value, float) and fact.unit == "t/yr"
        else Bought(0.0, None)
        for fact in used
        if fact.predicate == "consumes"
    }
    return Subject(lines_of(chain, makes), facts, bought or None, enterprise)


def subject_of_project(reader: Reader, project: str, recipes: Recipes) -> Subject:
    """A project as recorded: its products, investment and who invests."""
    chain = reader.chain()
    told = [fact for fact in reader.facts([project], ("project_product", "investment")) if fact.used]
    lines = lines_of(chain, [fact for fact in told if fact.predicate == "project_product"])
    facts: dict[str, Told] = {}
    sums = [fact for fact in told if fact.predicate == "investment" and isinstance(fact.value, float)]
    if sums:
        facts["investment"] = Told(float(sums[0].value or 0.0), sums[0].unit, tuple(fact.claim for fact in sums[:1]))
    return Subject(lines, facts, bought_by(chain, recipes, lines or ()), investor_of(reader, project))


def investor_of(reader: Reader, project: str) -> str | None:
    """The enterprise that invests in a project: the only one, or the first by id."""
    told = [fact.subject for fact in reader.facts([project], ("invests_in",), "in") if fact.used]
    return min((one for one in told if one.startswith("ent:")), default=None)


def lines_of(chain: Chain, facts: Iterable[Fact]) -> tuple[Line, ...] | None:
    """One line a product and dimension: the largest figure; without any figure, the product alone. None for none."""
    told: dict[int, dict[str, Fact]] = {}
    blank: dict[int, Fact] = {}
    for fact in facts:
        number = chain.index[str(fact.object)]
        if isinstance(fact.value, float) and fact.value > 0 and fact.unit:
            dimension = dimension_of(fact.unit)
            best = told.setdefault(number, {}).get(dimension)
            if best is None or _base(fact) > _base(best):
                told[number][dimension] = fact
        else:
            blank.setdefault(number, fact)
    lines = [
        Line(number, float(fact.value or 0.0), fact.unit, (fact.claim,))
        for number, by in sorted(told.items())
        for _, fact in sorted(by.items())
    ]
    lines += [Line(number, None, None, (fact.claim,)) for number, fact in sorted(blank.items()) if number not in told]
    return tuple(sorted(lines, key=lambda line: (line.product, line.unit or ""))) or None


def _base(fact: Fact) -> float:
    return float(fact.value or 0.0) * unit_of(fact.unit or "").factor


def understood(reader: Reader, sheet: ProjectSheet) -> ProjectSheet:
    """The sheet with its names resolved to ids. Raises BadInput with the place, AmbiguousName."""

    def at(name: str | None, kinds: tuple[str, ...], place: str) -> str | None:
        if name is None:
            return None
        try:
            return resolve_name(reader, name, kinds)
        except UnknownName:
            raise BadInput(
                "'{where}' in the sheet: nothing here is called '{name}' among {wanted} names. "
                "Try a shorter part of the name with: rechain search",
                where=place,
                name=name[:60],
                wanted=kinds[0],
            ) from None

    product = ("product",)
    return sheet.model_copy(
        update={
            "products": tuple(
                one.model_copy(update={"product": at(one.product, product, f"products[{number}].product")})
                for number, one in enumerate(sheet.products)
            ),
            "inputs": tuple(
                one.model_copy(update={"product": at(one.product, product, f"inputs[{number}].product")})
                for number, one in enumerate(sheet.inputs)
            ),
            "by_products": tuple(
                one.model_copy(update={"product": at(one.product, product, f"by_products[{number}].product")})
                for number, one in enumerate(sheet.by_products)
            ),
            "enterprise": at(sheet.enterprise, ("enterprise",), "enterprise"),
        }
    )


def subject_of_sheet(reader: Reader, sheet: ProjectSheet, recipes: Recipes) -> Subject:
    """A sheet that was understood. What it states needs no claim."""
    chain = reader.chain()
    lines = tuple(Line(chain.index[one.product], one.capacity, one.unit) for one in sheet.products)
    facts: dict[str, Told] = {}
    if sheet.investment:
        facts["investment"] = Told(sheet.investment.amount, sheet.investment.currency)
    if "land" in sheet.needs:
        facts["needs_land"] = Told(_needs(sheet.needs["land"]), None)
    for name, told in sheet.facts.items():
        if isinstance(told, SheetAmount):
            facts[name] = Told(told.amount, told.unit)
        else:
            unit = "%" if ASK_FIELDS[name].kind == "share" else None
            facts[name] = Told(float(told) if isinstance(told, int) and not isinstance(told, bool) else told, unit)
    return Subject(lines, facts, _bought(chain, sheet, recipes, lines), sheet.enterprise)


def _needs(told: SheetAmount | bool) -> bool:
    return told if isinstance(told, bool) else told.amount > 0


def _bought(chain: Chain, sheet: ProjectSheet, recipes: Recipes, lines: Sequence[Line]) -> Mapping[int, Bought] | None:
    """What it takes in: as the sheet tells, else by the recipes."""
    if not sheet.inputs:
        return bought_by(chain, recipes, lines)
    found: dict[int, Bought] = {}
    for one in sheet.inputs:
        line = Line(chain.index[one.product], one.amount, one.unit)
        tonnes = line.tonnes
        before = found.get(line.product, Bought(0.0, 0.0))
        high = None if tonnes is None or before.high is None else before.high + tonnes
        found[line.product] = Bought(before.low + (tonnes or 0.0), high)
    return found


def merged(one: Subject, other: Subject) -> Subject:
    """What is known of both together; the first has the word where both tell a field."""
    lines = (*(one.lines or ()), *(other.lines or ()))
    bought = {**(other.bought or {}), **(one.bought or {})}
    return Subject(lines or None, {**other.facts, **one.facts}, bought or None, one.enterprise or other.enterprise)


def bought_by(chain: Chain, recipes: Recipes, lines: Iterable[Line]) -> Mapping[int, Bought] | None:
    """What making these takes in by the recipes that apply: from the least to the most over alternatives.

    None where one of the products has no recipe: then what it takes in is not known.
    """
    total: dict[int, Bought] = {}
    for line in lines:
        ways = recipes.process[recipes.product == line.product].tolist()
        if not ways:
            return None
        flows = [flows_of(chain, way, line.product) for way in ways]
        for product in sorted({product for flow in flows for product in flow}):
            each = [flow.get(product, 0.0) for flow in flows]
            known = [one * line.tonnes for one in each if one is not None and line.tonnes is not None]
            whole = len(known) == len(each)
            before = total.get(product, Bought(0.0, 0.0))
            high = before.high + max(known) if whole and before.high is not None else None
            total[product] = Bought(before.low + (min(known) if whole else 0.0), high)
    return total


def flows_of(chain: Chain, process: int, product: int) -> dict[int, float | None]:
    """Kilograms of each input for a kilogram of one output of a process; None where a figure is missing."""
    first, last = chain.outputs.starts[process], chain.outputs.starts[process + 1]
    outputs = dict(
        zip(chain.outputs.items[first:last].tolist(), chain.output_amounts[first:last].tolist(), strict=True)
    )
    yielded = outputs.get(product, np.nan)
    first, last = chain.inputs.starts[process], chain.inputs.starts[process + 1]
    told: dict[int, float | None] = {}
    for taken, amount in zip(
        chain.inputs.items[first:last].tolist(), chain.input_amounts[first:last].tolist(), strict=True
    ):
        ratio = amount / yielded if yielded and yielded > 0 else np.nan
        told[taken] = float(f"{ratio:.9g}") if np.isfinite(ratio) else None
    return told
