"""Commands about frozen lists: which there are, what came of one on it, and the funnel."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.defaults import STORE
from api.texts import Tongue
from cli.decisions import user_name
from cli.errors import DONE, say_aside
from cli.layout import Line, print_blocks
from cli.opening import opened
from cli.options import json_option, lang_option, store_option
from graph.model.errors import BadInput
from graph.stores.port import Store

if TYPE_CHECKING:
    from queries.base import Answer, Query


def freeze_answer(name: str, store: Store, query: "Query[Any, Any]", answer: "Answer", tongue: Tongue) -> None:
    """--freeze NAME: keep the answer as a list. Says on stderr that it was. Raises BadInput."""
    from api.ledger import Moment, freeze_list, list_of, local_now
    from queries.citations import cite

    is_new = freeze_list(store, name, cite(query, answer), Moment(local_now(), user_name()))
    kept = list_of(store, name)
    count = len(kept.targets)
    if is_new:
        told = tongue.say(
            "Frozen as '{name}' on {day}: {count} enterprises.", name=kept.name, day=kept.day, count=count
        )
    else:
        told = tongue.say("The list '{name}' was frozen on {day} and is this very one.", name=kept.name, day=kept.day)
    say_aside(told)
    if kept.truncated:
        say_aside(tongue.say("A limit cut the answer off; only what was within it is on the list."))


def add_lists(app: typer.Typer, tongue: Tongue) -> None:
    """rechain lists [NAME] [--export NAME -o FILE]"""
    say = tongue.say

    @app.command("lists", help=say("The frozen lists of targets; with a name, who is on it and how far they got."))
    def lists(
        name: Annotated[str | None, typer.Argument(metavar="NAME", help=say("show this list"))] = None,
        export: Annotated[
            str | None, typer.Option("--export", metavar="NAME", help=say("write this list as a citation (with -o)"))
        ] = None,
        output: Annotated[
            str | None, typer.Option("--output", "-o", metavar="FILE", help=say("the file for --export"))
        ] = None,
        store: Annotated[str, store_option(tongue)] = STORE,
        as_json: Annotated[bool, json_option(tongue)] = False,
        lang: Annotated[str | None, lang_option(tongue)] = None,  # noqa: ARG001
    ) -> int:
        from api.ledger import list_of, lists_of, outcomes_in
        from api.ledger_shown import ListsFound, list_shown, list_summary
        from cli.views.outcomes import one_list, some_lists

        if (export is None) != (output is None):
            raise BadInput("--export and -o go together: rechain lists --export NAME -o FILE")
        with opened(store) as kept:
            if export is not None and output is not None:
                from cli.citing import write_file

                write_file(output, list_of(kept, export).citation, tongue)
            elif name is not None:
                shown = list_shown(list_of(kept, name), outcomes_in(kept, name))
                _show(shown, one_list, as_json, tongue)
            else:
                every = ListsFound(lists=tuple(map(list_summary, lists_of(kept))))
                _show(every, some_lists, as_json, tongue)
        return DONE


def add_outcome(app: typer.Typer, tongue: Tongue) -> None:
    """rechain outcome ENT STAGE --list NAME --on DATE [--undo]"""
    say = tongue.say

    @app.command("outcome", help=say("Enter what came of one on a frozen list, or take an entry back."))
    def outcome(
        enterprise: Annotated[str, typer.Argument(metavar="ENT", help=say("who, by any name; must be on the list"))],
        stage: Annotated[
            str, typer.Argument(metavar="STAGE", help=say("contacted, visited, signed, landed or refused"))
        ],
        in_list: Annotated[str, typer.Option("--list", metavar="NAME", help=say("the frozen list"))],
        on: Annotated[str | None, typer.Option("--on", metavar="DATE", help=say("the day it happened"))] = None,
        note: Annotated[str, typer.Option("--note", metavar="TEXT", help=say("in your own words"))] = "",
        undo: Annotated[bool, typer.Option("--undo", help=say("take back what was entered wrongly"))] = False,
        who: Annotated[
            str | None,
            typer.Option(
                "--who", envvar="RECHAIN_USER", metavar="NAME", help=say("who enters it; default your user name")
            ),
        ] = None,
        store: Annotated[str, store_option(tongue)] = STORE,
        as_json: Annotated[bool, json_option(tongue)] = False,
        lang: Annotated[str | None, lang_option(tongue)] = None,  # noqa: ARG001
    ) -> int:
        from api.ledger import Given, Moment, enter_outcome, local_now
        from api.ledger_shown import kept_shown

        if on is None and not undo:
            raise BadInput("When did it happen? Give the day: --on 2026-06-30")
        with opened(store) as kept:
            done = enter_outcome(
                kept, Given(in_list, enterprise, stage, on, note, undo), Moment(local_now(), who or user_name())
            )
        shown = kept_shown(done, tongue)
        if as_json:
            sys.stdout.write(f"{shown.model_dump_json()}\n")
        else:
            print_blocks([Line(shown.said), *(Line(remark, "yellow") for remark in shown.remarks)])
        return DONE


def add_outcomes(app: typer.Typer, tongue: Tongue) -> None:
    """rechain outcomes [--list NAME]"""
    say = tongue.say

    @app.command("outcomes", help=say("What came of the frozen lists: the funnel, and landings by factor and rank."))
    def outcomes(
        in_list: Annotated[
            str | None, typer.Option("--list", metavar="NAME", help=say("only this list; default all"))
        ] = None,
        store: Annotated[str, store_option(tongue)] = STORE,
        as_json: Annotated[bool, json_option(tongue)] = False,
        lang: Annotated[str | None, lang_option(tongue)] = None,  # noqa: ARG001
    ) -> int:
        from api.ledger import outcomes_in
        from cli.views.outcomes import funnel

        with opened(store) as kept:
            _show(outcomes_in(kept, in_list), funnel, as_json, tongue)
        return DONE


def _show(found: Any, view: Any, as_json: bool, tongue: Tongue) -> None:
    if as_json:
        sys.stdout.write(f"{found.model_dump_json()}\n")
    else:
        print_blocks(view(found, tongue))
