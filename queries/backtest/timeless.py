"""What no date hides behind a list of the past: recipes and vocabulary, and how much of it later pages told.

docs/decisions/0007-timeless-in-a-back-test.md has the reasons.
"""

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from graph.model.claims import Source
from graph.model.dates import end_of
from graph.readers.port import Reader
from queries.base import Record

# How things are made: somebody may have found that out only later. All else that is timeless is how things are sorted
# and called (names, roles, chains, classes, the map), which tells nobody who came.
TECHNOLOGY = ("process_kind", "site", "input_to", "yields", "uses")
VOCABULARY = ("stage", "role", "chain", "subclass_of", "chain_target")


class Timeless(Record):
    """How many statements that no date hides stand behind the lists, and how many of them nobody had told by then."""

    technology: int = Field(title="工艺陈述", description="statements on recipes")
    technology_later: int = Field(title="其中来源较晚", description="from sources dated after the cut-off")
    technology_undated: int = Field(title="其中来源无日期", description="from sources without a date")
    vocabulary: int = Field(title="分类陈述", description="classes, roles, chains: how products are sorted")
    vocabulary_later: int = Field(title="其中来源较晚", description="from sources dated after the cut-off")
    vocabulary_undated: int = Field(title="其中来源无日期", description="from sources without a date")


def timeless_behind(reader: Reader, cut_off: date) -> tuple[Timeless, tuple[str, ...]]:
    """The counts, and the ids of the statements on recipes that nobody who read on that day could know."""
    recipes = _claims(reader, reader.chain().processes, TECHNOLOGY)
    facts = reader.facts(reader.ids(("product", "chain")), VOCABULARY)
    sources = {source.id: source for source in reader.sources(sorted({*recipes.values(), *(f.source for f in facts)}))}
    later, undated = _hidden([*recipes.values()], sources, cut_off)
    words_later, words_undated = _hidden([fact.source for fact in facts], sources, cut_off)
    hidden = tuple(sorted(id_ for id_, source in recipes.items() if not _known(sources.get(source), cut_off)))
    counts = Timeless(
        technology=len(recipes),
        technology_later=later,
        technology_undated=undated,
        vocabulary=len(facts),
        vocabulary_later=words_later,
        vocabulary_undated=words_undated,
    )
    return counts, hidden


def _claims(reader: Reader, ids: Sequence[str], predicates: Sequence[str]) -> dict[str, str]:
    """The source of each accepted claim about these nodes, the less preferred ones included."""
    told = reader.claims(ids) if ids else ()
    return {one.id: one.claim.source for one in told if one.status == "accepted" and one.claim.predicate in predicates}


def _hidden(cited: Sequence[str], sources: dict[str, Source], cut_off: date) -> tuple[int, int]:
    """How many are from later sources, and from undated ones."""
    dated = [bool((source := sources.get(one)) and source.date) for one in cited]
    unknown = [not _known(sources.get(one), cut_off) for one in cited]
    return sum(told and late for told, late in zip(dated, unknown, strict=True)), dated.count(False)


def _known(source: Source | None, cut_off: date) -> bool:
    return bool(source and source.date and end_of(source.date) <= cut_off)
