"""`rechain export`: a part of the graph into a file that other programs open."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import Parameter
from os import environ
from typing import TYPE_CHECKING, Any

import typer

from api.defaults import PREFIX, STORE
from api.texts import Tongue
from api.version import version
from cli.errors import DONE, say_aside
from cli.opening import ask, opened
from cli.options import json_option, lang_option, store_option
from cli.progress import waiting
from graph.model.errors import BadInput

if TYPE_CHECKING:
    from graph.export.outputs import Written
    from graph.export.port import Format
    from graph.model.subgraph import Subgraph
    from graph.readers.port import Reader

# Not every system has both.
_POLITE = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


def add_export(app: typer.Typer, tongue: Tongue) -> None:
    """rechain export --seed NAME --hops N --format F -o FILE"""
    from cli.ask import option_of, parameter, takes, when_options
    from graph.export.formats import FORMATS
    from queries.lookup.subgraph import Extent

    say = tongue.say

    def command(**given: Any) -> int:
        return _export(given, tongue)

    told = "; ".join(f"{one.name}: {tongue.pick((one.zh, one.en))}" for one in FORMATS.values())
    format_ = typer.Option("--format", metavar="NAME", help=say("one of: {formats}", formats=told), show_default=False)
    output = typer.Option(
        "--output", "-o", metavar="PATH", help=say("file, or folder of several files; a zip when it ends in .zip")
    )
    bundle = typer.Option(
        "--bundle", help=say("a zip with every claim, citation, licences and checksums, which rechain verify can check")
    )
    own = [option_of(name, field, tongue) for name, field in Extent.model_fields.items()]
    takes(
        command,
        [
            *own,
            *when_options(tongue),
            parameter("format", str | None, format_, None),
            parameter("output", str, output, Parameter.empty),
            parameter("bundle", bool, bundle, False),
            parameter("as_json", bool, json_option(tongue), False),
            parameter("store", str, store_option(tongue), STORE),
            parameter("lang", str | None, lang_option(tongue), None),
        ],
    )
    app.command("export", help=say("Write a part of the graph into a file that other programs open."))(command)


def _export(given: dict[str, Any], tongue: Tongue) -> int:
    from cli.ask import given_of, understood
    from graph.export.outputs import check_cut, write
    from queries.bundles import bundle_for
    from queries.lookup.subgraph import Extent, subgraph_of

    formats = _formats(given)
    params = understood(Extent, given_of(Extent, given))

    def work(reader: "Reader") -> "tuple[Subgraph, Written]":
        subgraph = subgraph_of(reader, params)
        with waiting(tongue.say("writing …")):
            check_cut(subgraph, params.most)
            format_ = bundle_for(reader, params, formats, version()) if given["bundle"] else formats[0]
            return subgraph, write(subgraph, format_, given["output"], tongue.lang)

    with opened(given["store"]) as store, _nothing_left():
        subgraph, written = ask(store, given["store"], given["as_of"], given["known_at"], tongue, work)
        claims = sum(1 for _ in subgraph.claims()) if given["as_json"] else 0
    if given["as_json"]:
        name = "bundle" if given["bundle"] else formats[0].name
        sys.stdout.write(f"{json.dumps(_report(subgraph, written, claims, given['output'], name))}\n")
    else:
        for line in _lines(subgraph, written, given["output"], tongue):
            say_aside(line)
    return DONE


def _formats(given: dict[str, Any]) -> "tuple[Format, ...]":
    """The one that was asked for; those of a bundle."""
    from graph.export.formats import bundled
    from graph.export.outputs import format_named
    from graph.export.rdf_terms import DEFAULT_BASE

    path = given["output"]
    if not given["bundle"]:
        return (format_named(given["format"], path).at(environ.get(f"{PREFIX}IRI_BASE") or DEFAULT_BASE),)
    if not path.lower().endswith(".zip"):
        raise BadInput("A bundle is a zip, and '{path}' does not end in .zip. Name such a file.", path=path[:200])
    return bundled(format_named(given["format"], path).name if given["format"] is not None else None)


def _report(subgraph: "Subgraph", written: "Written", claims: int, path: str, format_: str) -> dict[str, Any]:
    """What was written, for programs."""
    return {
        "format": format_,
        "path": path,
        "files": [one._asdict() for one in written.files],
        "archive": written.archive and written.archive._asdict(),
        "as_of": subgraph.as_of,
        "known_at": subgraph.known_at,
        "revision": subgraph.revision,
        "asked": json.loads(subgraph.asked),
        "nodes": subgraph.size.nodes,
        "links": subgraph.size.links,
        "attributes": subgraph.size.attributes,
        "claims": claims,
        "left_out": subgraph.left_out._asdict(),
        "removed_characters": written.removed,
    }


def _lines(subgraph: "Subgraph", written: "Written", path: str, tongue: Tongue) -> Iterator[str]:
    from cli.views.subgraph import left_out_of

    size = subgraph.size
    kilobytes = sum(one.bytes for one in (written.archive and (written.archive,)) or written.files) / 1000
    yield tongue.say(
        "Written to {path}: {nodes} nodes, {links} links, {kilobytes} kB; as of {day}, revision {revision}.",
        path=path,
        nodes=f"{size.nodes:,}",
        links=f"{size.links:,}",
        kilobytes=f"{kilobytes:,.0f}",
        day=subgraph.as_of,
        revision=subgraph.revision,
    )
    yield from left_out_of(subgraph.left_out, tongue)
    if written.removed:
        yield tongue.say(
            "Taken out of texts: {count} characters that this format cannot hold.", count=f"{written.removed:,}"
        )


@contextmanager
def _nothing_left() -> Iterator[None]:
    """A polite end (SIGTERM, a terminal that is closed) is an interrupt: what is half written is taken away."""

    def interrupt(_: int, __: object) -> None:
        raise KeyboardInterrupt

    # Under nohup a closed terminal means nothing, and so it stays.
    polite = [one for one in _POLITE if signal.getsignal(one) is not signal.SIG_IGN]
    before = [(one, signal.signal(one, interrupt)) for one in polite]
    try:
        yield
    finally:
        for one, was in before:
            signal.signal(one, was)
