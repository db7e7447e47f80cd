"""Expected choices: closed-form nested-logit probabilities of every enterprise, and flows from them.

Signatures: shares: w -> p, both (site + 1,). Identities: sum p = 1, P(j) = P(m) P(j|m),
P(j|m) = e^(V_j/l_m) / sum_nest, P(m) ~ (sum_nest)^l_m; the mean of `choose` over fresh errors
converges to p.
"""

import numpy as np

from sim.kernels.compiler import compiled
from sim.kernels.elementary import exp, log
from sim.kernels.layout import own
from sim.kernels.utility import (costs_of, fill_fields, offers_of, peers_of, person_of, utilities)


@compiled
def shares(w, of_site, length, total, p, within):
    """Fill p_j = P(j) and within_j = P(j | nest) from w_j = e^(V_j / l_m); returns the inclusive value.

    The inclusive value ln sum_m (sum_{k in m} w_k)^l_m is the expected best utility less Euler's
    constant (McFadden 1978). length (nest,) is the dissimilarity; total (nest,) is scratch. Only
    nests cost an exponential and a logarithm, because this is done for everybody at every step.
    """
    total[:] = 0.0
    for j in range(w.size):
        total[of_site[j]] += w[j]
    mass = 0.0
    for nest in range(length.size):
        if total[nest] > 0.0:
            mass += exp(length[nest] * log(total[nest]))
    for j in range(w.size):
        within[j] = w[j] / max(total[of_site[j]], 1e-300)
    for nest in range(length.size):
        if total[nest] > 0.0:
            total[nest] = exp(length[nest] * log(total[nest])) / mass
    for j in range(w.size):
        p[j] = within[j] * total[of_site[j]]
    return log(mass)


@compiled
def weights(v, of_site, length):
    """(chooser, site + 1) e^((V_j - max V) / l_m); a common shift changes no probability."""
    w = np.empty_like(v)
    for n in range(v.shape[0]):
        top = v[n, 0]
        for j in range(1, v.shape[1]):
            top = max(top, v[n, j])
        for j in range(v.shape[1]):
            w[n, j] = exp((v[n, j] - top) / length[of_site[j]])
    return w


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


@compiled
def expected_choices(quarter, m, slots, state, counts, tables, nests, peers, moving):
    """(slot, site + 1) probabilities of the enterprises in `slots` of member m with fresh errors."""
    v = base_utilities(quarter, m, slots, state, counts, tables, peers, moving)
    length = nests.dissimilarity[own(m, nests.dissimilarity.shape[0])]
    w = weights(v, nests.of_site, length)
    total, within = np.empty(length.size), np.empty(v.shape[1])
    for n in range(slots.size):
        shares(w[n], nests.of_site, length, total, v[n], within)
    return v


@compiled
def flows(w, current, amount, shift, cost, of_site, length, jacobian, stride):
    """Expected flows when site constants rise by `shift` and the moving cost by `cost`.

    w (chooser, site + 1) as from `weights`; current (chooser,) its site or -1 for an entrant;
    amount (chooser,) what a chooser counts. Returns inflow (site + 1,), the amounts by the site chosen
    with the entrants who stay outside last, and the amount that leaves its site. `jacobian`
    (site + 2, site + 1), if it has rows, receives d(inflow, moved) / d(shift, cost), estimated on
    every stride-th chooser.
    """
    sites = shift.size
    inflow, moved = np.zeros(sites + 1), 0.0
    u, p, within = np.empty(sites + 1), np.empty(sites + 1), np.empty(sites + 1)
    lift, stay, total = np.ones(sites + 1), np.ones(sites + 1), np.empty(length.size)
    for j in range(sites):
        lift[j] = exp(shift[j] / length[of_site[j]])
        stay[j] = exp(cost / length[of_site[j]])
    jacobian[:] = 0.0
    for n in range(w.shape[0]):
        for j in range(sites + 1):
            u[j] = w[n, j] * lift[j]
        at = current[n]
        if at >= 0:
            u[at] *= stay[at]                      # the same as a cost of every other place
        shares(u, of_site, length, total, p, within)
        for j in range(sites):
            inflow[j] += amount[n] * p[j]
        if at >= 0:
            moved += amount[n] * (1.0 - p[at])
        else:
            inflow[sites] += amount[n] * p[sites]
        if jacobian.shape[0] > 0 and n % stride == 0:
            _add_slopes(jacobian, p, within, at, amount[n] * stride, of_site, length)
    return inflow, moved


@compiled
def _add_slopes(jacobian, p, within, current, weight, of_site, length):
    """Add w dP_j/du_k, dP_j/du_k = P_j (1[j=k]/l - (1-l)/l 1[same nest] P(k|nest) - P_k)."""
    last = p.size - 1
    for j in range(p.size):
        if j == last and current >= 0:
            continue                               # only entrants are counted outside
        nest = of_site[j]
        same = (1.0 - length[nest]) / length[nest]
        for k in range(p.size):
            slope = -p[k]
            if of_site[k] == nest:
                slope -= same * within[k]
            if j == k:
                slope += 1.0 / length[nest]
            slope *= weight * p[j]
            if k < last:
                jacobian[j, k] += slope
                if j == current:
                    jacobian[last + 1, k] -= slope
            if k == current:
                jacobian[j, last] += slope
                if j == current:
                    jacobian[last + 1, last] -= slope
