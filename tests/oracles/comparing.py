"""What readers answer, as plain dicts with names instead of numbers, so that two implementations can be compared."""

from collections import defaultdict
from collections.abc import Sequence
from math import isnan
from typing import Any

from graph.readers.port import Reader
from graph.readers.port_types import Chain, Counts, Figures, Maker, Reach, Rows, Tally, Ties
from graph.readers.ragged import pairs

Shape = dict[str, Any]


def chain_shape(chain: Chain) -> Shape:
    """The recipe graph by product and process; also checks that its tables fit together."""
    assert dict(chain.index) == {product: number for number, product in enumerate(chain.products)}
    named = {
        table: _rows(getattr(chain, table), chain.products)
        for table in ("above", "below", "inputs", "outputs", "services", "equipment")
    }
    products = zip(chain.products, chain.roles, chain.chains, chain.stages, named["above"], named["below"], strict=True)
    processes = zip(
        chain.processes,
        chain.kinds,
        chain.sites,
        *(named[table] for table in ("inputs", "outputs", "services", "equipment")),
        strict=True,
    )
    amounts = [
        (table, chain.processes[process], chain.products[product], amount)
        for table, told in (("inputs", chain.input_amounts), ("outputs", chain.output_amounts))
        for process, product, amount in zip(*pairs(getattr(chain, table)), told.tolist(), strict=True)
        if not isnan(amount)
    ]
    return {"products": list(products), "processes": list(processes), "amounts": amounts}


def tally_shape(chain: Chain, tally: Tally) -> Shape:
    """A tally by product and by name of entity; products about which nothing is counted are left out."""
    makers = _rows(tally.makers, tally.entities, number_order=True)
    users = _rows(tally.users, tally.entities, number_order=True)
    counted = len(tally.makers.starts), len(tally.users.starts), len(tally.total) + 1, len(tally.direct) + 1
    assert set(counted) == {len(chain.products) + 1}, counted
    names = chain.products
    shown = {int(entity) for rows in (tally.makers, tally.users) for entity in rows.items}
    groups: defaultdict[int, set[str]] = defaultdict(set)
    for entity in shown:
        groups[int(tally.groups[entity])].add(tally.entities[entity])
    return {
        "region": tally.region,
        "makers": {product: row for product, row in zip(names, makers, strict=True) if row},
        "total": {product: int(n) for product, n in zip(names, tally.total, strict=True) if n},
        "direct": [product for product, flag in zip(names, tally.direct, strict=True) if flag],
        "users": {product: row for product, row in zip(names, users, strict=True) if row},
        "evidence": {word: evidence._asdict() for word, evidence in tally.evidence.items()},
        "pipeline": [(names[one.product], *one[1:]) for one in tally.pipeline],
        "stated": [(names[one.product], one.claims) for one in tally.stated],
        "enterprises": int(tally.enterprises),
        "unplaced": int(tally.unplaced),
        "groups": sorted(sorted(group) for group in groups.values()),
        "capacities": _figures(tally.capacities, tally, names),
        "consumption": _figures(tally.consumption, tally, names),
    }


def _figures(figures: Figures, tally: Tally, products: Sequence[str]) -> list[tuple[str, str, float, bool]]:
    columns = (figures.entity, figures.product, figures.amount, figures.inside)
    return [
        (tally.entities[entity], products[product], amount, inside)
        for entity, product, amount, inside in zip(*(column.tolist() for column in columns), strict=True)
    ]


def ties_shape(ties: Ties) -> list[tuple[Any, ...]]:
    """A row a fact: ends and words by name, what is not told as None."""
    assert list(ties.ids) == sorted(ties.ids), "nodes ascend"
    columns = (
        [ties.ids[at] for at in ties.subject.tolist()],
        [ties.predicates[at] for at in ties.predicate.tolist()],
        [ties.ids[at] if at >= 0 else None for at in ties.object.tolist()],
        [ties.words[at] if at >= 0 else None for at in ties.word.tolist()],
        ties.capacity.tolist(),
        [None if isnan(amount) else amount for amount in ties.amount.tolist()],
        [None if isnan(share) else share for share in ties.share.tolist()],
        [ties.sources[at] for at in ties.source.tolist()],
        *(column.tolist() for column in (ties.grade, ties.confidence, ties.flagged, ties.date_uncertain)),
        *(column.tolist() for column in (ties.day, ties.source_day)),
    )
    return list(zip(*columns, strict=True))


def reach_shape(reach: Reach) -> Shape:
    """Tiers and the claims behind the links."""
    return {"tiers": reach.tiers, "links": [link.claim for link in reach.links], "truncated": bool(reach.truncated)}


def makers_shape(makers: Sequence[Maker]) -> list[tuple[str, list[str], bool, bool]]:
    """Makers with the claims behind their facts, in the order given."""
    return [(one.entity, [fact.claim for fact in one.facts], one.here, one.placed) for one in makers]


def counts_shape(counts: Counts) -> Shape:
    """Counts without the kinds of which there is no node."""
    return {
        "nodes": {kind: number for kind, number in counts.nodes.items() if number},
        "claims": counts.claims,
        "sources": counts.sources,
    }


def reader_shape(reader: Reader) -> Shape:
    """Everything that can be asked without naming anything, and of every node its names and facts."""
    nodes = all_nodes(reader)
    return {
        "as_of": reader.as_of,
        "revision": reader.revision,
        "counts": counts_shape(reader.counts()),
        "nodes": list(reader.nodes(nodes)),
        "facts": list(reader.facts(nodes)),
        "conflicts": list(reader.conflicts()),
        "sources": list(reader.sources()),
        "chain": chain_shape(reader.chain()),
        "unplaced": reader.unplaced(("enterprise", "project", "institution")),
    }


def region_shape(reader: Reader, region: str, recent_years: float = 8.0) -> Shape:
    """Everything that can be asked of a region."""
    return {
        "around": reader.around(region),
        "applies": [
            process for process, flag in zip(reader.chain().processes, reader.applies(region), strict=True) if flag
        ],
        "placed": {kind: reader.placed(region, [kind]) for kind in ("enterprise", "project", "institution")},
        "tally": tally_shape(reader.chain(), reader.tally(region, recent_years)),
    }


def all_nodes(reader: Reader) -> list[str]:
    """All ids, kind by kind."""
    return list(reader.ids(sorted(reader.counts().nodes)))


def _rows(rows: Rows, names: Sequence[str], *, number_order: bool = False) -> list[list[str]]:
    """Each row as names; checks that numbers ascend without repeats, as Rows promises."""
    named = []
    for at in range(len(rows.starts) - 1):
        numbers = rows.row(at).tolist()
        assert numbers == sorted(set(numbers)), numbers
        row = [names[number] for number in numbers]
        named.append(sorted(row) if number_order else row)
    return named
