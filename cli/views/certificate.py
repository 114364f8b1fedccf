"""A certificate to read: the finding and its rule, routes, makers, users, what is known; the spoken sentence last."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from api.texts import Tongue
from cli.layout import Block, Line, Table
from cli.words import cell, statement
from graph.model.kinds import CHAINS, PROCESS_KINDS, PROJECT_STATUSES
from queries.base import NodeRef

if TYPE_CHECKING:
    from queries.chain.certificate_parts import CertificateAnswer, CertifiedMaker, Route

_MAKERS = 10
_NAMED = 3
STANDINGS = {
    "made_here": ("本地有生产", "made here"),
    "implied": ("可推知本地有", "implied here"),
    "auxiliary": ("辅料，外购", "auxiliary, bought in"),
    "coproduct": ("联产品", "a co-product"),
    "class_evidence": ("本地有同类产品", "its class is made here"),
    "intermediate_in_use": ("中间品，本地在用", "an intermediate in use here"),
    "not_here": ("本地没有", "not here"),
}


def view(answer: "CertificateAnswer", tongue: Tongue) -> Iterator[Block]:
    """All that a person wants to read; the claim ids are in the file that -o writes."""
    from queries.chain.assessment import KINDS, STATES
    from queries.chain.gap_rows import FLAG_WORDS

    say = tongue.say
    parts = [_name(answer.region, tongue), _name(answer.product, tongue), say("as of {day}", day=answer.as_of)]
    if answer.known_at:
        parts.append(say("as known at {day}", day=answer.known_at))
    yield Line(" · ".join([*parts, say("revision {revision}", revision=answer.revision)]), "bold")
    found = [tongue.pick(STATES[answer.state])]
    found += [tongue.pick(KINDS[answer.kind])] if answer.kind else []
    found += [tongue.word(FLAG_WORDS, flag) for flag in answer.flags]
    yield Table(
        (),
        [
            (say("finding"), say(", ").join(found)),
            (say("rule"), f"{tongue.pick((answer.rule.words.zh, answer.rule.words.en))} (v{answer.rule.version})"),
            (say("known of the chain"), _coverage(answer, tongue)),
        ],
        ("dim", ""),
    )
    for one in answer.stated_by:
        yield Line("  " + say("a source says so: {source}", source=statement(one, tongue)))
    yield Line()
    yield Line(say("Routes ({count})", count=len(answer.routes)), "bold")
    for route in answer.routes:
        yield from _route(route, tongue)
    yield from _makers(say("Makers here"), answer.local_makers, answer.totals["local_makers"], tongue)
    yield from _makers(say("Makers elsewhere"), answer.makers_elsewhere, answer.totals["makers_elsewhere"], tongue)
    yield from _users(answer, tongue)
    if answer.pipeline:
        yield Line()
        yield Line(say("Under way"), "bold")
        rows = [
            (_name(item.project, tongue), tongue.word(PROJECT_STATUSES, item.status), item.expected or "–")
            for item in answer.pipeline
        ]
        yield Table((), rows)
    yield Line()
    yield Line(say("Rests on {count} claims. To keep it: -o FILE", count=f"{len(answer.claims):,}"), "dim")
    yield Line(tongue.pick((answer.said.zh, answer.said.en)), "bold")


def _coverage(answer: "CertificateAnswer", tongue: Tongue) -> str:
    told = answer.coverage
    if told.makers is None or told.recent is None:
        return tongue.say("it is in no chain that is searched")
    word = tongue.pick(CHAINS.get(told.chain or "", (told.chain or "", told.chain or "")))
    said = tongue.say(
        "{chain}: {makers} makers here (from {least_makers}), {recent} recent sources (from {least_sources})",
        chain=word,
        makers=told.makers,
        least_makers=answer.thresholds.min_makers,
        recent=told.recent,
        least_sources=answer.thresholds.min_sources,
    )
    if told.completeness is None:
        return said
    return said + tongue.say("; completeness {share}", share=f"{told.completeness:.0%}")


def _route(route: "Route", tongue: Tongue) -> Iterator[Block]:
    say = tongue.say
    kind = tongue.word(PROCESS_KINDS, route.kind)
    told = say("{name} ({kind})", name=_name(route.process, tongue), kind=kind)
    if route.share is None:
        told += say(": none of its inputs is counted")
    else:
        told += say(": {share} of the inputs here", share=f"{route.share:.0%}")
    if route.why_not == "deposit_elsewhere":
        told += say(
            "; does not apply: tied to the deposit of {site}", site=_name(route.site, tongue) if route.site else "–"
        )
    elif route.why_not:
        told += say("; does not count: a shortcut over steps that are known themselves")
    yield Line("  " + told)
    rows = []
    for one in route.inputs:
        makers = _some(one.makers, one.makers_total, tongue)
        standing = tongue.word(STANDINGS, one.standing)
        rows.append(
            (
                "·",
                _name(one.product, tongue),
                cell("quantity", one.quantity.value, tongue) + (f" {one.quantity.unit}" if one.quantity.value else ""),
                f"{standing}{say(': {makers}', makers=makers) if makers else ''}",
                "" if one.counted else say("not counted"),
            )
        )
    rows += [
        (
            "·",
            _name(one.product, tongue),
            say("service"),
            tongue.word(STANDINGS, "made_here" if one.here else "not_here"),
            say("not counted"),
        )
        for one in route.services
    ]
    if rows:
        yield Table((), rows)


def _makers(title: str, makers: "Sequence[CertifiedMaker]", total: int, tongue: Tongue) -> Iterator[Block]:
    yield Line()
    yield Line(f"{title} ({total:,})", "bold")
    rows = [
        (
            _name(one.enterprise, tongue),
            tongue.say(", ").join(_name(place.region, tongue) for place in one.places) or one.country or "–",
            "; ".join(statement(made.statement, tongue) for made in one.makes[:_NAMED]),
        )
        for one in makers[:_MAKERS]
    ]
    if rows:
        yield Table((), rows, ("", "dim", ""))
    if total > len(rows):
        yield Line("  " + tongue.say("… and {count} more (--json)", count=total - len(rows)), "dim")


def _users(answer: "CertificateAnswer", tongue: Tongue) -> Iterator[Block]:
    yield Line()
    total = answer.totals["users"]
    yield Line(f"{tongue.say('Needed here by')} ({total:,})", "bold")
    rows = []
    for user in answer.users[:_MAKERS]:
        needs = []
        for need in user.needs:
            if need.product is None:
                needs.append(tongue.say("it is told to use it"))
                continue
            ways = tongue.say(", ").join(_name(way, tongue) for way in need.processes[:_NAMED])
            needs.append(tongue.say("for {product} by {ways}", product=_name(need.product, tongue), ways=ways))
        rows.append((_name(user.enterprise, tongue), tongue.say("; ").join(needs)))
    if rows:
        yield Table((), rows)
    if total > len(rows):
        yield Line("  " + tongue.say("… and {count} more (--json)", count=total - len(rows)), "dim")


def _some(nodes: Sequence[NodeRef], total: int, tongue: Tongue) -> str:
    told = tongue.say(", ").join(_name(one, tongue) for one in nodes[:_NAMED])
    return told + ("…" if total > _NAMED else "")


def _name(node: NodeRef, tongue: Tongue) -> str:
    return tongue.name(node.name_zh, node.name_en, node.id)
