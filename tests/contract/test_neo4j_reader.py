"""What only the reader on a server can get wrong: another write in between, the day of its plain graph, its statements.

Its answers are tested with those of all readers (test_reader_*.py).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import tiny
from conftest import only_user
from oracles import neo4j_held
from oracles.held_store import HeldStore
from tiny import claim

from graph.model.claims import Decision, StoredClaim, claim_id
from graph.model.dates import AsOf
from graph.model.errors import BadInput, NodeMissing, StoreBusy
from graph.readers import neo4j_statements as statements
from graph.readers.opening import Readers
from graph.readers.port import Reader
from graph.stores.port import Store

TODAY = AsOf.parse("2026-11-23")
READERS = Path(statements.__file__).parent


@pytest.fixture
def held() -> Iterator[Store]:
    """The drawing on the server, its plain graph of today."""
    if not neo4j_held.URL:
        pytest.skip("RECHAIN_TEST_NEO4J names no server")
    with only_user(neo4j_held.URL):
        stored = [StoredClaim(claim_id(one), one, "accepted", "2026-01-01", 1, 1) for one in dict.fromkeys(tiny.CLAIMS)]
        yield neo4j_held.held_in_neo4j(stored, tiny.SOURCES, (), TODAY.valid)


def test_it_needs_a_neo4j_store() -> None:
    with pytest.raises(BadInput, match="held is none"):
        Readers(HeldStore((), (), ()), kind="neo4j")


@pytest.mark.neo4j
def test_a_reader_does_not_mix_two_revisions(held: Store) -> None:
    """A load and then a decision while somebody asks: the old reader says so, a new one has what came in."""
    readers = Readers(held, kind="neo4j")
    before = readers.at(TODAY)
    tally = before.tally("reg:zone")
    assert readers.at(TODAY) is before
    added = claim("ent:new", "produces", "prd:robot")
    held.record(tiny.batch((added,), key="more", dataset="more"))
    for ask in (
        lambda: before.nodes(["ent:mag1"]),
        lambda: before.nodes(["ent:new"]),
        lambda: before.nodes(["ent:nobody"]),
        lambda: before.tally("reg:zone"),
        lambda: before.claims(["ent:mag1"]),
        lambda: before.find("磁"),
        lambda: before.with_claims([]),
    ):
        with pytest.raises(StoreBusy, match=r"revision 1, now 2"):
            ask()
    after = readers.at(TODAY)
    assert after.revision == 2
    assert [maker.entity for maker in after.makers("prd:robot")] == ["ent:new"]
    assert after.tally("reg:zone").total.sum() == tally.total.sum() + 1
    held.decide([Decision("same_as", "ent:mag1", "ent:mag2", "test", "2026-01-01", "one")])  # type: ignore[arg-type]
    merged = readers.at(TODAY)
    assert merged.nodes(["ent:mag2"])[0].id == "ent:mag1"
    with pytest.raises(NodeMissing):
        merged.nodes(["ent:nobody"])


@pytest.mark.neo4j
@pytest.mark.parametrize("times", [1, 2])
def test_a_question_somebody_wrote_into_is_asked_once_more(held: Store, times: int) -> None:
    """The second time it is asked of a fresh reader; when that is written into as well, the user hears of it."""
    readers = Readers(held, kind="neo4j")
    asked: list[int] = []

    def work(reader: Reader) -> str:
        asked.append(reader.revision)
        if len(asked) <= times:
            more = f"more{len(asked)}"
            held.record(tiny.batch((claim(f"ent:{more}", "produces", "prd:robot"),), key=more, dataset=more))
        return reader.makers("prd:robot")[0].entity

    if times == 2:
        with pytest.raises(StoreBusy, match="revision 2, now 3"):
            readers.answer(TODAY, work)
    else:
        assert readers.answer(TODAY, work) == "ent:more1"
    assert asked == [1, 2]


@pytest.mark.neo4j
def test_the_day_of_the_plain_graph(held: Store) -> None:
    """It is of 2026-11-23. Robots are made from 2027 until 2028: nothing turns before, then it shows another day."""
    made = claim("ent:mag1", "produces", "prd:robot", as_of="2027", until="2028")
    held.record(tiny.batch((made,), key="more", dataset="more"))
    readers = Readers(held, kind="neo4j")
    makers = {
        day: [maker.entity for maker in readers.at(AsOf.parse(day)).makers("prd:robot", "reg:zone")]
        for day in ("2026-11-22", "2026-11-23", "2026-12-31", "2027-01-01", "2027-12-31", "2028-01-01")
    }
    assert [day for day, found in makers.items() if found] == ["2027-01-01", "2027-12-31"]


# No value reaches the server as text


def _calls(tree: ast.AST) -> Iterator[ast.expr]:
    """What each call of `ask`, or of a part of it, sends."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            if call.func.id == "ask":
                yield call.args[0]
            if call.func.id == "partial":
                yield call.args[1]


@pytest.mark.parametrize("file", sorted(READERS.glob("neo4j*.py")), ids=lambda file: file.name)
def test_every_statement_is_a_constant(file: Path) -> None:
    """`ask` is given names of neo4j_statements only, and these are made of constants and closed lists alone."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    constants = {name for name in vars(statements) if name.isupper() and not name.startswith("_")}
    for sent in _calls(tree):
        named = sent.value if isinstance(sent, ast.Subscript) else sent
        if isinstance(named, ast.Name):
            assert named.id == "statement", ast.unparse(sent)  # a loop over the values of one of them
            continue
        assert isinstance(named, ast.Attribute), ast.unparse(sent)
        assert isinstance(named.value, ast.Name), ast.unparse(sent)
        assert named.value.id == "statements", ast.unparse(sent)
        assert named.attr in constants, ast.unparse(sent)
    if file.name == "neo4j_statements.py":
        assert not [
            node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) and "bad" not in ast.unparse(node)
        ]
