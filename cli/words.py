"""The words for the closed lists that answers use, by field name; and cells: one value of an answer as text."""

from collections.abc import Mapping
from typing import Any

from api.texts import Said, Tongue
from graph.model.claims import GRADES
from graph.model.kinds import CHAINS, NODE_KINDS, PROCESS_KINDS, PROJECT_STATUSES, ROLES, STAGES
from graph.model.predicates import FLAGS, PREDICATES
from graph.model.units import unit_of
from queries.base import NodeRef, Record

Words = Mapping[str, tuple[str, str]]
_KINDS: Words = {kind.name: (kind.zh, kind.en) for kind in NODE_KINDS.values()}
_PREDICATES: Words = {one.name: (one.zh, one.en) for one in PREDICATES.values()}
WORDS: dict[str, Words] = {
    "flags": FLAGS,
    "why": FLAGS | PROJECT_STATUSES,
    "grade": GRADES,
    "chain": CHAINS,
    "stage": STAGES,
    "role": ROLES,
    "status": PROJECT_STATUSES,
    "kind": {**_KINDS, **PROCESS_KINDS},
    "predicate": _PREDICATES,
    "where": {
        "here": ("本地", "here"),
        "elsewhere": ("外地", "elsewhere"),
        "unknown": ("不明", "not known"),
        "anywhere": ("各地", "anywhere"),
        "place_uncertain": ("地点不唯一", "here and elsewhere"),
    },
    "how": {"exact": ("相同", "exact"), "prefix": ("开头相同", "begins so"), "contains": ("包含", "contains it")},
}
# What answers say they looked at.
LOOKED_AT: Words = {
    "products": ("产品", "products"),
    "enterprises": ("企业", "enterprises"),
    "enterprises_here": ("本地企业", "enterprises here"),
    "enterprises_here_then": ("当时的本地企业", "enterprises here then"),
    "without_products": ("无产品记录的本地企业", "enterprises here without a recorded product"),
    "only_makers": ("本地唯一生产者", "only makers here"),
    "projects_here": ("本地项目", "projects here"),
    "processes_that_apply": ("适用工艺", "processes that apply"),
    "processes_with_figures": ("有用量的工艺", "processes with figures"),
    "processes_that_can_run": ("本地可运行的工艺", "processes that can run"),
    "regions": ("地区", "regions"),
    "chains": ("产业链", "chains"),
    "claims": ("陈述", "claims"),
    "sources": ("来源", "sources"),
    "makers": ("生产者", "makers"),
    "statements": ("陈述", "statements"),
    "nodes": ("节点", "nodes"),
    "policies": ("政策", "policies"),
    "policies_place_untold": ("适用地区未载明的政策", "policies for an untold region"),
    "conditions": ("条件", "conditions"),
    "offers": ("供给条件", "offers"),
    "links": ("关系", "links"),
    "candidates": ("候选与排除企业", "candidates, left out ones included"),
}
UNKNOWN = "–"
_LISTED = 6
# Of a record within a cell: what its other fields say anyhow.
_ASIDE = ("chain", "stage", "role", "kind")
YES, NO = Said("yes"), Said("no")


def cell(name: str, value: Any, tongue: Tongue, many: int = _LISTED) -> str:
    """A value of the field `name` in a table; `many` entries of a list at most."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, bool):
        return tongue.sentence((YES if value else NO).text, {})
    if isinstance(value, str):
        if name == "unit" and tongue.lang == "zh":
            return unit_of(value).zh
        return tongue.word(WORDS.get(name, {}), value)
    if isinstance(value, int | float):
        return f"{value:,.6g}" if isinstance(value, float) else f"{value:,}"
    if isinstance(value, NodeRef):
        return tongue.name(value.name_zh, value.name_en, value.id)
    if isinstance(value, Record):
        return _record(value, tongue)
    if isinstance(value, Mapping):
        return joined(
            [f"{tongue.word(WORDS.get(name, {}), key)} {cell('', one, tongue)}" for key, one in value.items()], tongue
        )
    if isinstance(value, tuple | list):
        told = joined([cell(name, one, tongue) for one in value[:many]], tongue)
        return told if len(value) <= many else tongue.say("{listed} … ({count})", listed=told, count=len(value))
    return str(value)


def joined(texts: list[str], tongue: Tongue) -> str:
    """Several entries of one cell; none is unknown."""
    return tongue.say("; ").join(texts) if texts else UNKNOWN


def _record(record: Record, tongue: Tongue) -> str:
    """A record in a cell: a statement as its amount, date and source; anything else field by field."""
    fields = dict(record)
    if {"zh", "en"} <= fields.keys():
        return tongue.pick((fields["zh"], fields["en"]))
    if {"claim", "source", "as_of"} <= fields.keys():
        return statement(record, tongue)
    if {"url", "publisher", "date"} <= fields.keys():
        return " ".join(part for part in (fields["publisher"] or fields["id"], fields["date"]) if part)
    if {"region", "flags", "claim"} <= fields.keys():
        flags = f" ({cell('flags', fields['flags'], tongue)})" if fields["flags"] else ""
        return f"{cell('region', fields['region'], tongue)}{flags}"
    told = {name: value for name, value in fields.items() if is_shown(name, tongue) and name not in _ASIDE}
    parts = (cell(name, value, tongue) for name, value in told.items() if value not in (None, "", (), True, False))
    return " ".join(parts)


def statement(record: Any, tongue: Tongue) -> str:
    """A statement: what it says, as of when, how its source hedges, and who says so."""
    said = tongue.amount(record.value, record.unit)
    if isinstance(record.value, str):
        said = tongue.word(PROJECT_STATUSES, record.value)
    aside = [
        record.as_of or "",
        *(tongue.word(FLAGS, flag) for flag in record.flags),
        cell("source", record.source, tongue),
    ]
    if getattr(record, "conflicts", ()):
        rivals = [tongue.amount(one.value, one.unit) for one in record.conflicts]
        aside.append(tongue.say("others say {values}", values=" / ".join(rivals)))
    told = ", ".join(part for part in aside if part)
    return f"{said} ({told})" if said else f"({told})"


def is_shown(name: str, tongue: Tongue) -> bool:
    """Whether a field is for people: ids of claims are for programs (--json), and words come in one language."""
    other = "en" if tongue.lang == "zh" else "zh"
    return name not in ("claim", "claims", "confidence", other) and not name.endswith(("_zh", "_en"))
