"""How two nodes are linked: the shortest ways over supply, ownership and recipe links."""

from collections import defaultdict
from itertools import islice, pairwise
from typing import Literal

from pydantic import Field

from graph.model.errors import BadInput
from graph.model.facts import Fact
from graph.model.kinds import looks_like_id
from graph.model.predicates import NOT_MAKING, PREDICATES
from graph.readers.port import Reader
from queries.base import Answer, NodeRef, Params, Query, Record, envelope, resolve_name
from queries.evidence import Evidence, Statement
from queries.lookup.simple_paths import Path, shortest_paths

Along = Literal["all", "supply", "ownership", "recipe"]
_LINKS: dict[Along, tuple[str, ...]] = {
    "supply": ("supplies",),
    "ownership": ("owns", "invests_in"),
    "recipe": (
        "produces", "consumes", "operates", "project_product", "input_to", "yields", "uses", "subclass_of",
    ),
}  # fmt: skip
_LINKS["all"] = tuple(name for names in tuple(_LINKS.values()) for name in names)


class PathsParams(Params):
    """Between which two, how many ways, and how far to look."""

    a: str = Field(max_length=400, title="起点", description="one end: name, alias, code or id")
    b: str = Field(max_length=400, title="终点", description="the other end: name, alias, code or id")
    k: int = Field(3, ge=1, le=20, title="路径数", description="how many paths at most, the shortest ones")
    hops: int = Field(6, ge=1, le=8, title="最大步数", description="how many links a path may have")
    along: Along = Field(
        "all", title="关系", description="which links count: supply, ownership (and investment), recipe, or all"
    )
    budget: int = Field(
        20_000, ge=100, le=1_000_000, title="节点预算", description="how many nodes to look at before giving up"
    )


class StepLink(Record):
    """One statement that joins the two ends of a step."""

    predicate: str = Field(title="关系", description="the predicate")
    zh: str = Field(title="中文关系名", description="its Chinese words")
    en: str = Field(title="英文关系名", description="its English words")
    direction: Literal["forward", "backward"] = Field(
        title="方向", description="forward: said of the step's start about its end; backward: the other way round"
    )
    product: NodeRef | None = Field(None, title="产品", description="what is supplied, where that is known")
    statement: Statement = Field(title="陈述", description="amount, date and source")


class Step(Record):
    """From one node to the next."""

    start: NodeRef = Field(title="起", description="the node the step leaves")
    end: NodeRef = Field(title="止", description="the node it reaches")
    links: tuple[StepLink, ...] = Field(title="依据", description="everything that joins them, by predicate")


class PathFound(Record):
    """One way from a to b."""

    hops: int = Field(title="步数", description="how many links it has")
    steps: tuple[Step, ...] = Field(title="步骤", description="link by link")


class PathsAnswer(Answer):
    """Paths without repeated nodes, shortest first, equal ones by the ids of their nodes; none is an answer, too.

    `truncated`: the node budget was used up, so a way that is not listed may exist. `unplaced` is always 0.
    """

    a: NodeRef = Field(title="起点", description="one end")
    b: NodeRef = Field(title="终点", description="the other end")
    paths: tuple[PathFound, ...] = Field(title="路径", description="the ways found")


class _Neighbourhood:
    """The links around two nodes, found round by round from whichever side has fewer nodes to ask about.

    After t rounds every path of up to t links between the two is inside, unless the budget bit.
    """

    def __init__(self, reader: Reader, a: str, b: str, predicates: tuple[str, ...], budget: int) -> None:
        self._reader = reader
        self._predicates = predicates
        self._budget = budget
        self._seen = [{a}, {b}]
        self._frontiers = [{a}, {b}]
        self._facts: dict[str, Fact] = {}
        self.truncated = False

    @property
    def nodes(self) -> set[str]:
        return self._seen[0] | self._seen[1]

    @property
    def facts(self) -> list[Fact]:
        """The links between nodes that were looked at, by subject, predicate, object and claim."""
        known = self.nodes
        inside = (fact for fact in self._facts.values() if fact.subject in known and fact.object in known)
        return sorted(inside, key=lambda fact: (fact.subject, fact.predicate, str(fact.object), fact.claim))

    def exhausted(self) -> bool:
        """Whether nothing more can lie between the two."""
        return not all(self._frontiers)

    def met(self) -> bool:
        """Whether the two sides touch."""
        return bool(self._seen[0] & self._seen[1])

    def grow(self) -> None:
        """One more round."""
        side = 0 if len(self._frontiers[0]) <= len(self._frontiers[1]) else 1
        found = set()
        for fact in self._reader.facts(sorted(self._frontiers[side]), self._predicates, "both"):
            if fact.used and not (fact.predicate == "produces" and fact.qualifier in NOT_MAKING):
                self._facts[fact.claim] = fact
                found |= {fact.subject, str(fact.object)}
        fresh = found - self._seen[side]
        unknown = fresh - self._seen[1 - side]
        room = max(self._budget - len(self.nodes), 0)
        if len(unknown) > room:
            self.truncated = True
            fresh -= set(sorted(unknown)[room:])
        self._seen[side] |= fresh
        self._frontiers[side] = fresh


def run(reader: Reader, params: PathsParams) -> PathsAnswer:
    """Raises BadInput when both ends are the same node."""
    a, b = resolve_name(reader, params.a), resolve_name(reader, params.b)
    if a == b:
        raise BadInput("'{a}' and '{b}' are the same node ({node}). Name two.", a=params.a, b=params.b, node=a)
    around = _Neighbourhood(reader, a, b, _LINKS[params.along], params.budget)
    found: list[Path] = []
    for length in range(1, params.hops + 1):
        around.grow()
        done = around.exhausted()
        if around.met() or done:
            found = _shortest(around.facts, a, b, params.k, params.hops if done else length)
        # Longer ones cannot be among the k shortest any more.
        if done or len(found) == params.k:
            break

    facts = around.facts
    joining: defaultdict[frozenset[str], list[Fact]] = defaultdict(list)
    for fact in facts:
        joining[frozenset((fact.subject, str(fact.object)))].append(fact)
    used = [fact for path in found for pair in pairwise(path) for fact in joining[frozenset(pair)]]
    goods = [fact.qualifier for fact in used if fact.predicate == "supplies" and looks_like_id(fact.qualifier)]
    evidence = Evidence(reader, used, [a, b, *goods])

    def step(start: str, end: str) -> Step:
        links = tuple(
            StepLink(
                predicate=fact.predicate,
                zh=PREDICATES[fact.predicate].zh,
                en=PREDICATES[fact.predicate].en,
                direction="forward" if fact.subject == start else "backward",
                product=evidence.node(fact.qualifier) if fact.qualifier in goods else None,
                statement=evidence.statement(fact),
            )
            for fact in sorted(
                joining[frozenset((start, end))], key=lambda f: (f.predicate, f.subject != start, f.claim)
            )
        )
        return Step(start=evidence.node(start), end=evidence.node(end), links=links)

    return PathsAnswer(
        **envelope("paths", reader, params, a=a, b=b),
        looked_at={"nodes": len(around.nodes), "links": len(facts)},
        unplaced=0,
        truncated=around.truncated,
        a=evidence.node(a),
        b=evidence.node(b),
        paths=tuple(
            PathFound(hops=len(path) - 1, steps=tuple(step(start, end) for start, end in pairwise(path)))
            for path in found
        ),
    )


def _shortest(facts: list[Fact], a: str, b: str, count: int, hops: int) -> list[Path]:
    neighbours: defaultdict[str, set[str]] = defaultdict(set)
    for fact in facts:
        if fact.subject != fact.object:
            neighbours[fact.subject].add(str(fact.object))
            neighbours[str(fact.object)].add(fact.subject)
    return list(islice(shortest_paths({node: sorted(near) for node, near in neighbours.items()}, a, b, hops), count))


QUERY = Query("paths", "两者如何相连", "How two nodes are linked", PathsParams, PathsAnswer, run, positional=("a", "b"))
