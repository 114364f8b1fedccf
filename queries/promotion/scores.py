"""Additive scores: parts in [0, 1], weights as parameters, and the weights within which a rank holds. Pure.

Score = sum of weight x part / sum of weights. Parts are absolute, so another candidate never changes anybody's score
and never reorders the others. Equal scores are ordered by place in the list (candidates stand in order of id).
"""

from collections.abc import Mapping, Sequence
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from graph.model.errors import BadInput

Values = NDArray[np.float64]
Numbers = NDArray[np.int64]
Interval = tuple[float, float | None]
# Scores that agree to so many digits are equal: the last ones differ with the order of additions.
_DIGITS = 12

# The parts with their words, and the weights used where nobody asks for others. They come from the reasoning in
# docs/methods/targets.md and are never fitted to the back-test.
PARTS: dict[str, tuple[str, str]] = {
    "makes": ("会做", "makes it"),
    "pull": ("本地市场", "demand here"),
    "push": ("本地原料", "inputs here"),
    "ties": ("已有联系", "ties here"),
    "movement": ("外扩动向", "on the move"),
    "room": ("本省拥挤", "crowded at home"),
    "policy": ("政策", "policy"),
}
DEFAULT_WEIGHTS: dict[str, float] = {
    "makes": 0.45,
    "pull": 0.15,
    "push": 0.08,
    "ties": 0.12,
    "movement": 0.08,
    "room": 0.04,
    "policy": 0.08,
}
PART_NAMES = tuple(PARTS)


def read_weights(told: Sequence[str]) -> dict[str, float]:
    """The weights of all parts, those told as NAME=VALUE in the place of the usual ones; raises BadInput."""
    weights = dict(DEFAULT_WEIGHTS)
    for one in told:
        name, _, value = (text.strip() for text in one.partition("="))
        if name not in PARTS:
            raise BadInput(
                "'{given}' is not a weight. Give NAME=VALUE with one of {names}: makes=0.5.",
                given=one[:60],
                names=", ".join(PARTS),
            )
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not isfinite(number) or number < 0:
            raise BadInput("The weight {name} is '{value}'. Give a number of 0 or more.", name=name, value=value[:60])
        weights[name] = number
    if not any(weights.values()):
        raise BadInput("All weights are 0. Give at least one part a weight above 0.")
    return weights


def contributions(parts: Values, weights: Mapping[str, float]) -> Values:
    """What each part (a column, as in PARTS) adds to the score of each row."""
    told = np.array([weights[name] for name in PART_NAMES])
    # Scaled by the greatest first: the sum of very large weights has no room in a float.
    told = told / told.max()
    added: Values = parts * (told / told.sum())
    return added


def total(added: Values) -> Values:
    """The scores, always added up in the same order."""
    score = np.zeros(len(added))
    for column in range(added.shape[1]):
        score = score + added[:, column]
    return score


def order_of(score: Values) -> Numbers:
    """The rows from the best to the last; equal ones stay in their order."""
    found: Numbers = np.argsort(-np.round(score, _DIGITS), kind="stable")
    return found


def holds_for(parts: Values, weights: Mapping[str, float], rows: Numbers) -> list[dict[str, Interval]]:
    """For some rows the interval of each weight, the others as they are, in which the row keeps its rank.

    The widest one around the weight as it is within which as many rows stand before this one; its ends are where that
    changes. None: it holds however great the weight.
    """
    told = np.array([weights[name] for name in PART_NAMES])
    score = np.round(total(contributions(parts, weights)), _DIGITS)
    found: list[dict[str, Interval]] = [{} for _ in rows]
    for column, name in enumerate(PART_NAMES):
        slope = parts[:, column]
        others = told.copy()
        others[column] = 0.0
        # What a row scores without this part, times the sum of weights.
        rest = total(parts * others)
        same = bool(len(slope)) and bool((slope == slope[0]).all())
        for at, row in enumerate(rows.tolist()):
            found[at][name] = (0.0, None) if same else _Lines(slope, rest, score, row, float(told[column])).interval()
    return found


class _Lines:
    """Every row's score as a line over one weight, seen from one row."""

    def __init__(self, slope: Values, rest: Values, score: Values, row: int, weight: float) -> None:
        self._rise = slope - slope[row]
        self._ahead = rest - rest[row]
        self._weight = weight
        self._smaller_id = np.arange(len(slope)) < row
        # Equal scores are equal, whatever the last digit of a sum says.
        level = score == score[row]
        self._ahead[level & (self._rise == 0)] = 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            self._meets = np.where(self._rise != 0, -self._ahead / self._rise, np.nan)
        self._meets[level & (self._rise != 0)] = weight
        self._rank = int(np.count_nonzero((score > score[row]) | (level & self._smaller_id)))

    def interval(self) -> Interval:
        """From where to where the rank is the same."""
        low, high = self._end(upwards=False), self._end(upwards=True)
        return (0.0 if low is None else low), high

    def _end(self, *, upwards: bool) -> float | None:
        """The first meeting point at which, or just beyond which, the rank is another."""
        meets, weight = self._meets, self._weight
        with np.errstate(invalid="ignore"):
            ahead = meets[meets >= weight] if upwards else meets[(meets <= weight) & (meets >= 0)]
        while len(ahead):
            point = float(ahead.min() if upwards else ahead.max())
            if self._changes_at(point, upwards=upwards):
                return point
            ahead = ahead[ahead > point] if upwards else ahead[ahead < point]
        return None

    def _changes_at(self, point: float, *, upwards: bool) -> bool:
        meeting = self._meets == point
        lead = self._rise * point + self._ahead
        apart = ~meeting & ((lead > 0) | ((lead == 0) & self._smaller_id))
        before = int(np.count_nonzero(apart))
        at_point = before + int(np.count_nonzero(meeting & self._smaller_id))
        rising = self._rise > 0 if upwards else self._rise < 0
        beyond = before + int(np.count_nonzero(meeting & rising))
        return (at_point != self._rank and point != self._weight) or beyond != self._rank


def needed(parts: Values, weights: Mapping[str, float], row: int, above: int) -> dict[str, float]:
    """The value of each part, the others as they are, at which a row overtakes the one above it; those up to 1 only."""
    added = contributions(parts, weights)
    score = np.round(total(added), _DIGITS)
    scale = contributions(np.ones((1, len(PART_NAMES))), weights)[0]
    found = {}
    for column, name in enumerate(PART_NAMES):
        if scale[column] > 0:
            value = parts[row, column] + (score[above] - score[row]) / scale[column]
            if value <= 1:
                found[name] = float(value)
    return found
