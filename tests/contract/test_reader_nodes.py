"""What every Reader says of nodes and names."""

from collections.abc import Callable

import pytest
import tiny
from oracles.comparing import (
    all_nodes,
)
from oracles.readers import ReaderOf
from tiny import claim

from graph.model.claims import Decision, claim_id
from graph.model.dates import AsOf
from graph.model.errors import NodeMissing
from graph.readers.port_types import Match, Node


def test_a_reader_says_what_it_is_about(reader_of: ReaderOf) -> None:
    reader = reader_of(as_of=AsOf.parse("2024", "2023"))
    assert reader.as_of == AsOf.parse("2024-12-31", "2023-12-31")
    assert reader.revision == 1


def test_nodes_come_with_their_names_in_the_order_asked(reader_of: ReaderOf) -> None:
    """Asked twice, told twice."""
    reader = reader_of()
    mag1 = Node("ent:mag1", "enterprise", "磁一", "mag1")
    assert reader.nodes(["ent:mag1", "chn:magnet", "ent:mag1"]) == (
        mag1, Node("chn:magnet", "chain", "永磁链", "Magnet chain"), mag1,
    )  # fmt: skip
    assert reader.nodes([]) == ()


@pytest.mark.parametrize("unknown", ["ent:nobody", "prd:", "zzz:top", "", "磁一"])
def test_an_unknown_node_is_an_error_everywhere(reader_of: ReaderOf, unknown: str) -> None:
    reader = reader_of()
    calls: list[Callable[[], object]] = [
        lambda: reader.nodes(["ent:mag1", unknown]),
        lambda: reader.facts([unknown]),
        lambda: reader.conflicts([unknown]),
        lambda: reader.around(unknown),
        lambda: reader.placed(unknown, ["enterprise"]),
        lambda: reader.tally(unknown),
        lambda: reader.makers(unknown),
        lambda: reader.makers("prd:magnet", unknown),
        lambda: reader.capacities(unknown),
        lambda: reader.applies(unknown),
        lambda: reader.cite([unknown], ["produces"]),
        lambda: reader.cite(None, ["produces"], [unknown]),
        lambda: reader.reach(unknown, "supplies", "out", 1, 10),
    ]
    for call in calls:
        with pytest.raises(NodeMissing):
            call()


def test_a_node_without_a_name_is_dangling(reader_of: ReaderOf) -> None:
    """ent:ghost is only an object, prd:ghost only the product of a supply; a code is enough to describe a node.

    A plain text in a qualifier is no node, and neither is the chain of a survey.
    """
    reader = reader_of([
        claim("ent:a", "supplies", "ent:ghost", qualifier="prd:ghost"),
        claim("ent:a", "code", "SZSE:1", qualifier="SZSE:1"),
        claim("src:s1", "surveys", "reg:a", qualifier="chn:unheard"),
        claim("reg:a", "name_en", "A"),
    ])  # fmt: skip
    assert reader.nodes(all_nodes(reader)) == (
        Node("ent:a", "enterprise", None, None),
        Node("ent:ghost", "enterprise", None, None, dangling=True),
        Node("prd:ghost", "product", None, None, dangling=True),
        Node("reg:a", "region", None, "A"),
        Node("src:s1", "source", None, None, dangling=True),
    )


def test_ids_of_kinds(reader_of: ReaderOf) -> None:
    """The project's id sorts after the processes'; asking for a kind twice gives its nodes once."""
    reader = reader_of()
    assert reader.ids(["project", "process", "process"]) == (
        "prc:mix", "prc:press", "prc:reduce", "prc:separate", "prc:wind", "prj:motor-plant",
    )  # fmt: skip
    assert reader.ids(["policy"]) == ()
    assert reader.ids([]) == ()


def test_counts(reader_of: ReaderOf) -> None:
    """9 enterprises, 13 products (12 of the chain and copper wire), 5 recipes, 1 project, 5 regions, 2 chains.

    Every claim of the drawing counts; s7 is cited by none of them.
    """
    counts = reader_of().counts()
    assert {kind: number for kind, number in counts.nodes.items() if number} == {
        "enterprise": 9, "product": 13, "process": 5, "project": 1, "region": 5, "chain": 2,
    }  # fmt: skip
    assert (counts.claims, counts.sources) == (len({claim_id(one) for one in tiny.CLAIMS}), 6)


def test_only_accepted_claims_count(reader_of: ReaderOf) -> None:
    """Without its only claims a node is gone; the claims themselves are still there to be looked at."""
    made = claim("ent:late", "produces", "prd:robot")
    reader = reader_of([*tiny.CLAIMS, made], retracted=[claim_id(made)])
    assert reader.ids(["enterprise"]) == reader_of().ids(["enterprise"])
    assert reader.counts() == reader_of().counts()
    assert reader.makers("prd:robot") == ()
    assert [(stored.id, stored.status) for stored in reader.claims([claim_id(made)])] == [(claim_id(made), "retracted")]


def test_find(reader_of: ReaderOf) -> None:
    """磁一 is the name of mag1 itself; 磁 begins four names and stands within two more: shorter first, then by id."""
    reader = reader_of()
    assert reader.find("磁一") == (Match(Node("ent:mag1", "enterprise", "磁一", "mag1"), "磁一", "exact"),)
    assert [(match.node.id, match.name, match.how) for match in reader.find("磁")] == [
        ("ent:mag1", "磁一", "prefix"),
        ("ent:mag2", "磁二", "prefix"),
        ("ent:mag3", "磁三", "prefix"),
        ("prd:magnet", "磁体", "prefix"),
        ("chn:magnet", "永磁链", "contains"),
        ("prd:hot-magnet", "热压磁体", "contains"),
    ]
    assert [match.node.id for match in reader.find("磁", ["product"])] == ["prd:magnet", "prd:hot-magnet"]
    assert [match.node.id for match in reader.find("磁", limit=2)] == ["ent:mag1", "ent:mag2"]
    assert reader.find("没有") == ()


def test_merged(reader_of: ReaderOf) -> None:
    """mag3 is read as mag2; nothing else is merged, and no source or claim is among them."""
    one = Decision("same_as", "ent:mag2", "ent:mag3", "somebody", "2026-01-01", "one firm")
    assert dict(reader_of(decisions=[one]).merged) == {"ent:mag3": "ent:mag2"}
    assert dict(reader_of().merged) == {}
