"""What the region is worth to those who could come: the log-sum of potential entrants."""

from typing import NamedTuple

import numpy as np

from sim.kernels.expected import base_utilities, logit
from sim.kernels.layout import CANDIDATE


class Asked(NamedTuple):
    """Exogenous potential entrants of a quarter."""

    number: np.ndarray            # (member,)
    value: np.ndarray             # (member,) mean log-sum, 0 where nobody is asked


def nobody(members):
    """Asked where no potential entrants come."""
    return Asked(np.zeros(members, np.int32), np.zeros(members))


def asked(quarter, state, counts, offers, nests, peers_and_moving):
    """Asked: the mean of ln sum_m (sum_{k in m} e^(V_k/l_m))^l_m over candidates without a parent.

    The expected best utility less Euler's constant (McFadden 1978; Small & Rosen 1981), in units of the
    error's scale, the outside option being worth 0; on the counts that the quarter's choices open
    with. They are the same enterprises in every scenario, so that differences are changes of surplus.
    """
    number, value = nobody(len(state.site))
    for m in range(len(state.site)):
        slots = np.flatnonzero((state.site[m] == CANDIDATE) & (state.parent[m] == 0))
        if len(slots):
            v = base_utilities(quarter, m, slots, state, counts, offers, *peers_and_moving)
            own = nests.dissimilarity[m % len(nests.dissimilarity)]
            number[m], value[m] = len(slots), logit(v, nests.of_site, own).mean()
    return Asked(number, value)
