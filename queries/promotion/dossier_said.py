"""A dossier in one sentence: what they make, which link they could close here, who needs it, what ties there are."""

from collections.abc import Sequence

from queries.base import NodeRef
from queries.chain.assessment import KINDS
from queries.chain.spoken import Said, counted, named, names, say, sentence
from queries.promotion.dossier_rows import GoodsRow, Reason

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
        if reason.kind in ("closes", "near") and reason.product and reason.link:
            told = say(
                "{region}的{product}为{kind}"
                if reason.kind == "closes"
                else "离{region}的{kind}环节{product}只差一道工序",
                "{product} is {kind} in {region}"
                if reason.kind == "closes"
                else "it is one process from {product}, {kind} in {region}",
                region=named(region),
                product=named(reason.product),
                kind=Said(zh=KINDS[reason.link][0], en=_IN_WORDS[reason.link]),
            )
            if not reason.users:
                return told
            return say(
                "{told}，{users}要用",
                "{told} and needed by {users} there",
                told=told,
                users=counted(reason.users, "家本地企业", "enterprise"),
            )
    return None


def _ties(region: NodeRef, why: Sequence[Reason]) -> Said | None:
    tied = sum(reason.total for reason in why if reason.kind in _TIES)
    if not tied:
        return None
    return say(
        "在{region}已有往来的企业和机构{count}家",
        "it has {count} in {region}",
        region=named(region),
        count=Said(zh=str(tied), en=counted(tied, "", "tie").en),
    )


_IN_WORDS[reason.link]),
            )
            if not reason.users:
                return told
            return say(
                "{told}，{users}要用",
                "{told} and needed by {users} there",
                told=told,
                users=counted(reason.users, "家本地企业", "enterprise"),
            )
    return None


def _ties(region: NodeRef, why: Sequence[Reason]) -> Said | None:
    tied = sum(reason.total for reason in why if reason.kind in _TIES)
    if not tied:
        return None
    return say(
        "与{tied}已有往来",
        "it has {tied}",
        tied=Said(zh=f"{region.name_zh or ''}{tied}家企业和机构", en=counted(tied, "", "tie there", "ties there").en),
    )


_IN_WORDS = {
    "broken": "a broken link",
    "fill": "a link to fill",
    "strengthen": "a link to strengthen",
    "extend": "a link to extend to",
    "build": "a link to build",
}
