"""Random graphs whose ids are as unkind as ids may be, and whose texts, notes and numbers are too."""

from hypothesis import strategies as st

from graph.model.claims import Claim, Source, StoredClaim, claim_id
from graph.model.predicates import PREDICATES
from oracles.hostile_graphs import texts
from oracles.random_graphs import NODES, SOURCES, RandomGraph, graphs

# Ids may hold no blanks, commas, semicolons and quotes; all else they may.
_SLUGS = (
    "包头#1?x=%20",
    "<a>/../b",
    "{c}|^[d]",
    "e.",
    "~-_!$&()*+=@",
    "é\u0301",
    "😀",
    "%E5%8C%85",
    "f/",
    "\u00a0g".strip(),
)
# RDF holds any character, but halves of surrogate pairs are none.
_ODD = texts.filter(lambda text: not any("\ud800" <= sign <= "\udfff" for sign in text))
_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
IDS: dict[str, str] = {
    node: f"{node[:4]}{_SLUGS[number % len(_SLUGS)]}" + str(number // len(_SLUGS) or "")
    for number, node in enumerate(
        [
            *(node for nodes in NODES.values() for node in nodes),
            "prd:named-only-here",
            "src:3",
            "src:4",
            "src:5",
            "src:lost",
        ]
    )
}
HOSTILE_SOURCES = tuple(
    Source(
        IDS[source.id],
        f'{source.url}?q="<>\\ {source.id}',
        "出版\n者 \x02 '",
        source.date,
        source.grade,
        "CC BY 4.0 \u2028",
    )
    for source in SOURCES
)


@st.composite
def hostile_graphs(draw: st.DrawFn) -> RandomGraph:
    """Claims of every predicate, all accepted."""
    drawn = draw(graphs())
    claims = dict.fromkeys(_worse(draw, one.claim) for one in drawn.stored)
    stored = tuple(StoredClaim(claim_id(one), one, "accepted", "2026-01-01", 1, 1) for one in claims)
    return RandomGraph(stored, (), drawn.as_of)


def _worse(draw: st.DrawFn, claim: Claim) -> Claim:
    said = PREDICATES[claim.predicate]
    value, detail = claim.value, claim.detail
    if said.value == "text" and not said.choices and value is not None:
        value = draw(_ODD)
    elif isinstance(value, float):
        value = draw(_NUMBERS)
    if "benefit" in said.detail:
        detail = (("benefit", draw(_ODD)),)
    return claim._replace(
        subject=IDS[claim.subject],
        object=IDS[claim.object] if claim.object else None,
        value=value,
        qualifier=IDS.get(claim.qualifier, claim.qualifier) if said.qualifier != "text" else draw(_ODD),
        detail=detail,
        source=IDS[claim.source],
        note=draw(_ODD),
        confidence=draw(st.floats(0, 1)),
    )
