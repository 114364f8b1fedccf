"""claims.csv: a claim a row, with all its fields: what the other sheets have no columns for."""

from math import isfinite

from graph.model.claims import Claim
from graph.model.quoting import unquoted
from loaders.cells import BadCell, split_list
from loaders.fields import Fields, read_detail
from loaders.sheets.rows import CONFIDENCE
from loaders.tables import Cells

NAMES = (
    "subject", "predicate", "object", "number", "text", "unit", "qualifier", "as_of", "until", "flags", "detail",
    "source_id", "note", "confidence",
)  # fmt: skip


class ClaimRow:
    """Reads a row of claims.csv. Numbers come back as they were written, also -0.0."""

    def __init__(self) -> None:
        self._fields = Fields()

    def __call__(self, cells: Cells) -> tuple[Claim]:
        subject, predicate, object_, number, text, unit, qualifier, as_of, until, flags, detail, source, note, sure = (
            cells
        )
        return (
            self._fields.claim(
                unquote("subject", subject),
                predicate,
                unquote("object", object_),
                _number("number", number),
                unquote("text", text) if text.strip() else None,
                unit.strip(),
                unquote("qualifier", qualifier),
                as_of,
                until,
                tuple(split_list(flags)),
                read_detail(detail),
                unquote("source_id", source),
                unquote("note", note),
                CONFIDENCE if (read := _number("confidence", sure)) is None else read,
            ),
        )


def unquote(column: str, cell: str) -> str:
    """A text that may stand in quotes."""
    try:
        return unquoted(cell)
    except ValueError:
        raise BadCell(
            column,
            cell,
            "The text begins and ends with a quote, but is no JSON string.",
            'Take the quotes away, or write \\" for those inside.',
        ) from None


def _number(column: str, cell: str) -> float | None:
    if not cell.strip():
        return None
    try:
        number = float(cell)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise BadCell(column, cell, "The text is not a number.", "Write digits and a decimal point only.")
    return number
