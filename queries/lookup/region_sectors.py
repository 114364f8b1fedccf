"""The enterprises of a region by chain and stage of what they make, and how many there are of each."""

from collections import defaultdict
from collections.abc import Sequence

from pydantic import Field

from graph.model.facts import Fact
from graph.model.kinds import STAGES
from graph.model.predicates import NOT_MAKING
from graph.readers.port import Reader
from queries.base import NodeRef, Record
from queries.chain.absence import UNCOVERED_CHAIN
from queries.evidence import Evidence, Place, Statement, by_subject, day_of, known_refs

_STAGE_RANK = {stage: rank for rank, stage in enumerate(STAGES)}
# Chain word and stage, None where the product has none.
Slot = tuple[str | None, str | None]


class Made(Record):
    """Something that an enterprise makes, or is told to make."""

    product: NodeRef = Field(title="产品", description="the product")
    chain: str | None = Field(None, title="产业链", description="the chain's word: magnet, upstream ...")
    stage: str | None = Field(None, title="阶段", description=", ".join(STAGES))
    counted: bool = Field(
        title="计入", description="makes it a maker; false: planned, former, a stockpile, assumed ..."
    )
    statement: Statement = Field(title="陈述", description="how much, when, and who says so")


class EnterpriseRow(Record):
    """An enterprise of the region."""

    enterprise: NodeRef = Field(title="企业", description="the enterprise")
    places: tuple[Place, ...] = Field(title="地点", description="where it is; places outside the region, too")
    makes: tuple[Made, ...] = Field(title="产品", description="what it makes, along the chain; empty: not known")


class Sector(Record):
    """How many enterprises here make something of one chain at one stage. Computed, not published."""

    chain: NodeRef | None = Field(None, title="产业链", description="the chain; null: the products have none")
    stage: str | None = Field(None, title="阶段", description=", ".join(STAGES))
    stage_zh: str | None = Field(None, title="阶段（中文）", description="the stage in Chinese")
    stage_en: str | None = Field(None, title="阶段（英文）", description="the stage in English")
    enterprises: int = Field(title="企业数", description="enterprises here that make something of it")
    members: tuple[str, ...] = Field(title="企业标识", description="their ids, the first of them when limit cuts")
    products: tuple[str, ...] = Field(title="产品标识", description="ids of what they make")
    claims: tuple[str, ...] = Field(title="陈述标识", description="ids of the claims by which those listed make it")


class EnterpriseFacts:
    """What the enterprises of a region make, in the order answers list them: by chain and stage, then id.

    Chains come by their word with other industries last, stages from the mine to the market; an enterprise stands where
    its first product does, after all others when none is known.
    """

    def __init__(self, reader: Reader, enterprises: Sequence[str]) -> None:
        self._reader = reader
        self._chain = reader.chain()
        made = reader.facts(enterprises, ("produces",), "out") if enterprises else ()
        self._made = by_subject(
            sorted(made, key=lambda fact: (fact.subject, self._slot_rank(fact), -day_of(fact.as_of)))
        )
        self._enterprises = enterprises
        self.ordered = sorted(enterprises, key=self._order)

    def _slot(self, fact: Fact) -> Slot:
        at = self._chain.index[str(fact.object)]
        return self._chain.chains[at], self._chain.stages[at]

    def _slot_rank(self, fact: Fact) -> tuple[bool, bool, str, int]:
        chain, stage = self._slot(fact)
        return (chain is None, chain == UNCOVERED_CHAIN, chain or "", _STAGE_RANK.get(stage or "", len(STAGES)))

    def _order(self, enterprise: str) -> tuple[bool, tuple[bool, bool, str, int], str]:
        ranks = [self._slot_rank(fact) for fact in self._made[enterprise] if _counts(fact)]
        return (not ranks, min(ranks, default=(True, True, "", 0)), enterprise)

    def facts_of(self, enterprises: Sequence[str]) -> list[Fact]:
        """Everything these enterprises are told to make, to be named and cited."""
        return [fact for enterprise in enterprises for fact in self._made[enterprise]]

    def makers(self) -> int:
        """How many of them are known to make something."""
        return sum(any(_counts(fact) for fact in self._made[enterprise]) for enterprise in self._enterprises)

    def row(self, enterprise: str, places: Sequence[Fact], evidence: Evidence) -> EnterpriseRow:
        """One enterprise as answers show it."""
        makes = []
        for fact in self._made[enterprise]:
            chain, stage = self._slot(fact)
            makes.append(
                Made(
                    product=evidence.node(str(fact.object)),
                    chain=chain,
                    stage=stage,
                    counted=_counts(fact),
                    statement=evidence.statement(fact),
                )
            )
        return EnterpriseRow(
            enterprise=evidence.node(enterprise),
            places=tuple(evidence.place(place) for place in places),
            makes=tuple(makes),
        )

    def sectors(self, limit: int) -> tuple[Sector, ...]:
        """The counts, along chains and stages; at most `limit` members of each are listed."""
        slots: defaultdict[Slot, dict[str, list[Fact]]] = defaultdict(dict)
        ranks: dict[Slot, tuple[bool, bool, str, int]] = {}
        for enterprise in sorted(self._enterprises):
            for fact in self._made[enterprise]:
                if _counts(fact):
                    slot = self._slot(fact)
                    ranks[slot] = self._slot_rank(fact)
                    slots[slot].setdefault(enterprise, []).append(fact)
        names = known_refs(self._reader, sorted({f"chn:{chain}" for chain, _ in slots if chain}))
        rows = []
        for slot in sorted(slots, key=lambda slot: (ranks[slot], slot[1] or "")):
            chain, stage = slot
            listed = sorted(slots[slot])[:limit]
            zh, en = STAGES.get(stage or "", (None, None))
            rows.append(
                Sector(
                    chain=names[f"chn:{chain}"] if chain else None,
                    stage=stage,
                    stage_zh=zh,
                    stage_en=en,
                    enterprises=len(slots[slot]),
                    members=tuple(listed),
                    products=tuple(sorted({str(fact.object) for facts in slots[slot].values() for fact in facts})),
                    claims=tuple(sorted(fact.claim for member in listed for fact in slots[slot][member])),
                )
            )
        return tuple(rows)


def _counts(fact: Fact) -> bool:
    return fact.used and fact.qualifier not in NOT_MAKING
