"""The gap map today and at a date: how many links in which state, and what closes and opens when a project is done."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from graph.readers.port import Reader
from graph.readers.port_types import Flags
from queries.base import Record
from queries.chain.assessment import KIND_NAMES, KINDS, Assessment, Kind, State
from queries.chain.future import Future
from queries.chain.gap_rows import GapProduct, link_refs
from queries.chain.projects_ahead import ProjectAhead

Effect = Literal["closed", "opened", "unclear", "eased", "thinner"]
EFFECTS: dict[Effect, tuple[str, str]] = {
    "closed": ("补上", "closed"),
    "opened": ("新缺环", "opened"),
    "unclear": ("变为不明", "no longer certain"),
    "eased": ("缓解", "eased"),
    "thinner": ("变薄弱", "thinner"),
}


class MapCounts(Record):
    """How many of the links that were looked at are in which state."""

    present: int = Field(title="已有")
    implied: int = Field(title="可推知已有")
    missing: int = Field(title="缺失")
    unknown: int = Field(title="情况不明")
    unknown_needed: int = Field(title="有需求而情况不明", description="unknown links that somebody here needs")
    kinds: dict[str, int] = Field(title="各类数量", description="gaps of each kind")


class Change(Record):
    """A link whose state, kind or need changes on the day some projects are done.

    `opened`: it is needed, or could be fed from here, only now. `unclear`: only its class is promised. `eased`: it is
    needed less than before. `thinner`: made here as before, and to strengthen from then on.
    """

    on: str = Field(title="日期", description="ISO day")
    effect: Effect = Field(title="变化", description=", ".join(EFFECTS))
    product: GapProduct = Field(title="环节")
    state: State = Field(title="原状态")
    kind: Kind | None = Field(title="原类别", description="null: no gap")
    users: int = Field(title="原需求者数")
    new_state: State = Field(title="新状态")
    new_kind: Kind | None = Field(title="新类别", description="null: no gap")
    new_users: int = Field(title="新需求者数")
    projects: tuple[str, ...] = Field(title="项目", description="ids of the projects done on that day")
    claims: tuple[str, ...] = Field(title="陈述", description="on these projects")


def counts_of(assessment: Assessment, chosen: Flags) -> MapCounts:
    """The counts over the chosen links."""
    return MapCounts(
        present=int((chosen & assessment.present).sum()),
        implied=int((chosen & assessment.implied).sum()),
        missing=int((chosen & assessment.missing).sum()),
        unknown=int((chosen & assessment.unknown).sum()),
        unknown_needed=int((chosen & assessment.unknown & (assessment.users > 0)).sum()),
        kinds={name: int((chosen & (assessment.kind == number)).sum()) for number, name in enumerate(KINDS)},
    )


def kind_name(assessment: Assessment, number: int) -> Kind | None:
    """The kind of one link, None where it is no gap."""
    kind = int(assessment.kind[number])
    return KIND_NAMES[kind] if kind >= 0 else None


def changes_until(
    reader: Reader, future: Future, today: Assessment, closing: Sequence[ProjectAhead], chosen: Flags
) -> tuple[Change, ...]:
    """What changes on each day on which projects are done, in order of day, effect, product."""
    found: list[Change] = []
    before, done = today, list[ProjectAhead]()
    for day in sorted({project.due for project in closing if project.due is not None}):
        fresh = [project for project in closing if project.due == day]
        done += fresh
        after = future.with_done(done)
        found += _changes(reader, before, after, chosen, day, fresh)
        before = after
    return tuple(found)


def _changes(
    reader: Reader, before: Assessment, after: Assessment, chosen: Flags, day: date, fresh: Sequence[ProjectAhead]
) -> list[Change]:
    needed, still_needed = before.users > 0, after.users > 0
    differs = (_states(before) != _states(after)) | (before.kind != after.kind)
    differs |= before.unknown & after.unknown & (needed != still_needed)
    numbers = np.flatnonzero(chosen & differs).tolist()
    claims = tuple(sorted({claim for project in fresh for claim in project.claims}))
    changes = [
        Change(
            on=day.isoformat(),
            effect=_effect(before, after, number),
            product=product,
            state=before.state(number),
            kind=kind_name(before, number),
            users=int(before.users[number]),
            new_state=after.state(number),
            new_kind=kind_name(after, number),
            new_users=int(after.users[number]),
            projects=tuple(project.id for project in fresh),
            claims=claims,
        )
        for number, product in zip(numbers, link_refs(reader, before, numbers), strict=True)
    ]
    order = tuple(EFFECTS)
    return sorted(changes, key=lambda change: (order.index(change.effect), change.product.id))


def _states(assessment: Assessment) -> NDArray[np.int64]:
    return np.select([assessment.present, assessment.implied, assessment.unknown], [0, 1, 2], 3)


def _effect(before: Assessment, after: Assessment, number: int) -> Effect:
    if before.present[number] and after.kind[number] != -1 and before.kind[number] == -1:
        return "thinner"
    if after.present[number] or after.implied[number]:
        # What gets a second source is closed, too; what nobody needs any more is not.
        return "closed" if before.kind[number] != -1 or before.unknown[number] else "eased"
    if before.missing[number] and after.unknown[number]:
        return "unclear"
    more_users = after.users[number] > 0 and before.users[number] == 0
    more_urgent = after.missing[number] and before.missing[number] and after.kind[number] < before.kind[number]
    return "opened" if more_users or more_urgent else "eased"
