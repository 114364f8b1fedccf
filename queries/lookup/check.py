"""Health of the graph: what to mend before trusting the answers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from pydantic import Field

from graph.readers.port import Reader
from queries.base import NodeRef, PagedParams, Query, Record, envelope, refs
from queries.lookup import check_facts, check_names, check_structure
from queries.lookup.check_found import Found
from queries.paging import PagedAnswer, is_cut, slice_of

FindingKind = Literal[
    "cycle",
    "dangling",
    "unknown_product",
    "product_incomplete",
    "conflict",
    "stale_status",
    "duplicate",
    "indicator_spelling",
    "unplaced",
]
# In the order they are listed: first what makes answers wrong, then what makes them thin.
FINDING_KINDS: dict[FindingKind, tuple[str, str]] = {
    "cycle": ("循环关系", "circle where none can be"),
    "dangling": ("无描述对象", "node without a name"),
    "unknown_product": ("未描述的产品", "made, but not described"),
    "product_incomplete": ("产品缺角色、链或阶段", "product without role, chain or stage"),
    "conflict": ("数值冲突", "values that disagree"),
    "stale_status": ("项目状态陈旧", "stale project status"),
    "duplicate": ("可能重复的企业", "probable duplicate"),
    "indicator_spelling": ("指标名写法不一", "indicator spelled in several ways"),
    "unplaced": ("无地点企业", "enterprise without a place"),
}
_SHOWN = 20


class CheckParams(PagedParams):
    """What to look for."""

    kind: FindingKind | None = Field(None, title="类别", description="only findings of this kind")
    stale_years: float = Field(
        3.0, gt=0, le=100, title="陈旧年数", description="an open project's status is stale when older than this"
    )


class Finding(Record):
    """One thing to look into."""

    kind: FindingKind = Field(title="类别", description=", ".join(FINDING_KINDS))
    nodes: tuple[NodeRef, ...] = Field(title="涉及对象", description=f"the nodes it is about, at most {_SHOWN}")
    nodes_total: int = Field(title="涉及对象数", description="how many nodes it is about")
    zh: str = Field(title="说明（中文）", description="what is wrong, in Chinese")
    en: str = Field(title="说明（英文）", description="what is wrong, in English")
    claims: tuple[str, ...] = Field(title="陈述标识", description=f"ids of the claims behind it, at most {_SHOWN}")


class CheckAnswer(PagedAnswer):
    """Findings by kind, circles first, missing places last; of each in a fixed order. `unplaced`: lost enterprises."""

    healthy: bool = Field(title="无问题", description="nothing was found")
    counts: dict[str, int] = Field(title="各类数量", description="findings of each kind that was looked for")
    findings: tuple[Finding, ...] = Field(title="问题", description="what was found")

    def paged(self) -> Mapping[str, Sequence[Record]]:
        return {"findings": self.findings}


def run(reader: Reader, params: CheckParams) -> CheckAnswer:
    """Looks at the whole graph, so it takes its time on a large one."""
    checks: dict[FindingKind, Callable[[], list[Found]]] = {
        "cycle": lambda: check_structure.cycles(reader),
        "dangling": lambda: check_structure.dangling(reader),
        "unknown_product": lambda: check_facts.unknown_products(reader),
        "product_incomplete": lambda: check_facts.incomplete_products(reader),
        "conflict": lambda: check_structure.conflicts(reader),
        "stale_status": lambda: check_facts.stale_statuses(reader, params.stale_years),
        "duplicate": lambda: check_names.duplicates(reader),
        "indicator_spelling": lambda: check_names.indicator_spellings(reader),
        "unplaced": lambda: check_structure.unplaced(reader),
    }
    found = {kind: look() for kind, look in checks.items() if params.kind in (None, kind)}
    every = [(kind, one) for kind, some in found.items() for one in some]
    page = slice_of(every, params)
    names = refs(reader, sorted({node for _, one in page for node in one.nodes[:_SHOWN]}))
    totals = {"findings": len(every)}
    counts = reader.counts()
    return CheckAnswer(
        **envelope("check", reader, params),
        looked_at={"nodes": sum(counts.nodes.values()), "claims": counts.claims, "sources": counts.sources},
        unplaced=len(reader.unplaced(("enterprise",))),
        truncated=is_cut(totals, params),
        totals=totals,
        healthy=not every,
        counts={kind: len(some) for kind, some in found.items()},
        findings=tuple(
            Finding(
                kind=kind,
                nodes=tuple(names[node] for node in one.nodes[:_SHOWN]),
                nodes_total=len(one.nodes),
                zh=one.zh,
                en=one.en,
                claims=_claims(reader, one),
            )
            for kind, one in page
        ),
    )


def _claims(reader: Reader, found: Found) -> tuple[str, ...]:
    if found.claims is not None:
        return found.claims[:_SHOWN]
    return tuple(fact.claim for fact in reader.facts(found.nodes[:1], None, "both"))[:_SHOWN]


QUERY = Query("check", "图谱体检", "Health of the graph", CheckParams, CheckAnswer, run)
