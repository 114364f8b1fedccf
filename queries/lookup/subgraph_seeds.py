"""Where a subgraph begins: named nodes, all of some kinds, what is in a region, on a chain, or about a product."""

from collections.abc import Sequence

from graph.model.errors import BadInput
from graph.model.kinds import NODE_KINDS
from graph.readers.port import Reader
from queries.base import resolve_name
from queries.chain.selection import resolve_chain

_PLACED = ("enterprise", "project", "institution")


def seeds_of(
    reader: Reader,
    names: Sequence[str],
    kinds: Sequence[str],
    region: str | None,
    chain: str | None,
    product: str | None,
) -> tuple[str, ...]:
    """The ids of the seeds, sorted; `region` and `product` are ids.

    Named nodes are always seeds. A region brings itself and what is placed in it, a chain itself and its products, a
    product itself, its kinds and who makes them; `kinds` keeps of these what is of the kinds, and alone brings all
    nodes of the kinds. Raises BadInput when nothing begins anywhere.
    """
    found: set[str] = set()
    if region is not None:
        found |= {region, *reader.placed(region, _PLACED)}
    if chain is not None:
        recipes = reader.chain()
        word = resolve_chain(reader, recipes, chain)
        found |= {f"chn:{word}"} & set(reader.ids(("chain",)))
        found |= {name for name, has in zip(recipes.products, recipes.chains, strict=True) if has == word}
    if product is not None:
        recipes = reader.chain()
        kinds_of_it = (recipes.products[at] for at in recipes.below.row(recipes.index[product]).tolist())
        found |= {product, *kinds_of_it, *(maker.entity for maker in reader.makers(product))}
    if kinds:
        found = (
            set(reader.ids(kinds))
            if region is chain is product is None
            else {id_ for id_ in found if _kind(id_) in kinds}
        )
    found |= {resolve_name(reader, name) for name in names}
    if not found:
        if names or kinds or region or chain or product:
            raise BadInput("Nothing here fits these seeds, so there is no subgraph. Name others, or fewer kinds.")
        raise BadInput("A subgraph begins somewhere: give a seed, a kind, a region, a chain or a product.")
    return tuple(sorted(found))


def _kind(id_: str) -> str:
    return next(kind.name for kind in NODE_KINDS.values() if kind.prefix == id_[:3])
