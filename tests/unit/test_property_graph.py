"""The rows that most formats write, against the facts they come from: the formats are then held against these rows."""

from math import isfinite

import pytest
import tiny
from exporting import everything, held
from oracles.shipped import shipped

from graph.export.property_graph import PropertyGraph
from graph.model.claims import Claim
from graph.model.predicates import PREDICATES
from graph.model.subgraph import Subgraph
from queries.lookup.subgraph import SubgraphParams, subgraph_of


def drawing(*more: Claim) -> Subgraph:
    return everything(held([*tiny.CLAIMS, *more], tiny.SOURCES))


def baotou() -> Subgraph:
    claims, sources = shipped()
    return subgraph_of(held(claims, sources, "2026-11-23"), SubgraphParams(region="包头市", hops=2, flagged=True))


def nodes_of(graph: PropertyGraph) -> dict[str, dict[str, object]]:
    names = [column.name for column in graph.node_columns]
    return {str(row[0]): dict(zip(names, row, strict=True)) for row in graph.nodes()}


def test_a_node_by_hand() -> None:
    """An investment planned in yuan, another in dollars as it is; two indicators, one of them doubtful; a status."""
    plant = "prj:new-plant"
    more = (
        tiny.claim(plant, "name_zh", "新厂"),
        tiny.claim(plant, "investment", 1.2e9, unit="CNY", as_of="2025-03", flags=("plan",)),
        tiny.claim(plant, "investment", 5e6, unit="USD", as_of="2024"),
        tiny.claim(plant, "indicator", 12.0, unit="companies", qualifier="tenants", as_of="2023"),
        tiny.claim(plant, "indicator", 40.5, unit="%", qualifier="share", as_of="2024", flags=("doubtful",)),
    )
    row = nodes_of(PropertyGraph(drawing(*more), "zh"))[plant]
    amounts = {row[name]: (row[f"{name}_unit"], row[f"{name}_as_of"]) for name in ("investment", "investment_2")}
    assert amounts == {1.2e9: ("CNY", "2025-03"), 5e6: ("USD", "2024")}
    planned = next(name for name in ("investment", "investment_2") if row[name] == 1.2e9)
    assert row[f"{planned}_flags"] == ("plan",)
    assert sum(name.startswith("investment") and name.endswith("flags") for name in row) == 1
    assert set(row["indicator"]) == {"tenants: 12 companies (2023)", "share: 40.5 % (2024) [doubtful]"}  # type: ignore[call-overload]
    assert (row["label"], row["kind"], len(row["claims"])) == ("新厂", "project", 5)  # type: ignore[arg-type]


@pytest.mark.parametrize("subgraph", [drawing(), baotou()], ids=["tiny", "Baotou"])
def test_every_fact_stands_in_a_cell(subgraph: Subgraph) -> None:
    """Value, unit, date and flags of each attribute in its node's row; of each link in its own, column by column."""
    graph = PropertyGraph(subgraph, "en")
    rows = nodes_of(graph)
    documents = {source.id: source for source in subgraph.sources()}
    for fact in subgraph.attributes():
        row = rows[fact.subject]
        assert fact.claim in row["claims"]  # type: ignore[operator]
        if PREDICATES[fact.predicate].qualifier:
            texts = row[fact.predicate]
            number = "" if isinstance(fact.value, str | None) else f"{fact.value:.15g}"
            parts = [part for part in (number, fact.unit, *fact.flags) if part]
            told = [fact.value] if isinstance(fact.value, str) else [fact.qualifier, *parts]
            assert any(all(part in text for part in told) for text in texts), fact  # type: ignore[attr-defined,operator]
            continue
        names = [name for name in row if name == fact.predicate or name.startswith(f"{fact.predicate}_")]
        cells = [row[name] for name in names]
        assert fact.value in cells
        assert fact.unit is None or fact.unit in cells
        assert PREDICATES[fact.predicate].timeless or fact.as_of is None or fact.as_of in cells
        assert not fact.flags or fact.flags in cells
    names = [column.name for column in graph.edge_columns]
    links = {fact.claim: fact for fact in subgraph.links()}
    for told_row in graph.edges():
        told = dict(zip(names, told_row, strict=True))
        fact = links.pop(str(told["id"]))
        source = documents[fact.source]
        number = fact.value if isinstance(fact.value, float) and isfinite(fact.value) else None
        assert told | {"label": ""} == {
            "id": fact.claim, "source": fact.subject, "target": fact.object, "label": "", "predicate": fact.predicate,
            "qualifier": fact.qualifier or None, "value": number, "unit": fact.unit, "as_of": fact.as_of,
            "until": fact.until, "flags": fact.flags, "basis": dict(fact.detail).get("basis"),
            "is_main": dict(fact.detail).get("is_main"), "confidence": fact.confidence, "document": fact.source,
            "document_url": source.url or None, "document_date": source.date, "document_grade": source.grade or None,
            "conflicts": fact.conflicts,
        }  # fmt: skip
    assert not links
