"""The bundle and the script for Neo4j, read by a real one: the plain graph that our store would keep of the claims."""

import json
import os
import stat
import subprocess
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import neo4j
import pytest
import tiny
from conftest import DATA, NEO4J, only_user, wipe
from exporting import TEXTS, everything, export, held, nasty
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servers.neo4j_server import Neo4jServer, fetch_jars

from graph.export.cypher import literal
from graph.export.neo4j_admin import DELIMITER
from graph.model.claims import Claim, Source, claim_id
from graph.stores.neo4j import Address
from graph.stores.projection import plain_graph
from loaders.base import Loaded
from loaders.factsheet import FactsheetLoader

pytestmark = [pytest.mark.neo4j, pytest.mark.skipif(not NEO4J, reason="RECHAIN_TEST_NEO4J names no server")]
TODAY = "2026-11-23"
NODES = "MATCH (n) WHERE NOT n:Figure RETURN n.id AS id, labels(n) AS labels, properties(n) AS set"
LINKS = "MATCH (a)-[r]->(b:Node) RETURN a.id AS s, type(r) AS t, b.id AS o, properties(r) AS set"
FIGURES = "MATCH (a)-[r]->(f:Figure) RETURN a.id AS s, type(r) AS t, properties(f) AS set"
Graph = tuple[list[str], list[str], list[str]]


def lines(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Rows in an order, to be compared."""
    return sorted(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows)


def wanted(claims: Sequence[Claim], sources: Sequence[Source], taken_out: str = "") -> Graph:
    """What the store keeps as its plain graph, and the documents; `taken_out` are characters that a format loses."""
    every = {claim_id(one): one for one in claims}
    graph = plain_graph(
        every.items(), {one[:3] for one in claims}, {one.id: one for one in sources}, {}, date.fromisoformat(TODAY)
    )

    def spoilt(value: Any) -> Any:
        if isinstance(value, list):
            return ["".join(char for char in text if char not in taken_out) for text in value]
        return value.replace("\0", "") or None if isinstance(value, str) and taken_out else value

    def known(said: Any) -> dict[str, Any]:
        kept = {name: spoilt(value) for name, value in said.items() if name != "pinyin"}
        return {name: value for name, value in kept.items() if value is not None}

    said: dict[str, Any] = {str(row["id"]): row["set"] for row in graph.properties}
    documents = {
        one.id: {name: text for name, text in one._asdict().items() if text}
        for one in sources
        if one.id in {claim.source for claim in claims}
    }
    nodes = [
        {
            "id": id_,
            "labels": sorted({"Node", str(label)}),
            "set": known(said.get(id_, {}) | documents.get(id_, {}) | {"id": id_}),
        }
        for id_, label in graph.nodes.items()
    ]
    nodes += [
        {"id": id_, "labels": ["Source"], "set": known(said_)}
        for id_, said_ in documents.items()
        if id_ not in graph.nodes
    ]
    links = [
        {"s": row["subject"], "t": row["type"], "o": row["object"], "set": known(row["set"])} for row in graph.links
    ]
    figures = [{"s": row["subject"], "t": row["type"], "set": known(row["set"])} for row in graph.figures]
    return lines(nodes), lines(links), lines(figures)


def found(session: neo4j.Session) -> Graph:
    """What a database holds, without what only exports say of nodes."""
    nodes = []
    for row in session.run(NODES):
        said = {name: value for name, value in row["set"].items() if name not in ("hop", "dangling")}
        nodes.append({"id": row["id"], "labels": sorted(row["labels"]), "set": said})
    return (
        lines(nodes),
        lines([dict(row) for row in session.run(LINKS)]),
        lines([dict(row) for row in session.run(FIGURES)]),
    )


def assert_same(one: Graph, other: Graph) -> None:
    """Compare, and show only what differs."""
    for here, there in zip(one, other, strict=True):
        assert sorted(set(here) - set(there))[:3] == sorted(set(there) - set(here))[:3]
        assert here == there


def session_of(url: str) -> neo4j.Driver:
    """A driver for a store's address."""
    address = Address.parse(url)
    return neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password), connection_timeout=5)


@pytest.fixture
def session() -> Iterator[neo4j.Session]:
    """An empty database, left as it was found."""
    with only_user(str(NEO4J)), session_of(str(NEO4J)) as driver, driver.session() as opened:
        wipe(str(NEO4J))
        yield opened
        opened.run("DROP CONSTRAINT Figure_claim IF EXISTS").consume()
        wipe(str(NEO4J))


def run_script(session: neo4j.Session, file: Path) -> None:
    """Run a script as cypher-shell does: a `:param` line is evaluated, a statement ends with a semicolon."""
    rows: Any = None
    for line in file.read_text(encoding="utf-8").split("\n"):
        if line.startswith(":param rows => "):
            assert "\r" not in line
            rows = session.run(f"RETURN {line.removeprefix(':param rows => ')} AS rows").single(strict=True)["rows"]  # type: ignore[arg-type]
        elif line and not line.startswith("//"):
            assert line.endswith(";")
            session.run(line, rows=rows).consume()  # type: ignore[arg-type]


def shipped() -> tuple[list[Claim], list[Source]]:
    """The shipped data."""
    items = list(FactsheetLoader().read(DATA, "data"))
    claims = {claim_id(item.claim): item.claim for item in items if isinstance(item, Loaded)}
    return list(claims.values()), [item for item in items if isinstance(item, Source)]


@pytest.mark.parametrize("which", ["drawing", "nasty", pytest.param("shipped", marks=pytest.mark.slow)])
def test_the_script(session: neo4j.Session, which: str, tmp_path: Path) -> None:
    graphs = {
        "drawing": lambda: (tiny.CLAIMS, tiny.SOURCES),
        "nasty": lambda: (nasty(), tiny.SOURCES),
        "shipped": shipped,
    }
    claims, sources = graphs[which]()
    whole = everything(held(claims, sources, TODAY))
    script = export(whole, "cypher", tmp_path / "export") / "graph.cypher"
    for _ in range(2):  # it may be run again
        run_script(session, script)
        assert_same(found(session), wanted(claims, list(whole.sources())))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(TEXTS, min_size=20, max_size=20), st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=5)
)
def test_literals(session: neo4j.Session, texts: list[str], numbers: list[float]) -> None:
    """Read by the server as they were written, also where a backslash stands before a u."""
    texts = [*texts, *(f"\\u{text}" for text in texts), *(f"{text}\\" for text in texts)]
    row = {"set": texts, "numbers": numbers, "whole": 3, "truth": True, "none": []}
    written = literal(row)
    assert written.isprintable() or any(ord(char) > 0xFFFF for char in written)
    assert session.run(f"RETURN {written} AS row").single(strict=True)["row"] == row  # type: ignore[arg-type]


def test_the_bundle(tmp_path: Path) -> None:
    """Imported by the stock tool with the command of import.sh; then a server is started on it."""
    claims, sources = [*tiny.CLAIMS, *nasty()], tiny.SOURCES
    claims += [tiny.claim("src:s7", "surveys", "reg:zone", qualifier="chn:magnet", as_of="2024")]
    folder = export(everything(held(claims, sources, TODAY)), "neo4j-admin", tmp_path / "export")
    lib = Path(".neo4j") / "lib"
    fetch_jars(lib)
    server = Neo4jServer(tmp_path / "home", lib=lib, heap="400m")
    admin = tmp_path / "neo4j-admin"
    opens = " ".join(f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in ("nio", "io", "util.concurrent"))
    opens += " --add-opens=java.base/sun.nio.ch=ALL-UNNAMED"
    admin.write_text(f'#!/bin/sh\nexec java {opens} -cp "{lib.resolve()}/*" org.neo4j.cli.AdminTool "$@"\n', "ascii")
    admin.chmod(admin.stat().st_mode | stat.S_IXUSR)
    (server.home / "conf").mkdir(parents=True)
    (server.home / "conf" / "neo4j.conf").write_text("db.tx_log.preallocate=false\n", "ascii")
    told = {"NEO4J_HOME": str(server.home), "NEO4J_CONF": str(server.home / "conf"), "NEO4J_ADMIN": str(admin)}
    done = subprocess.run(
        ["sh", str(folder / "import.sh")], env=os.environ | told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    server._set_password()
    with server, session_of(server.url) as driver, driver.session() as session:
        # NUL and the character between the values of a list are taken out.
        assert_same(found(session), wanted(claims, sources, f"\0{DELIMITER}"))
    assert DELIMITER not in (folder / "README.md").read_text(encoding="utf-8")
