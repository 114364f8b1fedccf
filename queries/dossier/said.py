"""A dossier in one sentence: what they make, which link they could close here, who needs it, what ties there are."""

from collections.abc import Sequence

from queries.base import NodeRef
from queries.chain.assessment import Kind
from queries.chain.spoken import Said, counted, named, names, say, sentence
from queries.dossier.rows import GoodsRow, Reason

# What a kind of gap is called within a sentence.
LINKS: dict[Kind, Said] = {
    "broken": Said(zh="断点", en="a broken link"),
    "fill": Said(zh="补链环节", en="a link to fill"),
    "strengthen": Said(zh="强链环节", en="a link to strengthen"),
    "extend": Said(zh="延链环节", en="a link to extend to"),
    "build": Said(zh="建链环节", en="a link to build"),
}
_TIES = ("owners_here", "owned_here", "siblings_here", "suppliers_here", "customers_here", "partners_here")


def say_dossier(who: NodeRef, region: NodeRef, makes: Sequence[GoodsRow], why: Sequence[Reason]) -> Said:
    """From the rows."""
    made = {row.product.id: row.product for row in makes if row.counted}
    first = (
        say("{who}生产{what}", "{who} makes {what}", who=named(who), what=names(list(made.values()), measure="种"))
        if made
        else say("{who}没有产品记录", "no product of {who} is on record", who=named(who))
    )
    return sentence(first, _link(region, why), _ties(region, why))


def _link(region: NodeRef, why: Sequence[Reason]) -> Said | None:
    for reason in why:
        if reason.kind in ("closes", "grows", "near") and reason.product and reason.link:
            values: dict[str, Said | str | int] = {
                "region": named(region),
                "product": named(reason.product),
                "kind": LINKS[reason.link],
                "users": counted(reason.users or 0, "家本地企业", "enterprise"),
            }
            if reason.kind != "near":
                told = say("{product}是{region}的{kind}", "{product} is {kind} in {region}", **values)
            else:
                told = say(
                    "与{region}的{kind}{product}只差一道工序",
                    "it is one process away from {product}, {kind} in {region}",
                    **values,
                )
            if not reason.users:
                return told
            return say("{told}，{users}要用", "{told}, needed by {users} there", told=told, **values)
    return None


def _ties(region: NodeRef, why: Sequence[Reason]) -> Said | None:
    tied = sum(reason.total for reason in why if reason.kind in _TIES)
    if not tied:
        return None
    return say(
        "与{region}的{count}家企业或机构有股权、供销或合作关系",
        "it is tied to {other} there by ownership, supply or partnership",
        region=named(region),
        count=tied,
        other=counted(tied, "", "enterprise or institution", "enterprises or institutions"),
    )
