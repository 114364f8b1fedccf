"""The rows of a dossier as short texts: what is published, with date, hedge and source."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from graph.model.kinds import PROJECT_STATUSES
from queries.chain.spoken import Said
from queries.dossier.rows import (
    DossierOffer,
    DossierPolicy,
    DossierProject,
    GoodsRow,
    IdentityRow,
    NumberedSource,
    TieRow,
    Told,
)
from queries.fitting.judging import VERDICTS
from reports.voice import Voice, clipped, plain

# What regions offer, in the words of the sheets; others go by their own name.
OFFERS: dict[str, str] = {
    "electricity": "电价与供电",
    "electroplating park": "电镀园区",
    "idle land brought back into use": "盘活存量土地",
    "industrial land": "工业用地",
    "land reward for own-built plant": "自建厂房用地奖励",
    "plant building grant": "厂房建设补助",
    "power supply": "供电",
    "project approval service": "项目审批服务",
    "rail": "铁路",
    "rare earth policy package": "稀土政策包",
    "raw material supply": "原料供应",
    "raw materials": "原料",
    "roads and pipes": "道路与管网",
    "service platform": "公共服务平台",
    "standard factory": "标准厂房",
    "talent subsidy": "人才政策",
    "technology transfer": "成果转化",
    "waste treatment": "废水废渣处理",
    "zero-carbon park": "零碳园区",
    "offer": "供给",
}
_WORDS = 84


class Line(NamedTuple):
    """One text, the numbers of its sources and the claims behind it."""

    text: str
    sources: tuple[int, ...] = ()
    claims: tuple[str, ...] = ()

    def shown(self, voice: Voice) -> dict[str, object]:
        """As a template takes it: `full` has the references in it."""
        refs = voice.refs(self.sources)
        return {"text": self.text, "refs": refs.strip(), "full": self.text + refs, "claims": list(self.claims)}


def cited(text: str, *told: Told | None) -> Line:
    """A text that rests on some statements and on those that contradict them."""
    stated = [one for one in told if one is not None]
    sources = dict.fromkeys(one.source for one in stated)
    claims = [*(one.claim for one in stated), *(rival.claim for one in stated for rival in one.rivals)]
    return Line(text, tuple(sources), tuple(dict.fromkeys(claims)))


def identity_lines(rows: Sequence[IdentityRow], voice: Voice) -> list[tuple[str, list[Line]]]:
    """Label and entries: other names, codes, country and places, founded, website; none where nothing is told."""
    labels = {
        "alias": voice.pick("又称", "Also called"),
        "code": voice.pick("证券代码", "Code"),
        "place": voice.pick("所在地", "Place"),
        "country": voice.pick("国家或地区", "Country"),
        "founded": voice.pick("成立", "Founded"),
        "website": voice.pick("网站", "Website"),
    }
    found = []
    for kind, label in labels.items():
        lines = [cited(_identity(row, voice), row.told) for row in rows if row.kind == kind]
        if lines:
            found.append((label, lines))
    return found


def _identity(row: IdentityRow, voice: Voice) -> str:
    if row.region is not None:
        return voice.name(row.region) + voice.aside(voice.date(row.told.as_of), voice.hedges(row.told.flags))
    text = row.text or ""
    if row.kind == "code":
        return voice.code(text)
    if row.kind == "country":
        return voice.country(text)
    return voice.date(text) if row.kind == "founded" else clipped(plain(text), 44)


def goods_cells(row: GoodsRow, voice: Voice) -> dict[str, object]:
    """A product with what is published of it, as cells."""
    told = row.told
    hedges = voice.hedges(told.flags, besides=told.qualifier)
    kind = (
        voice.qualifier(told.qualifier) if told.value is not None or told.qualifier == "plan" else voice.qualifier("")
    )
    amount = voice.amount(told.value, told.unit) or "–"
    text = cited("", told)
    return {
        "product": voice.name(row.product, 30),
        "kind": kind + voice.aside(hedges),
        "amount": amount + voice.aside(voice.rivals(told)),
        "date": voice.date(told.as_of) or "–",
        "refs": voice.refs(text.sources).strip(),
        "claims": list(text.claims),
    }


def goods_line(row: GoodsRow, voice: Voice) -> Line:
    """A product that is used."""
    told = row.told
    aside = voice.aside(voice.amount(told.value, told.unit), voice.date(told.as_of), voice.hedges(told.flags))
    return cited(voice.name(row.product) + aside, told)


def tie_line(row: TieRow, voice: Voice) -> Line:
    """Somebody it is tied to: who, whether in the region, over whom, what, how much, when."""
    told = row.told
    goods = voice.name(row.product, 24) if row.product else clipped(plain(row.what), 24) if row.what else ""
    aside = voice.aside(
        voice.pick("本地", "in the region") if row.here else "",
        voice.pick(f"经{voice.name(row.via)}", f"through {voice.name(row.via)}") if row.via else "",
        goods,
        voice.amount(told.value, told.unit),
        voice.date(told.as_of),
        voice.hedges(told.flags),
        voice.rivals(told),
    )
    return cited(voice.name(row.node) + aside, told)


def project_cells(row: DossierProject, voice: Voice) -> dict[str, object]:
    """A project as cells."""
    hedges = voice.hedges(row.invested.flags if row.invested else ())
    status = voice.pick(*PROJECT_STATUSES[row.status]) if row.status else voice.pick("不明", "not known")
    told = [row.state, row.investment, row.completion, *row.made, row.invested]
    line = cited("", *told)
    money = row.investment or (row.invested if row.invested and row.invested.value is not None else None)
    # The amounts of a project are told of products: the largest is that of the whole.
    amounts = [one for one in row.made if isinstance(one.value, float)]
    size = max(amounts, key=lambda one: float(one.value or 0), default=None)
    products = voice.pick("、", ", ").join(voice.name(one, 18) for one in row.products) or "–"
    place = voice.pick("、", ", ").join(voice.name(one, 22) for one in row.places) or voice.pick("不明", "not known")
    return {
        "project": voice.name(row.project, 30) + voice.aside(voice.name(row.by, 24) if row.by else "", hedges),
        "place": voice.pick("★", "★ ") + place if row.here else place,
        "status": status
        + voice.aside(
            voice.date(row.status_as_of or row.newest), voice.pick("已逾期", "overdue") if row.overdue else ""
        ),
        "size": products + (f" {voice.amount(size.value, size.unit)}" if size else ""),
        "money": (voice.amount(money.value, money.unit) if money else "") or "–",
        "completion": voice.date(str(row.completion.value)) if row.completion and row.completion.value else "–",
        "refs": voice.refs(line.sources[:4]).strip(),
        "claims": list(line.claims),
    }


def policy_line(row: DossierPolicy, voice: Voice) -> Line:
    """A policy with one of its conditions: how they stand to it, and what is given."""
    told = row.told
    pick = voice.pick
    name = pick(f"《{voice.name(row.policy, 40).strip('《》')}》", voice.name(row.policy, 60))
    aside = voice.aside(
        voice.name(row.region, 20) if row.region else pick("适用地区未载明", "for which region is not on record"),
        voice.date(told.as_of) or pick("日期不明", "undated"),
        voice.hedges(told.flags),
        voice.rivals(told),
        pick(*VERDICTS[row.verdict]) if row.verdict else "",
    )
    asked, met = _asks(row.open, voice), _asks(row.met, voice)
    given = _given(row, voice)
    parts = [
        pick(f"支持{voice.name(row.product, 24)}", f"supports {voice.name(row.product, 24)}")
        if row.product and row.verdict is None
        else "",
        pick(f"已符合：{met}", f"met: {met}") if met else "",
        pick(f"待核：{asked}", f"to check: {asked}") if asked else "",
        pick(f"给予：{given}", f"gives {given}") if given else "",
    ]
    said = pick("；", "; ").join(part for part in parts if part)
    return Line(name + aside + (pick("：", ": ") + said if said else ""), row.grounds.sources, row.grounds.claims)


def _asks(asks: Sequence[Said], voice: Voice) -> str:
    """What is asked; words that no rule reads come in quotes, in the words of the sheet."""
    return voice.pick("、", ", ").join(clipped(voice.phrase(voice.said(one)), _WORDS) for one in asks)


def _given(row: DossierPolicy, voice: Voice) -> str:
    if row.verdict is None:
        return ""
    benefit = clipped(voice.phrase(plain(row.benefit)), _WORDS) if row.benefit else ""
    amount = voice.amount(row.told.value, row.told.unit)
    return voice.pick("，", " ").join(part for part in (amount, benefit) if part)


def offer_line(row: DossierOffer, voice: Voice) -> Line:
    """Something to offer, with amount, note and date."""
    told = row.told
    name = voice.pick(OFFERS.get(row.name, row.name), row.name)
    amount = voice.amount(told.value, told.unit)
    said = voice.pick("，", ", ").join(
        part for part in (amount, clipped(voice.phrase(plain(told.note)), 60) if told.note else "") if part
    )
    aside = voice.aside(
        voice.name(row.region, 20),
        voice.date(told.as_of) or voice.pick("日期不明", "undated"),
        voice.hedges(told.flags),
        voice.rivals(told),
    )
    return cited(plain(name) + aside + (voice.pick("：", ": ") + said if said else ""), told)


def source_cells(row: NumberedSource, voice: Voice) -> dict[str, object]:
    """A source: number, publisher, date, grade, address."""
    source = row.source
    parts = [
        clipped(plain(source.publisher or source.id), 30),
        source.date or voice.pick("无日期", "undated"),
        voice.grade(source.grade),
    ]
    url = source.url if source.url and source.url.startswith(("https://", "http://")) else ""
    return {
        "number": row.number,
        "text": voice.pick("，", ", ").join(part for part in parts if part),
        "url": plain(url).replace(" ", "%20"),
    }


def joined(lines: Iterable[Mapping[str, object]], voice: Voice) -> str:
    """Entries with their references as one text."""
    return voice.pick("；", "; ").join(str(line["full"]) for line in lines)
