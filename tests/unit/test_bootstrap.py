"""Hit rates and their intervals against worked numbers and a second implementation in plain loops."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from math import isclose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.backtest.bootstrap import TOPS, random_scores, rates_of, scores_of, wilson

Ranks = list[int | None]


def test_worked() -> None:
    """Ranks 1, 7, none, 20: of four cases one is among five, two among ten, three among twenty.

    MRR = (1 + 1/7 + 0 + 1/20) / 4 = 0.298214...
    """
    rates = rates_of(scores_of([1, 7, None, 20]), ["a", "b", "c", "d"], 1, 200)
    assert rates.n == 4
    assert rates.hit == {"5": 0.25, "10": 0.5, "20": 0.75}
    assert rates.mrr == 0.298214
    assert rates.intervals.mrr is not None
    assert rates.intervals.mrr[0] <= 0.298214 <= rates.intervals.mrr[1]


def test_no_cases_is_null_not_zero() -> None:
    rates = rates_of(scores_of([]), [], 1, 100)
    assert (rates.n, rates.mrr, rates.hit["5"], rates.intervals.hit["20"], rates.intervals.mrr) == (0, *[None] * 4)


def test_one_that_came_has_no_spread() -> None:
    """All cases of one enterprise are drawn together: the interval is the figure itself."""
    rates = rates_of(scores_of([2, 4]), ["a", "a"], 1, 100)
    assert rates.mrr == 0.375
    assert rates.intervals.mrr == (0.375, 0.375)


@pytest.mark.parametrize("length", range(1, 8))
def test_random_is_the_mean_over_all_orders(length: int) -> None:
    """Brute force: the rank of the first of n in every permutation."""
    orders = list(permutations(range(length)))
    ranks = [order.index(0) + 1 for order in orders]
    expected = [Fraction(sum(rank <= top for rank in ranks), len(orders)) for top in TOPS]
    expected.append(sum((Fraction(1, rank) for rank in ranks), Fraction(0)) / len(orders))
    found = random_scores([1], [length])[0]
    assert all(isclose(one, float(other), abs_tol=1e-12) for one, other in zip(found, expected, strict=True))
    assert not random_scores([None], [length]).any()


@given(st.lists(st.tuples(st.none() | st.integers(1, 40), st.sampled_from("abcde")), min_size=1, max_size=12))
def test_against_loops(cases: list[tuple[int | None, str]]) -> None:
    """The same figures and the same draws, case by case; and in whatever order the cases come."""
    ranks, clusters = [rank for rank, _ in cases], [name for _, name in cases]
    rates = rates_of(scores_of(ranks), clusters, 7, 60)
    assert rates.mrr is not None
    assert isclose(rates.mrr, _mrr(ranks), abs_tol=1e-6)
    drawn = _draws(ranks, clusters, 7, 60)
    for top in TOPS:
        assert isclose(float(rates.hit[str(top)] or 0), _hit(ranks, top), abs_tol=1e-6)
        _assert_ends(rates.intervals.hit[str(top)], [_hit(one, top) for one in drawn])
    _assert_ends(rates.intervals.mrr, [_mrr(one) for one in drawn])
    backwards = rates_of(scores_of(ranks[::-1]), clusters[::-1], 7, 60)
    assert backwards.intervals.mrr is not None
    assert rates.intervals.mrr is not None
    assert np.allclose(backwards.intervals.mrr, rates.intervals.mrr, atol=1e-6)


def _hit(ranks: Sequence[int | None], top: int) -> float:
    return sum(1 for rank in ranks if rank is not None and rank <= top) / len(ranks)


def _mrr(ranks: Sequence[int | None]) -> float:
    return sum(1 / rank for rank in ranks if rank is not None) / len(ranks)


def _draws(ranks: Ranks, clusters: Sequence[str], seed: int, resamples: int) -> list[Ranks]:
    own: defaultdict[str, Ranks] = defaultdict(list)
    for rank, name in zip(ranks, clusters, strict=True):
        own[name].append(rank)
    names = sorted(own)
    drawn = np.random.default_rng(seed).integers(0, len(names), (resamples, len(names)))
    return [[rank for number in row for rank in own[names[number]]] for row in drawn.tolist()]


def _assert_ends(found: tuple[float, float] | None, values: list[float]) -> None:
    """Percentiles by hand: the value at (n - 1) q of the sorted list, straight between its neighbours."""
    assert found is not None
    ordered = sorted(values)
    for end, share in zip(found, (0.025, 0.975), strict=True):
        place = (len(ordered) - 1) * share
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        assert isclose(end, ordered[low] + (ordered[high] - ordered[low]) * (place - low), abs_tol=2e-6)


def test_wilson_worked() -> None:
    """0 of 10 gives 0 to z²/(n + z²) = 3.8415 / 13.8415 = 0.2775; 5 of 10 is 0.5 ± 0.2634; nothing of nothing: null."""
    assert wilson(0, 10) == (0.0, 0.277533)
    assert wilson(10, 10) == (0.722467, 1.0)
    assert wilson(5, 10) == (0.236593, 0.763407)
    assert wilson(0, 0) is None
