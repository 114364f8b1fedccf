"""policy_conditions.csv: what a policy asks, what it gives for it, and when it is valid."""

from itertools import zip_longest

from graph.model.asks import read_ask, written_requires
from graph.model.claims import Claim, Detail
from graph.model.dates import day_after, end_of, start_of
from graph.model.errors import BadInput
from graph.model.kinds import looks_like_id
from loaders.cells import BadCell, Column, Unfit, id_of, optional, read_date, split_list
from loaders.sheets.amounts import Amount
from loaders.sheets.rows import CONFIDENCE
from loaders.tables import Cells


class ConditionRow:
    """Reads a row of policy_conditions.csv.

    Where `applies_to` names products or regions by id, the row is a claim on each of them; where it is words, one claim
    without an object. The words stay in the detail either way. `field`, `operator`, `asked` and `asked_unit` say what
    is asked so that a rule can hold somebody against it; each may hold several, all of them asked, with semicolons.
    """

    def __init__(self) -> None:
        self._policies = Column("policy", id_of("policy"))
        self._targets = Column("applies_to", _read_targets)
        self._amount = Amount("value", "unit")
        self._from = Column("valid_from", optional(read_date))
        self._until = Column("valid_until", optional(read_date))
        self._sources = Column("source_id", id_of("source"))

    def __call__(self, cells: Cells) -> list[Claim]:
        policy, applies_to, condition, benefit, value, unit, valid_from, valid_until, source, *asked = cells
        told = {
            "applies_to": applies_to.strip(),
            "benefit": benefit.strip(),
            "condition": condition.strip(),
            "requires": _read_requires(asked),
        }
        detail: Detail = tuple((name, words) for name, words in told.items() if words)
        qualifier = ": ".join(words for words in (told["condition"], told["benefit"]) if words)
        subject = self._policies[policy]
        if not qualifier:
            raise BadCell("condition", "", "Neither condition nor benefit is told.", "Write what is asked or given.")
        amount, symbol = self._amount(value, unit)
        since, last = self._from[valid_from], self._until[valid_until]
        if since and last and end_of(last) < start_of(since):
            raise BadCell("valid_until", valid_until, f"It ends before it begins ({since}).", "Exchange the two dates.")
        return [
            Claim(
                subject, "condition", target, amount, symbol, qualifier, since, self._exclusive(last), (), detail,
                self._sources[source], "", CONFIDENCE,
            )
            for target in self._targets[applies_to]
        ]  # fmt: skip

    def _exclusive(self, last: str | None) -> str | None:
        """The day from which it is no longer valid; 9999-12-31 and 9999 say that it has no end."""
        return day_after(last) if last and not last.startswith("9999") else None


def _read_requires(cells: list[str]) -> str:
    """Four cells with as many entries each, as one line (`graph/model/asks.py`); '' when they are empty."""
    fields, operators, values, units = ([part.strip() for part in cell.split(";")] for cell in cells)
    if not any(cell.strip() for cell in cells):
        return ""
    if len(fields) != len(operators) or len(fields) != len(values) or len(units) > len(fields):
        raise BadCell(
            "field", cells[0], "Field, operator and what is asked do not come in equal numbers.",
            "Write as many of each, with semicolons between: fixed_investment;new_build and >=;is and 30000000;yes.",
        )  # fmt: skip
    asks = []
    for field, operator, value, unit in zip_longest(fields, operators, values, units, fillvalue=""):
        try:
            asks.append((read_ask(f"{field} {operator} {value} {unit}"),))
        except BadInput as bad:
            raise BadCell(
                "field", f"{field} {operator} {value} {unit}".strip(), str(bad),
                "Write it as in: rechain template policy-conditions",
            ) from None  # fmt: skip
    return written_requires(tuple(asks))


def _read_targets(text: str) -> tuple[str | None, ...]:
    parts = split_list(text)
    if not parts or not all(map(looks_like_id, parts)):
        return (None,)
    read = id_of("product", "region")
    try:
        return tuple(dict.fromkeys(read(part) for part in parts))
    except Unfit as unfit:
        raise Unfit(unfit.reason, f"{unfit.remedy} Or say in words to whom it applies.") from None
