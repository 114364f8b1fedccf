"""A dossier as a Word document, from a template that an office can edit: ours, or its own.

Tags are Jinja's, in a sandbox that calls and reckons nothing; texts are put in as texts, whatever they hold.
"""

import io
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import XMLSyntaxError

from graph.model.errors import BadInput, UnreadableFile
from reports.dossier_context import Context
from reports.packing import packed
from reports.places import TEMPLATES

LARGEST = 20_000_000
_UNPACKED = 100_000_000
# Beside loops, conditions and these a template needs nothing: `range` or `*` could fill memory, `safe` break the XML.
_FILTERS = (
    "capitalize",
    "count",
    "d",
    "default",
    "e",
    "escape",
    "first",
    "join",
    "last",
    "length",
    "lower",
    "trim",
    "upper",
)
_MISSING = re.compile(r"'([^']+)' is undefined|has no attribute '([^']+)'")


class _Tags(ImmutableSandboxedEnvironment):
    """What may stand in a template that came from anywhere: names, loops, conditions and a few filters."""

    intercepted_binops = frozenset(("*", "**", "//", "%", "+", "-", "/"))

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS}

    def is_safe_callable(self, _: object) -> bool:
        return False

    def call_binop(self, _context: object, operator: str, _left: Any, _right: Any) -> Any:
        raise SecurityError(f"the operation '{operator}'")


def write_docx(context: Context, name: str, template: str | None = None) -> bytes:
    """The document; the same context and template give the same bytes.

    `template` is the path of an office's own. Raises UnreadableFile for what is no Word document, BadInput for a
    template whose tags cannot be filled.
    """
    lang = "zh" if context["lang"].startswith("zh") else "en"
    path = Path(template) if template is not None else TEMPLATES / f"{name}-{lang}.docx"
    document = _opened(path)
    environment = _Tags()
    known = context.keys()
    try:
        unknown = sorted(document.get_undeclared_template_variables(environment) - known)
        if unknown:
            raise _unknown(path, unknown, known)
        document.render(context, environment, autoescape=True)
    except UndefinedError as error:
        found = _MISSING.search(str(error))
        raise _unknown(path, [next(filter(None, found.groups())) if found else str(error)], known) from error
    except SecurityError as error:
        raise BadInput(
            "The template '{file}' asks for something that templates may not do: {why}. Use the tags alone.",
            file=_short(path),
            why=str(error)[:200],
        ) from error
    except (TemplateError, XMLSyntaxError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise BadInput(
            "A tag in the template '{file}' cannot be read: {why}.{where} Write tags whole and in one style.",
            file=_short(path),
            why=str(error).rstrip(".")[:200],
            where=_where(error),
        ) from error
    # Not by a tag: there it would be escaped twice.
    document.docx.core_properties.title = context["title"]
    return packed(document.docx, datetime.fromisoformat(context["as_of"]))


def _opened(path: Path) -> DocxTemplate:
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile("Cannot read '{path}': {why}. Look at the path.", path=_short(path), why=why) from error
    try:
        if len(content) > LARGEST or sum(one.file_size for one in ZipFile(io.BytesIO(content)).infolist()) > _UNPACKED:
            raise UnreadableFile("The template '{file}' is too large. Take pictures out of it.", file=_short(path))
        template = DocxTemplate(io.BytesIO(content))
        template.init_docx()
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError, XMLSyntaxError) as error:
        raise UnreadableFile(
            "'{file}' is not a Word document. Save the template as .docx (Word 2007 or later).", file=_short(path)
        ) from error
    return template


def _unknown(path: Path, names: Iterable[str], known: Iterable[str]) -> BadInput:
    return BadInput(
        "The template '{file}' has a tag that is not known here: {names}. There are: {known} (docs/dossier.md).",
        file=_short(path),
        names=", ".join(names),
        known=", ".join(sorted(known)),
    )


def _where(error: Exception) -> str:
    """The text around a broken tag, as docxtpl gives it."""
    near = [line.strip() for line in getattr(error, "docx_context", ()) if line.strip()]
    return f" [{' / '.join(near)[:160]}]" if near else ""


def _short(path: Path) -> str:
    return str(path)[:200]
