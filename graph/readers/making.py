"""Who makes what, and on what evidence, over the whole graph: the arrays that a region's tally is gathered from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.model.kinds import DONE_STATUSES
from graph.model.predicates import NOT_MAKING
from graph.readers.columns import PREDICATE_CODES, Columns
from graph.readers.port_types import Chain, Rows
from graph.readers.ragged import distinct, gather, pairs, rows_of
from graph.readers.regions import Regions
from graph.readers.yearly import YearlyAmounts, yearly_amounts


@dataclass(frozen=True, eq=False)
class Making:
    """Entities are numbered 0..n-1 from the sorted nodes in `entity` (enterprises and projects); products as in Chain.

    `made`: products each entity makes, kinds of them and the classes above; `direct`: as recorded; `by_product`:
    `made` the other way round; `used`: products each enterprise consumes; `sources`: sources of the unflagged
    candidate claims of each maker; `chains`: numbers into `chain_words` of what each makes. `place` and `placed`:
    positions of entities, sorted by position; `sure_places`: regions (nodes) of their unflagged places.
    """

    entity: NDArray[np.int32]
    made: Rows
    direct: Rows
    by_product: Rows
    used: Rows
    sources: Rows
    chains: Rows
    place: NDArray[np.int32]
    placed: NDArray[np.int32]
    has_place: NDArray[np.bool_]
    sure_places: Rows
    capacities: YearlyAmounts
    consumption: YearlyAmounts

    def here(self, regions: Regions, region: int) -> NDArray[np.int32]:
        """Entities placed in a region, ascending."""
        begin, end = regions.range_of(region)
        low, high = np.searchsorted(self.place, [begin, end])
        return distinct(self.placed[low:high])

    def whole(self, regions: Regions, region: int, here: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Of each of these entities, whether a region holds all its unflagged places."""
        owner, place = gather(self.sure_places, here)
        outside = ~np.isin(place, regions.inside(region))
        whole: NDArray[np.bool_] = np.bincount(owner[outside], minlength=len(here)) == 0
        return whole


def build_making(
    columns: Columns,
    used_rows: NDArray[np.int32],
    unflagged: NDArray[np.int32],
    entity: NDArray[np.int32],
    chain: Chain,
    chain_words: Mapping[str, int],
    first_product: int,
    statuses: Mapping[int, str],
    regions: Regions,
) -> Making:
    """`used_rows` are the used facts, `unflagged` the unflagged candidate claims, both as rows of `columns`."""
    count, products = len(entity), len(chain.products)

    def links(predicate: str) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        rows = used_rows[columns.predicate[used_rows] == PREDICATE_CODES[predicate]]
        return rows, np.searchsorted(entity, columns.subject[rows]).astype(np.int32), columns.object[rows]

    rows, maker, product = links("produces")
    not_making = [at for word in NOT_MAKING if (at := columns.qualifiers.position(word)) is not None]
    real = ~np.isin(columns.qualifier[rows], not_making)
    maker, product = maker[real], product[real] - first_product
    planning, project, planned = links("project_product")
    done_nodes = np.array(sorted(node for node, word in statuses.items() if word in DONE_STATUSES), np.int32)
    done = np.isin(entity[project], done_nodes) if len(project) else np.zeros(0, np.bool_)
    direct = rows_of(
        np.concatenate([maker, project[done]]), np.concatenate([product, planned[done] - first_product]), count
    )
    made = _with_classes(direct, chain, count)
    consuming, user, wanted = links("consumes")
    word = columns.qualifiers.position("capacity")
    capacity = columns.qualifier[rows[real]] == (-1 if word is None else word)
    told_capacity = np.concatenate([rows[real][capacity], planning[done]])
    of_whom = np.concatenate([maker[capacity], project[done]])
    of_what = np.concatenate([product[capacity], planned[done] - first_product])

    rows, placed_entity, region = links("located_in")
    # Institutions have places too, but make nothing here.
    ours = (
        entity[np.minimum(placed_entity, count - 1)] == columns.subject[rows]
        if count
        else np.zeros(len(rows), np.bool_)
    )
    placed_entity, region = placed_entity[ours], region[ours]
    sure = columns.flags[rows[ours]] == 0
    owner, position = regions.positions_of(region)
    by_position = np.lexsort((placed_entity[owner], position))
    has_place = np.zeros(count, np.bool_)
    has_place[placed_entity] = True

    is_maker = direct.counts() > 0
    local = np.searchsorted(entity, columns.subject[unflagged])
    local[local == count] = 0
    told = (entity[local] == columns.subject[unflagged]) & is_maker[local] if count else np.zeros(0, np.bool_)
    who, what = pairs(made)
    chain_number = np.array([chain_words.get(word, -1) if word else -1 for word in chain.chains], np.int32)
    numbered = chain_number[what] if products else what
    return Making(
        entity=entity,
        made=made,
        direct=direct,
        by_product=rows_of(what, who, products),
        used=rows_of(user, wanted - first_product, count),
        sources=rows_of(local[told], columns.source[unflagged][told], count),
        chains=rows_of(who[numbered >= 0], numbered[numbered >= 0], count),
        place=position[by_position],
        placed=placed_entity[owner][by_position],
        has_place=has_place,
        sure_places=rows_of(placed_entity[sure], region[sure], count),
        capacities=yearly_amounts(columns, told_capacity, of_whom, of_what),
        consumption=yearly_amounts(columns, consuming, user, wanted - first_product),
    )


def _with_classes(direct: Rows, chain: Chain, count: int) -> Rows:
    entity, product = pairs(direct)
    owner, above = gather(chain.above, product)
    return rows_of(np.concatenate([entity, entity[owner]]), np.concatenate([product, above]), count)
