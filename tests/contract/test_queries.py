"""What every question must keep to: a full envelope, evidence that exists, a stable order, documented parameters.

A new question is one line in ASKED.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

import pytest
import tiny
from asking import READERS, ReaderOf
from oracles.shipped import shipped
from pydantic import BaseModel, ValidationError

from graph.model.errors import BadInput, UnknownName
from graph.readers.port import Reader
from queries.base import Answer, PagedParams
from queries.citations import Citation, cite, read_citation, verify, written
from queries.paging import PagedAnswer
from queries.registry import QUERIES

SHEET = """
name: 粘结剂厂
products: [{product: 粘结剂, capacity: 20, unit: t/yr}, {product: 热压磁体, capacity: 10, unit: t/yr}]
investment: {amount: 40000000, currency: CNY}
needs: {power: {amount: 5, unit: MW}, land: true}
by_products: [{words: 废渣, hazardous: true}]
facts: {new_build: true}
"""
# Parameters to ask each question with, of the drawing and of the shipped data.
ASKED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "gaps": ({"region": "甲高新区"}, {"region": "包头稀土高新区"}),
    "pipeline": ({"region": "甲高新区", "by": "2028"}, {"region": "包头稀土高新区"}),
    "what-if": (
        {"region": "甲高新区", "attract": ["乙材料:粘结剂:20", "ent:motorco:metal"]},
        {"region": "包头稀土高新区", "attract": ["金力永磁:稀土氟化物:3000"], "lose": ["北方稀土"]},
    ),
    "certificate": (
        {"region": "甲高新区", "product": "粘结剂"},
        {"region": "包头稀土高新区", "product": "稀土氟化物"},
    ),
    "critical": ({"region": "甲高新区"}, {"region": "包头稀土高新区"}),
    "balance": ({"region": "甲高新区"}, {"region": "包头市"}),
    "targets": (
        {"region": "甲高新区", "product": "粘结剂", "exclude": ["海外电机"]},
        {"region": "包头稀土高新区", "product": "稀土氟化物", "explain": "厦门钨业"},
    ),
    "fit": (
        {"region": "甲高新区", "sheet": SHEET},
        {"region": "包头稀土高新区", "project": "金力永磁包头三期项目"},
    ),
    "policies": (
        {"region": "甲高新区", "sheet": SHEET, "enterprise": "磁一"},
        {"region": "包头稀土高新区", "project": "金力永磁包头三期项目"},
    ),
    "backtest": (
        {"region": "甲高新区", "cut_off": "2024", "resamples": 100},
        {"region": "包头市", "cut_off": "2021", "resamples": 100},
    ),
    "producers": ({"product": "磁体", "region": "甲高新区"}, {"product": "烧结钕铁硼磁体", "region": "包头市"}),
    "suppliers": ({"enterprise": "海外电机", "tiers": 4}, {"enterprise": "比亚迪", "tiers": 3}),
    "customers": ({"enterprise": "甲分离", "tiers": 4}, {"enterprise": "金力永磁", "tiers": 3}),
    "paths": ({"a": "甲矿业", "b": "甲冶炼"}, {"a": "金力永磁", "b": "特斯拉"}),
    "region": ({"region": "甲省"}, {"region": "包头稀土高新区"}),
    "coverage": ({"region": "甲高新区"}, {"region": "包头稀土高新区"}),
    "show": ({"node": "磁一"}, {"node": "包头稀土高新区"}),
    "subgraph": ({"seed": ["磁一"], "hops": 2}, {"seed": ["JL MAG"], "hops": 1}),
    "contents": ({"seed": ["磁一"], "hops": 2}, {"seed": ["JL MAG"], "hops": 1}),
    "search": ({"text": "磁"}, {"text": "稀土"}),
    "check": ({}, {}),
}
# Names of parameters that name a node, with an id of another kind than they ask for.
WRONG_KIND = {"product": "reg:zone", "region": "prd:magnet", "enterprise": "reg:zone"}
CLAIM = re.compile(r"clm:[0-9a-f]{24}")
# Something to find out about in the drawing: without flags, conflicts and lost nodes some lists would be empty.
CAPACITY: dict[str, Any] = {"unit": "t/yr", "qualifier": "capacity", "as_of": "2023"}
PLANTED = (
    tiny.claim("ent:mag2", "produces", "prd:magnet", amount=20.0, source="src:s2", **CAPACITY),
    tiny.claim("ent:mag2", "produces", "prd:magnet", amount=25.0, source="src:s4", **CAPACITY),
    tiny.claim("ent:far", "produces", "prd:magnet", as_of="2020", flags=("former",)),
    tiny.claim("ent:nowhere", "supplies", "ent:motorco", as_of="2024", flags=("doubtful",)),
    tiny.claim("reg:zone", "indicator", 10.0, unit="companies", qualifier="rare earth enterprises", as_of="2021"),
    tiny.claim("ent:mag1", "produces", "prd:mystery", as_of="2024"),
    tiny.claim("ent:lost", "name_zh", "失落"),
    tiny.claim("pol:grant", "name_zh", "补贴"),
    tiny.claim("pol:grant", "supports", "reg:zone", as_of="2024"),
    tiny.claim("pol:grant", "condition", 10.0, unit="%", qualifier="new: grant", as_of="2024", detail=(
        ("applies_to", "industrial enterprises"), ("benefit", "grant"),
        ("condition", "newly built, fixed asset investment of at least 30 million yuan completed"))),
    tiny.claim("pol:link", "name_zh", "补链"),
    tiny.claim("pol:link", "supports", "reg:province", as_of="2024"),
    tiny.claim("pol:link", "supports", "prd:binder", as_of="2024"),
    tiny.claim("reg:zone", "offers", 8.0, unit="MW", qualifier="power supply", as_of="2024"),
)  # fmt: skip


def _drawing(reader_of: ReaderOf) -> Reader:
    return reader_of(*PLANTED)


@pytest.fixture(scope="module", params=list(READERS))
def drawing(request: pytest.FixtureRequest) -> Reader:
    """The drawing behind each implementation."""
    return _drawing(READERS[request.param])


@pytest.fixture(scope="module")
def shipped_readers() -> dict[str, Reader]:
    """The shipped data behind each implementation."""
    claims, sources = shipped()
    return {name: reader_of(claims=claims, sources=sources) for name, reader_of in READERS.items()}


def ask(reader: Reader, name: str, given: dict[str, Any]) -> Answer:
    """An answer, from parameters as the edge hands them over."""
    query = QUERIES[name]
    answer: Answer = query.run(reader, query.params.model_validate(given))
    assert isinstance(answer, Answer)
    assert type(answer) is query.answer
    return answer


def claim_ids(answer: Answer) -> list[str]:
    return sorted(set(CLAIM.findall(answer.model_dump_json())))


def test_every_question_is_asked_here() -> None:
    assert set(QUERIES) == set(ASKED) & set(QUERIES)
    assert all(name == query.name for name, query in QUERIES.items())


@pytest.mark.parametrize("name", QUERIES)
def test_the_envelope_is_complete(drawing: Reader, name: str) -> None:
    answer = ask(drawing, name, ASKED[name][0])
    assert answer.question == name
    assert set(answer.params) == set(QUERIES[name].params.model_fields)
    assert date.fromisoformat(answer.as_of) == date(2026, 11, 23)
    assert (answer.known_at, answer.revision) == (None, 1)
    assert answer.looked_at
    assert all(count >= 0 for count in answer.looked_at.values())
    assert answer.unplaced >= 0
    named = {field for field in WRONG_KIND if answer.params.get(field)}
    assert all(str(answer.params[field])[3:4] == ":" for field in named), "names are resolved to ids"


@pytest.mark.parametrize("name", QUERIES)
def test_an_answer_is_plain_json_and_back(drawing: Reader, name: str) -> None:
    answer = ask(drawing, name, ASKED[name][0])
    text = answer.model_dump_json()
    assert json.loads(text) == answer.model_dump(mode="json")
    assert QUERIES[name].answer.model_validate_json(text) == answer


@pytest.mark.parametrize("name", QUERIES)
def test_every_claim_named_exists(drawing: Reader, name: str) -> None:
    named = claim_ids(ask(drawing, name, ASKED[name][0]))
    assert named or name == "search"
    assert sorted(one.id for one in drawing.claims(named)) == named


@pytest.mark.parametrize("name", QUERIES)
def test_asked_twice_it_says_the_same(name: str) -> None:
    """Of two readers of the same claims, loaded in opposite order."""
    one = ask(READERS["plain"](*PLANTED), name, ASKED[name][0])
    other = ask(READERS["plain"](claims=(*PLANTED, *tiny.CLAIMS)[::-1]), name, ASKED[name][0])
    assert one == other


@pytest.mark.parametrize("name", QUERIES)
def test_readers_agree(name: str) -> None:
    answers = [ask(_drawing(reader_of), name, ASKED[name][0]) for reader_of in READERS.values()]
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("name", QUERIES)
def test_readers_agree_on_the_shipped_data(shipped_readers: dict[str, Reader], name: str) -> None:
    answers = {
        kind: ask(reader, name, ASKED[name][1]).model_dump(mode="json") for kind, reader in shipped_readers.items()
    }
    assert all(answer == answers["plain"] for answer in answers.values())


@pytest.mark.parametrize("name", QUERIES)
def test_slices_give_the_whole(drawing: Reader, name: str) -> None:
    whole = ask(drawing, name, ASKED[name][0] | _page_of(name, 1000))
    if not isinstance(whole, PagedAnswer):
        return
    assert not whole.truncated
    lists: dict[str, list[Any]] = {list_: [] for list_ in whole.paged()}
    for offset in range(1000):
        page = ask(drawing, name, ASKED[name][0] | _page_of(name, 1) | {"offset": offset})
        assert isinstance(page, PagedAnswer)
        for list_, rows in page.paged().items():
            assert len(rows) <= 1
            lists[list_].extend(rows)
        assert page.truncated or all(page.totals[list_] == len(rows) for list_, rows in lists.items())
        if not page.truncated:
            break
    assert {list_: tuple(rows) for list_, rows in lists.items()} == {k: tuple(v) for k, v in whole.paged().items()}
    assert any(len(rows) > 1 for rows in lists.values())


def _page_of(name: str, limit: int) -> dict[str, int]:
    return {"limit": limit} if issubclass(QUERIES[name].params, PagedParams) else {}


@pytest.mark.parametrize("name", QUERIES)
def test_a_citation_of_it_verifies(drawing: Reader, name: str) -> None:
    """Written, read and asked again, it is the same; a page is the same page."""
    given = ASKED[name][0] | _page_of(name, 1)
    whole = cite(QUERIES[name], ask(drawing, name, given))
    cited = read_citation(written(whole).encode(), "file")
    assert verify(cited, lambda _: drawing, QUERIES).verdict == "same"
    assert Citation[QUERIES[name].answer].model_validate_json(written(whole))  # type: ignore[name-defined]


@pytest.mark.parametrize("name", QUERIES)
def test_parameters_are_documented(name: str) -> None:
    query = QUERIES[name]
    assert query.zh
    assert query.en
    assert set(query.positional) <= set(query.params.model_fields)
    for field, info in query.params.model_fields.items():
        assert info.title, f"{name}.{field} has no Chinese title"
        assert info.description, f"{name}.{field} has no English description"
        assert not info.title.isascii(), f"the title of {name}.{field} is not Chinese"
    assert query.params.model_config["frozen"]
    assert query.answer.model_config["frozen"]


@pytest.mark.parametrize("name", QUERIES)
def test_every_field_of_an_answer_has_a_chinese_title(name: str) -> None:
    for model in _models(QUERIES[name].answer):
        for field, info in model.model_fields.items():
            assert info.title, f"{model.__name__}.{field} has no title"
            assert not info.title.isascii() or info.title == "HHI", (
                f"the title of {model.__name__}.{field} is not Chinese"
            )
        assert model.__doc__, f"{model.__name__} says nothing of itself"


def _models(root: type[BaseModel]) -> Iterator[type[BaseModel]]:
    seen, left = {root}, [root]
    while left:
        model = left.pop()
        yield model
        for info in model.model_fields.values():
            found = _in_type(info.annotation) - seen
            seen |= found
            left.extend(found)


def _in_type(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {model for part in get_args(annotation) for model in _in_type(part)}


@pytest.mark.parametrize("name", QUERIES)
def test_bad_input(drawing: Reader, name: str) -> None:
    query, good = QUERIES[name], ASKED[name][0]
    for wrong in ({"colour": "red"}, {"limit": -1}, {"limit": "many"}, {"offset": -1}):
        with pytest.raises(ValidationError):
            query.params.model_validate(good | wrong)
    for field in query.positional:
        if field != "text":
            with pytest.raises(UnknownName):
                ask(drawing, name, good | {field: "没有这样的名字"})
        with pytest.raises(BadInput):
            ask(drawing, name, good | {field: "  "})
        with pytest.raises(ValidationError):
            query.params.model_validate({key: value for key, value in good.items() if key != field})
        if field in WRONG_KIND:
            with pytest.raises(BadInput):
                ask(drawing, name, good | {field: WRONG_KIND[field]})


@pytest.mark.parametrize("name", QUERIES)
def test_a_question_of_a_region_with_nothing_in_it(name: str) -> None:
    """Has an empty answer, not an error."""
    if "region" in QUERIES[name].params.model_fields:
        reader = READERS["plain"](tiny.claim("reg:empty", "name_zh", "空区"))
        answer = ask(reader, name, ASKED[name][0] | {"region": "空区"})
        assert answer.params["region"] == "reg:empty"
