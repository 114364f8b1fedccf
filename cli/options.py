"""The options that many commands share, with their help in the speaker's language."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from api.defaults import PREFIX
from api.texts import Tongue

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def store_option(tongue: Tongue) -> Any:
    """--store"""
    return typer.Option(
        "--store",
        envvar=f"{PREFIX}STORE",
        metavar="URL",
        help=tongue.say("where the claims are kept: sqlite:FILE or bolt://HOST"),
    )


def json_option(tongue: Tongue) -> Any:
    """--json"""
    return typer.Option("--json", help=tongue.say("print one JSON document"))


def output_option(tongue: Tongue) -> Any:
    """-o"""
    text = tongue.say("write the answer into a file as a citation, which rechain verify can check")
    return typer.Option("--output", "-o", metavar="FILE", help=text)


def lang_option(tongue: Tongue) -> Any:
    """--lang; read before the commands are built (cli/speech.py), and declared here so that it is known."""
    return typer.Option("--lang", metavar="zh|en", help=tongue.say("language of the texts"))


def why_option(tongue: Tongue) -> Any:
    """--why"""
    return typer.Option("--why", metavar="TEXT", help=tongue.say("the reason, kept with the decision"))


def who_option(tongue: Tongue) -> Any:
    """--who"""
    return typer.Option(
        "--who", envvar=f"{PREFIX}USER", metavar="NAME", help=tongue.say("who decides; default your user name")
    )


def flag_of(name: str, field: "FieldInfo") -> str:
    """How a parameter of a question is written as an option: from_product, alias from -> --from."""
    return f"--{(field.alias or name).replace('_', '-')}"


def argument_name(name: str) -> str:
    """How a parameter of a question is shown as an argument."""
    return name.upper()


def help_of(field: "FieldInfo", tongue: Tongue, choices: Sequence[str] = ()) -> str:
    """The help of a parameter: its Chinese name or its English description, what it may be, and its default."""
    english = field.description or field.title or ""
    text = field.title or english if tongue.lang == "zh" else english
    more = [tongue.say("one of {choices}", choices=" ".join(choices))] if choices else []
    if field.default not in (None, ()) and field.default is not False and not field.is_required():
        more.append(tongue.say("default {value}", value=field.default))
    return f"{text} ({'; '.join(more)})" if more else text
