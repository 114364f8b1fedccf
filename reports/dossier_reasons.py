"""Why here, and what to find out, in the sentences of an office."""

from queries.dossier.rows import OpenQuestion, Reason
from queries.dossier.said import LINKS
from reports.dossier_lines import Line
from reports.voice import Voice

_CHINESE_MEASURE = {"projects_here": "个", "movement": "个", "nearby": "个", "inputs": "种"}


def reason_line(row: Reason, region: str, voice: Voice) -> Line:
    """One reason in one sentence."""
    return Line(voice.ended(_reason(row, region, voice)), row.grounds.sources, row.grounds.claims)


def _reason(row: Reason, region: str, voice: Voice) -> str:
    pick = voice.pick
    product = voice.name(row.product) if row.product else ""
    link = voice.said(LINKS[row.link]) if row.link else ""
    who = voice.names(row.nodes, row.total, _CHINESE_MEASURE.get(row.kind, "家"))
    others = voice.names(row.others, measure="种")
    match row.kind:
        case "here":
            return pick(f"企业已在{region}：可谈增资扩产。", f"It is in {region} already: talk about growing there.")
        case "closes":
            how = pick(f"（所产{others}属此类）", f" (it makes {others}, a kind of it)") if row.others else ""
            if row.link == "strengthen":
                return pick(
                    f"可增强本地“{product}”{how}：强链环节，{_supply(row, voice)}。",
                    f"Could strengthen {product}{how} in {region}: {_supply(row, voice)}.",
                )
            return pick(
                f"可补{link}“{product}”{how}：{_supply(row, voice)}。",
                f"Could bring {product}{how}, {link} in {region}: {_supply(row, voice)}.",
            )
        case "grows":
            return pick(
                f"已在本地生产{link}“{product}”，可谈扩产：{_supply(row, voice)}。",
                f"Makes {product}, {link}, in {region} already, could grow: {_supply(row, voice)}.",
            )
        case "not_recorded":
            tail = pick(f"“{product}”在{region}为{link}：", f" It is {link} in {region}: ") if row.link else ""
            return pick(
                f"没有该企业生产“{product}”的记录。{tail}{_supply(row, voice)}。",
                f"No record that it makes {product}.{tail or ' '}{_supply(row, voice)}.",
            )
        case "near":
            return pick(
                f"从其产品{others}再进一道工序，可做{link}“{product}”：{_supply(row, voice)}。",
                f"One process further from its {others} is {product}, {link} in {region}: {_supply(row, voice)}.",
            )
        case "needed":
            return pick(
                f"所产“{product}”本地有{row.users}家要用（{who}），本地生产者{row.makers}家。",
                f"Its {product} is needed by {row.users} in {region} ({who}); {row.makers} there make it.",
            )
        case "inputs":
            return pick(
                f"所需投入品本地有产：{who}（生产者{row.makers}家）。",
                f"Inputs made in {region}: {who} (makers: {row.makers}).",
            )
        case "nearby":
            place = voice.names(row.others)
            return pick(f"在{place}（{region}之外）已有布局：{who}。", f"Already in {place}, outside {region}: {who}.")
        case "movement":
            return pick(
                f"近五年在外地的项目{row.total}个：{who}。",
                f"Projects away from home in the last five years: {row.total} ({who}).",
            )
    return pick(f"{_TIES[row.kind][0]}：{who}。", f"{_TIES[row.kind][1].format(region=region)}: {who}.")


_TIES: dict[str, tuple[str, str]] = {
    "owners_here": ("股东或其上级在本地", "Owners in {region}"),
    "owned_here": ("所投企业已在本地", "Subsidiaries or holdings in {region}"),
    "siblings_here": ("同一股东的企业在本地", "Sister companies in {region}"),
    "suppliers_here": ("供应商在本地", "Suppliers in {region}"),
    "customers_here": ("客户在本地", "Customers in {region}"),
    "partners_here": ("合作方在本地", "Partners in {region}"),
    "projects_here": ("已有项目在本地", "Projects in {region}"),
}


def _supply(row: Reason, voice: Voice) -> str:
    """Who here makes it, who needs it, which share of the inputs is here, what is under way, how they rank."""
    pick = voice.pick
    users = voice.names(row.nodes, row.total)
    parts = [
        pick(f"本地生产者{row.makers}家", f"makers there: {row.makers}") + _itself(row, voice)
        if row.makers
        else pick("本地无生产者在录", "no maker there on record"),
        pick(f"{row.users}家本地企业要用（{users}）", f"needed by {row.users} there ({users})") if row.users else "",
        pick(f"投入品本地率{row.inputs_here:.0%}", f"inputs there {row.inputs_here:.0%}")
        if row.inputs_here is not None
        else "",
        pick(
            f"在建或签约项目预计{voice.date(row.closes_on)}投产",
            f"a project there is expected by {voice.date(row.closes_on)}",
        )
        if row.closes_on
        else "",
        pick(
            f"招商匹配度{row.score:.2f}，{row.candidates}家候选中列第{row.rank}",
            f"fit {row.score:.2f}, rank {row.rank} of {row.candidates} candidates",
        )
        if row.score is not None
        else "",
    ]
    return pick("，", "; ").join(part for part in parts if part)


def _itself(row: Reason, voice: Voice) -> str:
    return voice.pick("（含该企业）", " (with itself)") if row.kind == "grows" else ""


# By kind: what is to be asked, with {names} of what it is about and {date} of the newest statement.
_ASKED: dict[str, tuple[str, str]] = {
    "place_unknown": (
        "所在地未见记录，请核实注册地与生产地。",
        "No place is on record: where are its seat and plants?",
    ),
    "place_coarse": (
        "所在地只到省或国（{names}），请核实具体地点。",
        "Its place is told only as {names}: where exactly?",
    ),
    "nothing_made": ("没有现产产品的记录，请核实主要产品。", "Nothing it makes is on record: what are its products?"),
    "class_only": (
        "只知生产“{names}”这一大类，请核实具体品种。",
        "Only the class {names} is told: which kinds exactly?",
    ),
    "capacity_untold": ("{names}的产能未见公布，请核实。", "Capacity for {names} is not published: how large is it?"),
    "conflict": ("来源说法不一{values}，请核实。", "Sources disagree{values}: which is right?"),
    "old_only": ("产品资料最新为{date}，请核实近况。", "What it makes was last told of in {date}: what is new?"),
    "plan_not_reached": (
        "计划未见落实：{names}{values}，请核实进展。",
        "Planned and not seen to be reached: {names}{values}. How far is it?",
    ),
    "project_overdue": ("已过预定完工日期而未见完工：{names}。", "Past their own date, not seen to be done: {names}."),
    "project_status": (
        "三年内无进展消息或状态不明：{names}。",
        "No news for three years, or no status on record: {names}.",
    ),
    "share_untold": ("持股比例未见公布：{names}。", "Share not published: {names}."),
    "owners_unknown": ("股东未见记录，请核实股权结构与决策人。", "No owner is on record: who owns it, who decides?"),
    "trade_unknown": (
        "供应商与客户未见记录，请核实主要往来。",
        "No supplier or customer is on record: who are the main ones?",
    ),
    "offer_old": (
        "上列供给条件部分无日期或早于三年，行前请向主管部门确认。",
        "Some offers above are undated or older than three years: confirm them before the visit.",
    ),
    "policy_undated": (
        "政策无日期或早于三年，是否仍有效请确认：{names}。",
        "Undated or older than three years; confirm that they still hold: {names}.",
    ),
}
_NO_DATE = ("不明日期", "an unknown year")


def question_line(row: OpenQuestion, voice: Voice) -> Line:
    """One question in one sentence."""
    measure = "个" if row.kind.startswith("project") else "项"
    values = [
        f"{voice.amount(told.value, told.unit)}{voice.aside(voice.rivals(told) or voice.date(told.as_of))}"
        for told in row.told
        if told.value is not None
    ]
    said = voice.pick(*_ASKED[row.kind])
    filled = {
        "names": voice.names(row.about, row.total, measure),
        "date": voice.date(row.newest) or voice.pick(*_NO_DATE),
        "values": f"{voice.pick('：', ': ')}{voice.pick('；', '; ').join(values)}" if values else "",
    }
    return Line(voice.ended(said.format(**filled)), row.grounds.sources, row.grounds.claims)
