"""Commands that decide: undo and redo a load, judge claims and sources, say that two nodes are one."""

import json
import sys
from datetime import UTC, datetime
from getpass import getuser
from typing import Annotated

import typer

from api.defaults import STORE
from api.texts import Tongue
from cli.errors import DONE
from cli.layout import Line, print_blocks
from cli.opening import opened
from cli.options import json_option, lang_option, store_option, who_option, why_option
from graph.model.claims import Action, Decision
from graph.model.errors import AmbiguousName, BadInput, Candidate, UnknownName
from graph.model.kinds import kind_of, looks_like_id
from graph.stores.port import Store


def add_undo(app: typer.Typer, tongue: Tongue) -> None:
    """rechain undo BATCH"""
    _add_of_batch(app, tongue, "undo", "retract", tongue.say("Undo a load: retract the claims that only it carried."))


def add_redo(app: typer.Typer, tongue: Tongue) -> None:
    """rechain redo BATCH"""
    _add_of_batch(app, tongue, "redo", "accept", tongue.say("Take back the undoing of a load."))


def add_accept(app: typer.Typer, tongue: Tongue) -> None:
    """rechain accept CLAIM|SOURCE --why TEXT"""
    _add_of_claim(app, tongue, "accept", tongue.say("Let a claim, or all claims of a source, count."))


def add_reject(app: typer.Typer, tongue: Tongue) -> None:
    """rechain reject CLAIM|SOURCE --why TEXT"""
    _add_of_claim(app, tongue, "reject", tongue.say("Refuse a claim, or all claims of a source, as wrong."))


def add_retract(app: typer.Typer, tongue: Tongue) -> None:
    """rechain retract CLAIM|SOURCE --why TEXT"""
    _add_of_claim(app, tongue, "retract", tongue.say("Take a claim, or all claims of a source, out of every answer."))


def add_same_as(app: typer.Typer, tongue: Tongue) -> None:
    """rechain same-as A B --why TEXT [--undo]"""
    say = tongue.say

    @app.command("same-as", help=say("Say that two nodes are one: B is then read as A."))
    def same_as(
        a: Annotated[str, typer.Argument(metavar="A", help=say("the node that stays: id or name"))],
        b: Annotated[str, typer.Argument(metavar="B", help=say("the node that is read as it: id or name"))],
        why: Annotated[str, why_option(tongue)],
        undo: Annotated[bool, typer.Option("--undo", help=say("say that they are two after all"))] = False,
        who: Annotated[str | None, who_option(tongue)] = None,
        store: Annotated[str, store_option(tongue)] = STORE,
        as_json: Annotated[bool, json_option(tongue)] = False,
        lang: Annotated[str | None, lang_option(tongue)] = None,  # noqa: ARG001
    ) -> int:
        with opened(store) as kept:
            keeps, other = _node(kept, a), _node(kept, b)
            if kind_of(keeps) != kind_of(other) or keeps == other:
                raise BadInput("'{a}' and '{b}' cannot be one: name two nodes of the same kind.", a=keeps, b=other)
            return _decide(kept, "not_same_as" if undo else "same_as", keeps, other, who, why, as_json, tongue)


def _add_of_batch(app: typer.Typer, tongue: Tongue, name: str, action: Action, text: str) -> None:
    @app.command(name, help=text)
    def command(
        batch: Annotated[str, typer.Argument(metavar="BATCH", help=tongue.say("bat:3 or 3; see rechain batches"))],
        why: Annotated[str, why_option(tongue)] = "",
        who: Annotated[str | None, who_option(tongue)] = None,
        store: Annotated[str, store_option(tongue)] = STORE,
        as_json: Annotated[bool, json_option(tongue)] = False,
        lang: Annotated[str | None, lang_option(tongue)] = None,  # noqa: ARG001
    ) -> int:
        target = f"bat:{batch}" if batch.isascii() and batch.isdigit() else batch
        if not target.startswith("bat:"):
            raise BadInput("'{value}' is no load. Give its number: bat:3 or 3. See: rechain batches", value=batch[:60])
        with opened(store) as kept:
            return _decide(kept, action, target, "", who, why or name, as_json, tongue)


def _add_of_claim(app: typer.Typer, tongue: Tongue, action: Action, text: str) -> None:
    @app.command(action, help=text)
    def command(
        target: Annotated[str, typer.Argument(metavar="CLAIM|SOURCE", help=tongue.say("id of a claim or of a source"))],
        why: Annotated[str, why_option(tongue)],
        who: Annotated[str | None, who_option(tongue)] = None,
        store: Annotated[str, store_option(tongue)] = STORE,
        as_json: Annotated[bool, json_option(tongue)] = False,
        lang: Annotated[str | None, lang_option(tongue)] = None,  # noqa: ARG001
    ) -> int:
        if not target.startswith(("clm:", "src:")):
            raise BadInput("'{value}' is neither a claim (clm:...) nor a source (src:...).", value=target[:60])
        with opened(store) as kept:
            return _decide(kept, action, target, "", who, why, as_json, tongue)


def _decide(
    store: Store, action: Action, target: str, other: str, who: str | None, why: str, as_json: bool, tongue: Tongue
) -> int:
    if not why.strip():
        raise BadInput("A decision needs a reason: --why TEXT")
    receipt = store.decide([Decision(action, target, other, who or user_name(), now(), why)])
    if as_json:
        sys.stdout.write(json.dumps(receipt._asdict(), ensure_ascii=False) + "\n")
        return DONE
    text = tongue.say(
        "Decided. {retracted} claims no longer count, {restored} count again. The data is now at revision {revision}.",
        retracted=receipt.retracted,
        restored=receipt.restored,
        revision=receipt.revision,
    )
    print_blocks([Line(text)])
    return DONE


def _node(store: Store, text: str) -> str:
    """The node behind an id or a name, as recorded: a node that is read as another is still found."""
    if looks_like_id(text):
        return text
    hits = store.search(text, None, 12)
    found = [hit for hit in hits if hit.how == "exact"] or hits
    if not found:
        raise UnknownName(
            "Nothing here is called '{name}'. Try a shorter part of it with: rechain search", name=text[:60]
        )
    if len(found) > 1:
        raise AmbiguousName(text[:60], [Candidate(hit.node, hit.name, None) for hit in found])
    return found[0].node


def user_name() -> str:
    """Who is at the keyboard, as far as the system knows."""
    try:
        return getuser()
    except (KeyError, OSError):
        return "unknown"


def now() -> str:
    """The time of a decision, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")
