"""A part of the graph: how large it is and what it leaves out, then nodes hop by hop and what joins them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from api.texts import Said, Tongue
from cli.layout import Block, Line, Table
from cli.pieces import footer, headline
from cli.words import cell

if TYPE_CHECKING:
    from graph.model.subgraph import LeftOut
    from queries.lookup.subgraph import NotTaken, SubgraphAnswer, SubgraphEdge, SubgraphNode

_TITLE = Said("A part of the graph around some seeds")
# Its names are in the first column already, and the rest is for `show` and --json.
_NOT_SHOWN = ("name_zh", "name_en", "alias", "code", "remark")
_SHOWN = 3


def view(answer: "SubgraphAnswer", tongue: Tongue) -> Iterator[Block]:
    """One line a node, one line a link."""
    yield headline(tongue.sentence(_TITLE.text, {}), answer, tongue)
    yield Line(
        tongue.say(
            "Nodes: {nodes} (seeds: {seeds}); links: {edges}; claims behind them: {claims}; sources: {sources}.",
            nodes=f"{answer.totals['nodes']:,}",
            seeds=f"{answer.seeds:,}",
            edges=f"{answer.totals['edges']:,}",
            claims=f"{answer.claims:,}",
            sources=f"{answer.sources:,}",
        )
    )
    yield from (Line(text, "yellow") for text in left_out_of(answer.left_out, tongue))
    if answer.nodes:
        yield Line()
        yield Table((), [_node(one, tongue) for one in answer.nodes], ("dim", "", "dim", "dim"))
    if answer.edges:
        yield Line()
        yield Table((), [_edge(one, tongue) for one in answer.edges], ("", "dim", "", "dim"))
    yield from footer(answer, tongue)


def left_out_of(left_out: "NotTaken | LeftOut", tongue: Tongue) -> Iterator[str]:
    """What is not in a subgraph, one sentence a reason."""
    if left_out.nodes:
        yield tongue.say(
            "Cut off: at least {count} more nodes. Raise --most, or name --predicate, or take fewer --hops.",
            count=f"{left_out.nodes:,}",
        )
    if left_out.flagged:
        yield tongue.say(
            "Left out: {count} statements told as planned, former, doubtful ... (--flagged takes them in).",
            count=f"{left_out.flagged:,}",
        )
    if left_out.unsure:
        yield tongue.say("Left out: {count} statements below --min-confidence.", count=f"{left_out.unsure:,}")
    if left_out.low_grade:
        yield tongue.say("Left out: {count} statements of sources below --min-grade.", count=f"{left_out.low_grade:,}")


def _node(one: "SubgraphNode", tongue: Tongue) -> tuple[str, ...]:
    said = [row for row in one.said if row.predicate not in _NOT_SHOWN]
    told = tongue.say("; ").join(
        f"{cell('predicate', row.predicate, tongue)} {_value(row.predicate, row.statement, tongue)}"
        for row in said[:_SHOWN]
    )
    more = " …" if len(said) > _SHOWN else ""
    return (str(one.hop), cell("node", one.node, tongue), cell("kind", one.kind, tongue), told + more)


def _value(predicate: str, statement: object, tongue: Tongue) -> str:
    value = getattr(statement, "value", None)
    name = getattr(statement, "qualifier", "")
    told = (
        cell(predicate, value, tongue)
        if isinstance(value, str)
        else tongue.amount(value, getattr(statement, "unit", None))
    )
    return f"{name} {told}".strip()


def _edge(one: "SubgraphEdge", tongue: Tongue) -> tuple[str, ...]:
    return (
        cell("subject", one.subject, tongue),
        cell("predicate", one.predicate, tongue),
        cell("object", one.object, tongue),
        cell("statement", one.statement, tongue),
    )
