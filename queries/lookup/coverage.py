"""What is known of a region, chain by chain, whether that is enough to call a link missing, and what to load next."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from pydantic import Field

from graph.model.kinds import NODE_KINDS
from graph.readers.port import Reader
from graph.readers.port_types import ChainEvidence, Tally
from queries.base import NodeRef, PagedParams, Query, Record, envelope, ref, refs, resolve_name
from queries.chain.absence import UNCOVERED_CHAIN, completeness
from queries.evidence import by_subject, known_refs
from queries.lookup.coverage_advice import Advice, advise
from queries.paging import PagedAnswer, is_cut, slice_of

# Products of a region, by chain word, of which nothing can be said yet: the gaps question knows them.
UnknownProducts = Callable[[Reader, str], Mapping[str, tuple[str, ...]]]


class CoverageParams(PagedParams):
    """Of which region, and from when on absence counts as searched."""

    region: str = Field(max_length=400, title="地区", description="region: name, alias or id")
    min_makers: int = Field(
        5, ge=0, le=1000, title="同链企业数阈值", description="makers of a chain that must be known here"
    )
    min_sources: int = Field(
        5, ge=0, le=1000, title="来源数阈值", description="recent sources on these makers that are needed"
    )
    recent_years: float = Field(
        8.0, gt=0, le=200, title="近年年数", description="a source is recent within these years before as_of"
    )
    evidence: int = Field(
        20,
        ge=0,
        le=10_000,
        title="列出的生产者数",
        description="makers to list of each chain, with the claims behind them",
    )


class ChainCoverage(Record):
    """What is known of one chain here."""

    chain: NodeRef = Field(title="产业链", description="the chain")
    makers: int = Field(
        title="生产者数", description="enterprises and finished projects here that make something of it"
    )
    sources: int = Field(title="来源数", description="sources of all their unflagged claims")
    recent_sources: int = Field(title="近年来源数", description="of these, dated within the years asked for")
    newest: str | None = Field(None, title="最新来源日期", description="date of the newest of these sources")
    mentions: int = Field(title="提及数", description="pairs of maker and source")
    single: int = Field(title="单一来源企业数", description="makers seen in one source only")
    completeness: float | None = Field(
        None, title="完整度估计", description="Good-Turing: 1 - single / mentions, 0-1; null without mentions"
    )
    searched: bool = Field(
        title="可判断缺失", description="enough is known here for a link nobody makes to count as missing"
    )
    advice: Advice = Field(title="建议", description="what to load next, and why")
    unknown: tuple[str, ...] | None = Field(
        None, title="情况不明的产品", description="ids of products of the chain that cannot be judged; null: not asked"
    )
    makers_listed: tuple[NodeRef, ...] = Field(title="生产者", description="the first of the makers, by id")
    claims: tuple[str, ...] = Field(
        title="陈述标识", description="ids of the claims by which those listed are makers here"
    )


class UnplacedEnterprise(Record):
    """An enterprise of which no place is recorded: it may be here, or anywhere."""

    enterprise: NodeRef = Field(title="企业", description="the enterprise")
    makes: tuple[NodeRef, ...] = Field(title="产品", description="what it makes; empty: not known")
    claims: tuple[str, ...] = Field(title="陈述标识", description="ids of the claims behind that")


class Dangling(Record):
    """A node that claims name and none describes."""

    node: NodeRef = Field(title="对象", description="the node, by its id alone")
    kind: str = Field(title="类别", description="its kind")
    claims: tuple[str, ...] = Field(title="陈述标识", description="ids of claims that name it, at most 10")


class CoverageAnswer(PagedAnswer):
    """Chains by number of makers, then id; unplaced enterprises and dangling nodes by id, cut by limit and offset.

    `unplaced`: enterprises that make something and have no place at all. Dangling nodes are those placed here and those
    that claims about them name.
    """

    region: NodeRef = Field(title="地区", description="the region")
    chains: tuple[ChainCoverage, ...] = Field(title="各产业链", description="what is known of each")
    advice: Advice = Field(title="总体建议", description="what to load for the region as a whole")
    unplaced_enterprises: tuple[UnplacedEnterprise, ...] = Field(
        title="无地点企业", description="enterprises of which no place is recorded anywhere"
    )
    dangling: tuple[Dangling, ...] = Field(title="无描述对象", description="nodes here that nothing describes")

    def paged(self) -> Mapping[str, Sequence[Record]]:
        return {"unplaced_enterprises": self.unplaced_enterprises, "dangling": self.dangling}


def run(reader: Reader, params: CoverageParams, unknown_products: UnknownProducts | None = None) -> CoverageAnswer:
    """A region without enterprises has every chain at nought. `unknown_products` joins what the gaps question knows."""
    region = resolve_name(reader, params.region, ("region",))
    tally = reader.tally(region, params.recent_years)
    unknown = unknown_products(reader, region) if unknown_products else None
    chains = _chains(reader, params, tally, unknown)
    lost = reader.unplaced(["enterprise"])
    dangling = _dangling(reader, region)
    totals = {"unplaced_enterprises": len(lost), "dangling": len(dangling)}
    counts = reader.counts()
    return CoverageAnswer(
        **envelope("coverage", reader, params, region=region),
        looked_at={
            "enterprises_here": tally.enterprises,
            "enterprises": counts.nodes.get("enterprise", 0),
            "chains": len(chains),
            "claims": counts.claims,
            "sources": counts.sources,
        },
        unplaced=tally.unplaced,
        truncated=is_cut(totals, params),
        totals=totals,
        region=ref(reader.nodes([region])[0]),
        chains=chains,
        advice=Advice.for_region(tally.enterprises, len(lost), tally.unplaced, len(dangling)),
        unplaced_enterprises=_unplaced(reader, slice_of(lost, params)),
        dangling=_shown_dangling(reader, slice_of(dangling, params)),
    )


def _chains(
    reader: Reader, params: CoverageParams, tally: Tally, unknown: Mapping[str, tuple[str, ...]] | None
) -> tuple[ChainCoverage, ...]:
    chain = reader.chain()
    products: defaultdict[str, list[int]] = defaultdict(list)
    for number, word in enumerate(chain.chains):
        if word is not None:
            products[word].append(number)
    none = ChainEvidence(0, 0, 0, 0, 0, None)
    names = known_refs(reader, [f"chn:{word}" for word in sorted(products)])
    rows = []
    for word in sorted(products, key=lambda word: (-tally.evidence.get(word, none).makers, word)):
        told = tally.evidence.get(word, none)
        enough = told.makers >= params.min_makers and told.recent >= params.min_sources
        makers = sorted(
            {tally.entities[int(entity)] for number in products[word] for entity in tally.makers.row(number)}
        )
        listed = makers[: params.evidence]
        rows.append(
            ChainCoverage(
                chain=names[f"chn:{word}"],
                makers=told.makers,
                sources=told.sources,
                recent_sources=told.recent,
                newest=told.newest,
                mentions=told.mentions,
                single=told.single,
                completeness=completeness(told),
                searched=enough and word != UNCOVERED_CHAIN,
                advice=advise(
                    told,
                    params.min_makers,
                    params.min_sources,
                    since=reader.as_of.valid.year - int(params.recent_years),
                    judged=word != UNCOVERED_CHAIN,
                ),
                unknown=unknown.get(word, ()) if unknown is not None else None,
                makers_listed=tuple(refs(reader, listed).values()),
                claims=_claims_of(reader, listed, {chain.products[number] for number in products[word]}),
            )
        )
    return tuple(rows)


def _claims_of(reader: Reader, makers: Sequence[str], products: set[str]) -> tuple[str, ...]:
    """The claims by which these are makers of these products or kinds of them, and placed."""
    if not makers:
        return ()
    chain = reader.chain()
    covered = {chain.products[int(at)] for p in products for at in chain.below.row(chain.index[p])} | products
    told = reader.facts(makers, ("produces", "project_product", "located_in", "status"), "out")
    return tuple(
        fact.claim
        for fact in told
        if fact.used and (fact.predicate in ("located_in", "status") or fact.object in covered)
    )


def _unplaced(reader: Reader, ids: Sequence[str]) -> tuple[UnplacedEnterprise, ...]:
    if not ids:
        return ()
    made = by_subject(fact for fact in reader.facts(ids, ("produces",), "out") if fact.used)
    names = refs(reader, sorted({*ids, *(str(fact.object) for facts in made.values() for fact in facts)}))
    return tuple(
        UnplacedEnterprise(
            enterprise=names[id_],
            makes=tuple(names[product] for product in dict.fromkeys(str(fact.object) for fact in made[id_])),
            claims=tuple(fact.claim for fact in made[id_]),
        )
        for id_ in ids
    )


def _dangling(reader: Reader, region: str) -> list[str]:
    """Nodes that nothing describes, among what is placed here and what claims about it name."""
    here = reader.placed(region, tuple(NODE_KINDS))
    linked = {str(fact.object) for fact in reader.facts(here, None, "out") if fact.object} if here else set()
    return [node.id for node in reader.nodes(sorted({region, *here, *linked})) if node.dangling]


def _shown_dangling(reader: Reader, ids: Sequence[str]) -> tuple[Dangling, ...]:
    rows = []
    for id_ in ids:
        node = reader.nodes([id_])[0]
        told = reader.facts([id_], None, "both")
        rows.append(Dangling(node=ref(node), kind=node.kind, claims=tuple(fact.claim for fact in told[:10])))
    return tuple(rows)


QUERY = Query(
    "coverage",
    "资料覆盖",
    "What is known of a region, and what to load",
    CoverageParams,
    CoverageAnswer,
    run,
    ("region",),
)
