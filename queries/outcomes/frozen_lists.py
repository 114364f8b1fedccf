"""Frozen lists: a list of targets as it was given, kept under a name with its citation, its weights and its day."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from graph.model.errors import AmbiguousName, BadInput, Candidate, UnknownName
from graph.model.ledger import Entry, EntryRecord, body_of, list_name
from graph.model.names import normal
from queries.base import NodeRef

_NAMED = 5  # how many names an error lists


class Listed(NamedTuple):
    """One enterprise on a list, with its best-ranked row. `parts` are those of its score, None: not known."""

    enterprise: NodeRef
    product: NodeRef | None
    rank: int
    score: float | None
    parts: Mapping[str, float | None]


class FrozenList(NamedTuple):
    """A list as it was frozen; `day` is the day of the office, `citation` the whole file for `rechain verify`."""

    name: str
    when: str
    day: date
    who: str
    question: str
    params: Mapping[str, Any]
    as_of: str
    revision: int
    weights: Mapping[str, float]
    targets: tuple[Listed, ...]
    truncated: bool
    citation: Mapping[str, Any]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    name: str
    weight: float | None = None
    value: float | None = None
    unknown: bool = False  # the value is then a neutral one


class _Node(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    id: str
    name_zh: str | None = None
    name_en: str | None = None

    def ref(self) -> NodeRef:
        return NodeRef(id=self.id, name_zh=self.name_zh, name_en=self.name_en)


class _Target(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    enterprise: _Node
    product: _Node | None = None
    rank: int
    score: float | None = None
    parts: list[_Part] = []


class _Payload(BaseModel):
    """What an answer must have to be frozen: `targets`, each with an enterprise and a rank."""

    model_config = ConfigDict(extra="ignore", strict=True)

    targets: list[_Target]
    weights: dict[str, float] = {}
    truncated: bool = False


def freeze(name: str, citation: Mapping[str, Any], who: str, when: str) -> Entry:
    """The entry that keeps the answer of a citation as a list. Raises BadInput for an answer that is no list."""
    entry = Entry("list", list_name(name), when, who, body_of(citation))
    if not frozen(entry).targets:
        raise BadInput("Nobody is on this list, so there is nothing to freeze. Ask for another product or region.")
    return entry


def frozen(entry: Entry) -> FrozenList:
    """A list out of its entry. Raises BadInput for an answer that is no list of targets."""
    citation = json.loads(entry.body)
    head = citation["citation"]
    try:
        payload = _Payload.model_validate(citation["answer"])
    except ValidationError:
        raise BadInput(
            "An answer to '{question}' is no list of targets and cannot be frozen. Freeze one of: rechain targets",
            question=str(head["question"])[:60],
        ) from None
    return FrozenList(
        entry.name,
        entry.when,
        datetime.fromisoformat(entry.when).date(),
        entry.who,
        head["question"],
        head["params"],
        head["as_of"],
        head["revision"],
        payload.weights or _weights_of(payload.targets),
        _best_rows(payload.targets),
        payload.truncated,
        citation,
    )


def the_list(records: Iterable[EntryRecord], name: str) -> FrozenList:
    """The list of a name. Raises UnknownName, which says what lists there are."""
    known = {record.entry.name: record.entry for record in records if record.entry.book == "list"}
    wanted = list_name(name)
    if wanted in known:
        return frozen(known[wanted])
    if not known:
        raise UnknownName(
            "There is no frozen list '{name}', nor any other. Freeze one with: rechain targets ... --freeze NAME",
            name=wanted,
        )
    close = get_close_matches(wanted, known, _NAMED, 0.3)
    listed = [*close, *(one for one in known if one not in close)]
    raise UnknownName(
        "There is no frozen list '{name}'. There are {count}: {known}.",
        name=wanted,
        count=len(known),
        known=", ".join(listed[: 2 * _NAMED]) + (", …" if len(listed) > 2 * _NAMED else ""),
    )


def on_the_list(
    frozen_list: FrozenList, text: str, called: Sequence[str], like: Sequence[str], same: Mapping[str, str]
) -> Listed:
    """The enterprise that a text means, among those on a list.

    `called` are the nodes of the graph that have it as a name, `like` those with it in a name; `same` says which node
    is read as which (nodes merged since the list was frozen). Raises BadInput for one that is not on the list, and
    AmbiguousName.
    """
    wanted = normal(text)

    def among(nodes: Sequence[str], one: Listed) -> bool:
        return same.get(one.enterprise.id, one.enterprise.id) in {same.get(node, node) for node in nodes}

    own = [one for one in frozen_list.targets if wanted in _names_of(one) or among((*called, text), one)]
    if not own and wanted:
        own = [one for one in frozen_list.targets if among(like, one) or any(wanted in name for name in _names_of(one))]
    if len(own) == 1:
        return own[0]
    if own:
        raise AmbiguousName(
            text[:60], [Candidate(one.enterprise.id, one.enterprise.name_zh, one.enterprise.name_en) for one in own]
        )
    names = [name for one in frozen_list.targets for name in _shown_names(one)]
    near = get_close_matches(text, names, _NAMED, 0.4)
    if near:
        raise BadInput(
            "'{name}' is not on the list '{list}'. Close to it are: {close}.",
            name=text[:60],
            list=frozen_list.name,
            close=", ".join(near),
        )
    first = [_shown_names(one)[0] for one in frozen_list.targets]
    raise BadInput(
        "'{name}' is not on the list '{list}'. On it are {count}: {known}.",
        name=text[:60],
        list=frozen_list.name,
        count=len(first),
        known=", ".join(first[:_NAMED]) + (", …" if len(first) > _NAMED else ""),
    )


def _best_rows(targets: Iterable[_Target]) -> tuple[Listed, ...]:
    """One row an enterprise: a list for several products may name it more than once. Better score, of equal ranks."""
    best: dict[str, Listed] = {}
    for one in targets:
        row = Listed(
            one.enterprise.ref(),
            one.product.ref() if one.product else None,
            one.rank,
            one.score,
            {part.name: None if part.unknown else part.value for part in one.parts},
        )
        known = best.get(row.enterprise.id)
        if known is None or (row.rank, -(row.score or 0)) < (known.rank, -(known.score or 0)):
            best[row.enterprise.id] = row
    return tuple(sorted(best.values(), key=lambda row: (row.rank, -(row.score or 0))))


def _weights_of(targets: Iterable[_Target]) -> dict[str, float]:
    return {part.name: part.weight for one in targets for part in one.parts if part.weight is not None}


def _shown_names(one: Listed) -> list[str]:
    return [name for name in (one.enterprise.name_zh, one.enterprise.name_en) if name] or [one.enterprise.id]


def _names_of(one: Listed) -> set[str]:
    return {normal(name) for name in (one.enterprise.id, *_shown_names(one))}
