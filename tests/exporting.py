"""Exports in tests: a subgraph written to a folder, and texts that formats tend to break on."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

import tiny
from hypothesis import strategies as st
from oracles.held_store import HeldStore
from oracles.random_graphs import SOURCES, claims

from graph.export.formats import FORMATS
from graph.export.port import Format
from graph.export.property_graph import Lang
from graph.model.claims import Claim, Source, StoredClaim, claim_id
from graph.model.dates import AsOf
from graph.model.kinds import NODE_KINDS
from graph.model.subgraph import Subgraph
from graph.readers.opening import open_reader
from graph.readers.port import Reader
from queries.lookup.subgraph import SubgraphParams, subgraph_of

# After every date in the tests, so that all claims speak that do not end before.
LATE = "9999-12-31"


def opener(folder: Path, opened: list[str]) -> Callable[[str], AbstractContextManager[BinaryIO]]:
    """Opens files of a folder, one at a time as a zip would; their names are added to `opened`."""
    is_open = False

    @contextmanager
    def open_file(name: str) -> Iterator[BinaryIO]:
        nonlocal is_open
        assert not is_open, "a zip takes one file after the other"
        is_open = True
        opened.append(name)
        with (folder / name).open("xb") as file:
            yield file
        is_open = False

    return open_file


def export(subgraph: Subgraph, form: str | Format, folder: Path, lang: Lang = "en") -> Path:
    """The folder, with the files of a format in it."""
    written(subgraph, form, folder, lang)
    return folder


def written(subgraph: Subgraph, form: str | Format, folder: Path, lang: Lang = "en") -> int:
    """The files written into a folder, in the order that the format tells; how many characters were taken out."""
    format_ = FORMATS[form] if isinstance(form, str) else form
    folder.mkdir(parents=True, exist_ok=True)
    opened: list[str] = []
    removed = format_.write(subgraph, opener(folder, opened), lang)
    assert tuple(opened) == format_.files
    assert {file.name for file in folder.iterdir()} == set(format_.files)
    return removed


def everything(reader: Reader) -> Subgraph:
    """All nodes of every kind that the reader has, and all that is said of them."""
    asked = SubgraphParams(kind=tuple(NODE_KINDS), flagged=True, most=1_000_000)
    return subgraph_of(reader, asked)


def held(claims_: Iterable[Claim], sources: Iterable[Source], as_of: str = LATE) -> Reader:
    """A reader of claims that no store and no loader has seen."""
    every = {claim_id(one): one for one in claims_}
    stored = [StoredClaim(id_, one, "accepted", "2026-01-01T00:00:00+00:00", 1, 1) for id_, one in every.items()]
    return open_reader(HeldStore(stored, list(sources), ()), AsOf.parse(as_of))


_NASTY = (
    "=1+1", "+1", "-5 %", "@SUM(A1)", "＝1", "'=1", '"', '"quoted"', '"a" and "b"', "a,b", "a;b", "a|b", "\\", "a\\",
    "\\u0027", "a\nb", "a\r\nb", "\ra", "\t", " padded ", "\u3000宽", "'; DROP", "`", "$x", "{}", "null", "NULL",
    "true", "1", "1e5", "2021-06", "磁体", "磁🧲", "e\u0301", "\u202eabc", "\ufeffbom", "\x00", "a\x01b", "\x1f",
    "\x7f", "\x85", "\u2028", "\ufffe", "_x0041_", "<a>&amp;</a>", "]]>", "// no", "/* no */", ":param x",
    "SZSE:300748", "prd:a", "prd:a; reg:b", "x" * 300, "#N/A", "nan", "''",
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(_NASTY),
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12),
)
_NUMBERS = st.one_of(
    st.sampled_from((0.0, -0.0, 0.1, 1e-300, 1e200, 123456789012345678.0, 51.0, 1 / 3)),
    st.floats(-1e200, 1e200),
)


def nasty() -> list[Claim]:
    """Every nasty text as a name, an alias, the name of a figure, a remark and a detail; and links between them."""
    said = [tiny.claim("prd:a", "name_en", "a product"), tiny.claim("prc:a", "name_en", "a process")]
    for number, text in enumerate(_NASTY):
        if text.startswith("prd:"):
            continue  # in a qualifier it would name a product
        node = f"ent:n{number:02}"
        detail = (("basis", text), ("is_main", True))
        said += [
            tiny.claim(node, "name_zh", "x")._replace(value=text),
            tiny.claim(node, "alias", "x", qualifier=text)._replace(value=text),
            tiny.claim(node, "alias", "x", qualifier="b")._replace(value=f"{text}b"),
            tiny.claim(node, "indicator", -2.5e-7, unit="CNY", qualifier=text, as_of="2024", flags=("doubtful",)),
            tiny.claim(node, "remark", "x", qualifier=text)._replace(value=text),
            tiny.claim(node, "produces", "prd:a", amount=1e20, unit="t/yr", qualifier="capacity", note=text),
            tiny.claim(node, "produces", "prd:a", amount=1.0, unit="pieces/yr", qualifier="capacity", flags=("plan",)),
            tiny.claim(f"prd:n{number:02}", "input_to", "prc:a", amount=0.1, unit="kg/kg", detail=detail),
        ]
    return said


@st.composite
def hostile(draw: st.DrawFn) -> Claim:
    """A random claim whose texts and numbers are the worst that its predicate allows."""
    claim = draw(claims())
    if isinstance(claim.value, float):
        claim = claim._replace(value=draw(_NUMBERS))
    if claim.predicate in ("name_zh", "name_en", "hs_code", "website", "country"):
        claim = claim._replace(value=draw(TEXTS))
    if claim.predicate in ("alias", "code", "remark"):
        text = draw(TEXTS)
        claim = claim._replace(value=text, qualifier=draw(st.sampled_from((text, "other"))))
    if claim.predicate in ("indicator", "offers"):
        claim = claim._replace(qualifier=draw(TEXTS))
    if claim.predicate == "condition":
        claim = draw(_conditions(claim))
    if claim.detail and claim.predicate != "condition":
        claim = claim._replace(detail=(("basis", draw(TEXTS)), ("is_main", draw(st.booleans()))))
    plainer = draw(st.sampled_from(("as it is", "curated", "curated", "bare")))
    if plainer != "as it is":
        claim = claim._replace(confidence=1.0, until=None)
    if plainer == "bare":
        claim = claim._replace(flags=(), as_of=None)
    return claim._replace(note=draw(st.one_of(st.just(""), TEXTS)))


_REQUIRES = (
    "fixed_investment >= 30000000 CNY", "fixed_investment >= 30000000 CNY; new_build is yes", "new_build is yes",
    "new_build is yes or upgrade is yes", "headquarters is =1; new_build is no", "fixed_investment >= 3e7 CNY", "a lot",
)  # fmt: skip


@st.composite
def _conditions(draw: st.DrawFn, claim: Claim) -> Claim:
    told = {
        "applies_to": draw(st.sampled_from((claim.object or "all", "prd:a;reg:a", "firms", ""))),
        "benefit": draw(st.one_of(st.just(""), TEXTS)),
        "condition": draw(TEXTS),
        "requires": draw(st.sampled_from(("", *_REQUIRES))),
    }
    detail = tuple((name, words) for name, words in told.items() if words)
    qualifier = ": ".join(words for words in (told["condition"], told["benefit"]) if words)
    return claim._replace(detail=detail, qualifier=draw(st.sampled_from((qualifier, "other"))))


@st.composite
def hostile_sources(draw: st.DrawFn) -> tuple[Source, ...]:
    """The sources of random graphs, with addresses, publishers and licences that nobody would write."""
    words = st.one_of(st.just(""), TEXTS)
    return tuple(one._replace(url=draw(words), publisher=draw(words), licence=draw(words)) for one in SOURCES)
