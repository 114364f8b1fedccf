"""Open questions of a dossier: one rule each, in the order of QUESTIONS. What nobody told is asked, never assumed."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from graph.model.dates import end_of
from graph.model.facts import Fact
from queries.base import refs
from queries.dossier.citing import Citing
from queries.dossier.facts import EnterpriseRecord, is_making
from queries.dossier.projects import ProjectList
from queries.dossier.reasons import Here
from queries.dossier.rows import QUESTIONS, OpenQuestion
from queries.dossier.terms import OFFERS, POLICIES, Terms
from queries.evidence import Statement, day_of

ASKED = 8
_NAMED = 3
# What is told of goods longer ago than this may have changed.
OLD_DAYS = 3 * 365
_STILL_OPEN = ("planned", "reserve", "signed", "approved", "under_construction")


class _Open(NamedTuple):
    """What a rule found: nodes it is about, the facts in question, and those whose values are to be shown."""

    nodes: Sequence[str]
    facts: Sequence[Fact | Statement]
    shown: Sequence[Fact] = ()


class _Case(NamedTuple):
    """All that the rules look at."""

    record: EnterpriseRecord
    here: Here
    projects: ProjectList
    terms: Terms


def open_questions(
    record: EnterpriseRecord, here: Here, projects: ProjectList, terms: Terms, citing: Citing
) -> tuple[tuple[OpenQuestion, ...], int]:
    """The first of the questions, and how many there are."""
    case = _Case(record, here, projects, terms)
    found = [(kind, one) for kind in QUESTIONS if (one := _RULES[kind](case)) is not None]
    shown = found[:ASKED]
    cited = citing.over([fact for _, one in shown for fact in one.shown])
    named = refs(record.reader, sorted({node for _, one in shown for node in one.nodes[:_NAMED]}))
    rows = []
    for kind, one in shown:
        dated = [fact.as_of for fact in one.facts if fact.as_of]
        told = tuple(cited.told(fact) for fact in one.shown[:2])
        rows.append(
            OpenQuestion(
                kind=kind,
                about=tuple(named[node] for node in one.nodes[:_NAMED]),
                total=len(one.nodes),
                newest=max(dated, key=lambda date: (day_of(date), len(date))) if dated else None,
                told=told,
                grounds=citing.grounds(fact.claim for fact in one.facts),
            )
        )
    return tuple(rows), len(found)


def _place_unknown(case: _Case) -> _Open | None:
    return None if case.record.places else _Open((), ())


def _place_coarse(case: _Case) -> _Open | None:
    places = case.record.places
    rough = [fact for fact in places if "coarse" in fact.flags]
    return _about(rough, lambda fact: str(fact.object)) if rough and len(rough) == len(places) else None


def _nothing_made(case: _Case) -> _Open | None:
    return None if case.record.made else _Open((), [fact for fact in case.record.produces if not is_making(fact)])


def _class_only(case: _Case) -> _Open | None:
    """It is recorded with a class of products, and with no kind of that class."""
    chain, made = case.here.chain, set(case.here.made)
    classes = [
        fact
        for fact in _made_facts(case)
        if (number := chain.index.get(str(fact.object))) is not None
        and chain.roles[number] == "class"
        and not made & set(chain.below.row(number).tolist())
    ]
    return _about(classes, lambda fact: str(fact.object))


def _capacity_untold(case: _Case) -> _Open | None:
    """It makes it, and no capacity is published."""
    told = {
        str(fact.object) for fact in case.record.produces if fact.qualifier == "capacity" and fact.used and fact.value
    }
    return _about([fact for fact in _made_facts(case) if str(fact.object) not in told], lambda fact: str(fact.object))


def _conflict(case: _Case) -> _Open | None:
    disputed = [fact for told in case.record.by_predicate.values() for fact in told if fact.conflicts]
    return _about(disputed, lambda fact: fact.object or "", shown=disputed)


def _old_only(case: _Case) -> _Open | None:
    """Nothing on what it makes is newer than three years; undated counts as old."""
    facts = _made_facts(case)
    since = case.record.reader.as_of.valid.toordinal() - OLD_DAYS
    if not facts or any(fact.as_of and end_of(fact.as_of).toordinal() >= since for fact in facts):
        return None
    return _about(facts, lambda fact: str(fact.object))


def _plan_not_reached(case: _Case) -> _Open | None:
    """A planned amount, told at least a year ago, above any capacity or output published since."""
    today = case.record.reader.as_of.valid.toordinal()
    open_ = []
    for fact in case.record.produces:
        if (
            "plan" not in (*fact.flags, fact.qualifier)
            or not fact.as_of
            or end_of(fact.as_of).toordinal() > today - 365
        ):
            continue
        reached = [
            other
            for other in case.record.produces
            if other.object == fact.object and is_making(other) and isinstance(other.value, float)
            and isinstance(fact.value, float) and other.unit == fact.unit and other.value >= fact.value
        ]  # fmt: skip
        if not reached:
            open_.append(fact)
    return _about(open_, lambda fact: str(fact.object), shown=open_)


def _project_overdue(case: _Case) -> _Open | None:
    late = [one for one in case.projects.ordered if case.projects.facts.overdue(one)]
    facts = [
        fact for one in late for fact in case.projects.facts.facts_of([one]) if fact.predicate == "completion_date"
    ]
    return _Open(late, facts) if late else None


def _project_status(case: _Case) -> _Open | None:
    """No status told, or one that was open three years ago and of which nothing was heard since."""
    since = case.record.reader.as_of.valid.toordinal() - OLD_DAYS
    quiet, facts = [], []
    for project in case.projects.ordered:
        status, newest = case.projects.status(project), case.projects.newest(project)
        stale = status is not None and status.value in _STILL_OPEN and (not newest or day_of(newest) < since)
        if (status is None or stale) and not case.projects.facts.overdue(project):
            quiet.append(project)
            facts.append(status or case.projects.invests(project))
    return _Open(quiet, facts) if quiet else None


def _share_untold(case: _Case) -> _Open | None:
    direct = [(tier, fact) for tier, fact in (*case.record.group.up, *case.record.group.down) if fact.used]
    blank = [fact for tier, fact in direct if tier == 1 and fact.value is None]
    return _about(blank, case.record.other)


def _owners_unknown(case: _Case) -> _Open | None:
    return None if any(fact.used for _, fact in case.record.group.up) else _Open((), ())


def _trade_unknown(case: _Case) -> _Open | None:
    trade = (*case.record.suppliers, *case.record.customers)
    return None if any(fact.used for fact in trade) else _Open((), ())


def _offer_old(case: _Case) -> _Open | None:
    return _dated_before(case, case.terms.offers[:OFFERS])


def _policy_undated(case: _Case) -> _Open | None:
    shown = case.terms.chosen[:POLICIES]
    found = _dated_before(case, [one.statement for one in shown])
    if found is None:
        return None
    old = {one.claim for one in found.facts}
    return found._replace(
        nodes=list(dict.fromkeys(one.policy.policy.id for one in shown if one.statement.claim in old))
    )


def _dated_before(case: _Case, told: Sequence[Fact | Statement]) -> _Open | None:
    """Those without a date, or told of more than three years ago."""
    since = case.record.reader.as_of.valid.toordinal() - OLD_DAYS
    old = [one for one in told if not one.as_of or end_of(one.as_of).toordinal() < since]
    return _Open((), old) if old else None


def _made_facts(case: _Case) -> list[Fact]:
    return [fact for fact in case.record.produces if is_making(fact)]


def _about(facts: Sequence[Fact], node: Callable[[Fact], str], shown: Iterable[Fact] = ()) -> _Open | None:
    nodes = [one for one in dict.fromkeys(map(node, facts)) if one]
    return _Open(nodes, facts, tuple(shown)) if facts else None


_RULES: dict[str, Callable[[_Case], _Open | None]] = {
    "place_unknown": _place_unknown,
    "place_coarse": _place_coarse,
    "nothing_made": _nothing_made,
    "class_only": _class_only,
    "capacity_untold": _capacity_untold,
    "conflict": _conflict,
    "old_only": _old_only,
    "plan_not_reached": _plan_not_reached,
    "project_overdue": _project_overdue,
    "project_status": _project_status,
    "share_untold": _share_untold,
    "owners_unknown": _owners_unknown,
    "trade_unknown": _trade_unknown,
    "offer_old": _offer_old,
    "policy_undated": _policy_undated,
}
