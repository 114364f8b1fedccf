"""Ties: the used facts of some predicates as columns, off a snapshot's arrays or out of facts that were fetched."""

from collections.abc import Iterable, Mapping, Sequence
from math import nan

import numpy as np

from graph.model.claims import Source
from graph.model.dates import start_of
from graph.model.facts import GRADE_RANK, Fact
from graph.model.predicates import NOT_MAKING
from graph.model.units import MASS_A_YEAR, unit_of
from graph.readers.columns import FLAG_BITS, PREDICATE_CODES
from graph.readers.fact_table import FactTable, predicate_mask
from graph.readers.port_types import Amounts, Indices, Ties
from graph.readers.ragged import distinct

# A share without its unit is one all the same.
_SHARES = ("", "%")


def ties_of_table(table: FactTable, predicates: Sequence[str]) -> Ties:
    """Off the arrays of a snapshot."""
    columns, view = table.columns, table.view
    asked = tuple(sorted(set(predicates)))
    rows = view.resolved.facts[view.used]
    rows = rows[predicate_mask(asked)[columns.predicate[rows]]]
    made = columns.predicate[rows] == PREDICATE_CODES["produces"]
    not_making = [at for word in NOT_MAKING if (at := columns.qualifiers.position(word)) is not None]
    rows = rows[~(made & np.isin(columns.qualifier[rows], not_making))]

    predicate = columns.predicate[rows]
    number = np.zeros(256, np.int32)
    number[[PREDICATE_CODES[name] for name in asked]] = np.arange(len(asked))
    capacity = columns.qualifiers.position("capacity")
    told_capacity = (predicate == PREDICATE_CODES["produces"]) & (
        columns.qualifier[rows] == (-1 if capacity is None else capacity)
    )
    told_capacity |= predicate == PREDICATE_CODES["project_product"]
    words, word = _words_of(table, columns.text[rows])
    in_percent = np.array([symbol in _SHARES for symbol in columns.units])[columns.unit[rows]]
    source, flags = columns.source[rows], columns.flags[rows]
    grades = np.array([_grade(columns.row_source(at)) for at in range(len(columns.source_ids))], np.int32)
    starts = columns.start[rows]
    return Ties(
        ids=columns.nodes,
        predicates=asked,
        words=words,
        sources=columns.source_ids,
        subject=columns.subject[rows],
        predicate=number[predicate],
        object=columns.object[rows],
        word=word,
        capacity=told_capacity,
        amount=columns.value[rows] * columns.unit_factors(MASS_A_YEAR)[columns.unit[rows]],
        share=np.where(in_percent, columns.value[rows], np.nan),
        source=source,
        grade=grades[source] if len(grades) else source,
        confidence=columns.confidence[rows],
        flagged=flags != 0,
        date_uncertain=(flags & np.uint16(FLAG_BITS["date_uncertain"])) != 0,
        day=np.where(columns.as_of[rows] > 0, starts, 0).astype(np.int32),
        source_day=columns.source_day[source] if len(grades) else source,
    )


def _words_of(table: FactTable, text: Indices) -> tuple[tuple[str, ...], Indices]:
    """The words there are, ascending, and by row the number of its one."""
    told = distinct(text[text >= 0])
    said = {int(at): table.columns.texts[int(at)] for at in told}
    words = tuple(sorted(said.values()))
    place = {word: at for at, word in enumerate(words)}
    found = np.full(len(text), -1, np.int32)
    found[text >= 0] = np.array([place[said[int(at)]] for at in told], np.int32)[np.searchsorted(told, text[text >= 0])]
    return words, found


def _grade(source: Source | None) -> int:
    """A source that nobody described ranks with the others."""
    return GRADE_RANK.get(source.grade, 0) if source else 0


def ties_of_facts(
    ids: Sequence[str], facts: Iterable[Fact], predicates: Sequence[str], sources: Mapping[str, Source]
) -> Ties:
    """Out of facts in key order; `ids` are all nodes ascending, `sources` the described ones."""
    asked = tuple(sorted(set(predicates)))
    told = [fact for fact in facts if fact.used and fact.predicate in asked]
    told = [fact for fact in told if fact.predicate != "produces" or fact.qualifier not in NOT_MAKING]
    place = {node: at for at, node in enumerate(ids)}
    words = tuple(sorted({fact.value for fact in told if isinstance(fact.value, str)}))
    cited = tuple(sorted({fact.source for fact in told}))
    word_at, source_at = ({text: at for at, text in enumerate(texts)} for texts in (words, cited))

    def whole(numbers: Iterable[int]) -> Indices:
        return np.fromiter(numbers, np.int32, len(told))

    def parts(numbers: Iterable[float]) -> Amounts:
        return np.fromiter(numbers, np.float64, len(told))

    def flags(hedged: Iterable[bool]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.fromiter(hedged, np.bool_, len(told))

    return Ties(
        ids=ids,
        predicates=asked,
        words=words,
        sources=cited,
        subject=whole(place[fact.subject] for fact in told),
        predicate=whole(asked.index(fact.predicate) for fact in told),
        object=whole(-1 if fact.object is None else place[fact.object] for fact in told),
        word=whole(word_at[fact.value] if isinstance(fact.value, str) else -1 for fact in told),
        capacity=flags(fact.qualifier == "capacity" or fact.predicate == "project_product" for fact in told),
        amount=parts(_yearly(fact) for fact in told),
        share=parts(
            fact.value if isinstance(fact.value, float) and (fact.unit or "") in _SHARES else nan for fact in told
        ),
        source=whole(source_at[fact.source] for fact in told),
        grade=whole(_grade(sources.get(fact.source)) for fact in told),
        confidence=parts(fact.confidence for fact in told),
        flagged=flags(bool(fact.flags) for fact in told),
        date_uncertain=flags("date_uncertain" in fact.flags for fact in told),
        day=whole(start_of(fact.as_of).toordinal() if fact.as_of else 0 for fact in told),
        source_day=whole(_day_of(sources.get(fact.source)) for fact in told),
    )


def _yearly(fact: Fact) -> float:
    if not isinstance(fact.value, float) or fact.unit is None:
        return nan
    unit = unit_of(fact.unit)
    return fact.value * unit.factor if unit.dimension == MASS_A_YEAR else nan


def _day_of(source: Source | None) -> int:
    return start_of(source.date).toordinal() if source and source.date else 0
