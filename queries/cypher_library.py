"""The questions that one Cypher statement can answer: files beside the questions, for people who open Neo4j Browser.

`docs/cypher.md` is made from them, and the contract tests run each on a real server against the Python answers.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
_PARAMETER = re.compile(r":param (\w+) => (.+)")
_NOTE = "<!-- Made by `make docs` from queries/*/*.cypher. Do not edit. -->"
_PREFACE = """\
Statements for Neo4j Browser, Bloom or any driver, on a store that rechain keeps in Neo4j 5.26 or newer. They read the
plain graph: facts as nodes (`:Enterprise`, `:Product`, `:Region` ...) and relationships (`:PRODUCES`, `:PART_OF` ...),
each with `value`, `unit`, `as_of`, `source`, `confidence`, and in `claim` the id of the claim behind it. What a source
hedges (planned, former, doubtful ...) is there with `used: false`, and its `flags` say why.

The facts are those of the day of the last load or decision: `MATCH (s:Store) RETURN s.facts_as_of`. For any other day,
for what is implied and for what cannot be known from the sources, ask `rechain`.

Set the parameters first, then run the statement. In Browser:"""


class CypherText(NamedTuple):
    """One file. `about`: its comment, a paragraph each; `parameters`: name -> an example as Cypher writes it."""

    name: str
    zh: str
    en: str
    about: tuple[str, ...]
    parameters: dict[str, str]
    statement: str


def cypher_texts(folder: Path = FOLDER) -> tuple[CypherText, ...]:
    """All of them, by name."""
    return tuple(_read(path) for path in sorted(folder.rglob("*.cypher"), key=lambda path: path.stem))


def _read(path: Path) -> CypherText:
    lines = path.read_text(encoding="utf-8").splitlines()
    length = next(at for at, line in enumerate(lines) if not line.startswith("//"))
    header = [line.removeprefix("//").strip() for line in lines[:length]]
    parameters = {str(found[1]): str(found[2]) for line in header if (found := _PARAMETER.fullmatch(line))}
    zh, _, en = header[0].partition(" / ")
    words = "\n".join(line for line in header[1:] if not _PARAMETER.fullmatch(line))
    about = tuple(text.strip() for text in words.split("\n\n") if text.strip())
    return CypherText(path.stem, zh, en, about, parameters, "\n".join(lines[length:]))


def cypher_page(texts: Iterable[CypherText] | None = None) -> str:
    """docs/cypher.md"""
    found = cypher_texts() if texts is None else tuple(texts)
    lines = ["# 直接用 Cypher 提问 · Asking in Cypher", "", _NOTE, "", *_PREFACE.splitlines(), ""]
    lines += ["```", ":param region => 'reg:baotou'", "```", ""]
    lines += ["| statement | 中文 | English |", "|---|---|---|"]
    lines += [f"| [{text.name}](#{text.name}) | {text.zh} | {text.en} |" for text in found]
    for text in found:
        lines += ["", f"## {text.name}", "", f"{text.zh} · {text.en}"]
        for paragraph in text.about:
            lines += ["", *paragraph.splitlines()]
        lines += ["", "```", *(f":param {name} => {value}" for name, value in text.parameters.items()), "```"]
        lines += ["", "```cypher", *text.statement.splitlines(), "```"]
    return "\n".join(lines) + "\n"
