"""The product-process graph out of the facts: roles, classes, flows."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from graph.readers.port_types import Amounts, Chain, Rows
from graph.readers.ragged import beside, closure, inverse, rows_of


class Links:
    """What `build_chain` needs to know of a graph, in node numbers; the snapshot and tests hand it in."""

    def __init__(
        self,
        names: Callable[[int], str],
        products: tuple[int, int],
        processes: tuple[int, int],
        pairs: Callable[..., tuple[NDArray[np.int32], NDArray[np.int32]]],
        words: Callable[[str], dict[int, str]],
        amounts: Callable[[str], tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]],
    ) -> None:
        self.names = names
        self.products = products  # first product node and the one after the last: nodes of a kind stand together
        self.processes = processes
        self.pairs = pairs
        self.words = words
        self.amounts = amounts


def build_chain(links: Links) -> Chain:
    """The recipe graph. Flows flagged as planned, former, doubtful ... are left out, as everywhere."""
    low, high = links.products
    first, last = links.processes
    count, steps = high - low, last - first
    products = tuple(links.names(node) for node in range(low, high))
    role, stage, kind = links.words("role"), links.words("stage"), links.words("process_kind")

    chain_of: dict[int, str] = {}
    for product, chain in zip(*links.pairs("chain"), strict=True):
        chain_of.setdefault(int(product), links.names(int(chain))[4:])
    site_of: dict[int, str] = {}
    for process, region in zip(*links.pairs("site"), strict=True):
        site_of.setdefault(int(process), links.names(int(region)))

    def table(predicate: str, *, product_first: bool, qualifier: str | None = None) -> Rows:
        subject, object_ = links.pairs(predicate, qualifier)
        product, process = (subject, object_) if product_first else (object_, subject)
        return rows_of(process - first, product - low, steps)

    def amounts(predicate: str, beside_: Rows, *, product_first: bool) -> Amounts:
        subject, object_, amount = links.amounts(predicate)
        product, process = (subject, object_) if product_first else (object_, subject)
        return beside(beside_, process - first, product - low, amount)

    inputs, outputs = table("input_to", product_first=True), table("yields", product_first=False)
    kinds_, classes = links.pairs("subclass_of")
    above = closure(rows_of(kinds_ - low, classes - low, count))
    # A circle of classes leads back to the start; a product is not above itself.
    row = np.repeat(np.arange(count), above.counts())
    above = rows_of(row[row != above.items], above.items[row != above.items], count)
    return Chain(
        products=products,
        index={name: i for i, name in enumerate(products)},
        roles=tuple(role.get(node, "link") for node in range(low, high)),
        chains=tuple(chain_of.get(node) for node in range(low, high)),
        stages=tuple(stage.get(node) for node in range(low, high)),
        above=above,
        below=inverse(above, count),
        processes=tuple(links.names(node) for node in range(first, last)),
        kinds=tuple(kind.get(node, "step") for node in range(first, last)),
        sites=tuple(site_of.get(node) for node in range(first, last)),
        inputs=inputs,
        outputs=outputs,
        services=table("uses", product_first=False, qualifier="service"),
        equipment=table("uses", product_first=False, qualifier="equipment"),
        input_amounts=amounts("input_to", inputs, product_first=True),
        output_amounts=amounts("yields", outputs, product_first=False),
    )
