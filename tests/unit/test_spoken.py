"""Sentences put together from numbers: each fragment in both languages, worked out by hand."""

import pytest

from queries.base import NodeRef
from queries.chain.spoken import Said, amount, counted, day, named, names, percent, say, sentence, tonnes, whole

NODES = [
    NodeRef(id=f"ent:{en}", name_zh=zh, name_en=en) for zh, en in (("甲", "A"), ("乙", "B"), ("丙", "C"), ("丁", "D"))
]


def told(said: Said) -> tuple[str, str]:
    return said.zh, said.en


@pytest.mark.parametrize(
    ("said", "zh", "en"),
    [
        (tonnes(32_000), "3.2万吨", "32,000 t"),
        (tonnes(12_347.8), "1.23万吨", "12,300 t"),
        (tonnes(0), "0吨", "0 t"),
        (tonnes(None), "数量不明", "an unknown amount"),
        (amount(250_000_000, "CNY"), "2.5亿元", "250,000,000 CNY"),
        (amount(80), "80吨/年", "80 t/yr"),
        (whole(12_000), "1.2万", "12,000"),
        (whole(1_234), "1234", "1,234"),
        (whole(7), "7", "7"),
        (counted(1, "家企业", "maker"), "1家企业", "1 maker"),
        (counted(3, "家企业", "maker"), "3家企业", "3 makers"),
        (counted(0, "家企业", "maker"), "没有企业", "no makers"),
        (counted(2, "家企业", "company", "companies"), "2家企业", "2 companies"),
        (percent(0.8333), "83%", "83%"),
        (percent(0.0), "0%", "0%"),
        (percent(0.001), "不到1%", "less than 1%"),
        (percent(0.999), "99%以上", "more than 99%"),
        (percent(1.0), "100%", "100%"),
        (percent(None), "比例不明", "an unknown share"),
        (day("2027"), "2027年", "2027"),
        (day("2027-06"), "2027年6月", "June 2027"),
        (day("2027-06-30"), "2027年6月30日", "30 June 2027"),
        (day(None), "日期不明", "an unknown date"),
        (names(NODES[:1]), "甲", "A"),
        (names(NODES[:2]), "甲、乙", "A and B"),
        (names(NODES[:3]), "甲、乙、丙", "A, B and C"),
        (names(NODES), "甲、乙、丙等4家", "A, B, C and 1 other"),
        (names(NODES[:3], 12, "个"), "甲、乙、丙等12个", "A, B, C and 9 others"),
        (names([]), "", ""),
        (named(NodeRef(id="ent:x", name_en="X")), "X", "X"),
        (named(NodeRef(id="ent:x")), "ent:x", "ent:x"),
    ],
)  # fmt: skip
def test_fragments(said: Said, zh: str, en: str) -> None:
    assert told(said) == (zh, en)


def test_a_sentence_takes_clauses_in_order_and_leaves_out_none() -> None:
    """Two clauses, the middle one not said; English begins with a capital, both end with their full stop."""
    said = sentence(
        say(
            "{place}有{makers}", "{makers} are in {place}", place=named(NODES[0]), makers=counted(3, "家企业", "maker")
        ),
        None,
        say("需要{count}种", "{count} are needed", count=2),
    )
    assert told(said) == ("甲有3家企业，需要2种。", "3 makers are in A; 2 are needed.")


def test_names_are_never_taken_for_templates() -> None:
    hostile = NodeRef(id="ent:x", name_zh="{0.__class__}", name_en="{x}")
    assert told(say("{who}好", "hello {who}", who=named(hostile))) == ("{0.__class__}好", "hello {x}")


def test_nothing_said_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="clause"):
        sentence(None)
