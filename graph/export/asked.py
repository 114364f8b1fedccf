"""The question a subgraph answers, in words: the parameters that say something."""

import json

from graph.export.property_graph import Lang

# The parameters, as the question's Chinese form calls them.
PARAMETERS = {
    "seed": "起点", "kind": "起点类别", "region": "地区", "chain": "产业链", "product": "产品", "predicate": "关系",
    "hops": "步数", "direction": "方向", "flagged": "含存疑", "min_confidence": "最低置信度",
    "min_grade": "最低来源等级", "most": "节点上限",
}  # fmt: skip


def given(asked: str) -> dict[str, object]:
    """What `Subgraph.asked` holds, without what is empty, false or zero."""
    return {name: value for name, value in json.loads(asked).items() if value not in (None, [], "", False)}


def in_words(asked: str, lang: Lang) -> str:
    """One line: `seed: ent:jl-mag; hops: 2`, in Chinese `起点：ent:jl-mag；步数：2`."""
    zh = lang == "zh"
    between, colon, comma = ("；", "：", "、") if zh else ("; ", ": ", ", ")
    return between.join(
        f"{PARAMETERS.get(name, name) if zh else name}{colon}"
        f"{comma.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in given(asked).items()
    )
