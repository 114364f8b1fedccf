"""What a policy asks, read from its words: a small set of explicit rules, and what no rule reads stays words.

Shipped conditions are short English notes. A rule takes a phrase out of the text and says what it asks; phrases joined
by `or` stand for one another, all else is asked at once. What is left over when fillers are gone is kept as words that
a person has to look at: nothing is guessed. `tests/golden/conditions-read.json` shows what is read of every row.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from graph.model.asks import YES, Ask, read_requires
from graph.model.errors import BadInput

# Besides the fields of ASK_FIELDS: who it is for. `product`: makes it; `buys`: takes it in; `region`: lies in it.
SECTORS: dict[str, tuple[str, str]] = {
    "industrial": ("工业企业", "industrial enterprise"),
    "rare_earth": ("稀土企业或项目", "rare earth enterprise or project"),
    "rare_earth_new_material": ("稀土新材料或稀土应用", "rare earth new material or application"),
    "new_material": ("新材料", "new material"),
}
Where = Literal["applies_to", "condition", "requires"]


class Part(NamedTuple):
    """One thing that is asked. Any one of `asks` will do; without any, `words` is what no rule could read.

    `scope`: it says whom the policy is for, not what they have to do.
    """

    asks: tuple[Ask, ...]
    words: str
    where: Where
    scope: bool = False


class Read(NamedTuple):
    """All that is asked; `buys`: the products that it names are bought, not made."""

    parts: tuple[Part, ...]
    buys: bool


class _Found(NamedTuple):
    """A phrase in the text; all of `groups` are asked, any one within a group will do."""

    start: int
    end: int
    groups: tuple[tuple[Ask, ...], ...]
    scope: bool


_SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "": 1.0, None: 1.0}
_CURRENCY = {"yuan": "CNY", "cny": "CNY", "usd": "USD", "eur": "EUR"}
_MONEY = r"(?P<number>\d[\d.,]*) ?(?P<scale>thousand|million|billion)? (?P<currency>yuan|usd|eur|cny)"
_LEAST = r"(?P<least>of at least |at least |of |above |over |more than )?"
_MORE = r"(?P<more> or more)?"


def _amount(field: str, per_year: bool) -> Callable[[re.Match[str]], tuple[tuple[Ask, ...], ...]]:
    def asks(found: re.Match[str]) -> tuple[tuple[Ask, ...], ...]:
        told = found.groupdict()
        value = float(told["number"].replace(",", "").rstrip(".")) * _SCALE[told["scale"]]
        strict = (told.get("least") or "").strip() in ("above", "over", "more than")
        unit = _CURRENCY[told["currency"]] + ("/yr" if per_year else "")
        return ((Ask(field, ">" if strict else ">=", value, unit),),)

    return asks


def _bracket(found: re.Match[str]) -> tuple[tuple[Ask, ...], ...]:
    scale, unit = _SCALE[found["scale"]], _CURRENCY[found["currency"]]
    low, high = (float(found[name]) * scale for name in ("low", "high"))
    return (Ask("fixed_investment", ">=", low, unit),), (Ask("fixed_investment", "<", high, unit),)


def _tonnes(found: re.Match[str]) -> tuple[tuple[Ask, ...], ...]:
    return ((Ask("tonnes_bought", ">", float(found["number"].replace(",", "")), "t/yr"),),)


def _yes(*groups: str) -> Callable[[re.Match[str]], tuple[tuple[Ask, ...], ...]]:
    """All of these; 'a|b': one of the two."""

    def asks(_: re.Match[str]) -> tuple[tuple[Ask, ...], ...]:
        return tuple(tuple(Ask(field, "is", YES, None) for field in group.split("|")) for group in groups)

    return asks


def _sector(name: str) -> Callable[[re.Match[str]], tuple[tuple[Ask, ...], ...]]:
    return lambda _: ((Ask("sector", "is", name, None),),)


# In this order: a longer phrase before one that it contains. Whom it is for:
_WHO = (
    (r"rare earth new materials? (?:and|or) applications?|^rare earth new materials$",
     _sector("rare_earth_new_material")),
    (r"rare earth luminescent material or application", _sector("rare_earth_new_material")),
    (r"^rare earth (?=(?:enterprises|projects|leading|upgrade|pilot|research)\b)"
     r"|\brare earth (?=company\b|companies\b|projects\b)", _sector("rare_earth")),
    (r"^industrial enterprises", _sector("industrial")),
    (r"^new materials", _sector("new_material")),
    # As people write their own sheets.
    (r"^工业企业$", _sector("industrial")),
    (r"^稀土新材料(?:[及和与]应用)?(?:产业)?(?:企业|项目|产品)?$", _sector("rare_earth_new_material")),
    (r"^稀土(?:企业|项目)$", _sector("rare_earth")),
    (r"^新材料(?:企业|项目|产品)?$", _sector("new_material")),
)  # fmt: skip
# And what they have to do or to be.
_WHAT = (
    (r"\bupgrade with(?= at least)|(?<=\0)upgrade projects$", _yes("upgrade")),
    (r"new, rebuilt or extended", _yes("new_build|upgrade")),
    (r"newly built|\bnew (?=\0|project with|companies)", _yes("new_build")),
    (r"fixed (?:asset )?investment (?P<low>\d+) to under (?P<high>\d+) (?P<scale>million|billion) (?P<currency>yuan)",
     _bracket),
    (rf"(?:actual )?fixed (?:asset )?investment {_LEAST}{_MONEY}{_MORE}(?: completed)?",
     _amount("fixed_investment", False)),
    (rf"{_LEAST}{_MONEY} (?:of )?fixed (?:asset )?investment(?: \(land price not counted\))?",
     _amount("fixed_investment", False)),
    (rf"{_LEAST}{_MONEY} of new equipment", _amount("equipment_investment", False)),
    (rf"foreign (?:capital|investment) {_LEAST}{_MONEY}{_MORE}", _amount("foreign_capital", False)),
    (rf"yearly tax {_LEAST}{_MONEY}{_MORE}", _amount("yearly_tax", True)),
    (rf"yearly (?:main )?revenue {_LEAST}{_MONEY}{_MORE}", _amount("yearly_revenue", True)),
    (rf"yearly output value {_LEAST}{_MONEY}{_MORE}", _amount("yearly_output_value", True)),
    (r"(?:buys )?(?:over|more than) (?P<number>\d[\d,]*) t reo of la-ce(?: bought)?", _tonnes),
    (r"existing company", _yes("existing_company")),
    (r"(?:company )?buys land and builds its own plant|own plant on bought land", _yes("buys_land", "own_plant")),
    (r"(?:project )?needs land", _yes("needs_land")),
    (r"registered, producing and paying tax in baotou|^local company\b", _yes("registered_here")),
    (r"city innovation-leading private firm", _yes("innovation_leading_private")),
    (r"smart manufacturing(?= or industry)", _yes("smart_manufacturing_model")),
    (r"industry-university model firm", _yes("industry_university_model")),
    (r"entered in the high-tech company nursery list", _yes("high_tech_nursery")),
    (r"(?:recognised as )?national high-tech enterprise", _yes("national_high_tech")),
    (r"moved to baotou as one", _yes("national_high_tech")),
    (r"recognised as baotou science and technology little giant", _yes("tech_little_giant")),
    (r"recognised as national single-product champion", _yes("single_product_champion")),
    (r"(?:recognised|approved) as national key laboratory", _yes("national_key_laboratory")),
    (r"(?:national )?engineering centre", _yes("national_engineering_centre")),
    (r"recognised as national rare earth technology or innovation centre", _yes("national_innovation_centre")),
    (r"(?<=or )enterprise technology centre", _yes("national_technology_centre")),
    (r"regional technology centre", _yes("regional_technology_centre")),
    (r"(?<=, )key laboratory", _yes("regional_key_laboratory")),
    (r"(?<=or )enterprise centre", _yes("regional_enterprise_centre")),
    (r"newly recognised national green factory", _yes("national_green_factory")),
    (r"newly recognised autonomous region green factory", _yes("regional_green_factory")),
    (r"newly approved rare earth post-doctoral workstation", _yes("postdoctoral_station")),
    (r"global 500", _yes("global_500")),
    (r"national 100", _yes("national_100")),
    (r"industry leader", _yes("industry_leader")),
    (r"central enterprise", _yes("central_enterprise")),
    (r"(?:wins a )?national major science and technology special project", _yes("national_major_project")),
    (r"(?:undertakes a )?national key research and development project", _yes("national_key_project")),
    (r"national science and technology award, first class", _yes("national_award_first")),
    (r"national science and technology award, second class", _yes("national_award_second")),
    (r"autonomous region science and technology award, first class", _yes("regional_award_first")),
)  # fmt: skip
_RULES = tuple((re.compile(pattern), asks, scope) for rules, scope in ((_WHO, True), (_WHAT, False))
               for pattern, asks in rules)  # fmt: skip
# What the number beside the benefit counts: no condition.
_ASIDE = re.compile(r"; (?:% (?:for five years|of state support|max)|months credit|t REO/yr|measures in total)$")
_BUYING = re.compile(r"\bbuy(?:s|ing)? (?!land)|\bbought from\b|\bla-ce bought\b")
_FILLER = frozenset({
    "a", "an", "the", "and", "or", "of", "in", "with", "for", "to", "its", "as", "that", "is", "one", "any", "year",
    "district", "company", "companies", "enterprise", "enterprises", "firm", "firms", "project", "projects", "product",
    "products", "producer", "institute", "recognised",
})  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


@lru_cache(maxsize=4096)
def read_condition(applies_to: str, condition: str, requires: str, of_nodes: bool) -> Read:
    """What a condition asks. `of_nodes`: whom it applies to is told by ids, so these words are not read.

    `requires` is the structured form (`graph/model/asks.py`); where it is told, the words of the condition explain it
    and are not read again.
    """
    parts: list[Part] = [] if of_nodes else _read(applies_to, "applies_to")
    if requires:
        parts += _structured(requires)
    else:
        parts += _read(condition, "condition")
    said: set[object] = set()
    kept = []
    for part in parts:
        key = frozenset(part.asks) or part.words
        if key not in said:
            said.add(key)
            kept.append(part)
    return Read(tuple(kept), bool(_BUYING.search(condition.lower())))


def _structured(requires: str) -> list[Part]:
    """What another program may have recorded and no rule can read stays words, too."""
    try:
        groups = read_requires(requires)
    except BadInput:
        return [Part((), requires, "requires")]
    return [Part(group, " or ".join(ask.written() for ask in group), "requires") for group in groups]


def _read(text: str, where: Where) -> list[Part]:
    plain = _ASIDE.sub("", text.strip())
    left = plain.lower()
    taken: list[_Found] = []
    for pattern, asks, scope in _RULES:
        taken += [_Found(found.start(), found.end(), asks(found), scope) for found in pattern.finditer(left)]
        # Blanked out in place, so that a later rule neither reads it again nor moves.
        left = pattern.sub(lambda found: "\0" * len(found[0]), left)
    taken.sort()
    words = _left_over(plain, left)
    return [*_joined(plain, taken, where), *([Part((), words, where)] if words else [])]


def _joined(text: str, taken: Sequence[_Found], where: Where) -> list[Part]:
    """Phrases with `or` between them are one part; a comma before such an `or` is one, too."""
    parts: list[Part] = []
    between = [text[one.end : other.start].strip() for one, other in pairwise(taken)]
    joined = [False] * (len(between) + 1)
    for at in range(len(between) - 1, -1, -1):
        joined[at] = between[at] in ("or", ", or") or (between[at] == "," and joined[at + 1])
    for at, (start, end, groups, scope) in enumerate(taken):
        words = text[start:end].strip()
        if at and joined[at - 1] and len(groups) == 1:
            last = parts.pop()
            new = tuple(ask for ask in groups[0] if ask not in last.asks)
            parts.append(Part((*last.asks, *new), f"{last.words} or {words}", where, last.scope))
        else:
            parts += [Part(group, words, where, scope) for group in groups]
    return parts


def _left_over(text: str, left: str) -> str:
    """The words that no rule took, as they stand in the text; '' when only fillers are left."""
    pieces = [text[found.start() : found.end()].strip(" ,;.") for found in re.finditer(r"[^\0]+", left)]
    telling = [piece for piece in pieces if any(word.lower() not in _FILLER for word in _WORD.findall(piece))]
    return " … ".join(telling)
