"""Claims -> arrays: every accepted claim as a row of columns, sorted by key and preference, once per store revision."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.model.claims import Source, StoredClaim
from graph.model.dates import end_of, start_of
from graph.model.facts import GRADE_RANK
from graph.model.predicates import FLAGS, PREDICATES
from graph.model.units import dimension_of, unit_of
from graph.readers.strings import StringTable

PREDICATE_CODES: dict[str, int] = {name: code for code, name in enumerate(sorted(PREDICATES))}
PREDICATE_NAMES: tuple[str, ...] = tuple(sorted(PREDICATES))
FLAG_BITS: dict[str, int] = {name: 1 << bit for bit, name in enumerate(FLAGS)}
FAR_PAST, FAR_FUTURE = 0, 4_000_000  # day numbers (proleptic ordinals) before and after every date
_CHUNK = 50_000


@dataclass(frozen=True, eq=False)
class Columns:
    """One row a claim, in (key, preference) order: the first candidate of a key is its preferred claim.

    `subject` and `object` number `nodes` (sorted by id; -1: none); `qualifier` numbers `qualifiers` (sorted);
    `text` and `detail` number `texts` (-1: none); `as_of` and `until` number `dates` (0: none); `unit` numbers `units`.
    `key` and `triple` number the groups of rows with one key and with one (subject, predicate, object). `level` and
    `comparable` tell conflicts. `start`, `stop` are the first days of as_of and until, `known` the last day of the
    source's date (day numbers).
    """

    nodes: StringTable
    qualifiers: StringTable
    texts: StringTable
    dates: StringTable
    units: StringTable
    source_ids: StringTable
    source_facts: StringTable  # url, publisher, date, grade, licence as one JSON list a source
    subject: NDArray[np.int32]
    predicate: NDArray[np.uint8]
    object: NDArray[np.int32]
    qualifier: NDArray[np.int32]
    value: NDArray[np.float64]
    text: NDArray[np.int32]
    unit: NDArray[np.int16]
    as_of: NDArray[np.int32]
    until: NDArray[np.int32]
    flags: NDArray[np.uint16]
    detail: NDArray[np.int32]
    source: NDArray[np.int32]
    confidence: NDArray[np.float64]
    claim: NDArray[np.void]
    key: NDArray[np.int32]
    triple: NDArray[np.int32]
    level: NDArray[np.int64]
    comparable: NDArray[np.float64]
    start: NDArray[np.int32]
    stop: NDArray[np.int32]
    known: NDArray[np.int32]
    source_day: NDArray[np.int32]  # by source: first day of its date, 0 when undated

    def unit_factors(self, dimension: str) -> NDArray[np.float64]:
        """By unit: what turns an amount into the base unit of this dimension, NaN for units of another."""
        units = [unit_of(symbol) if symbol else None for symbol in (self.units[at] for at in range(len(self.units)))]
        return np.array([unit.factor if unit and unit.dimension == dimension else np.nan for unit in units])

    def row_source(self, index: int) -> Source:
        """A source by its number."""
        return Source(self.source_ids[index], *json.loads(self.source_facts[index]))


class _Numbers(dict[object, int]):
    """Numbers things in the order they first come."""

    def __missing__(self, thing: object) -> int:
        self[thing] = number = len(self)
        return number


def build_columns(claims: Iterable[StoredClaim], sources: Mapping[str, Source], same: Mapping[str, str]) -> Columns:
    """Columns of the accepted claims; `same` maps a merged node to the node it is read as."""
    nodes, qualifiers, texts, dates, units, origins = (_Numbers() for _ in range(6))
    dates[""], units[""], qualifiers[""] = 0, 0, 0
    parts: list[list[NDArray[Any]]] = []
    stream = iter(claims)
    while chunk := list(islice(stream, _CHUNK)):
        ids, rows = [stored.id for stored in chunk], [stored.claim for stored in chunk]
        subject, predicate, object_, value, unit, qualifier, as_of, until, flags, detail, source, _, confidence = zip(
            *rows, strict=True
        )
        if same:
            subject = tuple(same.get(node, node) for node in subject)
            object_ = tuple(same.get(node, node) if node else node for node in object_)
            qualifier = tuple(same.get(words, words) for words in qualifier)
        count = len(chunk)
        parts.append(
            [
                np.fromiter((nodes[n] for n in subject), np.int32, count),
                np.fromiter((PREDICATE_CODES[n] for n in predicate), np.uint8, count),
                np.fromiter((-1 if n is None else nodes[n] for n in object_), np.int32, count),
                np.fromiter((qualifiers[n] for n in qualifier), np.int32, count),
                np.fromiter((v if isinstance(v, float) else np.nan for v in value), np.float64, count),
                np.fromiter((texts[v] if isinstance(v, str) else -1 for v in value), np.int32, count),
                np.fromiter((units[n or ""] for n in unit), np.int16, count),
                np.fromiter((dates[n or ""] for n in as_of), np.int32, count),
                np.fromiter((dates[n or ""] for n in until), np.int32, count),
                np.fromiter(
                    (sum(map(FLAG_BITS.__getitem__, names)) if names else 0 for names in flags), np.uint16, count
                ),
                np.fromiter((texts[json.dumps(d, ensure_ascii=False)] if d else -1 for d in detail), np.int32, count),
                np.fromiter((origins[n] for n in source), np.int32, count),
                np.fromiter(confidence, np.float64, count),
                np.frombuffer(bytes.fromhex("".join(claim[4:] for claim in ids)), "V12"),
            ]
        )
    # A product named only as the qualifier of a supply is a node too.
    for words in list(qualifiers):
        if isinstance(words, str) and words.startswith("prd:"):
            nodes[words]
    empty: list[NDArray[Any]] = [np.zeros(0, t) for t in _TYPES]
    raw = [np.concatenate(column) for column in zip(*parts, strict=True)] if parts else empty
    return _sorted_columns(raw, nodes, qualifiers, texts, dates, units, origins, sources)


_TYPES = ("i4", "u1", "i4", "i4", "f8", "i4", "i2", "i4", "i4", "u2", "i4", "i4", "f8", "V12")


def _ranked(numbers: Mapping[object, int]) -> tuple[list[str], NDArray[np.int32]]:
    """The strings sorted, and the new number of each old one."""
    ordered = sorted(str(text) for text in numbers)
    rank = np.empty(len(ordered), np.int32)
    rank[[numbers[text] for text in ordered]] = np.arange(len(ordered), dtype=np.int32)
    return ordered, rank


def _sorted_columns(
    raw: Sequence[NDArray[Any]],
    nodes: Mapping[object, int],
    qualifiers: Mapping[object, int],
    texts: Mapping[object, int],
    dates: Mapping[object, int],
    units: Mapping[object, int],
    origins: Mapping[object, int],
    sources: Mapping[str, Source],
) -> Columns:
    (
        subject,
        predicate,
        object_,
        qualifier,
        value,
        text,
        unit,
        as_of,
        until,
        flags,
        detail,
        source,
        confidence,
        claim,
    ) = raw
    node_names, node_rank = _ranked(nodes)
    qualifier_names, qualifier_rank = _ranked(qualifiers)
    source_names, source_rank = _ranked(origins)
    subject, source = node_rank[subject], source_rank[source]
    object_ = np.where(object_ >= 0, node_rank[object_] if len(node_rank) else -1, -1).astype(np.int32)
    qualifier = qualifier_rank[qualifier]

    unit_names = [str(name) for name in units]
    dimension_names = sorted({dimension_of(name) for name in unit_names})
    dimension_of_unit = np.array([dimension_names.index(dimension_of(name)) for name in unit_names], np.int64)
    factor_of_unit = np.array([unit_of(name).factor if name else 1.0 for name in unit_names])
    date_names = [str(name) for name in dates]
    first_day = np.array([start_of(name).toordinal() if name else FAR_PAST for name in date_names], np.int64)
    precision = np.array(
        [(0, 1, 2, 3)[(len(name) > 0) + (len(name) > 4) + (len(name) > 7)] for name in date_names], np.int64
    )
    known_sources = [sources.get(name) for name in source_names]
    source_day = np.array([start_of(s.date).toordinal() if s and s.date else 0 for s in known_sources], np.int64)
    source_known = np.array(
        [end_of(s.date).toordinal() if s and s.date else FAR_FUTURE for s in known_sources], np.int64
    )
    source_grade = np.array([GRADE_RANK.get(s.grade, 0) + 1 if s else 0 for s in known_sources], np.int64)

    dimension = dimension_of_unit[unit]
    valued = ~np.isnan(value) | (text >= 0)
    start = first_day[as_of]
    # Smaller is preferred. The first four parts make the level at which two values conflict.
    level = (((flags != 0).astype(np.int64) * 2 + ~valued) * (FAR_FUTURE + 1) + (FAR_FUTURE - start)) * 4 + (
        3 - precision[as_of]
    )
    finish = (4 - source_grade[source]) * (FAR_FUTURE + 1) + (FAR_FUTURE - source_day[source])
    identity = np.ascontiguousarray(claim).view(np.uint8).reshape(-1, 12) if len(claim) else np.zeros((0, 12), np.uint8)
    words = np.zeros((len(claim), 16), np.uint8)
    words[:, :12] = identity
    halves = words.view(">u8").astype(np.uint64)
    statement = subject.astype(np.int64) * 256 + predicate
    about = qualifier.astype(np.int64) * 65536 + dimension
    order = np.lexsort((halves[:, 1], halves[:, 0], finish, level, about, object_, statement))

    statement, object_, about = statement[order], object_[order], about[order]
    new_triple = _changes(statement) | _changes(object_)
    new_key = new_triple | _changes(about)
    scaled = np.round(value * factor_of_unit[unit], 9)
    return Columns(
        nodes=StringTable.of(node_names),
        qualifiers=StringTable.of(qualifier_names),
        texts=StringTable.of(str(text) for text in texts),
        dates=StringTable.of(date_names),
        units=StringTable.of(unit_names),
        source_ids=StringTable.of(source_names),
        source_facts=StringTable.of(
            json.dumps(list(s[1:]) if s else ["", "", None, "other", ""], ensure_ascii=False) for s in known_sources
        ),
        subject=subject[order],
        predicate=predicate[order],
        object=object_,
        qualifier=qualifier[order],
        value=value[order],
        text=text[order],
        unit=unit[order],
        as_of=as_of[order],
        until=until[order],
        flags=flags[order],
        detail=detail[order],
        source=source[order],
        confidence=confidence[order],
        claim=claim[order],
        key=(np.cumsum(new_key) - 1).astype(np.int32),
        triple=(np.cumsum(new_triple) - 1).astype(np.int32),
        level=level[order],
        # A text is compared by its number, kept apart from amounts by being negative and fractional.
        comparable=np.where(text >= 0, -0.5 - text, scaled)[order],
        start=start[order].astype(np.int32),
        stop=np.where(until > 0, first_day[until], FAR_FUTURE)[order].astype(np.int32),
        known=source_known[source][order].astype(np.int32),
        source_day=source_day.astype(np.int32),
    )


def _changes(column: NDArray[np.int64] | NDArray[np.int32]) -> NDArray[np.bool_]:
    """Where a sorted column has another value than the row before."""
    changed = np.ones(len(column), np.bool_)
    changed[1:] = column[1:] != column[:-1]
    return changed
