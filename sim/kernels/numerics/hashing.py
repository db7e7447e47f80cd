"""Draws by counter: a draw is a function of what it is for, never of how many came before it.

Signatures: mix, combine: uint64 -> uint64; unit: uint64 -> float64 in (0, 1).
Keys are chained as combine(combine(stream, enterprise), epoch); the last step to a site or a nest is
mix(key + site key), one addition and one finaliser, because it is done for every pair.
"""

import numpy as np

from sim.kernels.numerics.compiler import shared

GOLDEN = 0x9E3779B97F4A7C15


@shared
def mix(x):
    """Finaliser of SplitMix64 (Steele, Lea & Flood 2014; constants of Stafford's variant 13)."""
    x = np.uint64(x)
    x = np.uint64((x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9))
    x = np.uint64((x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB))
    return np.uint64(x ^ (x >> np.uint64(31)))


@shared
def combine(key, value):
    """The key of `value` within the stream `key`; order matters."""
    return mix(np.uint64(key) ^ mix(np.uint64(value) + np.uint64(GOLDEN)))


@shared
def unit(bits):
    """A uniform number in (0, 1) from 52 random bits; never 0 and never 1."""
    mantissa = np.uint64(np.uint64(bits) >> np.uint64(12)) | np.uint64(0x3FF0000000000000)
    return np.uint64(mantissa).view(np.float64) - (1.0 - 1.1102230246251565e-16)
