"""Which products a question about the chain looks at: a chain, all that a product is made from, or all made from it."""

import numpy as np
from pydantic import Field

from graph.model.errors import BadInput
from graph.model.kinds import ROLES
from graph.readers.port import Reader
from graph.readers.port_types import Chain, Flags, Rows
from graph.readers.ragged import gather, inverse
from queries.base import Params, resolve_name

LINK_ROLES = ("link", "service")


class InRegion(Params):
    """Where a question about the chain looks."""

    region: str = Field(title="地区", description="region: name, alias or id")


class Selection(Params):
    """Which links a question about the chain looks at."""

    chain: str | None = Field(None, title="产业链", description="only this chain: magnet, upstream ...")
    product: str | None = Field(None, title="产品", description="only what goes into this product, and itself")
    from_product: str | None = Field(
        None, alias="from", title="起点产品", description="only what is made from this product, and itself"
    )


def select_products(
    reader: Reader, chain: Chain, selection: Selection, roles: tuple[str, ...] | None = LINK_ROLES
) -> Flags:
    """Links and services (or products of these roles; None: of any), narrowed by each of the three that is given."""
    chosen: Flags = np.isin(chain.role_words, tuple(ROLES) if roles is None else roles)
    if selection.chain is not None:
        word = resolve_chain(reader, chain, selection.chain)
        chosen = chosen & np.array([has == word for has in chain.chains], np.bool_)
    if selection.product is not None:
        chosen = chosen & reached(chain, resolve_product(reader, chain, selection.product), upstream=True)
    if selection.from_product is not None:
        chosen = chosen & reached(chain, resolve_product(reader, chain, selection.from_product), upstream=False)
    return chosen


def resolve_chain(reader: Reader, chain: Chain, text: str) -> str:
    """The word of a chain, from the word itself, its id or its name."""
    words = sorted({word for word in chain.chains if word})
    plain = text.strip().removeprefix("chn:")
    if plain in words:
        return plain
    found = [match.node.id[4:] for match in reader.find(text, ("chain",), limit=2)]
    if len(found) == 1 and found[0] in words:
        return found[0]
    raise BadInput("There is no chain '{name}'. The chains here are: {known}.", name=text[:60], known=", ".join(words))


def resolve_product(reader: Reader, chain: Chain, text: str) -> int:
    """The number of a product in the chain, from its id or name."""
    return chain.index[resolve_name(reader, text, ("product",))]


def reached(chain: Chain, start: int, *, upstream: bool) -> Flags:
    """A product and all that goes into it over any number of processes (services too), or all that is made from it."""
    products, processes = len(chain.products), len(chain.processes)
    makes: Rows = inverse(chain.outputs, products)
    takes: Rows = inverse(chain.inputs, products)
    serves: Rows = inverse(chain.services, products)
    steps = (
        [(makes, (chain.inputs, chain.services))]
        if upstream
        else [(takes, (chain.outputs,)), (serves, (chain.outputs,))]
    )
    seen = np.zeros(products, np.bool_)
    walked = np.zeros(processes, np.bool_)
    frontier = np.array([start])
    seen[start] = True
    while len(frontier):
        found = np.zeros(products, np.bool_)
        for to_process, to_products in steps:
            process = np.unique(gather(to_process, frontier)[1])
            process = process[~walked[process]]
            walked[process] = True
            for table in to_products:
                found[gather(table, process)[1]] = True
        frontier = np.flatnonzero(found & ~seen)
        seen |= found
    return seen
