"""Claims, sources and names as the rows that travel to and from Neo4j. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from math import isnan
from typing import Any, LiteralString, NamedTuple, Protocol, TypeVar, cast

from graph.model.claims import Claim, Receipt, Source, Status, StoredClaim
from graph.model.errors import BadInput
from graph.model.names import normal, pinyin_keys, stock_code_forms
from graph.model.predicates import NAME_PREDICATES
from graph.stores.projection import product_between, turning_day

Row = list[Any]
T = TypeVar("T")
LONGEST_NAME = 5000  # characters: a TEXT index takes 32 kB


class Result(Protocol):
    """What a statement gives back, as far as it is used here."""

    def single(self, strict: bool = False) -> Any:
        """The only record, or None."""
        ...

    def consume(self) -> Any:
        """Wait for the end."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Transaction(Protocol):
    """A transaction of the driver, so that the driver is imported in one file only."""

    def run(self, query: LiteralString, parameters: dict[str, Any] | None = None, **kwparameters: Any) -> Any:
        """Send a statement; a Result."""
        ...


class Known(NamedTuple):
    """A claim on its way in: its id, itself and the status it begins with."""

    id: str
    claim: Claim
    status: Status


def claim_rows(claims: Iterable[Known], first_n: int, revision: int, recorded_at: str, today: date) -> list[Row]:
    """Rows in the order of CLAIM_FIELDS, numbered from `first_n`. What is blank is absent in Neo4j."""
    return [
        [
            id_, claim.subject, claim.predicate, claim.object, *_split(claim), claim.unit or None,
            claim.qualifier or None, claim.as_of or None, claim.until or None, list(claim.flags) or None,
            json.dumps(claim.detail, ensure_ascii=False) if claim.detail else None, claim.source, claim.note or None,
            claim.confidence, status, recorded_at, revision, revision, n, product_between(claim),
            turning_day(claim, today),
        ]
        for n, (id_, claim, status) in enumerate(claims, start=first_n)
    ]  # fmt: skip


def _split(claim: Claim) -> tuple[float | None, str | None]:
    """The value as number and text."""
    value = claim.value
    if isinstance(value, str) or value is None:
        number, text = None, value
    else:
        number, text = float(value), None
    if isnan(number or 0.0) or isnan(claim.confidence):
        raise BadInput(
            "The value or the confidence of {subject} {predicate} is not a number. "
            "Leave the value blank where it is unknown.",
            subject=claim.subject,
            predicate=claim.predicate,
        )
    return number, text


def stored_claim(row: Row) -> StoredClaim:
    """A claim as the pages of claims give it: CLAIM_FIELDS up to n."""
    (
        id_, subject, predicate, object_, number, text, unit, qualifier, as_of, until, flags, detail, source, note,
        confidence, status, recorded_at, revision, changed, _,
    ) = row  # fmt: skip
    return StoredClaim(
        id_,
        Claim(
            subject, predicate, object_, text if number is None else number, unit, qualifier or "", as_of, until,
            tuple(flags) if flags else (), _detail(detail) if detail else (), source, note or "", confidence,
        ),
        status,
        recorded_at,
        revision,
        changed,
    )  # fmt: skip


def _detail(text: str) -> tuple[tuple[str, str | float | bool], ...]:
    return tuple((name, said) for name, said in json.loads(text))


def source_of(record: Mapping[str, Any]) -> Source:
    """A source as SOURCES gives it."""
    return Source(record["id"], record["url"], record["publisher"], record["date"], record["grade"], record["licence"])


def receipt_text(receipt: Receipt) -> str:
    """A receipt as it is kept beside a batch or decision."""
    return json.dumps(receipt)


def receipt_of(text: str) -> Receipt:
    """The receipt kept as `text`."""
    return Receipt(*cast(Sequence[Any], json.loads(text)))


def name_rows(node: str, claims: Iterable[Claim]) -> list[Row]:
    """All a node is found by: its names in normal form, pinyin and initials, and the spellings of its codes."""
    rows: dict[tuple[str, str, str], Row] = {}
    for claim in claims:
        if claim.predicate not in NAME_PREDICATES or not isinstance(claim.value, str):
            continue
        forms = forms_of(claim.value, claim.predicate)
        length = len(forms[0])
        for form in dict.fromkeys(forms) if length else ():
            long = len(form) > LONGEST_NAME
            whole = form == forms[0]
            rows[claim.predicate, claim.value, "" if long else form] = [
                node, node[:3], claim.predicate, claim.value, None if long else form, length, whole, long or None,
            ]  # fmt: skip
    return list(rows.values())


def forms_of(name: str, predicate: str) -> list[str]:
    """The normal form of a name, then what else it may be typed as, whole or from the start."""
    forms = [normal(name), *(pinyin_keys(name) or ())]
    return forms + [normal(form) for form in stock_code_forms(name)] if predicate == "code" else forms


def how_it_fits(name: str, predicate: str, wanted: str) -> str | None:
    """exact, prefix, contains or None."""
    forms = forms_of(name, predicate)
    if wanted in forms:
        return "exact"
    if any(form.startswith(wanted) for form in forms):
        return "prefix"
    return "contains" if wanted in forms[0] else None


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    stream = iter(items)
    while chunk := list(islice(stream, size)):
        yield chunk
