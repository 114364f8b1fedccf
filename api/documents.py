"""Answers as documents over HTTP: the bytes of a report, and the headers that name it and keep it in check."""

from typing import NamedTuple
from urllib.parse import quote

from api.shelf import Headers
from api.texts import Lang
from queries.base import Answer
from reports.formats import FORMATS, write_report

# A page of ours has its styles within it, and nothing else: no scripts, nothing from elsewhere.
_PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Document(NamedTuple):
    """A document that is asked for in place of an answer's JSON."""

    form: str
    lang: Lang

    def written(self, answer: Answer) -> tuple[bytes, Headers]:
        """The document, its type and the name of its file."""
        made = write_report(answer, self.form, self.lang)
        form = FORMATS[self.form]
        headers: Headers = [
            (b"content-type", form.media.encode()),
            (b"content-disposition", disposition(made.file_name, answer.question, self.form).encode()),
            (b"content-language", self.lang.encode()),
        ]
        if form.media.startswith("text/html"):
            headers.append((b"content-security-policy", _PAGE_POLICY.encode()))
        return made.content, headers


def disposition(name: str, plain: str, form: str) -> str:
    """Content-Disposition (RFC 6266): what a browser cannot show is saved; a Chinese name is coded as in RFC 5987."""
    how = "attachment" if form == "docx" else "inline"
    return f"{how}; filename=\"{plain}.{form}\"; filename*=UTF-8''{quote(name, safe='')}"
