"""Citations: what is the same, changed or altered, and what is no citation at all."""

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest
import tiny
from asking import READERS
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.claims import Decision
from graph.model.dates import AsOf
from graph.model.errors import UnreadableFile
from graph.readers.opening import Readers, open_reader
from graph.readers.port import Reader
from graph.stores.neo4j import Neo4jStore
from graph.stores.port import Store
from queries.answer_changes import Change, changes_between
from queries.citations import Cited, Verdict, cite, read_citation, verify, written
from queries.registry import QUERIES

AT = AsOf(date(2026, 11, 23))
BINDER = {"region": "甲高新区", "product": "粘结剂"}


def citation(reader: Reader, name: str = "certificate", params: dict[str, Any] = BINDER) -> dict[str, Any]:
    query = QUERIES[name]
    return cite(query, query.run(reader, query.params.model_validate(params)))


def read(whole: Any) -> Cited:
    return read_citation(json.dumps(whole).encode(), "c.json")


def check(whole: Any, reader: Reader) -> Verdict:
    return verify(read(whole), lambda _: reader, QUERIES)


@cache
def drawn() -> Reader:
    return READERS["snapshot"]()


@cache
def of_binder() -> dict[str, Any]:
    return citation(drawn())


def test_an_untouched_store_gives_the_same() -> None:
    assert check(of_binder(), drawn()) == Verdict("same", (), False, None, 1, 1)


def test_every_store_gives_the_same_bytes(tiny_store: Store) -> None:
    """Arrays of any store, and on Neo4j the server itself, write what arrays of the drawing write; pages as well."""
    kinds = ("snapshot", "neo4j") if isinstance(tiny_store, Neo4jStore) else ("snapshot",)
    for kind in kinds:
        reader = Readers(tiny_store, None, kind).at(AT)
        assert written(citation(reader)) == written(of_binder())
        for product in ("prd:oxide-b", "prd:magnet", "prd:motor", "prd:robot"):
            asked = {"region": "reg:zone", "product": product}
            assert written(citation(reader, params=asked)) == written(citation(drawn(), params=asked))
        verdict = verify(read(of_binder()), lambda _, reader=reader: reader, QUERIES)  # type: ignore[misc]
        assert verdict.verdict == "same"


def test_a_load_elsewhere_leaves_it_the_same_and_its_digest_too(tiny_store: Store) -> None:
    """Somebody in another region makes copper-wire, a new region bears the zone's name: binder is not touched."""
    whole = citation(open_reader(tiny_store, AT))
    tiny_store.record(
        tiny.batch(
            (
                tiny.claim("ent:new", "name_zh", "新来"),
                tiny.claim("ent:new", "located_in", "reg:abroad", as_of="2025"),
                tiny.claim("ent:new", "produces", "prd:copper-wire", as_of="2025"),
                tiny.claim("reg:namesake", "name_zh", "甲高新区"),
            ),
            key="elsewhere",
            dataset="other",
        )
    )
    now = open_reader(tiny_store, AT)
    assert check(whole, now) == Verdict("same", (), False, None, 1, 2)
    again = citation(now, params={"region": "reg:zone", "product": "prd:binder"})
    assert again["citation"]["digest"] == whole["citation"]["digest"]
    assert again["citation"]["seal"] != whole["citation"]["seal"]


def test_dropping_any_cited_claim_changes_it() -> None:
    """Each of them, one at a time: the list of claims says at least which is gone."""
    whole = of_binder()
    assert len(whole["answer"]["claims"]) > 50
    for id_ in whole["answer"]["claims"]:
        verdict = check(whole, drawn().with_claims([], [id_]))
        assert verdict.verdict == "changed", id_
        assert verdict.error or Change(f"claims[{id_}]", id_, None) in verdict.changes


def test_a_retracted_claim_changes_it(tiny_store: Store) -> None:
    """That far makes binder, that mag1 is in the zone, that prc:mix takes oxide-b: retracted in the store."""
    whole = citation(open_reader(tiny_store, AT))
    cited = set(whole["answer"]["claims"])
    chosen = [
        one.id
        for one in tiny_store.claims()
        if one.id in cited
        and one.claim[:3]
        in {
            ("ent:far", "produces", "prd:binder"),
            ("ent:mag1", "located_in", "reg:zone"),
            ("prd:oxide-b", "input_to", "prc:mix"),
        }
    ]
    assert len(chosen) == 3
    for number, id_ in enumerate(chosen):
        tiny_store.decide([Decision("retract", id_, "", "test", "why", f"2026-01-02T00:00:0{number}+00:00")])
        assert check(whole, open_reader(tiny_store, AT)).verdict == "changed"


def test_what_it_is_about_may_be_gone() -> None:
    """Without any claim that names binder the question cannot be asked: changed, and why."""
    without = READERS["snapshot"](
        claims=[one for one in tiny.CLAIMS if "prd:binder" not in (one.subject, one.object, one.qualifier)]
    )
    verdict = check(of_binder(), without)
    assert (verdict.verdict, verdict.changes) == ("changed", ())
    assert "prd:binder" in str(verdict.error)


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, (*path, key))
    else:
        yield path


LEAVES = [path for path in _leaves(of_binder()) if path != ("citation", "format")]


@settings(max_examples=50, derandomize=True)
@given(path=st.sampled_from(LEAVES), how=st.sampled_from(["other", "gone", "beside"]))
def test_any_edit_shows(path: tuple[Any, ...], how: str) -> None:
    """One value made another, taken out, or something put beside it: altered, or no citation any more."""
    whole = json.loads(json.dumps(of_binder()))
    holder = whole
    for step in path[:-1]:
        holder = holder[step]
    if how == "other":
        old = holder[path[-1]]
        holder[path[-1]] = f"{old}x" if isinstance(old, str) else not old if isinstance(old, bool) else (old or 0) + 1
    elif how == "gone":
        del holder[path[-1]]
    elif isinstance(holder, dict):
        holder["beside"] = 1
    else:
        holder.append("beside")
    try:
        assert check(whole, drawn()).verdict == "altered"
    except UnreadableFile:
        assert path[0] == "citation"


def test_a_forged_seal_is_found_out_by_asking() -> None:
    """Whoever edits the answer and forges both hashes gets: changed."""
    whole = of_binder()
    answer = QUERIES["certificate"].answer.model_validate(whole["answer"])
    forged = cite(QUERIES["certificate"], answer.model_copy(update={"state": "present"}))
    verdict = check(forged, drawn())
    assert (verdict.verdict, verdict.changes) == ("changed", (Change("state", "present", "missing"),))


DEEP = b'{"citation": {}, "answer": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[]",
        b"7",
        b'"text"',
        b"null",
        b"{}",
        b'{"citation": [], "answer": {}}',
        DEEP,
        b'{"a": 1, "a": 2}',
        b'{"citation": {}, "answer": {"x": NaN}}',
        b'{"citation": {}, "answer": {"x": 1' + b"0" * 5000 + b"}}",
        written(of_binder()).encode()[:-40],
        json.dumps(of_binder() | {"answer": [1]}).encode(),
        json.dumps(of_binder() | {"citation": of_binder()["citation"] | {"as_of": "someday"}}).encode(),
        json.dumps(of_binder() | {"citation": of_binder()["citation"] | {"revision": "1"}}).encode(),
        json.dumps(of_binder() | {"citation": of_binder()["citation"] | {"seal": "sha256:0"}}).encode(),
        json.dumps(of_binder() | {"answer": of_binder()["answer"] | {"state": "\ud800"}}).encode(),
    ],
)
def test_what_is_no_citation(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"'c\.json' is not a citation"):
        read_citation(content, "c.json")


def test_another_format_is_named() -> None:
    whole = of_binder() | {"citation": of_binder()["citation"] | {"format": "rechain-citation-9"}}
    with pytest.raises(UnreadableFile, match="rechain-citation-9"):
        read(whole)


def test_a_mark_of_byte_order_and_other_spacing_do_no_harm() -> None:
    """Editors add one; the hashes are over the content."""
    text = json.dumps(of_binder(), ensure_ascii=False, indent=4)
    assert read_citation(b"\xef\xbb\xbf" + text.encode(), "c.json").intact


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ({"question": "no-such"}, "no question here"),
        ({"params": {"region": "reg:zone"}}, "product: Field required"),
        ({"params": {"region": "reg:zone", "product": "prd:binder", "min_makers": 10**30}}, "min_makers"),
        ({"params": {"region": "reg:zone", "product": "prd:binder", "colour": "red"}}, "colour"),
    ],
)
def test_what_cannot_be_asked_here(head: dict[str, Any], told: str) -> None:
    """Sealed properly, by a rechain of other questions."""
    cited = read(of_binder())
    other = cited._replace(head=cited.head.model_copy(update=head))
    with pytest.raises(UnreadableFile, match=told):
        verify(other, lambda _: drawn(), QUERIES)


@pytest.mark.parametrize(
    ("before", "now", "changes"),
    [
        ({"a": 1}, {"a": 1, "b": None}, []),
        ({"a": 1}, {"a": 1, "b": 0}, [("b", None, 0)]),
        ({"a": True}, {"a": 1}, [("a", True, 1)]),
        (["x", "y"], ["y", "z"], [("[x]", "x", None), ("[z]", None, "z")]),
        (["x", "y"], ["y", "x"], [(" (order)", ["x", "y"], ["y", "x"])]),
        ([1, 2], [2], [("[0]", 1, 2), ("[1]", 2, None)]),
        (
            {"gaps": [{"product": {"id": "p"}, "n": 1}, {"product": {"id": "q"}, "n": 2}]},
            {"gaps": [{"product": {"id": "q"}, "n": 3}]},
            [("gaps[p]", {"product": {"id": "p"}, "n": 1}, None), ("gaps[q].n", 2, 3)],
        ),
    ],
)
def test_changes_are_told_by_what_rows_are_about(before: Any, now: Any, changes: list[tuple[Any, ...]]) -> None:
    assert [tuple(one) for one in changes_between(before, now, 10)] == changes
