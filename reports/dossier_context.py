"""A dossier and a language -> what its templates are filled with: texts, lists of texts and tables, nothing else.

The keys are the tags of the Word template (docs/dossier.md lists them; a test compares).
"""

from collections.abc import Sequence
from typing import Any

from queries.dossier.dossier import DossierAnswer
from queries.dossier.rows import TieRow
from reports.dossier_lines import (
    Line,
    goods_cells,
    goods_line,
    identity_lines,
    joined,
    offer_line,
    policy_line,
    project_cells,
    source_cells,
    tie_line,
)
from reports.dossier_reasons import question_line, reason_line
from reports.two_pages import MOST, lines_of, next_cut, references_in
from reports.voice import Lang, Voice

Context = dict[str, Any]

# Headings and table heads, as (zh, en).
LABELS: dict[str, tuple[str, str]] = {
    "kind": ("走访材料", "Visit dossier"),
    "who": ("一、企业概况", "1. Who they are"),
    "makes": ("二、产品与产能", "2. What they make"),
    "ties": ("三、股权、供销与合作", "3. Owners, trade and partners"),
    "projects": ("四、项目", "4. Projects"),
    "reasons": ("五、为什么是这里", "5. Why here"),
    "terms": ("六、可以谈什么", "6. What to offer"),
    "questions": ("七、待核实", "7. Open questions"),
    "sources": ("八、来源", "8. Sources"),
    "product": ("产品", "Product"),
    "counts": ("口径", "What is counted"),
    "amount": ("数量", "Amount"),
    "date": ("时间", "As of"),
    "source": ("来源", "Source"),
    "project": ("项目（投资方）", "Project (by)"),
    "place": ("地点", "Place"),
    "status": ("状态", "Status"),
    "size": ("产品与规模", "Products and size"),
    "money": ("投资", "Invested"),
    "completion": ("预计完工", "Due"),
    "uses": ("所用原料", "Uses"),
    "none": ("无记录", "nothing on record"),
}


def context_of(answer: DossierAnswer, lang: Lang) -> Context:
    """Everything a dossier says, in one language, cut to what two pages hold; what is left out is counted."""
    voice = Voice(lang)
    cuts: dict[str, int] = {}
    context = _whole(answer, voice)
    while lines_of(context) > MOST[lang] and (name := next_cut(context, cuts)) is not None:
        cuts[name] = cuts.get(name, 0) + 1
        context = _whole(answer.model_copy(update={name: getattr(answer, name)[: -cuts[name]] for name in cuts}), voice)
    return context


def _whole(answer: DossierAnswer, voice: Voice) -> Context:
    region = voice.name(answer.region)
    day = voice.date(answer.as_of)
    context: Context = {
        "lang": voice.pick("zh-CN", "en"),
        "labels": {name: voice.pick(*pair) for name, pair in LABELS.items()},
        "enterprise": voice.name(answer.enterprise, 60),
        "region": region,
        "product": voice.name(answer.product) if answer.product else "",
        "as_of": answer.as_of,
        "date": day,
        "title": voice.name(answer.enterprise, 60),
        "subtitle": _subtitle(answer, region, day, voice),
        "summary": voice.said(answer.said),
        "who": _labelled(identity_lines(answer.identity, voice), voice),
        "makes": [goods_cells(row, voice) for row in answer.makes],
        "makes_more": voice.more(answer.totals["makes"], len(answer.makes)),
        "uses": _joined([goods_line(row, voice) for row in answer.uses], answer.totals["uses"], voice),
        "ties": _ties(answer, voice),
        "projects": [project_cells(row, voice) for row in answer.projects],
        "projects_more": voice.more(answer.totals["projects"], len(answer.projects)),
        "projects_note": voice.pick(f"★ 在{region}。", f"★ in {region}.")
        if any(p.here for p in answer.projects)
        else "",
        "reasons": [reason_line(row, region, voice).shown(voice) for row in answer.reasons],
        "reasons_more": voice.more(answer.totals["reasons"], len(answer.reasons)),
        "policies": [policy_line(row, voice).shown(voice) for row in answer.policies],
        "policies_more": voice.more(answer.totals["policies"], len(answer.policies)),
        "offers": [offer_line(row, voice).shown(voice) for row in answer.offers],
        "offers_more": voice.more(answer.totals["offers"], len(answer.offers)),
        "questions": [question_line(row, voice).shown(voice) for row in answer.questions],
        "questions_more": voice.more(answer.totals["questions"], len(answer.questions)),
        "sources": [],
        "foot": _foot(answer, voice),
    }
    named = references_in(context)
    context["sources"] = [source_cells(row, voice) for row in answer.sources if row.number in named]
    return context


def _subtitle(answer: DossierAnswer, region: str, day: str, voice: Voice) -> str:
    about = voice.name(answer.product) if answer.product else ""
    parts = [
        voice.pick(f"{region}招商走访", f"for a visit on behalf of {region}"),
        voice.pick(f"议题：{about}", f"about {about}") if about else "",
        voice.pick(f"截至{day}", f"as of {day}"),
        voice.pick(f"资料截至{voice.date(answer.known_at)}", f"as known at {voice.date(answer.known_at)}")
        if answer.known_at
        else "",
    ]
    return " · ".join(part for part in parts if part)


def _ties(answer: DossierAnswer, voice: Voice) -> list[Context]:
    lists: tuple[tuple[str, str, str, Sequence[TieRow]], ...] = (
        ("owners", "股东", "Owners", answer.owners),
        ("owned", "所投企业", "Holdings", answer.owned),
        ("suppliers", "供应商", "Suppliers", answer.suppliers),
        ("customers", "客户", "Customers", answer.customers),
        ("partners", "合作方", "Partners", answer.partners),
    )
    found = []
    for name, zh, en, rows in lists:
        lines = [tie_line(row, voice) for row in rows]
        found.append({"label": voice.pick(zh, en), **_joined(lines, answer.totals[name], voice)})
    return found


def _labelled(rows: Sequence[tuple[str, list[Line]]], voice: Voice) -> list[Context]:
    return [{"label": label, **_joined(lines, len(lines), voice)} for label, lines in rows]


def _joined(lines: Sequence[Line], total: int, voice: Voice) -> Context:
    """Entries, and the same as one text; where there is none, that nothing is on record."""
    entries = [line.shown(voice) for line in lines]
    more = voice.more(total, len(entries))
    text = joined(entries, voice) or voice.pick(*LABELS["none"])
    return {"entries": entries, "more": more, "text": f"{text}{voice.pick('；', '; ')}{more}" if more else text}


def _foot(answer: DossierAnswer, voice: Voice) -> str:
    return voice.pick(
        f"“计划、存疑、间接”等字样为来源本身的保留；第五、七部分按公开规则推算，其余照来源所载。"
        f"未见记录不等于没有。方括号内为来源序号。数据版本{answer.revision}，由 rechain 生成。",
        f"Words like planned, doubtful or indirect are the sources' own reserve. Parts 5 and 7 follow from explicit "
        f"rules, all else is as published. Not on record does not mean that there is none. Numbers in brackets "
        f"are sources. Data revision {answer.revision}; made by rechain.",
    )
