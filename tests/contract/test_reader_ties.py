"""What every Reader says of the whole graph at once: ties."""

import numpy as np
import pytest
from hypothesis import given, settings
from oracles import random_graphs
from oracles.comparing import ties_shape
from oracles.random_graphs import RandomGraph
from oracles.readers import ON_THE_SERVER, OTHERS, READERS, Given, ReaderOf, plain_of, stored_claims
from oracles.shipped import shipped
from tiny import CLAIMS, claim

from graph.model.dates import AsOf
from graph.model.predicates import PREDICATES

pytestmark = pytest.mark.usefixtures("alone_on_the_server")
ALL = ("owns", "produces", "supplies", "located_in", "status")
# Everything of which all readers may ask: links, and words from a closed list.
ASKED = tuple(name for name, told in PREDICATES.items() if told.links or told.choices)


def test_the_columns_of_some_facts(reader_of: ReaderOf) -> None:
    """A planned capacity is left out, a share is a share, 100 t/yr are an amount, a status is a word."""
    ties = reader_of().ties(ALL)
    shape = ties_shape(ties)
    assert next(row for row in shape if row[1] == "owns")[:12] == (
        "ent:far",
        "owns",
        "ent:mag2",
        None,
        False,
        None,
        60.0,
        "src:s4",
        1,
        1.0,
        False,
        False,
    )
    of_sep = [row for row in shape if row[0] == "ent:sep" and row[1] == "produces"]
    assert [row[2:9] for row in of_sep] == [("prd:oxide-a", None, True, 100.0, None, "src:s2", 1)]
    assert [row[2:6] for row in shape if row[0] == "ent:mag1" and row[1] == "produces"] == [
        ("prd:magnet", None, True, 50.0)
    ]
    assert [row[3] for row in shape if row[1] == "status"] == ["under_construction"]
    assert ties.predicates == tuple(sorted(ALL))
    first, last = ties.span("product")
    assert [ties.ids[at] for at in range(first, last)] == list(reader_of().chain().products)
    assert ties.ids[ties.number("ent:sep")] == "ent:sep"
    with pytest.raises(KeyError):
        ties.number("ent:nobody")


def test_the_same_object_again(reader_of: ReaderOf) -> None:
    """What follows from it can be kept beside it."""
    reader = reader_of()
    assert reader.ties(ALL) is reader.ties(tuple(reversed(ALL)))
    assert reader.ties(("owns",)) is not reader.ties(ALL)


def test_what_hedges_a_fact(reader_of: ReaderOf) -> None:
    """A shown flag is told, an excluding one leaves the fact out; dates are day numbers, 0 where there is none."""
    reader = reader_of(
        [
            *CLAIMS,
            claim("ent:mine", "produces", "prd:acid", as_of="2021-06", flags=("date_uncertain",), source="src:s7"),
            claim("ent:mine", "produces", "prd:resin", flags=("former",), source="src:s7"),
            claim("ent:mine", "produces", "prd:motor", amount=3.0, unit="pieces/yr", qualifier="capacity"),
        ]
    )
    rows = [row for row in ties_shape(reader.ties(["produces"])) if row[0] == "ent:mine"]
    assert [row[2] for row in rows] == ["prd:acid", "prd:motor", "prd:ore"]
    assert rows[0][8:] == (0, 1.0, True, True, AsOf.parse("2021-06-01").valid.toordinal(), 0)
    assert rows[1][4:7] == (True, None, None)


@pytest.mark.parametrize("name", [*OTHERS, *ON_THE_SERVER[:1]])
@pytest.mark.parametrize("valid, known", [("2026-11-23", None), ("2021-06-30", "2021-06-30"), ("2012", "2012")])
def test_the_shipped_data(name: str, valid: str, known: str | None) -> None:
    claims, sources = shipped()
    given_ = Given(stored_claims(claims), sources, (), AsOf.parse(valid, known))
    asked = ("produces", "located_in", "owns", "supplies", "part_of", "project_product", "status")
    assert ties_shape(plain_of(given_).ties(asked)) == ties_shape(READERS[name](given_).ties(asked))


@pytest.mark.parametrize("name", OTHERS)
@settings(max_examples=100, deadline=None, derandomize=True)
@given(graph=random_graphs.graphs())
def test_random_graphs(name: str, graph: RandomGraph) -> None:
    _same(name, graph)


@pytest.mark.parametrize("name", ON_THE_SERVER)
@settings(max_examples=15, deadline=None, derandomize=True)
@given(graph=random_graphs.graphs())
def test_random_graphs_on_the_server(name: str, graph: RandomGraph) -> None:
    _same(name, graph)


def _same(name: str, graph: RandomGraph) -> None:
    given_ = Given(graph.stored, random_graphs.SOURCES, graph.decisions, graph.as_of)
    plain, other = plain_of(given_).ties(ASKED), READERS[name](given_).ties(ASKED)
    assert list(plain.ids) == list(other.ids)
    assert ties_shape(plain) == ties_shape(other)


def test_an_empty_graph(reader_of: ReaderOf) -> None:
    ties = reader_of([]).ties(ALL)
    assert (len(ties.subject), len(ties.ids)) == (0, 0)
    assert (ties.amount.dtype, ties.subject.dtype) == (np.float64, np.int32)
