"""Which links would be told differently if a threshold were set half as high again, or half as high."""

from collections.abc import Iterator
from math import ceil, floor

import numpy as np
from pydantic import Field

from graph.readers.port import Reader
from graph.readers.port_types import Flags
from queries.base import Record
from queries.chain.assessment import KIND_NAMES, Assessment, Kind, State, Thresholds, classify
from queries.chain.quantities import find_quantities

SPREAD = 0.5
# HHI only raises a flag, so it is not among them.
_OF_STATES = ("inputs_share", "min_makers", "min_sources", "weak_ratio")
_OF_TALLY = ("recent_years", "control_share")


class Shift(Record):
    """A link that changes; kind null: no gap."""

    product: str = Field(title="环节")
    state: State = Field(title="现状态")
    kind: Kind | None = Field(title="现类别")
    becomes_state: State = Field(title="变为状态")
    becomes_kind: Kind | None = Field(title="变为类别")


class Sensitivity(Record):
    """One end of a threshold's range of 50 % around its value, and the links that would be told differently there."""

    threshold: str = Field(title="阈值")
    value: float = Field(title="现值")
    tried: float = Field(title="试值")
    shifts: tuple[Shift, ...] = Field(title="变动")


def find_sensitivity(
    reader: Reader, found: Assessment, thresholds: Thresholds, chosen: Flags
) -> tuple[Sensitivity, ...]:
    """Both ends of every threshold that states and kinds hang on, as far as they change something.

    A link changes one way with each of these thresholds, so that the ends tell of all values between.
    """
    told = []
    for name, tried in _ends(thresholds):
        other = thresholds.model_copy(update={name: tried})
        shifts = _shifts(found, _with(reader, found, other, name), chosen)
        if shifts:
            told.append(Sensitivity(threshold=name, value=getattr(thresholds, name), tried=tried, shifts=shifts))
    return tuple(told)


def _with(reader: Reader, found: Assessment, thresholds: Thresholds, moved: str) -> Assessment:
    """Assessed with one threshold moved. None of them changes who makes and needs what, so that is not done again."""
    tally, quantities = found.tally, found.quantities
    if moved in _OF_TALLY:
        tally = reader.tally(found.region, thresholds.recent_years, thresholds.control_share)
    if moved == "control_share":  # of a group only one figure counts for sure
        quantities = find_quantities(found.chain, tally, found.presence)
    return classify(found.chain, tally, found.presence, quantities, found.bottleneck, thresholds)


def _ends(thresholds: Thresholds) -> Iterator[tuple[str, float]]:
    for name in (*_OF_STATES, *_OF_TALLY):
        value = getattr(thresholds, name)
        low, high = value * (1 - SPREAD), value * (1 + SPREAD)
        if isinstance(value, int):
            low, high = ceil(low), floor(high)
        if name == "inputs_share":
            high = min(high, 1.0)
        if name == "control_share":
            high = min(high, 100.0)
        yield from ((name, tried) for tried in (low, high) if tried != value)


def _shifts(found: Assessment, there: Assessment, chosen: Flags) -> tuple[Shift, ...]:
    moved = chosen & (
        (found.kind != there.kind)
        | (found.present != there.present)
        | (found.implied != there.implied)
        | (found.unknown != there.unknown)
    )
    return tuple(
        Shift(
            product=found.chain.products[number],
            state=found.state(number),
            kind=_kind(found, number),
            becomes_state=there.state(number),
            becomes_kind=_kind(there, number),
        )
        for number in np.flatnonzero(moved).tolist()
    )


def _kind(assessment: Assessment, number: int) -> Kind | None:
    at = int(assessment.kind[number])
    return KIND_NAMES[at] if at >= 0 else None
