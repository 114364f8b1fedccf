"""Documents over HTTP: type, name of the file, language, and what a page may do in a browser."""

from urllib.parse import unquote

import pytest
from starlette.testclient import TestClient

from reports.formats import FORMATS
from reports.pdf import chinese_fonts

ASKED = {"enterprise": "乙材料", "region": "甲高新区"}


@pytest.mark.parametrize("form", FORMATS)
def test_a_document_has_its_type_and_its_name(form: str, client: TestClient) -> None:
    response = client.get(f"/api/v1/dossier.{form}", params={**ASKED, "lang": "zh"})
    if form == "pdf" and not chinese_fonts():
        assert (response.status_code, "fonts-noto-cjk" in response.text) == (422, True)
        return
    assert response.status_code == 200
    assert response.headers["content-type"] == FORMATS[form].media
    assert response.headers["content-language"] == "zh"
    how, plain, coded = response.headers["content-disposition"].split("; ")
    assert how == ("attachment" if form == "docx" else "inline")
    assert plain == f'filename="dossier.{form}"'
    assert unquote(coded.removeprefix("filename*=UTF-8''")) == f"走访材料-乙材料-2026-11-23.{form}"
    assert coded.isascii()
    assert response.content[:4] == {"docx": b"PK\x03\x04", "pdf": b"%PDF", "html": b"<!DO"}[form]


def test_a_page_may_show_its_styles_and_nothing_else(client: TestClient) -> None:
    policy = client.get("/api/v1/dossier.html", params=ASKED).headers.get_list("content-security-policy")
    assert len(policy) == 1
    rules = dict(rule.strip().split(" ", 1) for rule in policy[0].split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["style-src"] == "'unsafe-inline'"
    assert "script-src" not in rules


def test_languages_are_kept_apart(client: TestClient) -> None:
    """Twice each: worked out, then kept."""
    for _ in range(2):
        pages = {lang: client.get("/api/v1/dossier.html", params={**ASKED, "lang": lang}).text for lang in ("zh", "en")}
        assert "为什么是这里" in pages["zh"]
        assert "Why here" in pages["en"]
    json = client.get("/api/v1/dossier", params=ASKED)
    assert json.headers["content-type"] == "application/json"
    assert client.get("/api/v1/dossier.html", params=ASKED).text == pages["en"], "as the service is set"


def test_what_is_the_same_is_not_sent_again(client: TestClient) -> None:
    asked = {**ASKED, "lang": "zh"}
    first = client.get("/api/v1/dossier.docx", params=asked)
    again = client.get("/api/v1/dossier.docx", params=asked, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/api/v1/dossier.html", params=asked, headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("path", "more", "status"),
    [
        ("dossier.docx", {"lang": "fr"}, 422),
        ("dossier.docx", {"enterprise": "没有这样的名字"}, 404),
        ("dossier.docx", {"citation": "true"}, 422),
        ("dossier.odt", {}, 404),
        ("gaps.docx", {}, 404),
    ],
)
def test_bad_requests(path: str, more: dict[str, str], status: int, client: TestClient) -> None:
    response = client.get(f"/api/v1/{path}", params=ASKED | more)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
