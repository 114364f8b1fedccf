"""indicators.csv, offers.csv and statuses.csv: a dated figure or word about one node a row."""

from graph.model.claims import Claim
from graph.model.kinds import NODE_KINDS, OPERATING_STATUSES, PROJECT_STATUSES
from graph.model.predicates import PREDICATES
from loaders.cells import BadCell, Column, id_of, optional, read_date, read_text, word_of
from loaders.sheets.amounts import Amount
from loaders.sheets.rows import CONFIDENCE
from loaders.tables import Cells


class FigureRow:
    """Reads a row of six columns: node, name of the figure, value, unit, as_of, note, source_id."""

    def __init__(self, predicate: str, node: str, name: str, amount: Amount, *, needs_value: bool) -> None:
        self._predicate = predicate
        self._nodes = Column(node, id_of(*PREDICATES[predicate].subjects))
        self._names = Column(name, read_text)
        self._amount = amount
        self._needs_value = needs_value
        self._as_of = Column("as_of", optional(read_date))
        self._sources = Column("source_id", id_of("source"))

    def __call__(self, cells: Cells) -> tuple[Claim]:
        node, name, value, unit, as_of, note, source = cells
        subject, qualifier = self._nodes[node], self._names[name]
        amount, symbol = self._amount(value, unit)
        if amount is None and self._needs_value:
            raise BadCell("value", value, "The figure has no value.", "Write the number, or delete the row.")
        return (
            Claim(
                subject, self._predicate, None, amount, symbol, qualifier, self._as_of[as_of], None, (), (),
                self._sources[source], note.strip(), CONFIDENCE,
            ),
        )  # fmt: skip


def indicator_row() -> FigureRow:
    """Reads a row of indicators.csv. Profits may be below zero; counts may be plain numbers."""
    amount = Amount("value", "unit", is_signed=True, is_count=True)
    return FigureRow("indicator", "subject", "indicator", amount, needs_value=True)


def offer_row() -> FigureRow:
    """Reads a row of offers.csv. Much of what a region offers has no number."""
    return FigureRow("offers", "region", "offer", Amount("value", "unit"), needs_value=False)


class StatusRow:
    """Reads a row of statuses.csv: where a project stands, or whether an enterprise still works."""

    def __init__(self) -> None:
        self._subjects = Column("project", id_of("project", "enterprise"))
        self._statuses = {
            "status": Column("status", word_of(PROJECT_STATUSES)),
            "operating_status": Column("status", word_of(OPERATING_STATUSES)),
        }
        self._as_of = Column("as_of", optional(read_date))
        self._sources = Column("source_id", id_of("source"))

    def __call__(self, cells: Cells) -> tuple[Claim]:
        cell, status, as_of, note, source = cells
        subject = self._subjects[cell]
        name = "operating_status" if subject.startswith(NODE_KINDS["enterprise"].prefix) else "status"
        return (
            Claim(
                subject, name, None, self._statuses[name][status], None, "", self._as_of[as_of], None,
                (), (), self._sources[source], note.strip(), CONFIDENCE,
            ),
        )  # fmt: skip
