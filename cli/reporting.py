"""Answers as documents on the command line: --format and --template of the questions there are reports of."""

import sys
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from api.texts import Tongue
from cli.errors import say_aside
from graph.export.whole import whole_file
from graph.model.errors import BadInput
from reports.formats import FORMATS, REPORTS, write_report

if TYPE_CHECKING:
    from queries.base import Answer, Query


class ReportAsked(NamedTuple):
    """A document that was asked for; `path` None is standard output."""

    form: str
    template: str | None
    path: str | None


def has_report(query: "Query[Any, Any]") -> bool:
    """Whether there is a document of a question's answers."""
    return query.name in REPORTS


def report_options(tongue: Tongue) -> list[tuple[str, str, str]]:
    """Name, metavar and help of the options."""
    return [
        ("format", "|".join(FORMATS), tongue.say("write a document with -o FILE; default by the ending of FILE")),
        ("template", "FILE", tongue.say("your own Word template for docx; docs/dossier.md says how")),
    ]


def report_asked(given: dict[str, Any]) -> ReportAsked | None:
    """What the options ask for, None: no document. Takes them out of `given`. Raises BadInput."""
    form, template, path = given.pop("format", None), given.pop("template", None), given["output"]
    ending = PurePath(path or "").suffix.lower().removeprefix(".")
    if form is None and ending in FORMATS:
        # A citation under the name of a Word file would be no use to anybody.
        form = ending
    if form is None:
        if template is not None:
            raise BadInput("--template needs a document: add --format docx and -o FILE.")
        return None
    if path is not None and ending in FORMATS and form in FORMATS and ending != form:
        raise BadInput("'{path}' does not end in .{format}. Give it that ending.", path=path[:200], format=form)
    if form not in FORMATS:
        raise BadInput("There is no format '{format}'. There are: {known}.", format=form[:40], known=", ".join(FORMATS))
    if template is not None and not FORMATS[form].takes_template:
        raise BadInput("A template is for docx; '{format}' has none of yours.", format=form)
    if path is None and given["as_json"]:
        raise BadInput("Give -o FILE for the document: standard output is taken by --json.")
    if path is None and FORMATS[form].binary and sys.stdout.isatty():
        raise BadInput("A {format} is not for a terminal. Give -o FILE.", format=form)
    return ReportAsked(form, template, path)


def write_document(report: ReportAsked, answer: "Answer", tongue: Tongue) -> None:
    """The document, whole or not at all. Says on stderr where."""
    content = write_report(answer, report.form, tongue.lang, report.template).content
    if report.path is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return
    with whole_file(report.path) as file:
        file.write(content)
    say_aside(tongue.say("Written to {path}.", path=report.path))
