"""Random graphs whose texts are as unkind as texts can be: for whatever writes them into a file."""

from hypothesis import strategies as st

from graph.model.claims import Source, StoredClaim, claim_id
from graph.model.predicates import PREDICATES
from oracles.random_graphs import SOURCES, RandomGraph, claims, graphs

TEXTS = (
    "", " ", "|", "\\", "\\|", "a|b", "\\e", "'", "'=1", "=cmd|' /C calc'!A0", "+1", "-1", "@sum(a1)", "\t=1", "\r=1",
    "\n=1", "＝1", "\0=1", "'\0=1", "\x01", "a\x0bb", "\x1b[31m", "\x7f\x85", "\ud800", "a\udfffb", "\ufffe", "\uffff",
    "\ufeff", "]]>", "<!--", "&amp;", "&#0;", "<data/>", '"', '"";', "a,b;c", "a\r\nb", "a\rb", "a\nb", "a\tb",
    " a ", "\u2028\u2029", "\u202eab", "مغناطيس", "🧲👩‍🔬", "稀土永磁", "é", "é", "NaN", "null", "true", "1e5",
    "00012", "1/2", "长" * 1_500, "`backtick`", "$param", "{x: 1}", "https://a.example/?a=1&b=<2>", "_:b0", "%00",
)  # fmt: skip
_CHARACTERS = "a1|\\'\"=+-@ \t\r\n\0\x01\x1f\x7f\ud800\udfff\ufffe\ufeff\u2028]>&<;,{}中磁é🧲م"
texts = st.sampled_from(TEXTS) | st.text(_CHARACTERS, max_size=12)
_FREE = tuple(
    name for name, said in PREDICATES.items() if not said.choices and (said.value == "text" or said.qualifier == "text")
)


@st.composite
def hostile_graphs(draw: st.DrawFn) -> tuple[RandomGraph, tuple[Source, ...]]:
    """A random graph with more names, aliases and remarks than usual, and the sources of its claims."""
    drawn = draw(graphs())
    more = draw(st.lists(claims(_FREE), min_size=5, max_size=20))
    spoilt: dict[str, StoredClaim] = {}
    for claim, status in (*((one.claim, one.status) for one in drawn.stored), *((one, "accepted") for one in more)):
        said = PREDICATES[claim.predicate]
        if claim.predicate in _FREE and said.value == "text":
            claim = claim._replace(value=draw(texts))  # noqa: PLW2901
        if said.qualifier == "text":
            claim = claim._replace(qualifier=draw(texts))  # noqa: PLW2901
        spoilt[claim_id(claim)] = StoredClaim(claim_id(claim), claim, status, "2026-01-01", 1, 1)  # type: ignore[arg-type]
    sources = tuple(source._replace(url=draw(texts)) for source in SOURCES)
    return drawn._replace(stored=tuple(spoilt.values())), sources
