"""A digest of many words, by which two arrays are told apart.

Signatures: digest: words (n,) uint64 -> (LANES,) uint64. Identities: arrays that differ in one word have other digests,
since every step is one to one; others have the same with a chance of 2^-64. It keeps nobody out who means to collide.
"""

import numpy as np

from sim.kernels.arrays import LANES
from sim.kernels.numerics.compiler import compiled
from sim.kernels.numerics.hashing import mix


def digest(array):
    """(LANES,) of an array of eight-byte numbers, row by row."""
    words, found = np.ascontiguousarray(array).reshape(-1).view(np.uint64), np.arange(LANES, dtype=np.uint64)
    _fold(words, found)
    return found


@compiled
def _fold(words, found):
    """Every LANES-th word is folded into the same lane."""
    whole = words.size // LANES * LANES
    for first in range(0, whole, LANES):
        for t in range(LANES):
            found[t] = mix(found[t] ^ words[first + t])
    for t in range(words.size - whole):
        found[t] = mix(found[t] ^ words[whole + t])
