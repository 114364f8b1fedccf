"""The rows of a balance: numbers of the programme with names, roles and the claims behind them."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from graph.readers.port import Reader
from graph.readers.port_types import Amounts, Chain
from queries.base import NodeRef, refs
from queries.chain.balance_answer import (
    Bought,
    Flow,
    Limit,
    MassCreating,
    OwnSupply,
    Relaxation,
    Run,
    Surplus,
    TargetOutput,
)
from queries.chain.balance_flows import Told
from queries.chain.balance_model import Routes
from queries.chain.balance_solving import Plan, Spread
from queries.chain.evidence import MAKING
from queries.chain.mass import Mass
from queries.chain.works import Works, capacity_claims

# Less than this, in t/yr, is nothing: below what any source tells.
NOTHING = 1e-6
_CLAIMS_SHOWN = 200
_DIGITS = 6


def rounded(value: float) -> float:
    """To six significant digits; what is nothing is 0."""
    return float(f"{value:.{_DIGITS}g}") if abs(value) > NOTHING else 0.0


class Rows:
    """Makes the rows of one plan; names and capacity claims are fetched once."""

    def __init__(self, reader: Reader, works: Works, routes: Routes, plan: Plan, told: Told, mass: Mass) -> None:
        self._reader, self._chain = reader, reader.chain()
        self._works, self._routes, self._plan, self._told, self._mass = works, routes, plan, told, mass
        model = plan.model
        wanted = {*model.products.tolist(), *(flow[2] for flow in told.of_flow)}
        products, processes = self._chain.products, self._chain.processes
        ids = [*(products[one] for one in wanted), *(processes[one] for one in routes.processes.tolist())]
        self._names = refs(reader, sorted(ids))
        self._capacity_claims = capacity_claims(reader, works, model.products.tolist())
        running = {one for one, amount in zip(model.processes.tolist(), plan.runs, strict=True) if amount > NOTHING}
        self._cited: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        for (predicate, process, product), claims in told.of_flow.items():
            if process in running:
                self._cited[predicate, product].update(claims)

    def targets(self) -> tuple[TargetOutput, ...]:
        """In the order of the products' ids."""
        reached, works = self._plan.reached, self._works
        return tuple(
            TargetOutput(
                product=self._product(target.product),
                wanted=rounded(target.wanted),
                reached=rounded(reached.value[target.product]),
                low=rounded(reached.low[target.product]),
                high=rounded(reached.high[target.product]),
                own_links=rounded(float(self._plan.own_output[at])),
                capacity=self._capacity(target.product),
                makers=int(works.makers[target.product]),
                telling=int(works.telling[target.product]),
                claims=self._capacity_claims[target.product][:_CLAIMS_SHOWN],
            )
            for at, target in enumerate(self._plan.model.targets)
        )

    def limits(self) -> tuple[Limit, ...]:
        """With buying first; those that bring most first."""
        found = [
            Limit(
                programme=one.programme,
                kind=one.kind,
                product=self._product(one.product),
                bound=rounded(one.bound),
                more_output=_price(one.more_output),
                less_bought=_price(one.less_bought),
                claims=self._capacity_claims[one.product][:_CLAIMS_SHOWN] if one.kind == "capacity" else (),
            )
            for one in self._plan.pressing
        ]
        return tuple(sorted(found, key=lambda one: (one.programme, -one.more_output, -one.less_bought, one.product.id)))

    def bought(self) -> tuple[Bought, ...]:
        """Largest first."""
        model, works = self._plan.model, self._works
        weight = dict(zip(model.products.tolist(), np.where(model.link, model.weights, 1.0).tolist(), strict=True))
        return tuple(
            Bought(
                product=self._product(product),
                role=self._chain.roles[product],
                t_per_year=rounded(self._plan.bought.value[product]),
                low=rounded(self._plan.bought.low[product]),
                high=rounded(self._plan.bought.high[product]),
                weight=rounded(weight[product]),
                made_here=bool(works.made[product]),
                makers_elsewhere=self._elsewhere(product),
                claims=self._flow_claims("input_to", product),
            )
            for product in _listed(self._chain, self._plan.bought)
        )

    def surplus(self) -> tuple[Surplus, ...]:
        """Largest first; the output of the targets is no surplus."""
        taken = self._used_by()
        targets = {target.product for target in self._plan.model.targets}
        return tuple(
            Surplus(
                product=self._product(product),
                t_per_year=rounded(self._plan.surplus.value[product]),
                low=rounded(self._plan.surplus.low[product]),
                high=rounded(self._plan.surplus.high[product]),
                users_here=taken.get(product, 0),
                claims=self._flow_claims("yields", product),
            )
            for product in _listed(self._chain, self._plan.surplus)
            if product not in targets
        )

    def own_supply(self) -> tuple[OwnSupply, ...]:
        """Largest first."""
        drawn = [
            (product, amount)
            for product, amount in zip(self._plan.model.supplied.tolist(), self._plan.supply.tolist(), strict=True)
            if amount > NOTHING
        ]
        applying = self._works.applies[np.repeat(np.arange(len(self._chain.processes)), self._chain.outputs.counts())]
        with_recipe = set(self._chain.outputs.items[applying].tolist())
        rows = []
        for product, amount in sorted(drawn, key=lambda pair: (-pair[1], pair[0])):
            name = self._chain.products[product]
            here = self._capacity_claims[product] or self._made_by(product)
            rows.append(
                OwnSupply(
                    product=self._names[name],
                    t_per_year=rounded(amount),
                    capacity=self._capacity(product),
                    why="no_figures" if product in with_recipe else "no_recipe",
                    claims=here[:_CLAIMS_SHOWN],
                )
            )
        return tuple(rows)

    def runs(self) -> tuple[Run, ...]:
        """Largest first."""
        model = self._plan.model
        running = [
            (int(process), float(amount))
            for process, amount in zip(model.processes, self._plan.runs, strict=True)
            if amount > NOTHING
        ]
        return tuple(
            self._run(process, amount) for process, amount in sorted(running, key=lambda one: (-one[1], one[0]))
        )

    def capacity_unknown(self) -> tuple[NodeRef, ...]:
        """By id."""
        model, chain = self._plan.model, self._chain
        used: set[int] = {
            int(p) for p, amount in zip(model.supplied, self._plan.supply, strict=True) if amount > NOTHING
        }
        for process, amount in zip(model.processes.tolist(), self._plan.runs, strict=True):
            if amount > NOTHING:
                used |= set(chain.outputs.row(process).tolist())
        works = self._works
        return tuple(self._product(p) for p in sorted(used) if works.made[p] and np.isnan(works.low[p]))

    def mass_creating(self) -> tuple[MassCreating, ...]:
        """Of the processes that can run here, by id."""
        return tuple(
            MassCreating(
                process=self._names[self._chain.processes[one]],
                taken=rounded(float(self._mass.taken[one])),
                given=rounded(float(self._mass.given[one])),
            )
            for one in self._routes.processes[self._mass.creating[self._routes.processes]].tolist()
        )

    def relaxations(self) -> tuple[Relaxation, ...]:
        """Largest first."""
        rows = sorted(self._plan.lacking, key=lambda one: (-one.more, one.product))
        return tuple(
            Relaxation(product=self._product(one.product), recorded=rounded(one.recorded), more=rounded(one.more))
            for one in rows
        )

    def _run(self, process: int, amount: float) -> Run:
        chain, mass = self._chain, self._mass
        untold = bool(mass.inputs_untold[process] or mass.outputs_untold[process])
        over = float(mass.given[process] - mass.taken[process] * (1 + 1e-3))
        unlisted = float(mass.given[process] - mass.taken[process]) * amount if over > 0 else 0.0
        start, stop = chain.inputs.starts[process : process + 2]
        begin, end = chain.outputs.starts[process : process + 2]
        return Run(
            process=self._names[chain.processes[process]],
            t_per_year=rounded(amount),
            basis=self._told.basis.get(process),
            inputs=self._flows(chain.inputs.row(process).tolist(), chain.input_amounts[start:stop], amount),
            outputs=self._flows(chain.outputs.row(process).tolist(), chain.output_amounts[begin:end], amount),
            mass_incomplete=untold or unlisted > 0,
            unlisted=rounded(unlisted),
            claims=self._told.claims.get(process, ())[:_CLAIMS_SHOWN],
        )

    def _flows(self, products: Iterable[int], ratios: Amounts, amount: float) -> tuple[Flow, ...]:
        return tuple(
            Flow(
                product=self._product(product),
                t_per_year=None if np.isnan(ratio) else rounded(float(ratio) * amount),
            )
            for product, ratio in zip(products, ratios, strict=True)
        )

    def _flow_claims(self, predicate: str, product: int) -> tuple[str, ...]:
        cited = self._cited.get((predicate, product))
        if predicate == "yields" and cited is None:
            return self._made_by(product)
        return tuple(sorted(cited or ()))[:_CLAIMS_SHOWN]

    def _made_by(self, product: int) -> tuple[str, ...]:
        chain = self._chain
        kinds = [chain.products[product], *(chain.products[kind] for kind in chain.below.row(product).tolist())]
        return self._reader.cite(self._works.makers_of(product) or None, MAKING, kinds, _CLAIMS_SHOWN)

    def _used_by(self) -> dict[int, int]:
        chain = self._chain
        count: dict[int, int] = {}
        for process in self._routes.processes.tolist():
            for product in chain.inputs.row(process).tolist():
                count[product] = count.get(product, 0) + 1
        return count

    def _product(self, product: int) -> NodeRef:
        return self._names[self._chain.products[product]]

    def _capacity(self, product: int) -> float | None:
        told = float(self._works.low[product])
        return None if np.isnan(told) else rounded(told)

    def _elsewhere(self, product: int) -> int:
        if self._works.elsewhere is not None:
            return int(self._works.elsewhere[product])
        return len(self._reader.makers(self._chain.products[product])) - int(self._works.makers[product])


def _price(value: float) -> float:
    """A ratio; the noise of the solver is 0."""
    return float(f"{value:.4g}") if abs(value) > 1e-6 else 0.0


def _listed(chain: Chain, amounts: Spread) -> list[int]:
    """Products of which there is something in any case, largest first, then by id."""
    some = np.flatnonzero(amounts.high > NOTHING)
    return sorted(some.tolist(), key=lambda one: (-rounded(float(amounts.value[one])), chain.products[one]))
