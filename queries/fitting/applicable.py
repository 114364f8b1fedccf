"""The policies that speak for a region, and how somebody stands to each of their conditions.

`applicable_policies` is what `policies`, `fit`, and whoever else asks of policies, use; for many subjects
`RegionPolicies` looks them up once.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from pydantic import Field

from graph.model.dates import end_of, start_of
from graph.model.facts import Fact
from graph.readers.port import Reader
from queries.base import NodeRef, Record, refs
from queries.chain.spoken import Said
from queries.evidence import Evidence, Statement
from queries.fitting.conditions import read_condition
from queries.fitting.judging import (
    OUTCOMES,
    VERDICTS,
    Held,
    Judged,
    Outcome,
    Verdict,
    judge,
    judge_nodes,
    verdict_of,
)
from queries.fitting.subjects import Subject

Speaks = Literal["region", "around", "place_untold"]
SPEAKS: dict[Speaks, tuple[str, str]] = {
    "region": ("本地政策", "of the region itself"),
    "around": ("上级地区政策", "of a region around it"),
    "place_untold": ("适用地区未载明", "for which region is not on record"),
}
ORDER: tuple[Verdict, ...] = tuple(VERDICTS)
_DAYS_A_YEAR = 365.25


class Asked(Record):
    """One thing that a condition asks, and how it stands."""

    asks: Said = Field(title="要求", description="what is asked; words that no rule reads stand in quotes")
    outcome: Outcome = Field(title="结果", description=", ".join(OUTCOMES))
    why: Said = Field(title="原因", description="why it stands so, or what is missing")
    scope: bool = Field(title="适用范围", description="it says whom the policy is for, not what they have to do")
    claims: tuple[str, ...] = Field(title="陈述", description="ids of the claims that tell what it has")


class JudgedCondition(Record):
    """What a policy asks and gives, and whether it applies."""

    verdict: Verdict = Field(title="结论", description=", ".join(VERDICTS))
    asked: tuple[Asked, ...] = Field(title="逐项要求", description="whom it is for first; what no rule reads last")
    missing: tuple[Said, ...] = Field(title="尚缺", description="what would have to be told or fulfilled")
    applies_to: str | None = Field(title="适用对象原文", description="as noted from the source")
    condition: str | None = Field(title="条件原文", description="as noted from the source")
    benefit: str | None = Field(title="优惠原文", description="as noted from the source")
    products: tuple[NodeRef, ...] = Field(title="所涉产品", description="named by the condition")
    regions: tuple[NodeRef, ...] = Field(title="所涉地区", description="named by the condition")
    undated: bool = Field(title="未注明日期", description="from when it holds is not told")
    old: bool = Field(
        title="年代较久", description="nothing newer than recent_years tells of it: ask whether it still holds"
    )
    statement: Statement = Field(title="陈述", description="amount of the benefit, from when until when, and source")
    claims: tuple[str, ...] = Field(title="陈述标识", description="of the condition, and of what it was held against")


class Policy(Record):
    """A policy that speaks for the region, with all its conditions that hold at the day of the answer."""

    policy: NodeRef = Field(title="政策", description="the policy")
    speaks: Speaks = Field(title="依据", description=", ".join(SPEAKS))
    names_product: bool | None = Field(
        title="点名支持产品", description="it names a product of the subject as supported; null: no product is told"
    )
    verdict: Verdict | None = Field(title="最好结论", description="the best of its conditions; null: none is on record")
    conditions: tuple[JudgedCondition, ...] = Field(title="条件", description="the best first")
    claims: tuple[str, ...] = Field(title="陈述", description="that it speaks for the region, and for the product")


class Applicable(NamedTuple):
    """What was found; `ended`: policies for the region that were over by then."""

    policies: tuple[Policy, ...]
    ended: tuple[str, ...]


class _Group(NamedTuple):
    """One condition; `facts` are its claims, one for each product or region it names."""

    facts: tuple[Fact, ...]
    products: tuple[str, ...]
    regions: tuple[str, ...]


class RegionPolicies:
    """The policies for a region (its id), looked up once and held against as many subjects as wanted.

    For a region speaks what supports it or a region around it. A policy of which no region is on record at all is
    given with `place_untold`, and none of its conditions can apply before somebody has looked.
    """

    def __init__(self, reader: Reader, region: str, recent_years: float = 8.0) -> None:
        self._reader, self._region, self._recent_years = reader, region, recent_years
        self._around = reader.around(region)
        every = reader.ids(("policy",))
        facts = reader.facts(every, ("supports", "condition", "completion_date")) if every else ()
        self._told: defaultdict[str, list[Fact]] = defaultdict(list)
        for fact in facts:
            if fact.used:
                self._told[fact.subject].append(fact)
        self._speaking: dict[str, Speaks] = {}
        ended = []
        for policy, said in sorted(self._told.items()):
            speaks = _speaks(said, self._around)
            ends = [end_of(str(fact.value)) for fact in said if fact.predicate == "completion_date"]
            if speaks is not None and any(end < reader.as_of.valid for end in ends):
                ended.append(policy)
            elif speaks is not None:
                self._speaking[policy] = speaks
        self._ended = tuple(ended)
        conditions = {
            policy: [fact for fact in self._told[policy] if fact.predicate == "condition"] for policy in self._speaking
        }
        self._groups = {policy: _grouped(told) for policy, told in conditions.items()}
        nodes = {node for groups in self._groups.values() for one in groups for node in (*one.products, *one.regions)}
        self._names = refs(reader, sorted(nodes))
        told = [fact for facts in conditions.values() for fact in facts]
        self._evidence = Evidence(reader, told, sorted(self._speaking))

    def held_against(self, subject: Subject, near_share: float = 0.5) -> Applicable:
        """Best verdict first, then those that name the product, then by id."""
        above = self._reader.chain().above
        mine = {line.product for line in subject.lines or ()}
        mine |= {int(one) for product in mine for one in above.row(product)}
        policies = [self._policy(policy, subject, mine, near_share) for policy in self._speaking]
        return Applicable(tuple(sorted(policies, key=_best_first)), self._ended)

    def _policy(self, policy: str, subject: Subject, mine: set[int], near_share: float) -> Policy:
        chain, speaks = self._reader.chain(), self._speaking[policy]
        rows = []
        for group in self._groups[policy]:
            held = Held(
                self._reader,
                chain,
                self._region,
                subject,
                group.products,
                group.regions,
                False,
                self._names,
                near_share,
            )
            rows.append(_judged(held, group, speaks, self._evidence, self._recent_years))
        rows.sort(key=lambda row: (ORDER.index(row.verdict), row.statement.qualifier, row.statement.claim))
        supports = [fact for fact in self._told[policy] if fact.predicate == "supports"]
        naming = [fact for fact in supports if chain.index.get(str(fact.object), -1) in mine]
        speaking = [fact for fact in supports if fact.object in self._around]
        return Policy(
            policy=self._evidence.node(policy),
            speaks=speaks,
            names_product=bool(naming) if subject.lines is not None else None,
            verdict=rows[0].verdict if rows else None,
            conditions=tuple(rows),
            claims=tuple(sorted({fact.claim for fact in (*speaking, *naming)})),
        )


def applicable_policies(
    reader: Reader, region: str, subject: Subject, near_share: float = 0.5, recent_years: float = 8.0
) -> Applicable:
    """The same for one subject."""
    return RegionPolicies(reader, region, recent_years).held_against(subject, near_share)


def _best_first(policy: Policy) -> tuple[int, bool, int, str]:
    rank = ORDER.index(policy.verdict) if policy.verdict else len(ORDER)
    return (rank, not policy.names_product, tuple(SPEAKS).index(policy.speaks), policy.policy.id)


def _speaks(told: Sequence[Fact], around: Sequence[str]) -> Speaks | None:
    """By what right a policy speaks for the first of these regions; None: it is for others."""
    regions = [
        str(fact.object)
        for fact in told
        if fact.predicate in ("supports", "condition") and str(fact.object).startswith("reg:")
    ]
    if not regions:
        return "place_untold"
    if around[0] in regions:
        return "region"
    return "around" if set(regions) & set(around) else None


def _grouped(facts: Sequence[Fact]) -> list[_Group]:
    """Claims that differ only in the node they name are one condition."""
    groups: defaultdict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        detail = tuple(sorted((name, str(value)) for name, value in fact.detail))
        groups[fact.qualifier, detail, fact.value, fact.unit, fact.as_of, fact.until, fact.source].append(fact)
    found = []
    for told in groups.values():
        nodes = sorted({str(fact.object) for fact in told if fact.object})
        found.append(
            _Group(
                tuple(sorted(told, key=lambda fact: fact.claim)),
                tuple(node for node in nodes if node.startswith("prd:")),
                tuple(node for node in nodes if node.startswith("reg:")),
            )
        )
    return found


def _judged(held: Held, group: _Group, speaks: Speaks, evidence: Evidence, recent_years: float) -> JudgedCondition:
    fact = group.facts[0]
    words: Mapping[str, str] = {name: str(said) for name, said in fact.detail}
    applies_to, condition = words.get("applies_to"), words.get("condition")
    read = read_condition(
        applies_to or "", condition or "", words.get("requires", ""), bool(group.products or group.regions)
    )
    held = held._replace(buys=read.buys)
    asked = [(one, True) for one in judge_nodes(held)]
    asked += [(judge(held, part), part.scope or part.where == "applies_to") for part in read.parts]
    if speaks == "place_untold":
        asked.insert(0, (Judged("unclear", _PLACE, _PLACE_WHY), True))
    asked.sort(key=lambda pair: (not pair[1], pair[0].outcome == "unclear"))
    verdict = verdict_of(
        [one.outcome for one, scope in asked if scope], [one.outcome for one, scope in asked if not scope]
    )
    statement = evidence.statement(fact)
    dates = [day for day in (fact.as_of, statement.source.date) if day]
    age = (held.reader.as_of.valid - max(start_of(day) for day in dates)).days if dates else 0
    product, region = (tuple(held.names[one] for one in ids) for ids in (group.products, group.regions))
    return JudgedCondition(
        verdict=verdict,
        asked=tuple(Asked(asks=o.asks, outcome=o.outcome, why=o.why, scope=s, claims=o.claims) for o, s in asked),
        missing=tuple(one.why if one.outcome != "unclear" else one.asks for one, _ in asked if one.outcome != "met"),
        applies_to=applies_to,
        condition=condition,
        benefit=words.get("benefit"),
        products=product,
        regions=region,
        undated=fact.as_of is None,
        old=age > recent_years * _DAYS_A_YEAR,
        statement=statement,
        claims=tuple(sorted({f.claim for f in group.facts}.union(*(one.claims for one, _ in asked)))),
    )


_PLACE = Said(zh="政策适用本地区", en="the policy is for this region")
_PLACE_WHY = Said(zh="适用地区未载明", en="for which region it is, is not on record")
