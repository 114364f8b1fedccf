"""`rechain template`: a sheet to fill in, with comments in Chinese and English."""

import sys
from typing import Annotated

import typer

from api.texts import Tongue
from cli.errors import DONE
from cli.loading import shipped_data
from cli.options import lang_option
from graph.model.errors import BadInput

TEMPLATES: dict[str, str] = {
    "project": "project.yaml",
    "zone-offers": "zone-offers.yaml",
    "policy-conditions": "policy-conditions.csv",
}


def add_template(app: typer.Typer, tongue: Tongue) -> None:
    """rechain template NAME"""
    say = tongue.say

    @app.command("template", help=say("Print a sheet to fill in: {names}.", names=", ".join(TEMPLATES)))
    def template(
        name: Annotated[str, typer.Argument(metavar="NAME", help=say("one of {choices}", choices=" ".join(TEMPLATES)))],
        lang: Annotated[str | None, lang_option(tongue)] = None,  # noqa: ARG001
    ) -> int:
        sys.stdout.write(template_text(name))
        return DONE


def template_text(name: str) -> str:
    """A template as shipped. Raises BadInput."""
    if name not in TEMPLATES:
        raise BadInput("There is no template '{name}'. There are: {known}.", name=name[:60], known=", ".join(TEMPLATES))
    return (shipped_data() / "templates" / TEMPLATES[name]).read_text("utf-8")
