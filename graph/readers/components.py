"""Connected components, by scipy, which is loaded only when one is asked for: it costs a third of a cold start."""

import numpy as np
from numpy.typing import NDArray

from graph.readers.ragged import Ints


def components(count: int, tail: Ints, head: Ints, *, strong: bool = False) -> NDArray[np.int32]:
    """The number of the component of each of `count` nodes; `strong`: along the direction of the links, both ways."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = coo_array((np.ones(len(tail), np.int8), (tail, head)), shape=(count, count))
    _, number = connected_components(links, directed=strong, connection="strong")
    return number.astype(np.int32)
