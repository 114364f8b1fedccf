"""Nodes by name: exact, then what begins with it, then what contains it; see Store.search and sqlite_names."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import groupby

from graph.model.errors import BadInput
from graph.model.kinds import NODE_KINDS
from graph.model.names import HAN, bigrams, normal, substring_query
from graph.stores.port import NameHit
from graph.stores.sqlite_names import CUTS, KIND, LONGEST, SERIAL_BITS, WHOLE, keys_of, spell

# Pairs in most names of companies (有限公司 and the end of a name). A name is found by the rest of what is asked for
# and compared afterwards: FTS5 reads the list of every pair of a phrase from its beginning.
_FREQUENT = frozenset(bigrams("有限公司")[1:])
_MOST_PAIRS = 64  # of a long text; the rest is compared
# Names of equal length are ordered by id as far as this many beyond the limit; beyond that, those recorded first come.
_TIES = 100

Found = tuple[int, str, str, str]  # length, node, name, field
Fits = Callable[[str, str], bool]


def search(
    connection: sqlite3.Connection, text: str, kinds: Sequence[str] | None, limit: int, same: Mapping[str, str]
) -> list[NameHit]:
    """See Store.search; `same` maps a merged node to the one that is kept."""
    if limit < 1:
        raise BadInput("A limit of {limit} is out of range. Ask for 1 or more.", limit=limit)
    wanted, prefixes = normal(text), _prefixes(kinds)
    hits: dict[str, NameHit] = {}
    for how, expression, statement, fits in _ways(wanted, prefixes) if wanted else ():
        with closing(connection.execute(statement, (expression,))) as rows:
            room = limit - len(hits)
            for _, node, name, field in _best(rows, fits, same, hits, room):
                hits[node] = NameHit(node, name, field, how)
        if len(hits) >= limit:
            break
    return list(hits.values())


def _prefixes(kinds: Sequence[str] | None) -> list[str]:
    unknown = [kind for kind in kinds or () if kind not in NODE_KINDS]
    if unknown:
        raise BadInput("'{kind}' is no kind of node. Use {known}.", kind=unknown[0][:40], known=", ".join(NODE_KINDS))
    return [NODE_KINDS[kind].prefix for kind in kinds or ()]


def _best(
    rows: Iterator[tuple[int, str, str, str]],
    fits: Fits,
    same: Mapping[str, str],
    known: Mapping[str, NameHit],
    room: int,
) -> list[Found]:
    """The first nodes not known yet, each with its best name; `rows` come shortest name first."""
    found: dict[str, Found] = {}
    full_at, ties = None, 0
    for row, subject, name, field in rows:
        length, node = row >> SERIAL_BITS, same.get(subject, subject)
        if full_at is not None and (length > full_at or ties >= _TIES):
            break
        if node in known or not fits(str(name), field):
            continue
        hit = (length, node, str(name), field)
        found[node] = min(hit, found.get(node, hit))
        if full_at is not None:
            ties += 1
        elif len(found) >= room:
            full_at = length
    return sorted(found.values())[:room]


def _ways(wanted: str, prefixes: Sequence[str]) -> Iterator[tuple[str, str, str, Fits]]:
    """How to look, best first: the word for it, the expression, the statement, and what the names found must fulfil."""
    whole = len(wanted) <= _MOST_PAIRS
    pairs = bigrams(wanted) if whole else bigrams(wanted)[:_MOST_PAIRS]
    if HAN.search(wanted):
        exact, prefix = _phrases(pairs), _phrases(pairs[:-1])
        yield "exact", _of_kinds(exact, prefixes), _IN_PAIRS, lambda name, _: normal(name) == wanted
        yield "prefix", _of_kinds(prefix, prefixes), _IN_PAIRS, lambda name, _: normal(name).startswith(wanted)
    else:
        kinds = f" AND ({_any(KIND + prefix for prefix in prefixes)})" if prefixes else ""
        for how, words, fits in _starts(wanted):
            yield how, words + kinds, _IN_STARTS, fits
    inner = _phrases(pairs[1:-1] if whole else pairs[1:]) if len(wanted) > 1 else substring_query(wanted)
    yield "contains", _of_kinds(inner, prefixes), _IN_PAIRS, lambda name, _: wanted in normal(name)


def _starts(wanted: str) -> Iterator[tuple[str, str, Fits]]:
    spelled = spell(wanted)
    if len(spelled) > LONGEST:
        cut = f'"{CUTS[-1][1]}{spelled[:LONGEST]}"'
        yield "exact", cut, lambda name, field: wanted in keys_of(name, field)
        yield "prefix", cut, lambda name, field: any(key.startswith(wanted) for key in keys_of(name, field))
        return
    yield "exact", f'"{WHOLE}{spelled}"', _any_name
    length, mark = next(cut for cut in CUTS if cut[0] >= len(spelled))
    yield "prefix", f'"{mark}{spelled}"' + ("*" if length > len(spelled) else ""), _any_name


def _any_name(_name: str, _field: str) -> bool:
    return True


def _phrases(pairs: Sequence[str]) -> str:
    """An expression for names with these pairs in a row, but for the frequent ones."""
    runs = [list(run) for frequent, run in groupby(pairs, _FREQUENT.__contains__) if not frequent]
    return " AND ".join(f'"{" ".join(run)}"' for run in runs or [list(pairs)])


def _of_kinds(expression: str, prefixes: Sequence[str]) -> str:
    words = f"tokens : ({expression})"
    return f"({words}) AND kind : ({_any(prefixes)})" if prefixes else words


def _any(words: Iterator[str] | Sequence[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)


_IN_PAIRS = (
    "SELECT pairs.rowid, c.subject, c.value, f.predicate FROM pairs CROSS JOIN names ON names.row = pairs.rowid"
    " CROSS JOIN claims AS c ON c.n = names.claim CROSS JOIN frames AS f ON f.n = c.frame"
    " WHERE pairs MATCH ? ORDER BY pairs.rowid"
)
_IN_STARTS = (
    "SELECT starts.rowid, c.subject, c.value, f.predicate FROM starts CROSS JOIN names ON names.row = starts.rowid"
    " CROSS JOIN claims AS c ON c.n = names.claim CROSS JOIN frames AS f ON f.n = c.frame"
    " WHERE starts MATCH ? ORDER BY starts.rowid"
)
