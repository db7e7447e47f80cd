"""The mean field: peers at fractional counts, and what choosers and their slopes add up to.

Signatures: peer_values: n (kind, site) enterprises -> (kind, site) utility from peers, by the
production `add_peers` on fixed-point fields, which rounds counts to 2^-38 of an enterprise.
Identities: at whole sixteenths the fields are those of `fill_fields`; the sum of `chosen` over sites
is the sum of the weights; rows of `steepness` and its columns are symmetric, dP_j/dV_k = dP_k/dV_j.
"""

import numpy as np

from sim.kernels.arrays import FIELD_UNIT, PHI_ONE, TABLE, W_ONE
from sim.kernels.choice.peers import add_peers
from sim.kernels.choice.utility import peers_of, room_of
from sim.kernels.numerics.compiler import compiled, inlined

SMALL_STEP = 1e-4              # of a difference quotient, relative to what peers are at the site
WHOLE_STEP = 0.5               # where utility depends on whole enterprises
COLUMNS = 128                  # of a product that are looked at together
AT_ONCE = 8                    # columns of slopes, a line of memory


def peer_values(n, peers):
    """(kind, site) what peers add to utility for an enterprise that is too small to be one itself.

    peers is `arrays.Peers` of one member.
    """
    values, room = np.empty(n.shape), _room(n, peers)
    _price(n, peers, room, np.empty(n.shape), values)
    return values


def peer_slopes(n, peers):
    """(kind, site, kind, site) d peer_values / dn, central difference quotients of the production code."""
    slopes, room = np.empty((n.size, n.size)), _room(n, peers)
    _quotients(n, peers, room, np.empty(n.shape), room.fields.copy(), np.empty((2, *n.shape)),
               np.empty((n.size, AT_ONCE)), slopes)
    return slopes.reshape(n.shape + n.shape)


def _room(n, peers):
    return room_of(peers.phi.shape[1:3], n.shape[1], 0)


@compiled
def _price(n, peers, room, spread, values):
    """Fill values (kind, site); spread (kind, site) is scratch."""
    one = peers_of(peers, 0)
    _start(room, n, spread, one)
    _values(values, one, room)


@compiled
def _quotients(n, peers, room, spread, fields, values, some, slopes):
    """Fill slopes (cell, cell), some columns at a time; a cell's number is kind x sites + site.

    spread (kind, site), fields, those at n, values (2, kind, site) and some (cell, AT_ONCE) are scratch.
    """
    one, sites = peers_of(peers, 0), n.shape[1]
    _start(room, n, spread, one)
    _copy(room.fields, fields)
    for first in range(0, n.size, AT_ONCE):
        last = min(first + AT_ONCE, n.size)
        for cell in range(first, last):
            kind, j = cell // sites, cell % sites
            step = _step(fields, kind, j, one)
            for side in range(2):
                _copy(fields, room.fields)
                _bump(room.fields, kind, j, step if side == 0 else -step, one)
                _values(values[side], one, room)
            for of in range(n.shape[0]):
                for k in range(sites):
                    some[of * sites + k, cell - first] = (values[0, of, k] - values[1, of, k]) / (2.0 * step)
        for to in range(n.size):
            for cell in range(first, last):
                slopes[to, cell] = some[to, cell - first]


@inlined
def _start(room, n, spread, peers):
    """Weights, and fields of fractional counts: float sums, rounded once."""
    kinds, sites = n.shape
    for j in range(sites):
        for k in range(sites):
            room.w[j, k] = peers.w[j, k]
    spread[:] = 0.0
    for kind in range(kinds):
        for j in range(sites):
            for k in range(sites):
                spread[kind, k] += n[kind, j] * (peers.w[j, k] / W_ONE)
    room.fields[:] = 0
    for p in range(room.fields.shape[0]):
        for r in range(room.fields.shape[1]):
            for k in range(sites):
                total = 0.0
                for kind in range(kinds):
                    total += spread[kind, k] * (peers.phi[p, r, kind] / PHI_ONE)
                room.fields[p, r, k] = np.int64(np.rint(total / FIELD_UNIT))


@inlined
def _values(values, peers, room):
    """Fill values (kind, site) with what peers are worth to somebody who is none of them."""
    for kind in range(values.shape[0]):
        room.v[0, :] = 0.0
        room.who.site[0], room.who.kind[0], room.who.weight[0] = -1, kind, 0
        add_peers(0, peers, room)
        for k in range(values.shape[1]):
            values[kind, k] = room.v[0, k]


@inlined
def _step(fields, kind, j, peers):
    """A step that is small beside the smallest sum of peers that it enters at its own site."""
    if peers.form == TABLE:
        return WHOLE_STEP
    least = 1e300
    for p in range(fields.shape[0]):
        for r in range(fields.shape[1]):
            if peers.phi[p, r, kind] != 0 and peers.gamma[p] != 0.0:
                least = min(least, peers.offset + fields[p, r, j] * FIELD_UNIT)
    return SMALL_STEP * (max(least, 1e-8) if least < 1e300 else 1.0)


@inlined
def _copy(fields, to):
    for p in range(fields.shape[0]):
        for r in range(fields.shape[1]):
            for k in range(fields.shape[2]):
                to[p, r, k] = fields[p, r, k]


@inlined
def _bump(fields, kind, j, step, peers):
    """Put `step` enterprises of a kind more at a site into the fields."""
    for p in range(fields.shape[0]):
        for r in range(fields.shape[1]):
            if peers.phi[p, r, kind] != 0:
                for k in range(peers.w.shape[0]):
                    change = step * ((peers.phi[p, r, kind] / PHI_ONE) * (peers.w[j, k] / W_ONE))
                    fields[p, r, k] += np.int64(np.rint(change / FIELD_UNIT))


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
    _steepness(p, group, weight, of_site, length, total, np.empty(length.size), np.empty(sites), same)
    return total


@compiled
def _steepness(p, group, weight, of_site, length, total, of_nest, within, same):
    """same (nest, site) is 1 for sites of the nest, else 0; of_nest (nest,) and within (site,) are scratch."""
    sites = within.size
    for n in range(p.shape[0]):
        of_nest[:] = 0.0
        for j in range(sites + 1):
            of_nest[of_site[j]] += p[n, j]
        for j in range(sites):
            within[j] = p[n, j] / max(of_nest[of_site[j]], 1e-300)
        for j in range(sites):
            amount = weight[n] * p[n, j]
            if amount == 0.0:
                continue
            nest = of_site[j]
            _take_off(total[group[n], j], p[n], within, same[nest], amount, (1.0 - length[nest]) / length[nest])
            total[group[n], j, j] += amount / length[nest]


@inlined
def _take_off(row, p, within, same, amount, slack):
    """row[k] less amount times P_k, and times slack P(k|nest) in the same nest, in a loop that vectorises."""
    more = amount * slack
    for k in range(row.size):
        row[k] = (row[k] - amount * p[k]) - more * within[k] * same[k]


def chained(slopes, values):
    """(kind, site, kind, site) slopes (kind, site, site) times values (kind, site, kind, site)."""
    kinds, sites = slopes.shape[:2]
    product = np.zeros((kinds, sites, kinds * sites))
    _chained(slopes, np.ascontiguousarray(values).reshape(product.shape), product)
    return product.reshape(values.shape)


@compiled
def _chained(slopes, flat, product):
    """Some columns at a time, which stay in the nearest cache."""
    kinds, sites = slopes.shape[:2]
    for kind in range(kinds):
        for first in range(0, flat.shape[2], COLUMNS):
            last = min(first + COLUMNS, flat.shape[2])
            for j in range(sites):
                _combine(product[kind, j], slopes[kind, j], flat[kind], first, last)


@inlined
def _combine(row, factors, rows, first, last):
    """row plus factors[k] rows[k] between two columns, for k in this order, four at a time.

    Numbers without a sign are no places from the end, which a loop that vectorises would have to tell apart.
    """
    k = 0
    while k < factors.size:
        if k + 4 <= factors.size:
            p, q, r, s = factors[k], factors[k + 1], factors[k + 2], factors[k + 3]
            for c in range(np.uint64(first), np.uint64(last)):
                row[c] = row[c] + p * rows[k, c] + q * rows[k + 1, c] + r * rows[k + 2, c] + s * rows[k + 3, c]
            k += 4
        else:
            p = factors[k]
            for c in range(np.uint64(first), np.uint64(last)):
                row[c] += p * rows[k, c]
            k += 1
