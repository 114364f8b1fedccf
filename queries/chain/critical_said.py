"""The sentence that the answer of `critical` ends with, put together from its first row."""

from collections.abc import Mapping, Sequence

from queries.base import NodeRef
from queries.chain.critical_rows import CriticalEnterprise, CriticalProduct
from queries.chain.spoken import Said, counted, named, names, say, sentence


def finding(
    region: NodeRef,
    makers: int,
    enterprises: Sequence[CriticalEnterprise],
    products: Sequence[CriticalProduct],
    called: Mapping[str, NodeRef],
) -> Said:
    """What breaks most, who is hit and whether somebody elsewhere could stand in; or that nothing is known."""
    where = named(region)
    if not makers:
        return sentence(
            say("{where}没有已记录的生产者", "no maker is recorded in {where}", where=where),
            say("无从判断谁最关键", "so nothing can be said about what breaks when one is lost"),
        )
    if enterprises:
        return _of_makers(where, enterprises[0], called)
    if products:
        first = products[0]
        return sentence(
            say(
                "在{where}，没有哪家企业是所问环节已记录的唯一生产者",
                "nobody in {where} is the only recorded maker of what was asked about",
                where=where,
            ),
            say("最要紧的产品是{product}", "the product that matters most is {product}", product=named(first.product)),
            _breaks(first.targets_lost, first.links_lost),
        )  # fmt: skip
    return sentence(
        say(
            "按现有记录，{where}失去任何一家企业或一种产品都看不出会断掉所问的环节",
            "on what is recorded, no single loss in {where} breaks a link that was asked about",
            where=where,
        ),
        say("没有记录不等于没有风险", "what is not recorded may still break"),
    )


def _of_makers(where: Said, first: CriticalEnterprise, called: Mapping[str, NodeRef]) -> Said:
    alone = len(first.removed)
    unheard = [called[one.product] for one in first.substitutes if not one.makers_elsewhere]
    return sentence(
        say("{who}一旦停产", "if {who} stopped", who=names(first.makers)),
        say(
            "{where}就有{products}无人生产",
            "{products} would have no maker left in {where}",
            where=where,
            products=counted(alone, "种产品", "product"),
        ),
        _breaks(first.targets_lost, first.links_lost),
        say(
            "波及本地另外{others}",
            "{others} there would be hit",
            others=counted(first.enterprises_hit, "家生产者", "other maker"),
        )
        if first.enterprises_hit
        else None,
        say("其中{products}在外地也没有生产者记录", "{products} made elsewhere by nobody on record",
            products=say("{which}", "{which} {verb}", which=names(unheard, measure="种"),
                         verb="is" if len(unheard) == 1 else "are"))
        if unheard
        else say("所幸外地均有其他生产者", "makers elsewhere are known for all that it alone makes there"),
    )  # fmt: skip


def _breaks(targets: int, links: int) -> Said:
    return say(
        "本地断掉{links}、{targets}",
        "{links} and {targets} of the chain would break there",
        links=counted(links, "个环节", "link"),
        targets=counted(targets, "个目标产品", "target"),
    )
