"""Presence: what is made, implied or available in a region, and which inputs its makers need.

Design section 4, over arrays: one flag a product of the chain. Recipes are the step and recycling processes that
apply in the region; aggregates count only for products that no such step yields.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.readers.port import Reader
from graph.readers.port_types import Chain, Flags, Rows, Tally
from graph.readers.ragged import gather, pairs, rows_of

# Inputs that a recipe's share of "inputs here" is counted over: auxiliaries are bought anyway, co-products arise
# anyway.
COUNTED_INPUTS = ("link", "class", "intermediate")


@dataclass(frozen=True, eq=False)
class Recipes:
    """The recipes that apply in a region as pairs: process `process[i]` is a way to make product `product[i]`."""

    process: NDArray[np.int64]
    product: NDArray[np.int32]
    applies: Flags

    def best(self, score: NDArray[np.float64], products: int, worst: float) -> NDArray[np.float64]:
        """The greatest score of a process over the recipes of each product; `worst` where there is none."""
        found = np.full(products, worst)
        np.maximum.at(found, self.product, score[self.process])
        return found


@dataclass(frozen=True, eq=False)
class Presence:
    """Flags and figures by product (index into Chain.products).

    `made`: a maker here; `class_known`: somebody here is recorded with a class above it; `implied`: arises with
    something made here; `needing`: rows of the products made here that need it; `users`: rows of who needs it, as
    numbers of Tally.entities; `inputs_here`: best share of its recipes' inputs available here; `has_recipe`.
    `in_use`: the recipes that makers here are taken to use, those with the fewest unavailable inputs.
    """

    made: Flags
    class_known: Flags
    implied: Flags
    available: Flags
    needing: Rows
    users: Rows
    inputs_here: NDArray[np.float64]
    has_recipe: Flags
    recipes: Recipes
    in_use: Recipes


def find_presence(reader: Reader, tally: Tally) -> Presence:
    """Presence of every product in the tally's region."""
    chain = reader.chain()
    products = len(chain.products)
    role = chain.role_words
    made = tally.makers.counts() > 0
    class_known = np.zeros(products, np.bool_)
    below, above = pairs(chain.above)
    class_known[below[tally.direct[above]]] = True

    recipes = recipes_in(reader, chain, tally.region)
    input_process, input_ = pairs(chain.inputs)
    implied = _implied(chain, recipes, made, made | (role == "auxiliary") | class_known)
    made_or_implied = made | implied
    used_here = np.zeros(products, np.bool_)
    makes_something = np.zeros(len(chain.processes), np.bool_)
    makes_something[recipes.process[made[recipes.product]]] = True
    used_here[input_[makes_something[input_process]]] = True
    available = (
        made_or_implied
        | np.isin(role, ("auxiliary", "coproduct"))
        | class_known
        | ((role == "intermediate") & used_here)
    )

    in_use = _in_use(chain, recipes, made, available)
    needing = _needing(chain, in_use, made, available)
    needed, by = pairs(needing)
    owner, maker = gather(tally.makers, by)
    consumed, consumer = pairs(tally.users)
    users = rows_of(np.concatenate([needed[owner], consumed]), np.concatenate([maker, consumer]), products)

    counted = np.isin(role, COUNTED_INPUTS)
    size = len(chain.processes)
    inputs = np.bincount(input_process, counted[input_], size)
    here = np.bincount(input_process, (counted & available)[input_], size)
    share = np.divide(here, inputs, out=np.zeros(size), where=inputs > 0)
    has_recipe = np.zeros(products, np.bool_)
    has_recipe[recipes.product] = True
    return Presence(
        made=made,
        class_known=class_known,
        implied=implied,
        available=available,
        needing=needing,
        users=users,
        inputs_here=recipes.best(share, products, 0.0),
        has_recipe=has_recipe,
        recipes=recipes,
        in_use=in_use,
    )


def recipes_in(reader: Reader, chain: Chain, region: str) -> Recipes:
    """The ways to make things that apply in a region."""
    applies = reader.applies(region)
    process, product = pairs(chain.outputs)
    aggregate = chain.kind_words == "aggregate"
    by_step = np.zeros(len(chain.products), np.bool_)
    by_step[product[applies[process] & (chain.kind_words == "step")[process]]] = True
    counts = applies[process] & (~aggregate[process] | ~by_step[product])
    return Recipes(process[counts], product[counts], applies)


def _implied(chain: Chain, recipes: Recipes, made: Flags, given: Flags) -> Flags:
    """Least fixpoint: all outputs of a joint process whose inputs are here and one of whose outputs is made here."""
    size = len(chain.processes)
    joint = recipes.applies & (chain.kind_words != "aggregate") & (chain.outputs.counts() > 1)
    input_process, input_ = pairs(chain.inputs)
    output_process, output = pairs(chain.outputs)
    joint &= np.bincount(output_process, made[output], size) > 0
    implied = np.zeros(len(made), np.bool_)
    while True:
        missing = np.bincount(input_process, ~(given | implied)[input_], size)
        arises = np.zeros(len(made), np.bool_)
        arises[output[(joint & (missing == 0))[output_process]]] = True
        arises &= ~made
        if not (arises & ~implied).any():
            return implied
        implied |= arises


def _in_use(chain: Chain, recipes: Recipes, made: Flags, available: Flags) -> Recipes:
    """Makers of q are taken to use its recipes with the fewest unavailable inputs."""
    input_process, input_ = pairs(chain.inputs)
    unavailable = np.bincount(input_process, ~available[input_], len(chain.processes))
    fewest = -recipes.best(-unavailable.astype(float), len(made), -np.inf)
    chosen = made[recipes.product] & (unavailable[recipes.process] == fewest[recipes.product])
    return Recipes(recipes.process[chosen], recipes.product[chosen], recipes.applies)


def _needing(chain: Chain, in_use: Recipes, made: Flags, available: Flags) -> Rows:
    """For each product, the products made here that need it.

    The unavailable inputs of the recipes in use are needed; where nothing is unavailable, the services of these recipes
    that nobody here offers.
    """
    process, product = in_use.process, in_use.product
    owner, inputs = gather(chain.inputs, process)
    lacking = ~available[inputs]
    whole = np.bincount(owner, lacking, len(process)) == 0
    server, service = gather(chain.services, process[whole])
    absent = ~made[service]
    return rows_of(
        np.concatenate([inputs[lacking], service[absent]]),
        np.concatenate([product[owner][lacking], product[whole][server][absent]]),
        len(made),
    )
