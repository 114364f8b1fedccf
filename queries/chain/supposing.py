"""A tally with suppositions laid over it: plants that open, enterprises that stop, projects that are late.

What is known of the chain here (evidence, stated absences) stays as it is: a supposition is no source, and supposing
that somebody stops does not make us know less. So a link never turns from missing to unknown by it.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from graph.model.dates import months_later
from graph.model.predicates import NOT_MAKING
from graph.readers.port import Reader
from graph.readers.port_types import Chain, Figures, Flags, PipelineProject, Tally
from graph.readers.ragged import pairs, rows_of
from queries.chain.future import Entities, owner_groups
from queries.chain.suppositions import Attracted, Suppositions
from queries.lookup.capacity import controllers_of

PLANT = "ent:what-if-"


def suppose(reader: Reader, chain: Chain, tally: Tally, supposed: Suppositions) -> Tally:
    """The tally as it would be. The plants of those attracted are entities `ent:what-if-1` ... behind the others."""
    if supposed.lost:
        tally = _without(reader, chain, tally, supposed.lost)
    if supposed.attracted:
        tally = _with(reader, chain, tally, supposed.attracted)
    if supposed.delays:
        tally = replace(
            tally, pipeline=tuple(_later(one, supposed.delays.get(one.project, 0)) for one in tally.pipeline)
        )
    return tally


def made_with_classes(chain: Chain, products: Sequence[int]) -> list[int]:
    """Products and the classes above them."""
    return sorted({*products, *(int(above) for product in products for above in chain.above.row(product))})


def _later(project: PipelineProject, months: int) -> PipelineProject:
    return project._replace(expected=months_later(project.expected, months)) if project.expected and months else project


def _with(reader: Reader, chain: Chain, tally: Tally, attracted: Sequence[Attracted]) -> Tally:
    products, first = len(chain.products), len(tally.entities)
    direct = tally.direct.copy()
    made = [np.array(made_with_classes(chain, one.products), np.int64) for one in attracted]
    direct[[product for one in attracted for product in one.products]] = True
    row, item = pairs(tally.makers)
    makers = rows_of(
        np.concatenate([row, *made]),
        np.concatenate([item, *(np.full(len(own), first + at) for at, own in enumerate(made))]),
        products,
    )
    figures = tally.capacities
    told = [(first + at, p, one.capacity) for at, one in enumerate(attracted) for p in one.products if one.capacity]
    controllers = controllers_of(reader, sorted({one.enterprise for one in attracted}))
    owners = [{one.enterprise, *controllers[one.enterprise]} for one in attracted]
    groups = owner_groups(reader, tally, [own.tolist() for own in made], owners)
    return replace(
        tally,
        entities=Entities(tally.entities, [f"{PLANT}{at + 1}" for at in range(len(attracted))]),
        makers=makers,
        total=tally.total + makers.counts() - tally.makers.counts(),
        direct=direct,
        enterprises=tally.enterprises + len(attracted),
        groups=np.concatenate([tally.groups, groups]).astype(np.int32),
        capacities=Figures(
            entity=np.concatenate([figures.entity, [entity for entity, *_ in told]]).astype(np.int32),
            product=np.concatenate([figures.product, [product for _, product, _ in told]]).astype(np.int32),
            amount=np.concatenate([figures.amount, [amount for *_, amount in told]]).astype(np.float64),
            inside=np.concatenate([figures.inside, np.ones(len(told), np.bool_)]).astype(np.bool_),
        ),
    )


def _without(reader: Reader, chain: Chain, tally: Tally, lost: Sequence[str]) -> Tally:
    products = len(chain.products)
    shown = np.unique(np.concatenate([tally.makers.items, tally.users.items, tally.capacities.entity]))
    gone = np.array([int(entity) for entity in shown if tally.entities[int(entity)] in lost], np.int64)
    row, item = pairs(tally.makers)
    kept = ~np.isin(item, gone)
    makers = rows_of(row[kept], item[kept], products)
    used, user = pairs(tally.users)
    still = ~np.isin(user, gone)
    return replace(
        tally,
        makers=makers,
        total=tally.total + makers.counts() - tally.makers.counts(),
        direct=_still_direct(reader, chain, tally, lost),
        users=rows_of(used[still], user[still], products),
        enterprises=tally.enterprises - sum(one.startswith("ent:") for one in lost),
        pipeline=tuple(one for one in tally.pipeline if one.project not in lost),
        capacities=_left(tally.capacities, gone),
        consumption=_left(tally.consumption, gone),
    )


def _still_direct(reader: Reader, chain: Chain, tally: Tally, lost: Sequence[str]) -> Flags:
    """Products that somebody else here is recorded with: others may make only a kind of what the lost one made."""
    direct = tally.direct.copy()
    facts = reader.facts(lost, ("produces", "project_product"))
    made = {str(fact.object) for fact in facts if fact.used and fact.qualifier not in NOT_MAKING}
    for product in sorted(made):
        others = (maker for maker in reader.makers(product, tally.region) if maker.here and maker.entity not in lost)
        direct[chain.index[product]] &= any(fact.object == product for maker in others for fact in maker.facts)
    return direct


def _left(figures: Figures, gone: NDArray[np.int64]) -> Figures:
    kept = ~np.isin(figures.entity, gone)
    return Figures(figures.entity[kept], figures.product[kept], figures.amount[kept], figures.inside[kept])
