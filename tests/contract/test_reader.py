"""What every Reader must answer: on the drawing by hand, on the shipped data and random graphs as the plain one does.

A new implementation is one line in READERS.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, cast

import pytest
import tiny
from conftest import only_user
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import random_graphs
from oracles.comparing import (
    Shape,
    all_nodes,
    chain_shape,
    makers_shape,
    reach_shape,
    reader_shape,
    region_shape,
    tally_shape,
)
from oracles.held_store import HeldStore
from oracles.plain_reader import PlainReader
from oracles.random_graphs import RandomGraph
from oracles.shipped import shipped
from tiny import claim

from graph.model.claims import Claim, Decision, Source, StoredClaim, claim_id
from graph.model.dates import AsOf
from graph.model.errors import NodeMissing
from graph.model.facts import Fact
from graph.readers.port import Capacity, ChainEvidence, Direction, Match, Node, Reader
from graph.stores.port import Store

TODAY = AsOf.parse("2026-11-23")


class Given(NamedTuple):
    """What a reader is made from."""

    stored: Sequence[StoredClaim]
    sources: Sequence[Source]
    decisions: Sequence[Decision]
    as_of: AsOf

    def store(self) -> HeldStore:
        """A store that holds it."""
        return HeldStore(self.stored, self.sources, self.decisions)


def _plain(given_: Given) -> Reader:
    return PlainReader.of(given_.stored, given_.sources, given_.as_of, decisions=given_.decisions)


def _snapshot(given_: Given) -> Reader:
    from graph.readers.opening import open_reader

    return open_reader(given_.store(), given_.as_of)


def _cached(given_: Given) -> Reader:
    """A snapshot whose arrays another process has left in a file."""
    from graph.readers.opening import Readers

    with TemporaryDirectory() as folder:
        file = Path(folder) / "cache"
        Readers(given_.store(), file).at(given_.as_of)
        return Readers(given_.store(), file).at(given_.as_of)


def _pushed_down(given_: Given, later: int = 0) -> Reader:
    """Off the server: its plain graph is of the day asked about, or of one so many days later."""
    from oracles.neo4j_held import HeldReader

    return cast(Reader, HeldReader(*given_, given_.as_of.valid + timedelta(days=later)))


READERS: dict[str, Callable[[Given], Reader]] = {
    "plain": _plain,
    "snapshot": _snapshot,
    "cached": _cached,
}
if os.environ.get("RECHAIN_TEST_NEO4J"):
    READERS |= {"neo4j": _pushed_down, "neo4j-then": lambda given_: _pushed_down(given_, later=5000)}
_DIRECTIONS: tuple[Direction, ...] = ("out", "in", "both")
ON_THE_SERVER = [name for name in READERS if name.startswith("neo4j")]
OTHERS = [name for name in READERS if name != "plain" and name not in ON_THE_SERVER]

ReaderOf = Callable[..., Reader]


@pytest.fixture(autouse=True)
def _alone(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep the other processes of a parallel run off the one server there is."""
    given_ = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    if {given_.get("reader_of"), given_.get("name")}.isdisjoint(ON_THE_SERVER):
        yield
        return
    with only_user(os.environ["RECHAIN_TEST_NEO4J"]):
        yield


@pytest.fixture(params=READERS)
def reader_of(request: pytest.FixtureRequest) -> ReaderOf:
    """Makes a reader of each kind; the drawing of today when nothing else is said."""

    def make(
        claims: Iterable[Claim] = tiny.CLAIMS,
        *,
        sources: Sequence[Source] = tiny.SOURCES,
        as_of: AsOf = TODAY,
        decisions: Sequence[Decision] = (),
        retracted: Sequence[str] = (),
    ) -> Reader:
        return READERS[request.param](Given(_stored(claims, retracted), sources, decisions, as_of))

    return make


def _stored(claims: Iterable[Claim], retracted: Sequence[str] = ()) -> list[StoredClaim]:
    by_id = {claim_id(one): one for one in claims}
    return [
        StoredClaim(id_, one, "retracted" if id_ in retracted else "accepted", "2026-01-01", 1, 1)
        for id_, one in by_id.items()
    ]


def _same_as(kept: str, other: str, action: str = "same_as") -> Decision:
    return Decision(action, kept, other, "test", "2026-01-01", "one and the same")  # type: ignore[arg-type]


def _keys(facts: Iterable[Fact]) -> list[tuple[str, str, str | None, str]]:
    return [(fact.subject, fact.predicate, fact.object, fact.qualifier) for fact in facts]


# Nodes


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


# Facts


def test_facts_of_a_subject_in_key_order(reader_of: ReaderOf) -> None:
    """What flags keep out of sums is shown all the same; a qualifier tells mag1's capacity from its plan."""
    facts = reader_of().facts(["ent:mag1"])
    assert _keys(facts) == [
        ("ent:mag1", "alias", None, "磁一股份"),
        ("ent:mag1", "code", None, "SZSE:300001"),
        ("ent:mag1", "located_in", "reg:zone", ""),
        ("ent:mag1", "name_en", None, ""),
        ("ent:mag1", "name_zh", None, ""),
        ("ent:mag1", "produces", "prd:magnet", "capacity"),
        ("ent:mag1", "produces", "prd:magnet", "plan"),
        ("ent:mag1", "supplies", "ent:motorco", "prd:magnet"),
    ]
    assert [(fact.value, fact.unit, fact.flags, fact.used) for fact in facts[5:7]] == [
        (50.0, "t/yr", (), True), (90.0, "t/yr", ("plan",), False),
    ]  # fmt: skip


def test_facts_of_an_object_and_of_either_end(reader_of: ReaderOf) -> None:
    """smelt is supplied by sep (in) and supplies mag1 and mag2 (out); a predicate nobody declared says nothing."""
    reader = reader_of()
    towards = [("ent:sep", "supplies", "ent:smelt", "prd:oxide-a")]
    onwards = [("ent:smelt", "supplies", "ent:mag1", "prd:metal"), ("ent:smelt", "supplies", "ent:mag2", "prd:metal")]
    assert _keys(reader.facts(["ent:smelt"], ["supplies"], "in")) == towards
    assert _keys(reader.facts(["ent:smelt"], ["supplies"], "out")) == onwards
    assert _keys(reader.facts(["ent:smelt", "ent:smelt"], ["supplies"], "both")) == towards + onwards
    assert _keys(reader.facts(["ent:smelt", "ent:sep"], ["supplies", "sells"], "both")) == towards + onwards
    assert reader.facts(["ent:smelt"], []) == reader.facts([]) == ()
    assert _keys(reader.facts(["prd:motor"], direction="in")) == [
        ("chn:magnet", "chain_target", "prd:motor", ""),
        ("ent:motorco", "produces", "prd:motor", ""),
        ("prc:wind", "yields", "prd:motor", ""),
        ("prj:motor-plant", "project_product", "prd:motor", ""),
    ]


def test_a_fact_holds_all_its_claim_says(reader_of: ReaderOf) -> None:
    said = claim("prc:press", "yields", "prd:magnet", amount=1.0, unit="kg/kg",
                 detail=(("basis", "per kg prd:magnet"), ("is_main", True)))  # fmt: skip
    (fact,) = reader_of().facts(["prc:press"], ["yields"])
    assert fact == Fact(*said[:11], said.confidence, claim_id(said))


@pytest.mark.parametrize(
    "valid, known, status",
    [
        ("2026", None, "under_construction"),
        ("2025-03", None, "under_construction"),
        ("2025-02-28", None, "signed"),
        ("2024-01-01", None, "signed"),
        ("2023-12-31", None, None),
        ("2026", "2025-03-30", "signed"),
        ("2026", "2025-03-31", "under_construction"),
        ("2026", "2024-02-01", None),
    ],
)
def test_status_at_each_time(reader_of: ReaderOf, valid: str, known: str | None, status: str | None) -> None:
    """Signed in 2024 (s4 of 2024-02-02), under construction since 2025-03 (s6 of 2025-03: known at its end)."""
    facts = reader_of(as_of=AsOf.parse(valid, known)).facts(["prj:motor-plant"], ["status"])
    assert [fact.value for fact in facts] == ([status] if status else [])


def test_dates_never_hide_what_is_timeless(reader_of: ReaderOf) -> None:
    """Long before every source, names, recipes and geography stand; nobody is placed and nobody makes anything."""
    early, today = reader_of(as_of=AsOf.parse("1990", "1990")), reader_of()
    assert chain_shape(early.chain()) == chain_shape(today.chain())
    assert early.nodes(["ent:mag1"]) == today.nodes(["ent:mag1"])
    assert early.around("reg:zone") == today.around("reg:zone")
    assert early.counts() == today.counts()
    assert early.placed("reg:land", ["enterprise"]) == ()
    assert early.makers("prd:magnet") == ()


def test_until_and_ended(reader_of: ReaderOf) -> None:
    """`until` is exclusive. A later claim flagged former or ended ends the earlier ones; one without qualifier, all."""
    made = [
        claim("ent:a", "produces", "prd:x", qualifier="capacity", as_of="2020", until="2022"),
        claim("ent:b", "produces", "prd:x", qualifier="capacity", as_of="2020"),
        claim("ent:b", "produces", "prd:x", as_of="2022", flags=("former",)),
        claim("ent:c", "produces", "prd:x", qualifier="capacity", as_of="2023"),
        claim("ent:c", "produces", "prd:x", as_of="2022", flags=("ended",)),
    ]

    def makers(valid: str) -> list[str]:
        return [maker.entity for maker in reader_of(made, as_of=AsOf.parse(valid)).makers("prd:x")]

    assert makers("2021-12-31") == ["ent:a", "ent:b"]
    assert makers("2022-01-01") == []
    assert makers("2023") == ["ent:c"]


def test_conflicts_stand_side_by_side(reader_of: ReaderOf) -> None:
    """Of equal date: 70 and 80 differ; 80,000 kg is 80 t, and pieces are another key. The better grade is shown."""
    official = claim("ent:a", "produces", "prd:x", amount=80.0, unit="t/yr", as_of="2023", source="src:s1")
    press = claim("ent:a", "produces", "prd:x", amount=70.0, unit="t/yr", as_of="2023", source="src:s2")
    agreeing = claim("ent:a", "produces", "prd:x", amount=80_000.0, unit="kg/yr", as_of="2023", source="src:s2")
    older = claim("ent:a", "produces", "prd:x", amount=60.0, unit="t/yr", as_of="2022", source="src:s1")
    pieces = claim("ent:a", "produces", "prd:x", amount=5.0, unit="pieces/yr", as_of="2023", source="src:s2")
    reader = reader_of([press, agreeing, older, pieces, official])
    (fact,) = reader.conflicts()
    assert (fact.claim, fact.conflicts) == (claim_id(official), (claim_id(press),))
    assert reader.conflicts(["ent:a"]) == (fact,)
    assert reader.conflicts(["prd:x"]) == ()
    assert {one.claim for one in reader.facts(["ent:a"])} == {claim_id(official), claim_id(pieces)}


def test_cite(reader_of: ReaderOf) -> None:
    """By subject, by object, or both; mag1's plan makes nobody a maker, but a figure called plan is a figure."""
    figure = claim("ent:mag1", "indicator", 7.0, unit="t/yr", qualifier="plan")
    hedged = claim("ent:mag2", "supplies", "ent:mag1", flags=("doubtful",))
    reader = reader_of([*tiny.CLAIMS, figure, hedged])

    def said(subject: str, predicate: str, object_: str, qualifier: str = "") -> str:
        found = [fact.claim for fact in reader.facts([subject], [predicate])
                 if (fact.object, fact.qualifier) == (object_, qualifier)]  # fmt: skip
        assert len(found) == 1
        return found[0]

    mag1 = said("ent:mag1", "produces", "prd:magnet", "capacity")
    mag2 = said("ent:mag2", "produces", "prd:magnet")
    metal = said("ent:smelt", "supplies", "ent:mag1", "prd:metal")
    assert reader.cite(["ent:mag1"], ["produces"]) == (mag1,)
    assert reader.cite(None, ["produces"], ["prd:magnet"]) == (mag1, mag2)
    assert reader.cite(None, ["produces"], ["prd:magnet"], limit=1) == (mag1,)
    assert reader.cite(["ent:mag2", "ent:smelt"], ["supplies", "produces"], ["ent:mag1", "prd:magnet"]) == (mag2, metal)
    assert reader.cite(["ent:mag1"], ["indicator"]) == (claim_id(figure),)
    assert reader.cite([], ["produces"]) == reader.cite(["ent:mag1"], []) == ()


def test_claims_by_id_and_about_nodes(reader_of: ReaderOf) -> None:
    """In recorded order, each once, whatever their date or status."""
    reader = reader_of(as_of=AsOf.parse("1990"))
    about = [claim_id(one) for one in tiny.CLAIMS if "prj:motor-plant" in (one.subject, one.object)]
    assert [stored.id for stored in reader.claims(["prj:motor-plant"])] == about
    assert [stored.id for stored in reader.claims(about[::-1])] == about
    assert [stored.id for stored in reader.claims([about[-1], "prj:motor-plant"])] == about
    assert reader.claims(about[:1])[0].claim.predicate == "name_zh"
    assert reader.claims([]) == reader.claims(["ent:nobody", "clm:" + "0" * 24]) == ()


def test_sources(reader_of: ReaderOf) -> None:
    """s7 is cited by nobody."""
    reader = reader_of()
    assert reader.sources() == tiny.SOURCES[:6]
    assert reader.sources(["src:s2", "src:s1", "src:nobody", "src:s2"]) == tiny.SOURCES[:2]
    lost = reader_of([claim("ent:a", "name_en", "A", source="src:lost")])
    assert lost.sources() == lost.sources(["src:lost"]) == (Source("src:lost", "", "", None, "other"),)


# The recipe graph


def test_chain_of_the_drawing(reader_of: ReaderOf) -> None:
    shape = chain_shape(reader_of().chain())
    assert [product[:4] for product in shape["products"]] == [
        ("prd:acid", "auxiliary", "magnet", "separation"),
        ("prd:binder", "link", "magnet", "functional_material"),
        ("prd:copper-wire", "link", "other", "component"),
        ("prd:hot-magnet", "link", "magnet", "functional_material"),
        ("prd:magnet", "link", "magnet", "functional_material"),
        ("prd:metal", "link", "magnet", "metal_alloy"),
        ("prd:motor", "link", "magnet", "device"),
        ("prd:ore", "resource", "magnet", "mining"),
        ("prd:oxide-a", "link", "magnet", "separation"),
        ("prd:oxide-b", "link", "magnet", "separation"),
        ("prd:plating", "service", "magnet", "functional_material"),
        ("prd:resin", "auxiliary", "magnet", "separation"),
        ("prd:robot", "link", "magnet", "end_use"),
    ]
    assert {name: (above, below) for name, _, _, _, above, below in shape["products"] if above or below} == {
        "prd:hot-magnet": (["prd:magnet"], []),
        "prd:magnet": ([], ["prd:hot-magnet"]),
    }
    assert shape["processes"] == [
        ("prc:mix", "step", None, ["prd:oxide-b", "prd:resin"], ["prd:binder"], [], []),
        ("prc:press", "step", None, ["prd:binder", "prd:metal"], ["prd:magnet"], ["prd:plating"], []),
        ("prc:reduce", "step", None, ["prd:oxide-a"], ["prd:metal"], [], []),
        ("prc:separate", "step", None, ["prd:acid", "prd:ore"], ["prd:oxide-a", "prd:oxide-b"], [], []),
        ("prc:wind", "step", None, ["prd:copper-wire", "prd:magnet"], ["prd:motor"], [], []),
    ]


def test_chain_when_little_is_said(reader_of: ReaderOf) -> None:
    """Role link, kind step, no chain, stage or site. Doubtful flows are left out. A site and a press are seen."""
    shape = chain_shape(
        reader_of(
            [
                claim("prd:a", "input_to", "prc:quiet"),
                claim("prd:b", "input_to", "prc:quiet", flags=("doubtful",)),
                claim("prc:told", "process_kind", "recycling"),
                claim("prc:told", "site", "reg:mine"),
                claim("prc:told", "uses", "prd:c", qualifier="equipment"),
            ]
        ).chain()
    )
    assert shape["products"] == [(f"prd:{letter}", "link", None, None, [], []) for letter in "abc"]
    assert shape["processes"] == [
        ("prc:quiet", "step", None, ["prd:a"], [], [], []),
        ("prc:told", "recycling", "reg:mine", [], [], [], ["prd:c"]),
    ]


def test_amounts_of_the_drawing(reader_of: ReaderOf) -> None:
    """As drawn, per kg of the first output; what winding takes is not told."""
    assert chain_shape(reader_of().chain())["amounts"] == [
        ("inputs", "prc:mix", "prd:oxide-b", 0.5),
        ("inputs", "prc:mix", "prd:resin", 0.5),
        ("inputs", "prc:press", "prd:binder", 0.2),
        ("inputs", "prc:press", "prd:metal", 0.8),
        ("inputs", "prc:reduce", "prd:oxide-a", 1.25),
        ("inputs", "prc:separate", "prd:acid", 1.0),
        ("inputs", "prc:separate", "prd:ore", 2.5),
        ("outputs", "prc:mix", "prd:binder", 1.0),
        ("outputs", "prc:press", "prd:magnet", 1.0),
        ("outputs", "prc:reduce", "prd:metal", 1.0),
        ("outputs", "prc:separate", "prd:oxide-a", 1.0),
        ("outputs", "prc:separate", "prd:oxide-b", 0.5),
        ("outputs", "prc:wind", "prd:motor", 1.0),
    ]


def test_only_amounts_of_mass_in_mass_are_told(reader_of: ReaderOf) -> None:
    """3 kg/t is 0.003 kg/kg; pieces and bare numbers are none of it; 0 is a number; what is doubtful is not read."""
    flows = [
        claim("prd:a", "input_to", "prc:p", amount=3.0, unit="kg/t"),
        claim("prd:b", "input_to", "prc:p", amount=0.0, unit="kg/kg"),
        claim("prd:c", "input_to", "prc:p", amount=5.0),
        claim("prd:d", "input_to", "prc:p", amount=5.0, unit="kg/unit"),
        claim("prd:e", "input_to", "prc:p", amount=5.0, unit="kg/kg", flags=("doubtful",)),
        claim("prd:f", "input_to", "prc:p", amount=7.0),
        claim("prd:f", "input_to", "prc:p", amount=8.0, unit="kg/kg"),
    ]
    shape = chain_shape(reader_of(flows).chain())
    assert shape["amounts"] == [
        ("inputs", "prc:p", "prd:a", 0.003),
        ("inputs", "prc:p", "prd:b", 0.0),
        ("inputs", "prc:p", "prd:f", 8.0),
    ]


def test_classes_in_a_circle_and_with_two_parents(reader_of: ReaderOf) -> None:
    """a -> b -> c -> a is one class of three; d is a kind of b and of e. Nobody is above himself."""
    links = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "b"), ("d", "e")]
    shape = chain_shape(reader_of([claim(f"prd:{x}", "subclass_of", f"prd:{y}") for x, y in links]).chain())
    assert {name[4:]: ("".join(p[4:] for p in above), "".join(p[4:] for p in below))
            for name, _, _, _, above, below in shape["products"]} == {
        "a": ("bc", "bcd"), "b": ("ac", "acd"), "c": ("ab", "abd"), "d": ("abce", ""), "e": ("", "d"),
    }  # fmt: skip


# Places


def test_around_and_placed(reader_of: ReaderOf) -> None:
    """reg:zone and reg:town lie in reg:province, which lies in reg:land; reg:abroad lies in nothing."""
    reader = reader_of()
    assert reader.around("reg:zone") == ("reg:zone", "reg:province", "reg:land")
    assert reader.around("reg:abroad") == ("reg:abroad",)
    zone = ("ent:mag1", "ent:mag2", "ent:mag3", "ent:mine", "ent:sep", "ent:smelt")
    assert reader.placed("reg:zone", ["enterprise"]) == zone
    assert reader.placed("reg:zone", ["project", "enterprise"]) == (*zone, "prj:motor-plant")
    assert reader.placed("reg:province", ["enterprise"]) == ("ent:far", *zone)
    assert reader.placed("reg:land", ["enterprise"]) == ("ent:far", *zone)
    assert reader.placed("reg:abroad", ["enterprise"]) == ("ent:motorco",)
    assert reader.placed("reg:zone", ["institution"]) == ()
    assert reader.unplaced(["enterprise"]) == ("ent:nowhere",)
    assert reader.unplaced(["project"]) == ()


def test_an_institute_has_a_place_of_its_own(reader_of: ReaderOf) -> None:
    """A laboratory abroad moves neither the motor plant nor an enterprise there, and is no enterprise itself."""
    reader = reader_of([*tiny.CLAIMS, claim("ins:lab", "located_in", "reg:abroad")])
    assert reader.placed("reg:abroad", ["enterprise", "institution", "project"]) == ("ent:motorco", "ins:lab")
    abroad, zone = reader.tally("reg:abroad"), reader.tally("reg:zone")
    assert (abroad.enterprises, abroad.pipeline) == (1, ())
    assert [one.project for one in zone.pipeline] == ["prj:motor-plant"]
    assert reader.unplaced(["enterprise"]) == ("ent:nowhere",)


def test_around_goes_tier_by_tier(reader_of: ReaderOf) -> None:
    """a lies in b and z; b in m and y, z in k and a again. Nearest first, in id order at one distance, a only once."""
    parts = [("a", "z"), ("a", "b"), ("b", "y"), ("b", "m"), ("z", "k"), ("z", "a")]
    reader = reader_of([claim(f"reg:{part}", "part_of", f"reg:{whole}") for part, whole in parts])
    assert reader.around("reg:a") == ("reg:a", "reg:b", "reg:z", "reg:k", "reg:m", "reg:y")


def test_a_region_with_two_parents_lies_in_both(reader_of: ReaderOf) -> None:
    """reg:zone lies in reg:province and in reg:belt; the place of a, flagged coarser, is not used, and b's is over."""
    reader = reader_of([
        *tiny.CLAIMS,
        claim("reg:zone", "part_of", "reg:belt"),
        claim("ent:a", "located_in", "reg:zone", flags=("coarser",)),
        claim("ent:b", "located_in", "reg:zone", as_of="2020", until="2021"),
    ])  # fmt: skip
    zone = reader.placed("reg:zone", ["enterprise"])
    assert len(zone) == 6
    assert reader.placed("reg:belt", ["enterprise"]) == zone
    assert reader.placed("reg:province", ["enterprise"]) == ("ent:far", *zone)
    assert reader.unplaced(["enterprise"]) == ("ent:a", "ent:b", "ent:nowhere")


def test_regions_in_a_circle_are_one_place(reader_of: ReaderOf) -> None:
    """a in b in c in a, d in b: who is in d is in a, b and c, but who is in a is not in d."""
    parts = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "b")]
    reader = reader_of([
        *(claim(f"reg:{part}", "part_of", f"reg:{whole}") for part, whole in parts),
        claim("ent:in-a", "located_in", "reg:a"),
        claim("ent:in-d", "located_in", "reg:d"),
    ])  # fmt: skip
    for region in ("reg:a", "reg:b", "reg:c"):
        assert reader.placed(region, ["enterprise"]) == ("ent:in-a", "ent:in-d")
    assert reader.placed("reg:d", ["enterprise"]) == ("ent:in-d",)


def test_where_a_process_applies(reader_of: ReaderOf) -> None:
    """A pit in the town: its ore is worked in the pit, the town, the zone beside it (one province) and around them.

    Not in a neighbouring province of the same land, nor abroad. A region that is part of nothing shares no province.
    """
    reader = reader_of([
        *tiny.CLAIMS,
        claim("reg:pit", "part_of", "reg:town"),
        claim("reg:neighbour", "part_of", "reg:land"),
        claim("prc:dig", "site", "reg:pit"),
        claim("prc:fish", "site", "reg:abroad"),
    ])  # fmt: skip

    def tied(region: str) -> list[str]:
        names = reader.chain().processes
        applying = [name for name, flag in zip(names, reader.applies(region), strict=True) if flag]
        assert set(names) - set(applying) <= {"prc:dig", "prc:fish"}
        return [name for name in applying if name in ("prc:dig", "prc:fish")]

    for region in ("reg:pit", "reg:town", "reg:zone", "reg:province", "reg:land"):
        assert tied(region) == ["prc:dig"], region
    assert tied("reg:neighbour") == []
    assert tied("reg:abroad") == ["prc:fish"]


# Who makes what


def test_tally_of_the_zone(reader_of: ReaderOf) -> None:
    """mag3 makes hot magnets, which are magnets. mag1's plan makes nobody a maker; the motor plant is not finished.

    Nowhere's plating counts in total though it has no place. Owner groups: far owns 60 % of mag2, but is not here.
    """
    reader = reader_of()
    shape = tally_shape(reader.chain(), reader.tally("reg:zone"))
    assert shape["region"] == "reg:zone"
    assert shape["makers"] == {
        "prd:hot-magnet": ["ent:mag3"],
        "prd:magnet": ["ent:mag1", "ent:mag2", "ent:mag3"],
        "prd:metal": ["ent:smelt"],
        "prd:ore": ["ent:mine"],
        "prd:oxide-a": ["ent:sep"],
    }
    assert shape["total"] == {
        "prd:binder": 1, "prd:copper-wire": 1, "prd:hot-magnet": 1, "prd:magnet": 3, "prd:metal": 1, "prd:motor": 1,
        "prd:ore": 1, "prd:oxide-a": 1, "prd:plating": 1,
    }  # fmt: skip
    assert shape["direct"] == ["prd:hot-magnet", "prd:magnet", "prd:metal", "prd:ore", "prd:oxide-a"]
    assert shape["users"] == {}
    assert shape["stated"] == []
    assert (shape["enterprises"], shape["unplaced"]) == (6, 1)
    assert shape["groups"] == [["ent:mag1"], ["ent:mag2"], ["ent:mag3"], ["ent:mine"], ["ent:sep"], ["ent:smelt"]]


def test_tally_of_the_province_and_of_an_empty_region(reader_of: ReaderOf) -> None:
    """The province adds far, and with it the group far-mag2 (60 %)."""
    reader = reader_of([*tiny.CLAIMS, claim("reg:desert", "name_en", "Desert")])
    province = tally_shape(reader.chain(), reader.tally("reg:province"))
    assert province["makers"]["prd:binder"] == province["makers"]["prd:copper-wire"] == ["ent:far"]
    assert province["enterprises"] == 7
    assert ["ent:far", "ent:mag2"] in province["groups"]
    desert = tally_shape(reader.chain(), reader.tally("reg:desert"))
    assert (desert["makers"], desert["direct"], desert["enterprises"], desert["unplaced"]) == ({}, [], 0, 1)
    assert desert["total"] == province["total"]


def test_owner_groups(reader_of: ReaderOf) -> None:
    """a owns 50 % of b, an institute a share not told of b and c; d holds 49 % of c, and e did hold all of it.

    Firms that an institute holds are no group. With control at 40 %, c and d are one too.
    """
    reader = reader_of([
        claim("ent:a", "owns", "ent:b", amount=50.0, unit="%"),
        claim("ins:i", "owns", "ent:b"),
        claim("ins:i", "owns", "ent:c"),
        claim("ent:d", "owns", "ent:c", amount=49.0, unit="%"),
        claim("ent:e", "owns", "ent:c", amount=100.0, unit="%", flags=("former",)),
        *(claim(f"ent:{x}", "located_in", "reg:r") for x in "abcde"),
        *(claim(f"ent:{x}", "produces", "prd:p") for x in "abcde"),
    ])  # fmt: skip
    chain = reader.chain()
    assert tally_shape(chain, reader.tally("reg:r"))["groups"] == [["ent:a", "ent:b"], ["ent:c"], ["ent:d"], ["ent:e"]]
    wide = tally_shape(chain, reader.tally("reg:r", control_share=40.0))
    assert wide["groups"] == [["ent:a", "ent:b"], ["ent:c", "ent:d"], ["ent:e"]]


def test_users(reader_of: ReaderOf) -> None:
    """Who consumes hot magnets is a user of hot magnets, not of magnets; far is not in the zone."""
    reader = reader_of([
        *tiny.CLAIMS,
        claim("ent:mag1", "consumes", "prd:hot-magnet", as_of="2024"),
        claim("ent:far", "consumes", "prd:hot-magnet", as_of="2024"),
        claim("ent:mag2", "consumes", "prd:metal", as_of="2024", flags=("plan",)),
    ])  # fmt: skip
    assert tally_shape(reader.chain(), reader.tally("reg:zone"))["users"] == {"prd:hot-magnet": ["ent:mag1"]}


def test_a_finished_project_makes(reader_of: ReaderOf) -> None:
    """Completed, the plant makes motors here and leaves the pipeline; it is no enterprise."""
    done = claim("prj:motor-plant", "status", "completed", as_of="2026", source="src:s6")
    reader = reader_of([*tiny.CLAIMS, done])
    shape = tally_shape(reader.chain(), reader.tally("reg:zone"))
    assert shape["makers"]["prd:motor"] == ["prj:motor-plant"]
    assert shape["total"]["prd:motor"] == 2
    assert "prd:motor" in shape["direct"]
    assert (shape["pipeline"], shape["enterprises"]) == ([], 6)
    assert shape["evidence"]["magnet"]["makers"] == 7
    abroad = claim("ent:motorco", "produces", "prd:motor", as_of="2024", source="src:s5")
    plant = claim("prj:motor-plant", "project_product", "prd:motor", as_of="2024", source="src:s4")
    assert makers_shape(reader.makers("prd:motor", "reg:zone")) == [
        ("ent:motorco", [claim_id(abroad)], False, True), ("prj:motor-plant", [claim_id(plant)], True, True),
    ]  # fmt: skip


def test_evidence_of_the_zone(reader_of: ReaderOf) -> None:
    """Makers of the magnet chain here, with the sources of all their unflagged claims (who is supplied says nothing):

    mine s1; sep s1 s2; smelt s1 s3 s4; mag1 s1 s3 s5 (s4 tells of a plan); mag2 s1 s4; mag3 s1 s5: 13 mentions of 5
    sources, one maker seen once. Just s5 (2025-01-01) is within two years of 2026-11-23. Nobody makes copper wire here.
    """
    reader = reader_of()
    assert dict(reader.tally("reg:zone").evidence) == {
        "magnet": ChainEvidence(makers=6, sources=5, recent=5, mentions=13, single=1, newest="2025-01-01"),
        "other": ChainEvidence(makers=0, sources=0, recent=0, mentions=0, single=0, newest=None),
    }
    assert reader.tally("reg:zone", 2.0).evidence["magnet"].recent == 1


def test_figures_of_the_drawing(reader_of: ReaderOf) -> None:
    """Of mag1's two the capacity, not the plan; nobody's consumption is told."""
    reader = reader_of()
    shape = tally_shape(reader.chain(), reader.tally("reg:zone"))
    assert shape["capacities"] == [
        ("ent:mag1", "prd:magnet", 50.0, True),
        ("ent:sep", "prd:oxide-a", 100.0, True),
        ("ent:smelt", "prd:metal", 80.0, True),
    ]
    assert shape["consumption"] == []


def test_figures_in_tonnes_a_year_of_who_is_here(reader_of: ReaderOf) -> None:
    """3,000 kg/month are 36 t/yr; pieces, an output, 0, a plan, an unfinished project and a far maker are not told.

    b stands in the town too, so the zone does not hold all of it; that c may stand there is only a guess.
    """
    reader = reader_of([
        claim("reg:zone", "part_of", "reg:province"), claim("reg:town", "part_of", "reg:province"),
        *(claim(f"ent:{name}", "located_in", "reg:zone") for name in "abc"),
        claim("ent:b", "located_in", "reg:town"), claim("ent:c", "located_in", "reg:town", flags=("inferred",)),
        claim("ent:d", "located_in", "reg:town"),
        claim("ent:a", "produces", "prd:x", amount=3000.0, unit="kg/month", qualifier="capacity"),
        claim("ent:a", "produces", "prd:x", amount=7.0, unit="pieces/yr", qualifier="capacity"),
        claim("ent:a", "produces", "prd:y", amount=5.0, unit="t/yr", qualifier="output"),
        claim("ent:a", "produces", "prd:z", amount=0.0, unit="t/yr", qualifier="capacity"),
        claim("ent:b", "produces", "prd:y", amount=9.0, unit="t/yr", qualifier="capacity", flags=("plan",)),
        claim("ent:b", "produces", "prd:x", amount=4.0, unit="t/yr", qualifier="capacity"),
        claim("ent:c", "consumes", "prd:x", amount=2.0, unit="t/yr"),
        claim("ent:d", "produces", "prd:x", amount=8.0, unit="t/yr", qualifier="capacity"),
        *(c for name, status in (("done", "completed"), ("open", "signed")) for c in (
            claim(f"prj:{name}", "located_in", "reg:zone"), claim(f"prj:{name}", "status", status),
            claim(f"prj:{name}", "project_product", "prd:x", amount=6.0, unit="t/yr"))),
    ])  # fmt: skip
    shape = tally_shape(reader.chain(), reader.tally("reg:zone"))
    assert shape["capacities"] == [
        ("ent:a", "prd:x", 36.0, True), ("ent:b", "prd:x", 4.0, False), ("prj:done", "prd:x", 6.0, True),
    ]  # fmt: skip
    assert shape["consumption"] == [("ent:c", "prd:x", 2.0, True)]
    wide = tally_shape(reader.chain(), reader.tally("reg:province"))
    assert [told[3] for told in wide["capacities"]] == [True] * 4


def test_a_kind_of_the_chain_is_evidence_for_it(reader_of: ReaderOf) -> None:
    """Whoever makes hot magnets makes a magnet: hot magnets are put into another chain, but both chains know him."""
    reader = reader_of([
        claim("prd:magnet", "chain", "chn:magnet"),
        claim("prd:hot", "chain", "chn:hot"),
        claim("prd:hot", "subclass_of", "prd:magnet"),
        claim("ent:a", "produces", "prd:hot"),
        claim("ent:a", "located_in", "reg:r"),
    ])  # fmt: skip
    assert {word: one.makers for word, one in reader.tally("reg:r").evidence.items()} == {"hot": 1, "magnet": 1}


@pytest.mark.parametrize(
    "day, recent", [("2018-11-24", 1), ("2018-11-23", 1), ("2018-11-22", 0), ("2018", 0), ("2026-11-24", 0)]
)
def test_the_window_of_recent_sources(reader_of: ReaderOf, day: str, recent: int) -> None:
    """8 years before 2026-11-23 are 8 x 365.25 = 2922 days: 2018-11-23 is the first. A later source is not recent."""
    reader = reader_of(
        [
            claim("prd:p", "chain", "chn:c", source="src:s1"),
            claim("ent:a", "produces", "prd:p", source="src:x"),
            claim("ent:a", "located_in", "reg:r", source="src:x"),
        ],
        sources=[Source("src:x", "", "", day, "other")],
    )
    assert reader.tally("reg:r").evidence["c"] == ChainEvidence(1, 1, recent, 1, 1, day)


def test_pipeline(reader_of: ReaderOf) -> None:
    """The plant will make motors by 2027-06; its status, product, place and date each stand on a claim."""
    reader = reader_of([*tiny.CLAIMS, claim("prd:motor", "subclass_of", "prd:robot")])
    behind = tuple(sorted(
        claim_id(one) for one in tiny.CLAIMS
        if one.subject == "prj:motor-plant" and one.as_of and one.value != "signed"
    ))  # fmt: skip
    assert len(behind) == 4
    assert tally_shape(reader.chain(), reader.tally("reg:zone"))["pipeline"] == [
        ("prd:motor", "prj:motor-plant", "under_construction", "2027-06", behind),
        ("prd:robot", "prj:motor-plant", "under_construction", "2027-06", behind),
    ]
    assert reader.tally("reg:town").pipeline == ()


@pytest.mark.parametrize(
    "region, stated", [("reg:zone", True), ("reg:province", True), ("reg:town", True), ("reg:land", False)]
)
def test_stated_absence_reaches_down(reader_of: ReaderOf, region: str, stated: bool) -> None:
    """What the province lacks, its parts lack; who lacks magnets lacks hot magnets. The land may still have them."""
    lacks = claim("reg:province", "lacks", "prd:magnet", as_of="2024", source="src:s4")
    reader = reader_of([*tiny.CLAIMS, lacks])
    expected = [("prd:hot-magnet", (claim_id(lacks),)), ("prd:magnet", (claim_id(lacks),))] if stated else []
    assert tally_shape(reader.chain(), reader.tally(region))["stated"] == expected


def test_a_survey_covers_a_product_its_kinds_or_a_chain(reader_of: ReaderOf) -> None:
    """One source lists all makers of the chain `other` (copper wire) here, one all of magnets, another is doubtful."""
    chain = claim("src:s6", "surveys", "reg:province", qualifier="chn:other", as_of="2024")
    magnets = claim("src:s6", "surveys", "reg:zone", qualifier="prd:magnet", as_of="2024")
    doubtful = claim("src:s5", "surveys", "reg:zone", qualifier="prd:robot", as_of="2024", flags=("doubtful",))
    blank = claim("src:s4", "surveys", "reg:zone", as_of="2024")
    lacks = claim("reg:zone", "lacks", "prd:hot-magnet", as_of="2024")
    reader = reader_of([*tiny.CLAIMS, chain, magnets, doubtful, blank, lacks])
    assert tally_shape(reader.chain(), reader.tally("reg:zone"))["stated"] == [
        ("prd:copper-wire", (claim_id(chain),)),
        ("prd:hot-magnet", tuple(sorted([claim_id(magnets), claim_id(lacks)]))),
        ("prd:magnet", (claim_id(magnets),)),
    ]


def test_makers(reader_of: ReaderOf) -> None:
    """Magnets are made by mag1 (its capacity counts, its plan does not), mag2, and mag3 through hot magnets."""
    reader = reader_of()
    found = reader.makers("prd:magnet", "reg:zone")
    assert [(one.entity, one.here, one.placed) for one in found] == [
        ("ent:mag1", True, True), ("ent:mag2", True, True), ("ent:mag3", True, True),
    ]  # fmt: skip
    assert [[(fact.object, fact.qualifier) for fact in one.facts] for one in found] == [
        [("prd:magnet", "capacity")], [("prd:magnet", "")], [("prd:hot-magnet", "")],
    ]  # fmt: skip
    assert [one.entity for one in reader.makers("prd:hot-magnet")] == ["ent:mag3"]
    assert [(one.entity, one.here, one.placed) for one in reader.makers("prd:plating", "reg:zone")] == [
        ("ent:nowhere", False, False),
    ]  # fmt: skip
    assert [one.here for one in reader.makers("prd:magnet")] == [False] * 3
    assert [one.here for one in reader.makers("prd:magnet", "reg:town")] == [False] * 3
    assert reader.makers("prd:robot") == ()
    assert reader.makers("ent:mag1") == ()


def test_capacities(reader_of: ReaderOf) -> None:
    """Of magnets and kinds of them, in t/yr: mag1's 50, not its plan of 90, and mag3's hot ones, told as 2,000 kg/yr.

    mag3's 1 piece/yr is another dimension, mag2's output is no capacity, and a finished project is no enterprise.
    """
    hot = claim(
        "ent:mag3", "produces", "prd:hot-magnet", amount=2000.0, unit="kg/yr", qualifier="capacity", as_of="2024"
    )
    pieces = claim(
        "ent:mag3", "produces", "prd:hot-magnet", amount=1.0, unit="pieces/yr", qualifier="capacity", as_of="2024"
    )
    reader = reader_of([
        *tiny.CLAIMS, hot, pieces, claim("ent:mag3", "country", "CN"),
        claim("ent:mag2", "produces", "prd:magnet", amount=5.0, unit="t/yr", qualifier="output", as_of="2024"),
        claim("prj:motor-plant", "status", "completed", as_of="2026"),
        claim("prj:motor-plant", "project_product", "prd:magnet", amount=9.0, unit="t/yr", as_of="2026"),
    ])  # fmt: skip
    told = claim("ent:mag1", "produces", "prd:magnet", amount=50.0, unit="t/yr", qualifier="capacity", as_of="2023",
                 source="src:s3")  # fmt: skip
    mag3 = [
        Capacity("ent:mag3", "prd:hot-magnet", 2.0, "mass/time", claim_id(hot)),
        Capacity("ent:mag3", "prd:hot-magnet", 1.0, "pieces/time", claim_id(pieces)),
    ]
    mag1 = Capacity("ent:mag1", "prd:magnet", 50.0, "mass/time", claim_id(told))
    assert reader.capacities("prd:magnet") == (mag1, *mag3)
    assert reader.capacities("prd:hot-magnet") == reader.capacities("prd:magnet", "CN") == tuple(mag3)
    assert reader.capacities("prd:robot") == ()


# Ways


def test_reach_over_supplies(reader_of: ReaderOf) -> None:
    """sep -> smelt -> mag1, mag2; mag1 -> motorco. far supplies mag1, so both ways it is two steps from smelt."""
    reader = reader_of()

    def reached(start: str, direction: str, hops: int, limit: int = 99) -> tuple[object, bool, list[tuple[str, str]]]:
        reach = reader.reach(start, "supplies", direction, hops, limit)  # type: ignore[arg-type]
        return reach.tiers, reach.truncated, [(fact.subject[4:], str(fact.object)[4:]) for fact in reach.links]

    first, second = ("ent:smelt",), ("ent:mag1", "ent:mag2")
    two = [("sep", "smelt"), ("smelt", "mag1"), ("smelt", "mag2")]
    assert reached("ent:sep", "out", 0) == ((), False, [])
    assert reached("ent:sep", "out", 1) == ((first,), False, two[:1])
    assert reached("ent:sep", "out", 2) == ((first, second), False, two)
    assert reached("ent:sep", "out", 9)[0] == (first, second, ("ent:motorco",))
    assert reached("ent:sep", "in", 9) == ((), False, [])
    assert reached("ent:motorco", "in", 2) == (
        (("ent:mag1",), ("ent:far", "ent:smelt")), False, [("far", "mag1"), ("mag1", "motorco"), ("smelt", "mag1")],
    )  # fmt: skip
    assert reached("ent:smelt", "both", 2)[0] == (("ent:mag1", "ent:mag2", "ent:sep"), ("ent:far", "ent:motorco"))


@pytest.mark.parametrize(
    "limit, tiers, truncated, links",
    [
        (4, [["smelt"], ["mag1", "mag2"], ["motorco"]], False, 4),
        (3, [["smelt"], ["mag1", "mag2"]], True, 3),
        (2, [["smelt"], ["mag1"]], True, 2),
        (1, [["smelt"]], True, 1),
        (0, [], True, 0),
    ],
)
def test_reach_is_cut_at_the_limit(
    reader_of: ReaderOf, limit: int, tiers: list[list[str]], truncated: bool, links: int
) -> None:
    """sep reaches four: with room for four nothing is cut; with less the smaller ids of the last tier stay."""
    reach = reader_of().reach("ent:sep", "supplies", "out", 9, limit)
    assert [[node[4:] for node in tier] for tier in reach.tiers] == tiers
    assert (reach.truncated, len(reach.links)) == (truncated, links)


def test_reach_walks_a_circle_once(reader_of: ReaderOf) -> None:
    """a -> b -> c -> a, b -> b: back to the start and to oneself leads nowhere. A doubtful link is not walked."""
    reader = reader_of([
        *(claim(f"ent:{x}", "supplies", f"ent:{y}") for x, y in ("ab", "bc", "ca", "bb")),
        claim("ent:c", "supplies", "ent:d", flags=("doubtful",)),
    ])  # fmt: skip
    reach = reader.reach("ent:a", "supplies", "out", 9, 9)
    assert reach.tiers == (("ent:b",), ("ent:c",))
    assert [(fact.subject, fact.object) for fact in reach.links] == [("ent:a", "ent:b"), ("ent:b", "ent:c")]


def test_each_product_is_a_link_of_its_own(reader_of: ReaderOf) -> None:
    """far supplies mag1 with binder, and with copper wire as well: two links to one node."""
    reader = reader_of([*tiny.CLAIMS, claim("ent:far", "supplies", "ent:mag1", qualifier="prd:copper-wire")])
    reach = reader.reach("ent:far", "supplies", "out", 1, 9)
    assert (reach.tiers, [fact.qualifier for fact in reach.links]) == (
        (("ent:mag1",),), ["prd:binder", "prd:copper-wire"],
    )  # fmt: skip


# Merged nodes


def test_two_nodes_decided_to_be_one(reader_of: ReaderOf) -> None:
    """mag2 is read as mag1: its claims are mag1's, its supplier is there once, and the old id still leads to the node.

    In a qualifier too: oxide-a read as oxide-b makes sep a maker, and a supplier, of oxide-b.
    """
    reader = reader_of(decisions=[_same_as("ent:mag1", "ent:mag2"), _same_as("prd:oxide-b", "prd:oxide-a")])
    assert "ent:mag2" not in reader.ids(["enterprise"])
    assert reader.nodes(["ent:mag2"])[0].id == reader.nodes(["ent:mag1"])[0].id == "ent:mag1"
    assert [one.entity for one in reader.makers("prd:magnet", "reg:zone")] == ["ent:mag1", "ent:mag3"]
    assert _keys(reader.facts(["ent:mag2"], ["produces"])) == [
        ("ent:mag1", "produces", "prd:magnet", ""),
        ("ent:mag1", "produces", "prd:magnet", "capacity"),
        ("ent:mag1", "produces", "prd:magnet", "plan"),
    ]
    assert reader.reach("ent:smelt", "supplies", "out", 1, 9).tiers == (("ent:mag1",),)
    (supply,) = reader.facts(["ent:sep"], ["supplies"])
    assert supply.qualifier == "prd:oxide-b"
    assert [one.entity for one in reader.makers("prd:oxide-a")] == ["ent:sep"]
    assert [one.amount for one in reader.capacities("prd:oxide-a")] == [100.0]
    told = claim("ent:sep", "supplies", "ent:smelt", qualifier="prd:oxide-a", as_of="2023", source="src:s2")
    assert supply.claim == claim_id(told)
    about = {stored.claim.subject for stored in reader.claims(["ent:mag1"])}
    assert {"ent:mag1", "ent:mag2"} <= about
    assert reader.claims(["ent:mag2"]) == reader.claims(["ent:mag1"])


def test_merging_is_a_chain_and_can_be_undone(reader_of: ReaderOf) -> None:
    """mag3 -> mag2 -> mag1. Undone, said from either side, only what it was decided for is apart again."""
    merged = [_same_as("ent:mag2", "ent:mag3"), _same_as("ent:mag1", "ent:mag2")]
    one = reader_of(decisions=merged)
    assert [node.id for node in one.nodes(["ent:mag3", "ent:mag2"])] == ["ent:mag1"] * 2
    assert one.claims(["ent:mag3"]) == one.claims(["ent:mag1"])
    assert {"ent:mag1", "ent:mag2", "ent:mag3"} <= {stored.claim.subject for stored in one.claims(["ent:mag3"])}
    for pair in (("ent:mag1", "ent:mag2"), ("ent:mag2", "ent:mag1")):
        reader = reader_of(decisions=[*merged, _same_as(*pair, action="not_same_as")])
        assert [node.id for node in reader.nodes(["ent:mag1", "ent:mag2", "ent:mag3"])] == [
            "ent:mag1",
            "ent:mag2",
            "ent:mag2",
        ]


def test_the_last_word_on_a_pair_counts(reader_of: ReaderOf) -> None:
    """Decided the other way round later, the other id is kept."""
    reader = reader_of(decisions=[_same_as("ent:mag1", "ent:mag2"), _same_as("ent:mag2", "ent:mag1")])
    assert reader.nodes(["ent:mag1"])[0].id == "ent:mag2"


# What if


def test_with_claims_adds_and_drops(reader_of: ReaderOf) -> None:
    """A robot maker comes to the zone, smelt's capacity was never told: the reader it came from does not change."""
    comes = [claim("ent:new", "produces", "prd:robot", as_of="2026"), claim("ent:new", "located_in", "reg:zone")]
    goes = claim("ent:smelt", "produces", "prd:metal", amount=80.0, unit="t/yr", qualifier="capacity", as_of="2023",
                 source="src:s3")  # fmt: skip
    before = reader_of()
    after = before.with_claims(comes, [claim_id(goes)])
    assert [one.entity for one in after.makers("prd:robot", "reg:zone")] == ["ent:new"]
    assert after.makers("prd:metal") == before.makers("prd:robot") == ()
    assert [one.entity for one in before.makers("prd:metal")] == ["ent:smelt"]
    assert after.nodes(["ent:new"])[0].dangling
    changed = reader_of([*(one for one in tiny.CLAIMS if one != goes), *comes])
    _assert_equal(changed, after)
    assert before.with_claims(comes, [claim_id(comes[0])]).makers("prd:robot") == ()
    again = after.with_claims([goes], [claim_id(comes[0])])
    assert again.makers("prd:robot") == ()
    assert [one.entity for one in again.makers("prd:metal")] == ["ent:smelt"]


def test_with_claims_revives_what_was_retracted(reader_of: ReaderOf) -> None:
    made = claim("ent:mine", "produces", "prd:robot")
    reader = reader_of([*tiny.CLAIMS, made], retracted=[claim_id(made)])
    assert reader.makers("prd:robot") == ()
    revived = reader.with_claims([made])
    assert [one.entity for one in revived.makers("prd:robot")] == ["ent:mine"]
    assert [stored.status for stored in revived.claims([claim_id(made)])] == ["accepted"]


def test_with_claims_keeps_merged_nodes_merged(reader_of: ReaderOf) -> None:
    reader = reader_of(decisions=[_same_as("ent:mag1", "ent:mag2")])
    after = reader.with_claims([claim("ent:mag2", "produces", "prd:robot")])
    assert [one.entity for one in after.makers("prd:robot")] == ["ent:mag1"]


# As the plain reader


def _assert_equal(one: Reader, other: Reader, recent_years: float = 8.0, every: int = 1) -> None:
    """Whatever can be asked, both say the same; of regions and products, `every` so many are asked about."""
    _assert_same(reader_shape(one), reader_shape(other))
    regions, products = one.ids(["region"])[::every], one.ids(["product"])[::every]
    for region in regions:
        _assert_same(region_shape(one, region, recent_years), region_shape(other, region, recent_years))
    for product in products:
        for here in (None, *regions[:1]):
            assert makers_shape(one.makers(product, here)) == makers_shape(other.makers(product, here))
        for country in (None, "CN", "x"):
            assert one.capacities(product, country) == other.capacities(product, country)


def _asked(reader: Reader, id_: str) -> Iterator[object]:
    """What is said of an id that may be unknown, or that of a node read as another."""
    calls: tuple[Callable[[], object], ...] = (
        lambda: reader.nodes([id_]),
        lambda: reader.facts([id_]),
        lambda: reader.cite(None, ["produces", "consumes"], [id_]),
        lambda: reader.around(id_),
        lambda: reader.placed(id_, ["enterprise"]),
        lambda: tally_shape(reader.chain(), reader.tally(id_)),
        lambda: makers_shape(reader.makers(id_, id_)),
        lambda: reader.capacities(id_),
        lambda: reader.applies(id_).tolist(),
        lambda: reach_shape(reader.reach(id_, "supplies", "out", 2, 5)),
    )
    for call in calls:
        try:
            yield call()
        except NodeMissing as error:
            yield str(error)


def _assert_same(one: Shape, other: Shape) -> None:
    for part in one.keys() | other.keys():
        assert one.get(part) == other.get(part), part


# A question to the server takes milliseconds, so of it every so many regions and products are asked about.
@pytest.mark.parametrize("name", [*OTHERS, *ON_THE_SERVER[:1]])
@pytest.mark.parametrize(
    "valid, known", [("2026-11-23", None), ("2026-11-23", "2021-12-31"), ("2019", None), ("2012-06", "2012")]
)
def test_the_shipped_data(name: str, valid: str, known: str | None) -> None:
    claims, sources = shipped()
    given_ = Given(_stored(claims), sources, (), AsOf.parse(valid, known))
    plain, other = _plain(given_), READERS[name](given_)
    _assert_equal(plain, other, every=25 if name in ON_THE_SERVER else 1)
    ways: tuple[tuple[str, Direction, int], ...] = (
        ("supplies", "out", 1000),
        ("supplies", "both", 12),
        ("owns", "in", 3),
    )
    for start in plain.ids(["enterprise"])[:: 50 if name in ON_THE_SERVER else 7]:
        for predicate, direction, limit in ways:
            assert reach_shape(plain.reach(start, predicate, direction, 3, limit)) == reach_shape(
                other.reach(start, predicate, direction, 3, limit)
            )
        assert plain.cite([start], ["produces", "supplies", "indicator"]) == other.cite(
            [start], ["produces", "supplies", "indicator"]
        )
        assert plain.facts([start], direction="both") == other.facts([start], direction="both")
        assert plain.claims([start]) == other.claims([start])


@pytest.mark.parametrize("name", OTHERS)
@settings(max_examples=120, deadline=None, derandomize=True)
@given(graph=random_graphs.graphs(), data=st.data())
def test_random_graphs(name: str, graph: RandomGraph, data: st.DataObject) -> None:
    _ask_everything(name, graph, data)


# Each example is recorded into the server, so there are fewer of them.
@pytest.mark.parametrize("name", ON_THE_SERVER)
@settings(max_examples=20, deadline=None, derandomize=True)
@given(graph=random_graphs.graphs(), data=st.data())
def test_random_graphs_on_the_server(name: str, graph: RandomGraph, data: st.DataObject) -> None:
    _ask_everything(name, graph, data)


def _ask_everything(name: str, graph: RandomGraph, data: st.DataObject) -> None:
    given_ = Given(graph.stored, random_graphs.SOURCES, graph.decisions, graph.as_of)
    plain, other = _plain(given_), READERS[name](given_)
    _assert_equal(plain, other, data.draw(st.sampled_from((8.0, 2.5, 0.0, 5000.0)), "recent years"))
    nodes = all_nodes(plain)
    ids = data.draw(st.lists(st.sampled_from(nodes), max_size=3) if nodes else st.just([]), "ids")
    for direction in _DIRECTIONS:
        assert plain.facts(ids, None, direction) == other.facts(ids, None, direction)
    assert plain.claims(ids) == other.claims(ids)
    assert plain.conflicts(ids) == other.conflicts(ids)
    ends = data.draw(st.sampled_from(((ids, None), (None, ids), (nodes, ids), (ids, nodes))), "ends")
    for limit in (200, 1):
        over = data.draw(st.lists(st.sampled_from(("produces", "supplies", "indicator", "owns")), min_size=1), "cited")
        assert plain.cite(ends[0], over, ends[1], limit) == other.cite(ends[0], over, ends[1], limit)
    for asked in data.draw(st.lists(st.sampled_from(random_graphs.ALL_NODES), max_size=2), "asked"):
        assert plain.claims([asked]) == other.claims([asked])
        for one, same in zip(_asked(plain, asked), _asked(other, asked), strict=True):
            assert one == same
    for start in ids:
        predicate = data.draw(st.sampled_from(("supplies", "owns", "part_of", "subclass_of", "name_zh")), "over")
        hops, limit = data.draw(st.integers(0, 4), "hops"), data.draw(st.integers(0, 5), "limit")
        for direction in _DIRECTIONS:
            assert reach_shape(plain.reach(start, predicate, direction, hops, limit)) == reach_shape(
                other.reach(start, predicate, direction, hops, limit)
            )
    assert plain.find("x") == other.find("x")
    added = data.draw(st.lists(random_graphs.claims(), max_size=4), "added")
    dropped = data.draw(st.lists(st.sampled_from([s.id for s in graph.stored] or [""]), max_size=4), "dropped")
    _assert_equal(plain.with_claims(added, dropped), other.with_claims(added, dropped))


def test_from_a_real_store(tiny_store: Store) -> None:
    """What the store gives is what the drawing says, before and after a decision and another load."""
    from graph.readers.opening import open_reader

    _assert_equal(PlainReader.of_store(tiny_store, TODAY), open_reader(tiny_store, TODAY))
    tiny_store.decide([_same_as("ent:mag1", "ent:mag2")])
    plain, other = PlainReader.of_store(tiny_store, TODAY), open_reader(tiny_store, TODAY)
    _assert_equal(plain, other)
    assert plain.claims(["ent:mag1"]) == other.claims(["ent:mag1"])
    assert plain.find("磁") == other.find("磁")
    assert [match.node.id for match in other.find("磁", ["enterprise"])] == ["ent:mag1", "ent:mag3"]
