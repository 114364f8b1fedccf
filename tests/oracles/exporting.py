"""A subgraph written into a folder, in any format."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from graph.export.port import Format
from graph.model.kinds import NODE_KINDS
from graph.model.subgraph import Subgraph
from graph.readers.port import Reader
from queries.lookup.subgraph import SubgraphParams, subgraph_of


def everything(reader: Reader) -> Subgraph:
    """The whole graph as a subgraph, flagged statements included."""
    return subgraph_of(reader, SubgraphParams(kind=tuple(NODE_KINDS), flagged=True, most=1_000_000))


def export(subgraph: Subgraph, form: Format, folder: Path) -> list[Path]:
    """The files, in the order the format declares them."""

    @contextmanager
    def open_file(name: str) -> Iterator[BinaryIO]:
        with (folder / name).open("wb") as file:
            yield file

    form.write(subgraph, open_file, "zh")
    return [folder / name for name in form.files]
