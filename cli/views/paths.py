"""How two nodes are linked: each path step by step, with what joins the two ends and who says so."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from api.texts import Said, Tongue
from cli.layout import Block, Line, Table
from cli.pieces import footer, headline
from cli.words import cell

if TYPE_CHECKING:
    from queries.lookup.paths import PathsAnswer, Step, StepLink

_SHOWN = 3
_TITLE = Said("How two nodes are linked")


def view(answer: "PathsAnswer", tongue: Tongue) -> Iterator[Block]:
    """One block a path."""
    yield headline(tongue.sentence(_TITLE.text, {}), answer, tongue)
    yield Line(f"{cell('a', answer.a, tongue)}  …  {cell('b', answer.b, tongue)}")
    for number, path in enumerate(answer.paths, start=1):
        yield Line()
        yield Line(tongue.say("Path {number}: {hops} links", number=number, hops=path.hops), "bold")
        yield Table((), [_row(step, tongue) for step in path.steps], ("", "dim", "", "dim"))
    if not answer.paths:
        yield Line()
        yield Line(tongue.say("No path of so many links was found."))
    yield from footer(answer, tongue)


def _row(step: "Step", tongue: Tongue) -> tuple[str, ...]:
    said = tongue.say("; ").join(_link(link, tongue) for link in step.links[:_SHOWN])
    more = "…" if len(step.links) > _SHOWN else ""
    return (cell("start", step.start, tongue), "->", cell("end", step.end, tongue), said + more)


def _link(link: "StepLink", tongue: Tongue) -> str:
    """The words of a link, turned with an arrow where it is told the other way round."""
    words = tongue.pick((link.zh, link.en))
    product = f" {cell('product', link.product, tongue)}" if link.product else ""
    arrow = "" if link.direction == "forward" else "← "
    return f"{arrow}{words}{product} {cell('statement', link.statement, tongue)}"
