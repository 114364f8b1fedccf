"""`targets` in words: the answer in one sentence, and one candidate's story."""

from collections.abc import Sequence

from queries.base import NodeRef
from queries.chain.assessment import KINDS, STATES, State
from queries.chain.spoken import Said, counted, named, names, say, sentence
from queries.promotion.candidates import REASONS
from queries.promotion.grounds import joined
from queries.promotion.scores import PARTS
from queries.promotion.target_rows import Excluded, Link, Part, Target, Visit

_STRONGEST = 3
# What is said of a product that is no gap, or not known to be one.
_NO_GAP: dict[State, tuple[str, str]] = {
    "present": ("本地已有生产", "it is made there already"),
    "implied": ("可推知本地已有", "it is likely to arise there already"),
    "unknown": ("本地有没有生产还不清楚", "whether it is made there is not known"),
    "missing": ("本地没有生产，但不属于招商环节", "it is not made there, but is no link to invite for"),
}


def say_none(region: NodeRef, unknown: int) -> Said:
    """Where no gap of the kinds asked for is sure: whether that is because nothing is known."""
    return sentence(
        say("{region}没有能确认的这类缺环", "no such gap is sure in {region}", region=named(region)),
        say(
            "{links}情况不明，须先查清",
            "{links} not known and to be found out first",
            links=Said(zh=f"{unknown}个环节", en=f"{unknown:,} {'link is' if unknown == 1 else 'links are'}"),
        )
        if unknown
        else None,
    )


def say_targets(region: NodeRef, targets: Sequence[Target], links: Sequence[Link]) -> Said:
    """For one product: who comes first and why, how many there are."""
    link = links[0]
    if not link.candidates:
        return sentence(
            say(
                "{region}的{product}还没有已知的候选企业",
                "no candidate is known for {product} in {region}",
                region=named(region),
                product=named(link.product),
            )
        )
    opening = say(
        "{region}的{product}有{all}，其中{makers}自己生产",
        "{all} for {product} in {region}, of whom {makers} {verb} it",
        region=named(region),
        product=named(link.product),
        all=counted(link.candidates, "家候选企业", "candidate"),
        makers=Said(
            zh=counted(link.makers, "家", "").zh if link.makers else "没有一家",
            en=f"{link.makers:,}" if link.makers else "none",
        ),
        verb="make" if link.makers > 1 else "makes",
    )
    standing = None if link.kind else say(*_NO_GAP[link.state])
    if not targets or targets[0].rank != 1:
        return sentence(opening, standing)
    first = targets[0]
    strongest = _strongest(first)[0]
    return sentence(
        opening,
        standing,
        say("首选{who}（{score}分）", "first of all {who} ({score})", who=named(first.enterprise), score=_score(first)),
        strongest.why,
    )


def say_visits(region: NodeRef, links: Sequence[Link], visits: Sequence[Visit]) -> Said:
    """For all open gaps: how many, whom to visit first and what for."""
    opening = say(
        "{region}有{links}待补",
        "{region} has {links}",
        region=named(region),
        links=Said(zh=f"{len(links)}个环节", en=counted(len(links), "", "open gap").en),
    )
    if not visits:
        return sentence(opening, say("都没有已知的生产者可请", "nobody who makes any of them is known elsewhere"))
    first = visits[0]
    products = {link.product.id: link.product for link in links}
    wanted = [products[one.product] for one in first.products]
    return sentence(
        opening,
        say(
            "可先拜访{who}，能补{what}",
            "to be visited first: {who}, for {what}",
            who=named(first.enterprise),
            what=names(wanted, len(wanted), "个环节"),
        ),
    )


def tell(region: NodeRef, target: Target, state: State, candidates: int) -> Said:
    """One candidate's story: what it stands for, why, what is not known, what would move it up."""
    strongest = _strongest(target)
    kind = KINDS[target.kind] if target.kind else STATES[state]
    opening = say(
        "为{region}的{product}（{kind}），{who}在{all}中排第{rank}，得{score}分",
        "for {product} ({kind}) in {region}, {who} is number {rank} of {all} with a score of {score}",
        region=named(region),
        product=named(target.product),
        kind=Said(zh=kind[0], en=kind[1]),
        who=named(target.enterprise),
        all=counted(candidates, "家候选企业", "candidate"),
        rank=target.rank,
        score=_score(target),
    )
    reasons = [
        say(
            "{part}（{value}分，贡献{added}）：{why}",
            "{part} ({value}, adds {added}): {why}",
            part=Said(zh=PARTS[part.name][0], en=PARTS[part.name][1]),
            value=f"{part.value:.2f}",
            added=f"{part.contribution:.3f}",
            why=part.why,
        )
        for part in strongest
    ]
    weak = [part for part in target.parts if part.unknown or not part.value]
    lacking = (
        say("薄弱或不明之处：{what}", "thin or not known: {what}", what=joined([p.why for p in weak])) if weak else None
    )
    facts = [move.said for move in target.would_move_up if move.fact]
    upward = say("能使它上升一位的：{what}", "what would move it up: {what}", what=joined(facts)) if facts else None
    told = [sentence(clause) for clause in (opening, *reasons, lacking, upward) if clause is not None]
    return Said(zh="".join(one.zh for one in told), en=" ".join(one.en for one in told))


def tell_excluded(region: NodeRef, row: Excluded) -> Said:
    """Why somebody is no candidate."""
    zh, en = REASONS[row.reason]
    return sentence(
        say(
            "为{region}的{product}不列{who}：{why}",
            "for {product} in {region}, {who} is left out: {why}",
            region=named(region),
            product=named(row.product),
            who=named(row.enterprise),
            why=Said(zh=zh, en=en),
        )
    )


def _strongest(target: Target) -> list[Part]:
    """The parts that add most, in that order."""
    ranked = sorted(target.parts, key=lambda part: -part.contribution)
    return [part for part in ranked[:_STRONGEST] if part.contribution > 0] or ranked[:1]


def _score(target: Target) -> str:
    return f"{target.score:.3f}"
