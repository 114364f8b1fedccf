"""Slippage: a project is late; which gaps stay open until when, and what else has no local input meanwhile.

Dates go through recipes as through a network plan: a product is ready here today, or when the first project that
makes it is done; a recipe is fed here when the last of its inputs is ready (AND), a product when its first recipe is
(OR). A project that was to be fed here waits for its inputs when they slip.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from graph.model.dates import end_of, months_later
from queries.chain.assessment import Assessment
from queries.chain.projects_ahead import DATED, LIVE, ProjectAhead

NEVER = date.max


class OpenGap(NamedTuple):
    """A gap that a late project was to close: `before` and `after` are the days on which somebody here closes it.

    They are equal where others close it no later: `others`, earliest first.
    """

    product: int
    before: date
    after: date
    others: tuple[ProjectAhead, ...]


class Waiting(NamedTuple):
    """A product that could be fed from here on `before`, and after the delay only on `after`; `projects` wait."""

    product: int
    before: date
    after: date
    needs: tuple[int, ...]
    projects: tuple[ProjectAhead, ...]


class Slipped(NamedTuple):
    """What follows from projects being later."""

    gaps: tuple[OpenGap, ...]
    waiting: tuple[Waiting, ...]


class Plan:
    """When each product is ready here, by the projects that are still believed; `made` gives their products."""

    def __init__(
        self, today: Assessment, projects: Sequence[ProjectAhead], made: Mapping[str, Sequence[int]], as_of: date
    ) -> None:
        self._assessment = today
        self._live = [project for project in projects if project.standing in LIVE]
        self._dated = [project for project in projects if project.standing in DATED]
        self._made = made
        self._by_product: dict[int, list[ProjectAhead]] = {}
        for project in sorted(self._live, key=lambda one: (one.due or NEVER, one.id)):
            for product in made[project.id]:
                self._by_product.setdefault(product, []).append(project)
        chain = today.chain
        self._recipes: dict[int, list[tuple[int, ...]]] = {}
        recipes = today.presence.recipes
        for process, product in zip(recipes.process.tolist(), recipes.product.tolist(), strict=True):
            inputs = tuple(chain.inputs.row(process).tolist())
            if inputs:
                self._recipes.setdefault(product, []).append(inputs)
        self._here = set(np.flatnonzero(today.presence.available).tolist())
        self._as_of = as_of
        self._feeds = self._takers()

    def _takers(self) -> dict[int, set[int]]:
        takers: dict[int, set[int]] = {}
        for product, recipes in self._recipes.items():
            for inputs in recipes:
                for one in inputs:
                    takers.setdefault(one, set()).add(product)
        return takers

    def ready(self, product: int, dues: Mapping[str, date]) -> date:
        """When it is here, each project done on its day in `dues`."""
        if product in self._here:
            return self._as_of
        return min((dues[project.id] for project in self._by_product.get(product, ())), default=NEVER)

    def slip(self, months: Mapping[str, int], open_now: Sequence[int]) -> Slipped:
        """What so many months more do, by project; those without a date cannot slip. `open_now` are today's gaps."""
        before = {one.id: one.due or NEVER for one in self._live}
        late = {one.id: _later(one, months[one.id]) for one in self._dated if one.id in months}
        after = before | late
        made = sorted({product for project in late for product in self._made[project]})
        open_ones = set(open_now)
        gaps = tuple(self._open_gap(product, late, before, after) for product in made if product in open_ones)
        return Slipped(gaps, self._waiting(made, late, before, after))

    def _open_gap(
        self, product: int, late: Mapping[str, date], before: Mapping[str, date], after: Mapping[str, date]
    ) -> OpenGap:
        coming = self._by_product[product]
        latest = max(late[one.id] for one in coming if one.id in late)
        return OpenGap(
            product,
            min(before[one.id] for one in coming),
            min(after[one.id] for one in coming),
            tuple(one for one in coming if one.id not in late and before[one.id] < latest),
        )

    def _waiting(
        self, made: Sequence[int], late: Mapping[str, date], before: Mapping[str, date], after: Mapping[str, date]
    ) -> tuple[Waiting, ...]:
        """Least fixpoint: what waits makes others wait in turn. Days only move later, among finitely many."""
        was: dict[int, date] = {}

        def was_ready(product: int) -> date:
            if product not in was:
                was[product] = self.ready(product, before)
            return was[product]

        moved = {product: self.ready(product, after) for product in made if product not in self._here}

        def now_ready(product: int) -> date:
            return moved.get(product, was_ready(product))

        frontier = {product for product, day in moved.items() if day > was_ready(product)}
        fed: dict[int, tuple[date, date]] = {}
        while frontier:
            touched = {taker for product in frontier for taker in self._feeds.get(product, ())}
            frontier = set()
            for product in sorted(touched - self._here):
                fed_before = min(max(map(was_ready, inputs)) for inputs in self._recipes[product])
                fed_after = min(max(map(now_ready, inputs)) for inputs in self._recipes[product])
                if fed_after <= fed_before:
                    continue
                fed[product] = (fed_before, fed_after)
                dues = [
                    max(after[one.id], fed_after) if fed_before <= before[one.id] else after[one.id]
                    for one in self._by_product.get(product, ())
                ]
                day = min(dues, default=NEVER)
                if day > now_ready(product):
                    moved[product] = day
                    frontier.add(product)
        found = []
        for product, (fed_before, fed_after) in sorted(fed.items()):
            coming = self._by_product.get(product, ())
            held = [
                one for one in coming if one.id not in late and (one.due is None or fed_before <= one.due < fed_after)
            ]
            if coming and not held:
                continue
            needs = {
                one
                for inputs in self._recipes[product]
                for one in inputs
                if one in moved and moved[one] > was_ready(one)
            }
            found.append(Waiting(product, fed_before, fed_after, tuple(sorted(needs)), tuple(held)))
        return tuple(found)


def _later(project: ProjectAhead, months: int) -> date:
    return end_of(months_later(project.expected or "", months))
