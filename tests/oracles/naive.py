"""Naive twins of the choice kernels: plain loops, Python's own numbers, one enterprise at a time.

They take what the kernels take, and peers are counted enterprise by enterprise instead of from sums.
"""

import math

import numpy as np

from sim.kernels import arrays
from tests.oracles.naive_draws import MASK, combine, draw, errors, mix, own
from tests.oracles.naive_registration import enrol, offer, worth_of_places


def field(p, row, k, m, i, state, peers, counts):
    """Peers of enterprise i at site k in term p: everybody else alive, or the counts as given."""
    to_here, phi, total = own(peers.w, m)[:, k].tolist(), own(peers.phi, m)[p, row].tolist(), 0
    if not peers.live:
        for kind, per_site in enumerate(own(counts, m).tolist()):
            for j, number in enumerate(per_site):
                total += int(phi[kind]) * int(number) * int(to_here[j])
        return total / (arrays.WEIGHT_ONE * arrays.W_ONE * arrays.PHI_ONE)
    everybody = zip(*(each[m].tolist() for each in (state.site, state.weight, state.kind)))
    for other, (j, weight, kind) in enumerate(everybody):
        if other != i and j >= 0:
            total += int(phi[kind]) * int(weight) * int(to_here[j])
    return total / (arrays.WEIGHT_ONE * arrays.W_ONE * arrays.PHI_ONE)


def form(fields, k, m, peers):
    """What a field of peers is worth at site k."""
    n = fields[k]
    if peers.form == arrays.LOG:
        return math.log(own(peers.offset, m) + n)
    if peers.form == arrays.LINEAR:
        return n / max(sum(fields), 1e-300)
    if peers.form == arrays.SATURATING:
        return n / (n + own(peers.half, m))
    return peers.payoff[k][min(int(n + 0.5), len(peers.payoff[k]) - 1)]


def peer_utility(m, i, state, peers, counts):
    """(site,) worth of peers to enterprise i."""
    sites = own(peers.w, m).shape[0]
    total = [0.0] * sites
    for p, gamma in enumerate(own(peers.gamma, m)):
        row = peers.row_of_kind[p][state.kind[m, i]]
        if row < 0 or gamma == 0:
            continue
        fields = [field(p, row, k, m, i, state, peers, counts) for k in range(sites)]
        for k in range(sites):
            total[k] += gamma * form(fields, k, m, peers)
    return total


def cost(m, i, j, quarter, state, moving):
    """Cost of moving from the present site to j."""
    here = state.site[m, i]
    if here < 0 or here == j:
        return 0.0
    age = min((quarter - state.born[m, i]) / 4, 10)
    return (own(moving.cost, m)[here] + own(moving.log_size, m) * state.log_size[m, i]
            + own(moving.age, m) * age + own(moving.log_distance, m) * own(moving.distance, m)[here][j])


def utilities(m, i, quarter, state, tables, peers, moving, counts=None):
    """(site + 1,) utilities without errors."""
    here = state.site[m, i]
    arrives_as = arrays.NEWCOMER if state.legal[m, i] < 0 else arrays.MOVER
    v = peer_utility(m, i, state, peers, counts) + [0.0 if moving.outside else -1e300]
    places = worth_of_places(m, i, quarter, state, tables)
    for j in range(len(v) - 1):
        stays = j == here
        v[j] += offer(state.status[m, i] if stays else arrives_as, j, m, i, quarter, state, tables, not stays)
        v[j] += places[j]
    return [v[j] - cost(m, i, j, quarter, state, moving) for j in range(len(v))]


def probabilities(v, m, nests):
    """Nested logit: P(nest) P(j | nest)."""
    inside = [nest_logsum(v, nest, m, nests) for nest in range(len(nests.size))]
    mass = sum(math.exp(value - max(inside)) for value in inside)
    length = own(nests.dissimilarity, m)
    return [math.exp(inside[nest] - max(inside)) / mass * math.exp((v[j] - inside[nest]) / length[nest])
            for j, nest in enumerate(nests.of_site)]


def nest_logsum(v, nest, m, nests):
    """l ln sum e^(v / l) over a nest, computed from its best site so that nothing overflows."""
    length = own(nests.dissimilarity, m)[nest]
    values = [value for j, value in enumerate(v) if nests.of_site[j] == nest]
    top = max(values)
    return top + length * math.log(sum(math.exp((value - top) / length) for value in values))


def flows(v, current, amount, shift, cost, m, nests):
    """Expected inflow by alternative (entrants only for the outside) and the amount that moves.

    cost is a number, or one for each site that is left.
    """
    inflow, moved, cost = [0.0] * len(v[0]), 0.0, np.broadcast_to(cost, len(shift))
    for n, u in enumerate(v):
        u = [value + (shift[j] if j < len(shift) else 0.0) - (cost[current[n]] if 0 <= current[n] != j else 0.0)
             for j, value in enumerate(u)]
        p = probabilities(u, m, nests)
        for j in range(len(p)):
            if j < len(p) - 1 or current[n] < 0:
                inflow[j] += amount[n] * p[j]
        if current[n] >= 0:
            moved += amount[n] * (1 - p[current[n]])
    return inflow + [moved]


def awake(m, quarter, state, keys, rules):
    """Slots that choose, in the order of their hash."""
    alive = [i for i in range(state.site.shape[1]) if state.site[m, i] != arrays.EMPTY]
    key = combine(keys.review[m], quarter)
    alive = [i for i in alive if state.anchor[m, i] <= 0 or state.site[m, i] == arrays.CANDIDATE]
    if rules.revision != arrays.ONE:
        alive = [i for i in alive if state.site[m, i] == arrays.CANDIDATE
                 or draw(key, state.id[m, i]) < own(rules.review, m)]
    order = combine(keys.order[m], quarter)
    alive.sort(key=lambda i: mix((order + int(state.id[m, i])) & MASK))
    return alive[:1] if rules.revision == arrays.ONE else alive


def decide(m, i, quarter, state, tables, nests, peers, moving, keys, counts):
    """The alternative of the largest utility with the enterprise's present errors."""
    v = utilities(m, i, quarter, state, tables, peers, moving, counts)
    key = combine(combine(keys.choice[m], state.id[m, i]), state.epoch[m, i])
    total = [a + b for a, b in zip(v, errors(key, m, nests, keys))]
    return total.index(max(total))


def choose(quarter, state, counts, tables, nests, peers, moving, keys, rules, events):
    """Everybody who is awake chooses, one after another or at once."""
    for m in range(len(state.site)):
        waiting = []
        for i in awake(m, quarter, state, keys, rules):
            if state.site[m, i] >= 0:
                renew = draw(combine(keys.epoch[m], quarter), state.id[m, i]) >= own(rules.keep, m)
                state.epoch[m, i] += renew
            waiting.append((i, decide(m, i, quarter, state, tables, nests, peers, moving, keys, counts)))
            if rules.revision != arrays.SIMULTANEOUS:
                settle(m, *waiting.pop(), quarter, state, tables, events)
        for i, j in waiting:
            settle(m, i, j, quarter, state, tables, events)


def settle(m, i, j, quarter, state, tables, events):
    """Enterprise i goes to j, and the event is counted."""
    here, sites = int(state.site[m, i]), tables.site.shape[1]
    industry, hq_type = state.industry[m, i], state.hq_type[m, i]
    if here == j:
        return
    if here >= 0:
        events.flows[m, industry, here, j] += 1
    elif j == sites:
        events.declined[m] += 1
    else:
        events.entries[m, j, industry, hq_type] += 1
        events.spinoffs[m, j, industry, hq_type] += state.parent[m, i] != 0
    if j == sites:
        state.site[m, i] = arrays.EMPTY
        return
    state.site[m, i], state.arrived[m, i] = j, quarter
    if not tables.places.separate:
        enrol(j, m, i, quarter, state, tables)


def opening_errors(state, came, moving, given, tries):
    """Epochs of the opening stock: who came by its errors has the best place costs apart, who stayed with them."""
    quarter, counts, tables, nests, peers, keys = given
    free = moving._replace(cost=np.zeros_like(moving.cost),
                           **{name: np.zeros(1) for name in ("log_size", "age", "log_distance")})
    for m, i in zip(*np.nonzero(state.site >= 0)):
        asked = ((free, tries[0]), (moving, tries[1])) if came[m, i] else ((moving, tries[1]),)
        for costs, most in asked:
            for epoch in range(most):
                state.epoch[m, i] = epoch
                if decide(m, i, quarter, state, tables, nests, peers, costs, keys, counts) == state.site[m, i]:
                    break
            if epoch < most - 1:
                break


def settle_errors(quarter, state, counts, tables, nests, peers, moving, keys, tries):
    """The first error vector with which an enterprise stays, the last one tried if there is none."""
    for m in range(len(state.site)):
        for i in range(state.site.shape[1]):
            if state.site[m, i] < 0:
                continue
            for epoch in range(tries):
                state.epoch[m, i] = epoch
                best = decide(m, i, quarter, state, tables, nests, peers, moving, keys, counts)
                if best == state.site[m, i]:
                    break
