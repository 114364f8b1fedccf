"""From one store to another: the history is replayed, batch by batch and decision by decision, in order.

The ledger comes last.
"""

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import NamedTuple

from graph.model.claims import Batch, BatchRecord, Source, StoredClaim
from graph.model.errors import BadInput
from graph.stores.port import ClaimFilter, DecisionRecord, Store

_SHOWN = 20
_ENTRIES_AT_ONCE = 100  # a list holds a whole answer
Event = BatchRecord | DecisionRecord


class Copied(NamedTuple):
    """What a copy did: `skipped` events and entries were in the target already, from an earlier try."""

    batches: int
    decisions: int
    claims: int
    entries: int
    skipped: int


class Difference(NamedTuple):
    """Something in which two stores differ: what it is, and what each says of it (None: nothing)."""

    kind: str
    id: str
    here: str | None
    there: str | None


class Comparison(NamedTuple):
    """How two stores compare; `differences` lists the first ones, `different` counts them all."""

    claims: int
    sources: int
    batches: int
    decisions: int
    entries: int
    different: int
    differences: tuple[Difference, ...]


def copy_store(source: Store, target: Store, progress: Callable[[int], None] | None = None) -> Copied:
    """Replay the source's history in the target. A copy that was broken off is taken up where it stopped.

    The target must be empty or hold the beginning of the same history; raises BadInput otherwise. `progress` is
    called with the claims copied so far.
    """
    events, done = history(source), history(target)
    ledger, entered = source.entries(), target.entries()
    if [_mark(event) for event in done] != [_mark(event) for event in events[: len(done)]] or [
        one.entry for one in entered
    ] != [one.entry for one in ledger[: len(entered)]]:
        raise BadInput(
            "The target {target} holds something else than {source}. Copy into an empty store.",
            target=target.location,
            source=source.location,
        )
    batches = decisions = claims = 0
    for number, event in enumerate(events[len(done) :], len(done)):
        if isinstance(event, DecisionRecord):
            target.decide([event.decision])
            decisions += 1
            continue
        # All sources go with the first batch: a store does not remember which load brought which.
        carried = _counted(source.claims(ClaimFilter(batch=event.id)), claims, progress)
        target.record(
            Batch(
                key=event.key,
                dataset=event.dataset,
                declared="proposed" if event.declared == "proposed" else "accepted",
                replaces=event.replaces,
                when=event.when,
                who=event.who,
                sources=source.sources() if number == 0 else (),
                claims=(stored.claim for stored in carried),
            )
        )
        batches += 1
        claims += event.claims
    new = ledger[len(entered) :]
    for start in range(0, len(new), _ENTRIES_AT_ONCE):
        target.enter([one.entry for one in new[start : start + _ENTRIES_AT_ONCE]])
    return Copied(batches, decisions, claims, len(new), len(done) + len(entered))


def history(store: Store) -> list[Event]:
    """All batches and decisions in the order they were made.

    Both know the revision they led to. A batch that changed nothing has the revision it found, so at one revision the
    decision that made it comes first; what is left is told apart by time.
    """
    events: list[tuple[int, str, int, int, Event]] = []
    for number, batch in enumerate(store.batches()):
        events.append((batch.revision, batch.when, 1, number, batch))
    for record in store.decisions():
        events.append((record.revision, record.decision.when, 0, record.number, record))
    return [event[-1] for event in sorted(events, key=lambda event: event[:-1])]


def compare_stores(here: Store, there: Store) -> Comparison:
    """Whether two stores hold the same claims (with status), sources, batches, decisions and ledger."""
    found: list[Difference] = []
    counts: dict[str, int] = {}
    different = 0
    for kind, ours, theirs in (
        ("claim", _claims(here), _claims(there)),
        ("source", _sources(here), _sources(there)),
        ("batch", _batches(here), _batches(there)),
        ("decision", _decisions(here), _decisions(there)),
        ("entry", _entries(here), _entries(there)),
    ):
        counts[kind] = 0
        unmatched: dict[str, list[str | None]] = {}
        for one, other in zip_longest(ours, theirs):
            counts[kind] += one is not None
            if one == other:
                continue
            # Out of step: remember both until their partners come.
            for side, pair in enumerate((one, other)):
                if pair is not None:
                    seen = unmatched.setdefault(pair[0], [None, None])
                    seen[side] = pair[1]
                    if seen[0] == seen[1]:
                        del unmatched[pair[0]]
        different += len(unmatched)
        room = _SHOWN - len(found)
        found.extend(Difference(kind, id_, *said) for id_, said in sorted(unmatched.items())[: max(room, 0)])
    claims, sources, batches, decisions, entries = counts.values()
    return Comparison(claims, sources, batches, decisions, entries, different, tuple(found))


def _counted(
    claims: Iterator[StoredClaim], before: int, progress: Callable[[int], None] | None
) -> Iterator[StoredClaim]:
    for number, stored in enumerate(claims, before + 1):
        if progress and number % 10_000 == 0:
            progress(number)
        yield stored


def _mark(event: Event) -> tuple[object, ...]:
    """What must be equal for two events to be the same one in two stores."""
    if isinstance(event, DecisionRecord):
        return ("decision", *event.decision)
    return ("batch", event.key, event.dataset, event.claims)


def _claims(store: Store) -> Iterator[tuple[str, str]]:
    for stored in store.claims():
        yield stored.id, f"{stored.status} {stored.claim.note}"


def _sources(store: Store) -> Iterator[tuple[str, str]]:
    for source in store.sources():
        yield source.id, _text(source)


def _text(source: Source) -> str:
    return " | ".join(str(part) for part in source[1:])


def _batches(store: Store) -> Iterator[tuple[str, str]]:
    for batch in store.batches():
        yield batch.id, f"{batch.dataset} {batch.when} {'live' if batch.live else 'not live'} {batch.claims}"


def _decisions(store: Store) -> Iterator[tuple[str, str]]:
    for record in store.decisions():
        yield str(record.number), " | ".join(record.decision)


def _entries(store: Store) -> Iterator[tuple[str, str]]:
    for record in store.entries():
        yield record.id, " | ".join(record.entry)
