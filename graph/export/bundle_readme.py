"""The read-me of a bundle, in Chinese and in English: what it is, how to open, check and cite it, and bring it back."""

from collections import Counter

from graph.export.asked import in_words
from graph.export.bundle_papers import Papers
from graph.export.property_graph import Lang
from graph.model.claims import GRADES

_EN = """\
# A part of the knowledge graph of the rare-earth industrial chain

Asked: {asked}.

- As of {as_of}{known}; revision {revision} of the store
- Nodes: {nodes}; links: {links}; attributes of nodes: {attributes}; sources: {sources} ({grades})
- Left out: nodes beyond the limit {lost}; statements told as planned, former, doubtful ...
  {flagged}; of low confidence {unsure}; of sources of a low grade {low_grade}

## Files

{formats}
- `citation.json`: question, parameters, revision, and the contents claim by claim
- `licences.csv`: the licence of each source
- `datapackage.json`, `CITATION.cff`: metadata, and how to cite it
- `SHA256SUMS`: checksums

## Check it, bring it back

```
sha256sum -c SHA256SUMS            # are the files as they were written?
rechain verify BUNDLE.zip          # ask again: same, changed (and what), or altered
{loads}```
"""
_ZH = """\
# 稀土产业链知识图谱的一个子图

所问：{asked}。

- 截至 {as_of}{known}；数据版本 {revision}
- 节点 {nodes}；关系 {links}；节点属性 {attributes}；来源 {sources}（{grades}）
- 未纳入：超出上限的节点 {lost}；带标记（计划、曾经、存疑等）的陈述 {flagged}；低置信 {unsure}；来源等级过低 {low_grade}

## 文件

{formats}
- `citation.json`：引用：问题、参数、数据版本，以及逐条陈述的内容清单
- `licences.csv`：每个来源的许可
- `datapackage.json`、`CITATION.cff`：元数据，以及如何引用
- `SHA256SUMS`：校验和

## 核验与载回

```
sha256sum -c SHA256SUMS            # 文件是否与写出时一样
rechain verify BUNDLE.zip          # 再问一次：same 相同，changed 有变（并说明何处），altered 被改动
{loads}```
"""


def readme(papers: Papers, lang: Lang) -> str:
    """The text of README.md or README.zh.md."""
    subgraph, zh = papers.subgraph, lang == "zh"
    size, left = subgraph.size, subgraph.left_out
    counted = Counter(source.grade for source in subgraph.sources())
    grades = [
        f"{GRADES[grade][0 if zh else 1] if grade in GRADES else grade} {counted[grade]}" for grade in sorted(counted)
    ]
    known = subgraph.known_at
    only_known = (f"，只用 {known} 及以前的来源" if zh else f", from sources dated up to {known}") if known else ""
    loads = [
        f"{f'rechain load {one.name}':<35}# {'把全部陈述载入另一个库' if zh else 'all claims into another store'}\n"
        for one in papers.formats
        if one.carries_claims
    ]
    formats = [f"- `{one.name}/`{'：' if zh else ': '}{one.zh if zh else one.en}" for one in papers.formats]
    return (_ZH if zh else _EN).format(
        asked=in_words(subgraph.asked, lang),
        as_of=subgraph.as_of,
        known=only_known,
        revision=subgraph.revision,
        nodes=size.nodes,
        links=size.links,
        attributes=size.attributes,
        sources=counted.total(),
        grades=("、" if zh else ", ").join(grades),
        lost=left.nodes,
        flagged=left.flagged,
        unsure=left.unsure,
        low_grade=left.low_grade,
        formats="\n".join(formats),
        loads="".join(loads),
    )
