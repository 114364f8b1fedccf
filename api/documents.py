"""Answers as documents over HTTP: the bytes of a report, and the headers that name it and keep it in check."""

from typing import Literal, NamedTuple

from api.attaching import disposition
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
        # What a browser cannot show is saved.
        how: Literal["attachment", "inline"] = "attachment" if self.form == "docx" else "inline"
        headers: Headers = [
            (b"content-type", form.media.encode()),
            (b"content-disposition", disposition(how, f"{answer.question}.{self.form}", made.file_name).encode()),
            (b"content-language", self.lang.encode()),
        ]
        if form.media.startswith("text/html"):
            headers.append((b"content-security-policy", _PAGE_POLICY.encode()))
        return made.content, headers
