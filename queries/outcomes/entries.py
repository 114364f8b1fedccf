"""What came of an invitation, entry by entry: which stand, which were taken back, and what to remark on a new one.

The stages are in order: contacted, visited, signed, landed. `refused` is an end beside them.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple, get_args

from graph.model.dates import parse_date, start_of
from graph.model.errors import BadInput
from graph.model.ledger import Entry, EntryRecord, body_of, entry_id
from queries.outcomes.frozen_lists import FrozenList, Listed

Stage = Literal["contacted", "visited", "signed", "landed", "refused"]
STAGES: dict[str, tuple[str, str]] = {
    "contacted": ("已联系", "contacted"),
    "visited": ("已走访", "visited"),
    "signed": ("已签约", "signed"),
    "landed": ("已落地", "landed"),
    "refused": ("已回绝", "refused"),
}
IN_ORDER: tuple[Stage, ...] = ("contacted", "visited", "signed", "landed")
LONGEST_NOTE = 2000


class Outcome(NamedTuple):
    """An outcome that stands. `on` is the day it happened, `when` and `who` tell of the entry."""

    id: str
    list: str
    enterprise: str
    stage: str
    on: str
    note: str
    who: str
    when: str


class Remark(NamedTuple):
    """Something odd about a new entry, which is kept all the same.

    `skipped`: `stages` before it have no entry; `out_of_order`: `stages` before it are entered with a later day;
    `after_refusal`: it was refused before; `ended`: it landed before this refusal; `known`: this very entry is there.
    """

    code: Literal["skipped", "out_of_order", "after_refusal", "ended", "known"]
    stages: tuple[str, ...] = ()


class Said(NamedTuple):
    """What somebody says of one on a list: `on` is a day, `today` the day it is said, `when` the moment."""

    stage: str
    on: str
    note: str
    who: str
    when: str
    today: date


def standing(records: Iterable[EntryRecord]) -> list[Outcome]:
    """The outcomes that were not taken back, in the order of their days, and of entering within a day."""
    bodies = [(record, json.loads(record.entry.body)) for record in records if record.entry.book == "outcome"]
    gone = {undone for _, body in bodies for undone in body.get("undoes", ())}
    found = [
        Outcome(
            record.id,
            record.entry.name,
            body["enterprise"],
            body["stage"],
            body["on"],
            body["note"],
            record.entry.who,
            record.entry.when,
        )
        for record, body in bodies
        if "undoes" not in body and record.id not in gone
    ]
    return sorted(found, key=lambda outcome: outcome.on)


def outcome_entry(
    frozen_list: FrozenList, target: Listed, said: Said, records: Sequence[EntryRecord]
) -> tuple[Entry, tuple[Remark, ...]]:
    """The entry to make, and what to remark. Raises BadInput for a stage, a day or a note that cannot be."""
    stage = _stage(said.stage)
    day = _day(said.on)
    if day < frozen_list.day:
        raise BadInput(
            "{on} is before the list '{list}' was frozen ({frozen}). Only what came after it is an outcome of it.",
            on=said.on,
            list=frozen_list.name,
            frozen=frozen_list.day.isoformat(),
        )
    if day > said.today:
        raise BadInput(
            "{on} is still to come (today is {today}). Enter it when it has happened.",
            on=said.on,
            today=said.today.isoformat(),
        )
    if len(said.note) > LONGEST_NOTE:
        raise BadInput("The note has more than {most} characters. Make it shorter.", most=LONGEST_NOTE)
    body = {"enterprise": target.enterprise.id, "stage": stage, "on": said.on, "note": said.note.strip()}
    entry = Entry("outcome", frozen_list.name, said.when, said.who, body_of(body))
    gone, again = _taken_back(records), 0
    while entry_id(entry) in gone:
        # Said, taken back and said once more: another entry than the first one.
        again += 1
        entry = entry._replace(body=body_of(body | {"again": again}))
    own = [one for one in standing(records) if one.enterprise == target.enterprise.id]
    if any(one.id == entry_id(entry) for one in own):
        return entry, (Remark("known"),)
    return entry, _remarks(stage, said.on, own)


def undoing_entry(
    frozen_list: FrozenList,
    target: Listed,
    stage: str,
    on: str | None,
    who: str,
    when: str,
    records: Sequence[EntryRecord],
) -> Entry:
    """The entry that takes back what stands of a stage (on a day, or on any). Raises BadInput when nothing does."""
    wanted = _stage(stage)
    if on is not None:
        _day(on)
    own = [one for one in standing(records) if one.enterprise == target.enterprise.id]
    undone = [one.id for one in own if one.stage == wanted and on in (None, one.on)]
    if not undone:
        entered = ", ".join(f"{one.stage} {one.on}" for one in own)
        raise BadInput(
            "There is no such entry to take back. Entered for '{name}' on the list '{list}': {entered}.",
            name=target.enterprise.name_zh or target.enterprise.name_en or target.enterprise.id,
            list=frozen_list.name,
            entered=entered or "–",
        )
    body = {"enterprise": target.enterprise.id, "stage": wanted, "on": on, "undoes": undone}
    return Entry("outcome", frozen_list.name, when, who, body_of(body))


def _remarks(stage: str, on: str, own: Sequence[Outcome]) -> tuple[Remark, ...]:
    remarks = []
    entered = {one.stage for one in own}
    if stage in IN_ORDER:
        before = IN_ORDER[: IN_ORDER.index(stage)]
        if skipped := tuple(one for one in before if one not in entered):
            remarks.append(Remark("skipped", skipped))
        later = tuple(one for one in before if one in entered and all(o.on > on for o in own if o.stage == one))
        if later:
            remarks.append(Remark("out_of_order", later))
        if any(one.stage == "refused" and one.on <= on for one in own):
            remarks.append(Remark("after_refusal"))
    elif "landed" in entered:
        remarks.append(Remark("ended"))
    return tuple(remarks)


def _taken_back(records: Iterable[EntryRecord]) -> set[str]:
    return {
        undone
        for record in records
        if record.entry.book == "outcome"
        for undone in json.loads(record.entry.body).get("undoes", ())
    }


def _stage(text: str) -> Stage:
    """The stage of its word, in English or Chinese (走访 as well as 已走访)."""
    text = next((stage for stage, (zh, _) in STAGES.items() if text in (zh, zh[1:])), text)
    if text not in get_args(Stage):
        raise BadInput("'{stage}' is no stage. Use {known}.", stage=text[:40], known=", ".join(STAGES))
    found: Stage = text  # type: ignore[assignment]
    return found


def _day(text: str) -> date:
    try:
        if len(parse_date(text)) == 10:
            return start_of(text)
    except BadInput:
        pass
    raise BadInput("'{value}' is not a day. Write it as 2026-06-30.", value=text[:40])
