"""A bundle: a subgraph in one or more formats with all that is needed to cite it, check it and bring it back."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import file_digest, sha256
from typing import BinaryIO

from graph.export.bundle_papers import Papers, WrittenFile, citation_cff, datapackage, licences
from graph.export.bundle_readme import readme
from graph.export.port import Format, Opener
from graph.export.property_graph import Lang
from graph.model.subgraph import Subgraph

CITATION = "citation.json"
SUMS = "SHA256SUMS"
_PAPERS = (CITATION, "CITATION.cff", "README.md", "README.zh.md", "licences.csv", "datapackage.json", SUMS)


def bundle_of(formats: Sequence[Format], citation: bytes, version: str) -> Format:
    """A format that holds others, each in a folder of its own.

    `citation` is the citation of the question `contents` about the same subgraph, `version` that of the program.
    """

    def write(subgraph: Subgraph, open_file: Opener, lang: Lang) -> int:
        return _write(subgraph, formats, citation, version, open_file, lang)

    inner = tuple(f"{one.name}/{name}" for one in formats for name in one.files)
    return Format(
        "bundle",
        "可引用、可核验的文件包",
        "a bundle to cite and to check",
        (*inner, *_PAPERS),
        "application/zip",
        write,
    )


def _write(
    subgraph: Subgraph, formats: Sequence[Format], citation: bytes, version: str, open_file: Opener, lang: Lang
) -> int:
    written: list[WrittenFile] = []

    def summed(of: Format | None) -> Opener:
        @contextmanager
        def opened(name: str) -> Iterator[BinaryIO]:
            path = f"{of.name}/{name}" if of else name
            with open_file(path) as file:
                yield file
                size = file.seek(0, 2)
                file.seek(0)
                digest = file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
            written.append(WrittenFile(path, size, digest, of))

        return opened

    taken_out = sum(one.write(subgraph, summed(one), lang) for one in formats)
    papers = Papers(subgraph, tuple(formats), version, sha256(citation).hexdigest())
    for name, content in (
        (CITATION, citation),
        ("CITATION.cff", citation_cff(papers).encode()),
        ("README.md", readme(papers, "en").encode()),
        ("README.zh.md", readme(papers, "zh").encode()),
        ("licences.csv", licences(subgraph.sources()).encode()),
    ):
        with summed(None)(name) as file:
            file.write(content)
    package = json.dumps(datapackage(papers, written), ensure_ascii=False, indent=1) + "\n"
    with summed(None)("datapackage.json") as file:
        file.write(package.encode())
    with open_file(SUMS) as file:
        for one in sorted(written, key=lambda file: file.path):
            file.write(f"{one.digest}  {one.path}\n".encode())
    return taken_out
