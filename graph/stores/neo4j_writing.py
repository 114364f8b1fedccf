"""One writer of a Neo4j store: which transactions a change takes, and clearing up after a writer that was killed."""

import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from threading import Lock
from typing import Protocol, TypeVar

from graph.model.claims import Claim, Decision, Receipt
from graph.model.errors import StoreBusy, StoreDown, StoreError
from graph.model.ledger import Entered, Entry
from graph.stores import neo4j_statements as statements
from graph.stores.neo4j_deciding import count_about_nodes, decide, earlier_decision
from graph.stores.neo4j_graph import Touched, changed_since, merges, pieces, project, regrouped, turn
from graph.stores.neo4j_ledger import enter
from graph.stores.neo4j_meta import Meta, Unfinished, change, go_on, lock, take_lease
from graph.stores.neo4j_recording import Carried, Plan, begin_batch, carry, earlier_receipt, settle, triples_of_sources
from graph.stores.neo4j_rows import Result, Transaction, chunks
from graph.stores.port import Progress

T = TypeVar("T")


class Write(Protocol):
    """Runs a body in a write transaction until one run of it is known to be kept; the body must know its own traces."""

    def __call__(self, body: Callable[[Transaction], T]) -> T: ...


class Limits:
    """`at_once`: claims up to which a batch is one transaction; `piece`: claims a transaction of a larger one."""

    def __init__(self, at_once: int = 20_000, piece: int = 10_000, busy_seconds: float = 5.0) -> None:
        self.at_once, self.piece, self.busy_seconds = at_once, piece, busy_seconds


class Writer:
    """Writes for one store object, one change at a time. Its token tells its own traces from those of others."""

    def __init__(self, write: Write, location: str, today: Callable[[], date], limits: Limits) -> None:
        self._write, self._location, self._clock, self._limits = write, location, today, limits
        self._token = secrets.token_hex(16)
        self._lock = Lock()

    def record(self, plan: Plan, progress: Progress | None) -> Receipt:
        """See Store.record."""
        if len(plan.claims) <= self._limits.at_once:
            return self._in_turn(lambda: self._record_at_once(plan, progress))
        return self._in_turn(lambda: self._record_in_pieces(plan, progress))

    def decide(self, decisions: Sequence[Decision]) -> Receipt:
        """See Store.decide."""
        call = secrets.token_hex(16)
        return self._in_turn(lambda: self._decide(decisions, call))

    def enter(self, entries: Sequence[Entry]) -> Entered:
        """See Store.enter."""

        def body(tx: Transaction) -> Entered:
            lock(tx, self._token, self._location)
            return enter(tx, entries)

        return self._in_turn(lambda: self._write(body))

    def recover(self) -> None:
        """Clear up after a writer that was killed, and bring the plain graph up to today and the revision of now."""
        self._in_turn(self._recover)

    def _in_turn(self, work: Callable[[], T]) -> T:
        """Do it when no other writer is at work, waiting for a while."""
        deadline = time.monotonic() + self._limits.busy_seconds
        if not self._lock.acquire(timeout=self._limits.busy_seconds):
            raise StoreBusy("Another thread is loading into {location}. Try again.", location=self._location)
        try:
            while True:
                try:
                    return work()
                except Unfinished:
                    self._recover()
                except StoreBusy:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.1)
        finally:
            self._lock.release()

    def _today(self, meta: Meta) -> date:
        """The day of the plain graph: today, and never before what it already is of."""
        today = self._clock()
        return max(today, date.fromisoformat(meta.facts_as_of)) if meta.facts_as_of else today

    # One transaction

    def _record_at_once(self, plan: Plan, progress: Progress | None) -> Receipt:
        def body(tx: Transaction) -> tuple[Receipt, bool]:
            meta = lock(tx, self._token, self._location)
            if receipt := earlier_receipt(tx, plan.batch.key):
                return receipt, False
            today, touched = self._today(meta), Touched(upto=meta.last_n)
            begin_batch(tx, plan, meta.batches + 1)
            carried = carry(tx, plan, meta, list(plan.claims.items()), 0, today)
            touched.added += carried.accepted
            receipt = settle(tx, plan, meta, carried.added, carried.stirred, touched)
            change(tx, revision=receipt.revision, batches=meta.batches + 1, last_n=meta.last_n + carried.added)
            return receipt, self._follow(tx, meta, receipt.revision, touched, plan, today)

        receipt, behind = self._write(body)
        if progress:
            progress(plan.rows)
        if behind:
            self._recover()
        return receipt

    def _decide(self, decisions: Sequence[Decision], call: str) -> Receipt:
        def body(tx: Transaction) -> tuple[Receipt, bool]:
            meta = lock(tx, self._token, self._location)
            if receipt := earlier_decision(tx, call):
                return receipt, False
            if not decisions:
                return Receipt(None, 0, 0, 0, 0, meta.revision), False
            touched = Touched()
            receipt = decide(tx, decisions, call, meta, touched)
            change(
                tx,
                revision=receipt.revision,
                decisions=meta.decisions + len(decisions),
                merges=meta.merges + count_about_nodes(decisions),
            )
            return receipt, self._follow(tx, meta, receipt.revision, touched, None, self._today(meta))

        receipt, behind = self._write(body)
        if behind:
            self._recover()
        return receipt

    def _follow(
        self, tx: Transaction, meta: Meta, revision: int, touched: Touched, plan: Plan | None, today: date
    ) -> bool:
        """Bring the plain graph up to the revision; False, or True when that is too much for this transaction."""
        if len(touched) > self._limits.at_once * 2:
            take_lease(tx, self._token)
            return True
        self._project(tx, meta, touched, merges(tx) if meta.merges or touched.merged else {}, plan, today)
        change(tx, facts_revision=revision, facts_as_of=today.isoformat())
        return False

    @staticmethod
    def _project(
        tx: Transaction, meta: Meta, touched: Touched, same: Mapping[str, str], plan: Plan | None, today: date
    ) -> None:
        """The plain graph of what is touched, and of what begins or ends to hold by today."""
        if meta.facts_as_of and meta.facts_as_of < today.isoformat():
            turn(tx, touched, today)
        project(tx, touched, same, plan.sources if plan else {}, today)

    # Many transactions

    def _record_in_pieces(self, plan: Plan, progress: Progress | None) -> Receipt:
        def begin(tx: Transaction) -> Receipt | Meta:
            meta = lock(tx, self._token, self._location)
            if receipt := earlier_receipt(tx, plan.batch.key):
                return receipt
            begin_batch(tx, plan, meta.batches + 1)
            take_lease(tx, self._token, staging=True)
            return meta._replace(staging=True)

        begun = self._write(begin)
        if isinstance(begun, Receipt):
            return begun
        today = self._today(begun)
        try:
            receipt, touched, same = self._stage(plan, begun, today, progress)
        except StoreDown:
            raise  # no use in calling again; the lease runs out by itself
        except BaseException:
            self._let_go()
            raise
        if touched is None:
            self._recover()
        else:
            self._draw(touched, same, plan, receipt.revision, today)
        return receipt

    def _stage(
        self, plan: Plan, meta: Meta, today: date, progress: Progress | None
    ) -> tuple[Receipt, Touched | None, dict[str, str]]:
        """Carry all claims, piece by piece, then make the batch a recorded one."""
        added, rows = 0, 0
        stirred: set[str] = set()
        accepted: list[tuple[str, Claim]] = []
        for piece in chunks(plan.claims.items(), self._limits.piece):
            carried = self._carry(plan, piece, added, today)
            added += carried.added
            rows += len(piece)
            stirred.update(carried.stirred)
            accepted += carried.accepted
            if progress:
                progress(rows)

        def end(tx: Transaction) -> tuple[Receipt, Touched | None, dict[str, str]]:
            now = go_on(tx, self._token, self._location)
            if receipt := earlier_receipt(tx, plan.batch.key):  # kept before, and the answer was lost
                return receipt, None, {}
            touched = Touched(added=accepted, upto=meta.last_n)
            receipt = settle(tx, plan, now, added, stirred, touched)
            change(tx, revision=receipt.revision, batches=now.batches + 1, last_n=now.last_n + added, staging=False)
            return receipt, touched, merges(tx) if now.merges else {}

        return self._write(end)

    def _carry(self, plan: Plan, piece: Sequence[tuple[str, Claim]], before: int, today: date) -> Carried:
        return self._write(lambda tx: carry(tx, plan, go_on(tx, self._token, self._location), piece, before, today))

    def _let_go(self) -> None:
        """Let others in at once; what was left half done they clear up."""

        def body(tx: Transaction) -> None:
            go_on(tx, self._token, self._location)
            change(tx, lease=0)

        with suppress(StoreError):
            self._write(body)

    def _draw(self, touched: Touched, same: Mapping[str, str], plan: Plan | None, revision: int, today: date) -> None:
        """Bring the plain graph up to a revision, piece by piece."""
        there: set[str] = set()
        for piece in pieces(touched, same, self._limits.piece):
            there.update(self._draw_piece(piece, same, plan, today, () if piece.losing or piece.merged else there))
        self._finish(same, revision, today)

    def _draw_piece(
        self, piece: Touched, same: Mapping[str, str], plan: Plan | None, today: date, there: Collection[str]
    ) -> Collection[str]:
        def body(tx: Transaction) -> Collection[str]:
            go_on(tx, self._token, self._location)
            # A body may run again, and drawing adds to what is touched.
            again = replace(piece, old=set(piece.old))
            return project(tx, again, same, plan.sources if plan else {}, today, there)

        return self._write(body)

    def _finish(self, same: Mapping[str, str], revision: int, today: date) -> None:
        def body(tx: Transaction) -> None:
            meta = go_on(tx, self._token, self._location)
            self._project(tx, meta, Touched(), same, None, today)
            change(tx, facts_revision=revision, facts_as_of=today.isoformat(), writer=None, lease=None)

        self._write(body)

    # After a writer that was killed

    def _recover(self) -> None:
        def take(tx: Transaction) -> Meta:
            meta = lock(tx, self._token, self._location, takes_over=True)
            take_lease(tx, self._token)
            return meta

        meta = self._write(take)
        today = self._today(meta)
        if meta.staging:
            self._clear(meta)
        self._catch_up(meta, today)

    def _clear(self, meta: Meta) -> None:
        """Take away claims and a batch that nobody has seen."""
        size = self._limits.piece

        def claims(tx: Transaction) -> int:
            go_on(tx, self._token, self._location)
            return count(tx.run(statements.CLEAR_CLAIMS, last_n=meta.last_n, limit=size))

        def carried(tx: Transaction) -> int:
            go_on(tx, self._token, self._location)
            return count(tx.run(statements.CLEAR_CARRIED, batches=meta.batches, limit=size))

        def batch(tx: Transaction) -> None:
            go_on(tx, self._token, self._location)
            tx.run(statements.CLEAR_BATCH, batches=meta.batches).consume()
            change(tx, staging=False)

        while self._write(claims):
            pass
        while self._write(carried):
            pass
        self._write(batch)

    def _catch_up(self, meta: Meta, today: date) -> None:
        """Draw anew what changed after the revision that the plain graph is of."""
        since, size = meta.facts_revision, self._limits.piece

        def merged(tx: Transaction) -> tuple[dict[str, str], Touched]:
            go_on(tx, self._token, self._location)
            same = merges(tx)
            touched = Touched(merged=regrouped(merges(tx, since), same))
            changed = tx.run(statements.SOURCES_CHANGED, since=since).single(strict=True)["ids"]
            touched.old |= triples_of_sources(tx, changed)
            return same, touched

        same, touched = self._write(merged)
        for piece in pieces(touched, same, size):
            self._draw_piece(piece, same, None, today, ())
        after: int | None = 0
        while after is not None:
            after = self._catch_up_page(since, after, same, today)
        self._finish(same, meta.revision, today)

    def _catch_up_page(self, since: int, after: int, same: Mapping[str, str], today: date) -> int | None:
        def body(tx: Transaction) -> int | None:
            go_on(tx, self._token, self._location)
            touched, following = changed_since(tx, since, after, self._limits.piece)
            project(tx, touched, same, {}, today)
            return following

        return self._write(body)


def count(result: Result) -> int:
    """The number a clearing statement gives back."""
    return int(result.single(strict=True)["cleared"])
