"""What a balance is drawn up for: the products asked for, or what a chain is there to make."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from graph.model.errors import BadInput
from graph.model.kinds import KIND_OF_PREFIX
from graph.readers.port import Reader
from graph.readers.port_types import Amounts, Chain, Flags
from graph.readers.ragged import pairs
from queries.chain.balance_model import Target, find_routes
from queries.chain.selection import resolve_chain, resolve_product
from queries.chain.works import Works

_MOST_ASKED = 1e12


class Aim(NamedTuple):
    """A product to be made: `amount` t/yr, None for as much as the recorded capacity allows."""

    product: int
    amount: float | None


def aims_asked(reader: Reader, chain: Chain, texts: Sequence[str]) -> tuple[Aim, ...]:
    """From PRODUCT or PRODUCT:T_PER_YEAR. Raises BadInput for an amount that is none, or a product named twice."""
    aims: dict[int, Aim] = {}
    for text in texts:
        name, amount = _split(text)
        product = resolve_product(reader, chain, name)
        if product in aims:
            raise BadInput("The target '{name}' is given twice. Give each product once, with its amount.", name=name)
        aims[product] = Aim(product, amount)
    return tuple(aims[product] for product in sorted(aims))


def aims_of_chains(reader: Reader, chain: Chain, works: Works, only: str | None, share: float) -> tuple[Aim, ...]:
    """The targets of the chains that are made here; where none is, the links made here that nothing here takes."""
    words = {resolve_chain(reader, chain, only)} if only is not None else {word for word in chain.chains if word}
    ids = [one for one in reader.ids(("chain",)) if one[4:] in words]
    told = {chain.index[str(f.object)] for f in reader.facts(ids, ("chain_target",), "out") if f.used} if ids else set()
    here = sorted(product for product in told if works.made[product])
    if not here:
        runs = np.isin(np.arange(len(chain.processes)), find_routes(chain, works, (), share).processes)
        process, input_ = pairs(chain.inputs)
        taken = np.zeros(len(chain.products), np.bool_)
        taken[input_[runs[process]]] = True
        final = works.direct & ~taken & (chain.role_words == "link")
        here = [product for product in np.flatnonzero(final).tolist() if chain.chains[product] in words]
    return tuple(Aim(product, None) for product in here)


def targets_of(aims: Sequence[Aim], routed: Flags, capacity: Amounts) -> tuple[Target, ...]:
    """The aims that a programme can be drawn up for: with a recipe in figures, and an amount or a capacity."""
    chosen = []
    for aim in aims:
        if not routed[aim.product]:
            continue
        if aim.amount is not None:
            chosen.append(Target(aim.product, aim.amount, delivered=True))
        elif not math.isnan(capacity[aim.product]):
            chosen.append(Target(aim.product, float(capacity[aim.product]), delivered=False))
    return tuple(chosen)


def _split(text: str) -> tuple[str, float | None]:
    name, colon, tail = text.replace("：", ":").rpartition(":")
    if not colon or name.strip() in KIND_OF_PREFIX:
        return text, None
    try:
        amount = float(tail.strip())
    except ValueError:
        amount = math.nan
    if not 0 <= amount <= _MOST_ASKED:
        raise BadInput(
            "'{amount}' is no amount for the target '{name}'. Give t/yr as a plain number from 0: {name}:1000",
            amount=tail.strip()[:40],
            name=name.strip()[:60],
        )
    return name, amount
