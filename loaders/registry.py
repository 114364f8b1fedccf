"""The loaders there are, and the choice of one."""

from pathlib import Path

from graph.model.errors import BadInput, UnreadableFile
from loaders.base import Loader
from loaders.factsheet import FactsheetLoader
from loaders.parquet import ParquetLoader

# One line a loader. The first that recognises a path reads it.
LOADERS: dict[str, Loader] = {
    loader.name: loader
    for loader in (
        FactsheetLoader(),
        ParquetLoader(),
    )
}  # fmt: skip


def choose_loader(path: Path, name: str | None = None) -> Loader:
    """The loader of a name, else the one that recognises the path; raises UnreadableFile, or BadInput for the name."""
    if name is not None:
        if name not in LOADERS:
            raise BadInput("'{name}' is not a loader. Use one of {known}.", name=name, known=", ".join(LOADERS))
        return LOADERS[name]
    if not path.exists():
        raise UnreadableFile("There is no file or folder {file}. Look at the path.", file=path)
    for loader in LOADERS.values():
        if loader.recognises(path):
            return loader
    raise UnreadableFile(
        "{file} has no layout that we know. Known are: {layouts}.",
        file=path,
        layouts="; ".join(f"{loader.name} ({loader.en})" for loader in LOADERS.values()),
    )
