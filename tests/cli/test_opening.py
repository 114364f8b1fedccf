"""How a command reads a store: with which reader, and what it does when somebody writes meanwhile."""

from collections.abc import Callable, Iterator

import pytest

from api.texts import Tongue
from cli.opening import ask, opened
from graph.model.errors import StoreBusy
from graph.readers.port import Reader
from graph.stores.port import Store


@pytest.fixture
def store(here: None, drawing: str) -> Iterator[Store]:
    """The drawing, in surroundings without settings."""
    with opened(drawing) as found:
        yield found


@pytest.mark.parametrize("times", [0, 1, 2])
def test_a_question_somebody_wrote_into_is_asked_once_more(store: Store, drawing: str, times: int) -> None:
    asked: list[Reader] = []

    def question(reader: Reader) -> int:
        asked.append(reader)
        if len(asked) <= times:
            raise StoreBusy("Somebody wrote.")
        return reader.revision

    def answer() -> int:
        return ask(store, drawing, "2026-11-23", None, Tongue("en", "en"), question)

    if times == 2:
        with pytest.raises(StoreBusy):
            answer()
    else:
        assert answer() == 1
    assert len(asked) == min(times + 1, 2)


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        ("neo4j", "The reader 'neo4j' needs a Neo4j store"),
        ("bolt", "'RECHAIN_READER' should be one of snapshot, neo4j, not 'bolt'."),
    ],
)
@pytest.mark.parametrize("command", [("producers", "prd:motor"), ("serve", "--port", "0")], ids=["question", "service"])
def test_a_reader_that_cannot_be_had(
    rechain: Callable[..., tuple[int, str, str]], reader: str, said: str, command: tuple[str, ...]
) -> None:
    code, out, err = rechain(*command, RECHAIN_READER=reader)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
