"""Turtle: the same triples as N-Quads without named graphs, a paragraph a subject, to be read by people too."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from graph.export.port import Opener
from graph.export.property_graph import Lang
from graph.export.rdf import Pair, Rdf, whole_subjects
from graph.export.rdf_terms import DEFAULT_BASE, NAMESPACES
from graph.export.rdf_words import TYPE
from graph.model.subgraph import Subgraph

# What a name after a prefix may hold without escapes.
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_:-]|%[0-9A-F]{2})*|(?=$)", re.ASCII)


@dataclass(frozen=True)
class Turtle:
    """Writes graph.ttl. `base` is what the IRIs of the data begin with."""

    base: str = DEFAULT_BASE

    def __call__(self, subgraph: Subgraph, open_file: Opener, lang: Lang) -> int:  # noqa: ARG002
        """Subjects in the order of Rdf.blocks."""
        prefixes = NAMESPACES | {"n": f"{self.base}nodes/", "c": f"{self.base}claims/", "g": f"{self.base}subgraphs/"}
        short = _Shortener(prefixes)
        rdf = Rdf(subgraph, self.base)
        with open_file("graph.ttl") as file:
            file.write("".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items()).encode())
            for subject, pairs in whole_subjects(rdf.blocks()):
                file.write(f"\n{short(subject)} {_said(pairs, short)} .\n".encode())
        return rdf.lost


class _Shortener:
    """Terms of N-Triples as Turtle writes them, with prefixes where the name allows it."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        # The longest namespace first: one may begin with another.
        self._spaces = sorted(((iri, name) for name, iri in prefixes.items()), reverse=True)
        self._cached = lru_cache(maxsize=16384)(self._shorten)

    def __call__(self, term: str) -> str:
        if term.startswith("<"):
            return self._cached(term)
        text, quote, datatype = term.rpartition('"')
        return f"{text}{quote}^^{self._cached(datatype[2:])}" if datatype.startswith("^^") else term

    def _shorten(self, term: str) -> str:
        full = term[1:-1]
        for space, name in self._spaces:
            if full.startswith(space) and _LOCAL.fullmatch(full, len(space)):
                return f"{name}:{full[len(space) :]}"
        return term


def _said(pairs: list[Pair], short: _Shortener) -> str:
    by_property: dict[str, list[str]] = {}
    for property_, object_ in pairs:
        by_property.setdefault(property_, []).append(short(object_))
    return " ;\n  ".join(
        f"{'a' if property_ == TYPE else short(property_)} {', '.join(objects)}"
        for property_, objects in by_property.items()
    )
