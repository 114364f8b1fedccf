"""How two answers differ, so that a person can follow: rows are matched by what they are about, not by position."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

# What names a row among its like, the first that fits.
_NAMES = ("product", "enterprise", "process", "project", "region", "node", "id", "claim", "country")


class Change(NamedTuple):
    """Where two answers differ: a path as in `gaps[prd:magnet].users`, the value then and now.

    None stands for nothing: a field that is null and one that is not there are the same.
    """

    path: str
    cited: Any
    now: Any


def changes_between(before: Any, now: Any, limit: int) -> tuple[Change, ...]:
    """The first differences, in the order of their paths."""
    return tuple(islice(_differences("", before, now), limit))


def _differences(path: str, before: Any, now: Any) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(now, dict):
        for name in sorted(before.keys() | now.keys()):
            yield from _differences(f"{path}.{name}" if path else name, before.get(name), now.get(name))
    elif isinstance(before, list) and isinstance(now, list):
        yield from _in_lists(path, before, now)
    elif before != now or isinstance(before, bool) is not isinstance(now, bool):
        yield Change(path, before, now)


def _in_lists(path: str, before: list[Any], now: list[Any]) -> Iterator[Change]:
    then_names, now_names = _names(before), _names(now)
    if then_names is None or now_names is None:
        for index in range(max(len(before), len(now))):
            old = before[index] if index < len(before) else None
            new = now[index] if index < len(now) else None
            yield from _differences(f"{path}[{index}]", old, new)
        return
    old_rows, new_rows = dict(zip(then_names, before, strict=True)), dict(zip(now_names, now, strict=True))
    for name in dict.fromkeys((*then_names, *now_names)):
        yield from _differences(f"{path}[{name}]", old_rows.get(name), new_rows.get(name))
    both_then = [name for name in then_names if name in new_rows]
    both_now = [name for name in now_names if name in old_rows]
    if both_then != both_now:
        yield Change(f"{path} (order)", both_then, both_now)


def _names(rows: Sequence[Any]) -> list[str] | None:
    """A name for each row, all different; None where there are none."""
    if all(isinstance(row, str) for row in rows):
        found = list(rows)
    elif all(isinstance(row, dict) for row in rows):
        key = next((name for name in _NAMES if all(_name(row.get(name)) for row in rows)), None)
        if key is None:
            return None
        found = [str(_name(row[key])) for row in rows]
    else:
        return None
    return found if len(set(found)) == len(found) else None


def _name(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else None
