"""Where searches for constants and costs begin.

Signatures: first_constants: mean utilities of groups of entrants -> constants; first_costs: movers -> costs of leaving.
Identities: where a group's entrants are alike, or where there are neither nests nor distances, these are solutions.
"""

import numpy as np

from sim.kernels.base_year.chooser_lanes import weigh
from sim.kernels.base_year.equations import MOVES, OUTSIDE_FLOOR, set_aim
from sim.kernels.base_year.expected_flows import add_up
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.elementary import exp, log


@compiled
def first_costs(v, alpha, lanes, s, t, of_site, length, low, high, nearly):
    """s.cost at which enough of these movers move, by bisection on a number: the larger, the fewer.

    The number is the cost itself, the same everywhere, or where sites have costs ln B of ln(1 + B / s_j), the solution
    of a plain logit without distances.
    """
    first, last = np.int64(0), lanes.row.shape[0]      # a literal would be a type of its own
    s.rise[:] = 0.0
    weigh(v, alpha, lanes, first, last, of_site, length)
    while high - low > nearly:
        middle = 0.5 * (low + high)
        _set_costs(middle, t.form == MOVES, t.shares[0], s.cost)
        add_up(lanes, first, last, s.rise, s.cost, of_site, length, s.jacobian[:0], s.room)
        if s.room.total[of_site.size] > t.moves:
            low = middle
        else:
            high = middle
    _set_costs(0.5 * (low + high), t.form == MOVES, t.shares[0], s.cost)


@inlined
def _set_costs(number, by_site, shares, cost):
    for j in range(cost.size):
        cost[j] = log(1.0 + exp(number) / shares[j]) if by_site else number


@compiled
def first_constants(v, lanes, blocks, s, t, of_site, length, x):
    """x (group, unknown) constants that would do if a group's entrants were alike and nobody moved (Berry 1994)."""
    sites = of_site.size - 1
    for g in range(x.shape[0]):
        entrants = 0
        for b in range(blocks[g], blocks[g + 1]):
            for lane in range(lanes.row.shape[1]):
                entrants += lanes.row[b, lane] >= 0 and lanes.at[b, lane] < 0
        x[g] = 0.0
        number = 0
        for b in range(blocks[g], blocks[g + 1]):
            for lane in range(lanes.row.shape[1]):
                row = lanes.row[b, lane]
                if row >= 0 and (lanes.at[b, lane] < 0 or entrants == 0):
                    number += 1
                    for j in range(sites):
                        x[g, j] -= v[row, j]
        set_aim(s.aim, s.nest, t.shares[g], of_site, length)
        level, mean = log((1.0 - t.outside) / max(t.outside, OUTSIDE_FLOOR)), 0.0
        for j in range(sites):
            x[g, j] = x[g, j] / number + s.aim[j]
            mean += x[g, j] / sites
        for j in range(sites):
            x[g, j] += level if t.has_outside else -mean
