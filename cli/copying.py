"""rechain copy FROM TO, and the comparison of two stores behind `rechain check --against`."""

import json
import sys
from typing import Annotated

import typer

from api.texts import Tongue
from cli.errors import DONE, DONE_BUT
from cli.layout import Line, Table, print_blocks
from cli.opening import opened
from cli.options import json_option, lang_option
from cli.progress import counting, waiting
from graph.stores.copying import compare_stores, copy_store


def add_copy(app: typer.Typer, tongue: Tongue) -> None:
    """rechain copy FROM TO"""
    say = tongue.say

    @app.command("copy", help=say("Copy a store into an empty one, or go on with a copy that was broken off."))
    def copy(
        source: Annotated[
            str, typer.Argument(metavar="FROM", help=say("the store to copy: sqlite:FILE or bolt://HOST"))
        ],
        target: Annotated[str, typer.Argument(metavar="TO", help=say("the store to fill; a file is made"))],
        as_json: Annotated[bool, json_option(tongue)] = False,
        lang: Annotated[str | None, lang_option(tongue)] = None,  # noqa: ARG001
    ) -> int:
        with opened(source) as here, opened(target, create=True) as there, counting(tongue) as count:
            copied = copy_store(here, there, count)
            place = there.location
        if as_json:
            sys.stdout.write(json.dumps(copied._asdict()) + "\n")
        else:
            told = say(
                "Copied {batches} loads with {claims} claims, {decisions} decisions and {entries} entries of the "
                "ledger to {place}; {skipped} were there.",
                **copied._asdict(),
                place=place,
            )
            print_blocks([Line(told), Line(say("To compare: rechain check --store FROM --against TO"), "dim")])
        return DONE


def compare(store: str, against: str, as_json: bool, tongue: Tongue) -> int:
    """Print how two stores compare; DONE_BUT when they differ."""
    say = tongue.say
    with opened(store) as here, opened(against) as there, waiting(say("comparing the stores …")):
        comparison = compare_stores(here, there)
    if as_json:
        body = comparison._asdict() | {"differences": [one._asdict() for one in comparison.differences]}
        sys.stdout.write(json.dumps(body, ensure_ascii=False) + "\n")
    elif not comparison.different:
        counts = {name: f"{count:,}" for name, count in comparison._asdict().items() if isinstance(count, int)}
        told = say(
            "The stores are equal: {claims} claims, {sources} sources, {batches} loads, {decisions} decisions, "
            "{entries} entries of the ledger.",
            **counts,
        )
        print_blocks([Line(told)])
    else:
        rows = [(one.kind, one.id, one.here or "–", one.there or "–") for one in comparison.differences]
        heads = (say("kind"), "id", say("here"), say("there"))
        print_blocks([
            Line(say("The stores differ in {count} places:", count=comparison.different), "bold"),
            Table(heads, rows, ("", "", "", "")),
        ])  # fmt: skip
    return DONE_BUT if comparison.different else DONE
