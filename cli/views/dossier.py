"""A dossier for the terminal: the same texts as its documents."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from api.texts import Said, Tongue
from cli.layout import Block, Line, Table
from cli.pieces import headline
from reports.dossier_context import context_of

if TYPE_CHECKING:
    from queries.dossier.dossier import DossierAnswer

_TITLE = Said("A dossier on an enterprise for a visit")
_MAKES = ("product", "kind", "amount", "date", "refs")
_PROJECTS = ("project", "place", "status", "size", "money", "completion", "refs")
_HEADS = {"kind": "counts", "refs": "source"}


def view(answer: "DossierAnswer", tongue: Tongue) -> Iterator[Block]:
    """Part by part, with the numbers of the sources."""
    said = context_of(answer, tongue.lang)
    labels = said["labels"]
    yield headline(tongue.sentence(_TITLE.text, {}), answer, tongue)
    yield Line(said["title"], "bold")
    yield Line(said["subtitle"], "dim")
    yield Line(said["summary"])
    yield from _part(labels["who"], _facts(said["who"]))
    yield from _part(labels["makes"], _cells(said["makes"], _MAKES, labels), said["makes_more"])
    uses = [{"label": labels["uses"], **said["uses"]}] if said["uses"]["entries"] else []
    yield from _part(labels["ties"], _facts([*said["ties"], *uses]))
    notes = " ".join(one for one in (said["projects_note"], said["projects_more"]) if one)
    yield from _part(labels["projects"], _cells(said["projects"], _PROJECTS, labels), notes)
    yield from _part(labels["reasons"], _lines(said["reasons"]), said["reasons_more"])
    yield from _part(labels["terms"], _lines(said["policies"]), said["policies_more"])
    yield from _lines(said["offers"])
    if said["offers_more"]:
        yield Line(said["offers_more"], "dim")
    yield from _part(labels["questions"], _lines(said["questions"]), said["questions_more"])
    shown = [(f"[{row['number']}]", row["text"], row["url"]) for row in said["sources"]]
    yield from _part(labels["sources"], [Table((), shown, ("dim", "", "dim"))] if shown else [])
    yield Line()
    yield Line(said["foot"], "dim")
    yield Line(tongue.say("As a document: add -o FILE.docx, FILE.pdf or FILE.html."), "dim")


def _part(head: str, blocks: Sequence[Block], more: str = "") -> Iterator[Block]:
    yield Line()
    yield Line(head, "bold")
    yield from blocks or [Line("–", "dim")]
    if more:
        yield Line(more, "dim")


def _facts(rows: Sequence[Mapping[str, Any]]) -> list[Block]:
    return [Table((), [(row["label"], row["text"]) for row in rows], ("dim", ""))] if rows else []


def _cells(rows: Sequence[Mapping[str, Any]], names: Sequence[str], labels: Mapping[str, str]) -> list[Block]:
    heads = tuple(labels[_HEADS.get(name, name)] for name in names)
    return [Table(heads, [tuple(row[name] for name in names) for row in rows])] if rows else []


def _lines(rows: Sequence[Mapping[str, Any]]) -> list[Block]:
    return [Line(f"· {row['full']}") for row in rows]
