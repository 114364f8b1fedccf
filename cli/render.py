"""From an answer to what is printed: a view of its own where there is one, else a plain one made from its fields."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from api.texts import Tongue
from cli.layout import Block, Line, Table
from cli.pieces import footer, headline, table_of, title_of
from cli.views import (
    backtest,
    balance,
    certificate,
    contents,
    critical,
    fit,
    gaps,
    paths,
    pipeline,
    policies,
    region,
    show,
    subgraph,
    targets,
    what_if,
)
from cli.words import cell, is_shown
from queries.base import Answer, NodeRef, Query, Record

View = Callable[[Any, Tongue], Iterator[Block]]
# A question needs no line here: without one it is shown by its fields.
VIEWS: dict[str, View] = {
    "certificate": certificate.view,
    "critical": critical.view,
    "backtest": backtest.view,
    "balance": balance.view,
    "fit": fit.view,
    "policies": policies.view,
    "contents": contents.view,
    "gaps": gaps.view,
    "paths": paths.view,
    "pipeline": pipeline.view,
    "region": region.view,
    "show": show.view,
    "what-if": what_if.view,
    "subgraph": subgraph.view,
    "targets": targets.view,
}
_ENVELOPE = frozenset(Answer.model_fields) | {"totals"}


def blocks_of(query: Query[Any, Any], answer: Answer, tongue: Tongue) -> Iterator[Block]:
    """An answer as lines and tables."""
    view = VIEWS.get(query.name)
    if view is not None:
        yield from view(answer, tongue)
        return
    yield headline(tongue.pick((query.zh, query.en)), answer, tongue)
    yield from plain_view(answer, tongue)
    yield from footer(answer, tongue)


def plain_view(answer: Answer, tongue: Tongue) -> Iterator[Block]:
    """Single values first, then each list as a table under its name."""
    fields = {name: field for name, field in type(answer).model_fields.items() if name not in _ENVELOPE}
    single = [
        (title_of(name, fields[name], tongue), cell(name, getattr(answer, name), tongue))
        for name in fields
        if is_shown(name, tongue) and not _is_table(getattr(answer, name)) and getattr(answer, name) not in (None, ())
    ]
    if single:
        yield Table((), single, ("dim", ""))
    for name, field in fields.items():
        rows = getattr(answer, name)
        if _is_table(rows):
            yield Line()
            yield Line(_counted(title_of(name, field, tongue), name, rows, answer), "bold")
            yield table_of(rows, tongue)


def _is_table(value: Any) -> bool:
    return (
        isinstance(value, tuple) and bool(value) and isinstance(value[0], Record) and not isinstance(value[0], NodeRef)
    )


def _counted(title: str, name: str, rows: Sequence[Record], answer: Answer) -> str:
    total = getattr(answer, "totals", {}).get(name, len(rows))
    return f"{title} ({len(rows)})" if total == len(rows) else f"{title} ({len(rows)}/{total:,})"
