"""`rechain check --shacl`: the graph as RDF against docs/shapes.ttl."""

import json
import sys
from typing import Any

from pydantic import ValidationError

from api.texts import Tongue
from api.validation import bad_parameters
from cli.errors import DONE, DONE_BUT
from cli.layout import Line, Table, print_blocks
from cli.opening import ask, opened
from cli.progress import counting
from graph.export.validation import Violation, violations_of
from graph.model.kinds import NODE_KINDS
from graph.readers.port import Reader
from queries.lookup.subgraph import SubgraphParams, subgraph_of

_SHOWN = 200
_MOST = 1_000_000


def check_shapes(given: dict[str, Any], tongue: Tongue) -> int:
    """Print what is wrong and what to do; DONE_BUT when something is. `limit` says how many nodes are looked at."""
    say = tongue.say
    params = _whole_graph(given["limit"])
    found: list[Violation] = []
    triples = 0

    def look(reader: Reader) -> tuple[int, int]:
        nonlocal triples
        if not reader.ids(tuple(NODE_KINDS)):
            return 0, 0
        whole = subgraph_of(reader, params)
        found.clear()
        triples = 0
        for part in violations_of(whole):
            found.extend(part.violations)
            triples += part.triples
            count(triples)
        return whole.size.nodes, whole.left_out.nodes

    with opened(given["store"]) as store, counting(tongue) as count:
        nodes, left_out = ask(store, given["store"], given["as_of"], given["known_at"], tongue, look)
    wrong = sum(not one.warns for one in found)
    looked = {"nodes": nodes, "left_out": left_out, "triples": triples}
    if given["as_json"]:
        body = {"conforms": not wrong, "looked_at": looked, "violations": [one._asdict() for one in found]}
        sys.stdout.write(json.dumps(body, ensure_ascii=False) + "\n")
        return DONE_BUT if wrong else DONE
    counts = {name: f"{number:,}" for name, number in looked.items()}
    blocks: list[Line | Table] = [Line(say("Looked at {nodes} nodes, {triples} triples.", **counts))]
    if left_out:
        blocks.append(Line(say("{left_out} nodes were not looked at: raise --limit.", **counts), "dim"))
    told = say("{wrong} violations, {warned} warnings.", wrong=f"{wrong:,}", warned=f"{len(found) - wrong:,}")
    blocks.append(Line(told, "bold"))
    if found:
        heads = (say("node"), say("claim"), say("predicate"), say("value"), say("what to do"))
        rows = [_row(one, tongue) for one in sorted(found, key=lambda one: one.warns)[:_SHOWN]]
        blocks.append(Table(heads, rows, ("", "dim", "", "", "")))
    if len(found) > _SHOWN:
        blocks.append(Line(say("{count} more: all of them with --json", count=f"{len(found) - _SHOWN:,}"), "dim"))
    print_blocks(blocks)
    return DONE_BUT if wrong else DONE


def _whole_graph(limit: str | None) -> SubgraphParams:
    """All nodes, or so many of them by id. Raises BadInput for a limit that is none."""
    asked = {"kind": tuple(NODE_KINDS), "flagged": True, "hops": 1, "most": limit or _MOST}
    try:
        return SubgraphParams.model_validate(asked)
    except ValidationError as error:
        raise bad_parameters(SubgraphParams, error, lambda _: "--limit") from error


def _row(one: Violation, tongue: Tongue) -> tuple[str, ...]:
    claim = one.about if one.node else ""
    return (one.node or one.about, claim, one.path, one.value[:60], tongue.pick((one.zh, one.en)))
