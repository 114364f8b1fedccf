"""A sheet's text, YAML or JSON, as plain data: bounded in size and depth, without aliases, each key once."""

import json
from datetime import date
from typing import Any

import yaml

from graph.model.errors import BadInput

LARGEST = 200_000
_DEEPEST = 12
# Reading YAML takes 0.1 ms for each, and one who asks over HTTP keeps a thread busy with it.
_MOST_VALUES = 10_000
_MOST_BITS = 64


def read_text(text: str) -> Any:
    """The data in a YAML or JSON text; dates become ISO texts. Raises BadInput, with the line where that is known."""
    if len(text) > LARGEST:
        raise BadInput("The sheet is longer than {most} characters. No sheet is.", most=LARGEST)
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        pass
    else:
        # A tab may stand in JSON, but not in YAML. In the texts of JSON it is written \t.
        text = text.replace("\t", " ")
    try:
        _check_events(text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is not None:
            _check_keys(root)
        return _plain(yaml.safe_load(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadInput(
            "The sheet cannot be read in line {line}, column {column}: {reason}. See: rechain template project",
            line=mark.line + 1 if mark else 1,
            column=mark.column + 1 if mark else 1,
            reason=str(error.problem or error.context or "not YAML")[:120],
        ) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise BadInput(
            "The sheet cannot be read: {reason}. See: rechain template project",
            reason=str(error).splitlines()[0][:120],
        ) from None


def _check_events(text: str) -> None:
    """Before anything is built: an alias may stand for a mountain, and deep nesting breaks whoever walks it."""
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        if number > _MOST_VALUES:
            raise BadInput("The sheet holds more than {most} values. No sheet does.", most=_MOST_VALUES)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadInput(
                "The sheet uses an anchor or alias (& or *) in line {line}. Write it out.",
                line=_line(event),
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise BadInput(
                    "The sheet is nested more than {most} levels deep in line {line}.",
                    most=_DEEPEST,
                    line=_line(event),
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _check_keys(node: yaml.Node) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if not isinstance(key, yaml.ScalarNode) or name == "<<" or name in seen:
                raise BadInput(
                    "In the sheet '{name}' in line {line} is no field of its own: give each field once, by its name.",
                    name=name[:60] if isinstance(key, yaml.ScalarNode) else "?",
                    line=key.start_mark.line + 1,
                )
            seen.add(name)
            _check_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _check_keys(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {_plain(str(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        # Half a character, written "\ud800", raises UnicodeEncodeError here rather than where the answer is written.
        value.encode()
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        # Python itself refuses to write down a longer one.
        raise BadInput("A number in the sheet has more than {most} digits. Correct it.", most=19)
    return value
