"""What the region is worth to those who could come: the log-sum of potential entrants.

Decision 31 (docs/decisions.md).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernels import arrays
from sim.kernels.choice.expected import logit
from sim.kernels.choice.systematic_utility import utilities
from sim.model.world import World


class Asked(NamedTuple):
    """Exogenous potential entrants of a quarter."""

    number: np.ndarray            # (member,)
    value: np.ndarray             # (member,) mean log-sum; nan where nobody is asked, or it is not measured


def nobody(members: int) -> Asked:
    """Asked where no potential entrants come."""
    return Asked(np.zeros(members, np.int32), np.full(members, np.nan))


def asked(world: World, quarter: int, state: arrays.State, came: tuple[NDArray[np.int64], NDArray[np.int64]],
          counts: NDArray[np.int64], offers_peers_moving: tuple[arrays.Tables, arrays.Peers, arrays.Moving]) -> Asked:
    """Asked: the mean of ln sum_m (sum_{k in m} e^(V_k/l_m))^l_m over potential entrants from outside.

    came: (member, slot) of them.

    The expected best utility less Euler's constant (McFadden 1978; Small & Rosen 1981), in units of the
    error's scale, the outside option being worth 0; on the counts that the quarter's choices open
    with. They are the same enterprises in every scenario, so that differences are changes of surplus.
    Measured in the last quarter of every year and of the run, to keep runs cheap.
    """
    member, slot = (np.ascontiguousarray(part) for part in came)     # numba has a code of its own for others
    number, value = nobody(world.members)
    number[:] = np.bincount(member, minlength=world.members)
    if (world.calendar.first + quarter) % 4 == 3 or quarter == world.calendar.length - 1:
        v = utilities(quarter, member, slot, state, counts, *offers_peers_moving)
        last = number.cumsum()                             # those of a member stand side by side
        for m in np.flatnonzero(number):
            length = world.nests.dissimilarity[m % len(world.nests.dissimilarity)]
            value[m] = logit(v[last[m] - number[m]:last[m]], world.nests.of_site, length).mean()
    return Asked(number, value)
