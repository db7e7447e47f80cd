"""Explicit errors of choices: Gumbel by (enterprise, epoch, site) and positive stable by (enterprise, epoch, nest).

Signatures: draw_errors: keys (chooser,) -> error (site + 1, chooser). Identities: e Gumbel and Z positive stable with
index l, V_j + l (e_j + ln Z) is largest at j by the nested logit with dissimilarity l (McFadden 1978; Cardell 1997).
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import LANES
from sim.kernels.numerics.compiler import inlined, shared
from sim.kernels.numerics.elementary import PI, log, sine
from sim.kernels.numerics.hashing import combine, mix, unit
from sim.kernels.numerics.memory import aligned


@shared
def log_stable(key, index):
    """ln Z for a positive stable Z with Laplace transform exp(-s^index), 0 < index <= 1.

    Z = sin(l U)/sin(U)^(1/l) [sin((1-l) U)/X]^((1-l)/l), U uniform on (0, pi), X exponential
    (Kanter 1975).
    """
    angle = PI * unit(key)
    exponential = -log(unit(mix(key)))
    return (log(sine(index * angle)) - log(sine(angle)) / index
            + (1.0 - index) / index * (log(sine((1.0 - index) * angle)) - log(exponential)))


class Draws(NamedTuple):
    """Room for the draws of up to LANES choosers."""

    key: np.ndarray           # (LANES,) uint64, of (enterprise, epoch)
    bits: np.ndarray          # (site + 1, LANES) uint64
    stable: np.ndarray        # (nest, LANES) ln Z
    error: np.ndarray         # (site + 1, LANES) l_m (e_j + ln Z_m)
    row: np.ndarray           # (site + 1,) scratch


def draws_for(alternatives, nests):
    """Room to draw in."""
    key = aligned((LANES,), np.uint64)
    key[:] = 0
    shape = alternatives, LANES
    return Draws(key, aligned(shape, np.uint64), aligned((nests, LANES)), aligned(shape), np.empty(alternatives))


@inlined
def begin_draws(m, slots, stream, state, draws):
    """Keys of up to LANES enterprises in their present epochs."""
    for t in range(slots.size):
        i = slots[t]
        draws.key[t] = combine(combine(stream[m], state.id[m, i]), np.uint64(state.epoch[m, i]))


@inlined
def gumbels(key, keys, bits, error):
    """Fill error (alternative, LANES) with Gumbel draws -ln(-ln u) by key (LANES,) and keys of alternatives.

    bits, of the same shape, is scratch; every loop vectorises.
    """
    for j in range(error.shape[0]):
        of_alternative = keys[j]                           # read outside the loop, or it stays scalar
        for t in range(LANES):
            bits[j, t] = key[t] + of_alternative
    flat_bits, flat = bits.reshape(bits.size), error.reshape(error.size)
    for n in range(flat.size):
        flat[n] = -log(unit(mix(flat_bits[n])))
    for n in range(flat.size):
        flat[n] = -log(flat[n])


@shared
def draw_errors(draws, site_keys, nest_keys, of_site, length):
    """Fill draws.error from draws.key, in loops that vectorise.

    length (nest,) is 1 for a nest of one site, where ln Z is 0.
    """
    for nest in range(length.size):
        nest_key, index = nest_keys[nest], length[nest]    # read outside the loop, or it stays scalar
        if index == 1.0:
            draws.stable[nest, :] = 0.0
        else:
            for t in range(LANES):
                draws.stable[nest, t] = log_stable(mix(draws.key[t] + nest_key), index)
    gumbels(draws.key, site_keys, draws.bits, draws.error)
    for j in range(of_site.size):
        nest, index = of_site[j], length[of_site[j]]
        for t in range(LANES):
            draws.error[j, t] = index * (draws.error[j, t] + draws.stable[nest, t])


@inlined
def draw_lane(t, draws, site_keys, nest_keys, of_site, length):
    """Fill lane t of draws.error alone, with the bits of `draw_errors`."""
    key, stable, row = draws.key[t], draws.stable, draws.row
    for nest in range(length.size):
        stable[nest, t] = log_stable(mix(key + nest_keys[nest]), length[nest]) if length[nest] != 1.0 else 0.0
    for j in range(of_site.size):
        row[j] = -log(-log(unit(mix(key + site_keys[j]))))
    for j in range(of_site.size):
        draws.error[j, t] = length[of_site[j]] * (row[j] + stable[of_site[j], t])


def lengths_of(nests):
    """(member, nest) dissimilarities, 1 where a nest has a single site."""
    return np.where(nests.size > 1, nests.dissimilarity, 1.0)
