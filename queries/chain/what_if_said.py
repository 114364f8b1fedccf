"""A what-if in one sentence: what is supposed, which gaps close and open, who gains or loses whom."""

from collections.abc import Sequence

from queries.base import NodeRef
from queries.chain.spoken import Said, amount, counted, day, named, names, say, sentence, tonnes
from queries.chain.what_if_records import ROLES, BoughtIn, Moved, Supposed, Tie


def say_what_if(
    region: NodeRef,
    supposed: Sequence[Supposed],
    moved: Sequence[Moved],
    ties: Sequence[Tie],
    bought: BoughtIn,
    becomes: BoughtIn,
) -> Said:
    """From the differences themselves."""
    if not supposed:
        return sentence(
            say(
                "没有假设，{region}一切照旧", "with nothing supposed, nothing changes in {region}", region=named(region)
            )
        )
    told = [_supposition(one, region) for one in supposed[:3]]
    if len(supposed) > 3:
        told.append(say("另有{more}个假设", "and {more} more suppositions", more=len(supposed) - 3))
    differences = [
        _links(moved, "closed", "补上{links}", "{links} {verb} closed"),
        _links(moved, "opened", "{links}在本地断开", "{links} {verb} no longer made here"),
        _links(moved, "eased", "{links}不再薄弱", "{links} {verb} thin no more"),
        _links(moved, "thinner", "{links}变得薄弱", "{links} {verb} thin from then on"),
        *(_side(ties, gains=gains) for gains in (True, False)),
        _tonnes(bought, becomes),
    ]
    if not any(differences):
        differences = [say("产业链缺环没有变化", "no link of the chain is told differently")]
    return sentence(*told, *differences)


def _supposition(one: Supposed, region: NodeRef) -> Said:
    node = named(one.node)
    if one.what == "lose":
        return say("假如{node}停产", "if {node} stops", node=node)
    if one.what == "delay":
        until = say("（到{day}）", " (until {day})", day=day(one.becomes)) if one.becomes else Said(zh="", en="")
        return say(
            "假如{node}推迟{months}个月{until}",
            "if {node} is {months} months late{until}",
            node=node,
            months=one.months or 0,
            until=until,
        )
    products = names(one.products, measure="种")
    if one.capacity is None:
        return say(
            "假如{node}来{region}生产{products}",
            "if {node} makes {products} in {region}",
            node=node,
            region=named(region),
            products=products,
        )
    return say(
        "假如{node}来{region}年产{mass}{products}",
        "if {node} makes {products} in {region}, {mass}",
        node=node,
        region=named(region),
        products=products,
        mass=Said(zh=tonnes(one.capacity).zh, en=amount(one.capacity).en),
    )


def _links(moved: Sequence[Moved], turn: str, zh: str, en: str) -> Said | None:
    links = [one.product for one in moved if one.turn == turn]
    if not links:
        return None
    return say(zh, en, links=names(links, measure="个"), verb=Said(zh="", en="is" if len(links) == 1 else "are"))


def _side(ties: Sequence[Tie], *, gains: bool) -> Said | None:
    """How many enterprises here gain, or lose, a supplier, a customer, a competitor."""
    parts = []
    for role, (zh, en) in ROLES.items():
        people = len({tie.enterprise for tie in ties if tie.gains == gains and tie.role == role})
        if people:
            verb = Said(zh="多了" if gains else "少了", en="gain" if gains else "lose")
            parts.append(
                say(
                    "{people}{verb}{role}",
                    "{people} {verb} a {role}",
                    people=counted(people, "家企业", "enterprise"),
                    verb=Said(zh=verb.zh, en=f"{verb.en}s" if people == 1 else verb.en),
                    role=Said(zh=zh, en=en),
                )
            )
    return Said(zh="、".join(part.zh for part in parts), en=", ".join(part.en for part in parts)) if parts else None


def _tonnes(bought: BoughtIn, becomes: BoughtIn) -> Said | None:
    change = becomes.low - bought.low
    if becomes.products != bought.products or not change:
        return None
    return say(
        "外购量至少{more}{mass}",
        "at least {mass} a year {more} from outside",
        more=Said(zh="增加" if change > 0 else "减少", en="more" if change > 0 else "less"),
        mass=tonnes(abs(change)),
    )
