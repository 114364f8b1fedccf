"""relations.csv: a statement a row, from one node to another."""

from typing import NamedTuple

from graph.model.claims import Claim
from graph.model.dates import end_of, start_of
from graph.model.kinds import KIND_OF_PREFIX, NODE_KINDS
from graph.model.predicates import PREDICATES, Predicate
from loaders.cells import BadCell, Column, Unfit, id_of, optional, read_date, read_flags, wanted, word_of
from loaders.sheets.amounts import Amount
from loaders.sheets.rows import CONFIDENCE, make_claim
from loaders.tables import Cells

# Statements between nodes that other sheets of the layout tell, with what belongs to them.
TOLD_ELSEWHERE = {
    "chain": "entities.csv", "chain_target": "chains.csv", "condition": "policy_conditions.csv",
    "site": "processes.csv", "input_to": "processes.csv", "yields": "processes.csv", "uses": "processes.csv",
}  # fmt: skip
PREDICATES_HERE = tuple(name for name, said in PREDICATES.items() if said.links and name not in TOLD_ELSEWHERE)


class _Rule(NamedTuple):
    """What a predicate asks of a row; ends as prefixes of ids."""

    predicate: Predicate
    name: str
    subjects: frozenset[str]
    objects: frozenset[str]
    qualifiers: Column[str]
    takes_number: bool


class RelationRow:
    """Reads a row of relations.csv."""

    def __init__(self) -> None:
        self._subjects = Column("subject", id_of())
        self._rules = Column("predicate", _read_predicate)
        self._objects = Column("object", id_of())
        self._amount = Amount("value", "unit")
        self._as_of = Column("as_of", optional(read_date))
        self._until = Column("until", optional(read_date))
        self._flags = Column("flag", read_flags)
        self._sources = Column("source_id", id_of("source"))

    def __call__(self, cells: Cells) -> tuple[Claim]:
        subject, predicate, object_, qualifier, value, unit, as_of, until, flag, note, source = cells
        start = self._subjects[subject]
        rule = self._rules[predicate]
        end = self._objects[object_]
        if start[:3] not in rule.subjects or end[:3] not in rule.objects:
            raise _wrong_end(rule, start, end)
        fitting = rule.qualifiers[qualifier]
        amount, symbol = self._amount(value, unit) if value else (None, None)
        if amount is not None and (not rule.takes_number or (symbol == "%" and amount > 100)):
            raise _wrong_amount(rule, value)
        since, over = self._as_of[as_of], self._until[until] if until else None
        if over and since and end_of(over) < start_of(since):
            raise BadCell("until", until, f"It was over before it began ({since}).", "Exchange as_of and until.")
        return (
            make_claim((
                start, rule.name, end, amount, symbol, fitting, since, over, self._flags[flag] if flag else (), (),
                self._sources[source], note.strip(), CONFIDENCE,
            )),
        )  # fmt: skip


def _read_predicate(text: str) -> _Rule:
    if text not in PREDICATES_HERE:
        elsewhere = TOLD_ELSEWHERE.get(text)
        raise Unfit(
            f"'{text}' is told in {elsewhere}." if elsewhere else "The predicate is not one of this sheet.",
            f"Use one of {', '.join(PREDICATES_HERE)}{f', or move the row to {elsewhere}' if elsewhere else ''}.",
        )
    said = PREDICATES[text]
    return _Rule(said, text, _prefixes(said.subjects), _prefixes(said.objects), _qualifiers(said), said.value != "none")


def _prefixes(kinds: tuple[str, ...]) -> frozenset[str]:
    return frozenset(NODE_KINDS[kind].prefix for kind in kinds)


def _qualifiers(said: Predicate) -> Column[str]:
    """What may stand in the column `qualifier` of a predicate."""
    product, chain = id_of("product"), id_of("chain")

    def product_or_chain(text: str) -> str:
        if not text:
            raise Unfit(
                "The cell is empty.", "Name the product (prd:) or the chain that the source lists all makers of."
            )
        return product(text) if text.startswith("prd:") else chain(text if text.startswith("chn:") else f"chn:{text}")

    def nothing(text: str) -> str:
        if text:
            raise Unfit(f"'{said.name}' takes no qualifier.", "Empty the cell; tell it in the note.")
        return text

    if said.qualifier == "product":
        return Column("qualifier", lambda text: product(text) if text else "")
    if said.qualifier == "product_or_chain":
        return Column("qualifier", product_or_chain)
    return Column("qualifier", word_of(said.qualifier) if isinstance(said.qualifier, tuple) else nothing)


def _wrong_end(rule: _Rule, start: str, end: str) -> BadCell:
    said = rule.predicate
    is_start = start[:3] not in rule.subjects
    column, node, kinds = ("subject", start, said.subjects) if is_start else ("object", end, said.objects)
    return BadCell(
        column,
        node,
        f"'{said.name}' goes from {wanted(said.subjects)} to {wanted(said.objects)}; "
        f"the {column} is {wanted((KIND_OF_PREFIX[node[:3]].en,))}.",
        f"Put {wanted(kinds)} there, turn the row round, or take another predicate.",
    )


def _wrong_amount(rule: _Rule, value: str) -> BadCell:
    if not rule.takes_number:
        return BadCell("value", value, f"'{rule.name}' takes no number.", "Empty value and unit; tell it in the note.")
    return BadCell("value", value, "A share is above 100 %.", "Write the share as 51 for 51 %, or another unit.")
