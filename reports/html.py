"""A dossier as one printable page: no scripts, nothing from elsewhere, every text escaped."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.dossier_context import Context
from reports.places import TEMPLATES


def write_html(context: Context, name: str) -> bytes:
    """The page as UTF-8; the same context gives the same bytes."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(f"{name}.html").render(context).encode("utf-8")
