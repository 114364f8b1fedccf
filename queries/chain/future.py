"""The chain of a region with some projects done: the same question over the tally with more makers in it.

Nothing else moves. What is known today stays as known: a project that is done adds a maker, not knowledge of who else
there is, so that no link turns from unknown to missing by it.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from graph.model.units import MASS_A_YEAR, dimension_of, unit_of
from graph.readers.port import Reader
from graph.readers.port_types import Figures, Tally
from graph.readers.ragged import pairs, rows_of
from queries.chain.assessment import Assessment, Thresholds, assess_tally
from queries.chain.projects_ahead import ProjectAhead
from queries.lookup.capacity import controllers_of


class Entities(Sequence[str]):
    """The entities of a tally, and behind them newcomers."""

    def __init__(self, entities: Sequence[str], newcomers: Sequence[str]) -> None:
        self._entities, self._newcomers = entities, newcomers

    def __len__(self) -> int:
        return len(self._entities) + len(self._newcomers)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # Sequence's overloads: only int is used
        before = len(self._entities)
        return self._entities[index] if index < before else self._newcomers[index - before]


class Future:
    """Assessments of one region with projects done, from today's. `assessed` keeps what was asked before."""

    def __init__(
        self, reader: Reader, today: Assessment, thresholds: Thresholds, projects: Sequence[ProjectAhead]
    ) -> None:
        self._reader, self._today, self._thresholds = reader, today, thresholds
        self._projects = tuple(project for project in projects if project.products)
        chain = today.chain
        self._direct = [
            np.unique([chain.index[str(fact.object)] for fact in project.products]) for project in self._projects
        ]
        self._made = [
            np.unique(np.concatenate([direct, *(chain.above.row(int(one)) for one in direct)]))
            for direct in self._direct
        ]
        self._groups = owner_groups(
            reader, today.tally, [made.tolist() for made in self._made], [one.owners for one in self._projects]
        )
        self._kept: dict[frozenset[str], Assessment] = {frozenset(): today}

    def made_by(self, project: str) -> tuple[int, ...]:
        """The products of a project and the classes above them."""
        return next(
            (tuple(made.tolist()) for one, made in zip(self._projects, self._made, strict=True) if one.id == project),
            (),
        )

    def with_done(self, projects: Sequence[ProjectAhead]) -> Assessment:
        """All states with these projects done."""
        asked = frozenset(project.id for project in projects) & {project.id for project in self._projects}
        if asked not in self._kept:
            self._kept[asked] = assess_tally(self._reader, self._tally(asked), self._thresholds)
        return self._kept[asked]

    def _tally(self, done: frozenset[str]) -> Tally:
        tally, products = self._today.tally, len(self._today.chain.products)
        first = len(tally.entities)
        added = [at for at, project in enumerate(self._projects) if project.id in done]
        row, item = pairs(tally.makers)
        makers = rows_of(
            np.concatenate([row, *(self._made[at] for at in added)]),
            np.concatenate([item, *(np.full(len(self._made[at]), first + at) for at in added)]),
            products,
        )
        direct = tally.direct.copy()
        for at in added:
            direct[self._direct[at]] = True
        return replace(
            tally,
            entities=Entities(tally.entities, [project.id for project in self._projects]),
            makers=makers,
            total=tally.total + makers.counts() - tally.makers.counts(),
            direct=direct,
            groups=np.concatenate([tally.groups, self._groups]).astype(np.int32),
            capacities=self._capacities(added),
        )

    def _capacities(self, added: Sequence[int]) -> Figures:
        """Today's, and behind them what the projects that are done promise; in the order of a tally."""
        figures, first = self._today.tally.capacities, len(self._today.tally.entities)
        told = sorted(
            (first + at, self._today.chain.index[str(fact.object)], fact.value * unit_of(fact.unit).factor, at)
            for at in added
            for fact in self._projects[at].products
            if fact.unit and dimension_of(fact.unit) == MASS_A_YEAR and isinstance(fact.value, float) and fact.value > 0
        )
        inside = [self._is_inside(self._projects[at]) for *_, at in told]
        return Figures(
            entity=np.concatenate([figures.entity, [entity for entity, *_ in told]]).astype(np.int32),
            product=np.concatenate([figures.product, [product for _, product, *_ in told]]).astype(np.int32),
            amount=np.concatenate([figures.amount, [amount for *_, amount, _ in told]]).astype(np.float64),
            inside=np.concatenate([figures.inside, inside]).astype(np.bool_),
        )

    def _is_inside(self, project: ProjectAhead) -> bool:
        """Whether the region holds all its unflagged places."""
        places = {str(fact.object) for fact in project.places if not fact.flags}
        return all(self._today.region in self._reader.around(place) for place in places)


def owner_groups(
    reader: Reader, tally: Tally, made: Sequence[Sequence[int]], owners: Sequence[Collection[str]]
) -> list[int]:
    """The owner group of each newcomer: that of a maker here of one of its products that is, or shares, an owner.

    `made` are products, with the classes above, and `owners` the ids of each. A newcomer of somebody who makes it
    already adds no second source.
    """
    beside = {int(maker) for own in made for product in own for maker in tally.makers.row(int(product))}
    names = {maker: tally.entities[maker] for maker in sorted(beside)}
    above = controllers_of(reader, sorted(names.values()))
    owned_by = {maker: {name, *above[name]} for maker, name in names.items()}
    fresh = int(tally.groups.max(initial=-1)) + 1
    groups: list[int] = []
    for at, mine in enumerate(owners):
        own = next((int(tally.groups[maker]) for maker, of in owned_by.items() if not of.isdisjoint(mine)), None)
        like = next((groups[other] for other in range(at) if not set(mine).isdisjoint(owners[other])), None)
        groups.append(own if own is not None else like if like is not None else fresh + at)
    return groups
