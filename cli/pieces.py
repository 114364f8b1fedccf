"""The pieces that views are made of: headline, tables from records, and what was looked at."""

from collections.abc import Iterator, Sequence

from pydantic.fields import FieldInfo

from api.texts import Tongue
from cli.layout import Block, Line, Table
from cli.words import LOOKED_AT, UNKNOWN, cell, is_shown
from queries.base import Answer, Record


def headline(title: str, answer: Answer, tongue: Tongue) -> Line:
    """Question, day and revision."""
    parts = [title, tongue.say("as of {day}", day=answer.as_of)]
    if answer.known_at:
        parts.append(tongue.say("as known at {day}", day=answer.known_at))
    parts.append(tongue.say("revision {revision}", revision=answer.revision))
    return Line(" · ".join(parts), "bold")


def table_of(rows: Sequence[Record], tongue: Tongue) -> Table:
    """Records as rows; columns that say nothing in any row are left out."""
    fields = type(rows[0]).model_fields
    shown = [name for name in fields if is_shown(name, tongue)]
    cells = {name: [cell(name, getattr(row, name), tongue) for row in rows] for name in shown}
    told = [name for name in shown if any(text != UNKNOWN for text in cells[name])]
    columns = tuple(title_of(name, fields[name], tongue) for name in told)
    return Table(columns, list(zip(*(cells[name] for name in told), strict=True)))


def title_of(name: str, field: FieldInfo, tongue: Tongue) -> str:
    """What a field is called: its Chinese title, or its name in words."""
    if name in ("zh", "en"):
        return tongue.say("in words")
    return field.title or name if tongue.lang == "zh" else name.replace("_", " ")


def footer(answer: Answer, tongue: Tongue) -> Iterator[Block]:
    """What was looked at, what could not be placed, and whether a limit cut something off."""
    yield Line()
    looked = tongue.say(", ").join(
        f"{tongue.word(LOOKED_AT, name).replace('_', ' ')} {count:,}" for name, count in answer.looked_at.items()
    )
    yield Line(
        tongue.say("Looked at: {counts}. Without a place: {unplaced}.", counts=looked, unplaced=answer.unplaced), "dim"
    )
    if answer.truncated:
        yield Line(tongue.say("There is more; raise --limit, or go on with --offset."), "yellow")
