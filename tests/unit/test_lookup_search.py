"""Names to nodes in the drawing."""

import pytest
from asking import ReaderOf, each_reader
from pydantic import ValidationError
from tiny import claim

from graph.model.errors import BadInput
from queries.lookup.search import SearchParams, run

pytestmark = each_reader


def test_exact_then_prefix_then_contains(reader_of: ReaderOf) -> None:
    """磁体 itself; then what contains it. Of its kinds only the names that fit."""
    answer = run(reader_of(), SearchParams(text="磁体"))
    assert [(hit.node.id, hit.name, hit.how) for hit in answer.hits] == [
        ("prd:magnet", "磁体", "exact"),
        ("prd:hot-magnet", "热压磁体", "contains"),
    ]
    assert (answer.totals, answer.truncated) == ({"hits": 2}, False)


def test_only_one_kind(reader_of: ReaderOf) -> None:
    """Of all that begins with 磁 or holds it, three enterprises; nine were looked at."""
    answer = run(reader_of(), SearchParams(text="磁", kind="enterprise"))
    assert [hit.node.id for hit in answer.hits] == ["ent:mag1", "ent:mag2", "ent:mag3"]
    assert {hit.kind for hit in answer.hits} == {"enterprise"}
    assert answer.looked_at == {"nodes": 9}


def test_aliases_and_codes(reader_of: ReaderOf) -> None:
    (hit,) = run(reader_of(), SearchParams(text="磁一股份")).hits
    assert (hit.node.id, hit.node.name_zh, hit.name) == ("ent:mag1", "磁一", "磁一股份")
    (hit,) = run(reader_of(), SearchParams(text="300001")).hits
    assert hit.node.id == "ent:mag1"


def test_nothing_is_an_answer(reader_of: ReaderOf) -> None:
    answer = run(reader_of(), SearchParams(text="没有这样的名字"))
    assert (answer.hits, answer.truncated) == ((), False)


def test_paging(reader_of: ReaderOf) -> None:
    first = run(reader_of(), SearchParams(text="磁", limit=2))
    assert len(first.hits) == 2
    assert first.truncated
    assert first.totals == {}
    whole = run(reader_of(), SearchParams(text="磁"))
    second = run(reader_of(), SearchParams(text="磁", limit=2, offset=2))
    assert second.hits == whole.hits[2:4]


@pytest.mark.parametrize("text", ["'\"`", "a' OR 1=1 --", "%", "*", "金\n力", "😀"])
def test_hostile_texts_find_nothing_and_break_nothing(reader_of: ReaderOf, text: str) -> None:
    run(reader_of(claim("ent:odd", "name_zh", "怪`名\"字'")), SearchParams(text=text))


def test_bad_input(reader_of: ReaderOf) -> None:
    with pytest.raises(BadInput):
        run(reader_of(), SearchParams(text="  "))
    for wrong in ({"kind": "planet"}, {"limit": 0}, {"offset": -1}, {"text": "x" * 401}, {"text": "\ud800"}):
        with pytest.raises(ValidationError):
            SearchParams.model_validate({"text": "磁"} | wrong)
