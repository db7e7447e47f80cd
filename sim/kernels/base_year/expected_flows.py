"""Expected flows: nested-logit probabilities of many choosers added up by site, and their slopes.

Signatures: flows: v (chooser, site + 1) utilities -> inflow (site + 1,), what moves, and a Jacobian in
place. Identities: dP_j/du_k = P_j (1[j=k]/l - (1-l)/l 1[same nest] P(k|nest) - P_k) = dP_k/du_j; inflow
of all alternatives sums to what is chosen; flows at constants that lie `rise` above those at which choosers were
weighed are those of choosers who are weighed there.
"""

import numpy as np

from sim.kernels.arrays import LANES
from sim.kernels.base_year.chooser_lanes import (
    DOWN,
    MOVED,
    OVER,
    STAY,
    TINY,
    choose_sites,
    room_for_flows,
    room_for_lanes,
    weigh_block,
)
from sim.kernels.numerics.compiler import called, compiled, inlined, pasted
from sim.kernels.numerics.elementary import exp


def flows(v, current, amount, shift, cost, of_site, length, jacobian, room=None):
    """Expected flows when site constants rise by `shift` and the moving cost by `cost`.

    v (chooser, site + 1) utilities; current (chooser,) its site or -1 for an entrant; amount
    (chooser,) what a chooser counts; cost a number, or (site,) one for each site that is left.
    Returns inflow (site + 1,), the amounts by the site chosen with the entrants who stay outside
    last, and the amount that leaves its site. `jacobian`, if it has rows, receives slopes of
    (inflow, moved): (site + 2, site + 1) in (shift, a cost that all sites share), or
    (site + 2, site) in the cost of each site. `room` is a FlowRoom, by default a new one.
    """
    room, jacobian[:] = room or room_for_flows(of_site, length), 0.0
    cost = np.array(np.broadcast_to(cost, shift.shape), float)
    _flow(v, current, amount, shift, np.zeros(cost.size), cost, of_site, length, jacobian, room,
          room_for_lanes(1, of_site, length))
    return room.total[:-1].copy(), room.total[-1]


@compiled
def _flow(v, current, amount, shift, rise, cost, of_site, length, jacobian, room, one):
    """Add up LANES after LANES of the choosers, each weighed when its turn comes at constants that rise no more."""
    block, column = np.int64(0), np.int64(-1)          # literals would be types of their own
    _begin(room, rise, cost, of_site, length)
    for first in range(0, v.shape[0], LANES):
        for t in range(LANES):
            row = first + t if first + t < v.shape[0] else -1
            one.row[0, t] = row
            one.at[0, t] = current[row] if row >= 0 else -1
            one.amount[0, t] = amount[row] if row >= 0 else 0.0
        weigh_block(block, v, shift, one, of_site, length)
        column = _add_block(block, one, room, of_site, length, jacobian, column)
    _end(room, jacobian, column)


@compiled
def add_up(lanes, first, last, rise, cost, of_site, length, jacobian, room):
    """room.total of choosers in some blocks at constants `rise` above theirs; jacobian as in `flows`."""
    column = np.int64(-1)                              # a literal would be a type of its own
    jacobian[:] = 0.0
    _begin(room, rise, cost, of_site, length)
    for b in range(first, last):
        column = _add_block(b, lanes, room, of_site, length, jacobian, column)
    _end(room, jacobian, column)


@pasted
def _begin(room, rise, cost, of_site, length):
    """What all choosers share, and nothing added up yet."""
    room.risen[0] = 0
    for j in range(rise.size):
        inverse = 1.0 / length[of_site[j]]
        room.times[j] = exp(rise[j] * inverse)
        room.lift[j] = (rise[j] + cost[j]) * inverse
        room.risen[0] |= rise[j] != 0.0
    room.times[rise.size] = 1.0
    room.inflow[:] = 0.0
    room.column[:] = 0.0
    room.total[:] = 0.0
    room.lane[MOVED] = 0.0


@pasted
def _add_block(b, lanes, room, of_site, length, jacobian, column):
    """Add a block to flows and slopes; returns the column of slopes that is open."""
    choose_sites(b, lanes, room, of_site, length)
    _count(b, lanes, room, of_site)
    if jacobian.shape[0] > 0:
        if jacobian.shape[1] == of_site.size:
            _add_slopes(b, lanes, room, of_site, length, jacobian)
        column = _add_columns(b, lanes, room, of_site, length, jacobian, column)
    return column


@pasted
def _count(b, lanes, room, of_site):
    """Add choices by site, of entrants alone for the outside option, and those who leave their site."""
    e, at, amount, pull, sites = lanes.e[b], lanes.at[b], lanes.amount[b], room.pull, of_site.size - 1
    for nest in range(pull.shape[0]):
        for t in range(LANES):
            pull[nest, t] = amount[t] * room.scale[nest, t]
    for j in range(sites):
        nest = of_site[j]
        for t in range(LANES):
            room.inflow[j, t] += pull[nest, t] * e[j, t]
    for t in range(LANES):
        if at[t] >= 0:
            room.total[at[t]] += amount[t] * room.lane[STAY, t]
            room.lane[MOVED, t] += amount[t] * (1.0 - room.lane[STAY, t])
        else:
            room.inflow[sites, t] += pull[of_site[sites], t] * e[sites, t]


@pasted
def _end(room, jacobian, column):
    """Sum the lanes; slopes of sites' flows in constants are symmetric."""
    _close_column(room.column, room.times, jacobian, column)
    for j in range(room.column.shape[0] if jacobian.shape[0] > 0 and jacobian.shape[1] > room.column.shape[0] else 0):
        for k in range(j):
            jacobian[k, j] = jacobian[j, k]
    for j in range(room.times.size):
        room.total[j] += room.times[j] * _lane_sum(room.inflow[j])
    room.total[room.times.size] += _lane_sum(room.lane[MOVED])


@pasted
def _add_slopes(b, lanes, room, of_site, length, jacobian):
    """Subtract w P_j P_k (1 + (1-l)/l 1[same nest] / P(m)) for each chooser, and add w P_j / l where j = k.

    A row a site and one for the outside option, where only entrants are counted.
    """
    at, chance, sites = lanes.at[b], room.chance, of_site.size - 1
    for k in range(of_site.size):
        nest, times = of_site[k], room.times[k]
        for t in range(LANES):
            chance[t, k] = lanes.e[b, k, t] * times * room.scale[nest, t]
    for t in range(LANES):
        if at[t] >= 0:
            chance[t, at[t]] = room.lane[STAY, t]
    for j in range(of_site.size):
        nest, index = of_site[j], length[of_site[j]]
        for t in range(LANES):
            here = lanes.amount[b, t] * chance[t, j]
            if here > 0.0 and (j < sites or at[t] < 0):
                near = here * (1.0 - index) / index / max(room.share[nest, t], TINY)
                for k in range(min(j + 1, sites)):     # the others by symmetry, at the end
                    jacobian[j, k] -= chance[t, k] * (here + near * room.same[j, k])
                if j < sites:
                    jacobian[j, j] += here / index


@pasted
def _add_columns(b, lanes, room, of_site, length, jacobian, column):
    """Slopes in the cost of leaving: by runs of choosers of a site, or in one column where all share it."""
    at, sites, first = lanes.at[b], of_site.size - 1, np.int64(0)
    shared = jacobian.shape[1] > sites
    while first < LANES:
        last = first + 1
        while last < LANES and (shared or at[last] == at[first]):
            last += 1
        wanted = sites if shared else at[first]
        if wanted >= 0:
            if wanted != column:
                _close_column(room.column, room.times, jacobian, column)
            column = wanted
            _add_run(b, first, last, lanes, room, of_site, length, jacobian, column)
        first = last
    return column


@inlined
def _add_run(b, first, last, lanes, room, of_site, length, jacobian, column):
    """The cost is a rise of the own site's utility, which takes w dP_j/du_own from every other site."""
    at, pull, sites, here, again = lanes.at[b], room.pull, of_site.size - 1, room.lane[OVER], room.lane[DOWN]
    here[:] = 0.0
    again[:] = 0.0
    for t in range(first, last):
        if at[t] >= 0:
            index, stay = length[room.home[t]], room.lane[STAY, t]
            here[t] = lanes.amount[b, t] * stay
            again[t] = (1.0 - index) / index / max(room.share[room.home[t], t], TINY)
            rate = here[t] * (1.0 / index - stay * (1.0 + again[t]))
            jacobian[at[t], column] += rate
            jacobian[sites + 1, column] -= rate
            if column == sites:
                jacobian[sites + 1, at[t]] -= rate
    for nest in range(length.size):
        for t in range(LANES):
            worth = here[t] * room.scale[nest, t]
            pull[nest, t] = worth + worth * again[t] if room.home[t] == nest else worth
    for j in range(sites):
        nest = of_site[j]
        for t in range(LANES):
            room.column[j, t] += pull[nest, t] * lanes.e[b, j, t]


@called
def _close_column(lanes, times, jacobian, column):
    """Sum the lanes of a column of slopes; what moves has the same in constants as sites have in a shared cost."""
    sites = lanes.shape[0]
    for j in range(sites if column >= 0 else 0):
        slope = times[j] * _lane_sum(lanes[j])
        jacobian[j, column] -= slope
        if column == sites:
            jacobian[sites + 1, j] += slope
        lanes[j] = 0.0


@called
def _lane_sum(x):
    """Sum of LANES numbers by halves: one order for every CPU, and vectors up to the last eight."""
    for t in range(LANES // 2):
        x[t] += x[t + LANES // 2]
    for t in range(LANES // 4):
        x[t] += x[t + LANES // 4]
    for t in range(LANES // 8):
        x[t] += x[t + LANES // 8]
    return ((x[0] + x[4]) + (x[1] + x[5])) + ((x[2] + x[6]) + (x[3] + x[7]))
