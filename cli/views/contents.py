"""What is in a subgraph: how many claims stand behind each node; the ids are for programs (--json)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from api.texts import Said, Tongue
from cli.layout import Block, Line, Table
from cli.pieces import footer, headline

if TYPE_CHECKING:
    from queries.lookup.contents import ContentsAnswer

_TITLE = Said("What exactly is in a subgraph, claim by claim")


def view(answer: "ContentsAnswer", tongue: Tongue) -> Iterator[Block]:
    """One line a node."""
    say = tongue.say
    yield headline(tongue.sentence(_TITLE.text, {}), answer, tongue)
    yield Line()
    rows = [(one.node, str(one.hop), str(len(one.facts)), str(len(one.others))) for one in answer.nodes]
    heads = (say("node"), say("hop"), say("preferred claims"), say("older and contradicting ones"))
    yield Table(heads, rows, ("", "dim", "", "dim"))
    yield Line(say("Sources: {count}. All ids: --json", count=len(answer.sources)), "dim")
    yield from footer(answer, tongue)
