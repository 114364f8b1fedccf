"""The sentence of a balance, from its numbers: how much can be made, what limits it, what is bought, what piles up."""

from collections.abc import Sequence

from queries.base import NodeRef
from queries.chain.balance_answer import Bought, Limit, NotBalanced, OwnSupply, Relaxation, Surplus, TargetOutput
from queries.chain.balance_model import LINKS
from queries.chain.spoken import Said, amount, counted, named, names, say, sentence


def said_of(
    subject: Sequence[NodeRef],
    targets: Sequence[TargetOutput],
    left_out: Sequence[NotBalanced],
    limits: Sequence[Limit],
    bought: Sequence[Bought],
    surplus: Sequence[Surplus],
    relaxations: Sequence[Relaxation],
    supplied: Sequence[OwnSupply],
) -> Said:
    """The answer in one sentence."""
    where = names(subject)
    if not targets:
        return sentence(
            say("{where}画不出物料平衡", "no mass balance can be drawn up for {where}", where=where),
            _why_not(left_out),
        )
    return sentence(
        _reached(where, targets),
        _relaxed(relaxations) if relaxations else _alone(targets, limits, supplied),
        _bought(bought),
        _supplied(supplied),
        _piled(surplus),
        say(
            "另有{what}缺产能或用量数据，未计入",
            "{what} left out for want of figures",
            what=counted(len(left_out), "种目标产品", "target", "targets"),
        )
        if left_out
        else None,
    )


def _why_not(left_out: Sequence[NotBalanced]) -> Said:
    if not left_out:
        return say("未见本地生产任何目标产品", "nobody is recorded to make a target product")
    what = names([one.product for one in left_out], measure="种")
    if all(one.why == "no_capacity" for one in left_out):
        return say("{what}都没有公布产能", "no capacity is recorded for {what}", what=what)
    return say(
        "{what}的工艺没有用量数据或没有公布产能", "recipe quantities or capacities of {what} are not known", what=what
    )


def _reached(where: Said, targets: Sequence[TargetOutput]) -> Said:
    first = max(targets, key=lambda one: (one.reached, one.product.id))
    others = len(targets) - 1
    if first.capacity is None:
        return say(
            "{where}要产{product}{much}（产能不明）",
            "{where}, to make {much} of {product} (capacity not known)",
            where=where,
            product=named(first.product),
            much=amount(first.reached),
        )
    more = counted(others, "种产品", "more product") if others else None
    told = {"where": where, "product": named(first.product), "much": amount(first.reached)}
    if more is None:
        return say(
            "按已公布产能，{where}可产{product}{much}",
            "by recorded capacity {where} can make {much} of {product}",
            **told,
        )
    return say(
        "按已公布产能，{where}可产{product}{much}及另外{more}",
        "by recorded capacity {where} can make {much} of {product}, and {more}",
        **told,
        more=more,
    )


def _relaxed(relaxations: Sequence[Relaxation]) -> Said:
    first = relaxations[0]
    return say(
        "要达到目标，{product}还缺{much}产能",
        "to reach the target, {much} more capacity of {product} is needed",
        product=named(first.product),
        much=amount(first.more),
    )


def _alone(targets: Sequence[TargetOutput], limits: Sequence[Limit], supplied: Sequence[OwnSupply]) -> Said | None:
    """What stands in the way were no link bought in."""
    if sum(one.own_links for one in targets) >= sum(one.reached for one in targets) * (1 - 1e-6):
        return None if supplied else say("无须外购链上产品", "nothing of the chain need be bought")
    press = [one for one in limits if one.programme == "own_links" and one.more_output > 0]
    much = amount(sum(one.own_links for one in targets))
    if not press:
        return say("链上全不外购则只有{much}", "buying nothing of the chain, only {much}", much=much)
    return say(
        "链上全不外购则只有{much}，卡在{product}",
        "buying nothing of the chain, only {much}, held back by {product}",
        much=much,
        product=named(press[0].product),
    )


def _bought(bought: Sequence[Bought]) -> Said | None:
    links = [one for one in bought if one.role in LINKS and one.t_per_year > 0]
    if not links:
        return None
    first = links[0]
    return say(
        "须外购{product}{much}等{count}" if len(links) > 1 else "须外购{product}{much}",
        "{much} of {product} and {count} more must be bought"
        if len(links) > 1
        else "{much} of {product} must be bought",
        product=named(first.product),
        much=amount(first.t_per_year),
        count=Said(zh=counted(len(links), "种环节产品", "").zh, en=counted(len(links) - 1, "", "other link").en),
    )


def _supplied(supplied: Sequence[OwnSupply]) -> Said | None:
    """Where the balance ends: what is made here, nobody tells from how much of what."""
    if not supplied:
        return None
    first = supplied[0]
    return say(
        "其中{product}{much}本地有产但用料没有数据，再往上游算不下去",
        "it draws on {much} of {product} made here, and what that takes is not told, so the balance ends there",
        product=named(first.product),
        much=amount(first.t_per_year),
    )


def _piled(surplus: Sequence[Surplus]) -> Said | None:
    unused = [one for one in surplus if one.users_here == 0 and one.t_per_year > 0]
    if not unused:
        return None
    return say(
        "{product}{much}联产而本地无用户",
        "{much} of {product} arises with it and has no user here",
        product=named(unused[0].product),
        much=amount(unused[0].t_per_year),
    )
