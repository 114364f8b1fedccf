"""How good a list was, from the ranks of those that came: hit rates, mean reciprocal rank, and 95 % intervals. Pure.

A case is scored by a row of numbers: whether it stood among the first 5, 10, 20, and 1 / rank; 0 where it was not on
the list. The figures are the means over the cases. Of a list in random order the expectation of each is known exactly,
so nothing is drawn for it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from queries.base import Record
from queries.wilson import wilson_interval

Scores = NDArray[np.float64]
Interval = tuple[float, float]
TOPS = (5, 10, 20)
_DIGITS = 6


class RateIntervals(Record):
    """95 % intervals of the figures; null where there are no cases."""

    hit: dict[str, Interval | None] = Field(title="命中率区间", description="by list length: low, high")
    mrr: Interval | None = Field(title="平均倒数排名区间", description="low, high")


class Rates(Record):
    """How often those that came stood among the first of the list, and the mean of 1 / rank; null without cases."""

    n: int = Field(title="案例数", description="cases the figures are over")
    hit: dict[str, float | None] = Field(
        title="命中率", description="share of the cases among the first 5, 10, 20 of the list"
    )
    mrr: float | None = Field(title="平均倒数排名", description="mean of 1 / rank, 0 where not on the list")
    intervals: RateIntervals = Field(title="95%区间", description="percentile bootstrap over those that came")


def scores_of(ranks: Sequence[int | None]) -> Scores:
    """A row a case: hit among the first 5, 10, 20, and 1 / rank. None: not on the list."""
    return np.array(
        [[*(float(rank is not None and rank <= top) for top in TOPS), 1 / rank if rank else 0.0] for rank in ranks],
        np.float64,
    ).reshape(-1, len(TOPS) + 1)


def random_scores(ranks: Sequence[int | None], lengths: Sequence[int]) -> Scores:
    """What each case scores on the average over all orders of a list of that length; 0 where it is not on the list.

    P(among the first k of n) = min(k, n) / n; E(1 / rank) = (1 + 1/2 + ... + 1/n) / n.
    """
    rows = [
        [*(min(top, length) / length for top in TOPS), sum(1 / rank for rank in range(1, length + 1)) / length]
        if rank is not None
        else [0.0] * (len(TOPS) + 1)
        for rank, length in zip(ranks, lengths, strict=True)
    ]
    return np.array(rows, np.float64).reshape(-1, len(TOPS) + 1)


def averaged(scores: Scores, clusters: Sequence[str]) -> tuple[Scores, list[str]]:
    """One row a cluster, the mean over its cases, and the clusters in the order of the rows."""
    names, sums, sizes = _by_cluster(scores, clusters)
    return sums / sizes[:, None], names


def rates_of(scores: Scores, clusters: Sequence[str], seed: int, resamples: int) -> Rates:
    """The means of the scores with their intervals."""
    if not len(scores):
        nothing = {str(top): None for top in TOPS}
        return Rates(n=0, hit=dict(nothing), mrr=None, intervals=RateIntervals(hit=dict(nothing), mrr=None))
    means = [round(float(mean), _DIGITS) for mean in scores.mean(axis=0)]
    low, high = percentiles(resampled(scores, clusters, seed, resamples))
    ends = [(round(float(one), _DIGITS), round(float(other), _DIGITS)) for one, other in zip(low, high, strict=True)]
    return Rates(
        n=len(scores),
        hit={str(top): means[at] for at, top in enumerate(TOPS)},
        mrr=means[-1],
        intervals=RateIntervals(hit={str(top): ends[at] for at, top in enumerate(TOPS)}, mrr=ends[-1]),
    )


def resampled(scores: Scores, clusters: Sequence[str], seed: int, resamples: int) -> Scores:
    """The means of as many resamples: whole clusters drawn with replacement, as many as there are.

    Cases of one cluster are not independent: an enterprise that came with three products came once. Clusters are
    numbered in the order of their names, so that the draw does not hang on the order of the cases.
    """
    names, sums, sizes = _by_cluster(scores, clusters)
    drawn = np.random.default_rng(seed).integers(0, len(names), (resamples, len(names)))
    means: Scores = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)[:, None]
    return means


def _by_cluster(scores: Scores, clusters: Sequence[str]) -> tuple[list[str], Scores, Scores]:
    """The clusters in order of their names, the sums of their cases' scores, and how many cases each has."""
    names, of_case = np.unique(np.array(clusters, dtype=np.str_), return_inverse=True)
    sums = np.zeros((len(names), scores.shape[1]))
    np.add.at(sums, of_case, scores)
    return names.tolist(), sums, np.bincount(of_case, minlength=len(names)).astype(np.float64)


def percentiles(means: Scores) -> tuple[Scores, Scores]:
    """The 2.5th and the 97.5th percentile of each column."""
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    return low, high


def wilson(hits: int, n: int) -> Interval | None:
    """The 95 % interval of a share, rounded as all figures here; None without cases."""
    found = wilson_interval(hits, n)
    return found and (round(found[0], _DIGITS), round(found[1], _DIGITS))
