"""What can be said of a node: every predicate with its ends, its value and its words in Chinese and English.

Neo4j's relationship types and properties, the checks of the loaders, the docs and the contract tests all come from
here.
"""

from typing import Literal, NamedTuple

from graph.model.kinds import OPERATING_STATUSES, PROCESS_KINDS, PROJECT_STATUSES, ROLES, STAGES

Value = Literal["none", "number", "text", "date", "number_or_text"]


class Predicate(NamedTuple):
    """One kind of statement.

    `subjects` and `objects` are node kinds; no objects means that the statement carries a literal `value`. `timeless`:
    no date ever hides such a claim. `qualifier` says what may tell facts of one triple apart: '' nothing, 'text' any
    words, 'product', 'product_or_chain', or a tuple of allowed words. `choices` closes the list of text values;
    `detail` names the extras a claim may carry. `object_optional`: where the source names no node, there is none.
    """

    name: str
    zh: str
    en: str
    subjects: tuple[str, ...]
    objects: tuple[str, ...] = ()
    value: Value = "none"
    qualifier: str | tuple[str, ...] = ""
    timeless: bool = False
    choices: dict[str, tuple[str, str]] | None = None
    detail: tuple[str, ...] = ()
    inverse_zh: str = ""
    inverse_en: str = ""
    object_optional: bool = False

    @property
    def links(self) -> bool:
        """Whether the statement joins two nodes, or may."""
        return bool(self.objects)


PRODUCES_QUALIFIERS = ("", "capacity", "output", "plan", "stock", "unstated")
# A planned capacity and a stockpile do not make a maker.
NOT_MAKING = ("plan", "stock")
_ANY = ("enterprise", "product", "process", "project", "region", "institution", "policy", "chain")
_ORG = ("enterprise", "institution")

PREDICATES: dict[str, Predicate] = {
    p.name: p
    for p in (
        # What a node is called and what it is.
        Predicate("name_zh", "中文名", "Chinese name", _ANY, value="text", timeless=True),
        Predicate("name_en", "英文名", "English name", _ANY, value="text", timeless=True),
        Predicate("alias", "别名", "alias", _ANY, value="text", qualifier="text", timeless=True),
        Predicate("code", "代码", "code", _ANY, value="text", qualifier="text", timeless=True),
        Predicate("country", "国家", "country", _ANY, value="text", timeless=True),
        Predicate("stage", "阶段", "stage", ("product",), value="text", timeless=True, choices=STAGES),
        Predicate("role", "角色", "role", ("product",), value="text", timeless=True, choices=ROLES),
        Predicate("chain", "所属链", "chain", ("product",), ("chain",), timeless=True,
                  inverse_zh="链上产品", inverse_en="products of the chain"),
        Predicate("hs_code", "海关编码", "HS code", ("product",), value="text", timeless=True),
        Predicate("founded", "成立", "founded", (*_ORG, "region", "policy"), value="date", timeless=True),
        Predicate("website", "网站", "website", _ANY, value="text", timeless=True),
        Predicate("remark", "备注", "remark", _ANY, value="text", qualifier="text", timeless=True),
        Predicate("operating_status", "经营状态", "operating status", ("enterprise",), value="text",
                  choices=OPERATING_STATUSES),
        # Projects.
        Predicate("status", "状态", "status", ("project",), value="text", choices=PROJECT_STATUSES),
        Predicate("investment", "投资额", "investment", ("project",), value="number"),
        Predicate("capacity", "设计能力", "design capacity", ("project",), value="number"),
        Predicate("start_date", "开工", "start", ("project", "policy"), value="date"),
        Predicate("completion_date", "完工", "completion", ("project", "policy"), value="date"),
        Predicate("project_product", "项目产品", "project product", ("project",), ("product",), "number",
                  inverse_zh="相关项目", inverse_en="projects"),
        Predicate("invests_in", "投资", "invests in", _ORG, ("project",), "number",
                  inverse_zh="投资方", inverse_en="investors"),
        # Who makes, buys, sells, owns.
        Predicate("produces", "生产", "produces", ("enterprise",), ("product",), "number", PRODUCES_QUALIFIERS,
                  inverse_zh="生产企业", inverse_en="makers"),
        Predicate("consumes", "使用", "consumes", ("enterprise",), ("product",), "number",
                  inverse_zh="使用企业", inverse_en="users"),
        Predicate("supplies", "供应", "supplies", ("enterprise",), ("enterprise",), "number", "product",
                  inverse_zh="供应商", inverse_en="suppliers"),
        Predicate("operates", "运行工艺", "operates", ("enterprise",), ("process",),
                  inverse_zh="运行企业", inverse_en="operators"),
        Predicate("owns", "持股", "owns", _ORG, ("enterprise",), "number", inverse_zh="股东", inverse_en="owners"),
        Predicate("partners_with", "合作", "partners with", _ORG, _ORG, inverse_zh="合作方", inverse_en="partners"),
        Predicate("develops", "研发", "develops", ("institution",), ("product",), "number",
                  inverse_zh="研发机构", inverse_en="developers"),
        # Recipes. Quantities are per unit of the process's reference flow (detail is_main), in the words of `basis`.
        Predicate("process_kind", "工艺类型", "kind of process", ("process",), value="text", timeless=True,
                  choices=PROCESS_KINDS),
        Predicate("site", "所依矿床", "tied to the deposit", ("process",), ("region",), timeless=True,
                  inverse_zh="所依工艺", inverse_en="processes tied to it"),
        Predicate("input_to", "投入", "input to", ("product",), ("process",), "number", timeless=True,
                  detail=("basis", "is_main"), inverse_zh="投入品", inverse_en="inputs"),
        Predicate("yields", "产出", "yields", ("process",), ("product",), "number", timeless=True,
                  detail=("basis", "is_main"), inverse_zh="产出工艺", inverse_en="processes that yield it"),
        Predicate("uses", "需用", "uses", ("process",), ("product",), qualifier=("equipment", "service"), timeless=True,
                  detail=("basis", "is_main"), inverse_zh="需用工艺", inverse_en="processes that use it"),
        Predicate("subclass_of", "属于", "is a kind of", ("product",), ("product",), timeless=True,
                  inverse_zh="下位产品", inverse_en="kinds of it"),
        Predicate("chain_target", "目标产品", "target product", ("chain",), ("product",), timeless=True,
                  inverse_zh="作为目标的链", inverse_en="chains it is a target of"),
        # Places.
        Predicate("located_in", "位于", "located in", ("enterprise", "project", "institution"), ("region",),
                  inverse_zh="落户", inverse_en="located here"),
        Predicate("part_of", "属于地区", "part of", ("region",), ("region",), timeless=True,
                  inverse_zh="下辖", inverse_en="parts"),
        # Policies, offers, published figures, and what a source says about completeness.
        Predicate("supports", "支持", "supports", ("policy",), ("product", "region"), "number",
                  inverse_zh="支持政策", inverse_en="policies"),
        Predicate("bars", "限制", "bars", ("policy",), ("enterprise",), inverse_zh="受限于", inverse_en="barred by"),
        Predicate("condition", "条件", "condition", ("policy",), ("product", "region"), "number", "text",
                  detail=("applies_to", "condition", "benefit", "requires"), object_optional=True),
        Predicate("offers", "供给", "offers", ("region",), value="number", qualifier="text"),
        Predicate("indicator", "指标", "indicator", _ANY, value="number", qualifier="text"),
        Predicate("surveys", "普查", "surveys", ("source",), ("region",),
                  qualifier="product_or_chain", inverse_zh="普查来源", inverse_en="surveys"),
        Predicate("lacks", "缺少", "lacks", ("region",), ("product",),
                  inverse_zh="缺少地区", inverse_en="regions lacking it"),
    )
}  # fmt: skip

# Flags: how the source hedges. The first group stays visible but is out of makers and sums; the second is used and
# shown.
EXCLUDING_FLAGS: dict[str, tuple[str, str]] = {
    "plan": ("计划", "planned"),
    "former": ("曾经", "former"),
    "ended": ("已结束", "ended"),
    "indirect": ("间接", "indirect"),
    "stock": ("库存", "a stockpile"),
    "assumed": ("推定产品", "product assumed"),
    "doubtful": ("存疑", "doubtful"),
    "coarser": ("另有更近地点", "a nearer place is known"),
}
SHOWN_FLAGS: dict[str, tuple[str, str]] = {
    "coarse": ("仅知省或国", "only the country or province is known"),
    "inferred": ("由名称推断", "read from the name"),
    "date_uncertain": ("日期不定", "date uncertain"),
    "recycling": ("回收", "recycling"),
}
FLAGS: dict[str, tuple[str, str]] = EXCLUDING_FLAGS | SHOWN_FLAGS
NAME_PREDICATES = ("name_zh", "name_en", "alias", "code")
