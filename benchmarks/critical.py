"""`critical` in process: the whole question, and its closure beside one in plain Python over the same recipes."""

import time
from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import Figure, Goal, alternate, timed
from benchmarks.regions import some_regions
from benchmarks.setting import Setting
from graph.readers.port_types import Flags
from queries.chain.bottleneck import bottlenecks, targets_of
from queries.chain.closure import Network, each_alone, kept_now, lost_by, network_of
from queries.chain.critical import QUERY, CriticalAnswer, CriticalParams
from queries.chain.presence import find_presence

_SAMPLE = 0.05  # seconds that a sample takes at least


def run(setting: Setting) -> list[Figure]:
    """Regions of several sizes: every product that is here removed in turn, then the question with its first page."""
    reader, figures = setting.reader, []
    chain = reader.chain()
    targets = targets_of(reader, chain)
    for region in some_regions(reader):
        setting.say(f"{region.id}, {region.placed:,} placed")
        presence = find_presence(reader, reader.tally(region.id))
        network = network_of(chain, presence)
        removed = np.flatnonzero(kept_now(network))
        place = f"{region.placed:,} enterprises and projects"
        what = f"{len(removed):,} products removed in turn, {len(network.process):,} recipes, {place}"
        sides = {
            "arrays": timed(partial(lost_by, network, each_alone(removed)), _told, _SAMPLE),
            "plain": timed(partial(_plainly, network, removed), _told),
        }
        ours, theirs = (of.map(lambda s: s * 1e3) for of in alternate(sides, setting.rounds).values())
        figures.append(Figure(f"closure, {what}", "ms", ours, "plain Python sets", theirs))
        flags = {"flags": timed(partial(bottlenecks, chain, presence, targets), np.ndarray.tolist, _SAMPLE)}
        (flagged,) = (of.map(lambda s: s * 1e3) for of in alternate(flags, setting.rounds).values())
        figures.append(Figure(f"bottleneck flag of all products made here, {place}", "ms", flagged))
        params = CriticalParams(region=region.id)
        pages = {
            name: timed(partial(QUERY.run, reader, params), _page, _SAMPLE, clock)
            for name, clock in (("page", time.perf_counter), ("processor", time.thread_time))
        }
        page, processor = (of.map(lambda s: s * 1e3) for of in alternate(pages, setting.rounds).values())
        goals = (Goal("issue 5", 1_000, "at most", "value", "ms"),)
        many = f"{len(chain.products):,} products"
        figures.append(
            Figure(f"critical, first 10 of both lists with evidence, {many}, {place}", "ms", page, goals=goals)
        )
        figures.append(Figure("the same in processor time", "ms", processor, goals=goals))
    return figures


def _page(answer: CriticalAnswer) -> object:
    return answer.model_dump(mode="json")


def _told(lost: Flags) -> object:
    return [np.flatnonzero(row).tolist() for row in lost]


def _plainly(network: Network, removed: NDArray[np.int64]) -> Flags:
    """What is lost by each product: rounds over sets, as one would write it first."""
    needs = [set(network.needs.row(way).tolist()) for way in range(len(network.process))]
    ways = [network.ways.row(product).tolist() for product in range(len(network.here))]
    here = set(np.flatnonzero(network.here).tolist())
    given = set(np.flatnonzero(network.given).tolist())
    lenient = network.lenient.tolist()
    open_ways = [(product, way) for product, of in enumerate(ways) for way in of]

    def kept(gone: set[int]) -> set[int]:
        found = given - gone
        left: Sequence[tuple[int, int]] = [pair for pair in open_ways if pair[0] not in gone]
        while True:
            fresh, later = set(), []
            for product, way in left:
                lacking = needs[way] - found
                if not lacking or (lenient[way] and lacking.isdisjoint(here) and lacking.isdisjoint(gone)):
                    fresh.add(product)
                else:
                    later.append((product, way))
            if fresh <= found:
                return found
            found |= fresh
            left = [pair for pair in later if pair[0] not in found]

    now = kept(set())
    lost = np.zeros((len(removed), len(ways)), np.bool_)
    for at, product in enumerate(removed.tolist()):
        lost[at, sorted(now - kept({product}) - {product})] = True
    return lost
