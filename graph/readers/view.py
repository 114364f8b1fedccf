"""The graph at one AsOf as arrays: facts both ways, regions, recipes, makers. Built once, shared by every question."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.model.dates import AsOf
from graph.model.kinds import NODE_KINDS
from graph.model.predicates import EXCLUDING_FLAGS
from graph.model.units import MASS_RATIO
from graph.readers.columns import FLAG_BITS, PREDICATE_CODES, Columns
from graph.readers.making import Making, build_making
from graph.readers.owners import CONTROL_SHARE, owner_groups
from graph.readers.port_types import Chain
from graph.readers.recipes import Links, build_chain
from graph.readers.regions import Regions, number_regions
from graph.readers.resolving import Resolved, resolve_columns

_EXCLUDING = np.uint16(sum(FLAG_BITS[name] for name in EXCLUDING_FLAGS))


@dataclass(frozen=True, eq=False)
class View:
    """Facts by position in `resolved.facts`, both ways.

    `out_starts`: a subject's facts stand together; `in_facts`: positions sorted by object.
    `used` tells which facts count; `chain_words` numbers the chains of `making.chains`; `groups` is the owner group of
    each of `making.entity` at the usual control share.
    """

    resolved: Resolved
    out_starts: NDArray[np.int64]
    in_facts: NDArray[np.int32]
    in_starts: NDArray[np.int64]
    used: NDArray[np.bool_]
    regions: Regions
    chain: Chain
    making: Making
    chain_words: tuple[str, ...]
    groups: NDArray[np.int32]


def build_view(columns: Columns, at: AsOf) -> View:
    """Resolve the claims at an AsOf and lay out what follows from them."""
    resolved = resolve_columns(columns, at)
    rows = resolved.facts
    count = len(columns.nodes)
    subject, object_ = columns.subject[rows], columns.object[rows]
    linked = np.flatnonzero(object_ >= 0)
    in_facts = linked[np.argsort(object_[linked], kind="stable")].astype(np.int32)
    every = np.arange(count + 1)
    used = (columns.flags[rows] & _EXCLUDING) == 0
    used_rows = rows[used]
    regions = _regions(columns, used_rows)
    chain = build_chain(_links(columns, used_rows))
    words = tuple(sorted({word for word in chain.chains if word}))
    enterprises, projects = kind_range(columns, "enterprise"), kind_range(columns, "project")
    making = build_making(
        columns,
        used_rows,
        resolved.candidates[columns.flags[resolved.candidates] == 0],
        np.concatenate([np.arange(*enterprises, dtype=np.int32), np.arange(*projects, dtype=np.int32)]),
        chain,
        {word: number for number, word in enumerate(words)},
        kind_range(columns, "product")[0],
        {int(s): columns.texts[int(t)] for s, t in zip(*_texts(columns, used_rows, "status"), strict=True)},
        regions,
    )
    return View(
        resolved=resolved,
        out_starts=np.searchsorted(subject, every),
        in_facts=in_facts,
        in_starts=np.searchsorted(object_[in_facts], every),
        used=used,
        regions=regions,
        chain=chain,
        making=making,
        chain_words=words,
        groups=owner_groups(columns, used_rows, enterprises, len(making.entity), CONTROL_SHARE),
    )


def kind_range(columns: Columns, kind: str) -> tuple[int, int]:
    """The first node of a kind and the one after its last: ids are sorted, so a kind's nodes stand together."""
    prefix = NODE_KINDS[kind].prefix
    return columns.nodes.lower_bound(f"{prefix}:".encode()), columns.nodes.lower_bound(f"{prefix};".encode())


def _of_predicate(columns: Columns, rows: NDArray[np.int32], predicate: str) -> NDArray[np.int32]:
    found: NDArray[np.int32] = rows[columns.predicate[rows] == PREDICATE_CODES[predicate]]
    return found


def _texts(columns: Columns, rows: NDArray[np.int32], predicate: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    found = _of_predicate(columns, rows, predicate)
    found = found[columns.text[found] >= 0]
    return columns.subject[found], columns.text[found]


def _regions(columns: Columns, used_rows: NDArray[np.int32]) -> Regions:
    part_of = _of_predicate(columns, used_rows, "part_of")
    first, last = kind_range(columns, "region")
    return number_regions(np.arange(first, last, dtype=np.int32), columns.subject[part_of], columns.object[part_of])


def _links(columns: Columns, used_rows: NDArray[np.int32]) -> Links:
    def pairs(predicate: str, qualifier: str | None = None) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        rows = _of_predicate(columns, used_rows, predicate)
        if qualifier is not None:
            at = columns.qualifiers.position(qualifier)
            rows = rows[columns.qualifier[rows] == (-1 if at is None else at)]
        return columns.subject[rows], columns.object[rows]

    def words(predicate: str) -> dict[int, str]:
        subject, text = _texts(columns, used_rows, predicate)
        return {int(s): columns.texts[int(t)] for s, t in zip(subject, text, strict=True)}

    factor = columns.unit_factors(MASS_RATIO)

    def amounts(predicate: str) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
        rows = _of_predicate(columns, used_rows, predicate)
        amount = columns.value[rows] * factor[columns.unit[rows]]
        told = ~np.isnan(amount)
        return columns.subject[rows][told], columns.object[rows][told], amount[told]

    name: Callable[[int], str] = columns.nodes.__getitem__
    return Links(name, kind_range(columns, "product"), kind_range(columns, "process"), pairs, words, amounts)
