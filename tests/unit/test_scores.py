"""Scores: additive to the last digit, weights from text, weight intervals against brute force, no reordering."""

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.errors import BadInput
from queries.promotion.scores import (
    DEFAULT_WEIGHTS,
    PART_NAMES,
    contributions,
    holds_for,
    needed,
    order_of,
    read_weights,
    total,
)

COUNT = len(PART_NAMES)
# Coarse values, so that equal scores and several lines through one point are frequent.
VALUES = st.sampled_from((0.0, 0.25, 0.5, 0.75, 1.0, 0.333333333))
ROWS = st.lists(st.lists(VALUES, min_size=COUNT, max_size=COUNT), min_size=1, max_size=9)
WEIGHTS = st.lists(st.sampled_from((0.0, 0.1, 0.25, 0.5, 1.0, 3.0)), min_size=COUNT, max_size=COUNT).filter(any)


def _ranked(rows: list[list[float]], weights: dict[str, float]) -> list[int]:
    parts = np.array(rows)
    if not any(weights.values()):
        return list(range(len(rows)))
    order: list[int] = order_of(total(contributions(parts, weights))).tolist()
    return order


def test_the_usual_weights_add_up_to_one() -> None:
    assert sum(DEFAULT_WEIGHTS.values()) == pytest.approx(1)
    assert tuple(DEFAULT_WEIGHTS) == PART_NAMES


def test_weights_from_text() -> None:
    assert read_weights(["makes=1", " ties = 0 "]) == DEFAULT_WEIGHTS | {"makes": 1.0, "ties": 0.0}
    for wrong, said in (
        ("makes", "number"), ("beauty=1", "makes, pull"), ("makes=-1", "0 or more"), ("makes=x", "0 or more"),
        ("makes=nan", "0 or more"), ("makes=inf", "0 or more"), ("", "makes, pull"),
    ):  # fmt: skip
        with pytest.raises(BadInput, match=said):
            read_weights([wrong])
    with pytest.raises(BadInput, match="All weights are 0"):
        read_weights([f"{name}=0" for name in PART_NAMES])


def test_very_large_weights_are_weights_too() -> None:
    parts = np.array([[1.0] * COUNT, [0.5] * COUNT])
    assert total(contributions(parts, dict.fromkeys(PART_NAMES, 1e308))).tolist() == pytest.approx([1.0, 0.5])


@settings(max_examples=200, deadline=None, derandomize=True)
@given(rows=ROWS, told=WEIGHTS)
def test_parts_add_up_and_lie_between_0_and_1(rows: list[list[float]], told: list[float]) -> None:
    weights = dict(zip(PART_NAMES, told, strict=True))
    added = contributions(np.array(rows), weights)
    for row, score in zip(added, total(added), strict=True):
        assert abs(sum(row.tolist()) - score) < 1e-9
        assert -1e-12 <= score <= 1 + 1e-12


@settings(max_examples=200, deadline=None, derandomize=True)
@given(rows=ROWS, told=WEIGHTS, data=st.data())
def test_leaving_one_out_reorders_nobody(rows: list[list[float]], told: list[float], data: st.DataObject) -> None:
    weights = dict(zip(PART_NAMES, told, strict=True))
    gone = data.draw(st.integers(0, len(rows) - 1))
    kept = [at for at in range(len(rows)) if at != gone]
    without = [kept[at] for at in _ranked([rows[at] for at in kept], weights)] if kept else []
    assert without == [at for at in _ranked(rows, weights) if at != gone]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(rows=ROWS, told=WEIGHTS)
def test_weight_intervals_by_brute_force(rows: list[list[float]], told: list[float]) -> None:
    """On a fine grid, and just inside and outside of both ends: within it the rank is the same, beyond it is not."""
    weights = dict(zip(PART_NAMES, told, strict=True))
    parts = np.array(rows)[_ranked(rows, weights)]
    intervals = holds_for(parts, weights, np.arange(len(parts)))
    grid = np.concatenate([np.linspace(0, 4, 81), [8.0, 20.0, 100.0, 1e4]])
    for column, name in enumerate(PART_NAMES):
        rest = [weights[other] if other != name else 0.0 for other in PART_NAMES]

        def rank_at(weight: float, row: int, column: int = column, rest: list[float] = rest) -> int:
            scores = np.round(parts @ np.array(rest) + weight * parts[:, column], 10)
            return int(np.count_nonzero(scores > scores[row])) + int(np.count_nonzero(scores[:row] == scores[row]))

        for row in range(len(parts)):
            low, told_high = intervals[row][name]
            high = inf if told_high is None else told_high
            assert low <= weights[name] <= high
            for weight in grid:
                if low + 1e-6 < weight < high - 1e-6:
                    assert rank_at(float(weight), row) == row, (name, row, weight, (low, high))
            step = 1e-5
            if low > 0:
                assert any(rank_at(at, row) != row for at in (low - step, low))
            if high < inf:
                assert any(rank_at(at, row) != row for at in (high + step, high))


def test_an_interval_by_hand() -> None:
    """Two rows over makes and ties, weights 1 and 1, the others 0.

    A = (0.8, 0.1) scores 0.9, B = (0.5, 0.3) 0.8. B passes A when w x 0.5 + 0.3 > w x 0.8 + 0.1 in the weight of
    makes, that is below w = 2/3; and when 0.5 + 0.3 w > 0.8 + 0.1 w in that of ties, that is above w = 1.5.
    """
    weights = dict.fromkeys(PART_NAMES, 0.0) | {"makes": 1.0, "ties": 1.0}
    parts = np.zeros((2, COUNT))
    parts[:, PART_NAMES.index("makes")] = (0.8, 0.5)
    parts[:, PART_NAMES.index("ties")] = (0.1, 0.3)
    for one in holds_for(parts, weights, np.array([0, 1])):
        assert one["makes"] == (pytest.approx(2 / 3), None)
        assert one["ties"] == (0.0, pytest.approx(1.5))
        assert one["room"] == (0.0, None)


def test_what_would_pass_the_one_above_by_hand() -> None:
    """B of the last test lacks 0.1 x 2 / 2 in the score: makes from 0.5 to 0.6, or ties from 0.3 to 0.4."""
    weights = dict.fromkeys(PART_NAMES, 0.0) | {"makes": 1.0, "ties": 1.0}
    parts = np.zeros((2, COUNT))
    parts[:, PART_NAMES.index("makes")] = (0.8, 0.5)
    parts[:, PART_NAMES.index("ties")] = (0.1, 0.3)
    assert needed(parts, weights, 1, 0) == {"makes": pytest.approx(0.6), "ties": pytest.approx(0.4)}
    parts[0] = 1.0
    parts[1, PART_NAMES.index("ties")] = 0.9
    assert needed(parts, weights, 1, 0) == {}


def test_nobody_at_all() -> None:
    none = np.zeros((0, COUNT))
    assert total(contributions(none, DEFAULT_WEIGHTS)).tolist() == []
    assert holds_for(none, DEFAULT_WEIGHTS, np.zeros(0, np.int64)) == []
