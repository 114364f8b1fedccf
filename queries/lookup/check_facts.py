"""Health of what is said: projects whose status has gone stale, products nobody has put in their place."""

from datetime import date

from graph.model.dates import end_of
from graph.model.facts import Fact
from graph.model.kinds import PROJECT_STATUSES
from graph.readers.port import Reader
from queries.evidence import by_subject
from queries.lookup.check_found import Found

# A project that is done, stopped or given up needs no newer word of it.
_OPEN = ("planned", "reserve", "signed", "approved", "under_construction")


def stale_statuses(reader: Reader, years: float) -> list[Found]:
    """Open projects past their own completion date, or of which nothing was heard for `years`."""
    projects = reader.ids(("project",))
    told = by_subject(reader.facts(projects, ("status", "completion_date"), "out") if projects else ())
    today = reader.as_of.valid
    since = date.fromordinal(max(1, today.toordinal() - round(years * 365.25)))
    found = []
    for project in projects:
        used = {fact.predicate: fact for fact in told[project] if fact.used}
        status, completion = used.get("status"), used.get("completion_date")
        if status is None or status.value not in _OPEN:
            continue
        zh, en = PROJECT_STATUSES[str(status.value)]
        if completion is not None and end_of(str(completion.value)) < today:
            due = completion.value
            words = (f"状态仍为{zh}，但应于 {due} 完工", f"still {en}, but was to be done by {due}")
            found.append(Found((project,), *words, (status.claim, completion.claim)))
        elif status.as_of is None:
            found.append(Found((project,), f"状态“{zh}”没有日期", f"the status '{en}' has no date", (status.claim,)))
        elif end_of(status.as_of) < since:
            words = (f"状态“{zh}”还是 {status.as_of} 的", f"the status '{en}' dates from {status.as_of}")
            found.append(Found((project,), *words, (status.claim,)))
    return found


def incomplete_products(reader: Reader) -> list[Found]:
    """Described products without a role, a chain or a stage."""
    chain = reader.chain()
    products = [node.id for node in reader.nodes(chain.products) if not node.dangling]
    roles = {fact.subject for fact in (reader.facts(products, ("role",), "out") if products else ()) if fact.used}
    found = []
    for product in products:
        at = chain.index[product]
        lacks = [
            words
            for words, known in (
                (("角色", "role"), product in roles),
                (("产业链", "chain"), chain.chains[at] is not None),
                (("阶段", "stage"), chain.stages[at] is not None),
            )
            if not known
        ]
        if lacks:
            zh, en = "、".join(word for word, _ in lacks), ", ".join(word for _, word in lacks)
            found.append(Found((product,), f"产品缺少：{zh}", f"product without {en}"))
    return found


def unknown_products(reader: Reader) -> list[Found]:
    """Products that somebody makes or uses and nothing describes: each with those who do."""
    nameless = [node.id for node in reader.nodes(reader.ids(("product",))) if node.dangling]
    told = reader.facts(nameless, ("produces", "project_product", "consumes"), "in") if nameless else ()
    by_product: dict[str, list[Fact]] = {}
    for fact in told:
        by_product.setdefault(str(fact.object), []).append(fact)
    found = []
    for product, facts in sorted(by_product.items()):
        makers = sorted({fact.subject for fact in facts})
        found.append(
            Found(
                (product, *makers),
                f"{len(makers)} 家生产或使用的产品没有任何描述",
                f"made or used by {len(makers)}, and nothing describes it",
                tuple(fact.claim for fact in facts),
            )
        )
    return found
