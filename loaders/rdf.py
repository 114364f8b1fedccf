"""RDF as rechain writes it, and edited since: N-Quads, N-Triples, TriG, Turtle, JSON-LD and RDF/XML.

Claims are read, nothing else: direct triples, labels and concepts follow from them. The lines may come in any order.
Each file is read twice: first for the sources and for how many statements each claim has, then for the claims, each
given away as soon as it is complete. So what is held grows by about 150 bytes a claim.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from graph.export import rdf_words as words
from graph.model.claims import Claim
from graph.model.errors import UnreadableFile
from loaders.base import Item, Loaded, Part, Place, Reject
from loaders.cells import BadCell
from loaders.rdf_claims import SOURCE_PROPERTIES, Pair, claim_of, node_of, short, source_of, tells_of_claim
from loaders.rdf_statements import FORMATS, statements
from loaders.tables import cut

# Claims by our own ids cost less: twelve bytes. A quantity counts with its claim.
_OURS = re.compile(r"/claims/clm:([0-9a-f]{24})(?:#quantity)?>")
_COLUMNS: dict[Part, str] = {
    "subject": words.SUBJECT,
    "object": words.OBJECT,
    "qualifier": words.QUALIFIED_BY,
    "source": words.SOURCE,
}
# What has one of these is meant to be a claim, whatever else it lacks.
_ENDS = (words.SUBJECT, words.PREDICATE, words.OBJECT)
Key = bytes | str


class RdfLoader:
    """Reads an RDF file, or all of a folder that has no tables."""

    name = "rdf"
    zh = f"本系统导出的 RDF：{'、'.join(FORMATS)} 文件，或含有它们的文件夹"
    en = f"RDF as rechain exports it: a file {', '.join(FORMATS)}, or a folder with some"

    def recognises(self, path: Path) -> bool:
        """By the name of the file, or of one in the folder."""
        return bool(_files(path))

    def read(self, path: Path, dataset: str) -> Iterator[Item]:  # noqa: ARG002
        """Sources of all files first. Raises UnreadableFile for a file that is broken or wants others fetched."""
        files = _files(path)
        if not files:
            raise UnreadableFile("{file} is not RDF. It should be {layout}.", file=path, layout=self.en)
        tallies = [_Tally(file) for file in files]
        for tally in tallies:
            yield from tally.sources()
        for tally in tallies:
            yield from tally.claims()

    def column(self, claim: Claim, part: Part, place: Place) -> str:  # noqa: ARG002  # all files are alike
        """The property that names a part."""
        return short(_COLUMNS[part])


class _Tally:
    """One file: what the first reading finds out, and the second."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._counts: dict[Key, int] = {}
        # Claims that are not named as ours are, and the quantities of such.
        self._named: set[Key] = set()
        self._owners: dict[Key, Key] = {}

    def sources(self) -> Iterator[Item]:
        """The first reading: what is wrong with lines, then the sources by id."""
        sources: dict[str, list[Pair]] = {}
        counts = self._counts
        for one in statements(self._file):
            if isinstance(one, Reject):
                yield one
                continue
            _, subject, property_, object_ = one
            if tells_of_claim(property_):
                key = _key(subject)
                counts[key] = counts.get(key, 0) + 1
                if isinstance(key, str) and property_ in _ENDS:
                    self._named.add(key)
                if property_ == words.QUANTITY and isinstance(quantity := _key(object_), str):
                    self._owners[quantity] = key
            elif property_ == words.TYPE and object_ == words.CLAIM:
                self._named.add(_key(subject))
                counts.setdefault(_key(subject), 0)
            elif property_ in SOURCE_PROPERTIES and (id_ := node_of(subject)) and id_.startswith("src:"):
                sources.setdefault(id_, []).append((property_, object_))
        for quantity, owner in self._owners.items():
            counts[owner] += counts.pop(quantity, 0)
        for id_, pairs in sorted(sources.items()):
            try:
                source = source_of(id_, pairs)
            except BadCell as bad:
                yield self._reject(None, bad)
            else:
                if source is not None:
                    yield source

    def claims(self) -> Iterator[Item]:
        """The second reading: each claim when its last statement was read, incomplete ones as rejects."""
        counts, owners = self._counts, self._owners
        open_: dict[Key, tuple[int, list[Pair]]] = {}
        number = 0
        for key in [key for key, count in counts.items() if not count]:
            del counts[key]
            yield self._whole(0, [])
        for one in statements(self._file):
            if isinstance(one, Reject) or not tells_of_claim(one.property):
                continue
            row, subject, property_, object_ = one
            key = _key(subject)
            key = owners.get(key, key)
            if isinstance(key, str) and key not in self._named:
                continue
            if key not in open_:
                number += 1
                open_[key] = (row or number, [])
            first, pairs = open_[key]
            pairs.append((property_, object_))
            if key not in counts:
                raise UnreadableFile("{file} changed while it was read. Load it again.", file=self._file.name)
            counts[key] -= 1
            if not counts[key]:
                del counts[key], open_[key]
                yield self._whole(first, pairs)

    def _whole(self, row: int, pairs: list[Pair]) -> Loaded | Reject:
        try:
            return Loaded(claim_of(pairs), Place(self._file.name, row))
        except BadCell as bad:
            return self._reject(row or None, bad)

    def _reject(self, row: int | None, bad: BadCell) -> Reject:
        return Reject(self._file.name, None, row, bad.column, cut(bad.value), bad.reason, bad.remedy)


def _key(subject: str) -> Key:
    match = _OURS.search(subject)
    return bytes.fromhex(match[1]) if match else subject


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path] if path.suffix.lower() in FORMATS else []
    try:
        files = sorted(file for file in path.iterdir() if file.is_file())
    except OSError as error:
        raise UnreadableFile(
            "{file} cannot be read: {reason}.", file=path, reason=error.strerror or str(error)
        ) from error
    # A folder of tables is somebody else's, whatever else lies in it.
    has_tables = any(file.suffix.lower() == ".csv" for file in files)
    return [] if has_tables else [file for file in files if file.suffix.lower() in FORMATS]
