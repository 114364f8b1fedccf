"""Which rechain this is."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of


def version() -> str:
    """The version of the program; 0 where it runs without being installed."""
    try:
        return version_of("rechain")
    except PackageNotFoundError:
        return "0"
