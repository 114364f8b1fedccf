"""Health of the graph's structure: nodes nobody describes, circles where none can be, statements that disagree."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np

from graph.model.facts import Fact
from graph.model.kinds import NODE_KINDS
from graph.model.predicates import PREDICATES
from graph.model.units import say_amount
from graph.readers.components import components
from graph.readers.port import Reader
from queries.lookup.check_found import Found

_ALL_KINDS = tuple(NODE_KINDS)
# Relations that cannot lead back to where they began: nothing is a part or a kind of itself.
_ACYCLIC = ("part_of", "subclass_of", "owns")


def dangling(reader: Reader) -> list[Found]:
    """Nodes that claims name and none describes."""
    found = []
    for node in reader.nodes(reader.ids(_ALL_KINDS)):
        if node.dangling:
            kind = NODE_KINDS[node.kind]
            found.append(Found((node.id,), f"只有标识、没有名称的{kind.zh}", f"{kind.en} with an id and no name"))
    return found


def cycles(reader: Reader) -> list[Found]:
    """Circles in part_of, subclass_of, owns, and in the recipes without recycling, which is there to close circles."""
    found = []
    for name in _ACYCLIC:
        predicate = PREDICATES[name]
        facts = [fact for fact in reader.facts(reader.ids(predicate.subjects), (name,), "out") if fact.used]
        found += [_cycle(ring, predicate.zh, predicate.en) for ring in _rings(facts)]
    chain = reader.chain()
    steps = [process for process, kind in zip(chain.processes, chain.kinds, strict=True) if kind != "recycling"]
    flows: Sequence[Fact] = ()
    if steps:
        flows = (*reader.facts(steps, ("input_to",), "in"), *reader.facts(steps, ("yields",), "out"))
    found += [
        _cycle(ring, "工艺（不含回收）", "recipes without recycling") for ring in _rings(f for f in flows if f.used)
    ]
    return found


def _cycle(ring: Sequence[Fact], zh: str, en: str) -> Found:
    nodes = tuple(sorted({end for fact in ring for end in (fact.subject, str(fact.object))}))
    return Found(
        nodes,
        f"“{zh}”绕成一圈：{len(nodes)} 个节点",
        f"'{en}' leads back to where it began: {len(nodes)} node{'' if len(nodes) == 1 else 's'}",
        tuple(fact.claim for fact in ring),
    )


def _rings(facts: Iterable[Fact]) -> list[list[Fact]]:
    """The facts of each knot of circles, knots by their smallest node."""
    told = list(facts)
    number: dict[str, int] = {}
    ends = [
        (number.setdefault(fact.subject, len(number)), number.setdefault(str(fact.object), len(number)))
        for fact in told
    ]
    if not ends:
        return []
    tails, heads = (np.array(side) for side in zip(*ends, strict=True))
    knot = components(len(number), tails, heads, strong=True)
    sizes = np.bincount(knot)
    rings: defaultdict[int, list[Fact]] = defaultdict(list)
    for fact, tail, head in zip(told, tails.tolist(), heads.tolist(), strict=True):
        if knot[tail] == knot[head] and (sizes[knot[tail]] > 1 or tail == head):
            rings[int(knot[tail])].append(fact)
    return sorted(rings.values(), key=lambda ring: min(fact.subject for fact in ring))


def conflicts(reader: Reader) -> list[Found]:
    """Statements of equal date and standing that say different values."""
    found = []
    for fact in reader.conflicts():
        predicate = PREDICATES[fact.predicate]
        about = f"（{fact.qualifier}）" if fact.qualifier else ""
        found.append(
            Found(
                (fact.subject, fact.object) if fact.object else (fact.subject,),
                f"{predicate.zh}{about}：采用 {_say(fact, 'zh')}，另有 {len(fact.conflicts)} 条同日期的陈述与之不同",
                f"{predicate.en}{f' ({fact.qualifier})' if fact.qualifier else ''}: {_say(fact, 'en')} is preferred, "
                f"{len(fact.conflicts)} of equal date say otherwise",
                (fact.claim, *fact.conflicts),
            )
        )
    return found


def _say(fact: Fact, lang: Literal["zh", "en"]) -> str:
    if isinstance(fact.value, float):
        return say_amount(fact.value, fact.unit, lang)
    choices = PREDICATES[fact.predicate].choices or {}
    zh, en = choices.get(str(fact.value), (str(fact.value), str(fact.value)))
    return zh if lang == "zh" else en


def unplaced(reader: Reader) -> list[Found]:
    """Enterprises of which no place is recorded: no region's answer counts them."""
    return [
        Found((enterprise,), "没有地点，任何地区的统计都不含它", "has no place, so no region's answer counts it")
        for enterprise in reader.unplaced(("enterprise",))
    ]
