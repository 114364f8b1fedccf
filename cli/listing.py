"""Commands that list what the store holds besides the graph: sources, loads, and what changed."""

import json
import sys
from collections import Counter
from typing import Annotated

import typer

from api.defaults import STORE
from api.texts import Tongue
from cli.errors import DONE
from cli.layout import Block, Line, Table, print_blocks
from cli.opening import opened
from cli.options import json_option, lang_option, store_option
from cli.progress import counting
from graph.model.claims import GRADES, StoredClaim
from graph.model.errors import BadInput
from graph.model.predicates import PREDICATES
from graph.stores.port import ClaimFilter, DecisionRecord, Store

_MOST = 1_000_000


def add_sources(app: typer.Typer, tongue: Tongue) -> None:
    """rechain sources [--grade GRADE]"""
    say = tongue.say

    @app.command("sources", help=say("The sources, with grade, date and number of claims."))
    def sources(
        grade: Annotated[
            str | None,
            typer.Option("--grade", metavar="GRADE", help=say("only these: {grades}", grades=" ".join(GRADES))),
        ] = None,
        limit: Annotated[int, _limit(tongue)] = 1000,
        store: Annotated[str, store_option(tongue)] = STORE,
        as_json: Annotated[bool, json_option(tongue)] = False,
        lang: Annotated[str | None, lang_option(tongue)] = None,  # noqa: ARG001
    ) -> int:
        if grade is not None and grade not in GRADES:
            raise BadInput("'{grade}' is no grade. There are: {known}.", grade=grade[:40], known=", ".join(GRADES))
        _check(limit)
        with opened(store) as kept:
            every = [source for source in kept.sources() if grade in (None, source.grade)]
            claims = _claims_by_source(kept, tongue)
        rows = every[:limit]
        if as_json:
            listed = [source._asdict() | {"claims": claims[source.id]} for source in rows]
            _print_json({"total": len(every), "truncated": len(rows) < len(every), "sources": listed})
            return DONE
        columns = (say("id"), say("grade"), say("date"), say("claims"), say("publisher"), say("address"))
        table = Table(
            columns,
            [
                (s.id, tongue.word(GRADES, s.grade), s.date or "–", str(claims[s.id]), s.publisher or "–", s.url or "–")
                for s in rows
            ],
        )
        print_blocks([table, *_cut(len(rows), len(every), tongue)])
        return DONE


def add_batches(app: typer.Typer, tongue: Tongue) -> None:
    """rechain batches"""
    say = tongue.say

    @app.command("batches", help=say("The loads, oldest first."))
    def batches(
        store: Annotated[str, store_option(tongue)] = STORE,
        as_json: Annotated[bool, json_option(tongue)] = False,
        lang: Annotated[str | None, lang_option(tongue)] = None,  # noqa: ARG001
    ) -> int:
        with opened(store) as kept:
            every = kept.batches()
        if as_json:
            _print_json({"batches": [batch._asdict() for batch in every]})
            return DONE
        columns = (say("load"), say("data set"), say("when"), say("who"), say("claims"), say("revision"), say("state"))
        rows = [
            (
                b.id,
                b.dataset,
                b.when,
                b.who,
                str(b.claims),
                str(b.revision),
                say("in force") if b.live else say("undone"),
            )
            for b in every
        ]
        print_blocks([Table(columns, rows)] if rows else [Line(say("Nothing was loaded yet."))])
        return DONE


def add_changes(app: typer.Typer, tongue: Tongue) -> None:
    """rechain changes --since REVISION"""
    say = tongue.say

    @app.command("changes", help=say("What changed after a revision: claims by their status now, and decisions."))
    def changes(
        since: Annotated[int, typer.Option("--since", metavar="REVISION", help=say("changes after this revision"))],
        limit: Annotated[int, _limit(tongue)] = 200,
        store: Annotated[str, store_option(tongue)] = STORE,
        as_json: Annotated[bool, json_option(tongue)] = False,
        lang: Annotated[str | None, lang_option(tongue)] = None,  # noqa: ARG001
    ) -> int:
        _check(limit)
        if since < 0:
            raise BadInput("'{name}' should be at least {low}, not {value}.", name="--since", low=0, value=since)
        with opened(store) as kept:
            revision = kept.revision()
            decided = [record for record in kept.decisions() if record.revision > since]
            changed: list[StoredClaim] = []
            for claim in kept.claims(ClaimFilter(changed_since=since)):
                changed.append(claim)
                if len(changed) > limit:
                    break
        rows, truncated = changed[:limit], len(changed) > limit
        if as_json:
            claims = [
                {"id": one.id, "status": one.status, "changed": one.changed, "recorded": one.revision}
                | one.claim._asdict()
                for one in rows
            ]
            told = [{"number": one.number, "revision": one.revision} | one.decision._asdict() for one in decided]
            _print_json(
                {"since": since, "revision": revision, "truncated": truncated, "decisions": told, "claims": claims}
            )
            return DONE
        print_blocks(_changes(since, revision, decided, rows, truncated, tongue))
        return DONE


def _changes(
    since: int, revision: int, decided: list[DecisionRecord], rows: list[StoredClaim], truncated: bool, tongue: Tongue
) -> list[Block]:
    say = tongue.say
    blocks: list[Block] = [
        Line(say("Changes from revision {since} to {revision}", since=since, revision=revision), "bold")
    ]
    if decided:
        blocks.append(
            Table(
                (say("decision"), say("about"), say("who"), say("when"), say("why")),
                [
                    (
                        d.decision.action,
                        " ".join(filter(None, d.decision[1:3])),
                        d.decision.who,
                        d.decision.when,
                        d.decision.why,
                    )
                    for d in decided
                ],
            )
        )
    if rows:
        blocks.append(
            Table(
                (say("status"), say("statement"), say("source"), say("id")),
                [(one.status, statement(one, tongue), one.claim.source, one.id) for one in rows],
            )
        )
    if truncated:
        blocks.append(Line(say("There are more; raise --limit.")))
    if not decided and not rows:
        blocks.append(Line(say("Nothing changed.")))
    return blocks


def statement(stored: StoredClaim, tongue: Tongue) -> str:
    """A claim in a few words."""
    claim = stored.claim
    predicate = PREDICATES.get(claim.predicate)
    word = tongue.pick((predicate.zh, predicate.en)) if predicate else claim.predicate
    parts = (claim.subject, word, claim.object, claim.qualifier, tongue.amount(claim.value, claim.unit), claim.as_of)
    return " ".join(part for part in parts if part)


def _limit(tongue: Tongue) -> object:
    return typer.Option("--limit", metavar="N", help=tongue.say("how many rows at most"))


def _check(limit: int) -> None:
    if not 1 <= limit <= _MOST:
        raise BadInput(
            "'{name}' should be from {low} to {high}, not {value}.", name="--limit", low=1, high=_MOST, value=limit
        )


def _claims_by_source(store: Store, tongue: Tongue) -> Counter[str]:
    counts: Counter[str] = Counter()
    with counting(tongue) as progress:
        for number, stored in enumerate(store.claims(ClaimFilter(statuses=("accepted", "proposed"))), start=1):
            counts[stored.claim.source] += 1
            if number % 1000 == 0:
                progress(number)
    return counts


def _cut(shown: int, total: int, tongue: Tongue) -> list[Block]:
    if shown == total:
        return []
    return [Line(tongue.say("{shown} of {total} are shown; raise --limit.", shown=shown, total=total))]


def _print_json(document: object) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
