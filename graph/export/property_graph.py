"""A subgraph as nodes and edges with typed properties: what the formats that know no claims are written from.

One row a node and one a link, as tuples beside their columns, so that no format has a mapping of its own. Nothing of a
preferred fact is lost: amounts keep their unit and date, and every row names the claims it rests on.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby, islice
from math import isfinite
from operator import itemgetter
from typing import Literal, NamedTuple

from graph.model.claims import Source
from graph.model.facts import Fact
from graph.model.predicates import PREDICATES
from graph.model.subgraph import Member, Subgraph

Lang = Literal["zh", "en"]
# What a cell holds: a text, a number (float), a whole number, a truth value, or several texts.
Type = Literal["text", "number", "whole", "truth", "texts"]
Cell = str | float | int | bool | tuple[str, ...] | None


class Column(NamedTuple):
    """A property of nodes or edges; a cell without a value is None, and () where there are no texts."""

    name: str
    type: Type
    zh: str
    en: str


Row = tuple[Cell, ...]
_NODE: tuple[Column, ...] = (
    Column("id", "text", "标识", "id of the node"),
    Column("label", "text", "名称", "name to show"),
    Column("kind", "text", "类别", "kind of node"),
    Column("name_zh", "text", "中文名", "Chinese name"),
    Column("name_en", "text", "英文名", "English name"),
    Column("hop", "whole", "步数", "links away from the nearest seed, 0: a seed"),
    Column("dangling", "truth", "未描述", "named by claims, described by none"),
)
EDGES: tuple[Column, ...] = (
    Column("id", "text", "标识", "id of the preferred claim"),
    Column("source", "text", "起点", "id of the node it is said of"),
    Column("target", "text", "终点", "id of the node it leads to"),
    Column("label", "text", "名称", "relation, to show"),
    Column("predicate", "text", "关系", "relation"),
    Column("qualifier", "text", "限定", "capacity, output, the product of a supply ..."),
    Column("value", "number", "数值", "amount as published, in `unit`"),
    Column("unit", "text", "单位", "unit of the value"),
    Column("as_of", "text", "截至", "when it was seen to hold, ISO, as precise as the source"),
    Column("until", "text", "失效日", "the day from which it no longer holds"),
    Column("flags", "texts", "标记", "how the source hedges"),
    Column("basis", "text", "基准", "what a flow is told per"),
    Column("is_main", "truth", "主产品", "whether the flow is the reference of its process"),
    Column("confidence", "number", "置信度", "0-1, given by the loader"),
    Column("document", "text", "来源标识", "id of the source"),
    Column("document_url", "text", "来源网址", "its address"),
    Column("document_date", "text", "来源日期", "its date"),
    Column("document_grade", "text", "来源等级", "official, company, press or other"),
    Column("conflicts", "texts", "冲突", "claims of equal date that say another value"),
)
_NAMES = ("name_zh", "name_en")
# Links whose sources are looked up together.
_LOOKED_UP = 1000
_NOTHING: dict[str, str | float | bool] = {}


def about(subgraph: Subgraph) -> dict[str, str | int]:
    """What a file says of itself: the question, its dates and revision, so that it can be asked for again."""
    told = {"asked": subgraph.asked, "as_of": subgraph.as_of, "known_at": subgraph.known_at}
    return {**{name: text for name, text in told.items() if text is not None}, "revision": subgraph.revision}


class PropertyGraph:
    """See the module. `nodes` come by id, `edges` in the order of `Subgraph.links`."""

    edge_columns = EDGES

    def __init__(self, subgraph: Subgraph, lang: Lang) -> None:
        """`lang` chooses the labels."""
        self._subgraph = subgraph
        self._lang = lang

    @cached_property
    def node_columns(self) -> tuple[Column, ...]:
        """The usual ones, then those of predicates that are said of some node, in the order of PREDICATES."""
        seen: set[tuple[str, int]] = set()
        flagged: set[tuple[str, int]] = set()
        for _, said in self._said([name for name in PREDICATES if name not in _NAMES]):
            counts: dict[str, int] = {}
            for fact in said:
                counts[fact.predicate] = counts.get(fact.predicate, 0) + 1
                seen.add(which := (fact.predicate, 1 if _is_listed(fact.predicate) else counts[fact.predicate]))
                if fact.flags:
                    flagged.add(which)
        found = [
            column
            for name in PREDICATES
            for number in range(1, 1 + max((n for said, n in seen if said == name), default=0))
            for column in _columns_of(name, number, is_flagged=(name, number) in flagged)
        ]
        return (*_NODE, *found, Column("claims", "texts", "陈述", "ids of the claims behind its properties"))

    def nodes(self) -> Iterator[Row]:
        """One row a node, beside `node_columns`."""
        place = {column.name: at for at, column in enumerate(self.node_columns)}
        empty: list[Cell] = [() if column.type == "texts" else None for column in self.node_columns]
        said = self._said()
        waiting = next(said, None)
        for member in self._subgraph.nodes():
            facts: tuple[Fact, ...] = ()
            if waiting is not None and waiting[0] == member.id:
                facts, waiting = waiting[1], next(said, None)
            row = empty.copy()
            row[: len(_NODE)] = (member.id, self._label(member), *member[1:])
            for name, cell in _properties(facts):
                row[place[name]] = cell
            row[-1] = tuple(fact.claim for fact in facts)
            yield tuple(row)

    def edges(self) -> Iterator[Row]:
        """One row a link, beside `edge_columns`."""
        words = {name: said.zh if self._lang == "zh" else said.en for name, said in PREDICATES.items()}
        links = self._subgraph.links()
        documents: dict[str, tuple[str | None, ...]] = {}
        while some := list(islice(links, _LOOKED_UP)):
            fresh = sorted({fact.source for fact in some} - documents.keys())
            described = self._subgraph.described(fresh)
            documents |= {id_: _document(id_, described.get(id_)) for id_ in fresh}
            for fact in some:
                # Several times faster than name by name.
                (subject, predicate, object_, value, unit, qualifier, as_of, until, flags, detail, source, confidence,
                 claim, conflicts) = fact  # fmt: skip
                told = dict(detail) if detail else _NOTHING
                yield (
                    claim, subject, object_, words[predicate], predicate, qualifier or None,
                    value if value is not None and _is_number(value) else None, unit, as_of, until, flags,
                    told.get("basis"), told.get("is_main"), confidence, *documents[source], conflicts,
                )  # fmt: skip

    def _label(self, member: Member) -> str:
        names = (member.name_zh, member.name_en) if self._lang == "zh" else (member.name_en, member.name_zh)
        return names[0] or names[1] or member.id

    def _said(self, predicates: Sequence[str] | None = None) -> Iterator[tuple[str, tuple[Fact, ...]]]:
        """What is said of each node by these predicates, or by all."""
        for node, facts in groupby(self._subgraph.attributes(predicates), key=itemgetter(0)):
            yield node, tuple(facts)


def _document(id_: str, source: Source | None) -> tuple[str | None, ...]:
    """Id, address, date and grade of a source, None where not known."""
    return (id_, None, None, None) if source is None else (id_, source.url or None, source.date, source.grade or None)


def _is_number(value: float | str | None) -> bool:
    """Whether it can be written as one: few formats know what is not finite."""
    return value.__class__ is float and isfinite(value)


def _is_listed(predicate: str) -> bool:
    """Whether a node may have several of them side by side, told apart by words."""
    return bool(PREDICATES[predicate].qualifier)


def _columns_of(predicate: str, number: int, *, is_flagged: bool) -> Iterator[Column]:
    """The columns of the number-th fact of a predicate about one node (amounts in several dimensions).

    `is_flagged`: of some node it is told as planned, doubtful ..., and then the value alone would say too much.
    """
    said = PREDICATES[predicate]
    if predicate in _NAMES:
        return
    if _is_listed(predicate):
        yield Column(predicate, "texts", said.zh, said.en)
        return
    name = predicate if number == 1 else f"{predicate}_{number}"
    is_amount = said.value == "number"
    yield Column(name, "number" if is_amount else "text", said.zh, said.en)
    if is_amount:
        yield Column(f"{name}_unit", "text", f"{said.zh}单位", f"unit of {said.en}")
    if not said.timeless:
        yield Column(f"{name}_as_of", "text", f"{said.zh}截至", f"when {said.en} was seen to hold")
    if is_flagged:
        yield Column(f"{name}_flags", "texts", f"{said.zh}标记", f"how the source hedges {said.en}")


def _properties(facts: tuple[Fact, ...]) -> Iterator[tuple[str, Cell]]:
    counts: dict[str, int] = {}
    listed: dict[str, list[str]] = {}
    for fact in facts:
        if fact.predicate in _NAMES:
            continue
        said = PREDICATES[fact.predicate]
        if _is_listed(fact.predicate):
            listed.setdefault(fact.predicate, []).append(_in_words(fact))
            continue
        counts[fact.predicate] = number = counts.get(fact.predicate, 0) + 1
        name = fact.predicate if number == 1 else f"{fact.predicate}_{number}"
        is_amount = said.value == "number"
        if is_amount == (fact.value.__class__ is float) and (not is_amount or _is_number(fact.value)):
            yield name, fact.value
        if is_amount:
            yield f"{name}_unit", fact.unit
        if not said.timeless:
            yield f"{name}_as_of", fact.as_of
        if fact.flags:
            yield f"{name}_flags", fact.flags
    for predicate, texts in listed.items():
        yield predicate, tuple(texts)


def _in_words(fact: Fact) -> str:
    """One of several statements as a text: `rare earth enterprises: 12 companies (2023)`; of a name the name.

    How the source hedges stands behind it: `rare earth enterprises: 15 companies (2030) [plan]`.
    """
    hedged = f" [{', '.join(fact.flags)}]" if fact.flags else ""
    if isinstance(fact.value, str):
        return f"{fact.value}{hedged}"
    number = "" if fact.value is None else f"{fact.value:.15g}"
    told = " ".join(part for part in (number, fact.unit) if part)
    return f"{fact.qualifier}{': ' if told else ''}{told}{f' ({fact.as_of})' if fact.as_of else ''}{hedged}"
