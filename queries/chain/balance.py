"""What limits a chain in a region or in some enterprises, what must be bought, and what piles up: a mass balance."""

from typing import cast

import numpy as np
from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from graph.model.errors import BadInput
from graph.readers.port import Reader
from graph.readers.port_types import Chain, Flags
from queries.base import Params, Query, Texts, envelope, refs, resolve_name
from queries.chain.balance_answer import STAGES, BalanceAnswer, NotBalanced
from queries.chain.balance_flows import flows_told
from queries.chain.balance_model import Routes, find_routes
from queries.chain.balance_rows import Rows
from queries.chain.balance_said import said_of
from queries.chain.balance_solving import draw_up
from queries.chain.balance_targets import Aim, aims_asked, aims_of_chains, targets_of
from queries.chain.mass import mass_of
from queries.chain.works import Works, works_of_enterprises, works_of_region


class BalanceParams(Params):
    """Whose balance, and for what."""

    region: str | None = Field(None, title="地区", description="region: name, alias or id")
    enterprise: Texts = Field(
        (),
        max_length=200,
        validate_default=True,
        title="企业",
        description="enterprises instead of a region, taken together; may be repeated",
    )
    target: Texts = Field(
        (),
        max_length=50,
        title="目标产品",
        description="PRODUCT or PRODUCT:T_PER_YEAR; may be repeated; default what the chains are there to make",
    )
    chain: str | None = Field(None, title="产业链", description="only the targets of this chain: magnet, upstream ...")
    mass_share: float = Field(
        0.9,
        ge=0,
        le=1,
        title="用量完整度阈值",
        description="inputs with a figure must weigh this share of the outputs for a recipe to count",
    )
    control_share: float = Field(
        50.0, ge=0, le=100, title="控股比例阈值", description="share in % from which owner and owned are one group"
    )

    @field_validator("enterprise")
    @classmethod
    def _region_or_enterprises(cls, given: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if "region" in info.data and (info.data["region"] is None) == (not given):
            wrong = BadInput(
                "Give either a region or enterprises: rechain balance REGION, or rechain balance --enterprise NAME."
            )
            raise PydanticCustomError("rechain", "{own_text}", {"own_text": wrong.text, "own_values": {}})
        return given


def run(reader: Reader, params: BalanceParams) -> BalanceAnswer:
    """The balance; where nothing is known that it could be drawn up from, empty lists and a sentence that says so."""
    chain = reader.chain()
    region = resolve_name(reader, params.region, ("region",)) if params.region is not None else None
    people = sorted({resolve_name(reader, name, ("enterprise",)) for name in params.enterprise})
    if region is not None:
        works = works_of_region(reader, reader.tally(region, control_share=params.control_share))
    else:
        works = works_of_enterprises(reader, people)
    aims = (
        aims_asked(reader, chain, params.target)
        if params.target
        else aims_of_chains(reader, chain, works, params.chain, params.mass_share)
    )
    mass = mass_of(chain)
    routes = find_routes(chain, works, [aim.product for aim in aims], params.mass_share)
    routed = _routed(chain, routes)
    targets = targets_of(aims, routed, works.low)
    told = flows_told(reader, chain, routes.processes.tolist())
    plan = draw_up(chain, works, routes, targets, told)
    rows = Rows(reader, works, routes, plan, told, mass)
    reached, relaxations = rows.targets(), rows.relaxations()
    left_out = _not_balanced(reader, chain, works, aims, routed)
    bought, surplus, limits, supplied = rows.bought(), rows.surplus(), rows.limits(), rows.own_supply()
    subject = refs(reader, [region] if region is not None else people)
    return BalanceAnswer(
        **envelope(
            "balance",
            reader,
            params,
            region=region,
            enterprise=people,
            target=[_shown(chain, aim) for aim in aims] if params.target else [],
        ),
        looked_at={
            "enterprises_here": works.enterprises,
            "processes_that_apply": int(works.applies.sum()),
            "processes_with_figures": int(routes.quantified.sum()),
            "processes_that_can_run": len(routes.processes),
            "products": len(plan.model.products),
        },
        unplaced=works.unplaced,
        truncated=plan.cut,
        said=said_of(tuple(subject.values()), reached, left_out, limits, bought, surplus, relaxations, supplied),
        feasible=not relaxations,
        targets=reached,
        not_balanced=left_out,
        relaxations=relaxations,
        limits=limits,
        bought=bought,
        surplus=surplus,
        own_supply=supplied,
        runs=rows.runs(),
        capacity_unknown=rows.capacity_unknown(),
        mass_creating=rows.mass_creating(),
        element_balance="no_composition",
        stages=tuple(STAGES),
    )


def _routed(chain: Chain, routes: Routes) -> Flags:
    """Products that a process which can run here yields, told in figures."""
    here = np.isin(np.arange(len(chain.processes)), routes.processes)
    flow = np.repeat(here, chain.outputs.counts()) & (np.nan_to_num(chain.output_amounts) > 0)
    routed = np.zeros(len(chain.products), np.bool_)
    routed[chain.outputs.items[flow]] = True
    return cast("Flags", routed)


def _not_balanced(
    reader: Reader, chain: Chain, works: Works, aims: tuple[Aim, ...], routed: Flags
) -> tuple[NotBalanced, ...]:
    """The aims that no programme can be drawn up for, by id, and why."""
    applying = np.repeat(works.applies, chain.outputs.counts())
    with_recipe = set(chain.outputs.items[applying].tolist())
    rows = []
    for aim in aims:
        if routed[aim.product] and (aim.amount is not None or not np.isnan(works.low[aim.product])):
            continue
        why = "no_capacity" if routed[aim.product] else "no_figures" if aim.product in with_recipe else "no_recipe"
        name = chain.products[aim.product]
        rows.append(NotBalanced(product=refs(reader, [name])[name], why=why, makers=int(works.makers[aim.product])))
    return tuple(rows)


def _shown(chain: Chain, aim: Aim) -> str:
    name = chain.products[aim.product]
    return name if aim.amount is None else f"{name}:{aim.amount:.12g}"


QUERY = Query(
    "balance",
    "物料平衡",
    "What limits output, what must be bought, what piles up (t/yr)",
    BalanceParams,
    BalanceAnswer,
    run,
    positional=("region",),
)
