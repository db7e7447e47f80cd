"""The mean field: peers at fractional counts, and what choosers and their slopes add up to.

Signatures: peer_values: n (kind, site) enterprises -> (kind, site) utility from peers, by the
production `add_peers` on fixed-point fields, which rounds counts to 2^-38 of an enterprise.
Identities: at whole sixteenths the fields are those of `fill_fields`; the sum of `chosen` over sites
is the sum of the weights; rows of `steepness` and its columns are symmetric, dP_j/dV_k = dP_k/dV_j;
the sum of `answers` over sites is what comes from outside, where it gains on sites.
"""

import numpy as np

from sim.kernels.arrays import FIELD_UNIT, PHI_ONE, W_ONE
from sim.kernels.choice.peers import add_peers
from sim.kernels.choice.utility import peers_of, room_of
from sim.kernels.numerics.compiler import compiled, inlined


def peer_values(n, peers):
    """(kind, site) what peers add to utility for an enterprise that is too small to be one itself.

    peers is `arrays.Peers` of one member.
    """
    values, room = np.empty(n.shape), room_of(peers.phi.shape[1:3], n.shape[1], 0)
    _price(n, peers, room.fields, room.w, room.n, room.v[0], np.empty(n.shape), values)
    return values


@compiled
def _price(n, peers, fields, w, seen, v, spread, values):
    """Fill values (kind, site); spread (kind, site) is scratch, and so are fields, w, seen and v, as in Room."""
    one = peers_of(peers, np.int64(0))                 # a literal would be a type of its own
    _start(fields, w, n, spread, one)
    _values(values, one, fields, w, seen, v)


@inlined
def _start(fields, w, n, spread, peers):
    """Weights, and fields of fractional counts: float sums, rounded once."""
    kinds, sites = n.shape
    for j in range(sites):
        for k in range(sites):
            w[j, k] = peers.w[j, k]
    spread[:] = 0.0
    for kind in range(kinds):
        for j in range(sites):
            for k in range(sites):
                spread[kind, k] += n[kind, j] * (peers.w[j, k] / W_ONE)
    fields[:] = 0
    for p in range(fields.shape[0]):
        for r in range(fields.shape[1]):
            for k in range(sites):
                total = 0.0
                for kind in range(kinds):
                    total += spread[kind, k] * (peers.phi[p, r, kind] / PHI_ONE)
                fields[p, r, k] = np.int64(np.rint(total / FIELD_UNIT))


@inlined
def _values(values, peers, fields, w, seen, v):
    """Fill values (kind, site) with what peers are worth to somebody who is none of them."""
    nowhere, weight = np.int64(-1), np.int64(0)
    for kind in range(values.shape[0]):
        v[:] = 0.0
        add_peers(kind, nowhere, weight, peers, fields, w, seen, v)
        for k in range(values.shape[1]):
            values[kind, k] = v[k]


def chosen(p, group, weight, groups):
    """(group, site + 1) sums of weight p; p (chooser, site + 1), group and weight (chooser,)."""
    total = np.zeros((groups, p.shape[1]))
    _chosen(p, group, weight, total)
    return total


@compiled
def _chosen(p, group, weight, total):
    for n in range(p.shape[0]):
        for j in range(p.shape[1]):
            total[group[n], j] += weight[n] * p[n, j]


def steepness(p, group, weight, groups, of_site, length):
    """(group, site, site) sums of weight dP_j/dV_k, nested logit.

    dP_j/dV_k = P_j (1[j=k]/l - (1-l)/l 1[same nest] P(k|nest) - P_k), l the dissimilarity of j's nest.
    """
    sites = p.shape[1] - 1
    total = np.zeros((groups, sites, sites))
    same = (np.arange(length.size)[:, None] == of_site[:-1]).astype(float)
    _steepness(p, group, weight, of_site, length, total, same, np.empty(same.shape))
    return total


@compiled
def _steepness(p, group, weight, of_site, length, total, same, lost):
    """same (nest, site) is 1 for sites of the nest, else 0; lost (nest, site) is scratch, of `_losses`."""
    sites = total.shape[1]
    for n in range(p.shape[0]):
        _losses(p[n], of_site, length, same, lost)
        for j in range(sites):
            amount = weight[n] * p[n, j]
            if amount != 0.0:
                _take_off(total[group[n], j], lost[of_site[j]], amount)
                total[group[n], j, j] += amount / length[of_site[j]]


@inlined
def _losses(p, of_site, length, same, lost):
    """lost[nest, k] = P_k (1 + (1-l)/l [k in nest] / P(nest)), in a loop that vectorises."""
    for nest in range(length.size):
        share = 0.0
        for j in range(p.size):
            if of_site[j] == nest:
                share += p[j]
        slack = (1.0 - length[nest]) / length[nest] / max(share, 1e-300)
        for k in range(lost.shape[1]):
            lost[nest, k] = p[k] * (1.0 + slack * same[nest, k])


@inlined
def _take_off(row, lost, amount):
    for k in range(row.size):
        row[k] -= amount * lost[k]


def answers(verge, gain):
    """(kind, site) changes of counts: verge (kind, site k, site + 1 j) for every gain of j on k, gain (kind, site).

    The outside option, the last j, gains nothing.
    """
    moved, gains = np.zeros(gain.shape), np.zeros((len(gain), verge.shape[2]))
    gains[:, :-1] = gain
    _answers(verge, gains, moved, np.empty(verge.shape[2]))
    return moved


@compiled
def _answers(verge, gain, moved, went):
    """gain (kind, site + 1); went (site + 1,) is scratch: where those of a site go."""
    for kind in range(verge.shape[0]):
        for k in range(verge.shape[1]):
            for j in range(went.size):
                went[j] = verge[kind, k, j] * max(gain[kind, j] - gain[kind, k], 0.0)
            for j in range(moved.shape[1]):
                moved[kind, j] += went[j]
            for j in range(went.size):
                moved[kind, k] -= went[j]
