"""Small random graphs that nobody would draw: circles, several parents, merged nodes, odd dates, hedged claims.

Claims are made from the declarations in PREDICATES, so a new predicate is covered as soon as it is declared.
"""

from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from graph.model.claims import Claim, Decision, Source, StoredClaim, claim_id
from graph.model.dates import AsOf
from graph.model.predicates import EXCLUDING_FLAGS, PREDICATES, SHOWN_FLAGS, Predicate

NODES: dict[str, tuple[str, ...]] = {
    "enterprise": ("ent:a", "ent:b", "ent:c", "ent:d"),
    "product": ("prd:a", "prd:b", "prd:c", "prd:d", "prd:e"),
    "process": ("prc:a", "prc:b", "prc:c"),
    "project": ("prj:a", "prj:b"),
    "region": ("reg:a", "reg:b", "reg:c", "reg:d"),
    "institution": ("ins:a",),
    "policy": ("pol:a",),
    "chain": ("chn:a", "chn:b"),
    "source": ("src:1", "src:2"),
}
ALL_NODES = tuple(node for nodes in NODES.values() for node in nodes)
SOURCES = (
    Source("src:1", "https://one.example/", "one.example", "2019", "official"),
    Source("src:2", "https://two.example/", "two.example", "2021-06", "company"),
    Source("src:3", "https://three.example/", "three.example", "2021-06-15", "press"),
    Source("src:4", "https://four.example/", "four.example", "2025-02-28", "other"),
    Source("src:5", "https://five.example/", "five.example", None, "official"),
)
# A source that claims name and nobody described.
_SOURCE_IDS = (*(source.id for source in SOURCES), "src:lost")
_DATES = ("2018", "2019-12-31", "2020", "2020-01", "2020-01-01", "2021-06", "2021-06-30", "2024", "2027")
# What the interesting answers hang on comes more often.
_OFTEN = (
    ("produces",) * 6 + ("located_in",) * 6 + ("part_of",) * 6 + ("subclass_of",) * 4 + ("chain",) * 3
    + ("project_product", "status", "supplies", "consumes", "owns", "site", "lacks", "surveys") * 2
    + ("input_to", "yields", "uses", "role") * 2
)  # fmt: skip


class RandomGraph(NamedTuple):
    """What a reader is made from."""

    stored: tuple[StoredClaim, ...]
    decisions: tuple[Decision, ...]
    as_of: AsOf


def _value(predicate: Predicate) -> st.SearchStrategy[float | str | None]:
    if predicate.choices:
        return st.sampled_from(sorted(predicate.choices))
    if predicate.value == "date":
        return st.sampled_from(_DATES)
    if predicate.value == "text":
        return st.sampled_from(("x", "y", "磁体"))
    if predicate.value == "none":
        return st.none()
    return st.sampled_from((None, 0.0, 1.0, 1000.0, 30.0, 60.0, -2.5))


def _qualifier(predicate: Predicate) -> st.SearchStrategy[str]:
    if isinstance(predicate.qualifier, tuple):
        return st.sampled_from(predicate.qualifier)
    words = {
        "": ("",),
        "text": ("", "one", "plan"),
        "product": ("", *NODES["product"], "prd:named-only-here"),
        "product_or_chain": ("", *NODES["product"], *NODES["chain"]),
    }
    return st.sampled_from(words[predicate.qualifier])


# What gaps hang on.
_RECIPES = (
    ("produces",) * 6 + ("located_in",) * 5 + ("input_to", "yields") * 6 + ("role",) * 4 + ("chain", "subclass_of") * 2
    + ("uses", "process_kind", "site", "part_of", "consumes", "lacks", "surveys", "project_product", "status")
)  # fmt: skip


_UNITS = {
    "": (None, "t/yr", "kg/yr", "pieces/yr", "%"),
    "input_to": ("kg/kg", "kg/kg", "t/t", None),
    "yields": ("kg/kg", "kg/kg", "kg/t", None),
}


@st.composite
def claims(draw: st.DrawFn, predicates: Sequence[str] = (*PREDICATES, *_OFTEN)) -> Claim:
    """One claim of these predicates."""
    predicate = PREDICATES[draw(st.sampled_from(predicates))]
    value = draw(_value(predicate))
    flags = draw(st.lists(st.sampled_from((*EXCLUDING_FLAGS, *SHOWN_FLAGS)), max_size=2, unique=True))
    objects: list[str | None] = [node for kind in predicate.objects for node in NODES[kind]]
    if not predicate.links or predicate.object_optional:
        objects.append(None)
    return Claim(
        subject=draw(st.sampled_from([node for kind in predicate.subjects for node in NODES[kind]])),
        predicate=predicate.name,
        object=draw(st.sampled_from(objects)),
        value=value,
        unit=draw(st.sampled_from(_UNITS.get(predicate.name, _UNITS[""]))) if isinstance(value, float) else None,
        qualifier=draw(_qualifier(predicate)),
        as_of=draw(st.sampled_from((None, *_DATES))),
        until=draw(st.sampled_from((None, None, None, None, *_DATES))),
        flags=tuple(sorted(flags)) if draw(st.integers(0, 2)) == 0 else (),
        detail=(("basis", "per kg"), ("is_main", True)) if "basis" in predicate.detail and draw(st.booleans()) else (),
        source=draw(st.sampled_from(_SOURCE_IDS)),
        note="",
        confidence=draw(st.sampled_from((1.0, 0.5))),
    )


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    """Two nodes of a kind that are one, or are not."""
    kind = draw(st.sampled_from(("enterprise", "product", "region", "project", "chain")))
    kept, other = draw(st.lists(st.sampled_from(NODES[kind]), min_size=2, max_size=2, unique=True))
    action = draw(st.sampled_from(("same_as", "same_as", "not_same_as")))
    return Decision(action, kept, other, "test", "2026-01-01", "")  # type: ignore[arg-type]


AS_OFS = st.builds(
    AsOf.parse,
    st.sampled_from(("2026-11-23", "2024-01-01", "2021-06-15", "2020", "2017")),
    st.sampled_from((None, None, "2021-06-30", "2019")),
)


@st.composite
def graphs(draw: st.DrawFn) -> RandomGraph:
    """Claims, most of them accepted, with what was decided about their nodes, and a time to look at them."""
    few, many = st.lists(claims(), max_size=15), st.lists(claims(), min_size=25, max_size=70)
    drawn = dict.fromkeys(draw(few | many | many))
    statuses = ("accepted",) * 8 + ("proposed", "retracted")
    stored = tuple(
        StoredClaim(claim_id(one), one, draw(st.sampled_from(statuses)), "2026-01-01", 1, 1) for one in drawn
    )
    return RandomGraph(stored, tuple(draw(st.lists(decisions(), max_size=4))), draw(AS_OFS))


@st.composite
def recipe_graphs(draw: st.DrawFn) -> RandomGraph:
    """Claims about recipes and who makes what, all accepted, nodes as they are."""
    drawn = dict.fromkeys(draw(st.lists(claims(_RECIPES), min_size=10, max_size=70)))
    stored = tuple(StoredClaim(claim_id(one), one, "accepted", "2026-01-01", 1, 1) for one in drawn)
    return RandomGraph(stored, (), AsOf.parse("2026-11-23"))
