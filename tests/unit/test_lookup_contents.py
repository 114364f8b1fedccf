"""The contents of subgraphs of the drawing, worked out by hand."""

from asking import ReaderOf, each_reader
from tiny import claim

from graph.model.claims import claim_id
from queries.lookup.contents import run
from queries.lookup.subgraph import Extent, subgraph_of


@each_reader
def test_nodes_with_their_claims(reader_of: ReaderOf) -> None:
    """mag1 makes magnets: 50 t/yr is preferred, an older 9 t/yr and the planned 90 stand behind it."""
    older = claim("ent:mag1", "produces", "prd:magnet", amount=9.0, unit="t/yr", qualifier="capacity", as_of="2020")
    asked = Extent(seed=("磁一",), predicate=("produces",))
    found = run(reader_of(older), asked)
    assert [(one.node, one.hop) for one in found.nodes] == [("ent:mag1", 0), ("prd:magnet", 1)]
    mag1, magnet = found.nodes
    now = claim("ent:mag1", "produces", "prd:magnet", amount=50.0, unit="t/yr", qualifier="capacity", as_of="2023",
                source="src:s3")  # fmt: skip
    assert mag1.facts[0] == claim_id(now)
    planned = claim("ent:mag1", "produces", "prd:magnet", amount=90.0, unit="t/yr", qualifier="plan", as_of="2024",
                    flags=("plan",), source="src:s4")  # fmt: skip
    assert mag1.others == tuple(sorted((claim_id(older), claim_id(planned))))
    # Its link, two names, an alias and a code; of the magnet two names, stage and role.
    assert (len(mag1.facts), len(magnet.facts), magnet.others) == (5, 4, ())
    assert [one.id for one in found.sources] == ["src:s1", "src:s3", "src:s4"]
    whole = subgraph_of(reader_of(older), asked)
    assert {id_ for one in found.nodes for id_ in (*one.facts, *one.others)} == {id_ for id_, _ in whole.claims()}


@each_reader
def test_a_new_date_of_a_source_shows(reader_of: ReaderOf) -> None:
    import tiny

    redated = tuple(one._replace(date="2020") if one.id == "src:s3" else one for one in tiny.SOURCES)
    asked = Extent(seed=("磁一",), predicate=("produces",))
    then, now = run(reader_of(), asked), run(reader_of(sources=redated), asked)
    assert then.nodes == now.nodes
    assert [a.id for a, b in zip(then.sources, now.sources, strict=True) if a != b] == ["src:s3"]
