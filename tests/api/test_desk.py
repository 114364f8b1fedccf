"""The desk by itself: what happens to a question when somebody writes while it is worked out."""

import asyncio
from collections.abc import Callable

import pytest
from conftest import TODAY

from api.app import create_app
from api.desk import Address, Desk, Question
from api.settings import Settings
from graph.model.errors import BadInput, StoreBusy
from graph.readers.opening import Readers
from graph.readers.port import Reader
from graph.stores.port import Store
from queries.base import Query
from queries.lookup import producers

PARAMS = producers.ProducersParams(product="prd:motor")


def _ask(store: Store, run: Callable[[Reader, producers.ProducersParams], producers.ProducersAnswer]) -> bytes:
    """The body that the desk gives for a question worked out like this."""
    desk = Desk(store, Readers(store), Settings(), lambda: TODAY.valid)
    question = Question(Query("producers", "", "", producers.ProducersParams, producers.ProducersAnswer, run), PARAMS)
    try:
        return bytes(asyncio.run(desk.answer(question, Address("/producers", b""))).body)
    finally:
        desk.close()


@pytest.mark.parametrize("times", [0, 1, 2])
def test_a_question_somebody_wrote_into_is_asked_once_more(tiny_store: Store, times: int) -> None:
    """Once is met with a fresh reader and nobody hears of it; twice in a row is said."""
    readers: list[Reader] = []

    def run(reader: Reader, params: producers.ProducersParams) -> producers.ProducersAnswer:
        readers.append(reader)
        if len(readers) <= times:
            raise StoreBusy("Somebody wrote.")
        return producers.QUERY.run(reader, params)

    if times == 2:
        with pytest.raises(StoreBusy):
            _ask(tiny_store, run)
    else:
        assert _ask(tiny_store, run) == producers.QUERY.run(readers[0], PARAMS).model_dump_json().encode()
    assert len(readers) == min(times + 1, 2)


def test_the_application_reads_as_the_settings_say(tiny_store: Store) -> None:
    """The reader of a Neo4j server, asked of another store, is refused at once."""
    if tiny_store.location.startswith("bolt"):
        create_app(tiny_store, Settings(reader="neo4j"))
    else:
        with pytest.raises(BadInput, match="RECHAIN_READER=snapshot"):
            create_app(tiny_store, Settings(reader="neo4j"))
