"""What is told of the ledger, over HTTP and as JSON: lists, who is on one, and what was entered."""

import json

from pydantic import Field

from api.ledger import Kept
from api.texts import Said, Tongue
from queries.base import NodeRef, Record
from queries.outcomes.entries import STAGES, Remark
from queries.outcomes.frozen_lists import FrozenList
from queries.outcomes.funnel import OutcomesFound

_REMARKS: dict[str, Said] = {
    "skipped": Said("Note: no entry for {stages} yet; those who got this far count there too."),
    "out_of_order": Said("Note: {stages} is entered with a later day. If a day is wrong, take that entry back: --undo"),
    "after_refusal": Said("Note: it was refused before; this counts as having changed its mind."),
    "ended": Said("Note: it has landed already, and counts as landed."),
    "known": Said("This was entered before; nothing was added."),
}


class ListSummary(Record):
    """A frozen list."""

    name: str = Field(title="名称")
    frozen: str = Field(title="冻结时间", description="ISO time with the offset of the office")
    who: str = Field(title="冻结人")
    question: str = Field(title="问题")
    region: NodeRef | None = Field(title="地区", description="the region it was asked for, where it was")
    product: NodeRef | None = Field(title="产品", description="the product it was asked for, where it was")
    as_of: str = Field(title="截至")
    revision: int = Field(title="数据版本")
    targets: int = Field(title="企业数", description="enterprises on it")
    truncated: bool = Field(title="已截断", description="whether a limit cut the answer off")
    weights: dict[str, float] = Field(title="权重", description="of the parts of the score, as they were then")


class ListsFound(Record):
    """The frozen lists, oldest first."""

    lists: tuple[ListSummary, ...] = Field(title="名单")


class ListRow(Record):
    """One on a list; `stage` and `on` are the last that stands of it."""

    rank: int = Field(title="名次")
    enterprise: NodeRef = Field(title="企业")
    product: NodeRef | None = Field(title="产品")
    score: float | None = Field(title="得分")
    parts: dict[str, float | None] = Field(title="分项", description="values of the parts; null: not known")
    stage: str | None = Field(title="阶段", description="the last that stands; null: none")
    on: str | None = Field(title="日期")


class ListShown(ListSummary):
    """A frozen list with who is on it: one row an enterprise, its best."""

    rows: tuple[ListRow, ...] = Field(title="名单")


class KeptShown(Record):
    """What was entered."""

    list: str = Field(title="名单")
    enterprise: NodeRef = Field(title="企业")
    rank: int = Field(title="名次")
    stage: str = Field(title="阶段")
    on: str | None = Field(title="日期")
    undo: bool = Field(title="撤回", description="whether it takes entries back")
    added: bool = Field(title="新增", description="false: this was entered before")
    said: str = Field(title="说明", description="what was done, in words")
    remarks: tuple[str, ...] = Field(title="提示", description="what is odd about it, in words")


def list_summary(one: FrozenList) -> ListSummary:
    """A list in a line."""
    return ListSummary(
        name=one.name,
        frozen=one.when,
        who=one.who,
        question=one.question,
        region=_asked(one, "region"),
        product=_asked(one, "product"),
        as_of=one.as_of,
        revision=one.revision,
        targets=len(one.targets),
        truncated=one.truncated,
        weights=dict(one.weights),
    )


def list_shown(one: FrozenList, found: OutcomesFound) -> ListShown:
    """A list and how far each on it got; `found` are the outcomes of this list."""
    last = {outcome.enterprise.id: outcome for outcome in found.outcomes}
    rows = tuple(
        ListRow(
            rank=row.rank,
            enterprise=row.enterprise,
            product=row.product,
            score=row.score,
            parts=dict(row.parts),
            stage=outcome.stage if (outcome := last.get(row.enterprise.id)) else None,
            on=outcome.on if outcome else None,
        )
        for row in one.targets
    )
    return ListShown(**list_summary(one).model_dump(), rows=rows)


def kept_shown(kept: Kept, tongue: Tongue) -> KeptShown:
    """What was entered, in words."""
    body = json.loads(kept.entry.body)
    node = kept.target.enterprise
    undo = "undoes" in body
    values = {
        "name": tongue.name(node.name_zh, node.name_en, node.id),
        "list": kept.entry.name,
        "rank": kept.target.rank,
        "stage": tongue.word(STAGES, body["stage"]),
        "on": body["on"] or "",
        "count": len(body.get("undoes", ())),
    }
    if undo:
        said = tongue.say("Taken back for {name} on the list '{list}': {stage} (entries: {count}).", **values)
    else:
        said = tongue.say("{name} (number {rank} of the list '{list}'): {stage} on {on}.", **values)
    return KeptShown(
        list=kept.entry.name,
        enterprise=node,
        rank=kept.target.rank,
        stage=body["stage"],
        on=body["on"],
        undo=undo,
        added=kept.is_new,
        said=said,
        remarks=tuple(_remark(one, tongue) for one in kept.remarks),
    )


def _remark(remark: Remark, tongue: Tongue) -> str:
    between = "、" if tongue.lang == "zh" else ", "
    stages = between.join(tongue.word(STAGES, stage) for stage in remark.stages)
    return tongue.sentence(_REMARKS[remark.code].text, {"stages": stages})


def _asked(one: FrozenList, name: str) -> NodeRef | None:
    """A parameter that is a node, with its names where the answer tells them."""
    asked = one.params.get(name)
    if not isinstance(asked, str):
        return None
    names = one.citation["answer"].get("names", {})
    told = names.get(asked) or next(
        (row.product for row in one.targets if row.product and row.product.id == asked), None
    )
    return NodeRef.model_validate(told) if told else NodeRef(id=asked)
