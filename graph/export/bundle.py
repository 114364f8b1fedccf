"""A bundle: a subgraph in one or more formats with all that is needed to cite it, check it and bring it back."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from graph.export.bundle_papers import Papers, WrittenFile, citation_cff, datapackage, licences
from graph.export.bundle_readme import readme
from graph.export.port import Format
from graph.export.property_graph import Lang
from graph.model.subgraph import Subgraph

CITATION = "citation.json"
SUMS = "SHA256SUMS"


def write_bundle(
    subgraph: Subgraph, formats: Sequence[Format], citation: bytes, version: str, folder: Path, lang: Lang
) -> int:
    """Fill an empty folder; gives the number of characters taken out of texts (see Format).

    The same subgraph, citation and version give the same bytes.

    Each format has a folder of its own. `citation` is the citation of the question `contents` about this subgraph,
    `version` that of the program.
    """
    files: list[WrittenFile] = []
    taken_out = 0
    for one in formats:
        taken_out += _write(one, subgraph, folder, lang)
        files += [_file(folder, f"{one.name}/{path.name}", one) for path in sorted((folder / one.name).iterdir())]
    (folder / CITATION).write_bytes(citation)
    files.append(_file(folder, CITATION, None))
    papers = Papers(subgraph, tuple(formats), version, sha256(citation).hexdigest())
    for name, text in (
        ("CITATION.cff", citation_cff(papers)),
        ("README.md", readme(papers, "en")),
        ("README.zh.md", readme(papers, "zh")),
    ):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        files.append(_file(folder, name, None))
    with (folder / "licences.csv").open("w", encoding="utf-8", newline="") as file:
        licences(subgraph.sources(), file)
    files.append(_file(folder, "licences.csv", None))
    package = json.dumps(datapackage(papers, files), ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").write_text(package, encoding="utf-8", newline="\n")
    files.append(_file(folder, "datapackage.json", None))
    sums = "".join(f"{one.digest}  {one.path}\n" for one in sorted(files, key=lambda file: file.path))
    (folder / SUMS).write_text(sums, encoding="utf-8", newline="\n")
    return taken_out


def _write(one: Format, subgraph: Subgraph, folder: Path, lang: Lang) -> int:
    own = folder / one.name
    own.mkdir()

    @contextmanager
    def open_file(name: str) -> Iterator[BinaryIO]:
        with (own / name).open("wb") as file:
            yield file

    return one.write(subgraph, open_file, lang)


def _file(folder: Path, name: str, of: Format | None) -> WrittenFile:
    digest = sha256()
    with (folder / name).open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
        size = file.tell()
    return WrittenFile(name, size, digest.hexdigest(), of)
