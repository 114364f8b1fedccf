"""Owner groups: enterprises of which one controls the other, directly or over others."""

import numpy as np
from numpy.typing import NDArray

from graph.readers.columns import PREDICATE_CODES, Columns
from graph.readers.components import components

# The share in % from which an owner controls, where nobody asks for another.
CONTROL_SHARE = 50.0


def owner_groups(
    columns: Columns, used_rows: NDArray[np.int32], enterprises: tuple[int, int], entities: int, share: float
) -> NDArray[np.int32]:
    """The group of each entity; projects, numbered after the enterprises, are groups of their own.

    A share that is not told, or told in money, counts as control. A state or a town that holds many firms does not make
    them one group: only enterprises own here.
    """
    rows = used_rows[columns.predicate[used_rows] == PREDICATE_CODES["owns"]]
    first, last = enterprises
    told, unit = columns.value[rows], columns.unit[rows]
    in_percent = np.array([symbol in ("", "%") for symbol in columns.units])[unit]
    controls = (np.isnan(told) | ~in_percent | (told >= share)) & (columns.subject[rows] >= first)
    controls &= columns.subject[rows] < last
    owner, owned = columns.subject[rows][controls] - first, columns.object[rows][controls] - first
    return components(entities, owner, owned)
