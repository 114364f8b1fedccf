"""What rules read of every shipped policy condition, and what stays words, against a reviewed table."""

import csv
import json

import pytest
from conftest import ROOT

from graph.model.kinds import looks_like_id
from queries.fitting.conditions import Read, read_condition

GOLDEN = ROOT / "tests" / "golden" / "conditions-read.json"


def _shown(read: Read) -> list[str]:
    return [
        ("scope: " if part.scope else "")
        + (" or ".join(ask.written() for ask in part.asks) if part.asks else f"words: {part.words}")
        for part in read.parts
    ] + (["buys"] if read.buys else [])


def test_every_shipped_row_is_read_as_reviewed(request: pytest.FixtureRequest) -> None:
    """Which parts rules read, and which stay words for a person; `make golden` rewrites it."""
    with (ROOT / "data" / "policy_conditions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    read = {}
    for number, row in enumerate(rows, 2):
        of_nodes = all(looks_like_id(part) for part in row["applies_to"].split(";"))
        found = read_condition(row["applies_to"], row["condition"], "", of_nodes)
        read[f"{number}: {row['applies_to']} | {row['condition']}"] = _shown(found)
    if request.config.getoption("--rewrite-golden", default=False):
        GOLDEN.write_text(json.dumps(read, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert read == json.loads(GOLDEN.read_text("utf-8"))
    assert len(rows) == 69
