"""A claim told field by field: each is held against what its predicate declares."""

import json
from collections.abc import Callable

from graph.model.claims import Claim, Detail
from graph.model.kinds import kind_of
from graph.model.predicates import FLAGS, PREDICATES, Predicate
from loaders.cells import BadCell, Column, Unfit, id_of, optional, read_date, read_unit, wanted, word_of


class Fields:
    """Makes claims of fields. BadCell names the field: those of Claim, but `number` or `text` for a value, and
    `source_id` for the source.
    """

    def __init__(self) -> None:
        self._predicates = Column("predicate", _read_predicate)
        self._subjects = Column("subject", id_of())
        self._objects = Column("object", id_of())
        self._units = Column("unit", read_unit)
        self._as_of = Column("as_of", optional(read_date))
        self._until = Column("until", optional(read_date))
        self._sources = Column("source_id", id_of("source"))
        self._qualifying = {
            "product": Column("qualifier", id_of("product")),
            "product_or_chain": Column("qualifier", id_of("product", "chain")),
        }

    def claim(
        self, subject: str, predicate: str, object_: str, number: float | None, text: str | None, unit: str,
        qualifier: str, as_of: str, until: str, flags: tuple[str, ...], detail: Detail, source: str, note: str,
        confidence: float,
    ) -> Claim:  # fmt: skip
        """The claim; an empty text stands for none, but in `text`."""
        said = self._predicates[predicate]
        start = self._end("subject", self._subjects[subject], said, said.subjects)
        end = None
        if object_:
            end = self._end("object", self._objects[object_], said, said.objects)
        elif said.links and not said.object_optional:
            raise BadCell("object", "", f"'{said.name}' leads to {wanted(said.objects)}.", "Write its id.")
        value = _value(said, number, text)
        if value is None and said.value in ("text", "date"):
            raise BadCell("text", "", "The row says nothing: it has no value.", "Write the value, or delete the row.")
        self._check_qualifier(said, qualifier)
        _check_extras(said, flags, detail, confidence)
        return Claim(
            start, said.name, end, value, self._units[unit] if unit else None, qualifier,
            self._as_of[as_of], self._until[until], tuple(sorted(set(flags))), tuple(sorted(detail)),
            self._sources[source], note, confidence,
        )  # fmt: skip

    def _end(self, column: str, node: str, said: Predicate, kinds: tuple[str, ...]) -> str:
        kind = kind_of(node)
        if kind.name not in kinds:
            raise BadCell(
                column,
                node,
                f"'{said.name}' has {wanted(kinds)} as its {column}, not {wanted((kind.en,))}."
                if kinds
                else f"'{said.name}' leads to no node.",
                "Turn the row round, or take another predicate." if kinds else "Empty the cell.",
            )
        return node

    def _check_qualifier(self, said: Predicate, qualifier: str) -> None:
        if said.qualifier == "text":
            return
        if isinstance(said.qualifier, tuple):
            _ = Column("qualifier", word_of(said.qualifier))[qualifier]
        elif qualifier and said.qualifier:
            _ = self._qualifying[said.qualifier][qualifier]
        elif qualifier:
            raise BadCell("qualifier", qualifier, f"'{said.name}' takes no qualifier.", "Empty the cell.")


def _read_predicate(text: str) -> Predicate:
    if text not in PREDICATES:
        raise Unfit("The word is not a predicate.", f"Use one of {', '.join(PREDICATES)}.")
    return PREDICATES[text]


def _value(said: Predicate, number: float | None, text: str | None) -> float | str | None:
    """The value, of the type that the predicate has."""
    wants_text = said.value in ("text", "date")
    if text is not None and not wants_text:
        raise BadCell("text", text, f"'{said.name}' takes no text.", "Empty the cell; tell it in the note.")
    if number is not None and said.value != "number":
        raise BadCell("number", f"{number:g}", f"'{said.name}' takes no number.", "Empty the cell.")
    if text is None:
        return number
    read: Callable[[str], str] = read_date if said.value == "date" else str
    if said.choices is not None:
        read = word_of(said.choices)
    return Column("text", read)[text] if read is not str else text


def _check_extras(said: Predicate, flags: tuple[str, ...], detail: Detail, confidence: float) -> None:
    for flag in flags:
        if flag not in FLAGS:
            raise BadCell("flags", flag, "It is not a flag.", f"Use one of {', '.join(FLAGS)}, or leave it empty.")
    for name, _ in detail:
        if name not in said.detail:
            known = f"Use one of {', '.join(said.detail)}." if said.detail else "Empty the cell; tell it in the note."
            raise BadCell("detail", name, f"'{said.name}' has no such detail.", known)
    if not 0 < confidence <= 1:
        raise BadCell("confidence", f"{confidence:g}", "It is not above 0 and up to 1.", "Write 1 for what is sure.")


def read_detail(cell: str) -> Detail:
    """The extras of a claim, from a JSON object."""
    if not cell.strip():
        return ()
    try:
        held = json.loads(cell, parse_int=float)
    except (ValueError, RecursionError):
        held = None
    if not isinstance(held, dict) or not all(isinstance(value, str | float | bool) for value in held.values()):
        raise BadCell(
            "detail",
            cell,
            "The text is not a JSON object of texts, numbers, true and false.",
            'Write {"basis": "per kg metal", "is_main": false}, or leave it empty.',
        )
    return tuple(held.items())
