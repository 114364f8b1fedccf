"""The kinds of nodes. An id is `prefix:slug`, so the kind of a node can be read off its id."""

import re
from typing import NamedTuple

from graph.model.errors import BadInput


class NodeKind(NamedTuple):
    """A kind of node: `prefix` of its ids, `label` in Neo4j, names for people."""

    name: str
    prefix: str
    label: str
    zh: str
    en: str


NODE_KINDS: dict[str, NodeKind] = {
    kind.name: kind
    for kind in (
        NodeKind("enterprise", "ent", "Enterprise", "企业", "enterprise"),
        NodeKind("product", "prd", "Product", "产品", "product"),
        NodeKind("process", "prc", "Process", "工艺", "process"),
        NodeKind("project", "prj", "Project", "项目", "project"),
        NodeKind("region", "reg", "Region", "地区", "region"),
        NodeKind("institution", "ins", "Institution", "机构", "institution"),
        NodeKind("policy", "pol", "Policy", "政策", "policy"),
        NodeKind("chain", "chn", "Chain", "产业链", "chain"),
        NodeKind("source", "src", "Source", "来源", "source"),
    )
}
KIND_OF_PREFIX: dict[str, NodeKind] = {kind.prefix: kind for kind in NODE_KINDS.values()}
_ID = re.compile(r"[a-z]{3}:[^\s:;,\"'`\\\x00-\x1f][^\s;,\"'`\\\x00-\x1f]{0,199}")


def kind_of(node: str) -> NodeKind:
    """The kind of a node, from its id; raises BadInput for an id of another shape or an unknown prefix."""
    kind = KIND_OF_PREFIX.get(node[:3]) if _ID.fullmatch(node) else None
    if kind is None:
        raise BadInput(
            "'{value}' is not an id. An id is one of {prefixes}, a colon and a short name without spaces: ent:jl-mag.",
            value=node[:60],
            prefixes=", ".join(KIND_OF_PREFIX),
        )
    return kind


def looks_like_id(text: str) -> bool:
    """Whether a text has the shape of an id of a known kind."""
    return text[:3] in KIND_OF_PREFIX and _ID.fullmatch(text) is not None


# The stages of a product along the chain, from the ground to the market, and the words of the other closed lists.
STAGES: dict[str, tuple[str, str]] = {
    "mining": ("采矿", "mining"),
    "beneficiation": ("选矿", "beneficiation"),
    "separation": ("冶炼分离", "separation"),
    "metal_alloy": ("金属与合金", "metals and alloys"),
    "functional_material": ("功能材料", "functional materials"),
    "component": ("零部件", "components"),
    "device": ("器件与装备", "devices"),
    "end_use": ("终端应用", "end uses"),
}
ROLES: dict[str, tuple[str, str]] = {
    "link": ("环节", "link"),
    "service": ("加工服务", "service"),
    "intermediate": ("厂内中间品", "in-plant intermediate"),
    "resource": ("资源", "resource"),
    "coproduct": ("联产品", "coproduct"),
    "auxiliary": ("辅料", "auxiliary"),
    "equipment": ("装备", "equipment"),
    "class": ("类别", "class"),
    "market": ("市场", "market"),
    "other": ("其他行业", "other industry"),
}
# Short words for the usual chains; users may define more, which go by their own names.
CHAINS: dict[str, tuple[str, str]] = {
    "upstream": ("上游", "upstream"),
    "magnet": ("磁材", "magnets"),
    "polishing": ("抛光", "polishing"),
    "hydrogen": ("储氢", "hydrogen storage"),
    "catalyst": ("催化", "catalysts"),
    "optical": ("光功能", "optical"),
    "alloy": ("合金", "alloys"),
    "wind": ("风电", "wind power"),
    "ceramic_pigment": ("陶瓷颜料", "ceramics and pigments"),
    "other": ("其他", "other"),
}
PROJECT_STATUSES: dict[str, tuple[str, str]] = {
    "planned": ("拟建", "planned"),
    "reserve": ("储备", "in reserve"),
    "signed": ("已签约", "signed"),
    "approved": ("已批准", "approved"),
    "under_construction": ("在建", "under construction"),
    "completed": ("已建成", "completed"),
    "in_production": ("已投产", "in production"),
    "suspended": ("停建", "suspended"),
    "cancelled": ("已取消", "cancelled"),
}
DONE_STATUSES = ("completed", "in_production")
PIPELINE_STATUSES = ("signed", "approved", "under_construction")
# Whether an enterprise still works. Nothing is assumed where no source says it.
OPERATING_STATUSES: dict[str, tuple[str, str]] = {
    "operating": ("存续", "operating"),
    "suspended": ("停产", "suspended"),
    "dissolved": ("已注销", "dissolved"),
}
PROCESS_KINDS: dict[str, tuple[str, str]] = {
    "step": ("工序", "step"),
    "recycling": ("回收", "recycling"),
    "aggregate": ("概括工序", "aggregate"),
}
