"""Nodes by name: exact, then what begins with it, then what contains it; see Store.search and sqlite_names."""

import sqlite3
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import closing
from typing import NamedTuple

from graph.model.errors import BadInput
from graph.model.kinds import NODE_KINDS
from graph.model.names import HAN, bigrams, normal, substring_query
from graph.stores.port import NameHit
from graph.stores.sqlite_names import CUTS, LONGEST, SERIAL_BITS, WHOLE, beginnings, keys_of, kind_word, spell

# Pairs in most names of companies (有限公司 and the end of a name): to leave them out halves the time.
_FREQUENT = frozenset(bigrams("有限公司")[1:])
_MANY = 6  # pairs, from which on every other one will do
_MOST_PAIRS = 64  # of a long text; the rest is compared
# Names of equal length are ordered by id as far as this many beyond the limit; beyond that, those recorded first come.
_TIES = 100
_HOWS = ("exact", "prefix", "contains")
_EXACT, _PREFIX, _CONTAINS = range(3)

Rank = Callable[[str, str], int | None]  # of a name and its field: which of _HOWS, None for a name that does not fit


class _Way(NamedTuple):
    """One look into an index: what it finds is still to be ranked."""

    statement: str
    expression: str
    rank: Rank


class _Hit(NamedTuple):
    """In the order in which hits are shown."""

    rank: int
    length: int
    node: str
    name: str
    field: str


def search(
    connection: sqlite3.Connection, text: str, kinds: Sequence[str] | None, limit: int, same: Mapping[str, str]
) -> list[NameHit]:
    """See Store.search; `same` maps a merged node to the one that is kept."""
    if limit < 1:
        raise BadInput("A limit of {limit} is out of range. Ask for 1 or more.", limit=limit)
    wanted, prefixes = normal(text), _prefixes(kinds)
    if not wanted:
        return []

    def look(way: _Way, known: Container[str] = ()) -> tuple[list[_Hit], bool]:
        with closing(connection.execute(way.statement, (way.expression,))) as rows:
            return _first(rows, way.rank, same, known, limit)

    begins, contains = _begins(wanted, prefixes), _contains(wanted, prefixes)
    hits: dict[str, _Hit] = {}
    last: list[_Hit] | None = None
    if begins[0].statement == contains.statement:
        # One look into one index will do, unless there is more than is asked for.
        last, all_of_them = look(contains)
        begins = () if all_of_them else begins
    for way in begins:
        if len(hits) < limit:
            hits |= {hit.node: hit for hit in look(way, hits)[0]}
    if len(hits) < limit:
        last = look(contains, hits)[0] if last is None else last
        hits |= {hit.node: hit for hit in last if hit.node not in hits}
    return [NameHit(hit.node, hit.name, hit.field, _HOWS[hit.rank]) for hit in list(hits.values())[:limit]]


def _prefixes(kinds: Sequence[str] | None) -> list[str]:
    unknown = [kind for kind in kinds or () if kind not in NODE_KINDS]
    if unknown:
        raise BadInput("'{kind}' is no kind of node. Use {known}.", kind=unknown[0][:40], known=", ".join(NODE_KINDS))
    return [NODE_KINDS[kind].prefix for kind in kinds or ()]


def _first(
    rows: Iterable[tuple[int, str, str, str]], rank: Rank, same: Mapping[str, str], known: Container[str], limit: int
) -> tuple[list[_Hit], bool]:
    """The first nodes not known yet, each with its best name, in order, and whether these are all.

    `rows` come shortest name first.
    """
    found: dict[str, _Hit] = {}
    full_at, ties = None, 0
    for row, subject, name, field in rows:
        length, node = row >> SERIAL_BITS, same.get(subject, subject)
        if full_at is not None and (length > full_at or ties >= _TIES):
            return sorted(found.values()), False
        ranked = None if node in known else rank(str(name), field)
        if ranked is None:
            continue
        hit = _Hit(ranked, length, node, str(name), field)
        found[node] = min(hit, found.get(node, hit))
        if full_at is not None:
            ties += 1
        elif len(found) >= limit:
            full_at = length
    return sorted(found.values()), True


def _begins(wanted: str, prefixes: Sequence[str]) -> tuple[_Way, ...]:
    """The looks for names that are what is wanted, and for names that begin with it."""
    if HAN.search(wanted):
        pairs = bigrams(wanted[:_MOST_PAIRS])
        pairs[:1] = beginnings(spell(wanted))[-1:] or pairs[:1]
        # a text cut short has no end to look for
        whole = pairs if len(wanted) <= _MOST_PAIRS else pairs[:-1]
        return (
            _in_pairs(whole, prefixes, lambda name, _: _rank(name, wanted, _EXACT)),
            _in_pairs(pairs[:-1], prefixes, lambda name, _: _rank(name, wanted, _PREFIX)),
        )
    spelled = spell(wanted)
    if len(spelled) > LONGEST:
        cut = _quoted(CUTS[-1][1] + spelled[:LONGEST])
        return (
            _in_starts(cut, prefixes, lambda name, field: _EXACT if wanted in _keys(name, field) else None),
            _in_starts(
                cut,
                prefixes,
                lambda name, field: _PREFIX if any(key.startswith(wanted) for key in _keys(name, field)) else None,
            ),
        )
    length, mark = next(cut for cut in CUTS if cut[0] >= len(spelled))
    exact = WHOLE if length == len(spelled) else mark
    return (
        _in_starts(_quoted(exact + spelled), prefixes, lambda _name, _field: _EXACT),
        _in_starts(_quoted(mark + spelled) + "*" * (length > len(spelled)), prefixes, lambda _name, _field: _PREFIX),
    )


def _keys(name: str, field: str) -> list[str]:
    return keys_of(normal(name), name if field == "code" else "")


def _contains(wanted: str, prefixes: Sequence[str]) -> _Way:
    def rank(name: str, _field: str) -> int | None:
        return _rank(name, wanted, _CONTAINS)

    if len(wanted) > 1:
        return _in_pairs(bigrams(wanted[:_MOST_PAIRS])[1:-1], prefixes, rank)
    return _Way(_PAIRS, substring_query(wanted) + _of_kinds(prefixes), rank)


def _rank(name: str, wanted: str, most: int) -> int | None:
    """Which of _HOWS a name is, None when it is worse than `most`."""
    form = normal(name)
    at = form.find(wanted)
    rank = _EXACT if form == wanted else _PREFIX if at == 0 else _CONTAINS
    return rank if at >= 0 and rank <= most else None


def _in_pairs(pairs: Sequence[str], prefixes: Sequence[str], rank: Rank) -> _Way:
    rare = [pair for pair in dict.fromkeys(pairs) if pair not in _FREQUENT]
    if len(rare) > _MANY:
        rare = rare[::2]  # these hold every character still
    return _Way(_PAIRS, " AND ".join(map(_quoted, rare or pairs)) + _of_kinds(prefixes), rank)


def _in_starts(expression: str, prefixes: Sequence[str], rank: Rank) -> _Way:
    return _Way(_STARTS, expression + _of_kinds(prefixes), rank)


def _of_kinds(prefixes: Sequence[str]) -> str:
    return f" AND ({' OR '.join(_quoted(kind_word(prefix)) for prefix in prefixes)})" if prefixes else ""


def _quoted(word: str) -> str:
    return f'"{word}"'


_PAIRS = (
    "SELECT pairs.rowid, c.subject, c.value, f.predicate FROM pairs CROSS JOIN names ON names.row = pairs.rowid"
    " CROSS JOIN claims AS c ON c.n = names.claim CROSS JOIN frames AS f ON f.n = c.frame"
    " WHERE pairs MATCH ? ORDER BY pairs.rowid"
)
_STARTS = (
    "SELECT starts.rowid, c.subject, c.value, f.predicate FROM starts CROSS JOIN names ON names.row = starts.rowid"
    " CROSS JOIN claims AS c ON c.n = names.claim CROSS JOIN frames AS f ON f.n = c.frame"
    " WHERE starts MATCH ? ORDER BY starts.rowid"
)
