"""Keeping the plain graph in step: inside the transaction that changes the claims, for the triples it touches."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from graph.model.claims import Claim, Decision, Source
from graph.model.merging import read_as
from graph.model.predicates import NAME_PREDICATES
from graph.stores import neo4j_statements as statements
from graph.stores.neo4j_rows import Transaction, chunks, name_rows, source_of, stored_claim
from graph.stores.projection import PlainGraph, Triple, plain_graph, read_through, turning_day

CHUNK = 10_000  # rows a statement
EVERY_N = 1 << 62


@dataclass
class Touched:
    """What a change touches, in ids as recorded.

    `old`: triples that may stand in the graph already, `losing`: nodes that claims no longer name; `added`: accepted
    claims the store did not hold before, with the greatest number of those it did.
    """

    old: set[Triple] = field(default_factory=set)
    losing: set[str] = field(default_factory=set)
    added: list[tuple[str, Claim]] = field(default_factory=list)
    merged: set[str] = field(default_factory=set)
    upto: int = EVERY_N

    def __len__(self) -> int:
        return len(self.old) + len(self.losing) + len(self.added) + len(self.merged)

    def change(self, old: str, new: str, triple: Triple, through: str | None) -> None:
        """A known claim of this triple got another status."""
        if "accepted" in (old, new):
            self.old.add(triple)
        if old == "accepted":
            self.losing.update(node for node in (triple[0], triple[2], through) if node)


def pieces(touched: Touched, same: Mapping[str, str], size: int) -> Iterator[Touched]:
    """The same in pieces of about `size`, none of which cuts a subject in two."""
    by_subject: defaultdict[str, list[tuple[str, Claim]]] = defaultdict(list)
    for id_, claim in touched.added:
        by_subject[same.get(claim.subject, claim.subject)].append((id_, claim))
    piece: list[tuple[str, Claim]] = []
    for added in by_subject.values():
        piece += added
        if len(piece) >= size:
            yield Touched(added=piece, upto=touched.upto)
            piece = []
    if piece:
        yield Touched(added=piece, upto=touched.upto)
    for triples in chunks(sorted(touched.old, key=lambda triple: (triple[0], triple[1], triple[2] or "")), size):
        yield Touched(old=set(triples))
    for nodes in chunks(sorted(touched.losing), size):
        yield Touched(losing=set(nodes))
    if touched.merged:
        yield Touched(merged=touched.merged)


def changed_since(tx: Transaction, revision: int, after: int, size: int) -> tuple[Touched, int | None]:
    """What claims changed since a revision touch, a page beyond number `after` of a claim; the next page's `after`."""
    touched = Touched()
    rows = tx.run(statements.TRIPLES_CHANGED, since=revision, after=after, limit=size).single(strict=True)["rows"]
    for _, status, subject, predicate, object_, through in rows:
        touched.change("accepted", status, (subject, predicate, object_), through)
    return touched, rows[-1][0] if len(rows) == size else None


def merges(tx: Transaction, until: int | None = None) -> dict[str, str]:
    """Which node is read as which, now or at a revision."""
    rows = [record["decision"] for record in tx.run(statements.MERGES)]
    return read_as(decision_of(row) for row in rows if until is None or row["revision"] <= until)


def regrouped(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """Nodes of groups that merges or their undoing changed."""
    moved = {node for node in before.keys() | after.keys() if before.get(node) != after.get(node)}
    kept = {mapping[node] for mapping in (before, after) for node in moved if node in mapping}
    return moved | kept


def decision_of(properties: Mapping[str, Any]) -> Decision:
    """A decision as it is kept."""
    return Decision(*(properties[name] for name in Decision._fields))


def project(
    tx: Transaction,
    touched: Touched,
    same: Mapping[str, str],
    sources: Mapping[str, Source],
    today: date,
    there: Collection[str] = (),
) -> Collection[str]:
    """Make the plain graph say what the touched triples say today; gives the nodes that are there now.

    `sources` are those known without reading, `there` nodes that are known to stand in the graph.
    """
    members = _members(same)
    _touch_merged(tx, touched, members)

    def kept(node: str) -> str:
        return same.get(node, node)

    old = {(kept(s), p, kept(o) if o else o) for s, p, o in touched.old}
    added = [(id_, read_through(claim, same)) for id_, claim in touched.added]
    triples = old | {claim[:3] for _, claim in added}
    named = {subject for subject, predicate, _ in triples if predicate in NAME_PREDICATES}
    claims = list(touched.added)
    if touched.upto:
        known = _accepted(tx, triples, named, members, touched.upto)
        old |= {read_through(claim, same)[:3] for _, claim in known} & triples
        claims = known + claims
    origins = _sources(tx, claims, sources)
    graph = plain_graph(claims, triples, origins, same, today)
    _write(tx, graph, old, there)
    _name(tx, named, claims, same, bool(touched.upto))
    _drop_unnamed(tx, {kept(node) for node in touched.losing} | touched.merged, same, members)
    return graph.nodes.keys()


def _members(same: Mapping[str, str]) -> dict[str, list[str]]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for node, kept in same.items():
        members[kept].append(node)
    return {kept: [kept, *merged] for kept, merged in members.items()}


def _touch_merged(tx: Transaction, touched: Touched, members: Mapping[str, list[str]]) -> None:
    """All triples of nodes whose merges changed are drawn anew."""
    if not touched.merged:
        return
    ids = sorted({one for node in touched.merged for one in members.get(node, [node])} | touched.merged)
    for record in tx.run(statements.TRIPLES_ABOUT, ids=ids):
        touched.old |= {(s, p, o) for s, p, o in record["triples"]}
    # What stands on them was drawn under other ids, so it is found by node, not by triple.
    _strip(tx, ids)
    tx.run(statements.BLANK_NODES, ids=ids).consume()
    tx.run(statements.DROP_NAMES, ids=ids).consume()


def _strip(tx: Transaction, ids: Sequence[str]) -> None:
    """Take all facts off some nodes."""
    tx.run(statements.DROP_FIGURES_OF, ids=ids).consume()
    tx.run(statements.DROP_LINKS_OF, ids=ids).consume()


def _accepted(
    tx: Transaction, triples: Collection[Triple], named: Collection[str], members: Mapping[str, list[str]], upto: int
) -> list[tuple[str, Claim]]:
    """The accepted claims of the touched subjects and predicates that the store held before."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for subject, predicate, _ in triples:
        wanted[subject].add(predicate)
    for subject in named:
        wanted[subject].update(NAME_PREDICATES)
    rows = [
        {"subject": member, "predicates": sorted(predicates)}
        for subject, predicates in wanted.items()
        for member in members.get(subject, [subject])
    ]
    found: list[tuple[str, Claim]] = []
    for chunk in chunks(rows, CHUNK):
        for row in tx.run(statements.ACCEPTED_OF_SUBJECTS, rows=chunk, upto=upto).single(strict=True)["rows"]:
            stored = stored_claim(row)
            found.append((stored.id, stored.claim))
    return found


def _sources(
    tx: Transaction, claims: Iterable[tuple[str, Claim]], sources: Mapping[str, Source]
) -> Mapping[str, Source]:
    missing = sorted({claim.source for _, claim in claims} - sources.keys())
    found = dict(sources)
    for chunk in chunks(missing, CHUNK):
        for record in tx.run(statements.SOURCES, ids=chunk):
            found[record["id"]] = source_of(record)
    return found


def _write(tx: Transaction, graph: PlainGraph, old: Collection[Triple], there: Collection[str]) -> None:
    links = [{"subject": s, "type": p.upper(), "object": o} for s, p, o in old if o is not None]
    figures = [{"subject": s, "type": p.upper()} for s, p, o in old if o is None]
    said: dict[str, Any] = {str(row["id"]): row["set"] for row in graph.properties}
    nodes: defaultdict[bool, list[dict[str, Any]]] = defaultdict(list)
    for node, label in graph.nodes.items():
        if node in said or node not in there:
            row = {"id": node, "labels": [label] if label else [], "set": said.pop(node, {})}
            nodes[label == "Source"].append(row)
    gone = [{"id": node, "set": row} for node, row in said.items()]
    for chunk in chunks(links, CHUNK):
        tx.run(statements.DROP_LINKS, rows=chunk).consume()
    for chunk in chunks(figures, CHUNK):
        tx.run(statements.DROP_FIGURES, rows=chunk).consume()
    for chunk in chunks(nodes[False], CHUNK):
        tx.run(statements.KEEP_NODES, rows=chunk).consume()
    for chunk in chunks(nodes[True], CHUNK):
        tx.run(statements.KEEP_SOURCE_NODES, rows=chunk).consume()
    for chunk in chunks(gone, CHUNK):
        tx.run(statements.SET_PROPERTIES, rows=chunk).consume()
    for rows in chunks(graph.links, CHUNK):
        tx.run(statements.CREATE_LINKS, rows=rows).consume()
    for rows in chunks(graph.figures, CHUNK):
        tx.run(statements.CREATE_FIGURES, rows=rows).consume()


def _name(
    tx: Transaction,
    named: Collection[str],
    claims: Iterable[tuple[str, Claim]],
    same: Mapping[str, str],
    may_have: bool,
) -> None:
    """The names of kept nodes, those of the nodes merged into them included."""
    speaking: dict[str, list[Claim]] = {node: [] for node in sorted(named)}
    for _, claim in claims:
        node = same.get(claim.subject, claim.subject)
        if node in speaking and claim.predicate in NAME_PREDICATES:
            speaking[node].append(claim)
    for ids in chunks(speaking, CHUNK) if may_have else ():
        tx.run(statements.DROP_NAMES, ids=ids).consume()
    rows = (row for node, said in speaking.items() for row in name_rows(node, said))
    for chunk in chunks(rows, CHUNK):
        tx.run(statements.CREATE_NAMES, rows=chunk).consume()


def _drop_unnamed(
    tx: Transaction, losing: Collection[str], same: Mapping[str, str], members: Mapping[str, list[str]]
) -> None:
    """Take out nodes that no accepted claim names, and those read as another."""
    gone = [node for node in losing if node in same]
    rows = [{"id": node, "members": members.get(node, [node])} for node in sorted(losing) if node not in same]
    for chunk in chunks(rows, CHUNK):
        gone += tx.run(statements.UNNAMED, rows=chunk).single(strict=True)["ids"]
    for ids in chunks(gone, CHUNK):
        _strip(tx, ids)
        tx.run(statements.DROP_SOURCE_NODES, ids=ids).consume()
        tx.run(statements.DROP_NODES, ids=ids).consume()


def turn(tx: Transaction, touched: Touched, today: date) -> None:
    """Touch the triples of known claims that begin or end to hold by today."""
    rows: list[list[str | None]] = []
    for row in tx.run(statements.TURNING, today=today.isoformat()).single(strict=True)["rows"]:
        stored = stored_claim(row)
        touched.old.add(stored.claim[:3])
        rows.append([stored.id, turning_day(stored.claim, today)])
    for chunk in chunks(rows, CHUNK):
        tx.run(statements.SET_TURNS, rows=chunk).consume()
