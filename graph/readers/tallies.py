"""Who makes what where: a region's tally, a product's makers, projects on their way, stated absences."""

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from graph.model.dates import AsOf
from graph.model.facts import Fact
from graph.model.kinds import PIPELINE_STATUSES
from graph.model.predicates import NOT_MAKING
from graph.model.units import unit_of
from graph.readers.columns import PREDICATE_CODES, Columns
from graph.readers.evidence import chain_evidence, direct_here, recent_window
from graph.readers.fact_table import FactTable, predicate_mask
from graph.readers.making import Making
from graph.readers.owners import CONTROL_SHARE, owner_groups
from graph.readers.port_types import Capacity, Flags, Maker, PipelineProject, StatedAbsence, Tally
from graph.readers.ragged import gather, rows_of, spans
from graph.readers.view import kind_range

_MAKING = ("produces", "project_product")


class Tallies:
    """`around` gives the numbers of a region and the regions it is part of."""

    def __init__(self, table: FactTable, as_of: AsOf, around: Callable[[str], Sequence[str]]) -> None:
        self._table = table
        self._as_of = as_of
        self._around = around
        self._group_cache: dict[float, NDArray[np.int32]] = {}

    def tally(self, region: str, recent_years: float, control_share: float) -> Tally:
        """See Reader."""
        index = self._table.index(region)
        view, making = self._table.view, self._table.view.making
        products = len(view.chain.products)
        here = making.here(view.regions, index)
        owner, made = gather(making.made, here)
        user, wanted = gather(making.used, here)
        columns = self._table.columns
        whole = making.whole(view.regions, index, here)
        return Tally(
            region=columns.nodes[index],
            entities=_Names(columns, making),
            makers=rows_of(made, here[owner], products),
            total=making.by_product.counts(),
            direct=direct_here(making, here, products),
            users=rows_of(wanted, here[user], products),
            evidence=chain_evidence(
                making,
                here,
                view.chain_words,
                columns.source_day,
                _SourceDates(columns),
                recent_window(self._as_of.valid, recent_years),
            ),
            pipeline=self._pipeline(here),
            stated=self._stated(region),
            enterprises=int(np.count_nonzero(here < self._enterprises)),
            unplaced=self._unplaced_makers,
            groups=self._groups(control_share),
            capacities=making.capacities.of(here, whole),
            consumption=making.consumption.of(here, whole),
        )

    @cached_property
    def _enterprises(self) -> int:
        low, high = kind_range(self._table.columns, "enterprise")
        return high - low

    @cached_property
    def _unplaced_makers(self) -> int:
        making = self._table.view.making
        makers = (making.direct.counts() > 0) & ~making.has_place
        return int(np.count_nonzero(makers[: self._enterprises]))

    def _groups(self, control_share: float) -> NDArray[np.int32]:
        view = self._table.view
        if control_share == CONTROL_SHARE:
            return view.groups
        if control_share not in self._group_cache:
            used_rows = view.resolved.facts[view.used]
            enterprises, entities = kind_range(self._table.columns, "enterprise"), len(view.making.entity)
            self._group_cache[control_share] = owner_groups(
                self._table.columns, used_rows, enterprises, entities, control_share
            )
        return self._group_cache[control_share]

    def _pipeline(self, here: NDArray[np.int32]) -> tuple[PipelineProject, ...]:
        numbers = here[here >= self._enterprises].tolist()
        found = [project for number in numbers for project in self._open_projects.get(number, ())]
        return tuple(sorted(found, key=lambda one: (one.product, one.project)))

    @cached_property
    def _open_projects(self) -> dict[int, list[PipelineProject]]:
        """What every project on its way will make, by its number among the entities."""
        found: dict[int, list[PipelineProject]] = {}
        columns = self._table.columns
        for number, project in enumerate(
            self._table.view.making.entity[self._enterprises :].tolist(), self._enterprises
        ):
            status = [columns.texts[int(columns.text[row])] for row in self._table.used_rows(project, "status")]
            if status and status[0] in PIPELINE_STATUSES:
                found[number] = self._open_project(project, status[0])
        return found

    def _open_project(self, project: int, status: str) -> list[PipelineProject]:
        columns, view = self._table.columns, self._table.view
        first_product = kind_range(columns, "product")[0]
        completion = self._table.used_rows(project, "completion_date")
        expected = columns.texts[int(columns.text[completion[0]])] if len(completion) else None
        common = {
            self._table.claim_id(int(row))
            for row in (*completion, *self._table.used_rows(project, "status", "located_in"))
        }
        claims: dict[int, set[str]] = {}
        for row in self._table.used_rows(project, "project_product"):
            made = int(columns.object[row]) - first_product
            for product in (made, *view.chain.above.row(made).tolist()):
                claims.setdefault(product, set(common)).add(self._table.claim_id(int(row)))
        name = columns.nodes[project]
        return [
            PipelineProject(product, name, status, expected, tuple(sorted(behind)))
            for product, behind in claims.items()
        ]

    def _stated(self, region: str) -> tuple[StatedAbsence, ...]:
        chain = self._table.view.chain
        said: dict[int, set[str]] = {}
        around = self._table.indices(self._around(region))
        for fact in self._table.facts(self._table.positions(around, ("lacks",), "out")):
            if fact.used and fact.object is not None and fact.object in chain.index:
                lacking = chain.index[fact.object]
                for product in (lacking, *chain.below.row(lacking)):
                    said.setdefault(int(product), set()).add(fact.claim)
        for fact in self._table.facts(self._table.positions(around, ("surveys",), "in")):
            if not fact.used:
                continue
            if fact.qualifier in chain.index:
                surveyed = chain.index[fact.qualifier]
                covered = [surveyed, *(int(p) for p in chain.below.row(surveyed))]
            else:
                covered = [p for p, word in enumerate(chain.chains) if word and f"chn:{word}" == fact.qualifier]
            for product in covered:
                said.setdefault(product, set()).add(fact.claim)
        return tuple(StatedAbsence(product, tuple(sorted(said[product]))) for product in sorted(said))

    def applies(self, region: str) -> Flags:
        """See Reader."""
        site, of_site = self._sites
        related = self._table.view.regions.related(self._table.index(region), site)
        fits = np.ones(len(of_site), np.bool_)
        fits[of_site >= 0] = related[of_site[of_site >= 0]]
        return fits

    @cached_property
    def _sites(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The deposits that processes are tied to, and for each process the number of its one, or -1."""
        words = self._table.view.chain.sites
        known = sorted({word for word in words if word is not None})
        number = {word: at for at, word in enumerate(known)}
        nodes = np.array([self._table.index(word) for word in known], np.int64)
        return nodes, np.array([-1 if word is None else number[word] for word in words], np.int64)

    def capacities(self, product: str, country: str | None) -> tuple[Capacity, ...]:
        """See Reader."""
        table, columns = self._table, self._table.columns
        positions = table.view.in_facts[self._about(product)]
        rows = table.view.resolved.facts[positions]
        real = (columns.predicate[rows] == PREDICATE_CODES["produces"]) & table.view.used[positions]
        at = columns.qualifiers.position("capacity")
        real &= columns.qualifier[rows] == (-1 if at is None else at)
        real &= (columns.value[rows] > 0) & (columns.unit[rows] > 0)
        if country is not None:
            real &= np.isin(self._countries[columns.subject[rows]], self._country_numbers.get(country, -2))
        found = []
        for fact in table.facts(np.sort(positions[real]).astype(np.int64)):
            if isinstance(fact.value, float) and fact.unit and fact.object:
                unit = unit_of(fact.unit)
                found.append(Capacity(fact.subject, fact.object, fact.value * unit.factor, unit.dimension, fact.claim))
        return tuple(sorted(found, key=lambda told: (told.entity, told.product, told.dimension, told.claim)))

    @cached_property
    def _countries(self) -> NDArray[np.int32]:
        """The number of the text that tells each node's country, -1 where none does."""
        columns, view = self._table.columns, self._table.view
        rows = view.resolved.facts[view.used]
        rows = rows[columns.predicate[rows] == PREDICATE_CODES["country"]]
        number = np.full(len(columns.nodes), -1, np.int32)
        number[columns.subject[rows]] = columns.text[rows]
        return number

    @cached_property
    def _country_numbers(self) -> dict[str, int]:
        return {self._table.columns.texts[at]: at for at in set(self._countries.tolist()) if at >= 0}

    def _about(self, product: str) -> NDArray[np.int64]:
        """Places in `in_facts` of the facts about a product or a kind of it."""
        chain, table = self._table.view.chain, self._table
        first, last = kind_range(table.columns, "product")
        local = table.index(product) - first
        if not 0 <= local < last - first:
            return np.zeros(0, np.int64)
        nodes = np.sort(np.array([local, *chain.below.row(local)], np.int64)) + first
        return spans(table.view.in_starts[nodes], table.view.in_starts[nodes + 1])

    def makers(self, product: str, region: str | None) -> tuple[Maker, ...]:
        """See Reader."""
        table, view, making = self._table, self._table.view, self._table.view.making
        positions = np.sort(view.in_facts[self._about(product)]).astype(np.int64)
        rows = view.resolved.facts[positions]
        positions = positions[predicate_mask(_MAKING)[table.columns.predicate[rows]] & view.used[positions]]
        subject = table.columns.subject[view.resolved.facts[positions]]
        facts = table.facts(positions)
        local = table.index(product) - kind_range(table.columns, "product")[0]
        makers = making.by_product.row(local) if 0 <= local < len(view.chain.products) else np.zeros(0, np.int32)
        node = making.entity[makers]
        first, last = np.searchsorted(subject, node), np.searchsorted(subject, node, side="right")
        is_here = np.zeros(len(making.entity), np.bool_)
        is_here[making.here(view.regions, table.index(region)) if region is not None else []] = True
        is_here, has_place = is_here[makers].tolist(), making.has_place[makers].tolist()
        spans_of = zip(first.tolist(), last.tolist(), strict=True)
        told = [tuple(filter(_makes, facts[start:end])) for start, end in spans_of]
        names = [table.columns.nodes[who] for who in node.tolist()]
        return tuple(map(Maker._make, zip(names, told, is_here, has_place, strict=True)))


def _makes(fact: Fact) -> bool:
    return fact.predicate != "produces" or fact.qualifier not in NOT_MAKING


class _Names(Sequence[str]):
    """Entity numbers -> ids, decoded when asked for."""

    def __init__(self, columns: Columns, making: Making) -> None:
        self._columns, self._making = columns, making

    def __len__(self) -> int:
        return len(self._making.entity)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # Sequence's overloads: only int is used
        return self._columns.nodes[int(self._making.entity[index])]


class _SourceDates(Sequence[str | None]):
    """Source numbers -> date texts, decoded when asked for."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def __len__(self) -> int:
        return len(self._columns.source_ids)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        return self._columns.row_source(int(index)).date
