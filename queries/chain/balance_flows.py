"""The flows of processes as facts: the claims behind each quantity, and how far sources disagree on it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from graph.model.units import MASS_RATIO, unit_of
from graph.readers.port import Reader
from graph.readers.port_types import Amounts, Chain

FLOWS = ("input_to", "yields")


class Told(NamedTuple):
    """What is told of the flows of some processes; amounts stand beside Chain.inputs and Chain.outputs.

    `low_*` and `high_*`: the least and the most that a source of equal standing says. `claims` and `basis` by process
    number, `of_flow` by predicate, process and product.
    """

    low_inputs: Amounts
    high_inputs: Amounts
    low_outputs: Amounts
    high_outputs: Amounts
    claims: dict[int, tuple[str, ...]]
    basis: dict[int, str]
    of_flow: dict[tuple[str, int, int], tuple[str, ...]]

    @property
    def disputed(self) -> bool:
        """Whether sources disagree on any of them."""
        pairs = ((self.low_inputs, self.high_inputs), (self.low_outputs, self.high_outputs))
        return any(not np.array_equal(low, high, equal_nan=True) for low, high in pairs)


def flows_told(reader: Reader, chain: Chain, processes: Iterable[int]) -> Told:
    """The flows of these processes."""
    numbers = {chain.processes[one]: one for one in processes}
    ids = sorted(numbers)
    facts = [*reader.facts(ids, ("input_to",), "in"), *reader.facts(ids, ("yields",), "out")] if ids else []
    facts = [fact for fact in facts if fact.used]
    rivals = sorted({one for fact in facts for one in fact.conflicts})
    others = {one.id: one.claim for one in reader.claims(rivals)} if rivals else {}
    amounts = {"input_to": (chain.inputs, chain.input_amounts), "yields": (chain.outputs, chain.output_amounts)}
    low = {name: laid.copy() for name, (_, laid) in amounts.items()}
    high = {name: laid.copy() for name, (_, laid) in amounts.items()}
    claims: defaultdict[int, set[str]] = defaultdict(set)
    of_flow: defaultdict[tuple[str, int, int], set[str]] = defaultdict(set)
    basis: dict[int, str] = {}
    for fact in facts:
        into = fact.predicate == "input_to"
        process = numbers[str(fact.object if into else fact.subject)]
        product = chain.index[str(fact.subject if into else fact.object)]
        cited = {fact.claim, *fact.conflicts}
        claims[process] |= cited
        of_flow[(fact.predicate, process, product)] |= cited
        if told := dict(fact.detail).get("basis"):
            basis.setdefault(process, str(told))
        rows = amounts[fact.predicate][0]
        start = int(rows.starts[process])
        at = start + int(np.searchsorted(rows.row(process), product))
        told_here = [(fact.value, fact.unit)]
        told_here += [(others[one].value, others[one].unit) for one in fact.conflicts if one in others]
        for value, unit in told_here:
            ratio = _ratio(value, unit)
            if ratio is not None and not np.isnan(low[fact.predicate][at]):
                low[fact.predicate][at] = min(low[fact.predicate][at], ratio)
                high[fact.predicate][at] = max(high[fact.predicate][at], ratio)
    return Told(
        low["input_to"], high["input_to"], low["yields"], high["yields"],
        {process: tuple(sorted(ids)) for process, ids in claims.items()},
        basis,
        {flow: tuple(sorted(ids)) for flow, ids in of_flow.items()},
    )  # fmt: skip


def _ratio(value: float | str | None, symbol: str | None) -> float | None:
    if not isinstance(value, float) or not symbol:
        return None
    unit = unit_of(symbol)
    return value * unit.factor if unit.dimension == MASS_RATIO else None
