"""Mass in and out of a process, as its flows tell it: what is incomplete, and what puts out more than it takes in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.model.errors import BadInput
from graph.readers.port_types import Amounts, Chain, Flags
from graph.readers.ragged import pairs

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# Published figures are rounded: what weighs more by less than this share is no creation of mass.
ROUNDING = 1e-3
_CREATED = 1e-6


@dataclass(frozen=True, eq=False)
class Mass:
    """By process, per unit of its reference flow: kg `taken` in and `given` out as told; flows without a figure."""

    taken: Amounts
    given: Amounts
    inputs_untold: NDArray[np.int64]
    outputs_untold: NDArray[np.int64]

    @property
    def creating(self) -> Flags:
        """Processes all of whose inputs have a figure, that put out more than they take in: reagents are not listed."""
        told: Flags = (self.inputs_untold == 0) & (self.taken > 0)
        over: Flags = told & (self.given > self.taken * (1 + ROUNDING))
        return over

    def quantified(self, share: float) -> Flags:
        """Processes to reckon with: all inputs have figures, or those that have weigh `share` of what is put out."""
        told: Flags = (self.taken > 0) & (self.given > 0)
        enough: Flags = told & ((self.inputs_untold == 0) | (self.taken >= share * self.given))
        return enough


def mass_of(chain: Chain) -> Mass:
    """The mass of every process of the chain. A flow per vehicle or MW is no mass ratio and counts as not told."""
    size = len(chain.processes)
    into, out_of = pairs(chain.inputs)[0], pairs(chain.outputs)[0]
    return Mass(
        taken=np.bincount(into, np.nan_to_num(chain.input_amounts), size).astype(np.float64),
        given=np.bincount(out_of, np.nan_to_num(chain.output_amounts), size).astype(np.float64),
        inputs_untold=np.bincount(into, np.isnan(chain.input_amounts), size).astype(np.int64),
        outputs_untold=np.bincount(out_of, np.isnan(chain.output_amounts), size).astype(np.int64),
    )


def refuse_creating_loops(chain: Chain, processes: NDArray[np.int64], net: "csr_array") -> None:
    """Raises BadInput that names the processes of a loop whose net yield is above 1; recycling below that is legal.

    `net` (products by processes): what a run gives less what it takes. A set of runs that leaves no product short and
    some product over has made mass out of itself, and no sum over it means anything.
    """
    loop = _creating_loop(processes, net)
    if loop:
        raise BadInput(
            "These processes feed one another and yield more than they take in: {processes}. "
            "Correct a quantity of one of them (rechain show NODE lists its flows).",
            processes=", ".join(chain.processes[one] for one in loop),
        )


def _creating_loop(processes: NDArray[np.int64], net: "csr_array") -> Sequence[int]:
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, csr_array
    from scipy.sparse.csgraph import connected_components

    gives, takes = (net > 0).astype(float), (net < 0).astype(float)
    _, part = connected_components(coo_array(gives.T @ takes), directed=True, connection="strong")
    circular = np.flatnonzero(np.bincount(part)[part] > 1)
    if not len(circular):
        return ()
    inner = net[:, circular]
    rows = np.flatnonzero(np.diff(inner.tocsr().indptr))
    inner = inner.tocsr()[rows]
    found = linprog(  # type: ignore[call-overload]
        -np.asarray(inner.sum(axis=0)).ravel(),
        A_ub=-inner,
        b_ub=np.zeros(len(rows)),
        A_eq=csr_array(np.ones((1, len(circular)))),
        b_eq=[1.0],
        bounds=(0, None),
        method="highs-ds",
    )
    if found.status != 0 or -found.fun < _CREATED:
        return ()
    return [int(one) for one in processes[circular[found.x > _CREATED]]]
