"""What is published about a region: figures with their history, what it offers, and the policies behind it."""

from collections.abc import Iterable, Mapping, Sequence

from pydantic import Field

from graph.model.facts import Fact, is_candidate
from graph.model.units import dimension_of
from graph.readers.port import Reader
from queries.base import NodeRef, Record
from queries.evidence import Evidence, Statement, as_fact, by_subject, newest_first


class IndicatorRow(Record):
    """A figure as published, the latest one, and the same figure at other dates."""

    name: str = Field(title="指标", description="what was counted, in the source's words")
    latest: Statement = Field(title="最新", description="the preferred statement at this time")
    earlier: tuple[Statement, ...] = Field(title="此前", description="the same figure told otherwise, newest first")


class OfferRow(Record):
    """Something the region has to give to those who come."""

    region: NodeRef = Field(title="地区", description="who offers it: the region, or one around it")
    name: str = Field(title="供给", description="land, power, water, factories ...")
    statement: Statement = Field(title="陈述", description="its price where told, date, source; the note says the rest")


class Condition(Record):
    """What a policy asks, and what it gives."""

    name: str = Field(title="条目", description="the item")
    applies_to: str | None = Field(None, title="适用对象", description="whom it is for")
    condition: str | None = Field(None, title="条件", description="what is asked")
    benefit: str | None = Field(None, title="优惠", description="what is given")
    statement: Statement = Field(title="陈述", description="amount, from when until when, and source")


class PolicyRow(Record):
    """A policy that supports the region, or one around it."""

    policy: NodeRef = Field(title="政策", description="the policy")
    region: NodeRef = Field(title="地区", description="which region it supports")
    statement: Statement = Field(title="陈述", description="date and source")
    conditions: tuple[Condition, ...] = Field(title="条件与优惠", description="what it asks and gives")


class InstitutionRow(Record):
    """An institution of the region."""

    institution: NodeRef = Field(title="机构", description="the institution")
    place: tuple[Statement, ...] = Field(title="地点陈述", description="who says that it is here")
    develops: tuple[NodeRef, ...] = Field(title="研发", description="products it develops")
    claims: tuple[str, ...] = Field(title="陈述标识", description="ids of the claims behind `develops`")


def indicators_of(reader: Reader, region: str) -> list[Fact]:
    """The figures published about a region, newest first, then by name."""
    return sorted(
        reader.facts([region], ("indicator",), "out"),
        key=lambda fact: (newest_first(fact)[0], fact.qualifier, fact.claim),
    )


def earlier_values(reader: Reader, region: str, latest: Sequence[Fact]) -> Mapping[str, list[Fact]]:
    """By claim id of the latest figure: the same figure told otherwise, newest first, without contradicting ones."""
    if not latest:
        return {}
    stored = [one for one in reader.claims([region]) if one.claim.predicate == "indicator" and one.status == "accepted"]
    sources = {source.id: source for source in reader.sources(sorted({one.claim.source for one in stored}))}
    by_key: dict[tuple[str, str], list[Fact]] = {}
    for one in stored:
        if is_candidate(one.claim, sources.get(one.claim.source), reader.as_of):
            key = (one.claim.qualifier, dimension_of(one.claim.unit))
            by_key.setdefault(key, []).append(as_fact(one.id, one.claim))
    found = {}
    for fact in latest:
        told = by_key.get((fact.qualifier, dimension_of(fact.unit)), [])
        others = [other for other in told if other.claim != fact.claim and other.claim not in fact.conflicts]
        found[fact.claim] = sorted(others, key=newest_first)
    return found


def own_first(facts: Iterable[Fact], regions: Sequence[str], end: str) -> list[Fact]:
    """Facts about a region before those about the ones around it; of each, by the other end and qualifier."""
    rank = {region: number for number, region in enumerate(regions)}

    def order(fact: Fact) -> tuple[int, str, str, str]:
        region, other = (fact.subject, fact.object or "") if end == "subject" else (str(fact.object), fact.subject)
        return (rank[region], other, fact.qualifier, fact.claim)

    return sorted(facts, key=order)


def conditions_of(reader: Reader, policies: Sequence[str]) -> Mapping[str, tuple[Fact, ...]]:
    """What each policy asks and gives."""
    return by_subject(reader.facts(sorted(set(policies)), ("condition",), "out") if policies else ())


def show_condition(fact: Fact, evidence: Evidence) -> Condition:
    """One of them as answers show it."""
    detail = {name: str(said) for name, said in fact.detail}
    return Condition(
        name=fact.qualifier,
        applies_to=detail.get("applies_to"),
        condition=detail.get("condition"),
        benefit=detail.get("benefit"),
        statement=evidence.statement(fact),
    )
