"""`gaps` in process: the tally beside a bare numpy gather of the rows it needs, and the first page with evidence."""

import time
from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import Figure, Goal, alternate, timed
from benchmarks.regions import arrays_of, some_regions
from benchmarks.setting import Setting
from graph.readers.port_types import Rows, Tally
from graph.readers.snapshot import Snapshot
from queries.chain.gaps import QUERY, GapsAnswer, GapsParams

_SAMPLE = 0.05  # seconds that a sample takes at least
PAGE = 20
Counts = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def run(setting: Setting) -> list[Figure]:
    """Regions of several sizes."""
    reader, figures = setting.reader, []
    for region in some_regions(reader):
        setting.say(f"{region.id}, {region.placed:,} placed")
        seconds = alternate(
            {
                "tally": timed(partial(reader.tally, region.id), _told_by_tally, _SAMPLE),
                "gather": timed(partial(_gather, reader, region.id), _told, _SAMPLE),
            },
            setting.rounds,
        )
        tally, gather = (seconds[name].map(lambda s: s * 1e3) for name in ("tally", "gather"))
        place = f"{region.placed:,} enterprises and projects"
        goal = Goal("P2", 1.5, "at most", "ratio")
        figures.append(Figure(f"tally, {place}", "ms", tally, "numpy gather", gather, (goal,)))
        params = GapsParams(region=region.id, limit=PAGE)
        pages = {
            name: timed(partial(QUERY.run, reader, params), _told_by_page, _SAMPLE, clock)
            for name, clock in (("page", time.perf_counter), ("processor", time.thread_time))
        }
        page, processor = (of.map(lambda s: s * 1e3) for of in alternate(pages, setting.rounds).values())
        whole = Goal("P2", 5, "at most", "value", "ms")
        figures.append(Figure(f"gaps, first page of {PAGE} with evidence, {place}", "ms", page, goals=(whole,)))
        figures.append(Figure("the same in processor time", "ms", processor, goals=(whole,)))
    return figures


def _told_by_page(answer: GapsAnswer) -> object:
    return answer.model_dump(mode="json")


def _told_by_tally(tally: Tally) -> object:
    return _told(
        (
            tally.makers.counts(),
            tally.users.counts(),
            tally.total,
            np.array([evidence.mentions for evidence in tally.evidence.values()], np.int64),
        )
    )


def _told(counts: Counts) -> object:
    return [column.tolist() for column in counts]


def _gather(reader: Snapshot, region: str) -> Counts:
    """Makers and users here by product, makers anywhere, mentions by chain: numpy alone, over the tally's own rows."""
    columns, view = arrays_of(reader)
    making, regions, products = view.making, view.regions, len(view.chain.products)
    node = columns.nodes.position(region)
    at = int(np.searchsorted(regions.node, node or 0))
    low, high = np.searchsorted(making.place, [regions.position[at], regions.end[at]])
    here = np.unique(making.placed[low:high])
    made, used = _items(making.made, here)[1], _items(making.used, here)[1]
    owner, chain = _items(making.chains, here)
    told, _ = _items(making.sources, here[owner])
    return (
        np.bincount(made, minlength=products),
        np.bincount(used, minlength=products),
        np.diff(making.by_product.starts),
        np.bincount(chain[told], minlength=len(view.chain_words)),
    )


def _items(rows: Rows, wanted: NDArray[np.int32] | Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    starts = rows.starts[wanted]
    counts = rows.starts[np.asarray(wanted) + 1] - starts
    owner = np.repeat(np.arange(len(counts)), counts)
    ends = np.cumsum(counts)
    return owner, rows.items[np.arange(len(owner)) + np.repeat(starts - (ends - counts), counts)]
