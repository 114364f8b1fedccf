"""What only the command line can do with a question, beyond its own parameters: options, by what they need of it.

`instead` answers another way (a question sees one graph, `check --against` compares two stores); `after` does more with
the answer (`--freeze` keeps it as a list). Each is given the option's text.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, get_args

from api.texts import Said, Tongue
from graph.stores.port import Store
from queries.base import Answer, Query

_AGAINST = Said("compare with another store instead: are its claims, sources, loads and decisions equal?")
_FREEZE = Said("keep this list under a name, to enter later what came of it: rechain outcome")


class Beyond(NamedTuple):
    """An option that a question does not know of."""

    name: str
    metavar: str
    help: Said
    applies: Callable[[Query[Any, Any]], bool]
    instead: Callable[[str, dict[str, Any], Tongue], int] | None = None
    after: Callable[[str, Store, Query[Any, Any], Answer, Tongue], None] | None = None


def beyond(query: Query[Any, Any]) -> list[Beyond]:
    """The options of a question."""
    return [one for one in _EVERY if one.applies(query)]


def lists_targets(query: Query[Any, Any]) -> bool:
    """Whether an answer has ranked enterprises as its `targets`, so that it can be frozen."""
    field = query.answer.model_fields.get("targets")
    rows = [getattr(kind, "model_fields", {}) for kind in get_args(field.annotation)] if field else []
    return any({"enterprise", "rank"} <= row.keys() for row in rows)


def _compare(url: str, given: dict[str, Any], tongue: Tongue) -> int:
    from cli.copying import compare

    return compare(given["store"], url, given["as_json"], tongue)


def _freeze(name: str, store: Store, query: Query[Any, Any], answer: Answer, tongue: Tongue) -> None:
    from cli.outcomes import freeze_answer

    freeze_answer(name, store, query, answer, tongue)


_EVERY: tuple[Beyond, ...] = (
    Beyond("against", "URL", _AGAINST, lambda query: query.name == "check", instead=_compare),
    Beyond("freeze", "NAME", _FREEZE, lists_targets, after=_freeze),
)
