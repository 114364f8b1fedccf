"""`rechain load`: sources into the store, and the report of it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.defaults import STORE
from api.texts import Tongue
from cli.decisions import now, user_name
from cli.errors import DONE, DONE_BUT
from cli.layout import Block, Line, Table, print_blocks
from cli.opening import opened
from cli.options import json_option, lang_option, store_option, who_option
from cli.progress import counting
from graph.model.errors import UnreadableFile

if TYPE_CHECKING:
    from loaders.report import LoadReport

_SHOWN = 20
_SHIPPED = "data"
_ROOM = Path(__file__).parent


def add_load(app: typer.Typer, tongue: Tongue) -> None:
    """rechain load [PATH...]"""
    say = tongue.say

    @app.command("load", help=say("Load files or folders; without any, the data that comes with rechain."))
    def load(
        paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH", help=say("files or folders"))] = None,
        dataset: Annotated[
            str | None,
            typer.Option("--dataset", metavar="NAME", help=say("what to call this data; default its folder's name")),
        ] = None,
        replace: Annotated[
            bool, typer.Option("--replace", help=say("retract what this data set said before and no longer says"))
        ] = False,
        strict: Annotated[bool, typer.Option("--strict", help=say("load nothing when a row is rejected"))] = False,
        loader: Annotated[
            str | None,
            typer.Option("--loader", metavar="NAME", help=say("the layout; default the one that is recognised")),
        ] = None,
        proposed: Annotated[
            bool, typer.Option("--proposed", help=say("only propose the claims: they count once accepted"))
        ] = False,
        who: Annotated[str | None, who_option(tongue)] = None,
        store: Annotated[str, store_option(tongue)] = STORE,
        as_json: Annotated[bool, json_option(tongue)] = False,
        lang: Annotated[str | None, lang_option(tongue)] = None,  # noqa: ARG001
    ) -> int:
        from loaders.loading import load_into

        with opened(store, create=True) as kept, counting(tongue) as progress:
            report = load_into(
                kept,
                paths or [shipped_data()],
                loader=loader,
                # As in a checkout: when installed it lies in a folder of another name, and is still the same data set.
                dataset=dataset or (None if paths else _SHIPPED),
                replace=replace,
                strict=strict,
                declared="proposed" if proposed else "accepted",
                who=who or user_name(),
                when=now(),
                key=None,
                progress=progress,
            )
        if as_json:
            sys.stdout.write(f"{report.to_json()}\n")
        else:
            print_blocks(_blocks(report, tongue))
        return DONE_BUT if report.rejected or report.dangling else DONE


def shipped_data() -> Path:
    """The data that comes with rechain: beside the packages in a checkout, inside this one when installed."""
    for folder in (_ROOM / "shipped", _ROOM.parent / "data"):
        if (folder / "entities.csv").exists():
            return folder
    raise UnreadableFile("The data that comes with rechain is not here. Name a file or a folder: rechain load PATH")


def _blocks(report: "LoadReport", tongue: Tongue) -> list[Block]:
    say = tongue.say
    blocks: list[Block] = [
        Table(
            (say("added"), say("same"), say("rejected"), say("dangling"), say("conflicts")),
            [tuple(str(n) for n in (report.added, report.same, report.rejected, report.dangling, report.conflicts))],
        )
    ]
    if report.rejects:
        blocks.append(Line(say("Rows that could not be used:"), "bold"))
        columns = (say("file"), say("row"), say("column"), say("value"), say("reason"), say("what to do"))
        rows = [
            (r.file, str(r.row or "–"), r.column or "–", r.value or "–", r.reason, r.remedy)
            for r in report.rejects[:_SHOWN]
        ]
        blocks.append(Table(columns, rows))
        if len(report.rejects) > _SHOWN:
            blocks.append(_more(len(report.rejects), tongue))
    if report.danglings:
        blocks.append(Line(say("Rows that name what nothing describes (loaded all the same):"), "bold"))
        heads = (say("file"), say("row"), say("column"), "id", say("what to do"))
        loose = [(d.file, str(d.row), d.column, d.missing, d.remedy) for d in report.danglings[:_SHOWN]]
        blocks.append(Table(heads, loose))
        if len(report.danglings) > _SHOWN:
            blocks.append(_more(len(report.danglings), tongue))
    return blocks


def _more(total: int, tongue: Tongue) -> Line:
    return Line(tongue.say("… and {count} more (--json lists all).", count=total - _SHOWN))
