"""Which slots of many: flags set by loops that vectorise, listed by words of eight.

Signatures: listed: flags -> slots, ascending. A loop vectorises where it reads parts of arrays, site[i] of
`site = state.site[m]`; where an index is a sum, site[m, first + t], numba allows for one that is negative, and every
vector is gathered.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import LANES
from sim.kernels.numerics.compiler import shared
from sim.kernels.numerics.memory import aligned

WORD = 8                       # flags of a uint64


class Marks(NamedTuple):
    """Room to mark some of a member's slots."""

    flag: np.ndarray          # (slot and more,) uint8; what lies beyond the slots stays 0
    slot: np.ndarray          # (slot and more,) those that are marked, once listed


def marks_for(slots):
    """Room for so many slots, none marked."""
    padded = -(-slots // LANES) * LANES
    flag = aligned((padded,), np.uint8)
    flag[:] = 0
    return Marks(flag, np.empty(padded + WORD, np.int64))


@shared
def listed(marks):
    """List the few slots that are marked; how many. Words without a mark are passed over."""
    n, words = 0, marks.flag.view(np.uint64)
    for w in range(words.size):
        if words[w] != 0:
            for i in range(WORD * w, WORD * (w + 1)):
                marks.slot[n] = i
                n += marks.flag[i]
    return n
