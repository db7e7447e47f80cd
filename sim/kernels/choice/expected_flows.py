"""Expected flows: nested-logit probabilities of many choosers added up by site, and their slopes.

Signatures: flows: v (chooser, site + 1) utilities -> inflow (site + 1,), what moves, and a Jacobian in
place. Identities: dP_j/du_k = P_j (1[j=k]/l - (1-l)/l 1[same nest] P(k|nest) - P_k) = dP_k/du_j; inflow
of all alternatives sums to what is chosen.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import LANES
from sim.kernels.choice.expected import Block, block_for, nested_logit
from sim.kernels.numerics.compiler import compiled, inlined


class FlowRoom(NamedTuple):
    """Scratch of expected flows, which a search makes once."""

    block: Block
    lanes: np.ndarray          # (site + 2, LANES)
    here: np.ndarray           # (LANES,), (LANES,) and what follows as in Slopes
    near: np.ndarray
    product: np.ndarray
    nest: np.ndarray
    total: np.ndarray          # (site + 2,)
    cost: np.ndarray           # (site,)


def room_for_flows(alternatives, nests):
    """Room for the flows between so many alternatives in so many nests."""
    return FlowRoom(block_for(alternatives, nests), np.empty((alternatives + 1, LANES)), np.empty(LANES),
                    np.empty(LANES), np.empty(LANES), np.empty(LANES, np.int64), np.empty(alternatives + 1),
                    np.empty(alternatives - 1))


def flows(v, current, amount, shift, cost, of_site, length, jacobian, room=None):
    """Expected flows when site constants rise by `shift` and the moving cost by `cost`.

    v (chooser, site + 1) utilities; current (chooser,) its site or -1 for an entrant; amount
    (chooser,) what a chooser counts; cost a number, or (site,) one for each site that is left.
    Returns inflow (site + 1,), the amounts by the site chosen with the entrants who stay outside
    last, and the amount that leaves its site. `jacobian`, if it has rows, receives slopes of
    (inflow, moved): (site + 2, site + 1) in (shift, a cost that all sites share), or
    (site + 2, site) in the cost of each site. `room` is a FlowRoom, by default a new one.
    """
    room = room or room_for_flows(of_site.size, length.size)
    room.cost[:], room.lanes[:], room.total[:], jacobian[:] = cost, 0.0, 0.0, 0.0
    slopes = Slopes(jacobian, room.here, room.near, room.product, room.nest)
    _flow(v, current, amount, shift, room.cost, of_site, length, room.block, room.lanes, slopes, room.total)
    return room.total[:-1].copy(), room.total[-1]


@compiled
def _flow(v, current, amount, shift, cost, of_site, length, block, lanes, slopes, total):
    """Add up block by block; lanes (site + 2, LANES) keeps lanes apart: inflow, and what moves last."""
    inflow, moved = lanes[:of_site.size], lanes[of_site.size]
    for first in range(0, v.shape[0], LANES):
        number = min(LANES, v.shape[0] - first)
        _fill_block(block, v[first:first + number], current[first:], amount[first:], shift, cost)
        nested_logit(block, of_site, length)
        for j in range(of_site.size):
            counted = block.weight if j < shift.size else block.entering
            for t in range(LANES):
                inflow[j, t] += counted[t] * block.p[j, t]
        for t in range(number):
            if current[first + t] >= 0:
                moved[t] += block.weight[t] * (1.0 - block.p[current[first + t], t])
        if slopes.jacobian.shape[0] > 0 and slopes.jacobian.shape[1] == shift.size:
            _add_slopes_by_site(slopes.jacobian, block, current[first:first + number], of_site, length)
        elif slopes.jacobian.shape[0] > 0:
            _add_slopes(slopes, block, of_site, length)
            _add_cost_slopes(slopes, block, current[first:first + number], of_site, length)
    for t in range(LANES):                              # one lane after another
        for j in range(total.size):
            total[j] += lanes[j, t]


@inlined
def _fill_block(block, v, current, amount, shift, cost):
    """Utilities and amounts of up to LANES choosers, one a lane; empty lanes weigh 0."""
    block.p[:] = 0.0
    block.weight[:] = 0.0
    block.entering[:] = 0.0
    for t in range(v.shape[0]):
        for j in range(shift.size):
            block.p[j, t] = v[t, j] + shift[j]
        block.p[shift.size, t] = v[t, shift.size]
        block.weight[t] = amount[t]
        if current[t] >= 0:
            block.p[current[t], t] += cost[current[t]]     # the same as a cost of every other place
        else:
            block.entering[t] = amount[t]


class Slopes(NamedTuple):
    jacobian: np.ndarray       # (site + 2, site + 1), (site + 2, site), or without rows
    here: np.ndarray           # (LANES,) scratch: choices times P_j
    near: np.ndarray           # (LANES,) scratch: the same as it counts for sites of the same nest
    product: np.ndarray        # (LANES,) scratch
    nest: np.ndarray           # (LANES,) scratch: nest of the present site, -1 for an entrant


@inlined
def _add_slopes(slopes, block, of_site, length):
    """Add w dP_j/du_k, dP_j/du_k = P_j (1[j=k]/l - (1-l)/l 1[same nest] P(k|nest) - P_k) = dP_k/du_j.

    A row a site and one for the outside option, where only entrants are counted.
    """
    jacobian, sites = slopes.jacobian, of_site.size - 1
    for j in range(of_site.size):
        nest, index = of_site[j], length[of_site[j]]
        weight = block.weight if j < sites else block.entering
        again = (1.0 - index) / index
        for t in range(LANES):
            slopes.here[t] = weight[t] * block.p[j, t]
            slopes.near[t] = slopes.here[t] * (1.0 + again / max(block.share[nest, t], 1e-300))
        for k in range(min(j + 1, sites)):
            here = slopes.near if of_site[k] == nest else slopes.here
            for t in range(LANES):
                slopes.product[t] = here[t] * block.p[k, t]
            slope = -_lane_sum(slopes.product)
            jacobian[j, k] += slope
            if j < sites and k < j:
                jacobian[k, j] += slope
        if j < sites:
            for t in range(LANES):
                slopes.product[t] = slopes.here[t] / index
            jacobian[j, j] += _lane_sum(slopes.product)


@inlined
def _add_cost_slopes(slopes, block, current, of_site, length):
    """Slopes of what moves, and in the moving cost, which is a rise of the present site's utility."""
    jacobian, sites = slopes.jacobian, of_site.size - 1
    slopes.here[:] = 0.0
    slopes.nest[:] = -1
    for t in range(current.size):
        if current[t] >= 0:
            at, index = current[t], length[of_site[current[t]]]
            slopes.here[t], slopes.nest[t] = block.weight[t] * block.p[at, t], of_site[at]
            within = block.p[at, t] / max(block.share[of_site[at], t], 1e-300)
            jacobian[at, sites] += slopes.here[t] / index
            jacobian[sites + 1, at] -= slopes.here[t] / index
            jacobian[sites + 1, sites] -= slopes.here[t] * (
                1.0 / index - (1.0 - index) / index * within - block.p[at, t])
    for k in range(sites):
        nest, index = of_site[k], length[of_site[k]]
        for t in range(LANES):
            again = (1.0 - index) / index / max(block.share[nest, t], 1e-300)
            slopes.product[t] = slopes.here[t] * block.p[k, t] * (1.0 + (again if slopes.nest[t] == nest else 0.0))
        slope = _lane_sum(slopes.product)
        jacobian[k, sites] -= slope
        jacobian[sites + 1, k] += slope


@inlined
def _add_slopes_by_site(jacobian, block, current, of_site, length):
    """Slopes in the cost of leaving each site: a rise of the utility that those who are there have of it.

    w dP_j/du_k, k the present site, is added to [j, k], and w d(1 - P_k)/du_k to the last row.
    """
    sites = of_site.size - 1
    for t in range(current.size):
        if current[t] >= 0:
            at, index = current[t], length[of_site[current[t]]]
            here = block.weight[t] * block.p[at, t]
            again = (1.0 - index) / index / max(block.share[of_site[at], t], 1e-300)
            for j in range(sites):
                jacobian[j, at] -= here * block.p[j, t] * (1.0 + (again if of_site[j] == of_site[at] else 0.0))
            jacobian[at, at] += here / index
            jacobian[sites + 1, at] -= here * (1.0 / index - block.p[at, t] * (1.0 + again))


@inlined
def _lane_sum(x):
    """Sum of LANES numbers by halves: one order for every CPU, and vectors up to the last eight."""
    for t in range(LANES // 2):
        x[t] += x[t + LANES // 2]
    for t in range(LANES // 4):
        x[t] += x[t + LANES // 4]
    for t in range(LANES // 8):
        x[t] += x[t + LANES // 8]
    return ((x[0] + x[4]) + (x[1] + x[5])) + ((x[2] + x[6]) + (x[3] + x[7]))
