"""The frozen types that travel through the house: claims, sources, decisions, batches."""

import json
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import Literal, NamedTuple

Status = Literal["proposed", "accepted", "rejected", "retracted"]
Detail = tuple[tuple[str, str | float | bool], ...]


class Claim(NamedTuple):
    """One sourced, dated statement.

    Either `object` is a node id or `value` is a literal (or both: an amount on a link, in `unit`). `qualifier` tells
    apart facts of one triple that may stand side by side. `as_of` and `until` are partial ISO dates; `until` is
    exclusive. `detail` holds the extras its predicate declares, sorted by name. `note` is in our own words.
    """

    subject: str
    predicate: str
    object: str | None
    value: float | str | None
    unit: str | None
    qualifier: str
    as_of: str | None
    until: str | None
    flags: tuple[str, ...]
    detail: Detail
    source: str
    note: str
    confidence: float


def claim_id(claim: Claim) -> str:
    """`clm:` and 24 hex digits, from everything but the note: the same row twice is one claim."""
    return "clm:" + claim_digest(claim).hex()


def claim_digest(claim: Claim) -> bytes:
    """The twelve bytes of a claim's id; stores work these out for every row, so it is kept lean."""
    subject, predicate, object_, value, unit, qualifier, as_of, until, flags, detail, source, _, confidence = claim
    text = "\x1f".join((
        subject, predicate, object_ or "",
        "" if value is None else f"n{value!r}" if isinstance(value, float) else f"t{value}",
        unit or "", qualifier, as_of or "", until or "", ",".join(flags),
        json.dumps(detail, ensure_ascii=False) if detail else "", source, _shown(confidence),
    ))  # fmt: skip
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()


@lru_cache(maxsize=4096)
def _shown(confidence: float) -> str:
    return f"{confidence:.6g}"


class Source(NamedTuple):
    """A document that claims come from. `grade`: official, company, press or other; `date` partial ISO or None."""

    id: str
    url: str
    publisher: str
    date: str | None
    grade: str
    licence: str = ""


GRADES: dict[str, tuple[str, str]] = {
    "official": ("官方", "official"),
    "company": ("企业", "company"),
    "press": ("媒体", "press"),
    "other": ("其他", "other"),
}

Action = Literal["accept", "reject", "retract", "same_as", "not_same_as"]


class Decision(NamedTuple):
    """Something a person decided about a claim (`clm:`), a batch (`bat:`), a source (`src:`) or two nodes that are one.

    For `same_as` and `not_same_as`, `target` is the node that keeps its id and `other` the one read as it.
    """

    action: Action
    target: str
    other: str
    who: str
    when: str
    why: str


class Batch(NamedTuple):
    """The claims of one load, recorded together or not at all.

    `dataset` names what is loaded, so that `replaces` can sweep what the same data set said before and no longer says.
    `declared` is the status its claims have while nobody decided otherwise. `key` makes recording exactly-once: a
    batch whose key the store has seen is not recorded again, its old receipt is returned.
    """

    key: str
    dataset: str
    declared: Literal["proposed", "accepted"]
    replaces: bool
    when: str
    who: str
    sources: Iterable[Source]
    claims: Iterable[Claim]


class BatchRecord(NamedTuple):
    """A batch as the store remembers it. `live`: neither undone nor swept by a later `replaces` of its data set."""

    id: str
    key: str
    dataset: str
    declared: str
    replaces: bool
    when: str
    who: str
    live: bool
    revision: int
    claims: int


class StoredClaim(NamedTuple):
    """A claim with what the store knows of it.

    `revision`: at which it was first recorded; `changed`: at which its status last changed.
    """

    id: str
    claim: Claim
    status: Status
    recorded_at: str
    revision: int
    changed: int


class Receipt(NamedTuple):
    """What recording or deciding did.

    `restored`: claims retracted before that count again; `retracted`: claims that no longer do.
    """

    batch: str | None
    added: int
    same: int
    restored: int
    retracted: int
    revision: int
