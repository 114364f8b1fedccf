"""Citations on the command line: `-o FILE` writes an answer as one, `rechain verify FILE` asks it again."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.defaults import STORE
from api.texts import Tongue
from cli.errors import DONE, DONE_BUT
from cli.layout import Block, Line, Table, print_blocks
from cli.opening import opened, reader_of
from cli.options import json_option, lang_option, store_option
from graph.export.whole import whole_file
from graph.model.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.model.dates import AsOf
    from graph.readers.port import Reader
    from queries.answer_changes import Change
    from queries.base import Answer, Query
    from queries.citations import Cited, Verdict

_SHOWN = 20
_WIDEST = 160


def write_citation(path: str, query: "Query[Any, Any]", answer: "Answer", tongue: Tongue) -> None:
    """Write an answer as a citation: whole, or not at all. Says on stderr where. Raises BadInput."""
    from queries.citations import cite

    write_file(path, cite(query, answer), tongue)


def write_file(path: str, citation: "Mapping[str, Any]", tongue: Tongue) -> None:
    """Write a citation: whole, or not at all. Says on stderr where. Raises BadInput."""
    from cli.errors import say_aside
    from queries.citations import written

    text = written(citation)
    with whole_file(path) as file:
        file.write(text.encode("utf-8"))
    say_aside(tongue.say("Written to {path}. To check it later: rechain verify {path}", path=path))


def add_verify(app: typer.Typer, tongue: Tongue) -> None:
    """rechain verify FILE"""
    say = tongue.say

    @app.command("verify", help=say("Ask a citation again: is the answer the same, changed, or was the file altered?"))
    def verify(
        path: Annotated[str, typer.Argument(metavar="FILE", help=say("a file that was written with -o, or a bundle"))],
        as_json: Annotated[bool, json_option(tongue)] = False,
        store: Annotated[str, store_option(tongue)] = STORE,
        lang: Annotated[str | None, lang_option(tongue)] = None,  # noqa: ARG001
    ) -> int:
        cited, damage = _read(path)
        verdict = _verdict(cited, store, tongue)
        verdict = verdict._replace(changes=damage or verdict.changes)
        if as_json:
            from api.verdicts import verdict_of

            sys.stdout.write(f"{verdict_of(cited, verdict, tongue).model_dump_json()}\n")
        else:
            print_blocks(_blocks(cited, verdict, tongue))
        return DONE if verdict.verdict == "same" else DONE_BUT


def _read(path: str) -> tuple["Cited", tuple["Change", ...]]:
    """The citation in a file, and for a bundle its files that are not as they were written. Raises UnreadableFile."""
    from queries.bundles import ZIP_BEGINS, read_bundle
    from queries.citations import LARGEST, read_citation

    if _content(path, len(ZIP_BEGINS)) == ZIP_BEGINS:
        return read_bundle(Path(path), path[:200])
    return read_citation(_content(path, LARGEST + 1), path[:200]), ()


def _verdict(cited: "Cited", store: str, tongue: Tongue) -> "Verdict":
    from queries.citations import question_of, verify
    from queries.registry import QUERIES

    if not cited.intact:
        return verify(cited, _no_reader, QUERIES)
    # What cannot be asked is said before a store is opened.
    question_of(cited, QUERIES)
    with opened(store) as held:

        def reader_at(at: "AsOf") -> "Reader":
            known_at = at.known_at.isoformat() if at.known_at else None
            return reader_of(held, store, at.valid.isoformat(), known_at, tongue)

        return verify(cited, reader_at, QUERIES)


def _no_reader(_: "AsOf") -> "Reader":
    raise ValueError("an altered citation is not asked again")


def _content(path: str, most: int) -> bytes:
    """The first bytes of a file. Raises UnreadableFile."""
    try:
        with Path(path).open("rb") as file:
            return file.read(most)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile("Cannot read '{path}': {why}. Look at the path.", path=path[:200], why=why) from error


def _blocks(cited: "Cited", verdict: "Verdict", tongue: Tongue) -> list[Block]:
    say = tongue.say
    head = cited.head
    asked = say(
        "{question} as of {day}, answered from revision {revision}",
        question=head.question,
        day=head.as_of,
        revision=head.revision,
    )
    if verdict.verdict == "altered":
        told = say("altered: the file is not as rechain wrote it. Ask for it anew; nothing in it can be relied on.")
        files = [(one.path, say("missing") if one.now is None else say("not as written")) for one in verdict.changes]
        return [
            Line(told, "bold red"),
            Line(asked, "dim"),
            *([Table((), files[:_SHOWN], ("bold", ""))] if files else []),
        ]
    if verdict.verdict == "same":
        told = say("same: revision {revision} of the store gives the same answer.", revision=verdict.revision)
        return [Line(told, "bold green"), Line(asked, "dim")]
    blocks: list[Block] = [
        Line(say("changed: revision {revision} gives another answer.", revision=verdict.revision), "bold yellow"),
        Line(asked, "dim"),
    ]
    if verdict.error is not None:
        blocks.append(Line(tongue.error(verdict.error)))
    if verdict.changes:
        rows = [(one.path, _shown(one.cited), _shown(one.now)) for one in verdict.changes[:_SHOWN]]
        blocks.append(Table((say("where"), say("cited"), say("now")), rows, ("bold", "", "")))
    if len(verdict.changes) > _SHOWN or verdict.truncated:
        more = len(verdict.changes) - _SHOWN
        told = (
            say("… and more than {count} others", count=more)
            if verdict.truncated
            else say("… and {count} more (--json)", count=more)
        )
        blocks.append(Line(told, "dim"))
    return blocks


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]}…"
