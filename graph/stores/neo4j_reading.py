"""From filters and texts to what the reading statements take."""

from collections.abc import Iterable, Mapping
from typing import Any

from graph.stores import neo4j_statements as statements
from graph.stores.neo4j_rows import LONGEST_NAME, Transaction, forms_of, how_it_fits
from graph.stores.port import ClaimFilter, NameHit


def way_in(where: ClaimFilter) -> tuple[str | None, list[str]]:
    """By which index to look: the one that is likely to leave the fewest claims, and its keys."""
    ways = (
        ("ids", where.ids),
        ("subjects", where.subjects),
        ("objects", where.objects),
        ("about", where.about),
        ("batch", None if where.batch is None else (where.batch,)),
        ("sources", where.sources),
    )
    for way, keys in ways:
        if keys is not None:
            return way, _sayable(dict.fromkeys(keys))
    return ("since" if where.changed_since is not None else None), []


def parameters_of(where: ClaimFilter) -> dict[str, Any]:
    """What the sifting conditions of a page of claims take; None fits all."""
    return {
        "subjects": _listed(where.subjects),
        "objects": _listed(where.objects),
        "about": _listed(where.about),
        "predicates": _listed(where.predicates),
        "sources": _listed(where.sources),
        "statuses": _listed(where.statuses),
        "batch": where.batch,
        "since": where.changed_since,
    }


def _listed(values: Iterable[str] | None) -> list[str] | None:
    return None if values is None else _sayable(values)


def _sayable(values: Iterable[str]) -> list[str]:
    """Without texts that hold half a character: they cannot be sent, and none is kept."""
    return [value for value in values if value.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in value)]


def find(tx: Transaction, wanted: str, prefixes: list[str] | None, limit: int) -> list[NameHit]:
    """Nodes by a name in normal form; `prefixes` are those of the kinds of nodes that are wanted."""
    long = _long_names(tx, wanted, prefixes)
    hits: dict[str, NameHit] = {}
    for how in statements.SEARCH:
        room = limit - len(hits)
        best = long.get(how, [])
        if len(wanted) <= LONGEST_NAME:
            found = tx.run(statements.SEARCH[how], wanted=wanted, kinds=prefixes, seen=list(hits), limit=room)
            best = sorted([tuple(hit) for hit in found.single(strict=True)["hits"]] + best)
        for _, node, text, field in best:
            if len(hits) < limit:
                hits.setdefault(node, NameHit(node, text, field, how))
        if len(hits) >= limit:
            break
    return list(hits.values())


def _long_names(
    tx: Transaction, wanted: str, prefixes: list[str] | None
) -> Mapping[str, list[tuple[int, str, str, str]]]:
    fitting: dict[str, list[tuple[int, str, str, str]]] = {}
    for node, kind, text, field in tx.run(statements.LONG_NAMES).single(strict=True)["names"]:
        fits = how_it_fits(text, field, wanted) if prefixes is None or kind in prefixes else None
        if fits:
            fitting.setdefault(fits, []).append((len(forms_of(text, field)[0]), node, text, field))
    return fitting
