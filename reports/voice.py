"""How a document speaks: one language, names, amounts, dates, hedges and references to its numbered sources."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

from babel import Locale

from graph.model.claims import GRADES
from graph.model.kinds import PROJECT_STATUSES
from graph.model.predicates import FLAGS
from graph.model.units import is_money, say_amount
from queries.base import NodeRef
from queries.chain.spoken import Said, day, named
from queries.dossier.rows import Told
from reports.places import TEMPLATES

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
_EXCHANGES = {
    "SSE": ("上交所", "SSE"),
    "SZSE": ("深交所", "SZSE"),
    "BSE": ("北交所", "BSE"),
    "HKEX": ("港交所", "HKEX"),
}
# As an office of here writes them.
_TERRITORIES = {"HK": "中国香港", "MO": "中国澳门", "TW": "中国台湾"}
_QUALIFIERS = {
    "capacity": ("产能", "capacity"),
    "output": ("产量", "output"),
    "plan": ("计划", "planned"),
    "stock": ("库存", "stock"),
    "unstated": ("口径未注明", "not said of what"),
    "": ("在产", "made"),
}
# What the qualifier says already need not be said again as a hedge.
_SAME = {"plan": "plan", "stock": "stock"}
# What XML and terminals cannot carry, and marks that turn the direction of what follows them.
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


class Voice(NamedTuple):
    """Says everything in one language. What it gives is plain text in one line."""

    lang: Lang

    def pick(self, zh: str, en: str) -> str:
        """The one in the language."""
        return zh if self.lang == "zh" else en

    def said(self, said: Said) -> str:
        """A clause that was put together in both languages."""
        return plain(self.pick(said.zh, said.en))

    def name(self, node: NodeRef, most: int = 44) -> str:
        """What a node is called, cut when it is very long."""
        return clipped(self.said(named(node)), most)

    def names(self, nodes: Sequence[NodeRef], total: int | None = None, measure: str = "家") -> str:
        """Names in a row, and how many more there are."""
        told = [self.name(node) for node in nodes]
        every = max(total or 0, len(nodes))
        if self.lang == "zh":
            return "、".join(told) + (f"等{every}{measure}" if every > len(told) else "")
        if every > len(told):
            told.append(f"{every - len(told)} more")
        return " and ".join([", ".join(told[:-1]), told[-1]]) if len(told) > 1 else "".join(told)

    def amount(self, value: float | str | None, unit: str | None) -> str:
        """A value as people write it; '' for none."""
        if value is None:
            return ""
        if isinstance(value, str):
            return plain(self.pick(*PROJECT_STATUSES[value]) if value in PROJECT_STATUSES else value)
        if self.lang == "en" and unit and is_money(unit):
            for step, word in ((1e9, "billion"), (1e6, "million")):
                if abs(value) >= step and round(value / step, 4) * step == value:
                    return f"{value / step:.10g} {word} {unit}"
        if self.lang == "en" and value == 1 and unit in ("days", "months", "years"):
            return f"1 {unit.removesuffix('s')}"
        return say_amount(value, unit, self.lang)

    def phrase(self, words: str) -> str:
        """Words of a sheet, which are English: in Chinese where a translation is kept, else as they are."""
        if self.lang == "en":
            # Curved quotes would be set in the wide shapes of the Chinese font.
            return words.replace("“", '"').replace("”", '"')
        if words.startswith("“") and words.endswith("”"):
            return f"“{self.phrase(words[1:-1])}”"
        return phrases().get(words, words)

    def date(self, date: str | None) -> str:
        """A partial date in words; '' for none."""
        return self.said(day(date)) if date else ""

    def hedges(self, flags: Iterable[str], besides: str = "") -> str:
        """How the source hedges; '' when it does not."""
        told = [self.pick(*FLAGS[flag]) if flag in FLAGS else flag for flag in flags if _SAME.get(flag) != besides]
        return plain(self.pick("、", ", ").join(told))

    def qualifier(self, qualifier: str) -> str:
        """What an amount counts."""
        return self.pick(*_QUALIFIERS[qualifier]) if qualifier in _QUALIFIERS else plain(qualifier)

    def rivals(self, told: Told) -> str:
        """What sources of equal standing say otherwise; '' when none does."""
        others = [f"{self.amount(one.value, one.unit)}{self.refs([one.source])}" for one in told.rivals]
        return self.pick("另有来源称", "others say ") + self.pick("、", ", ").join(others) if others else ""

    def aside(self, *parts: str) -> str:
        """What is told in brackets; '' when there is nothing to tell."""
        told = self.pick("，", ", ").join(part for part in parts if part)
        return self.pick(f"（{told}）", f" ({told})") if told else ""

    def refs(self, numbers: Iterable[int]) -> str:
        """References to sources, to be put behind a text: [1, 3]; '' for none."""
        told = ", ".join(str(number) for number in sorted(set(numbers)))
        return self.pick(f"[{told}]", f" [{told}]") if told else ""

    def grade(self, grade: str | None) -> str:
        """The grade of a source."""
        return self.pick(*GRADES[grade]) if grade in GRADES else ""

    def country(self, code: str) -> str:
        """A country by its code of two letters."""
        if self.lang == "zh" and code in _TERRITORIES:
            return _TERRITORIES[code]
        return str(Locale(self.lang).territories.get(code, plain(code)))

    def code(self, code: str) -> str:
        """A code; of a stock exchange with its usual name."""
        exchange, colon, number = code.partition(":")
        return (
            f"{self.pick(*_EXCHANGES[exchange])} {plain(number)}" if colon and exchange in _EXCHANGES else plain(code)
        )

    def ended(self, sentence: str) -> str:
        """A sentence whose last name brings a full stop of its own: Co., Ltd."""
        return f"{sentence.removesuffix('..')}." if sentence.endswith("..") else sentence

    def more(self, total: int, shown: int) -> str:
        """That there is more than is shown; '' when there is not."""
        return self.pick(f"另有{total - shown}项", f"and {total - shown} more") if total > shown else ""


@cache
def phrases() -> Mapping[str, str]:
    """What notes and conditions of the shipped sheets say, in Chinese. A phrase that is not among them is no error."""
    found: dict[str, str] = json.loads((TEMPLATES / "phrases-zh.json").read_text("utf-8"))
    return found


def plain(text: str) -> str:
    """A text in one line, without what cannot be shown or would turn the text around it."""
    return " ".join(_UNSHOWN.sub(" ", unicodedata.normalize("NFC", text)).split())


def clipped(text: str, most: int) -> str:
    """The beginning of a text that is longer than `most` characters, where a Chinese one counts as two of half."""
    width = 0
    for at, letter in enumerate(text):
        width += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if width > 2 * most:
            return f"{text[:at].rstrip()}…"
    return text
