"""Which row of the factsheet layout says a claim, and nothing but this claim.

The mirror of `loaders/sheets`: a claim gets a row only where the loader's rules give back exactly this claim; for all
others there is claims.csv. tests/contract/test_round_trip.py holds the two together.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from math import copysign, isfinite
from re import ASCII, fullmatch

from graph.model.claims import Claim, Source
from graph.model.dates import end_of, start_of
from graph.model.kinds import looks_like_id
from graph.model.names import is_stock_code
from graph.model.predicates import PREDICATES
from graph.model.quoting import is_plain, quoted
from graph.model.units import is_money

# The columns of each file, in the order of reading.
SHEETS: dict[str, tuple[str, ...]] = {
    "sources": ("source_id", "url", "publisher", "date", "grade", "licence"),
    "entities": (
        "id", "kind", "name_en", "name_zh", "aliases", "country", "stage", "chain", "role", "hs_code", "founded",
        "website", "status", "investment_amount", "investment_currency", "capacity_value", "capacity_unit",
        "start_date", "completion_date", "note", "source_id",
    ),
    "processes": (
        "process_id", "name_en", "name_zh", "kind", "site", "role", "product_id", "kg_per_kg", "is_main", "basis",
        "from_date", "note", "source_id",
    ),
    "relations": (
        "subject", "predicate", "object", "qualifier", "value", "unit", "as_of", "until", "flag", "note", "source_id",
    ),
    "indicators": ("subject", "indicator", "value", "unit", "as_of", "note", "source_id"),
    "statuses": ("project", "status", "as_of", "note", "source_id"),
    "policy_conditions": (
        "policy", "applies_to", "condition", "benefit", "value", "unit", "valid_from", "valid_until", "source_id",
    ),
    "offers": ("region", "offer", "value", "unit", "as_of", "note", "source_id"),
    "claims": (
        "subject", "predicate", "object", "number", "text", "unit", "qualifier", "as_of", "until", "flags", "detail",
        "source_id", "note", "confidence",
    ),
}  # fmt: skip
# What relations.csv says; the other links have sheets of their own.
RELATIONS = frozenset(name for name, said in PREDICATES.items() if said.links) - {
    "chain", "chain_target", "condition", "site", "input_to", "yields", "uses",
}  # fmt: skip
FLOWS = {"input_to": "input", "yields": "output", "uses": ""}
DESCRIPTIONS = ("name_en", "name_zh", "process_kind", "site")
# Attributes with a column of their name in entities.csv.
CELLS = ("name_zh", "name_en", "country", "stage", "role", "hs_code", "founded", "website")
_DATED = {"start_date": None, "completion_date": None, "investment": "investment_amount", "capacity": "capacity_value"}
_UNITS = {"investment": "investment_currency", "capacity": "capacity_unit"}
_OTHER_SHEETS = ("prc:", "chn:", "src:")


def number(value: float) -> str:
    """A number such that reading it gives the same."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 and value else repr(value)


def source_cells(source: Source) -> tuple[str, ...]:
    """A row of sources.csv, which holds every source."""
    return (
        quoted(source.id), _text(source.url), _text(source.publisher), source.date or "", source.grade,
        _text(source.licence),
    )  # fmt: skip


def is_curated(claim: Claim) -> bool:
    """Whether the sheets could say it as far as its certainty and its texts go."""
    texts = (claim.subject, claim.object, claim.qualifier, claim.source, claim.note, claim.value)
    return claim.confidence == 1.0 and all(is_plain(text) for text in texts if isinstance(text, str) and text)


def relation(claim: Claim) -> tuple[str, ...] | None:
    """Its row of relations.csv."""
    said = PREDICATES[claim.predicate]
    if claim.detail or claim.object is None or _is_over_before(claim.as_of, claim.until):
        return None
    if said.qualifier == "product_or_chain" and not claim.qualifier:
        return None
    if claim.value is not None and (not _is_amount(claim) or (claim.unit == "%" and float(claim.value) > 100)):
        return None
    return (
        claim.subject, claim.predicate, claim.object, claim.qualifier, *_amount(claim), claim.as_of or "",
        claim.until or "", ";".join(claim.flags), claim.note, claim.source,
    )  # fmt: skip


def figure(claim: Claim) -> tuple[str, ...] | None:
    """Its row of indicators.csv or offers.csv."""
    if not claim.qualifier or _is_hedged(claim) or claim.detail:
        return None
    if claim.predicate == "indicator":
        if not isinstance(claim.value, float) or not _is_exact(claim.value):
            return None
    elif claim.value is not None and not _is_amount(claim):
        return None
    return claim.subject, claim.qualifier, *_amount(claim), claim.as_of or "", claim.note, claim.source


def status(claim: Claim) -> tuple[str, ...] | None:
    """Its row of statuses.csv."""
    if _is_hedged(claim) or claim.detail or claim.qualifier or claim.unit or not isinstance(claim.value, str):
        return None
    return claim.subject, claim.value, claim.as_of or "", claim.note, claim.source


def flow(claim: Claim, description: Mapping[str, Claim]) -> tuple[str, ...] | None:
    """Its row of processes.csv, with what its source says of the process."""
    if _is_hedged(claim) or claim.object is None:
        return None
    detail = dict(claim.detail)
    basis, is_main = detail.get("basis", ""), detail.get("is_main")
    expected = ((("basis", basis),) if basis else ()) + (("is_main", is_main),)
    if claim.detail != expected or not isinstance(basis, str) or not isinstance(is_main, bool):
        return None
    if basis and not is_plain(basis):
        return None
    is_use = claim.predicate == "uses"
    if is_use != (claim.qualifier in ("equipment", "service")) or (not is_use and claim.qualifier):
        return None
    if claim.value is not None and (is_use or not _is_exact(claim.value) or float(claim.value) < 0):
        return None
    if claim.unit != ("kg/kg" if claim.value is not None and basis.startswith("per kg") else None):
        return None
    process, product = (claim.object, claim.subject) if claim.predicate == "input_to" else (claim.subject, claim.object)
    said = {name: one.object or str(one.value) for name, one in description.items()}
    return (
        process, *(said.get(name, "") for name in DESCRIPTIONS), FLOWS[claim.predicate] or claim.qualifier, product,
        number(claim.value) if isinstance(claim.value, float) else "",
        "1" if is_main else "0", basis, claim.as_of or "", claim.note, claim.source,
    )  # fmt: skip


def describes(claim: Claim) -> bool:
    """Whether rows of processes.csv may say it of a process."""
    is_bare = not (claim.as_of or claim.unit or claim.qualifier or claim.detail or claim.note or _is_hedged(claim))
    return is_bare and claim.predicate in DESCRIPTIONS and bool(claim.object or claim.value)


def process_of(claim: Claim) -> str:
    """The process a flow belongs to."""
    return str(claim.object) if claim.predicate == "input_to" else claim.subject


def condition(claims: list[Claim]) -> tuple[str, ...] | None:
    """The row of policy_conditions.csv for claims that differ in their objects only."""
    claim = claims[0]
    detail = dict(claim.detail)
    told = {name: str(detail.get(name, "")) for name in ("applies_to", "benefit", "condition")}
    if claim.detail != tuple((name, words) for name, words in told.items() if words) or claim.flags or claim.note:
        return None
    if not all(is_plain(words) for words in told.values() if words):
        return None
    if claim.qualifier != ": ".join(words for words in (told["condition"], told["benefit"]) if words):
        return None
    if not claim.qualifier or {one.object for one in claims} != set(_targets(told["applies_to"])):
        return None
    if claim.value is not None and not _is_amount(claim):
        return None
    last = _last_day(claim.until)
    if last is None or (claim.as_of and last and end_of(last) < start_of(claim.as_of)):
        return None
    return (
        claim.subject, told["applies_to"], told["condition"], told["benefit"], *_amount(claim), claim.as_of or "",
        last, claim.source,
    )  # fmt: skip


def entity_cells(claim: Claim, source_date: str | None) -> dict[str, str] | None:
    """The cells of entities.csv that say it; `source_date` dates what a source reports of a project."""
    if claim.subject.startswith(_OTHER_SHEETS) or claim.flags or claim.until or claim.detail or claim.note:
        return None
    predicate, value = claim.predicate, claim.value
    if predicate in _DATED:
        return _dated_cells(claim, source_date)
    if claim.as_of or claim.unit:
        return None
    if predicate in ("alias", "code", "remark"):
        if not isinstance(value, str) or claim.qualifier != value:
            return None
        if predicate == "remark":
            return {"note": value}
        fits = ";" not in value and is_stock_code(value) == (predicate == "code")
        return {"aliases": value} if fits else None
    if claim.qualifier:
        return None
    if predicate == "chain":
        return {"chain": str(claim.object).removeprefix("chn:")} if _is_short_chain(str(claim.object)) else None
    if predicate not in CELLS or not isinstance(value, str):
        return None
    return {predicate: value} if predicate != "country" or fullmatch("[A-Z]{2}", value, ASCII) else None


def entity_row(node: str, kind: str, cells: Mapping[str, str], source: str) -> tuple[str, ...]:
    """A row of entities.csv."""
    held = {"id": node, "kind": kind, "source_id": source, **cells}
    return tuple(held.get(name, "") for name in SHEETS["entities"])


def _dated_cells(claim: Claim, source_date: str | None) -> dict[str, str] | None:
    if claim.qualifier or claim.as_of != source_date:
        return None
    column = _DATED[claim.predicate]
    if column is None:
        return {claim.predicate: claim.value} if isinstance(claim.value, str) and not claim.unit else None
    if not _is_amount(claim) or (claim.predicate == "investment" and not is_money(claim.unit)):
        return None
    return {column: number(float(str(claim.value))), _UNITS[claim.predicate]: str(claim.unit)}


def claim_cells(claim: Claim) -> tuple[str, ...]:
    """Its row of claims.csv, which says every claim."""
    return (
        quoted(claim.subject), claim.predicate, _text(claim.object),
        number(claim.value) if isinstance(claim.value, float) else "",
        quoted(claim.value) if isinstance(claim.value, str) else "",
        claim.unit or "", _text(claim.qualifier), claim.as_of or "", claim.until or "", ";".join(claim.flags),
        _detail(claim), quoted(claim.source), _text(claim.note), repr(claim.confidence),
    )  # fmt: skip


def _text(text: str | None) -> str:
    return quoted(text) if text else ""


def _detail(claim: Claim) -> str:
    return json.dumps(dict(claim.detail), ensure_ascii=False).replace("\x7f", "\\u007f") if claim.detail else ""


def _amount(claim: Claim) -> tuple[str, str]:
    return (number(claim.value), claim.unit or "") if isinstance(claim.value, float) else ("", "")


def _is_amount(claim: Claim) -> bool:
    """Whether it is an amount as the sheets want one: not below zero, with a unit."""
    return _is_exact(claim.value) and float(str(claim.value)) >= 0 and claim.unit is not None


def _is_exact(value: float | str | None) -> bool:
    """Whether a sheet gives this number back: reading turns -0.0 into 0.0."""
    return isinstance(value, float) and isfinite(value) and (value != 0 or copysign(1, value) > 0)


def _is_hedged(claim: Claim) -> bool:
    return bool(claim.flags or claim.until)


def _is_over_before(as_of: str | None, until: str | None) -> bool:
    return bool(as_of and until and end_of(until) < start_of(as_of))


def _last_day(until: str | None) -> str | None:
    """The day before `until`, the last one on which it holds; '' without an end, None where no row can say it."""
    if not until:
        return ""
    if len(until) < 10 or until <= "0001-01-01" or until.startswith("9999"):
        return None
    return (date.fromisoformat(until) - timedelta(days=1)).isoformat()


def _targets(applies_to: str) -> Iterable[str | None]:
    """The products and regions that words name by id; one None when they are words only."""
    parts = [part for part in (piece.strip() for piece in applies_to.split(";")) if part]
    return parts if parts and all(map(looks_like_id, parts)) else (None,)


def _is_short_chain(chain: str) -> bool:
    """Whether the sheet's short word for it is read as the chain again."""
    word = chain.removeprefix("chn:")
    return is_plain(word) and (looks_like_id(f"chn:{word}") and not word.startswith("chn:"))
