"""The mass balance of works as a linear programme: which routes count, which columns and rows there are.

Columns: runs of processes (t/yr of reference flow), own supply (made here by means that tell no figures), bought in,
left over, kinds that serve as their class, output of the targets. Rows: one balance a product; one limit a recorded
capacity, one a target (no more is put out than is made here). scipy is loaded when a model is built, not before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.readers.port_types import Amounts, Chain, Flags
from graph.readers.ragged import pairs
from queries.chain.mass import mass_of, refuse_creating_loops
from queries.chain.programme import Programme
from queries.chain.works import Works

if TYPE_CHECKING:
    from scipy.sparse import coo_array, csr_array

Numbers = NDArray[np.int64]
# The chain's own products. Auxiliaries and goods of other industries are bought from outside it anyway.
LINKS = ("link", "class", "intermediate", "service", "coproduct", "resource")
_WEIGHING_ROUNDS = 40


@dataclass(frozen=True)
class Target:
    """What is to be made: `wanted` t/yr, which leave the works; without `delivered` as much as capacity allows."""

    product: int
    wanted: float
    delivered: bool


@dataclass(frozen=True, eq=False)
class Routes:
    """Numbers of the processes to reckon with, and of products made here by means that tell no figures."""

    processes: Numbers
    supplied: Numbers
    quantified: Flags


@dataclass(frozen=True, eq=False)
class Model:
    """The programme and what its columns and rows mean; `products` and `processes` are numbers in the chain."""

    programme: Programme
    products: Numbers
    processes: Numbers
    supplied: Numbers
    serving: tuple[tuple[int, int], ...]
    targets: tuple[Target, ...]
    capped: Numbers
    weights: Amounts
    link: Flags

    def runs(self) -> slice:
        """Columns of the runs, in the order of `processes`."""
        return slice(0, len(self.processes))

    def supply(self) -> slice:
        """Columns of own supply, in the order of `supplied`."""
        return slice(len(self.processes), len(self.processes) + len(self.supplied))

    def bought(self) -> slice:
        """Columns of purchases, in the order of `products`."""
        start = self.supply().stop
        return slice(start, start + len(self.products))

    def surplus(self) -> slice:
        """Columns of what is left over, in the order of `products`."""
        start = self.bought().stop
        return slice(start, start + len(self.products))

    def outputs(self) -> slice:
        """Columns of the targets' output."""
        size = self.programme.balance.shape[1]
        return slice(size - len(self.targets), size)

    def costs(self) -> tuple[Amounts, Amounts, Amounts]:
        """By stage: most output; least bought of the chain, weighed; least bought of the rest."""
        size = self.programme.balance.shape[1]
        output, links, rest = np.zeros(size), np.zeros(size), np.zeros(size)
        output[self.outputs()] = -1.0
        links[self.bought()] = np.where(self.link, self.weights, 0.0)
        rest[self.bought()] = np.where(self.link, 0.0, 1.0)
        return output, links, rest

    def without_buying(self) -> Programme:
        """The same works, were nothing of the chain bought, ore included."""
        upper = self.programme.upper.copy()
        upper[self.bought()][self.link] = 0.0
        return Programme(self.programme.balance, self.programme.limits, self.programme.most, upper)


def find_routes(chain: Chain, works: Works, targets: Sequence[int], share: float) -> Routes:
    """The processes that can run here and tell enough figures.

    One runs where something it yields is made here, or is a target; where all it yields are intermediates, once a
    process that runs takes one of them. An aggregate counts where no other process tells how its product is made. A
    product made here is supplied without a recipe where none tells figures, or only such as take what is not here
    while another, without figures, takes what is.
    """
    size = len(chain.products)
    quantified = mass_of(chain).quantified(share) & works.applies
    out_process, out = pairs(chain.outputs)
    in_process, in_ = pairs(chain.inputs)
    told = ~np.isnan(chain.output_amounts) & (np.nan_to_num(chain.output_amounts) > 0)
    aggregate = chain.kind_words == "aggregate"
    by_step = np.zeros(size, np.bool_)
    by_step[out[told & (quantified & ~aggregate)[out_process]]] = True
    ways = told & quantified[out_process] & (~aggregate[out_process] | ~by_step[out])
    here = works.made.copy()
    here[list(targets)] = True
    intermediate = chain.role_words == "intermediate"
    runs = np.zeros(len(chain.processes), np.bool_)
    while True:
        runs[out_process[ways & here[out]]] = True
        wanted = np.zeros(size, np.bool_)
        wanted[in_[runs[in_process]]] = True
        if not (wanted & intermediate & ~here).any():
            break
        here |= wanted & intermediate
    # Made here by a route that tells no figures, rather than by one in figures whose inputs nobody here has.
    lacking = ~here & np.isin(chain.role_words, LINKS)
    at_hand = works.applies & (np.bincount(in_process, lacking[in_], len(runs)) == 0)
    in_figures, known, untold = (np.zeros(size, np.bool_) for _ in range(3))
    chosen = ways & runs[out_process]
    in_figures[out[chosen]] = True
    known[out[chosen & at_hand[out_process]]] = True
    step = works.applies & ~aggregate
    untold[out[step[out_process] & ~(told & quantified[out_process]) & at_hand[out_process]]] = True
    supplied = works.direct & ~known & (untold | ~in_figures)
    return Routes(np.flatnonzero(runs), np.flatnonzero(supplied), quantified)


def build_model(
    chain: Chain,
    works: Works,
    routes: Routes,
    targets: Sequence[Target],
    capacity: Amounts,
    flows: tuple[Amounts, Amounts] | None = None,
) -> Model:
    """The programme. `capacity` by product of the chain, NaN: none recorded. `flows` stand for the chain's amounts.

    A target that nobody makes here has the capacity 0. Raises BadInput for a loop that creates mass.
    """
    from scipy.sparse import coo_array, csr_array, vstack

    inputs, outputs = flows or (chain.input_amounts, chain.output_amounts)
    made, used = _matrices(chain, routes.processes, inputs, outputs)
    touched = np.zeros(len(chain.products), np.bool_)
    touched[made.nonzero()[0]] = touched[used.nonzero()[0]] = True
    touched[[target.product for target in targets]] = True
    products, supplied = _with_kinds(chain, touched, works, routes.supplied)
    local = np.full(len(chain.products), -1)
    local[products] = np.arange(len(products))
    made, used = made[products], used[products]
    # What is made of nobody knows what does not stand in for a class whose making is told.
    untold, in_figures = np.isin(products, supplied), np.diff(made.tocsr().indptr) > 0
    serving = tuple(
        (int(local[kind]), int(local[above]))
        for kind in products.tolist()
        for above in chain.above.row(kind).tolist()
        if local[above] >= 0 and not (untold[local[kind]] and in_figures[local[above]])
    )
    net = csr_array(made - used)
    refuse_creating_loops(chain, routes.processes, net)

    count, size = len(products), len(routes.processes) + len(supplied)
    source = _ones(local[supplied], np.arange(len(supplied)), (count, len(supplied)))
    serve = _ones(
        np.array([pair[1] for pair in serving], np.int64), np.arange(len(serving)), (count, len(serving))
    ) - _ones(np.array([pair[0] for pair in serving], np.int64), np.arange(len(serving)), (count, len(serving)))
    wanted = np.array([local[target.product] for target in targets], np.int64)
    leaving = np.array([target.delivered for target in targets], np.float64)
    out = coo_array((-leaving, (wanted, np.arange(len(targets)))), (count, len(targets)))
    one = _ones(np.arange(count), np.arange(count), (count, count))
    balance = _beside(net, source, one, -one, serve, out)

    capacity = np.where(works.made, capacity, np.nan)
    capacity[[t.product for t in targets if not works.made[t.product]]] = 0.0
    capped = np.flatnonzero(~np.isnan(capacity[products]))
    own = _beside(made, source).tocsr()
    families = _families(products, capped, serving)
    width = balance.shape[1]
    rows = [_padded(families @ own, size, width)]
    making = np.zeros((len(targets), count))
    for at, target in enumerate(targets):
        making[at, [local[target.product], *(kind for kind, above in serving if above == local[target.product])]] = 1.0
    rows.append(_padded(csr_array(-making) @ own, size, width, len(targets)))
    upper = np.full(width, np.inf)
    model = Model(
        programme=Programme(
            balance.tocsr(),
            vstack(rows, format="csr"),
            np.concatenate([capacity[products[capped]], np.zeros(len(targets))]),
            upper,
        ),
        products=products,
        processes=routes.processes,
        supplied=supplied,
        serving=serving,
        targets=tuple(targets),
        capped=capped,
        weights=_weights(chain, products, made.tocsr(), used.tocsr()),
        link=np.isin(chain.role_words[products], LINKS),
    )
    # Without an amount asked for, the recorded capacity is the bound, and has a price.
    upper[model.outputs()] = [target.wanted if target.delivered else np.inf for target in targets]
    for target in targets:
        if target.delivered:
            upper[model.bought().start + local[target.product]] = 0.0
    return model


def _matrices(chain: Chain, processes: Numbers, inputs: Amounts, outputs: Amounts) -> "tuple[csr_array, csr_array]":
    """Products by processes: what a run makes and what it uses; a flow without a figure is left out (and told)."""
    from scipy.sparse import csr_array

    column = np.full(len(chain.processes), -1)
    column[processes] = np.arange(len(processes))
    shape = (len(chain.products), len(processes))
    tables = []
    for rows, amounts in ((chain.outputs, outputs), (chain.inputs, inputs)):
        process, product = pairs(rows)
        chosen = (column[process] >= 0) & (np.nan_to_num(amounts) > 0)
        tables.append(csr_array((amounts[chosen], (product[chosen], column[process[chosen]])), shape))
    return tables[0], tables[1]


def _with_kinds(chain: Chain, touched: Flags, works: Works, supplied: Numbers) -> tuple[Numbers, Numbers]:
    """The products of the balance: those touched, and kinds made here of those; own supply of any of them."""
    kinds = np.zeros(len(touched), np.bool_)
    for product in np.flatnonzero(touched).tolist():
        below = chain.below.row(product)
        kinds[below[works.direct[below]]] = True
    touched = touched | kinds
    return np.flatnonzero(touched), supplied[touched[supplied]]


def _families(products: Numbers, capped: Numbers, serving: Sequence[tuple[int, int]]) -> "csr_array":
    """Capacity rows by products: a class's capacity holds for itself and all its kinds together."""
    row_of = {int(product): row for row, product in enumerate(capped)}
    pairs_ = [*((row, product) for product, row in row_of.items())]
    pairs_ += [(row_of[above], kind) for kind, above in serving if above in row_of]
    row, column = np.array(pairs_, np.int64).reshape(-1, 2).T
    return _ones(row, column, (len(capped), len(products))).tocsr()


def _weights(chain: Chain, products: Numbers, made: "csr_array", used: "csr_array") -> Amounts:
    """What a tonne bought weighs: 1, and for what can be made here what of the chain making it would take besides.

    So making something of bought inputs is never worse than buying it. Inputs are shared out by mass over the outputs.
    """
    link = np.isin(chain.role_words[products], LINKS)
    given = np.asarray(made.sum(axis=0)).ravel()
    per_tonne = used.T.tocsr() @ _ones(np.flatnonzero(link), np.flatnonzero(link), (len(link), len(link)))
    rows, columns = made.nonzero()
    weights = np.ones(len(products))
    for _ in range(_WEIGHING_ROUNDS):
        taken = np.divide(per_tonne @ weights, given, out=np.zeros(len(given)), where=given > 0)
        least = np.full(len(products), np.inf)
        np.minimum.at(least, rows, taken[columns])
        better = np.where(np.isfinite(least), 1.0 + least, 1.0)
        if np.allclose(better, weights, rtol=1e-12):
            break
        weights = better
    return weights


def _ones(row: NDArray[np.int64], column: NDArray[np.int64], shape: tuple[int, int]) -> "coo_array":
    from scipy.sparse import coo_array

    return coo_array((np.ones(len(row)), (row, column)), shape)


def _beside(*parts: "csr_array | coo_array") -> "csr_array":
    from scipy.sparse import hstack

    joined: csr_array = hstack(parts, format="csr")
    return joined


def _padded(part: "csr_array", size: int, width: int, outputs: int = 0) -> "csr_array":
    """Rows over the first `size` columns, laid out over all; the last `outputs` columns are 1, each in its row."""
    from scipy.sparse import csr_array

    rows = part.shape[0]
    tail = _ones(np.arange(outputs), np.arange(outputs), (rows, outputs))
    return _beside(part, csr_array((rows, width - size - outputs)), tail)
