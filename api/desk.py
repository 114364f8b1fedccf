"""The desk: takes a question, hands it to a worker thread, and keeps the bytes of the answer by revision.

A kept answer leaves from the event loop's thread; a new one is worked out in a thread, so that building a snapshot or a
slow walk never keeps others waiting (measured: docs/decisions/0004-kept-answers-and-threads.md).
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from hashlib import blake2b
from io import BytesIO
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlencode

from api.cursors import Cursor, next_cursor
from api.documents import Document
from api.errors import StaleCursor
from api.settings import Settings
from api.shelf import Headers, Reply, Shelf
from graph.model.dates import AsOf
from graph.model.errors import StoreBusy
from graph.readers.opening import Readers
from graph.readers.port import Reader
from graph.stores.port import Store
from queries.base import Answer, Params, Query
from queries.bundles import ZIP_BEGINS, read_bundle
from queries.citations import Cited, Verdict, cite, read_citation, verify, written

_ADDRESSES_KEPT = 4096
# Exports put together at a time: each keeps a core busy.
_AT_LENGTH = 2
# What is sent has no name that an error could tell.
_BODY = "body"
T = TypeVar("T")


class Address(NamedTuple):
    """Where a request was sent: the path, and the raw text after the question mark."""

    path: str
    query: bytes


class Question(NamedTuple):
    """A question as asked. `as_of` None means today; `revision` is the one its cursor was cut from, if it has one."""

    query: Query[Any, Any]
    params: Params
    as_of: date | None = None
    known_at: date | None = None
    revision: int | None = None
    as_citation: bool = False
    document: Document | None = None


class Rendering(NamedTuple):
    """A node in another form: `name` says which form it has, `make` writes it, `headers` are sent beside the usual."""

    name: str
    node: str
    media_type: str
    make: Callable[[Reader], bytes]
    as_of: date | None = None
    known_at: date | None = None
    headers: Sequence[tuple[bytes, bytes]] = ()


class _Key(NamedTuple):
    name: str
    at: AsOf
    params: str
    as_citation: bool = False
    document: Document | None = None


class _Known(NamedTuple):
    """What an address asks: `day` when "today" was meant, `revision` when a cursor bound it to one."""

    key: _Key
    day: date | None
    revision: int | None


class Desk:
    """Answers the questions of one store. Its coroutines belong to one event loop."""

    def __init__(self, store: Store, readers: Readers, settings: Settings, today: Callable[[], date]) -> None:
        self._store = store
        self._readers = readers
        self._today = today
        self.lang = settings.lang
        self._workers = settings.workers
        self._hire()
        self._next_look: asyncio.Task[int] | None = None
        self._shelf = Shelf(settings.cache_mb * 1_000_000)
        self._addresses: OrderedDict[Address, _Known] = OrderedDict()
        self.snapshot: int | None = None

    async def revision(self) -> int:
        """The store's revision, looked up after this was called; requests that wait together share one look."""
        if self._next_look is None:
            self._next_look = asyncio.ensure_future(self._look())
            # So that a look nobody waits for any more may fail in silence.
            self._next_look.add_done_callback(lambda look: look.cancelled() or look.exception())
        return await asyncio.shield(self._next_look)

    async def _look(self) -> int:
        # After one turn of the loop: who is ready by now shares this look, who comes later begins another.
        await asyncio.sleep(0)
        self._next_look = None
        return await asyncio.get_running_loop().run_in_executor(self._watch, self._store.revision)

    async def recall(self, address: Address) -> Reply | None:
        """The kept answer to a request seen before, while the data and the day are still the same."""
        known = self._addresses.get(address)
        if known is None or known.day not in (None, self._today()):
            return None
        revision = await self.revision()
        if known.revision not in (None, revision):
            return None
        return self._shelf.get((revision, known.key))

    async def answer(self, question: Question, address: Address) -> Reply:
        """The answer, kept or worked out now. Raises StaleCursor, and what the question raises."""
        today = self._today()
        at = AsOf(question.as_of or today, question.known_at)
        key = _Key(question.query.name, at, question.params.model_dump_json(), question.as_citation, question.document)
        revision = await self.revision()
        _check(question.revision, revision)
        reply = self._shelf.get((revision, key))
        if reply is None:
            work = asyncio.get_running_loop().run_in_executor(self._pool, self._work_out, question, key, address)
            revision, fresh = await work
            self._shelf.put((revision, key), fresh)
            reply = fresh
        self._addresses[address] = _Known(key, None if question.as_of else today, question.revision)
        if len(self._addresses) > _ADDRESSES_KEPT:
            self._addresses.popitem(last=False)
        return reply

    def _work_out(self, question: Question, key: _Key, address: Address) -> tuple[int, Reply]:
        def ask(reader: Reader) -> tuple[int, Any]:
            self.snapshot = reader.revision
            _check(question.revision, reader.revision)
            return reader.revision, question.query.run(reader, question.params)

        revision, answer = self._readers.answer(key.at, ask)
        body, headers = _body(question, answer)
        reply = self._reply(revision, key, body, headers)
        cursor = next_cursor(question.query.name, question.params, answer)
        if cursor is not None:
            reply.headers.append((b"link", _link(address, cursor)))
            reply.headers.append((b"x-next-cursor", cursor.text().encode()))
        return revision, reply

    async def rendering(self, asked: Rendering) -> Reply:
        """A node in another form, kept or made now. Raises what making it raises."""
        at = AsOf(asked.as_of or self._today(), asked.known_at)
        key = _Key(asked.name, at, asked.node)
        kept = self._shelf.get((await self.revision(), key))
        if kept is not None:
            return kept

        def make(reader: Reader) -> tuple[int, bytes]:
            self.snapshot = reader.revision
            return reader.revision, asked.make(reader)

        def work() -> tuple[int, Reply]:
            revision, body = self._readers.answer(at, make)
            return revision, self._reply(revision, key, body, [(b"content-type", asked.media_type.encode())])

        revision, reply = await asyncio.get_running_loop().run_in_executor(self._pool, work)
        reply.headers.extend(asked.headers)
        self._shelf.put((revision, key), reply)
        return reply

    def _reply(self, revision: int, key: _Key, body: bytes, own: Headers) -> Reply:
        digest = blake2b(f"{self._store.identity} {key}".encode(), digest_size=9).hexdigest()
        etag = f'W/"{revision}-{digest}"'.encode()
        headers = [
            *own,
            (b"content-length", str(len(body)).encode()),
            (b"etag", etag),
            (b"cache-control", b"private, no-cache"),
        ]
        return Reply(body, etag, headers)

    async def at_length(self, as_of: date | None, known_at: date | None, work: Callable[[Reader], T]) -> T:
        """What a long piece of work finds in the graph; in a thread that no question waits for."""
        at = AsOf(as_of or self._today(), known_at)

        def ask(reader: Reader) -> T:
            self.snapshot = reader.revision
            return work(reader)

        return await asyncio.get_running_loop().run_in_executor(self._slow, self._readers.answer, at, ask)

    @property
    def today(self) -> date:
        """The day that is meant where none is named."""
        return self._today()

    async def verify(self, content: bytes, questions: Mapping[str, Query[Any, Any]]) -> tuple[Cited, Verdict]:
        """Whether the citation in these bytes, or the bundle, holds. Raises UnreadableFile."""

        def check() -> tuple[Cited, Verdict]:
            if content.startswith(ZIP_BEGINS):
                cited, damage = read_bundle(BytesIO(content), _BODY)
            else:
                cited, damage = read_citation(content, _BODY), ()
            try:
                verdict = verify(cited, self._reader, questions)
            except StoreBusy:  # somebody wrote meanwhile
                verdict = verify(cited, self._reader, questions)
            return cited, verdict._replace(changes=damage or verdict.changes)

        return await asyncio.get_running_loop().run_in_executor(self._pool, check)

    async def with_store(self, work: Callable[[Store], T]) -> T:
        """What some work on the store finds, done in a thread. Nothing of it is kept for others."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, self._store)

    def warm_up(self) -> None:
        """Begin to build today's snapshot, so that the first question finds it."""
        self._pool.submit(self._reader, AsOf(self._today()))

    def close(self) -> None:
        """Begin nothing more of what waits, and end once what runs has ended: then the store may be closed."""
        self._pool.shutdown(cancel_futures=True)
        self._watch.shutdown(cancel_futures=True)
        self._slow.shutdown(cancel_futures=True)
        # An application may be started again.
        self._hire()

    def _hire(self) -> None:
        self._pool = ThreadPoolExecutor(self._workers, "question")
        # Apart from the questions, so that a long one does not keep the short look at the revision waiting.
        self._watch = ThreadPoolExecutor(1, "revision")
        self._slow = ThreadPoolExecutor(_AT_LENGTH, "export")

    def _reader(self, at: AsOf) -> Reader:
        reader = self._readers.at(at)
        self.snapshot = reader.revision
        return reader


def _body(question: Question, answer: Answer) -> tuple[bytes, Headers]:
    """An answer as it leaves: as JSON, as a citation, or as a document."""
    if question.document is not None:
        return question.document.written(answer)
    text = written(cite(question.query, answer)) if question.as_citation else answer.model_dump_json()
    return text.encode(), [(b"content-type", b"application/json")]


def _check(expected: int | None, revision: int) -> None:
    if expected not in (None, revision):
        raise StaleCursor(
            "This cursor was cut from revision {old}, and the data is now at revision {new}. Begin again without one.",
            old=expected,
            new=revision,
        )


def _link(address: Address, cursor: Cursor) -> bytes:
    given = parse_qsl(address.query.decode("latin-1"), keep_blank_values=True)
    kept = [(name, value) for name, value in given if name not in ("cursor", "offset")]
    return f'<{address.path}?{urlencode([*kept, ("cursor", cursor.text())])}>; rel="next"'.encode()
