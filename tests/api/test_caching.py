"""ETags from revision and question, answers kept by them, and cursors bound to them."""

from datetime import date

import pytest
import tiny
from conftest import TODAY
from starlette.testclient import TestClient

from api.app import create_app
from api.cursors import Cursor
from api.settings import Settings
from api.shelf import Reply, Shelf
from graph.model.errors import BadInput
from graph.stores.port import Store

GAPS = "/api/v1/gaps?region=reg:zone"


def _more(store: Store) -> None:
    store.record(tiny.batch((tiny.claim("ent:mag1", "name_en", "Magnets One"),), key="more"))


def test_an_answer_that_is_known_is_not_sent_again(client: TestClient) -> None:
    first = client.get(GAPS)
    etag = first.headers["etag"]
    assert etag.startswith('W/"1-')
    assert first.headers["cache-control"] == "private, no-cache"
    for known in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        again = client.get(GAPS, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
        assert "content-length" not in again.headers
    assert client.get(GAPS, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_known_answer_is_not_sent_by_a_fresh_service(client: TestClient, tiny_store: Store) -> None:
    etag = client.get(GAPS).headers["etag"]
    with TestClient(create_app(tiny_store, Settings(), today=lambda: TODAY.valid)) as other:
        assert other.get(GAPS, headers={"if-none-match": etag}).status_code == 304


def test_the_etag_follows_data_day_and_question_but_not_spelling(client: TestClient, tiny_store: Store) -> None:
    etag = client.get(GAPS).headers["etag"]
    assert client.get(GAPS + "&limit=50").headers["etag"] == etag
    assert client.get(GAPS + "&as_of=2026-11-23").headers["etag"] == etag
    different = {
        client.get(GAPS + more).headers["etag"] for more in ("&limit=49", "&as_of=2025", "&known_at=2024", "&all=true")
    }
    _more(tiny_store)
    assert len({etag, client.get(GAPS).headers["etag"], *different}) == 6


def test_a_kept_answer_is_dropped_when_the_data_changes(client: TestClient, tiny_store: Store) -> None:
    asked = "/api/v1/search?text=Magnets One"
    assert client.get(asked).json()["hits"] == []
    assert client.get(asked).json()["hits"] == []
    _more(tiny_store)
    for _ in range(2):
        answer = client.get(asked).json()
        assert (answer["revision"], [hit["node"]["id"] for hit in answer["hits"]]) == (2, ["ent:mag1"])


def test_today_moves_on(tiny_store: Store) -> None:
    day = date(2026, 11, 23)
    with TestClient(create_app(tiny_store, Settings(), today=lambda: day)) as client:
        assert client.get(GAPS).json()["as_of"] == "2026-11-23"
        assert client.get(GAPS).json()["as_of"] == "2026-11-23"
        day = date(2026, 11, 24)
        assert client.get(GAPS).json()["as_of"] == "2026-11-24"


def test_pages_one_after_the_other_are_the_whole(client: TestClient) -> None:
    whole = client.get("/api/v1/search?text=甲").json()["hits"]
    assert len(whole) == 6
    seen, link = [], "/api/v1/search?text=甲&limit=4"
    while link:
        page = client.get(link)
        seen += page.json()["hits"]
        link = page.headers["link"].partition(">")[0].removeprefix("<") if "link" in page.headers else ""
        assert ("x-next-cursor" in page.headers) == bool(link)
    assert seen == whole


@pytest.mark.parametrize(
    "path", ["/api/v1/gaps?region=reg:zone&all=true", "/api/v1/region?region=reg:land", "/api/v1/show?node=磁一"]
)
def test_following_the_links_comes_to_an_end(client: TestClient, path: str) -> None:
    link, pages = path + "&limit=1", 0
    while link:
        page = client.get(link)
        pages += 1
        assert page.status_code == 200
        assert pages < 60
        link = page.headers["link"].partition(">")[0].removeprefix("<") if "link" in page.headers else ""
    assert pages > 1


def test_a_cursor_keeps_the_day_it_was_cut_on(tiny_store: Store) -> None:
    day = date(2026, 11, 23)
    with TestClient(create_app(tiny_store, Settings(), today=lambda: day)) as client:
        cursor = client.get("/api/v1/search?text=甲&limit=4").headers["x-next-cursor"]
        day = date(2026, 11, 24)
        page = client.get("/api/v1/search?text=甲&limit=4", params={"text": "甲", "limit": 4, "cursor": cursor}).json()
        assert (page["as_of"], len(page["hits"])) == ("2026-11-23", 2)


def test_a_cursor_of_older_data_is_gone(client: TestClient, tiny_store: Store) -> None:
    asked = {"text": "甲", "limit": 4}
    cursor = client.get("/api/v1/search", params=asked).headers["x-next-cursor"]
    assert client.get("/api/v1/search", params=asked | {"cursor": cursor}).status_code == 200
    _more(tiny_store)
    for _ in range(2):
        gone = client.get("/api/v1/search", params=asked | {"cursor": cursor})
        assert gone.json() == {
            "type": "urn:rechain:problem:stale_cursor",
            "title": "The data has changed",
            "status": 410,
            "detail": "This cursor was cut from revision 1, and the data is now at revision 2. "
            "Begin again without one.",
            "code": "stale_cursor",
        }
        # Somebody else asks for the very page the cursor meant; that must not make the cursor good again.
        assert client.get("/api/v1/search", params=asked | {"offset": 4}).status_code == 200


@pytest.mark.parametrize(
    ("more", "detail"),
    [
        ({"text": "磁"}, "This cursor belongs to another question. Give the same parameters as with the page before."),
        (
            {"as_of": "2020"},
            "This cursor belongs to another day. Give the same 'as_of' and 'known_at' as before, or none.",
        ),
        ({"offset": 4}, "Give 'cursor' or 'offset', not both."),
        ({"cursor": "nonsense"}, "This cursor is broken. Begin again without one."),
        ({"cursor": "WzEsMl0"}, "This cursor is broken. Begin again without one."),
    ],
)
def test_a_cursor_that_does_not_fit(client: TestClient, more: dict[str, str], detail: str) -> None:
    asked = {"text": "甲", "limit": "4"}
    cursor = client.get("/api/v1/search", params=asked).headers["x-next-cursor"]
    response = client.get("/api/v1/search", params=asked | {"cursor": cursor} | more)
    assert (response.status_code, response.json()["detail"]) == (422, detail)


def test_a_cursor_reads_back_as_it_was_written() -> None:
    cursor = Cursor(7, 50, "2026-11-23", None, "0123456789ab")
    assert Cursor.parse(cursor.text()) == cursor
    for text in ("", "é", "a", "W10", "bnVsbA", "WyIxIiwyLCIzIixudWxsLCI0Il0", "WzEsLTIsIjMiLG51bGwsIjQiXQ"):
        with pytest.raises(BadInput):
            Cursor.parse(text)


def test_the_shelf_keeps_the_newest_used_within_its_size() -> None:
    reply = Reply(b"x" * 1000, b'W/"1"', [])  # 1000 + 1024 bytes each
    shelf = Shelf(3 * 2024)
    for key in "abc":
        shelf.put(key, reply)
    assert shelf.get("a") is reply
    shelf.put("d", reply)
    assert [key for key in "abcd" if shelf.get(key)] == ["a", "c", "d"]
    shelf.put("d", reply)
    assert len(shelf) == 3
    shelf.put("large", Reply(b"x" * 10_000, b"", []))
    assert shelf.get("large") is None
    assert len(shelf) == 3
