"""Keeps the gettext catalogues: `python -m api.catalogue` collects the texts, keeps what is translated, and compiles.

Both the .po (for translators) and the .mo (what is read) are committed, so that a clone and a wheel need no build step.
"""

import ast
import io
import sys
from collections.abc import Iterable, Iterator, Mapping, Set
from inspect import getmembers, isclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from api.texts import DOMAIN, LANGS, LOCALES, Lang
from graph.model import errors

HOUSE = Path(__file__).parents[1]
ROOMS = ("graph", "loaders", "queries", "reports", "api", "cli")
_SPEAKING = frozenset({"say", "Said"})


def texts_in(root: Path = HOUSE) -> dict[str, list[str]]:
    """Every text that is said to people, with the files that say it: literals given to `say`, and error templates."""
    trees = {
        path.relative_to(root).as_posix(): ast.parse(path.read_text("utf-8"))
        for room in ROOMS
        for path in sorted((root / room).rglob("*.py"))
    }
    names = _error_names(trees.values())
    found: dict[str, list[str]] = {}
    for file, tree in trees.items():
        speaking = names | _SPEAKING if file.startswith(("api/", "cli/")) else names
        for text in dict.fromkeys(_said(tree, speaking)):
            found.setdefault(text, []).append(file)
    return found


def catalogue_file(lang: Lang, suffix: str) -> Path:
    """Where a catalogue is kept."""
    return LOCALES / lang / "LC_MESSAGES" / f"{DOMAIN}.{suffix}"


def updated(lang: Lang) -> Catalog:
    """The catalogue with the texts of now: translations kept, texts that nobody says any more left out."""
    with catalogue_file(lang, "po").open("rb") as file:
        known = read_po(file, locale=lang)
    who = {"project": "rechain", "version": "1", "last_translator": "rechain", "language_team": "rechain"}
    fresh = Catalog(lang, DOMAIN, known.header_comment, fuzzy=False, **who)
    # Without these a catalogue would differ from run to run.
    fresh.creation_date = known.creation_date
    fresh.revision_date = known.revision_date
    for text in sorted(texts_in()):
        message = known.get(text)
        translated = str(message.string) if message and not message.fuzzy else ""
        fresh.add(text, translated)
    return fresh


def written(catalogue: Catalog) -> tuple[bytes, bytes]:
    """A catalogue as .po and as .mo."""
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalogue, width=120, sort_output=True, include_lineno=False)
    write_mo(mo, catalogue)
    return po.getvalue(), mo.getvalue()


def missing(catalogue: Catalog) -> list[str]:
    """The texts without a translation."""
    return [str(message.id) for message in catalogue if message.id and not message.string]


def _error_names(trees: Iterable[ast.Module]) -> set[str]:
    """The names of our errors: the tree in the model, and whatever stands on it elsewhere."""
    names = {name for name, value in getmembers(errors, isclass) if issubclass(value, errors.RechainError)}
    for node in (node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)):
        if names & {_name(base) for base in node.bases}:
            names.add(node.name)
    return names


def _said(tree: ast.Module, speaking: Set[str]) -> Iterator[str]:
    """Texts handed to what speaks, as a literal, by the name of one, or beside the error's name in a table."""
    constants = {
        _name(target): node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in speaking:
            for call in (one for one in ast.walk(node) if isinstance(one, ast.Call) and _name(one.func) == "__init__"):
                yield from _literals(call.args[0], constants) if call.args else ()
        elif isinstance(node, ast.Call) and node.args and _name(node.func) in speaking:
            yield from _literals(node.args[0], constants)
        elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and _name(node.elts[0]) in speaking:
            yield from _literals(node.elts[1], constants)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _literals(node: ast.expr, constants: Mapping[str, ast.expr]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body, constants)
        yield from _literals(node.orelse, constants)
    elif isinstance(node, ast.Name) and isinstance(constants.get(node.id), ast.Constant):
        yield from _literals(constants[node.id], {})


def main() -> None:
    """Rewrite the catalogues; say on stderr what still needs a translation."""
    for lang in LANGS:
        if lang != "en":
            catalogue = updated(lang)
            po, mo = written(catalogue)
            catalogue_file(lang, "po").write_bytes(po)
            catalogue_file(lang, "mo").write_bytes(mo)
            for text in missing(catalogue):
                sys.stderr.write(f"{lang}: no translation of {text!r}\n")


if __name__ == "__main__":
    main()
