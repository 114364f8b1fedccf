"""Exit codes, in one table, and how an error is told on stderr: one sentence, never a traceback."""

import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import Any

from api.texts import Tongue
from cli.layout import visible
from graph.model import errors as ours
from graph.model.errors import RechainError

DONE, DONE_BUT, INPUT, STORE, BROKEN, INTERRUPTED = 0, 1, 2, 3, 70, 130

# The only such table; the nearest class of an error counts.
EXIT_CODES: dict[type[RechainError], int] = {
    ours.InputError: INPUT,
    ours.NodeMissing: INPUT,
    ours.StoreError: STORE,
    RechainError: INPUT,
}
# Questions whose answer may be a failure, by name: 1 instead of 0.
FAILED: dict[str, Callable[[Any], bool]] = {
    "check": lambda answer: not answer.healthy,
}


def exit_code(error: RechainError) -> int:
    """The exit code of an error."""
    return next(EXIT_CODES[cls] for cls in type(error).__mro__ if cls in EXIT_CODES)


def tell(error: RechainError, tongue: Tongue) -> int:
    """Say what went wrong; gives the exit code. The meanings of an ambiguous name come one a line."""
    if isinstance(error, ours.AmbiguousName):
        say_aside(tongue.say("'{name}' may mean several things. Use the id or the full name of one:", **error.values))
        for one in error.candidates:
            say_aside(f"  {one.id}  {tongue.name(one.name_zh, one.name_en, one.id)}")
    else:
        say_aside(tongue.error(error))
    return exit_code(error)


def tell_usage(error: Exception, tongue: Tongue) -> int:
    """A command line that typer could not read, in one sentence."""
    option = getattr(error, "option_name", None)
    parameter = getattr(error, "param", None)
    kind = type(error).__name__
    command = getattr(getattr(error, "ctx", None), "command_path", "rechain COMMAND")
    if kind == "NoSuchOption":
        text = tongue.say("There is no option {option} here. See: {command} --help", option=option, command=command)
    elif kind == "MissingParameter" and parameter is not None:
        name = parameter.metavar if parameter.param_type_name == "argument" else parameter.opts[0]
        text = tongue.say("{name} is missing. See: {command} --help", name=name, command=command)
    elif kind == "BadOptionUsage":
        text = tongue.say("The option {option} needs a value. See: {command} --help", option=option, command=command)
    elif kind == "BadParameter" and parameter is not None:
        name = parameter.metavar if parameter.param_type_name == "argument" else parameter.opts[0]
        reason = tongue.say("a whole number is wanted") if "integer" in str(error) else str(error)
        text = tongue.say("The value of {name} cannot be used: {reason}", name=name, reason=reason)
    else:
        text = getattr(error, "format_message", error.__str__)()
    say_aside(text)
    return INPUT


def tell_broken(error: Exception, tongue: Tongue, debug: bool) -> int:
    """A mistake of ours: the traceback goes to a file, or to stderr with --debug."""
    told = "".join(traceback.format_exception(error))
    if debug:
        sys.stderr.write(told)
        return BROKEN
    with tempfile.NamedTemporaryFile("w", prefix="rechain-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(told)
    say_aside(
        tongue.say(
            "This is a mistake in rechain, not yours. Please report it with {log}, or see it with --debug.",
            log=log.name,
        )
    )
    return BROKEN


def say_aside(text: str) -> None:
    """One line on stderr."""
    sys.stderr.write(f"{' ' * (len(text) - len(text.lstrip()))}{visible(text)}\n")


def silence_output() -> None:
    """After a broken pipe: nobody reads any more, and Python's last flush should not complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
