"""`targets` in regions of several sizes: one product, all open gaps ranked against all candidates, and the answer."""

from functools import partial

from benchmarks.measuring import Figure, Goal, alternate, timed
from benchmarks.regions import some_regions
from benchmarks.setting import Setting
from graph.readers.snapshot import Snapshot
from queries.base import Answer
from queries.chain.assessment import Thresholds, assess
from queries.promotion import targets
from queries.promotion.ranking import open_desk, rank
from queries.promotion.targets import TargetsParams, open_gaps

_SAMPLE = 0.05  # seconds that a sample takes at least
_KINDS = ("broken", "fill", "extend")


def run(setting: Setting) -> list[Figure]:
    """The states alone beside the list for one product; then all gaps, ranked only and as an answer of 3 rows each."""
    reader, figures = setting.reader, []
    for region in some_regions(reader):
        found = assess(reader, region.id, Thresholds())
        gaps = open_gaps(open_desk(reader, region.id, Thresholds(), assessment=found), _KINDS)
        product = reader.chain().products[gaps[0] if gaps else 0]
        one = TargetsParams(region=region.id, product=product)
        every = TargetsParams(region=region.id, gap=True, limit=3)
        setting.say(f"{region.id}, {region.placed:,} placed: {product} of {len(gaps)} open gaps")
        seconds = alternate(
            {
                "states": timed(partial(assess, reader, region.id, Thresholds()), lambda found: found.region, _SAMPLE),
                "one": timed(partial(targets.QUERY.run, reader, one), _region, _SAMPLE),
                "ranked": timed(partial(_rank_all, reader, region.id), str, _SAMPLE),
                "all": timed(partial(targets.QUERY.run, reader, every), _region, _SAMPLE),
            },
            setting.rounds,
        )
        place = f"{region.placed:,} enterprises and projects"
        told = {name: samples.map(lambda s: s * 1e3) for name, samples in seconds.items()}
        goals = (Goal("one product", 50, "at most", "value", "ms"),)
        figures.append(Figure(f"one product, {place}", "ms", told["one"], "all states", told["states"], goals))
        goals = (Goal("all gaps", 1000, "at most", "value", "ms"),)
        figures.append(Figure(f"{len(gaps)} open gaps ranked, {place}", "ms", told["ranked"], goals=goals))
        figures.append(Figure(f"the answer, 3 rows each of {len(gaps)} gaps, {place}", "ms", told["all"]))
    return figures


def _rank_all(reader: Snapshot, region: str) -> str:
    """Every candidate of every open gap in order; different questions have nothing but the region in common."""
    desk = open_desk(reader, region, Thresholds())
    for product in open_gaps(desk, _KINDS):
        rank(desk, product)
    return desk.region


def _region(answer: Answer) -> object:
    return answer.params["region"]
