"""The rows of `targets`: a candidate with its parts, who is left out and why, each link's counts, whom to visit."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from queries.base import NodeRef, Record
from queries.chain.assessment import KIND_NAMES, STATES, Kind, State
from queries.chain.spoken import Said, amount, say
from queries.promotion import ranking as rankings_of
from queries.promotion.candidates import REASONS, RELATION_NAMES, RELATIONS, Reason, Relation
from queries.promotion.grounds import Grounds
from queries.promotion.ranking import Desk, Ranking
from queries.promotion.scores import DEFAULT_WEIGHTS, PART_NAMES, PARTS, contributions, holds_for, needed

# Facts that move somebody up are looked for in these parts: the others are the same for all, or nobody can change them.
_MAKING = (RELATION_NAMES.index("makes"), RELATION_NAMES.index("group_makes"))
_MOVABLE = ("makes", "pull", "ties", "movement")


class Part(Record):
    """One part of a score."""

    name: str = Field(title="分项", description=", ".join(PARTS))
    weight: float = Field(title="权重", description="as asked; divided by the sum of all weights in the contribution")
    value: float = Field(title="分值", description="0-1")
    contribution: float = Field(title="贡献", description="weight / sum of weights x value; they add up to the score")
    unknown: bool = Field(title="不明", description="nothing is known of it; the value is a neutral one or 0")
    why: Said = Field(title="理由", description="in one line")
    claims: tuple[str, ...] = Field(title="陈述", description="ids of the claims behind it, at most 60")


class MoveUp(Record):
    """What would lift it above the one before it, all else as it is."""

    part: str = Field(title="分项", description="the part that would have to be more")
    value: float = Field(title="所需分值", description="from which it overtakes")
    fact: str | None = Field(title="所需事实", description="a fact that would do it; null: the value alone is told")
    said: Said = Field(title="一句话", description="in words")


class Target(Record):
    """One candidate for one product."""

    enterprise: NodeRef = Field(title="企业")
    product: NodeRef = Field(title="产品")
    kind: Kind | None = Field(
        title="缺环类别", description="broken, fill ... ; null: it is no gap there, or not known to be one: see links"
    )
    relation: Relation = Field(title="与产品的关系", description=", ".join(RELATIONS))
    about: str = Field(title="依据产品", description="id of the product whose making relates it")
    by: str = Field(title="实际生产者", description="id of who makes that: itself or one of its group")
    home: str | None = Field(
        title="所在省份",
        description="id of its home province, or of the place told where that is not known; null: none",
    )
    near: Literal["maybe_here", "same_province"] | None = Field(
        title="远近",
        description="maybe_here: its only place told is one around the region; same_province: at home in the same one",
    )
    group_leader: str | None = Field(
        title="同集团首位", description="id of the best candidate of its owner group, where it is another"
    )
    rank: int = Field(title="名次", description="from 1, within the product")
    score: float = Field(title="得分", description="0-1")
    parts: tuple[Part, ...] = Field(title="分项")
    holds_for: dict[str, tuple[float, float | None]] = Field(
        title="名次稳定区间",
        description="of each weight, the others as asked: from where to where the rank is the same",
    )
    would_move_up: tuple[MoveUp, ...] = Field(title="如何上升", description="empty for the first")


class Excluded(Record):
    """Somebody who would be a candidate and is left out."""

    enterprise: NodeRef = Field(title="企业")
    product: NodeRef = Field(title="产品")
    reason: Reason = Field(title="排除原因", description=", ".join(REASONS))
    claims: tuple[str, ...] = Field(title="陈述", description="ids of the claims behind it")


class Link(Record):
    """One product that was looked at."""

    product: NodeRef = Field(title="产品")
    kind: Kind | None = Field(
        title="缺环类别", description="null: it is no gap there, or not known to be one: see state"
    )
    state: State = Field(title="状态", description="of the product there: " + ", ".join(STATES))
    users: int = Field(title="本地用户数", description="who here needs it or takes it")
    demand: float | None = Field(title="本地需求", description="t/yr that are surely needed; null: not known")
    candidates: int = Field(title="候选企业数")
    makers: int = Field(title="其中自己生产的")
    excluded: int = Field(title="排除企业数")


class VisitProduct(Record):
    """A gap that somebody could close."""

    product: str = Field(title="产品", description="id")
    rank: int = Field(title="名次")
    score: float = Field(title="得分")
    relation: Relation = Field(title="与产品的关系")


class Visit(Record):
    """An enterprise to visit: it or its group makes what is missing, and of its group it is the best for that."""

    enterprise: NodeRef = Field(title="企业")
    best: float = Field(title="最高得分")
    gaps: int = Field(title="可补缺环数", description="gaps whose product it or its group makes")
    products: tuple[VisitProduct, ...] = Field(title="产品")


def leaders_of(ranking: Ranking) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """For each rank the rank (from 0) of the best candidate of its owner group."""
    group = ranking.desk.land.group[ranking.numbers]
    _, first, at = np.unique(group, return_index=True, return_inverse=True)
    return first[at].astype(np.int64)


def kind_of(ranking: Ranking) -> Kind | None:
    """The kind of gap the product is."""
    number = int(ranking.desk.assessment.kind[ranking.product])
    return KIND_NAMES[number] if number >= 0 else None


def target_rows(ranking: Ranking, grounds: Grounds, ranks: Sequence[int]) -> list[Target]:
    """The rows at these ranks (from 0)."""
    land = ranking.desk.land
    if not ranks:
        return []
    added = contributions(ranking.parts, ranking.weights)
    intervals = holds_for(ranking.parts, ranking.weights, np.array(ranks, np.int64))
    leaders, kind = leaders_of(ranking), kind_of(ranking)
    product = grounds.name(land.chain.products[ranking.product])
    rows = []
    for rank, held in zip(ranks, intervals, strict=True):
        place, who = int(ranking.at[rank]), int(ranking.numbers[rank])
        leader = int(leaders[rank])
        home, near = ranking.desk.whereabouts(who)
        reasons = grounds.of(rank)
        parts = tuple(
            Part(
                name=name,
                weight=ranking.weights[name],
                value=float(ranking.parts[rank, column]),
                contribution=float(added[rank, column]),
                unknown=grounds.unknown(rank, name),
                why=reasons[name][0],
                claims=reasons[name][1],
            )
            for column, name in enumerate(PART_NAMES)
        )
        rows.append(
            Target(
                enterprise=grounds.named(who),
                product=product,
                kind=kind,
                relation=ranking.relation(place),
                about=land.chain.products[int(ranking.pool.about[place])],
                by=land.id_of(int(ranking.pool.by[place])),
                home=home,
                near=near,
                group_leader=land.id_of(int(ranking.numbers[leader])) if leader != rank else None,
                rank=rank + 1,
                score=float(ranking.scores[rank]),
                parts=parts,
                holds_for=held,
                would_move_up=tuple(_moves_up(ranking, rank)) if rank else (),
            )
        )
    return rows


def explain(desk: Desk, product: int, enterprise: str, weights: Mapping[str, float] = DEFAULT_WEIGHTS) -> Target | None:
    """The row of one enterprise for a product (its number in the chain); None where it is no candidate."""
    ranking = rankings_of.rank(desk, product, weights)
    number = ranking.rank_of(enterprise)
    return target_rows(ranking, Grounds(ranking), [number - 1])[0] if number is not None else None


def _moves_up(ranking: Ranking, rank: int) -> list[MoveUp]:
    """By part the value that would do, with a single fact that reaches it where there is one."""
    found = []
    for part, value in needed(ranking.parts, ranking.weights, rank, rank - 1).items():
        if part not in _MOVABLE:
            continue
        facts = [(fact, said) for fact, reached, said in _facts(ranking, rank, part) if reached > value]
        # Of one that reaches it exactly the id decides; so more than that is asked for.
        fact, said = facts[0] if facts else (None, _value_alone(part, value))
        found.append(MoveUp(part=part, value=value, fact=fact, said=said))
    return found


def _value_alone(part: str, value: float) -> Said:
    zh, en = PARTS[part]
    told = f"{np.ceil(value * 100) / 100:.2f}"
    return say("“{part}”要到{value}", "'{part}' would have to be {value}", part=Said(zh=zh, en=en), value=told)


def _facts(ranking: Ranking, rank: int, part: str) -> list[tuple[str, float, Said]]:
    """Single facts that would raise a part, with the value it would then have."""
    desk, pool, land = ranking.desk, ranking.pool, ranking.desk.land
    place, who = int(ranking.at[rank]), int(ranking.numbers[rank])
    value = float(ranking.parts[rank, PART_NAMES.index(part)])
    level, relation = RELATIONS[ranking.relation(place)][2], ranking.relation(place)
    demand = desk.demand(ranking.product)
    trust = 0.5 + 0.5 * float(pool.evidence[place])
    found: list[tuple[str, float, Said]] = []
    if part == "makes":
        if demand and relation in ("makes", "group_makes") and not pool.capacity[place] >= demand:
            enough = amount(demand)
            found.append(
                ("capacity", level * trust, say("查明产能不低于{of}", "a told capacity of {of} or more", of=enough))
            )
        if value < level * trust or pool.evidence[place] < 1:
            sure = value / trust
            found.append(("official_source", sure, say("有官方来源证实", "an official source that confirms it")))
        if relation != "makes":
            zh, en = "查明它自己就生产该产品", "a source that says it makes the product itself"
            found.append(("makes", 0.75, say(zh, en)))
    if part == "pull":
        alone, together = (int(links[at]) for links, at in zip(desk.supply_links, (who, land.group[who]), strict=True))
        now = max(alone / (alone + 1), together / (together + 1) / 2)
        then = max((alone + 1) / (alone + 2), (together + 1) / (together + 2) / 2)
        zh, en = "与本地一家企业建立供应关系", "one more supply relation with a firm here"
        found.append(("supply_relation", value + (then - now) / 2, say(zh, en)))
    if part == "ties":
        for fact, pairs_, weight, zh, en in (
            ("partner", desk.partners_here, 0.5, "与本地企业或机构有一项合作", "one partner here"),
            ("investment", desk.projects_here, 0.5, "参与本地一个项目", "a part in one project here"),
        ):
            if who not in pairs_[0]:
                found.append((fact, 1 - (1 - value) * (1 - weight), say(zh, en)))
    if part == "movement" and not ranking.unknown[rank, PART_NAMES.index(part)]:
        moved = 2 * value / (1 - value)
        zh, en = "近年在省外再有一个项目", "one more recent project outside its province"
        found.append(("project", (moved + 1) / (moved + 3), say(zh, en)))
    return found


def excluded_rows(ranking: Ranking, grounds: Grounds, places: Sequence[int]) -> list[Excluded]:
    """The rows of those left out, by their place in the list of those left out."""
    product = grounds.name(ranking.desk.land.chain.products[ranking.product])
    return [
        Excluded(
            enterprise=grounds.name(enterprise),
            product=product,
            reason=reason,
            claims=grounds.left_out(enterprise, reason),
        )
        for enterprise, reason in (_left_out(ranking, at) for at in places)
    ]


def _left_out(ranking: Ranking, at: int) -> tuple[str, Reason]:
    (name,) = ranking.names(ranking.pool.enterprise[ranking.left_out[at : at + 1]])
    return name, tuple(REASONS)[int(ranking.reasons[at])]


def link_row(ranking: Ranking, grounds: Grounds) -> Link:
    """What was looked at for one product."""
    desk = ranking.desk
    relations = ranking.pool.relation[ranking.at]
    return Link(
        product=grounds.name(desk.land.chain.products[ranking.product]),
        kind=kind_of(ranking),
        state=desk.assessment.state(ranking.product),
        users=desk.users(ranking.product),
        demand=desk.demand(ranking.product),
        candidates=len(ranking.numbers),
        makers=int(np.count_nonzero(relations == 0)),
        excluded=len(ranking.left_out),
    )


def visits_of(rankings: Sequence[tuple[Ranking, Grounds]]) -> list[tuple[int, list[VisitProduct]]]:
    """Whom to visit (by number) for what: by how many gaps it could close, the best score, the id.

    Those who make the product or whose group does, of each group its best for a gap; neighbours do not count.
    """
    found: dict[int, list[VisitProduct]] = {}
    for ranking, _ in rankings:
        making = np.flatnonzero(np.isin(ranking.pool.relation[ranking.at], _MAKING))
        groups = ranking.desk.land.group[ranking.numbers]
        # In order of rank, so the first of a group is its best.
        _, first = np.unique(groups, return_index=True)
        product = ranking.desk.land.chain.products[ranking.product]
        for rank in making[np.isin(making, first)].tolist():
            found.setdefault(int(ranking.numbers[rank]), []).append(
                VisitProduct(
                    product=product,
                    rank=rank + 1,
                    score=float(ranking.scores[rank]),
                    relation=ranking.relation(int(ranking.at[rank])),
                )
            )
    return sorted(found.items(), key=lambda pair: (-len(pair[1]), -max(one.score for one in pair[1]), pair[0]))


def visit_row(who: NodeRef, products: Sequence[VisitProduct]) -> Visit:
    """One enterprise to visit, its best gap first."""
    return Visit(
        enterprise=who,
        best=max(one.score for one in products),
        gaps=len(products),
        products=tuple(sorted(products, key=lambda one: (-one.score, one.product))),
    )
