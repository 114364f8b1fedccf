"""What is known of each chain in a region: makers, sources, mentions, gathered from graph/readers/making.py."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from graph.readers.making import Making
from graph.readers.port_types import ChainEvidence, Flags
from graph.readers.ragged import gather, rows_of


def chain_evidence(
    making: Making,
    here: NDArray[np.int32],
    words: Sequence[str],
    source_day: NDArray[np.int32],
    source_dates: Sequence[str | None],
    window: tuple[int, int],
) -> dict[str, ChainEvidence]:
    """What is known of each chain here. `window`: the first and last day on which a source counts as recent."""
    owner, chain = gather(making.chains, here)
    maker = here[owner]
    told, source = gather(making.sources, maker)
    in_chain = rows_of(chain[told], source, len(words))
    mentions = np.bincount(chain[told], minlength=len(words))
    seen_once = making.sources.counts()[maker] == 1
    single = np.bincount(chain[seen_once], minlength=len(words))
    makers = np.bincount(chain, minlength=len(words))
    evidence = {}
    for number, word in enumerate(words):
        sources = in_chain.row(number)
        days = source_day[sources]
        newest = None
        if len(days) and days.max() > 0:
            # Of sources that begin on one day, the date text that sorts last: the finer one.
            newest = max(date_ for date_ in (source_dates[s] for s in sources[days == days.max()]) if date_)
        evidence[word] = ChainEvidence(
            makers=int(makers[number]),
            sources=len(sources),
            recent=int(np.count_nonzero((days >= window[0]) & (days <= window[1]) & (days > 0))),
            mentions=int(mentions[number]),
            single=int(single[number]),
            newest=newest,
        )
    return evidence


def recent_window(as_of: date, years: float) -> tuple[int, int]:
    """The days of the last `years` up to and including `as_of`, as day numbers."""
    return as_of.toordinal() - int(years * 365.25), as_of.toordinal()


def direct_here(making: Making, here: NDArray[np.int32], products: int) -> Flags:
    """Which products somebody here is recorded with, as such."""
    flags = np.zeros(products, np.bool_)
    flags[gather(making.direct, here)[1]] = True
    return flags
