"""Random-sequential nested-logit choice with explicit errors.

Signatures: add_errors: v (site + 1,) in place; choose: State -> State in place, Events counted.
Identities: the chosen site maximises V_j + l_m (e_j + ln Z_m), e Gumbel, Z_m positive stable with
index l_m, which is the nested logit with dissimilarity l_m (McFadden 1978; Cardell 1997). A draw
belongs to (enterprise, epoch, site or nest), so improving a site moves enterprises only to it.
"""

import numpy as np

from sim.kernels.compiler import compiled, inlined
from sim.kernels.elementary import PI, log, sine
from sim.kernels.hashing import combine, mix, unit
from sim.kernels.layout import (CANDIDATE, EMPTY, MOVER_STAYS, NEWCOMER_STAYS, ONE, SETTLED,
                                SIMULTANEOUS, own, row_of)
from sim.kernels.utility import (costs_of, fill_fields, offers_of, peers_of, person_of, shift_fields,
                                 utilities)


@inlined
def log_stable(key, index):
    """ln Z for a positive stable Z with Laplace transform exp(-s^index), 0 < index <= 1.

    Z = sin(l U)/sin(U)^(1/l) [sin((1-l) U)/X]^((1-l)/l), U uniform on (0, pi), X exponential
    (Kanter 1975).
    """
    angle = PI * unit(key)
    exponential = -log(unit(mix(key)))
    return (log(sine(index * angle)) - log(sine(angle)) / index
            + (1.0 - index) / index * (log(sine((1.0 - index) * angle)) - log(exponential)))


@inlined
def add_errors(v, error, stable, key, site_keys, nest_keys, of_site, length):
    """v_j += l_m (e_j + ln Z_m), in loops that vectorise.

    error (site + 1,) and stable (nest,) are scratch; length (nest,) is 1 for a nest of one site,
    where ln Z comes out as 0 exactly.
    """
    for nest in range(stable.size):
        stable[nest] = log_stable(mix(key + nest_keys[nest]), length[nest])
    for j in range(v.size):
        error[j] = -log(unit(mix(key + site_keys[j])))
    for j in range(v.size):
        error[j] = -log(error[j])
    for j in range(v.size):
        v[j] += length[of_site[j]] * (error[j] + stable[of_site[j]])


@inlined
def lengths_of(nests, m):
    """(nest,) dissimilarity of one member, 1 where a nest has a single site."""
    length = np.empty(nests.size.size)
    for nest in range(length.size):
        own_value = nests.dissimilarity[own(m, nests.dissimilarity.shape[0]), nest]
        length[nest] = own_value if nests.size[nest] > 1 else 1.0
    return length


@inlined
def best(v):
    """Index of the largest entry."""
    chosen = 0
    for j in range(1, v.size):
        if v[j] > v[chosen]:
            chosen = j
    return chosen


@compiled
def awake(m, quarter, state, keys, rules):
    """Slots that choose this quarter, in the order of a hash of (enterprise, quarter).

    Candidates always choose; others with the quarterly probability of a review, or one of all when
    the revision is ONE.
    """
    found = np.empty(state.site.shape[1], np.int64)
    rank = np.empty(state.site.shape[1], np.uint64)
    n = 0
    hazard = rules.review[own(m, rules.review.size)]
    review_key = combine(keys.review[m], np.uint64(quarter))
    order_key = combine(keys.order[m], np.uint64(quarter))
    for i in range(found.size):
        site = state.site[m, i]
        if site == EMPTY:
            continue
        chooses = site == CANDIDATE or rules.revision == ONE
        if not chooses:
            chooses = unit(mix(review_key + state.id[m, i])) < hazard
        if chooses:
            found[n] = i
            rank[n] = mix(order_key + state.id[m, i])
            n += 1
    order = np.argsort(rank[:n])
    if rules.revision == ONE:
        order = order[:min(n, 1)]
    return found[:n][order]


@compiled
def choose(quarter, state, counts, tables, nests, peers, moving, keys, rules, events):
    """All awake enterprises of every member choose, one after another or at once.

    counts (member, kind, site) int64 in sixteenths are what peers are at the opening.
    """
    sites = tables.site.shape[1]
    fields = np.empty((peers.phi.shape[0], peers.phi.shape[1], sites), np.int64)
    v, error, stable = np.empty(sites + 1), np.empty(sites + 1), np.empty(nests.size.size)
    for m in range(state.site.shape[0]):
        offers, peer, costs = offers_of(tables, m), peers_of(peers, m), costs_of(moving, m)
        length, loading = lengths_of(nests, m), state.loading[m]
        fill_fields(fields, counts[own(m, counts.shape[0])], peer)
        choosers = awake(m, quarter, state, keys, rules)
        choice = np.empty(choosers.size, np.int64)
        epoch_key = combine(keys.epoch[m], np.uint64(quarter))
        keep = rules.keep[own(m, rules.keep.size)]
        for n in range(choosers.size):
            i = choosers[n]
            person = person_of(m, i, quarter, state, tables.industries, tables.types)
            if person.site >= 0 and unit(mix(epoch_key + state.id[m, i])) >= keep:
                state.epoch[m, i] += 1
            utilities(v, error, person, loading, tables.loading_of, offers, peer, fields, costs)
            key = combine(combine(keys.choice[m], state.id[m, i]), np.uint64(state.epoch[m, i]))
            add_errors(v, error, stable, key, keys.site, keys.nest, nests.of_site, length)
            choice[n] = best(v)
            if rules.revision != SIMULTANEOUS and choice[n] != person.site:
                if peer.live:
                    _shift_peers(fields, person, choice[n], peer)
                _carry_out(m, i, choice[n], quarter, state, tables, events)
        if rules.revision == SIMULTANEOUS:
            for n in range(choosers.size):
                if choice[n] != state.site[m, choosers[n]]:
                    _carry_out(m, choosers[n], choice[n], quarter, state, tables, events)


@inlined
def _shift_peers(fields, person, chosen, peers):
    """Take the enterprise out of the fields at its old site and put it in at the new one."""
    if person.site >= 0:
        shift_fields(fields, person.kind, person.site, -person.weight, peers.phi, peers.w)
    if chosen < fields.shape[2]:
        shift_fields(fields, person.kind, chosen, person.weight, peers.phi, peers.w)


@inlined
def _carry_out(m, i, chosen, quarter, state, tables, events):
    """Move the enterprise and count the event; leaving the region, or staying out, is final."""
    current, sites = state.site[m, i], tables.site.shape[1]
    industry, hq_type = state.industry[m, i], state.hq_type[m, i]
    if current >= 0:
        events.flows[m, industry, current, chosen] += 1
    elif chosen == sites:
        events.declined[m] += 1
    else:
        events.entries[m, chosen, industry, hq_type] += 1
        if state.parent[m, i] != 0:
            events.spinoffs[m, chosen, industry, hq_type] += 1
    if chosen == sites:
        state.site[m, i] = EMPTY
        return
    came_as = NEWCOMER_STAYS if current < 0 else MOVER_STAYS
    row = row_of(came_as, industry, hq_type, state.hightech[m, i], tables.industries, tables.types)
    promised = tables.benefit_quarters[own(m, tables.benefit_quarters.shape[0]), row, chosen]
    state.status[m, i] = came_as if promised > 0.0 else SETTLED
    state.site[m, i] = chosen
    state.arrived[m, i] = quarter


@compiled
def settle_errors(quarter, state, counts, tables, nests, peers, moving, keys, tries):
    """Give every enterprise the first error vector under which it would stay where it is.

    So the opening state is one in which nobody moves before something changes or errors are
    renewed; after `tries` vectors the last one is kept.
    """
    sites = tables.site.shape[1]
    fields = np.empty((peers.phi.shape[0], peers.phi.shape[1], sites), np.int64)
    u, v, error = np.empty(sites + 1), np.empty(sites + 1), np.empty(sites + 1)
    stable = np.empty(nests.size.size)
    for m in range(state.site.shape[0]):
        offers, peer, costs = offers_of(tables, m), peers_of(peers, m), costs_of(moving, m)
        length, loading = lengths_of(nests, m), state.loading[m]
        fill_fields(fields, counts[own(m, counts.shape[0])], peer)
        for i in range(state.site.shape[1]):
            if state.site[m, i] < 0:
                continue
            person = person_of(m, i, quarter, state, tables.industries, tables.types)
            utilities(u, error, person, loading, tables.loading_of, offers, peer, fields, costs)
            stream = combine(keys.choice[m], state.id[m, i])
            for epoch in range(tries):
                state.epoch[m, i] = epoch
                v[:] = u
                add_errors(v, error, stable, combine(stream, np.uint64(epoch)), keys.site, keys.nest,
                           nests.of_site, length)
                if best(v) == person.site:
                    break
