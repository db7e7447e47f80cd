"""Expected choices: closed-form nested-logit probabilities of every enterprise.

Signatures: logit: v (chooser, site + 1) utilities -> probabilities in place, and the log-sums.
Identities: sum p = 1, P(j) = P(m) P(j|m), P(j|m) = e^(V_j/l_m) / sum_nest, P(m) ~ (sum_nest)^l_m;
the mean of `choose` over fresh errors converges to p. Choosers go through LANES at a time, in
arrays whose last axis is the chooser, so that every loop over them vectorises.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import LANES
from sim.kernels.choice.systematic_utility import base_utilities
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.elementary import exp, log

LOWEST = -1e300                # below every utility


class Block(NamedTuple):
    """LANES choosers."""

    p: np.ndarray              # (site + 1, LANES) utilities, then probabilities
    value: np.ndarray          # (LANES,) log-sum
    share: np.ndarray          # (nest, LANES) probability of a nest
    scale: np.ndarray          # (nest, LANES) scratch
    mass: np.ndarray           # (LANES,) scratch
    weight: np.ndarray         # (LANES,) choices that a chooser stands for, 0 in an empty lane
    entering: np.ndarray       # (LANES,) the same, 0 for those who have a site


def block_for(alternatives, nests):
    """Room for a block."""
    return Block(np.empty((alternatives, LANES)), np.empty(LANES), np.empty((nests, LANES)),
                 np.empty((nests, LANES)), np.empty(LANES), np.empty(LANES), np.empty(LANES))


@inlined
def nested_logit(block, of_site, length):
    """From utilities block.p to probabilities, nest shares and log-sums.

    The log-sum ln sum_m (sum_{k in m} e^(V_k/l_m))^l_m is the expected best utility less Euler's
    constant (McFadden 1978). length (nest,) is the dissimilarity. The largest utility of a nest is
    taken out before its exponentials, so that no length is too small for them.
    """
    weigh_places(block, of_site, length)
    for j in range(block.p.shape[0]):
        nest = of_site[j]
        for t in range(LANES):
            block.p[j, t] *= block.scale[nest, t]


@inlined
def weigh_places(block, of_site, length):
    """The same, but for the last step: the probability of place j is p[j] scale[nest of j]."""
    p, share, scale = block.p, block.share, block.scale
    share[:] = LOWEST
    scale[:] = 0.0
    for j in range(p.shape[0]):
        nest = of_site[j]                              # read outside the loop, which vectorises only so
        for t in range(LANES):
            share[nest, t] = max(share[nest, t], p[j, t])
    for j in range(p.shape[0]):
        nest, inverse = of_site[j], 1.0 / length[of_site[j]]
        for t in range(LANES):
            p[j, t] = exp((p[j, t] - share[nest, t]) * inverse)
            scale[nest, t] += p[j, t]
    _share_nests(block, length)


@inlined
def _share_nests(block, length):
    """From largest utility and sum of exponentials to P(m), and what a site's exponential is worth."""
    value, share, scale, mass = block.value, block.share, block.scale, block.mass
    value[:] = LOWEST
    mass[:] = 0.0
    for nest in range(length.size):
        dissimilarity = length[nest]
        for t in range(LANES):
            share[nest, t] += dissimilarity * log(scale[nest, t])
            value[t] = max(value[t], share[nest, t])
    for nest in range(length.size):
        for t in range(LANES):
            share[nest, t] = exp(share[nest, t] - value[t])
            mass[t] += share[nest, t]
    for nest in range(length.size):
        for t in range(LANES):
            share[nest, t] /= mass[t]
            scale[nest, t] = share[nest, t] / max(scale[nest, t], 1e-300)
    for t in range(LANES):
        value[t] += log(mass[t])


def logit(v, of_site, length):
    """(chooser,) log-sums; v (chooser, site + 1) utilities become probabilities."""
    value = np.empty(v.shape[0])
    _logit(v, value, of_site, length, block_for(v.shape[1], length.size))
    return value


@compiled
def _logit(v, value, of_site, length, block):
    for first in range(0, v.shape[0], LANES):
        number = min(LANES, v.shape[0] - first)
        block.p[:] = 0.0
        for t in range(number):
            for j in range(v.shape[1]):
                block.p[j, t] = v[first + t, j]
        nested_logit(block, of_site, length)
        for t in range(number):
            value[first + t] = block.value[t]
            for j in range(v.shape[1]):
                v[first + t, j] = block.p[j, t]


def expected_choices(quarter, m, slots, state, counts, tables, nests, peers, moving):
    """(slot, site + 1) probabilities of the enterprises in `slots` of member m with fresh errors."""
    v = base_utilities(quarter, m, slots, state, counts, tables, peers, moving)
    logit(v, nests.of_site, nests.dissimilarity[m % len(nests.dissimilarity)])
    return v
