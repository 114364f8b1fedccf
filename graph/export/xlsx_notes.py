"""What a workbook says of itself: Chinese, English, and the value or None for a heading."""

from collections.abc import Iterator, Mapping, Sequence

from graph.export.asked import PARAMETERS, given
from graph.export.property_graph import Column
from graph.model.claims import GRADES
from graph.model.kinds import NODE_KINDS
from graph.model.predicates import FLAGS, PREDICATES
from graph.model.subgraph import Subgraph

Notes = list[tuple[str, str, str | float | None]]
_READING = (
    (
        "空单元格表示不知道，不是零，也不是没有。",
        "An empty cell says that it is not known: not zero, and not that there is none.",
    ),
    (
        "数值以同行的单位计，为所述日期的发布值。",
        "Amounts are in the unit beside them, as published, for the date beside them.",
    ),
    (
        "关系的“标识”、节点的“陈述”是首选陈述（clm:…），可据此查到全部依据。",
        "`id` of a relation and `claims` of a node are the preferred claims (clm:...) that the row rests on.",
    ),
    (
        "一格多值以 | 分隔；文中的 | 写作 \\|。",
        "Several values in a cell have | between them; a | inside is written \\|.",
    ),
    ("日期是 ISO 文本，精度同来源。", "Dates are ISO texts, as precise as the source."),
    (
        "本表只列首选陈述；要带全部陈述并可载回，请用 factsheet、parquet 或 nquads。",
        "Only preferred statements are here; factsheet, parquet and nquads hold all, and can be loaded again.",
    ),
)


def notes(subgraph: Subgraph, licences: Mapping[str, int], sheets: Mapping[str, Sequence[Column]]) -> Notes:
    """The rows, from top to bottom. `licences`: how many sources have each, '' where none is stated."""
    size, left_out = subgraph.size, subgraph.left_out
    rows: Notes = [
        ("稀土产业链知识图谱：子图", "Rare-earth industrial chain, knowledge graph: a subgraph", None),
        ("", "", ""),
        ("问题", "Question", None),
        *_asked(subgraph.asked),
        ("事实截至", "facts as of", subgraph.as_of),
        ("当时已知（空：不限）", "known at (empty: all that is known)", subgraph.known_at or ""),
        ("数据版本", "revision of the graph", float(subgraph.revision)),
        ("可复现的提问（JSON）", "to ask it again (JSON)", subgraph.asked),
        ("", "", ""),
        ("数量", "Counts", None),
        ("节点", "nodes", float(size.nodes)),
        ("关系", "relations", float(size.links)),
        ("节点的其他陈述", "other statements about nodes", float(size.attributes)),
        ("来源", "sources", float(sum(licences.values()))),
        ("", "", ""),
        ("未纳入", "Left out", None),
        ("超出节点上限", "nodes beyond the limit", float(left_out.nodes)),
        ("带标记（计划、曾经、存疑等）", "statements told as planned, former, doubtful ...", float(left_out.flagged)),
        ("置信度过低", "statements below the confidence asked for", float(left_out.unsure)),
        ("来源等级过低", "statements of sources below the grade asked for", float(left_out.low_grade)),
        ("", "", ""),
        ("许可：各来源各有其许可，见来源表", "Licences: each source has its own, see the sheet of sources", None),
    ]  # fmt: skip
    for licence, count in sorted(licences.items()):
        zh, en = ("未说明许可的来源数", "sources that state none") if not licence else ("来源数", "sources")
        rows.append((f"{zh}：{licence}" if licence else zh, f"{en}: {licence}" if licence else en, float(count)))
    rows += [("", "", ""), ("怎样读", "How to read it", None), *((zh, en, "") for zh, en in _READING)]
    for sheet, columns in sheets.items():
        rows += [("", "", ""), (f"列：{sheet}", f"Columns: {sheet}", None)]
        rows += [(column.zh, column.en, column.name) for column in columns]
    rows += [("", "", ""), ("表中用词", "Words in the sheets", None), *_words()]
    return rows


def _words() -> Iterator[tuple[str, str, str]]:
    """What the words mean that cells hold as every format has them: kinds, stages, statuses, hedges, grades."""
    for kind in NODE_KINDS.values():
        yield f"类别：{kind.zh}", f"kind: {kind.en}", kind.name
    for said in PREDICATES.values():
        for word, (zh, en) in (said.choices or {}).items():
            yield f"{said.zh}：{zh}", f"{said.en}: {en}", word
    for of, words in ((("标记", "flag"), FLAGS), (("来源等级", "grade"), GRADES)):
        for word, (zh, en) in words.items():
            yield f"{of[0]}：{zh}", f"{of[1]}: {en}", word


def _asked(asked: str) -> Iterator[tuple[str, str, str | float | None]]:
    """The parameters that were given, a row each."""
    for name, value in given(asked).items():
        words = PARAMETERS.get(name, name), name.replace("_", " ")
        if isinstance(value, int | float) and value is not True:
            yield *words, float(value)
        else:
            yield *words, "、".join(map(str, value)) if isinstance(value, list) else str(value)
