"""The `rechain` command."""

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from os import environ
from typing import Annotated

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from api.texts import Tongue
from api.version import version
from cli import errors
from cli.speech import tongue_of
from cli.work import WORK
from graph.model.errors import BadInput, RechainError

_DEBUG = "--debug"


def main() -> None:
    """The entry point."""
    sys.exit(run(sys.argv[1:]))


def run(argv: Sequence[str]) -> int:
    """Do what a command line says; gives the exit code. Says errors on stderr, each in one sentence."""
    for stream in (sys.stdout, sys.stderr):
        _speak_utf8(stream)
    words, debug = list(argv), False
    if _DEBUG in words:
        words.remove(_DEBUG)
        debug = True
    tongue = Tongue()
    try:
        tongue, words = tongue_of(words, environ)
        code = _obey(words, tongue)
        sys.stdout.flush()
    except RechainError as error:
        if debug:
            return errors.tell_broken(error, tongue, debug)
        return errors.tell(error, tongue)
    except TyperException as error:
        return errors.tell_usage(error, tongue)
    except (KeyboardInterrupt, typer.Abort):
        return errors.INTERRUPTED
    except BrokenPipeError:
        errors.silence_output()
        return errors.DONE
    except Exception as error:
        return errors.tell_broken(error, tongue, debug)
    return code


def _obey(words: Sequence[str], tongue: Tongue) -> int:
    app = _app(tongue)
    name = next((word for word in words if not word.startswith("-")), None)
    if words == ["--version"]:
        sys.stdout.write(f"rechain {version()}\n")
        return errors.DONE
    if name in WORK:
        WORK[name](app, tongue)
    else:
        # Only now: the questions bring numpy and pydantic with them.
        from cli.ask import add_question
        from queries.registry import QUERIES

        if name is not None and name not in QUERIES:
            raise _no_such(name, [*QUERIES, *WORK])
        for query in QUERIES.values():
            if name in (None, query.name):
                add_question(app, query, tongue)
        if name is None:
            for add in WORK.values():
                add(app, tongue)
    command = get_command(app)
    try:
        # Not `app()`: that has its own ways with interrupts, closed pipes and exit codes.
        with command.make_context("rechain", list(words) or ["--help"]) as context:
            code = command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    return code if isinstance(code, int) else errors.DONE


def _app(tongue: Tongue) -> typer.Typer:
    app = typer.Typer(
        name="rechain",
        add_completion=False,
        rich_markup_mode="rich" if sys.stdout.isatty() else None,
        pretty_exceptions_enable=False,
        help=tongue.say("Which links of an industrial chain a region lacks, who makes them, and on what evidence."),
    )

    @app.callback()
    def root(
        version: Annotated[bool, typer.Option("--version", help=tongue.say("print the version"))] = False,
        debug: Annotated[bool, typer.Option(_DEBUG, help=tongue.say("show the traceback of an error"))] = False,
    ) -> None:
        """Both are seen to before the commands are built; here they are declared, for the help."""

    return app


def _no_such(name: str, known: Sequence[str]) -> BadInput:
    close = get_close_matches(name, known, 1)
    if close:
        return BadInput("There is no command '{name}'. Did you mean: rechain {close}", name=name[:60], close=close[0])
    return BadInput("There is no command '{name}'. There are: {known}.", name=name[:60], known=", ".join(known))


def _speak_utf8(stream: object) -> None:
    """Chinese goes out whatever the locale; a pipe gets UTF-8, a terminal of another encoding what it can show."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        is_terminal = stream.isatty()  # type: ignore[attr-defined]
        encoding = str(getattr(stream, "encoding", "")).lower().replace("-", "")
        keep = is_terminal and encoding.startswith(("gb", "big5", "cp936", "utf"))
        reconfigure(encoding=None if keep else "utf-8", errors="replace")


if __name__ == "__main__":
    main()
