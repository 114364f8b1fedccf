"""The ledger as the command line and the service use it: freeze a list, enter what came of it, tell how it stands."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from graph.model.ledger import Entry
from graph.model.merging import read_as
from graph.stores.port import Store
from queries.outcomes.entries import Remark, Said, outcome_entry, undoing_entry
from queries.outcomes.frozen_lists import FrozenList, Listed, freeze, on_the_list, the_list
from queries.outcomes.funnel import OutcomesFound, lists_in, outcomes_of


class Moment(NamedTuple):
    """When and by whom something is entered: `when` with the offset of the office, whose day it is."""

    when: datetime
    who: str

    @property
    def text(self) -> str:
        """As the ledger keeps it."""
        return self.when.isoformat(timespec="seconds")

    @property
    def day(self) -> date:
        """The day of the office."""
        return self.when.date()


class Given(NamedTuple):
    """What somebody says came of an enterprise, or with `undo`, what did not."""

    list: str
    enterprise: str
    stage: str
    on: str | None
    note: str = ""
    undo: bool = False


class Kept(NamedTuple):
    """What was entered, about whom, and whether it is new."""

    entry: Entry
    target: Listed
    is_new: bool
    remarks: tuple[Remark, ...]


def local_now() -> datetime:
    """Now, as the clock on the wall of the office says."""
    return datetime.now().astimezone()


def freeze_list(store: Store, name: str, citation: Mapping[str, Any], moment: Moment) -> bool:
    """Keep a list; False when this very list was there. Raises BadInput."""
    return store.enter([freeze(name, citation, moment.who, moment.text)]).added == 1


def list_of(store: Store, name: str) -> FrozenList:
    """A list by its name. Raises UnknownName."""
    return the_list(store.entries("list"), name)


def lists_of(store: Store) -> list[FrozenList]:
    """All lists, oldest first."""
    return lists_in(store.entries("list"))


def outcomes_in(store: Store, name: str | None) -> OutcomesFound:
    """What came of a list, or of all. Raises UnknownName."""
    return outcomes_of([list_of(store, name)] if name else lists_of(store), store.entries("outcome"))


def enter_outcome(store: Store, given: Given, moment: Moment) -> Kept:
    """Enter what came of one on a list, or take an entry back. Raises UnknownName, AmbiguousName, BadInput."""
    frozen_list = list_of(store, given.list)
    target = _target(store, frozen_list, given.enterprise)
    records = store.entries("outcome", frozen_list.name)
    remarks: tuple[Remark, ...] = ()
    if given.undo:
        entry = undoing_entry(frozen_list, target, given.stage, given.on, moment.who, moment.text, records)
    else:
        said = Said(given.stage, given.on or "", given.note, moment.who, moment.text, moment.day)
        entry, remarks = outcome_entry(frozen_list, target, said, records)
    return Kept(entry, target, store.enter([entry]).added == 1, remarks)


def _target(store: Store, frozen_list: FrozenList, text: str) -> Listed:
    hits = store.search(text, ["enterprise"], 20)
    called = [hit.node for hit in hits if hit.how == "exact"]
    like = [hit.node for hit in hits]
    return on_the_list(frozen_list, text, called, like, read_as(record.decision for record in store.decisions()))
