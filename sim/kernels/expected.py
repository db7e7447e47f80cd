"""Expected choices: closed-form nested-logit probabilities of every enterprise, and flows from them.

Signatures: logit: v (chooser, site + 1) utilities -> probabilities in place, and the log-sums.
Identities: sum p = 1, P(j) = P(m) P(j|m), P(j|m) = e^(V_j/l_m) / sum_nest, P(m) ~ (sum_nest)^l_m;
the mean of `choose` over fresh errors converges to p. Choosers go through LANES at a time, in
arrays whose last axis is the chooser, so that every loop over them vectorises.
"""

import numpy as np

from sim.kernels.compiler import compiled, inlined
from sim.kernels.elementary import exp, log
from sim.kernels.layout import own
from sim.kernels.utility import (costs_of, fill_fields, offers_of, peers_of, person_of, utilities)

LANES = 64
LOWEST = -1e300                # below every utility


@inlined
def nested_logit(p, share, scale, best, of_site, length):
    """Utilities p (site + 1, LANES) become probabilities, best (LANES,) their log-sums.

    The log-sum ln sum_m (sum_{k in m} e^(V_k/l_m))^l_m is the expected best utility less Euler's
    constant (McFadden 1978). share (nest, LANES) becomes P(m); scale (nest, LANES) is scratch.
    length (nest,) is the dissimilarity. The largest utility of a nest is taken out before its
    exponentials, so that no length is too small for them.
    """
    share[:] = LOWEST
    scale[:] = 0.0
    for j in range(p.shape[0]):
        nest = of_site[j]
        for t in range(LANES):
            share[nest, t] = max(share[nest, t], p[j, t])
    for j in range(p.shape[0]):
        nest, inverse = of_site[j], 1.0 / length[of_site[j]]
        for t in range(LANES):
            p[j, t] = exp((p[j, t] - share[nest, t]) * inverse)
            scale[nest, t] += p[j, t]
    _nest_shares(share, scale, best, length)
    for j in range(p.shape[0]):
        nest = of_site[j]
        for t in range(LANES):
            p[j, t] *= scale[nest, t]


@inlined
def _nest_shares(share, scale, best, length):
    """From largest utility and sum of exponentials to P(m) and what a site's exponential is worth."""
    best[:] = LOWEST
    for nest in range(length.size):
        for t in range(LANES):
            share[nest, t] += length[nest] * log(scale[nest, t])
            best[t] = max(best[t], share[nest, t])
    mass = np.zeros(LANES)
    for nest in range(length.size):
        for t in range(LANES):
            share[nest, t] = exp(share[nest, t] - best[t])
            mass[t] += share[nest, t]
    for nest in range(length.size):
        for t in range(LANES):
            share[nest, t] /= mass[t]
            scale[nest, t] = share[nest, t] / max(scale[nest, t], 1e-300)
    for t in range(LANES):
        best[t] += log(mass[t])


@compiled
def logit(v, of_site, length):
    """(chooser,) log-sums; v (chooser, site + 1) utilities become probabilities."""
    p, best = np.empty((v.shape[1], LANES)), np.empty(LANES)
    share, scale = np.empty((length.size, LANES)), np.empty((length.size, LANES))
    value = np.empty(v.shape[0])
    for first in range(0, v.shape[0], LANES):
        number = min(LANES, v.shape[0] - first)
        p[:] = 0.0
        for t in range(number):
            for j in range(v.shape[1]):
                p[j, t] = v[first + t, j]
        nested_logit(p, share, scale, best, of_site, length)
        for t in range(number):
            value[first + t] = best[t]
            for j in range(v.shape[1]):
                v[first + t, j] = p[j, t]
    return value


@compiled
def base_utilities(quarter, m, slots, state, counts, tables, peers, moving):
    """(slot, site + 1) utilities of the enterprises in `slots` of member m, errors apart."""
    sites = tables.site.shape[1]
    fields = np.empty((peers.phi.shape[0], peers.phi.shape[1], sites), np.int64)
    offers, peer, costs = offers_of(tables, m), peers_of(peers, m), costs_of(moving, m)
    fill_fields(fields, counts[own(m, counts.shape[0])], peer)
    u, scratch = np.empty(sites + 1), np.empty(sites + 1)
    v = np.empty((slots.size, sites + 1))
    for n in range(slots.size):
        person = person_of(m, slots[n], quarter, state, tables.industries, tables.types)
        utilities(u, scratch, person, state.loading[m], tables.loading_of, offers, peer, fields, costs)
        v[n] = u
    return v


def expected_choices(quarter, m, slots, state, counts, tables, nests, peers, moving):
    """(slot, site + 1) probabilities of the enterprises in `slots` of member m with fresh errors."""
    v = base_utilities(quarter, m, slots, state, counts, tables, peers, moving)
    logit(v, nests.of_site, nests.dissimilarity[m % len(nests.dissimilarity)])
    return v


@compiled
def flows(v, current, amount, shift, cost, of_site, length, jacobian):
    """Expected flows when site constants rise by `shift` and the moving cost by `cost`.

    v (chooser, site + 1) utilities; current (chooser,) its site or -1 for an entrant; amount
    (chooser,) what a chooser counts. Returns inflow (site + 1,), the amounts by the site chosen
    with the entrants who stay outside last, and the amount that leaves its site. `jacobian`
    (site + 2, site + 1), if it has rows, receives d(inflow, moved) / d(shift, cost).
    """
    sites = shift.size
    p, best = np.empty((sites + 1, LANES)), np.empty(LANES)
    share, scale = np.empty((length.size, LANES)), np.empty((length.size, LANES))
    inflow, moved = np.zeros((sites + 1, LANES)), 0.0
    weight, entering = np.empty(LANES), np.empty(LANES)
    row, within = np.empty(sites + 1), np.empty(sites + 1)
    same, length_of = _same_nest(of_site, length), length[of_site]
    jacobian[:] = 0.0
    for first in range(0, v.shape[0], LANES):
        number = min(LANES, v.shape[0] - first)
        _lanes(p, weight, entering, v[first:first + number], current[first:], amount[first:], shift, cost)
        nested_logit(p, share, scale, best, of_site, length)
        for j in range(sites + 1):
            for t in range(LANES):
                inflow[j, t] += (weight[t] if j < sites else entering[t]) * p[j, t]
        for t in range(number):
            at = current[first + t]
            if at >= 0:
                moved += weight[t] * (1.0 - p[at, t])
            if jacobian.shape[0] > 0:
                for j in range(sites + 1):
                    row[j] = p[j, t]
                    within[j] = p[j, t] / max(share[of_site[j], t], 1e-300)
                _add_slopes(jacobian, row, within, same, length_of, at, weight[t])
    return inflow.sum(axis=1), moved


@inlined
def _lanes(p, weight, entering, v, current, amount, shift, cost):
    """Utilities and amounts of up to LANES choosers, one a lane; lanes without a chooser weigh 0."""
    p[:] = 0.0
    weight[:] = 0.0
    entering[:] = 0.0
    for t in range(v.shape[0]):
        for j in range(shift.size):
            p[j, t] = v[t, j] + shift[j]
        p[shift.size, t] = v[t, shift.size]
        weight[t] = amount[t]
        if current[t] >= 0:
            p[current[t], t] += cost                   # the same as a cost of every other place
        else:
            entering[t] = amount[t]


@compiled
def _same_nest(of_site, length):
    """(site + 1, site + 1) (1 - l_m) / l_m where two sites share a nest, else 0."""
    same = np.zeros((of_site.size, of_site.size))
    for j in range(of_site.size):
        for k in range(of_site.size):
            if of_site[j] == of_site[k]:
                same[j, k] = (1.0 - length[of_site[j]]) / length[of_site[j]]
    return same


@inlined
def _add_slopes(jacobian, p, within, same, length_of, at, weight):
    """Add w dP_j/du_k, dP_j/du_k = P_j (1[j=k]/l - (1-l)/l 1[same nest] P(k|nest) - P_k) = dP_k/du_j.

    A row a site and one for what moves; a column a site constant and one for the moving cost,
    which is a rise of the present site's utility.
    """
    sites = p.size - 1
    for j in range(sites if at >= 0 else sites + 1):   # only entrants are counted outside
        amount = weight * p[j]
        for k in range(sites):
            jacobian[j, k] -= amount * (p[k] + same[j, k] * within[k])
        if j < sites:
            jacobian[j, j] += amount / length_of[j]
    if at >= 0:
        amount = weight * p[at]
        for k in range(sites):
            slope = -amount * (p[k] + same[at, k] * within[k])
            jacobian[k, sites] += slope
            jacobian[sites + 1, k] -= slope
        jacobian[at, sites] += amount / length_of[at]
        jacobian[sites + 1, at] -= amount / length_of[at]
        jacobian[sites + 1, sites] -= amount * (1.0 / length_of[at] - p[at] - same[at, at] * within[at])
