"""What became of the links that were named at a cut-off: which were made or planned there later, by kind."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from pydantic import Field

from graph.model.dates import AsOf
from graph.model.kinds import NODE_KINDS
from graph.model.predicates import NOT_MAKING
from graph.readers.port import Reader
from graph.readers.port_types import Flags
from queries.backtest.bootstrap import Interval, wilson
from queries.backtest.dates import History, Told, told_by_then
from queries.base import NodeRef, Record, refs
from queries.chain.assessment import KINDS, Assessment
from queries.chain.gap_rows import GapProduct, link_refs

# Beside the kinds: what nothing could be said of, all four kinds of missing links together, and, to compare with, every
# link that was not recorded as made here.
UNKNOWN, MISSING, NOT_MADE = "unknown", "missing", "not_made"
OUTCOMES: dict[str, tuple[str, str]] = {
    **{str(kind): words for kind, words in KINDS.items()},
    UNKNOWN: ("情况不明", "unknown"),
    MISSING: ("缺失合计", "all missing"),
    NOT_MADE: ("当时未有合计", "all not made"),
}


class LinkOutcome(Record):
    """A link as it was named at the cut-off, and what came of it."""

    product: GapProduct = Field(title="环节")
    users: int = Field(title="当时需求者数", description="who here needed it at the cut-off")
    later: bool = Field(title="后来有了", description="made or planned here later, first dated after the cut-off")
    already: bool = Field(
        title="其实已有", description="made here at the cut-off already, as is known now and was not known then"
    )
    on: str | None = Field(title="首见日期", description="the first date of the first of them; null: none came")
    by: tuple[NodeRef, ...] = Field(title="由谁", description="makers and projects here first dated later, by date")
    claims: tuple[str, ...] = Field(title="陈述", description="ids of the claims that date them")


class Outcome(Record):
    """How many of some links were made or planned here later."""

    named: int = Field(title="当时列出", description="links of this kind at the cut-off")
    later: int = Field(title="后来有了", description="of these made or planned here later")
    by_project: int = Field(
        title="其中由项目",
        description="of these by a project; others are makers first on record later, perhaps old ones",
    )
    already: int = Field(title="其实已有", description="of these made here at the cut-off already, as is known now")
    share: float | None = Field(title="占比", description="later / named; null: none was named")
    interval: Interval | None = Field(title="95%区间", description="Wilson interval of the share")
    links: tuple[LinkOutcome, ...] = Field(title="环节", description="each; none under the sums missing and not_made")


class _Event(NamedTuple):
    """Somebody or something here that makes or will make a product, and since when."""

    told: Told
    who: str


def gap_outcomes(reader: Reader, then: Reader, found: Assessment, chosen: Flags) -> dict[str, Outcome]:
    """By kind, `unknown`, `missing` and `not_made`; `found` is the assessment at the cut-off, as was known then."""
    later, already = _what_came(reader, then, found)
    sets: dict[str, Flags] = {name: chosen & (found.kind == number) for number, name in enumerate(KINDS)}
    sets[UNKNOWN] = chosen & found.unknown
    missing = chosen & found.missing
    outcomes = {name: _outcome(reader, then, found, numbers, later, already) for name, numbers in sets.items()}
    outcomes[MISSING] = _counted(missing, later, already)
    outcomes[NOT_MADE] = _counted(chosen & ~found.present, later, already)
    return outcomes


def _counted(numbers: Flags, later: dict[int, list[_Event]], already: Flags) -> Outcome:
    named = np.flatnonzero(numbers).tolist()
    came = sum(number in later for number in named)
    projects = NODE_KINDS["project"].prefix
    return Outcome(
        named=len(named),
        later=came,
        by_project=sum(any(event.who.startswith(f"{projects}:") for event in later.get(one, ())) for one in named),
        already=int((numbers & already).sum()),
        share=round(came / len(named), 6) if named else None,
        interval=wilson(came, len(named)),
        links=(),
    )


def _outcome(
    reader: Reader, then: Reader, found: Assessment, numbers: Flags, later: dict[int, list[_Event]], already: Flags
) -> Outcome:
    listed = np.flatnonzero(numbers)
    listed = listed[np.lexsort((listed, -found.users[listed]))].tolist()
    whom = refs(reader, sorted({event.who for number in listed for event in later.get(number, ())}))
    links = tuple(
        LinkOutcome(
            product=product,
            users=int(found.users[number]),
            later=number in later,
            already=bool(already[number]),
            on=later[number][0].told.text if number in later else None,
            by=tuple(whom[event.who] for event in later.get(number, ())),
            claims=tuple(sorted({event.told.claim for event in later.get(number, ())})),
        )
        for number, product in zip(listed, link_refs(then, found, listed), strict=True)
    )
    return _counted(numbers, later, already).model_copy(update={"links": links})


def _what_came(reader: Reader, then: Reader, found: Assessment) -> tuple[dict[int, list[_Event]], Flags]:
    """By product of `found` what is first dated after the cut-off, in order of date; and what was made here by then.

    The second as is known now, whenever somebody wrote it down.
    """
    cut_off, chain, now = then.as_of.valid, found.chain, reader.chain()
    region = found.region
    number = {product: at for at, product in enumerate(chain.products)}
    first: dict[tuple[str, str], Told] = {}
    for product, told, who in (*_makers(reader, region), *_projects(reader, then, region)):
        # Who made one kind before is no newcomer to the class when it makes another.
        for one in (product, *(now.products[int(above)] for above in now.above.row(now.index[product]))):
            first[one, who] = min(told, first.get((one, who), told))
    events: defaultdict[int, list[_Event]] = defaultdict(list)
    for (product, who), told in first.items():
        if product in number and told.day > cut_off:
            events[number[product]].append(_Event(told, who))
    tally = reader.at(AsOf(cut_off, reader.as_of.known_at)).tally(region)
    made = {now.products[at] for at in np.flatnonzero(tally.makers.counts() > 0).tolist()}
    return (
        {product: sorted(those) for product, those in events.items()},
        np.array([product in made for product in chain.products], np.bool_),
    )


def _makers(reader: Reader, region: str) -> list[tuple[str, Told, str]]:
    """What enterprises here make, since when they are on record with it and here."""
    here = reader.placed(region, ("enterprise",))
    if not here:
        return []
    history = History(reader, here)
    places = {str(fact.object) for fact in reader.facts(here, ("located_in",)) if fact.used}
    inside = {place for place in places if region in reader.around(place)}
    found = []
    for fact in reader.facts(here, ("produces",)):
        if not fact.used or fact.qualifier in NOT_MAKING:
            continue
        made = history.first_link(fact.subject, "produces", {str(fact.object)})
        came = history.first_link(fact.subject, "located_in", inside)
        if made is not None:  # not dated: nobody knows whether it came later
            found.append((str(fact.object), max(made, came) if came else made, fact.subject))
    return found


def _projects(reader: Reader, then: Reader, region: str) -> list[tuple[str, Told, str]]:
    """What projects here are for, since when they are on record; those that were told of by the cut-off left out."""
    projects: Sequence[str] = reader.placed(region, ("project",))
    if not projects:
        return []
    history = History(reader, projects)
    found = []
    for fact in reader.facts(projects, ("project_product",)):
        first = history.first(fact.subject)
        if fact.used and first is not None and not told_by_then(then, fact.subject):
            found.append((str(fact.object), first, fact.subject))
    return found
