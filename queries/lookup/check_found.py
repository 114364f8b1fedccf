"""What a health check reports, before names and claims are looked up for the page that is shown."""

from typing import NamedTuple


class Found(NamedTuple):
    """One thing to look into. `claims` None: any claims that name the nodes."""

    nodes: tuple[str, ...]
    zh: str
    en: str
    claims: tuple[str, ...] | None = None
