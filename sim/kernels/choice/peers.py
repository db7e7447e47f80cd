"""Peers on the counts as they stand: decay-weighted counts by term, row and site.

Signatures: add_peers: v (site + 1,) of an enterprise is raised. What fields and their scratch are, and how wide, is
said in `utility.Room`. Identities: fields[p, r, k] =
sum_j w[j, k] sum_kind phi[p, r, kind] counts[kind, j], integers and hence exact in any order of
updates; an enterprise never counts itself while counts are live.

Decision 5 (docs/decisions.md).
"""

import numpy as np

from sim.kernels.arrays import FIELD_UNIT, LINEAR, LOG, SATURATING, TABLE
from sim.kernels.numerics.compiler import inlined, pasted
from sim.kernels.numerics.elementary import log


@inlined
def fill_fields(fields, w, amount, counts, peers):
    """Fields of one member from its counts (kind, site)."""
    fill_weights(w, peers.w)
    for p in range(peers.phi.shape[0]):
        for r in range(peers.phi.shape[1]):
            fill_field(fields[p, r], w, amount, counts, peers.phi[p, r])


@inlined
def fill_weights(w, decay):
    """Decay weights (site, site) of one member, side by side."""
    for j in range(w.shape[0]):
        for k in range(w.shape[0]):
            w[j, k] = decay[j, k]


@inlined
def fill_field(field, w, amount, counts, phi):
    """The field of one term and row, phi (kind,)."""
    kinds, sites = counts.shape
    field[:] = 0
    amount[:] = 0
    for kind in range(kinds):
        _add_amount(amount, counts[kind], phi[kind])
    for j in range(sites):
        _add_amount(field, w[j], amount[j])


@inlined
def shift_fields(fields, w, phi, amount):
    """Add `amount` sixteenths of an enterprise to the fields; w (site,) weights from its site, phi (term, row)."""
    for p in range(phi.shape[0]):
        for r in range(phi.shape[1]):
            _add_amount(fields[p, r], w, phi[p, r] * amount)


@inlined
def _add_amount(field, w, amount):
    """field[k] += amount w[k]: peers at a site count at every site by its decay weights w."""
    if amount != 0:
        for k in range(w.size):
            field[k] += amount * w[k]


@inlined
def add_peers(kind, site, weight, peers, fields, w, seen, v):
    """v[k] += sum_p gamma_p form(n_pk) for an enterprise of a kind and weight at a site, below 0 for none."""
    see_peers(kind, site, weight, peers, fields, w, seen)
    add_seen(kind, site, weight, peers, fields, w, seen, v)


@inlined
def see_peers(kind, site, weight, peers, fields, w, seen):
    """Fill seen (term, width) with the peers of such an enterprise at every site, their logarithm or saturation."""
    n, mine, from_site = seen.reshape(seen.size), _in_fields(site, weight, peers), w[max(site, 0)]
    for p in range(peers.gamma.size):
        row = max(peers.row_of_kind[p, kind], 0)
        _fill_peers(seen[p], fields[p, row], from_site, peers.phi[p, row, kind] * mine)
    if peers.form == LOG:                              # those of all terms in one loop, which vectorises
        for k in range(n.size):
            n[k] = log(peers.offset + n[k])
    elif peers.form == SATURATING:
        for k in range(n.size):
            n[k] = n[k] / (n[k] + peers.half)


@inlined
def add_seen(kind, site, weight, peers, fields, w, seen, v):
    """Add the worth of the peers that are seen to the utilities of the enterprise."""
    outside = w.shape[0]
    stays_out = v[outside]
    for p in range(peers.gamma.size):
        row, gamma = peers.row_of_kind[p, kind], peers.gamma[p]
        if row >= 0 and gamma != 0.0:
            if peers.form == LINEAR:
                mine = peers.phi[p, row, kind] * _in_fields(site, weight, peers)
                gamma /= max(_everywhere(fields[p, row], w[max(site, 0)], mine), 1e-300)
            _add_term(v, seen[p], gamma, peers.form, peers.payoff)
    v[outside] = stays_out                             # nobody's peers are outside


@pasted
def _in_fields(site, weight, peers):
    """The weight with which an enterprise is in the fields itself."""
    return weight if peers.live and site >= 0 else np.int64(0)


@inlined
def _fill_peers(n, field, w, mine):
    """n[k] = peers of one term that count at site k, without the enterprise itself."""
    for k in range(n.size):
        n[k] = np.float64(field[k] - mine * w[k]) * FIELD_UNIT


@inlined
def _everywhere(field, w, mine):
    """The sum of one term's peers over sites, of integers and hence exact in any order."""
    total = np.int64(0)
    for k in range(w.size):
        total += field[k] - mine * w[k]
    return np.float64(total) * FIELD_UNIT


@inlined
def _add_term(v, n, gamma, form, payoff):
    """Add a term's worth; logarithms and saturation are taken already."""
    if form == TABLE:
        for k in range(payoff.shape[0]):
            v[k] += gamma * payoff[k, min(np.int64(n[k] + 0.5), payoff.shape[1] - 1)]
    else:
        for k in range(n.size):
            v[k] += gamma * n[k]
