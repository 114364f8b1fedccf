"""One plain sentence in Chinese and English, put together from the numbers of an answer, never kept ready.

A question chooses its clauses by its numbers, fills them with the fragments below and ends with `sentence`. Fragments
are `Said` themselves, so that they nest; names and numbers are values, never part of a template:

    sentence(say("{place}有{who}", "{who} in {place}", place=named(node), who=counted(3, "家企业", "maker")))
"""

from collections.abc import Sequence

from pydantic import Field

from graph.model.units import say_amount
from queries.base import NodeRef, Record

NAMED = 3
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class Said(Record):
    """The same words in both languages."""

    zh: str = Field(title="中文", description="in Chinese")
    en: str = Field(title="英文", description="in English")


def say(zh: str, en: str, **values: "Said | str | int") -> Said:
    """A clause: two templates with the same values, each put in as its own language says it."""
    return Said(
        zh=zh.format(**{name: value.zh if isinstance(value, Said) else value for name, value in values.items()}),
        en=en.format(**{name: value.en if isinstance(value, Said) else value for name, value in values.items()}),
    )


def sentence(*clauses: Said | None) -> Said:
    """The clauses as one sentence; None leaves one out. Without a clause there is nothing to say: ValueError."""
    told = [clause for clause in clauses if clause is not None]
    if not told:
        raise ValueError("a sentence needs a clause")
    english = "; ".join(clause.en for clause in told)
    # A name may end in a full stop of its own: Co., Ltd.
    english = english.removesuffix(".")
    return Said(zh=f"{'，'.join(clause.zh for clause in told)}。", en=f"{english[:1].upper()}{english[1:]}.")


def named(node: NodeRef) -> Said:
    """What a node is called in each language: in the other where one has no name, else its id."""
    return Said(zh=node.name_zh or node.name_en or node.id, en=node.name_en or node.name_zh or node.id)


def names(nodes: Sequence[NodeRef], total: int | None = None, measure: str = "家") -> Said:
    """The first three, then how many there are: 甲、乙、丙等12家 / A, B, C and 9 others.

    `total` where `nodes` is only the beginning of the list; `measure` counts them in Chinese (家, 个, 种).
    """
    every = max(len(nodes) if total is None else total, len(nodes))
    first = [named(node) for node in nodes[:NAMED]]
    more = every - len(first)
    chinese = "、".join(one.zh for one in first) + (f"等{whole(every).zh}{measure}" if more else "")
    told = [one.en for one in first]
    if more:
        told.append(f"{whole(more).en} {'others' if more > 1 else 'other'}")
    english = " and ".join([", ".join(told[:-1]), told[-1]]) if len(told) > 1 else "".join(told)
    return Said(zh=chinese, en=english)


def whole(number: int) -> Said:
    """A count as people write it: 12,000 / 1.2万."""
    return Said(zh=say_amount(number, None, "zh"), en=f"{number:,}")


def counted(number: int, zh: str, en: str, many: str | None = None) -> Said:
    """A count with its word: 3家企业 / 3 makers; 0 is told as 没有 / no. `many` for a plural that does not end in s."""
    word = en if number == 1 else many or f"{en}s"
    if number == 0:
        return Said(zh=f"没有{zh.removeprefix('家').removeprefix('个').removeprefix('种')}", en=f"no {word}")
    return Said(zh=f"{whole(number).zh}{zh}", en=f"{whole(number).en} {word}")


def amount(value: float | None, unit: str = "t/yr") -> Said:
    """An amount rounded to three digits: 1.25万吨/年 / 12,500 t/yr. None: it is not known, and is said so."""
    if value is None:
        return Said(zh="数量不明", en="an unknown amount")
    rounded = _rounded(value)
    return Said(zh=say_amount(rounded, unit, "zh"), en=say_amount(rounded, unit, "en"))


def tonnes(value: float | None) -> Said:
    """Tonnes (not a rate) rounded to three digits: 3.2万吨 / 32,000 t."""
    return amount(value, "t")


def percent(share: float | None) -> Said:
    """A share (1 is all) in whole percent; what is not quite nothing or all is not rounded to it. None: not known."""
    if share is None:
        return Said(zh="比例不明", en="an unknown share")
    told = f"{share:.0%}"
    if share > 0 and told == "0%":
        return Said(zh="不到1%", en="less than 1%")
    if share < 1 and told == "100%":
        return Said(zh="99%以上", en="more than 99%")
    return Said(zh=told, en=told)


def day(date: str | None) -> Said:
    """A partial date: 2027年6月 / June 2027. None: not known."""
    if not date:
        return Said(zh="日期不明", en="an unknown date")
    year, *rest = date.split("-")
    numbers = [int(part) for part in rest]
    chinese = f"{year}年" + "".join(f"{n}{word}" for n, word in zip(numbers, "月日", strict=False))
    english = " ".join([*(str(n) for n in numbers[1:2]), *(_MONTHS[n - 1] for n in numbers[:1]), year])
    return Said(zh=chinese, en=english)


def _rounded(value: float) -> float:
    """To three significant digits: nobody says 12,347.8 tonnes aloud."""
    return float(f"{value:.3g}")
