"""Explicit errors of choices in single precision, which settle who chooses what but for a few choices in a thousand.

Signatures: draw_roughly: keys (chooser,) -> error (site + 1, chooser), within WRONG of what `draws.draw_errors` makes
of the same keys, and doubt (chooser,), 1 where one of its errors might be further off.
Identities: as in `draws`, of the first 23 of the 52 bits of every uniform number, so that u, the middle of a step, is
wrong by 2^-24 and a number of single precision. With u in [FEW, 2^23 - FEW] / 2^23 that moves -ln(-ln u) by
2^-24 / (u |ln u|), which is at most 2^-24 2^23 / FEW = 2^-9 but for what is less than 2^-16 of it, and with MANY
instead of FEW each of the terms of l ln Z = l ln sin(l U) - ln sin U + (1 - l) (ln sin((1 - l) U) - ln X) by 2^-11 at
most, times l, 1, 1 - l and 1 - l. Together that is below 2^-9 + 3 2^-11, and rounding adds less than 2^-15.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import LANES
from sim.kernels.numerics.compiler import inlined
from sim.kernels.numerics.elementary import log32
from sim.kernels.numerics.hashing import mix
from sim.kernels.numerics.memory import aligned

WRONG = 2.0**-8                # what an error is wrong by at most, where there is no doubt
BITS, FEW, MANY, TOP = 23, 2**8, 2**10, 2**23
STEP, NOTHING, HALF, ONE, PI = (np.float32(x) for x in (2.0**-BITS, 0.0, 0.5, 1.0, np.pi))
OF_3, OF_5, OF_7, OF_9, OF_11 = (np.float32(x) for x in (-1 / 6, 1 / 120, -1 / 5040, 1 / 362880, -1 / 39916800))


class Rough(NamedTuple):
    """Room for the rough draws of up to LANES choosers."""

    bits: np.ndarray           # (site + 1, LANES) int32
    stable: np.ndarray         # (nest, LANES) float32, l ln Z
    error: np.ndarray          # (site + 1, LANES) float32, l (e + ln Z)
    doubt: np.ndarray          # (LANES,) int32


def rough_for(alternatives, nests):
    """Room to draw in."""
    shape = alternatives, LANES
    return Rough(aligned(shape, np.int32), aligned((nests, LANES), np.float32), aligned(shape, np.float32),
                 aligned((LANES,), np.int32))


@inlined
def draw_roughly(key, site_keys, nest_keys, of_site, length, rough):
    """Fill rough.error and rough.doubt from key (LANES,), in loops that vectorise; arguments as of `draw_errors`."""
    doubt = rough.doubt
    doubt[:] = 0
    for nest in range(length.size):
        if length[nest] == 1.0:
            rough.stable[nest, :] = NOTHING
        else:
            _draw_stable(key, nest_keys[nest], np.float32(length[nest]), rough.bits, rough.stable[nest], doubt)
    for j in range(of_site.size):
        bits, of_alternative = rough.bits[j], site_keys[j]
        for t in range(LANES):
            bits[t] = np.int32(mix(key[t] + of_alternative) >> np.uint64(64 - BITS))
    for j in range(of_site.size):
        bits, error, stable = rough.bits[j], rough.error[j], rough.stable[of_site[j]]
        index = np.float32(length[of_site[j]])
        for t in range(LANES):
            doubt[t] |= _is_far(bits[t], FEW)
            error[t] = stable[t] - index * log32(-log32(_unit(bits[t])))


@inlined
def _draw_stable(key, nest_key, index, bits, stable, doubt):
    """l ln Z; keys in a loop of their own, for vectors hold half as many of them. bits (two, LANES) is scratch."""
    rest, of_angle, of_time = ONE - index, bits[0], bits[1]
    for t in range(LANES):
        first = mix(key[t] + nest_key)
        of_angle[t], of_time[t] = np.int32(first >> np.uint64(64 - BITS)), np.int32(mix(first) >> np.uint64(64 - BITS))
    for t in range(LANES):
        doubt[t] |= _is_far(of_angle[t], MANY) | _is_far(of_time[t], MANY)
        angle = _unit(of_angle[t])
        stable[t] = (index * log32(_sine(index * angle)) - log32(_sine(angle))
                     - rest * log32(-log32(_unit(of_time[t])) / _sine(rest * angle)))


@inlined
def _unit(bits):
    return (np.float32(bits) + HALF) * STEP


@inlined
def _is_far(bits, few):
    """1 for a number within `few` steps of 0 or 1, else 0."""
    return np.int32((bits < few) | (bits >= TOP - few))


@inlined
def _sine(u):
    """Sine of pi u, 0 <= u <= 1, within 1e-6 of itself."""
    y = PI * min(u, ONE - u)
    z = y * y
    return y * (ONE + z * (OF_3 + z * (OF_5 + z * (OF_7 + z * (OF_9 + z * OF_11)))))
