"""Peers on the counts as they stand: decay-weighted counts by term, row and site.

Signatures: add_peers: v (LANES, site + 1), row t is raised. Identities: fields[p, r, k] =
sum_j w[j, k] sum_kind phi[p, r, kind] counts[kind, j], integers and hence exact in any order of
updates; an enterprise never counts itself while counts are live.
"""

import numpy as np

from sim.kernels.compiler import inlined
from sim.kernels.elementary import log
from sim.kernels.layout import FIELD_UNIT, LINEAR, LOG, SATURATING, TABLE


@inlined
def fill_fields(room, counts, peers):
    """Fields of one member from its counts (kind, site)."""
    kinds, sites = counts.shape
    for j in range(sites):
        for k in range(sites):
            room.w[j, k] = peers.w[j, k]
    room.fields[:] = 0
    for p in range(peers.phi.shape[0]):
        for r in range(peers.phi.shape[1]):
            for j in range(sites):
                amount = np.int64(0)
                for kind in range(kinds):
                    amount += peers.phi[p, r, kind] * counts[kind, j]
                _add_amount(room, p, r, j, amount)


@inlined
def shift_fields(room, kind, site, weight, phi):
    """Add `weight` sixteenths of an enterprise of a kind at a site; negative to take it away."""
    for p in range(phi.shape[0]):
        for r in range(phi.shape[1]):
            _add_amount(room, p, r, site, phi[p, r, kind] * weight)


@inlined
def _add_amount(room, p, r, site, amount):
    """Peers at a site count at every site by its decay weights."""
    if amount != 0:
        for k in range(room.w.shape[1]):
            room.fields[p, r, k] += amount * room.w[site, k]


@inlined
def add_peers(t, peers, room):
    """v[t, k] += sum_p gamma_p form(n_pk) for the enterprise in lane t."""
    kind, n = room.who.kind[t], room.n.reshape(room.n.size)
    for p in range(peers.gamma.size):
        _fill_peers(t, p, peers, room)
    if peers.form == LOG:                              # those of all terms in one loop, which vectorises
        for k in range(n.size):
            n[k] = log(peers.offset + n[k])
    elif peers.form == SATURATING:
        for k in range(n.size):
            n[k] = n[k] / (n[k] + peers.half)
    for p in range(peers.gamma.size):
        if peers.row_of_kind[p, kind] >= 0 and peers.gamma[p] != 0.0:
            _add_term(t, p, peers, room)


@inlined
def _own_weight(t, p, row, peers, who):
    """What the enterprise itself adds to a field at distance 0; nothing where counts are not live."""
    if peers.live and who.site[t] >= 0:
        return peers.phi[p, row, who.kind[t]] * who.weight[t]
    return np.int64(0)


@inlined
def _fill_peers(t, p, peers, room):
    """n[p, k] = peers of one term that count at site k, without the enterprise itself."""
    row, site = max(peers.row_of_kind[p, room.who.kind[t]], 0), max(room.who.site[t], 0)
    mine = _own_weight(t, p, row, peers, room.who)
    for k in range(room.w.shape[1]):
        room.n[p, k] = np.float64(room.fields[p, row, k] - mine * room.w[site, k]) * FIELD_UNIT


@inlined
def _add_term(t, p, peers, room):
    """Add a term's worth; logarithms and saturation are taken already."""
    sites, gamma = room.w.shape[0], peers.gamma[p]
    if peers.form == LINEAR:
        gamma /= max(_everywhere(t, p, peers, room), 1e-300)
    if peers.form == TABLE:
        for k in range(sites):
            others = min(np.int64(room.n[p, k] + 0.5), peers.payoff.shape[1] - 1)
            room.v[t, k] += gamma * peers.payoff[k, others]
    else:
        for k in range(sites):
            room.v[t, k] += gamma * room.n[p, k]


@inlined
def _everywhere(t, p, peers, room):
    """The sum of one term's peers over sites, of integers and hence exact in any order."""
    row, site = peers.row_of_kind[p, room.who.kind[t]], max(room.who.site[t], 0)
    mine, total = _own_weight(t, p, row, peers, room.who), np.int64(0)
    for k in range(room.w.shape[1]):
        total += room.fields[p, row, k] - mine * room.w[site, k]
    return np.float64(total) * FIELD_UNIT
