"""`what-if` beside the ordinary page of `gaps`: somebody comes and somebody stops, in regions of several sizes."""

from functools import partial

import numpy as np

from benchmarks.measuring import Figure, Goal, alternate, timed
from benchmarks.regions import some_regions
from benchmarks.setting import Setting
from graph.readers.snapshot import Snapshot
from queries.base import Answer
from queries.chain import gaps, what_if
from queries.chain.assessment import Thresholds, assess

_SAMPLE = 0.05  # seconds that a sample takes at least
PAGE = 20


def run(setting: Setting) -> list[Figure]:
    """The states alone, the page of gaps, and the what-if with its differences, in turns."""
    reader, figures = setting.reader, []
    for region in some_regions(reader):
        supposed = _supposed(reader, region.id)
        setting.say(f"{region.id}, {region.placed:,} placed: {supposed.attract[0]}, without {', '.join(supposed.lose)}")
        page = gaps.GapsParams(region=region.id, limit=PAGE)
        seconds = alternate(
            {
                "states": timed(partial(assess, reader, region.id, Thresholds()), lambda found: found.region, _SAMPLE),
                "gaps": timed(partial(gaps.QUERY.run, reader, page), _told, _SAMPLE),
                "what-if": timed(partial(what_if.QUERY.run, reader, supposed), _told, _SAMPLE),
            },
            setting.rounds,
        )
        states, paged, asked = (seconds[name].map(lambda s: s * 1e3) for name in ("states", "gaps", "what-if"))
        place = f"{region.placed:,} enterprises and projects"
        figures.append(
            Figure(f"all states, {place}", "ms", states, goals=(Goal("gaps", 10, "at most", "value", "ms"),))
        )
        goal = Goal("what-if", 3, "at most", "ratio")
        figures.append(Figure(f"what-if, {place}", "ms", asked, f"first page of {PAGE} gaps", paged, (goal,)))
    return figures


def _supposed(reader: Snapshot, region: str) -> what_if.WhatIfParams:
    """The first maker elsewhere of the first gap comes with 1,000 t/yr, and the maker here of most products stops."""
    found = assess(reader, region, Thresholds())
    chain, tally = found.chain, found.tally
    gap = next((at for at in np.flatnonzero(found.missing & (found.kind >= 0)) if reader.makers(chain.products[at])), 0)
    makers = [maker.entity for maker in reader.makers(chain.products[gap]) if maker.entity.startswith("ent:")]
    counted = np.bincount(tally.makers.items, minlength=1)
    here = [tally.entities[int(at)] for at in np.argsort(-counted, kind="stable")[:20] if counted[at]]
    lost = [name for name in here if name.startswith("ent:")][:1]
    attract = (f"{makers[0]}:{chain.products[gap]}:1000",) if makers else ()
    return what_if.WhatIfParams(region=region, attract=attract, lose=tuple(lost))


def _told(answer: Answer) -> object:
    """Different questions of one region: their answers have nothing else in common that could be compared."""
    return answer.params["region"]
