"""Every format a report can be written in, and every question there are reports of: one line each.

What a format stands on (Typst, docxtpl, Jinja) is brought in when it is asked for: most commands do without.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from graph.model.errors import BadInput
from queries.base import Answer
from reports.voice import Lang

Context = dict[str, Any]


class ReportFormat(NamedTuple):
    """A format: `write` takes what is said, the report's name and an office's own template (a path) or None."""

    name: str
    zh: str
    en: str
    media: str
    binary: bool
    takes_template: bool
    write: Callable[[Context, str, str | None], bytes]


class Report(NamedTuple):
    """A report on a question: what it says in a language, and what its file is called."""

    context: Callable[[Any, Lang], Context]
    file_name: Callable[[Context], str]


def _docx(context: Context, name: str, template: str | None) -> bytes:
    from reports.word import write_docx

    return write_docx(context, name, template)


def _pdf(context: Context, name: str, _: str | None) -> bytes:
    from reports.pdf import write_pdf

    return write_pdf(context, name)


def _html(context: Context, name: str, _: str | None) -> bytes:
    from reports.html import write_html

    return write_html(context, name)


def _dossier(answer: Any, lang: Lang) -> Context:
    from reports.dossier_context import context_of

    return context_of(answer, lang)


def _dossier_file(context: Context) -> str:
    return f"{context['labels']['kind']}-{context['enterprise']}-{context['as_of']}"


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS: dict[str, ReportFormat] = {
    one.name: one
    for one in (
        ReportFormat("docx", "Word 文档", "Word document", _WORD, True, True, _docx),
        ReportFormat("pdf", "PDF 文档", "PDF document", "application/pdf", True, False, _pdf),
        ReportFormat("html", "可打印网页", "printable page", "text/html; charset=utf-8", False, False, _html),
    )
}
# By the name of the question.
REPORTS: dict[str, Report] = {
    "dossier": Report(_dossier, _dossier_file),
}


class Written(NamedTuple):
    """A document and the name of its file."""

    content: bytes
    file_name: str


def write_report(answer: Answer, form: str, lang: Lang, template: str | None = None) -> Written:
    """The report on an answer. Raises BadInput for a template where none is taken, and what the format raises."""
    report, chosen = REPORTS[answer.question], FORMATS[form]
    if template is not None and not chosen.takes_template:
        raise BadInput("A template is for docx; '{format}' has none of yours.", format=form)
    context = report.context(answer, lang)
    return Written(chosen.write(context, answer.question, template), f"{report.file_name(context)}.{form}")
