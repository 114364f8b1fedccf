"""What lies beside the data in a bundle: the data package, how to cite it, licences of the sources."""

import csv
import json
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any, NamedTuple

from graph.export.asked import in_words
from graph.export.cells import neutral
from graph.export.port import Format
from graph.model.claims import Source
from graph.model.subgraph import Subgraph

_UNTOLD = (
    "未说明；文件包只有以自己的话写的事实，文献本身的权利属其发布者"
    " / not stated; the bundle holds facts in own words, what the document itself holds stays its publisher's"
)
# What the specification takes for a path: an address, and nothing that may lead out of a folder.
_ADDRESS = re.compile(r"https?://(?!.*\.\.)\S+")


class WrittenFile(NamedTuple):
    """A file of a bundle: its path inside, size in bytes, SHA-256 in hex, and the format it belongs to, if any."""

    path: str
    size: int
    digest: str
    format: Format | None


class Papers(NamedTuple):
    """What the papers tell of: `version` of the program, `citation` SHA-256 of the citation in hex."""

    subgraph: Subgraph
    formats: tuple[Format, ...]
    version: str
    citation: str

    @property
    def name(self) -> str:
        """A short name that follows from what is in it: fit for file names and ids."""
        return f"rechain-subgraph-{self.citation[:12]}"


def datapackage(papers: Papers, files: Sequence[WrittenFile]) -> dict[str, Any]:
    """A Data Package (specs.frictionlessdata.io/data-package) that lists the files with sizes and hashes."""
    subgraph = papers.subgraph
    size = subgraph.size
    return {
        "profile": "data-package",
        "name": papers.name,
        "id": f"sha256:{papers.citation}",
        "title": "A part of the knowledge graph of the rare-earth industrial chain",
        "description": f"Asked: {in_words(subgraph.asked, 'en')}.",
        "version": str(subgraph.revision),
        "rechain": {
            "program": papers.version,
            "asked": json.loads(subgraph.asked),
            "as_of": subgraph.as_of,
            "known_at": subgraph.known_at,
            "revision": subgraph.revision,
            "nodes": size.nodes,
            "links": size.links,
            "attributes": size.attributes,
            "left_out": subgraph.left_out._asdict(),
        },
        "licenses": [{"path": "licences.csv", "title": "A licence per source"}],
        "sources": [
            {"title": source.id, **({"path": source.url} if _ADDRESS.fullmatch(source.url) else {})}
            for source in subgraph.sources()
        ],
        "resources": [_resource(file) for file in files],
    }


def _resource(file: WrittenFile) -> dict[str, Any]:
    told = {
        "name": "".join(letter if letter.isalnum() else "-" for letter in file.path.lower()),
        "path": file.path,
        "bytes": file.size,
        "hash": f"sha256:{file.digest}",
    }
    return told if file.format is None else told | {"title": file.format.en, "title_zh": file.format.zh}


def citation_cff(papers: Papers) -> str:
    """CITATION.cff 1.2.0 (citation-file-format.github.io). Texts are written as JSON strings, which YAML reads."""
    subgraph = papers.subgraph
    known = f", as known at {subgraph.known_at}" if subgraph.known_at else ""
    title = f"Subgraph of the rare-earth industrial chain as of {subgraph.as_of}{known}"
    lines = [
        "cff-version: 1.2.0",
        "type: dataset",
        'message: "If you use these data, cite this subgraph, and the sources of the statements you rely on."',
        f"title: {json.dumps(title, ensure_ascii=False)}",
        f"abstract: {json.dumps(_abstract(subgraph), ensure_ascii=False)}",
        f"version: {json.dumps(f'revision {subgraph.revision}')}",
        "authors:",
        '  - name: "rechain"',
        "identifiers:",
        "  - type: other",
        f'    value: "sha256:{papers.citation}"',
        '    description: "SHA-256 of citation.json; rechain verify asks it again"',
    ]
    return "\n".join(lines) + "\n"


def licences(sources: Iterable[Source]) -> str:
    """licences.csv: one row a source: what it is, and under which licence, as far as anybody said.

    A mark goes before it, so that Excel reads UTF-8.
    """
    file = StringIO()
    file.write("\ufeff")
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(("source", "publisher", "url", "date", "grade", "licence"))
    for one in sources:
        texts = (one.id, one.publisher, one.url, one.date or "", one.grade, one.licence or _UNTOLD)
        rows.writerow([neutral(text) for text in texts])
    return file.getvalue()


def _abstract(subgraph: Subgraph) -> str:
    return f"Asked: {in_words(subgraph.asked, 'en')}."
