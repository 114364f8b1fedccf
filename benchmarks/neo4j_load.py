"""Loading into Neo4j: a validated load beside bare UNWIND batches of the rows it writes, on a fresh server each.

The bare side gets all rows ready: claims with what carried them, sources, nodes by label, relationships by type, the
figures and the names, in batches of 10,000, one managed transaction each, constraints and indexes as the store has
them. It parses, checks, resolves and draws nothing, and a load that ends half way leaves half of it there.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import neo4j

from benchmarks.measuring import Digest, Figure, Goal, Run, Series, judged
from benchmarks.on_neo4j import empty_server
from benchmarks.setting import DATASET, WHEN, WHO, Setting
from graph.stores import neo4j_statements as statements
from graph.stores.neo4j import Address, Neo4jStore
from loaders.loading import load_into

_BATCH = 10_000
_CLAIM = ", ".join(f"c.{name}" for name in statements.CLAIM_FIELDS)
# What is there, in the order it can be written: a statement, and the rows for it.
_CLAIMS_THERE = f"MATCH (c:Claim) RETURN [{_CLAIM}] AS row ORDER BY c.n"
_NODES_THERE = "MATCH (n) WHERE n:Node OR n:Source OR n:Name RETURN labels(n) AS labels, properties(n) AS row"
_LINKS_THERE = (
    "MATCH (a:Node)-[r]->(b:Node) RETURN type(r) AS type, {s: a.id, o: b.id, p: properties(r)} AS row ORDER BY a.id"
)
_FIGURES_THERE = "MATCH (a:Node)-[r]->(f:Figure) RETURN type(r) AS type, {s: a.id, p: properties(f)} AS row"
_NODES = "UNWIND $rows AS row CREATE (n:LABELS) SET n = row"
_LINKS = """
UNWIND $rows AS row
MATCH (a:Node {id: row.s})
MATCH (b:Node {id: row.o})
CREATE (a)-[r:TYPE]->(b)
SET r = row.p
"""
_FIGURES = "UNWIND $rows AS row MATCH (a:Node {id: row.s}) CREATE (a)-[:TYPE]->(f:Figure) SET f = row.p"
_TOLD = (
    "MATCH (c:Claim) RETURN c.id, c.status, c.n ORDER BY c.id",
    "MATCH (a:Node)-[r]->(b:Node) RETURN a.id, type(r), b.id, r.claim ORDER BY a.id, type(r), b.id, r.claim",
    "MATCH (n) WHERE NOT n:Store UNWIND labels(n) AS label RETURN label, count(*) ORDER BY label",
    "MATCH ()-[r]->() RETURN type(r) AS type, count(*) ORDER BY type",
    "MATCH (m:Name) RETURN m.node, m.text, m.normal ORDER BY m.node, m.text, m.normal",
)
Ready = list[tuple[str, list[Any]]]


def run(setting: Setting) -> list[Figure]:
    """Full load, bare load, in turn."""
    ready: Ready = []
    claims = 0
    worked: list[float] = []

    def validated() -> Run:
        nonlocal claims
        with empty_server(setting, "full") as url, closing(Neo4jStore.open(url)) as store:
            clocks = time.perf_counter(), time.process_time()
            report = load_into(store, [setting.data], dataset=DATASET, who=WHO, when=WHEN)
            taken = time.perf_counter() - clocks[0]
            worked.append(time.process_time() - clocks[1])
            claims = report.added
            setting.say(f"load {taken:.1f} s, {claims:,} claims")
            with closing(_driver(url)) as driver:
                if not ready:
                    ready.extend(_rows(driver))
                return Run(taken, _digest(driver))

    def bare() -> Run:
        with empty_server(setting, "bare") as url:
            Neo4jStore.open(url).close()  # makes the schema
            with closing(_driver(url)) as driver:
                taken = _write(driver, ready)
                setting.say(f"UNWIND {taken:.1f} s")
                return Run(taken, _digest(driver))

    runs: dict[str, list[Run]] = {"validated": [], "bare": []}
    for _ in range(setting.rounds):
        runs["validated"].append(validated())
        runs["bare"].append(bare())
    seconds = judged(runs)
    rows = sum(len(of) for _, of in ready)
    return [
        Figure(
            "validated load into Neo4j", "claims/s", seconds["validated"].map(lambda s: claims / s),
            "bare UNWIND batches of the same rows", seconds["bare"].map(lambda s: claims / s),
            (Goal("P10", 0.8, "at least", "ratio"),),
            f"{claims:,} claims, {rows:,} nodes and relationships drawn from them",
        ),
        Figure(
            "the same in nodes and relationships", "rows/s", seconds["validated"].map(lambda s: rows / s),
            "bare UNWIND batches", seconds["bare"].map(lambda s: rows / s),
        ),
        Figure("validated load into Neo4j, processor time of ours", "s", Series(tuple(worked))),
    ]  # fmt: skip


def _driver(url: str) -> neo4j.Driver:
    address = Address.parse(url)
    return neo4j.GraphDatabase.driver(
        address.uri, auth=(str(address.user), address.password), notifications_min_severity="OFF"
    )


def _rows(driver: neo4j.Driver) -> Ready:
    """All that a load wrote, as statements with their rows."""
    found: Ready = [("CREATE (:Batch {number: 1})", [None])]
    with driver.session() as session:
        claims = [record["row"] for record in session.run(_CLAIMS_THERE)]
        nodes: defaultdict[str, list[Any]] = defaultdict(list)
        for record in session.run(_NODES_THERE):
            nodes[_NODES.replace("LABELS", ":".join(sorted(record["labels"])))].append(record["row"])
        links: defaultdict[str, list[Any]] = defaultdict(list)
        for record in session.run(_LINKS_THERE):
            links[_LINKS.replace("TYPE", record["type"])].append(record["row"])
        for record in session.run(_FIGURES_THERE):
            links[_FIGURES.replace("TYPE", record["type"])].append(record["row"])
    found.append((statements.CREATE_CLAIMS.replace("$batch", "1"), claims))
    return [*found, *nodes.items(), *links.items()]


def _write(driver: neo4j.Driver, ready: Ready) -> float:
    """Seconds."""

    def body(tx: neo4j.ManagedTransaction, text: str, rows: Sequence[Any]) -> None:
        tx.run(text, rows=rows).consume()  # type: ignore[arg-type]  # made of words above

    began = time.perf_counter()
    with driver.session() as session:
        for text, rows in ready:
            for at in range(0, len(rows), _BATCH):
                session.execute_write(body, text, rows[at : at + _BATCH])
    return time.perf_counter() - began


def _digest(driver: neo4j.Driver) -> str:
    digest = Digest()
    with driver.session(fetch_size=10_000) as session:
        for text in _TOLD:
            for record in session.run(text):  # type: ignore[arg-type]  # from the list above
                digest.add(list(record.values()))
    return digest.text
