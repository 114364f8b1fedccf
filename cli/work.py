"""The commands that are no questions, by name: what adds each to the application."""

from collections.abc import Callable

import typer

from api.texts import Tongue
from cli import citing, copying, decisions, export, listing, loading, outcomes, serving, templates

WORK: dict[str, Callable[[typer.Typer, Tongue], None]] = {
    "load": loading.add_load,
    "undo": decisions.add_undo,
    "redo": decisions.add_redo,
    "accept": decisions.add_accept,
    "reject": decisions.add_reject,
    "retract": decisions.add_retract,
    "same-as": decisions.add_same_as,
    "sources": listing.add_sources,
    "batches": listing.add_batches,
    "copy": copying.add_copy,
    "changes": listing.add_changes,
    "lists": outcomes.add_lists,
    "outcome": outcomes.add_outcome,
    "outcomes": outcomes.add_outcomes,
    "export": export.add_export,
    "verify": citing.add_verify,
    "template": templates.add_template,
    "serve": serving.add_serve,
}
